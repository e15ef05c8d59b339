"""Requests that the description allows, and others: never an error of the server, never another form of error."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dialogue.gateway.serving import application
from dialogue.gateway.settings import ServeSettings

HOST = {"host": "127.0.0.1"}
schemathesis = pytest.importorskip("schemathesis", reason="schemathesis is not installed")


@pytest.fixture(scope="module")
def operations(tmp_path_factory: pytest.TempPathFactory) -> list[Any]:
    """Return the routes of a server on whose queue nobody works; what is answered at once is left to other tests."""
    limits = ServeSettings(workers=0, requests_per_minute=10**6, transcribe_mode="jobs")
    app = application(tmp_path_factory.mktemp("any") / "library", limits)

    async def running(scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] != "lifespan":  # the tool would start and stop it for each request
            return await app(scope, receive, send)
        for event in ("startup", "shutdown"):
            await receive()
            await send({"type": f"lifespan.{event}.complete"})

    described = schemathesis.openapi.from_asgi("/openapi.json", running, headers=HOST)
    return [found.ok() for found in described.get_all_operations()]


def test_no_request_is_an_error_of_the_server(operations: list[Any]) -> None:
    for operation in operations:
        ask(operation)


def ask(operation: Any) -> None:
    @settings(max_examples=10)
    @given(st.data())
    def asked(data: st.DataObject) -> None:
        case = data.draw(operation.as_strategy())
        answer = case.call(headers=HOST)
        assert answer.status_code < 500, (case.method, case.path, answer.text)
        if answer.status_code >= 400 and answer.headers["content-type"][0] == "application/json":
            assert {*answer.json()} in ({"state", "reason"}, {"error"}, {"detail"}, {"message"}, {"message", "errors"})

    asked()
