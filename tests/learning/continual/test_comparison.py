"""Comparing runs: the changes of a method, computed by hand on made-up matrices, and runs that are not comparable."""

import json
from collections.abc import Mapping, Sequence
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from dialogue.core.plots import PictureError
from dialogue.learning.continual import alarm, comparison, heatmaps, pairing
from dialogue.learning.continual.averages import baseline
from dialogue.learning.continual.matrix import Matrix
from dialogue.learning.continual.runs import ComparedRun
from dialogue.scoring.bootstrap import quantiles

DOCUMENTS = 6
NAIVE = [[3.0, 3.0], [2.0, 3.0], [2.5, 2.2]]  # forgets 0.5 of the first; plasticity 2.1
REPLAY = [[3.0, 3.0], [2.1, 3.0], [2.2, 2.3]]  # forgets 0.1; plasticity 2.2


def made(
    values: Sequence[Sequence[float]], order: Sequence[str] = ("calls", "debates"), documents: int = DOCUMENTS
) -> Matrix:
    """Spread each cell of R over identical documents of 100 bytes, so that all draws are equal."""
    rows = [
        {name: {f"{name}{n}": [100 * v, 100.0] for n in range(documents)} for name, v in zip(order, row, strict=True)}
        for row in values
    ]
    return Matrix(list(order), rows)


def save(
    root: Path, name: str, matrix: Matrix, method: str, seed: int = 0, tokens: int = 1000, **config: object
) -> None:
    matrix.run = {"method": method, "seed": seed, "order": matrix.tasks, "tokens": tokens, "seconds": 2.0}
    matrix.save(root / name / "matrix.json")
    if config:
        (root / name / "config.json").write_text(json.dumps(config))


def runs(root: Path) -> dict[str, ComparedRun]:
    return {run.name: run for run in comparison.read([root])}


def changes(root: Path) -> Mapping[str, dict]:
    return {run["name"]: run["against"] for run in json.loads(comparison.as_json(comparison.read([root])))}


def test_differences_cut_and_cost_worked_out_by_hand(tmp_path: Path) -> None:
    save(tmp_path, "naive-0", made(NAIVE), "naive")
    save(tmp_path, "replay-0", made(REPLAY), "replay")
    found = changes(tmp_path)["replay-0"]
    assert found["baseline"] == "naive-0"
    forgetting, plasticity = found["forgetting"], found["plasticity"]
    assert [*forgetting] == ["difference", "interval", "cut_percent"]
    assert [*plasticity] == ["difference", "interval", "cost_percent"]
    assert forgetting["interval"] == pytest.approx([-0.4, -0.4])
    assert (forgetting["difference"], forgetting["cut_percent"]) == pytest.approx((-0.4, 80.0))
    assert (plasticity["difference"], plasticity["cost_percent"]) == pytest.approx((0.1, 100 * 0.1 / 2.1))


def test_the_baseline_is_not_compared_with_itself(tmp_path: Path) -> None:
    save(tmp_path, "naive-0", made(NAIVE), "naive")
    save(tmp_path, "naive-1", made(NAIVE), "naive", seed=1)
    assert changes(tmp_path) == {"naive-0": None, "naive-1": None}


def test_without_naive_the_first_run_is_the_baseline(tmp_path: Path) -> None:
    save(tmp_path, "a", made(REPLAY), "replay")
    save(tmp_path, "b", made(NAIVE), "ewc")
    assert changes(tmp_path)["b"]["baseline"] == "a"


def test_a_run_is_paired_with_the_baseline_of_its_own_seed(tmp_path: Path) -> None:
    save(tmp_path, "naive-0", made(REPLAY), "naive")
    save(tmp_path, "naive-1", made(NAIVE), "naive", seed=1)
    save(tmp_path, "replay-1", made(REPLAY), "replay", seed=1)
    assert changes(tmp_path)["replay-1"]["baseline"] == "naive-1"


