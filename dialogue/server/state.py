"""What a client is told about a meeting, as plain JSON."""

from __future__ import annotations

import re
from collections import OrderedDict
from dataclasses import asdict
from pathlib import Path
from typing import Any

from dialogue import pages
from dialogue.core.files import read_json, sha256
from dialogue.core.transcript import Transcript, TranscriptError
from dialogue.corrections import NAME, Correction, CorrectionError
from dialogue.corrections.correction import SpeakerAnchor
from dialogue.french.names import numbered
from dialogue.library.facts import FACTS
from dialogue.library.job_files import Job
from dialogue.library.jobs import Queue
from dialogue.library.meetings import TEXTS, Library, MeetingEntry
from dialogue.library.versions import PREFERENCES
from dialogue.minutes import Minutes
from dialogue.server.background import Background
from dialogue.server.texts import explained, step
from dialogue.server.uploads import as_options
from dialogue.workflow.revision import Revision

KEPT = 8  # meetings whose data stay ready
HIDDEN = (FACTS, NAME, PREFERENCES, *TEXTS.values())  # not results


class States:
    """The states of the meetings of a library.

    Args:
        background: knows which files have all corrections.
    """

    def __init__(self, folder: Path, background: Background) -> None:
        self.folder, self.background = folder, background
        self._views: OrderedDict[tuple[str, str, str], dict[str, Any]] = OrderedDict()

    def entry(self, meeting: MeetingEntry, job: Job | None, queue: list[Job], language: str) -> dict[str, Any]:
        """Return a meeting as it is listed."""
        shown = {k: v for k, v in asdict(meeting).items() if k not in ("owner", "sound", "sha256")}
        waits = job is not None and job.state in ("submitted", "running")
        problem = None if waits or not meeting.problem else explained(meeting.problem, language, "failed")
        return {**shown, "problem": problem, "job": self.job(job, queue, language)}

    def job(self, job: Job | None, queue: list[Job], language: str) -> dict[str, Any] | None:
        """Return how far a job is.

        Args:
            queue: the jobs of everyone that wait or run.
        """
        if job is None:
            return None
        return {
            "id": job.id,
            "state": job.state,
            "step": job.step,
            "step_label": step(job.step, language),
            "share": job.share,
            "seconds_left": job.seconds_left,
            "cause": explained(job.cause, language, "failed") if job.cause else None,
            "ahead": sum(other.sequence < job.sequence for other in queue) if job.state == "submitted" else 0,
        }

    def version(self, id: str) -> str:
        """Return what changes when somebody corrects a meeting, or it is recognised or written again."""
        stages, log = self.folder / ".stages", self.folder / id / NAME
        corrected = log.stat().st_size if log.exists() else 0
        heard = _digest(stages / "transcript" / f"{id}.json", self.folder / id / f"{id}.json")
        return f"{corrected}-{heard}-{_digest(stages / 'minutes' / f'{id}.json')}"

    def state(self, library: Library, id: str, language: str) -> dict[str, Any]:
        """Return everything about a meeting of a user.

        Raises:
            LibraryError: they have no such meeting.
        """
        meeting = library.get(id)
        facts = library.facts(id)
        queue = Queue(Library(self.folder, user=None)).list(waiting=True)
        job = latest_job(library, id)
        version = self.version(id)
        view = self._view(library, id, version, language)
        return {
            "meeting": {
                **self.entry(meeting, job, queue, language),
                "sound": library.sound(id) is not None,
                "options": as_options(facts.options),
            },
            "job": self.job(job, queue, language),
            "version": version,
            **view,
            "files": [{"name": p.name, "bytes": p.stat().st_size} for p in result_files(self.folder / id)],
            "fresh": self.background.fresh(id),
        }

    def _view(self, library: Library, id: str, version: str, language: str) -> dict[str, Any]:
        """Return transcript and minutes with all corrections, as the viewer takes them."""
        key = (id, version, language)
        if key not in self._views:
            self._views[key] = self._made(library, id, language)
            while len(self._views) > KEPT:
                self._views.popitem(last=False)
        self._views.move_to_end(key)
        return self._views[key]

    def _made(self, library: Library, id: str, language: str) -> dict[str, Any]:
        folder = self.folder / id
        about: dict[str, Any] = {"can_undo": False, "can_redo": False, "unreplayed": [], "editable": False}
        if not (folder / f"{id}.json").exists():
            return {"viewer": None, **about}
        try:
            revision = Revision(folder)
            said: Transcript = revision.transcript
            written: Minutes | None = revision.minutes
            log = revision.log
            about = {
                "can_undo": bool(log.active),
                "can_redo": bool(log.undone),
                "unreplayed": unreplayed(revision, language),
                "editable": True,
            }
        except (CorrectionError, TranscriptError, OSError):  # added as a folder, without its working files
            try:
                said, written = library.transcript(id), library.minutes(id)
            except (TranscriptError, ValueError):  # the entry says so
                return {"viewer": None, **about}
        viewer = pages.viewer_data(said, written, language=language)
        if peaks := next((self.folder / ".stages" / "export" / "sound" / id).glob("*.json"), None):
            viewer["peaks"] = read_json(peaks)
        if self.sound(library, id):
            viewer["sound"] = f"/api/meetings/{id}/sound"
        if title := library.get(id).title:
            viewer["title"] = title
        return {"viewer": viewer, **about}

    def sound(self, library: Library, id: str) -> Path | None:
        """Return the sound of a meeting of a user, in a form that browsers play, if it is still there.

        Raises:
            LibraryError: they have no such meeting.
        """
        library.get(id)
        encoded = next((self.folder / ".stages" / "export" / "sound" / id).glob("*.mp3"), None)
        return encoded or library.sound(id)


