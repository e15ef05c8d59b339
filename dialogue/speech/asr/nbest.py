"""N-best lists: what else the recogniser could have heard in a window, for a language model to choose from.

A file holds a recording, a JSON line for each window::

    {"start": 3.2, "end": 17.9, "hypotheses": [{"text": "Bonjour à tous.", "log_probability": -3.1, "tokens": 9}, ...]}

Speech without words is not decoded again, as :func:`~dialogue.speech.asr.recognition.recognise` does.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from dialogue.core.audio import recognition_gain
from dialogue.core.config import ConfigError
from dialogue.core.errors import DialogueError
from dialogue.core.files import save_json_lines
from dialogue.french.normalization import normalize
from dialogue.speech.asr import guard
from dialogue.speech.asr.faster_whisper import FasterWhisper
from dialogue.speech.asr.recogniser import ASRConfig, Decoding, Hypothesis
from dialogue.speech.asr.recognition import Span, cut, merge, pack

if TYPE_CHECKING:
    from dialogue.core.sound import Samples

LONGEST = 8.0  # seconds of a window: with longer ones, a list of the same size offers fewer choices
NUMBER = 20  # hypotheses; most of them differ from better ones in punctuation and times only


class NBestError(DialogueError, ValueError):
    """Raised for a file that holds no n-best lists; the message names the line."""


@dataclass(frozen=True, slots=True)
class NBest:
    """The hypotheses of a window, best first, no two with the same words; ``start`` and ``end`` in seconds."""

    start: float
    end: float
    hypotheses: tuple[Hypothesis, ...]


def load(config: ASRConfig) -> FasterWhisper:
    """Load the engine, with its weights.

    Raises:
        ConfigError: it is one that gives its best hypothesis only.
    """
    if config.engine != "faster-whisper":
        raise ConfigError(f"engine: found {config.engine}. Accepted for n-best lists: faster-whisper.")
    return FasterWhisper(config)


def find(engine: FasterWhisper, sound: Samples, speech: Sequence[Span], config: ASRConfig, number: int) -> list[NBest]:
    """Return a list of hypotheses for each window of a recording, in order of time.

    Args:
        engine: see :func:`load`.
        sound: ``(sample,)`` float32 at 16 kHz.
        speech: spans in seconds, in any order; they may overlap.
        number: width of the beam, and so the most hypotheses of a window.
    """
    windows = pack(merge(speech), sound, LONGEST)
    if not windows:
        return []
    gain = recognition_gain(sound)
    language = config.language
    if language == "auto":
        language = engine.detect_language(cut(sound, windows[0], gain))
    how = Decoding(language, number, config.prompt, ", ".join(config.hotwords) or None)
    found: list[NBest] = []
    for first in range(0, len(windows), config.batch_size):
        batch = windows[first : first + config.batch_size]
        for window, heard in zip(batch, engine.hypotheses([cut(sound, w, gain) for w in batch], how), strict=True):
            if kept := _distinct(h for h in heard if not _invented(h.text, config)):
                found.append(NBest(round(window[0][0], 3), round(window[-1][1], 3), kept))
    return found


def _distinct(hypotheses: Iterable[Hypothesis]) -> tuple[Hypothesis, ...]:
    """Return the first of the hypotheses that differ in case, punctuation and times only."""
    kept: dict[str, Hypothesis] = {}
    for h in hypotheses:
        kept.setdefault(normalize(h.text, "fr-std"), replace(h, log_probability=round(h.log_probability, 6)))
    return tuple(kept.values())


def _invented(text: str, config: ASRConfig) -> bool:
    return guard.boilerplate(text) or guard.repetition(text, config.compression_ratio)


def write(lists: Iterable[NBest], path: Path) -> None:
    save_json_lines(path, map(asdict, lists))


def read(path: Path) -> list[NBest]:
    """Read the lists of a recording.

    Raises:
        NBestError: the file cannot be read, or a line is no list of hypotheses.
    """
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except OSError as error:
        raise NBestError(f"{path}: {error.strerror}. Make it with `dialogue nbest`.") from error
    lists = []
    for number, line in enumerate(lines, start=1):
        try:
            value = json.loads(line)
            heard = tuple(Hypothesis(**h) for h in value["hypotheses"])
            lists.append(NBest(float(value["start"]), float(value["end"]), heard))
        except (ValueError, TypeError, KeyError) as error:
            raise NBestError(
                f"{path}, line {number}: no n-best list ({error}). Make it with `dialogue nbest`."
            ) from error
    return lists
