"""Answers that run in a circle, as small models' greedy ones do (Holtzman et al. 2020, arXiv 1904.09751): told while they are written."""

from __future__ import annotations

TIMES = 3  # copies, one after the other
LEAST = 160  # characters that they fill: shorter refrains occur in speech
PROBE = 24  # characters by which an earlier copy is found


def repeats(text: str) -> bool:
    """Whether a text ends in one passage over and over: ``TIMES`` exact copies or more, ``LEAST`` characters or more.

    Meant to be asked after each piece of an answer: where the last characters occur twice within a copy the nearer one misleads, but
    a few pieces later they do not. Exact copies alone count, so items of JSON that differ in a number are not a circle.
    """
    end = len(text)
    earlier = text.rfind(text[-PROBE:], 0, end - 1)
    if end < LEAST or earlier < 0:
        return False
    period = end - PROBE - earlier
    length = max(TIMES * period, LEAST)
    return length <= end and text[-length:-period] == text[period - length :]
