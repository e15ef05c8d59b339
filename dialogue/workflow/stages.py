"""The stages that map recordings to files: what each reads, writes and does, and the options and models it depends on.

Each function returns a :class:`~dialogue.workflow.runner.Stage` for the runner. Workers are created in the process that
uses them and load their models once. The speech steps are those of :mod:`dialogue.speech.steps`.
"""

from __future__ import annotations

import functools
import json
import os
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from dialogue import formats
from dialogue.core import audio, models
from dialogue.core.audio import AudioConfig, Recording
from dialogue.core.config import to_dict
from dialogue.core.files import digest_of, read_json, save_text, sha256
from dialogue.core.transcript import Transcript
from dialogue.minutes.config import DocumentConfig, MinutesConfig
from dialogue.speech import asr, diarization, steps
from dialogue.speech.asr import ASRConfig
from dialogue.speech.asr.batches import Batches
from dialogue.speech.asr.recognition import merge
from dialogue.speech.diarization import DiarizationConfig, SpeakerCount
from dialogue.workflow.runner import FilesWritten, Output, Progress, Stage, Worker, unfinished

if TYPE_CHECKING:
    from dialogue.minutes import Minutes


def diarize(
    config: DiarizationConfig, count: SpeakerCount = SpeakerCount(), audio: AudioConfig = AudioConfig()
) -> Stage:
    """Sound -> turns (``<id>.json``), clustering input (``voices/<id>.npz``) and speech (``speech/<id>.json``).

    With another number of speakers, only the clustering is repeated.
    """
    return Stage(
        "diarize",
        version=3,
        make_worker=functools.partial(_diarizer, config, count, audio.longest),
        inputs=lambda recording: [recording.path],
        outputs=lambda recording, out: [_voices(out, recording), _speech(out, recording)],
        options={"diarization": _options(config), "speakers": to_dict(count)},
        models=diarization.model_names(config),
        attributes=("speakers", "min_speakers", "max_speakers", "channel_is_speaker", "track"),
        cost=0.03,
    )


def _diarizer(config: DiarizationConfig, count: SpeakerCount, longest: float) -> Worker:
    engine = diarization.load(config)

    def work(recording: Recording, out: Path, progress: Progress) -> Output:
        settings = steps.diarization_of(recording, config)
        path = _voices(out, recording)
        made_from = digest_of(
            [
                sha256(recording.path),
                [diarization.VOICES, settings.model, settings.step, settings.channels],
                recording.attributes.get("track"),
            ]
        )
        voices = diarization.load_voices(path) if path.exists() else {}
        if str(voices.get("made_from", "")) != made_from:
            import numpy as np

            sound = audio.load(recording, channels=settings.channels == "speakers", longest=longest)
            voices = {**steps.listen(engine, sound, progress), "made_from": np.array(made_from)}
            voices["duration"] = np.array(sound.shape[-1] / audio.RATE)
            path.parent.mkdir(exist_ok=True)
            diarization.save_voices(path, voices)
        heard = {k: v for k, v in voices.items() if k not in ("made_from", "duration")}
        duration = float(voices["duration"])
        speech = [[[round(s, 3), round(e, 3)] for s, e in c] for c in steps.find_speech(heard, settings)]
        save_text(_speech(out, recording), json.dumps(speech) + "\n")
        wanted = count.for_recording(recording.attributes)
        return steps.find_turns(engine, heard, recording.id, duration, wanted, settings)

    return work


PROCESSORS = 0.4  # seconds for each second of processor time
EFFORT_COST = {"fast": 0.7, "normal": 1.0, "high": 3.2}  # times the processor time, benchmarks/RESULTS.md


def transcribe(config: ASRConfig, speech: Path) -> Stage:
    """Sound, detected speech and turns -> words, without speakers unless each has their own channel."""
    return Stage(
        "transcribe",
        version=5,
        make_worker=functools.partial(_transcriber, config, speech),
        inputs=lambda recording: [recording.path, _speech(speech, recording), speech / f"{recording.id}.json"],
        options={"asr": _options(config)},
        models=[config.model],
        attributes=("track",),
        cost=PROCESSORS * _processor_seconds(config.model) * EFFORT_COST[config.effort],
    )


def _processor_seconds(model: str) -> float:
    """Return the processor seconds that a model takes for a second of sound, or the default one if nothing is known."""
    known = [models.registry().get(name) for name in (model, ASRConfig().model)]
    return next((m.cpu for m in known if m and m.cpu), 0.2)


