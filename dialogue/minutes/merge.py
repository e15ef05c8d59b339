"""Merge the answers for all parts: items become those of the minutes, with evidence, and repeated items are joined."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace
from typing import Any

from dialogue.core.transcript import Transcript
from dialogue.french.dates import mentions
from dialogue.french.text import normalised, overlap
from dialogue.minutes.document import Action, Decision, Evidence, Minutes, NextMeeting, Point, Topic, ToVerify
from dialogue.minutes.rules.citations import cited
from dialogue.minutes.rules.extract import Extract, unstated

SAME = 0.7  # overlap of content words from which two items count as the same


class Merged:
    """Collects the items of all parts of a meeting, whether from a model or from rules."""

    def __init__(self, found: Extract, rules: Minutes) -> None:
        self.found, self.rules = found, rules
        self.points: list[Point] = []
        self.decisions: list[Decision] = []
        self.actions: list[Action] = []
        self.questions: list[Point] = []
        self.next: NextMeeting | None = None
        self.unproved: list[ToVerify] = []

    def add_rules(self, ids: Collection[str]) -> None:
        """Add what the rules found in these utterances."""

        def here(evidence: tuple[Evidence, ...]) -> bool:
            return bool(evidence) and evidence[0].utterance_ids[0] in ids

        self.points += [p for t in self.rules.topics for p in t.points if here(p.evidence)]
        for decision in self.rules.decisions:
            if here(decision.evidence):
                self._decision(decision)
        for action in self.rules.actions:
            if here(action.evidence):
                self._action(action)
        self.questions += [q for q in self.rules.open_questions if here(q.evidence)]
        if self.rules.next_meeting and here(self.rules.next_meeting.evidence):
            self.next = self.rules.next_meeting

    def add_missed(self, ids: Collection[str]) -> None:
        """Add what was found without the model in these utterances, unless it cites one of them for such an item."""

        def missed(item: Decision | Action | Point, known: Sequence[Decision | Action | Point]) -> bool:
            own = cited(item)
            return (
                bool(own)
                and next(iter(item.evidence)).utterance_ids[0] in ids
                and not any(own & cited(other) for other in known)
            )

        for decision in [d for d in self.rules.decisions if d.status == "decided" and missed(d, self.decisions)]:
            self._decision(decision)
        for action in [a for a in self.rules.actions if missed(a, self.actions)]:
            self._action(action)
        for question in [q for q in self.rules.open_questions if missed(q, self.questions)]:
            _add_point(self.questions, question)
        following = self.rules.next_meeting
        if self.next is None and following and following.evidence[0].utterance_ids[0] in ids:
            self.next = following

    def add(self, answer: dict[str, Any], ids: Collection[str], transcript: Transcript) -> None:
        """Add a model's answer for one part; evidence from outside the part is rejected."""
        evidence = _Evidence(ids, transcript)
        for item in _items(answer, "points"):
            text = _text(item, "text")
            if text and (proof := self._proof("point", text, item, evidence)):
                _add_point(self.points, Point(text, (proof,)))
        for item in _items(answer, "decisions"):
            if (text := _text(item, "text")) and (proof := self._proof("decision", text, item, evidence)):
                status = item.get("status")
                status = status if status in ("decided", "proposed", "rejected") else "proposed"
                self._decision(Decision("d", text, status, (proof,)))  # type: ignore[arg-type]
        for item in _items(answer, "actions"):
            if (text := _text(item, "what")) and (proof := self._proof("action", text, item, evidence)):
                owner = _text(item, "owner")
                shown = self.found.names.shown
                speaker = self.found.names.speaker(owner) or next(
                    (s.id for s in transcript.speakers if owner in (s.id, shown(s.id))), None
                )
                name = shown(speaker) or owner
                self._action(
                    Action(
                        "a",
                        text,
                        name,
                        speaker,
                        proof if name else None,
                        _text(item, "due"),
                        None,
                        "open",
                        (proof,),
                        0.6,
                    )
                )
        for item in _items(answer, "open_questions"):
            text = _text(item, "text")
            if text and (proof := self._proof("open_question", text, item, evidence)):
                _add_point(self.questions, Point(text, (proof,)))
        later = answer.get("next_meeting")
        raw = _text(later, "raw") if isinstance(later, dict) else None
        if raw and (proof := self._proof("next_meeting", raw, dict(later or {}), evidence)):
            if self.rules.provenance.language != "fr" or any(mentions(raw)):
                self.next = NextMeeting(raw, None, (proof,))
            else:  # "on se recroise"
                self.unproved.append(ToVerify("next_meeting", raw, "no day is named", (proof,)))

    def minutes(self, summary: Point) -> Minutes:
        """Return the merged minutes, with each point under the agenda topic of its time, if there is an agenda."""
        topics = [] if self.rules.agenda else [Topic(None, tuple(self.points))]
        for number, item in enumerate(self.rules.agenda):
            last = number == len(self.rules.agenda) - 1
            topics.append(
                Topic(
                    item.id,
                    tuple(
                        p
                        for p in self.points
                        if item.start <= p.evidence[0].start and (last or p.evidence[0].start < item.end)
                    ),
                )
            )
        return replace(
            self.rules,
            summary=summary,
            topics=tuple(topics),
            decisions=tuple(self.decisions),
            actions=tuple(self.actions),
            open_questions=tuple(self.questions),
            next_meeting=self.next,
            to_verify=(
                *self.unproved,
                *unstated(self.rules.to_verify, [*self.decisions, *self.actions, *self.questions]),
            ),
        )

    def _proof(self, kind: str, text: str, item: dict[str, Any], evidence: _Evidence) -> Evidence | None:
        proof, reason = evidence.of(item)
        if proof is None:
            self.unproved.append(ToVerify(kind, text, reason))  # type: ignore[arg-type]
        return proof

    def _decision(self, new: Decision) -> None:
        for n, old in enumerate(self.decisions):
            if overlap(old.text, new.text) >= SAME:
                status = new.status if new.status != "proposed" else old.status
                self.decisions[n] = replace(old, status=status, evidence=(*old.evidence, *new.evidence))
                return
        self.decisions.append(new)

    def _action(self, new: Action) -> None:
        for n, old in enumerate(self.actions):
            if overlap(old.what, new.what) >= SAME and (None in (old.owner, new.owner) or old.owner == new.owner):
                best, rest = (old, new) if old.owner or not new.owner else (new, old)
                self.actions[n] = replace(
                    best, due_raw=best.due_raw or rest.due_raw, evidence=(*old.evidence, *new.evidence)
                )
                return
        self.actions.append(new)


