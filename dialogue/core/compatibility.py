"""Settings and workarounds that third-party packages need before they are imported. Call :func:`prepare` first.

It does four things, each only where it is needed:

- *Telemetry off.* pyannote.audio 4 and gradio report to their vendors unless told not to before they are imported. A
  value set by the user is kept.
- *torchaudio with a CPU-only torch.* The torchaudio wheel on the Python index is built for CUDA: its extension modules
  need CUDA libraries that a CPU build of torch does not bring, so ``import torchaudio`` fails, and with it
  pyannote.audio. Those extensions contain only forced alignment and file reading, which this project does not use. A
  stand-in for ``torchaudio._extension`` reports the extensions as absent, as torchaudio itself does when it is built
  without them. With a CUDA build of torch nothing is replaced.
- *Fewer compiled shapes.* oneDNN, which torch calls, compiles a convolution for each length of sound and keeps the last
  1,024. Passages are of any length: that took 0.36 GB and no less processor time than keeping 32.
- *Warnings of torchao and bitsandbytes.* If they are installed, transformers and peft import them for any model, and
  they warn about every kernel that a CPU lacks.

On a GPU, :func:`load_cublas` finds for CTranslate2 what torch does not bring.
"""

from __future__ import annotations

import ctypes
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
CUBLAS = "libcublas.so.12"  # what CTranslate2 4 was built with
LEVELS = {
    "torchao": logging.ERROR,
    "bitsandbytes": logging.ERROR,
    "torch.utils._pytree": logging.ERROR,
    "matplotlib": logging.WARNING,
    "faster_whisper": logging.WARNING,
}


def silence() -> None:
    """Switch telemetry off, before packages are imported; torch, which takes seconds to import, is not needed."""
    for name, value in SILENT.items():
        os.environ.setdefault(name, value)


def prepare() -> None:
    """Make torch, torchaudio, pyannote.audio and gradio importable and silent. Idempotent."""
    silence()
    os.environ.setdefault("ONEDNN_PRIMITIVE_CACHE_CAPACITY", "32")
    os.environ.setdefault("HF_HUB_OFFLINE", "1")  # only `dialogue models fetch` may query the hub
    # pyannote warns that torchcodec cannot read files, but waveforms are passed in memory
    warnings.filterwarnings("ignore", message=r"(?s).*torchcodec")
    warnings.filterwarnings("ignore", message=r"(?s).*TensorFloat-32")
    warnings.filterwarnings("ignore", message=r"`is_gradient_checkpointing` is deprecated")  # triggered by peft
    _stand_in_for_torchaudio_extension()
    quieten()  # after importing torch, which sets its own levels


def quieten() -> None:
    """Keep what other packages report of their normal work out of the log of a program that uses this one."""
    for name, level in LEVELS.items():
        logging.getLogger(name).setLevel(level)


def load_cublas() -> None:
    """Load CUDA 12's cuBLAS, so that CTranslate2, which asks for it by name, finds it loaded.

    torch brings its own cuBLAS, that of CUDA 13 since version 2.11. CUDA 12's is on the system, or in the package
    nvidia-cublas-cu12, in whose folder nothing looks by itself.

    Raises:
        ModuleNotFoundError: it is neither here nor there.
    """
    if sys.platform != "linux":
        return
    packaged = (os.path.join(folder, "nvidia", "cublas", "lib", CUBLAS) for folder in sys.path)
    for path in (CUBLAS, *filter(os.path.exists, packaged)):
        try:
            ctypes.CDLL(path)
        except OSError:
            continue
        return
    raise ModuleNotFoundError(
        f"on a GPU CTranslate2 needs {CUBLAS}, which is not on this machine. "
        f"Type: {sys.executable} -m pip install nvidia-cublas-cu12, or use --set asr.device=cpu",
        name="nvidia-cublas-cu12",
    )


def return_memory() -> None:
    """Give the memory that was freed back to the system: the C library keeps that of each thread otherwise."""
    if sys.platform == "linux":
        trim = getattr(ctypes.CDLL(None), "malloc_trim", None)  # absent from other C libraries than GNU's
        if trim is not None:
            trim(0)


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
