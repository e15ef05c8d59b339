"""Scores of minutes by where their items were said: of each list, of each phenomenon, and of what was not decided."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from dialogue.core.transcript import Transcript
from dialogue.minutes.document import Evidence, Minutes
from dialogue.scoring.calibration import Outcome
from dialogue.scoring.matching import Pair, f_measure, found_and_missed, stems
from dialogue.scoring.minutes_reference import NOT_DECIDED, Reference
from dialogue.scoring.places import cited, match_places, spans
from dialogue.scoring.rate import Rate

MAY_BE_WRONG = ("decisions", "actions")  # lists in which something that was not decided may be shown


@dataclass(frozen=True, slots=True)
class FoundItem:
    """An item of minutes, as it is scored by place."""

    text: str
    evidence: tuple[Evidence, ...]
    confidence: float | None = None


@dataclass(frozen=True)
class PlacedScores:
    """The scores of one meeting by place.

    Attributes:
        rates: score -> rate of errors.
        pairs: list -> the items of the reference and of the minutes, paired; ``f`` compares their words.
        phenomena: list -> phenomenon -> items of the reference, and how many were missed.
        not_decided: phenomenon -> what was not decided, and how much of it is shown as a decision or a task.
        outcomes: list -> confidence of each item that has one, and whether it is right.
    """

    rates: Mapping[str, Rate]
    pairs: Mapping[str, Sequence[Pair]]
    phenomena: Mapping[str, Mapping[str, Rate]]
    not_decided: Mapping[str, Rate]
    outcomes: Mapping[str, Sequence[Outcome]]


def found_items(minutes: Minutes) -> dict[str, list[FoundItem]]:
    """Return the items of each list. A proposal, rejected or not, is no decision."""
    following = [minutes.next_meeting] if minutes.next_meeting else []
    decided = [d for d in minutes.decisions if d.status == "decided"]
    return {
        "decisions": [FoundItem(d.text, d.evidence, d.confidence) for d in decided],
        "actions": [FoundItem(a.what, a.evidence, a.confidence) for a in minutes.actions],
        "open_questions": [FoundItem(q.text, q.evidence, q.confidence) for q in minutes.open_questions],
        "next_meeting": [FoundItem(n.raw, n.evidence) for n in following],
    }


def score_places(minutes: Minutes, reference: Reference, said: Transcript) -> PlacedScores:
    """Score the sections that the reference has.

    Args:
        said: transcript that the evidence of the reference cites.

    Raises:
        MinutesError: it cites an utterance that does not exist.
    """
    rates: dict[str, Rate] = {}
    pairs: dict[str, list[Pair]] = {}
    phenomena: dict[str, dict[str, Rate]] = {}
    outcomes: dict[str, list[Outcome]] = {}
    left: list[tuple[str, FoundItem]] = []  # items that match none of the reference
    for name, found in found_items(minutes).items():
        if name not in reference.sections:
            continue
        wanted = reference.items.get(name, ())
        places = [spans(item.evidence, said) for item in wanted]
        same = dict(match_places(places, [cited(item.evidence) for item in found]))
        pairs[name] = _pairs([item.text for item in wanted], [item.text for item in found], same)
        rates |= found_and_missed(f"{name}_place", pairs[name])
        phenomena[name] = _by_kind([(item.kind, n not in same, "missed") for n, item in enumerate(wanted) if item.kind])
        right = set(same.values())
        outcomes[name] = [(i.confidence, n in right) for n, i in enumerate(found) if i.confidence is not None]
        left += [(name, item) for n, item in enumerate(found) if n not in right and name in MAY_BE_WRONG]
    rates |= found_and_missed("items_place", [pair for each in pairs.values() for pair in each])
    not_decided = [item for item in reference.items.get(NOT_DECIDED, ()) if item.evidence]
    same = dict(match_places([spans(i.evidence, said) for i in not_decided], [cited(i.evidence) for _, i in left]))
    if not_decided:
        parts = {f"in {name}": float(sum(left[n][0] == name for n in same.values())) for name in MAY_BE_WRONG}
        rates["not_decided"] = Rate(len(same), len(not_decided), parts)
    shown = _by_kind([(item.kind or "other", n in same, "shown") for n, item in enumerate(not_decided)])
    return PlacedScores(rates, pairs, phenomena, shown, outcomes)


def _pairs(wanted: Sequence[str], found: Sequence[str], same: Mapping[int, int]) -> list[Pair]:
    matched = [Pair("matched", r, c, f_measure(stems(wanted[r]), stems(found[c]))) for r, c in sorted(same.items())]
    missed = [Pair("missed", r, None, 0.0) for r in range(len(wanted)) if r not in same]
    return [*matched, *missed, *(Pair("extra", None, c, 0.0) for c in range(len(found)) if c not in same.values())]


def _by_kind(counted: Sequence[tuple[str, bool, str]]) -> dict[str, Rate]:
    """Count errors of each kind: ``(kind, whether it is an error, its name)``."""
    rates: dict[str, Rate] = {}
    for kind, wrong, name in counted:
        rates[kind] = rates.get(kind, Rate(0, 0)) + Rate(wrong, 1, {name: int(wrong)})
    return dict(sorted(rates.items()))
