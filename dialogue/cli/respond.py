"""Write the next turn of one speaker in a dialogue, with a language model."""

from __future__ import annotations

import argparse

from dialogue.cli import options
from dialogue.cli.options import DONE

EXAMPLES = "  dialogue respond dialogue.txt --speaker Camille --model exp/replay/model"


def arguments(parser: argparse.ArgumentParser) -> None:
    options.add_dialogue(parser)
    parser.add_argument("--speaker", required=True, metavar="NAME", help="speaker of the next turn")
    parser.add_argument("--model", required=True, metavar="NAME", help="language model: name, folder or URL")
    parser.add_argument(
        "--form",
        choices=("continuation", "reply"),
        default="continuation",
        help="kind of task that the model was finetuned on: to continue dialogues (default), or to answer a request "
        "for the turn",
    )
    parser.add_argument(
        "--max-tokens", type=options.number, default=120, metavar="N", help="longest turn, in tokens (default: 120)"
    )
    parser.add_argument(
        "--temperature", type=options.amount, default=0.0, help="sampling temperature (default: 0, the likeliest token)"
    )


def run(call: argparse.Namespace) -> int:
    from dialogue import llm
    from dialogue.answers import respond
    from dialogue.workflow import meeting

    transcript = meeting.transcript_of(call.meeting)
    model = llm.load(call.model, engine=call.engine, device=call.device)
    asked = {"form": call.form, "max_tokens": call.max_tokens, "temperature": call.temperature}
    for piece in respond(model, transcript, call.speaker, **asked):
        print(piece, end="", flush=True)
    print()
    return DONE
