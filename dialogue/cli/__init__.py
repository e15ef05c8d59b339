"""The command line, ``dialogue VERB``, with one module per verb.

A verb's module has a docstring, which is its help, ``EXAMPLES``, ``arguments(parser)`` and ``run(call)``, which returns
the exit code.
"""

from __future__ import annotations

import argparse
import importlib
import logging
import os
import sys
import threading
from collections.abc import Sequence
from types import ModuleType
from typing import Any

from dialogue.cli.options import DONE, INTERRUPTED, WRONG_CALL
from dialogue.core.progress import log_to_screen
from dialogue.core.version import VERSION

VERBS = """demo serve worker mcp meeting listen correct library people watch ask respond document models doctor
    config prepare validate card dmp convert
    diarize transcribe nbest attribute privacy pseudonymise minutes documents score report
    tasks continual acoustic scaling quantize""".split()

LEVELS = ("debug", "info", "warning", "error")
EXAMPLES = """examples:
  dialogue meeting meeting.m4a --out minutes --speakers 4 --date 2023-10-12
  dialogue meeting *.mp3 --out out --participants "Camille, Thomas, Nadia, Julien" --agenda agenda.txt
  dialogue diarize data/recordings.jsonl --out exp/diarization --jobs 2
  dialogue models fetch          bring the embedded models to this machine
  dialogue doctor                what is installed, what is missing, what to type

Exit codes: 0 all done, 1 some recordings failed, 2 the call was wrong."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a verb; returns the exit code."""
    words = sys.argv[1:] if arguments is None else list(arguments)
    parser = build(words[:1])
    call = parser.parse_args(words)
    if not hasattr(call, "run"):
        parser.print_help()
        return WRONG_CALL
    log_to_screen(logging.INFO if call.verbose else getattr(logging, call.log_level.upper()))
    try:
        return call.run(call)
    except KeyboardInterrupt:
        print("\nstopped; the same command resumes from here", file=sys.stderr)
        return stopped()
    except BrokenPipeError:
        return DONE
    except Exception as error:
        if call.debug or not _explains_itself(error):
            raise
        known = isinstance(error, OSError) and error.filename
        text = f"{error.filename}: {error.strerror}" if known else error  # type: ignore[attr-defined]
        print(f"dialogue {call.verb}: {text}", file=sys.stderr)
        return WRONG_CALL


def stopped() -> int:
    """Return the exit code after ctrl-C; if threads still compute, the process ends without waiting for them."""
    busy = [t for t in threading.enumerate() if t is not threading.main_thread() and not t.daemon]
    if busy:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(INTERRUPTED)
    return INTERRUPTED


def build(verbs: Sequence[str] = VERBS) -> argparse.ArgumentParser:
    """Return the parser. Only ``verbs`` get their arguments, because the choices of some come from slow imports."""
    parser = argparse.ArgumentParser(
        prog="dialogue",
        description="Spoken dialogue in French: who said what, when, and minutes that point back to it.",
        epilog=EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--version", action="version", version=f"dialogue {VERSION}")
    commands = parser.add_subparsers(dest="verb", metavar="VERB")
    for name in VERBS:
        module = importlib.import_module(f"dialogue.cli.{name}")
        command = commands.add_parser(name, **_texts(module))
        if name in verbs:
            command.add_argument("--debug", action="store_true", help="show the traceback of an error")
            command.add_argument("--verbose", action="store_true", help="show options and times of each step")
            command.add_argument(
                "--log-level", choices=LEVELS, default="warning", help="messages to show (default: warning)"
            )
            command.set_defaults(run=getattr(module, "run", None), debug=False)
            module.arguments(command)
    return parser


def _texts(module: ModuleType) -> dict[str, Any]:
    text = (module.__doc__ or "").strip()
    return {
        "help": text.partition("\n")[0].rstrip("."),
        "description": text,
        "epilog": f"example:\n{module.EXAMPLES}",
        "formatter_class": argparse.RawDescriptionHelpFormatter,
    }


def _explains_itself(error: Exception) -> bool:
    """Tell whether the message is enough for a user: bad input, a missing model or package, a full disk."""
    from dialogue.core.errors import DialogueError

    return isinstance(error, (DialogueError, ValueError, OSError, ModuleNotFoundError))