def _transcriber(config: ASRConfig, speech: Path) -> Worker:
    engine = asr.load(config)
    weights = models.digest(config.model)

    def work(recording: Recording, out: Path, progress: Progress) -> Output:
        spans = read_json(_speech(speech, recording))
        turns = _read(speech / f"{recording.id}.json")
        sound = audio.load(recording, channels=len(spans) > 1)
        made_from = digest_of([sha256(recording.path), spans, _options(config), weights])
        kept = Batches(unfinished(out, recording), made_from)
        return steps.recognise(engine, sound, spans, turns, config, progress, kept)

    return work


def list_hypotheses(config: ASRConfig, speech: Path, number: int) -> Stage:
    """Sound and detected speech -> n-best lists: ``<id>.jsonl``."""
    return Stage(
        "nbest",
        version=1,
        make_worker=functools.partial(_lister, config, speech, number),
        inputs=lambda recording: [recording.path, _speech(speech, recording)],
        outputs=lambda recording, out: [out / f"{recording.id}.jsonl"],
        options={"asr": _options(config), "hypotheses": number},
        models=[config.model],
        attributes=("track",),
        cost=3 * PROCESSORS * _processor_seconds(config.model),  # short windows are padded, and the beam is wide
    )


def _lister(config: ASRConfig, speech: Path, number: int) -> Worker:
    from dialogue.speech.asr import nbest

    engine = nbest.load(config)

    def work(recording: Recording, out: Path, progress: Progress) -> Output:
        spans = read_json(_speech(speech, recording))
        sound = audio.load(recording, channels=len(spans) > 1)
        channels = [sound] if sound.ndim == 1 else sound
        found = [
            each
            for channel, own in zip(channels, spans, strict=True)
            for each in nbest.find(engine, channel, own, config, number)
        ]
        path = out / f"{recording.id}.jsonl"
        nbest.write(sorted(found, key=lambda each: each.start), path)
        return FilesWritten([path])

    return work


def attribute_words(words: Path, turns: Path, config: DiarizationConfig, count: SpeakerCount = SpeakerCount()) -> Stage:
    """Words and turns -> who said what: ``<id>.json`` and ``turns/<id>.rttm``.

    With a number of speakers, the voices are first clustered again; words and embeddings are not recomputed.
    """
    return Stage(
        "attribute",
        version=2,
        make_worker=functools.partial(_attributor, words, turns, config, count),
        inputs=lambda recording: [
            words / f"{recording.id}.json",
            turns / f"{recording.id}.json",
            *([_voices(turns, recording)] if count != SpeakerCount() else []),
        ],
        outputs=lambda recording, out: [rttm_of(out, recording)],
        options={"speakers": to_dict(count), "diarization": _options(config) if count != SpeakerCount() else {}},
        attributes=("channel_is_speaker", "participants", "glossary"),
    )


def _attributor(words: Path, turns: Path, config: DiarizationConfig, count: SpeakerCount) -> Worker:
    engine = None if count == SpeakerCount() else diarization.load(config)

    def work(recording: Recording, out: Path, progress: Progress) -> Output:
        recognised, found = _read(words / f"{recording.id}.json"), _read(turns / f"{recording.id}.json")
        if engine is not None:
            voices = dict(diarization.load_voices(_voices(turns, recording)))
            heard = {k: v for k, v in voices.items() if k not in ("made_from", "duration")}
            settings = steps.diarization_of(recording, config)
            clustered = steps.find_turns(engine, heard, found.recording, found.duration, count, settings)
            earlier = [entry for entry in found.provenance if entry.get("stage") != "speakers"]
            found = replace(clustered, provenance=(*clustered.provenance, *earlier))
        rttm = formats.dumps([found], "rttm") if found.utterances else ""
        save_text(rttm_of(out, recording), rttm)
        return steps.attributed(recognised, found, steps.names_of(recording)).validate()

    return work


def take(transcript: Path) -> Stage:
    """A transcript that a person corrected, or another tool wrote -> ``<id>.json`` and ``turns/<id>.rttm``."""
    return Stage(
        "take",
        version=1,
        make_worker=functools.partial(_taker, transcript),
        inputs=lambda recording: [transcript],
        outputs=lambda recording, out: [rttm_of(out, recording)],
    )


