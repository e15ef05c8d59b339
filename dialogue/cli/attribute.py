"""Join words and turns into who said what."""

from __future__ import annotations

import argparse
from pathlib import Path

from dialogue.cli import options

EXAMPLES = (
    "  dialogue attribute data/recordings.jsonl --words exp/asr --turns exp/diarization --out exp/transcript "
    "--speakers 4"
)


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--words", required=True, type=Path, metavar="DIR", help="output of transcribe")
    parser.add_argument("--turns", required=True, type=Path, metavar="DIR", help="output of diarize")
    options.add_stage(parser)
    options.add_speakers(parser)


def run(call: argparse.Namespace) -> int:
    from dialogue.workflow import stages

    config = options.config_of(call, speakers=options.speakers_of(call))
    return options.run_stage(call, stages.attribute_words(call.words, call.turns, config.diarization, config.speakers))
