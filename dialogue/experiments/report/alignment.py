"""Reference and hypothesis aligned: the worst utterances with their sound, and every recording word by word.

Differences are never shown by colour alone: ``<del>`` is struck, ``<ins>`` underlined, and another speaker's words are
in brackets after the name.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from html import escape
from itertools import groupby
from typing import Any

from dialogue.core.transcript import Utterance
from dialogue.experiments.report.captions import Language, clock
from dialogue.experiments.report.clips import LONGEST, clips
from dialogue.experiments.report.experiment import Experiment, Recorded
from dialogue.scoring.wer import by_utterance

WORST = 20
COLOURS = 8  # colours for speakers in the style sheet


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
    def errors(self) -> int:
        return sum(piece.wrong for piece in self.pieces)


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


def worst(experiment: Experiment, found: Mapping[str, Sequence[AlignedRow]], say: Language) -> str:
    """Return HTML of the utterances with the most errors, each with its sound."""
    ranked = sorted((row for some in found.values() for row in some if row.errors), key=lambda row: -row.errors)[:WORST]
    if not ranked:
        return f"<p>{say('worst_none')}</p>"
    sounds = _sounds(ranked, say)
    items = []
    for row in ranked:
        said, heard = _side(row.pieces, "said", "del"), _side(row.pieces, "heard", "ins")
        items.append(
            f'<li><p><strong>{escape(row.speaker)}</strong> <span class="quiet">{escape(row.recorded.id)}, '
            f"{_when(experiment, row)}, {say('n_errors', n=row.errors, of=sum(p.said is not None for p in row.pieces))}"
            f"</span></p>{sounds[id(row)]}<dl><dt>{say('reference')}</dt><dd>{said}</dd>"
            f"<dt>{say('hypothesis')}</dt><dd>{heard or '<em>' + say('nothing_heard') + '</em>'}</dd></dl></li>"
        )
    return f'<ol class="worst">{"".join(items)}</ol>'


def word_by_word(recorded: Recorded, found: Sequence[AlignedRow], say: Language) -> str:
    """Return HTML of the alignment of one recording: a line for each utterance of the reference."""
    if not recorded.alignment.hypothesis:
        return f"<p>{say('no_hypothesis')}</p>"
    names = dict.fromkeys([*(row.speaker for row in found), *(p.speaker for row in found for p in row.pieces)])
    colours = {name: f"s{place % COLOURS}" for place, name in enumerate(names)}
    matched = ", ".join(f"{escape(heard)} = {escape(said)}" for heard, said in recorded.speakers.items())
    lines = "".join(
        f'<li class="{colours[row.speaker]}"><time>{clock(row.utterance.start)}</time> <b>{escape(row.speaker)}</b> '
        f"{' '.join(_merged(row, colours))}</li>\n"
        for row in found
    )
    return f'<p class="quiet">{say("speakers_matched")} {matched or "–"}.</p><ol class="words">{lines}</ol>'


def _merged(row: AlignedRow, colours: Mapping[str, str]) -> Iterator[str]:
    """Yield both sides in one line, with elements only for differences, so that an hour of speech stays small."""
    for speaker, pieces in groupby(row.pieces, key=lambda piece: piece.speaker):
        text = " ".join(_run(list(pieces)))
        if speaker == row.speaker:
            yield text
        else:
            yield f'<i class="{colours[speaker]}">[{escape(speaker)}: {text}]</i>'


def _run(pieces: Sequence[AlignedPiece]) -> Iterator[str]:
    """Yield the words of one speaker; adjacent errors are grouped, the reference's words first."""
    for wrong, group in groupby(pieces, key=lambda piece: piece.wrong):
        together = list(group)
        if not wrong:
            yield escape(" ".join(piece.said or "" for piece in together))
            continue
        for mark, words in (
            ("del", [p.said for p in together if p.said is not None]),
            ("ins", [p.heard for p in together if p.heard is not None]),
        ):
            if words:
                yield f"<{mark}>{escape(' '.join(words))}</{mark}>"


def _side(pieces: Sequence[AlignedPiece], side: str, mark: str) -> str:
    """Return the words of one side, with errors marked."""
    shown = []
    for wrong, group in groupby(pieces, key=lambda piece: piece.wrong):
        text = escape(" ".join(word for piece in group if (word := getattr(piece, side)) is not None))
        if text:
            shown.append(f"<{mark}>{text}</{mark}>" if wrong else text)
    return " ".join(shown)


def _when(experiment: Experiment, row: AlignedRow) -> str:
    """Return the time, as a link to the recording's own page if there is one."""
    time = clock(row.utterance.start)
    if not (experiment.exp / "report" / row.recorded.id / "report.html").exists():
        return time
    return f'<a href="{address(row.recorded.id)}#t={row.utterance.start:.1f}">{time}</a>'


def address(recording: str) -> str:
    """Return the relative address of a recording's own page."""
    from urllib.parse import quote

    return f"{quote(recording)}/report.html"


def _sounds(ranked: Sequence[AlignedRow], say: Language) -> dict[int, str]:
    """Return ``id`` of a row -> its player, or why there is none."""
    from dialogue.core.audio import AudioError

    players: dict[int, str] = {}
    by_recording: dict[str, list[AlignedRow]] = {}
    for row in ranked:
        by_recording.setdefault(row.recorded.id, []).append(row)
    for some in by_recording.values():
        spans = [(row.utterance.start, row.utterance.end) for row in some]
        try:
            addresses: list[Any] = clips(some[0].recorded.recording.path, spans)
        except AudioError as error:
            players |= {id(row): f"<p class='quiet'>{say('no_sound', reason=escape(str(error)))}</p>" for row in some}
            continue
        for row, sound in zip(some, addresses, strict=True):
            note = say("first_seconds", n=f"{LONGEST:.0f}") if row.utterance.duration > LONGEST else ""
            players[id(row)] = f'<audio controls preload="metadata" src="{sound}"></audio>' + (
                f' <span class="quiet">{note}</span>' if note else ""
            )
    return players
