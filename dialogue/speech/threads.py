"""Run a function on several items at once, so that an interruption need not wait for them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

Item = TypeVar("Item")
Value = TypeVar("Value")


def in_threads(work: Callable[[Item], Value], items: Sequence[Item], threads: int) -> Iterator[Value]:
    """Yield ``work(item)`` for each item, in order. On an error or an interruption, what was not begun is dropped."""
    pool = ThreadPoolExecutor(threads)
    try:
        yield from pool.map(work, items)
    finally:
        pool.shutdown(wait=False, cancel_futures=True)