def test_a_run_is_paired_with_the_baseline_that_trains_the_same_weights(tmp_path: Path) -> None:
    kinds = {"naive": "lora", "naive-full": "full", "replay": "lora", "osf": "full", "wise": "lora"}
    for name, adaptation in kinds.items():
        matrix = made(NAIVE if "naive" in name else REPLAY)
        save(tmp_path, name, matrix, name.removesuffix("-full"), adaptation={"kind": adaptation})
        matrix.run["adaptation"] = adaptation
        matrix.save(tmp_path / name / "matrix.json")
    found = changes(tmp_path)
    assert {name: change and change["baseline"] for name, change in found.items()} == {
        "naive": None,
        "naive-full": None,
        "replay": "naive",
        "osf": "naive-full",
        "wise": "naive",
    }


def test_a_run_of_another_order_is_measured_in_its_own_and_not_paired(tmp_path: Path) -> None:
    save(tmp_path, "naive-0", made(NAIVE), "naive")
    save(tmp_path, "replay-0", made(REPLAY, ("debates", "calls")), "replay")
    assert runs(tmp_path)["replay-0"].matrix.metrics()["forgetting"] == pytest.approx(0.1)
    assert changes(tmp_path)["replay-0"] is None


def test_runs_without_a_partner_are_named(tmp_path: Path) -> None:
    save(tmp_path, "naive-0", made(NAIVE), "naive")
    save(tmp_path, "replay-0", made(REPLAY), "replay")
    save(tmp_path, "replay-7", made(REPLAY), "replay", seed=7)
    assert "of naive with the seed, order and test text of: replay-7." in comparison.table(comparison.read([tmp_path]))


def test_documents_cut_elsewhere_are_not_paired(tmp_path: Path) -> None:
    save(tmp_path, "naive-0", made(NAIVE), "naive")
    shorter = made(REPLAY)
    shorter.rows[0]["calls"]["calls0"] = [150.0, 50.0]
    save(tmp_path, "replay-0", shorter, "replay")
    assert changes(tmp_path)["replay-0"] is None


def test_forgetting_that_may_be_none_is_not_cut(tmp_path: Path) -> None:
    """The baseline forgets 0.1 on average, and less than nothing in half of its documents."""
    unsure = made([[3.0, 3.0], [2.0, 3.0], [2.1, 2.2]])
    for n in range(DOCUMENTS):
        unsure.rows[2]["calls"][f"calls{n}"][0] += 60 * (-1) ** n
    save(tmp_path, "naive-0", unsure, "naive")
    save(tmp_path, "replay-0", made(REPLAY), "replay")
    assert changes(tmp_path)["replay-0"]["forgetting"]["cut_percent"] is None


def test_few_documents_give_no_interval_and_no_cut(tmp_path: Path) -> None:
    save(tmp_path, "naive-0", made(NAIVE, documents=4), "naive")
    save(tmp_path, "replay-0", made(REPLAY, documents=4), "replay")
    found = changes(tmp_path)["replay-0"]["forgetting"]
    assert (found["interval"], found["cut_percent"]) == (None, None)


def test_one_task_has_plasticity_to_compare_and_nothing_to_forget(tmp_path: Path) -> None:
    save(tmp_path, "naive-0", made([[3.0], [2.0]], ["calls"]), "naive")
    save(tmp_path, "replay-0", made([[3.0], [2.2]], ["calls"]), "replay")
    found = changes(tmp_path)["replay-0"]
    assert (found["forgetting"], found["plasticity"]["cost_percent"]) == (None, pytest.approx(10.0))


# Controls ---------------------------------------------------------------------------------------------------------

PADDED = [[3.0, 3.0], [2.0, 3.0], [2.4, 2.2]]  # forgets 0.4


