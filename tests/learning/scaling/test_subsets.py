"""The runs of a learning curve, on the tiny model."""

import json
from pathlib import Path

import pytest
import yaml

from dialogue.learning.scaling import subsets

pytest.importorskip("torch")

from dialogue.cli import main
from dialogue.core.config import to_dict
from dialogue.learning import tasks
from dialogue.learning.continual import loop
from dialogue.learning.scaling import ScalingError, read_runs
from tests.learning.continual import conftest as shared

tiny, streams = shared.tiny, shared.streams  # fixtures


@pytest.fixture
def conf(streams, tmp_path: Path) -> Path:
    """A stream of three tasks, whose own options would not suit a curve."""
    path = tmp_path / "conf.yaml"
    parts = {"training": {"steps": 50, "examples": 1, "epochs": 2.0}, "method": "replay"}
    path.write_text(yaml.safe_dump(to_dict(streams(**parts))))
    return path


def call(conf: Path, *more: str) -> int:
    return main(["scaling", "run", str(conf), "--exp", str(conf.parent / "curve"), "--sizes", "1/6,1/2,1", *more])


def updates(folder: Path) -> int:
    return len((folder / "task_1" / loop.LOSSES).read_text().splitlines())


def test_each_size_and_seed_is_a_run(conf: Path, capsys) -> None:
    assert call(conf, "--seeds", "0,1") == 0
    said = capsys.readouterr().out.splitlines()
    found = read_runs([conf.parent / "curve"])
    assert said == [r.said for r in found]
    assert [(r.documents, r.seed) for r in found] == [(1, 0), (1, 1), (3, 0), (3, 1), (6, 0), (6, 1)]
    assert found[0].tokens < found[2].tokens < found[4].tokens == found[5].tokens
    root = conf.parent / "curve"
    whole = tasks.read(root / "6-seed-0/data/cuisine/train.jsonl")
    some = tasks.read(root / "3-seed-0/data/cuisine/train.jsonl")
    assert (len(some), len(whole)) == (3, 6)
    assert {e.id for e in some} < {e.id for e in whole}
    assert json.loads((root / "3-seed-0/task_1/card.json").read_text())["data"][0]["recordings"] == sorted(
        e.recording for e in some
    )


def test_each_subset_gets_as_many_passes_and_the_whole_test_set(conf: Path) -> None:
    call(conf, "--set", "training.tokens=1")  # one example per update
    root = conf.parent / "curve"
    assert [updates(root / f"{n}-seed-0") for n in (1, 3, 6)] == [2, 6, 12]
    last = json.loads((root / "6-seed-0/matrix.json").read_text())
    assert [len(cell) for cell in last["rows"][-1].values()] == [2]


def test_as_many_updates_when_they_are_asked_for(conf: Path) -> None:
    call(conf, "--set", "training.steps=4", "--set", "training.tokens=1")
    assert {updates(conf.parent / f"curve/{n}-seed-0") for n in (1, 3, 6)} == {4}


def test_killed_and_started_again_does_not_redo_a_point(conf: Path, monkeypatch, capsys) -> None:
    trained, real = [], loop.train

    def train(stream, exp, report):
        if len(trained) == 1:
            raise KeyboardInterrupt
        trained.append(exp.name)
        return real(stream, exp, report)

    monkeypatch.setattr(loop, "train", train)
    assert call(conf) == 130
    first = (conf.parent / "curve/curve.jsonl").read_text()
    monkeypatch.setattr(loop, "train", lambda *a: trained.append(a[1].name) or real(*a))
    assert call(conf) == 0
    assert trained == ["1-seed-0", "3-seed-0", "6-seed-0"]
    assert (conf.parent / "curve/curve.jsonl").read_text().startswith(first)
    capsys.readouterr()
    assert call(conf, "--set", "training.threads=1", "--seeds", "0,1") == 0  # more seeds, other threads
    assert trained[3:] == ["1-seed-1", "3-seed-1", "6-seed-1"]
    assert len(capsys.readouterr().out.splitlines()) == 6


def test_a_point_killed_within_goes_on(conf: Path, monkeypatch) -> None:
    """After its last update, but before its line was written."""
    real = loop.train

    def train(*arguments):
        real(*arguments)
        raise KeyboardInterrupt

    monkeypatch.setattr(loop, "train", train)
    assert call(conf) == 130
    monkeypatch.setattr(loop, "train", real)
    before = updates(conf.parent / "curve/1-seed-0")
    assert call(conf) == 0
    assert updates(conf.parent / "curve/1-seed-0") == before
    assert len(read_runs([conf.parent / "curve"])) == 3


def test_another_training_in_the_same_folder_is_refused(conf: Path, capsys) -> None:
    assert call(conf) == 0
    assert call(conf, "--set", "training.epochs=1") == 2
    assert "training was" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("options", "found"),
    [
        (["--sizes", "1/16,1"], "less than one. Needed: a larger fraction. E.g. 1/6,2/6,4/6,1"),
        (["--sizes", "1/6,1/5,1"], "1/6 and 1/5 of 6 recordings are the same 1."),
        (["--sizes", "half"], "--sizes: found 'half'. Accepted"),
        (["--sizes", "1/0"], "--sizes: found '1/0'. Accepted"),
        (["--sizes", "2"], "fraction 2. Accepted: above 0, at most 1"),
        (["--seeds", "a"], "--seeds: found 'a'. Accepted: whole numbers"),
        (["--task", "vente"], "no task vente. Accepted: cuisine, route, temps"),
        (["--set", "adaptation.kind=none"], "adaptation.kind"),
    ],
)
def test_a_wrong_call_is_explained_before_anything_is_trained(
    conf: Path, options: list[str], found: str, capsys
) -> None:
    assert call(conf, *options) == 2
    assert found in capsys.readouterr().err
    assert not list((conf.parent / "curve").glob("*-seed-*"))


def test_another_task_by_its_name(conf: Path) -> None:
    assert [t.name for t in subsets.stream_of(conf, "temps").tasks] == ["temps"]
    with pytest.raises(ScalingError, match="Accepted: cuisine"):
        subsets.stream_of(conf, "")


def test_the_curve_of_a_few_sizes_is_fitted_and_not_extrapolated(conf: Path, capsys) -> None:
    sizes = ["--sizes", "1/6,2/6,3/6,4/6,1"]
    assert call(conf, *sizes, "--set", "training.tokens=1", "--set", "schedule.peak=3e-3") == 0
    assert main(["scaling", "curve", str(conf.parent / "curve")]) == 0
    assert "cannot be said: cannot extrapolate" in capsys.readouterr().out
