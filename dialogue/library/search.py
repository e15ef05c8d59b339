"""Find what was said, and what the minutes hold, in all meetings of a user: words in any form, phrases, filters.

    partitions "avant vendredi" speaker:Camille date:2023-10 tag:chorale in:minutes répét*

All words must be there, in any inflection and without regard to accents and case. The best places come first, by BM25.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from dialogue.french.text import STOPWORDS, plain
from dialogue.library.catalogue import ITEMS, SHIFT, LibraryError
from dialogue.library.contents import label
from dialogue.library.meetings import Library, page_of
from dialogue.library.owners import owned
from dialogue.library.stems import WORD, positions, stem, stems

TERM = re.compile(r'(?:(?P<key>speaker|date|tag|in):)?(?:"(?P<phrase>[^"]*)"?|(?P<word>[^\s"]+))')
DATE = re.compile(r"\d{4}(?:-\d\d(?:-\d\d)?)?")
AROUND = 90  # characters shown before and after the first word found
LONG = 15.0  # seconds from which an utterance is played from the word that was found, as far as its place tells
RANKED = 5000  # places that are compared: of words that are found more often, those in the meetings added last
WHERE = {"words": f"(words.rowid & {ITEMS}) = 0", "minutes": f"(words.rowid & {ITEMS}) <> 0"}


@dataclass(frozen=True)
class SearchQuery:
    """What somebody looks for.

    Attributes:
        match: the same for FTS5; empty if there are only filters.
        stems: stems and beginnings of words that are shown as found.
        dates: the first and the last date.
        tags: all of which a meeting must have.
        where: ``words`` or ``minutes``; both without it.
    """

    match: str
    stems: tuple[str, ...] = ()
    prefixes: tuple[str, ...] = ()
    dates: tuple[str, str] | None = None
    tags: tuple[str, ...] = ()
    where: str | None = None


@dataclass(frozen=True)
class SearchHit:
    """A place where it was found.

    Attributes:
        kind: ``words``, or the kind of item of the minutes: summary, point, decision, action, question, next_meeting.
        start: seconds; ``None`` for an item without evidence.
        text: the words around, and ``marks`` the spans of the words found in it.
        link: address of the meeting's page, which plays from there; ``None`` if there is no page.
    """

    meeting: str
    title: str | None
    date: str | None
    kind: str
    speaker: str | None
    start: float | None
    text: str
    marks: tuple[tuple[int, int], ...] = field(default=())
    link: str | None = None


def search(library: Library, query: str, count: int = 20) -> list[SearchHit]:
    """Return the best ``count`` places, best first.

    Raises:
        LibraryError: the query has no words, or a filter has a value that is not accepted.
    """
    asked = parse(query)
    condition, values = owned(library.user)
    wanted: list[str] = [condition]
    if asked.dates:
        wanted.append("date BETWEEN ? AND ?")
        values += asked.dates
    for tag in asked.tags:
        wanted.append("instr(labels, ?)")
        values.append(label(tag))
    matches = f"""FROM words WHERE words MATCH ? {f"AND {WHERE[asked.where]}" if asked.where else ""}
        AND (rowid >> {SHIFT}) IN (SELECT number FROM meetings WHERE {" AND ".join(wanted)})"""
    values = [asked.match, *values]
    with library.reading() as database:
        last = f"SELECT rowid {matches} ORDER BY rowid DESC LIMIT 1 OFFSET {RANKED}"
        first = (database.execute(last, values).fetchone() or [0])[0]
        found = database.execute(
            f"""SELECT meetings.id AS meeting, title, date, kind, speaker, start, "end", text
            FROM (SELECT rowid AS place, rank AS worth {matches} AND rowid >= ? ORDER BY rank LIMIT ?)
            JOIN passages ON passages.id = place JOIN meetings ON number = place >> {SHIFT} ORDER BY worth, place""",
            [*values, first, count],
        ).fetchall()
    return [_hit(library.folder, row, asked) for row in found]


def parse(query: str) -> SearchQuery:
    """Read a query as somebody typed it.

    Raises:
        LibraryError: it has no words, or a filter has a value that is not accepted.
    """
    parts: list[str] = []
    marked: list[str] = []
    begun: list[str] = []
    dates: tuple[str, str] | None = None
    tags: list[str] = []
    where: str | None = None
    words = [m for m in TERM.finditer(query) if m["key"] is None]
    light = {w for m in words for w in WORD.findall(plain(m["word"] or m["phrase"] or ""))} <= STOPWORDS
    for found in TERM.finditer(query):
        key, value = found["key"], found["phrase"] if found["phrase"] is not None else found["word"]
        if key == "speaker":
            parts += [f"speaker : {_phrase(stems(value))}"] if stems(value) else []
        elif key == "date":
            dates = _dates(value)
        elif key == "tag":
            tags.append(value)
        elif key == "in":
            if value not in WHERE:
                raise LibraryError(f"in:{value}: found {value!r}. Accepted: {', '.join(WHERE)}.")
            where = value
        elif found["phrase"] is not None:
            marked += stems(value)
            parts += [f"stems : {_phrase(stems(value))}"] if stems(value) else []
        else:
            bare = WORD.findall(plain(value))
            last = bare.pop() if bare and value.endswith("*") else None
            found_stems = [stem(w) for w in bare if light or w not in STOPWORDS]  # "de" and "la" are everywhere
            parts += [f"stems : {_phrase([each])}" for each in found_stems]
            marked += found_stems
            if last:
                begun.append(last)
                parts.append(f'stems : ({_phrase([stem(last)])} OR "{last}" *)')
    if not parts:
        raise LibraryError(f'search: found no word in {query!r}. Accepted: words, "phrases", and filters beside them.')
    return SearchQuery(" AND ".join(parts), tuple(marked), tuple(begun), dates, tuple(tags), where)


def _phrase(found: Sequence[str]) -> str:
    return '"' + " ".join(found) + '"'


def _dates(value: str) -> tuple[str, str]:
    first, dots, last = value.partition("..")
    last = last if dots else first
    if not all(DATE.fullmatch(day) or (dots and not day) for day in (first, last)) or not (first or last):
        raise LibraryError(f"date: found {value!r}. Accepted: 2023, 2023-10, 2023-10-12, 2023-10-01..2023-12-31.")
    return first, f"{last}-99" if last else "9999"


def _hit(folder: Path, row: object, asked: SearchQuery) -> SearchHit:
    known = dict(row)  # type: ignore[call-overload]
    begin, end, text = known.pop("start"), known.pop("end"), " ".join(known.pop("text").split())
    places = [
        (start, stop)
        for found, start, stop in positions(text)
        if found in asked.stems or any(plain(text[start:stop]).startswith(p) for p in asked.prefixes)
    ]
    first = places[0][0] if places else 0
    if begin is not None and end is not None and end - begin > LONG:
        begin += max(0.0, (end - begin) * first / len(text) - 1.0)
    shown, cut = _around(text, first)
    marks = tuple((a - cut, b - cut) for a, b in places if cut <= a and b - cut <= len(shown.rstrip("…")))
    return SearchHit(**known, start=begin, text=shown, marks=marks, link=page_of(folder, known["meeting"], begin))


def _around(text: str, place: int) -> tuple[str, int]:
    """Return the words around a place, and by how much places in them are smaller than in the text."""
    begin = text.rfind(" ", 0, max(0, place - AROUND)) + 1 if place > AROUND else 0
    end = text.find(" ", place + AROUND) if len(text) > place + AROUND else len(text)
    end = len(text) if end < 0 else end
    before = "…" if begin else ""
    return f"{before}{text[begin:end]}{'…' if end < len(text) else ''}", begin - len(before)
