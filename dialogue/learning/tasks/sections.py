"""Turn the sections of minutes that people wrote into instructions and answers.

Minutes are either ``dialogue/minutes/1`` (written by this pipeline and corrected by people) or a plain object, every
key of which may be absent::

    {"date": "2023-10-12", "summary": "...", "decisions": ["..."],
     "actions": [{"what": "...", "owner": "Julien", "due": "2023-10-20"}],
     "open_questions": ["..."], "next_meeting": "2023-11-09T10:00"}

An item may also be an object with ``text``, and say more for scores (:mod:`dialogue.scoring.minutes_reference`).
The answer for an empty section is "Néant."; about an absent section nothing is known, so it gives no example.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from dialogue.core.files import read_json
from dialogue.formats.lines import one_line
from dialogue.learning.tasks.example import TaskError
from dialogue.minutes.document import SCHEMA, Minutes
from dialogue.minutes.documents.headings import LABELS

FRENCH = LABELS["fr"]
NOTHING = "Néant."
SECTIONS = {  # key -> title, description of a line
    "summary": (FRENCH["summary"], ""),
    "decisions": (FRENCH["decisions"], ", une décision par ligne"),
    "actions": (FRENCH["actions"], ", une action par ligne, avec son responsable et son échéance"),
    "open_questions": (FRENCH["questions"], ", une question par ligne"),
    "next_meeting": (FRENCH["next"], ""),
}
ASK = "Rédige la partie « {title} » du compte rendu de ce dialogue{how}."
ELSE = f" S'il n'y a rien à y mettre, écris « {NOTHING} »"


def questions(path: Path, date: str | None = None) -> list[tuple[str, str]]:
    """Return ``(instruction, answer)`` for each section of a minutes file.

    Args:
        date: date of the meeting, if the minutes have none; it is given in the instruction, since "vendredi" cannot be
            written as a date without it.

    Raises:
        TaskError: the file is not JSON, or a section has the wrong type; the message names the file and the field.
    """
    try:
        value = read_json(path)
        if not isinstance(value, dict):
            raise ValueError(f"found {type(value).__name__}. Accepted: an object.")
        if value.get("schema") == SCHEMA:
            ours = Minutes.from_dict(value)
            said, date = _ours(ours), ours.meeting.date or date
        else:
            said, date = _plain(value), value.get("date") or date
    except ValueError as error:  # includes JSONDecodeError and MinutesError
        raise TaskError(f"{path}: not minutes: {error}") from error
    asked = []
    for section, lines in said.items():
        asked.append((instruction(section, date), answer(section, [one_line(line) for line in lines])))
    return asked


def instruction(section: str, date: str | None) -> str:
    """Return what asks for a section, a key of :data:`SECTIONS`."""
    title, how = SECTIONS[section]
    ask = ASK.format(title=title, how=how) + ("" if section == "summary" else ELSE)
    return ask + (f" {FRENCH['date']} : {date}." if date else "")


def answer(section: str, lines: Sequence[str]) -> str:
    """Return the text of a section, from its lines."""
    if section == "summary" and len(lines) == 1:
        return lines[0]
    return "\n".join(f"- {line}" for line in lines) or NOTHING


def _ours(minutes: Minutes) -> dict[str, list[str]]:
    following = minutes.next_meeting
    said = {
        "summary": minutes.summary.text.splitlines(),
        "decisions": [d.text if d.status == "decided" else f"{d.text} ({FRENCH[d.status]})" for d in minutes.decisions],
        "actions": [_action(a.what, a.owner, a.due_iso or a.due_raw) for a in minutes.actions],
        "open_questions": [q.text for q in minutes.open_questions],
        "next_meeting": [following.iso or following.raw] if following else [],
    }
    return {k: lines for k, lines in said.items() if lines or k != "summary"}  # every meeting has a summary


def _plain(value: Mapping[str, Any]) -> dict[str, list[str]]:
    said: dict[str, list[str]] = {}
    if value.get("summary"):
        said["summary"] = _text(value["summary"], "summary").splitlines()
    for section in ("decisions", "open_questions"):
        if section in value:
            said[section] = [_text(v, f"{section}[{n}]") for n, v in enumerate(_list(value, section))]
    if "actions" in value:
        said["actions"] = [_plain_action(v, f"actions[{n}]") for n, v in enumerate(_list(value, "actions"))]
    if "next_meeting" in value:
        said["next_meeting"] = [_text(value["next_meeting"], "next_meeting")] if value["next_meeting"] else []
    return {section: said[section] for section in SECTIONS if section in said}


def _plain_action(value: Any, where: str) -> str:
    if not isinstance(value, Mapping) or "what" not in value:
        raise ValueError(f"{where}: found {value!r:.80}. Accepted: an object with what, owner, due.")
    given = {k: _text(value[k], f"{where}.{k}") for k in ("what", "owner", "due") if value.get(k)}
    return _action(given.get("what", ""), given.get("owner"), given.get("due"))


def _action(what: str, owner: str | None, due: str | None) -> str:
    """Return a line such as ``Julien : préparer les partitions (échéance : 2023-10-20)``."""
    return f"{owner or FRENCH['nobody']} : {what}" + (f" ({FRENCH['due']} : {due})" if due else "")


def _list(value: Mapping[str, Any], section: str) -> list[Any]:
    found = value[section]
    if not isinstance(found, list):
        raise ValueError(f"{section}: found {type(found).__name__}. Accepted: a list.")
    return found


def _text(value: Any, where: str) -> str:
    if isinstance(value, Mapping):
        value = value.get("text")
    if not isinstance(value, str) or not value.strip():
        raise ValueError(f"{where}: found {type(value).__name__}. Accepted: a text.")
    return value
