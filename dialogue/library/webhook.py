"""Tell a program that a job has ended: a POST of JSON to the address that was named when the job was submitted.

Signed as Standard Webhooks has it (https://www.standardwebhooks.com): ``webhook-id``, ``webhook-timestamp`` and
``webhook-signature``, ``v1,`` and the HMAC-SHA256 of ``id.timestamp.body`` in base 64, with the secret in
``$DIALOGUE_WEBHOOK_SECRET``. What was said in a meeting is not sent. News that is not accepted is told again, later and
later; meanwhile the queue goes on.
"""

from __future__ import annotations

import base64
import contextlib
import hashlib
import hmac
import json
import os
import threading
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

from dialogue.core.errors import DialogueError
from dialogue.core.progress import log
from dialogue.library import catalogue, lasuite
from dialogue.library.catalogue import LibraryError
from dialogue.library.job_files import Job
from dialogue.library.jobs import Queue
from dialogue.library.remote import NoRedirect

SECRET = "DIALOGUE_WEBHOOK_SECRET"
TOKENS = "DIALOGUE_WEBHOOK_TOKENS"  # host=token, host=token
TIMEOUT = 10.0  # seconds
POLL = 1.0  # seconds between looks for jobs that have ended
FIRST, FACTOR, MOST_TRIES = 5.0, 4.0, 8  # seconds before the second try; each next wait is longer; about 30 h in all


class WebhookError(DialogueError, RuntimeError):
    """News that could not be delivered."""


def secret() -> bytes:
    """Return the secret that signs: the text of the variable, or after ``whsec_`` the bytes that it has in base 64.

    Raises:
        LibraryError: there is none.
    """
    text = os.environ.get(SECRET, "")
    if not text:
        raise LibraryError(f"a webhook needs a secret that signs it. Set {SECRET}, here and where the worker runs.")
    try:
        return (
            base64.b64decode(text.removeprefix("whsec_"), validate=True) if text.startswith("whsec_") else text.encode()
        )
    except ValueError as error:
        raise LibraryError(f"{SECRET}: what follows whsec_ is not base 64.") from error


def signature(id: str, timestamp: int, body: bytes, key: bytes) -> str:
    """Return the value of ``webhook-signature``."""
    signed = f"{id}.{timestamp}.".encode() + body
    return "v1," + base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()


def token(address: str) -> str | None:
    """Return the token for the host of an address, if the environment names one.

    It is for receivers that ask for one beside the signature.
    """
    host = urlsplit(address).netloc
    pairs = (pair.strip().partition("=") for pair in os.environ.get(TOKENS, "").split(","))
    return next((token for name, _, token in pairs if name == host and token), None)


def deliver(job: Job, library: Path | None = None) -> None:
    """Tell the webhook of a job how it ended.

    Args:
        library: folder, where La Suite's jobs say what is told of them.

    Raises:
        WebhookError: it did not accept the news.
        LibraryError: there is no secret to sign with.
    """
    news = lasuite.news(library / job.meeting, job) if library else None
    news = news or {
        "type": f"job.{job.state}",
        "timestamp": job.ended,
        "data": {"job": job.id, "meeting": job.meeting, "state": job.state, "cause": job.cause},
    }
    body, at = json.dumps(news, ensure_ascii=False).encode("utf-8", "replace"), int(time.time())
    headers = {
        "content-type": "application/json",
        "webhook-id": job.id,
        "webhook-timestamp": str(at),
        "webhook-signature": signature(job.id, at, body, secret()),
    }
    if key := token(job.webhook or ""):
        headers["authorization"] = f"Bearer {key}"
    request = urllib.request.Request(job.webhook or "", body, headers, method="POST")
    try:
        with urllib.request.build_opener(NoRedirect).open(request, timeout=TIMEOUT):
            pass
    except (OSError, ValueError) as error:  # urllib's errors are both
        raise WebhookError(f"{job.webhook}: {error}") from error


class Deliveries:
    """The news that is still to be told, and when."""

    def __init__(self, queue: Queue) -> None:
        self.queue = queue
        self.tries: dict[str, int] = {}
        self.due: dict[str, float] = {}  # of the monotonic clock; after a restart, everything is due

    def deliver(self) -> None:
        """Tell what is due, once."""
        with catalogue.reading(self.queue.library.folder) as database:
            rows = database.execute(
                "SELECT id FROM jobs WHERE webhook IS NOT NULL AND ended IS NOT NULL AND notified IS NULL"
            ).fetchall()
        for (id,) in rows:
            if time.monotonic() < self.due.get(id, 0.0):
                continue
            try:
                deliver(self.queue.get(id), self.queue.library.folder)
            except (WebhookError, LibraryError) as error:
                tries = self.tries[id] = self.tries.get(id, 0) + 1
                self.due[id] = time.monotonic() + FIRST * FACTOR ** (tries - 1)
                log.warning("webhook of job %s, attempt %d: %s", id, tries, error)
                if tries >= MOST_TRIES:
                    self.queue.notify(id, accepted=False)
            else:
                self.queue.notify(id, accepted=True)


@contextlib.contextmanager
def delivering(queue: Queue) -> Iterator[Deliveries]:
    """Deliver in a thread while the block runs, and what is due once more when it ends."""
    deliveries, stop = Deliveries(queue), threading.Event()

    def run() -> None:
        while not stop.wait(POLL):
            with contextlib.suppress(LibraryError, OSError):  # an index that is busy: at the next look
                deliveries.deliver()

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    try:
        yield deliveries
    finally:
        stop.set()
        thread.join()
        with contextlib.suppress(LibraryError, OSError):
            deliveries.deliver()
