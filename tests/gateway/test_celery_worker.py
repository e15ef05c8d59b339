"""LinTO's task mode: a real Redis, real workers, and tasks as LinTO's transcription service sends them."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

pytest.importorskip("celery", reason="the celery extra is not installed: pip install '.[celery]'")

import celery

from dialogue.core.config import ConfigError
from dialogue.gateway.celery_worker import CelerySettings, from_environment, shared_file

PASSWORD, QUEUE = "p@ss/word", "stt_french"


@pytest.fixture(scope="module")
def redis(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Return the address of a Redis of our own, which wants a password."""
    command = shutil.which("redis-server")
    if command is None:
        pytest.skip("no redis-server on this machine: apt-get install redis-server")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    folder = tmp_path_factory.mktemp("redis")
    options = ["--port", str(port), "--save", "", "--dir", str(folder), "--requirepass", PASSWORD]
    server = subprocess.Popen([command, *options], stdout=subprocess.DEVNULL)
    while True:
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
            break
        except OSError:
            time.sleep(0.05)
    yield f"redis://127.0.0.1:{port}"
    server.terminate()
    server.wait()


@pytest.fixture
def shared(tmp_path: Path, sound: Path) -> Path:
    shutil.copy(sound, tmp_path / "réunion.wav")
    return tmp_path


@pytest.fixture
def worker(redis: str, shared: Path) -> Iterator[Callable[[], subprocess.Popen[str]]]:
    """Return what starts a worker on the queue."""
    started: list[subprocess.Popen[str]] = []

    def start() -> subprocess.Popen[str]:
        told = {"SERVICES_BROKER": redis, "BROKER_PASS": PASSWORD, "SERVICE_NAME": QUEUE, "AUDIO_FOLDER": str(shared)}
        command = [sys.executable, "-m", "dialogue", "worker", "--workers", "1"]
        environment = {**os.environ, **told, "VISIBILITY_TIMEOUT": "3", "LANGUAGE": "fr"}
        process = subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True, start_new_session=True)
        started.append(process)
        assert process.stdout
        assert process.stdout.readline().startswith(f"Working on {QUEUE}")
        return process

    yield start
    for process in started:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()


@pytest.fixture
def send(redis: str) -> Callable[..., "celery.result.AsyncResult"]:
    """Return what sends a task, as LinTO does: by its name, without our code."""
    known = CelerySettings(redis, PASSWORD)
    app = celery.Celery(broker=known.address(0), backend=known.address(1))
    return lambda name, *arguments: app.send_task(name, arguments, queue=QUEUE)


def test_words_and_turns_come_back_as_linto_writes_them(worker, send) -> None:
    worker()
    words, turns = send("transcribe_task", "réunion.wav", True, "fr-FR"), send("diarization_task", "réunion.wav", 2)
    said, found = words.get(timeout=120), turns.get(timeout=120)
    assert (said["language"], set(said["words"][0])) == ("fr", {"word", "start", "end", "conf"})
    assert {s["spk_id"] for s in found["segments"]} <= {"spk1", "spk2"}


def test_the_task_of_a_worker_that_is_killed_is_done_by_another(worker, send) -> None:
    dying = worker()
    task = send("transcribe_task", "réunion.wav", False)
    while task.state == "PENDING":  # not taken yet
        time.sleep(0.02)
    os.killpg(dying.pid, signal.SIGKILL)
    worker()
    assert task.get(timeout=120)


@pytest.mark.parametrize("name", ["../secret.wav", "/etc/passwd", "", "absent.wav"])
def test_only_files_of_the_shared_folder_are_read(shared: Path, name: str) -> None:
    (shared.parent / "secret.wav").write_bytes(b"")
    with pytest.raises(ValueError, match="shared folder"):
        shared_file(shared, name)


def test_a_link_out_of_the_shared_folder_is_not_followed(shared: Path) -> None:
    (shared / "link.wav").symlink_to("/etc/passwd")
    with pytest.raises(ValueError, match="leads out"):
        shared_file(shared, "link.wav")


def test_the_password_is_in_the_address() -> None:
    assert CelerySettings("redis://host:1", PASSWORD).address(1) == "redis://:p%40ss%2Fword@host:1/1"


def test_linto_s_variables_are_read() -> None:
    told = {"SERVICE_BROKER": "redis://r:1", "SERVICE_NAME": "a", "QUEUE_NAME": "b", "VISIBILITY_TIMEOUT": "60"}
    assert from_environment(told) == CelerySettings("redis://r:1", queues=("a", "b"), patience=60)


@pytest.mark.parametrize("broker", ["amqp://host", "host:6379", "redis://"])
def test_another_broker_is_refused(broker: str) -> None:
    with pytest.raises(ConfigError, match="Accepted: redis://"):
        CelerySettings(broker).address(0)
