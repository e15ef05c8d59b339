"""What all routes share: a recording that a client sends becomes a meeting of the library, a job, and a transcript.

The id that a client gets is that of the meeting, a random UUID. A job is on the disk before its id is given, so that it
survives whatever happens to the server; so do the meeting's results, with the corrections that people make of them,
until their time is over.
"""

from __future__ import annotations

import asyncio
import contextlib
import datetime
import shutil
import signal
import time
import uuid
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from concurrent.futures.process import BrokenProcessPool
from pathlib import Path
from typing import Annotated, Any

from anyio import CancelScope, CapacityLimiter, to_thread
from fastapi import Depends, Request

from dialogue.core import audio
from dialogue.core.transcript import Transcript
from dialogue.gateway import multipart
from dialogue.gateway.channels import join_channels
from dialogue.gateway.multipart import ReceivedForm
from dialogue.gateway.refusals import Refusal, full
from dialogue.gateway.settings import DAY, ServeSettings
from dialogue.library.job_files import ENDED, FOLDER, Job
from dialogue.library.jobs import HIGHEST, Queue
from dialogue.library.meetings import Library
from dialogue.server.background import Background
from dialogue.workflow.partial import so_far

UPLOADS = ".uploads"
LOOK = 0.05  # seconds between looks at a job that somebody waits for
CHECKING = 120  # seconds to find out what a file is
PATIENCE = 3600.0  # seconds that a synchronous request waits
ATTEMPTS = 3  # of reading a file, since the one beside it may be what ended the process


