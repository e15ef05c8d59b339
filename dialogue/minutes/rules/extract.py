"""Write extractive minutes: without a language model, and every sentence of them is in the transcript.

They need no network. The object is the same as with a language model, and the same rules check it.
"""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any, Literal, TypeVar

from dialogue.core.transcript import Transcript
from dialogue.french.sentences import Sentence, sentences
from dialogue.french.text import content_words, normalised, tidy
from dialogue.minutes.acts.items import LITTLE, Items
from dialogue.minutes.document import (
    Action,
    AgendaItem,
    Decision,
    Meeting,
    NextMeeting,
    Participant,
    Point,
    Silence,
    Topic,
    ToVerify,
)
from dialogue.minutes.rules import actions, agenda, decisions, questions, summary
from dialogue.minutes.rules.citations import cited, evidence, united
from dialogue.minutes.rules.people import Names, speaking_time

LONG = 60  # sentences of a part from which points are taken, in a meeting without an agenda
MOST_PARTS = 8
LATELY = 30  # seconds between a proposal and words that only say that it is decided
Item = TypeVar("Item", bound="Decision | Action | Point")


@dataclass(frozen=True, slots=True)
class Extract:
    """Everything that the rules find in a transcript; ``sentences`` and ``names`` are used by later passes."""

    meeting: Meeting
    date_conflict: bool
    names: Names
    sentences: tuple[Sentence, ...]
    participants: tuple[Participant, ...]
    agenda: tuple[AgendaItem, ...]
    summary: Point
    topics: tuple[Topic, ...]
    decisions: tuple[Decision, ...]
    actions: tuple[Action, ...]
    open_questions: tuple[Point, ...]
    next_meeting: NextMeeting | None
    to_verify: tuple[ToVerify, ...]


def extract(
    transcript: Transcript,
    *,
    agenda_titles: Sequence[str] = (),
    participants: Sequence[str] = (),
    date: str | None = None,
    title: str | None = None,
    language: str = "fr",
    summary_points: int = 5,
    points_per_topic: int = 3,
) -> Extract:
    """Extract the parts of the minutes by cue phrases, speech acts and centrality; time is linear in the length.

    Args:
        date: date of the meeting, ``YYYY-MM-DD``; relative dates are resolved only from it, or from the spoken date.
    """
    spoken = sentences(transcript, participants)
    names = Names(transcript, spoken, participants, language)
    given = datetime.date.fromisoformat(date) if date else None
    raw, said = questions.spoken_date(spoken, given)
    day = given or (datetime.date.fromisoformat(said) if said else None)
    conflict = bool(raw and given and _other_day(raw, given))
    source: Literal["metadata", "spoken", "unknown"] = "metadata" if given else "spoken" if raw else "unknown"
    items = agenda.topics(spoken, transcript.duration, agenda_titles)
    learned = Items(transcript, spoken, names)
    found_decisions = _decisions(decisions.decisions(spoken), learned.decisions())
    found_actions = _actions(actions.actions(spoken, names, day), learned.actions(day))
    found_questions = _united(questions.open_questions(spoken), learned.questions())
    return Extract(
        meeting=Meeting(
            transcript.recording,
            title,
            day.isoformat() if day else None,
            source,
            raw,
            transcript.duration,
            language,
            _silence(transcript),
        ),  # type: ignore[arg-type]
        date_conflict=conflict,
        names=names,
        sentences=tuple(spoken),
        participants=_participants(transcript, names),
        agenda=items,
        summary=summary_of(summary.key_sentences(spoken, summary_points), names),
        topics=tuple(
            Topic(
                agenda_id,
                tuple(_point(s, names) for part in parts for s in summary.key_sentences(part, points_per_topic)),
            )
            for agenda_id, parts in _by_topic(spoken, items)
        ),
        decisions=found_decisions,
        actions=found_actions,
        open_questions=found_questions,
        next_meeting=learned.next_meeting(day) or questions.next_meeting(spoken, day),
        to_verify=unstated(learned.doubtful(), [*found_decisions, *found_actions, *found_questions]),
    )


def _united(by_rules: Sequence[Item], learned: Sequence[Item]) -> tuple[Item, ...]:
    """Return what either found, in order of time; where both found an item, the rules word it, the model is as sure."""
    known = {id for item in by_rules for id in cited(item)}
    sure = [next((i.confidence for i in learned if cited(i) & cited(item)), item.confidence) for item in by_rules]
    worded = [replace(item, confidence=share) for item, share in zip(by_rules, sure, strict=True)]  # type: ignore[arg-type]
    return tuple(sorted([*worded, *(item for item in learned if not cited(item) & known)], key=_begin))


