"""Split a transcript into parts that fit a model's context.

Every utterance is in exactly one part, unless it alone is too long.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from dialogue.core.transcript import Transcript, Utterance


@dataclass(frozen=True, slots=True)
class Line:
    """An utterance as a model reads it. An utterance longer than a part becomes several lines with the same id."""

    utterance: Utterance
    text: str


@dataclass(frozen=True, slots=True)
class TranscriptPart:
    lines: tuple[Line, ...]

    @property
    def start(self) -> float:
        return min(line.utterance.start for line in self.lines)

    @property
    def end(self) -> float:
        return max(line.utterance.end for line in self.lines)

    @property
    def text(self) -> str:
        return "\n".join(line.text for line in self.lines)


def parts(transcript: Transcript, count_tokens: Callable[[str], int], budget: int) -> list[TranscriptPart]:
    """Return consecutive parts of at most ``budget`` tokens, each a list of lines ``[u12] Camille : text``."""
    if budget < 1:
        raise ValueError(f"budget: found {budget} tokens. Accepted: at least 1; use a model with a longer context.")
    found: list[TranscriptPart] = []
    lines: list[Line] = []
    used = 0
    for utterance in transcript.utterances:
        if not utterance.text.strip():
            continue
        for line in _lines(utterance, transcript.name(utterance.speaker), count_tokens, budget):
            size = count_tokens(line.text + "\n")
            if lines and used + size > budget:
                found.append(TranscriptPart(tuple(lines)))
                lines, used = [], 0
            lines.append(line)
            used += size
    if lines:
        found.append(TranscriptPart(tuple(lines)))
    return found


def coverage(transcript: Transcript, read: Sequence[TranscriptPart]) -> tuple[float, float]:
    """Return the share of words that the parts hold, in [0, 1], and the seconds of utterances that they miss."""
    spoken = [u for u in transcript.utterances if u.text.strip()]
    said = {u.id: len(u.text.split()) for u in spoken}
    held: dict[str, int] = {}
    for part in read:
        for line in part.lines:
            body = line.text.split(" : ", 1)[1]
            held[line.utterance.id] = held.get(line.utterance.id, 0) + len(body.split())
    total = sum(said.values())
    missed = sum(u.duration for u in spoken if u.id not in held)
    return (sum(min(held.get(i, 0), n) for i, n in said.items()) / total if total else 1.0), missed


def _lines(utterance: Utterance, name: str, count_tokens: Callable[[str], int], budget: int) -> Iterator[Line]:
    lead = f"[{utterance.id}] {name} : "
    words = " ".join(utterance.text.split()).split(" ")
    if count_tokens(lead + " ".join(words) + "\n") <= budget:
        yield Line(utterance, lead + " ".join(words))
        return
    size = max(1, len(words) * budget // (count_tokens(lead + " ".join(words)) + 1) // 2)
    for begin in range(0, len(words), size):
        yield Line(utterance, lead + " ".join(words[begin : begin + size]))
