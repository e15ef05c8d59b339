"""Run any stage: each recording of a manifest becomes one output file.

Files are the truth. ``<out>/<id>.json`` means done and ``<out>/<id>.error`` means failed, whatever killed the worker,
so running again both resumes and retries. The first line of an output says what made it (its *fingerprint*: digests of
the inputs, the options that the stage reads, the models, the stage's version); only outputs whose fingerprint changed
are made again.

Planning, processing and launching are in one file, although a long one, because these promises hold only together.
"""

from __future__ import annotations

import contextlib
import functools
import hashlib
import itertools
import json
import multiprocessing
import os
import pickle
import platform
import re
import resource
import shlex
import shutil
import signal
import subprocess
import sys
import time
import traceback
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timezone
from multiprocessing import connection
from pathlib import Path
from typing import Any, Protocol

from dialogue.core import compatibility, models
from dialogue.core.audio import RESERVED_ID, Recording
from dialogue.core.files import (
    Digests,
    beside,
    keeping,
    name_of,
    read_json,
    remove_parts,
    save_json,
    save_text,
    sha256,
    to_json,
)
from dialogue.core.progress import Bar, log, log_to_file
from dialogue.core.version import VERSION
from dialogue.workflow import costs

END = b"\n}\n"  # of every output
RECORDED = ("wrote", "body")  # of what made an output: they do not tell whether it is stale
VISIBLE = "CUDA_VISIBLE_DEVICES"
COMMAND = "DIALOGUE_COMMAND"  # environment variable with the call of a recipe, set by recipes/options.sh
SAFE = re.compile(r"\w[\w.-]*")  # an id is used as a file name

Progress = Callable[[float], None]  # share of the recording done, in [0, 1]


class Output(Protocol):
    """What a worker returns: it can convert itself to plain values."""

    def to_dict(self) -> dict[str, Any]: ...


@dataclass(frozen=True)
class FilesWritten:
    """The value of a worker that writes files other than ``<id>.json``: the list of these files."""

    files: Sequence[Path]

    def to_dict(self) -> dict[str, Any]:
        return {"files": [str(path) for path in self.files]}


Worker = Callable[[Recording, Path, Progress], Output]  # recording, output folder, progress -> what to save
Loaded = dict[str, Worker]  # digest of what makes a worker -> the worker, with its models


@dataclass(frozen=True)
class Stage:
    """Definition of a stage for the runner.

    Attributes:
        name: the verb.
        version: version of the stage's method; a new one makes all its outputs stale.
        make_worker: called once in each process; loads the models. It must pickle: a function, or a
            ``functools.partial`` of one.
        inputs: all files that a recording's outputs are made from.
        outputs: all files written for a recording in addition to ``<out>/<id>.json``, given the output folder; if one
            is missing, the recording is processed again.
        options: the options that the stage reads, as plain values.
        models: registered names or folders.
        attributes: names of the manifest attributes that the stage reads.
        unnamed: inputs are recorded by number, because their names may say who is in a recording.
        for_people: the other outputs are for people: what they changed stays, and the new file goes beside it.
        cost: seconds of work expected per second of sound, until this machine has measured its own.
    """

    name: str
    version: int
    make_worker: Callable[[], Worker]
    inputs: Callable[[Recording], Sequence[Path]]
    options: Mapping[str, Any] = field(default_factory=dict)
    models: Sequence[str] = ()
    attributes: Sequence[str] = ()
    outputs: Callable[[Recording, Path], Sequence[Path]] = lambda recording, out: ()
    for_people: bool = False
    unnamed: bool = False
    cost: float = 0.0003


@dataclass(frozen=True)
class Task:
    """A recording to process, the fingerprint of its future output, and the other files that will be written.

    Whether these files are for people is said by the stage.
    """

    recording: Recording
    fingerprint: Mapping[str, Any]
    reason: str
    outputs: Sequence[Path]
    for_people: bool


@dataclass(frozen=True)
class Outcome:
    """How a recording ended, after how many seconds: ``error`` is the first line of the cause, empty on success."""

    recording: str
    duration: float
    seconds: float
    error: str = ""


