"""Cached sha256 digests of files."""

import hashlib
import os
from pathlib import Path

import pytest

from dialogue.core import files
from dialogue.core.files import Digests


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "a.bin"
    path.write_bytes(b"one")
    return path


def remembering(tmp_path: Path, file: Path) -> Path:
    notebook = Digests(tmp_path / "book.json")
    notebook(file)
    notebook.save()
    return tmp_path / "book.json"


def test_it_is_the_sha256_of_the_contents(tmp_path: Path, file: Path) -> None:
    assert Digests(tmp_path / "book.json")(file) == hashlib.sha256(b"one").hexdigest()


def test_an_unchanged_file_is_not_read_again(tmp_path: Path, file: Path, monkeypatch) -> None:
    book = remembering(tmp_path, file)
    monkeypatch.setattr(files, "sha256", lambda path: pytest.fail("read again"))
    assert Digests(book)(file) == hashlib.sha256(b"one").hexdigest()


@pytest.mark.parametrize("change", ["size", "time"])
def test_a_changed_file_is_read_again(tmp_path: Path, file: Path, change: str) -> None:
    book = remembering(tmp_path, file)
    stat = file.stat()
    file.write_bytes(b"longer" if change == "size" else b"two")
    os.utime(file, ns=(stat.st_atime_ns, stat.st_mtime_ns + (change == "time")))
    assert Digests(book)(file) == hashlib.sha256(file.read_bytes()).hexdigest()


@pytest.mark.parametrize("damage", [b"", b"{", b"[]", b"null", b"\xff\xfe", b'{"PATH": 5}'])
def test_a_damaged_notebook_costs_hashing_anew(tmp_path: Path, file: Path, damage: bytes) -> None:
    book = tmp_path / "book.json"
    book.write_bytes(damage.replace(b"PATH", str(file).encode()))
    assert Digests(book)(file) == hashlib.sha256(b"one").hexdigest()


def test_a_notebook_that_cannot_be_written_is_no_error(tmp_path: Path, file: Path) -> None:
    notebook = Digests(file / "book.json")  # below a file
    notebook(file)
    notebook.save()
    assert list(tmp_path.iterdir()) == [file]


def test_plain_values_have_one_digest_whatever_their_order() -> None:
    assert (
        files.digest_of({"a": 1, "b": [2]})
        == files.digest_of({"b": [2], "a": 1})
        != files.digest_of({"a": 1, "b": [3]})
    )
