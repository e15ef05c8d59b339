"""What each voice of the development recordings says twice, and how it is heard: for ``voiceprints.py``."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from typing import Any

import mixtures
import numpy as np
import unseen
from numpy.typing import NDArray

RATE = mixtures.RATE
LONGEST = 32.0  # seconds that are heard of a voice
PIECE = 5.0  # seconds of a turn at most
PAUSE = 0.3  # seconds between its turns
CONDITIONS = ("clean", "noise", "room", "telephone")
FOLDS = 5
MEETINGS = 3  # made for each fold
ENGINE: list[Any] = []  # of this process


@dataclass
class Sayings:
    """What a voice says twice: sound that is enrolled, and sound that is recognised.

    Attributes:
        fold: voices of one fold share nothing with those of the others.
        enrolled, recognised: turns.
        apart: whether they are from different recordings.
    """

    name: str
    fold: int
    enrolled: list[NDArray[np.float32]]
    recognised: list[NDArray[np.float32]]
    apart: bool
    heard: dict[str, NDArray[Any]] = field(default_factory=dict)


def alone(item: unseen.Item) -> dict[str, list[NDArray[np.float32]]]:
    """Return voice -> the sound during which nobody else speaks, in pieces of up to five seconds."""
    from dialogue.corrections.spans import united, without

    found: dict[str, list[NDArray[np.float32]]] = {}
    for voice in {name for *_, name in item.turns}:
        others = united((start, end) for start, end, name in item.turns if name != voice)
        own = united((start, end) for start, end, name in item.turns if name == voice)
        for start, end in without(own, others):
            for edge in np.arange(start, end, PIECE):
                if min(edge + PIECE, end) - edge >= mixtures.SHORTEST:
                    piece = item.sound[int(edge * RATE) : int(min(edge + PIECE, end) * RATE)]
                    found.setdefault(voice, []).append(piece)
    return found


def sayings() -> list[Sayings]:
    """Return the voices with enough speech, in folds of whole groups."""
    turns: dict[tuple[str, str], dict[str, list[NDArray[np.float32]]]] = {}
    for item in unseen.recordings():
        [group] = item.groups
        for voice, clips in alone(item).items():
            turns.setdefault((group, voice), {})[item.name] = clips
    enough = {
        key: found for key, found in turns.items() if sum(len(c) for clips in found.values() for c in clips) > 5 * RATE
    }
    sizes = [0] * FOLDS
    folds: dict[str, int] = {}
    groups = [group for group, _ in enough]
    for group in sorted(set(groups), key=lambda g: (-groups.count(g), g)):  # the largest first, into the emptiest fold
        folds[group] = int(np.argmin(sizes))
        sizes[folds[group]] += groups.count(group)
    found = []
    for (group, voice), recordings in sorted(enough.items()):
        first, *others = sorted(recordings.values(), key=lambda clips: -sum(map(len, clips)))
        again = [clip for clips in others for clip in clips]
        enrolled, recognised = (first, again) if others else (first[::2], first[1::2])
        found.append(Sayings(f"{group}/{voice}", folds[group], enrolled, recognised, bool(others)))
    return [s for s in found if s.enrolled and s.recognised]


def joined(clips: Sequence[NDArray[np.float32]]) -> NDArray[np.float32]:
    """Return turns one after the other, with pauses."""
    pause = np.zeros(int(PAUSE * RATE), np.float32)
    return np.concatenate([part for clip in clips for part in (clip, pause)])[: int(LONGEST * RATE)]


def under(condition: str, sound: NDArray[np.float32], seed: int) -> NDArray[np.float32]:
    """Return sound as it is, with noise at 10 dB, in a room of 0.5 s, or on the telephone."""
    chance = np.random.default_rng(seed)
    if condition == "noise":
        white = np.fft.rfft(chance.standard_normal(len(sound)))
        noise = np.resize(np.fft.irfft(white / (1 + np.arange(len(white))) ** 0.3), len(sound))
        return (sound + noise / noise.std() * sound.std() * 10 ** (-10 / 20)).astype(np.float32)
    if condition == "room":
        return mixtures._convolved(sound, mixtures._room(chance, 0.5, 0.0))
    return mixtures._telephone(sound) if condition == "telephone" else sound


def hear(sound: NDArray[np.float32]) -> Mapping[str, NDArray[Any]]:
    """Run the networks over sound, with one thread."""
    from dialogue.speech.diarization import DiarizationConfig, load

    os.environ["OMP_NUM_THREADS"] = "1"
    if not ENGINE:
        ENGINE.append(load(DiarizationConfig()))
    return ENGINE[0].listen(sound)


def listened(voices: Sequence[Sayings]) -> None:
    """Hear every voice: enrolled, and recognised under each condition."""
    wanted = [(v, "enrolled", joined(v.enrolled)) for v in voices]
    for number, v in enumerate(voices):
        sound = joined(v.recognised)
        wanted += [(v, condition, under(condition, sound, number)) for condition in CONDITIONS]
    with ProcessPoolExecutor(2) as pool:
        for (v, what, _), found in zip(wanted, pool.map(hear, [s for *_, s in wanted], chunksize=4), strict=True):
            embeddings = found["window_embeddings"].astype(np.float32)
            v.heard[what] = embeddings[~np.isnan(embeddings).any(axis=1)]


def meetings(voices: Sequence[Sayings]) -> Iterator[tuple[int, mixtures.Mixture]]:
    """Yield fold and meeting: two to six voices of a fold, of turns that are not enrolled."""
    for fold in range(FOLDS):
        inside = {v.name: v.recognised for v in voices if v.fold == fold}
        for number in range(MEETINGS):
            chance = np.random.default_rng(100 * fold + number)
            chosen = chance.choice(sorted(inside), min(len(inside), int(chance.integers(2, 7))), replace=False)
            said = {str(name): inside[str(name)] for name in chosen}
            yield fold, mixtures.mix(said, 100 * fold + number, 45.0, 0.15, chance.uniform(10, 30))
