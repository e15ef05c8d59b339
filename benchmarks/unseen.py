"""Accuracy on recordings that nothing was fitted on.

    python benchmarks/unseen.py voices --peer     diarization, held out; writes benchmarks/RESULTS.md
    python benchmarks/unseen.py voices --train    and train the PLDA of the package on all free recordings
    python benchmarks/unseen.py words             recognition by effort, beside sequential decoding

The development recordings are in groups that share neither voices nor kind of speech. Whatever is fitted (the PLDA, the
weights of the clustering) is fitted for each group on recordings without any of its voices; ``mixtures.py`` makes
more, and these count for all groups whose voices they hold. The six English recordings are a guard: real
conversation, in which voices vary more.
"""

from __future__ import annotations

import argparse
import itertools
import json
import os
import statistics
import time
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import Any

import mixtures
import numpy as np
from numpy.typing import NDArray

HERE = Path(__file__).resolve().parent
DEVELOPMENT = Path(os.environ.get("DIALOGUE_DEV_DATA", HERE.parent.parent / "shared/data/dev"))
SHARING = ("dev_debat_media", "dev_debat_republicains", "dev_regulation_scooter", "reunion_corpus")  # voices in common
PEOPLE = ("dev_humain_serveur_vocal", "dev_humain_voix_multiples", "separation_per_14")
FREE = ("dev_humain_serveur_vocal",)  # of PEOPLE, those whose licence lets a model be passed on
SEEDS = range(24)
PRIORS, FILLS = (6.0, 8.0, 11.0), (0.3, 0.5, 0.75, 1.0)  # weights of the prior, and seconds of a pause that is filled
WAYS = ("fast", "normal", "high", "sequential")  # to decode: three efforts, and plain sequential decoding
WEIGHTS = list(itertools.product(PRIORS, FILLS))


@dataclass
class Item:
    """A recording, real or made.

    Attributes:
        groups: groups whose voices it holds.
        turns: its reference.
        made: how it was made, if it was.
        voices: what the networks heard.
    """

    name: str
    groups: frozenset[str]
    sound: NDArray[np.float32]
    turns: list[mixtures.Turn]
    made: str = ""
    cost: float = 0.0
    voices: Mapping[str, NDArray[Any]] = field(default_factory=dict)

    @property
    def duration(self) -> float:
        return len(self.sound) / mixtures.RATE

    @cached_property
    def labels(self) -> NDArray[Any]:
        """The speaker of each window in which the reference has one speaker all the time, else -1."""
        windows = self.voices["windows"]
        names = sorted({name for *_, name in self.turns})
        shared = np.zeros((len(windows), len(names)))
        for start, end, name in self.turns:
            overlap = np.minimum(windows[:, 1], end) - np.maximum(windows[:, 0], start)
            shared[:, names.index(name)] += overlap.clip(min=0)
        length = windows[:, 1] - windows[:, 0]
        alone = (shared.max(axis=1) > 0.9 * length) & (shared.sum(axis=1) - shared.max(axis=1) < 0.05)
        return np.where(alone, shared.argmax(axis=1), -1)


def group_of(name: str) -> str:
    """Return the group of a development recording."""
    return "shared" if name in SHARING else "people" if name in PEOPLE else name


def recordings() -> Iterator[Item]:
    """Yield the development recordings with references."""
    from dialogue import formats
    from dialogue.core import audio

    for folder in ("meetings/*", "ami", "excerpts"):
        for path in sorted(DEVELOPMENT.glob(f"{folder}/*.flac")):
            if path.with_suffix(".rttm").exists() and path.stem != "eslo_dialog":  # five seconds
                [reference] = formats.read(path.with_suffix(".rttm"))
                about = path.with_suffix(".json")
                known = (
                    json.loads(about.read_text(encoding="utf-8"))["meta"].get("voices", {}) if about.exists() else {}
                )
                recipes = {name.replace(" ", "_"): voice for name, voice in known.items()}  # of a synthetic voice
                names = {s.id: reference.name(s.id) for s in reference.speakers}
                turns = [
                    (t.start, t.end, recipes.get(name, name))
                    for t in reference.utterances
                    if (name := names[t.speaker])
                ]
                group = "english" if folder == "ami" else group_of(path.stem)
                yield Item(path.stem, frozenset([group]), np.asarray(audio.load(path)), turns)


