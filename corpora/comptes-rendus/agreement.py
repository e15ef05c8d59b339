"""How far a second reader, who saw no labels, agrees with the hands that wrote the excerpts.

    python corpora/comptes-rendus/agreement.py        compares second/*.txt with text/*.txt

Acts: share of utterances with the same act, and Cohen's kappa (Educational and Psychological Measurement 20(1), 1960).
Items: of each kind, F-measure of items that share an utterance, one to one.
"""

from __future__ import annotations

from collections import Counter

import numpy as np
from prepare import HERE, KINDS, Excerpt, read
from scipy.optimize import linear_sum_assignment

NAMES = {"D": "decisions", "A": "actions", "Q": "open questions", "N": "next meetings", "X": "not decided"}


def grounds(excerpt: Excerpt, letter: str) -> list[set[int]]:
    """Return the utterances of each item of a kind."""
    found: dict[str, set[int]] = {}
    for n, said in enumerate(excerpt.said):
        for item in said.items:
            if item.startswith(letter):
                found.setdefault(item, set()).add(n)
    return list(found.values())


def main() -> None:
    first = {e.id: e for path in sorted((HERE / "text").glob("*.txt")) for e in read(path)}
    pairs = [(first[e.id], e) for path in sorted((HERE / "second").glob("*.txt")) for e in read(path)]
    for one, other in pairs:
        assert [u.text for u in one.said] == [u.text for u in other.said], f"{one.id}: the words differ"
    acts = [(a.act, b.act) for one, other in pairs for a, b in zip(one.said, other.said, strict=True)]
    same = sum(a == b for a, b in acts) / len(acts)
    by_first, by_second = Counter(a for a, _ in acts), Counter(b for _, b in acts)
    chance = sum(by_first[act] * by_second[act] for act in by_first) / len(acts) ** 2
    print(f"{len(pairs)} excerpts, {len(acts)} utterances")
    print(f"acts: {same:.2f} the same, kappa {(same - chance) / (1 - chance):.2f}")
    for letter in KINDS:
        right = total = 0
        for one, other in pairs:
            a, b = grounds(one, letter), grounds(other, letter)
            total += len(a) + len(b)
            if a and b:
                shared = np.array([[len(x & y) > 0 for y in b] for x in a])
                right += int(shared[linear_sum_assignment(shared, maximize=True)].sum())
        print(f"{NAMES[letter]}: F {2 * right / max(1, total):.2f} ({right} shared, {total - right} in all)")


if __name__ == "__main__":
    main()
