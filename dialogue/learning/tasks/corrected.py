"""Examples from what people corrected: a turn as the machine wrote it, after those before it -> as people wrote it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from dialogue import corrections
from dialogue.core.transcript import Transcript, Utterance
from dialogue.corrections import CorrectionError
from dialogue.corrections.application import apply
from dialogue.corrections.draft import Draft
from dialogue.corrections.finding import find_words


@dataclass(frozen=True, slots=True)
class CorrectedTurn:
    """A turn that people rewrote.

    Attributes:
        transcript: the corrected one.
        place: index of the turn in it.
        heard: the words of the machine.
    """

    transcript: Transcript
    place: int
    heard: str

    @property
    def utterance(self) -> Utterance:
        return self.transcript.utterances[self.place]


def turns(log: Path) -> Iterator[CorrectedTurn]:
    """Yield the turns whose words people rewrote, as they are after all corrections."""
    machine = log.parent.parent / ".stages" / "transcript" / f"{log.parent.name}.json"
    transcript = Transcript.load(machine)
    draft = Draft(transcript)
    heard: dict[str, str] = {}
    for correction in corrections.read(log, transcript.recording).active:
        if correction.do == "text":
            for line in {id(p.line): p.line for w in correction.words for p in find_words(draft, w)}.values():
                heard.setdefault(line.utterance.id, " ".join(w.text for w in line.words))
        if correction.do in ("edit", "accept", "reject"):
            continue
        try:
            apply(draft, correction)
        except CorrectionError:  # made on another recognition, and not possible on this one
            continue
    corrected = draft.finished()
    for place, utterance in enumerate(corrected):
        before = heard.get(utterance.id)
        if before is not None and before != utterance.text:
            yield CorrectedTurn(corrected, place, before)
