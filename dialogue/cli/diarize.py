"""Find who speaks when."""

from __future__ import annotations

import argparse

from dialogue.cli import options

EXAMPLES = "  dialogue diarize data/recordings.jsonl --out exp/diarization"


def arguments(parser: argparse.ArgumentParser) -> None:
    options.add_stage(parser)
    options.add_speakers(parser)


def run(call: argparse.Namespace) -> int:
    from dialogue.workflow import stages

    config = options.config_of(call, speakers=options.speakers_of(call))
    return options.run_stage(call, stages.diarize(config.diarization, config.speakers))
