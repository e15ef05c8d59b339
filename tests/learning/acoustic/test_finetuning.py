"""A run resumes to the same weights, stops on the development split, and refuses data that may not be learned."""

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from dialogue.core import compatibility, config, tainted
from dialogue.core.config import ConfigError
from dialogue.core.files import read_json
from dialogue.learning.acoustic import AcousticError, AcousticRun, finetuning, load_run
from dialogue.learning.continual import checkpoints
from dialogue.learning.continual.options import ContinualError
from tests.learning.acoustic.conftest import prepared

pytest.importorskip("torch")
compatibility.prepare()
pytest.importorskip("peft")

Runs = Callable[..., AcousticRun]


def quiet(line: str) -> None:
    pass


@pytest.fixture(scope="module")
def done(runs: Runs, tmp_path_factory: pytest.TempPathFactory) -> Path:
    exp = tmp_path_factory.mktemp("done") / "exp"
    finetuning.train(runs(adapters={"dropout": 0.1}), exp, quiet)
    return exp


def test_a_run_lowers_the_loss_on_both_splits(done: Path) -> None:
    losses = [json.loads(line)["loss"] for line in (done / "losses.jsonl").read_text().splitlines()]
    development = [loss for _, loss in finetuning.result(done)["development"]]
    assert losses[-1] < losses[0]
    assert min(development) < development[0]


