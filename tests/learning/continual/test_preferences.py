"""Learning what people preferred: the loss of a pair, runs that mix pairs with other examples, what is measured."""

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import pytest

from dialogue.cli import main
from dialogue.core.config import ConfigError
from dialogue.core.files import read_json
from dialogue.learning import tasks
from dialogue.learning.continual import ContinualError, Stream, abilities, comparison, dpo, loop
from dialogue.learning.continual.dpo import DPO
from dialogue.learning.continual.encoding import IGNORED, Encoded, cross_entropy, rows
from dialogue.learning.continual.evaluation import bits
from dialogue.learning.continual.learner import Learner
from dialogue.learning.continual.matrix import Matrix
from dialogue.learning.continual.publish import stream_of
from dialogue.learning.tasks import Example
from tests.learning.continual.test_loop import Killed, killer, quiet

torch = pytest.importorskip("torch")
Streams = Callable[..., Stream]
SAID = ("le vote du budget", "la date du concert", "les clés de la salle", "le bal des pompiers", "un train à midi")
WHOLE = {"steps": 3, "context": 256, "save_every": 2, "tokens": 300}


def compared(number: int, preferred: str = "Néant.", rejected: str = "") -> Example:
    said = SAID[number % len(SAID)]
    user = {"role": "user", "content": f"[Ana:] on parle de {said}\n[Bob:] oui {number}\n\nQuoi ?"}
    last = {"role": "assistant", "content": preferred}
    who = (f"A{number}",)
    return Example(
        f"p{number}", "preferences", (user, last), f"p{number}", who, ("u",), ("h",), rejected=rejected or f"- {said}"
    )


