"""Write minutes as Markdown, HTML, DOCX, ODT, PDF, LaTeX or JSON, in several styles or with a user's template.

Texts of a meeting are data: in no format can they act as markup, code, formulas or commands.
"""

from __future__ import annotations

import importlib
import re
from pathlib import Path
from urllib.parse import quote

from dialogue.core.extras import how_to_install
from dialogue.core.files import save_bytes
from dialogue.core.transcript import Transcript
from dialogue.minutes.document import Minutes
from dialogue.minutes.documents.outline import Document, DocumentError
from dialogue.minutes.documents.styles import STYLES, outline

__all__ = ["FORMATS", "STYLES", "DocumentError", "outline", "to_markdown", "write"]

FORMATS = {  # extension -> module of this package that renders it
    ".md": "markdown",
    ".html": "html",
    ".docx": "docx",
    ".odt": "odt",
    ".pdf": "pdf",
    ".tex": "latex",
}


def write(
    minutes: Minutes,
    path: str | Path,
    *,
    style: str = "compte_rendu",
    language: str | None = None,
    transcript: Transcript | None = None,
    link: str | None = None,
    template: str | Path | None = None,
) -> Path:
    """Write minutes as a document, atomically.

    Args:
        path: output file; its extension sets the format: one of :data:`FORMATS`, or ``.json`` for the minutes.
        style: one of :data:`STYLES`: everything, decisions and actions, one page, or everything that was said.
        language: language of headings and labels, ``fr`` or ``en``; by default that of the minutes.
        transcript: needed by style ``verbatim``.
        link: URL or relative path of the meeting's page: citations point to ``link#t=725.3``.
        template: a file with the same extension as ``path`` to fill in (see :mod:`dialogue.minutes.documents.template`
            and :mod:`dialogue.minutes.documents.linto`); ``.txt`` is accepted too.

    Raises:
        DocumentError: an extension, style, language, link or template is not accepted, or a package is not installed.
    """
    path = Path(path)
    if path.suffix == ".json" and template is None:
        minutes.save(path)
        return path
    document = outline(minutes, style, language=language, transcript=transcript, link=_checked(link))
    if template is not None:
        content = _filled(Path(template), path, minutes, document, language or minutes.meeting.language)
    elif path.suffix in FORMATS:
        content = render(document, path.suffix)
    else:
        raise DocumentError(f"{path}: the ending names no format. Accepted: {', '.join(FORMATS)}, .json.")
    save_bytes(path, content)
    return path


def to_markdown(minutes: Minutes) -> str:
    """Return the minutes in Markdown, in their own language."""
    return render(outline(minutes), ".md").decode()


def render(document: Document, ending: str) -> bytes:
    """Return the bytes of a document in the format of an extension.

    Raises:
        DocumentError: the package that writes the format is not installed.
    """
    try:
        content = importlib.import_module(f"dialogue.minutes.documents.{FORMATS[ending]}").render(document)
    except ImportError as error:
        raise DocumentError(
            f"{ending} needs {error.name}, which is not installed. {how_to_install('documents')}"
        ) from error
    return content.encode() if isinstance(content, str) else content


def _filled(template: Path, path: Path, minutes: Minutes, document: Document, language: str) -> bytes:
    from dialogue.minutes.documents import linto
    from dialogue.minutes.documents import template as jinja

    if template.suffix not in (*jinja.ENDINGS, ".docx"):
        raise DocumentError(f"{template}: no template. Accepted: {', '.join(jinja.ENDINGS)}, .docx.")
    if template.suffix != path.suffix:
        raise DocumentError(f"{path}: the template is {template.suffix}. Accepted: a path with that ending.")
    try:
        if template.suffix == ".docx":
            return linto.fill(template, minutes, document, language)
        return jinja.fill(template, minutes)
    except ImportError as error:
        raise DocumentError(
            f"a template needs {error.name}, which is not installed. {how_to_install('documents')}"
        ) from error


def _checked(link: str | None) -> str | None:
    """Return a link that every format can hold: characters not allowed in URLs are percent-encoded.

    Raises:
        DocumentError: the scheme is not that of a page, or the link has a fragment, which is reserved for the time.
    """
    if link is None:
        return None
    scheme = re.match(r"([A-Za-z][\w+.-]*):", link)
    if "#" in link or (scheme and scheme[1].lower() not in ("http", "https", "file")):
        raise DocumentError(f"link: found {link!r}. Accepted: a http, https or file URL or a path, without #.")
    return quote(link, safe="/:?&=%+,;@~-._")
