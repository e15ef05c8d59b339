"""Verifying runs and published models: what is untouched is accepted, each changed byte is found and named."""

import contextlib
import hashlib
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from dialogue.cli import main
from dialogue.core import files
from dialogue.core.files import is_sealed, read_json, save_json, sealed
from dialogue.learning.continual import ContinualError, Stream, loop, publish, verification
from dialogue.learning.continual.matrix import Matrix

Streams = Callable[..., Stream]


def quiet(_: str) -> None:
    pass


def verify(folder: Path) -> list[str]:
    return verification.verify(folder, report=quiet)


@pytest.fixture(scope="module")
def trained(streams: Streams, tmp_path_factory: pytest.TempPathFactory) -> Path:
    exp = tmp_path_factory.mktemp("verified") / "exp"
    loop.train(streams("replay", training={"steps": 2, "threads": 1}), exp, quiet)
    return exp


@pytest.fixture
def exp(trained: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(trained, tmp_path / "exp"))


@pytest.fixture(scope="module")
def model(trained: Path) -> Path:
    exp = Path(shutil.copytree(trained, trained.with_name("publishing")))
    assert verify(exp) == []
    publish.publish(exp, trained.with_name("model"), quiet)
    return trained.with_name("model")


@contextlib.contextmanager
def changed(path: Path, place: float = 0.5) -> Iterator[tuple[str, str]]:
    """Change one byte of a file for a while; yields the digests of the file before and after."""
    content = path.read_bytes()
    new = bytearray(content)
    new[round(place * (len(content) - 1))] ^= 1
    path.write_bytes(new)
    yield hashlib.sha256(content).hexdigest(), hashlib.sha256(new).hexdigest()
    path.write_bytes(content)


def test_an_untouched_run_gives_its_r_again_and_is_accepted(exp: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["continual", "verify", str(exp)]) == 0
    said = capsys.readouterr()
    assert said.out == f"{exp}: accepted\n"
    assert "16 of 16 cells computed again, 16 the same to the last bit" in said.err
    found = read_json(exp / "evidence.json")
    assert is_sealed(found)
    assert found["verdict"] == {"accepted": True, "why": []}
    assert (found["data"][0]["task"], found["data"][0]["documents"]) == ("cuisine", 6)
    matrix = Matrix.load(exp / "matrix.json")
    assert found["result"]["figures"]["forgetting"]["value"] == matrix.metrics()["forgetting"]


def test_the_evidence_names_no_recording_and_holds_no_text(exp: Path) -> None:
    verify(exp)
    said = (exp / "evidence.json").read_text()
    recordings = {id for cell in Matrix.load(exp / "matrix.json").rows[0].values() for id in cell}
    assert not [word for word in (*recordings, "farine") if word in said]


@pytest.mark.parametrize("name", ["weights.safetensors", "losses.jsonl", "card.json", "buffer_1.jsonl"])
def test_a_changed_byte_of_a_task_is_found(exp: Path, name: str, capsys: pytest.CaptureFixture[str]) -> None:
    with changed(exp / "task_2" / name):
        assert main(["continual", "verify", str(exp)]) == 1
    said = capsys.readouterr()
    assert f"{exp / 'task_2' / name}" in said.err
    assert said.out == f"{exp}: refused\n"
    assert not read_json(exp / "evidence.json")["verdict"]["accepted"]


@pytest.mark.parametrize("name", ["matrix.json", "stream.json"])
@pytest.mark.parametrize("place", [0.01, 0.3, 0.5, 0.99, 1])
def test_a_changed_byte_of_what_the_run_wrote_about_itself_is_found(exp: Path, name: str, place: float) -> None:
    with changed(exp / name, place):
        assert [str(exp / name) in reason for reason in verify(exp)] == [True]


@pytest.mark.parametrize("name", ["train.jsonl", "test.jsonl"])
@pytest.mark.parametrize("number", [0, -1])  # a task, the probe
def test_a_changed_byte_of_the_data_is_found(exp: Path, number: int, name: str) -> None:
    stream = publish.stream_of(exp)
    assert stream.probe
    folder = [*stream.tasks, stream.probe][number]
    with changed(folder / name):
        [reason] = verify(exp)
    assert reason.startswith(f"{folder}, ")


def test_another_option_than_the_run_had_is_found(exp: Path) -> None:
    value = read_json(exp / "config.json")
    save_json(exp / "config.json", {**value, "schedule": {**value["schedule"], "peak": 1.0}})
    assert verify(exp) == [f"{exp / 'config.json'}: schedule is not as in stream.json."]


