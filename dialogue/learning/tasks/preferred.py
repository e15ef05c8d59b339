"""Examples from what people preferred: a section of the minutes as people found it better, and as they found it worse.

People compare whole minutes, but an example is one section, asked for as in the kind ``minutes``, and only a section
whose two texts differ. Whole documents would teach other things than what people judged: a list of participants and
their speaking times that are the same in both, and small print that says which writer wrote them. They would also be
longer than most contexts, and no prompt asks for them. The price: each section that differs is taken as the better one
of the two, though people may have preferred the whole for another section.

Citations, checkboxes and marks such as "(à confirmer)" are left out, since code adds them and no model writes them;
dates are in words, as minutes show them. The dialogue is the transcript as it is now, with its corrections, though the
minutes may have been written before these. Only minutes in French have sections here, as the prompts are in French.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from dialogue.core.files import parse_json
from dialogue.formats.lines import one_line
from dialogue.learning.tasks.example import TaskError
from dialogue.learning.tasks.sections import FRENCH, SECTIONS, answer, instruction
from dialogue.minutes.documents.from_markdown import document
from dialogue.minutes.documents.outline import Block, Heading, List, Paragraph, Text

HEADINGS = {title: section for section, (title, _) in SECTIONS.items()}
STATUS = {f"({FRENCH[status]})" for status in ("proposed", "rejected")}  # marks that are part of a decision


@dataclass(frozen=True, slots=True)
class Preference:
    """A section of two minutes of a meeting.

    Attributes:
        ask: instruction that asks for the section.
    """

    ask: str
    preferred: str
    rejected: str


def preferences(path: Path) -> tuple[list[Preference], int]:
    """Return the sections of a meeting's minutes that people preferred.

    What somebody said last of the same two texts counts; a tie says nothing.

    Returns:
        The sections, and the number of pairs of minutes that give none: ties, and minutes whose sections are the same.

    Raises:
        TaskError: a line is not a preference; the message names it.
    """
    last: dict[tuple[str, frozenset[str]], tuple[str, str] | None] = {}
    for by, preferred, rejected, tie in _lines(path):
        last[by, frozenset((preferred, rejected))] = None if tie else (preferred, rejected)
    found = [list(_differing(*pair)) if pair else [] for pair in last.values()]
    return [each for pair in found for each in pair], sum(not pair for pair in found)


def _lines(path: Path) -> Iterator[tuple[str, str, str, bool]]:
    for number, line in enumerate(path.read_text(encoding="utf-8").split("\n"), start=1):
        if not line.strip():
            continue
        try:
            row = parse_json(line)
            yield str(row["by"]), _markdown(row["chosen"]), _markdown(row["rejected"]), bool(row["tie"])
        except (ValueError, TypeError, KeyError) as error:
            raise TaskError(
                f"{path}, line {number}: not a preference ({error}). Accepted: by, chosen.text, rejected.text, tie. "
                "Remove the line."
            ) from error


def _markdown(version: Mapping[str, Any]) -> str:
    text = version["text"]
    if not isinstance(text, str):
        raise TypeError(f"text is {type(text).__name__}")
    return text


def _differing(preferred: str, rejected: str) -> Iterator[Preference]:
    (date, better), (_, worse) = _sections(preferred), _sections(rejected)
    for section in SECTIONS:
        texts = [answer(section, each[section]) for each in (better, worse) if each[section] or section != "summary"]
        if len({*texts}) == 2:
            yield Preference(instruction(section, date), *texts)


def _sections(text: str) -> tuple[str | None, dict[str, list[str]]]:
    """Return the date of minutes, and the lines of their sections; a section without lines is not shown in them."""
    date, section = None, ""
    found: dict[str, list[str]] = {name: [] for name in SECTIONS}
    for block in document(text, "fr").blocks:
        if isinstance(block, Heading):
            section = HEADINGS.get("".join(span.text for span in block.text), "other") if block.level == 1 else section
        elif section in found:
            found[section] += _written(block)
        elif not section:
            date = date or _date(_written(block))
    return date, found


def _written(block: Block) -> list[str]:
    if isinstance(block, List):
        return [line for item in block.items if (line := _plain(item))]
    return [line] if isinstance(block, Paragraph) and block.kind == "body" and (line := _plain(block.text)) else []


def _plain(text: Text) -> str:
    kept = (s.text for s in text if s.kind in ("plain", "strong") or s.text in STATUS)
    return one_line("".join(kept)).strip()


def _date(lines: Sequence[str]) -> str | None:
    label = f"{one_line(FRENCH['date'] + FRENCH['colon'])} "
    said = next((line.removeprefix(label) for line in lines if line.startswith(label)), FRENCH["unknown"])
    return said if said != FRENCH["unknown"] else None