def told(correction: Correction, language: str) -> dict[str, Any]:
    """Return what a page needs to say in its own words what was corrected."""

    def name(speaker: SpeakerAnchor | None) -> str | None:
        return (speaker.name or numbered(speaker.id, language)) if speaker else None

    item, edited = correction.item, correction.edited
    return {
        **{field: getattr(correction, field) for field in ("id", "at", "by", "do", "target", "before", "after")},
        "speaker": name(correction.speaker),
        "into": name(correction.into),
        "start": correction.words[-1].start if correction.words else None,
        "item": item and item.text,
        "edited": edited and ", ".join(filter(None, (edited.text, edited.owner, edited.due))),
    }


def unreplayed(revision: Revision, language: str) -> list[dict[str, Any]]:
    """Return the corrections that could not be replayed, each with its reason; a line that holds none has only that."""

    def reason(text: str) -> str:
        named = re.sub(r"\bspk\d+\b", lambda id: numbered(id[0], language), text)
        return explained(named, language, "reason")

    left = [{**told(each.correction, language), "reason": reason(each.reason)} for each in revision.unreplayed]
    return left + [{"id": None, "do": None, "reason": reason(line)} for line in revision.log.damaged]


def result_files(folder: Path) -> list[Path]:
    """Return the files of a meeting that are for people."""
    return [p for p in sorted(folder.iterdir()) if p.is_file() and p.name[0] != "." and p.name not in HIDDEN]


def latest_job(library: Library, id: str) -> Job | None:
    """Return the job of a meeting that was accepted last."""
    return Queue(library).latest(id)


def _digest(*paths: Path) -> str:
    path = next((p for p in paths if p.exists()), None)
    if path is None:
        return ""
    stamp = path.stat()
    known = _DIGESTS.get(path)
    if known is None or known[0] != (stamp.st_mtime_ns, stamp.st_size):
        known = _DIGESTS[path] = ((stamp.st_mtime_ns, stamp.st_size), sha256(path)[:10])
    return known[1]


_DIGESTS: dict[Path, tuple[tuple[int, int], str]] = {}
