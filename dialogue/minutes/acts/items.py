"""Word the items that the model found: a statement from its sentences, the owner and the date of a task.

Statements are sentences that were said, tidied; where the rules know how to rewrite one (``passer les gaines``), they
have the word (see :mod:`dialogue.minutes.rules.extract`).
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Mapping, Sequence

from dialogue.core.transcript import Transcript
from dialogue.french.dates import DateMention, mentions
from dialogue.french.names import NAME, is_first_name
from dialogue.french.sentences import Sentence
from dialogue.french.text import content_words, tidy
from dialogue.minutes.acts.finder import ACTS, KINDS, Finder, Finding, Likelihoods
from dialogue.minutes.document import Action, Decision, NextMeeting, Point, ToVerify
from dialogue.minutes.rules.citations import evidence, joined_evidence
from dialogue.minutes.rules.people import Names
from dialogue.minutes.rules.questions import ahead
from dialogue.minutes.rules.task_phrases import due_of

# probability from which an item is in the minutes, chosen by leaving hands of the training set out
SHOWN = {"decision": 0.5, "action": 0.4, "question": 0.45, "meeting": 0.5}
DOUBTFUL = 0.25  # probability from which it is listed to be verified
GROUND = 0.25  # probability from which an utterance is cited for an item
MOST = 5  # utterances that are cited for it
STATES = {"propose": 1.0, "decide": 1.0, "request": 1.0, "commit": 0.5, "ask": 0.5}  # acts that word an item
ASKS = {"ask": 1.0, "inform": 0.1}  # acts that word a question
ENOUGH = 6  # content words from which a sentence says enough
LITTLE = 3  # content words of a statement that needs what was said before it
BEFORE = 6  # utterances searched for that
DAY = re.compile(  # "le 3" may be the third thing, "le 20" of a task is hardly one
    r"(?<!\w)[Ll]e (?:[5-9]|[12]\d|3[01])"
    r"(?=\s*(?:[.;?!…]|,(?! (?:rue|avenue|boulevard|place))|$|au (?:plus|matin|soir)))"
)
_person = rf"(?P<person>(?:(?:[Mm]onsieur|[Mm]adame|M\.|Mme)\s+)?{NAME}(?:\s+{NAME})?)"
ABSENT = re.compile(  # somebody who is not there is said to do it
    rf"(?:\b[Cc]['’]est (?:à )?|\b[Qq]ue ){_person}|"
    rf"{_person.replace('person', 'subject')},?\s(?:(?:\w+,?\s){{0,4}}(?:il|elle)\s|(?:devra|doit|va|\w{{2,}}ra)\b)"
)
TOGETHER = re.compile(rf"(?P<before>{NAME}) et moi\b|\b(?:moi et|avec) (?P<after>{NAME})")
TAKES = 0.5  # probability from which a second speaker takes the task too
LIKELY = 0.3  # probability from which an utterance takes a task


class Items:
    """The items of a transcript, in order."""

    def __init__(self, transcript: Transcript, spoken: Sequence[Sentence], names: Names) -> None:
        french = transcript.language in (None, "fr")  # the model has read nothing else
        said = [u for u in transcript.utterances if french and u.text.strip()]
        self.finder = Finder.load()
        self.names = names
        known = [*(names.name(s.id) or "" for s in transcript.speakers), *names.participants]
        texts, speakers = [u.text for u in said], [u.speaker for u in said]
        self.read = self.finder.read(texts, speakers, known) if said else None
        self.found = self.finder.judged(self.read) if self.read else []
        place = {u.id: n for n, u in enumerate(said)}
        self._sentences: Mapping[int, list[Sentence]] = {n: [] for n in range(len(said))}
        for sentence in spoken:
            for id in place.keys() & sentence.ids:
                self._sentences[place[id]].append(sentence)

    def decisions(self) -> list[Decision]:
        """Return the decisions, worded by the two sentences that state them best."""
        return [
            Decision("d", _joined(self._best(item, 2)), "decided", joined_evidence(self._cited(item)), item.probability)
            for item in self._shown("decision")
        ]

    def questions(self) -> list[Point]:
        """Return the open questions, worded by the sentence that asks."""
        return [
            Point(_joined(self._best(item, 1)), joined_evidence(self._cited(item)), item.probability)
            for item in self._shown("question")
        ]

    def actions(self, day: datetime.date | None) -> list[Action]:
        """Return the actions, with owners that were heard, and dates resolved from the day of the meeting."""
        actions = []
        for item in self._shown("action"):
            owner_id, owner, source = self._owner(item)
            said = self._cited(item)
            due = self._due(said)
            best = self._best(item, 1)
            thin = sum(map(_content, best)) < ENOUGH - 2
            actions.append(
                Action(
                    id="a",
                    what=_joined(self._best(item, 2) if thin else best),
                    owner=owner,
                    owner_id=owner_id,
                    owner_evidence=evidence(source) if owner and source else None,
                    due_raw=due[0] if due else None,
                    due_iso=due[1].iso(day) if due else None,  # checked again where it was said
                    evidence=joined_evidence(said),
                    confidence=item.probability,
                )
            )
        return actions

    def next_meeting(self, day: datetime.date | None) -> NextMeeting | None:
        """Return the last date for meeting again that was found."""
        for item in reversed(self._shown("meeting")):
            for sentence in reversed(self._cited(item)):
                for mention in ahead(sentence):
                    raw = re.sub(
                        r"(?i)^(?:pour|au|à|est|sera)\s+", "", sentence.text[slice(mention.begin, mention.end)]
                    )
                    return NextMeeting(raw.strip(), mention.iso(day), joined_evidence(self._cited(item)))
        return None

    def doubtful(self) -> list[ToVerify]:
        """Return what may be an item."""
        kinds = {"decision": "decision", "action": "action", "question": "open_question"}
        return [
            ToVerify(name, _joined(self._best(item, 1)), "may be none", joined_evidence(self._cited(item)))  # type: ignore[arg-type]
            for kind, name in kinds.items()
            for item in self._between(kind, DOUBTFUL, SHOWN[kind])
        ]

    def _shown(self, kind: str) -> list[Finding]:
        return self._between(kind, SHOWN[kind], 1.1)

    def _between(self, kind: str, low: float, high: float) -> list[Finding]:
        chosen = [i for i in self.found if i.kind == kind and low <= i.probability < high]
        return [item for item in chosen if self._best(item, 1)]

    def _cited(self, item: Finding) -> list[Sentence]:
        """Return the sentences of the utterances that an item stands on, each once."""
        chosen = [*self._best(item, 2), *(s for n in self._grounds(item) for s in self._sentences[n])]
        return sorted({s.index: s for s in chosen}.values(), key=lambda s: s.index)

    def _grounds(self, item: Finding) -> list[int]:
        """Return the utterances of an item that support it most, in order; a group may hold some that only comment."""
        support = self._heard().supports[:, KINDS.index(item.kind)]
        best = sorted(item.utterances, key=lambda n: -support[n])
        return sorted([best[0], *(n for n in best[1:MOST] if support[n] >= GROUND)])

    def _best(self, item: Finding, number: int) -> list[Sentence]:
        """Return the sentences that state an item best: of an act that states, supporting it, with content.

        If they say little (``Contre aussi.``), what it is about was said shortly before.
        """
        read = self._heard()
        column = KINDS.index(item.kind)
        rated: dict[int, tuple[float, Sentence]] = {}
        for n in self._grounds(item):
            acts = ASKS if item.kind == "question" else STATES
            states = sum(weight * read.acts[n, ACTS.index(act)] for act, weight in acts.items())
            for sentence in self._sentences[n]:
                asks = 2 if item.kind == "question" and sentence.question else 1
                rating = float(asks * states * read.supports[n, column] * min(_content(sentence), ENOUGH))
                rated[sentence.index] = rating, sentence
        best = sorted((r for r in rated.values() if r[0] > 0), key=lambda r: -r[0])[:number]
        chosen = [sentence for _, sentence in best]
        if chosen and sum(map(_content, chosen)) < LITTLE:
            first = min(item.utterances)
            before = [s for n in range(max(0, first - BEFORE), first) for s in self._sentences[n]]
            chosen += sorted(before, key=_content)[-1:]
        return sorted(chosen, key=lambda s: s.index)

    def _owner(self, item: Finding) -> tuple[str | None, str | None, Sentence | None]:
        """Return speaker, name and sentence: who takes the task; else who is named; else who agrees to a request.

        If several take it, the speaker is the first of them, and the name names all.
        """
        read = self._heard()
        asks, takes = read.acts[:, ACTS.index("request")], read.acts[:, ACTS.index("commit")]
        asked, taken = max(item.utterances, key=lambda n: asks[n]), max(item.utterances, key=lambda n: takes[n])
        if takes[taken] < max(asks[asked], LIKELY):
            support = read.supports[:, KINDS.index("action")]
            for n in sorted(item.utterances, key=lambda n: -support[n]):
                for sentence in self._sentences[n] if asks[n] >= LIKELY else ():
                    for name, _, _ in self.names.mentioned(sentence):
                        person = self.names.speaker(name)
                        if person is None or person != sentence.speaker:
                            return person, name, sentence
            if absent := self._absent(asked):
                return None, absent, self._sentences[asked][0]
            others = [n for n in item.utterances if n > asked and read.speakers[n] != read.speakers[asked]]
            likely = takes + read.acts[:, ACTS.index("agree")]
            taken = max(others, key=lambda n: likely[n], default=asked)
            if not others or likely[taken] < LIKELY:
                return None, None, None
        speaker, said = read.speakers[taken], self._sentences[taken]
        together = {read.speakers[n]: None for n in item.utterances if takes[n] >= TAKES}
        named = [found["before"] or found["after"] for s in said for found in TOGETHER.finditer(s.text)]
        owners = [speaker, *together, *(self.names.speaker(name) for name in named)]
        shown = list(dict.fromkeys(filter(None, map(self.names.shown, owners))))
        return speaker, " et ".join(shown) or None, said[0] if said else None

    def _absent(self, n: int) -> str | None:
        """Return the person who is not there and shall do what is asked in an utterance."""
        for found in (found for sentence in self._sentences[n] for found in ABSENT.finditer(sentence.text)):
            name = found["person"] or found["subject"]
            if (is_first_name(name.split()[0]) or " " in name) and not self.names.speaker(name):
                return name
        return None

    def _due(self, said: Sequence[Sentence]) -> tuple[str, DateMention] | None:
        """Return when a task is due, as words and mention: the last deadline, or else the last date that is said."""
        dues = [due for sentence in said if (due := due_of(sentence, 0))]
        if not dues:
            days = [found[0] for sentence in said for found in DAY.finditer(sentence.text)]
            return next(((day, mention) for day in reversed(days) for mention in mentions(f"pour {day}")), None)
        return next((d for d in reversed(dues) if d[1].deadline), dues[-1])

    def _heard(self) -> Likelihoods:
        assert self.read is not None, "there are items only where something was said"
        return self.read


def _joined(chosen: Sequence[Sentence]) -> str:
    return ". ".join(tidy(sentence.text, sentence.people) for sentence in chosen)


def _content(sentence: Sentence) -> int:
    return len(set(content_words(sentence.text)))