@dataclass(frozen=True)
class Result:
    """How a run of a stage ended.

    Attributes:
        done, current: recordings processed now, and those that were already up to date.
        failed: recording -> first line of the cause.
    """

    stage: str
    done: tuple[str, ...] = ()
    current: tuple[str, ...] = ()
    failed: Mapping[str, str] = field(default_factory=dict)

    def table(self) -> str:
        """Return the failures, one per line; empty if there are none."""
        if not self.failed:
            return ""
        rows = "\n".join(f"  {recording}: {cause}" for recording, cause in self.failed.items())
        return (
            f"{self.stage}: {len(self.failed)} of {len(self.done) + len(self.current) + len(self.failed)} "
            f"recordings failed\n{rows}"
        )


Launch = Callable[[Stage, Sequence[Task], Path, int], Iterator[Outcome]]  # stage, tasks, output folder, jobs


def run(
    stage: Stage,
    recordings: Sequence[Recording],
    out: Path,
    *,
    jobs: int = 1,
    only_failed: bool = False,
    explain: bool = False,
    dry_run: bool = False,
    quiet: bool = False,
    bar: Bar | None = None,
    loaded: Loaded | None = None,
    launch: Launch | None = None,
) -> Result:
    """Bring the outputs of a stage up to date.

    Args:
        jobs: 1 works in this process; more start that many processes, which load the models once each.
        only_failed: process only recordings with an ``.error`` file.
        explain: print for each recording whether it runs, and why.
        dry_run: only print that.
        quiet: no progress bar.
        bar: the bar of several stages, of which this is one; by default the stage has its own.
        loaded: workers of this process that later runs use again, models and all, if ``jobs`` is 1.
        launch: has the tasks done elsewhere, by ``jobs`` workers, and yields how each ended.

    Raises:
        ValueError: two recordings have the same id, an id is unsafe, or ``jobs`` is below 1.
        ModelError: a model is missing; nothing was done.
    """
    _check([r.id for r in recordings], jobs)
    if not dry_run:
        out.mkdir(parents=True, exist_ok=True)
        remove_parts(out)
    tasks, current, failed = _plan(stage, recordings, out, only_failed)
    if explain or dry_run:
        reasons = {t.recording.id: t.reason for t in tasks} | {i: f"cannot run: {c}" for i, c in failed.items()}
        for recording in recordings:
            print(f"{stage.name} {recording.id}: {reasons.get(recording.id, 'up to date')}")
    if dry_run:
        return Result(stage.name, current=tuple(current))
    for name in stage.models if tasks else ():
        models.resolve(name)
    for id in {path.stem for path in out.glob("*.error")}.intersection(current):
        discard(out / f"{id}.error")  # obsolete: killed after writing the output, or the inputs are back
    for id, cause in failed.items():
        write_error(out / f"{id}.error", cause)
    tasks.sort(key=lambda t: -t.recording.duration)  # longest first, so that the last one to finish is short
    began, done = time.time(), []
    if tasks:
        log_to_file(out / "logs" / f"{datetime.now():%Y%m%d-%H%M%S}-{stage.name}.log")
        log.info("%s: %d recordings, options %s", stage.name, len(tasks), json.dumps(dict(stage.options)))
    with contextlib.nullcontext(bar) if bar else Bar(stage.name, {}, quiet or not tasks) as bar:
        bar.begin(stage.name, expected(stage, [t.recording for t in tasks]))
        launched = launch(stage, tasks, out, jobs) if launch else _launch(stage, tasks, out, jobs, bar.share, loaded)
        for outcome in launched if tasks else ():
            bar.finished(outcome.recording, outcome.error)
            if outcome.error:
                failed[outcome.recording] = outcome.error
            else:
                done.append(outcome.recording)
            ended = f"failed: {outcome.error}" if outcome.error else "done"
            log.info("%s %s: %s after %.1f s", stage.name, outcome.recording, ended, outcome.seconds)
        if (seconds := bar.end()) and not failed and launch is None:
            costs.learn(stage.name, stage.models, stage.cost, seconds, [t.recording for t in tasks])
    result = Result(stage.name, tuple(done), tuple(current), failed)
    if tasks or failed:
        _write_summary(stage, result, tasks, out, time.time() - began, jobs)
    return result


def _check(ids: Sequence[str], jobs: int) -> None:
    if jobs < 1:
        raise ValueError(f"jobs: found {jobs}. Accepted: 1 or more.")
    if len(set(ids)) < len(ids):
        twice = sorted(id for id, times in Counter(ids).items() if times > 1)
        raise ValueError(f"two recordings are called {', '.join(twice)}. Ids must be unique in a manifest.")
    for unsafe in (i for i in ids if not SAFE.fullmatch(i) or i == RESERVED_ID):
        raise ValueError(
            f"recording id {unsafe!r} cannot name a file. Accepted: letters, digits, - _ . and no dash or dot first; "
            f"not {RESERVED_ID!r}. Give it another id in the manifest."
        )


