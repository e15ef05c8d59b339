"""Erase a recording or a person from everything below some folders: first a plan, then the deed, safe from crashes.

What is to be erased is written to a journal before anything changes, together with the tombstones that keep it from
coming back; so a second call finishes what a first one began. Each step can be repeated. Whatever can be made again is
deleted, and meetings are brought up to date afterwards. What no program here can reach is listed.

Planning and doing are in one file, although a long one, because a plan is only true if both agree.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import Any, Literal

from dialogue import formats
from dialogue.core import config, ledger, tainted, tombstones
from dialogue.core.errors import DialogueError
from dialogue.core.files import digest_of, read_json, resealed, save_bytes, save_json, sha256, to_json
from dialogue.core.progress import log
from dialogue.core.transcript import Transcript, TranscriptError
from dialogue.learning.continual.loop import CONFIG, STREAM
from dialogue.learning.continual.model_card import CARD
from dialogue.library.catalogue import LibraryError
from dialogue.library.directory import FOLDER as PEOPLE
from dialogue.library.directory import People
from dialogue.library.job_files import ENDED
from dialogue.library.jobs import Queue
from dialogue.library.meetings import Library
from dialogue.minutes.document import SCHEMA as MINUTES
from dialogue.privacy.rewriting import rewritten, transcript_cleaned
from dialogue.privacy.silencing import SilencingError, silence
from dialogue.privacy.survey import SOUNDS, Survey, models_below, survey
from dialogue.privacy.traces import Traces
from dialogue.workflow.runner import read_fingerprint

JOURNAL = ".erasing.json"
OURS = {tombstones.NAME, tombstones.KEY, JOURNAL, tainted.FILE}
TRANSCRIPTS = {".stm", ".rttm", ".srt", ".vtt", ".trs", ".eaf", ".textgrid", ".cha", ".ctm"}
WITH_TEXT = {".json", ".jsonl", ".txt", ".md"}
WEIGHTS = {".safetensors", ".gguf", ".bin", ".pt", ".onnx"}
RENDERED = {".html", ".docx", ".odt", ".pdf", ".tex", ".error", ".damaged", ".npz", ".mp3", ".part"}

Kind = Literal["delete", "rewrite", "silence", "taint", "forget", "rebuild", "left"]
SAID = {
    "delete": "delete",
    "rewrite": "rewrite without it",
    "silence": "silence their turns in",
    "taint": "mark as trained on it",
    "forget": "forget the voice of",
    "rebuild": "bring up to date",
    "left": "look at yourself",
}


@dataclass(frozen=True)
class Step:
    """What is done to a file or folder.

    Attributes:
        why: in a few words; for ``taint``, the command that trains without what is erased.
        count: places that change in it.
    """

    kind: Kind
    path: Path
    why: str = ""
    count: int = 1

    def __str__(self) -> str:
        said = f"{SAID[self.kind]} {self.path}"
        return f"{said}: {self.why}" if self.why else said


@dataclass
class ErasurePlan:
    """What an erasure does.

    Attributes:
        outside: copies and places that are out of reach.
        broken: lines that could not be read.
        in_text: file -> names that are replaced in free text, to look at.
        parts: word of the name -> how often it stays alone in texts, where it may be somebody else's.
    """

    traces: Traces
    steps: list[Step] = field(default_factory=list)
    outside: list[str] = field(default_factory=list)
    broken: list[str] = field(default_factory=list)
    in_text: dict[Path, int] = field(default_factory=dict)
    parts: Counter[str] = field(default_factory=Counter)

    @property
    def left(self) -> list[Step]:
        """What has to be looked at by a person."""
        return [step for step in self.steps if step.kind == "left"]

    def counts(self) -> dict[str, int]:
        """Return how many steps of each kind there are."""
        return dict(Counter(step.kind for step in self.steps))


def plan(found: Survey, traces: Traces) -> ErasurePlan:
    """Return what erasing does, without doing it."""
    made = ErasurePlan(traces, broken=list(found.broken))
    gone: set[Path] = set()
    changed: set[Path] = set()
    answers = _answers(found, traces)
    sizes = {path.stat().st_size for path in _sounds_of(found, traces) if path.is_file()}
    ours = _written_by_stages(found)
    for path in found.files:
        if path.name in OURS or ledger.FOLDER in path.parts or path.name.endswith(".lock"):
            continue
        if any(path.is_relative_to(folder) for folder in gone):
            continue
        folder, recording = _owner(path, found, traces)
        if folder is not None:
            gone.add(folder)
            made.steps.append(Step("delete", folder))
            continue
        step = _step(path, recording, traces, found, made, sizes, answers, ours)
        if step:
            made.steps.append(step)
            changed.add(path)
    made.steps += _uploads(traces, sizes)
    made.steps += _taints(found, traces)
    made.steps += [
        Step("forget", library / PEOPLE, "and samples taken from it")
        for library in found.libraries
        if (library / PEOPLE).is_dir() and _in_directory(library, traces)
    ]
    if made.steps or traces.people:
        made.steps += [Step("rebuild", folder) for folder in _meetings(changed, traces)]
        made.steps += [Step("rebuild", library, "its index") for library in found.libraries]
    _outside(found, traces, made)
    return made


def _owner(path: Path, found: Survey, traces: Traces) -> tuple[Path | None, str | None]:
    """Return the file or folder that goes because its name is that of an erased recording, and whose file it is."""
    root = next(r for r in found.roots if path.is_relative_to(r))
    recording = None
    for place in (*reversed([p for p in path.parents if p != root and p.is_relative_to(root)]), path):
        owner = traces.owner(place.name)
        if owner in traces.recordings and (place == path or place.name.lstrip(".") == owner):
            if place != path and owner.isalpha() and not _is_of(place, owner):
                continue  # a folder that only has the same name
            return place, owner
        recording = owner or recording
    return None, recording


def _is_of(folder: Path, recording: str) -> bool:
    return folder.parent.name == "sound" or any(folder.glob(f"{recording}.*")) or (folder / "meeting.yaml").exists()


def _step(
    path: Path,
    recording: str | None,
    traces: Traces,
    found: Survey,
    made: ErasurePlan,
    sizes: set[int],
    answers: set[Path],
    ours: set[str],
) -> Step | None:
    """Return what is done to one file, if anything."""
    suffix, shared = path.suffix.lower(), traces.shared.get(recording or "")
    if path.is_symlink():
        return None
    if PEOPLE in path.parts or path.parent in answers:
        return Step("delete", path, "answers of a model about it") if path.parent in answers else None
    if suffix in SOUNDS and not (shared and path.parent.parent.name == "sound"):
        return _sound_step(path, recording, traces, found, sizes)
    if suffix in WEIGHTS or path.name.startswith("library.sqlite"):
        return None
    if shared and (suffix in RENDERED or path.parent.name == "unfinished"):
        return Step("delete", path, "made again" if suffix != ".npz" else "embeddings of their voice")
    content = path.read_bytes()
    if shared and suffix in TRANSCRIPTS:
        made_here = path.parent.name == recording and (path.parent.parent / ".stages").is_dir()
        return Step("delete", path, "made again") if made_here else Step("rewrite", path, "in its own format")
    new = rewritten(path, content, traces, recording)
    made.broken += [f"{path}, line {number}: not JSON" for number in new.broken]
    if new.in_text:
        made.in_text[path] = new.in_text
    if new.content and suffix in WITH_TEXT:
        for word, alone in traces.parts.items():
            made.parts[word] += alone.mentions(new.content.decode("utf-8", "replace"))
    if new.unreadable and suffix == ".pkl" and "slurm" in path.parts:
        return Step("delete", path, "what a job was given")
    if new.unreadable:
        return Step("left", path, "it holds the name or id and cannot be edited here, or it cannot be read")
    if new.content is None:
        return Step("delete", path, "made again")
    if new.content == content:
        return None
    if sha256(path) in ours or (shared and _is_by_rules(path)):
        made.in_text.pop(path, None)
        return Step("delete", path, "made again")
    return Step("rewrite", path, "", new.count)


def _sound_step(path: Path, recording: str | None, traces: Traces, found: Survey, sizes: set[int]) -> Step | None:
    if path.stat().st_size in sizes and sha256(path) in traces.sounds:
        return Step("delete", path, "the same sound")
    id = next((id for id in traces.shared if path in _resolved(found.sounds.get(id, ()))), recording)
    turns = traces.shared.get(id or "")
    return Step("silence", path, "", len(turns.spans)) if turns and turns.spans else None


def _is_by_rules(path: Path) -> bool:
    """Tell whether a file is minutes that no model wrote."""
    value = _read(path) if path.suffix == ".json" else {}
    return value.get("schema") == MINUTES and (value.get("provenance") or {}).get("engine") == "extractive"


def _resolved(paths: Any) -> set[Path]:
    return {Path(os.path.realpath(path)) for path in paths}


def _sounds_of(found: Survey, traces: Traces) -> Iterator[Path]:
    for id in traces.recordings:
        yield from found.sounds.get(id, ())
        yield from (p for p in found.files if p.stem == id and p.suffix.lower() in SOUNDS)


def _uploads(traces: Traces, sizes: set[int]) -> list[Step]:
    """Return the copies of its sound that the demonstration keeps for a while, outside of all folders."""
    folder = Path(os.environ.get("GRADIO_TEMP_DIR") or Path(tempfile.gettempdir()) / "gradio")
    files = [p for p in folder.rglob("*") if p.is_file() and p.stat().st_size in sizes] if sizes else []
    return [Step("delete", path, "the same sound") for path in files if sha256(path) in traces.sounds]


def _answers(found: Survey, traces: Traces) -> set[Path]:
    """Return the folders of kept answers of models that may be about it; they are asked again."""
    folders = {path.parent for path in found.files if path.parent.name == "answers"}
    about = [*traces.recordings, *traces.shared]
    return {folder for folder in folders if any((folder.parent / f"{id}.json").exists() for id in about)}


def _written_by_stages(found: Survey) -> set[str]:
    """Return the digests of files for people that stages wrote: one that nobody changed since is made again."""
    digests = set()
    for path in found.files:
        if path.suffix == ".json":
            wrote = (read_fingerprint(path) or {}).get("wrote") or {}
            digests |= {entry[1] for name, entry in wrote.items() if (path.parent / "turns" / name).exists() is False}
    return digests


def _in_directory(library: Path, traces: Traces) -> bool:
    return bool(traces.people or traces.recordings) and any((library / PEOPLE).glob("[!.]*/"))


def _meetings(changed: set[Path], traces: Traces) -> list[Path]:
    """Return the folders of the meetings whose files change, to bring up to date."""
    found: dict[Path, None] = {}
    for path in changed:
        parents = [p for p in path.parents if (p.parent / ".stages" / "calls" / f"{p.name}.json").exists()]
        stages = next((p for p in path.parents if p.name == ".stages"), None)
        if stages and not parents:
            ids = [p.stem for p in (stages / "calls").glob("*.json") if path.name.startswith(f"{p.stem}.")]
            parents = [stages.parent / id for id in ids]
        found |= {p: None for p in parents if p.name not in traces.recordings}
    return sorted(found)


def _outside(found: Survey, traces: Traces, made: ErasurePlan) -> None:
    """List what is out of reach."""
    for id in (*traces.recordings, *traces.shared):
        for path in sorted(_resolved(found.sounds.get(id, ()))):
            if not found.holds(path) and path.exists():
                made.outside.append(
                    f"{path}: the sound, in a folder that was not named. Name it: --below {path.parent}"
                )
    for root in found.roots:
        for folder in {
            p.parent.parent for p in found.files if p.parent.name == ledger.FOLDER and p.is_relative_to(root)
        }:
            for id in (*traces.recordings, *traces.shared):
                for entry in ledger.of(folder, id):
                    if entry.action == "export":
                        made.outside.append(f"{entry.at}: a copy was given out by {entry.by}; ask for it back")
    made.outside += [f"{path}: the history of Git may hold earlier versions" for path in found.repositories]
    for folder in models_below(found):
        if not (folder / CARD).exists() and not (folder / "losses.jsonl").exists():
            made.outside.append(f"{folder}: a model without a card; nobody can tell what it learned from")


# Models -----------------------------------------------------------------------------------------------------------


def _taints(found: Survey, traces: Traces) -> list[Step]:
    """Return the models that learned from it, and how to train them without it."""
    runs = {path.parent: _first_tainted(path.parent, traces) for path in found.files if path.name == STREAM}
    steps: dict[Path, Step] = {}
    for run, first in runs.items():
        if first is None:
            continue
        again = f"dialogue continual rollback {run} --to {first} && dialogue continual resume {run}"
        for folder in sorted(run.glob("task_*")):
            if int(folder.name.removeprefix("task_")) > first:
                steps |= {f: Step("taint", f, again) for f in (folder, folder / "checkpoint") if f.is_dir()}
    for path in found.files:
        if path.name != CARD or path.parent in steps or any(path.is_relative_to(run) for run in runs):
            continue
        card = _read(path)
        if str(card.get("schema", "")).startswith("dialogue/model-card/") and _saw(card.get("data") or (), traces):
            origin = next((r for r, first in runs.items() if first is not None and _same(r, card)), None)
            of = origin or "EXP"
            published = f"dialogue continual verify {of} && dialogue continual publish {of} --out {path.parent}"
            again = card.get("retrain") or published
            if origin:
                first = runs[origin]
                before = f"dialogue continual rollback {origin} --to {first} && dialogue continual resume {origin}"
                again = f"{before} && {again}"
            steps[path.parent] = Step("taint", path.parent, again)
    return [step for step in steps.values() if not tainted.is_tainted(step.path)]


def _first_tainted(run: Path, traces: Traces) -> int | None:
    """Return how many tasks of a run did not learn from it, if a later one did."""
    stream, known = _read(run / CONFIG), _read(run / STREAM)
    folders = [Path(task) for task in stream.get("tasks") or ()]
    mixed = stream.get("method") == "joint"  # then the weights of the first task learned from all tasks
    for number, folder in enumerate(folders):
        spared = 0 if mixed else number
        at = run / f"task_{spared + 1}"
        card = _read(at / CARD)
        if _saw((card.get("data") or ())[number : number + 1], traces):
            return spared
        begun = at.is_dir() and number < len(known.get("tasks") or ())
        if begun and not card and _saw_rows(folder / "train.jsonl", traces):
            return spared
    return None


def _saw(data: Sequence[Mapping[str, Any]], traces: Traces) -> bool:
    for task in data:
        recordings, speakers = task.get("recordings") or (), task.get("speakers") or ()
        if any(map(traces.is_erased, recordings)) or any(map(traces.is_name, speakers)):
            return True
        for recording, turns in traces.shared.items():
            heard = {*speakers} & set(turns.labels) or {*(task.get("utterances") or ())} & set(turns.hashes)
            if recording in recordings and heard:
                return True
    return False


def _saw_rows(path: Path, traces: Traces) -> bool:
    if not path.exists():
        return False
    content = path.read_bytes()
    return rewritten(path, content, traces, None).content != content


def _same(run: Path, card: Mapping[str, Any]) -> bool:
    return _read(run / CONFIG) == card.get("config")


def _read(path: Path) -> dict[str, Any]:
    try:
        value = read_json(path)
    except (OSError, ValueError):
        return {}
    return value if isinstance(value, dict) else {}


def _task_digests(found: Survey, traces: Traces) -> dict[str, str]:
    """Return the digest of each task of which only test data change, by folder: its runs go on as they are."""
    digests = {}
    for train in (p for p in found.files if p.name == "train.jsonl" and (p.parent / "test.jsonl").exists()):
        if not _saw_rows(train, traces) and _saw_rows(train.parent / "test.jsonl", traces):
            digests[str(train.parent)] = _digest(train.parent)
    return digests


def _digest(task: Path) -> str:
    return digest_of([sha256(task / f"{name}.jsonl") for name in ("train", "test")])


# The deed ---------------------------------------------------------------------------------------------------------


def begun(folders: Sequence[Path]) -> Traces | None:
    """Return what an earlier call began to erase below these folders and did not finish."""
    for folder in folders:
        if (folder / JOURNAL).exists():
            return config.build(Traces, read_json(folder / JOURNAL)["traces"], str(folder / JOURNAL))
    return None


def erase(
    folders: Sequence[Path], traces: Traces, *, key: str | None = None, report: Callable[[str], None] = log.info
) -> ErasurePlan:
    """Erase; returns what was left: the steps that failed, and what people have to look at.

    Args:
        key: of the directory of voices, if it is encrypted.
        report: called with a line for each step.
    """
    found = survey(folders)
    made = plan(found, traces)
    journal = found.roots[0] / JOURNAL
    known = _read(journal)  # of an earlier call, which saw everything as it was
    before = known.get("tasks") or _task_digests(found, traces)
    stones: Any = known.get("stones") or _stones(found, traces)
    noted = {"at": f"{date.today()}", "traces": config.to_dict(traces), "tasks": before, "stones": stones}
    _save_private(journal, noted)
    for root in found.roots:
        tombstones.write(root, stones)
    failed: list[Step] = []
    for step in sorted(made.steps, key=lambda s: ORDER.index(s.kind)):
        try:
            _do(step, found, traces, key)
        except (DialogueError, OSError, TimeoutError) as error:
            failed.append(replace(step, kind="left", why=f"not done: {error}"))
        else:
            report(str(step))
    _redigested(found, before)
    again = plan(survey(folders), replace(traces, shared={}))  # written meanwhile, for instance by a running process
    late = [
        s for s in again.steps if s.kind in ("delete", "rewrite", "taint") and s.path not in {f.path for f in failed}
    ]
    for step in late:
        _do(step, found, traces, key)
    counts = made.counts()
    for root in found.roots:
        tombstones.write(root, stones, counts)
        ledger.record(root, "erase", counts=counts)
    left = [*failed, *again.left]
    if not failed:
        journal.unlink()
    return replace(made, steps=left)


ORDER: tuple[Kind, ...] = ("taint", "forget", "silence", "rewrite", "delete", "rebuild", "left")


def _stones(found: Survey, traces: Traces) -> list[tuple[tombstones.Kind, str]]:
    stones: list[tuple[tombstones.Kind, str]] = [("recording", id) for id in traces.recordings]
    stones += [("sound", digest) for digest in traces.sounds]
    stones += [("person", name) for name in traces.names]
    for id in traces.shared:  # as it was, with them in it
        stones += [("sound", sha256(path)) for path in found.sounds.get(id, ()) if path.is_file()]
    return list(dict.fromkeys(stones))


def _save_private(path: Path, value: Any) -> None:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with open(descriptor, "w", encoding="utf-8") as file:
        file.write(to_json(value))
        file.flush()
        os.fsync(file.fileno())


def _do(step: Step, found: Survey, traces: Traces, key: str | None) -> None:
    path = step.path
    if step.kind == "taint" and path.is_dir():
        tainted.mark(path, step.why)
    elif step.kind == "forget":
        _forget(path.parent, traces, key)
    elif step.kind == "silence" and path.exists():
        _silence(path, found, traces)
    elif step.kind == "rewrite" and path.exists():
        _rewrite(path, found, traces)
    elif step.kind == "delete":
        _delete(path, found)
    elif step.kind == "rebuild":
        _rebuild(path, found)


def _forget(library: Path, traces: Traces, key: str | None) -> None:
    people = People(library, owner=None, key=key)
    for id in traces.people:
        if any(person.id == id for person in people.everyone()):
            people.forget(id)
    people.forget_samples(lambda source: traces.is_erased(source) or traces.is_erased(Path(source).name))


def _silence(path: Path, found: Survey, traces: Traces) -> None:
    """Silence; a file that cannot be decoded or written goes, because nobody can tell what can be heard in it."""
    id = next(i for i in traces.shared if path.stem == i or path in _resolved(found.sounds.get(i, ())))
    try:
        silence(path, traces.shared[id].spans)
    except SilencingError as error:
        log.warning("%s Deleted, since the person would stay in it.", error)
        path.unlink()


def _rewrite(path: Path, found: Survey, traces: Traces) -> None:
    _, recording = _owner(path, found, traces)
    shared = traces.shared.get(recording or "")
    suffix = path.suffix.lower()
    if shared and path.parent.name == "turns":
        beside = _read(path.parent.parent / f"{recording}.json")
        try:
            said = Transcript.from_dict(transcript_cleaned(beside, shared, traces)[0])
        except TranscriptError:
            path.unlink()
            return
        save_bytes(path, (formats.dumps([said], "rttm") if said.utterances else "").encode())
    elif shared and suffix in TRANSCRIPTS:
        kept = [Transcript.from_dict(transcript_cleaned(t.to_dict(), shared, traces)[0]) for t in formats.read(path)]
        formats.write([t for t in kept if t.utterances], path)
    else:
        new = rewritten(path, path.read_bytes(), traces, recording)
        if new.content is None:
            path.unlink()
        else:
            save_bytes(path, new.content)


def _delete(path: Path, found: Survey) -> None:
    library = next((lib for lib in found.libraries if path.parent == lib), None)
    if library is not None and path.is_dir():
        _remove_meeting(library, path.name)
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)


def _remove_meeting(library: Path, id: str) -> None:
    """Remove a meeting and its jobs; those that wait are cancelled."""
    shelf = Library(library, user=None)
    for job in Queue(shelf).list():
        if job.meeting == id and job.state not in ENDED:
            Queue(shelf).cancel(job.id)
    with contextlib.suppress(LibraryError):  # not in the index: only the folder is there
        shelf.get(id)
        shelf.remove(id)


def _rebuild(path: Path, found: Survey) -> None:
    from dialogue.workflow import meeting

    if path in found.libraries:
        Library(path, user=None).rebuild()
        return
    result = meeting.refresh(path)
    if result.failed:
        raise LibraryError("; ".join(result.failed.values()))


def _redigested(found: Survey, before: Mapping[str, str]) -> None:
    """Note in runs the new digest of tasks of which only test data changed, so that they can go on."""
    changed = {old: _digest(Path(task)) for task, old in before.items() if (Path(task) / "test.jsonl").exists()}
    for path in (p for p in found.files if p.name == STREAM and p.exists()):
        value = _read(path)
        tasks = [[name, changed.get(digest, digest)] for name, digest in value.get("tasks") or ()]
        beside = {name: changed.get(digest, digest) for name, digest in (value.get("beside") or {}).items()}
        new = {**value, "tasks": tasks, **({"beside": beside} if beside else {})}
        if value and new != value:
            save_json(path, resealed(new, value))
