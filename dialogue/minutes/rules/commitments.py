"""Find commitments: speakers take on a task in the first person, or say that someone else does it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from dialogue.french.dates import mentions
from dialogue.french.sentences import Sentence, clauses
from dialogue.french.text import content_words, cue
from dialogue.minutes.rules import verbs
from dialogue.minutes.rules.objects import antecedent
from dialogue.minutes.rules.people import Names
from dialogue.minutes.rules.referents import taken
from dialogue.minutes.rules.requests import CHARGE
from dialogue.minutes.rules.responses import answers
from dialogue.minutes.rules.task_phrases import (
    COMMIT,
    FILLER,
    GENERIC,
    HABIT,
    NEED,
    NOT_TAKEN,
    PRONOUN,
    REQUEST,
    UNLESS,
    Candidate,
    due_of,
    fold_verb,
    infinitive_of,
    object_pronoun,
    phrase,
    takes,
)

CARE_OF = cue(
    "je (?:m'occupe|m'occuperai|vais m'occuper|peux m'occuper|me charge|me chargerai|vais me charger|"
    "peux me charger)(?=\\s+(?:de|du|des|d'))"
)
THIRD = re.compile(
    rf"[\s,]*(?:(?:qui\s+)?(?P<charge>s'en (?:occupe|charge|occupera|chargera)|va s'en (?:occuper|charger)|"
    rf"s'y (?:colle|met|attelle)|(?:qui )?(?:va (?:le|la|les) faire|(?:le|la|les) (?:fait|fera|prend)))|"
    rf"(?P<care>(?:s'occupe|se charge|va s'occuper)(?=\s+(?:de|du|des|d')))|"
    rf"(?:(?P<modal>va|doit|devra|pourra|peut)\s+)?(?:(?:{PRONOUN}|{FILLER})\s*)*(?P<verb>[a-z]{{3,}}))(?!\w)"
)
TALK = frozenset("proposer ajouter rappeler essayer".split())  # done by speaking: announces words, not work


def commitments(spoken: Sequence[Sentence], sentence: Sentence, names: Names, claimed: set[int]) -> list[Candidate]:
    """Find commitments in the first person: the speaker is the owner."""
    tasks: list[Candidate] = []
    if sentence.index in claimed:
        return tasks
    folded, speaker = sentence.folded, sentence.speaker
    often = any(mention.habit for mention in mentions(sentence.text, folded))
    generic = GENERIC.search(folded) if takes(folded) and not often else None
    care = CARE_OF.search(folded)
    for begin, end in clauses(folded):
        for found in COMMIT.finditer(folded, begin, end):
            task = _commitment(spoken, sentence, found)
            if task:
                tasks.append(task)
                break
    if care and not tasks:
        due = due_of(sentence, care.end())
        rest = re.match(r"\s+(?:de\s+|d')([a-z]+)", folded[care.end() :])
        infinitive = verbs.INFINITIVE.get(rest[1]) if rest else None
        end = care.end() + (rest.end() if rest and infinitive else 0)
        what = phrase(sentence, infinitive or "s'occuper", end, "", due)
        tasks.append(Candidate(None, what, speaker, None, (sentence,), sentence, 0.8, due))
    if generic and not tasks and not UNLESS.search(folded[: generic.start()]) and not sentence.question:
        said = _own_commitment(spoken, sentence)
        if said is None and (need := taken(spoken, sentence, generic.start())):
            due = due_of(sentence, generic.end()) or need.due
            tasks.append(
                replace(
                    need,
                    owner_id=speaker,
                    owner_source=sentence,
                    sources=(*need.sources, sentence),
                    due=due,
                    confidence=0.7,
                )
            )
        elif said is not None:
            tasks.append(Candidate(None, "", speaker, None, (sentence,), sentence, 0.7, generic=True))
    return tasks


def _commitment(spoken: Sequence[Sentence], sentence: Sentence, found: re.Match[str]) -> Candidate | None:
    folded = sentence.folded
    infinitive = infinitive_of(found)
    due = due_of(sentence, found.end())
    deadline = due is not None and due[1].deadline
    if infinitive is None and deadline and not found["modal"] and not re.search(r"\bm[e' ]", found["between"]):
        infinitive = verbs.guess_infinitive(sentence.text[slice(*found.span("verb"))].lower())
    if infinitive is None or HABIT.search(folded) or re.match(r"\s*(?:pas|plus|jamais|rien)\b", folded[found.end() :]):
        return None
    needed = bool(found["need"] and found["need"].startswith("il"))
    if not needed and (found["need"] or UNLESS.search(folded[: found.start()])):
        return None
    future = found["modal"] in ("vais", "me propose de", "m'engage a", "vais devoir", "veux bien") or (
        not found["modal"] and found["verb"] in verbs.FUTURE and found["verb"].endswith("ai")
    )
    rest = folded[found.end() :]
    if re.match(
        r"[\s,]*(?:simplement |seulement |juste |ici |d'ailleurs |ensuite )?(?:que?\b|qu'|d'un mot|a cet egard|comment|"
        r"pourquoi|ce (?:que|qu'))",
        rest,
    ):
        return None  # "j'ajoute que ...": introduces words, not work
    saying = fold_verb(infinitive) in verbs.SAYING or fold_verb(infinitive) in TALK
    weak, asked = verbs.is_weak(infinitive) or saying, _asked_before(spoken, sentence)
    if weak and due is not None and due[1].today:
        return None
    if due is None and len(folded.split()) > 25:
        return None
    pronoun = object_pronoun(found)
    if sentence.question and not any(a in ("strong", "weak") for a, _ in answers(spoken, sentence.index, 3)):
        return None
    if due is None and not (asked and _agrees(sentence)) and (weak or not future):
        neighbour = GENERIC.search(spoken[sentence.index - 1].folded) if sentence.index else None
        if not (neighbour and spoken[sentence.index - 1].speaker == sentence.speaker and not weak):
            return None
    if weak and due is None:
        return None
    meant = antecedent(spoken, sentence, infinitive, pronoun) if pronoun else None
    text, source = meant or (None, sentence)
    between = (found["between"] or "") + (found["inner"] or "")
    what = phrase(sentence, infinitive, found.end(), between, due, pronoun, text)
    if len(content_words(what)) < 2:
        return None
    confidence = 0.4 if pronoun and meant is None else 0.8 if due else 0.6
    sources = (sentence,) if source is sentence else (source, sentence)
    return Candidate(fold_verb(infinitive), what, sentence.speaker, None, sources, sentence, confidence, due)


def _own_commitment(spoken: Sequence[Sentence], sentence: Sentence) -> Sentence | None:
    """Return the sentence near ``je m'en occupe`` in which the same speaker says what they will do."""
    for near in (sentence.index + 1, sentence.index - 1, sentence.index + 2):
        if 0 <= near < len(spoken) and spoken[near].speaker == sentence.speaker:
            other = spoken[near]
            for found in COMMIT.finditer(other.folded):
                infinitive = infinitive_of(found)
                if infinitive and not GENERIC.search(other.folded) and _commitment(spoken, other, found):
                    return other
    return None


