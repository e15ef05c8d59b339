"""Detect answers that loop while they are written, as greedy answers of small models do.

See Holtzman et al. 2020, arXiv 1904.09751.
"""

from __future__ import annotations

TIMES = 3  # consecutive copies
LEAST = 160  # characters in the copies together: shorter repetitions occur in speech
PROBE = 24  # characters by which an earlier copy is found


def repeats(text: str) -> bool:
    """Return whether a text ends in a repeated passage: at least ``TIMES`` exact copies and ``LEAST`` characters.

    Meant to be called after each piece of an answer: if the last characters also occur inside a copy, the loop is
    missed, but it is found a few pieces later. Only exact copies count, so JSON items that differ in a number do not.
    """
    end = len(text)
    earlier = text.rfind(text[-PROBE:], 0, end - 1)
    if end < LEAST or earlier < 0:
        return False
    period = end - PROBE - earlier
    length = max(TIMES * period, LEAST)
    return length <= end and text[-length:-period] == text[period - length :]
