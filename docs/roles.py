"""Rewrite docstrings for mkdocstrings: Sphinx roles become links; ``>>>`` lines and ``R[i][j]`` become code."""

from __future__ import annotations

import functools
import re
from typing import Any

import griffe

ROLE = re.compile(r":(?:attr|class|data|func|meth|mod):`(~?)([\w.]+)`")
GROUP = re.compile(r"^( +)(\w+(?:, \w+)+): (.*(?:\n\1 +.*)*)", re.MULTILINE)  # arguments that share a description
CELL = re.compile(r"(`+).*?\1|\w+(?:\[[^]\s]*\]){2}", re.DOTALL)  # Markdown would read it as a link
EXAMPLE = re.compile(r"^[ \t]*>>> .*(?:\n[ \t]*\S.*)*", re.MULTILINE)


class Roles(griffe.Extension):
    """Rewrites docstrings once the whole package is loaded, so that names resolve as they do in the code."""

    def on_package(self, *, pkg: griffe.Module, **_: Any) -> None:
        rewrite(pkg)


def rewrite(obj: griffe.Object) -> None:
    """Rewrite the docstrings of an object and of its members."""
    if obj.docstring:
        text = ROLE.sub(functools.partial(link, obj), obj.docstring.value)
        text = GROUP.sub(lambda g: "\n".join(f"{g[1]}{name}: {g[3]}" for name in g[2].split(", ")), text)
        text = CELL.sub(lambda found: found[0] if found[1] else f"`{found[0]}`", text)
        obj.docstring.value = EXAMPLE.sub(lambda found: f"```python\n{found[0]}\n```", text)
    for member in obj.members.values():
        if not member.is_alias:
            rewrite(member)  # type: ignore[arg-type]


def link(obj: griffe.Object, found: re.Match[str]) -> str:
    """A link if the name is documented on the site, code otherwise."""
    name = found[2]
    first, dot, rest = name.partition(".")
    try:
        path = obj.resolve(first) + dot + rest
    except griffe.NameResolutionError:
        path = name
    shown = name.rpartition(".")[2] if found[1] else name
    return f'<autoref optional identifier="{path}"><code>{shown}</code></autoref>'
