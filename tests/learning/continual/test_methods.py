"""The guarantees of each method, on the tiny model."""

import copy
from collections.abc import Callable
from dataclasses import replace

import pytest

from dialogue.learning import tasks
from dialogue.learning.continual import ContinualError, Stream, curriculum, growth, methods
from dialogue.learning.continual.encoding import Encoded, rows
from dialogue.learning.continual.learner import Learner
from dialogue.learning.continual.methods import adapters, alone, ewc, general, kl, l2sp, osf, padded, reptile, wise
from dialogue.learning.continual.methods import replay as rehearsal

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
    [together] = rows(some, 1000, learner.device)
    at, digits = 0, 1e-4 if learner.device == "cpu" else 0.02  # bfloat16 on a GPU
    for e in some:
        [alone] = rows([e], 1000, learner.device)
        part = learner.logits(together)[at : at + len(e.ids)]
        assert torch.allclose(part, learner.logits(alone), atol=digits)
        at += len(e.ids)


def test_growing_changes_nothing_at_first_and_freezes_what_was_there(streams: Streams) -> None:
    plain = Learner(streams())
    [row] = rows(encoded(plain, streams())[:1], 1000, plain.device)
    before = plain.logits(row)
    model = copy.deepcopy(plain.model)
    assert growth.grow(model, 1) == 2
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
    [row] = rows(encoded(learner, stream)[:2], 1000, learner.device)
    ready = method.prepare_row(row)
    assert method.row_loss(row, learner.logits(row), ready).item() == pytest.approx(0, abs=1e-3)
    moved(learner)
    assert method.row_loss(row, learner.logits(row), ready).item() > 0.1


@pytest.mark.parametrize("adaptation", ["lora", "full"])
def test_the_distance_to_the_initial_weights_is_that_of_the_weights(streams: Streams, adaptation: str) -> None:
    stream = streams("l2sp", adaptation={"kind": adaptation}, l2sp={"weight": 1.0})
    learner = Learner(stream)
    method = l2sp.make(stream, learner)
    assert method.loss().item() == pytest.approx(0, abs=1e-6)
    initial = {n: p.detach().clone() for n, p in _merged(learner).items()}
    moved(learner)
    found = sum(((p - initial[n]) ** 2).sum().item() for n, p in _merged(learner).items())
    assert method.loss().item() == pytest.approx(found, rel=1e-3)


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
    assert method.loss().item() == 0
    assert sum(float(f.sum()) for f in method.importance.values()) == pytest.approx(
        sum(f.numel() for f in method.importance.values()), rel=1e-3
    )
    moved(learner)
    assert method.loss().item() > 0


@pytest.mark.parametrize("alpha", [0.0, 0.3, 1.0])
def test_blending_adapters_blends_their_products(alpha: float) -> None:
    draw = torch.Generator().manual_seed(0)

    def pair() -> dict:
        # each has rank 1, so that both together fit rank 2
        a, b = torch.zeros(2, 6), torch.zeros(5, 2)
        a[0], b[:, 0] = torch.randn(6, generator=draw), torch.randn(5, generator=draw)
        return {"q.lora_A.default.weight": a, "q.lora_B.default.weight": b}

    def product(state: dict) -> torch.Tensor:
        return state["q.lora_B.default.weight"] @ state["q.lora_A.default.weight"]

    before, now = pair(), pair()
    mean = alpha * product(now) + (1 - alpha) * product(before)
    assert torch.allclose(product(wise.blend(before, now, alpha)), mean, atol=1e-5)


@pytest.mark.parametrize(("policy", "kept"), [("reservoir", [5]), ("per_task", [1, 1, 1])])
def test_the_buffer_stays_in_its_bounds(streams: Streams, policy: str, kept: list[int]) -> None:
    stream = streams("replay", replay={"quota": 5, "policy": policy})
    learner = Learner(stream)
    method = rehearsal.make(stream, learner)
    method.begin(0)
    assert method.old(0, [1000]) == [[]]
    for task in range(3):
        method.end(task, encoded(learner, stream, task))
    assert [len(examples) for examples in method.buffer.values()] == kept


def test_public_text_stands_in_for_what_may_not_be_kept(streams: Streams) -> None:
    public = streams().probe
    stream = streams("replay", replay={"source": "public", "public": str(public), "ratio": 0.5})
    learner = Learner(stream)
    method = rehearsal.make(stream, learner)
    method.begin(0)
    assert method.old(0, [1000]) == [[]]
    method.end(0, encoded(learner, stream))
    method.begin(1)
    assert {e.example.recording[:7] for e in method.old(1, [1000])[0]} == {"general"}
    assert method.buffer == {}


def test_replay_adds_its_share_of_tokens(streams: Streams) -> None:
    stream = streams("replay", replay={"ratio": 0.25, "general": 0.1})
    learner = Learner(stream)
    method = rehearsal.make(stream, learner)
    method.begin(0)
    method.end(0, encoded(learner, stream))
    method.begin(1)
    drawn = [sum(len(e.ids) for e in update) for update in method.old(1, [1000] * 300)]
    assert sum(drawn) / len(drawn) == pytest.approx(350, rel=0.01)
    assert method.old(1, [1000] * 9) == method.old(1, [1000] * 9)


