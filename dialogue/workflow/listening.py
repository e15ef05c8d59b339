"""Sound that is still being recorded -> events, with the models of a :class:`~dialogue.workflow.pipeline.Pipeline`.

>>> for event in dialogue.listen(chunks): print(event.text)                # doctest: +SKIP
>>> async for event in dialogue.alisten(chunks): print(event.text)         # doctest: +SKIP
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterable, AsyncIterator, Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias, TypedDict

from dialogue.core.audio import RATE
from dialogue.core.config import ConfigError
from dialogue.core.transcript import Transcript
from dialogue.speech.diarization import DiarizationConfig
from dialogue.speech.diarization.embedded import Embedded
from dialogue.speech.live import Detector, EndpointConfig, Event, OnlineVoices, Session, Settling
from dialogue.speech.live.settling import KEPT
from dialogue.workflow.config import Config
from dialogue.workflow.pipeline import Pipeline

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from typing_extensions import Unpack

Chunk: TypeAlias = "bytes | NDArray[Any]"
AHEAD = 64  # chunks that wait while others are decoded; then their source waits


@dataclass(frozen=True, slots=True)
class Settled:
    """The last event: the whole transcript, with speakers from the full diarization.

    Attributes:
        text: all that was said.
    """

    transcript: Transcript

    @property
    def text(self) -> str:
        return " ".join(u.text for u in self.transcript)


class LiveOptions(TypedDict, total=False):
    """Options of a session.

    Attributes:
        rate: of the chunks, in hertz; 16,000 by default.
        language: ISO 639-1 code, or ``auto``; by default that of the configuration (French).
        speakers: whether to tell who speaks (default: yes).
        settle: whether to keep what a transcript at the end needs (default: yes).
        keep: seconds of sound that are kept in memory for it, the last ones (default: 600, 19 MB).
        record: WAV file to write all of the sound to; then all of it is kept there, 115 MB an hour.
        pause: seconds of silence that end an utterance (default: 0.5).
    """

    rate: int
    language: str | None
    speakers: bool
    settle: bool
    keep: float
    record: str | Path | None
    pause: float


def session(pipeline: Pipeline, **options: Unpack[LiveOptions]) -> Session:
    """Return a session with the models of a pipeline, which many may share.

    Raises:
        ConfigError: an option has a value that is not accepted.
        ModelError: a model is not on this machine.
    """
    config = pipeline.config
    language = options.get("language") or config.asr.language
    if unknown := sorted(set(options) - set(LiveOptions.__annotations__)):
        raise ConfigError(f"unknown option {unknown[0]}. Accepted: {', '.join(LiveOptions.__annotations__)}.")
    embedded = pipeline.diarizer if isinstance(pipeline.diarizer, Embedded) else Embedded(DiarizationConfig())
    endpoints = EndpointConfig()
    if "pause" in options:
        endpoints = replace(endpoints, pause=options["pause"])
    record = options.get("record")
    settling = Settling(
        pipeline.diarizer,
        config.diarization,
        seconds=options.get("keep", KEPT),
        path=Path(record) if record else None,
        count=config.speakers,
    )
    return Session(
        pipeline.recogniser,
        Detector(embedded),
        replace(config.asr, language=language),
        rate=options.get("rate", RATE),
        endpoints=endpoints,
        voices=OnlineVoices(embedded) if options.get("speakers", True) else None,
        settling=settling if options.get("settle", True) else None,
    )


def listen(
    chunks: Iterable[Chunk], *, config: Config | None = None, **options: Unpack[LiveOptions]
) -> Iterator[Event | Settled]:
    """Yield what is said in sound that is still being recorded.

    Args:
        chunks: of any length: bytes of 16-bit PCM (little endian, one channel), or ``(sample,)`` arrays.
        config: options that stay the same between calls.
        options: see :class:`LiveOptions`.

    Yields:
        :class:`~dialogue.speech.live.Partial` while somebody speaks,
        :class:`~dialogue.speech.live.Final` after each utterance, and at the end :class:`Settled`, unless
        ``settle=False``.

    Raises:
        ConfigError: an option has a value that is not accepted.
        ModelError: a model is not on this machine.
    """
    live = session(Pipeline(config), **options)
    for chunk in chunks:
        yield from live.feed(chunk)
    yield from live.finish()
    if options.get("settle", True):
        yield Settled(live.settle())


async def alisten(
    chunks: AsyncIterable[Chunk], *, config: Config | None = None, **options: Unpack[LiveOptions]
) -> AsyncIterator[Event | Settled]:
    """The same for an event loop, which is never held up: sound is decoded in a thread, and meanwhile received."""
    live = await asyncio.to_thread(session, Pipeline(config), **options)
    waiting: asyncio.Queue[Chunk | BaseException | None] = asyncio.Queue(AHEAD)

    async def receive() -> None:
        try:
            async for chunk in chunks:
                await waiting.put(chunk)
            await waiting.put(None)
        except Exception as error:  # raised again where the events are read
            await waiting.put(error)

    receiver = asyncio.create_task(receive())
    try:
        while (chunk := await waiting.get()) is not None:
            if isinstance(chunk, BaseException):
                raise chunk
            for event in await asyncio.to_thread(live.feed, chunk):
                yield event
        for event in await asyncio.to_thread(live.finish):
            yield event
        if options.get("settle", True):
            yield Settled(await asyncio.to_thread(live.settle))
    finally:
        receiver.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await receiver
