"""Audio -> Transcript in one call, models loaded once.

The stages of a recipe (:mod:`dialogue.workflow.stages`) do the same steps, a folder each; both use what is here.
"""

from __future__ import annotations

import itertools
import logging
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from dialogue.core import audio, models
from dialogue.core.config import to_dict
from dialogue.core.files import sha256
from dialogue.core.transcript import Omission, Speaker, Transcript, Utterance, order_speakers
from dialogue.core.version import VERSION
from dialogue.minutes.config import MinutesConfig
from dialogue.speech import asr, diarization
from dialogue.speech.asr import ASRConfig, Recogniser
from dialogue.speech.asr.recognition import Found, Span, merge
from dialogue.speech.attribution import attribute
from dialogue.speech.diarization import DiarizationConfig, Diarizer, SpeakerCount, Voices

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

log = logging.getLogger("dialogue")

Progress = Callable[[float], None]  # share done, in [0, 1]


@dataclass(frozen=True)
class Config:
    """All options, by stage. In YAML, only what differs from these defaults need be said.

    Attributes:
        attribution: number of speakers; the manifest may say it for each recording.
        gates: metric -> the worst value with which a recipe passes, e.g. ``{cpwer: 0.55}``.
        normalization: level of the French normalisation that scores are computed with.
    """

    diarization: DiarizationConfig = DiarizationConfig()
    asr: ASRConfig = ASRConfig()
    attribution: SpeakerCount = SpeakerCount()
    minutes: MinutesConfig = MinutesConfig()
    gates: dict[str, float] = field(default_factory=dict)
    normalization: str = "fr-std"


def transcribe(
    path: str | Path,
    *,
    speakers: int | None = None,
    min_speakers: int | None = None,
    max_speakers: int | None = None,
    language: str | None = None,
    hotwords: Sequence[str] = (),
    config: Config | None = None,
    progress: Progress | None = None,
) -> Transcript:
    """Who said what, when, in a recording.

    Args:
        path: any container with an audio track.
        speakers, min_speakers, max_speakers: how many people speak, when that is known.
        language: ISO 639-1 code, or ``auto``; French unless the configuration says otherwise.
        hotwords: names and terms to listen for.
        config: everything else.
        progress: called with the share done, in [0, 1].

    Raises:
        AudioError: the file holds no usable sound.
        ModelError: a model is not on this machine.
        ConfigError: an option that cannot be.
    """
    pipeline = Pipeline(_with(config, speakers, min_speakers, max_speakers, language, hotwords))
    return pipeline.transcribe(path, progress)


def stream(
    path: str | Path,
    *,
    speakers: int | None = None,
    min_speakers: int | None = None,
    max_speakers: int | None = None,
    language: str | None = None,
    hotwords: Sequence[str] = (),
    config: Config | None = None,
    progress: Progress | None = None,
) -> Iterator[Utterance]:
    """The utterances of a recording as they are ready, in order of time; see :func:`transcribe`.

    Who speaks when is found first, over the whole recording; then words come every few minutes of sound.
    """
    pipeline = Pipeline(_with(config, speakers, min_speakers, max_speakers, language, hotwords))
    yield from pipeline.stream(path, progress)


