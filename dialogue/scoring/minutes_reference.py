"""Minutes that people wrote, as a reference: ``dialogue/minutes/1``, or a plain object.

The plain object is that of :mod:`dialogue.learning.tasks.sections`. An item may be an object that also says which
phenomenon it is, and where it was said: by ids of utterances, their positions from 0, or times in seconds. Items of
``not_decided`` are what a careless writer would hold for decided, or for a task::

    {"decisions": [{"text": "Louer la sono", "kind": "agreed", "evidence": ["u1", "u3", "u4"]}],
     "actions": [{"what": "Appeler", "owner": "Luc", "due": null, "kind": "volunteered", "evidence": [4]}],
     "next_meeting": {"text": "2024-06-03T18:30", "kind": "fixed", "evidence": [[61.5, 64.0]]},
     "not_decided": [{"text": "Faire payer l'entrée", "kind": "refused", "evidence": ["u8", "u9"]}]}
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from dialogue.minutes.document import SCHEMA, Decision, Minutes, MinutesError
from dialogue.scoring.places import Place, cited

LISTS = {"decisions": "decisions", "actions": "actions", "open_questions": "open questions"}
ITEMS = {**LISTS, "next_meeting": "next meeting"}
NOT_DECIDED = "not_decided"
SECTIONS = frozenset({"date", "summary", *ITEMS})


@dataclass(frozen=True, slots=True)
class ReferenceItem:
    """An item of the reference: which phenomenon it is (empty if that is not said), and where it was said."""

    text: str
    kind: str = ""
    evidence: tuple[Place, ...] = ()


@dataclass(frozen=True, slots=True)
class Reference:
    """Minutes that people wrote, and which sections they wrote.

    About an absent section nothing is known; an empty section says that there is none.

    Attributes:
        items: list (of ``ITEMS``, or ``not_decided``) -> its items; of decisions, those that were decided.
    """

    minutes: Minutes
    sections: frozenset[str]
    items: Mapping[str, tuple[ReferenceItem, ...]] = field(default_factory=dict)

    @property
    def marked(self) -> bool:
        """Whether an item says where it was said."""
        return any(item.evidence for items in self.items.values() for item in items)

    @property
    def placed(self) -> bool:
        """Whether every item of minutes says where it was said."""
        return all(item.evidence for name in ITEMS for item in self.items.get(name, ()))

    @classmethod
    def from_dict(cls, value: Mapping[str, Any]) -> Reference:
        """Read ``dialogue/minutes/1`` or the plain object. In the latter, dates are ISO 8601 or as people wrote them.

        Raises:
            MinutesError: a field is not accepted; the message names it.
        """
        if value.get("schema") == SCHEMA:
            ours = Minutes.from_dict(value)
            return cls(ours, SECTIONS if ours.meeting.date else SECTIONS - {"date"}, _ours(ours))
        items = {name: _list(value, name, "what" if name == "actions" else "text") for name in (*LISTS, NOT_DECIDED)}
        following = value.get("next_meeting")
        items["next_meeting"] = (_item(following, "next_meeting"),) if following else ()
        whole = {
            "schema": SCHEMA,
            "meeting": {"id": "reference", "date": value.get("date")},
            "provenance": {"transcript_sha256": "", "engine": "people", "language": "fr"},
            "summary": {"text": value.get("summary") or ""},
            "decisions": [
                {"id": f"d{n}", "text": d.text, "status": "decided"} for n, d in enumerate(items["decisions"])
            ],
            "actions": [
                {"id": f"a{n}", "what": a["what"], "owner": a.get("owner"), "due_iso": a.get("due")}
                for n, a in enumerate(value.get("actions", ()))
            ],
            "open_questions": [{"text": q.text} for q in items["open_questions"]],
            "next_meeting": {"raw": n.text, "iso": n.text} if (n := next(iter(items["next_meeting"]), None)) else None,
        }
        known = SECTIONS & {k for k, v in value.items() if v is not None or k == "next_meeting"}
        return cls(Minutes.from_dict(whole), known, items)


def _ours(minutes: Minutes) -> dict[str, tuple[ReferenceItem, ...]]:
    def decisions(decided: bool) -> list[Decision]:
        return [d for d in minutes.decisions if (d.status == "decided") is decided]

    following = [minutes.next_meeting] if minutes.next_meeting else []
    return {
        "decisions": tuple(ReferenceItem(d.text, "", (*cited(d.evidence),)) for d in decisions(True)),
        "actions": tuple(ReferenceItem(a.what, "", (*cited(a.evidence),)) for a in minutes.actions),
        "open_questions": tuple(ReferenceItem(q.text, "", (*cited(q.evidence),)) for q in minutes.open_questions),
        "next_meeting": tuple(ReferenceItem(n.raw, "", (*cited(n.evidence),)) for n in following),
        NOT_DECIDED: tuple(ReferenceItem(d.text, d.status, (*cited(d.evidence),)) for d in decisions(False)),
    }


def _list(value: Mapping[str, Any], name: str, text: str) -> tuple[ReferenceItem, ...]:
    found = value.get(name)
    if found is None and name not in value:
        return ()
    if not isinstance(found, list):
        raise MinutesError(f"{name}: found {type(found).__name__}. Accepted: a list.")
    return tuple(_item(each, name, text) for each in found)


def _item(value: Any, name: str, text: str = "text") -> ReferenceItem:
    if isinstance(value, str) and text == "text":
        return ReferenceItem(value)
    if not isinstance(value, Mapping) or not isinstance(value.get(text), str):
        accepted = "a text, or an object with text" if text == "text" else "an object with what, owner, due"
        raise MinutesError(f"{name}: found {value!r:.80}. Accepted: {accepted}, and kind and evidence where known.")
    kind, evidence = value.get("kind") or "", value.get("evidence") or []
    if not isinstance(kind, str):
        raise MinutesError(f"{name}, kind: found {kind!r:.80}. Accepted: a word.")
    if not isinstance(evidence, list):
        raise MinutesError(f"{name}, evidence: found {evidence!r:.80}. Accepted: a list.")
    return ReferenceItem(value[text], kind, tuple(_place(each, name) for each in evidence))


def _place(value: Any, name: str) -> Place:
    if isinstance(value, str | int) and not isinstance(value, bool):
        return value
    if isinstance(value, list) and len(value) == 2 and all(isinstance(v, int | float) for v in value):
        return float(value[0]), float(value[1])
    raise MinutesError(
        f"{name}, evidence: found {value!r:.80}. Accepted: the id of an utterance, its position from 0, or "
        "[start, end] in seconds."
    )
