"""Sound and where there is speech -> a :class:`~dialogue.core.transcript.Transcript` of words without speakers.

One protocol and four engines: ``faster-whisper``, ``openai-whisper`` and ``transformers``, which can run the same
weights, and ``onnx``, which runs models of another family, such as Parakeet. They share :func:`recognise`, which packs
speech into windows, decodes them, checks that all detected speech has words, decodes again what has none, and rejects
text that the recogniser invented.
"""

from __future__ import annotations

import importlib.util

from dialogue.core.extras import how_to_install
from dialogue.speech.asr.recogniser import EFFORTS, ENGINES, ASRConfig, Decoding, Recogniser, Segment, join_words
from dialogue.speech.asr.recognition import recognise

__all__ = ["EFFORTS", "ENGINES", "ASRConfig", "Decoding", "Recogniser", "Segment", "join_words", "load", "recognise"]


def load(config: ASRConfig = ASRConfig()) -> Recogniser:
    """Load the engine that ``config`` names, with its weights.

    Raises:
        ModelError: the weights are not on this machine.
        ModuleNotFoundError: the engine's package is not installed; the message says which extra brings it.
    """
    package, extra, name = {
        "faster-whisper": ("faster_whisper", "asr", "FasterWhisper"),
        "openai-whisper": ("whisper", "whisper", "OpenAIWhisper"),
        "transformers": ("transformers", "whisper", "TransformersWhisper"),
        "onnx": ("onnx_asr", "onnx", "NeMo"),
    }[config.engine]
    if importlib.util.find_spec(package) is None:
        raise ModuleNotFoundError(f"{config.engine} is not installed. {how_to_install(extra)}", name=package)
    engine = importlib.import_module(f"dialogue.speech.asr.{config.engine.replace('-', '_')}")
    recogniser: Recogniser = getattr(engine, name)(config)
    return recogniser