def made(items: Sequence[Item]) -> Iterator[Item]:
    """Yield mixtures of the voices of up to three groups."""
    alone: dict[str, dict[str, list[Any]]] = {}
    for item in items:
        [group] = item.groups
        for voice, clips in mixtures.turns_alone(item.sound, item.turns).items():
            if sum(map(len, clips)) > 4 * mixtures.RATE:
                alone.setdefault(group, {}).setdefault(f"{group}/{voice}", []).extend(clips)
    for seed in SEEDS:
        chance = np.random.default_rng(seed)
        groups = sorted(chance.choice(sorted(alone), size=int(chance.integers(1, 4)), replace=False))
        voices = {name: clips for group in groups for name, clips in alone[group].items()}
        number = min(len(voices), int(chance.integers(1, 9)))
        chosen = {str(name): voices[str(name)] for name in chance.choice(sorted(voices), number, replace=False)}
        minutes = float(chance.choice([1, 2, 4]))
        mixture = mixtures.mix(chosen, seed, 60 * minutes, chance.uniform(0, 0.25), chance.uniform(10, 30))
        held = frozenset(name.split("/")[0] for name in chosen)
        yield Item(mixture.name, held, mixture.sound, mixture.turns, mixture.made)


def hear(item: Item) -> Item:
    """Run the networks over a recording, with one thread."""
    from dialogue.speech.diarization import DiarizationConfig, load

    os.environ["OMP_NUM_THREADS"] = "1"
    began = time.process_time()
    engine = load(DiarizationConfig())
    engine._load()  # type: ignore[attr-defined]
    began = time.process_time()
    voices = engine.listen(item.sound)
    return replace(item, voices=voices, cost=(time.process_time() - began) / item.duration)


def plda(items: Sequence[Item], but: frozenset[str] = frozenset()) -> Any:
    """Train on the recordings (no mixtures) that hold none of the groups ``but``."""
    from dialogue.speech.diarization.plda import PLDA

    kept = [i for i in items if not i.made and not i.groups & but and len(i.voices["windows"])]
    voices = []
    for item in kept:
        embeddings = item.voices["window_embeddings"].astype(np.float32)
        known = ~np.isnan(embeddings).any(axis=1)
        voices += [embeddings[known & (item.labels == k)] for k in range(item.labels.max() + 1)]
    return PLDA.train(voices)


def errors(item: Item, found: Any) -> dict[str, float]:
    """Return DER without collar and its parts, and the numbers of speakers."""
    from dialogue import scoring
    from dialogue.core.transcript import Transcript, Utterance, order_speakers

    speakers, turns = order_speakers(Utterance(f"r{i}", s, a, b) for i, (a, b, s) in enumerate(item.turns))
    reference = Transcript(item.name, item.duration, None, speakers, turns)
    nothing = replace(reference, utterances=())
    rate = scoring.score([nothing], [nothing], reference_turns=[reference], turns=[found]).totals["der"]
    parts = {name: rate.parts[name] / rate.length for name in ("missed", "false_alarm", "confusion")}
    return {"der": rate.value or 0.0, **parts, "speakers": len(speakers), "found": len(found.speakers)}


def stock(item: Item) -> dict[str, float]:
    """Return the errors of pyannote's stock pipeline with the same networks."""
    import peers

    from dialogue.speech import diarization
    from dialogue.speech.diarization import DiarizationConfig, SpeakerCount
    from dialogue.speech.diarization.pyannote import PyannotePipeline

    engine = PyannotePipeline(peers.stock_pipeline(), DiarizationConfig())
    began = time.process_time()
    turns = engine.cluster(engine.listen(item.sound), SpeakerCount()).turns
    cost = (time.process_time() - began) / item.duration
    return {**errors(item, diarization.transcript(item.name, item.duration, turns)), "cost": cost}


def tried(item: Item, known: Any) -> list[dict[str, float]]:
    """Return the errors of an item with each of the weights, with a PLDA that knows none of its voices."""
    from dialogue.speech import diarization
    from dialogue.speech.diarization import DiarizationConfig, SpeakerCount, embedded, vbx

    engine = embedded.Embedded(DiarizationConfig())
    engine.plda = known
    found = []
    for vbx.FB in PRIORS:
        turns = engine.cluster(item.voices, SpeakerCount()).turns
        for fill in FILLS:
            found.append(errors(item, diarization.transcript(item.name, item.duration, turns, fill=fill)))
    return found


def chosen(item: Item, items: Sequence[Item], found: Mapping[str, Sequence[Mapping[str, float]]]) -> int:
    """Return the weights with the lowest mean error on the items that hold none of this one's voices."""
    others = [found[other.name] for other in items if not other.groups & item.groups]
    return int(np.argmin(np.mean([[e["der"] for e in each] for each in others], axis=0)))


