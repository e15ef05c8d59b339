"""Turn the items of minutes, and where each was said, into the questions of :mod:`dialogue.minutes.editing`.

``judge`` asks what there is to note; where people noted something, that, and where they noted ``not_decided`` or
nothing, "rien". ``rewrite`` asks for the wording of people.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Literal

from dialogue.core.files import read_json
from dialogue.core.transcript import Transcript
from dialogue.formats.lines import one_line
from dialogue.learning.tasks.example import TaskError
from dialogue.minutes.document import MinutesError
from dialogue.minutes.editing import ANSWERS, JUDGE, NOTHING, REWRITE
from dialogue.scoring.minutes_reference import NOT_DECIDED, Reference
from dialogue.scoring.places import Place

ELSEWHERE = 3  # turns of a passage about which people noted nothing

Question = tuple[list[int], str, str]  # places of the utterances, what is asked, the answer


def questions(kind: Literal["judge", "rewrite"], path: Path, transcript: Transcript) -> Iterator[Question]:
    """Yield the questions about a transcript whose minutes say where each item was said; others give none.

    Raises:
        TaskError: the file is not such minutes; the message names it and the field.
    """
    try:
        reference = Reference.from_dict(read_json(path))
        items = {
            name: [(item.text, _places(item.evidence, transcript)) for item in reference.items.get(name, ())]
            for name in (*REWRITE, NOT_DECIDED, "next_meeting")
        }
    except (MinutesError, ValueError) as error:
        raise TaskError(f"{path}: not minutes: {error}") from error
    if not reference.placed:
        return
    for name, ask in REWRITE.items():
        for text, places in items[name]:
            yield (places, ask, one_line(text)) if kind == "rewrite" else (places, JUDGE, ANSWERS[name])
    if kind == "judge":
        noted = {place for found in items.values() for _, places in found for place in places}
        others = [places for _, places in items[NOT_DECIDED] if places]
        for places in [*others, *_elsewhere(transcript, noted)[: max(1, len(others))]]:
            yield places, JUDGE, NOTHING


def _places(evidence: Sequence[Place], transcript: Transcript) -> list[int]:
    """Return the places of the utterances, from 0; one is at given times if it has its middle there."""
    found: set[int] = set()
    order: dict[Place, int] = {place: n for n, u in enumerate(transcript) for place in (u.id, n)}
    for place in evidence:
        if isinstance(place, tuple):
            found |= {n for n, u in enumerate(transcript) if place[0] <= (u.start + u.end) / 2 < place[1]}
        elif place in order:
            found.add(order[place])
        else:
            raise MinutesError(f"evidence: no utterance {place!r} in {transcript.recording}.")
    return sorted(found)


def _elsewhere(transcript: Transcript, noted: set[int]) -> list[list[int]]:
    """Return passages of consecutive turns without anything noted."""
    free = [n for n, u in enumerate(transcript) if n not in noted and u.text.strip()]
    passages = (free[n : n + ELSEWHERE] for n in range(0, len(free), ELSEWHERE))
    return [p for p in passages if p[-1] - p[0] == ELSEWHERE - 1]
