"""Write the minutes of recordings as documents, in a style and in several formats."""

from __future__ import annotations

import argparse
from pathlib import Path

from dialogue.cli import options

EXAMPLES = (
    "  dialogue documents data/recordings.jsonl --minutes exp/minutes --transcripts exp/transcript --out exp/documents "
    "--format md,odt"
)


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--minutes", required=True, type=Path, metavar="DIR", help="output of minutes")
    parser.add_argument(
        "--transcripts", required=True, type=Path, metavar="DIR", help="transcripts that the minutes were made from"
    )
    options.add_documents(parser)
    options.add_stage(parser)


def run(call: argparse.Namespace) -> int:
    from dialogue.workflow import stages

    config = options.config_of(call, documents=options.documents_of(call))
    return options.run_stage(call, stages.document(call.minutes, call.transcripts, config.documents))
