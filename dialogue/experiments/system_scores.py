"""Diarization of several systems against the same references, from files of turns alone: tables and a plot.

A system is a folder of RTTM files, or of the JSON of a diarization service. What is missing counts as missed, so that
no system gains by leaving out what is hard; what no reference belongs to is named and left out.
"""

from __future__ import annotations

import csv
import difflib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from dialogue import formats
from dialogue.core import plots, tables
from dialogue.core.files import save_json, save_text
from dialogue.core.transcript import Transcript
from dialogue.formats.uem import Zones
from dialogue.scoring import SIDE, ScoreError, by_recording, der, need_references
from dialogue.scoring.difference import interval
from dialogue.scoring.rate import Rate

CONDITIONS = {  # DER -> seconds of collar, whether overlapping speech is scored
    "der": (0.0, True),
    "der_collar": (SIDE, True),
    "der_alone": (0.0, False),
    "der_collar_alone": (SIDE, False),
}
HEADS = {
    "der": "DER",
    "der_collar": f"DER, collar {SIDE} s",
    "der_alone": "DER without overlap",
    "der_collar_alone": "DER, both",
    "jer": "JER",
    "speakers": "speaker count error",
}
ALL = "all"

Rates = Mapping[str, Rate]


@dataclass(frozen=True)
class SystemScores:
    """Scores of a system, for each recording.

    Attributes:
        name: name of its folder.
        recordings: id -> metric -> rate.
        missing: references without a file, all of whose speech counts as missed.
        empty: recordings in which it found nobody.
        extra: recordings without a reference, which are not scored.
    """

    name: str
    recordings: Mapping[str, Rates]
    missing: tuple[str, ...]
    empty: tuple[str, ...]
    extra: tuple[str, ...]

    def over(self, ids: Sequence[str]) -> dict[str, dict[str, Any]]:
        """Return the totals over some recordings as plain values: metric -> value, errors, length, interval."""
        totals = {}
        for metric in HEADS:
            rates = [self.recordings[id][metric] for id in ids]
            found = sum(rates, Rate(0, 0)).to_dict()
            if bounds := interval(rates):
                found["interval"] = [round(bound, 6) for bound in bounds]
            totals[metric] = found
        return totals

    def problems(self) -> list[str]:
        """Say what is wrong with its recordings, a sentence for each kind."""
        said = []
        if self.missing:
            said.append(f"{len(self.missing)} missing, so all missed: {_some(self.missing)}")
        if self.empty:
            said.append(f"{len(self.empty)} with no turn: {_some(self.empty)}")
        if self.extra:
            near = [(id, other) for id in self.extra for other in difflib.get_close_matches(id, self.missing, n=1)]
            hint = f". Is {near[0][0]} the recording {near[0][1]}? Then name it so" if near else ""
            said.append(f"{len(self.extra)} without a reference, not scored: {_some(self.extra)}{hint}")
        return [f"{self.name}: {sentence}." for sentence in said]


def score_system(references: Mapping[str, Transcript], folder: Path, zones: Zones | None = None) -> SystemScores:
    """Score the files of a folder.

    Args:
        references: recording -> its turns.
        zones: recording -> scored zones, seconds (UEM); others are scored completely.

    Raises:
        ScoreError: the folder holds no turns, or those of no reference.
        FormatError: a file is invalid; the message names the line.
    """
    heard = _read(folder, references)
    if not set(heard) & set(references):
        raise ScoreError(
            f"{folder}: no recording of the references. Found: {_some(sorted(heard))}. Accepted: "
            f"{_some(sorted(references))}, as the names of files or the second column of RTTM."
        )
    scores = {}
    for id, said in references.items():
        found, zone = heard.get(id, Transcript(id, said.duration)), (zones or {}).get(id)
        scores[id] = {
            **{name: der.der(said, found, zone, *condition) for name, condition in CONDITIONS.items()},
            "jer": der.jer(said, found, zone),
            "speakers": der.speaker_count(said, found),
        }
    return SystemScores(
        folder.name,
        scores,
        missing=tuple(id for id in references if id not in heard),
        empty=tuple(id for id in references if id in heard and not heard[id].utterances),
        extra=tuple(sorted(set(heard) - set(references))),
    )


def _read(folder: Path, references: Mapping[str, Transcript]) -> dict[str, Transcript]:
    """Read a system; a recording without a reference is named after its file, as some tools call all the same."""
    files = {path.stem: path for ending in ("json", "rttm") for path in sorted(folder.glob(f"*.{ending}"))}
    if not files:
        raise ScoreError(f"{folder}: no .rttm or .json file in it. Accepted: the folder of a system, with such files.")
    found: list[Transcript] = []
    for name, path in files.items():
        transcripts = formats.read(path) or [Transcript(name, 0.0)]
        if len(transcripts) == 1 and transcripts[0].recording not in references:
            transcripts = [Transcript(name, transcripts[0].duration, utterances=transcripts[0].utterances)]
        found += transcripts
    return by_recording(found, str(folder))


