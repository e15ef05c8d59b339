"""Learning curve of a finetuning: runs on nested subsets of the dialogues, and the gain from more dialogues."""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol, TypeVar

from dialogue.learning.scaling.fit import Fit, fit
from dialogue.learning.scaling.law import POWER, ScalingError
from dialogue.learning.scaling.points import Points, columns, parsed

FILE = "curve.jsonl"  # file with the runs of a folder
LEVEL = 0.90  # confidence level of the interval in the sentence
FIELDS = ("documents", "tokens", "bits_per_byte", "seed")


class OfRecording(Protocol):
    """A document of a recording, e.g. a transcript or an example of a task."""

    @property
    def recording(self) -> str: ...


Document = TypeVar("Document", bound=OfRecording)


def nested_subsets(documents: Sequence[Document], fractions: Iterable[float], seed: int = 0) -> list[list[Document]]:
    """Return subsets to finetune on, each inside the next larger one; a recording's documents stay together.

    The order in which recordings are added depends only on their ids and the seed, so a subset does not depend on the
    order of the documents, and changes little when some are added.

    Args:
        fractions: shares of the recordings, e.g. ``(1 / 16, 1 / 8, 1 / 4, 1 / 2, 1)``.

    Returns:
        One subset per fraction, in the same order; documents in the order given.

    Raises:
        ScalingError: a fraction is outside ]0, 1], or gives less than one recording.
    """
    recordings = sorted({d.recording for d in documents}, key=lambda r: hashlib.sha256(f"{seed} {r}".encode()).digest())
    subsets = []
    for fraction in fractions:
        if not 0 < fraction <= 1:
            raise ScalingError(f"fraction {fraction:g}. Accepted: above 0, at most 1.")
        if (count := round(fraction * len(recordings))) < 1:
            raise ScalingError(
                f"{fraction:g} of {len(recordings)} recordings is less than one. Needed: a larger fraction."
            )
        kept = set(recordings[:count])
        subsets.append([d for d in documents if d.recording in kept])
    return subsets


@dataclass(frozen=True)
class CurveRun:
    """A finetuning on a subset, scored on the same held-out dialogues as the others.

    Attributes:
        documents, tokens: size of the subset; a dialogue cut into many examples is one document.
        bits_per_byte: held-out loss.
        seed: seed of the subset and of the training.
    """

    documents: int
    tokens: int
    bits_per_byte: float
    seed: int = 0

    @property
    def said(self) -> str:
        """The run in one line of text."""
        dialogues = f"{self.documents} dialogue{'s' if self.documents > 1 else ''}"
        return f"{dialogues}, {self.tokens} tokens, seed {self.seed}: {self.bits_per_byte:.4f} bits a byte"


def read_runs(paths: Iterable[Path]) -> list[CurveRun]:
    """Read runs from files, JSON lines or CSV with the fields of :class:`CurveRun`, or all ``curve.jsonl`` in folders.

    Raises:
        ScalingError: a line is not accepted; the message names it.
    """
    runs: list[CurveRun] = []
    for path in paths:
        files = sorted(path.rglob(FILE)) if path.is_dir() else [path]
        if not files:
            raise ScalingError(f"{path}: no {FILE} in it. Accepted: a folder with one, or a file of JSON lines or CSV.")
        for file in files:
            runs += parsed(file, parse_csv if file.suffix.lower() == ".csv" else parse_lines)
    return runs


def parse_lines(text: str) -> list[CurveRun]:
    """Read runs from JSON lines."""
    runs = []
    for number, line in enumerate(text.splitlines(), 1):
        if not line.strip():
            continue
        try:
            value = json.loads(line)
        except (json.JSONDecodeError, RecursionError) as error:
            raise ScalingError(f"line {number}: not JSON: {error}.") from error
        if not isinstance(value, dict):
            raise ScalingError(f"line {number}: found {type(value).__name__}. Accepted: an object.")
        runs.append(_run(number, [value.get(name, 0 if name == "seed" else None) for name in FIELDS]))
    return runs


def parse_csv(text: str) -> list[CurveRun]:
    """Read runs from a CSV table with a header."""
    _, lines = columns(text, [FIELDS])
    return [_run(number, cells) for number, cells in lines]


def learning_curve(runs: Sequence[CurveRun]) -> Fit:
    """Fit ``y = a x^-g + b`` with x in documents and y in bits per byte, averaged over the seeds of a size.

    Raises:
        ScalingError: there are too few sizes.
    """
    scores: dict[int, list[float]] = {}
    for run in runs:
        scores.setdefault(run.documents, []).append(run.bits_per_byte)
    means = tuple((float(size), math.fsum(s) / len(s)) for size, s in sorted(scores.items()))
    return fit(Points(POWER, means), LEVEL)


def what_more_brings(curve: Fit, more: int | None = None) -> str:
    """Say in a sentence how much more dialogues would gain, or why that is unknown.

    Args:
        more: number of additional dialogues; by default as many as there are.
    """
    most = max(size for size, _ in curve.points.rows)
    more = int(most) if more is None else more
    if more < 1:
        raise ScalingError(f"more: found {more}. Accepted: 1 or more.")
    asked = f"{more} more dialogue{'s' if more > 1 else ''}"
    if curve.no_law:
        how = "rise with the dialogues" if curve.trend == "rises" else "have no trend over the dialogues"
        return f"What {asked} would bring cannot be said: the bits per byte {how}."
    if curve.points.too_few:
        return f"What {asked} would bring cannot be said: {curve.points.too_few}"
    gain = curve.gain([most], [most + more])
    assert gain.interval is not None  # because there are enough points
    low, high = gain.interval
    if high is None or low < 1e-3 * high:
        above = "" if high is None else f"; no more than {_bits(high)} bits a byte"
        return f"What {asked} would bring cannot be said: the points fit a curve that is flat from here on{above}."
    return (
        f"{asked} would bring {_bits(gain.value)} bits a byte, {100 * curve.level:g} % interval {_bits(low)} to "
        f"{_bits(high)}, if they are like the others."
    )


def _bits(value: float) -> str:
    return f"{value:.2g}" if value < 0.01 else f"{value:.2f}"


def _run(number: int, cells: Sequence[object]) -> CurveRun:
    values = []
    for name, cell in zip(FIELDS, cells, strict=True):
        whole = name != "bits_per_byte"
        try:
            value = float(cell)  # type: ignore[arg-type]
        except (TypeError, ValueError, OverflowError):
            value = math.nan
        least = 0 if name == "seed" else 1 if whole else math.ulp(0)
        if not least <= value < math.inf or isinstance(cell, bool) or (whole and value != int(value)):
            what = "whole numbers" if whole else "numbers above 0"
            found = "missing" if cell is None else repr(cell)
            raise ScalingError(
                f"line {number}: {name} is {found}. Accepted: {what}{', 1 or more' if least == 1 else ''}."
            )
        values.append(value)
    documents, tokens, bits, seed = values
    return CurveRun(int(documents), int(tokens), bits, int(seed))
