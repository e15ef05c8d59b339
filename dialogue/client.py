"""Clients of our server, and of LinTO's transcription service: send a recording, follow its job, take the transcript.

>>> from dialogue.client import Client                                                    # doctest: +SKIP
>>> with Client("http://127.0.0.1:8080", token="...") as client:                          # doctest: +SKIP
...     job = client.transcribe("meeting.m4a", language="fr", speakers=3)
...     for now in job:
...         print(f"{now.step}: {now.share:.0%}")
...     transcript = job.result()

:class:`AsyncClient` does the same with ``await`` and ``async for``. Both need ``pip install 'dialogue-fr[client]'``.
"""

from __future__ import annotations

import asyncio
import contextlib
import io
import json
import os
import time
from collections.abc import AsyncIterator, Callable, Coroutine, Iterator, Mapping
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from pathlib import Path
from types import TracebackType
from typing import IO, TYPE_CHECKING, Any, TypeVar

from dialogue.core.errors import DialogueError
from dialogue.core.extras import how_to_install
from dialogue.core.transcript import Transcript
from dialogue.formats import linto

if TYPE_CHECKING:
    import httpx
    from anyio.from_thread import BlockingPortal

__all__ = ["AsyncClient", "AsyncJob", "Client", "ClientError", "ClientJob", "JobFailedError", "Progress", "Uploaded"]

RETRIES = 5
PAUSE = 0.5  # seconds before the first retry, then twice as long each time
LONGEST_PAUSE = 30.0
LOOK = 0.5  # seconds between looks at a job
BUSY = (429, 502, 503, 504)  # statuses of servers that may answer later

Sound = str | os.PathLike[str] | bytes | IO[bytes]
Uploaded = Callable[[int, int], None]  # bytes sent, bytes in all
T = TypeVar("T")


class ClientError(DialogueError):
    """A server cannot be reached, or refuses what it was asked.

    Attributes:
        status: of HTTP; ``None`` if there was no answer.
    """

    def __init__(self, message: str, status: int | None = None) -> None:
        super().__init__(message)
        self.status = status


