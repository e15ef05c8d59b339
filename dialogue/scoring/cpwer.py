"""Word error rates that take speakers into account, computed by meeteval, and the word diarization error rate.

- cpWER: each speaker's words are concatenated, and speakers are matched to minimise errors (Watanabe et al. 2020,
  CHiME-6);
- tcpWER: the same, but words more than a collar apart in time do not match (von Neumann et al. 2023);
- ORC-WER: each reference utterance goes to the hypothesis speaker that suits it best, which measures recognition
  without attribution (Sklyar et al. 2022). The exact search is exponential in the number of speakers; this is
  meeteval's greedy search, an upper bound that its authors found close;
- DI-cpWER: each hypothesis utterance goes to the reference speaker that suits it best, also greedily. It is cpWER
  without the errors of attribution, so ``cpWER - DI-cpWER`` is the cost of attribution;
- WDER: the share of recognised words that have the wrong speaker (Shafey et al. 2019).

All take normalised transcripts (see :func:`dialogue.scoring.scored_words.spoken`).
"""

from __future__ import annotations

import logging
from typing import Any

from dialogue.core.transcript import Transcript, Word
from dialogue.scoring.rate import Rate
from dialogue.scoring.wer import Alignment, align_words

COLLAR = 5.0  # seconds, as in the CHiME-7 and CHiME-8 challenges
UNKNOWN = "?"  # the speaker of words without one


def cpwer(reference: Transcript, hypothesis: Transcript) -> Rate:
    """Compute the concatenated minimum-permutation word error rate."""
    return _score("cpwer", reference, hypothesis)


def tcpwer(reference: Transcript, hypothesis: Transcript, collar: float = COLLAR) -> Rate:
    """Compute time-constrained cpWER; ``collar`` in seconds. Words have their own times, so segments do not matter."""
    return _score("tcpwer", reference, hypothesis, word_by_word=True, collar=collar)


def orcwer(reference: Transcript, hypothesis: Transcript) -> Rate:
    """Compute the optimal reference combination word error rate, with greedy search."""
    return _score("greedy_orcwer", reference, hypothesis)


def dicpwer(reference: Transcript, hypothesis: Transcript) -> Rate:
    """Compute diarization-invariant cpWER, with greedy search."""
    return _score("greedy_dicpwer", reference, hypothesis)


def wder(alignment: Alignment, reference: Transcript, hypothesis: Transcript) -> Rate:
    """Compute the share of recognised words, right or substituted, that have the wrong speaker.

    Speakers are matched one to one so that as many words as possible agree.
    """
    import numpy as np
    from scipy.optimize import linear_sum_assignment

    said = [u.speaker or UNKNOWN for u in reference]
    heard = [u.speaker or UNKNOWN for u in hypothesis]
    rows, columns = sorted(set(said)), sorted(set(heard))
    agree = np.zeros((len(rows), len(columns)), dtype=int)
    for left, right in alignment.pairs:
        if left is not None and right is not None:
            one, other = said[alignment.reference[left][1]], heard[alignment.hypothesis[right][1]]
            agree[rows.index(one), columns.index(other)] += 1
    matched = agree[linear_sum_assignment(agree, maximize=True)].sum()
    return Rate(int(agree.sum() - matched), int(agree.sum()))


def speakers(
    reference: Transcript, hypothesis: Transcript, collar: float | None = None
) -> list[tuple[str | None, str | None]]:
    """Return (reference, hypothesis) speaker ids as cpWER matches them, ``None`` for a speaker without a match.

    With ``collar``, in seconds, they are matched as in tcpWER. The speaker of words without one is ``?``.
    """
    timed: dict[str, Any] = {} if collar is None else {"word_by_word": True, "collar": collar}
    found = _result("tcpwer" if timed else "cpwer", reference, hypothesis, **timed)
    if found is None:
        said, heard = ({u.speaker or UNKNOWN: None for u in t} for t in (reference, hypothesis))
        return [(name, None) for name in said] + [(None, name) for name in heard]
    return list(found.assignment)


def aligned(
    reference: Transcript, hypothesis: Transcript, collar: float | None = None
) -> list[tuple[Word | None, Word | None]]:
    """Return pairs of words as cpWER aligns them, speaker by speaker; with ``collar``, as in tcpWER.

    ``None`` marks a deletion or an insertion, as in :class:`~dialogue.scoring.wer.Alignment`.
    """
    from meeteval.wer.wer import time_constrained

    pairs: list[tuple[Word | None, Word | None]] = []
    for one, other in speakers(reference, hypothesis, collar):
        said, heard = _words_of(reference, one), _words_of(hypothesis, other)
        if collar is None or not said or not heard:
            places = align_words([w.text for w in said], [w.text for w in heard])
            pairs += [(None if i is None else said[i], None if j is None else heard[j]) for i, j in places]
        else:
            found = time_constrained.align(
                *([_word_segment(w) for w in words] for words in (said, heard)), collar=collar, style="seglst"
            )
            pairs += [(i and i["word"], j and j["word"]) for i, j in found]
    return pairs


def _words_of(transcript: Transcript, speaker: str | None) -> list[Word]:
    if speaker is None:
        return []
    return [w for u in transcript if (u.speaker or UNKNOWN) == speaker for w in u.words]


def _word_segment(word: Word) -> dict[str, Any]:
    return {"start_time": word.start or 0.0, "end_time": word.end or 0.0, "words": word.text, "word": word}


def _score(
    metric: str, reference: Transcript, hypothesis: Transcript, word_by_word: bool = False, **options: Any
) -> Rate:
    result = _result(metric, reference, hypothesis, word_by_word, **options)
    if result is None:
        deletions, insertions = (sum(len(u.text.split()) for u in t) for t in (reference, hypothesis))
        return Rate.of_edits(deletions, 0, deletions, insertions)
    return Rate.of_edits(result.length, result.substitutions, result.deletions, result.insertions)


def _result(
    metric: str, reference: Transcript, hypothesis: Transcript, word_by_word: bool = False, **options: Any
) -> Any:
    """Return meeteval's result, or ``None`` if a side has no words: meeteval needs words on both sides."""
    import meeteval

    for name in ("preprocess", "error_rate"):  # they warn repeatedly about speakers who overlap themselves
        logging.getLogger(name).setLevel(logging.ERROR)
    said, heard = _segments(reference, word_by_word), _segments(hypothesis, word_by_word)
    if not said or not heard:
        return None
    sides = meeteval.io.SegLST(said), meeteval.io.SegLST(heard)
    [result] = getattr(meeteval.wer, metric)(*sides, **options).values()
    return result


def _segments(transcript: Transcript, word_by_word: bool) -> list[dict[str, Any]]:
    return [
        {
            "session_id": "recording",
            "speaker": utterance.speaker or UNKNOWN,
            "start_time": item.start or 0.0,
            "end_time": item.end or 0.0,
            "words": item.text,
        }
        for utterance in transcript
        for item in (utterance.words if word_by_word else [utterance])
    ]
