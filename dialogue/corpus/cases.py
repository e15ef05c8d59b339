"""Inline tests of a card: a few lines in the corpus's own format, and the turns and events that they must give."""

from __future__ import annotations

from typing import Any

from dialogue import formats
from dialogue.core.transcript import Transcript
from dialogue.corpus.card import Card, CorpusError
from dialogue.formats import FormatError


def run_tests(card: Card) -> None:
    """Run the inline cases of a card.

    Raises:
        CorpusError: a case fails; the message names it, what was expected and what was found.
    """
    for number, case in enumerate(card.tests, start=1):
        format = case.format or card.read.format
        if format is None:
            raise CorpusError(f"card {card.id}, test {number}: no format. Name it in the case, or as read.format.")
        try:
            found = formats.module(format).loads(formats.decode(case.content.encode()), recording="test")
        except FormatError as error:
            raise CorpusError(f"card {card.id}, test {number}: {error}") from error
        timed = any(turn.startswith("[") for turn in case.turns)
        _compare(card, number, "turns", case.turns, [_turn(t, u, timed) for t in found for u in t])
        if case.events is not None:
            heard = [f"{e.kind}: {e.text}" for t in found for e in t.events]
            _compare(card, number, "events", case.events, heard)


def _turn(transcript: Transcript, utterance: Any, timed: bool) -> str:
    times = f"[{utterance.start:.2f}-{utterance.end:.2f}] " if timed else ""
    return f"{times}{transcript.name(utterance.speaker)}: {utterance.text}"


def _compare(card: Card, number: int, what: str, expected: tuple[str, ...], found: list[str]) -> None:
    if list(expected) != found:
        pairs = zip([*expected, "nothing"], [*found, "nothing"], strict=False)
        wanted, came = next((a, b) for a, b in pairs if a != b)
        raise CorpusError(f"card {card.id}, test {number}: {what}: expected {wanted!r}, found {came!r}.")
