"""Measure speed, memory and accuracy of this pipeline and of other tools, on the same sound and the same weights.

    python benchmarks/pipeline.py                      all paths, three rounds, all recordings; writes RESULTS.md
    python benchmarks/pipeline.py --rounds 1 --paths ours peer

Each path runs in its own process with one thread, so processor seconds are comparable whatever else the machine does.
Accuracy is measured on all recordings in the first round. Speed and memory are medians over the further rounds (for the
paths in ``REPEATED``, on the recordings in ``TIMED``), or those of the first round for a path that ran once. Speech
activity is found once, by the embedded diarization, and given to every recogniser that accepts it. WhisperX runs only
if it is installed.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
DEVELOPMENT = Path(os.environ.get("DIALOGUE_DEV_DATA", HERE.parent.parent / "shared/data/dev"))
TIMED = ("reunion_corpus", "dev_regulation_scooter")
REPEATED = ("ours", "peer", "faster_whisper_batched")  # the comparisons that matter most
PATHS: dict[str, Callable[[list[Any]], dict[str, Any]]] = {}


def path(function: Callable[[list[Any]], dict[str, Any]]) -> Callable[[list[Any]], dict[str, Any]]:
    """Register a path: it takes recordings and returns their transcripts and turns, and the cost of each stage."""
    PATHS[function.__name__] = function
    return function


def recordings() -> list[Any]:
    """Return the development meetings if they are there, else the sample corpus."""
    from dialogue.core import audio

    folders = [DEVELOPMENT / "meetings", HERE.parent / "corpora/reunion/data"]
    root = next(f for f in folders if f.is_dir())
    wanted = os.environ.get("BENCHMARK_RECORDINGS", "").split()
    return [audio.probe(p) for p in sorted(root.glob("*/*.flac")) if not wanted or p.stem in wanted]


class Clock:
    """Measures processor seconds of each stage, without loading models."""

    def __init__(self) -> None:
        self.spent: dict[str, float] = {}

    def __call__(self, stage: str, work: Callable[[], Any]) -> Any:
        began = time.process_time()
        value = work()
        self.spent[stage] = self.spent.get(stage, 0.0) + time.process_time() - began
        return value


def _transcript(recording: Any, words: list[Any], turns: list[tuple[float, float, str]] | None) -> Any:
    """Make a transcript from words and a peer's turns, with one utterance for consecutive words of a speaker."""
    import peers

    from dialogue.core.transcript import Transcript, Utterance, order_speakers

    utterances: list[Utterance] = []
    for speaker, word in peers.largest_overlap(words, turns) if turns is not None else [("?", w) for w in words]:
        if utterances and utterances[-1].speaker == speaker:
            last = utterances[-1]
            utterances[-1] = replace(
                last, end=max(last.end, word.end), text=f"{last.text} {word.text}", words=(*last.words, word)
            )
        else:
            utterances.append(Utterance(f"u{len(utterances)}", speaker, word.start, word.end, word.text, (word,)))
    speakers, ordered = order_speakers(utterances)
    return Transcript(recording.id, recording.duration, "fr", speakers, ordered)


def _turns(recording: Any, annotation: list[tuple[float, float, str]]) -> Any:
    from dialogue.core.transcript import Transcript, Utterance, order_speakers

    speakers, ordered = order_speakers(Utterance(f"t{i}", s, a, b) for i, (a, b, s) in enumerate(annotation))
    return Transcript(recording.id, recording.duration, None, speakers, ordered)


def _speech(recording: Any) -> list[tuple[float, float]]:
    """Return speech activity, found once and kept with the results."""
    kept = Path(os.environ["BENCHMARK_SPEECH"]) / f"{recording.id}.json"
    return [tuple(span) for span in json.loads(kept.read_text())]


def _words(segments: Any) -> list[Any]:
    from dialogue.speech.asr import join_words

    return [w for s in segments for w in join_words((w.word, w.start, w.end, w.probability) for w in s.words or ())]