class Recordings:
    """The recordings of a server.

    Args:
        folder: of the library.
        background: works on its queue.
    """

    def __init__(self, folder: Path, background: Background, settings: ServeSettings) -> None:
        self.folder, self.background, self.settings = folder, background, settings
        self._adding = CapacityLimiter(4)  # so that those who wait for it leave the other threads free

    # Receiving ------------------------------------------------------------------------------------------------------

    @contextlib.asynccontextmanager
    async def form(self, request: Request) -> AsyncIterator[ReceivedForm]:
        """Receive the form of a request; its files are there while the block runs.

        Raises:
            Refusal: the queue is full, or as for :func:`~dialogue.gateway.multipart.received`.
        """
        await to_thread.run_sync(self._refuse_if_full)
        async with multipart.received(request, self.folder / UPLOADS, self.settings.max_upload_bytes) as form:
            yield form

    def clean(self) -> None:
        """Remove uploads of a day ago, and what was left by a server that was killed while it received something."""
        for path in (self.folder / UPLOADS).glob("*"):
            with contextlib.suppress(FileNotFoundError):  # another removed it
                if time.time() - path.stat().st_mtime > DAY:
                    shutil.rmtree(path) if path.is_dir() else path.unlink()

    async def accept(
        self,
        owner: str,
        path: Path,
        options: Mapping[str, Any],
        *,
        priority: int = 0,
        prepare: Callable[[Path], None] = lambda folder: None,
        **facts: Any,
    ) -> str:
        """Add a recording to the library and its queue; when this returns, the job survives anything.

        Args:
            path: the recording; its name becomes the id, so it is a UUID.
            options: of the recording, by section of the configuration.
            prepare: called with the folder of the meeting before its job is accepted.
            facts: as for :meth:`~dialogue.library.meetings.Library.add`.

        Returns:
            The id of the meeting.

        Raises:
            Refusal: it holds no sound, is too long, or the queue is full. Nothing was accepted.
        """
        asked = {"options": self._sections(options), "keep_until": self._last_moment(), **facts}
        return await to_thread.run_sync(
            lambda: self._accept(owner, path, asked, priority, prepare), limiter=self._adding
        )

    def _sections(self, options: Mapping[str, Any]) -> dict[str, Any]:
        return {
            **options,
            "audio": {"longest": self.settings.max_audio_seconds, **options.get("audio", {})},
            "results": {"keep_sound": self.settings.keep_audio, **options.get("results", {})},
        }

    def _accept(
        self, owner: str, path: Path, asked: Mapping[str, Any], priority: int, prepare: Callable[[Path], None]
    ) -> str:
        for attempt in range(ATTEMPTS):
            try:
                id, seconds = self.background.run(
                    taken_in, self.folder, owner, path, asked, self.settings.max_audio_seconds
                )
                break
            except BrokenProcessPool:
                if attempt == ATTEMPTS - 1:
                    raise Refusal(400, "the file cannot be read: it ends the process that does it.") from None
            except (audio.AudioError, TimeoutError) as error:
                raise Refusal(400, str(error).removeprefix(f"{path.name}: "), param="file") from None
        if not id:
            raise self._too_long(seconds)
        prepare(self.folder / id)
        self._submit(owner, id, priority)
        return id

    def _submit(self, owner: str, id: str, priority: int = 0, webhook: str | None = None) -> None:
        try:
            Queue(self.library(owner), self.settings.max_queue).submit(id, priority, webhook)
        except BaseException:
            self.library(owner).remove(id)
            raise

    async def accept_transcript(
        self,
        owner: str,
        said: Transcript,
        options: Mapping[str, Any],
        *,
        prepare: Callable[[Path], None] = lambda folder: None,
        webhook: str | None = None,
        **facts: Any,
    ) -> str:
        """Add a transcript without sound to the library and its queue, for minutes; else as :meth:`accept_remote`."""
        asked = {"options": options, "keep_until": self._last_moment(), **facts}

        def add() -> str:
            id = self.library(owner).add_transcript(said, **asked)
            prepare(self.folder / id)
            self._submit(owner, id, webhook=webhook)
            return id

        return await to_thread.run_sync(add, limiter=self._adding)

    async def accept_remote(
        self, owner: str, address: str, options: Mapping[str, Any], prepare: Callable[[Path], None], webhook: str | None
    ) -> str:
        """Add a recording that the job fetches from an address, whose host was checked; else as :meth:`accept`.

        Args:
            prepare: called with the folder of the meeting before its job is accepted.
            webhook: told how the job ended.
        """
        asked = {"options": self._sections(options), "keep_until": self._last_moment()}

        def add() -> str:
            id = self.library(owner).add_remote(str(uuid.uuid4()), address, self.settings.max_upload_bytes, **asked)
            prepare(self.folder / id)
            self._submit(owner, id, webhook=webhook)
            return id

        return await to_thread.run_sync(add, limiter=self._adding)

    async def joined(self, paths: Sequence[Path]) -> Path:
        """Return recordings that begin together as the channels of one, beside the first.

        Raises:
            Refusal: one holds no sound, or they are too long.
        """
        target, longest = paths[0].with_name(str(uuid.uuid4())), self.settings.max_audio_seconds
        try:
            seconds = await to_thread.run_sync(
                lambda: self.background.run(join_channels, paths, target, longest), limiter=self._adding
            )
        except (audio.AudioError, BrokenProcessPool) as error:
            raise Refusal(400, f"one of the files holds no sound: {error}", param="file") from None
        if seconds > longest:
            raise self._too_long(seconds)
        return target

    def _too_long(self, seconds: float) -> Refusal:
        limit = self.settings.max_audio_seconds
        return Refusal(413, f"{seconds:.0f} s of sound. Accepted: at most {limit:.0f} s.", param="file")

    def _refuse_if_full(self) -> None:
        if (waiting := Queue(Library(self.folder, user=None)).waiting()) >= self.settings.max_queue:
            raise full(f"{waiting} recordings are waiting, and no more are accepted.")

    def _last_moment(self) -> str | None:
        if not self.settings.result_ttl:
            return None
        end = datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(seconds=self.settings.result_ttl)
        return end.isoformat(timespec="seconds")

    # Looking --------------------------------------------------------------------------------------------------------

    def library(self, owner: str) -> Library:
        """Return the library as an owner sees it."""
        return Library(self.folder, owner)

    def job(self, owner: str, id: str) -> Job:
        """Return the latest job of a meeting.

        Raises:
            Refusal: no such meeting, or it has no job.
        """
        library = self.library(owner)
        library.get(id)
        job = Queue(library).latest(id)
        if job is None:
            raise Refusal(404, "not found: it has no job.")
        return job

    def transcript(self, owner: str, id: str) -> Transcript:
        """Return the transcript of a meeting, with the corrections that people made.

        Raises:
            Refusal, LibraryError: no such meeting, or it has no transcript yet.
        """
        library = self.library(owner)
        library.get(id)
        if not (self.folder / id / f"{id}.json").exists():
            raise Refusal(404, "not found: there is no result yet.")
        self.background.wait(id)
        return library.transcript(id)

    def turns(self, owner: str, id: str) -> Transcript:
        """Return who speaks when in a meeting, as it was heard."""
        self.library(owner).get(id)
        return Transcript.load(self.folder / ".stages" / "diarization" / f"{id}.json")

    def remove(self, owner: str, id: str) -> None:
        """Cancel the job of a meeting and delete everything that was made of it.

        Raises:
            LibraryError: no such meeting.
        """
        library = self.library(owner)
        library.get(id)
        queue = Queue(library)
        for _ in range(100):
            job = queue.latest(id)
            if job is None or job.state in ENDED:
                break
            queue.cancel(job.id)
            self.background.pause(0.1)
        library.remove(id)

    # Waiting --------------------------------------------------------------------------------------------------------

    async def ended(self, owner: str, id: str, request: Request | None = None) -> Job:
        """Wait until the job of a meeting has ended.

        Args:
            request: whose client must not leave meanwhile.

        Raises:
            Refusal: it was deleted, the client left, or it took too long.
        """
        job = await to_thread.run_sync(self.job, owner, id)
        accepted, end = (self.folder / FOLDER / f"{job.id}{suffix}" for suffix in (".json", ".end.json"))
        late = time.monotonic() + PATIENCE
        while not end.exists():
            if not accepted.exists():
                raise Refusal(404, "not found: it was deleted meanwhile.")
            if request is not None and await request.is_disconnected():
                raise Refusal(499, "the client has left.")
            if time.monotonic() > late:
                raise Refusal(503, f"it did not end within {PATIENCE:.0f} s.", retry_after=600)
            await asyncio.sleep(LOOK)
        return await to_thread.run_sync(self.job, owner, id)

    @contextlib.asynccontextmanager
    async def heard(self, request: Request, path: Path, options: Mapping[str, Any], **facts: Any) -> AsyncIterator[str]:
        """Have a recording processed before all that are not waited for, and yield the meeting's id once it is done.

        The meeting is deleted when the block ends.

        Raises:
            Refusal: as for :meth:`accept` and :meth:`ended`, or it could not be processed.
        """
        async with self.waiting(request, path, options, **facts) as id:
            await self.done(request, id)
            yield id

    @contextlib.asynccontextmanager
    async def waiting(
        self, request: Request, path: Path, options: Mapping[str, Any], **facts: Any
    ) -> AsyncIterator[str]:
        """Have a recording processed before all that are not waited for; the meeting is deleted when the block ends."""
        owner: str = request.state.owner
        id = await self.accept(owner, path, options, priority=HIGHEST, **facts)
        try:
            yield id
        finally:
            with CancelScope(shield=True):  # the client may have left
                await to_thread.run_sync(self.remove, owner, id)

    async def done(self, request: Request, id: str) -> None:
        """Wait until a meeting is processed.

        Raises:
            Refusal: as for :meth:`ended`, or it could not be processed.
        """
        job = await self.ended(request.state.owner, id, request)
        if job.state != "done":
            raise Refusal(400, job.cause or "cancelled.", param="file")

    def so_far(self, id: str, known: int = -1) -> tuple[Transcript | None, int]:
        """Return what has been recognised of a meeting that is being processed, and the size of its file.

        Args:
            known: the size at the last look; if it is the same, there is nothing new.
        """
        path = self.folder / ".stages" / "asr" / "unfinished" / f"{id}.jsonl"
        size = path.stat().st_size if path.exists() else -1
        return (so_far(self.folder, id) if size != known else None), size


def taken_in(folder: Path, owner: str, path: Path, asked: Mapping[str, Any], longest: float) -> tuple[str, float]:
    """Add a recording to a library, in a process of its own; returns the meeting's id and the recording's seconds.

    The id is empty if the recording is too long.

    Raises:
        AudioError: it holds no sound.
        TimeoutError: nothing could be said about it in time.
    """
    if hasattr(signal, "SIGALRM"):
        signal.signal(signal.SIGALRM, _too_slow)
        signal.alarm(CHECKING)
    try:
        seconds = audio.probe(path).duration
        return ("" if seconds > longest else Library(folder, owner).add(path, copy=True, **asked)), seconds
    finally:
        if hasattr(signal, "SIGALRM"):
            signal.alarm(0)


def _too_slow(*_: object) -> None:
    raise TimeoutError(f"it took more than {CHECKING} s to find out how long the sound is.")


def _of(request: Request) -> Recordings:
    recordings: Recordings = request.app.state.recordings
    return recordings


Injected = Annotated[Recordings, Depends(_of)]
