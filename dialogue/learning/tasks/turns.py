"""Dialogues as Claire writes them, ``[Name:] text``, a turn a line, in parts that fit a number of bytes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from dialogue.core.transcript import Utterance
from dialogue.formats.lines import one_line

Line = tuple[Utterance, str]  # a turn, or a part of one, as written


def turn(utterance: Utterance, name: Mapping[str | None, str]) -> str:
    """``[Camille:] bonjour``; brackets of the text are taken out, so that nobody opens a turn of somebody else."""
    said = one_line(utterance.text).replace("[", "(").replace("]", ")")
    return f"[{name.get(utterance.speaker, '?')}:] {said}"


def windows(said: Sequence[Utterance], name: Mapping[str | None, str], longest: int) -> Iterator[list[Line]]:
    """Turns in a row that fit ``longest`` bytes; a turn that alone does not is cut between words."""
    window: list[Line] = []
    size = 0
    for u in said:
        for line in _cut(turn(u, name), longest):
            length = len(line.encode()) + 1
            if window and size + length > longest:
                yield window
                window, size = [], 0
            window.append((u, line))
            size += length
    if window:
        yield window


def tail(lines: Sequence[Line], longest: int) -> list[Line]:
    """The last turns that fit ``longest`` bytes, one at least."""
    kept: list[Line] = []
    size = 0
    for u, line in reversed(lines):
        size += len(line.encode()) + 1
        if kept and size > longest:
            break
        kept.append((u, line))
    return kept[::-1]


def _cut(line: str, longest: int) -> Iterator[str]:
    head = line[: line.index("]") + 1]
    rest: list[str] = []
    size = len(head.encode())
    for word in line[len(head) :].split():
        length = len(word.encode()) + 1
        if rest and size + length > longest:
            yield " ".join([head, *rest])
            rest, size = [], len(head.encode())
        rest.append(word)
        size += length
    yield " ".join([head, *rest])
