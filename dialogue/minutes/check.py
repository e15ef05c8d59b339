"""Check the rules that all minutes must follow, whether written by rules or by a model.

Evidence cites utterances that exist and quotes their words. The names, the numbers and a share of the words of a
statement occur in what it cites. An owner accepted the task or was named. A due date was said, and is resolved only
from the meeting's date. Statements that fail are listed separately, to verify.
"""

from __future__ import annotations

import calendar
import datetime
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace

from dialogue.core.transcript import Transcript
from dialogue.french.dates import mentions
from dialogue.french.names import numbered, same_name
from dialogue.french.source import Source, names, numbers, unsupported
from dialogue.french.text import content_words, fold, normalised, other_language, overlap
from dialogue.minutes.document import Action, Checks, Evidence, Minutes, NextMeeting, ToVerify
from dialogue.minutes.doubt import doubtful_words

FIRST_PERSON = re.compile(r"(?<!\w)(?:je|j'|moi|me|m'|comptez sur moi|ok|oui|d'accord)(?!\w)|(?<!\w)j'\w")


END, MIDDLE = re.compile(r"(?<!\w)fin(?!\w)"), re.compile(r"(?<!\w)mi-?(?=\w)")
SUPPORT = 0.3  # smallest share of content words, of the statement or of its evidence, that both have in common
BEFORE = 3  # utterances before the cited ones that may name what these refer to ("il", "la deuxième")
ENTAILED = 0.5  # smallest probability of entailment
Entails = Callable[[str, str], float]  # premise, hypothesis


def checked(
    minutes: Minutes, transcript: Transcript, known: Iterable[str] = (), entails: Entails | None = None
) -> Minutes:
    """Return the minutes with every rule applied, and :class:`Checks` filled in.

    Args:
        known: names and words that need no support in the transcript (participants, agenda, title).
        entails: probability that a text follows from another (:mod:`dialogue.minutes.entailment`); used only for
            minutes written by a model.
    """
    known = tuple(known)
    checker = _Checker(transcript, minutes, known, entails)
    decisions, actions, questions, topics = [], [], [], []
    for decision in minutes.decisions:
        if evidence := checker.proof("decision", decision.text, decision.evidence):
            decisions.append(replace(decision, evidence=evidence))
    for action in minutes.actions:
        if evidence := checker.proof("action", action.what, action.evidence):
            actions.append(checker.action(replace(action, evidence=evidence)))
    for question in minutes.open_questions:
        if evidence := checker.proof("open_question", question.text, question.evidence):
            questions.append(replace(question, evidence=evidence))
    for topic in minutes.topics:
        proved = [(point, checker.proof("point", point.text, point.evidence)) for point in topic.points]
        kept = tuple(replace(point, evidence=evidence) for point, evidence in proved if evidence)
        topics.append(replace(topic, points=kept))
    result = replace(
        minutes,
        summary=replace(minutes.summary, evidence=checker.evidence(minutes.summary.evidence)),
        topics=tuple(topics),
        decisions=tuple(replace(d, id=f"d{n}") for n, d in enumerate(decisions, 1)),
        actions=tuple(replace(a, id=f"a{n}") for n, a in enumerate(actions, 1)),
        open_questions=tuple(questions),
        next_meeting=checker.next_meeting(minutes.next_meeting),
        to_verify=(*minutes.to_verify, *checker.refused),
    )
    texts = _texts(result)
    said = Source(" ".join([transcript.text, *(s.name or "" for s in transcript.speakers), *known]))
    return replace(
        result,
        checks=Checks(
            evidence_ok=not checker.broken,
            owner_without_evidence=checker.owners_removed,
            unsupported_names=_without(said.names, [n for text in texts for n in names(text)]),
            unsupported_numbers=_without(said.counts, [n for text in texts for n in numbers(text)]),
            language_ok=not other_language(" ".join(texts), minutes.meeting.language)
            or minutes.provenance.engine == "extractive",
            date_conflict=minutes.checks.date_conflict,
        ),
    )


Supported = Callable[[str, Sequence[Evidence]], bool]


def support(transcript: Transcript, minutes: Minutes, known: Sequence[str]) -> Supported:
    """Return a function that says whether evidence supports another wording of an item; see :func:`checked`."""
    checker = _Checker(transcript, minutes, known, None)
    return lambda text, evidence: not checker.unsupported(text, evidence)


