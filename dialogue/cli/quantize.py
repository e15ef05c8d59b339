"""Quantize a language model to smaller files, and measure the loss and speed of each."""

from __future__ import annotations

import argparse
from pathlib import Path

from dialogue.cli.options import DONE, line

EXAMPLES = """  dialogue quantize exp/replay/model --out models/debates --test data/tasks/debates/test.jsonl
  dialogue quantize models/debates --out models/small --to ctranslate2-int8 gguf-q8_0 gguf-q4_0 torchao-int8"""


def arguments(parser: argparse.ArgumentParser) -> None:
    from dialogue.learning.quantization import FORMATS

    parser.add_argument("model", metavar="MODEL", help="name, transformers folder or .gguf file")
    parser.add_argument(
        "--out", required=True, type=Path, metavar="DIR", help="folder to write: DIR/<format>/ for each format"
    )
    parser.add_argument(
        "--to",
        nargs="+",
        default=["ctranslate2-int8"],
        metavar="FORMAT",
        help=f"{', '.join(FORMATS)} (default: ctranslate2-int8)",
    )
    parser.add_argument(
        "--test", type=Path, metavar="FILE", help="JSON lines of `dialogue tasks`, to measure bits per byte on"
    )
    parser.add_argument("--json", action="store_true", help="print JSON instead of a table")


def run(call: argparse.Namespace) -> int:
    from dialogue.learning import quantization

    rows = quantization.quantize(call.model, call.out, call.to, test=call.test, report=line)
    print(quantization.as_json(rows) if call.json else quantization.table(rows), end="")
    return DONE
