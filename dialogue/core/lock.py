"""Locks on files, which the system releases when the process that holds one ends, however it ends."""

from __future__ import annotations

import contextlib
import os
import time
from collections.abc import Iterator
from pathlib import Path

try:
    import fcntl
except ImportError:  # Windows
    fcntl = None  # type: ignore[assignment]

POLL = 0.05  # seconds between attempts


class FileLock:
    """A lock that this process holds; it also ends with :meth:`release`."""

    def __init__(self, descriptor: int) -> None:
        self._descriptor = descriptor

    def release(self) -> None:
        os.close(self._descriptor)


def try_lock(path: Path, shared: bool = False) -> FileLock | None:
    """Lock a file, or return ``None`` at once if another process (or another lock of this one) holds it.

    Args:
        path: created if missing, empty.
        shared: several may hold it together, but not beside one who holds it alone.
    """
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)  # closed on exec: no child inherits the lock
    try:
        if fcntl is not None:
            fcntl.flock(descriptor, (fcntl.LOCK_SH if shared else fcntl.LOCK_EX) | fcntl.LOCK_NB)
        else:
            import msvcrt

            msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
    except OSError:
        os.close(descriptor)
        return None
    return FileLock(descriptor)


@contextlib.contextmanager
def locked(path: Path, shared: bool = False, patience: float = 60.0) -> Iterator[None]:
    """Hold a lock while the block runs.

    Raises:
        TimeoutError: others held it for ``patience`` seconds.
    """
    end = time.monotonic() + patience
    while (lock := try_lock(path, shared)) is None:
        if time.monotonic() > end:
            raise TimeoutError(f"{path}: another process held this lock for {patience:g} s.")
        time.sleep(POLL)
    try:
        yield
    finally:
        lock.release()
