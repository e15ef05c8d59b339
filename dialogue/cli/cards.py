"""Show what is known about each corpus, as a table."""

from __future__ import annotations

import argparse
from pathlib import Path

from dialogue.cli.options import DONE

EXAMPLES = "  dialogue cards corpora"


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("folder", type=Path, metavar="DIR", help="folder that holds <corpus>/card.yaml")


def run(call: argparse.Namespace) -> int:
    from dialogue import corpus

    print(corpus.table(corpus.load_cards(call.folder)), end="")
    return DONE
