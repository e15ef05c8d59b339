"""The evidence of a run or of a published model: the SHA-256 of its files, what it forgot, whether it was accepted.

``evidence.json`` holds digests, counts and names of tasks; nothing that anybody said, no recording, no speaker.
JSON files hold the digest of their own content (:func:`dialogue.core.files.sealed`), ``matrix.json`` those of each
task's files, ``stream.json`` those of the data, ``evidence.json`` those of all files of the run or model. This finds
accidents. Somebody who changes a file on purpose can write all digests again: to exclude that, keep the digest of
``evidence.json`` elsewhere.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from dialogue.core import tainted
from dialogue.core.files import SEAL, parse_json, save_json, sealed, sha256, to_json
from dialogue.learning.continual import loop, model_card, pairing
from dialogue.learning.continual.learner import WEIGHTS
from dialogue.learning.continual.matrix import Matrix
from dialogue.learning.continual.options import ContinualError, Stream

FILE = "evidence.json"
SCHEMA = "dialogue/evidence/1"
LATER = (tainted.FILE, "memorisation.json")  # what other verbs put beside a published model


@dataclass
class Checked:
    """What the check of a folder found.

    Attributes:
        files: name -> SHA-256.
        changed: what is not as it was written, a line for each: the file, its digest, and the one expected.
        unrecorded: files whose digest was never recorded, as in runs of earlier versions.
    """

    files: dict[str, str] = field(default_factory=dict)
    changed: list[str] = field(default_factory=list)
    unrecorded: list[str] = field(default_factory=list)

    def same(self, what: object, found: str, expected: str | None) -> None:
        """Compare two digests."""
        if expected is None:
            self.unrecorded.append(f"{what}: no digest of it was recorded.")
        elif found != expected:
            self.changed.append(f"{what}: sha256 is {found}, expected {expected}.")

    def file(self, folder: Path, name: str, expected: str | None) -> None:
        """Check a file by a digest that was recorded elsewhere."""
        if self._is_there(folder, name):
            self.same(folder / name, self.files[name], expected)

    def sealed(self, folder: Path, name: str) -> dict[str, Any]:
        """Check a JSON file by the digest in it; returns its content, or nothing if it was changed."""
        path = folder / name
        if not self._is_there(folder, name):
            return {}
        content = path.read_bytes()
        try:
            value = parse_json(content.decode())
            right = sealed(value)
        except (ValueError, AttributeError) as error:
            self.changed.append(f"{path}: sha256 is {self.files[name]}, and it cannot be read any more ({error}).")
            return {}
        before = len(self.changed)
        self.same(f"{path}, its content", right[SEAL], value.get(SEAL))
        if len(self.changed) == before:  # the same values may be written in another way
            self.same(path, self.files[name], hashlib.sha256(to_json(value).encode()).hexdigest())
        return right if len(self.changed) == before else {}

    def _is_there(self, folder: Path, name: str) -> bool:
        if (folder / name).is_file():
            self.files[name] = sha256(folder / name)
            return True
        self.changed.append(f"{folder / name}: missing.")
        return False


def check_run(exp: Path, stream: Stream) -> Checked:
    """Check every file that a run recorded, its options, its data and its initial model."""
    found = Checked({loop.CONFIG: sha256(exp / loop.CONFIG)})
    if said := found.sealed(exp, loop.STREAM):
        _check_stream(exp, stream, said, found)
    matrix = found.sealed(exp, loop.MATRIX)
    for number, task in enumerate(matrix["run"].get("tasks", []) if matrix else [], start=1):
        found.sealed(exp, f"task_{number}/{model_card.CARD}")
        for name, digest in task.get("files", {WEIGHTS: None, loop.LOSSES: None}).items():
            found.file(exp, f"task_{number}/{name}", digest)
    return found


def _check_stream(exp: Path, stream: Stream, said: dict[str, Any], found: Checked) -> None:
    now, then = loop.identity(stream), loop.completed(said["stream"], stream)
    found.same(f"model {stream.model}", now.pop("base"), then.get("base"))
    found.changed += [
        f"{exp / loop.CONFIG}: {key} is not as in {loop.STREAM}." for key in now if now[key] != then.get(key)
    ]
    known = {**dict(said["tasks"]), **{f"{name} of the run": d for name, d in said.get("beside", {}).items()}}
    folders = {folder.name: folder for folder in stream.tasks}
    for name, folder in {**folders, **{f"{name} of the run": d for name, d in loop.beside(stream).items()}}.items():
        if (folder / "test.jsonl").is_file():
            found.same(f"{folder}, train.jsonl or test.jsonl", loop.digest_of_data(folder), known.get(name))
        else:
            found.changed.append(f"{folder / 'test.jsonl'}: missing.")


def check_published(folder: Path) -> Checked:
    """Check every byte of a published model, and that nothing was added; hidden files are not part of it.

    Raises:
        ContinualError: it was published without evidence, or not by this program.
        TaintedError: it learned from data that were erased since.
    """
    tainted.refuse(folder)
    if not (folder / FILE).exists():
        raise ContinualError(
            f"{folder}: neither {loop.STREAM} of a run nor {FILE} of a published model, so there is nothing to compare "
            "with. Accepted: a folder that `dialogue continual train` wrote, or `publish` without --without-evidence."
        )
    found = Checked()
    value = found.sealed(folder, FILE)
    if not value:  # then nothing says what the other files were
        return found
    if card := found.sealed(folder, model_card.CARD):
        found.same(f"{folder / FILE}, by {model_card.CARD}", value[SEAL], (card.get("evidence") or {}).get(SEAL))
    for name, digest in value.get("published", {}).get("files", {}).items():
        found.file(folder, name, digest)
    there = {p.relative_to(folder).as_posix(): p for p in sorted(folder.rglob("*")) if p.is_file()}
    found.changed += [
        f"{path}: sha256 is {sha256(path)}, and nothing of this name was published."
        for name, path in there.items()
        if name not in found.files and name not in LATER and not any(part.startswith(".") for part in Path(name).parts)
    ]
    found.changed += found.unrecorded  # everything is recorded when a model is published
    return found


def current(exp: Path) -> dict[str, Any]:
    """Return the evidence of a run, if it is about the files that are there, and accepts it.

    Raises:
        ContinualError: there is none, it is of other files, or it refuses; the message says what to type.
    """
    again = f"Type: dialogue continual verify {exp}"
    if not (exp / FILE).exists():
        raise ContinualError(f"{exp}: no {FILE}, so nobody checked this run. {again}")
    found = Checked()
    value = found.sealed(exp, FILE)
    for name, digest in value.get("files", {}).items():
        found.file(exp, name, digest)
    if wrong := [*found.changed, *found.unrecorded]:
        raise ContinualError(f"{exp}: changed since it was verified: {wrong[0]} {again}")
    if not value["verdict"]["accepted"]:
        raise ContinualError(f"{exp}: refused on {value['date']}: {value['verdict']['why'][0]} Not published.")
    return value


def figures(matrix: Matrix) -> dict[str, Any]:
    """Return R, its figures with 95 % intervals over documents, and KL(initial || now) after each task."""
    draws, units = pairing.draw(matrix), pairing.fewest(matrix)
    return {
        "unit": "bits per byte",
        "columns": matrix.names,
        "R": matrix.values(),
        "figures": {
            name: {"value": value, "interval": pairing.interval(draws[name], units) if name in draws else None}
            for name, value in matrix.metrics().items()
        },
        "kl": matrix.kl,
    }


def write_published(found: dict[str, Any], folder: Path, result: dict[str, Any], share: float) -> dict[str, Any]:
    """Write ``evidence.json`` of a published model, whose other files are complete, except for its card.

    Args:
        found: the evidence of its run.
        result: its :func:`figures`.
        share: of the weights after the last task; the rest are those before it.
    """
    files = {p.relative_to(folder).as_posix(): sha256(p) for p in sorted(folder.rglob("*")) if p.is_file()}
    own = {"date": f"{date.today()}", "share": share, "result": result, "files": files}
    value = sealed({**found, "run": found[SEAL], "published": own})
    save_json(folder / FILE, value)
    return value