def voices(options: argparse.Namespace) -> str:
    """Measure the diarization on every item, and return the tables."""
    real = list(recordings())
    with ProcessPoolExecutor(2) as pool:
        items = list(pool.map(hear, [*real, *made(real)]))
        print(f"heard {len(items)}", flush=True)
        known = [plda(items, item.groups) for item in items]
        found = dict(zip([i.name for i in items], pool.map(tried, items, known), strict=True))
        peer = dict(zip([i.name for i in real], pool.map(stock, real), strict=True)) if options.peer else {}
    picked = {item.name: chosen(item, items, found) for item in items}
    held = {item.name: {**found[item.name][picked[item.name]], "cost": item.cost} for item in items}
    beside: dict[str, Mapping[str, Mapping[str, float]]] = {"unseen": held}
    if peer:
        beside["pyannote stock"] = peer
    for each in options.beside:
        name, _, path = each.partition("=")
        beside = {name: json.loads(Path(path).read_text()), **beside}
    if options.json:
        options.json.write_text(json.dumps(held, indent=1))
    if options.train:
        from dialogue.speech.diarization.plda import PATH

        free = [i for i in items if not i.made and (not i.groups & {"people"} or i.name in FREE)]
        plda(free).save(PATH)
        print(f"{PATH}: trained on {', '.join(i.name for i in free)}")
    weights = sorted({WEIGHTS[n] for n in picked.values()})
    return table(items, beside) + f"\n\nChosen in the folds (FB, fill): {weights}.\n"


def table(items: Sequence[Item], beside: Mapping[str, Mapping[str, Mapping[str, float]]]) -> str:
    """Return the table of all items and its means."""
    heads = ["recording", "speakers", *(f"{name}: DER (miss, false alarm, confusion), speakers" for name in beside)]
    lines = [f"| {' | '.join(heads)} |", "| --- | ---: |" + " ---: |" * len(beside)]
    for item in items:
        cells = [_cell(each.get(item.name)) for each in beside.values()]
        count = next(iter(beside.values()))[item.name]["speakers"] if cells else 0
        lines.append(f"| {item.name}{f' ({item.made})' if item.made else ''} | {count} | {' | '.join(cells)} |")
    sets = {
        "French, real and synthetic": [i for i in items if not i.made and "english" not in i.groups],
        "the six meetings": [i for i in items if i.name.startswith("reunion_") and i.name not in SHARING],
        "English, real": [i for i in items if "english" in i.groups],
        "mixtures": [i for i in items if i.made],
    }
    for name, some in sets.items():
        cells = [_mean([each[i.name] for i in some if i.name in each]) for each in beside.values()]
        lines.append(f"| **{name}** ({len(some)}) | | {' | '.join(cells)} |")
    return "\n".join(lines)


def recognise(item: Item) -> dict[str, float]:
    """Return the word errors and the cost of each effort, and of plain sequential decoding of the same weights."""
    from dialogue import formats
    from dialogue.speech import asr, steps
    from dialogue.speech.asr import EFFORTS, ASRConfig
    from dialogue.speech.diarization import DiarizationConfig

    engine = asr.load(ASRConfig(threads=1))
    speech = steps.find_speech(item.voices, DiarizationConfig())[0]
    [reference] = formats.read(DEVELOPMENT / "meetings" / item.name / f"{item.name}.stm")
    found: dict[str, float] = {}
    for name in (*EFFORTS, "sequential"):
        began = time.process_time()
        if name in EFFORTS:
            heard = asr.recognise(engine, item.sound, speech, ASRConfig(effort=name))
            text = [u.text for part in heard for u in part.utterances]
        else:
            options: dict[str, Any] = {"beam_size": 5, "temperature": 0.0, "condition_on_previous_text": False}
            segments, _ = engine.model.transcribe(  # type: ignore[attr-defined]
                item.sound, language="fr", word_timestamps=True, vad_filter=False, **options
            )
            text = [segment.text for segment in segments]
        found[f"{name} cost"] = (time.process_time() - began) / item.duration
        found[f"{name} errors"], found["words"] = _word_errors(reference, " ".join(text))
    return found


def _word_errors(reference: Any, text: str) -> tuple[float, float]:
    from dialogue import scoring
    from dialogue.core.transcript import Transcript, Utterance

    said = Utterance("u1", None, 0.0, reference.duration, text)
    heard = Transcript(reference.recording, reference.duration, "fr", (), (said,) if text else ())
    rate = scoring.score([reference], [heard]).totals["wer"]
    return rate.errors, rate.length


