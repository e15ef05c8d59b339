"""A taught skill: the record of a few turns, a small JSON object in the style of our minutes, computed from their text.

    {"1": "Médecin asks", "2": "Patient says", "3": "Médecin says"}

Each line is a turn: its number, who speaks, and whether they ask something (a question mark stands in it). The prompt
tells none of this, so a model that was not taught it cannot know the layout; names and question marks can only be right
if the turns were read, so that no constant answer comes near.
"""

from __future__ import annotations

import json
import re
from typing import Any

LONGEST = 200  # bytes of dialogue: two to seven turns
TURN = re.compile(r"\[(.+?):\] ?(.*)")


def record(dialogue: str) -> str:
    """Return the record of turns written as ``[Name:] text``, one a line; there is at least one."""
    turns = [found.groups() for line in dialogue.split("\n") if (found := TURN.fullmatch(line))]
    value = {str(n): f"{name} {'asks' if '?' in text else 'says'}" for n, (name, text) in enumerate(turns, start=1)}
    return json.dumps(value, ensure_ascii=False)


def score(written: str, right: str) -> dict[str, float]:
    """Return ``exact`` (1 if the text is the record itself) and ``fields``, F1 of its turns, each in [0, 1].

    A turn is right if its number, name and act are. What is no JSON object scores 0.
    """
    said, true = _fields(written), _fields(right)
    shared = len(said & true)
    return {
        "exact": float(written.strip() == right),
        "fields": 2 * shared / (len(said) + len(true)) if shared else 0.0,
    }


def _fields(text: str) -> set[tuple[str, str]]:
    try:
        value: Any = json.loads(text)
    except (ValueError, RecursionError):
        return set()
    # as JSON: true is not 1, and lists can be in a set
    return {(key, json.dumps(v)) for key, v in value.items()} if isinstance(value, dict) else set()
