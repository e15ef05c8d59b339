"""Fill a user's Jinja template: ``.md``, ``.txt``, ``.html`` or ``.tex``. Texts are escaped for the format.

A template sees :data:`NAMES`: the minutes as plain dictionaries and lists, and their parts under their own names
(``{% for d in decisions %}{{ d.text }} {{ d.evidence[0].start | time }}{% endfor %}``). The filter ``time`` writes
seconds as ``12:05``. Since LaTeX uses braces, ``.tex`` templates write ``\\BLOCK{for d in decisions}``,
``\\VAR{d.text}`` and ``\\COMMENT{...}``. Templates run in Jinja's sandbox.
"""

from __future__ import annotations

import traceback
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from dialogue.minutes.document import Minutes
from dialogue.minutes.documents import html, latex, markdown
from dialogue.minutes.documents.headings import title
from dialogue.minutes.documents.outline import DocumentError, clean, clock

ESCAPERS: dict[str, Callable[[str], str]] = {
    ".md": markdown.escape,
    ".txt": clean,
    ".html": html.escape,
    ".tex": latex.escape,
}
ENDINGS = tuple(ESCAPERS)
PARTS = """meeting participants agenda summary topics decisions actions open_questions next_meeting to_verify
    provenance""".split()
NAMES = ("minutes", *PARTS)
LATEX: dict[str, Any] = {
    "block_start_string": r"\BLOCK{",
    "block_end_string": "}",
    "variable_start_string": r"\VAR{",
    "variable_end_string": "}",
    "comment_start_string": r"\COMMENT{",
    "comment_end_string": "}",
}


def context(minutes: Minutes) -> dict[str, Any]:
    """Return the variables that a template sees; topics have the title of their agenda item."""
    plain = minutes.to_dict()
    plain["meeting"]["title"] = title(minutes, minutes.meeting.language)
    titles = {item["id"]: item["title"] for item in plain["agenda"]}
    for topic in plain["topics"]:
        topic["title"] = titles.get(topic["agenda_id"], topic["agenda_id"])
    return {"minutes": plain, **{name: plain[name] for name in PARTS}}


def fill(path: Path, minutes: Minutes) -> bytes:
    """Return the text of a template filled with the minutes.

    Raises:
        DocumentError: the template is invalid; the message names the line and, for an unknown name, the accepted ones.
    """
    import jinja2
    from jinja2 import meta, nodes

    try:
        source = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise DocumentError(f"{path}: not a text in UTF-8 ({error}).") from error
    environment = _environment(path.suffix)
    try:
        tree = environment.parse(source)
        unknown = meta.find_undeclared_variables(tree) - set(NAMES)
        places = [f"{n.name} (line {n.lineno})" for n in tree.find_all(nodes.Name) if n.name in unknown]
        if places:
            found = ", ".join(dict.fromkeys(places))
            raise DocumentError(f"{path}: unknown {found}. Accepted: {', '.join(NAMES)}.")
        text = environment.from_string(source).render(context(minutes))
    except jinja2.TemplateSyntaxError as error:
        raise DocumentError(f"{path}, line {error.lineno}: {error.message}") from error
    except DocumentError:
        raise
    except Exception as error:  # expressions of a template may raise anything
        raise DocumentError(f"{path}, line {_line(error)}: {error}") from error
    return text.encode()


def _environment(ending: str) -> Any:
    import jinja2
    from jinja2.sandbox import SandboxedEnvironment
    from markupsafe import Markup

    class Unknown(jinja2.StrictUndefined):
        """Lists the keys of a dictionary when a template asks for a missing one."""

        @property
        def _undefined_message(self) -> str:
            message = super()._undefined_message
            if isinstance(self._undefined_obj, Mapping):
                return f"no {self._undefined_name}. Accepted: {', '.join(map(str, self._undefined_obj))}."
            return message

    escaper = ESCAPERS[ending]

    def written(value: Any) -> Any:
        """Return an empty string for an unknown value, and escape all others."""
        if value is None:
            return ""
        if isinstance(value, (Markup, jinja2.Undefined)):
            return value
        return Markup(escaper(str(value)))

    environment = SandboxedEnvironment(
        undefined=Unknown,
        finalize=written,
        autoescape=False,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        **(LATEX if ending == ".tex" else {}),
    )
    environment.filters["time"] = clock
    return environment


def _line(error: Exception) -> int | str:
    """Return the line of the template where an error was raised."""
    lines = [line for frame, line in traceback.walk_tb(error.__traceback__) if frame.f_code.co_filename == "<template>"]
    return lines[-1] if lines else "?"
