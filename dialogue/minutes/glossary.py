"""Correct the spelling of names and terms in statements, where the recogniser nearly wrote them; not in quotations."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from dialogue.french.names import same_name
from dialogue.french.text import STOPWORDS, fold
from dialogue.minutes.document import Minutes, Point

SHORTEST = 5  # letters: shorter words have too many neighbours


def read(path: Path) -> list[str]:
    """Return the terms of a file, one per line; empty lines and comments after ``#`` are skipped.

    Raises:
        ValueError: the file is not UTF-8, or has no term.
    """
    try:
        lines = path.read_text(encoding="utf-8-sig").splitlines()
    except UnicodeDecodeError as error:
        raise ValueError(f"{path}: byte {error.start} is not UTF-8. Accepted: text in UTF-8.") from error
    terms = [term for line in lines if (term := " ".join(line.partition("#")[0].split()))]
    if not terms:
        raise ValueError(f"{path}: no term found. Accepted: one name or term per line.")
    return terms


def spelt(text: str, terms: Sequence[str]) -> str:
    """Return ``text`` with near misses of names (terms with a capital or a digit) corrected.

    Lower-case terms are not used: "corps" may be meant where "corpus" is a term.
    """
    names = [t for t in terms if " " not in t and len(t) >= SHORTEST and t != t.lower()]

    def right(found: re.Match[str]) -> str:
        word = found[0]
        if len(word) < SHORTEST or fold(word) in STOPWORDS:
            return word
        return next((name for name in names if same_name(word, name)), word)

    return re.sub(r"[\w-]+", right, text) if names else text


def respelled(minutes: Minutes, terms: Sequence[str]) -> Minutes:
    """Return the minutes with the terms corrected in every statement; quotations stay as they were heard."""

    def point(old: Point) -> Point:
        return replace(old, text="\n".join(spelt(line, terms) for line in old.text.splitlines()))

    return replace(
        minutes,
        agenda=tuple(replace(a, title=spelt(a.title, terms)) for a in minutes.agenda),
        summary=point(minutes.summary),
        topics=tuple(replace(t, points=tuple(map(point, t.points))) for t in minutes.topics),
        decisions=tuple(replace(d, text=spelt(d.text, terms)) for d in minutes.decisions),
        actions=tuple(replace(a, what=spelt(a.what, terms)) for a in minutes.actions),
        open_questions=tuple(map(point, minutes.open_questions)),
    )