def test_options_that_an_earlier_version_did_not_know_have_defaults(exp: Path) -> None:
    said = read_json(exp / "stream.json")
    del said["stream"]["preferences"], said["stream"]["wise"]["first"], said["stream"]["training"]["half"]
    save_json(exp / "stream.json", sealed(said))
    assert verify(exp) == []
    loop.train(publish.stream_of(exp), exp, quiet)


def test_a_figure_that_the_weights_do_not_give_is_found(exp: Path) -> None:
    matrix = Matrix.load(exp / "matrix.json")
    bits = next(iter(matrix.rows[2]["route"].values()))
    bits[0] += 1.0
    matrix.save(exp / "matrix.json")  # with a digest that fits
    [reason] = verify(exp)
    assert reason.startswith("R[2][route]: ")


def test_a_sample_of_the_cells_is_the_same_each_time(exp: Path, capsys: pytest.CaptureFixture[str]) -> None:
    said = []
    for _ in range(2):
        assert main(["continual", "verify", str(exp), "--sample", "2"]) == 0
        said.append(capsys.readouterr().err)
    assert "R: 2 of 16 cells computed again" in said[0]
    assert said[0] == said[1]


def test_a_run_that_recorded_no_digests_is_refused_and_published_only_without_evidence(
    exp: Path, tmp_path: Path
) -> None:
    for name in ("matrix.json", "stream.json", *(f"task_{n}/card.json" for n in (1, 2, 3))):
        value = {key: item for key, item in read_json(exp / name).items() if key not in ("sha256", "beside")}
        for task in value.get("run", {}).get("tasks", []):
            del task["files"]
        save_json(exp / name, value)
    why = verify(exp)
    assert f"{exp / 'task_1/weights.safetensors'}: no digest of it was recorded." in why
    with pytest.raises(ContinualError, match=r"refused on .* Not published"):
        publish.publish(exp, tmp_path / "model", quiet)
    assert main(["continual", "publish", str(exp), "--out", str(tmp_path / "model"), "--without-evidence"]) == 0
    assert read_json(tmp_path / "model/card.json")["evidence"] is None
    assert "Nobody verified the run" in (tmp_path / "model/README.md").read_text()


# Published models -------------------------------------------------------------------------------------------------


def test_a_run_is_published_only_when_it_was_verified_as_it_is(exp: Path, tmp_path: Path) -> None:
    with pytest.raises(ContinualError, match=f"Type: dialogue continual verify {exp}"):
        publish.publish(exp, tmp_path / "model", quiet)
    verify(exp)
    with (
        changed(exp / "task_3/weights.safetensors"),
        pytest.raises(ContinualError, match=r"changed since it was verified: .*task_3/weights.safetensors: sha256"),
    ):
        publish.publish(exp, tmp_path / "model", quiet)
    assert not (tmp_path / "model").exists()


def test_a_published_model_says_that_it_was_accepted_and_how_to_check_it(model: Path) -> None:
    assert verify(model) == []
    assert read_json(model / "card.json")["evidence"]["verdict"] == "accepted"
    said = (model / "README.md").read_text()
    assert "16 of its 16 scores" in said
    assert "dialogue continual verify ." in said


@pytest.mark.parametrize("place", [0, 0.37, 1])
def test_a_changed_byte_of_each_published_file_is_found_and_named(model: Path, place: float) -> None:
    for path in sorted(model.iterdir()):
        with changed(path, place) as (before, after):
            [reason] = verify(model)
            assert reason.startswith(str(path))
            if path.name not in ("card.json", "evidence.json"):  # they hold the digest of their content
                assert reason == f"{path}: sha256 is {after}, expected {before}."


def test_a_file_that_was_not_published_is_found(model: Path) -> None:
    (model / "more.safetensors").write_bytes(b"0")
    [reason] = verify(model)
    (model / "more.safetensors").unlink()
    assert reason.endswith("nothing of this name was published.")


def test_the_evidence_of_another_model_is_found(model: Path) -> None:
    content = (model / "evidence.json").read_text()
    save_json(model / "evidence.json", files.sealed({**read_json(model / "evidence.json"), "date": "2001-01-01"}))
    [reason] = verify(model)
    (model / "evidence.json").write_text(content)
    assert f"{model / 'evidence.json'}, by card.json" in reason


def test_a_folder_of_neither_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ContinualError, match=r"neither stream\.json of a run nor evidence\.json"):
        verify(tmp_path)
