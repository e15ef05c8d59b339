"""What people changed in the machine's transcript, and how much: the error that they found in it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from difflib import unified_diff

from dialogue.core.transcript import Transcript
from dialogue.corrections.spans import Span, length, shared, united
from dialogue.scoring.rate import Rate
from dialogue.scoring.scored_words import spoken
from dialogue.scoring.wer import align, wer


@dataclass(frozen=True, slots=True)
class Effort:
    """How much people had to fix; a floor of the machine's error, since they may have left faults.

    Attributes:
        words: word error rate of the machine's transcript against the corrected one, as ``dialogue score`` counts it.
        speakers: seconds of speech given to somebody else, over those of all speech.
        named: speakers with a name that the machine's transcript lacks.
        omitted: seconds marked as not to be used.
    """

    words: Rate
    speakers: Rate
    named: int
    omitted: float

    def __str__(self) -> str:
        def share(rate: Rate) -> str:
            return "none" if rate.value is None else f"{100 * rate.value:.1f} %"

        return (
            f"words corrected: {share(self.words)} ({self.words.made_of()}; of {self.words.length:g})\n"
            f"speech given to another speaker: {share(self.speakers)} ({self.speakers.errors:.1f} s)\n"
            f"speakers named: {self.named}\n"
            f"marked as not to be used: {self.omitted:.1f} s"
        )


def effort(machine: Transcript, corrected: Transcript) -> Effort:
    """Compare the machine's transcript with the corrected one; omitted words do not count as errors of it."""
    omissions = [o for o in corrected.omissions if o not in machine.omissions]
    gone = [(o.start, o.end) for o in omissions]
    kept = _between(gone, machine.duration)
    before, after = _by_speaker(machine), _by_speaker(corrected)
    moved = sum(length(spans) - shared(spans, before.get(who, [])) for who, spans in after.items())
    names = {s.name for s in machine.speakers}
    return Effort(
        wer(align(spoken(corrected, zones=kept), spoken(machine, zones=kept))),
        Rate(round(moved, 3), sum(map(length, after.values()))),
        sum(1 for s in corrected.speakers if s.name and s.name not in names),
        sum(end - start for start, end in gone),
    )


def changes(machine: Transcript, corrected: Transcript) -> str:
    """Return the changed lines, as ``diff -u`` shows them: time, who, what."""
    lines = unified_diff(_lines(machine), _lines(corrected), "machine", "corrected", lineterm="", n=0)
    return "\n".join(line for line in lines if not line.startswith("@@"))


def _lines(transcript: Transcript) -> list[str]:
    said = [(u.start, f"{u.start:8.1f} s  {transcript.name(u.speaker)}: {u.text}") for u in transcript]
    said += [(o.start, f"{o.start:8.1f} s  ({o.reason})") for o in transcript.omissions]
    return [line for _, line in sorted(said)]


def _by_speaker(transcript: Transcript) -> dict[str, list[Span]]:
    found: dict[str, list[Span]] = {}
    for u in transcript:
        if u.speaker is not None:
            found.setdefault(u.speaker, []).append((u.start, u.end))
    return {speaker: united(spans) for speaker, spans in found.items()}


def _between(gone: Sequence[Span], duration: float) -> list[Span]:
    edges = [0.0, *(edge for span in united(gone) for edge in span), duration + 1]
    return list(zip(edges[::2], edges[1::2], strict=True))
