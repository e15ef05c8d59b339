"""What items inherit along ``derived_from``: licences, terms of access, personal and sensitive data.

Data pass these on to everything that is made from them, models and software only to other models and software: the
transcript that a model wrote is not under the model's licence. Publications, reports and deliverables quote, and
inherit nothing.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Literal

from dialogue.corpus import Card
from dialogue.plan import licences
from dialogue.plan.measures import Facts

QUOTING = ("publication", "report", "deliverable")
OPENNESS = {"closed": 0, "restricted": 1, "embargoed": 1, "open": 2}


@dataclass(frozen=True)
class Problem:
    """Something wrong with an item. ``error``: the plan is refused; ``warning``: somebody should look at it."""

    item: str
    text: str
    kind: Literal["error", "warning"] = "error"

    def __str__(self) -> str:
        return f"{self.item}: {self.text}"


def cycle(cards: Mapping[str, Card]) -> list[str]:
    """Return the ids of a circle in the lineage, its first one again at the end; empty if there is none."""
    done: set[str] = set()

    def walk(name: str, path: list[str]) -> list[str]:
        if name in path:
            return [*path[path.index(name) :], name]
        if name in done or name not in cards:
            return []
        for parent in cards[name].derived_from:
            if found := walk(parent, [*path, name]):
                return found
        done.add(name)
        return []

    return next((found for name in cards if (found := walk(name, []))), [])


def in_order(cards: Mapping[str, Card]) -> list[str]:
    """Return the ids, parents before what derives from them; the cards have no circle."""
    ordered: dict[str, None] = {}

    def add(name: str) -> None:
        if name in cards and name not in ordered:
            for parent in cards[name].derived_from:
                add(parent)
            ordered[name] = None

    for name in cards:
        add(name)
    return list(ordered)


def inherit(cards: Mapping[str, Card], facts: Mapping[str, Facts]) -> tuple[dict[str, Card], list[Problem]]:
    """Return the cards with what they inherit, and what is wrong in the lineage.

    An unknown licence of derived data becomes that of what they derive from; what is not said about personal data
    becomes ``yes`` if they derive from such. A model trained on personal data is ``unknown`` until there is a test of
    what it memorised.
    """
    if circle := cycle(cards):
        text = f"derived_from goes round in a circle: {' -> '.join(circle)}. Accepted: no item derives from itself."
        return dict(cards), [Problem(circle[0], text)]
    problems: list[Problem] = []
    known: dict[str, Card] = {}
    for name in in_order(cards):
        card = cards[name]
        for parent in card.derived_from:
            if parent not in cards:
                near = difflib.get_close_matches(parent, cards, n=2)
                hint = f"Did you mean {' or '.join(near)}? " if near else ""
                problems.append(Problem(name, f"derived_from: no card has the id {parent!r}. {hint}Add one."))
        parents = [known[p] for p in card.derived_from if p in known and passes_on(known[p], card)]
        tested = name in facts and facts[name].memorisation_test is not None
        found = [*_refused(card, parents), *(("error", text) for text in _denied(card, parents, tested))]
        ours = card.role != "consumed"  # what others published is theirs to answer for
        problems += [Problem(name, text, "error" if ours and kind == "error" else "warning") for kind, text in found]
        known[name] = _inherited(card, parents, tested)
    return {name: known[name] for name in cards}, problems


def passes_on(parent: Card, child: Card) -> bool:
    """Tell whether a licence and personal data of the parent concern the child."""
    if child.kind in QUOTING or parent.kind in QUOTING:
        return False
    return parent.kind == "dataset" or parent.kind == child.kind


def _refused(card: Card, parents: list[Card]) -> Iterator[tuple[Literal["error", "warning"], str]]:
    """Yield what the licence and the access of an item may not be, because of its parents."""
    allowed = card.diffusion.permission
    for parent in parents:
        asked = licences.terms(parent.licence)
        given = licences.terms(card.licence)
        said: list[str] = []
        if asked is None and parent.licence != "unknown" and given is not None and card.licence != parent.licence:
            yield "warning", f"licence: {parent.id} is under {parent.licence}, whose terms only people can compare."
        asked = asked or frozenset()
        if "nd" in asked and card.access != "closed":
            said.append(
                f"access: derives from {parent.id}, whose licence {parent.licence} forbids to share what is made "
                "from it. Accepted: closed."
            )
        if "nc" in asked and given is not None and "nc" not in given:
            said.append(
                f"licence: {card.licence} allows commercial use, but {parent.id} is under {parent.licence}. Accepted: "
                "a non-commercial licence."
            )
        if "sa" in asked and given is not None and not licences.covers(card.licence, parent.licence):
            said.append(
                f"licence: {card.licence}, but {parent.id} is under {parent.licence}, which asks for the same licence. "
                f"Accepted: {parent.licence} or a later version."
            )
        if OPENNESS.get(card.access, 0) > OPENNESS.get(parent.access, 2):
            said.append(
                f"access: {card.access}, but {parent.id} is {parent.access}. Accepted: {parent.access} or closed."
            )
        for text in said:
            if allowed == "unknown":
                yield "error", f"{text} If its rights holder agreed, say so in diffusion.permission."
            else:
                yield "warning", f"{text} Permitted, as its card says: {allowed}."


def _denied(card: Card, parents: list[Card], tested: bool) -> Iterator[str]:
    """Yield what contradicts a card that says that there are no personal data."""
    for parent in parents:
        if card.personal_data == "no" and parent.personal_data == "yes":
            if card.kind == "model" and not tested:
                yield (
                    f"personal_data: no, but it was trained on {parent.id}, which is personal data. Accepted: unknown, "
                    "or no with the result of `dialogue privacy probe-model` beside it."
                )
            elif card.kind != "model" and card.pseudonymisation.residual_risk == "unknown":
                yield (
                    f"personal_data: no, but it derives from {parent.id}, which is personal data, and pseudonymised "
                    "data still are. Accepted: yes; or no with pseudonymisation.residual_risk, which says why nobody "
                    "can be recognised."
                )


def _inherited(card: Card, parents: list[Card], tested: bool) -> Card:
    changes: dict[str, str] = {}
    if card.licence == "unknown" and card.role == "derived" and card.kind == "dataset" and parents:
        given = [p.licence for p in parents]
        if "unknown" not in given:
            parts = dict.fromkeys(part for licence in given for part in licence.split(" AND "))
            changes["licence"] = " AND ".join(f"({p})" if " OR " in p and len(parts) > 1 else p for p in parts)
    for field in ("personal_data", "sensitive_data"):
        said, given = getattr(card, field), [getattr(p, field) for p in parents]
        if card.kind == "model" and not tested and any(value != "no" for value in given):
            changes[field] = "unknown"
        elif said == "unknown" and card.kind != "model" and given:
            if "yes" in given:
                changes[field] = "yes"
            elif set(given) == {"no"} and card.role == "derived":
                changes[field] = "no"
    return replace(card, **changes)  # type: ignore[arg-type]
