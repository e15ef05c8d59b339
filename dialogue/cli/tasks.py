"""Turn dialogues into examples for finetuning a language model."""

from __future__ import annotations

import argparse
from pathlib import Path

from dialogue.cli.options import DONE, number

EXAMPLES = """  dialogue tasks data --kind continuation --out tasks/debates
  dialogue tasks out --kind corrections --out tasks/corrections
  dialogue tasks out --kind preferences --out tasks/preferences"""


def arguments(parser: argparse.ArgumentParser) -> None:
    from dialogue.learning.tasks import KINDS

    parser.add_argument(
        "data",
        type=Path,
        metavar="DATA",
        help="output of prepare, with splits; or, for corrections and preferences, folder of meetings",
    )
    parser.add_argument(
        "--kind",
        required=True,
        choices=KINDS,
        help="the dialogue itself, the next turn, texts that people wrote about it (summaries, sections of minutes), "
        "turns that they corrected, sections of minutes that they preferred to others, or the record of a few turns (a "
        "skill to teach)",
    )
    parser.add_argument("--out", required=True, type=Path, metavar="DIR", help="folder to write: DIR/<split>.jsonl")
    parser.add_argument("--longest", type=number, metavar="BYTES", help="longest dialogue in one example, in bytes")
    parser.add_argument("--transcripts", type=Path, metavar="DIR", help="transcripts to use instead of the references")
    parser.add_argument(
        "--legal-basis", metavar="TEXT", help="why personal data that are not pseudonymised may be learned (GDPR)"
    )
    parser.add_argument(
        "--leave-out-copies",
        action="store_true",
        help="leave out of the other splits what repeats the training data; otherwise it is refused",
    )


def run(call: argparse.Namespace) -> int:
    from dialogue.learning import tasks

    built = tasks.build(
        call.data,
        call.kind,
        call.out,
        longest=call.longest,
        transcripts=call.transcripts,
        legal_basis=call.legal_basis,
        leave_out_copies=call.leave_out_copies,
    )
    print(built)
    return DONE