def test_the_cut_is_also_against_as_much_new_text(tmp_path: Path) -> None:
    save(tmp_path, "naive-0", made(NAIVE), "naive")
    save(tmp_path, "padded-0", made(PADDED), "padded", tokens=1100)
    save(tmp_path, "replay-0", made(REPLAY), "replay", tokens=1110)
    found = {run["name"]: run["against_padded"] for run in json.loads(comparison.as_json([*runs(tmp_path).values()]))}
    assert found["replay-0"]["forgetting"]["cut_percent"] == pytest.approx(75.0)
    assert found["replay-0"]["more_tokens_percent"] == pytest.approx(100 * 10 / 1100)
    assert (found["naive-0"], found["padded-0"]) == (None, None)


def test_of_several_paddings_the_one_nearest_in_tokens_is_the_control(tmp_path: Path) -> None:
    for tokens in (1100, 1300):
        ratio = {"ratio": tokens / 1000 - 1}
        save(tmp_path, f"padded-{tokens}", made(PADDED), "padded", tokens=tokens, replay=ratio)
        save(tmp_path, f"replay-{tokens}", made(REPLAY), "replay", tokens=tokens + 9, replay=ratio)
    found = comparison.against([*runs(tmp_path).values()], control=True)
    assert [c and c.baseline for c in found] == [None, None, "padded-1100", "padded-1300"]


@pytest.mark.parametrize(("tokens", "said"), [(1019, False), (1021, True)])
def test_unequal_tokens_are_said(tmp_path: Path, tokens: int, said: bool) -> None:
    save(tmp_path, "naive-0", made(NAIVE), "naive")
    save(tmp_path, "replay-0", made(REPLAY), "replay", tokens=tokens)
    assert ("% (!)" in comparison.table([*runs(tmp_path).values()])) == said


@pytest.mark.parametrize(("bound", "shown"), [("joint", {"average"}), ("alone", {"plasticity"})])
def test_a_bound_has_no_forgetting_to_cut(tmp_path: Path, bound: str, shown: set[str]) -> None:
    save(tmp_path, "naive-0", made(NAIVE), "naive")
    save(tmp_path, "bound-0", made(REPLAY), bound)
    found = summary(tmp_path, bound)
    assert {name for name, (mean, _) in found.figures.items() if mean is not None} == shown
    assert (found.forgetting, found.cut) == (None, None)
    assert "Bounds: joint" in comparison.table([*runs(tmp_path).values()])


# Over seeds -------------------------------------------------------------------------------------------------------


def summary(root: Path, method: str):
    [found] = [s for s in comparison.summarise(comparison.read([root])) if s.method == method]
    return found


def test_means_and_deviations_over_runs(tmp_path: Path) -> None:
    save(tmp_path, "naive-0", made(NAIVE), "naive")
    save(tmp_path, "naive-1", made(REPLAY), "naive", seed=1)
    found = summary(tmp_path, "naive")
    assert found.figures["forgetting"] == pytest.approx((0.3, 0.4 / 2**0.5))
    assert found.spread == "2 runs: 2 seeds, 1 order"


def test_a_single_run_has_no_deviation_and_says_so(tmp_path: Path) -> None:
    save(tmp_path, "naive-0", made(NAIVE), "naive")
    found = summary(tmp_path, "naive")
    assert (found.spread, found.figures["forgetting"][1]) == ("1 run", None)


def test_the_cut_is_the_mean_over_pairs(tmp_path: Path) -> None:
    for seed, values in enumerate([REPLAY, NAIVE]):
        save(tmp_path, f"naive-{seed}", made(NAIVE), "naive", seed)
        save(tmp_path, f"replay-{seed}", made(values), "replay", seed)
    found = summary(tmp_path, "replay")
    assert (found.cut, found.pairs) == (pytest.approx(40.0), 2)
    assert found.forgetting.interval == pytest.approx((-0.2, -0.2))