class Pipeline:
    """Loaded models, for many recordings.

    >>> pipeline = Pipeline()                                       # doctest: +SKIP
    >>> for path in paths: pipeline.transcribe(path).save(...)      # doctest: +SKIP
    """

    def __init__(self, config: Config | None = None) -> None:
        self.config = config or Config()

    @cached_property
    def diarizer(self) -> Diarizer:
        return diarization.load(self.config.diarization)

    @cached_property
    def recogniser(self) -> Recogniser:
        return asr.load(self.config.asr)

    def transcribe(self, path: str | Path, progress: Progress | None = None) -> Transcript:
        """See :func:`transcribe`."""
        began = time.perf_counter()
        sound, turns, speech = self._listen(path, progress)
        words = recognise(self.recogniser, sound, speech, turns, self.config.asr, _from(progress, 0.3))
        transcript = attribute(words, turns).validate()
        seconds = time.perf_counter() - began
        entry = {
            "stage": "pipeline",
            "tool": f"dialogue {VERSION}",
            "options": {k: v for k, v in to_dict(self.config).items() if k in ("diarization", "asr", "attribution")},
            "models": {name: models.digest(name) for name in required_models(self.config)},
            "inputs": {Path(path).name: sha256(Path(path))},
            "seconds": round(seconds, 3),
            "real_time_factor": round(seconds / transcript.duration, 4),
        }
        return replace(transcript, provenance=(*transcript.provenance, entry))

    def stream(self, path: str | Path, progress: Progress | None = None) -> Iterator[Utterance]:
        """See :func:`stream`."""
        sound, turns, speech = self._listen(path, progress)
        report, number = _from(progress, 0.3), itertools.count(1)
        for speaker, found in _channels(self.recogniser, sound, speech, turns, self.config.asr):
            part = _join([(speaker, found)], turns, self.config.asr.language)
            for utterance in attribute(part, turns):
                yield replace(utterance, id=f"u{next(number)}")
            report(found.end / turns.duration)

    def _listen(
        self, path: str | Path, progress: Progress | None
    ) -> tuple[NDArray[np.float32], Transcript, list[list[Span]]]:
        settings = self.config.diarization
        sound = audio.load(path, channels=settings.channels == "speakers")
        report = _from(progress, 0.0, 0.3)
        voices = listen(self.diarizer, sound, report)
        turns = find_turns(
            self.diarizer,
            voices,
            audio.recording_id(path),
            sound.shape[-1] / audio.RATE,
            self.config.attribution,
            settings,
        )
        return sound, turns, find_speech(voices, settings)


def listen(diarizer: Diarizer, sound: NDArray[np.float32], progress: Progress) -> Voices:
    """Voices of ``(sample,)`` sound; with ``(channel, sample)``, of each channel, its number before the arrays' names."""
    if sound.ndim == 1:
        return diarizer.listen(sound, progress)
    voices: dict[str, NDArray[Any]] = {}
    for number, channel in enumerate(sound):
        found = diarizer.listen(channel, _from(progress, number / len(sound), (number + 1) / len(sound)))
        voices |= {f"{number}/{name}": array for name, array in found.items()}
    return voices


def by_channel(voices: Voices) -> list[Voices]:
    """Voices of each channel; of one when the channels were mixed."""
    numbers = sorted({int(name.split("/")[0]) for name in voices if "/" in name})
    prefixes = [f"{n}/" for n in numbers] or [""]
    return [{k.removeprefix(p): v for k, v in voices.items() if k.startswith(p)} for p in prefixes]


def find_turns(
    diarizer: Diarizer,
    voices: Voices,
    recording: str,
    duration: float,
    count: SpeakerCount,
    config: DiarizationConfig,
) -> Transcript:
    """Voices -> turns. With a channel for each speaker there is nothing to cluster: a channel's speech is its turns."""
    channels = by_channel(voices)
    if config.channels == "mix":
        turns = diarizer.turns(voices, count)
        found = diarization.transcript(recording, duration, turns, fill=config.fill)
        fewest, most = count.bounds
        if found.speakers and not fewest <= len(found.speakers) <= (most or len(found.speakers)):
            asked = fewest if fewest == most else f"{fewest} to {most or 'any number'}"
            log.warning("%s: %d speakers found, %s asked for", recording, len(found.speakers), asked)
        return found
    turns = [
        Utterance("", f"channel{number}", start, end, confidence=1.0)
        for number, spans in enumerate(_fill(c, config.fill) for c in channels)
        for start, end in spans
    ]
    named = [Speaker(f"channel{n}", attributes={"channel": n}) for n in range(len(channels))]
    speakers, ordered = order_speakers(turns, named)
    heard = (t for t in ordered if t.start < duration)
    kept = [replace(t, id=f"t{i}", end=min(t.end, duration)) for i, t in enumerate(heard, start=1)]
    return Transcript(recording, duration, None, speakers, tuple(kept))


