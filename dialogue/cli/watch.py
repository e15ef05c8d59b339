"""Watch a folder: each recording that appears in it goes into a library, and becomes a transcript and minutes."""

from __future__ import annotations

import argparse
import sys
import threading
import time
from functools import partial
from pathlib import Path

from dialogue.cli import options
from dialogue.cli.library import work_on
from dialogue.cli.options import DONE, SOME_FAILED

EXAMPLES = """  dialogue watch ~/recordings
  dialogue watch ~/recordings --library meetings --copy --once"""


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("folder", type=Path, metavar="DIR", help="folder where recordings appear")
    options.add_library(parser)
    parser.add_argument("--copy", action="store_true", help="keep copies of the recordings, and not links to them")
    parser.add_argument(
        "--settled",
        type=options.amount,
        default=5.0,
        metavar="SECONDS",
        help="time without a change after which a file is complete (default: 5)",
    )
    parser.add_argument("--once", action="store_true", help="end when what is there now has been processed")
    parser.add_argument("--no-work", action="store_true", help="only add; `dialogue library work` runs elsewhere")


def run(call: argparse.Namespace) -> int:
    from dialogue.library.jobs import Queue
    from dialogue.library.meetings import Library
    from dialogue.library.watch import WatchedFolder

    library = Library(call.library, call.owner)
    watched = WatchedFolder(options.existing(call.folder), Queue(library), call.settled, call.copy)
    stop = threading.Event()
    worker = threading.Thread(target=partial(work_on, library, forever=True, stop=stop))
    if not call.once and not call.no_work:
        worker.start()
    try:
        while True:
            for job in watched.look():
                print(f"{job.meeting}: waits as job {job.id}", file=sys.stderr, flush=True)
            if call.once and not watched.seen:
                break
            time.sleep(max(0.2, call.settled / 2))
    finally:
        stop.set()
        if worker.ident:
            worker.join()
    ended = set() if call.no_work else work_on(library)
    return SOME_FAILED if "failed" in ended else DONE
