"""The HTML shell of every page: one file that opens from a disk without a network.

Its policy forbids all requests, and all scripts and styles but the page's own.
"""

from __future__ import annotations

import base64
import hashlib
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING, Any

from markupsafe import Markup

if TYPE_CHECKING:
    from jinja2 import Environment


def render(
    template: str, *, language: str, title: str, style: str, script: str = "", media: str = "data:", **values: Any
) -> str:
    """Render a page from a template in this folder that extends ``shell.html``.

    Args:
        language: language of the page, ``fr`` or ``en``.
        title: plain text.
        style, script: names of files in this folder; several scripts are separated by spaces.
        media: where sound may come from: ``data:`` or ``blob:``.
        values: other values for the template; plain texts are escaped, ``Markup`` is not.
    """
    code, sheet = "".join(map(asset, script.split())), asset(style)
    scripts = f"script-src {_digest(code)}; " if code else ""
    policy = (
        f"default-src 'none'; {scripts}style-src {_digest(sheet)}; media-src {media}; base-uri 'none'; "
        "form-action 'none'"
    )
    page = _environment("dialogue.pages").get_template(template)
    # the policy holds only digests, and its quotes must not be escaped
    return page.render(
        language=language, title=title, policy=Markup(policy), style=Markup(sheet), script=Markup(code), **values
    )


def asset(name: str) -> str:
    """Return the text of a file in this folder."""
    return (resources.files("dialogue.pages") / name).read_text(encoding="utf-8")


def served(package: str, template: str, **values: Any) -> str:
    """Render a page that a server gives out, with scripts and sheets at their own addresses, from another package."""
    return _environment(package).get_template(template).render(values)


@cache
def _environment(package: str) -> Environment:
    from jinja2 import Environment, PackageLoader, StrictUndefined

    return Environment(
        loader=PackageLoader(package, "."),
        autoescape=True,
        undefined=StrictUndefined,
        keep_trailing_newline=True,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def _digest(text: str) -> str:
    return "'sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode() + "'"
