"""Sheets for blind rating of minutes: AutoMin's scales, QMSum-Mistake's kinds of error, agreement of the raters.

    write_sheet({"model": {"m1": "..."}, "extractive": {"m1": "..."}}, Path("sheet.csv"), Path("key.json"))
    print(read_ratings([Path("anne.csv"), Path("luc.csv")], Path("key.json")).table())

The scales are those of AutoMin 2021 and 2023 (Ghosal et al.), from 1 to 5, higher is better; the errors are those of
QMSum-Mistake (Kirstein et al.). Only the key says which system wrote a text: do not give it to the raters. Cells are
separated by semicolons, which French spreadsheets expect.
"""

from __future__ import annotations

import csv
import io
import random
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import permutations
from pathlib import Path

from dialogue.core import tables
from dialogue.core.files import read_json, save_json, save_text
from dialogue.scoring import ScoreError

SCALES = {"adequacy": "adéquation", "grammaticality": "grammaire", "fluency": "fluidité", "relevance": "pertinence"}
MISTAKES = {
    "redundancy": "redondance",
    "incoherence": "incohérence",
    "language": "langue",
    "structure": "structure",
    "partial omission": "omission partielle",
    "total omission": "omission totale",
    "coreference": "coréférence",
    "hallucination": "hallucination",
    "irrelevance": "hors sujet",
}
HEADS = {
    **{name: f"{name} ({french}) 1-5" for name, french in SCALES.items()},
    **{name: f"{name} ({french}) x" for name, french in MISTAKES.items()},
}
MARKS = {"": 0, "0": 0, "non": 0, "no": 0, "1": 1, "x": 1, "oui": 1, "yes": 1}
SCHEMA = "dialogue/rating-key/1"


def write_sheet(texts: Mapping[str, Mapping[str, str]], sheet: Path, key: Path, seed: int = 0) -> None:
    """Write a sheet with one row per document and system, in an order drawn by ``seed``, and its key.

    Args:
        texts: system -> document -> text.

    Raises:
        ScoreError: there is nothing to rate.
    """
    rows = [(document, system, text) for system, each in texts.items() for document, text in each.items()]
    if not rows:
        raise ScoreError("no text to rate. Accepted: at least one text of one system.")
    random.Random(seed).shuffle(rows)
    order = list(dict.fromkeys(document for document, _, _ in rows))
    rows.sort(key=lambda row: order.index(row[0]))  # so that a rater reads each transcript once
    out = io.StringIO()
    writer = csv.writer(out, delimiter=";", lineterminator="\r\n")
    writer.writerow(["row", "document", "text", *HEADS.values()])
    for number, (document, _, text) in enumerate(rows, start=1):
        writer.writerow([str(number), _inert(document), _inert(text), *[""] * len(HEADS)])
    save_text(sheet, "\ufeff" + out.getvalue())  # the byte order mark tells spreadsheets that it is UTF-8
    named = {str(n): {"document": d, "system": s} for n, (d, s, _) in enumerate(rows, start=1)}
    save_json(key, {"schema": SCHEMA, "seed": seed, "rows": named})


def _inert(text: str) -> str:
    """Return a cell that no spreadsheet reads as a formula: an apostrophe makes it text (OWASP, CSV injection)."""
    text = text.replace("\0", "")  # which Python 3.10 cannot write as CSV
    return f"'{text}" if text.lstrip()[:1] in tuple("=+-@＝＋－＠") or text[:1] in ("\t", "\r", "\n") else text


@dataclass(frozen=True)
class Ratings:
    """Ratings of all raters.

    Attributes:
        means: system -> criterion -> mean over documents and raters: 1 to 5 for a scale, and the share of texts that
            have the error for a kind of error.
        alpha: criterion -> Krippendorff's alpha, ordinal for scales, nominal for errors; ``None`` if no text has two
            raters, or if all ratings are the same.
        rated: system -> number of ratings: texts times raters.
    """

    means: Mapping[str, Mapping[str, float]]
    alpha: Mapping[str, float | None]
    rated: Mapping[str, int]

    def table(self) -> str:
        """Return a table in Markdown."""
        systems = list(self.means)
        rows = []
        for name in HEADS:
            shown = [self.means[s].get(name) for s in systems]
            cells = ["-" if v is None else f"{v:.2f}" if name in SCALES else f"{100 * v:.0f} %" for v in shown]
            alpha = self.alpha[name]
            rows.append([name, *cells, "-" if alpha is None else f"{alpha:.2f}"])
        counted = ", ".join(f"{system}: {count}" for system, count in self.rated.items())
        note = f"\nRatings: {counted}. Alpha: Krippendorff's, 1 is agreement, 0 is chance.\n"
        return tables.markdown(["criterion", *systems, "alpha"], rows) + note