def _ours(found: list[Any], **options: Any) -> dict[str, Any]:
    from dialogue.core import audio
    from dialogue.speech import steps
    from dialogue.speech.asr import ASRConfig
    from dialogue.speech.attribution import attribute
    from dialogue.speech.diarization import SpeakerCount
    from dialogue.workflow import pipeline
    from dialogue.workflow.config import Config

    ours = pipeline.Pipeline(Config(asr=ASRConfig(threads=1, **options)))
    _ = ours.recogniser, ours.diarizer._load()  # type: ignore[attr-defined]
    clock, transcripts, all_turns = Clock(), [], []
    for recording in found:
        sound = clock("decode", lambda: audio.load(recording.path))
        voices = clock("diarization", lambda: ours.diarizer.listen(sound))
        turns = clock(
            "diarization",
            lambda: steps.find_turns(
                ours.diarizer,
                voices,
                recording.id,
                recording.duration,
                SpeakerCount(),
                ours.config.diarization,
            ),
        )
        speech = steps.find_speech(voices, ours.config.diarization)
        words = clock("recognition", lambda: steps.recognise(ours.recogniser, sound, speech, turns, ours.config.asr))
        transcripts.append(clock("attribution", lambda: attribute(words, turns)))
        all_turns.append(turns)
    return {"transcripts": transcripts, "turns": all_turns, "spent": clock.spent}


@path
def ours(found: list[Any]) -> dict[str, Any]:
    return _ours(found)


@path
def ours_float32(found: list[Any]) -> dict[str, Any]:
    return _ours(found, compute_type="float32")


@path
def peer(found: list[Any]) -> dict[str, Any]:
    """Run WhisperX's path: batched faster-whisper with its own VAD, pyannote's stock pipeline, largest overlap."""
    import peers
    import torch
    from faster_whisper import BatchedInferencePipeline, WhisperModel

    from dialogue.core import audio, models

    model = BatchedInferencePipeline(
        WhisperModel(str(models.resolve("whisper-base")), "cpu", compute_type="int8", cpu_threads=1)
    )
    diarizer = peers.stock_pipeline()
    clock, transcripts, all_turns = Clock(), [], []
    for recording in found:
        sound = clock("decode", lambda: audio.load(recording.path))
        segments = clock(
            "recognition",
            lambda: list(
                model.transcribe(
                    sound,
                    language="fr",
                    beam_size=5,
                    batch_size=8,
                    word_timestamps=True,
                    without_timestamps=True,
                )[0]
            ),
        )
        file = {"waveform": torch.from_numpy(sound)[None], "sample_rate": 16000, "uri": recording.id}
        annotation = clock("diarization", lambda: diarizer(file)).speaker_diarization
        tracks = [(s.start, s.end, label) for s, _, label in annotation.itertracks(yield_label=True)]
        transcripts.append(clock("attribution", lambda: _transcript(recording, _words(segments), tracks)))
        all_turns.append(_turns(recording, tracks))
    return {"transcripts": transcripts, "turns": all_turns, "spent": clock.spent}


def _recogniser(found: list[Any], transcribe: Callable[[Any, Any], list[Any]]) -> dict[str, Any]:
    from dialogue.core import audio

    clock, transcripts = Clock(), []
    for recording in found:
        sound = audio.load(recording.path)
        words = clock("recognition", lambda: transcribe(recording, sound))
        transcripts.append(_transcript(recording, words, None))
    return {"transcripts": transcripts, "spent": clock.spent}


def _faster_whisper() -> Any:
    from faster_whisper import WhisperModel

    from dialogue.core import models

    return WhisperModel(str(models.resolve("whisper-base")), "cpu", compute_type="int8", cpu_threads=1)


@path
def faster_whisper_sequential(found: list[Any]) -> dict[str, Any]:
    model = _faster_whisper()
    return _recogniser(
        found,
        lambda _, sound: _words(
            model.transcribe(
                sound,
                language="fr",
                beam_size=5,
                word_timestamps=True,
                vad_filter=False,
                condition_on_previous_text=False,
            )[0]
        ),
    )


@path
def faster_whisper_batched(found: list[Any]) -> dict[str, Any]:
    """Run batched faster-whisper, without timestamps (its default), on the same windows of speech as ours."""
    from faster_whisper import BatchedInferencePipeline

    from dialogue.speech.asr import recognition

    model = BatchedInferencePipeline(_faster_whisper())

    def transcribe(recording: Any, sound: Any) -> list[Any]:
        windows = recognition.pack(recognition.merge(_speech(recording)), sound, 29.0)
        clips = [{"start": w[0][0], "end": min(w[-1][1], w[0][0] + 30)} for w in windows]
        options = {
            "language": "fr",
            "beam_size": 5,
            "batch_size": 8,
            "word_timestamps": True,
            "vad_filter": False,
        }
        return _words(model.transcribe(sound, clip_timestamps=clips, **options)[0])

    return _recogniser(found, transcribe)


