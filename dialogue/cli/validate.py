"""Find problems in a prepared corpus."""

from __future__ import annotations

import argparse
from pathlib import Path

from dialogue.cli.options import DONE, SOME_FAILED

EXAMPLES = "  dialogue validate data"


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("data", type=Path, metavar="DIR", help="output of `dialogue prepare`")


def run(call: argparse.Namespace) -> int:
    from dialogue import corpus

    problems = corpus.validate(call.data)
    for problem in problems:
        print(problem)
    print(f"{call.data}: {len(problems)} problem{'s' if len(problems) != 1 else ''}")
    return SOME_FAILED if problems else DONE