def read_ratings(sheets: Sequence[Path], key: Path) -> Ratings:
    """Read filled-in sheets, one per rater, and compute means and agreement; empty rows are not rated.

    Raises:
        ScoreError: a cell, row or column is not accepted; the message names the file and the place.
    """
    rows = read_json(key)["rows"]
    rated = [_read(sheet, rows) for sheet in sheets]
    ratings: dict[str, dict[str, list[float]]] = {}
    for each in rated:
        for row, values in each.items():
            for name, value in values.items():
                ratings.setdefault(rows[row]["system"], {}).setdefault(name, []).append(value)
    if not ratings:
        raise ScoreError(f"{', '.join(map(str, sheets))}: nothing is rated. Accepted: 1 to 5 in {', '.join(SCALES)}.")
    means = {s: {name: sum(v) / len(v) for name, v in found.items()} for s, found in sorted(ratings.items())}
    units = {name: [[each[row][name] for each in rated if name in each.get(row, {})] for row in rows] for name in HEADS}
    alpha = {name: krippendorff(found, ordinal=name in SCALES) for name, found in units.items()}
    count = Counter(rows[row]["system"] for each in rated for row in each)
    return Ratings(means, alpha, {system: count[system] for system in means})


def _read(sheet: Path, rows: Mapping[str, object]) -> dict[str, dict[str, float]]:
    """Read a sheet: row -> criterion -> value."""
    try:
        text = sheet.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError:
        text = sheet.read_bytes().decode("cp1252", errors="replace")  # saved by French Excel; ratings are ASCII
    delimiter = max(";,\t", key=text.partition("\n")[0].count)  # a spreadsheet may change it
    found: dict[str, dict[str, float]] = {}
    for place, cells in enumerate(csv.DictReader(io.StringIO(text, newline=""), delimiter=delimiter), start=1):
        named = {(head or "").partition(" (")[0]: value for head, value in cells.items()}
        where, row = f"{sheet}, row {named.get('row')}", (named.get("row") or "").strip()
        if missing := [name for name in HEADS if named.get(name) is None]:
            raise ScoreError(
                f"{sheet}, data row {place}: no {', '.join(missing)}. Accepted: all columns of the original sheet."
            )
        if row not in rows or row in found:
            raise ScoreError(
                f"{where}: {'twice' if row in found else 'not in the key'}. Accepted: each row of the key once."
            )
        given = {name: named[name].strip().lower() for name in HEADS}
        if not any(given.values()):
            continue
        found[row] = {name: _scale(value, f"{where}, {name}") for name in SCALES if (value := given[name])}
        found[row] |= {name: _mark(given[name], f"{where}, {name}") for name in MISTAKES}
    return found


def _scale(value: str, where: str) -> float:
    if value not in tuple("12345"):
        raise ScoreError(f"{where}: found {value!r}. Accepted: 1, 2, 3, 4, 5, or nothing.")
    return float(value)


def _mark(value: str, where: str) -> float:
    if value not in MARKS:
        raise ScoreError(f"{where}: found {value!r}. Accepted: x or 1 where the text has this error, else nothing.")
    return float(MARKS[value])


def krippendorff(units: Sequence[Sequence[float]], ordinal: bool) -> float | None:
    """Compute Krippendorff's alpha: 1 minus observed over expected disagreement.

    See Krippendorff 2011, "Computing Krippendorff's Alpha-Reliability".

    Args:
        units: the values that raters gave to each text; a text with fewer than two is ignored.
        ordinal: whether values are ranks, so that 1 and 5 differ more than 1 and 2.

    Returns:
        Alpha, or ``None`` if nothing can be compared or all values are the same.
    """
    paired = [unit for unit in units if len(unit) > 1]
    count = Counter(value for unit in paired for value in unit)
    total = sum(count.values())

    def apart(one: float, other: float) -> float:
        if one == other or not ordinal:
            return float(one != other)
        low, high = sorted((one, other))
        between = sum(n for value, n in count.items() if low <= value <= high)
        return float((between - (count[low] + count[high]) / 2) ** 2)

    observed = sum(sum(apart(a, b) for a, b in permutations(unit, 2)) / (len(unit) - 1) for unit in paired)
    expected = sum(n * m * apart(a, b) for a, n in count.items() for b, m in count.items())
    return 1 - (total - 1) * observed / expected if expected else None
