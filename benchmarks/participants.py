"""Whether a list of participants tells how many speakers there are: the evidence for each number, with a prior.

    python benchmarks/participants.py    writes benchmarks/RESULTS.md

The prior takes a weight from the evidence for each speaker above the number of the list, and a part of it for each one
below, since people on a list may be absent. The weight is chosen as in ``unseen.py``, on recordings without any voice
of the one it is judged on. Nothing in the package uses it: see what is written under the table.
"""

from __future__ import annotations

import functools
import statistics
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from typing import Any
from unittest import mock

import numpy as np
import tables
import unseen

WEIGHTS = (0, 10, 20, 40, 60, 80, 100, 150, 200, 300)  # in a recording of vbx.USUAL windows
BELOW = (1.0, 0.5, 0.0)  # part of it that a number below that of the list costs
LISTS: Mapping[str, Callable[[int], int]] = {
    "right": lambda number: number,
    "two absent": lambda number: number + 2,
    "double": lambda number: 2 * number,
    "half": lambda number: max(1, number // 2),
}
EXPECTED = ("right", "two absent")  # lists on which the weight is chosen


@dataclass
class Numbers:
    """The numbers of speakers that clustering compares for a recording.

    Attributes:
        item: without what the networks heard.
        evidence, der: of each number.
        found: number without a list.
        scale: of the weight, for the length of the recording.
    """

    item: unseen.Item
    evidence: dict[int, float]
    der: dict[int, float]
    found: int
    scale: float

    @functools.cached_property
    def number(self) -> int:
        return len({name for *_, name in self.item.turns})

    def with_list(self, people: int, weight: float, below: float) -> int:
        """Return the number of speakers with so many people on the list: the nearest to ``found`` that is a maximum."""

        def score(number: int) -> float:
            return self.evidence[number] - self.scale * weight * max(number - people, below * (people - number))

        tried = sorted(self.evidence)
        at = tried.index(self.found)
        while True:
            near = [n for n in (at, at - 1, at + 1) if 0 <= n < len(tried)]
            best = max(near, key=lambda n: score(tried[n]))
            if best == at:
                return tried[at]
            at = best


def compare(item: unseen.Item, known: Any) -> Numbers:
    """Merge speakers down to one, as the package does while the evidence rises, and score every number on the way.

    Args:
        known: PLDA that knows none of the item's voices.
    """
    from dialogue.speech import diarization
    from dialogue.speech.diarization import DiarizationConfig, SpeakerCount, embedded, vbx

    engine = embedded.Embedded(DiarizationConfig())
    engine.plda = known
    embeddings, passage = item.voices["window_embeddings"].astype(np.float32), item.voices["passage"]
    heard = np.flatnonzero(~np.isnan(embeddings).any(axis=1))
    x, between = engine.plda.project(embeddings[heard]), engine.plda.between
    first = embedded.Passages(item.voices).cut(embedded.FIRST)[passage[heard]]
    step = vbx.speakers(x, between, np.unique(first, return_inverse=True)[1])
    middle, evidence, der = item.voices["windows"].mean(axis=1), {}, {}
    nearest = heard[np.abs(middle[:, None] - middle[heard]).argmin(axis=1)]
    labels = np.zeros(len(passage), dtype=int)
    found, rising = 0, True
    while True:
        own = np.unique(step[0].argmax(axis=1), return_inverse=True)[1]
        number = int(own.max()) + 1
        rising = rising and (not evidence or step[1] > evidence[found])
        found = number if rising else found
        labels[heard] = own
        with mock.patch.object(embedded, "assign", return_value=(labels[nearest], np.ones(len(labels)), None)):
            turns = engine.cluster(item.voices, SpeakerCount()).turns
        scored = unseen.errors(item, diarization.transcript(item.name, item.duration, turns, fill=0.75))
        evidence[number], der[number] = step[1], scored["der"]
        if number == 1:
            item = unseen.Item(item.name, item.groups, item.sound[:0], item.turns, item.made)
            return Numbers(item, evidence, der, found, (len(x) / vbx.USUAL) ** 0.5)
        pairs = vbx._closest(x * np.sqrt(between), own)
        step = max((vbx.speakers(x, between, vbx._merge(own, *p)) for p in pairs), key=lambda merged: merged[1])


def chosen(one: Numbers, others: Sequence[Numbers], below: float, lists: Sequence[str]) -> int:
    """Return the weight with the lowest mean error on the recordings that hold no voice of this one."""

    def error(weight: int) -> float:
        apart = [o for o in others if not o.item.groups & one.item.groups]
        return statistics.mean(o.der[o.with_list(LISTS[n](o.number), weight, below)] for o in apart for n in lists)

    return min(WEIGHTS, key=error)


def main() -> None:
    real = list(unseen.recordings())
    with ProcessPoolExecutor(2) as pool:
        heard = list(pool.map(unseen.hear, [*real, *unseen.made(real)]))
        items = [item for item in heard if len(item.voices["windows"])]
        compared = list(pool.map(compare, items, [unseen.plda(items, item.groups) for item in items]))
    sets = {
        "French, real and synthetic": [c for c in compared if not c.item.made and "english" not in c.item.groups],
        "English, real": [c for c in compared if "english" in c.item.groups],
        "mixtures": [c for c in compared if c.item.made],
    }
    lines = [f"| recordings | below | weights chosen | no list | {' | '.join(LISTS)} |", "| --- " * 8 + "|"]

    def cell(some: Sequence[Numbers], numbers: Sequence[int]) -> str:
        right = sum(n == c.number for c, n in zip(some, numbers, strict=True))
        return f"{100 * statistics.mean(c.der[n] for c, n in zip(some, numbers, strict=True)):.1f}, {right}"

    for below in BELOW:
        for name, some in sets.items():
            weights = [chosen(one, compared, below, EXPECTED) for one in some]
            row = [f"{name} ({len(some)})", f"{below:g}", ", ".join(map(str, sorted(set(weights))))]
            row.append(cell(some, [c.found for c in some]))
            for people in LISTS.values():
                pairs = zip(some, weights, strict=True)
                row.append(cell(some, [c.with_list(people(c.number), w, below) for c, w in pairs]))
            lines.append(f"| {' | '.join(row)} |")
    all_lists = sorted({chosen(one, compared, below, list(LISTS)) for one in compared for below in BELOW})
    table = "\n".join([*lines, "", f"Weights chosen on the four kinds of list alike: {all_lists}."])
    print(table)
    heading = "DER, and how many recordings have the right number of speakers:"
    tables.write("The number of voices, with a list of participants", f"{heading}\n\n{table}")


if __name__ == "__main__":
    main()
