"""What a server has accepted survives it. These tests come first: the models are loaded after the restart only."""

import time
from pathlib import Path

import pytest

from tests.gateway.conftest import Served
from tests.gateway.test_linto_routes import followed, submitted

pytestmark = pytest.mark.model


def test_jobs_survive_the_death_of_server_and_worker(served: Served, sound: Path) -> None:
    client = served.client()
    ids = [submitted(client, sound) for _ in range(3)]
    while all(client.get(f"/job/{id}").json()["state"] == "pending" for id in ids):
        time.sleep(0.1)
    served.kill()
    served.start()
    assert [followed(served.client(), id)[-1].json() for id in ids] == [
        {"state": "done", "result_id": id} for id in ids
    ]
