"""Summarise points group by group: points that do not fit one prompt are summarised in groups, then these summaries.

Every point is read in some group; none is dropped.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from dialogue.french.source import Source, unsupported
from dialogue.french.text import other_language
from dialogue.minutes.config import MinutesConfig
from dialogue.minutes.document import Evidence, Point
from dialogue.minutes.prompts import summary_messages
from dialogue.minutes.reading import Reader

ROOM = 80  # answer tokens per sentence
EVIDENCE = 12  # a summary cites about this many items at most, evenly spread over its points


def summary(reader: Reader, points: Sequence[Point], source: Source, config: MinutesConfig) -> Point | None:
    """Return a summary with evidence spread over all points; ``None`` if an answer was unusable.

    Args:
        source: what was said and who is known: a summary with other names or numbers is unusable.
    """
    longest = min(config.answer_tokens, ROOM * config.sentences)
    count = reader.model.count_tokens
    asked = sum(count(m["content"]) + 8 for m in summary_messages([], config.language, config.sentences))
    budget = min(config.chunk_tokens, reader.model.context_length - asked - longest)
    level = list(points)
    while True:
        groups = _groups(level, count, budget)
        reduced = []
        for group in groups:
            messages = summary_messages(group, config.language, config.sentences)
            answer, _ = reader.ask(messages, longest, lambda value: _fault(value, source, config.language))
            if answer is None:
                return None
            proof = [e for point in group for e in point.evidence]
            reduced.append(Point(" ".join(answer["summary"].split()), _spread(proof)))
        if len(reduced) == 1:
            return reduced[0]
        level = reduced


def _groups(points: Sequence[Point], count: Callable[[str], int], budget: int) -> list[list[Point]]:
    """Return consecutive points that fit a prompt, at least two per group, so that groups are fewer than points."""
    groups: list[list[Point]] = []
    used = 0
    for point in points:
        size = count(f"- {point.text}\n")
        if not groups or (used + size > budget and len(groups[-1]) > 1):
            groups.append([])
            used = 0
        groups[-1].append(point)
        used += size
    if len(groups) > 1 and len(groups[-1]) == 1:
        groups[-2] += groups.pop()
    return groups


def _spread(evidence: Sequence[Evidence]) -> tuple[Evidence, ...]:
    return tuple(evidence[:: max(1, -(-len(evidence) // EVIDENCE))])


def _fault(value: Any, source: Source, language: str) -> str:
    """Return what is wrong with an answer, or an empty string."""
    text = value.get("summary") if isinstance(value, dict) else None
    if not isinstance(text, str) or not text.strip():
        return "no valid JSON"
    if unsupported(text, source):
        return "names or numbers that nobody said"
    return other_language(text, language)
