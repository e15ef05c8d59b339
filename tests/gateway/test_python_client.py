"""Our own clients before the running server."""

from pathlib import Path

import pytest

from dialogue.client import Client, ClientError, JobFailedError
from tests.gateway.conftest import Served


def test_a_recording_is_sent_followed_and_read(served: Served, sound: Path) -> None:
    with Client(served.address) as client:
        job = client.transcribe(sound, language="fr")
        states = [now.state for now in job]
        said = job.result()
    assert states[-1] == "done"
    assert said.language == "fr"
    assert all(u.speaker and u.words for u in said)


def test_silence_is_a_job_that_failed(served: Served, silence: Path) -> None:
    with Client(served.address) as client, pytest.raises(JobFailedError, match="nothing to transcribe"):
        client.transcribe(silence).result()


def test_what_is_no_sound_is_refused_at_once(served: Served) -> None:
    with Client(served.address) as client, pytest.raises(ClientError, match="400"):
        client.transcribe(b"%PDF-1.7 nothing to hear")


def test_a_cancelled_job_is_gone(served: Served, sound: Path) -> None:
    with Client(served.address) as client:
        job = client.transcribe(sound)
        job.cancel()
        with pytest.raises(ClientError, match="404"):
            job.progress()
