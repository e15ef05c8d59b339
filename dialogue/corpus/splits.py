"""Splits: the authors' own, or ones of the right size in which no speaker is in two."""

from __future__ import annotations

import fnmatch
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence


def official(names: Mapping[str, Sequence[str]], splits: Mapping[str, Sequence[str]]) -> dict[str, list[str]]:
    """Recording -> the splits whose globs match one of its names (its id, paths of its files).

    A split whose only glob is ``*`` has what no other names.
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
    """Recording -> split, such that recordings that share a link are together.

    Groups go from the longest to the shortest into the split that lacks most of its share, so the result depends on
    nothing but the data; the last ones go where nothing is yet, so that no split is empty that need not be.

    Args:
        seconds: recording -> its length.
        links: ``(recording, key)``; recordings with a key in common (a speaker, a series) stay together.
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
        split = max(open_to, key=lambda s: missing[s])  # the first named, of equals
        missing[split] -= lengths[key]
        homes |= dict.fromkeys(groups[key], split)
    return homes
