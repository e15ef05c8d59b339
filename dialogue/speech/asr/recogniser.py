"""The inputs and outputs of a speech recognition engine."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, Protocol, get_args

from dialogue.core.config import ConfigError, Positive
from dialogue.core.transcript import Word
from dialogue.speech.asr import choice

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

Engine = Literal["faster-whisper", "openai-whisper", "transformers", "onnx"]
ENGINES = get_args(Engine)
Effort = Literal["fast", "normal", "high"]
EFFORTS = get_args(Effort)
LANGUAGES = (  # Whisper's codes, ISO 639-1 where one exists
    "af am ar as az ba be bg bn bo br bs ca cs cy da de el en es et eu fa fi fo fr gl gu ha haw he hi hr ht hu hy id "
    "is it ja jw ka kk km kn ko la lb ln lo lt lv mg mi mk ml mn mr ms mt my ne nl nn no oc pa pl ps pt ro ru sa sd si "
    "sk sl sn so sq sr su sv sw ta te tg th tk tl tr tt uk ur uz vi yi yo yue zh"
).split()


@dataclass(frozen=True)
class ASRConfig:
    """Options of the recognition.

    Attributes:
        engine: which program runs the weights: three run Whisper; ``onnx`` runs exports of NeMo's models such as
            Parakeet, given as ``model``.
        model: registered name or folder of the weights; ``auto`` is the strongest one that is on this machine and
            keeps up with speech (see :mod:`dialogue.speech.asr.choice`).
        language: ISO 639-1 code, or ``auto`` to detect it once per recording.
        effort: ``fast`` decodes greedily, ``normal`` with a beam of five, and ``high`` does so on windows of three
            lengths and votes word by word. On twelve French recordings, ``fast`` takes 0.7 times the processor time
            of ``normal`` and has 2.8 points more wrong words; ``high`` takes 3.2 times as much and has 0.8 fewer.
        batch_size: windows that are recognised together, and decoded at once on a GPU if its memory holds them; memory
            grows with it.
        compute_type: ``auto`` is float16 on a GPU and int8 on a CPU (``onnx``: int8 on a CPU if the folder holds it,
            else float32); else ``int8`` (on a GPU with float16 for the rest), ``float32``, ``float16``.
        device: ``auto`` takes a GPU when there is one.
        threads: parts of a batch that are decoded at the same time on a CPU; 0 is one per processor. The words do not
            depend on it.
        prompt: a sentence in the expected style.
        hotwords: terms to listen for. Names that are known are better given as participants or glossary of the
            recording: they are written afterwards where words sound like them, and harm no other words.
        compression_ratio: text that compresses more than this is decoded again (Radford et al. 2022, section 4.5).
        log_probability: text whose mean log probability per token is below this is decoded again.
        passes: how many times speech without words is decoded again before it is marked as not transcribed.
    """

    engine: Engine = "faster-whisper"
    model: str = "whisper-base"
    language: str = "fr"
    effort: Effort = "normal"
    batch_size: int = 8
    compute_type: Literal["auto", "int8", "float16", "float32"] = "auto"
    device: Literal["auto", "cpu", "cuda"] = "auto"
    threads: int = 0
    prompt: str | None = None
    hotwords: tuple[str, ...] = ()
    compression_ratio: Positive = 2.4
    log_probability: float = -1.0
    passes: int = 2

    def __post_init__(self) -> None:
        if self.engine == "onnx":
            self._refuse_what_only_whisper_knows()
        if self.model == "auto":
            object.__setattr__(self, "model", choice.best(self.device).name)
        if self.language != "auto" and self.language not in LANGUAGES:
            raise ConfigError(
                f"language: found {self.language!r}. Accepted: auto, or one of Whisper's codes: {' '.join(LANGUAGES)}."
            )
        if self.effort not in EFFORTS:
            raise ConfigError(f"effort: found {self.effort!r}. Accepted: {', '.join(EFFORTS)}.")
        if self.batch_size < 1:
            raise ConfigError(f"batch_size: found {self.batch_size}. Accepted: 1 or more.")
        for name in ("passes", "threads"):
            if getattr(self, name) < 0:
                raise ConfigError(f"{name}: found {getattr(self, name)}. Accepted: 0 or more.")

    def _refuse_what_only_whisper_knows(self) -> None:
        names = "none; names may be given as participants or glossary of the recording"
        for name, refused, accepted in (
            ("model", self.model == "auto", "the folder or hub name of an ONNX export of a NeMo model"),
            ("language", self.language == "auto", "the one that is spoken, such as fr: the model does not name it"),
            ("prompt", self.prompt is not None, "none"),
            ("hotwords", bool(self.hotwords), names),
        ):
            if refused:
                raise ConfigError(f"{name}: found {getattr(self, name)!r}. Accepted with engine onnx: {accepted}.")


@dataclass(frozen=True, slots=True)
class Segment:
    """What an engine found in a window, with times in seconds from the window's start.

    Attributes:
        log_probability: mean over the tokens.
        no_speech: probability that the window holds no speech.
    """

    start: float
    end: float
    text: str
    words: tuple[Word, ...]
    log_probability: float
    no_speech: float


@dataclass(frozen=True, slots=True)
class Hypothesis:
    """What may have been said in a window.

    Attributes:
        log_probability: sum over the tokens, in nats.
        tokens: their number, by which beam search divides it: long texts would never win otherwise.
    """

    text: str
    log_probability: float
    tokens: int


@dataclass(frozen=True, slots=True)
class Decoding:
    """Decoding options that :func:`recognise` passes to an engine.

    Engines use beam search and never sample: samples depend on what was decoded before, so a resumed run would find
    other words.

    Attributes:
        padded: Whisper's windows are thirty seconds long, however little they hold. Without most of that padding, a
            short window is decoded in half of the time, with 0.8 points more wrong words on four development
            recordings. Engines may ignore it.
    """

    language: str
    beam_size: int = 5
    prompt: str | None = None
    hotwords: str | None = None
    padded: bool = True


def join_words(pieces: Iterable[tuple[str, float, float, float]]) -> tuple[Word, ...]:
    """Join the pieces that an engine timed into words; a piece that begins with a space begins a word.

    French words come in several pieces: " l" + "'usage" and " est" + "-ce" each make one word.

    Args:
        pieces: text, start and end in seconds, probability.
    """
    words: list[Word] = []
    space = False
    for text, start, end, probability in pieces:
        bare, space = text.strip(), space or text[:1] == " "
        if not bare:
            continue
        last = words[-1] if words else None
        if last is not None and last.end is not None and not space:
            lowest = round(min(last.probability or 0.0, float(probability)), 3)
            words[-1] = Word(last.text + bare, last.start, max(last.end, float(end)), lowest)
        else:
            begin = max(0.0, float(start))
            words.append(Word(bare, begin, max(begin, float(end)), round(float(probability), 3)))
        space = False
    return tuple(words)


class Recogniser(Protocol):
    """An ASR engine with its weights loaded."""

    def decode(self, windows: Sequence[NDArray[np.float32]], how: Decoding) -> list[list[Segment]]:
        """Decode windows of ``(sample,)`` float32 at 16 kHz, each 30 s at most."""

    def detect_language(self, window: NDArray[np.float32]) -> str:
        """Return the ISO 639-1 code of the most probable language in a window."""
