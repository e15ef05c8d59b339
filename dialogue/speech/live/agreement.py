"""Which words of a growing utterance are stable: those that two decodings, one after the other, agree on.

LocalAgreement-2 (Liu et al., "Low-Latency Sequence-to-Sequence Speech Recognition and Translation by Partial Hypothesis
Selection", Interspeech 2020; for Whisper: Macháček et al., "Turning Whisper into Real-Time Transcription System",
IJCNLP-AACL 2023, arXiv 2307.14743).
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence

from dialogue.core.transcript import Word
from dialogue.french.text import unaccented


class Agreement:
    """The stable words of one utterance. What was stable stays so until the utterance is final.

    Attributes:
        stable: words that two decodings agreed on.
        tail: words that only the last one has found.
    """

    def __init__(self) -> None:
        self.stable: list[Word] = []
        self.tail: list[Word] = []

    def add(self, words: Sequence[Word]) -> None:
        """Take the words of the next decoding of the utterance."""
        new = after(self.stable, words)
        pairs = itertools.takewhile(lambda pair: _same(*pair), zip(self.tail, new, strict=False))
        agreed = [later for _, later in pairs]
        self.stable += agreed
        self.tail = new[len(agreed) :]


def after(stable: Sequence[Word], words: Sequence[Word]) -> list[Word]:
    """Return the words that come after stable ones.

    Those are known by their place where both begin with the same words, else by their time.
    """
    if all(_same(*pair) for pair in zip(stable, words, strict=False)) and len(words) >= len(stable):
        return list(words[len(stable) :])
    end = stable[-1].end or 0.0
    return [word for word in words if ((word.start or 0.0) + (word.end or 0.0)) / 2 > end]


def _same(one: Word, other: Word) -> bool:
    """Tell whether two words differ only in case, accents or punctuation."""
    return _bare(one) == _bare(other)


def _bare(word: Word) -> str:
    return "".join(c for c in unaccented(word.text.casefold()) if c.isalnum()) or word.text
