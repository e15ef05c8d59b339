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
    """Return the evidence of several sentences, once each, in order."""
    unique = {part.index: part for part in parts}
    return tuple(evidence(unique[index]) for index in sorted(unique))
