"""Errors in each block of a recording, as units for the bootstrap when there are too few recordings.

Utterances of a conversation are not independent: the same speaker, microphone and topic make neighbours fail together.
Blocks of adjacent speech keep that dependence inside (blockwise bootstrap for ASR: Liu and Peng 2020). Half a minute
holds about ten turns. An interval over blocks shows how certain the difference is on these recordings, and nothing
about others.

The metrics are computed over the whole recording, with a single assignment of speakers; the errors are then put into
the blocks where they occurred, so they add up to the recording's score.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from dialogue.core.transcript import Transcript, Word
from dialogue.scoring import cpwer, der, wer
from dialogue.scoring.rate import Rate
from dialogue.scoring.scored_words import Zones, middle, words_in_time

SECONDS = 30.0  # length of a block
METRICS = ("cpwer", "tcpwer", "wer", "der")


def rates(
    reference: Transcript,
    hypothesis: Transcript,
    alignment: wer.Alignment,
    reference_turns: Transcript,
    turns: Transcript,
    zones: Zones | None = None,
) -> dict[str, list[Rate]]:
    """Return, for each metric, the rates of the blocks of one recording in order of time.

    Args:
        reference, hypothesis: normalised transcripts, see :func:`dialogue.scoring.scored_words.spoken`.
        alignment: alignment of the two, see :func:`dialogue.scoring.wer.align`.
        reference_turns, turns: the diarizations that DER compares.
        zones: the UEM, seconds.
    """
    ends = [u.end for t in (reference, hypothesis, reference_turns, turns) for u in t]
    count = int(max([reference.duration, *ends]) // SECONDS) + 1
    said, heard = ([word for word, _ in words_in_time(t)] for t in (reference, hypothesis))
    alike = [(None if i is None else said[i], None if j is None else heard[j]) for i, j in alignment.pairs]
    spans = [(n * SECONDS, (n + 1) * SECONDS) for n in range(count)]
    return {
        "cpwer": _words(cpwer.aligned(reference, hypothesis), count),
        "tcpwer": _words(cpwer.aligned(reference, hypothesis, cpwer.COLLAR), count),
        "wer": _words(alike, count),
        "der": der.der_of_spans(reference_turns, turns, spans, zones),
    }


def _words(pairs: Iterable[tuple[Word | None, Word | None]], count: int) -> list[Rate]:
    errors, lengths = [0] * count, [0] * count
    for said, heard in pairs:
        word = said or heard
        assert word is not None
        place = int(middle(word) // SECONDS)
        lengths[place] += said is not None
        errors[place] += said is None or heard is None or said.text != heard.text
    return [Rate(e, n) for e, n in zip(errors, lengths, strict=True)]


def join(recordings: Sequence[dict[str, list[Rate]]]) -> dict[str, list[Rate]]:
    """Return, for each metric, the blocks of all recordings."""
    return {metric: [rate for found in recordings for rate in found[metric]] for metric in METRICS}
