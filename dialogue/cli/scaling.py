"""Fit how a loss falls with data or parameters, and predict the gain from more."""

from __future__ import annotations

import argparse
from pathlib import Path

from dialogue.cli import options
from dialogue.cli.options import DONE, SOME_FAILED, line
from dialogue.core.files import to_json

EXAMPLES = """  dialogue scaling fit losses.csv --at 1e9 --plot law.svg
  dialogue scaling fit runs.csv --at 1e9,2e10 --json
  dialogue scaling run conf/continual.yaml --exp exp/curve --task debates --seeds 0,1 --set training.epochs=2
  dialogue scaling curve exp/curve --more 400 --plot exp/curve.svg"""


def arguments(parser: argparse.ArgumentParser) -> None:
    fit, run, curve = options.actions(
        parser,
        EXAMPLES,
        fit=(_fit, "fit a law to points"),
        run=(_run, "finetune on nested subsets of a task's dialogues"),
        curve=(_curve, "fit the learning curve of these runs", "  dialogue scaling curve exp/curve --more 400"),
    )
    fit.add_argument("points", type=Path, metavar="CSV", help="columns x,y or n,d,loss")
    fit.add_argument(
        "--at", action="append", default=[], metavar="SIZE", help="size to predict at (n,d: both); may be repeated"
    )
    run.add_argument("config", type=Path, metavar="YAML", help="YAML of a continual run")
    run.add_argument(
        "--exp", required=True, type=Path, metavar="DIR", help="folder of the curve; an unfinished run is resumed"
    )
    run.add_argument("--task", metavar="NAME", help="a task of the YAML (default: the first)")
    run.add_argument(
        "--sizes",
        default="1/16,1/8,1/4,1/2,1",
        metavar="SHARES",
        help="shares of the training recordings (default: 1/16,1/8,1/4,1/2,1)",
    )
    run.add_argument("--seeds", default="0", metavar="N,N", help="seeds of the subsets and of training (default: 0)")
    options.add_overrides(
        run, "set one option, e.g. training.epochs=3 (training.steps=N trains all sizes for as many updates)"
    )
    curve.add_argument("runs", nargs="+", type=Path, metavar="PATH", help="folders or files of runs")
    curve.add_argument("--more", type=options.number, metavar="N", help="dialogues to add (default: as many as now)")
    for sub in (fit, curve):
        sub.add_argument("--json", action="store_true", help="print JSON instead of text")
        sub.add_argument(
            "--plot", type=Path, metavar="FILE", help="SVG or PNG to write: the points, the law and its band"
        )


def _fit(call: argparse.Namespace) -> int:
    from dialogue.learning import scaling
    from dialogue.learning.scaling import fit_report, plot

    found = scaling.fit(scaling.read(call.points))
    at = [[_number(n) for n in sizes.split(",")] for sizes in call.at]
    print(to_json(fit_report.as_dict(found, at)) if call.json else f"{fit_report.as_text(found, at)}\n", end="")
    if call.plot:
        plot.draw(found, call.plot, found.points.law.columns[0], found.points.law.response)
    return SOME_FAILED if at and found.no_law else DONE


def _curve(call: argparse.Namespace) -> int:
    from dialogue.learning import scaling
    from dialogue.learning.scaling import fit_report, plot
    from dialogue.learning.scaling.curve import what_more_brings

    found = scaling.learning_curve(scaling.read_runs(call.runs))
    sentence = what_more_brings(found, call.more)
    value = {**fit_report.as_dict(found), "sentence": sentence}
    print(to_json(value) if call.json else f"{fit_report.as_text(found)}\n{sentence}\n", end="")
    if call.plot:
        plot.draw(found, call.plot, "dialogues", "bits per byte")
    return DONE


def _run(call: argparse.Namespace) -> int:
    from dialogue.learning.scaling import subsets

    stream = subsets.stream_of(call.config, call.task, call.overrides)
    sizes, seeds = subsets.fractions(call.sizes), subsets.whole_numbers(call.seeds)
    for run in subsets.run(stream, call.exp, sizes, seeds, line):
        print(run.said, flush=True)
    return DONE


def _number(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        raise ValueError(f"--at: found {text!r}. Accepted: numbers, e.g. --at 1e9 or --at 1e9,2e10.") from None