def _taker(transcript: Path) -> Worker:
    def work(recording: Recording, out: Path, progress: Progress) -> Output:
        found = formats.read(transcript)
        if len(found) != 1:
            raise ValueError(f"{transcript}: {len(found)} recordings. Accepted: a file with one recording.")
        said = replace(found[0], recording=recording.id, duration=max(found[0].duration, recording.duration))
        save_text(rttm_of(out, recording), formats.dumps([said], "rttm") if said.utterances else "")
        return said.validate()

    return work


def take_turns(turns: Path) -> Stage:
    """Turns that somebody else found -> ``<id>.json``, and the speech that they cover (``speech/<id>.json``)."""
    return Stage(
        "diarize",
        version=1,
        make_worker=functools.partial(_turn_taker, turns),
        inputs=lambda recording: [turns],
        outputs=lambda recording, out: [_speech(out, recording)],
        options={"given": turns.suffix},
    )


def _turn_taker(turns: Path) -> Worker:
    def work(recording: Recording, out: Path, progress: Progress) -> Output:
        [given] = formats.read(turns)
        length = recording.duration
        inside = [replace(u, end=min(u.end, length), text="", words=()) for u in given if u.start < length]
        found = replace(given, recording=recording.id, duration=length, utterances=tuple(inside), omissions=())
        spans = [[round(s, 3), round(e, 3)] for s, e in merge([(u.start, u.end) for u in inside])]
        save_text(_speech(out, recording), json.dumps([spans]) + "\n")
        return found.validate()

    return work


def write_minutes(transcripts: Path, config: MinutesConfig) -> Stage:
    """Transcript -> minutes: ``<id>.json``."""
    return Stage(
        "minutes",
        version=6,
        make_worker=functools.partial(_minute_taker, transcripts, config),
        inputs=lambda recording: [transcripts / f"{recording.id}.json"],
        options={"minutes": _options(config)},
        models=_writer(config),
        attributes=("participants", "agenda", "date", "title", "glossary"),
        cost=1.0 if _writer(config) else 0.0003,
    )


def _writer(config: MinutesConfig) -> list[str]:
    """Return the local model that writes the minutes, if any."""
    from dialogue import llm

    name = config.model
    return [name] if name is not None and not llm.is_url(name) and llm.may_write_minutes(name) else []


def _minute_taker(transcripts: Path, config: MinutesConfig) -> Worker:
    from dialogue import minutes

    model, refused = minutes.load_model(config)

    def work(recording: Recording, out: Path, progress: Progress) -> Output:
        known = recording.attributes
        return minutes.write_minutes(
            _read(transcripts / f"{recording.id}.json"),
            config=config,
            agenda=tuple(known.get("agenda", ())),
            participants=tuple(known.get("participants", ())),
            date=known.get("date"),
            title=known.get("title"),
            glossary=tuple(known.get("glossary", ())),
            model=model,
            refused=refused,
            kept=out / "answers",
            progress=lambda part, parts: progress(part / parts),
        )

    return work


def document(minutes: Path, transcripts: Path, config: DocumentConfig, beside: Path | None = None) -> Stage:
    """Minutes -> documents: ``<id>.md`` and the other requested formats.

    Args:
        beside: folder of :func:`export`; the documents are then ``<beside>/<id>/minutes.md``..., and link to the
            meeting's page.
    """
    return Stage(
        "document",
        version=3,
        make_worker=functools.partial(_documenter, minutes, transcripts, config, beside),
        inputs=lambda recording: [
            minutes / f"{recording.id}.json",
            transcripts / f"{recording.id}.json",
            *([config.template] if config.template else []),
        ],
        outputs=lambda recording, out: [_document(recording, name, out, beside) for name in config.formats],
        options={"documents": to_dict(config), **({"beside": os.path.abspath(beside)} if beside else {})},
        for_people=True,
    )


def _documenter(minutes: Path, transcripts: Path, config: DocumentConfig, beside: Path | None) -> Worker:
    from dialogue.minutes import Minutes, documents

    def work(recording: Recording, out: Path, progress: Progress) -> Output:
        written = Minutes.load(minutes / f"{recording.id}.json")
        said = _named(_read(transcripts / f"{recording.id}.json"), written)
        paths = [_document(recording, name, out, beside) for name in config.formats]
        for path in paths:
            ours = config.template is not None and config.template.suffix == path.suffix
            documents.write(
                written,
                path,
                style=config.style,
                transcript=said,
                link="report.html" if beside else None,
                template=config.template if ours else None,
            )
        return FilesWritten(paths)

    return work


