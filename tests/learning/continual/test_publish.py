"""Publishing, guarding, blending, rolling back, and the card with the model's data."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from dialogue.cli import main
from dialogue.learning import tasks
from dialogue.learning.continual import ContinualError, Stream, comparison, loop, publish, verification
from dialogue.learning.continual.matrix import Matrix, metrics
from dialogue.learning.continual.model_card import refuse_licence
from dialogue.llm import load as load_model

Streams = Callable[..., Stream]


def quiet(_: str) -> None:
    pass


def example(licence: str) -> tasks.Example:
    message = {"role": "assistant", "content": "[A:] oui"}
    return tasks.Example("e1", "continuation", (message,), "r", ("A",), ("u1",), ("h",), licence)


@pytest.fixture
def exp(streams: Streams, tmp_path: Path) -> Path:
    loop.train(streams("naive", adaptation={"kind": "lora"}, schedule={"peak": 2e-2}), tmp_path / "exp", quiet)
    return tmp_path / "exp"


def test_a_published_model_is_loaded_by_the_pipeline(exp: Path, tmp_path: Path) -> None:
    publish.publish(exp, tmp_path / "model", quiet, with_evidence=False)
    model = load_model(tmp_path / "model", device="cpu")
    assert isinstance(model.chat([{"role": "user", "content": "[Ana:] on met"}], max_tokens=5), str)


def test_the_card_says_what_the_model_saw(exp: Path, tmp_path: Path) -> None:
    publish.publish(exp, tmp_path / "model", quiet, with_evidence=False)
    card = json.loads((tmp_path / "model/card.json").read_text())
    assert [d["task"] for d in card["data"]] == ["cuisine", "route", "temps"]
    assert card["data"][0]["recordings"][0].startswith("cuisine")
    assert card["data"][0]["speakers"] == ["cuisine"]
    assert (card["method"], len(card["R"]["rows"]), len(card["data"][0]["sha256"])) == ("naive", 4, 64)
    assert card["personal_data"] == "unknown"


def test_a_guard_refuses_a_model_that_forgot_too_much(streams: Streams, exp: Path, tmp_path: Path) -> None:
    forgot = Matrix.load(exp / "matrix.json").metrics()["forgetting"]
    _guard(exp, max_forgetting=forgot / 2, on_fail="refuse")
    assert "more than" in verification.verify(exp, report=quiet)[0]
    for with_evidence in (True, False):
        with pytest.raises(ContinualError, match="Not published"):
            publish.publish(exp, tmp_path / "model", quiet, with_evidence=with_evidence)
    assert not (tmp_path / "model").exists()


def test_a_guard_blends_back_until_it_passes(exp: Path, tmp_path: Path) -> None:
    forgot = Matrix.load(exp / "matrix.json").metrics()["forgetting"]
    _guard(exp, max_forgetting=forgot * 0.9, on_fail="blend")
    said: list[str] = []
    assert verification.verify(exp, report=quiet) == []
    matrix = publish.publish(exp, tmp_path / "model", said.append)
    assert matrix.metrics()["forgetting"] <= forgot * 0.9
    assert "blended" in said[0]
    assert json.loads((tmp_path / "model/card.json").read_text())["metrics"] == matrix.metrics()
    assert verification.verify(tmp_path / "model", report=quiet) == []


def _guard(exp: Path, **guard: object) -> None:
    config = json.loads((exp / "config.json").read_text())
    (exp / "config.json").write_text(json.dumps({**config, "guard": guard}))


def test_a_blend_of_nothing_is_the_initial_model(exp: Path, tiny: Path, tmp_path: Path) -> None:
    torch = pytest.importorskip("torch")
    publish.blend(exp, 0.0, tmp_path / "model")
    first, blended = load_model(tiny, device="cpu"), load_model(tmp_path / "model", device="cpu")
    ids = torch.tensor([[5, 6, 7]])
    assert torch.allclose(first.model(ids).logits, blended.model(ids).logits, atol=1e-4)


def test_a_run_rolled_back_comes_to_the_same_end(streams: Streams, tmp_path: Path) -> None:
    stream = streams("replay", training={"steps": 2})
    whole = loop.train(stream, tmp_path, quiet).values()
    publish.rollback(tmp_path, 1)
    assert not (tmp_path / "task_2").exists()
    assert len(Matrix.load(tmp_path / "matrix.json").rows) == 2
    again = loop.train(stream, tmp_path, quiet)
    assert again.values()[-1] == pytest.approx(whole[-1], abs=1e-6)
    assert len(again.run["tasks"]) == 3


def test_a_rollback_further_than_the_run_is_refused(exp: Path) -> None:
    with pytest.raises(ContinualError, match=r"3 tasks are done\. Accepted: --to 0 to 3"):
        publish.rollback(exp, 4)


@pytest.mark.parametrize(
    ("licence", "wanted", "found"),
    [
        ("CC-BY-NC-SA-4.0", "Apache-2.0", "non-commercial use, but the model's licence is Apache-2.0"),
        ("CC-BY-ND-4.0", "unknown", "allow no derivatives"),
        ("unknown", "MIT", "data of unknown licence"),
    ],
)
def test_data_that_forbid_the_licence_are_refused(licence: str, wanted: str, found: str) -> None:
    with pytest.raises(ContinualError, match=found):
        refuse_licence(wanted, {"calls": [licence]})


@pytest.mark.parametrize(("licence", "wanted"), [("MIT", "Apache-2.0"), ("CC-BY-NC-SA-4.0", "CC-BY-NC-SA-4.0")])
def test_data_that_allow_it_are_taken(licence: str, wanted: str) -> None:
    refuse_licence(wanted, {"calls": [licence]})


def test_figures_of_a_matrix_worked_out_by_hand() -> None:
    values = [[1.0, 4.0, 5.0], [1.1, 2.0, 4.5], [1.3, 2.6, 3.0]]  # probe, first, second
    found = metrics(values, ["probe", "first", "second"])
    expected = {
        "average": 2.8,
        "forgetting": 0.6,
        "plasticity": 2.5,
        "backward_transfer": -0.6,
        "forward_transfer": 0.5,
        "drift": 0.3,
    }
    assert found == pytest.approx(expected)


def test_one_task_has_nothing_to_forget() -> None:
    found = metrics([[4.0], [2.0]], ["first"])
    assert (found["forgetting"], found["plasticity"], found["drift"]) == (None, 2.0, None)


def test_runs_are_compared_in_a_table_json_and_a_plot(streams: Streams, tmp_path: Path, capsys) -> None:
    for method in ("naive", "replay"):
        loop.train(streams(method, training={"steps": 2}, replay={"ratio": 0.9}), tmp_path / "exp" / method, quiet)
    assert main(["continual", "compare", str(tmp_path / "exp"), "--json", "--plot", str(tmp_path / "c.svg")]) == 0
    first, second = json.loads(capsys.readouterr().out)
    assert (first["method"], second["method"], second["order"]) == (
        "naive",
        "replay",
        ["cuisine", "route", "temps"],
    )
    assert second["tokens"] > first["tokens"]
    for run in (first, second):
        low, high = run["intervals"]["forgetting"]
        assert low <= run["forgetting"] <= high
        assert run["plasticity"] > 0
    assert "<svg" in (tmp_path / "c.svg").read_text(encoding="utf-8")
    table = comparison.table(comparison.read([tmp_path / "exp"]))
    assert "| forgetting | plasticity |" in table


def test_runs_of_other_tasks_are_not_compared(streams: Streams, tmp_path: Path) -> None:
    stream = streams(training={"steps": 1})
    loop.train(stream, tmp_path / "a", quiet)
    loop.train(streams(training={"steps": 1}, tasks=stream.tasks[:2]), tmp_path / "b", quiet)
    with pytest.raises(ContinualError, match="other test data"):
        comparison.read([tmp_path / "a", tmp_path / "b"])
