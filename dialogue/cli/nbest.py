"""List what else may have been said, for a language model to choose from."""

from __future__ import annotations

import argparse
from pathlib import Path

from dialogue.cli import options

EXAMPLES = "  dialogue nbest data/recordings.jsonl --speech exp/diarization --out exp/nbest"


def arguments(parser: argparse.ArgumentParser) -> None:
    from dialogue.speech.asr import nbest

    parser.add_argument(
        "--speech", required=True, type=Path, metavar="DIR", help="output of diarize, with the spans of speech"
    )
    parser.add_argument(
        "--hypotheses",
        type=options.number,
        default=nbest.NUMBER,
        metavar="N",
        help=f"width of the beam, and most hypotheses of a window (default: {nbest.NUMBER})",
    )
    options.add_stage(parser)


def run(call: argparse.Namespace) -> int:
    from dialogue.workflow import stages

    return options.run_stage(call, stages.list_hypotheses(options.config_of(call).asr, call.speech, call.hypotheses))
