"""Why a request is refused, before it is put in the form of a dialect."""

from __future__ import annotations

from dialogue.library.catalogue import LibraryError
from dialogue.server.uploads import RefusedError

BUSY = 30  # seconds after which a client may try again when the queue is full
NO_ROOM = 28  # number of the system's error


class Refusal(RefusedError):
    """What a client asked is refused; the message is for whoever wrote the client.

    Attributes:
        param: field of the request that is at fault.
        code: word for programs, such as ``model_not_found``.
        retry_after: seconds after which the same request may succeed.
    """

    def __init__(
        self, status: int, message: str, *, param: str | None = None, code: str | None = None, retry_after: int = 0
    ) -> None:
        super().__init__(status, message)
        self.param, self.code, self.retry_after = param, code, retry_after


def refusal_of(error: Exception) -> Refusal | None:
    """Return the refusal that an error of the library or of the machine means; ``None`` if it is a fault of ours."""
    if isinstance(error, Refusal):
        return error
    if isinstance(error, RefusedError):
        return Refusal(error.status, str(error))
    if isinstance(error, LibraryError):
        text = str(error)
        if text.startswith(("no meeting", "no job")):
            return Refusal(404, "not found: unknown, deleted, or of somebody else.")
        if "no more are accepted" in text:
            return full(text)
        return Refusal(409 if "already waiting" in text else 400, text)
    if isinstance(error, OSError) and error.errno == NO_ROOM:
        return Refusal(503, "no room left on the disk of the server.", retry_after=600)
    return None


def full(found: str) -> Refusal:
    """Return the refusal for a queue that takes no more."""
    return Refusal(429, found, code="rate_limit_exceeded", retry_after=BUSY)
