"""Where the application listens, and what it asks before it lets others in."""

import socket
from pathlib import Path

import pytest

from dialogue.cli import main
from dialogue.demo import site
from dialogue.demo.page_routes import login_page
from dialogue.server.addresses import AddressError


def test_other_machines_need_a_password(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["demo", "--library", str(tmp_path), "--host", "0.0.0.0"]) == 2
    assert "--password-file" in capsys.readouterr().err


def test_an_empty_password_is_none(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "password.txt").write_text("\n")
    assert main(["demo", "--library", str(tmp_path), "--password-file", str(tmp_path / "password.txt")]) == 2
    assert "first line is empty" in capsys.readouterr().err


def test_a_port_that_is_taken_is_named(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(AddressError, match=f"port {port}: Address already in use.*--port {port + 1}"):
            site.serve(tmp_path, port=port)


def test_the_page_for_the_password_says_when_it_was_wrong() -> None:
    assert "Ce n’est pas le mot de passe." not in login_page("fr", wrong=False)
    assert "Ce n’est pas le mot de passe." in login_page("fr", wrong=True)


def test_a_browser_comes_in_with_the_password(tmp_path: Path) -> None:
    from fastapi.testclient import TestClient

    browser = TestClient(site.build(tmp_path, password="sésame"), "http://machine.example", follow_redirects=False)
    assert browser.get("/").headers["location"] == "/login"
    assert browser.post("/login", data={"password": "x"}).headers["location"] == "/login?wrong=1"
    assert browser.post("/login", data={"password": "sésame"}).headers["location"] == "/"
    assert browser.get("/api/meetings").status_code == 200


def test_models_of_experiments_may_write_minutes(tmp_path: Path) -> None:
    from fastapi.testclient import TestClient

    model = tmp_path / "exp/replay/model"
    model.mkdir(parents=True)
    (model / "config.json").write_text("{}")
    (model / "model.safetensors").touch()
    browser = TestClient(site.build(tmp_path / "library", experiments=tmp_path / "exp"), "http://127.0.0.1")
    assert {"name": str(model), "kind": "llm", "here": True} in browser.get("/api/models").json()["models"]
