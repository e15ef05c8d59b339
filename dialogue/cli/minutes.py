"""Write minutes with evidence from transcripts."""

from __future__ import annotations

import argparse
from pathlib import Path

from dialogue.cli import options

EXAMPLES = "  dialogue minutes data/recordings.jsonl --transcripts exp/transcript --out exp/minutes"


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--transcripts", required=True, type=Path, metavar="DIR", help="output of attribute")
    options.add_minutes_model(parser)
    options.add_stage(parser)


def run(call: argparse.Namespace) -> int:
    from dialogue.workflow import stages

    config = options.config_of(call, minutes=options.given(model=call.model))
    return options.run_stage(call, stages.write_minutes(call.transcripts, config.minutes))
