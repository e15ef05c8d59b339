"""Scaling laws: recovery, derivatives, intervals that cover, refusals, files."""

import contextlib
import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dialogue.cli import main
from dialogue.learning.scaling import CHINCHILLA, POWER, Points, ScalingError, curve, fit, nested_subsets, points
from dialogue.learning.scaling.law import gain, optimal_exponent, response

TRUE = {
    "E": 1.8172,
    "A": 477.83,
    "B": 2143.4,
    "alpha": 0.3473,
    "beta": 0.3672,
}  # Besiroglu et al. 2024, fitted again


def power(
    a: float = 20, g: float = 0.35, b: float = 1.8, noise: float = 0.004, seed: int = 0, count: int = 7
) -> Points:
    x = np.geomspace(1e3, 64e3, count)
    y = (a * x**-g + b) * np.exp(np.random.default_rng(seed).normal(0, noise, count))
    return Points(POWER, tuple(zip(x.tolist(), y.tolist(), strict=True)))


def sweep(noise: float = 1e-4) -> Points:
    """240 runs: nine compute budgets, each spent on many sizes."""
    draw, rows = np.random.default_rng(0), []
    for budget in np.geomspace(6e18, 3e21, 9):
        for ratio in np.geomspace(0.15, 6, 27):
            n = 0.3 * ratio * (budget / 6) ** 0.5
            d = budget / 6 / n
            loss = TRUE["E"] + TRUE["A"] / n ** TRUE["alpha"] + TRUE["B"] / d ** TRUE["beta"]
            rows.append((n, d, loss * np.exp(draw.normal(0, noise))))
    return Points(CHINCHILLA, tuple(rows[:240]))


def test_known_constants_come_back() -> None:
    found = fit(sweep()).parameters
    assert {name: estimate.value for name, estimate in found.items()} == pytest.approx(TRUE, rel=5e-3)


def test_the_best_size_grows_with_about_the_root_of_the_compute() -> None:
    exponent = fit(sweep()).derived["compute_optimal_exponent"]
    assert exponent.value == pytest.approx(0.514, abs=2e-3)
    assert exponent.interval[0] < exponent.value < exponent.interval[1]


@pytest.mark.parametrize("law", [POWER, CHINCHILLA])
def test_derivatives_are_those_of_finite_differences(law) -> None:
    draw = np.random.default_rng(1)
    vector, logs = draw.uniform(0.1, 1, len(law.parameters)), draw.normal(0, 1, (5, len(law.variables)))
    _, slopes = law.log_value(vector, logs)
    for i in range(len(vector)):
        step = np.eye(len(vector))[i] * 1e-6
        near = (law.log_value(vector + step, logs)[0] - law.log_value(vector - step, logs)[0]) / 2e-6
        assert slopes[:, i] == pytest.approx(near, abs=1e-6)


@pytest.mark.parametrize(
    "quantity",
    [response(POWER, [9e3], np.zeros(1)), gain(POWER, [1e3], [4e3], np.zeros(1)), optimal_exponent()],
)
def test_derivatives_of_quantities(quantity) -> None:
    vector = np.array([0.2, 0.5, 0.3, 0.4, 0.35])[: 5 if quantity.at.__qualname__.startswith("optimal") else 3]
    _, slope = quantity.at(vector)
    for i in range(len(vector)):
        step = np.eye(len(vector))[i] * 1e-6
        assert slope[i] == pytest.approx(
            (quantity.at(vector + step)[0] - quantity.at(vector - step)[0]) / 2e-6, abs=1e-5
        )


def test_intervals_hold_where_a_bootstrap_of_residuals_does_not() -> None:
    """60 curves; 200 in benchmarks/scaling.py."""
    truth = 20 * 512e3**-0.35 + 1.8
    held = {"prediction": 0, "g": 0, "b": 0}
    for seed in range(60):
        found = fit(power(seed=seed))
        named = {"prediction": found.predict([512e3]), "g": found.parameters["g"], "b": found.parameters["b"]}
        for name, true in (("prediction", truth), ("g", 0.35), ("b", 1.8)):
            low, high = named[name].interval
            held[name] += low <= true <= (np.inf if high is None else high)
    assert min(held.values()) >= 0.90 * 60, held


