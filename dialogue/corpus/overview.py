"""Summarise a prepared corpus: figures, and a picture."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from dialogue.core import plots
from dialogue.core.audio import Recording
from dialogue.core.transcript import Transcript
from dialogue.corpus.validation import overlap
from dialogue.formats import lhotse

SHOWN = 20  # most speakers in the picture
BLUE, ORANGE = "#0072b2", "#d55e00"  # colours of Okabe and Ito, distinguishable with any colour vision


@dataclass(frozen=True)
class Share:
    """Figures of a split, or of the whole corpus.

    Attributes:
        name: name of the split; ``all`` for the whole.
        hours: hours of sound; a text has none.
        speech: seconds with at least one speaker.
        overlapped: seconds with two speakers or more.
        speakers: name -> seconds.
    """

    name: str
    recordings: int
    hours: float
    speech: float
    overlapped: float
    turns: int
    words: int
    speakers: dict[str, float] = field(default_factory=dict)

    def row(self) -> list[str]:
        share = f"{self.overlapped / self.speech:.1%}" if self.speech else "-"
        return [
            self.name,
            str(self.recordings),
            f"{self.hours:.2f}" if self.hours else "-",
            str(len(self.speakers)),
            str(self.turns),
            str(self.words),
            share,
        ]


@dataclass(frozen=True)
class Overview:
    """Figures of the whole corpus and of each split."""

    parts: tuple[Share, ...]
    turns: tuple[float, ...]  # seconds of each turn, for the picture

    def table(self) -> str:
        """Return a table with one line per part."""
        rows = [
            ["", "recordings", "hours", "speakers", "turns", "words", "overlap"],
            *(p.row() for p in self.parts),
        ]
        widths = [max(len(row[i]) for row in rows) for i in range(len(rows[0]))]
        return "\n".join(
            "  ".join(
                c.ljust(w) if i == 0 else c.rjust(w) for i, (c, w) in enumerate(zip(row, widths, strict=True))
            ).rstrip()
            for row in rows
        )


def summarise(out: str | Path) -> Overview:
    """Compute the figures of prepared manifests.

    Raises:
        FormatError: manifests cannot be read; ``dialogue validate`` says more.
    """
    out = Path(out)
    recordings = lhotse.read_recordings(out / "recordings.jsonl")
    path = out / "supervisions.jsonl"
    transcripts = lhotse.load(path, recordings) if path.exists() else []
    parts = [_part("all", recordings, transcripts)]
    for manifest in sorted(out.glob("*/recordings.jsonl")):
        inside = lhotse.read_recordings(manifest)
        ids = {r.id for r in inside}
        parts.append(_part(manifest.parent.name, inside, [t for t in transcripts if t.recording in ids]))
    return Overview(tuple(parts), tuple(u.duration for t in transcripts for u in t))


def _part(name: str, recordings: Sequence[Recording], transcripts: Sequence[Transcript]) -> Share:
    seconds: dict[str, float] = defaultdict(float)
    speech, both = 0.0, 0.0
    for t in transcripts:
        found = overlap([(u.start, u.end, u.speaker) for u in t])
        speech, both = speech + found[0], both + found[1]
        for u in t:
            seconds[t.name(u.speaker)] += u.duration
    return Share(
        name,
        len(recordings),
        sum(r.duration for r in recordings if r.attributes.get("modality") != "text") / 3600,
        speech,
        both,
        sum(len(t.utterances) for t in transcripts),
        sum(len(u.text.split()) for t in transcripts for u in t),
        dict(sorted(seconds.items(), key=lambda item: -item[1])),
    )


def draw(summary: Overview, path: Path) -> None:
    """Draw the corpus (SVG): hours and overlap of each part, speaking time per speaker, turn lengths."""
    whole = summary.parts[0]
    people = dict(list(whole.speakers.items())[:SHOWN])
    with plots.figure(10, max(2.8, 0.9 + 0.2 * len(people))) as figure:
        sound, voices, turns = figure.subplots(1, 3)
        names, scale = [p.name for p in summary.parts], 1 if whole.hours >= 2 else 60
        sound.barh(names, [p.hours * scale for p in summary.parts], 0.5, color=BLUE, label="recorded")
        both = [p.overlapped / 3600 * scale for p in summary.parts]
        sound.barh(names, both, 0.5, color=ORANGE, label="two or more speak")
        sound.set_ylim(len(names) - 0.3 if len(names) > 2 else 2, -1)
        sound.set_title("recordings")
        sound.set_xlabel("hours" if scale == 1 else "minutes")
        sound.legend(frameon=False, fontsize=8, loc="upper right")
        voices.barh([_short(n) for n in people], [s / 60 for s in people.values()], color=BLUE)
        voices.invert_yaxis()
        voices.tick_params(axis="y", labelsize=8)
        voices.set_title(
            f"speakers{f' ({len(people)} of {len(whole.speakers)})' if len(whole.speakers) > SHOWN else ''}"
        )
        voices.set_xlabel("minutes")
        turns.hist(summary.turns, bins=min(30, max(5, len(summary.turns) // 5)), color=BLUE)
        turns.set_title("turns")
        turns.set_xlabel("seconds")
        turns.set_ylabel("turns")
        plots.save(figure, path, summary.table())


def _short(name: str) -> str:
    return name if len(name) <= 24 else f"{name[:11]}…{name[-12:]}"
