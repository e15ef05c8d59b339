"""Find what was said, without speakers."""

from __future__ import annotations

import argparse
from pathlib import Path

from dialogue.cli import options

EXAMPLES = "  dialogue transcribe data/recordings.jsonl --speech exp/diarization --out exp/asr"


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--speech", required=True, type=Path, metavar="DIR", help="output of diarize, with the spans of speech"
    )
    options.add_recognition(parser)
    options.add_stage(parser)


def run(call: argparse.Namespace) -> int:
    from dialogue.workflow import stages

    config = options.config_of(call, asr=options.given(language=call.language, engine=call.engine, effort=call.effort))
    return options.run_stage(call, stages.transcribe(config.asr, call.speech))