def _engine(found: list[Any], name: str) -> dict[str, Any]:
    from dialogue.speech import asr

    settings = asr.ASRConfig(engine=name, threads=1)  # type: ignore[arg-type]
    engine = asr.load(settings)

    def transcribe(recording: Any, sound: Any) -> list[Any]:
        parts = asr.recognise(engine, sound, _speech(recording), settings)
        return sorted((w for p in parts for u in p.utterances for w in u.words), key=lambda w: w.start)

    return _recogniser(found, transcribe)


@path
def openai_whisper(found: list[Any]) -> dict[str, Any]:
    """Run it as published: sequentially with temperature fallback, over the whole recording."""
    import whisper

    from dialogue.speech.asr import ASRConfig, join_words
    from dialogue.speech.asr.openai_whisper import OpenAIWhisper

    model = OpenAIWhisper(ASRConfig(engine="openai-whisper")).model

    def transcribe(_: Any, sound: Any) -> list[Any]:
        options = {
            "language": "fr",
            "beam_size": 5,
            "word_timestamps": True,
            "condition_on_previous_text": False,
        }
        segments = whisper.transcribe(model, sound, fp16=False, verbose=None, **options)["segments"]
        return [
            w
            for s in segments
            for w in join_words((w["word"], w["start"], w["end"], w["probability"]) for w in s["words"])
        ]

    return _recogniser(found, transcribe)


@path
def transformers(found: list[Any]) -> dict[str, Any]:
    """Run the transformers engine on the same speech."""
    return _engine(found, "transformers")


@path
def whisperx(found: list[Any]) -> dict[str, Any]:
    """Run WhisperX 3.8 outside its pinned versions, with its own voice activity, without alignment.

    Its alignment model would need a download.
    """
    import whisperx as library

    from dialogue.core import models
    from dialogue.core.transcript import Word

    model = library.load_model(
        str(models.resolve("whisper-base")),
        "cpu",
        compute_type="int8",
        language="fr",
        threads=1,
        vad_method="pyannote",
        asr_options={"beam_size": 5},
    )

    def transcribe(_: Any, sound: Any) -> list[Any]:
        segments = model.transcribe(sound, batch_size=8, language="fr")["segments"]
        words = []  # without alignment there are no word times, so words are spread over their segment
        for s in segments:
            texts = s["text"].split()
            each = (s["end"] - s["start"]) / max(1, len(texts))
            words += [Word(w, s["start"] + i * each, s["start"] + (i + 1) * each) for i, w in enumerate(texts)]
        return words

    return _recogniser(found, transcribe)


@path
def pyannote_stock(found: list[Any]) -> dict[str, Any]:
    import peers
    import torch

    from dialogue.core import audio

    diarizer, clock, all_turns = peers.stock_pipeline(), Clock(), []
    for recording in found:
        file = {
            "waveform": torch.from_numpy(audio.load(recording.path))[None],
            "sample_rate": 16000,
            "uri": recording.id,
        }
        annotation = clock("diarization", lambda: diarizer(file)).speaker_diarization
        all_turns.append(
            _turns(
                recording,
                [(s.start, s.end, label) for s, _, label in annotation.itertracks(yield_label=True)],
            )
        )
    return {"turns": all_turns, "spent": clock.spent}


# One process ------------------------------------------------------------------------------------------------------


def run_one(name: str, timed_only: bool, out: Path) -> None:
    """Run a path in this process and write its results and cost."""
    from dialogue import formats, scoring
    from dialogue.core import compatibility

    compatibility.prepare()
    import torch

    torch.set_num_threads(1)
    found = [r for r in recordings() if not timed_only or r.id in TIMED]
    result = PATHS[name](found)
    row: dict[str, Any] = {
        "spent": result["spent"],
        "sound": sum(r.duration for r in found),
        "peak": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
    }
    if not timed_only:
        references = [replace(formats.read(r.path.with_suffix(".stm"))[0], duration=r.duration) for r in found]
        turns = [replace(formats.read(r.path.with_suffix(".rttm"))[0], duration=r.duration) for r in found]
        transcripts = result.get("transcripts") or [replace(t, utterances=()) for t in references]
        scores = scoring.score(references, transcripts, reference_turns=turns, turns=result.get("turns"))
        keep = [
            m
            for m in ("wer", "cpwer", "der")
            if (m == "der") <= ("turns" in result) and (m == "der" or "transcripts" in result)
        ]
        if "turns" not in result:
            keep = [m for m in keep if m == "wer"]
        row["scores"] = {m: scores.totals[m].value for m in keep}
        row["recordings"] = {r: {m: rates[m].value for m in keep} for r, rates in scores.recordings.items()}
        row["normalization"] = scores.normalizer
    out.write_text(json.dumps(row))


