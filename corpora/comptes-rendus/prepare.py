"""Read the excerpts of `text/`, check them, and count what they hold.

    python corpora/comptes-rendus/prepare.py                     check every file, and count
    python corpora/comptes-rendus/prepare.py text/h1.txt         check one file

See GUIDE.md for the format.
"""

from __future__ import annotations

import argparse
import re
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

from dialogue import formats
from dialogue.core.files import save_json
from dialogue.corpus import CorpusError
from dialogue.formats.script import untimed

HERE = Path(__file__).resolve().parent
ACTS = ("inform", "ask", "propose", "agree", "refuse", "decide", "commit", "request", "past", "meet", "other")
KINDS = {
    "D": ("agreed", "stated", "vote", "conditional", "postponed", "reversal"),
    "A": ("volunteered", "assigned", "joint", "absent", "unowned"),
    "Q": ("open", "adjourned"),
    "N": ("fixed",),
    "X": ("proposed", "refused", "past", "condition", "refused_task", "joke", "overturned", "other"),
}
FIELDS = {"D": 1, "A": 3, "Q": 1, "N": 1, "X": 1}
LONG = 9  # word triples
EXCERPT, MEETING = (8, 25), (30, 60)  # utterances
ALIKE = 0.7  # share of common word triples from which two long utterances are one


@dataclass(frozen=True)
class Said:
    """An utterance: who says what, which act it is, and the items that it supports."""

    speaker: str
    act: str
    items: tuple[str, ...]
    text: str


@dataclass(frozen=True)
class Item:
    """An item: ``D1``, its kind, and what is stated; ``owner`` and ``due`` for actions."""

    id: str
    kind: str
    text: str
    owner: str | None = None
    due: str | None = None


@dataclass(frozen=True)
class Excerpt:
    """A part of a conversation, or a whole one, with its items."""

    id: str
    scene: str
    date: date
    speakers: tuple[str, ...]
    said: tuple[Said, ...]
    items: tuple[Item, ...]

    @property
    def hand(self) -> str:
        return self.id.partition("-")[0]

    @property
    def spoken(self) -> list[Said]:
        """The utterances that hold words."""
        return [u for u in self.said if any(map(str.isalnum, u.text))]

    @property
    def whole(self) -> bool:
        return self.id.partition("-")[2].startswith("m")


def read(path: Path) -> Iterator[Excerpt]:
    """Yield the excerpts of a file.

    Raises:
        ValueError: a line is not as GUIDE.md says; the message names file and line.
    """
    block: list[tuple[int, str]] = []
    for number, line in enumerate([*path.read_text(encoding="utf-8").split("\n"), ""], start=1):
        if line.strip():
            block.append((number, line.strip()))
        elif block:
            yield _excerpt(path, block)
            block = []


def unpack(source: Path, folder: Path) -> dict[str, str]:
    """Write ``transcripts/<hand>/<id>.json``, ``minutes/<id>.json`` and ``attributes.json`` from the files of a folder.

    Returns:
        File -> why it could not be read; the others are unpacked.

    Raises:
        CorpusError: there is no file.
    """
    files = sorted(source.glob("*.txt"))
    if not files:
        raise CorpusError(f"{source}: no *.txt. Accepted: the folder text of this corpus.")
    failed = {}
    known: dict[str, dict[str, str]] = {}
    for path in files:
        try:
            excerpts = list(read(path))
        except ValueError as error:
            failed[path.name] = str(error)
            continue
        for excerpt in excerpts:
            said = untimed(excerpt.id, [(u.speaker, u.text) for u in excerpt.spoken], verbatim=False)
            formats.write([said], folder / "transcripts" / excerpt.hand / f"{excerpt.id}.json")
            (folder / "minutes").mkdir(exist_ok=True)
            save_json(folder / "minutes" / f"{excerpt.id}.json", minutes(excerpt))
            known[excerpt.id] = {"title": excerpt.scene, "date": str(excerpt.date)}
    save_json(folder / "attributes.json", known)
    return failed


def minutes(excerpt: Excerpt) -> dict[str, Any]:
    """Return the items of an excerpt as reference minutes, with the utterances on which they stand."""

    def listed(letter: str, text: str = "text") -> list[dict[str, Any]]:
        return [
            {
                text: item.text,
                "kind": item.kind,
                "evidence": [n for n, u in enumerate(excerpt.spoken) if item.id in u.items],
            }
            for item in excerpt.items
            if item.id.startswith(letter)
        ]

    tasks = [item for item in excerpt.items if item.id.startswith("A")]
    return {
        "title": excerpt.scene,
        "date": str(excerpt.date),
        "participants": list(excerpt.speakers),
        "decisions": listed("D"),
        "actions": [
            {**action, "owner": task.owner and task.owner.replace(" + ", " et "), "due": task.due}
            for action, task in zip(listed("A", "what"), tasks, strict=True)
        ],
        "open_questions": listed("Q"),
        "next_meeting": next(iter(listed("N")), None),
        "not_decided": listed("X"),
    }