def test_one_outlier_hardly_matters() -> None:
    rows = list(power(noise=1e-5).rows)
    rows[3] = (rows[3][0], rows[3][1] * 1.3)
    found = fit(Points(POWER, tuple(rows)))
    assert found.parameters["b"].value == pytest.approx(1.8, rel=0.01)
    assert any(w.startswith("outlier: at x = 8000") for w in found.warnings)


def test_a_floor_that_cannot_be_told_from_nothing_is_said() -> None:
    assert "b cannot be told from 0." in fit(power(b=1e-6, noise=0.01)).warnings


def test_too_few_points_say_what_would_be_needed() -> None:
    narrow = Points(POWER, tuple((x, 5 * x**-0.3 + 1) for x in (100.0, 150.0, 200.0, 300.0, 400.0)))
    with pytest.raises(
        ScalingError, match=r"beyond the points: cannot extrapolate: x has 5 sizes over 0.6 decades. Needed"
    ):
        fit(narrow).predict([1e5])
    assert fit(narrow).predict([250.0]).value == pytest.approx(5 * 250**-0.3 + 1, rel=0.01)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("x,y\n1,2\n2,\n3,nan\n4,0\n", "line 3: y is .* line 4: y is 'nan'.* line 5: y is '0'"),
        ("size,loss\n1,2\n", "columns 'size', 'loss'. Accepted"),
        ("x,y\n1,2\n2,1.5\n", "2 points.*has 3 parameters"),
        ("x,y\n1,2\n1,1.5\n1,1.2\n1,1\n", "x has 1 different value"),
        ("x,y\n1,2\n2,2\n4,2\n8,2\n", "y is 2 at every point"),
        ("", "columns none"),
    ],
)
def test_a_wrong_table_is_explained(text: str, found: str) -> None:
    with pytest.raises(ScalingError, match=found):
        points.parse(text)


@given(st.text(max_size=200))
def test_any_table_is_read_or_refused(text: str) -> None:
    for read in (points.parse, curve.parse_csv, curve.parse_lines):
        with contextlib.suppress(ScalingError):
            read(text)


def test_columns_in_any_order_and_case() -> None:
    assert (
        points.parse("Loss,D,N\n" + "\n".join(f"{3 - i / 10},{10**i},{2 * 10**i}" for i in range(1, 8))).law
        is CHINCHILLA
    )


@pytest.fixture
def table(tmp_path: Path) -> Path:
    path = tmp_path / "losses.csv"
    path.write_text("x,y\n" + "".join(f"{x},{y}\n" for x, y in power().rows))
    return path


def test_the_command_prints_json(table: Path, capsys) -> None:
    assert main(["scaling", "fit", str(table), "--json", "--at", "1e5"]) == 0
    value = json.loads(capsys.readouterr().out)
    assert set(value["parameters"]) == set(value["intervals"]) == {"a", "b", "g"}
    assert value["intervals"]["b"][0] < 1.8 < value["intervals"]["b"][1]
    assert value["predictions"][0]["at"] == {"x": 1e5}


def test_the_command_draws(table: Path, tmp_path: Path, capsys) -> None:
    assert main(["scaling", "fit", str(table), "--plot", str(tmp_path / "law.svg")]) == 0
    assert "y = a x^-g + b: 7 points" in capsys.readouterr().out
    assert "<svg" in (tmp_path / "law.svg").read_text(encoding="utf-8")


def test_a_wrong_place_is_a_wrong_call(table: Path, capsys) -> None:
    assert main(["scaling", "fit", str(table), "--at", "many"]) == 2
    assert "Accepted: numbers" in capsys.readouterr().err


def runs(folder: Path, law: Callable[[int], float], sizes: tuple[int, ...]) -> Path:
    lines = [
        {"documents": n, "tokens": 500 * n, "bits_per_byte": law(n) + 0.001 * seed, "seed": seed}
        for n in sizes
        for seed in (0, 1)
    ]
    (folder / "curve.jsonl").write_text("".join(json.dumps(line) + "\n" for line in lines))
    return folder


def test_a_sentence_says_what_more_dialogues_would_bring(tmp_path: Path, capsys) -> None:
    folder = runs(tmp_path, lambda n: 2 * n**-0.4 + 1.1, (10, 20, 40, 80, 160, 400))
    assert main(["scaling", "curve", str(folder), "--more", "400"]) == 0
    sentence = capsys.readouterr().out.splitlines()[-1]
    assert sentence.startswith("400 more dialogues would bring 0.0")
    assert "90 % interval" in sentence


