"""The recogniser's doubt: words that are more likely wrong than right, and statements that stand on them."""

from __future__ import annotations

from collections.abc import Sequence

from dialogue.core.transcript import Transcript, Utterance, Word
from dialogue.french.text import content_words, normalised
from dialogue.minutes.document import Evidence

DOUBTFUL = 0.5  # a word with a smaller probability is more likely wrong than right


def is_doubtful(word: Word) -> bool:
    return word.probability is not None and word.probability < DOUBTFUL and any(map(str.isalnum, word.text))


def recognised(transcript: Transcript) -> bool:
    """Tell whether a recogniser wrote the transcript: words that a person wrote have no probability."""
    return any(word.probability is not None for word in transcript.words())


def doubtful_words(quote: str, cited: Sequence[Utterance]) -> tuple[str, ...]:
    """Return the doubtful words of a quotation, each once, as they are written in the utterances it is from."""
    words = [word for utterance in cited for word in utterance.words]
    if not any(map(is_doubtful, words)):
        return ()
    said = [(part, word) for word in words for part in normalised(word.text).split()]
    wanted = normalised(quote).split()
    for start in range(len(said) - len(wanted) + 1):
        found = said[start : start + len(wanted)]
        if [part for part, _ in found] == wanted:
            return tuple(dict.fromkeys(w.text.strip(" ,;:.?!…") for _, w in found if is_doubtful(w)))
    return ()


def to_hear(text: str, evidence: Sequence[Evidence]) -> tuple[str, ...]:
    """Return the doubtful words that carry the meaning of a statement, and so should be checked against the sound."""
    meant = set(content_words(text))
    doubtful = dict.fromkeys(word for item in evidence for word in item.doubtful)
    return tuple(word for word in doubtful if meant & set(content_words(word)))
