"""Batches that do not fit in the memory of a GPU are halved; there is no GPU in these tests."""

import pytest

from dialogue.core.config import ConfigError
from dialogue.speech import gpu
from dialogue.speech.gpu import BatchSize, GPUMemoryError

MESSAGES = {  # as the libraries word them
    "torch": "CUDA out of memory. Tried to allocate 2.00 GiB. GPU 0 has a total capacity of 7.79 GiB",
    "CTranslate2": "CUDA failed with error out of memory",
    "cuBLAS": "cuBLAS failed with status CUBLAS_STATUS_ALLOC_FAILED",
    "ONNX Runtime": "Non-zero status code returned while running Conv node: Failed to allocate memory for requested",
}


class Card:
    """A GPU whose memory holds so many items."""

    def __init__(self, holds: int, message: str = MESSAGES["torch"]) -> None:
        self.holds, self.message = holds, message
        self.given: list[int] = []

    def __call__(self, batch) -> list[int]:
        self.given.append(len(batch))
        if len(batch) > self.holds:
            raise RuntimeError(self.message)
        return [10 * item for item in batch]


@pytest.mark.parametrize("message", MESSAGES.values(), ids=MESSAGES)
def test_a_batch_is_halved_until_it_fits_and_stays_so(message: str) -> None:
    card = Card(3, message)
    found = list(BatchSize(16).over(card, range(20)))
    assert [item for batch in found for item in batch] == [10 * item for item in range(20)]
    assert card.given == [16, 8, 4] + [2] * 10


def test_the_size_is_kept_for_the_next_items() -> None:
    card, size = Card(4), BatchSize(8)
    for _ in range(2):
        list(size.over(card, range(8)))
    assert card.given == [8, 4, 4, 4, 4]


def test_fewer_items_than_the_size_are_halved_themselves() -> None:
    card = Card(2)
    assert len(list(BatchSize(64).over(card, range(5)))) == 3
    assert card.given == [5, 2, 2, 1]


def test_one_item_that_does_not_fit_says_what_to_do() -> None:
    with pytest.raises(GPUMemoryError, match=r"one item at a time \(CUDA failed.*fewer --jobs.*asr\.device=cpu"):
        list(BatchSize(4).over(Card(0, MESSAGES["CTranslate2"]), range(4)))


def test_another_error_is_not_tried_again() -> None:
    card = Card(0, "Library libcublas.so.12 is not found")
    with pytest.raises(RuntimeError, match=r"libcublas\.so\.12"):
        list(BatchSize(4).over(card, range(4)))
    assert card.given == [4]


@pytest.mark.parametrize(("free", "expected"), [(100, 8), (5, 1), (10_000, 64)])
def test_a_batch_is_planned_for_a_part_of_the_free_memory(free: int, expected: int, monkeypatch) -> None:
    torch = pytest.importorskip("torch")
    monkeypatch.setattr(torch.cuda, "is_available", lambda: True)
    monkeypatch.setattr(torch.cuda, "mem_get_info", lambda: (free, 20_000))
    assert gpu.fitting(10, 64) == expected


def test_a_gpu_that_torch_cannot_use_is_refused(monkeypatch) -> None:
    torch = pytest.importorskip("torch")
    monkeypatch.setattr(torch.cuda, "is_available", lambda: False)
    monkeypatch.setattr(torch.version, "cuda", None)
    assert gpu.torch_device("auto") == gpu.torch_device("cpu") == "cpu"
    with pytest.raises(ConfigError, match=r"found cuda, but torch .* was built for processors only\. Accepted: auto"):
        gpu.torch_device("cuda")
