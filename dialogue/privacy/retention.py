"""How long things are kept, and the deletion of what is kept no longer: one piece of code for commands and servers.

A folder says it in ``privacy.yaml``::

    retention: {audio_days: 30, transcript_days: 365, embeddings_days: 0, expired_consent: delete}

Days of a meeting count from the moment when it was added, those of other files from their time of change. Sound and
embeddings go only once everything was made of them: before, nothing could be made again.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta, timezone
from pathlib import Path
from typing import Literal

from dialogue.core import config, ledger
from dialogue.core.config import Amount, Count
from dialogue.core.files import read_json
from dialogue.library.catalogue import NAME as CATALOGUE
from dialogue.library.directory import FOLDER as PEOPLE
from dialogue.library.directory import People
from dialogue.library.jobs import Queue
from dialogue.library.meetings import Library, MeetingEntry
from dialogue.privacy import erasure
from dialogue.privacy.survey import SOUNDS, ErasureError, Survey, of_recording, survey

FILE = "privacy.yaml"
UPLOADS = ".uploads"

What = Literal["sound", "embeddings", "meeting", "recording", "voice", "upload"]


@dataclass(frozen=True)
class RetentionConfig:
    """How long things are kept; ``None`` is without limit.

    Attributes:
        audio_days: the sound of a recording, also in its page.
        transcript_days: everything about a recording.
        embeddings_days: what the diarization heard of the voices, from which people could be recognised; 0 until
            the recording is processed.
        demo_uploads_minutes: files that somebody sent and that were not taken into the library.
        expired_consent: whether meetings and voices whose consent ended are deleted, or only listed.
    """

    audio_days: Count | None = None
    transcript_days: Count | None = None
    embeddings_days: Count | None = None
    demo_uploads_minutes: Amount = 60.0
    expired_consent: Literal["list", "delete"] = "list"


@dataclass(frozen=True)
class PrivacyFile:
    """The content of ``privacy.yaml``."""

    retention: RetentionConfig = RetentionConfig()


@dataclass(frozen=True)
class Expired:
    """Something that is kept no longer.

    Attributes:
        folder: the library or folder of data that it is in.
        id: of the meeting, recording or person; the name of an upload.
        why: which term, in words.
        held: why it is not deleted yet; empty if it is.
    """

    what: What
    folder: Path
    id: str
    why: str
    held: str = ""

    def __str__(self) -> str:
        return f"{self.what} {self.id}: {self.why}" + (f"; not deleted: {self.held}" if self.held else "")


def terms_of(folder: Path, overrides: tuple[str, ...] = ()) -> RetentionConfig:
    """Return the terms of a folder: its ``privacy.yaml``, then ``retention.audio_days=30``.

    Raises:
        ConfigError: a term is unknown or not valid.
    """
    path = folder / FILE
    return config.load(PrivacyFile, path if path.exists() else None, overrides).retention


def ends(entry: MeetingEntry, terms: RetentionConfig) -> dict[str, str]:
    """Return until when a meeting, its sound and its consent last: what -> day or moment."""
    found = {"meeting": entry.keep_until, "consent": entry.consent_until}
    added = _moment(entry.added) if entry.added else None
    for what, days in (("sound", terms.audio_days), ("meeting", terms.transcript_days)):
        if added and days is not None:
            last = f"{(added + timedelta(days=days)).date()}"
            found[what] = min(last, found.get(what) or last)
    return {what: end for what, end in found.items() if end}


def expired(folder: Path, terms: RetentionConfig, now: datetime | None = None) -> list[Expired]:
    """Return what is kept no longer, in a library or a folder of data and experiments.

    Args:
        now: the moment; by default the present one.
    """
    now = now or datetime.now(timezone.utc)
    folder = folder.resolve()
    return [*(_in_library if (folder / CATALOGUE).exists() else _in_data)(folder, terms, now)]


def purge(folder: Path, terms: RetentionConfig, now: datetime | None = None) -> tuple[list[Expired], list[str]]:
    """Delete what is kept no longer; returns what was deleted, and what could not be and why."""
    done, failed = [], []
    for each in expired(folder, terms, now):
        if each.held:
            continue
        try:
            _delete(each)
        except (OSError, ValueError, TimeoutError) as error:  # the others go on; at the next time it is tried again
            failed.append(f"{each}; not deleted: {error}")
            continue
        done.append(each)
        ledger.record(each.folder, "purge", ids=[each.id], counts={each.what: 1})
    return done, failed


# Libraries --------------------------------------------------------------------------------------------------------


def _in_library(folder: Path, terms: RetentionConfig, now: datetime) -> Iterator[Expired]:
    library = Library(folder, user=None)
    waiting = {job.meeting for job in Queue(library).list(waiting=True)}
    listed = "" if terms.expired_consent == "delete" else "expired_consent is list"
    for entry in library.list():
        if why := _meeting_over(entry, terms, now):
            yield Expired("meeting", folder, entry.id, why)
            continue
        if entry.consent_until and entry.consent_until < f"{now.date()}":
            yield Expired("meeting", folder, entry.id, f"the consent ended on {entry.consent_until}", listed)
            if not listed:
                continue
        held = _unfinished(folder, entry, waiting)
        since = _moment(entry.added) if entry.added else _changed(folder / entry.id)
        if _over(since, terms.audio_days, now) and (library.sound(entry.id) or _page_sound(folder, entry.id).exists()):
            yield Expired("sound", folder, entry.id, f"sound is kept for {terms.audio_days} days", held)
        if _over(since, terms.embeddings_days, now) and _voices(folder, entry.id).exists():
            yield Expired("embeddings", folder, entry.id, f"kept for {terms.embeddings_days} days", held)
    if (folder / PEOPLE).is_dir():
        for path in sorted((folder / PEOPLE).glob("[!.]*/person.json")):  # encrypted ones say nothing without the key
            until = str((read_json(path).get("consent") or {}).get("until", ""))
            if until and until < f"{now.date()}":
                yield Expired("voice", folder, path.parent.name, f"the consent ended on {until}", listed)
    for path in sorted((folder / UPLOADS).glob("*")):
        if now - _changed(path) > timedelta(minutes=terms.demo_uploads_minutes):
            yield Expired("upload", folder, path.name, f"kept for {terms.demo_uploads_minutes:g} minutes")


def _meeting_over(entry: MeetingEntry, terms: RetentionConfig, now: datetime) -> str:
    """Say why a whole meeting is kept no longer; empty if it is."""
    until = entry.keep_until
    if until and (until < f"{now.date()}" if len(until) == 10 else _moment(until) < now):
        return f"it was to be kept until {until}"
    if entry.added and _over(_moment(entry.added), terms.transcript_days, now):
        return f"transcripts are kept for {terms.transcript_days} days"
    return ""


def _unfinished(folder: Path, entry: MeetingEntry, waiting: set[str]) -> str:
    if entry.id in waiting:
        return "it waits, or is being processed"
    if (folder / f"{entry.id}.error").exists():
        return "it could not be processed"
    return entry.problem or ""


def _page_sound(folder: Path, id: str) -> Path:
    return folder / ".stages" / "export" / "sound" / id


def _voices(folder: Path, id: str) -> Path:
    return folder / ".stages" / "diarization" / "voices" / f"{id}.npz"


# Data and experiments ---------------------------------------------------------------------------------------------


def _in_data(folder: Path, terms: RetentionConfig, now: datetime) -> Iterator[Expired]:
    found = survey([folder])
    stages = {path.parent for path in found.files if path.name == "stage.json"}
    over = _data_over(found, now)
    for id in sorted(found.recordings):
        sounds = [p for p in found.sounds.get(id, ()) if found.holds(p) and p.is_file() and p.suffix.lower() in SOUNDS]
        texts = found.transcripts.get(id, [])
        since = min(map(_changed, texts), default=None)
        held = _unmade(id, stages)
        if id in over:
            yield Expired("recording", folder, id, over[id])
        elif since and _over(since, terms.transcript_days, now):
            yield Expired("recording", folder, id, f"transcripts are kept for {terms.transcript_days} days")
        elif any(_over(_changed(path), terms.audio_days, now) for path in sounds):
            yield Expired("sound", folder, id, f"sound is kept for {terms.audio_days} days", held)
    for path in (p for p in found.files if p.suffix == ".npz" and p.parent.name == "voices"):
        if _over(_changed(path), terms.embeddings_days, now):
            held = _unmade(path.stem, stages)
            yield Expired("embeddings", folder, path.stem, f"kept for {terms.embeddings_days} days", held)


def _data_over(found: Survey, now: datetime) -> dict[str, str]:
    """Return the recordings whose card says a day until which they are kept, and that it is over."""
    over: dict[str, str] = {}
    for card in (p for p in found.files if p.name == "card.json" and (p.parent / "recordings.jsonl").exists()):
        until = str(((read_json(card) or {}).get("retention") or {}).get("delete_after", ""))
        try:
            gone = date.fromisoformat(until) < now.date()
        except ValueError:  # unknown, never, or an event in words, which a person has to notice
            continue
        if gone:
            rows = (card.parent / "recordings.jsonl").read_text(encoding="utf-8").splitlines()
            over |= {id: f"its card says until {until}" for id in found.recordings if any(f'"{id}"' in r for r in rows)}
    return over


def _unmade(id: str, stages: set[Path]) -> str:
    """Say which stage has not made its output of a recording; without any stage, nothing was made of it."""
    for stage in sorted(stages):
        if (stage / f"{id}.error").exists() or not (stage / f"{id}.json").exists():
            return f"{stage.name} has not made its output of it"
    return "" if stages else "nothing was made of it yet"


# Deletion ---------------------------------------------------------------------------------------------------------


def _delete(each: Expired) -> None:
    folder, id = each.folder, each.id
    if each.what == "upload":
        shutil.rmtree(folder / UPLOADS / id)
    elif each.what == "meeting":
        Library(folder, user=None).remove(id)
    elif each.what == "voice":
        People(folder, owner=None).forget(id)
    elif each.what == "embeddings":
        for path in folder.rglob(f"voices/{id}.npz"):
            path.unlink()
    elif each.what == "recording":
        found = survey([folder])
        if left := erasure.erase([folder], of_recording(found, id)).left:
            raise ErasureError("; ".join(map(str, left)))
    elif (folder / CATALOGUE).exists():
        _delete_sound(folder, id)
    else:
        for path in survey([folder]).sounds.get(id, ()):
            if path.is_relative_to(folder):
                path.unlink(missing_ok=True)


def _delete_sound(library: Path, id: str) -> None:
    """Delete the sound of a meeting, and make its page again without it."""
    from dialogue.workflow import meeting

    Library(library, user=None).forget_sound(id)
    shutil.rmtree(_page_sound(library, id), ignore_errors=True)
    page = library / id / "report.html"
    if page.exists():
        page.unlink()
        if (library / ".stages" / "calls" / f"{id}.json").exists():
            meeting.refresh(library / id)


def _over(since: datetime, days: int | None, now: datetime) -> bool:
    return days is not None and now - since > timedelta(days=days)


def _moment(text: str) -> datetime:
    found = datetime.fromisoformat(text)
    return found if found.tzinfo else found.replace(tzinfo=timezone.utc)


def _changed(path: Path) -> datetime:
    return datetime.fromtimestamp(path.stat().st_mtime, timezone.utc)
