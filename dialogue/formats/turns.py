"""Dialogues as in Claire, ``[Name:] text``, one turn per line, in parts of at most a number of bytes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from dialogue.core.transcript import Transcript, Utterance
from dialogue.formats.lines import labels, one_line

Line = tuple[Utterance, str]  # a turn, or a part of one, as written


def names(transcript: Transcript) -> dict[str | None, str]:
    """Map each speaker id to what a dialogue calls the speaker.

    A name that holds in one recording only, which ``dialogue prepare`` begins with the recording's id, is written
    without it (``Médecin``, not ``call-12_Médecin``): nobody says ids, so a model that learns them writes them.
    """
    whole = labels(transcript)
    short = {id: name.removeprefix(f"{transcript.recording}_") or name for id, name in whole.items()}
    return short if len({*short.values()}) == len(short) else whole


def turn(utterance: Utterance, name: Mapping[str | None, str]) -> str:
    """Write ``[Camille:] bonjour``; brackets in the text become parentheses, so that it cannot open another turn."""
    said = one_line(utterance.text).replace("[", "(").replace("]", ")")
    return f"[{name.get(utterance.speaker, '?')}:] {said}"


def windows(said: Sequence[Utterance], name: Mapping[str | None, str], longest: int) -> Iterator[list[Line]]:
    """Yield consecutive turns that fit ``longest`` bytes; a turn that is longer is cut between words."""
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
    """Return the last turns that fit ``longest`` bytes, at least one."""
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