def read_groups(path: Path, ids: Sequence[str]) -> dict[str, list[str]]:
    """Read which recordings belong together: group -> recordings, of those given.

    Args:
        path: CSV with the columns ``group`` and ``input_file``, the name of a file with or without its extension.

    Raises:
        ScoreError: a column is missing, or the file knows none of the recordings.
    """
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    if not rows or not {"group", "input_file"} <= set(rows[0]):
        raise ScoreError(f"{path}: columns {', '.join(rows[0]) if rows else 'none'}. Accepted: input_file, group.")
    known = {Path(row["input_file"]).stem: row["group"] for row in rows if row["group"]}
    groups: dict[str, list[str]] = {}
    for id in ids:
        if id in known:
            groups.setdefault(known[id], []).append(id)
    if not groups:
        raise ScoreError(f"{path}: none of the recordings {_some(ids)}. Accepted: their files in input_file.")
    return dict(sorted(groups.items()))


def score_systems(
    references: Sequence[Transcript],
    folders: Sequence[Path],
    out: Path,
    zones: Zones | None = None,
    groups: Path | None = None,
) -> list[SystemScores]:
    """Score systems; write ``out/systems.md`` (tables), ``out/systems.svg`` (plot) and ``out/systems.json``.

    Args:
        folders: one a system; its name is that of the system.
        zones: recording -> scored zones, seconds (UEM).
        groups: CSV of :func:`read_groups`; each group gets a table of its own.

    Raises:
        ScoreError: two folders have one name, or as for :func:`score_system`.
    """
    said = by_recording(references, "references")
    need_references(said, ())
    names = [folder.name for folder in folders]
    if twice := sorted({name for name in names if names.count(name) > 1}):
        raise ScoreError(f"two systems are called {', '.join(twice)}. Rename the folder of one.")
    systems = [score_system(said, folder, zones) for folder in folders]
    over = {ALL: list(said)} | (read_groups(groups, list(said)) if groups else {})
    totals = {group: {s.name: s.over(ids) for s in systems} for group, ids in over.items()}
    save_text(out / "systems.md", _tables(systems, over, totals))
    save_json(out / "systems.json", {"totals": totals, "systems": {s.name: _plain(s) for s in systems}})
    _draw(systems, over, totals, out / "systems.svg")
    return systems


def _plain(system: SystemScores) -> dict[str, Any]:
    return {
        "missing": list(system.missing),
        "empty": list(system.empty),
        "extra": list(system.extra),
        "recordings": {id: {m: r.to_dict() for m, r in rates.items()} for id, rates in system.recordings.items()},
    }


def _tables(
    systems: Sequence[SystemScores], over: Mapping[str, Sequence[str]], totals: Mapping[str, Mapping[str, Any]]
) -> str:
    parts = [
        "Percent of reference speech, and its 95 % interval over recordings (bootstrap), if there are enough of them; "
        f"the collar is {SIDE} s on each side of a boundary; the speaker count error is the mean of absolute errors. "
        "Recordings weigh as much as they hold speech.\n"
    ]
    for group, ids in over.items():
        rows = []
        for name, found in sorted(totals[group].items(), key=lambda pair: pair[1]["der"]["value"] or 0.0):
            values = [tables.measured(found[m], *((".2f",) if m == "speakers" else (".1f", 100))) for m in HEADS]
            rows.append([name, *values])
        speech = totals[group][systems[0].name]["der"]["length"] / 3600
        title = f"## {group}\n\n{len(ids)} recordings, {speech:.2f} h of speech.\n"
        parts.append(f"{title}\n{tables.markdown(('system', *HEADS.values()), rows)}")
    problems = [sentence for system in systems for sentence in system.problems()]
    parts.append("## Recordings\n\n" + "".join(f"- {sentence}\n" for sentence in problems) + "\n" * bool(problems))
    rows = []
    for id in over[ALL]:
        count = systems[0].recordings[id]["speakers"].parts["reference_speakers"]
        rows.append([id, f"{count:g}", *(_one(system.recordings[id]) for system in systems)])
    heads = ["DER, speakers found", "speakers", *(system.name for system in systems)]
    return "\n".join(parts) + tables.markdown(heads, rows)


def _one(rates: Rates) -> str:
    value = rates["der"].value
    return f"{'-' if value is None else f'{100 * value:.1f}'}, {rates['speakers'].parts['hypothesis_speakers']:g}"


def _draw(
    systems: Sequence[SystemScores],
    over: Mapping[str, Sequence[str]],
    totals: Mapping[str, Mapping[str, Any]],
    path: Path,
) -> None:
    """Draw the DER of each system with its interval, and of each recording, a panel a group."""
    names = [system.name for system in systems][::-1]
    with plots.figure(2.5 + 2.4 * len(over), 1.2 + 0.35 * len(names)) as figure:
        panels = figure.subplots(1, len(over), sharey=True, squeeze=False)[0]
        for panel, (group, ids) in zip(panels, over.items(), strict=True):
            for place, system in enumerate(systems[::-1]):
                each = [100 * v for id in ids if (v := system.recordings[id]["der"].value) is not None]
                panel.plot(each, [place] * len(each), "|", color="0.7")
                found = totals[group][system.name]["der"]
                panel.plot([100 * v for v in found.get("interval", ())], [place] * len(found.get("interval", ())), "k-")
                panel.plot([100 * (found["value"] or 0.0)], [place], "ko")
            panel.set(title=group, xlabel="DER, %", yticks=range(len(names)), yticklabels=names)
            panel.set_xlim(left=0)
        plots.save(figure, path, "DER of each system: total with its interval, and each recording")


def _some(ids: Sequence[str], most: int = 5) -> str:
    return ", ".join(ids[:most]) + (f" and {len(ids) - most} more" if len(ids) > most else "")
