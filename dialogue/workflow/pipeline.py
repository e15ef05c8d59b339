"""Sound -> Transcript in one call, with the models loaded once.

The stages of a recipe (:mod:`dialogue.workflow.stages`) perform the same steps (:mod:`dialogue.speech.steps`), each
with its own folder.
"""

from __future__ import annotations

import asyncio
import math
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, wait
from dataclasses import replace
from functools import cached_property
from typing import TYPE_CHECKING, TypedDict

from dialogue.core import audio, models
from dialogue.core.audio import Recording
from dialogue.core.config import ConfigError, to_dict
from dialogue.core.errors import DialogueError
from dialogue.core.files import name_of, sha256
from dialogue.core.transcript import Transcript, Utterance
from dialogue.core.version import VERSION
from dialogue.speech import asr, diarization, steps
from dialogue.speech.asr import Recogniser
from dialogue.speech.diarization import Diarizer, SpeakerCount
from dialogue.speech.steps import Progress, Speech
from dialogue.workflow import sources
from dialogue.workflow.config import Config

if TYPE_CHECKING:
    from typing_extensions import Unpack

    from dialogue.core.sound import Samples
    from dialogue.workflow.sources import Source


class Options(TypedDict, total=False):
    """Options of one call.

    Attributes:
        speakers, min_speakers, max_speakers: number of speakers, if known.
        language: ISO 639-1 code, or ``auto``; by default that of the configuration (French).
        hotwords: names and terms to listen for.
        progress: called with the share done, in [0, 1].
        timeout: seconds after which the call ends with :class:`Stopped`.
        cancel: set it from another thread, and the call ends with :class:`Stopped`.
    """

    speakers: int | None
    min_speakers: int | None
    max_speakers: int | None
    language: str | None
    hotwords: Sequence[str]
    progress: Progress | None
    timeout: float | None
    cancel: threading.Event | None


POLL = 0.1  # seconds between looks at what may stop a transcription


class Stopped(DialogueError):
    """A transcription that was cancelled, or that did not end in time."""


def transcribe(source: Source, *, config: Config | None = None, **options: Unpack[Options]) -> Transcript:
    """Find who said what, when, in a recording.

    Args:
        source: a path, bytes, an open file, or ``(samples, rate)``; see :func:`dialogue.workflow.sources.opened`.
        config: options that stay the same between calls.
        options: options of this call, see :class:`Options`.

    Raises:
        AudioError: the source holds no usable sound.
        ModelError: a model is not on this machine.
        ConfigError: an option has a value that is not accepted.
        Stopped: it was cancelled, or its time ran out.
    """
    return Pipeline(config).transcribe(source, **options)


async def atranscribe(source: Source, *, config: Config | None = None, **options: Unpack[Options]) -> Transcript:
    """Do the same as :func:`transcribe` in a thread; a task that is cancelled stops the work too."""
    cancel = options.get("cancel") or threading.Event()
    options["cancel"] = cancel
    try:
        return await asyncio.to_thread(transcribe, source, config=config, **options)
    except asyncio.CancelledError:
        cancel.set()
        raise