# All of them ------------------------------------------------------------------------------------------------------


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--paths", nargs="+", choices=PATHS, default=list(PATHS))
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--recordings", nargs="+", default=[], help="use only these recordings, in a separate section")
    parser.add_argument("--work", type=Path, default=HERE / "work", help="folder in which runs are kept")
    parser.add_argument("--one", nargs=3, metavar=("PATH", "TIMED", "OUT"), help=argparse.SUPPRESS)
    call = parser.parse_args()
    sys.path.insert(0, str(HERE))
    if call.one:
        run_one(call.one[0], call.one[1] == "timed", Path(call.one[2]))
        return
    call.work.mkdir(parents=True, exist_ok=True)
    os.environ["BENCHMARK_RECORDINGS"] = " ".join(call.recordings)
    environment = {**os.environ, "OMP_NUM_THREADS": "1", "BENCHMARK_SPEECH": str(call.work)}
    _find_speech(call.work)
    rows: dict[str, list[dict[str, Any]]] = {}
    for number in range(call.rounds):
        for name in call.paths:
            if number and name not in REPEATED:
                continue
            kind = "timed" if number else "all"
            out = call.work / f"{name}.{kind}.{number}.json"
            if not out.exists():
                print(f"round {number + 1} {name} ({kind})", flush=True)
                command = [sys.executable, __file__, "--one", name, kind, str(out)]
                ended = subprocess.run(command, env=environment, capture_output=True, text=True)
                if ended.returncode:
                    print(f"  skipped: {ended.stderr.strip().splitlines()[-1]}", flush=True)
                    continue
            rows.setdefault(name, []).append(json.loads(out.read_text()))
    import tables

    table = f"{_table(rows)}\n{_by_recording(rows)}"
    print(table)
    only = f", {' '.join(call.recordings)} alone" if call.recordings else ""
    tables.write(f"The whole path, and each stage, beside the usual ways{only}", table)


def _find_speech(work: Path) -> None:
    from dialogue.core import audio
    from dialogue.speech import diarization, steps

    engine, settings = diarization.load(), diarization.DiarizationConfig()
    for recording in recordings():
        kept = work / f"{recording.id}.json"
        if not kept.exists():
            voices = engine.listen(audio.load(recording.path))
            kept.write_text(json.dumps(steps.find_speech(voices, settings)[0]))


def _table(rows: dict[str, list[dict[str, Any]]]) -> str:
    stages = ("decode", "recognition", "diarization", "attribution")
    lines = [
        "| path | WER | cpWER | DER | " + " | ".join(f"{s} CPU s/s" for s in stages) + " | whole CPU s/s | peak MiB |",
        "| --- | " + " | ".join(["---:"] * (5 + len(stages))) + " |",
    ]
    for name, runs in rows.items():
        timed = [r for r in runs if "scores" not in r] or runs
        scores = next((r["scores"] for r in runs if "scores" in r), {})
        cells = [f"{100 * scores[m]:.1f}" if scores.get(m) is not None else "" for m in ("wer", "cpwer", "der")]
        for stage in stages:
            spent = [r["spent"][stage] / r["sound"] for r in timed if stage in r["spent"]]
            cells.append(f"{statistics.median(spent):.4f}" if spent else "")
        cells.append(f"{statistics.median(sum(r['spent'].values()) / r['sound'] for r in timed):.3f}")
        cells.append(f"{statistics.median(r['peak'] for r in timed):.0f}")
        lines.append(f"| {name} | " + " | ".join(cells) + " |")
    return "\n".join(lines) + "\n"


def _by_recording(rows: dict[str, list[dict[str, Any]]]) -> str:
    """Return cpWER / DER of the whole paths and WER of the recognisers, for each recording."""
    found = {name: next((r["recordings"] for r in runs if "recordings" in r), {}) for name, runs in rows.items()}
    names = sorted({recording for each in found.values() for recording in each})
    lines = ["| percent | " + " | ".join(names) + " |", "| --- |" + " ---: |" * len(names)]
    for path_name, each in found.items():
        kinds = [m for m in ("wer", "cpwer", "der") if any(m in rates for rates in each.values())]
        if kinds:
            titles = {"wer": "WER", "cpwer": "cpWER", "der": "DER"}
            cells = [" / ".join(f"{100 * each[n][m]:.1f}" for m in kinds) if n in each else "" for n in names]
            lines.append(f"| {path_name}: {' / '.join(titles[m] for m in kinds)} | " + " | ".join(cells) + " |")
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    main()
