"""What to type to install the packages of an extra."""

from __future__ import annotations

import shlex
import sys


def how_to_install(extra: str) -> str:
    """Return the sentence that says how to install an extra into this environment, from a checkout of the project."""
    return f"Type, in the checkout: {shlex.quote(sys.executable)} -m pip install '.[{extra}]'"
