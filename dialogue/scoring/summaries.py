"""Compare summaries of minutes, people, other systems and the transcript's first words.

The scores are ROUGE, support of names and numbers, and length.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from dialogue.french.source import Source, names, numbers
from dialogue.scoring.rate import Rate
from dialogue.scoring.rouge import lead, rouge

LEAD, PEOPLE = "first words", "people"


def compare(
    texts: Mapping[str, str], people: Sequence[str], transcript: str, source: Source
) -> dict[str, dict[str, Rate]]:
    """Return one row per summary of a document: error rates of ROUGE, names and numbers, and the number of words.

    ROUGE has length 1, so that sums give means.

    Args:
        texts: system -> its summary.
        people: summaries by people; without any there is no ROUGE and no other row.
        transcript: its first words, as many as the mean of people's summaries, make the row ``first words``.
        source: text in which names and numbers are looked up.

    Returns:
        system -> score -> rate, with a row ``first words`` and, if there are several people, a row ``people`` that
        compares each with the others.
    """
    rows: dict[str, dict[str, Rate]] = {}
    for name, text in texts.items():
        rows[name] = {**_rouge(text, people), **supported([text], source), "words": Rate(words(text), 1)}
    if people:
        mean = sum(map(words, people)) / len(people)
        first = lead(transcript, round(mean))
        rows[LEAD] = {**_rouge(first, people), "words": Rate(words(first), 1)}
        if len(people) > 1:
            each = [_rouge(text, [*people[:n], *people[n + 1 :]]) for n, text in enumerate(people)]
            between = {name: Rate(sum(r[name].errors for r in each) / len(each), 1) for name in each[0]}
            rows[PEOPLE] = {**between, **supported(people, source), "words": Rate(mean, 1)}
    return rows


def supported(texts: Iterable[str], source: Source) -> dict[str, Rate]:
    """Sum the support of texts, each checked alone: if joined, the first word of each would look like a name."""
    each = [support(text, source) for text in texts]
    return {name: sum((found[name] for found in each), Rate(0, 0)) for name in ("names", "numbers")}


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


def words(text: str) -> int:
    return len(text.split())


def _rouge(text: str, people: Sequence[str]) -> dict[str, Rate]:
    return {name: Rate(1 - value, 1) for name, value in rouge(text, people).items()} if people else {}


def _rate(supported: list[bool]) -> Rate:
    found, total = sum(supported), len(supported)
    return Rate(total - found, total, {"supported": found, "unsupported": total - found})
