"""Plain text, ``NAME: what was said``, one turn per line: debates, plays, interviews typed by hand (FREDSum, AutoMin).

There is no standard. A line opens a turn if the text before its first colon could be a name: at most five words, no
punctuation of a sentence, and a capital or digit first. French typography puts a space before the colon. Other lines
continue the turn. ``(NAME) text`` is read too. There are no times, so turns follow each other at the pace of speech.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from dialogue.core.transcript import Transcript, Utterance
from dialogue.formats import FormatError
from dialogue.formats.conventions import interpret
from dialogue.formats.lines import labels, one_line, paced, transcript
from dialogue.formats.subtitles import only

HOLDS = {"text", "speakers"}
TURN = re.compile(
    r"(?=[^\W_])(?![a-zà-ÿ])(?P<name>(?:[^\s:<>\[\]()!?…;,]+[ \u00a0]){0,4}[^\s:<>\[\]()!?…;,]+)\s*:(?:\s+|$)"
)
PARENTHESES = re.compile(r"\((?P<name>[^()\n]{1,60})\)\s+")


def recognises(text: str) -> bool:
    """Tell whether the first line of a text opens a turn."""
    first = next((row.strip() for row in text.split("\n") if row.strip()), "")
    return bool(TURN.match(first) or (PARENTHESES.match(first)))


def loads(text: str, recording: str | None = None, *, verbatim: bool = False) -> list[Transcript]:
    """Read one dialogue.

    Raises:
        FormatError: a line comes before any name; the message names it.
    """
    turns: list[tuple[str, str]] = []
    for index, row in enumerate(text.split("\n"), start=1):
        row = row.strip()
        match = TURN.match(row) or PARENTHESES.match(row)
        if match:
            turns.append((one_line(match["name"]), row[match.end() :]))
        elif row and not turns:
            raise FormatError(f"line {index}: no name. Accepted: NAME: text, one turn per line.")
        elif row:
            turns[-1] = (turns[-1][0], f"{turns[-1][1]} {row}")
    return [untimed(recording or "recording", turns, verbatim)]


def untimed(recording: str, turns: Sequence[tuple[str | None, str]], verbatim: bool) -> Transcript:
    """Return a transcript of ``(speaker, text)`` turns without times."""
    utterances, events = list[Utterance](), []
    for u in paced([Utterance("", speaker, 0, 0, one_line(said)) for speaker, said in turns]):
        plain, heard = (u, []) if verbatim else interpret(u)
        utterances.append(plain)
        events += heard
    return transcript(recording, utterances, events=events, timed=False)


def _label(name: str) -> str | None:
    return name if TURN.fullmatch(f"{name}: ") else None


def renamed(transcript: Transcript) -> list[str]:
    """Return the names that are replaced by ids."""
    return [n for s, n in labels(transcript).items() if not _label(n) and n != s]


def dumps(transcripts: Sequence[Transcript]) -> str:
    """Write one turn per line, without empty utterances. A name that could not be read again is replaced by its id."""
    t = only(transcripts)
    name = {s: _label(n) or str(s).upper() for s, n in labels(t).items()}
    rows = [f"{name.get(u.speaker, 'X')}: {one_line(u.text)}" for u in t if u.text.strip()]
    return "".join(row + "\n" for row in rows)