def pending(stage: Stage, recordings: Sequence[Recording], out: Path) -> list[str]:
    """Return the recordings that a stage would process now, or when its inputs exist."""
    current = set(_plan(stage, recordings, out, only_failed=False)[1])
    return [r.id for r in recordings if r.id not in current]


def expected(stage: Stage, recordings: Sequence[Recording]) -> dict[str, float]:
    """Return the seconds of work expected for each recording, for a :class:`~dialogue.core.progress.Bar`."""
    return costs.expected(stage.name, stage.models, stage.cost, recordings)


# Planning ---------------------------------------------------------------------------------------------------------


def _plan(
    stage: Stage, recordings: Sequence[Recording], out: Path, only_failed: bool
) -> tuple[list[Task], list[str], dict[str, str]]:
    notebook = Digests(_notebook(out))
    common = {
        "stage": stage.name,
        "version": stage.version,
        "options": dict(stage.options),
        "models": {name: models.digest(name) for name in stage.models},
    }
    tasks, current, failed = [], [], {}
    for recording in recordings:
        error = out / f"{recording.id}.error"
        if only_failed and not error.exists():
            current.append(recording.id)
            continue
        try:
            inputs: dict[str, str] = {}
            for number, path in enumerate(stage.inputs(recording), start=1):
                # a folder of recordings may move; outputs of two stages differ only by their folder
                name = name_of(path) if path == recording.path else f"{path.parent.name}/{path.name}"
                name = str(number) if stage.unnamed else str(path) if name in inputs else name
                inputs[name] = notebook(path)
        except OSError as problem:
            which = f"input {number}" if stage.unnamed else problem.filename
            failed[recording.id] = f"{which}: {problem.strerror}. It is an input of {stage.name}."
            continue
        read = {k: recording.attributes[k] for k in stage.attributes if k in recording.attributes}
        fingerprint = {**common, "inputs": inputs, "attributes": read}
        target, outputs = out / f"{recording.id}.json", stage.outputs(recording, out)
        made_by = read_fingerprint(target)
        reason = _difference(made_by, fingerprint) or _damage(stage, outputs, made_by or {})
        if reason and _edited(target, made_by) and not _difference(read_fingerprint(beside(target)), fingerprint):
            reason = None  # a person changed it, and the new one is beside it
        if reason:
            reason = "failed before" if error.exists() else reason
            tasks.append(Task(recording, fingerprint, reason, outputs, stage.for_people))
        else:
            current.append(recording.id)
    if out.is_dir():
        notebook.save()
    return tasks, current, failed


def _notebook(out: Path) -> Path:
    """Return the digest cache shared by the stages of an experiment, whose folders are siblings."""
    return out.resolve().parent / ".digests.json"


def read_fingerprint(path: Path) -> Mapping[str, Any] | None:
    """Read what made an output: from its first line, or from the whole file if another tool rewrote it.

    ``None`` without an output, or if its end is missing.
    """
    try:
        with path.open("rb") as file:
            first = file.readline()
            file.seek(max(0, path.stat().st_size - len(END)))
            if first.startswith(b'{"made_by": ') and first.endswith(b",\n") and file.read() == END:
                made_by: Mapping[str, Any] = json.loads(first[:-2] + b"}")["made_by"]
            else:
                made_by = read_json(path)["made_by"]
            return made_by if isinstance(made_by, dict) else None
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        return None


def _damage(stage: Stage, outputs: Sequence[Path], made_by: Mapping[str, Any]) -> str | None:
    """Say which output is missing or damaged, if any. Those for people may be edited, but not empty."""
    for path in outputs:
        try:
            size = path.stat().st_size
        except OSError:
            return f"{path.name} is missing"
        before, _ = _recorded(made_by).get(path.name, (size, ""))
        if size != before and not (stage.for_people and size):
            return f"{path.name} is damaged: {size} bytes, {before} were written"
    return None


def _recorded(made_by: Mapping[str, Any]) -> dict[str, tuple[int, str]]:
    """Return the size and digest of each file that was written; other records are left out."""
    wrote = made_by.get("wrote")
    found = wrote.items() if isinstance(wrote, dict) else ()
    return {name: (entry[0], entry[1]) for name, entry in found if isinstance(entry, list) and len(entry) == 2}


