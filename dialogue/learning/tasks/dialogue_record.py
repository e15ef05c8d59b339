"""A taught skill: the record of a few turns, a small JSON object in the style of our minutes, computed from their text.

    {"speakers": 2, "turns": 5, "last": "spk2", "asks": ["spk1"]}

``speakers`` and ``turns`` are counted, a line being a turn; ``last`` speaks last; ``asks`` are those with a question
mark in a turn. Speakers are ``spk1``, ``spk2`` ... in the order of their first turns here, as in our transcripts. The
prompt tells none of this, so a model that was not taught it cannot know the keys.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from typing import Any

LONGEST = 300  # bytes of dialogue: a few turns, which a small model can count, in a context of 256 tokens
TURN = re.compile(r"\[(.+?):\] ?(.*)")


def record(dialogue: str) -> str:
    """Return the record of turns written as ``[Name:] text``, one a line; there is at least one."""
    turns = [found.groups() for line in dialogue.split("\n") if (found := TURN.fullmatch(line))]
    ids = {name: f"spk{n}" for n, name in enumerate(dict.fromkeys(name for name, _ in turns), start=1)}
    value = {
        "speakers": len(ids),
        "turns": len(turns),
        "last": ids[turns[-1][0]],
        "asks": sorted({ids[name] for name, text in turns if "?" in text}, key=[*ids.values()].index),
    }
    return json.dumps(value)


def score(written: str, right: str) -> dict[str, float]:
    """Return ``exact`` (1 if the text is the record itself) and ``fields``, F1 of what it says, each in [0, 1].

    A key with one of its values is one thing said: a list of two names says two. What is no JSON object scores 0.
    """
    said, true = _fields(written), _fields(right)
    shared = sum((said & true).values())
    return {
        "exact": float(written.strip() == right),
        "fields": 2 * shared / (said.total() + true.total()) if shared else 0.0,
    }


def _fields(text: str) -> Counter[tuple[str, str]]:
    try:
        value: Any = json.loads(text)
    except (ValueError, RecursionError):
        return Counter()
    if not isinstance(value, dict):
        return Counter()
    # as JSON: true is not 1, and lists in lists can be counted
    return Counter(
        (k, json.dumps(v)) for k, found in value.items() for v in (found if isinstance(found, list) else [found])
    )
