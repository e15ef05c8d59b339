"""WER and CER, which ignore who spoke: words are taken in order of time.

Where speakers overlap, that order depends on fractions of a second: for meetings, report cpWER.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from dialogue.core.transcript import Transcript, Utterance
from dialogue.scoring.rate import Rate
from dialogue.scoring.scored_words import words_in_time

BANDS = {"overlap <5%": (0.0, 0.05), "overlap 5-50%": (0.05, 0.5), "overlap >50%": (0.5, 1.01)}
DURATIONS = {
    "<1 s": (0.0, 1.0),
    "1-2 s": (1.0, 2.0),
    "2-5 s": (2.0, 5.0),
    "5-10 s": (5.0, 10.0),
    ">10 s": (10.0, float("inf")),
}
Pair = tuple[int | None, int | None]


@dataclass(frozen=True, slots=True)
class Alignment:
    """The words of a reference and a hypothesis, aligned with the fewest edits.

    Attributes:
        reference, hypothesis: the words, each with the index of its utterance.
        pairs: indices of aligned words, equal or substituted, in order; ``None`` on one side is a deletion (no
            hypothesis) or an insertion (no reference).
    """

    reference: Sequence[tuple[str, int]]
    hypothesis: Sequence[tuple[str, int]]
    pairs: Sequence[Pair]


def align(reference: Transcript, hypothesis: Transcript) -> Alignment:
    """Align normalised transcripts (see :func:`dialogue.scoring.scored_words.spoken`), all speakers together."""
    said = [(word.text, place) for word, place in words_in_time(reference)]
    heard = [(word.text, place) for word, place in words_in_time(hypothesis)]
    return Alignment(said, heard, align_words([w for w, _ in said], [w for w, _ in heard]))


def align_words(said: Sequence[str], heard: Sequence[str]) -> list[Pair]:
    """Return the indices of words aligned with the fewest edits; see :class:`Alignment`."""
    import jiwer

    pairs: list[Pair] = []
    if not said or not heard:
        return [(i, None) for i in range(len(said))] + [(None, i) for i in range(len(heard))]
    for chunk in jiwer.process_words(" ".join(said), " ".join(heard)).alignments[0]:
        left: list[int | None] = list(range(chunk.ref_start_idx, chunk.ref_end_idx))
        right: list[int | None] = list(range(chunk.hyp_start_idx, chunk.hyp_end_idx))
        size = max(len(left), len(right))
        pairs += zip(left + [None] * (size - len(left)), right + [None] * (size - len(right)), strict=True)
    return pairs


def wer(alignment: Alignment) -> Rate:
    """Compute the word error rate, with substitutions, deletions and insertions."""
    return _rate(alignment, alignment.pairs)


def by_utterance(alignment: Alignment) -> dict[int, list[Pair]]:
    """Return the pairs of each reference utterance by index; an insertion goes with the reference word before it."""
    found: dict[int, list[Pair]] = {}
    place = alignment.reference[0][1] if alignment.reference else 0
    for pair in alignment.pairs:
        if pair[0] is not None:
            place = alignment.reference[pair[0]][1]
        found.setdefault(place, []).append(pair)
    return found


def wer_by_overlap(alignment: Alignment, reference: Transcript) -> dict[str, Rate]:
    """Compute WER for reference utterances that others overlap for less than 5 %, 5 to 50 % or more of their time."""
    shares = overlap_shares(list(reference)) or [0.0]
    return _grouped(alignment, BANDS, lambda place: _band(BANDS, shares[place]))


def wer_by_duration(alignment: Alignment, reference: Transcript) -> dict[str, Rate]:
    """Compute WER for the reference utterances in each band of durations."""
    durations = [u.duration for u in reference] or [0.0]
    return _grouped(alignment, DURATIONS, lambda place: _band(DURATIONS, durations[place]))


def wer_by_speaker(alignment: Alignment, reference: Transcript) -> dict[str, Rate]:
    """Compute WER for each reference speaker, by display name."""
    names = [reference.name(u.speaker) for u in reference] or ["?"]
    return _grouped(alignment, dict.fromkeys(names), lambda place: names[place])


def cer(reference: Transcript, hypothesis: Transcript) -> Rate:
    """Compute the character error rate, including single spaces between words."""
    import jiwer

    said = " ".join(word.text for word, _ in words_in_time(reference))
    heard = " ".join(word.text for word, _ in words_in_time(hypothesis))
    if not said or not heard:
        return Rate.of_edits(len(said), 0, len(said), len(heard))
    found = jiwer.process_characters(said, heard)
    return Rate.of_edits(len(said), found.substitutions, found.deletions, found.insertions)


def overlap_shares(utterances: Sequence[Utterance]) -> list[float]:
    """Return, for utterances sorted by start, the share of each one's time during which another speaker speaks."""
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


def _grouped(alignment: Alignment, groups: Iterable[str], group: Callable[[int], str]) -> dict[str, Rate]:
    """Compute WER for groups of reference utterances; ``group`` gives the group of an utterance's index."""
    pairs: dict[str, list[Pair]] = {name: [] for name in groups}
    for place, found in by_utterance(alignment).items():
        pairs[group(place)] += found
    return {name: _rate(alignment, found) for name, found in pairs.items()}


def _band(bands: Mapping[str, tuple[float, float]], value: float) -> str:
    return next(name for name, (low, high) in bands.items() if low <= value < high)


def _rate(alignment: Alignment, pairs: Sequence[Pair]) -> Rate:
    both = [(said, heard) for said, heard in pairs if said is not None and heard is not None]
    wrong = sum(alignment.reference[said][0] != alignment.hypothesis[heard][0] for said, heard in both)
    deleted, inserted = (sum(pair[side] is None for pair in pairs) for side in (1, 0))
    return Rate.of_edits(len(both) + deleted, wrong, deleted, inserted)
