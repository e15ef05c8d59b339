"""A meeting that people correct: its folder, the machine's transcript, the log, and what they give together.

>>> revision = Revision(Path("out/meeting"))                                     # doctest: +SKIP
>>> revision.add(revision.editor("Anne").rename("spk2", "Camille"))              # doctest: +SKIP
>>> revision.refresh()                                                           # doctest: +SKIP
"""

from __future__ import annotations

from functools import cached_property
from pathlib import Path

from dialogue import corrections
from dialogue.core.transcript import Transcript
from dialogue.corrections import Correction, CorrectionError, Editor, Log, Unreplayed
from dialogue.corrections.correction import OF_MINUTES
from dialogue.corrections.draft import Draft
from dialogue.corrections.minutes_items import MinutesEditor, corrected_minutes
from dialogue.minutes import Minutes
from dialogue.workflow import correcting, meeting
from dialogue.workflow.runner import Result


class Revision:
    """The corrections of one meeting.

    Args:
        folder: ``<out>/<id>``, as ``dialogue meeting`` made it.

    Raises:
        CorrectionError: the folder is not that of a meeting, or its log is that of another one.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder.resolve()
        self.id = self.folder.name
        self.path = correcting.log_of(self.folder.parent, self.id)
        self._work = self.folder.parent / ".stages"
        machine = self._work / "transcript" / f"{self.id}.json"
        if not machine.exists():
            raise CorrectionError(f"{folder}: {meeting.NO_MEETING}")
        self.machine = Transcript.load(machine)

    @cached_property
    def log(self) -> Log:
        """What the log holds."""
        return corrections.read(self.path, self.machine.recording)

    @cached_property
    def _replayed(self) -> tuple[Draft, tuple[Unreplayed, ...]]:
        return corrections.replayed(self.machine, self.log.active)

    @property
    def transcript(self) -> Transcript:
        """The corrected transcript."""
        return self._replayed[0].finished()

    @property
    def minutes(self) -> Minutes:
        """The corrected minutes; those of the latest run, if the transcript was corrected since."""
        return self._items[0]

    @property
    def unreplayed(self) -> tuple[Unreplayed, ...]:
        """What could not be replayed, with the reasons."""
        items = self._items[1] if any(c.do in OF_MINUTES for c in self.log.active) else ()
        return (*self._replayed[1], *items)

    @cached_property
    def _items(self) -> tuple[Minutes, tuple[Unreplayed, ...]]:
        path = self._work / "minutes" / f"{self.id}.json"
        if not path.exists():
            raise CorrectionError(f"{self.folder}: no minutes. Accepted: a meeting that `dialogue meeting` finished.")
        return corrected_minutes(Minutes.load(path), self.transcript, self.log.active)

    def speaker(self, name: str) -> str:
        """Return the id of a speaker whom readers see under a name that the minutes inferred, else what was given."""
        heard = {s.id: s.name for s in self.transcript.speakers}
        if name in heard or name in heard.values():
            return name
        path = self._work / "minutes" / f"{self.id}.json"
        known = Minutes.load(path).participants if path.exists() else ()
        found = [p.id for p in known if p.name == name and p.id in heard]
        return found[0] or name if len(found) == 1 else name

    def editor(self, by: str) -> Editor:
        """Return what makes corrections of the transcript as it is now."""
        return Editor(self._replayed[0], by)

    def minutes_editor(self, by: str) -> MinutesEditor:
        """Return what makes corrections of the minutes as they are now."""
        return MinutesEditor(self.minutes, by)

    def add(self, correction: Correction) -> Correction:
        """Write a correction to the log, where it stays."""
        added = corrections.append(self.path, correction)
        self._forget()
        return added

    def undo(self, by: str, id: str | None = None) -> Correction:
        """Undo a correction: the latest in effect by default."""
        return self.add(Correction("", "", by, self.machine.recording, "undo", target=self.log.to_undo(id)))

    def redo(self, by: str, id: str | None = None) -> Correction:
        """Redo a correction: the latest undone by default."""
        return self.add(Correction("", "", by, self.machine.recording, "redo", target=self.log.to_redo(id)))

    def refresh(self, model: bool = False) -> Result:
        """Bring all files for people up to date; see :func:`dialogue.workflow.meeting.refresh`."""
        result = meeting.refresh(self.folder, model=model)
        self._forget()
        return result

    def _forget(self) -> None:
        for name in ("log", "_replayed", "_items"):
            self.__dict__.pop(name, None)