def test_an_interval_over_runs_needs_five_and_holds_their_spread(tmp_path: Path) -> None:
    """Documents are alike, so that the interval over them is a point; the runs differ by 0.1 in forgetting."""
    for n in range(6):
        seed, order = n // 2, ("calls", "debates") if n % 2 else ("debates", "calls")
        varied = [[3.0, 3.0], [2.1, 3.0], [2.2 + 0.05 * seed, 2.3]]
        save(tmp_path, f"naive-{n}", made(NAIVE, order), "naive", seed)
        save(tmp_path, f"replay-{n}", made(varied, order), "replay", seed)
        if n == 3:
            assert summary(tmp_path, "replay").forgetting.over_runs is None
    found = summary(tmp_path, "replay").forgetting
    assert found.interval == pytest.approx((-0.35, -0.35))
    assert found.over_runs == pytest.approx((-0.4, -0.3))


def test_unfinished_runs_are_said_and_left_out_of_means(tmp_path: Path) -> None:
    save(tmp_path, "naive-0", made(NAIVE), "naive")
    save(tmp_path, "naive-1", made(NAIVE[:2]), "naive", seed=1)
    assert len(summary(tmp_path, "naive").runs) == 1
    said = comparison.table(comparison.read([tmp_path]))
    assert "naive-1: 1 of 2 tasks done; in no average and no pair." in said


def test_settings_that_differ_are_part_of_a_methods_name(tmp_path: Path) -> None:
    for name, weight in (("a", 1.0), ("b", 10.0)):
        given = {
            "ewc": {"weight": weight, "samples": 32},
            "kl": {"weight": weight},
            "training": {"seed": weight},
        }
        save(tmp_path, name, made(NAIVE), "ewc", **given)
    assert [r.label for r in runs(tmp_path).values()] == ["ewc (ewc.weight=1.0)", "ewc (ewc.weight=10.0)"]


def test_folders_of_one_name_are_told_apart(tmp_path: Path) -> None:
    for folder in ("first", "second"):
        save(tmp_path / folder, "naive-0", made(NAIVE), "naive")
    found = comparison.read([tmp_path / "first", tmp_path / "second"])
    assert [r.name for r in found] == ["first/naive-0", "second/naive-0"]


def test_the_baseline_of_unfinished_runs_is_none(tmp_path: Path) -> None:
    save(tmp_path, "naive-0", made(NAIVE[:2]), "naive")
    assert baseline(list(runs(tmp_path).values())) is None


@pytest.mark.parametrize("heads", range(4), ids=["methods", "changes", "runs", "pairs"])
def test_forgetting_never_stands_without_plasticity(tmp_path: Path, heads: int) -> None:
    save(tmp_path, "naive-0", made(NAIVE), "naive")
    save(tmp_path, "replay-0", made(REPLAY), "replay")
    lines = comparison.table(comparison.read([tmp_path])).splitlines()
    tables = [line for line, rule in pairwise(lines) if rule.startswith("| ---")]
    found = [t for t in tables if "forgetting" in t]
    assert len(found) == 4
    assert "plasticity" in found[heads]


# Intervals --------------------------------------------------------------------------------------------------------


TRUE = {  # with fewer tasks, the minimum over rows would not be needed
    "naive": [[3.0, 3.2, 3.1], [2.0, 3.1, 3.0], [2.5, 2.1, 2.9], [2.8, 2.6, 2.0]],
    "replay": [[3.0, 3.2, 3.1], [2.02, 3.1, 3.0], [2.2, 2.13, 2.9], [2.35, 2.3, 2.03]],
}


def drawn(seed: int, sizes: Mapping[str, int]) -> dict[str, Matrix]:
    """Both methods on the same hard and easy documents of unequal lengths, shifted skewedly by method and task."""
    draw = np.random.default_rng(seed)
    rows: dict[str, list] = {method: [{} for _ in values] for method, values in TRUE.items()}
    for j, (name, size) in enumerate(sizes.items()):
        lengths, hard = np.exp(draw.normal(7, 0.5, size)), np.exp(draw.normal(-0.02, 0.2, size))
        for method, values in TRUE.items():
            for i, row in enumerate(values):
                found = row[j] * hard * (0.9 + 0.1 * draw.exponential(1, size))
                rows[method][i][name] = {
                    f"{name}{n}": [float(found[n] * lengths[n]), float(lengths[n])] for n in range(size)
                }
    return {method: Matrix(list(sizes), found) for method, found in rows.items()}


