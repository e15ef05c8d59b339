"""Diarization alone against references, without sound or words: the check against figures that others published."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from dialogue import formats
from dialogue.core import tables
from dialogue.core.transcript import Transcript
from dialogue.formats import uem
from dialogue.scoring import ScoreError, by_recording, der, need_references
from dialogue.scoring.rate import Rate

PARTS = ("missed", "false_alarm", "confusion")


@dataclass(frozen=True)
class TurnScores:
    """DER, JER and speaker counts, for each recording and over all of them.

    Attributes:
        recordings: id -> metric -> rate.
        collar: seconds that are not scored on each side of a reference boundary.
        overlap: whether overlapping speech is scored.
        missing: references without a hypothesis, all of whose speech counts as missed.
    """

    recordings: Mapping[str, Mapping[str, Rate]]
    collar: float
    overlap: bool
    missing: tuple[str, ...] = ()

    @property
    def total(self) -> dict[str, Rate]:
        """Metric -> rate over all recordings (seconds summed)."""
        first, *others = self.recordings.values()
        return {metric: sum((rates[metric] for rates in others), first[metric]) for metric in first}

    def to_dict(self) -> dict[str, Any]:
        """Return plain values, ready for JSON."""

        def plain(rates: Mapping[str, Rate]) -> dict[str, Any]:
            return {metric: rate.to_dict() for metric, rate in rates.items()}

        return {
            "collar": self.collar,
            "overlap": self.overlap,
            "missing": list(self.missing),
            "totals": plain(self.total),
            "recordings": {name: plain(rates) for name, rates in self.recordings.items()},
        }

    def table(self) -> str:
        """Return percentages of reference speech in Markdown, a line a recording, the total last."""
        heads = ["recording", "speech s", "DER", *(part.replace("_", " ") for part in PARTS), "JER", "speakers"]
        rows = []
        for name, rates in [*self.recordings.items(), ("all", self.total)]:
            found, count = rates["der"], rates["speakers"].parts
            parts = [Rate(found.parts[part], found.length) for part in PARTS]
            shares = [_percent(rate) for rate in (found, *parts, rates["jer"])]
            speakers = f"{count['hypothesis_speakers']:g} for {count['reference_speakers']:g}"
            rows.append([name, f"{found.length:.1f}", *shares, speakers])
        said = f"Percent of reference speech. Collar {self.collar:g} s on each side of a boundary, overlap "
        said += "scored.\n" if self.overlap else "not scored.\n"
        if self.missing:
            said += f"No hypothesis, so all missed: {', '.join(self.missing)}.\n"
        return f"{tables.markdown(heads, rows)}\n{said}"


def score_turns(
    references: Sequence[Transcript],
    hypotheses: Sequence[Transcript],
    zones: Mapping[str, Sequence[tuple[float, float]]] | None = None,
    collar: float = 0.0,
    overlap: bool = True,
) -> TurnScores:
    """Score who spoke when; recordings are matched by their ids.

    Args:
        zones: recording -> scored zones, seconds (UEM); others are scored completely.
        collar: seconds that are not scored on each side of a reference boundary.
        overlap: whether overlapping speech is scored.

    Raises:
        ScoreError: there is no reference, or a hypothesis has none.
    """
    said, heard = by_recording(references, "references"), by_recording(hypotheses, "hypotheses")
    need_references(said, heard)
    recordings = {}
    for name, reference in said.items():
        hypothesis = heard.get(name, Transcript(name, reference.duration))
        zone = (zones or {}).get(name)
        recordings[name] = {
            "der": der.der(reference, hypothesis, zone, collar, overlap),
            "jer": der.jer(reference, hypothesis, zone, collar, overlap),
            "speakers": der.speaker_count(reference, hypothesis),
        }
    return TurnScores(recordings, collar, overlap, tuple(name for name in said if name not in heard))


def read_turns(path: Path) -> list[Transcript]:
    """Read the turns of an RTTM file or of a diarization service's JSON, or of all such files in a folder.

    Raises:
        ScoreError: a folder holds no such file.
        FormatError: a file is invalid; the message names the line.
    """
    files = sorted((*path.glob("*.rttm"), *path.glob("*.json"))) if path.is_dir() else [path]
    if not files:
        raise ScoreError(f"{path}: no .rttm or .json file in it. Accepted: a file with turns, or a folder of them.")
    return [transcript for file in files for transcript in formats.read(file)]


def read_zones(path: Path | None) -> uem.Zones | None:
    """Read the scored zones of a UEM file, or of all ``.uem`` files in a folder."""
    if path is None:
        return None
    zones: uem.Zones = {}
    for file in sorted(path.glob("*.uem")) if path.is_dir() else [path]:
        zones |= uem.read(file)
    return zones


def _percent(rate: Rate) -> str:
    return "-" if rate.value is None else f"{100 * rate.value:.2f}"
