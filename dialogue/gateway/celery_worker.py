"""A worker of LinTO: tasks of its queues, on as many machines as there are, instead of linto-stt and linto-diarization.

LinTO's transcription service sends ``transcribe_task`` and ``diarization_task`` through Celery and Redis, with the name
of a file in a folder that all machines share. Celery acknowledges a task when it is done: that of a worker which dies
is done by another one. Needs ``pip install 'dialogue-fr[celery]'``.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, urlsplit

from dialogue.core.config import ConfigError, build
from dialogue.core.errors import DialogueError
from dialogue.core.extras import how_to_install
from dialogue.formats import linto
from dialogue.formats.languages import code_of
from dialogue.gateway.settings import ServeSettings
from dialogue.workflow.config import Config

if TYPE_CHECKING:
    from celery import Celery

    from dialogue.workflow.pipeline import Pipeline

SHARED = "/opt/audio"
RESULTS = 86_400  # seconds that Redis keeps a result
PATIENCE = 6 * 3600  # seconds after which the task of a dead machine is another's; longer than the longest task


@dataclass(frozen=True)
class CelerySettings:
    """What a worker of LinTO is told by its environment.

    Attributes:
        broker: ``redis://host:port``; tasks are in its database 0, results in 1.
        password: of the broker.
        queues: of the tasks.
        shared: folder of the recordings.
        patience: seconds after which a task that was taken and not acknowledged is given to another worker.
    """

    broker: str = "redis://127.0.0.1:6379"
    password: str | None = None
    queues: tuple[str, ...] = ("dialogue",)
    shared: Path = Path(SHARED)
    patience: int = PATIENCE

    def address(self, database: int) -> str:
        """Return the address of a database of the broker, with the password."""
        parts = urlsplit(self.broker)
        if parts.scheme not in ("redis", "rediss", "unix") or not (parts.netloc or parts.path):
            raise ConfigError(f"SERVICES_BROKER: found {self.broker!r}. Accepted: redis://host:port.")
        place = f":{quote(self.password, safe='')}@{parts.netloc.rpartition('@')[2]}" if self.password else parts.netloc
        return f"{parts.scheme}://{place}/{database}"


def from_environment(environment: Mapping[str, str] = os.environ, **given: Any) -> CelerySettings:
    """Return the settings of LinTO's variables, and what a command gives instead.

    ``SERVICES_BROKER`` (or ``SERVICE_BROKER``), ``BROKER_PASS``, ``SERVICE_NAME``, ``QUEUE_NAME``, ``AUDIO_FOLDER``,
    ``VISIBILITY_TIMEOUT``.

    Raises:
        ConfigError: a value is not accepted.
    """
    names = [environment.get(name, "").strip() for name in ("SERVICE_NAME", "QUEUE_NAME")]
    broker = environment.get("SERVICES_BROKER") or environment.get("SERVICE_BROKER")
    patience = environment.get("VISIBILITY_TIMEOUT", "").strip()
    if patience and not patience.isdecimal():
        raise ConfigError(f"VISIBILITY_TIMEOUT: found {patience!r}. Accepted: a whole number of seconds.")
    found: dict[str, Any] = {
        "broker": broker,
        "password": environment.get("BROKER_PASS") or None,
        "queues": tuple(dict.fromkeys(filter(None, names))) or None,
        "shared": Path(environment["AUDIO_FOLDER"]) if environment.get("AUDIO_FOLDER") else None,
        "patience": int(patience) if patience else None,
    }
    told = {name: given.get(name) or value for name, value in found.items()}
    return CelerySettings(**{name: value for name, value in told.items() if value is not None})


def application(celery: CelerySettings, settings: ServeSettings) -> Celery:
    """Return the Celery application with the two tasks.

    Raises:
        ConfigError: the broker's address is not accepted.
        DialogueError: Celery is not installed.
    """
    try:
        from celery import Celery
    except ImportError as error:
        raise DialogueError(f"celery is not installed. {how_to_install('celery')}") from error
    app = Celery("dialogue", broker=celery.address(0), backend=celery.address(1))
    app.conf.update(
        task_serializer="json",
        result_serializer="json",
        accept_content=["json"],
        task_acks_late=True,
        task_reject_on_worker_lost=True,
        worker_prefetch_multiplier=1,
        result_expires=RESULTS,
        task_track_started=True,
        broker_connection_retry_on_startup=True,
        broker_transport_options={"visibility_timeout": celery.patience},
        worker_send_task_events=True,
    )

    @cache
    def pipeline() -> Pipeline:
        """Return the models of this process, which loads them at its first task."""
        from dialogue.workflow.pipeline import Pipeline

        return Pipeline(build(Config, {"asr": settings.asr(), "diarization": {"device": settings.device}}))

    @app.task(name="transcribe_task")
    def transcribe_task(file_name: str, with_metadata: bool = True, language: str | None = None) -> Any:
        """Return what linto-stt answers: the words with their times, or the text alone."""
        spoken = code_of(language) if language else settings.language
        said = pipeline().transcribe(shared_file(celery.shared, file_name), language=spoken, speakers=1)
        return linto.recognition_answer(said) if with_metadata else said.text

    @app.task(name="diarization_task")
    def diarization_task(
        file: str, speaker_count: int | None = None, max_speaker: int | None = None, speaker_names: Any = None
    ) -> Any:
        """Return what linto-diarization answers: who speaks when."""
        if speaker_names not in (None, "", "null", "[]", "*", []):
            raise ValueError("speaker_names: accepted: nothing, because speakers are not identified here.")
        most = None if speaker_count else max_speaker or None
        sound = shared_file(celery.shared, file)
        found = pipeline().turns(sound, speakers=speaker_count or None, max_speakers=most)
        return linto.diarization_answer(found)

    return app


def shared_file(folder: Path, name: str) -> Path:
    """Return a recording of the shared folder.

    Raises:
        ValueError: the name leads out of the folder, or nothing is there.
    """
    root = folder.resolve()
    path = (root / name).resolve()
    if not path.is_relative_to(root) or path == root:
        raise ValueError("the name of the file leads out of the shared folder.")
    if not path.is_file():
        raise ValueError("no such file in the shared folder. Do all machines share it?")
    return path


def work(app: Celery, queues: tuple[str, ...], processes: int) -> None:
    """Work on the queues until interrupted."""
    app.worker_main(
        ["worker", "--loglevel=warning", "--queues", ",".join(queues), f"--concurrency={processes}", "--without-gossip"]
    )