def words(options: argparse.Namespace) -> str:
    """Measure recognition on every French meeting, and return the table."""
    items = [i for i in recordings() if (DEVELOPMENT / "meetings" / i.name).is_dir()]
    with ProcessPoolExecutor(2) as pool:
        found = dict(zip([i.name for i in items], pool.map(recognise, pool.map(hear, items)), strict=True))
    if options.json:
        options.json.write_text(json.dumps(found, indent=1))
    systems = {name: (name, found) for name in WAYS}
    if options.plot:
        draw(found, options.plot)
    for each in options.beside:
        name, _, path = each.partition("=")
        systems = {name: ("normal", json.loads(Path(path).read_text())), **systems}
    lines = [f"| recording | words | {' | '.join(f'{name}: WER' for name in systems)} |"]
    lines.append("| --- | ---: |" + " ---: |" * len(systems))

    for recording, each in found.items():
        rates = [of[recording][f"{way} errors"] / each["words"] for way, of in systems.values()]
        lines.append(f"| {recording} | {each['words']:.0f} | {' | '.join(f'{100 * r:.1f}' for r in rates)} |")
    cells = []
    for way, of in systems.values():
        rates = [100 * one[f"{way} errors"] / one["words"] for one in of.values()]
        cost = statistics.median(one[f"{way} cost"] for one in of.values())
        cells.append(f"{statistics.mean(rates):.1f} ± {statistics.pstdev(rates):.1f}, {cost:.3f} CPU s/s")
    return "\n".join([*lines, f"| **mean** | | {' | '.join(cells)} |"])


def draw(found: Mapping[str, Mapping[str, float]], path: Path) -> None:
    """Draw the word error rate of each recording, and the mean, by the processor time of each way to decode."""
    from dialogue.core import plots

    costs = {way: statistics.median(one[f"{way} cost"] for one in found.values()) for way in WAYS}
    rates = {way: [100 * one[f"{way} errors"] / one["words"] for one in found.values()] for way in WAYS}
    with plots.figure(6, 3.5) as figure:
        axes = figure.subplots()
        axes.plot(*zip(*((costs[way], statistics.mean(rates[way])) for way in WAYS[:3]), strict=True), color="C0")
        for way in WAYS:
            colour = "C1" if way == "sequential" else "C0"
            axes.plot([costs[way]] * len(found), rates[way], ".", color=colour, alpha=0.25)
            axes.plot(costs[way], statistics.mean(rates[way]), "o", color=colour)
            place = (6, -12) if way == "sequential" else (6, 6)
            axes.annotate(way, (costs[way], statistics.mean(rates[way])), xytext=place, textcoords="offset points")
        axes.set(xlabel="CPU seconds per second of sound", ylabel="WER (%): mean and recordings", xlim=(0, None))
        plots.save(figure, path, "Word error rate by processor time for three efforts and sequential decoding")


def _cell(found: Mapping[str, float] | None) -> str:
    if found is None:
        return "-"
    parts = ", ".join(f"{100 * found[part]:.1f}" for part in ("missed", "false_alarm", "confusion"))
    return f"{100 * found['der']:.1f} ({parts}), {found['found']:.0f}"


def _mean(found: Sequence[Mapping[str, float]]) -> str:
    if not found:
        return "-"
    ders = [100 * f["der"] for f in found]
    few = [f for f in found if 2 <= f["speakers"] <= 5]
    right = sum(f["found"] == f["speakers"] for f in few)
    said = f"{statistics.mean(ders):.1f} ± {statistics.pstdev(ders):.1f}, right number of 2 to 5: {right} of {len(few)}"
    costs = [f["cost"] for f in found if "cost" in f]
    return said + (f", {statistics.median(costs):.3f} CPU s/s" if costs else "")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", choices=["voices", "words"])
    parser.add_argument("--train", action="store_true", help="write the PLDA of the package")
    parser.add_argument("--peer", action="store_true", help="also run pyannote's stock pipeline")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the figures of each recording")
    parser.add_argument("--plot", type=Path, metavar="FILE", help="draw errors by cost of recognition")
    parser.add_argument("--beside", nargs="*", default=[], metavar="NAME=FILE", help="figures of other code")
    options = parser.parse_args()
    import tables

    found = voices(options) if options.what == "voices" else words(options)
    print(found)
    tables.write(f"{options.what.capitalize()} that nothing was fitted on", found)


if __name__ == "__main__":
    main()