@pytest.fixture(scope="module")
def judged(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A task of preferences."""
    folder = tmp_path_factory.mktemp("preferences") / "judged"
    tasks.write([compared(n) for n in range(3)], folder / "train.jsonl")
    tasks.write([compared(n) for n in (3, 4)], folder / "test.jsonl")
    return folder


@pytest.fixture
def learner(streams: Streams) -> Learner:
    return Learner(streams(adaptation={"kind": "full"}, training=WHOLE))


def by_hand(learner: Learner, example: Encoded) -> tuple["torch.Tensor", "torch.Tensor"]:
    """Return the log-likelihoods of both texts of a pair, each computed alone and token by token."""
    found = []
    for ids in (example.ids, example.rejected):
        logits = learner.model(input_ids=torch.tensor([ids], device=learner.device)).logits[0].float()
        chances = torch.log_softmax(logits, -1)
        found.append(sum(chances[n - 1, ids[n]] for n in range(example.prompt, len(ids))))
    return found[0], found[1]


# A pair -----------------------------------------------------------------------------------------------------------


def test_both_texts_have_the_same_prompt_even_if_it_was_cut(learner: Learner) -> None:
    example = compared(0, rejected="non " * 40)
    encoded = learner.encoder(replace(example, messages=({**example.messages[0]}, example.messages[1])))
    learner.encoder.context = 220
    cut = learner.encoder(example)
    for e in (encoded, cut):
        assert e.ids[: e.prompt] == e.rejected[: e.prompt]
        assert e.other.labels[e.prompt :] == e.rejected[e.prompt :]
    assert (encoded.cut, cut.cut) == (False, True)
    assert cut.prompt < encoded.prompt
    assert len(cut.rejected) <= 220
    assert cut.size == len(cut.ids) + len(cut.rejected)


def test_a_rejected_text_without_a_prompt_is_refused(learner: Learner) -> None:
    example = replace(compared(0), messages=({"role": "assistant", "content": "[A:] oui"},))
    with pytest.raises(ContinualError, match="p0: a rejected text without a prompt"):
        learner.encoder(example)


def test_a_rejected_text_that_does_not_fit_is_refused(learner: Learner) -> None:
    with pytest.raises(ContinualError, match="the answer has 301 tokens"):
        learner.encoder(compared(0, rejected="n" * 300))


def test_texts_of_a_row_do_not_see_each_other(learner: Learner) -> None:
    pairs = [learner.encoder(compared(n)) for n in range(2)]
    plain = learner.encoder(replace(compared(2), rejected=""))
    [row] = rows([pairs[0], plain, pairs[1]], 10_000, learner.device, pairs=True)
    logits = learner.logits(row)
    for pair, e in zip(row.pairs, pairs, strict=True):
        preferred, rejected = by_hand(learner, e)
        assert float(dpo.margin(row, logits, pair)) == pytest.approx(float(preferred - rejected), abs=1e-3)


def test_a_rejected_text_is_never_learned_as_an_answer(learner: Learner) -> None:
    e = learner.encoder(compared(0))
    [row] = rows([e], 10_000, learner.device, pairs=True)
    assert row.labels[0].tolist() == [*e.labels, *[IGNORED] * len(e.rejected)]


@pytest.mark.parametrize("sft", [0.0, 1.0])
def test_the_gradient_is_that_of_dpo(streams: Streams, sft: float) -> None:
    """One update of a pair beside another example, from a model that has moved since the reference was computed."""
    options = {"preferences": {"beta": 0.3, "sft": sft}, "training": {**WHOLE, "clip": 1e9}}
    learner = Learner(streams(adaptation={"kind": "full"}, **options))
    pair, plain = learner.encoder(compared(0)), learner.encoder(replace(compared(1), rejected=""))
    method = DPO(learner.stream, learner)
    method.meet([pair, plain])
    with torch.no_grad():
        then = [float(found) for found in by_hand(learner, pair)]
        for p in learner.trainable().values():
            p.add_(0.05 * torch.randn_like(p))
    learned = [len(e.ids) - e.prompt for e in (pair, plain)]
    preferred, rejected = by_hand(learner, pair)
    gained = (preferred - then[0]) - (rejected - then[1])
    loss = -torch.log(torch.sigmoid(0.3 * gained)) * learned[0] - sft * preferred
    [row] = rows([plain], 10_000, learner.device)
    loss = loss + cross_entropy(row, learner.logits(row))
    (loss / sum(learned)).backward()
    wanted = {name: p.grad.clone() for name, p in learner.trainable().items() if p.grad is not None}
    still = SimpleNamespace(zero_grad=learner.model.zero_grad, param_groups=[], step=lambda: None)
    packed = rows([pair, plain], 10_000, learner.device, pairs=True)
    loop.update(learner, [method], still, packed, 1.0, 1e9)
    for name, p in learner.trainable().items():
        assert torch.allclose(p.grad, wanted[name], atol=1e-6), name


@pytest.mark.parametrize("adaptation", ["full", "lora"])
def test_a_step_raises_the_margin(streams: Streams, adaptation: str) -> None:
    options = {"preferences": {"sft": 0.0}, "training": WHOLE}
    learner = Learner(streams(adaptation={"kind": adaptation}, **options))
    pair = learner.encoder(compared(0))
    method = DPO(learner.stream, learner)
    method.meet([pair])
    packed = rows([pair], 10_000, learner.device, pairs=True)
    optimizer = torch.optim.AdamW(learner.trainable().values())
    [before] = method.reference.values()
    for _ in range(2):  # the first one moves only half of an adapter
        loop.update(learner, [method], optimizer, packed, 1e-3, 1.0)
    assert method._margin_of(pair) > before


# Runs -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("method", "adaptation"),
    [("replay+kl", "lora"), ("replay", "full"), ("adapters+replay", "lora"), ("osf", "full"), ("ewc", "full")],
)
def test_a_mixed_run_that_was_killed_comes_to_the_same_weights(
    streams: Streams, judged: Path, tmp_path: Path, method: str, adaptation: str
) -> None:
    plain = streams()
    options = {"replay": {"ratio": 1.0}, "ewc": {"samples": 2}, "training": WHOLE}
    stream = streams(method, adaptation={"kind": adaptation}, tasks=[judged, plain.tasks[0]], probe=None, **options)
    loop.train(stream, tmp_path / "whole", quiet)
    for task, update in ((1, 1), (1, 3), (2, 2)):
        with pytest.raises(Killed):
            loop.train(stream, tmp_path / "killed", killer(task, update))
    loop.train(stream, tmp_path / "killed", quiet)
    for file in ("task_1/weights.safetensors", "task_1/margins.json", "task_2/weights.safetensors"):
        assert (tmp_path / "whole" / file).read_bytes() == (tmp_path / "killed" / file).read_bytes(), file


@pytest.fixture(scope="module")
def exp(streams: Streams, judged: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A run that learns preferences, then something else while it replays them."""
    folder = tmp_path_factory.mktemp("run") / "exp"
    options = {"replay": {"ratio": 1.0}, "training": {**WHOLE, "steps": 8}, "schedule": {"peak": 1e-2}}
    loop.train(streams("replay", tasks=[judged, streams().tasks[0]], probe=None, **options), folder, quiet)
    return folder


def test_a_pair_keeps_the_reference_that_it_was_learned_with(exp: Path) -> None:
    first, second = (read_json(exp / f"task_{n}/margins.json") for n in (1, 2))
    assert len(first) == 3
    assert second == first


def test_tokens_of_rejected_texts_are_counted(exp: Path) -> None:
    learner = Learner(stream_of(exp))
    last = json.loads((exp / "task_1/losses.jsonl").read_text().splitlines()[-1])
    seen = [learner.encoder(e) for e in tasks.read(learner.stream.tasks[0] / "train.jsonl")]
    assert last["tokens"] >= sum(e.size for e in seen)


def test_a_task_without_pairs_leaves_no_margins(streams: Streams, tmp_path: Path) -> None:
    loop.train(streams(tasks=streams().tasks[:1], training={"steps": 1}), tmp_path, quiet)
    assert not (tmp_path / "task_1/margins.json").exists()


@pytest.mark.parametrize("options", [{"beta": 0.5}, {"sft": 0.0}])
def test_other_options_in_one_run_are_refused(streams: Streams, tmp_path: Path, options: dict) -> None:
    stream = streams(tasks=streams().tasks[:1], training={"steps": 1})
    loop.train(stream, tmp_path, quiet)
    with pytest.raises(ContinualError, match=r"preferences was .*, now it is"):
        loop.train(streams(tasks=stream.tasks, training={"steps": 1}, preferences=options), tmp_path, quiet)


def test_a_reference_that_holds_nothing_is_refused(streams: Streams) -> None:
    with pytest.raises(ConfigError, match="beta"):
        streams(preferences={"beta": 0.0})


# What is measured -------------------------------------------------------------------------------------------------


def test_a_pair_is_a_point_if_the_preferred_text_has_fewer_bits_per_byte(learner: Learner, judged: Path) -> None:
    pairs = [learner.encoder(e) for e in tasks.read(judged / "test.jsonl")]
    found = abilities._preferred(learner, pairs)
    assert list(found) == ["p3", "p4"]
    for e in pairs:
        right = bits(learner, e) / e.bytes < bits(learner, e.other) / e.other.bytes
        assert found[e.example.recording] == [float(right), 1.0]
    swapped = [
        replace(e.example, rejected=e.example.answer, messages=(e.example.messages[0], {"content": e.example.rejected}))
        for e in pairs
    ]
    other = abilities._preferred(learner, [learner.encoder(e) for e in swapped])
    assert all(found[name][0] + other[name][0] == 1 for name in found)


def test_a_run_learns_which_texts_are_preferred(exp: Path) -> None:
    matrix = Matrix.load(exp / "matrix.json")
    assert list(matrix.points[0]) == ["preferred in judged"]
    assert matrix.shares()["preferred in judged"][:2] == [0.0, 1.0]


def test_evaluate_and_compare_show_the_share(exp: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["continual", "evaluate", str(exp)]) == 0
    assert "preferred in judged: 2 of 2 points" in capsys.readouterr().out
    shown = comparison.table(comparison.read([exp]))
    assert "| preferred in judged |" in shown


def test_a_task_of_preferences_may_be_added(streams: Streams, judged: Path, tmp_path: Path) -> None:
    tasks.write([compared(5, "- 5")], tmp_path / "more/train.jsonl")
    tasks.write([compared(6, "- 6")], tmp_path / "more/test.jsonl")
    first = streams(tasks=[judged], probe=None, training=WHOLE)
    loop.train(first, tmp_path / "exp", quiet)
    matrix = loop.train(replace(first, tasks=(judged, tmp_path / "more")), tmp_path / "exp", quiet)
    assert {name: len(found) for name, found in matrix.shares().items()} == {
        "preferred in judged": 3,
        "preferred in more": 3,
    }
