"""Split a corpus as its authors do, or by size such that no speaker is in two splits."""

from __future__ import annotations

import fnmatch
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence


def official(names: Mapping[str, Sequence[str]], splits: Mapping[str, Sequence[str]]) -> dict[str, list[str]]:
    """Map each recording to the splits whose globs match one of its names (its id, paths of its files).

    A split whose only glob is ``*`` takes what no other split matches.
    """
    rest = [split for split, patterns in splits.items() if list(patterns) == ["*"]]
    return {
        recording: [
            split
            for split, patterns in splits.items()
            if split not in rest and any(fnmatch.fnmatchcase(name, pattern) for name in known for pattern in patterns)
        ]
        or rest
        for recording, known in names.items()
    }


def disjoint(
    seconds: Mapping[str, float], links: Iterable[tuple[str, str]], shares: Mapping[str, float]
) -> dict[str, str]:
    """Map each recording to a split, so that recordings with a common link are together.

    Groups are assigned from the longest to the shortest, each to the split that lacks most of its share, so the result
    depends only on the data. The last ones go to empty splits, so that no split stays empty needlessly.

    Args:
        seconds: recording -> its length.
        links: ``(recording, key)``; recordings with a common key (a speaker, a series) stay together.
        shares: split -> its share of the seconds.
    """
    parent = {name: name for name in seconds}

    def root(name: str) -> str:
        while parent[name] != name:
            parent[name] = name = parent[parent[name]]
        return name

    first: dict[str, str] = {}
    for name, key in links:
        parent[root(name)] = root(first.setdefault(key, name))
    groups: dict[str, list[str]] = defaultdict(list)
    for name in sorted(seconds):
        groups[root(name)].append(name)
    lengths = {key: sum(seconds[name] for name in names) for key, names in groups.items()}
    missing = {split: share * sum(lengths.values()) for split, share in shares.items()}
    homes: dict[str, str] = {}
    for left, key in zip(
        range(len(groups), 0, -1), sorted(groups, key=lambda k: (-lengths[k], groups[k])), strict=True
    ):
        empty = [split for split in shares if split not in homes.values()]
        open_to = empty if left <= len(empty) else list(shares)
        split = max(open_to, key=lambda s: missing[s])  # the first one on a tie
        missing[split] -= lengths[key]
        homes |= dict.fromkeys(groups[key], split)
    return homes
