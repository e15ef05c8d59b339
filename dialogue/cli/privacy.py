"""Find what identifies people, and make copies without it."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from dialogue.cli import options
from dialogue.cli.pseudonymise import add_copying

EXAMPLES = """  dialogue privacy apply call.json --mentions mentions.jsonl --mode pseudo --key-file call.key --out copy
  dialogue privacy apply call.json --mentions mentions.jsonl --key-file call.key --out copy --audio call.wav \
--audio-mode bleep"""


def arguments(parser: argparse.ArgumentParser) -> None:
    (apply,) = options.actions(parser, EXAMPLES, apply=(_apply, "copy files without what identifies people"))
    _apply_arguments(apply)


# Apply ------------------------------------------------------------------------------------------------------------


def _apply_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "files", nargs="+", type=Path, metavar="FILE", help="transcripts in any format, and minutes.json of the same"
    )
    parser.add_argument(
        "--mentions", required=True, type=Path, metavar="FILE", help="what identifies people, JSON lines"
    )
    parser.add_argument("--out", required=True, type=Path, metavar="DIR", help="folder of the copies")
    parser.add_argument("--audio", type=Path, metavar="FILE", help="sound of the recording, copied as WAV or FLAC")
    parser.add_argument("--disguise", action="store_true", help="change the voices too; a disguise, not anonymity")
    add_copying(parser)


def _apply(call: argparse.Namespace) -> int:
    from dialogue.core.errors import DialogueError
    from dialogue.privacy import copies, mentions
    from dialogue.privacy.pseudonymisation import Copying
    from dialogue.privacy.pseudonyms import read_key

    read_key(call.key_file, call.out)
    sound = call.audio_mode or ("bleep" if call.audio else None)
    copying = Copying(call.mode, call.key_file, call.per, sound)  # type: ignore[arg-type]
    notes = {note.id: note for note in mentions.load(call.mentions)}
    failed = 0
    for number, path in enumerate(call.files, start=1):
        try:
            made = copies.write(path, notes, copying, call.out, call.audio, disguised=call.disguise)
            print(f"file {number}: {', '.join(str(p) for p in made)}")
        except (DialogueError, OSError) as error:
            failed += 1
            print(f"dialogue privacy apply: {path}: {error}", file=sys.stderr)
    return options.SOME_FAILED if failed else options.DONE
