"""The three steps from sound to who said what, shared by everything that runs them.

Diarization produces *voices* (arrays that are clustered again when the number of speakers changes), *speech* (where
somebody speaks, for each channel) and *turns* (who speaks when); recognition finds the words in the speech;
attribution gives each word its speaker. :class:`~dialogue.workflow.pipeline.Pipeline` and the stages of a recipe
(:mod:`dialogue.workflow.stages`) call these functions.
"""

from __future__ import annotations

import itertools
import logging
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from dialogue.core import audio
from dialogue.core.audio import Recording
from dialogue.core.transcript import Omission, Speaker, Transcript, Utterance, order_speakers
from dialogue.french.phonetics import respell
from dialogue.speech import asr, diarization
from dialogue.speech.asr import ASRConfig, Recogniser
from dialogue.speech.asr.recognition import Found, Kept, Span, merge, unkept
from dialogue.speech.attribution import attribute
from dialogue.speech.diarization import DiarizationConfig, Diarizer, SpeakerCount, Voices

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from dialogue.core.sound import Samples

log = logging.getLogger("dialogue")

Progress = Callable[[float], None]  # share done, in [0, 1]
Speech = Sequence[Sequence[Span]]  # spans in seconds for each channel (a single one when they are mixed)


def diarization_of(recording: Recording, config: DiarizationConfig) -> DiarizationConfig:
    """Return the options for one recording; its manifest may say that each channel is a speaker."""
    if recording.attributes.get("channel_is_speaker") and recording.channels > 1:
        return replace(config, channels="speakers")
    return config


def names_of(recording: Recording) -> list[str]:
    """Return the names and terms that may be said in a recording: its participants and glossary."""
    return [name for key in ("participants", "glossary") for name in recording.attributes.get(key, ())]


def attributed(words: Transcript, turns: Transcript, names: Sequence[str]) -> Transcript:
    """Give each word its speaker, and write the names where words sound like them."""
    return respell(attribute(words, turns), names)


def listen(diarizer: Diarizer, sound: Samples, progress: Progress) -> Voices:
    """Return the voices of a recording.

    Args:
        sound: ``(sample,)``, or ``(channel, sample)`` where each channel is a speaker; array names then begin with
            their channel number.
    """
    if sound.ndim == 1:
        return diarizer.listen(sound, progress)
    voices: dict[str, NDArray[Any]] = {}
    for number, channel in enumerate(sound):
        found = diarizer.listen(channel, scaled(progress, number / len(sound), (number + 1) / len(sound)))
        voices |= {f"{number}/{name}": array for name, array in found.items()}
    return voices


def find_turns(
    diarizer: Diarizer,
    voices: Voices,
    recording: str,
    duration: float,
    count: SpeakerCount,
    config: DiarizationConfig,
) -> Transcript:
    """Find who speaks when. Where each channel is a speaker, nothing is clustered: a channel's speech is its turns.

    Args:
        recording: id of the recording.
        duration: its length in seconds.
    """
    if config.channels == "mix":
        clustering = diarizer.cluster(voices, count)
        found = diarization.transcript(recording, duration, clustering.turns, fill=config.fill)
        fewest, most = count.bounds
        if found.speakers and not fewest <= len(found.speakers) <= (most or len(found.speakers)):
            asked = fewest if fewest == most else f"{fewest} to {most or 'any number'}"
            log.warning("%s: speakers found: %d, asked for: %s", recording, len(found.speakers), asked)
        about = {"stage": "speakers", "found": len(found.speakers), "runner_up": clustering.runner_up}
        return replace(found, provenance=(about,))
    channels = _by_channel(voices)
    turns = [
        Utterance("", f"channel{number}", start, end, confidence=1.0)
        for number, spans in enumerate(_filled(c, config.fill) for c in channels)
        for start, end in spans
    ]
    named = [Speaker(f"channel{n}", attributes={"channel": n}) for n in range(len(channels))]
    speakers, ordered = order_speakers(turns, named)
    heard = (t for t in ordered if t.start < duration)
    kept = [replace(t, id=f"t{i}", end=min(t.end, duration)) for i, t in enumerate(heard, start=1)]
    return Transcript(recording, duration, None, speakers, tuple(kept))