def _document(recording: Recording, name: str, out: Path, beside: Path | None) -> Path:
    return beside / recording.id / f"minutes.{name}" if beside else out / f"{recording.id}.{name}"


def export(
    transcripts: Path,
    minutes: Path,
    out: Path,
    language: str = "fr",
    given: Path | None = None,
    page: bool = True,
) -> Stage:
    """Transcript, and minutes if they exist -> files for the user.

    ``<out>/<id>/<id>.{json,srt,vtt,stm,txt,rttm}``, ``minutes.json`` and ``report.html``.

    Args:
        given: the file that the transcript was taken from, which is not written again.
        page: write the page, which holds the sound; without it, the sound is not read.
    """
    return Stage(
        "export",
        version=4,
        make_worker=functools.partial(_exporter, transcripts, minutes, out, language, given, page),
        inputs=lambda recording: [
            transcripts / f"{recording.id}.json",
            rttm_of(transcripts, recording),
            *(path for path in [minutes / f"{recording.id}.json"] if path.exists()),
            *(path for path in [recording.path] if page and path.exists()),
        ],
        outputs=lambda recording, _: _exported(recording, minutes, out, given, page),
        options={"language": language, "out": os.path.abspath(out), **({} if page else {"page": False})},
        for_people=True,
        cost=0.008,  # the sound of the page
    )


EXPORTED = ("json", "srt", "vtt", "stm", "txt")


def _exported(recording: Recording, minutes: Path, out: Path, given: Path | None, page: bool) -> Sequence[Path]:
    names = [f"{recording.id}.{name}" for name in (*EXPORTED, "rttm")] + ["report.html"] * page
    names += ["minutes.json"] * (minutes / f"{recording.id}.json").exists()
    paths = [out / recording.id / name for name in names]
    return [path for path in paths if given is None or path.resolve() != given.resolve()]


def _exporter(transcripts: Path, minutes: Path, out: Path, language: str, given: Path | None, page: bool) -> Worker:
    from dialogue import pages
    from dialogue.minutes import Minutes

    def work(recording: Recording, folder: Path, progress: Progress) -> Output:
        path = minutes / f"{recording.id}.json"
        written = Minutes.load(path) if path.exists() else None
        said = _read(transcripts / f"{recording.id}.json")
        said = _named(said, written) if written else said
        paths = _exported(recording, minutes, out, given, page)
        for path in paths:
            if path.name == "report.html":
                sound = recording if recording.path.exists() else None  # it may have been deleted since
                pages.write_page(said, written, sound, path, language=language, kept=_sound(folder, recording))
            elif path.name == "minutes.json" and written:
                written.save(path)
            elif path.suffix == ".rttm":
                save_text(path, rttm_of(transcripts, recording).read_text(encoding="utf-8"))
            else:
                formats.write([said], path)
        return FilesWritten(paths)

    return work


def _sound(folder: Path, recording: Recording) -> Path | None:
    """Return where the sound of a page is kept, so that a correction does not encode it again."""
    if not recording.path.exists():
        return None
    heard = [sha256(recording.path), recording.attributes.get("track")]
    kept = folder / "sound" / recording.id / f"{digest_of(heard)[:16]}.mp3"
    for old in kept.parent.glob("*"):
        if old.stem != kept.stem:
            old.unlink()
    return kept


def _named(transcript: Transcript, minutes: Minutes) -> Transcript:
    """Return the transcript with the names that the minutes found for its speakers; those that people gave stay."""
    known = {s.id for s in transcript.speakers if s.attributes.get("name_source") != "manual"}
    return transcript.rename({p.id: p.name for p in minutes.participants if p.name and p.id in known})


def _voices(out: Path, recording: Recording) -> Path:
    return out / "voices" / f"{recording.id}.npz"


def _speech(out: Path, recording: Recording) -> Path:
    return out / "speech" / f"{recording.id}.json"


def rttm_of(out: Path, recording: Recording) -> Path:
    """Return the turns that go with a transcript in a stage's folder."""
    return out / "turns" / f"{recording.id}.rttm"


def _read(path: Path) -> Transcript:
    return formats.read(path, "json")[0]


def _options(config: Any) -> Mapping[str, Any]:
    """Return the options that change the result, without those about the machine."""
    return {k: v for k, v in to_dict(config).items() if k not in ("device", "threads")}
