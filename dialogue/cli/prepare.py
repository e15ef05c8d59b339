"""Turn a corpus, as its authors distribute it, into manifests, references and splits."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from dialogue.cli.options import DONE, SOME_FAILED

EXAMPLES = "  dialogue prepare corpora/reunion/card.yaml --source corpora/reunion/data --out data"


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("card", type=Path, metavar="CARD", help="card of the corpus, corpora/<id>/card.yaml")
    parser.add_argument("--source", required=True, type=Path, metavar="DIR", help="folder of the corpus")
    parser.add_argument("--out", required=True, type=Path, metavar="DIR", help="folder to write")


def run(call: argparse.Namespace) -> int:
    from dialogue import corpus

    done = corpus.prepare(call.card, call.source, call.out)
    summary = corpus.summarise(call.out)
    corpus.draw(summary, call.out / "overview.svg")
    print(summary.table())
    for name, why in done.failed.items():
        print(f"failed: {name}: {why}", file=sys.stderr)
    print(f"{call.out}: {len(done.recordings)} recordings, {len(done.failed)} failed", file=sys.stderr)
    return SOME_FAILED if done.failed else DONE
