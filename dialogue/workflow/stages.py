"""The stages that map recordings to files: what each reads, which options and models it depends on, what it does.

Each function returns a :class:`~dialogue.workflow.runner.Stage` for the runner. Workers are made in the process that uses them and load their
models once.
"""

from __future__ import annotations

import functools
import json
import os
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from dialogue import formats
from dialogue.core import audio
from dialogue.core.audio import Recording
from dialogue.core.config import to_dict
from dialogue.core.files import Digests, digest_of, read_json, save_text, sha256
from dialogue.core.transcript import Transcript
from dialogue.minutes.config import MinutesConfig
from dialogue.speech import asr, diarization
from dialogue.speech.asr import ASRConfig
from dialogue.speech.attribution import attribute
from dialogue.speech.diarization import DiarizationConfig, SpeakerCount
from dialogue.workflow import pipeline
from dialogue.workflow.runner import Output, Progress, Stage, Worker

if TYPE_CHECKING:
    from dialogue import pages
    from dialogue.minutes import Minutes


def diarize(config: DiarizationConfig, count: SpeakerCount = SpeakerCount()) -> Stage:
    """Sound -> turns: ``<id>.json``, ``voices/<id>.npz`` (what clustering needs) and ``speech/<id>.json`` (where there is speech).

    With another number of speakers or another threshold, only the clustering is done again.
    """
    return Stage(
        "diarize",
        version=1,
        make_worker=functools.partial(_diarizer, config, count),
        inputs=lambda recording: [recording.path],
        options={"diarization": _options(config), "speakers": to_dict(count)},
        models=diarization.model_names(config),
        attributes=("speakers", "min_speakers", "max_speakers", "channel_is_speaker"),
    )


def _diarizer(config: DiarizationConfig, count: SpeakerCount) -> Worker:
    engine = diarization.load(config)

    def work(recording: Recording, out: Path, progress: Progress) -> Output:
        settings = _channels(config, recording)
        path = out / "voices" / f"{recording.id}.npz"
        made_from = digest_of(
            [
                Digests(out / ".digests.json")(recording.path),
                [settings.model, settings.step, settings.channels],
            ]
        )
        voices = diarization.load_voices(path) if path.exists() else {}
        if str(voices.get("made_from", "")) != made_from:
            import numpy as np

            sound = audio.load(recording.path, channels=settings.channels == "speakers")
            voices = {**pipeline.listen(engine, sound, progress), "made_from": np.array(made_from)}
            voices["duration"] = np.array(sound.shape[-1] / audio.RATE)
            path.parent.mkdir(exist_ok=True)
            diarization.save_voices(path, voices)
        heard = {k: v for k, v in voices.items() if k not in ("made_from", "duration")}
        duration = float(voices["duration"])
        speech = [[[round(s, 3), round(e, 3)] for s, e in c] for c in pipeline.find_speech(heard, settings)]
        save_text(out / "speech" / f"{recording.id}.json", json.dumps(speech) + "\n")
        wanted = count.for_recording(recording.attributes)
        return pipeline.find_turns(engine, heard, recording.id, duration, wanted, settings)

    return work


def transcribe(config: ASRConfig, speech: Path) -> Stage:
    """Sound and detected speech -> words without speakers."""
    return Stage(
        "transcribe",
        version=2,
        make_worker=functools.partial(_transcriber, config, speech),
        inputs=lambda recording: [recording.path, speech / "speech" / f"{recording.id}.json"],
        options={"asr": _options(config)},
        models=[config.model],
        attributes=("participants", "glossary"),
    )


def _transcriber(config: ASRConfig, speech: Path) -> Worker:
    engine = asr.load(config)

    def work(recording: Recording, out: Path, progress: Progress) -> Output:
        spans = read_json(speech / "speech" / f"{recording.id}.json")
        turns = _read(speech / f"{recording.id}.json")
        names = [w for key in ("participants", "glossary") for w in recording.attributes.get(key, ())]
        settings = replace(config, hotwords=(*config.hotwords, *names))
        sound = audio.load(recording.path, channels=len(spans) > 1)
        return pipeline.recognise(engine, sound, spans, turns, settings, progress)

    return work


def attribute_words(words: Path, turns: Path, config: DiarizationConfig, count: SpeakerCount = SpeakerCount()) -> Stage:
    """Words and turns -> who said what: ``<id>.json`` and ``turns/<id>.rttm``.

    With a number of speakers, the voices are clustered again first: neither the words nor the embeddings are computed anew.
    """
    return Stage(
        "attribute",
        version=1,
        make_worker=functools.partial(_attributor, words, turns, config, count),
        inputs=lambda recording: [
            words / f"{recording.id}.json",
            turns / f"{recording.id}.json",
            *([turns / "voices" / f"{recording.id}.npz"] if count != SpeakerCount() else []),
        ],
        options={
            "speakers": to_dict(count),
            "diarization": _options(config) if count != SpeakerCount() else {},
        },
        attributes=("channel_is_speaker",),
    )