def _excerpt(path: Path, block: list[tuple[int, str]]) -> Excerpt:
    def wrong(number: int, found: str, accepted: str) -> ValueError:
        return ValueError(f"{path.name}, line {number}: found {found!r}. Accepted: {accepted}.")

    number, header = block[0]
    parts = [part.strip() for part in header.removeprefix("=").split("|")]
    if not header.startswith("=") or len(parts) != 4:
        raise wrong(number, header, "= id | scene | date | speakers")
    speakers = tuple(name.strip() for name in parts[3].split(","))
    said: list[Said] = []
    items: list[Item] = []
    try:
        day = date.fromisoformat(parts[2])
    except ValueError:
        raise wrong(number, parts[2], "a date as 2024-05-13") from None
    for number, line in block[1:]:
        utterance = re.fullmatch(r"([^\[\]|]+?) \[(\w+)((?: [DAQNX]\d+)*)\] (.+)", line)
        item = re.fullmatch(r"([DAQNX]\d+) (\w+) \| (.+)", line)
        if utterance and not items:
            speaker, act, supported, text = utterance.groups()
            if speaker not in speakers:
                raise wrong(number, speaker, f"one of {', '.join(speakers)}")
            if act not in ACTS:
                raise wrong(number, act, f"one of {', '.join(ACTS)}")
            said.append(Said(speaker, act, tuple(supported.split()), text))
        elif item:
            name, kind, rest = item.groups()
            fields = [field.strip() for field in rest.split(" | ")]
            if kind not in KINDS[name[0]]:
                raise wrong(number, kind, f"one of {', '.join(KINDS[name[0]])}")
            if len(fields) != FIELDS[name[0]] or not all(fields):
                raise wrong(number, line, "the fields that GUIDE.md lists")
            owner, due = (None if f == "-" else f for f in fields[:2]) if name[0] == "A" else (None, None)
            for moment in [due] if due else [fields[0]] if name[0] == "N" else []:
                try:
                    if datetime.fromisoformat(moment).date() < day:
                        raise wrong(number, moment, f"a day from {day} on")
                except ValueError as error:
                    raise wrong(
                        number, moment, "2024-05-13, or 2024-05-13T18:30 for a meeting, not in the past"
                    ) from error
            items.append(Item(name, kind, fields[-1], owner, due))
        else:
            raise wrong(number, line, "Speaker [act D1] words, before items as D1 kind | statement")
    _check(path, block[0][0], parts[0], said, items)
    return Excerpt(parts[0], parts[1], day, speakers, tuple(said), tuple(items))


def _check(path: Path, number: int, id: str, said: list[Said], items: list[Item]) -> None:
    supported, stated = {i for u in said for i in u.items}, [i.id for i in items]
    problems = [f"{i} is supported by no utterance" for i in stated if i not in supported]
    problems += [f"{i} is not stated" for i in sorted(supported - set(stated))]
    problems += [f"{i} is stated twice" for i, times in Counter(stated).items() if times > 1]
    fewest, most = MEETING if id.partition("-")[2].startswith("m") else EXCERPT
    if not fewest <= len(said) <= most and path.parent.name != "heard":  # a recogniser joins and divides utterances
        problems.append(f"{len(said)} utterances, {fewest} to {most} expected")
    if problems:
        raise ValueError(f"{path.name}, line {number}, {id}: {'; '.join(problems)}.")


def alike(excerpts: list[Excerpt]) -> Iterator[tuple[str, str, str]]:
    """Yield pairs of utterances (two ids, and the text) that are long and share most of their word triples."""
    where: dict[tuple[str, ...], set[int]] = {}
    texts: list[tuple[str, str, frozenset[tuple[str, ...]]]] = []
    for excerpt in excerpts:
        for u in excerpt.said:
            words = re.findall(r"\w+", u.text.lower())
            triples = frozenset(zip(words, words[1:], words[2:], strict=False))
            if len(triples) < LONG:
                continue
            near = Counter(other for t in triples for other in where.get(t, ()))
            for other, common in near.items():
                if common >= ALIKE * min(len(triples), len(texts[other][2])):
                    yield texts[other][0], excerpt.id, u.text
            for t in triples:
                where.setdefault(t, set()).add(len(texts))
            texts.append((excerpt.id, u.text, triples))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("files", nargs="*", type=Path, default=sorted((HERE / "text").glob("*.txt")))
    try:
        excerpts = [excerpt for path in parser.parse_args().files for excerpt in read(path)]
    except ValueError as error:
        sys.exit(str(error))
    again = [f"{id} is used twice" for id, times in Counter(e.id for e in excerpts).items() if times > 1]
    again += [f"{a} and {b} share: {text}" for a, b, text in alike(excerpts)]
    if again:
        sys.exit("\n".join(again))
    nothing = sum(all(i.id[0] == "X" for i in e.items) for e in excerpts if not e.whole)
    whole = sum(e.whole for e in excerpts)
    kinds = Counter(f"{i.id[0]} {i.kind}" for e in excerpts for i in e.items)
    print(f"{len(excerpts) - whole} excerpts ({nothing} in which nothing is decided or asked), {whole} meetings,")
    said = [u for e in excerpts for u in e.said]
    print(f"{len(said)} utterances, {sum(len(u.text.split()) for u in said)} words")
    print("acts:", ", ".join(f"{act} {n}" for act, n in Counter(u.act for u in said).most_common()))
    print("items:", ", ".join(f"{kind} {n}" for kind, n in sorted(kinds.items())))


if __name__ == "__main__":
    main()
