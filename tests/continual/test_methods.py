"""What each method promises, on the tiny model."""

import copy
from collections.abc import Callable

import pytest

from dialogue import tasks
from dialogue.continual import ContinualError, Stream, loop
from dialogue.continual.encoding import Encoded, rows
from dialogue.continual.learner import Learner
from dialogue.continual.methods import ewc, grow, kl, l2sp, replay, wise

torch = pytest.importorskip("torch")
Streams = Callable[..., Stream]


def encoded(learner: Learner, stream: Stream, task: int = 0) -> list[Encoded]:
    return [learner.encoder(e) for e in tasks.read(stream.tasks[task] / "train.jsonl")]


def moved(learner: Learner) -> None:
    with torch.no_grad():
        for p in learner.trainable().values():
            p.add_(torch.randn_like(p) * 0.05)


def test_examples_of_a_row_do_not_see_each_other(streams: Streams) -> None:
    learner = Learner(streams())
    some = encoded(learner, streams())[:3]
    [together] = rows(some, 1000)
    at = 0
    for e in some:
        [alone] = rows([e], 1000)
        part = learner.logits(together)[at : at + len(e.ids)]
        assert torch.allclose(part, learner.logits(alone), atol=1e-4)
        at += len(e.ids)


def test_growing_changes_nothing_at_first_and_freezes_what_was_there(streams: Streams) -> None:
    plain = Learner(streams())
    [row] = rows(encoded(plain, streams())[:1], 1000)
    before = plain.logits(row)
    model = copy.deepcopy(plain.model)
    assert grow.grow(model, 1) == 2
    plain.model = model
    assert torch.allclose(plain.logits(row), before, atol=1e-5)
    assert {name.split(".")[2] for name in plain.trainable()} == {"1", "3"}


def test_growing_too_seldom_is_refused(streams: Streams) -> None:
    with pytest.raises(ContinualError, match=r"2 blocks and grow.every=6"):
        Learner(streams("grow"))


@pytest.mark.parametrize("adaptation", ["lora", "full"])
def test_the_divergence_is_zero_at_first_and_grows(streams: Streams, adaptation: str) -> None:
    stream = streams("kl", adaptation={"kind": adaptation})
    learner = Learner(stream)
    method = kl.make(stream, learner)
    method.begin(0)
    [row] = rows(encoded(learner, stream)[:2], 1000)
    ready = method.prepare_row(row)
    assert float(method.row_loss(row, learner.logits(row), ready)) == pytest.approx(0, abs=1e-3)
    moved(learner)
    assert float(method.row_loss(row, learner.logits(row), ready)) > 0.1


@pytest.mark.parametrize("adaptation", ["lora", "full"])
def test_the_distance_to_the_initial_weights_is_that_of_the_weights(
    streams: Streams, adaptation: str
) -> None:
    stream = streams("l2sp", adaptation={"kind": adaptation}, l2sp={"weight": 1.0})
    learner = Learner(stream)
    method = l2sp.make(stream, learner)
    assert float(method.loss()) == pytest.approx(0, abs=1e-6)
    initial = {n: p.detach().clone() for n, p in _merged(learner).items()}
    moved(learner)
    found = sum(float(((p - initial[n]) ** 2).sum()) for n, p in _merged(learner).items())
    assert float(method.loss()) == pytest.approx(found, rel=1e-3)


def _merged(learner: Learner) -> dict:
    model = copy.deepcopy(learner.model)
    model = model.merge_and_unload() if learner.adapted else model
    return dict(model.named_parameters())


def test_what_mattered_costs_more_to_move(streams: Streams) -> None:
    stream = streams("ewc", ewc={"samples": 4})
    learner = Learner(stream)
    method = ewc.make(stream, learner)
    assert method.loss() is None
    method.end(0, encoded(learner, stream))
    assert float(method.loss()) == 0
    assert sum(float(f.sum()) for f in method.importance.values()) == pytest.approx(
        sum(f.numel() for f in method.importance.values()), rel=1e-3
    )
    moved(learner)
    assert float(method.loss()) > 0


@pytest.mark.parametrize("alpha", [0.0, 0.3, 1.0])
def test_blending_adapters_blends_their_products(alpha: float) -> None:
    draw = torch.Generator().manual_seed(0)

    def pair() -> dict:
        # of rank 1 each, so that both together fit rank 2
        a, b = torch.zeros(2, 6), torch.zeros(5, 2)
        a[0], b[:, 0] = torch.randn(6, generator=draw), torch.randn(5, generator=draw)
        return {"q.lora_A.default.weight": a, "q.lora_B.default.weight": b}

    def product(state: dict) -> torch.Tensor:
        return state["q.lora_B.default.weight"] @ state["q.lora_A.default.weight"]

    before, now = pair(), pair()
    mean = alpha * product(now) + (1 - alpha) * product(before)
    assert torch.allclose(product(wise.blend(before, now, alpha)), mean, atol=1e-5)


def test_the_buffer_is_a_fair_sample_that_stays_in_its_bounds(streams: Streams) -> None:
    stream = streams("replay", replay={"quota": 5})
    learner = Learner(stream)
    method = replay.make(stream, learner)
    method.begin(0)
    assert method.old(0, 0, 1000) == []
    for task in range(3):
        method.end(task, encoded(learner, stream, task))
    assert len(method.buffer) == 5
    assert method.seen == 18


def test_replay_adds_its_share_of_tokens(streams: Streams) -> None:
    stream = streams("replay", replay={"ratio": 0.25, "general": 0.1})
    learner = Learner(stream)
    method = replay.make(stream, learner)
    method.begin(0)
    method.end(0, encoded(learner, stream))
    method.begin(1)
    drawn = [sum(len(e.ids) for e in method.old(1, step, 1000)) for step in range(300)]
    assert sum(drawn) / len(drawn) == pytest.approx(350, rel=0.1)
    assert method.old(1, 7, 1000) == method.old(1, 7, 1000)


def test_self_generated_replay_keeps_nothing_that_was_said(streams: Streams) -> None:
    stream = streams("replay", replay={"source": "self_generated", "quota": 3})
    learner = Learner(stream)
    method = replay.make(stream, learner)
    method.begin(0)
    said = encoded(learner, stream)
    method.end(0, said)
    for kept in method.buffer:
        assert (kept.recording, kept.speakers, kept.utterances) == ("self-generated", (), ())
        assert kept.answer not in {e.example.answer for e in said}


def test_an_update_s_examples_depend_on_the_seed_alone(streams: Streams) -> None:
    learner = Learner(streams())
    some = encoded(learner, streams())
    assert loop.updates(some, 200, None, 1.0, "0/0") == loop.updates(some, 200, None, 1.0, "0/0")
    assert loop.updates(some, 200, None, 1.0, "0/0") != loop.updates(some, 200, None, 1.0, "1/0")
    assert sorted(i for u in loop.updates(some, 200, None, 2.0, "0/0") for i in u) == sorted([*range(6)] * 2)
