"""What the third-party packages need before they are imported, in one place. Call :func:`prepare` first.

Three things, and nothing on a machine where they are not needed:

- *Telemetry off.* pyannote.audio 4 and gradio report to their vendors unless told not to before they are imported. A value
  that the user has set stands.
- *torchaudio beside a CPU-only torch.* The wheel of torchaudio on the Python index is built for CUDA: its extension modules
  need CUDA libraries that a CPU build of torch does not bring, so ``import torchaudio`` fails, and pyannote.audio with it.
  Only forced alignment and file reading live in those extensions, and this project uses neither. A stand-in for
  ``torchaudio._extension`` says that the extensions are absent, as torchaudio itself does when it is built without them.
  With a CUDA build of torch nothing is replaced.
- *torchao's complaints.* Where it is installed transformers imports it, whatever the model, and it tells of every CUDA kernel that a
  CPU lacks.
"""

from __future__ import annotations

import logging
import os
import sys
import types
import warnings
from collections.abc import Callable
from typing import Any

SILENT = {
    "PYANNOTE_METRICS_ENABLED": "0",
    "GRADIO_ANALYTICS_ENABLED": "False",
    "HF_HUB_DISABLE_TELEMETRY": "1",
    "DO_NOT_TRACK": "1",
}


def prepare() -> None:
    """Make torch, torchaudio, pyannote.audio and gradio importable and silent. Idempotent."""
    for name, value in SILENT.items():
        os.environ.setdefault(name, value)
    os.environ.setdefault("HF_HUB_OFFLINE", "1")  # the hub is asked by `dialogue models fetch` alone
    # pyannote warns that torchcodec cannot read files; waveforms are passed in memory, so nothing reads files
    warnings.filterwarnings("ignore", message=r"(?s).*torchcodec")
    warnings.filterwarnings("ignore", message=r"(?s).*TensorFloat-32")
    warnings.filterwarnings("ignore", message=r"`is_gradient_checkpointing` is deprecated")  # peft asks for it
    _stand_in_for_torchaudio_extension()
    for name in ("torchao", "torch.utils._pytree"):  # after torch, which sets levels of its own
        logging.getLogger(name).setLevel(logging.ERROR)


def _stand_in_for_torchaudio_extension() -> None:
    import torch

    if torch.version.cuda is not None or "torchaudio" in sys.modules:
        return
    extension: Any = types.ModuleType("torchaudio._extension")
    extension._IS_TORCHAUDIO_EXT_AVAILABLE = extension._IS_ALIGN_AVAILABLE = False
    extension.fail_if_no_align = _fail_if_no_align
    extension._check_cuda_version = lambda: None
    sys.modules.setdefault("torchaudio._extension", extension)


def _fail_if_no_align(function: Callable[..., Any]) -> Callable[..., Any]:
    def missing(*_: Any, **__: Any) -> None:
        raise RuntimeError(
            f"{function.__name__} needs torchaudio's compiled extension, which needs a CUDA build of torch."
        )

    return missing
