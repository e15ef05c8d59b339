"""What each format can hold of a transcript, and what converting to it would lose.

Each format module has ``HOLDS``, the features that survive writing and reading again; a test checks every format.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence

from dialogue.core.transcript import Transcript, Utterance
from dialogue.formats import FORMATS, module, writable

FEATURES: dict[str, tuple[str, Callable[[Transcript], bool]]] = {  # name -> description, test of a transcript
    "text": ("what is said", lambda t: any(u.text for u in t)),
    "times": ("when, to the hundredth of a second", lambda t: t.timed and any(u.duration for u in t)),
    "speakers": ("who", lambda t: any(u.speaker for u in t)),
    "overlap": ("utterances of two speakers at once", lambda t: any(b.start < a.end for a, b in _pairs(t))),
    "words": ("times of words", lambda t: any(w.start is not None for w in t.words())),
    "probabilities": ("of words", lambda t: any(w.probability is not None for w in t.words())),
    "events": ("laughs, pauses, noises, doubts", lambda t: bool(t.events)),
    "original": ("the text as the transcriber marked it", lambda t: any(u.original for u in t)),
    "attributes": ("of speakers: age, sex, role...", lambda t: any(s.attributes for s in t.speakers)),
    "metadata": ("of the recording: title, date, licence...", lambda t: bool(t.attributes)),
    "language": ("of the recording", lambda t: t.language is not None),
    "omissions": ("speech without words", lambda t: bool(t.omissions)),
}


NAMES = "of speakers with marks that the format uses itself; their numbers are written"


def _pairs(transcript: Transcript) -> Iterator[tuple[Utterance, Utterance]]:
    return zip(transcript.utterances, transcript.utterances[1:], strict=False)


def lost(transcripts: Sequence[Transcript], format: str) -> list[str]:
    """Return the features of the transcripts that a format does not hold; ``names`` if it cannot hold one of them."""
    kept = holds(format)
    missing = [name for name, (_, has) in FEATURES.items() if name not in kept and any(has(t) for t in transcripts)]
    return missing + ["names"] * any(renamed(t, format) for t in transcripts)


def renamed(transcript: Transcript, format: str) -> list[str]:
    """Return the names of speakers that a format replaces by their numbers, since it could not read them again."""
    replaced: Callable[[Transcript], list[str]] = getattr(module(format), "renamed", lambda _: [])
    return replaced(transcript)


def described(name: str) -> str:
    """Return the description of a feature."""
    return NAMES if name == "names" else FEATURES[name][0]


def holds(format: str) -> frozenset[str]:
    """Return the features that a format holds."""
    return frozenset(module(format).HOLDS)


def warning(transcripts: Sequence[Transcript], format: str) -> str | None:
    """Return a sentence on what a conversion loses; ``None`` if it loses nothing."""
    missing = lost(transcripts, format)
    if not missing:
        return None
    what = ", ".join(f"{name} ({described(name)})" for name in missing)
    return f"{format} cannot hold: {what}. json keeps everything."


def table(names: Iterable[str] = ()) -> str:
    """Return a table of formats and features: ``x`` is held, ``.`` is lost; read-only formats have blanks."""
    rows = [["format", *FEATURES]]
    written = set(writable())
    for name in names or FORMATS:
        kept = holds(name)
        rows.append([name, *(("x" if f in kept else ".") if name in written else " " for f in FEATURES)])
    widths = [max(len(row[i]) for row in rows) for i in range(len(rows[0]))]
    return "\n".join("  ".join(c.ljust(w) for c, w in zip(row, widths, strict=True)).rstrip() for row in rows)
