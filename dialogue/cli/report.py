"""Report an experiment: a page of plots, its results, and a comparison with another experiment."""

from __future__ import annotations

import argparse
from pathlib import Path

from dialogue.cli import options
from dialogue.cli.options import DONE

EXAMPLES = (
    "  dialogue report exp/base exp/new --data data --results RESULTS.md\n"
    "  dialogue report exp/new --data data --set report.language=en"
)


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "exp",
        nargs="+",
        type=Path,
        metavar="EXP",
        help="folder of the experiment; with two, the second is compared with the first",
    )
    parser.add_argument("--data", required=True, type=Path, metavar="DATA", help="output of prepare")
    parser.add_argument(
        "--results", type=Path, metavar="FILE", help="published RESULTS.md to compare with; writes EXP/RESULTS.md"
    )
    parser.add_argument("--publish", action="store_true", help="replace this experiment's section in --results FILE")
    options.add_config(parser)


def run(call: argparse.Namespace) -> int:
    from dialogue.experiments import report

    if call.publish and call.results is None:
        raise ValueError("--publish: no file to publish in. Name it: --results RESULTS.md --publish.")
    config = options.config_of(call)
    language = config.report.language or config.minutes.language
    print(report.write_report(call.exp, call.data, call.results, language, publish=call.publish))
    return DONE
