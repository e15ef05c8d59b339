"""WER and CER: who spoke is not looked at, words are taken in the order of their times.

Where speakers overlap, that order depends on times to a fraction of a second: cpWER is the score to quote for a meeting.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from dialogue.scoring.rate import Rate
from dialogue.scoring.text import words_in_time
from dialogue.transcript import Transcript, Utterance

BANDS = {"overlap <5%": (0.0, 0.05), "overlap 5-50%": (0.05, 0.5), "overlap >50%": (0.5, 1.01)}


@dataclass(frozen=True, slots=True)
class Alignment:
    """The words of a reference and of a hypothesis, least edits apart.

    Attributes:
        reference, hypothesis: the words, each with the place of its utterance.
        pairs: places of words that stand for each other, same or substituted; ``None`` for a deletion (no hypothesis)
            or an insertion (no reference), in order.
    """

    reference: Sequence[tuple[str, int]]
    hypothesis: Sequence[tuple[str, int]]
    pairs: Sequence[tuple[int | None, int | None]]


def align(reference: Transcript, hypothesis: Transcript) -> Alignment:
    """Align normalised transcripts (see :func:`dialogue.scoring.text.spoken`), all speakers together."""
    import jiwer

    said = [(word.text, place) for word, place in words_in_time(reference)]
    heard = [(word.text, place) for word, place in words_in_time(hypothesis)]
    pairs: list[tuple[int | None, int | None]] = []
    if not said or not heard:
        pairs = [(i, None) for i in range(len(said))] + [(None, i) for i in range(len(heard))]
        return Alignment(said, heard, pairs)
    result = jiwer.process_words(" ".join(w for w, _ in said), " ".join(w for w, _ in heard))
    for chunk in result.alignments[0]:
        left: list[int | None] = list(range(chunk.ref_start_idx, chunk.ref_end_idx))
        right: list[int | None] = list(range(chunk.hyp_start_idx, chunk.hyp_end_idx))
        size = max(len(left), len(right))
        pairs += zip(left + [None] * (size - len(left)), right + [None] * (size - len(right)), strict=True)
    return Alignment(said, heard, pairs)


def wer(alignment: Alignment) -> Rate:
    """Word error rate with substitutions, deletions and insertions."""
    return _rate(alignment, alignment.pairs)


def wer_by_overlap(alignment: Alignment, reference: Transcript) -> dict[str, Rate]:
    """WER of the reference utterances that others talk over for less than 5 %, 5 to 50 %, more than 50 % of their time.

    An inserted word counts for the utterance of the reference word before it.
    """
    shares = overlap_shares(list(reference))
    grouped: dict[str, list[tuple[int | None, int | None]]] = {band: [] for band in BANDS}
    place = alignment.reference[0][1] if alignment.reference else 0
    for pair in alignment.pairs:
        if pair[0] is not None:
            place = alignment.reference[pair[0]][1]
        share = shares[place] if shares else 0.0
        grouped[next(b for b, (low, high) in BANDS.items() if low <= share < high)].append(pair)
    return {band: _rate(alignment, pairs) for band, pairs in grouped.items()}


def cer(reference: Transcript, hypothesis: Transcript) -> Rate:
    """Character error rate, single spaces between words included."""
    import jiwer

    said = " ".join(word.text for word, _ in words_in_time(reference))
    heard = " ".join(word.text for word, _ in words_in_time(hypothesis))
    if not said or not heard:
        return Rate(
            max(len(said), len(heard)),
            len(said),
            {"substitutions": 0, "deletions": len(said), "insertions": len(heard)},
        )
    found = jiwer.process_characters(said, heard)
    parts = {
        "substitutions": found.substitutions,
        "deletions": found.deletions,
        "insertions": found.insertions,
    }
    return Rate(sum(parts.values()), len(said), parts)


def overlap_shares(utterances: Sequence[Utterance]) -> list[float]:
    """For each utterance, sorted by start, the share of its time during which another speaker speaks."""
    shares, first = [], 0
    longest = max((u.duration for u in utterances), default=0.0)
    for u in utterances:
        while utterances[first].start < u.start - longest:
            first += 1
        busy, until = 0.0, u.start
        for other in utterances[first:]:
            if other.start >= u.end:
                break
            if other.speaker != u.speaker and other.end > until:
                busy += min(other.end, u.end) - max(other.start, until)
                until = min(other.end, u.end)
        shares.append(busy / u.duration if u.duration else 0.0)
    return shares


def _rate(alignment: Alignment, pairs: Sequence[tuple[int | None, int | None]]) -> Rate:
    parts = {"substitutions": 0, "deletions": 0, "insertions": 0}
    length = 0
    for said, heard in pairs:
        if said is None:
            parts["insertions"] += 1
            continue
        length += 1
        if heard is None:
            parts["deletions"] += 1
        elif alignment.reference[said][0] != alignment.hypothesis[heard][0]:
            parts["substitutions"] += 1
    return Rate(sum(parts.values()), length, parts)
