"""``dialogue.listen`` and ``dialogue.alisten``, with stand-ins for the models."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import numpy as np
import pytest

import dialogue
from dialogue.core.audio import RATE
from dialogue.core.config import ConfigError
from dialogue.speech.live import Final, Settling
from dialogue.workflow import listening
from dialogue.workflow.pipeline import Pipeline
from tests.speech.live.stand_ins import pcm, said, session
from tests.speech.live.test_voices import Pitches

SPEECH = np.concatenate([said(500, 700, 900), said(400)])


@pytest.fixture
def stand_ins(monkeypatch: pytest.MonkeyPatch) -> None:
    def made(pipeline: Pipeline, **options: Any) -> Any:
        return session(settling=Settling(Pitches()))  # type: ignore[arg-type]

    monkeypatch.setattr(listening, "session", made)


def texts(events: list[Any]) -> list[str]:
    return [e.text for e in events if isinstance(e, Final)]


@pytest.mark.usefixtures("stand_ins")
def test_events_end_with_the_settled_transcript() -> None:
    events = list(dialogue.listen(pcm(SPEECH)[n : n + 999] for n in range(0, 2 * len(SPEECH), 999)))
    assert texts(events) == ["500 700 900", "400"]
    assert isinstance(events[-1], listening.Settled)
    assert events[-1].text == "500 700 900 400"


@pytest.mark.usefixtures("stand_ins")
def test_without_settling_events_are_partials_and_finals() -> None:
    assert not any(isinstance(e, listening.Settled) for e in dialogue.listen([SPEECH], settle=False))


async def sound(*chunks: Any) -> AsyncIterator[Any]:
    for chunk in chunks:
        if isinstance(chunk, Exception):
            raise chunk
        yield chunk


def collected(*chunks: Any) -> list[Any]:
    async def collect() -> list[Any]:
        return [event async for event in dialogue.alisten(sound(*chunks))]

    return asyncio.run(collect())


@pytest.mark.usefixtures("stand_ins")
def test_the_same_for_an_event_loop() -> None:
    events = collected(*np.array_split(SPEECH, 9))
    assert texts(events) == ["500 700 900", "400"]
    assert events[-1].text == "500 700 900 400"


@pytest.mark.usefixtures("stand_ins")
def test_an_error_of_the_source_is_raised_where_events_are_read() -> None:
    with pytest.raises(OSError, match="unplugged"):
        collected(SPEECH[:RATE], OSError("unplugged"))


@pytest.mark.usefixtures("stand_ins")
def test_events_that_nobody_reads_any_more_leave_no_task() -> None:
    async def first() -> int:
        events = dialogue.alisten(sound(*np.array_split(SPEECH, 9)))
        await anext(events)
        await events.aclose()  # type: ignore[attr-defined]
        return len(asyncio.all_tasks())

    assert asyncio.run(first()) == 1


@pytest.mark.parametrize("options", [{"rate": 1}, {"langage": "fr"}, {"pause": 0.01}, {"language": "xx"}])
def test_an_impossible_option_is_refused(options: dict[str, Any]) -> None:
    with pytest.raises(ConfigError, match="Accepted"):
        list(dialogue.listen([], **options))
