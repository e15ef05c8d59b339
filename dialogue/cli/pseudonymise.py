"""Copy the transcripts of a corpus without what identifies people."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import get_args

from dialogue.cli import options

EXAMPLES = """  dialogue pseudonymise data/recordings.jsonl --transcripts exp/transcript --mentions exp/mentions \
--key-file exp.key --out exp/pseudonymised"""


def arguments(parser: argparse.ArgumentParser) -> None:
    from dialogue.privacy.config import Backend

    parser.add_argument("--transcripts", required=True, type=Path, metavar="DIR", help="output of attribute")
    parser.add_argument(
        "--mentions",
        required=True,
        type=Path,
        metavar="DIR",
        help="folder of what is found, DIR/<id>.jsonl, to be read and corrected; it shows the originals",
    )
    parser.add_argument(
        "--privacy",
        type=Path,
        metavar="FILE",
        help="YAML file of `dialogue privacy detect`: how to find what identifies",
    )
    parser.add_argument("--backend", choices=get_args(Backend), help="tagger beside the rules (default: spacy)")
    add_copying(parser)
    options.add_stage(parser)


def add_copying(parser: argparse.ArgumentParser) -> None:
    """Add how copies are made."""
    parser.add_argument(
        "--mode",
        choices=("pseudo", "tag", "mask"),
        default="pseudo",
        help="another name, [PRENOM_1], or blocks (default: pseudo)",
    )
    parser.add_argument(
        "--key-file",
        required=True,
        type=Path,
        metavar="FILE",
        help="secret key, made if missing, readable by you alone; keep it apart from the copy",
    )
    parser.add_argument(
        "--per",
        choices=("corpus", "recording"),
        default="corpus",
        help="whether a person has one pseudonym in all recordings (default: corpus)",
    )
    parser.add_argument(
        "--audio-mode", choices=("bleep", "silence", "noise"), help="copy the sound too, with this over what is masked"
    )


def run(call: argparse.Namespace) -> int:
    from dialogue.core import config
    from dialogue.formats import lhotse
    from dialogue.privacy import pseudonymisation
    from dialogue.privacy.config import PrivacyOptions

    privacy = config.load(
        PrivacyOptions, call.privacy, sections={"privacy": options.given(backend=call.backend)}
    ).privacy
    copying = pseudonymisation.Copying(
        call.mode, call.key_file, call.per, call.audio_mode, privacy.window, privacy.doubt
    )
    result = pseudonymisation.run(
        lhotse.read_recordings(call.manifest),
        call.transcripts,
        call.mentions,
        call.out,
        copying,
        privacy,
        jobs=call.jobs,
        only_failed=call.only_failed,
        explain=call.explain,
        dry_run=call.dry_run,
        launch=options.launch_of(call),
    )
    return options.report(result)
