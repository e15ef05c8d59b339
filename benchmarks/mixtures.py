"""Recordings made from the development recordings: other conversations of the same voices, under other conditions.

Turns in which one person speaks alone are taken from the references and laid out anew: one to eight voices, some of
which hardly speak, at several distances from the microphone in a room, now and then on the telephone, with noise and
with overlap. What is made depends only on the seed.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

RATE = 16000
SHORTEST, LONGEST = 0.4, 15.0  # seconds of a turn
Turn = tuple[float, float, str]  # start, end, voice


@dataclass(frozen=True)
class Mixture:
    """A made recording: ``(sample,)`` float32 at 16 kHz, its turns, and how it was made."""

    name: str
    sound: NDArray[np.float32]
    turns: list[Turn]
    made: str


def turns_alone(sound: NDArray[np.float32], turns: Sequence[Turn]) -> dict[str, list[NDArray[np.float32]]]:
    """Return voice -> the sound of the turns during which nobody else speaks."""
    found: dict[str, list[NDArray[np.float32]]] = {}
    for start, end, voice in turns:
        alone = not any(a < end and b > start and other != voice for a, b, other in turns)
        if alone and SHORTEST <= end - start <= LONGEST:
            found.setdefault(voice, []).append(sound[int(start * RATE) : int(end * RATE)])
    return found


def mix(
    voices: Mapping[str, Sequence[NDArray[np.float32]]], seed: int, seconds: float, overlap: float, snr: float
) -> Mixture:
    """Make a recording.

    Args:
        voices: voice -> its turns; all of them speak.
        seconds: least length.
        overlap: share of the turns that begin before the last one ends.
        snr: signal-to-noise ratio in dB.
    """
    chance = np.random.default_rng(seed)
    names = sorted(voices)
    shares = chance.dirichlet(np.full(len(names), 1.5))
    reverberation = chance.uniform(0.15, 0.6)  # seconds until it has fallen by 60 dB
    rooms = {name: _room(chance, reverberation, chance.uniform(-3, 12)) for name in names}
    gains = {name: 10 ** (chance.uniform(-6, 6) / 20) for name in names}
    phoned = names[int(chance.integers(len(names)))] if chance.random() < 0.25 else None
    order = list(chance.permutation(names))
    sound = np.zeros(int((seconds + 2 * LONGEST) * RATE) * 2, np.float32)
    turns: list[Turn] = []
    at, last = chance.uniform(0.2, 2.0), ""
    while at < seconds or order:
        others = [name for name in names if name != last] or names
        weights = np.array([shares[names.index(name)] for name in others])
        name = order.pop() if order else str(chance.choice(others, p=weights / weights.sum()))
        clip = voices[name][int(chance.integers(len(voices[name])))]
        clip = clip / max(1e-4, float(np.sqrt((clip**2).mean()))) * 0.05 * gains[name]
        said = _telephone(clip) if name == phoned else _convolved(clip, rooms[name])
        begin = int(at * RATE)
        sound[begin : begin + len(said)] += said
        turns.append((at, at + len(clip) / RATE, name))
        gap = -chance.uniform(0.2, 1.5) if chance.random() < overlap else chance.exponential(0.5)
        at, last = max(at + 0.3, at + len(clip) / RATE + gap), name
    sound = sound[: int((max(end for _, end, _ in turns) + 1.0) * RATE)]
    level = np.sqrt((sound**2).mean()) * 10 ** (-snr / 20)
    noise = np.fft.irfft(np.fft.rfft(chance.standard_normal(len(sound))) / (1 + np.arange(len(sound) // 2 + 1)) ** 0.3)
    noise = np.resize(noise, len(sound))
    sound = (sound + level * noise / noise.std()).astype(np.float32)
    sound *= min(1.0, 0.9 / float(np.abs(sound).max()))
    made = f"{len(names)} voices, {100 * overlap:.0f} % of the turns overlap, {snr:.0f} dB, {reverberation:.2f} s" + (
        ", one on the telephone" if phoned else ""
    )
    return Mixture(f"mixture_{seed}", sound, sorted(turns), made)


def _room(chance: Any, reverberation: float, direct: float) -> NDArray[np.float32]:
    """Return the response of a room: the direct sound, and decaying noise that is ``direct`` dB below it."""
    times = np.arange(int(reverberation * RATE)) / RATE
    tail = chance.standard_normal(len(times)) * 10 ** (-3 * times / reverberation)
    tail *= 10 ** (-direct / 20) / np.sqrt((tail**2).sum())
    return np.concatenate([[1.0], np.zeros(int(0.005 * RATE)), tail]).astype(np.float32)


def _convolved(sound: NDArray[np.float32], room: NDArray[np.float32]) -> NDArray[np.float32]:
    from scipy.signal import fftconvolve

    found: NDArray[np.float32] = fftconvolve(sound, room).astype(np.float32)
    return found


def _telephone(sound: NDArray[np.float32]) -> NDArray[np.float32]:
    from scipy.signal import butter, sosfilt

    band = butter(4, [300, 3400], "bandpass", fs=RATE, output="sos")
    found: NDArray[np.float32] = sosfilt(band, sound).astype(np.float32)
    return found
