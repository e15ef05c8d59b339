"""Label what a recogniser heard of spoken excerpts, and write noised twins of the others.

    python corpora/comptes-rendus/heard.py DIR       what `dialogue meeting --out DIR` wrote, to heard/<hand>.txt

A recognised utterance has the act of the utterance that most of its words come from, and supports the items of those
that it holds a good part of. Twins have the errors that the recogniser made in the spoken excerpts of other hands.
"""

from __future__ import annotations

import argparse
import random
import re
import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from functools import cache
from itertools import groupby, pairwise
from pathlib import Path

from dialogue import formats
from dialogue.core.files import save_text
from dialogue.core.transcript import Transcript
from dialogue.french.phonetics import sound
from dialogue.french.text import plain
from dialogue.scoring.wer import align_words

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))
from prepare import Excerpt, Item, Said, read  # noqa: E402

MANY = 3  # words of an utterance that are a good part of it, however long it is
LONGEST = 3  # words in a row that are confused together
KNOWN = 5  # times that a word was said, from which its own errors are used
NEAREST = 6  # words that sound most like one, from which an error is drawn
ENDS = re.compile(r"[.?!…]")


def words(text: str) -> list[tuple[str, str]]:
    """Return the words of a text, each with the marks after it."""
    return [(word, marks.strip()) for word, marks in re.findall(r"(\w+'?(?:-\w+)*)([^\w]*)", text.replace("’", "'"))]


