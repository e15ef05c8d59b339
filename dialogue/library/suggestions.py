"""Suggest who speaks in a meeting. A suggestion is not a fact: a person accepts it, or it stays what it is.

An accepted suggestion is a correction like any other: ``rename`` of the speaker (:mod:`dialogue.corrections`).
"""

from __future__ import annotations

import os
from collections.abc import Collection, Iterator, Mapping
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from dialogue.corrections import NAME, Correction, CorrectionError
from dialogue.library.directory import People
from dialogue.library.sealed import KEY
from dialogue.library.voice_samples import LEAST, HeardRecording, SampleError, of_meeting, of_turns
from dialogue.library.voiceprints import THRESHOLD, Scorer, Voiceprint, posteriors
from dialogue.workflow.config import ResultsConfig
from dialogue.workflow.revision import Revision

BY = "dialogue people"  # author of the corrections that --trust makes


@dataclass(frozen=True)
class Suggestion:
    """Who a speaker may be.

    Attributes:
        speaker: id in the transcript.
        person: id; ``None`` if the voice is not known.
        name: of the person.
        probability: that it is their voice, and not that of another person or of somebody who is not in the directory.
        samples: ids of the samples that it rests on.
        seconds: clean speech that was heard.
        note: why there is no suggestion, or what one should know about it.
    """

    speaker: str
    person: str | None = None
    name: str | None = None
    probability: float | None = None
    samples: tuple[str, ...] = ()
    seconds: float = 0.0
    note: str = ""


def recognise(
    people: People,
    heard: Mapping[str, Voiceprint],
    scorer: Scorer | None = None,
    among: Collection[str] | None = None,
    threshold: float = THRESHOLD,
) -> tuple[list[Suggestion], list[str]]:
    """Compare voices with those of the directory.

    A person is suggested for one speaker only, the likeliest one.

    Args:
        heard: speaker -> what was heard of them.
        among: ids of the people who may be suggested; by default everyone.
        threshold: probability from which one is.

    Returns:
        A suggestion for each speaker, and the samples that could not be used, with the reasons.
    """
    scorer = scorer or Scorer.default()
    known, problems = [], []
    for person in people.everyone():
        if among is not None and person.id not in among:
            continue
        samples, unusable = people.voiceprints(person)
        problems += unusable
        known += [(person, samples)] if samples else []
    problems += people.problems.values()
    found: list[Suggestion] = []
    for speaker, sample in heard.items():
        likely = posteriors(scorer.ratios([samples for _, samples in known], [sample])[:, 0]) if known else []
        best = max(range(len(known)), key=likely.__getitem__, default=None)
        if best is None or likely[best] < threshold:
            found.append(Suggestion(speaker, seconds=sample.seconds, note="not known"))
            continue
        person = known[best][0]
        usable = tuple(s.id for s in person.samples if s.model == sample.model)
        found.append(Suggestion(speaker, person.id, person.name, likely[best], usable, sample.seconds))
    return [_only_one(s, found) for s in found], problems


def _only_one(suggestion: Suggestion, found: list[Suggestion]) -> Suggestion:
    """Return a suggestion, or that it is not made because the same person is likelier to be another speaker."""
    rivals = [s for s in found if s.person is not None and s.person == suggestion.person]
    best = max(rivals, key=lambda s: s.probability or 0.0, default=suggestion)
    if best is suggestion:
        others = ", ".join(s.speaker for s in rivals if s is not best)
        return replace(suggestion, note=f"{others} sounds like them too" if others else suggestion.note)
    note = f"not known; sounds like {suggestion.name} too, who is suggested for {best.speaker}"
    return Suggestion(suggestion.speaker, seconds=suggestion.seconds, note=note)


def suggest(
    people: People, recording: HeardRecording, among: Collection[str] | None = None, threshold: float = THRESHOLD
) -> tuple[list[Suggestion], list[str]]:
    """Suggest who the speakers of a meeting are, and keep the suggestions in the directory.

    Args:
        among, threshold: as for :func:`recognise`.

    Returns:
        A suggestion for each speaker in the order of the transcript, and what could not be used.
    """
    heard: dict[str, Voiceprint] = {}
    refused: dict[str, str] = {}
    for speaker in recording.said.speakers:
        try:
            heard[speaker.id] = recording.sample(speaker.id, LEAST)
        except SampleError as error:
            refused[speaker.id] = str(error)
    found, problems = recognise(people, heard, None, among, threshold)
    made = {s.speaker: s for s in found}
    made |= {speaker: Suggestion(speaker, note=f"not known; {why}") for speaker, why in refused.items()}
    ordered = [made[s.id] for s in recording.said.speakers]
    people.note(recording.name, [asdict(replace(s, name=None)) for s in ordered if s.person])
    return ordered, problems


def identify(library: Path, id: str, owner: str, wanted: ResultsConfig) -> None:
    """Look for people whom another system enrolled among the speakers of a meeting, and keep who they seem to be.

    Raises:
        SampleError: nothing was heard with the present model, so nobody can be recognised.
    """
    people = People(library, owner, os.environ.get(KEY))
    found = [person.id for reference in wanted.people for person in people.referred(reference)]
    turns = wanted.only == "turns"
    heard = of_turns(library / ".stages/diarization", id) if turns else of_meeting(library / id, with_sound=False)
    suggest(people, heard, found, THRESHOLD if wanted.people_from is None else wanted.people_from)


def identified(people: People, id: str) -> dict[str, tuple[str, float]]:
    """Return who the speakers of a meeting seem to be: speaker -> name and probability; people who left are not."""
    names = {person.id: person.name for person in people.everyone()}
    return {s["speaker"]: (names[s["person"]], s["probability"]) for s in people.noted(id) if s["person"] in names}


def accept(revision: Revision, suggestion: Suggestion, by: str) -> str:
    """Name a speaker as suggested, unless people have named them; returns what was done.

    The correction is only written: :meth:`~dialogue.workflow.revision.Revision.refresh` brings the files up to date.
    """
    named = revision.transcript.name(suggestion.speaker)
    if suggestion.name is None or named != suggestion.speaker:
        return f"{suggestion.speaker}: stays {named}"
    try:
        made = revision.add(revision.editor(by).rename(suggestion.speaker, suggestion.name))
    except CorrectionError as error:  # another speaker has the name
        return f"{suggestion.speaker}: not named. {error}"
    return f"{made.id}: {made}"


def namings(library: Path, name: str) -> Iterator[tuple[Revision, list[Correction]]]:
    """Yield the meetings of a folder in which corrections in effect give somebody a name, with these corrections."""
    for path in sorted(library.glob(f"*/{NAME}")):
        try:
            revision = Revision(path.parent)
            made = [c for c in revision.log.active if c.do in ("rename", "move") and c.after == name]
        except (OSError, ValueError):  # not a meeting, or its files are damaged
            continue
        if made:
            yield revision, made
