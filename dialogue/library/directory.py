"""A directory of people's voices, each kept with their consent only, until the day that they agreed to.

``<library>/.people/<id>/`` holds ``person.json`` and the samples of the voice (``<sample>.npz``), and nothing else in a
library does. Ids are random, so that no name is in a path.
"""

from __future__ import annotations

import contextlib
import datetime
import io
import secrets
import shutil
import zipfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from dialogue.core import config, ledger
from dialogue.core.files import parse_json, to_json, whole
from dialogue.core.lock import locked
from dialogue.core.tombstones import Tombstones
from dialogue.corrections.correction import one_name
from dialogue.library.consent import Consent, PeopleError
from dialogue.library.meetings import default_folder
from dialogue.library.owners import LOCAL
from dialogue.library.sealed import SEALED, Seal, SealError, erase, exists
from dialogue.library.voiceprints import Voiceprint, model_id

FOLDER, RECORD, SUGGESTED = ".people", "person.json", ".suggestions"


@dataclass(frozen=True)
class VoiceSample:
    """A sample of a voice, as the record of its person names it.

    Attributes:
        source: meeting or file that it was taken from.
        seconds: clean speech in it.
        model: what computed its vector.
        added: day.
    """

    id: str
    source: str
    seconds: float
    model: str
    added: str


@dataclass(frozen=True)
class Person:
    """A person whose voice is known.

    Attributes:
        reference: what another system calls them; empty if they were enrolled here.
    """

    id: str
    name: str
    consent: Consent
    owner: str = LOCAL
    samples: tuple[VoiceSample, ...] = ()
    reference: str = ""