class _Checker:
    def __init__(self, transcript: Transcript, minutes: Minutes, known: Sequence[str], entails: Entails | None) -> None:
        self.known = " ".join(
            [*known, *(s.name or numbered(s.id, minutes.meeting.language) for s in transcript.speakers)]
        )
        self.same_language = transcript.language in (None, minutes.meeting.language)
        self.entails = entails if minutes.provenance.engine != "extractive" else None
        self.spoken = transcript.utterances
        self.utterances = {u.id: u for u in transcript.utterances}
        self.order = {u.id: n for n, u in enumerate(transcript.utterances)}
        self.names = {p.id: p.name for p in minutes.participants if p.id}
        self.date = datetime.date.fromisoformat(minutes.meeting.date) if minutes.meeting.date else None
        self.refused: list[ToVerify] = []
        self.broken = 0
        self.owners_removed = 0

    def proof(self, kind: str, text: str, items: Sequence[Evidence]) -> tuple[Evidence, ...]:
        """Return the evidence of a statement; if it lacks support, return nothing and list the statement to verify."""
        evidence = self.evidence(items)
        reason = self.unsupported(text, evidence) if evidence else "no evidence in the transcript"
        if reason:
            self.refuse(kind, text, reason)
            return ()
        return evidence

    def unsupported(self, text: str, evidence: Sequence[Evidence]) -> str:
        """Return why the cited utterances do not support a statement, or an empty string."""
        cited = sorted({self.order[i] for e in evidence for i in e.utterance_ids})
        said = " ".join(self.spoken[n].text for n in cited)
        before = " ".join(u.text for u in self.spoken[max(0, cited[0] - BEFORE) : cited[0]])
        source = Source(f"{before} {said} {self.known}")
        unknown = unsupported(text, source)
        if unknown:
            return f"not in the cited utterances: {', '.join(unknown)}"
        bare = len(set(content_words(text))) < 2  # a verb alone may occur in another form
        if self.same_language and not bare and overlap(text, said) < SUPPORT:
            return "says what the cited utterances do not"
        if self.entails and self.entails(said, text) < ENTAILED:
            return "does not follow from the cited utterances"
        return ""

    def evidence(self, items: Sequence[Evidence]) -> tuple[Evidence, ...]:
        """Keep the items whose utterances exist and contain the quotation, with its doubtful words."""
        kept = []
        for item in items:
            if self._holds(item):
                cited = [self.utterances[i] for i in sorted(item.utterance_ids, key=self.order.__getitem__)]
                kept.append(replace(item, doubtful=doubtful_words(item.quote, cited)))
            else:
                self.broken += 1
        return tuple(kept)

    def _holds(self, item: Evidence) -> bool:
        if not item.utterance_ids or any(i not in self.utterances for i in item.utterance_ids):
            return False
        ids = sorted(item.utterance_ids, key=self.order.__getitem__)
        quote = normalised(item.quote)
        return bool(quote) and f" {quote} " in f" {normalised(' '.join(self.utterances[i].text for i in ids))} "

    def action(self, action: Action) -> Action:
        cited = [self.utterances[i] for e in action.evidence for i in e.utterance_ids]
        first = action.owner_id is not None and any(
            u.speaker == action.owner_id and FIRST_PERSON.search(fold(u.text)) for u in cited
        )
        named = action.owner is not None and any(_names(u.text, action.owner) for u in cited)
        if action.owner is not None and not first and not named:
            self.owners_removed += 1
            action = replace(action, owner=None, owner_id=None, owner_evidence=None)
        source = action.owner_evidence
        if action.owner is None or (source is not None and not self._holds(source)):
            action = replace(action, owner_evidence=None)
        raw = action.due_raw
        where = [u.text for u in cited if raw is not None and normalised(raw) in normalised(u.text)]
        if raw is None or not where:
            return replace(action, due_raw=None, due_iso=None)
        return replace(action, due_iso=_due(raw, self._iso(raw, where)))

    def next_meeting(self, found: NextMeeting | None) -> NextMeeting | None:
        if found is None:
            return None
        evidence = self.evidence(found.evidence)
        cited = [self.utterances[i].text for e in evidence for i in e.utterance_ids]
        said = [text for text in cited if normalised(found.raw) in normalised(text)]
        if not said:
            self.refuse("next_meeting", found.raw, "no evidence in the transcript")
            return None
        return NextMeeting(found.raw, self._iso(found.raw, said), evidence)

    def refuse(self, kind: str, text: str, reason: str) -> None:
        self.refused.append(ToVerify(kind, text, reason))  # type: ignore[arg-type]

    def _iso(self, raw: str, where: Sequence[str]) -> str | None:
        """Resolve a date where it was said: a model may cite ``lundi`` of ``le lundi suivant``."""
        for text in where:
            for mention in mentions(text):
                said = normalised(text[mention.begin : mention.end])
                if said and (said in normalised(raw) or normalised(raw) in said):
                    return mention.iso(self.date)
        # "le 20" alone may be anything, but the time when a task is due is a day
        return next((iso for text in (raw, f"pour {raw}") for m in mentions(text) if (iso := m.iso(self.date))), None)


def _due(raw: str, iso: str | None) -> str | None:
    """Return the day that is meant by ``fin mars``, ``la mi-juin`` and ``la fin de la semaine`` when a task is due."""
    end, middle = END.search(fold(raw)), MIDDLE.search(fold(raw))
    if iso and (end or middle) and (month := re.fullmatch(r"(\d{4})-(\d\d)", iso)):
        return f"{iso}-{calendar.monthrange(int(month[1]), int(month[2]))[1] if end else 15}"
    if iso and end and (week := re.fullmatch(r"(\d{4})-W(\d\d)", iso)):
        return datetime.date.fromisocalendar(int(week[1]), int(week[2]), 7).isoformat()
    return iso


def _names(text: str, name: str) -> bool:
    parts = list(re.findall(r"[\w-]{3,}", name))
    return any(same_name(word, part) for word in re.findall(r"[\w-]{3,}", text) for part in parts)


def _texts(minutes: Minutes) -> list[str]:
    return [
        minutes.summary.text,
        *(p.text for t in minutes.topics for p in t.points),
        *(d.text for d in minutes.decisions),
        *(a.what for a in minutes.actions),
        *(q.text for q in minutes.open_questions),
    ]


def _without(said: Callable[[str], bool], found: Iterable[str]) -> tuple[str, ...]:
    """Return, once each, the items that nobody said: a model may have invented them."""
    return tuple(dict.fromkeys(each for each in found if not said(each)))