def utterances(source: Source, *, config: Config | None = None, **options: Unpack[Options]) -> Iterator[Utterance]:
    """Yield the utterances of a recording in order of time, as soon as their words are found.

    Turns are found first, over the whole recording, so this is for recordings and not for live sound. Arguments and
    errors are those of :func:`transcribe`.
    """
    yield from Pipeline(config).utterances(source, **options)


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

    def transcribe(self, source: Source, **options: Unpack[Options]) -> Transcript:
        """See :func:`transcribe`. A :class:`Recording` may have attributes, as in a manifest."""
        config, progress = _configured(self.config, options), _stopping(options)
        return _until_stopped(lambda: self._transcribe(source, config, progress), options)

    def utterances(self, source: Source, **options: Unpack[Options]) -> Iterator[Utterance]:
        """See :func:`utterances`."""
        config, progress = _configured(self.config, options), _stopping(options)
        with sources.opened(source, config.audio.track) as recording:
            sound, turns, speech = self._listen(recording, config, progress)
            names, share = steps.names_of(recording), steps.scaled(progress, 0.3)
            yield from steps.utterances(self.recogniser, sound, speech, turns, config.asr, share, names)

    def turns(self, source: Source, **options: Unpack[Options]) -> Transcript:
        """Find who speaks when, and no words; options and errors are those of :func:`transcribe`."""
        config, progress = _configured(self.config, options), _stopping(options)

        def work() -> Transcript:
            with sources.opened(source, config.audio.track) as recording:
                return self._listen(recording, config, progress)[1]

        return _until_stopped(work, options)

    def _transcribe(self, source: Source, config: Config, progress: Progress) -> Transcript:
        began = time.perf_counter()
        with sources.opened(source, config.audio.track) as recording:
            sound, turns, speech = self._listen(recording, config, progress)
            words = steps.recognise(self.recogniser, sound, speech, turns, config.asr, steps.scaled(progress, 0.3))
            transcript = steps.attributed(words, turns, steps.names_of(recording)).validate()
            options = to_dict(config)
            seconds = time.perf_counter() - began
            entry = {
                "stage": "pipeline",
                "tool": f"dialogue {VERSION}",
                "options": {name: options[name] for name in ("diarization", "asr", "speakers")},
                "models": {name: models.digest(name) for name in required_models(config)},
                "inputs": {name_of(recording.path): sha256(recording.path)},
                **({"track": recording.attributes["track"]} if "track" in recording.attributes else {}),
                "seconds": round(seconds, 3),
                "real_time_factor": round(seconds / transcript.duration, 4),
            }
            return replace(transcript, provenance=(*transcript.provenance, entry))

    def _listen(self, recording: Recording, config: Config, progress: Progress) -> tuple[Samples, Transcript, Speech]:
        settings = steps.diarization_of(recording, config.diarization)
        sound = audio.load(recording, channels=settings.channels == "speakers", longest=config.audio.longest)
        voices = steps.listen(self.diarizer, sound, steps.scaled(progress, 0.0, 0.3))
        count = config.speakers.for_recording(recording.attributes)
        duration = sound.shape[-1] / audio.RATE
        turns = steps.find_turns(self.diarizer, voices, recording.id, duration, count, settings)
        return sound, turns, steps.find_speech(voices, settings)


def required_models(config: Config) -> list[str]:
    """Return the models that a transcript needs."""
    return [*diarization.model_names(config.diarization), config.asr.model]


def _configured(config: Config, options: Options) -> Config:
    """Return a configuration with the options of a call applied.

    Raises:
        ConfigError: an option has a value that is not accepted.
    """
    known = Options.__annotations__
    if unknown := sorted(set(options) - set(known)):
        raise ConfigError(f"unknown option {unknown[0]}. Accepted: {', '.join(known)}.")
    hotwords = options.get("hotwords", ())
    if isinstance(hotwords, str) or not all(isinstance(word, str) for word in hotwords):
        raise ConfigError(f"hotwords: found {hotwords!r}. Accepted: a list of words.")
    count = SpeakerCount(*(options.get(name) for name in ("speakers", "min_speakers", "max_speakers")))  # type: ignore[arg-type]
    language = options.get("language") or config.asr.language
    settings = replace(config.asr, language=language, hotwords=(*config.asr.hotwords, *hotwords))
    return replace(config, asr=settings, speakers=count if count != SpeakerCount() else config.speakers)


def _stopping(options: Options) -> Progress:
    """Return the progress callback of a call, which also stops its work when it was cancelled or is late."""
    report, cancel = options.get("progress"), options.get("cancel")
    timeout = options.get("timeout")
    end = time.monotonic() + (math.inf if timeout is None else timeout)

    def progress(share: float) -> None:
        if cancel is not None and cancel.is_set():
            raise Stopped("the transcription was cancelled.")
        if time.monotonic() > end:
            raise Stopped(f"the transcription did not end within {timeout:g} s. Accepted: a longer timeout.")
        if report is not None:
            report(share)

    return progress


def _until_stopped(work: Callable[[], Transcript], options: Options) -> Transcript:
    """Return what the work returns, or stop waiting for it: its thread ends at its next report of progress."""
    if "timeout" not in options and "cancel" not in options:
        return work()
    check = _stopping({**options, "progress": None})
    found: Future[Transcript] = Future()

    def run() -> None:
        try:
            found.set_result(work())
        except BaseException as error:
            found.set_exception(error)

    threading.Thread(target=run, daemon=True).start()
    while not found.done():
        check(0.0)
        wait([found], POLL)
    return found.result()
