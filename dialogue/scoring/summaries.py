"""A summary beside people's, the first words of the transcript, and other systems': ROUGE, support of names and numbers, length."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from dialogue.french.source import Source
from dialogue.scoring.rate import Rate
from dialogue.scoring.rouge import lead, rouge
from dialogue.scoring.support import support

LEAD, PEOPLE = "first words", "people"


def compare(
    texts: Mapping[str, str], people: Sequence[str], transcript: str, source: Source
) -> dict[str, dict[str, Rate]]:
    """Rows of one document, each with what is lacking: ROUGE (of length 1, so that sums give means), names, numbers; and words.

    Args:
        texts: system -> its summary.
        people: their summaries; without one there is no ROUGE and no other row.
        transcript: whose first words, as many as people's mean, are the row ``first words``.
        source: what names and numbers are looked for in.

    Returns:
        system -> score -> rate, with ``first words``, and ``people``, each against the others, where there are several.
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
    """Support of several texts, one by one: joined, the first word of each would pass for a name."""
    each = [support(text, source) for text in texts]
    return {name: sum((found[name] for found in each), Rate(0, 0)) for name in ("names", "numbers")}


def words(text: str) -> int:
    return len(text.split())


def _rouge(text: str, people: Sequence[str]) -> dict[str, Rate]:
    return {name: Rate(1 - value, 1) for name, value in rouge(text, people).items()} if people else {}