class _Evidence:
    def __init__(self, ids: Collection[str], transcript: Transcript) -> None:
        self.utterances = {u.id: u for u in transcript.utterances if u.id in ids}

    def of(self, item: dict[str, Any]) -> tuple[Evidence | None, str]:
        """Return the evidence that an item cites, or why it is rejected."""
        claimed = item.get("ids")
        claimed = [claimed] if isinstance(claimed, str) else claimed if isinstance(claimed, list) else []
        names = [str(c).strip("[] ") for c in claimed]
        known = [u for u in self.utterances.values() if u.id in names]
        if not names or len(known) < len(set(names)):
            return None, "cites utterances that are not in this part" if names else "cites no utterance"
        said = " ".join(u.text for u in known)
        quote = _text(item, "quote")
        quote = said if quote is None else quote
        if not normalised(quote) or f" {normalised(quote)} " not in f" {normalised(said)} ":
            return None, "the quotation is not in the cited utterances"
        return Evidence(tuple(u.id for u in known), known[0].start, max(u.end for u in known), quote), ""


def _add_point(points: list[Point], new: Point) -> None:
    if not any(overlap(new.text, p.text) >= SAME for p in points):
        points.append(new)


def _items(answer: dict[str, Any], key: str) -> list[dict[str, Any]]:
    return [i for i in answer.get(key, []) if isinstance(i, dict)]


def _text(item: dict[str, Any], key: str) -> str | None:
    value = item.get(key)
    return value.strip() if isinstance(value, str) and value.strip() and value.strip().lower() != "null" else None
