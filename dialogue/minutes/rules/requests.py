"""Find requests: whoever accepts is the owner, and a refusal leaves no task."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from dialogue.french.sentences import Sentence
from dialogue.french.text import content_words, cue
from dialogue.minutes.rules import verbs
from dialogue.minutes.rules.people import Names
from dialogue.minutes.rules.referents import taken
from dialogue.minutes.rules.responses import WINDOW, answers
from dialogue.minutes.rules.task_phrases import (
    COMMIT,
    OF,
    REQUEST,
    UNLESS,
    Candidate,
    asked_who,
    commits,
    due_of,
    fold_verb,
    infinitive_of,
    object_pronoun,
    phrase,
    said_infinitive,
    told_to,
)

CHARGE = cue(
    "(?:est-ce que )?(?:tu|vous) (?:t'en |vous en )?(?:occupes|occupez|charges|chargez)",
    "(?:tu|vous) (?:t'en|vous en) (?:occupes|occupez|charges|chargez)",
    "(?:tu|vous) (?:t'occupes|vous occupez|te charges|vous chargez)(?=\\s+(?:de|du|des|d'))",
    "qui s'en (?:occupe|charge)",
    "qui (?:s'occupe|se charge)(?=\\s+(?:de|du|des|d'))",
    "(?:peux|pouvez|peut) (?:t'en|vous en|s'en) (?:occuper|charger)",
)  # fmt: skip


ANOTHER = re.compile(r"\b(?:qui|peux|pouvez|pourrais|pourriez|quel|quelle)\b")
INFINITIVE_END = re.compile(r"(?:er|ir|re|oir)$")


def requests(spoken: Sequence[Sentence], sentence: Sentence, names: Names, claimed: set[int]) -> list[Candidate]:
    """Return the task that a sentence asks for; whoever accepts is the owner."""
    folded = sentence.folded
    called = names.vocative(sentence) or _called_before(spoken, sentence, names)
    found = REQUEST.search(folded)
    charge = CHARGE.search(folded)
    infinitive: str | None
    if found and not charge:
        known = found["verb"] in verbs.INFINITIVE
        infinitive = said_infinitive(sentence, found) if known or INFINITIVE_END.search(found["verb"]) else None
        saying = found["verb"] in verbs.SAYING
        end, between, order = found.end(), found["between"], bool(found["order"])
    elif charge:
        infinitive, saying, end, between, order, known = "s'occuper", False, charge.end(), "", False, True
        end += folded[end : end + 1] == "," and OF.match(folded, end + 1) is not None  # "tu t'en occupes, du devis ?"
        of = re.match(r"\s+(?:de\s+|d')([a-z]+)", folded[end:])
        if of and of[1] in verbs.INFINITIVE:
            infinitive, end = verbs.INFINITIVE[of[1]], end + of.end()
        elif not OF.match(folded, end):
            task = taken(spoken, sentence, charge.start())
            if task is None:
                return []
            return _answered(
                spoken,
                sentence,
                replace(task, sources=(*task.sources, sentence)),
                called,
                names,
                claimed,
                True,
            )
    else:
        told = asked_who(sentence) or told_to(folded)
        if told is None:
            return []
        infinitive, end, between, order = told
        saying, known = False, False
        present = order and (sentence.question or due_of(sentence, end) is None)
        if called is None and present:
            return []
    cue_ = found or charge
    if infinitive is None or (cue_ and UNLESS.search(folded[: cue_.start()])):
        return []
    due = due_of(sentence, end)
    if saying and (re.search(r"\b(?:me|m'|nous|te|vous)\b", between) or due is None):
        return []
    if re.match(r"[\s,]*(?:pas|plus|jamais)\b", folded[end:]):
        return []
    what = phrase(sentence, infinitive, end, between, due)
    if len(content_words(what)) < 2 and not due:
        return []
    task = Candidate(fold_verb(infinitive), what, None, None, (sentence,), None, 0.4, due)
    return _answered(spoken, sentence, task, called, names, claimed, sure=known and not order, order=order)


def _answered(
    spoken: Sequence[Sentence],
    sentence: Sentence,
    task: Candidate,
    called: tuple[str, Sentence] | tuple[str, int] | None,
    names: Names,
    claimed: set[int],
    sure: bool,
    order: bool = False,
) -> list[Candidate]:
    """Return the task with the owner and date from the answers; nothing if it is refused."""
    name = called[0] if called else None
    asked = names.speaker(name)
    heard = [(a, s) for a, s in answers(spoken, sentence.index) if asked is None or s.speaker in (asked, None)]
    commit = next(
        (s for s in _turn_of(spoken, sentence, asked) if commits(s.folded)),
        None,
    )
    refused = next((s for a, s in heard if a == "no"), None)
    if commit is None and refused is not None:
        volunteer = next(
            (
                s
                for s in spoken[refused.index + 1 : sentence.index + 1 + WINDOW]
                if s.speaker != refused.speaker and commits(s.folded) and not s.question
            ),
            None,
        )
        if volunteer is None:
            return []
        commit = volunteer
    agreed = next((s for a, s in heard if a in ("strong", "weak")), None)
    answer = commit or agreed
    if answer is None:
        if name is None or not sure:
            return []
        return [replace(task, owner_id=asked, owner=name, owner_source=sentence, confidence=0.4)]
    if order and name is None and task.due is None and commit is None:
        return []
    if not sure and name is None and task.due is None and commit is None:
        return []
    owner_id = answer.speaker or asked
    sources, what, due = (*task.sources, answer), task.what, task.due
    if agreed is not None and commit is not None:
        sources = (*task.sources, agreed, commit) if agreed.index < commit.index else sources
    if commit is not None:
        claimed.add(commit.index)
        due = due_of(commit, 0) or due
        found = COMMIT.search(commit.folded)
        second = infinitive_of(found) if found else None
        if found and second and object_pronoun(found) and fold_verb(second) not in (task.verb, "faire", "s'occuper"):
            pronoun = object_pronoun(found)
            elided = second[0] in "aeiouyéèêh" or pronoun == "l'"
            what = f"{what} et {'l' + chr(39) if elided and pronoun != 'les' else str(pronoun) + ' '}{second}"
    elif agreed is not None:
        due = due_of(agreed, 0) or due
    return [
        replace(
            task,
            what=what,
            owner_id=owner_id,
            owner=name if asked is None and name else None,
            sources=sources,
            owner_source=commit or sentence if name else answer,
            due=due,
            confidence=0.9 if commit else 0.8,
        )
    ]


def _turn_of(spoken: Sequence[Sentence], sentence: Sentence, asked: str | None) -> Iterator[Sentence]:
    """Yield what those who were asked say, until something else is asked."""
    for later in spoken[sentence.index + 1 : sentence.index + 1 + WINDOW]:
        if later.question and later.speaker != asked and ANOTHER.search(later.folded):
            return
        if (later.speaker != sentence.speaker or later.speaker is None) and (asked is None or later.speaker == asked):
            yield later


def _called_before(spoken: Sequence[Sentence], sentence: Sentence, names: Names) -> tuple[str, int] | None:
    """Return the name in the sentence before: ``Nadia ? Tu peux ...``."""
    if sentence.index and spoken[sentence.index - 1].speaker == sentence.speaker:
        before = spoken[sentence.index - 1]
        if len(before.text.split()) <= 3:
            return names.vocative(before)
    return None