def is_made(task: Task, out: Path) -> bool:
    """Tell whether the output of a task is there, made as the task says."""
    target = out / f"{task.recording.id}.json"
    return any(_difference(read_fingerprint(path), task.fingerprint) is None for path in (target, beside(target)))


def _edited(target: Path, made_by: Mapping[str, Any] | None) -> bool:
    """Tell whether a person changed an output since it was written."""
    if not made_by or "body" not in made_by:
        return False
    return bool(_body_digest(target.read_bytes().partition(b"\n")[2]) != made_by["body"])


def _body_digest(body: bytes) -> str:
    """Return the digest of an output without its first line; people may save it in another encoding."""
    return hashlib.sha256(body).hexdigest()


def _changed_by_people(task: Task, target: Path, made_by: Mapping[str, Any] | None) -> list[Path]:
    """Return the files of a recording that are not as they were written; without a record, all that exist."""
    changed = [target] if _edited(target, made_by) else []
    wrote = _recorded(made_by or {})
    for path in task.outputs if task.for_people else ():
        if path.is_file() and path.stat().st_size:
            ours = [wrote[p.name][1] for p in (path, beside(path)) if p.name in wrote]
            if sha256(path) not in ours:
                changed.append(path)
    return changed


def _difference(before: Mapping[str, Any] | None, now: Mapping[str, Any], where: str = "") -> str | None:
    """Describe the first difference; ``None`` if there is none."""
    if not isinstance(before, Mapping):
        return "no output yet"
    for key in [*now, *(k for k in before if k not in now and k not in RECORDED)]:
        old, new, name = before.get(key), now.get(key), f"{where}{key}"
        if isinstance(old, Mapping) and isinstance(new, Mapping):
            if deeper := _difference(old, new, f"{name}."):
                return deeper
        elif json.dumps(old, sort_keys=True) != json.dumps(new, sort_keys=True):
            short = [str(v)[:12] if name.startswith(("inputs.", "models.")) else repr(v) for v in (old, new)]
            return f"{name} changed: {short[0]} -> {short[1]}"
    return None


# Processing -------------------------------------------------------------------------------------------------------


def processed(worker: Worker, task: Task, out: Path, progress: Progress) -> Outcome:
    """Run a worker on a recording and leave its output or its error on disk."""
    recording = task.recording
    target, error = out / f"{recording.id}.json", out / f"{recording.id}.error"
    began, cpu = time.perf_counter(), time.process_time()
    before = read_fingerprint(target)
    changed = _changed_by_people(task, target, before)
    try:
        if before is None and target.exists() and target.stat().st_size:  # cut, or edited until it could not be read
            target.replace(target.with_name(f"{target.name}.damaged"))
        with keeping(changed):
            value = worker(recording, out, progress).to_dict()
        seconds = time.perf_counter() - began
        entry = {
            **task.fingerprint,
            "tool": f"dialogue {VERSION}",
            "seconds": round(seconds, 3),
            "cpu_seconds": round(time.process_time() - cpu, 3),
            "real_time_factor": round(seconds / recording.duration, 4) if recording.duration else None,
        }
        if isinstance(value.get("provenance"), list):
            value["provenance"] = [*value["provenance"], entry]
        wrote = _wrote(task, changed, before or {})
        with keeping(changed):
            save_output(target, value, {**task.fingerprint, **({"wrote": wrote} if wrote else {})})
        for path in changed:
            _tell(recording.id, path)
        error.unlink(missing_ok=True)
        discard(unfinished(out, recording))
        return Outcome(recording.id, recording.duration, seconds)
    except Exception as problem:
        cause = cause_of(problem)
        if not changed and not task.for_people:  # the record of what people were given stays
            discard(target)
        write_error(error, f"{cause}\n\n{traceback.format_exc()}")
        first = cause.strip().splitlines()[0] if cause.strip() else "unknown"
        return Outcome(recording.id, recording.duration, time.perf_counter() - began, first)
    finally:
        compatibility.return_memory()


def unfinished(out: Path, recording: Recording) -> Path:
    """Return where a worker may keep what it has done of a recording; it is removed when the output is there."""
    return out / "unfinished" / f"{recording.id}.jsonl"


