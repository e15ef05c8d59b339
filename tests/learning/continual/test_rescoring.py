"""N-best lists rescored with the models of a run: which hypothesis is chosen, how much it counts, what is refused."""

import json
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from dialogue import formats
from dialogue.cli import main
from dialogue.core.audio import Recording
from dialogue.core.transcript import Speaker, Transcript, Utterance
from dialogue.formats import lhotse
from dialogue.learning.continual import ContinualError, Stream, loop, rescoring, rescoring_table
from dialogue.learning.continual.learner import Learner
from dialogue.learning.continual.rescoring import Heard
from dialogue.speech.asr import nbest
from dialogue.speech.asr.nbest import NBest
from dialogue.speech.asr.recogniser import Hypothesis

torch = pytest.importorskip("torch")
Streams = Callable[..., Stream]
SAID = {
    "r1": ("calls", "le médecin arrive tout de suite avec une ambulance rouge"),
    "r2": ("calls", "restez calme et donnez moi votre adresse exacte"),
    "r3": ("debates", "nous voulons réduire la dette de notre pays"),
}


def window(*texts: str, start: float = 0.0) -> NBest:
    """A list whose hypotheses are each a little less probable, all of ten tokens."""
    return NBest(start, start + 5, tuple(Hypothesis(t, -5.0 - n, 10) for n, t in enumerate(texts)))


def heard(name: str, reference: str, *lists: NBest) -> Heard:
    words = [[h.text.split() for h in each.hypotheses] for each in lists]
    return Heard(name, "calls", Transcript(name, 10.0), reference.split(), lists, words)


def test_the_sum_of_both_means_decides() -> None:
    each = heard("r", "a", NBest(0, 5, (Hypothesis("a", -4.0, 8), Hypothesis("b", -9.0, 10))))
    scores = [[-4.0, -2.0]]  # a: -0.5 - 4 weight; b: -0.9 - 2 weight; equal at 0.2
    assert each.chosen(scores, 0.19) == [0]
    assert each.chosen(scores, 0.21) == [1]


@pytest.mark.parametrize("scores", [(-5.0, 0.0), (0.0, -5.0), (0.0, 0.0)])
def test_with_weight_zero_the_best_hypothesis_of_the_recogniser_stays(scores: Sequence[float]) -> None:
    each = heard("r", "a c", window("a", "b"), window("c", "d"))
    assert each.chosen([scores, scores], 0.0) == [0, 0]
    assert each.errors([0, 0]).errors == 0


def test_the_weight_of_a_recording_is_chosen_on_the_others() -> None:
    helped, harmed = heard("r1", "b", window("a", "b")), heard("r2", "a", window("a", "b"))
    found = rescoring.choose(0, [helped, harmed], [[[-3.2, -2.0]]] * 2)
    assert found.weights == {"r1": 0.0, "r2": 0.1}  # 0.1 is the smallest that prefers b
    assert [rate.errors for rate in found.rates.values()] == [1, 1]


def test_among_weights_with_as_many_errors_the_smallest_is_chosen() -> None:
    same = [heard(name, "c", window("a", "b")) for name in ("r1", "r2")]
    assert set(rescoring.choose(0, same, [[[-3.0, -2.0]]] * 2).weights.values()) == {0.0}


def test_the_mean_is_of_the_tokens_of_the_text_alone_given_the_best_text_before(streams: Streams) -> None:
    learner = Learner(streams())
    lists = [window("bonjour"), window("le pont", "le pot")]
    [alone, found] = rescoring.log_probabilities(learner, lists)
    assert alone == [0.0]
    for text, score in zip(("le pont", "le pot"), found, strict=True):
        before = learner.encoder.text("[spk1:] bonjour")
        ids = torch.tensor([[*before, *learner.encoder.text(f" {text}")]])
        with torch.no_grad():
            steps = torch.log_softmax(learner.model(input_ids=ids).logits[0].float(), -1)
        own = [float(steps[n - 1, ids[0, n]]) for n in range(len(before), ids.shape[1])]
        assert score == pytest.approx(sum(own) / len(own), abs=1e-5)


def test_where_a_hypothesis_is_empty_the_recogniser_decides(streams: Streams) -> None:
    assert rescoring.log_probabilities(Learner(streams()), [window("", "le pont")]) == [[0.0, 0.0]]