def _actions(by_rules: Sequence[Action], learned: Sequence[Action]) -> tuple[Action, ...]:
    """Unite actions; where the rules heard no owner or no date, those that the model found count."""
    filled = []
    for action in by_rules:
        same = next((a for a in learned if cited(a) & cited(action)), None)
        if same and not (action.due_raw and action.owner):
            dated, owned = action if action.due_raw else same, action if action.owner else same
            action = replace(
                action,
                owner=owned.owner,
                owner_id=owned.owner_id,
                owner_evidence=owned.owner_evidence,
                due_raw=dated.due_raw,
                due_iso=dated.due_iso,
                evidence=united(action.evidence, same.evidence),
            )
        filled.append(action)
    return _united(filled, learned)


def unstated(doubtful: Sequence[ToVerify], items: Sequence[Decision | Action | Point]) -> tuple[ToVerify, ...]:
    """Return what may be an item, unless it cites what an item cites."""
    known = {id for item in items for id in cited(item)}
    return tuple(each for each in doubtful if not cited(each) & known)


def _decisions(by_rules: Sequence[Decision], learned: Sequence[Decision]) -> tuple[Decision, ...]:
    """Unite decisions.

    What the rules only know to be proposed is decided if the model found so. If the rules say little (``Trois pour,
    deux contre``), the model says before it what it is about.
    """
    worded = []
    for decision in by_rules:
        same = next((d for d in learned if cited(d) & cited(decision)), None)
        if same and decision.status == "proposed":
            decision = replace(decision, status="decided")
        little = len(set(content_words(decision.text))) < LITTLE
        if same is None and little:
            same = next((d for d in reversed(learned) if 0 <= _begin(decision) - _begin(d) <= LATELY), None)
        if same and little and normalised(decision.text) not in normalised(same.text):
            said = f"{same.text}. {decision.text}"
            decision = replace(decision, text=said, evidence=united(same.evidence, decision.evidence))
        worded.append(decision)
    return _united(worded, learned)


def _begin(item: Decision | Action | Point) -> float:
    return item.evidence[0].start if item.evidence else 0.0


def _silence(transcript: Transcript) -> Silence | None:
    """Return what is known of a recording in which no words were found; ``None`` if there are words."""
    if transcript.text:
        return None
    measured: Mapping[str, Any] = next((p for p in transcript.provenance if "loudest_db" in p), {})
    return Silence(measured.get("quiet_seconds"), measured.get("loudest_db"))


def summary_of(chosen: Sequence[Sentence], names: Names) -> Point:
    """Return key sentences, one per line, each with its speaker."""
    return Point("\n".join(_said(s, names) + "." for s in chosen), tuple(evidence(s) for s in chosen))


def _point(sentence: Sentence, names: Names) -> Point:
    return Point(_said(sentence, names), (evidence(sentence),))


def _said(sentence: Sentence, names: Names) -> str:
    name = names.shown(sentence.speaker)
    return f"{name}\u00a0: {tidy(sentence.text, sentence.people)}" if name else tidy(sentence.text, sentence.people)


def _by_topic(
    spoken: Sequence[Sentence], items: Sequence[AgendaItem]
) -> list[tuple[str | None, list[Sequence[Sentence]]]]:
    """Return the id and the sentences of each topic; without an agenda, of one, cut into parts of equal length."""
    if not items:
        count = min(MOST_PARTS, max(1, len(spoken) // LONG))
        cuts = [len(spoken) * n // count for n in range(count + 1)]
        return [(None, [spoken[a:b] for a, b in pairwise(cuts)])] if spoken else []
    parts: list[list[Sentence]] = [[] for _ in items]
    topic = 0
    for sentence in spoken:
        while topic + 1 < len(items) and sentence.start >= items[topic + 1].start:
            topic += 1
        parts[topic].append(sentence)
    return [(item.id, [part]) for item, part in zip(items, parts, strict=True)]


def _participants(transcript: Transcript, names: Names) -> tuple[Participant, ...]:
    spoken = speaking_time(transcript)
    total = sum(spoken.values())
    heard = [
        Participant(
            s.id,
            names.name(s.id),
            names.of[s.id][1] if s.id in names.of else "none",  # type: ignore[arg-type]
            spoken.get(s.id, 0.0),
            spoken.get(s.id, 0.0) / total if total else 0.0,
        )
        for s in transcript.speakers
    ]
    named = {p.name for p in heard}
    return (
        *heard,
        *(Participant(None, name, "list") for name in dict.fromkeys(names.participants) if name not in named),
    )


def _other_day(raw: str, given: datetime.date) -> bool:
    """Tell whether the spoken day and month differ from those of the given date."""
    from dialogue.french.dates import mentions

    for mention in mentions(raw):
        iso = mention.iso(given)
        return iso is None or iso[5:10] != given.isoformat()[5:]
    return False