def _attributor(words: Path, turns: Path, config: DiarizationConfig, count: SpeakerCount) -> Worker:
    engine = None if count == SpeakerCount() else diarization.load(config)

    def work(recording: Recording, out: Path, progress: Progress) -> Output:
        recognised, found = _read(words / f"{recording.id}.json"), _read(turns / f"{recording.id}.json")
        if engine is not None:
            voices = dict(diarization.load_voices(turns / "voices" / f"{recording.id}.npz"))
            heard = {k: v for k, v in voices.items() if k not in ("made_from", "duration")}
            settings = _channels(config, recording)
            clustered = pipeline.find_turns(engine, heard, found.recording, found.duration, count, settings)
            found = replace(clustered, provenance=found.provenance)
        rttm = formats.dumps([found], "rttm") if found.utterances else ""
        save_text(out / "turns" / f"{recording.id}.rttm", rttm)
        return attribute(recognised, found).validate()

    return work


def write_minutes(transcripts: Path, config: MinutesConfig) -> Stage:
    """Transcript -> minutes: ``<id>.json`` and ``<id>.md``."""
    return Stage(
        "minutes",
        version=2,
        make_worker=functools.partial(_minute_taker, transcripts, config),
        inputs=lambda recording: [transcripts / f"{recording.id}.json"],
        options={"minutes": to_dict(config)},
        models=_writer(config),
        attributes=("participants", "agenda", "date", "title", "glossary"),
    )


def _writer(config: MinutesConfig) -> list[str]:
    """The model on this machine that writes the minutes, if one does."""
    if config.model is None or config.model.startswith(("http://", "https://")):
        return []
    from dialogue import llm

    return [config.model] if llm.may_write_minutes(config.model) else []


def _minute_taker(transcripts: Path, config: MinutesConfig) -> Worker:
    from dialogue import minutes

    model, refused = minutes.load_model(config)

    def work(recording: Recording, out: Path, progress: Progress) -> Output:
        known = recording.attributes
        transcript = _read(transcripts / f"{recording.id}.json")
        written = minutes.write_minutes(
            transcript,
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
        _write_documents(written, config, transcript, out / recording.id)
        return written

    return work


def _write_documents(
    written: Minutes, config: MinutesConfig, transcript: Transcript, path: Path, link: str | None = None
) -> None:
    """Minutes in each format asked for: ``path`` with its ending."""
    from dialogue.minutes import documents

    for name in config.formats:
        ours = config.template is not None and config.template.suffix == f".{name}"
        documents.write(
            written, path.with_name(f"{path.name}.{name}"), style=config.style, language=config.language,
            transcript=transcript, link=link, template=config.template if ours else None,
        )  # fmt: skip


def export(transcripts: Path, minutes: Path, out: Path, config: MinutesConfig) -> Stage:
    """Transcript, and minutes where there are some -> what a person opens.

    ``<out>/<id>/<id>.{json,srt,vtt,rttm,stm,txt}``, ``minutes.json`` and documents, ``report.html``.
    """
    return Stage(
        "export",
        version=2,
        make_worker=functools.partial(_exporter, transcripts, minutes, out, config),
        inputs=lambda recording: [
            transcripts / f"{recording.id}.json",
            transcripts / "turns" / f"{recording.id}.rttm",
            *(path for path in [minutes / f"{recording.id}.json"] if path.exists()),
            recording.path,
        ],
        options={
            "language": config.language,
            "style": config.style,
            "formats": list(config.formats),
            "template": config.template and sha256(config.template),
            "out": os.path.abspath(out),
        },
    )


EXPORTED = ("json", "srt", "vtt", "stm", "txt")


def _exporter(transcripts: Path, minutes: Path, out: Path, config: MinutesConfig) -> Worker:
    from dialogue import pages
    from dialogue.minutes import Minutes

    def work(recording: Recording, _: Path, progress: Progress) -> Output:
        transcript = _read(transcripts / f"{recording.id}.json")
        path = minutes / f"{recording.id}.json"
        written = Minutes.load(path) if path.exists() else None
        folder = out / recording.id
        folder.mkdir(parents=True, exist_ok=True)
        names = {p.id: p.name for p in written.participants if p.name} if written else {}
        named = transcript.rename({s: n for s, n in names.items() if s in {k.id for k in transcript.speakers}})
        for name in EXPORTED:
            formats.write([named], folder / f"{recording.id}.{name}", name)
        rttm = (transcripts / "turns" / f"{recording.id}.rttm").read_text(encoding="utf-8")
        save_text(folder / f"{recording.id}.rttm", rttm)
        if written:
            written.save(folder / "minutes.json")
            _write_documents(written, config, named, folder / "minutes", link="report.html")
        progress(0.1)
        pages.write_page(named, written, recording.path, folder / "report.html", language=config.language)
        return Transcript(recording.id, transcript.duration)

    return work


def _read(path: Path) -> Transcript:
    return formats.read(path, "json")[0]


def _channels(config: DiarizationConfig, recording: Recording) -> DiarizationConfig:
    """A manifest may say of a recording that each of its channels is a speaker."""
    if recording.attributes.get("channel_is_speaker") and recording.channels > 1:
        return replace(config, channels="speakers")
    return config


def _options(config: Any) -> Mapping[str, Any]:
    """The options that change what comes out: not the machine it runs on."""
    return {k: v for k, v in to_dict(config).items() if k not in ("device", "threads")}
