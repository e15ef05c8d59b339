"""Corrections of the items of the minutes: edited, accepted (also from those to verify) or rejected.

They are applied after the minutes are written, by rules or by a model. An item is found by its words and by when its
evidence was said. One that a person wrote or accepted, and that new minutes lack, is put back with its evidence.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal

from dialogue.core.transcript import Transcript
from dialogue.corrections.application import Unreplayed
from dialogue.corrections.correction import (
    OF_MINUTES,
    Correction,
    CorrectionError,
    ItemAnchor,
    ItemKind,
    WordAnchor,
    one_name,
)
from dialogue.corrections.draft import Draft, end_of, start_of
from dialogue.corrections.finding import find_words, told
from dialogue.corrections.spans import Span, length, shared, united
from dialogue.french.dates import mentions
from dialogue.french.names import same_name
from dialogue.french.text import normalised, overlap
from dialogue.minutes.document import Action, Decision, Evidence, Minutes, NextMeeting, Point, Topic, ToVerify

LETTERS: dict[str, str] = {"decision": "d", "action": "a", "open_question": "q", "point": "p", "next_meeting": "n"}
STATUSES = {"decision": ("decided", "proposed", "rejected"), "action": ("open", "done")}
ALIKE = 0.5  # share of the words, and of the seconds of evidence, from which two items are one


@dataclass(frozen=True, slots=True)
class ListedItem:
    """An item of the minutes with the id that people use: ``d1``, ``a2``, ``q1``, ``p3``, ``n1``; ``v1`` to verify."""

    id: str
    item: Any  # Decision, Action, Point, NextMeeting or ToVerify
    anchor: ItemAnchor


def listed(minutes: Minutes) -> list[ListedItem]:
    """Return all items of the minutes, in order."""
    found: list[tuple[ItemKind, Any]] = [("decision", d) for d in minutes.decisions]
    found += [("action", a) for a in minutes.actions]
    found += [("open_question", q) for q in minutes.open_questions]
    found += [("point", p) for t in minutes.topics for p in t.points]
    found += [("next_meeting", minutes.next_meeting)] if minutes.next_meeting else []
    found += [(v.kind, v) for v in minutes.to_verify]
    counts: dict[str, int] = {}
    items = []
    for kind, item in found:
        letter = "v" if isinstance(item, ToVerify) else LETTERS[kind]
        counts[letter] = counts.get(letter, 0) + 1
        items.append(ListedItem(f"{letter}{counts[letter]}", item, _anchor(kind, item)))
    return items


def corrected_minutes(
    minutes: Minutes, transcript: Transcript, corrections: Iterable[Correction]
) -> tuple[Minutes, tuple[Unreplayed, ...]]:
    """Return the minutes with the corrections of their items, and what could not be replayed.

    Args:
        minutes: as they were written.
        transcript: the corrected one.
        corrections: those in effect, in order.
    """
    minutes, left = _with_names(minutes, transcript), []
    for correction in corrections:
        if correction.do in OF_MINUTES:
            try:
                minutes = _applied(minutes, transcript, correction)
            except CorrectionError as error:
                left.append(Unreplayed(correction, str(error)))
    return minutes, tuple(left)


@dataclass(frozen=True, slots=True)
class MinutesEditor:
    """Makes corrections of the items of minutes; they are neither applied nor written."""

    minutes: Minutes
    by: str

    def edit(
        self,
        id: str,
        text: str | None = None,
        owner: str | None = None,
        due: str | None = None,
        status: str | None = None,
    ) -> Correction:
        """Rewrite an item; of an action, also who does it (nobody if empty) and until when."""
        known = self._item(id).anchor
        new = known if text is None else replace(known, text=one_name(text))
        if (owner, due) != (None, None) and known.kind != "action":
            raise CorrectionError(f"{id} is no action. Accepted: --owner and --due of an action.")
        accepted = STATUSES.get(known.kind, ())
        if status is not None and status not in accepted:
            raise CorrectionError(f"status: found {status!r}. Accepted: {', '.join(accepted) or 'none for this item'}.")
        new = replace(
            new,
            owner=known.owner if owner is None else owner.strip() or None,
            due=known.due if due is None else due.strip() or None,
            status=status or known.status,
        )
        if new == known:
            raise CorrectionError(f"{id}: nothing to change. Accepted: a new text, owner, due date or status.")
        return self._made("edit", known, new)

    def accept(self, id: str) -> Correction:
        """Say that an item is right; one that is to be verified goes into its list."""
        return self._made("accept", self._item(id).anchor)

    def reject(self, id: str) -> Correction:
        """Take an item out of the minutes."""
        return self._made("reject", self._item(id).anchor)

    def order(self, id: str, before: str | None = None) -> Correction:
        """Put an item before another one of its list, or at the end of it."""
        item, other = self._item(id), self._item(before) if before else None
        if other and (other.anchor.kind, other.anchor.to_verify) != (item.anchor.kind, item.anchor.to_verify):
            raise CorrectionError(f"{before} is in another list than {id}. Accepted: an item of the same list.")
        return self._made("order", item.anchor, other.anchor if other else None)

    def _item(self, id: str) -> ListedItem:
        items = {each.id: each for each in listed(self.minutes)}
        if id not in items:
            raise CorrectionError(f"no item {id}. Accepted: {', '.join(items) or 'none: the minutes have no items'}.")
        return items[id]

    def _made(
        self, do: Literal["edit", "accept", "reject", "order"], item: ItemAnchor, edited: ItemAnchor | None = None
    ) -> Correction:
        after = edited.text if edited else None
        recording = self.minutes.meeting.id
        return Correction("", "", self.by, recording, do, item=item, edited=edited, before=item.text, after=after)


def _anchor(kind: ItemKind, item: Any) -> ItemAnchor:
    text = item.what if isinstance(item, Action) else item.raw if isinstance(item, NextMeeting) else item.text
    quotes = tuple(WordAnchor(round(e.start, 3), round(e.end, 3), e.quote) for e in item.evidence)
    if isinstance(item, Action):
        return ItemAnchor(kind, text, quotes, item.owner, item.due_raw or item.due_iso, item.status)
    status = item.status if isinstance(item, Decision) else None
    return ItemAnchor(kind, text, quotes, status=status, to_verify=isinstance(item, ToVerify))


def _applied(minutes: Minutes, transcript: Transcript, correction: Correction) -> Minutes:
    assert correction.item
    found = _find(minutes, correction.item)
    if correction.do == "order":
        before = _find(minutes, correction.edited) if correction.edited else None
        if found is None or (before is None and correction.edited):
            raise CorrectionError("it is not in the minutes any more, or what it stood before is not.")
        return _moved(minutes, found.item, before and before.item)
    if found is None and correction.edited:
        found = _find(minutes, correction.edited)
    if correction.do == "reject":
        return _exchanged(minutes, found.item, None) if found else minutes
    wanted = correction.edited or replace(correction.item, to_verify=False)
    if found is None:
        wanted = replace(wanted, to_verify=False)
        return _put(minutes, _built(minutes, transcript, wanted, _evidence(transcript, wanted.quotes)), wanted.kind)
    if correction.do == "edit":
        return _exchanged(minutes, found.item, _built(minutes, transcript, wanted, found.item.evidence))
    if isinstance(found.item, ToVerify):
        item = _built(minutes, transcript, replace(found.anchor, to_verify=False), found.item.evidence)
        return _put(_exchanged(minutes, found.item, None), item, found.anchor.kind)
    sure = found.item if isinstance(found.item, NextMeeting) else replace(found.item, confidence=1.0)
    return _exchanged(minutes, found.item, sure)


def _find(minutes: Minutes, anchor: ItemAnchor) -> ListedItem | None:
    """Return the item of the same kind that says most nearly the same; words count first, then when they were said."""
    best: tuple[float, ListedItem] | None = None
    when = _spans(anchor)
    for each in listed(minutes):
        if each.anchor.kind != anchor.kind:
            continue
        equal = normalised(each.anchor.text) == normalised(anchor.text)
        own = _spans(each.anchor)
        together = shared(when, own) / min(length(when), length(own)) if when and own else 0.0
        alike = overlap(each.anchor.text, anchor.text)
        share = 2 + together + (each.anchor.to_verify == anchor.to_verify) if equal else alike + together
        if (equal or (alike >= ALIKE and together >= ALIKE)) and (best is None or share > best[0]):
            best = share, each
    return best[1] if best else None


def _spans(anchor: ItemAnchor) -> list[Span]:
    return united((q.start, q.end) for q in anchor.quotes)


def _evidence(transcript: Transcript, quotes: Sequence[WordAnchor]) -> tuple[Evidence, ...]:
    """Return where quotations are said now.

    Raises:
        CorrectionError: there are some, and none is said any more.
    """
    draft, found = Draft(transcript), []
    for quote in quotes:
        if pieces := find_words(draft, quote):
            words = [w for p in pieces for w in p.words]
            ids = tuple(p.line.utterance.id for p in pieces)
            found.append(Evidence(ids, start_of(words[0]), max(map(end_of, words)), told(words)))
    if quotes and not found:
        raise CorrectionError("it is not in the minutes any more, and its evidence is not said any more.")
    return tuple(found)


def _built(
    minutes: Minutes, transcript: Transcript, anchor: ItemAnchor, evidence: tuple[Evidence, ...]
) -> Decision | Action | Point | NextMeeting | ToVerify:
    """Return the item that a person wrote or accepted."""
    if anchor.to_verify:
        return ToVerify(anchor.kind, anchor.text, "", evidence)
    if anchor.kind == "decision":
        return Decision("", anchor.text, anchor.status or "decided", evidence, 1.0)  # type: ignore[arg-type]
    if anchor.kind == "next_meeting":
        return NextMeeting(anchor.text, _iso(minutes, anchor.text), evidence)
    if anchor.kind != "action":
        return Point(anchor.text, evidence, 1.0)
    owner = next((p for p in minutes.participants if anchor.owner and p.name and same_name(p.name, anchor.owner)), None)
    owner_id = owner.id if owner else next((s.id for s in transcript.speakers if s.id == anchor.owner), None)
    iso = _iso(minutes, anchor.due) if anchor.due else None
    name = owner.name if owner else anchor.owner
    status = anchor.status or "open"
    return Action("", anchor.text, name, owner_id, None, anchor.due, iso, status, evidence, 1.0)  # type: ignore[arg-type]


def _iso(minutes: Minutes, text: str) -> str | None:
    """Return a date that a person wrote, resolved from that of the meeting."""
    try:
        return datetime.date.fromisoformat(text.strip()).isoformat()
    except ValueError:
        day = datetime.date.fromisoformat(minutes.meeting.date) if minutes.meeting.date else None
        return next((iso for said in (text, f"pour {text}") for m in mentions(said) if (iso := m.iso(day))), None)


def _exchanged(minutes: Minutes, old: Any, new: Any) -> Minutes:
    """Return the minutes with another item in the place of one, or without it."""
    following = new if minutes.next_meeting is old else minutes.next_meeting
    return replace(_changed(minutes, lambda items: _exchange(items, old, new)), next_meeting=following)


def _moved(minutes: Minutes, item: Any, before: Any) -> Minutes:
    """Return the minutes with an item before another one of its list, or at the end of it."""

    def moved(items: tuple[Any, ...]) -> Iterator[Any]:
        held = any(each is item for each in items)
        for each in items:
            if held and each is before:
                yield item
            if each is not item:
                yield each
        if held and not any(each is before for each in items):
            yield item

    return _changed(minutes, moved)


def _changed(minutes: Minutes, change: Callable[[tuple[Any, ...]], Iterable[Any]]) -> Minutes:
    """Return the minutes with each list of items changed, and numbered again."""
    return replace(
        minutes,
        decisions=tuple(replace(d, id=f"d{n}") for n, d in enumerate(change(minutes.decisions), 1)),
        actions=tuple(replace(a, id=f"a{n}") for n, a in enumerate(change(minutes.actions), 1)),
        open_questions=tuple(change(minutes.open_questions)),
        topics=tuple(replace(t, points=tuple(change(t.points))) for t in minutes.topics),
        to_verify=tuple(change(minutes.to_verify)),
    )


def _exchange(items: Iterable[Any], old: Any, new: Any) -> Iterator[Any]:
    for item in items:
        if item is not old:
            yield item
        elif new is not None:
            yield replace(new, reason=old.reason) if isinstance(new, ToVerify) else new


def _put(minutes: Minutes, item: Any, kind: ItemKind) -> Minutes:
    """Return the minutes with one more item, before the first one that was said later."""

    def added(items: Sequence[Any]) -> tuple[Any, ...]:
        place = next((n for n, each in enumerate(items) if _begin(each) > _begin(item)), len(items))
        return (*items[:place], item, *items[place:])

    if kind == "decision":
        new = replace(minutes, decisions=added(minutes.decisions))
    elif kind == "action":
        new = replace(minutes, actions=added(minutes.actions))
    elif kind == "open_question":
        new = replace(minutes, open_questions=added(minutes.open_questions))
    elif kind == "next_meeting":
        new = replace(minutes, next_meeting=item)
    else:
        topics = list(minutes.topics) or [Topic(None)]
        begins = {a.id: a.start for a in minutes.agenda}
        earlier = [n for n, t in enumerate(topics) if t.agenda_id and begins.get(t.agenda_id, 0.0) <= _begin(item)]
        place = max(earlier, default=0)
        topics[place] = replace(topics[place], points=added(topics[place].points))
        new = replace(minutes, topics=tuple(topics))
    return _changed(new, lambda items: items)  # numbers them again


def _begin(item: Any) -> float:
    return float(item.evidence[0].start) if item.evidence else 0.0


def _with_names(minutes: Minutes, transcript: Transcript) -> Minutes:
    """Return minutes that may be older than the transcript with the names that people gave."""
    given = {s.id: s.name for s in transcript.speakers if s.name and s.attributes.get("name_source") == "manual"}
    known = {p.id: p.name for p in minutes.participants}
    if all(known.get(id) == name for id, name in given.items()):
        return minutes
    return replace(
        minutes,
        participants=tuple(
            replace(p, name=given[p.id], name_source="manual") if p.id in given else p for p in minutes.participants
        ),
        actions=tuple(replace(a, owner=given.get(a.owner_id or "", a.owner)) for a in minutes.actions),
    )