@pytest.mark.parametrize("figure", ["forgetting", "plasticity"])
def test_intervals_of_differences_hold_the_truth(figure: str, monkeypatch) -> None:
    """Of 60 experiments with 5 to 8 documents, 95 % is 57; plain percentile intervals cover it in 53 and 56."""
    monkeypatch.setattr(pairing, "SAMPLES", 300)
    one = dict.fromkeys(("calls", "debates", "stories"), 1)
    truth = {
        method: Matrix(
            list(one), [{n: {"d": [v, 1.0]} for n, v in zip(one, row, strict=True)} for row in values]
        ).metrics()[figure]
        for method, values in TRUE.items()
    }
    held = 0
    for seed in range(60):
        found = drawn(seed, {"calls": 5, "debates": 8, "stories": 6})
        draws = {method: pairing.draw(matrix)[figure] for method, matrix in found.items()}
        low, high = pairing.interval(draws["replay"] - draws["naive"], 5)
        held += low <= truth["replay"] - truth["naive"] <= high
    assert held >= 57


def test_what_makes_a_document_hard_for_both_cancels_out() -> None:
    found = drawn(0, {"calls": 20, "debates": 20, "stories": 20})
    draws = {method: pairing.draw(matrix)["plasticity"] for method, matrix in found.items()}
    paired = quantiles(draws["replay"] - draws["naive"])
    apart = quantiles(np.roll(draws["replay"], 1) - draws["naive"])
    assert paired[1] - paired[0] < (apart[1] - apart[0]) / 2


# Pictures ---------------------------------------------------------------------------------------------------------


@pytest.fixture
def many(tmp_path: Path) -> Path:
    """Fourteen runs: more than there are maps for; one is unfinished."""
    for seed in range(7):
        save(tmp_path, f"naive-{seed}", made(NAIVE), "naive", seed)
        save(tmp_path, f"replay-{seed}", made(REPLAY if seed else REPLAY[:2]), "replay", seed)
    return tmp_path


def test_a_picture_of_many_runs_has_a_map_a_method_and_one_legend(many: Path) -> None:
    comparison.draw(comparison.read([many]), many / "c.svg")
    text = (many / "c.svg").read_text(encoding="utf-8")
    assert [text.count(f">{t}<") for t in ("naive, mean of 7 runs", "replay, mean of 6 runs", "replay")] == [
        1,
        1,
        1,
    ]
    assert "naive-0" not in text


def test_the_maps_of_many_runs_are_of_the_usual_order(many: Path) -> None:
    for seed in range(3):  # of another order, and read first
        save(many, f"a-{seed}", made(NAIVE, ["debates", "calls"]), "kl", seed)
        save(many, f"b-{seed}", made(NAIVE), "kl", seed)
    assert {run.order for _, run, _ in heatmaps.maps_of(comparison.read([many]))} == {("calls", "debates")}


def test_more_methods_than_colours_are_numbered(tmp_path: Path) -> None:
    methods = ["naive", "ewc", "general", "kl", "l2sp", "padded", "replay", "wise"]
    for method in methods:
        save(tmp_path, method, made(NAIVE), method)
    comparison.draw(comparison.read([tmp_path]), tmp_path / "c.svg")
    text = (tmp_path / "c.svg").read_text(encoding="utf-8")
    assert all(f">{n}<" in text and f">{n} {method}<" in text for n, method in enumerate(methods, 1))


def test_many_runs_of_which_none_is_finished_are_drawn(tmp_path: Path) -> None:
    for seed in range(13):
        save(tmp_path, f"naive-{seed}", made(NAIVE[:2]), "naive", seed)
    comparison.draw(comparison.read([tmp_path]), tmp_path / "c.svg")
    assert (tmp_path / "c.svg").read_text(encoding="utf-8").count(">naive-") == 12


