"""Scores of transcripts against references: one file per metric, one call for all of them.

``score`` pairs recordings by id, normalises both sides in the same way, and returns every metric for each recording
and over all recordings.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from dialogue.core import tables
from dialogue.core.errors import DialogueError
from dialogue.core.files import to_json
from dialogue.core.transcript import Transcript
from dialogue.formats.lines import IGNORED, LATEST
from dialogue.french.normalization import VERSIONS
from dialogue.scoring import bootstrap, cpwer, der, wer
from dialogue.scoring.rate import Rate
from dialogue.scoring.scored_words import spoken

SCHEMA = "dialogue/scores/1"
SIDE = 0.25  # seconds on each side of a boundary, the usual collar of diarization
TITLES = {
    "cpwer": "cpWER",
    "tcpwer": f"tcpWER ({cpwer.COLLAR:.0f} s)",
    "orcwer": "ORC-WER (greedy)",
    "dicpwer": "DI-cpWER (greedy)",
    "wer": "WER",
    "cer": "CER",
    "wder": "WDER",
    "der": "DER",
    "der_collar": f"DER (collar {SIDE} s)",
    "jer": "JER",
    "jer_collar": f"JER (collar {SIDE} s)",
    "speakers": "speaker count error",
    **{name: f"WER, {name}" for name in wer.BANDS},
}

MAIN = ("cpwer", "tcpwer", "wer", "der", "speakers")


class ScoreError(DialogueError, ValueError):
    """Raised when references and hypotheses do not match; the message names the recordings."""


@dataclass(frozen=True, slots=True)
class Scores:
    """Every metric, for each recording and over all recordings.

    Attributes:
        normalizer: version of the normalisation, e.g. ``fr-std/2``; scores of different versions are not comparable.
        recordings: id -> metric -> rate.
        totals: metric -> rate over all recordings (errors and lengths summed).
        intervals: metric -> 95 % interval over recordings; absent with a single recording.
        missing: references without a hypothesis, all of whose words count as deleted.
    """

    normalizer: str
    recordings: Mapping[str, Mapping[str, Rate]]
    totals: Mapping[str, Rate]
    intervals: Mapping[str, tuple[float, float]]
    missing: tuple[str, ...] = ()

    def to_dict(self) -> dict[str, Any]:
        """Return plain values, ready for JSON."""
        totals = {name: rate.to_dict() for name, rate in self.totals.items()}
        for name, (low, high) in self.intervals.items():
            totals[name]["interval"] = [round(low, 6), round(high, 6)]
        return {
            "schema": SCHEMA,
            "normalizer": self.normalizer,
            "search": {"orcwer": "greedy", "dicpwer": "greedy"},
            "missing": list(self.missing),
            "totals": totals,
            "recordings": {
                recording: {name: rate.to_dict() for name, rate in rates.items()}
                for recording, rates in self.recordings.items()
            },
        }

    def to_json(self) -> str:
        return to_json(self.to_dict())

    def table(self, markdown: bool = False) -> str:
        """Return two tables as text: every metric over all recordings, then the main ones for each recording."""
        totals = [["metric", "value", "95 %", "errors", "of", "errors are"]]
        for name, rate in self.totals.items():
            low, high = self.intervals.get(name, (None, None))
            interval = "" if low is None or high is None else f"{_number(name, low)}-{_number(name, high)}"
            totals.append(
                [TITLES[name], _value(name, rate), interval, _count(rate.errors), _count(rate.length), rate.made_of()]
            )
        each = [["recording", *(TITLES[name] for name in MAIN)]]
        for recording, rates in self.recordings.items():
            each.append([recording, *(_value(name, rates[name]) for name in MAIN)])
        draw = (lambda rows: tables.markdown(rows[0], rows[1:])) if markdown else _aligned
        note = (
            f"Percent, except the speaker count error (mean absolute). Normalisation {self.normalizer}. "
            "Interval: bootstrap over recordings.\n"
        )
        if self.missing:
            note += f"No hypothesis, so all deleted: {', '.join(self.missing)}.\n"
        return f"{draw(totals)}\n{draw(each)}\n{note}"


def score(
    references: Sequence[Transcript],
    hypotheses: Sequence[Transcript],
    uem: Mapping[str, Sequence[tuple[float, float]]] | None = None,
    level: str = "fr-std",
    reference_turns: Sequence[Transcript] | None = None,
    turns: Sequence[Transcript] | None = None,
) -> Scores:
    """Score hypotheses against the references of the same recordings.

    Spans that a reference leaves out as not scored (``ignore_time_segment_in_scoring`` of STM) count on neither side.

    Args:
        references, hypotheses: one per recording; without a hypothesis, all words of a reference count as deleted.
        uem: recording -> scored zones, seconds; a recording that is not in it is scored completely.
        level: level of normalisation, see :mod:`dialogue.french.normalization`.
        reference_turns: reference of DER, JER and the speaker count (a corpus may have finer turns than its text);
            by default the references.
        turns: the diarization to score; by default the hypotheses.

    Raises:
        ScoreError: there is no reference, there are two transcripts of one recording, or a hypothesis has no reference.
    """
    said, heard = by_recording(references, "references"), by_recording(hypotheses, "hypotheses")
    said_turns = said if reference_turns is None else by_recording(reference_turns, "reference turns")
    heard_turns = heard if turns is None else by_recording(turns, "turns")
    need_references(said, {**heard, **heard_turns})
    recordings = {}
    for name, reference in said.items():
        nothing = Transcript(name, reference.duration)
        recordings[name] = _score_one(
            reference,
            heard.get(name, nothing),
            said_turns.get(name, reference),
            heard_turns.get(name, nothing),
            _scored(reference, None if uem is None else uem.get(name)),
            level,
        )
    totals, intervals = {}, {}
    for metric in next(iter(recordings.values())):
        rates = [found[metric] for found in recordings.values()]
        totals[metric] = sum(rates[1:], rates[0])
        if found := bootstrap.interval(rates):
            intervals[metric] = found
    missing = tuple(name for name in said if name not in heard)
    return Scores(VERSIONS[level], recordings, totals, intervals, missing)


def _scored(reference: Transcript, zones: Sequence[tuple[float, float]] | None) -> Sequence[tuple[float, float]] | None:
    """Return the scored zones without the spans that the reference leaves out; ``None`` is the whole recording."""
    ignored = [(o.start, o.end) for o in reference.omissions if o.reason == IGNORED and o.end > o.start]
    if not ignored:
        return zones
    left = [(0.0, LATEST)] if zones is None else list(zones)
    for start, end in ignored:
        pieces = [piece for a, b in left for piece in ((a, min(b, start)), (max(a, end), b))]
        left = [(a, b) for a, b in pieces if b > a]
    return left


def check_gates(scores: Scores, gates: Mapping[str, float]) -> list[str]:
    """Return a sentence for each total that is worse than its gate (``{"cpwer": 0.55}``), none when all pass.

    Raises:
        ScoreError: a gate on an unknown metric.
    """
    failures = []
    for name, limit in gates.items():
        if name not in scores.totals:
            near = difflib.get_close_matches(name, scores.totals, n=2)
            hint = f"Did you mean {' or '.join(near)}? " if near else ""
            raise ScoreError(f"gate on unknown metric {name!r}. {hint}Accepted: {', '.join(scores.totals)}.")
        value = scores.totals[name].value
        if value is None:
            failures.append(f"{TITLES[name]} could not be computed: the reference is empty. The gate is {limit:g}.")
        elif value > limit:
            failures.append(f"{TITLES[name]} is {value:.3f}, worse than its gate {limit:g}.")
    return failures


def need_references(references: Iterable[str], hypotheses: Iterable[str]) -> None:
    """Check that there are references, and one for each hypothesis; the arguments are ids of recordings.

    Raises:
        ScoreError: they do not match.
    """
    said = list(references)
    if not said:
        raise ScoreError("no reference. Accepted: at least one recording with a reference.")
    if unknown := sorted(set(hypotheses) - set(said)):
        raise ScoreError(
            f"no reference for {', '.join(unknown)}. References: {', '.join(said)}. "
            "Add the reference, or remove the recording."
        )


def by_recording(transcripts: Sequence[Transcript], what: str) -> dict[str, Transcript]:
    """Map ids to transcripts.

    Raises:
        ScoreError: two have the same id; ``what`` says which transcripts these are.
    """
    found: dict[str, Transcript] = {}
    for transcript in transcripts:
        if transcript.recording in found:
            raise ScoreError(f"{what}: recording {transcript.recording} appears twice. Ids must be unique.")
        found[transcript.recording] = transcript
    return found


def _score_one(
    reference: Transcript,
    hypothesis: Transcript,
    reference_turns: Transcript,
    turns: Transcript,
    zones: Sequence[tuple[float, float]] | None,
    level: str,
) -> dict[str, Rate]:
    said, heard = spoken(reference, level, zones), spoken(hypothesis, level, zones)
    aligned = wer.align(said, heard)
    return {
        "cpwer": cpwer.cpwer(said, heard),
        "tcpwer": cpwer.tcpwer(said, heard),
        "orcwer": cpwer.orcwer(said, heard),
        "dicpwer": cpwer.dicpwer(said, heard),
        "wer": wer.wer(aligned),
        "cer": wer.cer(said, heard),
        "wder": cpwer.wder(aligned, said, heard),
        "der": der.der(reference_turns, turns, zones),
        "der_collar": der.der(reference_turns, turns, zones, SIDE),
        "jer": der.jer(reference_turns, turns, zones),
        "jer_collar": der.jer(reference_turns, turns, zones, SIDE),
        "speakers": der.speaker_count(reference_turns, turns),
        **wer.wer_by_overlap(aligned, said),
    }


def _number(metric: str, value: float) -> str:
    return f"{value:.2f}" if metric == "speakers" else f"{100 * value:.1f}"


def _count(value: float) -> str:
    return f"{value:.3f}".rstrip("0").rstrip(".")


def _value(metric: str, rate: Rate) -> str:
    return "-" if rate.value is None else _number(metric, rate.value)


def _aligned(rows: Sequence[Sequence[str]]) -> str:
    widths = [max(len(row[i]) for row in rows) for i in range(len(rows[0]))]
    lines = []
    for first, *rest in rows:
        cells = [first.ljust(widths[0])]
        cells += [c.ljust(w) if " " in c else c.rjust(w) for c, w in zip(rest, widths[1:], strict=True)]
        lines.append("  ".join(cells).rstrip() + "\n")
    return "".join(lines)
