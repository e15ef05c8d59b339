"""Which of the registered recognisers suits this machine.

On a GPU all of them keep up with speech. On processors, one does that takes no more processor seconds for a second of
speech than there are processors; the costs are in ``models.yaml``.
"""

from __future__ import annotations

import importlib.util
import os

from dialogue.core import models
from dialogue.core.models import Model, ModelError


def best(device: str = "auto") -> Model:
    """Return the strongest recogniser on this machine that keeps up with speech.

    Args:
        device: ``auto``, ``cpu`` or ``cuda``.

    Raises:
        ModelError: no recogniser is on this machine.
    """
    here = [model for model in suitable(device) if models.here(model)]
    if not here:
        raise ModelError("no recogniser is on this machine. Type: dialogue models fetch whisper-base")
    return here[-1]


def suitable(device: str = "auto") -> list[Model]:
    """Return the registered recognisers that keep up with speech, from the weakest to the strongest."""
    gpu = device == "cuda" or (device == "auto" and _gpu())
    recognisers = [model for model in models.registry().values() if model.task == "asr"]
    return [model for model in recognisers if gpu or (model.cpu or 0) <= (os.cpu_count() or 1)]


def advice() -> str | None:
    """Return which better recogniser could be fetched and what it would bring, unless the best one is here."""
    present = [model for model in suitable() if models.here(model)]
    missing = suitable()[-1]
    if missing in present:
        return None
    now = f" (with {present[-1].name}: {present[-1].errors} %)" if present and present[-1].errors else ""
    errors = f", {missing.errors} % word errors on long French recordings as published{now}" if missing.errors else ""
    return (
        f"better: {missing.name} keeps up with speech here{errors}. "
        f"Type: dialogue models fetch {missing.name} --download, then --set asr.model=auto"
    )


def _gpu() -> bool:
    if importlib.util.find_spec("ctranslate2") is None:
        return False
    import ctranslate2

    return bool(ctranslate2.get_cuda_device_count())