@pytest.mark.parametrize("seed", range(5))
def test_a_small_share_of_replay_is_not_left_to_chance(streams: Streams, seed: int) -> None:
    stream = streams("replay", replay={"ratio": 0.01}, training={"seed": seed})
    learner = Learner(stream)
    method = rehearsal.make(stream, learner)
    method.end(0, encoded(learner, stream))
    method.begin(1)
    given = [e.size for update in method.old(1, [200] * 30) for e in update]
    assert sum(given) == pytest.approx(0.01 * 200 * 30, abs=max(given) / 2)


def extra(method: padded.Padded, stream: Stream, task: int) -> list[Encoded]:
    new = encoded(method.learner, stream, task)
    plan = curriculum.plan_of(stream, task, new)
    return [e for update in method.old(task, [sum(new[i].size for i in u) for u in plan]) for e in update]


def test_padding_is_new_text_first_and_repeats_nothing_before_all_was_seen(streams: Streams) -> None:
    stream = streams("padded", replay={"ratio": 1.0}, training={"steps": 2, "tokens": 100})
    learner = Learner(stream)
    new = encoded(learner, stream, 1)
    used = {new[i].example.id for update in curriculum.plan_of(stream, 1, new) for i in update}
    taken = [e.example.id for e in extra(padded.make(stream, learner), stream, 1)]
    assert 0 < len(taken) <= len(new)
    assert len({*taken}) == len(taken)
    assert not used & {*taken[: len(new) - len(used)]}


@pytest.mark.parametrize(("name", "source"), [("padded", "route"), ("general", "general")])
def test_controls_add_as_many_tokens_as_replay_would(streams: Streams, name: str, source: str) -> None:
    stream = streams(name, replay={"ratio": 0.25, "general": 0.1}, training={"steps": 40})
    learner = Learner(stream)
    new = encoded(learner, stream, 1)
    size = sum(len(new[i].ids) for update in curriculum.plan_of(stream, 1, new) for i in update)
    method = {"padded": padded, "general": general}[name].make(stream, learner)
    taken = extra(method, stream, 1)
    assert sum(len(e.ids) for e in taken) == pytest.approx(0.35 * size, abs=max(len(e.ids) for e in taken))
    assert {(e.example.id.split("-")[0], e.old) for e in taken} == {(source, name == "general")}
    first = sum(len(e.ids) for e in extra(method, stream, 0))  # when there is no past to replay
    assert first == pytest.approx(0.1 * size, rel=0.25)


def test_general_text_must_be_named(streams: Streams) -> None:
    with pytest.raises(ValueError, match="without general text"):
        streams("general", probe=None)


def test_joint_training_sees_what_naive_sees_in_as_many_updates(streams: Streams) -> None:
    stream = streams("joint")
    learner = Learner(stream)
    own = [encoded(learner, stream, task) for task in range(3)]
    mixed, apart = curriculum.lessons(stream, own, 0), curriculum.lessons(streams("naive"), own, 0)

    def seen(lessons: list[curriculum.Lesson]) -> list[str]:
        return sorted(x.examples[i].example.id for x in lessons for update in x.plan for i in update)

    assert seen(mixed) == seen(apart)
    assert [len(x.plan) for x in mixed] == [len(x.plan) for x in apart]
    assert len({name.split("-")[0] for name in seen(mixed[:1])}) == 3
    rates = [rate for x in mixed for rate in x.rates]
    assert rates.index(max(rates)) < len(rates) / 3  # it warms up once


def test_each_task_alone_begins_from_the_initial_weights(streams: Streams) -> None:
    stream = streams("alone")
    learner = Learner(stream)
    initial = learner.state()
    method = alone.make(stream, learner)
    moved(learner)
    method.begin(1)
    assert all(torch.equal(p, initial[name]) for name, p in learner.state().items())


@pytest.mark.parametrize("first", [True, False])
def test_the_weights_after_the_first_task_may_stay_as_learned(streams: Streams, first: bool) -> None:
    stream = streams("wise", wise={"alpha": 0.5, "first": first})
    learner = Learner(stream)
    method = wise.make(stream, learner)
    kept = []
    for task in range(2):
        method.begin(task)
        moved(learner)
        learned = learner.state()
        method.end(task, [])
        kept.append(all(torch.equal(p, learned[name]) for name, p in learner.state().items()))
    assert kept == [not first, False]


def test_the_anchor_is_the_average_that_was_kept(streams: Streams) -> None:
    stream = streams("ewc+wise", ewc={"samples": 1})
    learner = Learner(stream)
    used = methods.make(stream, learner)
    for method in used:
        method.begin(0)
    moved(learner)
    for method in used:
        method.end(0, encoded(learner, stream))
    [anchor] = [method.anchor for method in used if isinstance(method, ewc.EWC)]
    assert all(torch.equal(anchor[name], p) for name, p in learner.state().items())


