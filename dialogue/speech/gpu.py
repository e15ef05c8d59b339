"""GPUs: whether there is one, how many items fit in its memory at once, and what happens when they do not.

How much memory an item takes is estimated from the sizes of a network, since libraries add workspace and caches of
their own. So a batch is given a part of what is free, and is halved as often as memory runs out.
"""

from __future__ import annotations

import ctypes
import logging
import sys
from collections.abc import Callable, Iterator, Sequence
from typing import TypeVar

from dialogue.core.config import ConfigError
from dialogue.core.errors import DialogueError

log = logging.getLogger("dialogue")

Item = TypeVar("Item")
Value = TypeVar("Value")

SHARE = 0.8  # of the free memory that a batch is planned for
# what torch and CTranslate2, cuDNN and cuBLAS, and ONNX Runtime say when memory runs out
EXHAUSTED = ("out of memory", "alloc_failed", "failed to allocate memory")


class GPUMemoryError(DialogueError, RuntimeError):
    """The memory of the GPU does not hold a network with one item; the message says what helps."""


def has_driver() -> bool:
    """Tell whether there may be a GPU, without importing torch, which takes seconds."""
    try:
        ctypes.CDLL("nvcuda.dll" if sys.platform == "win32" else "libcuda.so.1")
    except OSError:
        return False
    return True


def torch_device(asked: str) -> str:
    """Return where torch runs a network: ``cpu`` or ``cuda``, which ``auto`` takes if there is a GPU.

    Raises:
        ConfigError: cuda was asked for, and torch finds no GPU.
    """
    import torch

    there = torch.cuda.is_available()
    if asked == "cuda" and not there:
        why = "finds no GPU" if torch.version.cuda else "was built for processors only"
        raise ConfigError(f"device: found cuda, but torch {torch.__version__} {why}. Accepted: auto or cpu.")
    return "cuda" if there and asked != "cpu" else "cpu"


def fitting(each: int, most: int) -> int:
    """Return how many items of ``each`` bytes are planned for the GPU at once: 1 to ``most``.

    It is ``most`` where torch, which is asked for the free memory, is not installed or finds no GPU.
    """
    try:
        import torch
    except ModuleNotFoundError:
        return most
    if not torch.cuda.is_available():
        return most
    free, _ = torch.cuda.mem_get_info()
    return max(1, min(most, int(SHARE * free) // each))


class BatchSize:
    """How many items a GPU is given at once. When its memory runs out, the size is halved and stays so."""

    def __init__(self, size: int = 1) -> None:
        self.size = size

    def run(self, work: Callable[[int], Value], most: int | None = None) -> Value:
        """Return ``work(size)``, which is called with half the size for as long as memory runs out.

        Args:
            most: how many items there are, if known.

        Raises:
            GPUMemoryError: memory runs out with a single item.
        """
        size = min(self.size, most or self.size)
        while True:
            try:
                return work(size)
            except Exception as error:  # the types have no common base but this
                if not exhausted(error):
                    raise
                if size == 1:
                    raise GPUMemoryError(_advice(error)) from error
            self.size = size = size // 2
            return_memory()
            log.warning("the memory of the GPU ran out; going on with batches of %d", size)

    def over(self, work: Callable[[Sequence[Item]], Value], items: Sequence[Item]) -> Iterator[Value]:
        """Yield ``work(batch)`` for one batch of items after the other.

        Raises:
            GPUMemoryError: memory runs out with a single item.
        """
        first = 0
        while first < len(items):

            def batch(size: int, first: int = first) -> tuple[int, Value]:
                return size, work(items[first : first + size])

            done, value = self.run(batch, len(items) - first)
            first += done
            yield value


def exhausted(error: BaseException) -> bool:
    """Tell whether an error says that memory ran out."""
    return isinstance(error, MemoryError) or any(words in str(error).lower() for words in EXHAUSTED)


def return_memory() -> None:
    """Give the memory that torch keeps for later back to the GPU, for the other libraries and processes on it."""
    torch = sys.modules.get("torch")
    if torch is not None and torch.cuda.is_initialized():
        torch.cuda.empty_cache()


def _advice(error: BaseException) -> str:
    said = str(error).strip().splitlines() or [type(error).__name__]
    return (
        f"the memory of the GPU does not suffice for one item at a time ({said[0]}). End other programs on it "
        "(nvidia-smi lists them), take fewer --jobs or a smaller model (asr.model), or run on the processor: "
        "--set asr.device=cpu --set diarization.device=cpu"
    )