def find_speech(voices: Voices, config: DiarizationConfig) -> list[list[Span]]:
    """Where there is speech, for each channel: independent of the number of speakers, so that changing it keeps the words."""
    return [_fill(channel, config.fill) for channel in by_channel(voices)]


def recognise(
    recogniser: Recogniser,
    sound: NDArray[np.float32],
    speech: Sequence[Sequence[Span]],
    turns: Transcript,
    config: ASRConfig,
    progress: Progress = lambda share: None,
) -> Transcript:
    """The words of a recording, without speakers unless each has a channel; see :func:`dialogue.speech.asr.recognise`."""
    found = []
    for speaker, part in _channels(recogniser, sound, speech, turns, config):
        found.append((speaker, part))
        progress(part.end / turns.duration)
    return _join(found, turns, config.language)


def _channels(
    recogniser: Recogniser,
    sound: NDArray[np.float32],
    speech: Sequence[Sequence[Span]],
    turns: Transcript,
    config: ASRConfig,
) -> Iterator[tuple[str | None, Found]]:
    owners = {s.attributes.get("channel"): s.id for s in turns.speakers}
    for number, spans in enumerate(speech):
        channel = sound if sound.ndim == 1 else sound[number]
        for found in asr.recognise(recogniser, channel, spans, config):
            yield owners.get(number) if sound.ndim > 1 else None, found


def _join(found: Sequence[tuple[str | None, Found]], turns: Transcript, language: str) -> Transcript:
    utterances: list[Utterance] = []
    omissions: list[Omission] = []
    for speaker, part in found:
        for u in part.utterances:
            words = tuple(replace(w, speaker=speaker) for w in u.words)
            utterances.append(replace(u, speaker=speaker, words=words))
        omissions += part.omissions
    utterances.sort(key=lambda u: (u.start, u.end))
    speech = sum(part.speech for _, part in found)
    covered = sum(part.covered for _, part in found)
    languages = {part.language for _, part in found}
    return Transcript(
        recording=turns.recording,
        duration=turns.duration,
        language=languages.pop() if len(languages) == 1 else language if language != "auto" else None,
        speakers=turns.speakers,
        utterances=tuple(replace(u, id=f"u{i}") for i, u in enumerate(utterances, start=1)),
        omissions=tuple(sorted(omissions, key=lambda o: o.start)),
        provenance=(
            {
                "stage": "coverage",
                "speech_seconds": round(speech, 3),
                "covered": round(covered / speech, 4) if speech else None,
                "rejected": sum(o.reason != "not transcribed" for o in omissions),
            },
        ),
    )


def _fill(voices: Voices, fill: float) -> list[Span]:
    spans = sorted((float(s), float(e)) for name in ("passages", "overlaps") for s, e in voices[name])
    return [(s, e - fill) for s, e in merge([(s, e + fill) for s, e in spans])]


def _from(progress: Progress | None, low: float, high: float = 1.0) -> Progress:
    return (lambda share: progress(low + (high - low) * share)) if progress else (lambda share: None)


def _with(
    config: Config | None,
    speakers: int | None,
    min_speakers: int | None,
    max_speakers: int | None,
    language: str | None,
    hotwords: Sequence[str],
) -> Config:
    config = config or Config()
    count = SpeakerCount(speakers, min_speakers, max_speakers)
    settings = config.asr
    if language or hotwords:
        settings = replace(settings, language=language or settings.language, hotwords=(*settings.hotwords, *hotwords))
    return replace(config, asr=settings, attribution=count if count != SpeakerCount() else config.attribution)


def required_models(config: Config) -> list[str]:
    """The models that a transcript needs."""
    return [*diarization.model_names(config.diarization), config.asr.model]
