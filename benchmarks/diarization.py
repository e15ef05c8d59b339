"""Diarization error on the development recordings, for several steps, thresholds and embeddings.

    python benchmarks/diarization.py            prints the table and writes it to benchmarks/RESULTS.md

DER has no collar, includes overlap, and is averaged over recordings. The options are chosen on the same recordings:
there is no held-out set, so these figures are optimistic. Most voices are synthetic.
"""

from __future__ import annotations

import os
import statistics
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
DEVELOPMENT = Path(os.environ.get("DIALOGUE_DEV_DATA", HERE.parent.parent / "shared/data/dev"))
STEPS = (1.0, 2.0, 5.0)
THRESHOLDS = (0.35, 0.4, 0.45, 0.5, 0.55, 0.6, 0.65)
STOCK_THRESHOLDS = (0.6, 0.7, 0.8, 0.9)


def main() -> None:
    sys.path.insert(0, str(HERE))
    from dialogue import formats, scoring
    from dialogue.core import audio, compatibility
    from dialogue.speech import diarization
    from dialogue.speech.diarization import DiarizationConfig, SpeakerCount
    from dialogue.speech.diarization.pyannote import PyannotePipeline

    compatibility.prepare()
    import peers
    import tables

    lines: list[str] = []

    def show(line: str) -> None:
        print(line, flush=True)
        lines.append(line)

    def load(folder: str) -> list[tuple[Any, Any, Any]]:
        found = []
        for path in sorted((DEVELOPMENT / folder).rglob("*.flac")):
            if path.with_suffix(".rttm").exists():
                sound = audio.load(path)
                reference = formats.read(path.with_suffix(".rttm"))[0]
                found.append(
                    (
                        path.stem,
                        sound,
                        replace(reference, recording=path.stem, duration=len(sound) / audio.RATE),
                    )
                )
        return found

    sets = {"French": load("meetings"), "English, real": load("ami")}

    def error(turns: Any, reference: Any) -> float:
        nothing = replace(reference, utterances=())
        scores = scoring.score([nothing], [nothing], reference_turns=[reference], turns=[turns])
        return scores.totals["der"].value or 0.0

    def row(label: str, listened: dict[str, list[Any]], engine: Any, config: DiarizationConfig) -> None:
        cells = []
        for name, recordings in sets.items():
            errors, wrong = [], 0
            for (recording, sound, reference), voices in zip(recordings, listened[name], strict=True):
                turns = engine.turns(voices, SpeakerCount())
                found = diarization.transcript(recording, len(sound) / audio.RATE, turns, fill=config.fill)
                errors.append(error(found, reference))
                wrong += abs(len(found.speakers) - len(reference.speakers))
            cells += [f"{100 * statistics.mean(errors):.1f}", str(wrong)]
        show(f"| {label} | " + " | ".join(cells) + " |")

    counts = {name: len(recordings) for name, recordings in sets.items()}
    show("| system | " + " | ".join(f"{n} ({c}) DER | speakers off" for n, c in counts.items()) + " |")
    show("| --- |" + " ---: |" * 2 * len(sets))
    for step in STEPS:
        engine = diarization.load(DiarizationConfig(step=step))
        listened = {name: [engine.listen(sound) for _, sound, _ in recordings] for name, recordings in sets.items()}
        for threshold in THRESHOLDS:
            engine.config = replace(engine.config, threshold=threshold)  # type: ignore[attr-defined]
            row(
                f"embedded, step {step:g} s, threshold {threshold:.2f}",
                listened,
                engine,
                engine.config,  # type: ignore[attr-defined]
            )
        if step == 2.0:
            for fill in (0.0, 0.3, 1.0):
                engine.config = DiarizationConfig(step=step, fill=fill)  # type: ignore[attr-defined]
                row(f"embedded, step 2 s, threshold 0.50, fill {fill:g} s", listened, engine, engine.config)  # type: ignore[attr-defined]
    stock = PyannotePipeline(peers.stock_pipeline(step=0.2, min_cluster_size=4), DiarizationConfig(fill=0.0))
    listened = {name: [stock.listen(sound) for _, sound, _ in recordings] for name, recordings in sets.items()}
    for threshold in STOCK_THRESHOLDS:
        stock._load().clustering.threshold = threshold
        row(f"pyannote stock, CAM++, step 2 s, threshold {threshold:.2f}", listened, stock, stock.config)
    tables.write("Which step, threshold and embedding", "\n".join(lines))


if __name__ == "__main__":
    main()
