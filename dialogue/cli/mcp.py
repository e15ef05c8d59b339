"""Let a language model read a library of meetings, over the Model Context Protocol (stdio).

A program such as an editor or an assistant starts this command. It lists, searches, asks and reads minutes, and changes
nothing. `dialogue serve` offers the same at /mcp, with its tokens. In the settings of the program that starts it:

  {"mcpServers": {"meetings": {"command": "dialogue", "args": ["mcp"]}}}
"""

from __future__ import annotations

import argparse

from dialogue.cli import options
from dialogue.cli.options import DONE
from dialogue.core.extras import how_to_install

EXAMPLES = """  dialogue mcp
  dialogue mcp --library meetings --owner anne"""


def arguments(parser: argparse.ArgumentParser) -> None:
    options.add_library(parser)


def run(call: argparse.Namespace) -> int:
    try:
        from dialogue.gateway import mcp_tools
    except ModuleNotFoundError as error:
        raise ModuleNotFoundError(f"this needs {error.name}, which is not installed. {how_to_install('mcp')}") from None
    from dialogue.library.meetings import Library

    library = Library(call.library, call.owner)
    mcp_tools.server(lambda _: library).run("stdio")
    return DONE
