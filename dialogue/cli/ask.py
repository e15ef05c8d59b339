"""Answer a question about a meeting, or a library of meetings, citing what was said (exit code 1: it was not said)."""

from __future__ import annotations

import argparse
import sys

from dialogue.cli import options
from dialogue.cli.options import DONE, SOME_FAILED

EXAMPLES = """  dialogue ask out/meeting "Qui prépare les partitions ?"
  dialogue ask meeting.srt "Quand est la prochaine réunion ?" --model models/lucie-7b-instruct
  dialogue ask meetings "Quel est le budget du concert ?" --library"""


def arguments(parser: argparse.ArgumentParser) -> None:
    options.add_dialogue(parser)
    parser.add_argument("question", metavar="QUESTION", help="question in French or English")
    parser.add_argument("--library", action="store_true", help="MEETING is a library: answer from all its meetings")
    parser.add_argument(
        "--owner", default="local", metavar="NAME", help="whose meetings of the library are read (default: local)"
    )
    parser.add_argument(
        "--model", metavar="NAME", help="language model that writes the answer (default: none, passages are quoted)"
    )
    parser.add_argument("--language", choices=("fr", "en"), default="fr", help="language of the answer (default: fr)")


def run(call: argparse.Namespace) -> int:
    from dialogue import llm

    model = llm.load(call.model, engine=call.engine, device=call.device) if call.model else None
    said, text = (_of_library if call.library else _of_meeting)(call, model)
    if model is not None and said:
        print(file=sys.stderr)  # ends the text streamed from the model; the checked answer follows
    print(text)
    return DONE if said else SOME_FAILED


def _of_meeting(call: argparse.Namespace, model: object) -> tuple[bool, str]:
    from dialogue.answers import ask
    from dialogue.answers.ask import as_text
    from dialogue.workflow import meeting

    transcript = meeting.transcript_of(call.meeting)
    answer = ask(transcript, call.question, model=model, language=call.language, on_text=_stream)  # type: ignore[arg-type]
    return answer.said, as_text(answer, call.language)


def _of_library(call: argparse.Namespace, model: object) -> tuple[bool, str]:
    from dialogue.library import asking
    from dialogue.library.meetings import Library

    library = Library(options.existing(call.meeting), call.owner)
    given = asking.ask_all(library, call.question, model=model, language=call.language, on_text=_stream)  # type: ignore[arg-type]
    return bool(given), asking.as_shown(library, given, call.language)


def _stream(piece: str) -> None:
    print(piece, end="", flush=True, file=sys.stderr)
