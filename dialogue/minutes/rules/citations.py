"""Turn sentences into evidence."""

from __future__ import annotations

from collections.abc import Sequence

from dialogue.french.sentences import Sentence
from dialogue.minutes.document import Action, Decision, Evidence, Point, ToVerify


def evidence(sentence: Sentence) -> Evidence:
    """Return where a sentence was said, and its words."""
    return Evidence(sentence.ids, sentence.start, sentence.end, sentence.text)


def cited(item: Decision | Action | Point | ToVerify) -> set[str]:
    """Return the ids of the utterances that an item cites."""
    return {id for proof in item.evidence for id in proof.utterance_ids}


def joined_evidence(parts: Sequence[Sentence]) -> tuple[Evidence, ...]:
    """Return the evidence of several sentences, in order; neighbours in one utterance are one citation."""
    found: list[Evidence] = []
    latest = -1
    for part in sorted({part.index: part for part in parts}.values(), key=lambda part: part.index):
        last = found[-1] if found else None
        if last and part.index == latest + 1 and set(last.utterance_ids) & set(part.ids):
            ids = tuple(dict.fromkeys((*last.utterance_ids, *part.ids)))
            found[-1] = Evidence(ids, last.start, max(last.end, part.end), f"{last.quote} {part.text}")
        else:
            found.append(evidence(part))
        latest = part.index
    return tuple(found)


def united(first: Sequence[Evidence], second: Sequence[Evidence]) -> tuple[Evidence, ...]:
    """Return two lists of citations as one, in order, without those that are a part of another."""
    every = list(dict.fromkeys((*first, *second)))
    kept = [each for each in every if not any(_part(each, other) for other in every)]
    return tuple(sorted(kept, key=lambda each: each.start))


def _part(of: Evidence, other: Evidence) -> bool:
    return of != other and set(of.utterance_ids) <= set(other.utterance_ids) and of.quote in other.quote
