"""Let people review mentions in a spreadsheet: a TSV file that is written once, and read back.

Columns: ``recording``, ``start``, ``end``, ``label``, ``decision``, ``text``, ``source``. A reader may change the label,
and write ``keep`` as the decision where the words should stay. To add a mention, they add a row with the recording, the
label and the words as text, which are then found wherever they occur in it. A row that is deleted changes nothing.
Rows are only ever added to the file, at its end.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from dialogue.core.files import save_bytes
from dialogue.french.text import plain
from dialogue.privacy.mentions import LABELS, Mention, MentionError, Note, separate

COLUMNS = ("recording", "start", "end", "label", "decision", "text", "source")
CONTEXT = 45  # characters on each side
DECISIONS = ("", "keep", "mask")


@dataclass
class Reviewed:
    """Notes as a reader left them, how many mentions they changed, and the rows that could not be used."""

    notes: list[Note] = field(default_factory=list)
    changed: int = 0
    problems: list[str] = field(default_factory=list)


def write(path: Path, notes: Iterable[Note]) -> int:
    """Add the mentions that a TSV file does not hold yet, and make the file if there is none; returns how many."""
    rows = _read(path) if path.exists() else []
    known = {(row["recording"], row["start"], row["end"]) for row in rows}
    fresh = [
        {
            "recording": note.id,
            "start": str(m.start),
            "end": str(m.end),
            "label": m.label,
            "decision": "keep" if m.keep else "",
            "text": _context(note, m),
            "source": m.source,
        }
        for note in notes
        for m in note.mentions
        if (note.id, str(m.start), str(m.end)) not in known and m.source != "person"
    ]
    if fresh or not path.exists():
        out = io.StringIO(newline="")
        table = csv.DictWriter(out, COLUMNS, delimiter="\t", lineterminator="\n", extrasaction="ignore")
        table.writeheader()
        table.writerows([*rows, *fresh])
        save_bytes(path, out.getvalue().encode("utf-8-sig"))  # the mark tells spreadsheets that it is UTF-8
    return len(fresh)


def read(path: Path, notes: Sequence[Note]) -> Reviewed:
    """Return the notes with what a reader decided in a TSV file.

    Raises:
        MentionError: the file is no such table.
    """
    done = Reviewed()
    rows = _read(path)
    ids = {note.id for note in notes}
    for number, row in enumerate(rows, 2):
        if row["recording"] not in ids:
            done.problems.append(f"{path}, row {number}: no recording {row['recording']!r} among the mentions.")
    for note in notes:
        mentions = {(m.start, m.end): m for m in note.mentions}
        added: list[Mention] = []
        for number, row in enumerate(rows, 2):
            if row["recording"] != note.id:
                continue
            try:
                decided = list(_decided(row, note))
            except ValueError as error:
                done.problems.append(f"{path}, row {number}: {error}")
                continue
            for mention in decided:
                found = mentions.get((mention.start, mention.end))
                if found is None:
                    added.append(mention)
                elif (found.label, found.keep) != (mention.label, mention.keep):
                    mentions[mention.start, mention.end] = mention
                    done.changed += 1
        done.changed += len(added)
        done.notes.append(replace(note, mentions=_with(list(mentions.values()), added)))
    return done


def kept(fresh: Sequence[Note], before: Sequence[Note]) -> list[Note]:
    """Return new notes with what people had decided in earlier ones of the same text.

    Raises:
        MentionError: people worked on a text that has changed since; the message names the recording.
    """
    old = {note.id: [m for m in note.mentions if m.source == "person" or m.keep] for note in before}
    texts = {note.id: note.text for note in before}
    done = []
    for note in fresh:
        if old.get(note.id) and texts[note.id] != note.text:
            raise MentionError(
                f"{note.id}: its text has changed since people reviewed its mentions. Accepted: another output file, or "
                "the file of mentions moved away."
            )
        done.append(replace(note, mentions=_with(note.mentions, old.get(note.id, []))))
    here = {note.id for note in fresh}
    return [*done, *(note for note in before if note.id not in here)]


def _with(mentions: Sequence[Mention], decided: Sequence[Mention]) -> tuple[Mention, ...]:
    """Return mentions with those of a person, which win where two overlap."""
    own = separate(decided)
    free = [m for m in mentions if all(m.end <= o.start or o.end <= m.start for o in own)]
    return separate([*free, *own])


def _context(note: Note, mention: Mention) -> str:
    before = note.text[max(0, mention.start - CONTEXT) : mention.start]
    words, after = note.text[mention.start : mention.end], note.text[mention.end : mention.end + CONTEXT]
    return " ".join(f"{before}[{words}]{after}".split())


def _decided(row: dict[str, str], note: Note) -> Iterator[Mention]:
    label, decision = row["label"].strip().upper(), row["decision"].strip().lower()
    if label not in LABELS:
        raise ValueError(f"found label {row['label']!r}. Accepted: {', '.join(LABELS)}.")
    if decision not in DECISIONS:
        raise ValueError(f"found decision {row['decision']!r}. Accepted: keep, or nothing.")
    if row["start"].strip():
        try:
            start, end = int(float(row["start"])), int(float(row["end"]))
        except ValueError:
            raise ValueError(f"found {row['start']!r} and {row['end']!r}. Accepted: characters, as written.") from None
        if not 0 <= start < end <= len(note.text):
            raise ValueError(f"characters {start} to {end} are outside the text.")
        yield Mention(start, end, label, keep=decision == "keep")
        return
    words = row["text"].strip().strip("[]").strip()
    pattern = r"\s+".join(map(re.escape, plain(words).split()))
    found = list(re.finditer(rf"(?<!\w){pattern}(?!\w)", plain(note.text))) if words else []
    if not found:
        raise ValueError("the words of the added row do not occur in the recording. Accepted: as they are transcribed.")
    for match in found:
        yield Mention(match.start(), match.end(), label, keep=decision == "keep")


def _read(path: Path) -> list[dict[str, str]]:
    raw = path.read_bytes()
    try:
        text = raw.decode("utf-16" if raw[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig")
    except UnicodeDecodeError as error:
        raise MentionError(f"{path}: {error}. Accepted: text in UTF-8, as it was written.") from error
    header = text.split("\n", 1)[0]
    delimiter = next((d for d in "\t;," if d in header), "\t")
    table = csv.DictReader(io.StringIO(text, newline=""), delimiter=delimiter)
    missing = [name for name in COLUMNS[:6] if name not in (table.fieldnames or ())]
    if missing:
        raise MentionError(f"{path}: no column {', '.join(missing)}. Accepted: the columns {', '.join(COLUMNS)}.")
    rows = [{name: row.get(name) or "" for name in COLUMNS} for row in table]
    return [row for row in rows if row["recording"].strip()]