def test_a_killed_run_resumes_to_the_same_weights(
    done: Path, runs: Runs, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Killed before its second checkpoint, just after it kept the best weights, with dropout."""
    save = checkpoints.save

    def killed(folder: Path, learner: object, optimizer: object, state: dict) -> None:
        if state["step"] == 4:
            raise KeyboardInterrupt
        save(folder, learner, optimizer, state)  # type: ignore[arg-type]

    monkeypatch.setattr(checkpoints, "save", killed)
    with pytest.raises(KeyboardInterrupt):
        finetuning.train(runs(adapters={"dropout": 0.1}), tmp_path, quiet)
    monkeypatch.undo()
    finetuning.train(finetuning.run_of(tmp_path), tmp_path, quiet)
    assert finetuning.result(tmp_path)["development"] == finetuning.result(done)["development"]
    assert (tmp_path / finetuning.BEST).read_bytes() == (done / finetuning.BEST).read_bytes()


def test_a_finished_run_is_not_done_again(done: Path, runs: Runs) -> None:
    before = (done / "losses.jsonl").read_text()
    lines: list[str] = []
    finetuning.train(runs(adapters={"dropout": 0.1}), done, lines.append)
    assert (done / "losses.jsonl").read_text() == before
    assert "already done" in lines[0]


def test_another_run_does_not_go_on_in_the_folder(done: Path, runs: Runs) -> None:
    with pytest.raises(AcousticError, match=r"another run \(adapters\) than when the run began\. Name a new folder"):
        finetuning.train(runs(), done, quiet)


def test_windows_at_once_change_nothing_but_rounding(runs: Runs, tmp_path: Path) -> None:
    together = finetuning.train(runs(training={"epochs": 2, "windows": 2, "at_once": 2}), tmp_path / "2", quiet)
    apart = finetuning.train(runs(training={"epochs": 2, "windows": 2, "at_once": 1}), tmp_path / "1", quiet)
    assert [loss for _, loss in together["development"]] == pytest.approx(
        [loss for _, loss in apart["development"]], rel=1e-3
    )


def test_a_run_stops_when_dev_gets_no_better(runs: Runs, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    losses = iter([3.0, 2.0, 2.5, 2.4, 2.3])
    monkeypatch.setattr(finetuning, "_evaluate", lambda *_: next(losses))
    found = finetuning.train(runs(training={"patience": 2, "epochs": 8}), tmp_path, quiet)
    assert (found["best"], found["updates"]) == (2, 6)
    assert (tmp_path / finetuning.BEST).exists()


@pytest.mark.parametrize("parts", ["decoder", "encoder", "both"])
def test_only_adapters_of_the_named_parts_are_trained(runs: Runs, parts: str) -> None:
    from dialogue.learning.acoustic.adapted_whisper import AdaptedWhisper

    learner = AdaptedWhisper(runs(adapters={"parts": parts}))
    trained = {name.split("model.model.model.")[1].split(".")[0] for name in learner.trainable()}
    assert trained == ({"encoder", "decoder"} if parts == "both" else {parts})
    assert all(".lora_" in name for name in learner.trainable())


def test_times_of_the_target_never_go_back(runs: Runs) -> None:
    from dialogue.learning.acoustic.adapted_whisper import AdaptedWhisper
    from dialogue.learning.acoustic.pairs import Segmented

    learner = AdaptedWhisper(runs())
    np = pytest.importorskip("numpy")
    window = Segmented("a", ((0.0, 9.0),), ((0.5, 4.0, "un"), (3.0, 3.5, "deux"), (5.0, 6.0, "trois")))
    ids = learner.encode(window, np.zeros(9 * 16_000, np.float32)).ids  # type: ignore[union-attr]
    zero = learner.processor.tokenizer.convert_tokens_to_ids("<|notimestamps|>") + 1
    assert [round((i - zero) * 0.02, 2) for i in ids if i >= zero] == [0.5, 4.0, 4.0, 4.0, 5.0, 6.0]


def test_the_card_says_what_was_learned_and_what_was_held_out(done: Path) -> None:
    card = read_json(done / "card.json")
    assert card["data"][0]["recordings"] == ["a", "b"]
    assert {split: held["recordings"] for split, held in card["held_out"].items()} == {"dev": ["c"], "test": ["d"]}
    assert card["warning"].startswith("synthetic voices")
    assert card["development"]["best"] == finetuning.result(done)["best"]


def test_the_test_split_is_not_read(runs: Runs, corpus: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from dialogue.core import audio

    heard = set()
    load = audio.load
    monkeypatch.setattr(audio, "load", lambda recording: heard.add(recording.id) or load(recording))
    finetuning.train(runs(training={"epochs": 1}), tmp_path, quiet)
    assert heard == {"a", "b", "c"}


@pytest.mark.parametrize(
    ("card", "given", "found"),
    [
        ({"personal_data": "yes"}, {}, "voices of people"),
        ({"personal_data": "no"}, {"licence": "Apache-2.0"}, "non-commercial use"),
    ],
)
def test_data_that_may_not_be_learned_are_refused(runs: Runs, tmp_path: Path, card, given, found) -> None:
    corpus = prepared(tmp_path / "data", {"train": ["a"], "dev": ["b"]}, card, licence="CC-BY-NC-SA-4.0")
    with pytest.raises((AcousticError, ContinualError), match=found):
        finetuning.train(replace(runs(), data=corpus, **given), tmp_path / "exp", quiet)


def test_a_legal_basis_allows_voices_and_is_in_the_card(runs: Runs, tmp_path: Path) -> None:
    corpus = prepared(tmp_path / "data", {"train": ["a"], "dev": ["b"]}, {"personal_data": "yes"})
    run = replace(runs(training={"epochs": 1}), data=corpus, legal_basis="consent")
    finetuning.train(run, tmp_path / "exp", quiet)
    assert read_json(tmp_path / "exp/card.json")["data"][0]["legal_basis"] == ["consent"]


def test_a_recording_in_two_splits_is_refused(runs: Runs, tmp_path: Path) -> None:
    corpus = prepared(tmp_path / "data", {"train": ["a", "b"], "dev": ["b"]}, {})
    with pytest.raises(AcousticError, match="b is in train and in dev"):
        finetuning.train(replace(runs(), data=corpus), tmp_path / "exp", quiet)


def test_a_run_that_learned_from_what_was_erased_is_refused(done: Path, runs: Runs, tmp_path: Path) -> None:
    tainted.mark(tmp_path, "again")
    with pytest.raises(tainted.TaintedError):
        finetuning.train(runs(), tmp_path, quiet)


def test_an_unknown_language_and_a_wrong_option_are_refused(runs: Runs, tmp_path: Path) -> None:
    with pytest.raises(AcousticError, match="no language 'zz'"):
        finetuning.train(runs(language="zz"), tmp_path / "exp", quiet)
    (tmp_path / "a.yaml").write_text(config.to_yaml({"data": "data", "adapters": {"projections": []}}))
    with pytest.raises(ConfigError, match="projections: none"):
        load_run(tmp_path / "a.yaml")


def test_an_erasure_finds_the_run_and_says_how_to_train_again(done: Path) -> None:
    from dialogue.privacy import erasure, survey
    from dialogue.privacy.traces import Traces

    steps = erasure.plan(survey.survey([done]), Traces(recordings=("a",))).steps
    [taint] = [step for step in steps if step.kind == "taint"]
    assert taint.path == done
    assert "dialogue acoustic train" in taint.why


def test_a_data_management_plan_knows_the_model(done: Path) -> None:
    from dialogue.plan import discovery

    items, problems = discovery.find([done])
    assert problems == []
    assert items[0].card.modality == ("audio",)
    assert items[0].recordings == {"a", "b"}