class JobFailedError(ClientError):
    """The server could not transcribe the recording; the message says why."""


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a job is.

    Attributes:
        state: ``pending``, ``started`` or ``done``.
        step: what is being done: preprocessing, diarization, transcription, punctuation or postprocessing.
        share: of this step, in [0, 1].
    """

    state: str
    step: str = ""
    share: float = 0.0


class AsyncClient:
    """A client for ``asyncio``.

    Args:
        address: of the server, ``http://127.0.0.1:8080``; of LinTO, that of its transcription service.
        token: sent as ``Authorization: Bearer``.
        timeout: seconds without a byte after which a request is given up.
        retries: attempts after the first one, where a server cannot be reached or says that it is busy.
    """

    def __init__(
        self, address: str, token: str | None = None, *, timeout: float = 60.0, retries: int = RETRIES
    ) -> None:
        try:
            import httpx
        except ImportError as error:
            raise ClientError(f"httpx is not installed. {how_to_install('client')}") from error
        headers = {"authorization": f"Bearer {token}"} if token else {}
        self.address, self.retries = address.rstrip("/"), retries
        self._http = httpx.AsyncClient(base_url=self.address, headers=headers, timeout=timeout)

    async def __aenter__(self) -> AsyncClient:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()

    async def close(self) -> None:
        """Close the connections. Jobs go on, and can be followed by another client."""
        await self._http.aclose()

    async def transcribe(
        self,
        sound: Sound,
        *,
        language: str | None = None,
        speakers: int | None = None,
        max_speakers: int | None = None,
        diarize: bool = True,
        uploaded: Uploaded | None = None,
        **config: Any,
    ) -> AsyncJob:
        """Send a recording; returns when the server has accepted it.

        Args:
            sound: a path, bytes, or an open file.
            language: ``fr``, ``fr-FR``; ``None`` lets the server find it.
            speakers, max_speakers: how many there are, or at most, if that is known.
            diarize: find who speaks when.
            uploaded: called with the bytes sent, and in all.
            config: other keys of LinTO's ``transcriptionConfig``.

        Raises:
            OSError: the file cannot be read.
            ClientError: the server cannot be reached, or refuses the recording.
        """
        asked = {
            **({"language": language} if language else {}),
            "diarizationConfig": {
                "enableDiarization": diarize,
                **({"numberOfSpeaker": speakers} if speakers else {}),
                **({"maxNumberOfSpeaker": max_speakers} if max_speakers else {}),
            },
            **config,
        }
        with _opened(sound) as file:
            answer = await self._ask(
                "POST",
                "/transcribe",
                data={"transcriptionConfig": json.dumps(asked)},
                file=_Watched(file, uploaded),
            )
        return self.job(str(answer.json()["jobid"]))

    def job(self, id: str) -> AsyncJob:
        """Return a job that was accepted earlier, by its id."""
        return AsyncJob(self, id)

    async def _ask(
        self, method: str, path: str, *, file: _Watched | None = None, accept: tuple[int, ...] = (), **options: Any
    ) -> httpx.Response:
        """Ask the server, again if it is busy or cannot be reached.

        Args:
            accept: statuses of errors that the caller reads.

        Raises:
            ClientError: there is no answer, or it is an error.
        """
        import httpx

        for attempt in range(self.retries + 1):
            last = attempt == self.retries
            if file is not None:
                file.rewind()
                options["files"] = {"file": ("recording", file, "application/octet-stream")}
            try:
                answer = await self._http.request(method, path, headers={"accept": "application/json"}, **options)
            except httpx.ConnectError as error:  # nothing was sent, so that nothing is done twice
                if last:
                    raise ClientError(f"{self.address}: not reached: {error}. Is the server running?") from error
                await asyncio.sleep(_pause(attempt))
                continue
            except httpx.HTTPError as error:
                raise ClientError(f"{self.address}{path}: {type(error).__name__}: {error}") from error
            if answer.status_code in BUSY and not last:
                await asyncio.sleep(_pause(attempt, answer.headers.get("retry-after")))
            elif answer.is_success or answer.status_code in accept:
                return answer
            else:
                raise ClientError(f"{self.address}{path}: {_reason(answer)}", answer.status_code)
        raise AssertionError("the last attempt returns or raises")


class AsyncJob:
    """A recording that a server works on; it can be followed with ``async for``, and awaited.

    Attributes:
        id: with which another client can take it up: ``client.job(id)``.
    """

    def __init__(self, client: AsyncClient, id: str) -> None:
        self.client, self.id = client, id

    async def progress(self) -> Progress:
        """Look how far the job is.

        Raises:
            JobFailedError: it has failed.
            ClientError: the server cannot be reached, or knows no such job.
        """
        answer = await self.client._ask("GET", f"/job/{self.id}", accept=(400, 500))
        found = answer.json()
        if found.get("state") == "failed" or not answer.is_success:
            raise JobFailedError(f"{self.id}: {_reason(answer)}", answer.status_code)
        steps: Mapping[str, Any] = found.get("steps") or {}
        now = [(name, step.get("progress", 0.0)) for name, step in steps.items() if step.get("status") == "started"]
        return Progress(str(found.get("state")), *(now[0] if now else ()))

    async def __aiter__(self) -> AsyncIterator[Progress]:
        before = None
        while True:
            now = await self.progress()
            if now != before:
                yield now
            if now.state == "done":
                return
            before = now
            await asyncio.sleep(LOOK)

    async def result(self, timeout: float | None = None) -> Transcript:
        """Wait for the transcript.

        Args:
            timeout: seconds to wait; the job goes on after them.

        Raises:
            TimeoutError: it is not there in time.
            JobFailedError, ClientError: as for :meth:`progress`.
        """

        async def last() -> None:
            async for _ in self:
                pass

        try:
            await asyncio.wait_for(last(), timeout)
        except asyncio.TimeoutError:  # which on Python 3.10 is another one
            raise TimeoutError(f"{self.id}: no result within {timeout:g} s.") from None
        answer = await self.client._ask("GET", f"/job/{self.id}")
        result = await self.client._ask("GET", f"/results/{answer.json()['result_id']}")
        return linto.loads(result.text, self.id)[0]

    async def cancel(self) -> None:
        """Stop the job, and have our server delete what was made of it."""
        await self.client._ask("DELETE", f"/job/{self.id}")


class Client:
    """A client for code without ``asyncio``; arguments, results and errors are those of :class:`AsyncClient`."""

    def __init__(
        self, address: str, token: str | None = None, *, timeout: float = 60.0, retries: int = RETRIES
    ) -> None:
        self._client = AsyncClient(address, token, timeout=timeout, retries=retries)
        from anyio.from_thread import start_blocking_portal

        self._stack = contextlib.ExitStack()
        self._portal: BlockingPortal = self._stack.enter_context(start_blocking_portal())

    def __enter__(self) -> Client:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()

    def close(self) -> None:
        """See :meth:`AsyncClient.close`."""
        self._run(self._client.close())
        self._stack.close()

    def transcribe(self, sound: Sound, **options: Any) -> ClientJob:
        """See :meth:`AsyncClient.transcribe`."""
        return ClientJob(self, self._run(self._client.transcribe(sound, **options)))

    def job(self, id: str) -> ClientJob:
        """See :meth:`AsyncClient.job`."""
        return ClientJob(self, self._client.job(id))

    def _run(self, work: Coroutine[Any, Any, T]) -> T:
        async def done() -> T:
            return await work

        return self._portal.call(done)


class ClientJob:
    """A recording that a server works on: :class:`AsyncJob` without ``await``."""

    def __init__(self, client: Client, job: AsyncJob) -> None:
        self._client, self._job = client, job
        self.id = job.id

    def progress(self) -> Progress:
        """See :meth:`AsyncJob.progress`."""
        return self._client._run(self._job.progress())

    def __iter__(self) -> Iterator[Progress]:
        news = aiter(self._job)
        while (now := self._client._run(_next(news))) is not None:
            yield now

    def result(self, timeout: float | None = None) -> Transcript:
        """See :meth:`AsyncJob.result`."""
        return self._client._run(self._job.result(timeout))

    def cancel(self) -> None:
        """See :meth:`AsyncJob.cancel`."""
        self._client._run(self._job.cancel())


async def _next(news: AsyncIterator[Progress]) -> Progress | None:
    return await anext(news, None)


class _Watched(io.RawIOBase):
    """A file that tells how much of it was read."""

    def __init__(self, file: IO[bytes], uploaded: Uploaded | None) -> None:
        self._file, self._uploaded = file, uploaded
        self._begin = file.tell()
        self._size = file.seek(0, os.SEEK_END) - self._begin
        self.rewind()

    def rewind(self) -> None:
        self._file.seek(self._begin)

    def seekable(self) -> bool:
        return True

    def seek(self, place: int, whence: int = os.SEEK_SET) -> int:
        return self._file.seek(place + (self._begin if whence == os.SEEK_SET else 0), whence) - self._begin

    def tell(self) -> int:
        return self._file.tell() - self._begin

    def read(self, size: int = -1) -> bytes:
        piece = self._file.read(size)
        if self._uploaded and piece:
            self._uploaded(self.tell(), self._size)
        return piece


@contextlib.contextmanager
def _opened(sound: Sound) -> Iterator[IO[bytes]]:
    if isinstance(sound, bytes):
        yield io.BytesIO(sound)
    elif isinstance(sound, (str, os.PathLike)):
        with Path(sound).open("rb") as file:
            yield file
    else:
        yield sound


def _pause(attempt: int, asked: str | None = None) -> float:
    """Return the seconds before the next attempt: as a server asks, or twice as long each time."""
    if asked and asked.strip().isdecimal():
        return min(float(asked), LONGEST_PAUSE)
    if asked:
        with contextlib.suppress(ValueError):
            return min(max(parsedate_to_datetime(asked).timestamp() - time.time(), 0.0), LONGEST_PAUSE)
    return min(PAUSE * 2.0**attempt, LONGEST_PAUSE)


def _reason(answer: httpx.Response) -> str:
    """Return what a server says is wrong, or its status."""
    try:
        said = answer.json()
    except ValueError:
        said = answer.text[:200]
    if isinstance(said, dict):
        said = said.get("reason") or said.get("message") or said.get("detail") or said.get("error") or said
    if isinstance(said, dict):
        said = said.get("message") or said
    return f"{answer.status_code}: {said}" if said else f"{answer.status_code} {answer.reason_phrase}"