def labelled(excerpt: Excerpt, heard: Transcript) -> Excerpt:
    """Return an excerpt as it was heard: words, speakers and utterances of the recogniser, with labels."""
    said = [(plain(w), n) for n, u in enumerate(excerpt.said) for w, _ in words(u.text)]
    spoken = [u for u in heard.utterances if words(u.text)]
    found = [(plain(w), n) for n, u in enumerate(spoken) for w, _ in words(u.text)]
    size = Counter(n for _, n in said)
    common: dict[int, Counter[int]] = {n: Counter() for n in range(len(spoken))}
    voices: dict[str | None, Counter[str]] = {}
    for a, b in align_words([w for w, _ in said], [w for w, _ in found]):
        if a is not None and b is not None:
            common[found[b][1]][said[a][1]] += 1
            voices.setdefault(spoken[found[b][1]].speaker, Counter())[excerpt.said[said[a][1]].speaker] += 1
    lines = []
    for n, u in enumerate(spoken):
        near = common[n].most_common(1)
        act = excerpt.said[near[0][0]].act if near else "other"
        parts = [m for m, number in common[n].items() if number >= min(MANY, (size[m] + 1) // 2)]
        items = dict.fromkeys(item for m in sorted(parts) for item in excerpt.said[m].items)
        speaker = voices.get(u.speaker, Counter({excerpt.speakers[0]: 1})).most_common(1)[0][0]
        lines.append(Said(speaker, act, tuple(items), " ".join(u.text.split())))
    return _with(excerpt, lines)


def _with(excerpt: Excerpt, said: Sequence[Said]) -> Excerpt:
    """Return an excerpt with other utterances, and the items that are still supported."""
    left = {item for u in said for item in u.items}
    return replace(excerpt, said=tuple(said), items=tuple(i for i in excerpt.items if i.id in left))


def text(excerpt: Excerpt) -> str:
    """Return an excerpt in the format of GUIDE.md."""
    lines = [f"= {excerpt.id} | {excerpt.scene} | {excerpt.date} | {', '.join(excerpt.speakers)}"]
    lines += [f"{u.speaker} [{' '.join([u.act, *u.items])}] {u.text}" for u in excerpt.said]
    return "\n".join([*lines, *map(_line, excerpt.items), ""])


def _line(item: Item) -> str:
    owner = [item.owner or "-", item.due or "-"] if item.id.startswith("A") else []
    return " | ".join([f"{item.id} {item.kind}", *owner, item.text])


class Errors:
    """The errors of a recogniser, learned from excerpts and what was heard of them.

    Args:
        pairs: excerpts as written, and as heard.
        vocabulary: words that may be heard instead of another one that sounds like them.
    """

    def __init__(self, pairs: Iterable[tuple[Excerpt, Excerpt]], vocabulary: Iterable[str]) -> None:
        self.said: Counter[tuple[str, ...]] = Counter()
        self.wrong: dict[tuple[str, ...], list[tuple[str, ...]]] = {}
        self.marks: dict[str, list[str]] = {}
        self.joined: dict[bool, list[bool]] = {True: [], False: []}  # one of the two is short -> heard as one utterance
        self.cut: list[bool] = []  # after the end of a sentence
        self.kinds: dict[str, list[int | None]] = {}  # kind of a word -> words heard in its place; None: it was right
        self.sounds = {word: sound(word) for word in sorted({plain(w) for w in vocabulary}) if len(word) > 1}
        for one, other in pairs:
            self._learn(one, other)

    def _learn(self, one: Excerpt, other: Excerpt) -> None:
        said = [(w, marks, n) for n, u in enumerate(one.said) for w, marks in words(u.text)]
        heard = [(w, marks, n) for n, u in enumerate(other.said) for w, marks in words(u.text)]
        folded = [plain(w) for w, _, _ in said]
        for size in range(1, LONGEST + 1):
            self.said.update(zip(*(folded[first:] for first in range(size)), strict=False))
        pairs = align_words(folded, [plain(w) for w, _, _ in heard])
        for a, b in pairs:
            if a is not None and b is not None:
                self.marks.setdefault(mark(said[a][1]), []).append(mark(heard[b][1]))
        for right, group in groupby(pairs, lambda p: None not in p and folded[p[0]] == plain(heard[p[1]][0])):  # type: ignore[index]
            region = list(group)
            missed = [a for a, _ in region if a is not None]
            got = tuple(heard[b][0].lower() for _, b in region if b is not None)
            for a in missed:
                self.kinds.setdefault(kind(said[a][0]), []).append(None if right else round(len(got) / len(missed)))
            if not right and 0 < len(missed) <= LONGEST and len(got) <= LONGEST + 1:
                self.wrong.setdefault(tuple(folded[a] for a in missed), []).append(got)
        whole = [(a, b) for a, b in pairs if a is not None and b is not None]
        sizes = Counter(n for _, _, n in said)
        for (a, b), (c, d) in pairwise(whole):
            same = heard[b][2] == heard[d][2]
            if said[a][2] != said[c][2]:
                self.joined[min(sizes[said[a][2]], sizes[said[c][2]]) <= MANY].append(same)
            elif ENDS.search(said[a][1]):
                self.cut.append(not same)

    def twin(self, excerpt: Excerpt, seed: int = 0) -> Excerpt:
        """Return an excerpt as the recogniser might have heard it."""
        chance = random.Random(f"{excerpt.id} {seed}")
        said: list[Said] = []
        for u in excerpt.said:
            heard = list(self._noised(words(u.text), chance))
            for part in self._parts(heard, chance):
                last = said[-1] if said else None
                short = last is not None and min(len(last.text.split()), len(part)) <= MANY
                spelled = " ".join(part).replace("' ", "'")
                if last and last.speaker != u.speaker and chance.choice(self.joined[short]):
                    longer = last if len(last.text.split()) >= len(part) else u
                    items = dict.fromkeys([*last.items, *u.items])
                    said[-1] = Said(longer.speaker, longer.act, tuple(items), f"{last.text} {spelled}")
                else:
                    said.append(replace(u, text=spelled))
        return _with(excerpt, said)

    def _noised(self, spoken: Sequence[tuple[str, str]], chance: random.Random) -> Iterator[str]:
        """Yield the words of an utterance, with errors and marks."""
        n = 0
        while n < len(spoken):
            size, got = self._error([plain(w) for w, _ in spoken[n : n + LONGEST]], spoken[n][0], chance)
            new = [w for w, _ in spoken[n : n + size]] if got is None else list(got)
            marks = chance.choice(self.marks.get(mark(spoken[n + size - 1][1]), [""]))
            yield from new[:-1]
            if new:
                yield new[-1] + marks
            n += size

    def _error(self, ahead: Sequence[str], word: str, chance: random.Random) -> tuple[int, tuple[str, ...] | None]:
        """Return how many words are replaced, and by what; ``None`` if they are right."""
        for size in range(len(ahead), 0, -1):
            key = tuple(ahead[:size])
            if key in self.wrong and (size > 1 or self.said[key] >= KNOWN):
                if chance.random() < len(self.wrong[key]) / self.said[key]:
                    return size, chance.choice(self.wrong[key])
                if size == 1:
                    return 1, None
        number = None if self.said[(ahead[0],)] >= KNOWN else chance.choice(self.kinds.get(kind(word), [None]))
        if number is None:
            return 1, None
        return 1, (chance.choice(self._like(ahead[0])),) if number else ()

    def _parts(self, heard: list[str], chance: random.Random) -> Iterator[list[str]]:
        part: list[str] = []
        for n, word in enumerate(heard):
            part.append(word)
            if ENDS.search(word) and n + 1 < len(heard) and chance.choice(self.cut):
                yield part
                part = []
        if part:
            yield part

    @cache  # noqa: B019 one object lives as long as a training
    def _like(self, word: str) -> list[str]:
        """Return the words that sound most like one."""
        from rapidfuzz import process

        near = process.extract(sound(word), self.sounds, limit=NEAREST + 1)
        return [other for _, _, other in near if other != word][:NEAREST]


def mark(marks: str) -> str:
    """Return the mark that ends or divides a sentence, as the recogniser writes it; ``""`` if there is none."""
    found = re.search(r"\?|!|…|\.\.\.|\.|,|;|:", marks)
    return {"...": "…", ";": ",", ":": ","}.get(found[0], found[0]) if found else ""


def kind(word: str) -> str:
    """Return the kind of a word, by which errors on words that were hardly heard are drawn."""
    return "name" if word[0].isupper() else "short" if len(word) <= 3 else "medium" if len(word) <= 6 else "long"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path, metavar="DIR")
    folder = parser.parse_args().folder
    for path in sorted((HERE / "text").glob("*.txt")):
        found = []
        for excerpt in read(path):
            file = folder / excerpt.id / f"{excerpt.id}.json"
            if file.exists():
                [transcript] = formats.read(file)
                found.append(text(labelled(excerpt, transcript)))
        if found:
            save_text(HERE / "heard" / path.name, "\n".join(found))
            print(f"{path.name}: {len(found)}")


if __name__ == "__main__":
    main()
