"""What the index holds of a meeting, read from its files."""

from __future__ import annotations

import json
import os
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from dialogue.core.files import read_json
from dialogue.core.transcript import Transcript, TranscriptError
from dialogue.french.text import plain
from dialogue.library import catalogue
from dialogue.library.catalogue import IndexedText
from dialogue.library.facts import FACTS, MeetingFacts, read_facts
from dialogue.minutes.document import Minutes

NOT_YET = "not processed yet"


def stamps(folder: Path) -> dict[str, str]:
    """Return the meetings of a library, each with what changes when a file that is indexed does."""
    with os.scandir(folder) as entries:
        ids = [e.name for e in entries if not e.name.startswith(".") and e.is_dir()]
    root = str(folder)
    return {id: stamp for id in sorted(ids) if (stamp := stamp_of(root, id))}


def stamp_of(folder: str | Path, id: str) -> str:
    """Return the times and sizes of the files of a meeting that are indexed; empty if there are none."""
    found = ""
    for name in (FACTS, f"{id}.json", "minutes.json"):
        try:
            state = os.stat(f"{folder}/{id}/{name}")
        except OSError:
            continue
        found += f"{name} {state.st_mtime_ns} {state.st_size}, "
    return found


def index_meeting(database: sqlite3.Connection, folder: Path, id: str) -> None:
    """Index a meeting from its files; what cannot be read is noted as its problem."""
    stamp = stamp_of(folder, id)  # before reading: what changes meanwhile is indexed again
    problems: list[str] = []
    facts, said, written = MeetingFacts(), None, None
    try:
        facts = read_facts(folder / id)
    except ValueError as error:
        problems.append(str(error))
    try:
        said = _without_words(folder / id / f"{id}.json")
        path = folder / id / "minutes.json"
        written = Minutes.load(path) if path.exists() else None
    except FileNotFoundError:
        problems.append(NOT_YET)
    except (OSError, ValueError) as error:
        problems.append(str(error))
    people = [p.name for p in written.participants if p.name] if written else []
    people += [s.name for s in said.speakers if s.name] if said else []
    row = {
        "id": id,
        "owner": facts.owner,
        "title": facts.title or (written and written.meeting.title),
        "date": facts.date or (written and written.meeting.date),
        "duration": said.duration if said else None,
        "participants": json.dumps([*dict.fromkeys([*facts.participants, *people])], ensure_ascii=False),
        "tags": json.dumps(list(facts.tags), ensure_ascii=False),
        "labels": "".join(map(label, facts.tags)),
        "added": facts.added,
        "keep_until": facts.keep_until,
        "consent_until": facts.consent and facts.consent.until,
        "sound": facts.sound,
        "sha256": facts.sha256,
        "problem": "; ".join(problems) or None,
        "stamp": stamp,
    }
    catalogue.store(database, {name: _storable(value) for name, value in row.items()}, _lines(said, written))


def _storable(value: Any) -> Any:
    return value.encode("utf-8", "replace").decode() if isinstance(value, str) else value


def _without_words(path: Path) -> Transcript:
    """Read a transcript without the words of its utterances, which takes half the time."""
    value = read_json(path)
    if not isinstance(value, dict) or not isinstance(value.get("utterances"), list):
        raise TranscriptError(f"{path}: no transcript. Accepted: the JSON that `dialogue meeting` writes.")
    bare = [{**u, "words": ()} if isinstance(u, dict) else u for u in value["utterances"]]
    return Transcript.from_dict({**value, "utterances": bare})


def _lines(said: Transcript | None, minutes: Minutes | None) -> Iterator[IndexedText]:
    if said:
        names = {s.id: s.name or s.id for s in said.speakers}
        for u in said.utterances:
            if u.text.strip():
                yield IndexedText("words", names.get(u.speaker or ""), u.start, u.end, u.text)
    for kind, item, speaker, due, status in _items(minutes) if minutes else ():
        first = item.evidence[0] if item.evidence else None
        text = next(getattr(item, name) for name in ("text", "what", "raw") if hasattr(item, name))
        if text.strip():
            yield IndexedText(kind, speaker, first and first.start, first and first.end, text, due, status)


def _items(minutes: Minutes) -> Iterator[tuple[str, Any, str | None, str | None, str | None]]:
    """Yield the items of minutes: kind, item, who, until when, state."""
    yield "summary", minutes.summary, None, None, None
    for topic in minutes.topics:
        yield from (("point", point, None, None, None) for point in topic.points)
    yield from (("decision", d, None, None, d.status) for d in minutes.decisions)
    yield from (("action", a, a.owner, a.due_iso or a.due_raw, a.status) for a in minutes.actions)
    yield from (("question", q, None, None, None) for q in minutes.open_questions)
    if minutes.next_meeting:
        yield "next_meeting", minutes.next_meeting, None, minutes.next_meeting.iso, None


def label(tag: str) -> str:
    """Return how a tag is written in the column ``labels``, for comparison whatever its case and accents."""
    return f"\n{' '.join(plain(tag).split())}\n"