def test_a_curve_of_too_few_sizes_says_so(tmp_path: Path, capsys) -> None:
    main(["scaling", "curve", str(runs(tmp_path, lambda n: 2 * n**-0.4 + 1.1, (10, 20, 40)))])
    assert "cannot be said: cannot extrapolate" in capsys.readouterr().out.splitlines()[-1]


X = (1e3, 3e3, 1e4, 3e4, 1e5, 3e5)


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ((2.0, 2.2, 2.5, 2.7, 3.0, 3.3), "rises"),
        ((0.41, 0.52, 0.60, 0.66, 0.70, 0.73), "rises"),  # an accuracy
        ((2.0, 2.3, 2.2, 2.6, 2.9, 3.1), "rises"),
        ((2.01, 1.99, 2.02, 1.98, 2.0, 2.01), "flat"),
        ((3.0, 2.5, 2.2, 2.0, 2.4, 2.9), "flat"),
        ((3.0, 2.5, 2.2, 2.05, 2.06, 2.04), "falls"),
        ((3.3, 2.9, 2.95, 2.6, 2.4, 2.3), "falls"),
    ],
)
def test_only_what_falls_is_predicted(values, expected) -> None:
    found = fit(Points(POWER, tuple(zip(X, values, strict=True))))
    assert found.trend == expected
    if expected == "falls":
        assert found.predict([1e5]).value < 3
    else:
        with pytest.raises(ScalingError, match="nothing is predicted"):
            found.predict([1e5])


def test_the_loss_of_a_sweep_that_rises_with_both_sizes_is_said() -> None:
    rising = tuple((n, d, (n * d) ** 0.01) for n in (1e6, 1e7, 1e8) for d in (1e8, 1e9, 1e10))
    assert "rises with n, d" in fit(Points(CHINCHILLA, rising)).warnings[0]


def test_the_command_says_that_a_curve_rises(tmp_path: Path, capsys) -> None:
    table = tmp_path / "monte.csv"
    table.write_text("x,y\n" + "".join(f"{x},{y}\n" for x, y in zip(X, (2.0, 2.2, 2.5, 2.7, 3.0, 3.3), strict=True)))
    assert main(["scaling", "fit", str(table), "--at", "1e9", "--plot", str(tmp_path / "p.svg")]) == 1
    said = capsys.readouterr().out
    assert "y rises with x" in said
    assert "1 - y" in said
    assert "at x = " not in said
    assert main(["scaling", "fit", str(table), "--at", "1e9", "--json"]) == 1
    value = json.loads(capsys.readouterr().out)
    assert (value["trend"], value["predictions"]) == ("rises", [])


def test_dialogues_that_make_it_worse_promise_nothing(tmp_path: Path, capsys) -> None:
    main(["scaling", "curve", str(runs(tmp_path, lambda n: 1 + 0.01 * n**0.4, (10, 20, 40, 80, 160, 400)))])
    assert "cannot be said: the bits per byte rise" in capsys.readouterr().out.splitlines()[-1]


@dataclass(frozen=True)
class Document:
    recording: str
    number: int


def test_subsets_are_nested_and_never_split_a_recording() -> None:
    documents = [Document(f"r{i % 10}", i) for i in range(40)]
    small, half, whole = nested_subsets(documents, (0.2, 0.5, 1.0), seed=1)
    assert set(small) < set(half) < set(whole) == set(documents)
    for subset in (small, half):
        assert all(d in subset for d in documents if d.recording in {s.recording for s in subset})
    assert nested_subsets(documents[::-1], (0.2,), seed=1)[0] == small[::-1]


def test_a_picture_is_what_its_ending_says(tmp_path: Path) -> None:
    csv = tmp_path / "points.csv"
    csv.write_text("x,y\n" + "".join(f"{x},{2 * x**-0.3 + 1}\n" for x in (1, 3, 10, 30, 100, 300)))
    for name, begins in (("law.png", b"\x89PNG"), ("law.svg", b"<?xml")):
        assert main(["scaling", "fit", str(csv), "--plot", str(tmp_path / name)]) == 0
        assert (tmp_path / name).read_bytes().startswith(begins)
    assert main(["scaling", "fit", str(csv), "--plot", str(tmp_path / "law.pdf")]) == 2
