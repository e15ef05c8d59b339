"""Reference and hypothesis aligned: the worst utterances with their sound, and every recording word by word."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Literal

from dialogue.core.audio import AudioError
from dialogue.core.transcript import Utterance
from dialogue.experiments.report.captions import Language
from dialogue.experiments.report.clips import LONGEST, clips
from dialogue.experiments.report.experiment import Recorded
from dialogue.minutes.documents.outline import clock
from dialogue.scoring.wer import by_utterance

WORST = 20
COLOURS = 8  # colours for speakers in the style sheet
MARKS = {"said": "del", "heard": "ins"}  # elements of wrong words
Run = tuple[str, str]  # the element that marks some words, empty if they are right, and the words


@dataclass(frozen=True)
class AlignedPiece:
    """A pair of aligned words.

    Attributes:
        said, heard: the words, or ``None``.
        speaker: speaker of ``heard`` in the hypothesis, by the reference's name; for a deletion, the reference's
            speaker.
    """

    said: str | None
    heard: str | None
    speaker: str

    @property
    def wrong(self) -> bool:
        return self.said != self.heard


@dataclass(frozen=True)
class AlignedRow:
    """One utterance of the reference, with the words recognised for it."""

    recorded: Recorded
    utterance: Utterance
    pieces: Sequence[AlignedPiece]

    @property
    def speaker(self) -> str:
        return self.recorded.reference.name(self.utterance.speaker)

    @property
    def time(self) -> str:
        return clock(self.utterance.start)

    @property
    def words(self) -> int:
        """Number of words in the reference."""
        return sum(piece.said is not None for piece in self.pieces)

    @property
    def errors(self) -> int:
        return sum(piece.wrong for piece in self.pieces)

    def runs(self, side: Literal["said", "heard"]) -> list[Run]:
        """Return the words of one side."""
        return list(_runs(self.pieces, side))

    def by_speaker(self) -> list[tuple[str, list[Run]]]:
        """Return the words of both sides, by the speaker of the hypothesis."""
        groups = groupby(self.pieces, key=lambda piece: piece.speaker)
        return [(speaker, list(_runs(pieces, "said", "heard"))) for speaker, pieces in groups]


def _runs(pieces: Iterable[AlignedPiece], *sides: str) -> Iterator[Run]:
    """Yield words; adjacent errors are grouped, the reference's words first."""
    for wrong, group in groupby(pieces, key=lambda piece: piece.wrong):
        together = list(group)
        for side in sides if wrong else sides[:1]:
            words = [word for piece in together if (word := getattr(piece, side)) is not None]
            if words:
                yield MARKS[side] if wrong else "", " ".join(words)


def rows(recorded: Recorded, say: Language) -> list[AlignedRow]:
    """Return the utterances of the reference in order of time; for an empty reference, all insertions in one row."""
    alignment, utterances = recorded.alignment, recorded.reference.utterances
    heard_by = [recorded.call(say, recorded.hypothesis.name(u.speaker)) for u in recorded.hypothesis]
    made = []
    for place, pairs in sorted(by_utterance(alignment).items()):
        utterance = utterances[place] if utterances else Utterance("", None, 0.0, recorded.recording.duration)
        speaker = recorded.reference.name(utterance.speaker)
        pieces = [
            AlignedPiece(
                None if i is None else alignment.reference[i][0],
                None if j is None else alignment.hypothesis[j][0],
                speaker if j is None else heard_by[alignment.hypothesis[j][1]],
            )
            for i, j in pairs
        ]
        made.append(AlignedRow(recorded, utterance, pieces))
    return made


def colours(found: Sequence[AlignedRow]) -> dict[str, str]:
    """Return speaker -> class in the style sheet."""
    names = dict.fromkeys([*(row.speaker for row in found), *(p.speaker for row in found for p in row.pieces)])
    return {name: f"s{place % COLOURS}" for place, name in enumerate(names)}


def worst(found: Iterable[AlignedRow], say: Language) -> list[tuple[AlignedRow, str, str]]:
    """Return the utterances with the most errors, each with the address of its sound and a note on it.

    The address is empty if the sound cannot be read; the note then says why.
    """
    ranked = sorted((row for row in found if row.errors), key=lambda row: -row.errors)[:WORST]
    sounds: dict[int, tuple[str, str]] = {}
    for recorded in {row.recorded.id: row.recorded for row in ranked}.values():
        some = [row for row in ranked if row.recorded is recorded]
        try:
            addresses = clips(recorded.recording.path, [(row.utterance.start, row.utterance.end) for row in some])
        except AudioError as error:
            sounds |= {id(row): ("", say("no_sound", reason=error)) for row in some}
            continue
        for row, address in zip(some, addresses, strict=True):
            note = say("first_seconds", n=f"{LONGEST:.0f}") if row.utterance.duration > LONGEST else ""
            sounds[id(row)] = address, note
    return [(row, *sounds[id(row)]) for row in ranked]
