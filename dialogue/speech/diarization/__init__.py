"""Who speaks when: sound -> a :class:`~dialogue.core.transcript.Transcript` of turns without words.

There are two steps, so that changing the number of speakers needs no second pass over the sound:

- :meth:`Diarizer.listen` runs the networks once and returns arrays ("voices"), which the stage stores with its output;
- :meth:`Diarizer.turns` clusters those voices into speakers.

A turn with ``overlap=True`` is the part of a speaker's turn during which somebody else holds the floor. All turns
together are the regular diarization; those without overlap are the exclusive diarization, in which at most one person
speaks at a time.
"""

from __future__ import annotations

import importlib.util

from dialogue.core import models
from dialogue.core.extras import how_to_install
from dialogue.speech.diarization import onnx_networks
from dialogue.speech.diarization.diarizer import (
    VOICES,
    Clustering,
    DiarizationConfig,
    Diarizer,
    Progress,
    SpeakerCount,
    Voices,
    load_voices,
    save_voices,
    transcript,
)

__all__ = [
    "VOICES",
    "Clustering",
    "DiarizationConfig",
    "Diarizer",
    "Progress",
    "SpeakerCount",
    "Voices",
    "load",
    "load_voices",
    "model_names",
    "save_voices",
    "transcript",
]


def load(config: DiarizationConfig = DiarizationConfig()) -> Diarizer:
    """Return the engine that ``config.model`` names. Cheap: networks are loaded on first use.

    Raises:
        ModelError: the model is unknown or not on this machine.
        ModuleNotFoundError: a package is not installed; the message says which extra brings it.
    """
    for package in ("onnxruntime", "kaldi_native_fbank") if config.model == "embedded" else ("torch", "pyannote"):
        if importlib.util.find_spec(package) is None:
            raise ModuleNotFoundError(
                f"diarization needs {package}, which is not installed. {how_to_install('diarization')}",
                name=package,
            )
    if config.model == "embedded":
        from dialogue.speech.diarization.embedded import Embedded

        return Embedded(config)
    from dialogue.speech.diarization.pyannote import PyannotePipeline

    return PyannotePipeline(models.resolve(config.model), config)


def model_names(config: DiarizationConfig) -> tuple[str, ...]:
    """Return the registered models, or folders, that ``config`` uses."""
    return onnx_networks.EXPORTED if config.model == "embedded" else (config.model,)
