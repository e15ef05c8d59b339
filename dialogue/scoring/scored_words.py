"""Transcripts ready for scoring: normalised text, a time for every word, nothing outside the scored zones."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from dialogue.core.transcript import Transcript, Utterance, Word
from dialogue.formats.lines import spread, timed_words
from dialogue.french.normalization import normalize

Zones = Sequence[tuple[float, float]]


def spoken(transcript: Transcript, level: str = "fr-std", zones: Zones | None = None) -> Transcript:
    """Prepare a transcript for the word metrics; utterances without words are dropped.

    Args:
        transcript: a reference or a hypothesis.
        level: level of normalisation.
        zones: the UEM of this recording; a word counts when its middle is in a zone. ``None`` is the whole recording.

    Returns:
        Utterances with normalised words. Their times and probabilities come from the original words, or are shares of
        the utterance's span.
    """
    utterances = []
    for utterance in transcript:
        words = tuple(w for w in _words(utterance, level) if zones is None or _inside(w, zones))
        if words:
            utterances.append(replace(utterance, text=" ".join(w.text for w in words), words=words))
    return replace(transcript, utterances=tuple(utterances))


def words_in_time(transcript: Transcript) -> list[tuple[Word, int]]:
    """Return the words of all speakers, each with the index of its utterance, in the order of their middles."""
    words = [(word, place) for place, utterance in enumerate(transcript) for word in utterance.words]
    return sorted(words, key=lambda item: middle(item[0]))


def _words(utterance: Utterance, level: str) -> list[Word]:
    """Return normalised words; a letter gets the time of the original letter at the same relative position."""
    import numpy as np

    written = timed_words(utterance)
    texts = normalize(utterance.text or " ".join(w.text for w in written), level).split()
    if not texts or not written:
        return spread(texts, utterance.start, utterance.end)
    letters = np.cumsum([0, *(len(w.text) for w in written)]) / sum(len(w.text) for w in written)
    # Each written word fills its share of the letters; the silence after it fills none of them.
    share = np.repeat(letters, 2)[1:-1]
    times = [t for w in written for t in (w.start or 0.0, w.end or 0.0)]
    ends = np.cumsum([0, *map(len, texts)]) / sum(map(len, texts))
    grid = np.linspace(0, 1, len(share)) * 1e-9  # makes it strictly increasing, as interp requires
    starts = np.interp(ends[:-1] + 1e-6, share + grid, times)
    stops = np.interp(ends[1:] - 1e-6, share + grid, times)
    return [
        Word(text, float(start), float(max(start, stop)), probability, utterance.speaker)
        for text, start, stop, probability in zip(
            texts, starts, stops, _probabilities(written, texts, level), strict=True
        )
    ]


def _probabilities(written: Sequence[Word], texts: Sequence[str], level: str) -> list[float | None]:
    """Return, for each normalised word, the probability of the written word that it comes from."""
    import numpy as np

    if all(w.probability is None for w in written):
        return [None] * len(texts)
    apart = [normalize(w.text, level).split() for w in written]
    if [text for parts in apart for text in parts] == list(texts):
        return [w.probability for w, parts in zip(written, apart, strict=True) for _ in parts]
    # Some words were normalised together (1 200 euros): take the word at the same share of the letters.
    letters = np.cumsum([len(w.text) for w in written]) / sum(len(w.text) for w in written)
    ends = np.cumsum([0, *map(len, texts)]) / sum(map(len, texts))
    return [written[i].probability for i in np.searchsorted(letters, (ends[:-1] + ends[1:]) / 2)]


def middle(word: Word) -> float:
    return ((word.start or 0.0) + (word.end or 0.0)) / 2


def _inside(word: Word, zones: Zones) -> bool:
    return any(start <= middle(word) < end for start, end in zones)