def _wrote(task: Task, changed: Sequence[Path], before: Mapping[str, Any]) -> dict[str, tuple[int, str]]:
    """Return the size and digest of each file written; of a file that a person changed, those of what we wrote."""
    wrote = {}
    for path in task.outputs:
        if path in changed and path.name in _recorded(before):
            wrote[path.name] = _recorded(before)[path.name]
        for written in (beside(path),) if path in changed else (path,):
            if written.exists():
                wrote[written.name] = (written.stat().st_size, sha256(written))
    return wrote


def _tell(recording: str, path: Path) -> None:
    """Say that a person's file was kept, unless the new one is equal."""
    new = beside(path)
    if not new.exists():
        return
    if sha256(new) == sha256(path):
        new.unlink()
    else:
        log.warning("%s: %s was changed by hand, so it stays; the new one is %s", recording, path, new.name)


def cause_of(problem: Exception) -> str:
    """Say in words why a recording failed; the name of the exception is added where its message is not ours."""
    return str(problem) if isinstance(problem, ValueError) else f"{type(problem).__name__}: {problem}"


def discard(target: Path) -> None:
    """Remove an output that was to be made again, or an old error, so that nobody takes it for current.

    On a read-only disk nothing happens.
    """
    with contextlib.suppress(OSError):
        target.unlink(missing_ok=True)


def write_error(path: Path, text: str) -> None:
    """Write the cause of a failure to disk."""
    with contextlib.suppress(OSError):  # on a full disk, the outcome still reports the cause
        save_text(path, text.rstrip() + "\n")


def save_output(path: Path, value: Mapping[str, Any], fingerprint: Mapping[str, Any]) -> None:
    """Write an output atomically, with only its fingerprint on the first line."""
    save_text(path, output_text(value, fingerprint))


def output_text(value: Mapping[str, Any], fingerprint: Mapping[str, Any]) -> str:
    """Return an output as it is written."""
    body = to_json(value)[1:].lstrip()
    head = json.dumps({"made_by": {**fingerprint, "body": _body_digest(body.encode())}}, ensure_ascii=False)
    return f"{head[:-1]},\n{body}"


# Launching --------------------------------------------------------------------------------------------------------

Share = Callable[[str, float], None]  # recording id, share done


def _launch(
    stage: Stage, tasks: Sequence[Task], out: Path, jobs: int, share: Share, loaded: Loaded | None
) -> Iterator[Outcome]:
    if min(jobs, len(tasks)) == 1:
        worker = stage.make_worker() if loaded is None else _worker(stage, loaded)
        for task in tasks:
            yield processed(worker, task, out, functools.partial(share, task.recording.id))
        return
    yield from _processes(stage, tasks, out, min(jobs, len(tasks)), share)


def _worker(stage: Stage, loaded: Loaded) -> Worker:
    key = hashlib.sha256(pickle.dumps(stage.make_worker)).hexdigest()  # the function and all its arguments
    if key not in loaded:
        loaded[key] = stage.make_worker()
    return loaded[key]


