"""Who said what, when: the value that all stages exchange.

Every stage reads and writes a :class:`Transcript`. Diarization writes utterances with a speaker and no text, ASR writes
utterances with words and no speaker, and attribution joins them.

Times are seconds from the start of the recording; ``end`` is exclusive.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, fields, replace
from pathlib import Path
from typing import Any

from dialogue.core.errors import DialogueError
from dialogue.core.files import read_json, save_json

SCHEMA = "dialogue/transcript/1"
TOLERANCE = 0.05  # seconds that rounding and frame grids may add beyond a bound
EVENTS = (  # sounds that are not words, and uncertain words
    "pause",
    "laugh",
    "breath",
    "vocal",  # other sound of a voice: cough, click, sigh
    "noise",
    "music",
    "unintelligible",  # speech that the transcriber could not make out
    "uncertain",  # words that the transcriber was not sure of; they stay in the text
    "anonymised",  # a removed name or number
    "comment",
)


class TranscriptError(DialogueError, ValueError):
    """A transcript that breaks one of its rules; the message names the utterance."""


@dataclass(frozen=True, slots=True)
class Word:
    """One word as spoken.

    Attributes:
        text: the word with its punctuation, without surrounding spaces.
        start, end: seconds, or ``None`` if the word has no known time.
        probability: the recogniser's confidence, in [0, 1]; ``None`` in a reference.
        speaker: speaker id, or ``None`` before attribution.
        confidence: confidence of the attribution to ``speaker``, in [0, 1].
    """

    text: str
    start: float | None = None
    end: float | None = None
    probability: float | None = None
    speaker: str | None = None
    confidence: float | None = None


@dataclass(frozen=True, slots=True)
class Utterance:
    """A stretch of speech by one speaker.

    Attributes:
        id: unique in the transcript, e.g. ``u12``.
        speaker: speaker id, or ``None`` before attribution.
        start, end: seconds, end exclusive.
        text: what was said; empty in a diarization.
        words: the words with their times; may be empty if only the text is known.
        overlap: another speaker holds the floor meanwhile (a backchannel, an interruption).
        confidence: confidence of the attribution to ``speaker``, in [0, 1].
        original: what the transcriber wrote, with the marks of their conventions; empty if identical to ``text``.
    """

    id: str
    speaker: str | None
    start: float
    end: float
    text: str = ""
    words: tuple[Word, ...] = ()
    overlap: bool = False
    confidence: float | None = None
    original: str = ""

    @property
    def duration(self) -> float:
        return self.end - self.start


@dataclass(frozen=True, slots=True)
class Speaker:
    """A speaker. Ids are ``spk1``, ``spk2``... in order of first speech; the display name is separate."""

    id: str
    name: str | None = None
    attributes: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Omission:
    """A span that the utterances do not show, and why, so that nothing is dropped silently.

    Attributes:
        start, end: seconds.
        reason: ``not transcribed`` (speech in which no words were found), ``boilerplate``, ``repetition`` or
            ``no speech`` (words that the recogniser invented); otherwise what the person said who took the words out.
        text: the rejected words; empty for ``not transcribed``, and for what people took out.
    """

    start: float
    end: float
    reason: str
    text: str = ""


@dataclass(frozen=True, slots=True)
class Event:
    """Something other than words that a transcriber heard, or words that they were not sure of.

    Attributes:
        start, end: seconds; the span of the utterance if nothing finer is known.
        kind: one of :data:`EVENTS`.
        text: as the corpus writes it (``rire``, ``bb``); for ``uncertain``, the words in doubt.
        speaker: speaker id, or ``None`` if it has no speaker.
    """

    start: float
    end: float
    kind: str
    text: str = ""
    speaker: str | None = None


@dataclass(frozen=True, slots=True)
class Transcript:
    """A recording's utterances, sorted by ``start``.

    Attributes:
        recording: id of the recording.
        duration: seconds.
        language: ISO 639-1 code, or ``None`` if unknown.
        speakers: in order of first speech.
        utterances: sorted by start; those of different speakers may overlap.
        omissions: spans without utterances that a reader should know about.
        provenance: one entry per stage (see ``dialogue.workflow.runner``).
        events: sounds that are not words, sorted by start.
        attributes: other known facts about the recording (title, date, licence, sections...), ready for JSON.
        timed: whether the times are real; otherwise utterances follow each other at the pace of speech.
    """

    recording: str
    duration: float
    language: str | None = None
    speakers: tuple[Speaker, ...] = ()
    utterances: tuple[Utterance, ...] = ()
    omissions: tuple[Omission, ...] = ()
    provenance: tuple[Mapping[str, Any], ...] = ()
    events: tuple[Event, ...] = ()
    attributes: Mapping[str, Any] = field(default_factory=dict)
    timed: bool = True

    @classmethod
    def load(cls, path: str | Path) -> Transcript:
        """Read a transcript that :meth:`save` or a stage wrote. ``dialogue.read`` reads all other formats.

        Raises:
            TranscriptError: the file is missing, is not JSON, or holds no transcript.
        """
        try:
            value = read_json(Path(path))
        except (OSError, ValueError) as error:
            raise TranscriptError(f"{path}: {error}. Accepted: a transcript as JSON.") from error
        if not isinstance(value, dict):
            raise TranscriptError(f"{path}: found {type(value).__name__}. Accepted: a transcript as JSON.")
        try:
            return cls.from_dict(value).validate()
        except TranscriptError as error:
            raise TranscriptError(f"{path}: {error}") from error

    def save(self, path: str | Path) -> None:
        """Write the transcript as JSON, atomically."""
        save_json(Path(path), self.to_dict())

    def __iter__(self) -> Iterator[Utterance]:
        return iter(self.utterances)

    def words(self) -> Iterator[Word]:
        """Iterate over all words in the order of the utterances."""
        for utterance in self.utterances:
            yield from utterance.words

    @property
    def text(self) -> str:
        """Return all text in the order of the utterances, without speakers."""
        return " ".join(u.text for u in self.utterances if u.text)

    def name(self, speaker: str | None) -> str:
        """Return the display name of a speaker id; the id itself if there is no name, ``?`` for ``None``."""
        for known in self.speakers:
            if known.id == speaker and known.name:
                return known.name
        return speaker or "?"

    def rename(self, names: Mapping[str, str]) -> Transcript:
        """Return the same transcript with display names: ``t.rename({"spk1": "Camille"})``.

        Raises:
            TranscriptError: the transcript has no such speaker id.
        """
        unknown = set(names) - {s.id for s in self.speakers}
        if unknown:
            raise TranscriptError(
                f"{self.recording}: no speaker {', '.join(sorted(unknown))}. "
                f"Accepted: {', '.join(s.id for s in self.speakers) or 'none (no speakers yet)'}."
            )
        return replace(self, speakers=tuple(replace(s, name=names.get(s.id, s.name)) for s in self.speakers))

    def validate(self) -> Transcript:
        """Check the rules and return the transcript itself.

        Raises:
            TranscriptError: a rule is broken; the message names the utterance, what was found and what is accepted.
        """
        for problem in self.problems():
            raise TranscriptError(f"{self.recording}: {problem}")
        return self

    def problems(self) -> Iterator[str]:
        """Yield every broken rule, one sentence each."""
        declared = [s.id for s in self.speakers]
        for speaker in sorted({s for s in declared if declared.count(s) > 1}):
            yield f"speaker {speaker} is declared twice. Ids must be unique."
        known, ids, latest = set(declared), set(), float("-inf")
        for utterance in self.utterances:
            where = f"utterance {utterance.id}"
            if utterance.id in ids:
                yield f"{where} appears twice. Ids must be unique."
            ids.add(utterance.id)
            if utterance.start < 0:
                yield f"{where} starts at {utterance.start:.2f} s. Times count from 0."
            if utterance.end < utterance.start:
                yield (
                    f"{where} ends at {utterance.end:.2f} s, before its start {utterance.start:.2f} s. "
                    "Accepted: end >= start."
                )
            if utterance.end > self.duration + TOLERANCE:
                yield (
                    f"{where} ends at {utterance.end:.2f} s, after the end of the recording ({self.duration:.2f} s)."
                )
            if utterance.start < latest:
                yield f"{where} starts before the one that precedes it. Accepted: sorted by start."
            latest = max(latest, utterance.start)
            if utterance.speaker is not None and utterance.speaker not in known:
                yield (
                    f"{where} is by {utterance.speaker}, who is not declared. "
                    f"Accepted: {', '.join(sorted(known)) or 'None'}."
                )
            yield from _word_problems(utterance)
        for event in self.events:
            yield from _event_problems(event, known)

    def to_dict(self) -> dict[str, Any]:
        """Return plain lists and dictionaries, as written to disk, without fields that have their default value."""
        value = {
            "schema": SCHEMA,
            "recording": self.recording,
            "duration": round(self.duration, 3),
            "language": self.language,
            "speakers": [_bare(s) for s in self.speakers],
            "utterances": [_bare(u) for u in self.utterances],
            "omissions": [_bare(o) for o in self.omissions],
            "provenance": [dict(p) for p in self.provenance],
        }
        if self.events:
            value["events"] = [_bare(e) for e in self.events]
        if self.attributes:
            value["attributes"] = dict(self.attributes)
        if not self.timed:
            value["timed"] = False
        return value

    @classmethod
    def from_dict(cls, value: Mapping[str, Any]) -> Transcript:
        """Build a transcript from the result of :meth:`to_dict`.

        Raises:
            TranscriptError: the schema differs, or a field is missing, unknown or ill-typed.
        """
        if value.get("schema") != SCHEMA:
            raise TranscriptError(f"schema is {value.get('schema')!r}. Accepted: {SCHEMA!r}.")
        try:
            return cls(
                recording=value["recording"],
                duration=float(value["duration"]),
                language=value.get("language"),
                speakers=tuple(Speaker(**s) for s in value.get("speakers", ())),
                utterances=tuple(
                    Utterance(**{**u, "words": tuple(Word(**w) for w in u.get("words", ()))})
                    for u in value["utterances"]
                ),
                omissions=tuple(Omission(**o) for o in value.get("omissions", ())),
                provenance=tuple(value.get("provenance", ())),
                events=tuple(Event(**e) for e in value.get("events", ())),
                attributes=value.get("attributes", {}),
                timed=bool(value.get("timed", True)),
            )
        except (KeyError, TypeError, ValueError) as error:
            raise TranscriptError(
                f"{value.get('recording', 'transcript')}: a field is missing, unknown or of the wrong type: {error}."
            ) from error


def _word_problems(utterance: Utterance) -> Iterator[str]:
    for number, word in enumerate(utterance.words, start=1):
        if word.start is not None and word.end is not None and word.end < word.start:
            yield (
                f"utterance {utterance.id}: word {number} ends at {word.end:.2f} s, before its start "
                f"{word.start:.2f} s. Accepted: end >= start."
            )


def _event_problems(event: Event, speakers: Collection[str]) -> Iterator[str]:
    where = f"event {event.kind} at {event.start:.2f} s"
    if event.kind not in EVENTS:
        yield f"{where}: unknown kind. Accepted: {', '.join(EVENTS)}."
    if event.end < event.start or event.start < 0:
        yield f"{where} ends at {event.end:.2f} s. Accepted: 0 <= start <= end."
    if event.speaker is not None and event.speaker not in speakers:
        yield f"{where} is by {event.speaker}, who is not declared."


def _bare(value: Any) -> dict[str, Any]:
    """Return a dataclass as a dictionary without its defaults, times rounded to the millisecond."""
    bare: dict[str, Any] = {}
    for known in fields(value):
        key, item = known.name, getattr(value, known.name)
        if key not in ("speaker", "text") and (item is None or item is False or item in ((), {}, "")):
            continue
        if key == "words":
            item = [_bare(w) for w in item]
        elif key == "attributes":
            item = dict(item)
        bare[key] = round(item, 3) if isinstance(item, float) else item
    return bare


def speaker_ids(utterances: Iterable[Utterance]) -> dict[str, str]:
    """Map labels to ``spk1``, ``spk2``... in order of first speech; the utterances must be sorted by start."""
    ids: dict[str, str] = {}
    for utterance in utterances:
        if utterance.speaker is not None:
            ids.setdefault(utterance.speaker, f"spk{len(ids) + 1}")
    return ids


def order_speakers(
    utterances: Iterable[Utterance], speakers: Iterable[Speaker] = ()
) -> tuple[tuple[Speaker, ...], tuple[Utterance, ...]]:
    """Rename speakers to ``spk1``, ``spk2``... in order of first speech.

    A label that is not already such an id becomes the display name: ``Camille`` in an STM file becomes ``spk1``, named
    Camille.

    Args:
        utterances: in any order; speakers are any labels, or ``None``.
        speakers: what is already known about those labels.

    Returns:
        The speakers in order of first speech, and the utterances sorted by start with the new ids.
    """
    known = {s.id: s for s in speakers}
    ordered = sorted(utterances, key=lambda u: (u.start, u.end))
    ids = speaker_ids(ordered)
    renamed = []
    for label, new in ids.items():
        old = known.get(label, Speaker(label, name=None if _is_anonymous(label) else label))
        renamed.append(replace(old, id=new))
    return tuple(renamed), tuple(
        replace(
            u,
            speaker=ids.get(u.speaker) if u.speaker is not None else None,
            words=tuple(replace(w, speaker=ids.get(w.speaker, w.speaker)) if w.speaker else w for w in u.words),
        )
        for u in ordered
    )


def _is_anonymous(label: str) -> bool:
    return label.startswith("spk") and label[3:].isdigit()
