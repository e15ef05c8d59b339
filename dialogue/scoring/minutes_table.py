"""Tables of minutes scores in Markdown: totals, summaries, each document, and its statements with the reference's."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from dialogue.core import tables
from dialogue.scoring import matching, places
from dialogue.scoring.minutes_reference import ITEMS, LISTS
from dialogue.scoring.minutes_scores import PLAIN, TITLES
from dialogue.scoring.rouge import METRICS

COLUMNS = {**METRICS, "names": "names said", "numbers": "numbers said", "words": "words"}  # for summaries
EACH = ("decisions_f1", "actions_f1", "open_questions_f1", "owner", "due")  # each document's, by place where possible
ALSO = ("next_meeting", "not_decided", "nothing", "evidence", "names_said", "coverage")
COUNTS = ("value", "interval", "errors", "length", "documents")
NOTE = (
    "\nPer cent that is right: higher is better. In brackets the 95 % interval, bootstrap over documents, from five on."
    " Statements match one to\n"
    f"one, when F of the stems of their content words is {matching.ENOUGH} or more; by place, when they share more "
    f"than {places.SHARED} s of speech.\n"
    'A proposal is no decision. "Said": in the reference transcript. ROUGE of French stems: compare it with the first '
    "words of the\ndialogue, which are free, and with people, each against the others.\n"
)


def table(scores: Mapping[str, Any]) -> str:
    """Return the tables of ``MinutesScores.to_dict()``."""
    parts = [totals(scores), _phenomena(scores), _not_decided(scores), _calibration(scores), _compared(scores)]
    if any("rouge1" in row for row in scores["summaries"].values()):
        parts.append(_summaries(scores["summaries"]))
    parts += [_documents(scores), NOTE, *_said(scores)]
    parts += [_statements(name, document) for name, document in scores["documents"].items()]
    return "\n".join(part for part in parts if part)


def totals(scores: Mapping[str, Any]) -> str:
    """Return the table over all documents."""
    rows = []
    for name, found in scores["totals"].items():
        count = found["errors"] if name in PLAIN else found["length"] - found["errors"]
        rows.append([TITLES[name], _value(name, found), f"{count:g} of {found['length']:g}", _parts(found)])
    return tables.markdown(["score", "%", "right", "what is lacking"], rows)


def _phenomena(scores: Mapping[str, Any]) -> str:
    """Show which kinds of items are found."""
    rows = [
        [
            ITEMS[name],
            kind,
            tables.measured(found, ".1f", 100),
            f"{found['length'] - found['errors']:g} of {found['length']:g}",
        ]
        for name, kinds in scores.get("phenomena", {}).items()
        for kind, found in kinds.items()
    ]
    return tables.markdown(["list", "phenomenon", "found by place, %", "found"], rows, text=(0, 1)) if rows else ""


def _not_decided(scores: Mapping[str, Any]) -> str:
    """Show which kinds of what was not decided are held for a decision or a task: lower is better."""
    rows = [
        [kind, f"{100 * found['errors'] / found['length']:.1f}", f"{found['errors']:g} of {found['length']:g}"]
        for kind, found in scores.get("not_decided", {}).items()
    ]
    return tables.markdown(["not decided", "shown all the same, % (lower is better)", "shown"], rows) if rows else ""


def _calibration(scores: Mapping[str, Any]) -> str:
    """Show how far the confidence of items can be believed, and all items by their confidence."""
    found = scores.get("calibration", {})
    if not found:
        return ""
    names = [name for name in (*ITEMS, "all") if name in found]
    rows = [
        [
            ITEMS.get(name, "all"),
            *(f"{100 * found[name][key]:.1f}" for key in ("probability", "correct", "error")),
            f"{found[name]['brier']:.3f}",
            str(found[name]["count"]),
        ]
        for name in names
    ]
    bins = [
        [f"{100 * b['low']:.0f} to {100 * b['high']:.0f}", f"{100 * b['correct']:.1f}", str(b["count"])]
        for b in found["all"]["bins"]
    ]
    heads = ["items with a confidence", "mean confidence, %", "right, %", "calibration error, points", "Brier", "items"]
    return tables.markdown(heads, rows) + "\n" + tables.markdown(["confidence, %", "right, %", "items"], bins)


def _compared(scores: Mapping[str, Any]) -> str:
    """Show the cost of recognition for each score, over documents in which both sides have something to score."""
    rows = []
    for name, found in scores.get("differences", {}).items():
        both = [tables.measured({"value": found[side]}, ".1f", 100) for side in ("reference_transcript", "transcript")]
        title = TITLES.get(name) or f"summary, {METRICS[name]}"
        rows.append([title, *both, tables.measured(found, "+.1f", 100), str(found["documents"])])
    heads = ["score", "reference transcript", "this transcript", "difference", "documents"]
    return tables.markdown(heads, rows) if rows else ""


def _summaries(rows: Mapping[str, Any]) -> str:
    return tables.markdown(
        ["summary by", "documents", *COLUMNS.values()],
        [
            [who, str(row["words"]["documents"]), *(_value(name, row.get(name)) for name in COLUMNS)]
            for who, row in rows.items()
        ],
    )


def _documents(scores: Mapping[str, Any]) -> str:
    placed = "items_place_f1" in scores["totals"]
    each = [*(_placed(metric) if placed else metric for metric in EACH), *ALSO]
    heads = ["document", *(TITLES[metric] for metric in each), METRICS["rouge1"], ""]
    rows = []
    for name, document in scores["documents"].items():
        own = document["summaries"].get("minutes", {}).get("rouge1")
        state = "no minutes" if name in scores["missing"] else "stale" if name in scores["stale"] else ""
        values = [_value(metric, document["scores"].get(metric)) for metric in each]
        rows.append([name, *values, _value("rouge1", own), state])
    kept = [n for n in range(len(heads)) if not n or any(row[n] not in ("", "-") for row in rows)]
    return tables.markdown([heads[n] for n in kept], [[row[n] for n in kept] for row in rows])


def _placed(metric: str) -> str:
    """Return the name by place: ``decisions_place_f1``, ``owner_place``."""
    return metric.replace("_f1", "_place_f1") if metric.endswith("_f1") else f"{metric}_place"


def _said(scores: Mapping[str, Any]) -> list[str]:
    found = [
        (scores["missing"], "No minutes, so nothing found"),
        (scores["stale"], "Stale: made from another transcript than the one given, so their evidence may not hold"),
        *((names, f"No text by {system}, whose row is without") for system, names in scores["lacking"].items()),
    ]
    return [f"{what}: {', '.join(names)}.\n" for names, what in found if names]


def _statements(name: str, document: Mapping[str, Any]) -> str:
    """Show the statements of a document with the reference's, and the evidence that does not hold."""
    rows = [
        [LISTS[kind], pair["kind"], f"{pair['f']:.2f}", _statement(pair["reference"]), _statement(pair["found"])]
        for kind, pairs in document["statements"].items()
        for pair in pairs
    ]
    lines = [f"**{name}**\n"] if rows or document["faults"] else []
    if rows:
        heads = ["list", "", "F", "reference", "minutes (or the nearest)"]
        lines.append(tables.markdown(heads, rows, text=range(5)))
    lines += [
        f"- evidence of {fault['kind']} {_cell(fault['text'])!r}: {fault['reason']}" for fault in document["faults"]
    ]
    return "\n".join(lines) + "\n" if lines else ""


def _statement(found: Sequence[str] | None) -> str:
    if found is None:
        return "-"
    text, attributes = found
    return _cell(text) + (f" [{_cell(attributes)}]" if attributes else "")


def _value(name: str, found: Mapping[str, Any] | None) -> str:
    """Format a mean number of words or a percentage, with its interval if there is one."""
    return tables.measured(found, ".0f") if name == "words" else tables.measured(found, ".1f", 100)


def _parts(found: Mapping[str, Any]) -> str:
    parts = {k: v for k, v in found.items() if k not in COUNTS and k != "supported" and v}
    return ", ".join(f"{count:g} {part.replace('_', ' ')}" for part, count in parts.items())


def _cell(text: str) -> str:
    """Return a text without bars and line ends, for a cell."""
    return " ".join(text.replace("|", "/").split())
