"""Answer a question about a meeting from what was said, citing the passages (exit code 1: it was not said)."""

from __future__ import annotations

import argparse
import sys

from dialogue.cli import options
from dialogue.cli.options import DONE, SOME_FAILED

EXAMPLES = """  dialogue ask out/meeting "Qui prépare les partitions ?"
  dialogue ask meeting.srt "Quand est la prochaine réunion ?" --model models/lucie-7b-instruct"""


def arguments(parser: argparse.ArgumentParser) -> None:
    options.add_dialogue(parser)
    parser.add_argument("question", metavar="QUESTION", help="question in French or English")
    parser.add_argument(
        "--model", metavar="NAME", help="language model that writes the answer (default: none, passages are quoted)"
    )
    parser.add_argument("--language", choices=("fr", "en"), default="fr", help="language of the answer (default: fr)")


def run(call: argparse.Namespace) -> int:
    from dialogue import llm
    from dialogue.answers import ask
    from dialogue.answers.ask import as_text
    from dialogue.workflow import meeting

    transcript = meeting.transcript_of(call.meeting)
    model = llm.load(call.model, engine=call.engine, device=call.device) if call.model else None
    answer = ask(
        transcript,
        call.question,
        model=model,
        language=call.language,
        on_text=lambda piece: print(piece, end="", flush=True, file=sys.stderr),
    )
    if model is not None and answer.said:
        print(file=sys.stderr)  # ends the text streamed from the model; the checked answer follows
    print(as_text(answer, call.language))
    return DONE if answer.said else SOME_FAILED
