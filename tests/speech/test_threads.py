"""Work in threads keeps its order, and an interruption does not wait for what was not begun."""

import threading

import pytest

from dialogue.speech.threads import in_threads


def test_values_come_in_order() -> None:
    assert list(in_threads(lambda n: n * n, range(20), 3)) == [n * n for n in range(20)]


def test_an_error_drops_what_was_not_begun() -> None:
    begun: list[int] = []
    second = threading.Event()

    def work(number: int) -> None:
        begun.append(number)
        if number == 0:
            raise KeyboardInterrupt
        second.wait(20)  # a long computation

    with pytest.raises(KeyboardInterrupt):
        list(in_threads(work, range(50), 2))
    second.set()
    assert len(begun) < 10
