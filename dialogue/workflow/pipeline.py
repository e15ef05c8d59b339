"""Sound -> Transcript in one call, with the models loaded once.

The stages of a recipe (:mod:`dialogue.workflow.stages`) perform the same steps (:mod:`dialogue.speech.steps`), each
with its own folder.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from dialogue.core import audio, models
from dialogue.core.audio import Recording
from dialogue.core.config import to_dict
from dialogue.core.files import name_of, sha256
from dialogue.core.transcript import Transcript, Utterance
from dialogue.core.version import VERSION
from dialogue.speech import asr, diarization, steps
from dialogue.speech.asr import Recogniser
from dialogue.speech.attribution import attribute
from dialogue.speech.diarization import Diarizer, SpeakerCount
from dialogue.speech.steps import Progress, Speech
from dialogue.workflow.config import Config

if TYPE_CHECKING:
    from dialogue.core.sound import Samples


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
    """Find who said what, when, in a recording.

    Args:
        path: any container with an audio track.
        speakers, min_speakers, max_speakers: number of speakers, if known.
        language: ISO 639-1 code, or ``auto``; by default that of the configuration (French).
        hotwords: names and terms to listen for.
        config: all other options.
        progress: called with the share done, in [0, 1].

    Raises:
        AudioError: the file holds no usable sound.
        ModelError: a model is not on this machine.
        ConfigError: an option has a value that is not accepted.
    """
    count = SpeakerCount(speakers, min_speakers, max_speakers)
    return Pipeline(_config(config, count, language, hotwords)).transcribe(path, progress)


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
    """Yield the utterances of a recording in order of time, as soon as they are ready.

    Turns are found first, over the whole recording; then words arrive every few minutes of sound. Arguments and errors
    are those of :func:`transcribe`.
    """
    count = SpeakerCount(speakers, min_speakers, max_speakers)
    yield from Pipeline(_config(config, count, language, hotwords)).stream(path, progress)


class Pipeline:
    """Loaded models, for many recordings.

    >>> pipeline = Pipeline()                                                            # doctest: +SKIP
    >>> for path in paths: write([pipeline.transcribe(path)], path.with_suffix(".srt"))  # doctest: +SKIP
    """

    def __init__(self, config: Config | None = None) -> None:
        self.config = config or Config()

    @cached_property
    def diarizer(self) -> Diarizer:
        return diarization.load(self.config.diarization)

    @cached_property
    def recogniser(self) -> Recogniser:
        return asr.load(self.config.asr)

    def transcribe(self, source: str | Path | Recording, progress: Progress | None = None) -> Transcript:
        """See :func:`transcribe`. A :class:`Recording` may have attributes, as in a manifest."""
        began = time.perf_counter()
        recording = self._recording(source)
        sound, turns, speech = self._listen(recording, progress)
        settings = steps.asr_of(recording, self.config.asr)
        words = steps.recognise(self.recogniser, sound, speech, turns, settings, steps.scaled(progress, 0.3))
        transcript = attribute(words, turns).validate()
        seconds = time.perf_counter() - began
        options = to_dict(self.config)
        entry = {
            "stage": "pipeline",
            "tool": f"dialogue {VERSION}",
            "options": {name: options[name] for name in ("diarization", "asr", "speakers")},
            "models": {name: models.digest(name) for name in required_models(self.config)},
            "inputs": {name_of(recording.path): sha256(recording.path)},
            **({"track": recording.attributes["track"]} if "track" in recording.attributes else {}),
            "seconds": round(seconds, 3),
            "real_time_factor": round(seconds / transcript.duration, 4),
        }
        return replace(transcript, provenance=(*transcript.provenance, entry))

    def stream(self, source: str | Path | Recording, progress: Progress | None = None) -> Iterator[Utterance]:
        """See :func:`stream`."""
        recording = self._recording(source)
        sound, turns, speech = self._listen(recording, progress)
        settings = steps.asr_of(recording, self.config.asr)
        yield from steps.stream(self.recogniser, sound, speech, turns, settings, steps.scaled(progress, 0.3))

    def _recording(self, source: str | Path | Recording) -> Recording:
        return source if isinstance(source, Recording) else audio.probe(source, track=self.config.audio.track)

    def _listen(self, recording: Recording, progress: Progress | None) -> tuple[Samples, Transcript, Speech]:
        settings = steps.diarization_of(recording, self.config.diarization)
        sound = audio.load(recording, channels=settings.channels == "speakers", longest=self.config.audio.longest)
        voices = steps.listen(self.diarizer, sound, steps.scaled(progress, 0.0, 0.3))
        count = self.config.speakers.for_recording(recording.attributes)
        duration = sound.shape[-1] / audio.RATE
        turns = steps.find_turns(self.diarizer, voices, recording.id, duration, count, settings)
        return sound, turns, steps.find_speech(voices, settings)


def required_models(config: Config) -> list[str]:
    """Return the models that a transcript needs."""
    return [*diarization.model_names(config.diarization), config.asr.model]


def _config(config: Config | None, count: SpeakerCount, language: str | None, hotwords: Sequence[str]) -> Config:
    """Return ``config`` with the other arguments applied."""
    config = config or Config()
    settings = replace(config.asr, language=language or config.asr.language, hotwords=(*config.asr.hotwords, *hotwords))
    return replace(config, asr=settings, speakers=count if count != SpeakerCount() else config.speakers)
