"""Report an experiment: a page of plots, its row of RESULTS.md, and a comparison with another experiment."""

from __future__ import annotations

import argparse
from pathlib import Path

from dialogue.cli import options
from dialogue.cli.options import DONE

EXAMPLES = "  dialogue report exp/base exp/new --data data --results RESULTS.md"


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "exp",
        nargs="+",
        type=Path,
        metavar="EXP",
        help="folder of the experiment; with two, the second is compared with the first",
    )
    parser.add_argument("--data", required=True, type=Path, metavar="DATA", help="output of prepare")
    parser.add_argument("--results", type=Path, metavar="FILE", help="RESULTS.md to update")
    options.add_config(parser)


def run(call: argparse.Namespace) -> int:
    from dialogue.experiments import report

    print(report.write_report(call.exp, call.data, call.results, options.config_of(call).minutes.language))
    return DONE
