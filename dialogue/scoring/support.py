"""Share of the names and numbers in a text that its source contains: 100 % is necessary, but not sufficient."""

from __future__ import annotations

from dialogue.french.source import Source, names, numbers
from dialogue.scoring.rate import Rate


def support(text: str, source: str | Source) -> dict[str, Rate]:
    """Count the names and numbers of a text that its source does not contain.

    Args:
        text: a summary, or the statements of minutes.
        source: the transcript, with the title and the names of the speakers.

    Returns:
        ``names`` and ``numbers``, as rates that add up over documents: ``errors`` is how many are not in the source and
        ``length`` how many there are, so the supported share is ``1 - value``; the parts hold both counts.
    """
    known = source if isinstance(source, Source) else Source(source)
    return {
        "names": _rate([known.names(name) for name in names(text)]),
        "numbers": _rate([known.counts(number) for number in numbers(text)]),
    }


def _rate(supported: list[bool]) -> Rate:
    found, total = sum(supported), len(supported)
    return Rate(total - found, total, {"supported": found, "unsupported": total - found})