class People:
    """The people of a library, as one user sees them.

    Args:
        library: folder of the library; by default that of :func:`~dialogue.library.meetings.default_folder`.
        owner: whose people; ``None`` is the keeper of the library, who sees everyone's.
        key: encrypts what is written; see :class:`dialogue.library.sealed.Seal`.

    Attributes:
        problems: id -> why a person's files cannot be read, after :meth:`everyone`.
    """

    def __init__(self, library: Path | None = None, owner: str | None = LOCAL, key: str | None = None) -> None:
        self.folder = (library or default_folder()) / FOLDER
        self.owner = owner
        self.seal = Seal(key)
        self.problems: dict[str, str] = {}

    # Reading ------------------------------------------------------------------------------------------------------

    def everyone(self) -> list[Person]:
        """Return the people by name, also those whose consent has expired.

        Raises:
            SealError: their files are encrypted, and the key opens none of them.
        """
        found: list[Person] = []
        opened, self.problems = False, {}
        closed: SealError | None = None
        for folder in sorted(self.folder.glob("[!.]*")):
            try:
                found.append(self._read(folder.name))
                opened |= not (folder / RECORD).exists()
            except SealError as error:
                self.problems[folder.name], closed = str(error), error
            except PeopleError as error:
                self.problems[folder.name] = str(error)
        if closed and not opened:
            raise closed
        return sorted((p for p in found if self.owner in (None, p.owner)), key=lambda p: (p.name.casefold(), p.id))

    def get(self, who: str) -> Person:
        """Return a person by id or name.

        Raises:
            PeopleError: there is nobody, or several people have this name.
        """
        known = self.everyone()
        found = [p for p in known if p.id == who] or [p for p in known if p.name == one_name(who)]
        if not found and who in self.problems:
            raise PeopleError(self.problems[who])
        if len(found) != 1:
            ids = f"{len(found)} people have this name. Accepted: {', '.join(p.id for p in found)}."
            raise PeopleError(f"{who}: {ids if found else 'nobody of this id or name. See `dialogue people list`.'}")
        return found[0]

    def voiceprints(self, person: Person) -> tuple[list[Voiceprint], list[str]]:
        """Return the samples of a voice that can be used now, and why the others cannot."""
        if person.consent.expired:
            return [], [f"{person.name}: the consent ended on {person.consent.until}; the voice is not used."]
        found, problems = [], []
        for sample in person.samples:
            where = f"{person.name}, sample {sample.id}"
            if sample.model != model_id():
                problems.append(f"{where}: of the model {sample.model}, and not {model_id()}. Enrol the voice again.")
                continue
            try:
                found.append(Voiceprint(self._vector(person, sample), sample.seconds, sample.model))
            except (OSError, EOFError, KeyError, ValueError, zipfile.BadZipFile) as error:
                problems.append(f"{where}: cannot be read ({error}). It is not used.")
        return found, problems

    def _vector(self, person: Person, sample: VoiceSample) -> Any:
        import numpy as np

        content = self.seal.read(self.folder / person.id / f"{sample.id}.npz")
        with np.load(io.BytesIO(content), allow_pickle=False) as arrays:
            vector = arrays["vector"]
        if vector.shape != (192,) or vector.dtype != np.float32 or not np.isfinite(vector).all():
            raise ValueError(f"found {vector.dtype} {vector.shape}, accepted float32 (192,), all finite")
        return vector

    def _read(self, id: str) -> Person:
        path = self.folder / id / RECORD
        try:
            person = config.build(Person, parse_json(self.seal.read(path).decode()), str(path))
        except SealError:
            raise
        except (OSError, ValueError) as error:
            raise PeopleError(
                f"{path}: no record of a person ({error}). To remove it: dialogue people forget {id}"
            ) from error
        return replace(person, id=id)

    # Writing ------------------------------------------------------------------------------------------------------

    def enrol(
        self, name: str, sample: Voiceprint, consent: Consent, *, source: str = "", namesake: bool = False
    ) -> Person:
        """Keep a voice.

        Args:
            source: where the sample comes from.
            namesake: there is another person of this name.

        Raises:
            PeopleError: the consent is not complete or has expired, or there is a person of this name.
            TombstoneError: a person of this name was erased.
        """
        consent, name = consent.checked(), one_name(name)
        with self._writing():
            same = [p.id for p in self.everyone() if p.name == name]
            if same and not namesake:
                raise PeopleError(
                    f"{name}: already there as {', '.join(same)}. "
                    "Accepted: another sample of the same person (--add), or another person of this name (--namesake)."
                )
            person = Person(secrets.token_hex(6), name, consent, self.owner or LOCAL)
            return self._keep(person, sample, source)

    def refer(self, reference: str, name: str, sample: Voiceprint, consent: Consent) -> Person:
        """Keep the voice of a person whom another system enrolled, in place of what it sent before.

        Raises:
            PeopleError: the consent is not complete or has expired.
        """
        consent, name = consent.checked(), one_name(name)
        with self._writing():
            for person in self.referred(reference):
                self._forget(person.id)
            person = Person(secrets.token_hex(6), name, consent, self.owner or LOCAL, reference=reference)
            return self._keep(person, sample, "another system")

    def referred(self, reference: str) -> list[Person]:
        """Return the people whom another system calls so, or whose references begin so if it ends with ``/``."""
        return [
            p
            for p in self.everyone()
            if p.reference == reference or (reference.endswith("/") and p.reference.startswith(reference))
        ]

    def add(self, who: str, sample: Voiceprint, consent: Consent | None = None, *, source: str = "") -> Person:
        """Keep another sample of a person, whose consent may be renewed by it.

        Raises:
            PeopleError: there is no such person, or their consent has expired and is not renewed.
        """
        consent = consent.checked() if consent else None
        with self._writing():
            person = self.get(who)
            return self._keep(replace(person, consent=consent or person.consent.checked()), sample, source)

    def _keep(self, person: Person, sample: Voiceprint, source: str) -> Person:
        import numpy as np

        Tombstones(self.folder).refuse("person", person.name)
        number = 1 + max((int(s.id[1:]) for s in person.samples), default=0)
        today, seconds = f"{datetime.date.today()}", round(sample.seconds, 2)
        made = VoiceSample(f"s{number}", one_name(source or "?"), seconds, sample.model, today)
        person = replace(person, samples=(*person.samples, made))
        content = io.BytesIO()
        np.savez(content, vector=np.asarray(sample.vector, np.float32))
        folder = self.folder / person.id
        path = folder / f"{made.id}.npz"
        try:
            self.seal.write(path, content.getvalue())
            self.seal.write(folder / RECORD, whole(to_json(asdict(person))).encode())
        except BaseException:  # no vector stays without a record
            erase(path)
            if number == 1:
                _remove(folder)
            raise
        self.seal.close(self.folder)
        ledger.record(self.folder.parent, "enrol", ids=[person.id], counts={"samples": 1})
        return person

    def forget(self, who: str) -> str:
        """Remove a person: their record, their samples, and what was suggested because of them; returns their id.

        Raises:
            PeopleError: there is no such person.
        """
        with self._writing():
            self.everyone()
            damaged = who in self.problems and self.owner in (None, LOCAL)  # nobody can tell whose they are
            id = who if damaged else self.get(who).id
            self._forget(id)
        ledger.record(self.folder.parent, "forget", ids=[id])
        return id

    def forget_samples(self, taken: Callable[[str], bool]) -> list[str]:
        """Remove samples by where they were taken from; returns the ids of the people who had any.

        Somebody of whom no sample is left is removed.

        Args:
            taken: tells by its ``source`` whether a sample goes.
        """
        changed = []
        for person in self.everyone():
            gone = [sample for sample in person.samples if taken(sample.source)]
            if not gone:
                continue
            changed.append(person.id)
            if len(gone) == len(person.samples):
                self.forget(person.id)
                continue
            with self._writing():
                kept = replace(person, samples=tuple(s for s in person.samples if s not in gone))
                self.seal.write(self.folder / person.id / RECORD, whole(to_json(asdict(kept))).encode())
                for sample in gone:
                    erase(self.folder / person.id / f"{sample.id}.npz")
        return changed

    def _forget(self, id: str) -> None:
        for path in self._suggested():
            try:
                kept = [s for s in parse_json(self.seal.read(path).decode()) if s["person"] != id]
            except (OSError, ValueError, KeyError, TypeError):  # of whom, nobody can tell
                erase(path)
                continue
            if kept:
                self.seal.write(path, to_json(kept).encode())
            else:
                erase(path)
        _remove(self.folder / id)

    # Suggestions --------------------------------------------------------------------------------------------------

    def note(self, meeting: str, suggested: Sequence[dict[str, Any]]) -> None:
        """Keep what is suggested for a meeting, in place of what was: rows with ``speaker``, ``person`` (an id)..."""
        path = self.folder / SUGGESTED / f"{meeting}.json"
        with self._writing():
            if suggested:
                self.seal.write(path, to_json(list(suggested)).encode())
            elif exists(path):
                erase(path)

    def noted(self, meeting: str) -> list[dict[str, Any]]:
        """Return what is suggested for a meeting."""
        path = self.folder / SUGGESTED / f"{meeting}.json"
        return list(parse_json(self.seal.read(path).decode())) if exists(path) else []

    def _suggested(self) -> list[Path]:
        return sorted({p.with_name(p.name.removesuffix(SEALED)) for p in (self.folder / SUGGESTED).glob("*")})

    @contextlib.contextmanager
    def _writing(self) -> Iterator[None]:
        """Wait for other writers."""
        self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        with locked(self.folder / ".lock"):
            yield


def _remove(folder: Path) -> None:
    """Remove a folder; its files are overwritten first."""
    for path in folder.glob("*"):
        erase(path)
    shutil.rmtree(folder, ignore_errors=True)