def test_a_picture_is_the_same_each_time(many: Path) -> None:
    for name in ("a.svg", "b.svg"):
        comparison.draw(comparison.read([many]), many / name)
    assert (many / "a.svg").read_bytes() == (many / "b.svg").read_bytes()


def test_a_picture_may_be_png(many: Path) -> None:
    comparison.draw(comparison.read([many]), many / "c.png")
    assert (many / "c.png").read_bytes().startswith(b"\x89PNG")


def test_another_kind_of_picture_is_refused(many: Path) -> None:
    with pytest.raises(PictureError, match=r"Accepted: \.svg, \.png"):
        comparison.draw(comparison.read([many]), many / "c.pdf")


@pytest.mark.parametrize(
    ("values", "order", "said"),
    [
        (NAIVE[:1], ["calls", "debates"], "naive-0 (0 of 2 tasks)"),
        ([[3.0], [2.0]], ["calls"], "one task: nothing to forget"),
        (NAIVE, ["calls", "debates"], "bits per byte on each"),
    ],
    ids=["nothing learned yet", "one task", "one run"],
)
def test_little_is_drawn_too(tmp_path: Path, values: list, order: list[str], said: str) -> None:
    save(tmp_path, "naive-0", made(values, order), "naive")
    comparison.draw(comparison.read([tmp_path]), tmp_path / "c.svg")
    assert said in (tmp_path / "c.svg").read_text(encoding="utf-8")


# The alarm --------------------------------------------------------------------------------------------------------


def warned(root: Path, forgot: Sequence[float], kl: Sequence[float], method: str = "naive") -> None:
    for seed, (more, divergence) in enumerate(zip(forgot, kl, strict=True)):
        matrix = made([[3.0, 3.0], [2.0, 3.0], [2.0 + more, 2.2]])
        matrix.kl = [0.1, divergence]
        save(root, f"{method}-{seed}", matrix, method, seed)


def last(root: Path) -> alarm.Alarm:
    return alarm.alarms([run.matrix for run in comparison.read([root])])[-1]


def test_the_alarm_is_the_rank_correlation_of_divergence_and_forgetting(tmp_path: Path) -> None:
    warned(tmp_path, [0.1, 0.2, 0.3, 0.4, 0.5], [1.0, 2.0, 3.0, 5.0, 4.0])
    found = last(tmp_path)
    assert (found.pairs, found.runs, found.correlation) == (5, 5, pytest.approx(0.9))
    assert found.interval[0] < 0.9 <= found.interval[1] <= 1.0
    assert "Spearman's correlation" in comparison.table(comparison.read([tmp_path]))


def test_the_alarm_of_four_runs_has_no_interval(tmp_path: Path) -> None:
    warned(tmp_path, [0.1, 0.2, 0.3, 0.4], [4.0, 3.0, 2.0, 1.0])
    assert (last(tmp_path).correlation, last(tmp_path).interval) == (pytest.approx(-1.0), None)


def test_the_drift_on_the_probe_is_an_alarm_too(tmp_path: Path) -> None:
    for seed, (forgot, drift) in enumerate([(0.1, 0.3), (0.2, 0.2), (0.3, 0.4)]):
        rows = [[1.0, 3.0, 3.0], [1.0, 2.0, 3.0], [1.0 + drift, 2.0 + forgot, 2.2]]
        save(tmp_path, f"naive-{seed}", made(rows, ["probe", "a", "b"]), "naive", seed)
    found = alarm.alarms([run.matrix for run in comparison.read([tmp_path])])
    assert [(a.signal, a.correlation) for a in found] == [("drift", pytest.approx(0.5))] * 2


def test_bounds_and_full_finetuning_are_in_no_alarm(tmp_path: Path) -> None:
    warned(tmp_path, [0.1, 0.2, 0.3], [1.0, 2.0, 3.0], "joint")
    save(tmp_path, "full", made(NAIVE), "naive")
    assert alarm.alarms([run.matrix for run in comparison.read([tmp_path])]) == []