def test_a_meta_step_keeps_its_share_of_the_way(streams: Streams) -> None:
    stream = streams("reptile", reptile={"every": 2, "step": 0.25})
    learner = Learner(stream)
    method = reptile.make(stream, learner)
    method.begin(0)
    optimizer = torch.optim.AdamW(learner.trainable().values())
    name = next(iter(learner.trainable()))
    start, way = learner.state()[name], []
    for step in range(5):
        with torch.no_grad():
            learner.trainable()[name].add_(1.0)
        method.stepped(step, 5, optimizer)
        way.append(float((learner.state()[name] - start).mean()))
    assert way == pytest.approx([1.0, 0.5, 1.5, 1.0, 1.25], abs=1e-5)


def test_self_generated_replay_keeps_nothing_that_was_said(streams: Streams) -> None:
    stream = streams("replay", replay={"source": "self_generated", "quota": 3})
    learner = Learner(stream)
    method = rehearsal.make(stream, learner)
    method.begin(0)
    said = encoded(learner, stream)
    method.end(0, said)
    for kept in method.buffer[0]:
        assert (kept.recording, kept.speakers, kept.utterances) == ("self-generated", (), ())
        assert kept.answer not in {e.example.answer for e in said}


def test_an_update_s_examples_depend_on_the_seed_alone(streams: Streams) -> None:
    learner = Learner(streams())
    some = encoded(learner, streams())
    assert curriculum.updates(some, 200, None, 1.0, "0/0") == curriculum.updates(some, 200, None, 1.0, "0/0")
    assert curriculum.updates(some, 200, None, 1.0, "0/0") != curriculum.updates(some, 200, None, 1.0, "1/0")
    assert sorted(i for u in curriculum.updates(some, 200, None, 2.0, "0/0") for i in u) == sorted([*range(6)] * 2)


def test_divergence_on_old_examples_leaves_new_ones_free(streams: Streams) -> None:
    stream = streams("replay+kl", kl={"on": "past"})
    learner = Learner(stream)
    method = kl.make(stream, learner)
    new = encoded(learner, stream)[:1]
    [mixed] = rows([*new, *(replace(e, old=True) for e in encoded(learner, stream, 1)[:1])], 1000, learner.device)
    ready = method.prepare_row(mixed)
    moved(learner)
    logits = learner.logits(mixed).detach()
    [alone] = rows(new, 1000, learner.device)
    assert method.prepare_row(alone) is None
    found = method.row_loss(mixed, logits, ready).item()
    logits[: len(new[0].ids)] += 1000 * torch.rand_like(logits[: len(new[0].ids)])
    assert method.row_loss(mixed, logits, ready).item() == pytest.approx(found)
    assert found > 0


def test_divergence_on_old_examples_needs_some(streams: Streams) -> None:
    with pytest.raises(ValueError, match=r"Set method=replay\+kl"):
        streams("kl", kl={"on": "past"})


@pytest.mark.parametrize(
    ("method", "adaptation"), [("osf", "lora"), ("adapters", "full"), ("osf+wise", "full"), ("joint+replay", "full")]
)
def test_methods_that_cannot_be_joined_are_refused(streams: Streams, method: str, adaptation: str) -> None:
    with pytest.raises(ValueError, match=r"method (osf|adapters|joint)"):
        streams(method, adaptation={"kind": adaptation})


def test_the_largest_directions_stay_as_they_were(streams: Streams) -> None:
    learner = Learner(streams("osf", osf={"kept": 0.5}))
    weight = "model.layers.0.mlp.up_proj.weight"
    before = learner.state()[weight]
    method = osf.make(learner.stream, learner)
    method.begin(0)
    for name, p in learner.trainable().items():
        if "S_low" in name:
            p.data.mul_(0.5)
    method.end(0, [])
    after = learner.state()[weight]
    high = torch.linalg.svdvals(before)[: min(before.shape) // 2]
    assert not torch.equal(before, after)
    assert torch.allclose(torch.linalg.svdvals(after)[: len(high)], high, atol=1e-5)


def test_merged_adapters_do_the_mean_of_what_each_does(streams: Streams) -> None:
    stream = streams("adapters", adaptation={"kind": "lora", "rank": 4})
    learner = Learner(stream)
    method = adapters.make(stream, learner)
    products = []
    for task in range(2):
        method.begin(task)
        # each has rank 1, so that both together fit rank 4
        for p in learner.trainable().values():
            p.data.zero_()
            p.data[(slice(0, 1), slice(None)) if p.shape[0] == 4 else (slice(None), slice(0, 1))] = torch.randn(1)
        products.append(product(learner.state()))
        method.end(task, [])
    assert torch.allclose(product(learner.state()), (products[0] + products[1]) / 2, atol=1e-4)


def product(state: dict) -> torch.Tensor:
    name = next(n for n in state if ".lora_A." in n)
    return state[name.replace(".lora_A.", ".lora_B.")] @ state[name]
