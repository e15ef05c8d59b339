"""The page of one meeting in the application: the viewer, its editor, and the work that is going on."""

from __future__ import annotations

from markupsafe import Markup

from dialogue.demo.meeting_labels import EDITOR
from dialogue.pages import VIEWER, script_safe, shell
from dialogue.pages.labels import LABELS

SCRIPTS = [
    *VIEWER.split(),
    *"editor_logic.js panels.js voices.js words.js items.js editor.js".split(),
    *"progress.js asking.js writing.js comparing.js exporting.js meeting.js".split(),
]
SHEETS = ["viewer.css", "meeting.css", "editor.css", "comparing.css"]


def meeting_page(id: str, language: str) -> str:
    """Return the page of a meeting, which asks the server for its state; ``/assets/<name>`` serves scripts and sheets.

    Args:
        id: of a meeting; the page says so itself if there is none.
        language: of the page, ``fr`` or ``en``.
    """
    labels = EDITOR[language]
    data = {"id": id, "language": language, "labels": labels, "viewer_labels": LABELS[language]}
    return shell.served(
        "dialogue.demo",
        "meeting.html",
        language=language,
        labels=labels,
        scripts=SCRIPTS,
        sheets=SHEETS,
        data=Markup(script_safe(data)),
    )
