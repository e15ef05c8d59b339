"""Find who does what by when, from speech acts.

A task needs a speaker who takes it (``je m'en occupe``, ``je prépare ... pour vendredi``), a person who is asked and
does not refuse (``Thomas, tu peux rédiger ...?`` ``Oui.``), or a named person (``Nadia réserve la salle lundi``). A
mere need (``il faut envoyer le dossier avant le 3``) is a task without an owner, and only if it has a date.

An owner must be heard: in the first person by that speaker, or by name.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Sequence
from dataclasses import replace

from dialogue.french.sentences import Sentence
from dialogue.french.text import content_words, overlap, tidy
from dialogue.minutes.document import Action
from dialogue.minutes.rules import verbs
from dialogue.minutes.rules.citations import evidence, joined_evidence
from dialogue.minutes.rules.commitments import commitments, thirds
from dialogue.minutes.rules.people import Names
from dialogue.minutes.rules.requests import requests
from dialogue.minutes.rules.task_phrases import COMMIT, HABIT, NEED, Candidate, due_of, fold_verb, phrase

WHEN = re.compile(r"\b(?:pour quand|quand|a quelle date|quelle echeance|quel delai|avant quand|d'ici quand)\b")
MERGE = 0.5


def actions(spoken: Sequence[Sentence], names: Names, meeting: datetime.date | None) -> tuple[Action, ...]:
    """Return the actions of a meeting, in the order in which they were taken on."""
    tasks: list[Candidate] = []
    claimed: set[int] = set()  # sentences that already served as the answer to a request
    for sentence in spoken:
        for task in [
            *requests(spoken, sentence, names, claimed),
            *commitments(spoken, sentence, names, claimed),
            *thirds(spoken, sentence, names),
            *_needs(sentence),
        ]:
            _merge(tasks, _with_later_date(spoken, task))
    kept = [t for t in tasks if not t.generic and content_words(t.what)]
    return tuple(_action(n, task, names, meeting) for n, task in enumerate(kept, 1))


def _action(number: int, task: Candidate, names: Names, meeting: datetime.date | None) -> Action:
    owner = names.name(task.owner_id) or task.owner or names.shown(task.owner_id)
    source = task.owner_source
    return Action(
        id=f"a{number}",
        what=tidy(task.what),
        owner=owner,
        owner_id=task.owner_id,
        owner_evidence=evidence(source) if owner and source else None,
        due_raw=task.due[0] if task.due else None,
        due_iso=task.due[1].iso(meeting) if task.due else None,
        evidence=joined_evidence(task.sources),
        confidence=task.confidence,
    )


def _needs(sentence: Sentence) -> list[Candidate]:
    """Find needs (``il faut envoyer le dossier avant vendredi``): nobody's task, kept because it has a deadline."""
    found = NEED.search(sentence.folded)
    if not found or sentence.question:
        return []
    infinitive = verbs.INFINITIVE.get(found["verb"]) or verbs.PRESENT_3.get(found["verb"])
    due = due_of(sentence, found.end())
    if (
        infinitive is None
        or due is None
        or not due[1].deadline
        or verbs.is_weak(infinitive)
        or HABIT.search(sentence.folded)
    ):
        return []
    what = phrase(sentence, infinitive, found.end(), "", due)
    return (
        [Candidate(fold_verb(infinitive), what, None, None, (sentence,), None, 0.4, due)]
        if len(content_words(what)) >= 2
        else []
    )


def _with_later_date(spoken: Sequence[Sentence], task: Candidate) -> Candidate:
    """Add a date given right after the task: ``Pour lundi.``, also as an answer to ``Pour quand ?``."""
    if task.due is not None or not task.sources or task.generic:
        return task
    last = task.sources[-1]
    asked = False
    for sentence in spoken[last.index + 1 : last.index + 4]:
        if sentence.question and WHEN.search(sentence.folded) and len(sentence.folded.split()) <= 8:
            asked = True
            continue
        short = len(sentence.folded.split()) <= 8
        own = sentence.speaker == task.owner_id
        if (
            (short and own and (asked or re.match(r"[\s,]*(?:pour|avant|d'ici|des|oui|disons)\b", sentence.folded)))
            and (due := due_of(sentence, 0))
            and not COMMIT.search(sentence.folded)
        ):
            return replace(task, due=due, sources=(*task.sources, sentence))
        if own or not short:
            break
    return task


def _same_work(one: Candidate, other: Candidate) -> bool:
    """Tell whether verb and object are nearly the same; the same verb alone (``envoyer``) is not enough."""
    objects = [task.what.partition(" ")[2] for task in (one, other)]
    return overlap(one.what, other.what) >= MERGE and overlap(*objects) >= MERGE


def _merge(tasks: list[Candidate], new: Candidate) -> None:
    for position in range(len(tasks) - 1, max(-1, len(tasks) - 40), -1):
        old = tasks[position]
        same_owner = new.owner_id == old.owner_id or None in (new.owner_id, old.owner_id)
        near = abs(new.sources[-1].index - old.sources[-1].index) <= 3
        if not same_owner or not (_same_work(old, new) or ((old.generic or new.generic) and near)):
            continue
        best, rest = (new, old) if old.generic or (old.owner_id is None and new.owner_id) else (old, new)
        tasks[position] = replace(
            best,
            due=new.due or old.due,
            sources=(*old.sources, *new.sources),
            confidence=max(old.confidence, new.confidence),
            owner_source=best.owner_source or rest.owner_source,
            owner=best.owner or rest.owner,
        )
        return
    tasks.append(new)
