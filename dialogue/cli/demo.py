"""Open the application in a browser: drop a recording, read it while it is written, correct it, take its minutes away.

Meetings are kept in a library, as with `dialogue library`. The address that is shown has a key: the browser that opens
it sees the meetings of the library's local user, and any other browser gets a space of its own. Nothing leaves this
machine.
"""

from __future__ import annotations

import argparse
from pathlib import Path

from dialogue.cli import options
from dialogue.cli.options import DONE

EXAMPLES = """  dialogue demo
  dialogue demo --library meetings --port 7861 --no-browser
  dialogue demo --host 0.0.0.0 --password-file password.txt
  dialogue demo --experiments exp"""


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--library", type=Path, metavar="DIR", help="folder of the library (default: $DIALOGUE_LIBRARY, or your data)"
    )
    parser.add_argument("--port", type=options.number, default=7860, metavar="N", help="port (default: 7860)")
    parser.add_argument(
        "--host", default="127.0.0.1", metavar="ADDRESS", help="address; others than the loopback need a password"
    )
    parser.add_argument("--password-file", type=Path, metavar="FILE", help="file whose first line is the password")
    parser.add_argument("--experiments", type=Path, metavar="DIR", help="experiments of `dialogue continual`")
    parser.add_argument("--no-browser", action="store_true", help="open no browser")


def run(call: argparse.Namespace) -> int:
    from dialogue.demo import site
    from dialogue.library.meetings import default_folder
    from dialogue.server.addresses import AddressError

    password = None
    if call.password_file:
        password = call.password_file.read_text(encoding="utf-8").partition("\n")[0].strip()
        if not password:
            raise AddressError(f"{call.password_file}: its first line is empty. Accepted: a password.")
    site.serve(
        call.library or default_folder(),
        host=call.host,
        port=call.port,
        password=password,
        experiments=call.experiments,
        browser=not call.no_browser,
        say=lambda address: print(f"Open {address}", flush=True),
    )
    return DONE