def _asked_before(spoken: Sequence[Sentence], sentence: Sentence) -> bool:
    """Tell whether another speaker asked for or proposed something just before."""
    for earlier in reversed(spoken[max(0, sentence.index - 3) : sentence.index]):
        if earlier.speaker != sentence.speaker and (
            REQUEST.search(earlier.folded) or NEED.search(earlier.folded) or CHARGE.search(earlier.folded)
        ):
            return True
    return False


def _agrees(sentence: Sentence) -> bool:
    return bool(
        re.match(
            r"[\s,]*(?:oui|ok|d'accord|tres bien|parfait|alors|bon|bien sur|moi|je|j'|ca marche|entendu)\b",
            sentence.folded,
        )
    )


def thirds(spoken: Sequence[Sentence], sentence: Sentence, names: Names) -> list[Candidate]:
    """Find tasks of a known person named by another: ``Nadia réserve la salle lundi``, ``Nadia s'en occupe``."""
    tasks = []
    for name, _, end in names.mentioned(sentence):
        person = names.speaker(name)
        if person == sentence.speaker and person is not None:
            continue
        found = THIRD.match(sentence.folded, end)
        if not found or sentence.question or UNLESS.search(sentence.folded[:end]):
            continue
        if found["charge"]:
            need = taken(spoken, sentence, sentence.folded.rfind(" ", 0, end - len(name)) + 1)
            if need and not NOT_TAKEN.match(sentence.folded, found.end()):
                tasks.append(
                    replace(
                        need,
                        owner_id=person,
                        owner=name,
                        owner_source=sentence,
                        sources=(*need.sources, sentence),
                        due=due_of(sentence, found.end()) or need.due,
                        confidence=0.6,
                    )
                )
            continue
        due = due_of(sentence, found.end())
        if found["care"]:
            start = found.end()
            tasks.append(
                Candidate(
                    None,
                    phrase(sentence, "s'occuper", start, "", due),
                    person,
                    name,
                    (sentence,),
                    sentence,
                    0.6,
                    due,
                )
            )
            continue
        form = found["verb"]
        infinitive = (
            verbs.INFINITIVE.get(form) if found["modal"] else verbs.PRESENT_3.get(form) or verbs.FUTURE_3.get(form)
        )
        if infinitive is None or due is None or (verbs.is_weak(infinitive) and not found["modal"]):
            continue
        what = phrase(sentence, infinitive, found.end(), "", due)
        if len(content_words(what)) >= 2:
            tasks.append(Candidate(fold_verb(infinitive), what, person, name, (sentence,), sentence, 0.6, due))
    return tasks
