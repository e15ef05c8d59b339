"""The Model Context Protocol, with the client of its own SDK: over stdio, and over HTTP with the tokens of a server."""

import asyncio
import shutil
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest

from dialogue.library.facts import read_facts, write_facts
from tests.gateway.conftest import Served
from tests.library.made import CHOIR, put

mcp = pytest.importorskip("mcp", reason="the package mcp is not installed")
ANNE, PAUL = "a" * 20, "p" * 20


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("read") / "library"
    put(folder, "choeur", CHOIR, title="Chœur", date="2023-10-12", tags=("Chorale",))
    put(folder, "secret", "Marc: Le mot de passe est tournesol.", owner="paul", title="Secret")
    return folder


def over_stdio(folder: Path, do: Callable[[Any], Awaitable[Any]]) -> Any:
    """Do something with the client of a server that it starts."""
    from mcp import StdioServerParameters, stdio_client

    async def run() -> Any:
        started = StdioServerParameters(
            command=sys.executable, args=["-m", "dialogue", "mcp", "--library", str(folder)], env=None
        )
        async with mcp.Client(stdio_client(started)) as client:
            return await do(client)

    return asyncio.run(run())


def result(answer: Any) -> Any:
    assert not answer.is_error, answer.content
    return answer.structured_content["result"]


def test_all_tools_only_read(folder: Path) -> None:
    tools = over_stdio(folder, lambda client: client.list_tools()).tools
    assert {tool.name for tool in tools} == {"list_meetings", "search_meetings", "ask_meetings", "get_minutes"}
    assert all(tool.annotations.read_only_hint for tool in tools)
    assert all(tool.description for tool in tools)


def test_meetings_are_listed_searched_asked_and_read(folder: Path) -> None:
    async def do(client: Any) -> list[Any]:
        return [
            await client.call_tool("list_meetings", {}),
            await client.call_tool("search_meetings", {"query": "partition"}),
            await client.call_tool("ask_meetings", {"question": "Quel est le budget de la salle ?"}),
            await client.call_tool("get_minutes", {"meeting": "choeur"}),
            await client.call_tool("get_minutes", {"meeting": "secret"}),
            await client.call_tool("search_meetings", {"query": "tournesol"}),
        ]

    listed, found, asked, minutes, unknown, hidden = over_stdio(folder, do)
    assert [(m["id"], m["date"]) for m in result(listed)] == [("choeur", "2023-10-12")]
    assert "partitions" in result(found)[0]["text"]
    assert "huit cents euros" in result(asked)[0]["text"]
    assert result(asked)[0]["evidence"][0]["start"] > 0
    assert "salle Saint-Jean pour le concert" in result(minutes)
    assert unknown.is_error
    assert result(hidden) == []


def test_over_http_a_token_reads_the_meetings_of_its_owner(folder: Path, tmp_path: Path) -> None:
    library = tmp_path / "library"
    shutil.copytree(folder, library)
    write_facts(library / "choeur", type(read_facts(library / "choeur"))(title="Chœur", owner="anne"))
    (tmp_path / "tokens").write_text(f"{ANNE} anne\n{PAUL} paul\n")
    server = Served(library, "--tokens", str(tmp_path / "tokens"), "--workers", "0")
    try:
        seen = {token: asyncio.run(listed(server.address, token)) for token in (ANNE, PAUL)}
        assert seen == {ANNE: ["choeur"], PAUL: ["secret"]}
        with server.client() as client:
            assert client.post("/mcp", json={}).status_code == 401
    finally:
        server.stop()


async def listed(address: str, token: str) -> list[str]:
    from mcp.client.streamable_http import streamable_http_client
    from mcp.shared._httpx_utils import create_mcp_http_client

    async with (
        create_mcp_http_client(headers={"authorization": f"Bearer {token}"}) as http,
        mcp.Client(streamable_http_client(f"{address}/mcp", http_client=http)) as client,
    ):
        return [meeting["id"] for meeting in result(await client.call_tool("list_meetings", {}))]