# A run ------------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def run(streams: Streams, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("run")
    stream = streams(training={"steps": 2, "context": 128})
    loop.train(stream, folder, lambda text: None)
    return folder


def prepared(root: Path, said: dict[str, tuple[str, str]]) -> tuple[Path, Path]:
    """Write references, and lists whose second hypothesis is right; returns both folders."""
    data, lists = root / "data", root / "nbest"
    recordings, references = [], []
    for name, (domain, text) in said.items():
        recordings.append(Recording(name, root / f"{name}.wav", 10.0, attributes={"domain": domain}))
        turn = Utterance("u1", "spk1", 0.0, 5.0, text)
        references.append(Transcript(name, 10.0, speakers=(Speaker("spk1"),), utterances=(turn,)))
        nbest.write([window(text.rpartition(" ")[0], text)], lists / f"{name}.jsonl")
    data.mkdir()
    lhotse.write_recordings(recordings, data / "recordings.jsonl")
    formats.write(references, data / "reference.stm")
    return data, lists


def test_a_run_is_scored_after_each_task_and_by_domain(run: Path, tmp_path: Path, capsys) -> None:
    data, lists = prepared(tmp_path, SAID)
    call = ["continual", "rescore", run, "--nbest", lists, "--references", data, "--out", tmp_path / "found.json"]
    assert main([str(part) for part in call]) == 0
    found = json.loads((tmp_path / "found.json").read_text())
    assert [each["name"] for each in found["after"]] == [None, "cuisine", "route", "temps"]
    assert {name: d["recordings"] for name, d in found["domains"].items()} == {"calls": ["r1", "r2"], "debates": ["r3"]}
    assert found["domains"]["calls"]["first"]["value"] == pytest.approx(2 / 18)  # a word is missing in each
    assert found["domains"]["calls"]["oracle"]["value"] == 0
    for each in found["after"]:
        assert set(each["weights"]) == set(SAID)
        for domain, cell in each["domains"].items():
            change = cell["value"] - found["domains"][domain]["first"]["value"]
            assert cell["from_first"]["value"] == pytest.approx(change)
            assert cell["interval"] is None  # of fewer than five recordings
    said = capsys.readouterr().out
    assert "| recogniser alone |  | 11.1 |" in said
    assert "| after 3, temps |" in said
    assert "médecin" not in said + json.dumps(found)


def test_a_yaml_is_scored_as_the_initial_model(streams: Streams, tmp_path: Path) -> None:
    from dialogue.core import config

    stream = config.to_dict(streams())
    (tmp_path / "run.yaml").write_text(json.dumps(stream, default=str))
    data, lists = prepared(tmp_path, SAID)
    found = rescoring.rescore(tmp_path / "run.yaml", lists, [data], report=lambda text: None)
    assert [each["task"] for each in rescoring_table.figures(found)["after"]] == [0]


def test_what_was_learned_is_not_scored(run: Path, tmp_path: Path) -> None:
    from dialogue.learning import tasks

    stream = loop.read_json(run / loop.CONFIG)
    learned = tasks.read(Path(stream["tasks"][0]) / "train.jsonl")[0].answer
    text = f"{learned} {learned}".replace("[Ana:]", "").replace("[Bob:]", "")
    data, lists = prepared(tmp_path, {**SAID, "r4": ("calls", " ".join(text.split()))})
    with pytest.raises(ContinualError, match=r"learned and what is recognised: r4-1 of test is \d+% the same text"):
        rescoring.rescore(run, lists, [data], report=lambda text: None)


def test_a_single_recording_is_refused(run: Path, tmp_path: Path) -> None:
    data, lists = prepared(tmp_path, {"r1": SAID["r1"]})
    with pytest.raises(ContinualError, match=r"recordings found: 1\. Accepted: two or more"):
        rescoring.rescore(run, lists, [data], report=lambda text: None)


def test_a_recording_without_lists_is_refused(run: Path, tmp_path: Path) -> None:
    data, lists = prepared(tmp_path, SAID)
    (lists / "r2.jsonl").unlink()
    with pytest.raises(nbest.NBestError, match=r"r2\.jsonl: No such file.* Make it with `dialogue nbest`"):
        rescoring.rescore(run, lists, [data], report=lambda text: None)
