"""Convert transcripts from any format to any other: a file, or a folder of them."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from dialogue.cli.options import DONE, SOME_FAILED, count

EXAMPLES = """  dialogue convert interview.trs interview.TextGrid
  dialogue convert corpus/ out/ --from trs --to json
  dialogue convert corpus/ corpus.stm
  dialogue convert --formats"""


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("source", nargs="?", type=Path, metavar="IN", help="a file, or a folder of files")
    parser.add_argument("out", nargs="?", type=Path, metavar="OUT", help="a file, or a folder with --to")
    parser.add_argument(
        "--from", dest="source_format", metavar="FORMAT", help="format of the input (default: what its extension says)"
    )
    parser.add_argument(
        "--to", dest="format", metavar="FORMAT", help="format of the output (default: what the extension of OUT says)"
    )
    parser.add_argument("--encoding", help="encoding of the input, e.g. latin-1 (default: as declared, or UTF-8)")
    parser.add_argument(
        "--verbatim", action="store_true", help="keep the marks of transcribers (+, [rire], xxx) in the text"
    )
    parser.add_argument(
        "--strict",
        action="store_true",
        help="refuse a file with a fault that otherwise gives a warning, e.g. a cue that ends before it starts",
    )
    parser.add_argument("--jobs", type=count, default=0, metavar="N", help="processes (default: one per processor)")
    parser.add_argument("--formats", action="store_true", help="show what each format can hold, and stop")


def run(call: argparse.Namespace) -> int:
    from dialogue.formats import convert, loss

    if call.formats:
        print(loss.table())
        return DONE
    if call.source is None or call.out is None:
        raise ValueError("IN and OUT are needed, e.g. dialogue convert meeting.trs meeting.TextGrid.")
    reading = convert.Reading(call.source_format, call.encoding, call.verbatim, call.strict)
    done = convert.convert(call.source, call.out, reading, call.format, call.jobs)
    print(convert.report(done, call.format or convert.named(call.out) or ""), file=sys.stderr)
    return SOME_FAILED if any(d.error for d in done) else DONE