def _processes(stage: Stage, tasks: Sequence[Task], out: Path, jobs: int, share: Share) -> Iterator[Outcome]:
    """Run spawned processes that ask for one recording at a time; if one dies, only its recording fails.

    They take the GPUs in turn. Several on one GPU share it, each with its own models.
    """
    spawn = multiprocessing.get_context("spawn")  # fork and CUDA do not mix
    os.environ.setdefault("OMP_NUM_THREADS", str(max(1, (os.cpu_count() or 1) // jobs)))  # share the processors
    waiting = list(reversed(tasks))
    busy: dict[Any, tuple[Any, Task | None]] = {}
    gpus = itertools.cycle(_gpus() or [None])

    def start() -> None:
        ours, theirs = spawn.Pipe()
        process = spawn.Process(target=_serve, args=(theirs, stage.make_worker, out, next(gpus)), daemon=True)
        process.start()
        theirs.close()
        busy[ours] = process, None

    for _ in range(jobs):
        start()
    try:
        while busy:
            ready: Any
            for ready in connection.wait(list(busy)):
                process, task = busy[ready]
                try:
                    kind, content = ready.recv()
                except (EOFError, ConnectionResetError):
                    process.join()
                    del busy[ready]
                    cause = f"the worker process died ({_how_it_ended(process.exitcode)})"
                    if task is None:  # the next process would die too
                        raise ChildProcessError(f"{stage.name}: {cause} while it loaded its models.") from None
                    discard(out / f"{task.recording.id}.json")
                    write_error(out / f"{task.recording.id}.error", cause)
                    yield Outcome(task.recording.id, task.recording.duration, 0.0, cause)
                    if len(busy) < min(jobs, len(waiting)):
                        start()
                    continue
                if kind == "share":
                    share(*content)
                    continue
                if kind == "broken":
                    raise content
                if kind == "outcome":
                    yield content
                following = waiting.pop() if waiting else None
                busy[ready] = process, following
                with contextlib.suppress(BrokenPipeError):  # it just died: the next iteration notices
                    ready.send(following)
                if following is None:
                    process.join()
                    ready.close()
                    del busy[ready]
    finally:
        for process, _ in busy.values():
            process.terminate()


def _gpus() -> list[str | None]:
    """Return the GPUs that this process may use, as CUDA numbers or names them."""
    named = os.environ.get(VISIBLE)
    if named is None and shutil.which("nvidia-smi"):
        asked = ["nvidia-smi", "--query-gpu=index", "--format=csv,noheader"]
        found = subprocess.run(asked, capture_output=True, text=True)
        named = ",".join(found.stdout.split()) if found.returncode == 0 else None
    return [name.strip() for name in (named or "").split(",") if name.strip()]


def _serve(pipe: Any, make_worker: Callable[[], Worker], out: Path, gpu: str | None) -> None:
    """Run a worker process, on the only GPU that its libraries will see."""
    if gpu is not None:
        os.environ[VISIBLE] = gpu  # read when CUDA starts: with the first model
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent handles ctrl-C and ends its workers
    try:
        worker = make_worker()
    except Exception as problem:
        try:
            pickle.loads(pickle.dumps(problem))
        except Exception:  # some exceptions cannot be pickled
            problem = RuntimeError(f"{type(problem).__name__}: {problem}")
        pipe.send(("broken", problem))
        return
    latest = 0.0

    def progress(id: str, done: float) -> None:
        nonlocal latest
        if time.monotonic() - latest > 0.5:
            latest = time.monotonic()
            pipe.send(("share", (id, done)))

    pipe.send(("ready", None))
    while (task := pipe.recv()) is not None:
        pipe.send(("outcome", processed(worker, task, out, functools.partial(progress, task.recording.id))))


def _how_it_ended(code: int | None) -> str:
    if code is not None and code < 0:
        name = signal.Signals(-code).name
        return f"{name}; often a lack of memory: try fewer --jobs" if name == "SIGKILL" else name
    return f"exit code {code}"


# Summary ----------------------------------------------------------------------------------------------------------


def _write_summary(stage: Stage, result: Result, tasks: Sequence[Task], out: Path, seconds: float, jobs: int) -> None:
    peak = max(resource.getrusage(who).ru_maxrss for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    done = set(result.done)
    sound = sum(t.recording.duration for t in tasks if t.recording.id in done)
    summary = {
        "stage": stage.name,
        "version": stage.version,
        "dialogue": VERSION,
        "git": _git(),
        "python": platform.python_version(),
        "host": {"system": platform.platform(), "processors": os.cpu_count()},
        "finished": datetime.now(timezone.utc).isoformat(timespec="seconds"),
        "command": command(),
        "options": dict(stage.options),
        "models": {name: models.digest(name) for name in stage.models},
        "jobs": jobs,
        "counts": {"done": len(result.done), "current": len(result.current), "failed": len(result.failed)},
        "failed": dict(result.failed),
        "seconds": round(seconds, 3),
        "sound_seconds": round(sound, 3),
        "real_time_factor": round(seconds / sound, 4) if sound else None,
        "peak_memory_mib": round(peak / (1024 if sys.platform != "darwin" else 1024**2)),
    }
    with contextlib.suppress(OSError):
        save_json(out / "stage.json", summary)


def command() -> str:
    """Return the call of the recipe for which this process works, or else its own."""
    return os.environ.get(COMMAND) or shlex.join(["dialogue", *sys.argv[1:]])


def _git() -> str | None:
    """Return the commit of the source, with ``+`` if there are changes; ``None`` outside a checkout."""
    here = Path(__file__).parent
    try:
        described = subprocess.run(
            ["git", "describe", "--always", "--dirty=+"], cwd=here, capture_output=True, text=True, timeout=5
        )
    except (OSError, subprocess.TimeoutExpired):
        return None
    return described.stdout.strip() or None