def find_speech(voices: Voices, config: DiarizationConfig) -> list[list[Span]]:
    """Find the speech of each channel. The number of speakers has no effect, so changing it keeps the words."""
    return [_filled(channel, config.fill) for channel in _by_channel(voices)]


def recognise(
    recogniser: Recogniser,
    sound: Samples,
    speech: Speech,
    turns: Transcript,
    config: ASRConfig,
    progress: Progress = lambda share: None,
    kept: Kept = unkept,
) -> Transcript:
    """Recognise a recording's words, with speakers only where each has a channel.

    See :func:`dialogue.speech.asr.recognise`.
    """
    found = []
    for speaker, part in _batches(recogniser, sound, speech, turns, config, kept):
        found.append((speaker, part))
        progress(part.end / turns.duration)
    words = joined(found, turns, config.language)
    if words.utterances:
        return words
    seconds = sum(end - start for channel in speech for start, end in channel)
    reason = f"no words found in {seconds:.1f} s of speech" if seconds else "no speech found"
    level = audio.loudness(sound)
    reason = f"{reason}: {level}"
    log.warning("%s: the transcript is empty: %s", turns.recording, reason)
    measured = {"quiet_seconds": round(level.quiet, 1), "loudest_db": round(level.loudest)}
    coverage = {**words.provenance[0], "empty": reason, **measured}
    return replace(words, provenance=(coverage,))


def utterances(
    recogniser: Recogniser,
    sound: Samples,
    speech: Speech,
    turns: Transcript,
    config: ASRConfig,
    progress: Progress = lambda share: None,
    names: Sequence[str] = (),
) -> Iterator[Utterance]:
    """Yield who said what, one batch of windows after the other, as soon as its words are found."""
    number = itertools.count(1)
    for speaker, found in _batches(recogniser, sound, speech, turns, config):
        part = joined([(speaker, found)], turns, config.language)
        for utterance in attributed(part, turns, names):
            yield replace(utterance, id=f"u{next(number)}")
        progress(found.end / turns.duration)


def scaled(progress: Progress | None, low: float, high: float = 1.0) -> Progress:
    """Return a progress callback that maps 0 to 1 onto ``low`` to ``high`` of another one."""
    return (lambda share: progress(low + (high - low) * share)) if progress else (lambda share: None)


def _by_channel(voices: Voices) -> list[Voices]:
    numbers = sorted({int(name.split("/")[0]) for name in voices if "/" in name})
    prefixes = [f"{n}/" for n in numbers] or [""]
    return [{k.removeprefix(p): v for k, v in voices.items() if k.startswith(p)} for p in prefixes]


def _batches(
    recogniser: Recogniser,
    sound: Samples,
    speech: Speech,
    turns: Transcript,
    config: ASRConfig,
    kept: Kept = unkept,
) -> Iterator[tuple[str | None, Found]]:
    """Yield what recognition finds, with the channel's speaker where each channel is one."""
    owners = {s.attributes.get("channel"): s.id for s in turns.speakers}
    for number, spans in enumerate(speech):
        channel = sound if sound.ndim == 1 else sound[number]
        for found in asr.recognise(recogniser, channel, spans, config, kept):
            yield owners.get(number) if sound.ndim > 1 else None, found


def joined(found: Sequence[tuple[str | None, Found]], turns: Transcript, language: str) -> Transcript:
    """Return what recognition found, batch by batch and with the channel's speaker, as one transcript."""
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


def _filled(voices: Voices, fill: float) -> list[Span]:
    """Return spans of speech, joining those up to ``fill`` seconds apart."""
    spans = sorted((float(s), float(e)) for name in ("passages", "overlaps") for s, e in voices[name])
    return [(s, e - fill) for s, e in merge([(s, e + fill) for s, e in spans])]
