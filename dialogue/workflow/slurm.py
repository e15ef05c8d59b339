"""Run the recordings of a stage as an array of Slurm jobs.

Files are the truth, as everywhere: a job writes ``<out>/<id>.json`` or ``<out>/<id>.error`` and nothing else matters.
submitit submits the jobs and queues one again that reaches its time limit; whether they run is asked of ``squeue``,
never of ``sacct``, which many sites do not have. A recording whose job died is tried once more, then fails; the others
of that job are submitted again. Nothing runs beside Slurm: if this process ends, the jobs go on, and the next call
finds them by their name and waits for them.
"""

from __future__ import annotations

import functools
import hashlib
import os
import shlex
import shutil
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from dialogue.core import models
from dialogue.core.errors import DialogueError
from dialogue.core.extras import how_to_install
from dialogue.core.files import beside, save_text
from dialogue.core.progress import log
from dialogue.workflow.runner import (
    Launch,
    Outcome,
    Stage,
    Task,
    Worker,
    discard,
    is_made,
    processed,
    write_error,
)

FOLDER, ARRAY, RUNNING = "slurm", "array", "running"  # in the output folder of a stage
OFFLINE = "export HF_HUB_OFFLINE=1 GRADIO_ANALYTICS_ENABLED=False PYANNOTE_METRICS_ENABLED=0"
LOOK = "from dialogue.core import models as m; print(f'models={m.folder()}\\nthere={m.folder().is_dir()}')"
TRIES = 2  # times that a recording may end its job before it fails, and that all jobs may end before they begin


class SlurmError(DialogueError):
    """Slurm is not there, or refuses the jobs; the message says what it said."""


@dataclass(frozen=True)
class SlurmConfig:
    """What a site and a stage ask of Slurm, in ``conf/<site>.yaml``.

    Attributes:
        partition, account, qos, constraint: names at the site; ``None`` leaves them to Slurm.
        minutes: time limit of a job; one that reaches it is queued again with what is left.
        warning: seconds before the limit at which a job is told; longer than a model needs to load.
        cpus, gpus: of each job.
        memory: of each job, as sbatch writes it.
        at_once: jobs that may run at once; ``None`` is all of them.
        setup: lines of shell before each job, such as ``module load``.
        sbatch: other options of sbatch, without dashes.
        poll: seconds between looks at the queue.
        interrupt: what ctrl-C does to the jobs: ``leave`` or ``cancel``.
    """

    partition: str | None = None
    account: str | None = None
    qos: str | None = None
    constraint: str | None = None
    minutes: int = 120
    warning: int = 90
    cpus: int = 2
    gpus: int = 0
    memory: str | None = None
    at_once: int | None = None
    setup: tuple[str, ...] = ()
    sbatch: dict[str, Any] = field(default_factory=dict)
    poll: float = 10.0
    interrupt: Literal["leave", "cancel"] = "leave"

    def parameters(self, name: str) -> dict[str, Any]:
        """Return the parameters of submitit's executor; ``name`` is that of the jobs."""
        asked = {
            "job_name": name,
            "time": self.minutes,
            "signal_delay_s": self.warning,
            "cpus_per_task": self.cpus,
            "gpus_per_node": self.gpus or None,
            "mem": self.memory,
            "partition": self.partition,
            "account": self.account,
            "qos": self.qos,
            "constraint": self.constraint,
            "array_parallelism": self.at_once or 256,
            # since 22.05, srun does not take from sbatch how many processors its task may use
            "setup": [OFFLINE, f"export SRUN_CPUS_PER_TASK={self.cpus}", *self.setup],
            "additional_parameters": dict(self.sbatch),
            "stderr_to_stdout": True,
        }
        return {key: value for key, value in asked.items() if value is not None}


def launcher(config: SlurmConfig) -> Launch:
    """Return what :func:`dialogue.workflow.runner.run` starts tasks with; its ``jobs`` are those of the array."""
    return functools.partial(_launch, config)


def _launch(config: SlurmConfig, stage: Stage, tasks: Sequence[Task], out: Path, jobs: int) -> Iterator[Outcome]:
    left = {task.recording.id: task for task in tasks}
    died: Counter[str] = Counter()
    idle = 0  # arrays in a row that ended before they began
    array = _still_there(stage, out, config.poll)
    for id in left:  # what failed is tried again, also by the jobs that are still there
        discard(out / f"{id}.error")
    try:
        while left:
            known, array = array, array or _submit(config, stage, [*left.values()], out, jobs)
            moved = known is not None
            for outcome in _watched(array, left, out, config.poll):
                moved = True
                yield outcome
            for path in sorted((out / FOLDER / RUNNING).glob("*")):
                moved = True
                path.unlink(missing_ok=True)
                if path.name in left:
                    died[path.name] += 1
                    if died[path.name] == TRIES:
                        yield _failed(left.pop(path.name), out, f"its job died {TRIES} times{_said(out, array)}")
            idle = 0 if moved else idle + 1
            if left and idle == TRIES:
                for task in left.values():
                    yield _failed(task, out, f"job {array} ended before it began{_said(out, array)}")
                return
            array = None
        for path in (out / FOLDER).glob("*/*.pkl"):  # what the jobs were given names recordings and folders
            path.unlink(missing_ok=True)
    except KeyboardInterrupt:
        if array and config.interrupt == "cancel":
            subprocess.run(["scancel", *array.split(",")], check=False)
            log.warning("job %s was cancelled", array)
        elif array:
            log.warning("job %s goes on; to end it: scancel %s", array, array.replace(",", " "))
        raise


def _failed(task: Task, out: Path, cause: str) -> Outcome:
    write_error(out / f"{task.recording.id}.error", cause)
    return Outcome(task.recording.id, task.recording.duration, 0.0, cause)


def _said(out: Path, array: str) -> str:
    """Return the last error in the logs of an array, and where they are, for the end of a sentence."""
    jobs = [pattern for one in array.split(",") for pattern in (f"{one}/*.out", f"{one}_*/*.out")]
    found = [path for pattern in jobs for path in (out / FOLDER).glob(pattern)]
    logs = sorted(found, key=lambda path: path.stat().st_mtime)
    lines = [line for log in logs for line in log.read_text(encoding="utf-8", errors="replace").splitlines()]
    errors = [line.strip() for line in lines if "rror: " in line]
    own = [line for line in errors if not line.startswith("srun: ")]  # which only says that the job ended
    return "".join(f": {line}" for line in (own or errors)[-1:]) + f"; see {out / FOLDER / array}*"


def _watched(array: str, left: dict[str, Task], out: Path, poll: float) -> Iterator[Outcome]:
    """Yield what ended, and take it out of ``left``, until the array has left the queue."""
    while True:
        queued = is_queued(array)  # before looking at the files, so that none is missed
        there = set(os.listdir(out))  # one request to a shared disk, not one for each recording
        for id, task in [*left.items()]:
            error = out / f"{id}.error"
            target = out / f"{id}.json"
            if queued and not there & {target.name, beside(target).name, error.name}:
                continue  # at the end all are opened: a listing of a shared disk may be old
            if is_made(task, out):
                yield Outcome(id, left.pop(id).recording.duration, 0.0)
            elif error.exists():
                del left[id]
                first = error.read_text(encoding="utf-8").partition("\n")[0]
                yield Outcome(id, task.recording.duration, 0.0, first or "unknown")
        if not queued or not left:
            return
        time.sleep(poll)


def is_queued(array: str) -> bool:
    """Tell whether jobs of an array wait or run; yes, if Slurm does not answer at the moment."""
    asked = subprocess.run(["squeue", "--noheader", "--jobs", array], capture_output=True, text=True)
    if asked.returncode == 0:
        return bool(asked.stdout.strip())
    return "Invalid job id" not in asked.stderr


def _name(stage: Stage, out: Path) -> str:
    """Return the name of a stage's jobs, which no other output folder has."""
    return f"dialogue-{stage.name}-{hashlib.sha256(str(out.resolve()).encode()).hexdigest()[:8]}"


def _still_there(stage: Stage, out: Path, poll: float) -> str | None:
    """Return the arrays that earlier calls submitted and that are still in the queue, joined by commas."""
    if shutil.which("squeue") is None:
        return None
    command = ["squeue", "--noheader", "--me", "--name", _name(stage, out), "--format", "%F"]
    while (asked := subprocess.run(command, capture_output=True, text=True)).returncode:
        log.warning("squeue: %s; asking again", asked.stderr.strip())
        time.sleep(poll)
    array = ",".join(dict.fromkeys(asked.stdout.split()))
    if array:
        log.warning("job %s of an earlier call is still in the queue; waiting for it", array)
    return array or None


# Jobs -------------------------------------------------------------------------------------------------------------


def _submit(config: SlurmConfig, stage: Stage, tasks: Sequence[Task], out: Path, jobs: int) -> str:
    """Submit an array; returns its id.

    Raises:
        SlurmError: there is no Slurm here, or it refuses the jobs.
    """
    if shutil.which("sbatch") is None:
        raise SlurmError("sbatch: not found. Accepted: a machine from which jobs are submitted to Slurm.")
    try:
        import submitit
    except ModuleNotFoundError as error:
        raise SlurmError(f"submitit is not installed. {how_to_install('slurm')}") from error
    work = (out / FOLDER).resolve()
    executor = submitit.SlurmExecutor(folder=work / "%j", max_num_timeout=1000)
    executor.update_parameters(**config.parameters(_name(stage, out)))
    try:
        with executor.batch():
            made = [executor.submit(Shard(stage.make_worker, shard, out.resolve())) for shard in dealt(tasks, jobs)]
        array: str = made[0].job_id.partition("_")[0]
    except (submitit.core.utils.FailedJobError, subprocess.CalledProcessError) as error:
        said = [line for line in str(error).splitlines() if "rror" in line]
        raise SlurmError(f"sbatch refuses the jobs: {said[-1].strip() if said else error}") from error
    save_text(work / ARRAY, array + "\n")
    log.info("%s: %d recordings in array %s of %d jobs", stage.name, len(tasks), array, len(made))
    return array


def dealt(tasks: Sequence[Task], jobs: int) -> list[list[Task]]:
    """Return the tasks of each job: the longest first, each to the job that has the least sound so far."""
    shards: list[list[Task]] = [[] for _ in range(min(jobs, len(tasks)))]
    seconds = [0.0] * len(shards)
    for task in sorted(tasks, key=lambda t: -t.recording.duration):
        least = min(range(len(shards)), key=seconds.__getitem__)
        shards[least].append(task)
        seconds[least] += task.recording.duration
    return shards


@dataclass
class Shard:
    """The recordings of one job, for which the models are loaded once."""

    make_worker: Callable[[], Worker]
    tasks: Sequence[Task]
    out: Path

    def __call__(self) -> None:
        running = self.out / FOLDER / RUNNING
        running.mkdir(parents=True, exist_ok=True)
        left = [t for t in self.tasks if not is_made(t, self.out) and not self._error(t).exists()]
        worker = self.make_worker() if left else None
        for task in left:
            assert worker is not None
            if is_made(task, self.out):  # by a job that was thought dead
                continue
            mark = running / task.recording.id
            mark.touch()
            processed(worker, task, self.out, lambda share: None)
            mark.unlink(missing_ok=True)

    def _error(self, task: Task) -> Path:
        return self.out / f"{task.recording.id}.error"

    def checkpoint(self) -> Any:
        """Return what is queued when the time limit comes: the same, which skips what is done."""
        from submitit.helpers import DelayedSubmission

        for task in self.tasks:  # the limit is no fault of the recording
            (self.out / FOLDER / RUNNING / task.recording.id).unlink(missing_ok=True)
        return DelayedSubmission(self)


def examine(config: SlurmConfig, shared: Path) -> tuple[list[str], bool]:
    """Return what can be said about the cluster, one line each, and whether jobs can run as configured.

    Args:
        shared: folder that the nodes must see too.
    """
    lines, complete = [], True
    for tool in ("sbatch", "squeue", "sinfo", "scancel", "srun"):
        if shutil.which(tool) is None:
            return [f"{tool}: not found. Accepted: a machine from which jobs are submitted to Slurm."], False
    asked = subprocess.run(["sinfo", "--noheader", "--format=%R %a %l %D %G"], capture_output=True, text=True)
    if asked.returncode:
        return [f"sinfo: {asked.stderr.strip()}"], False
    partitions = {row.split()[0]: row for row in asked.stdout.splitlines() if row.strip()}
    lines += [f"partition {row}" for row in partitions.values()]
    if config.partition and config.partition not in partitions:
        lines.append(f"partition {config.partition}: not found. Accepted: {', '.join(partitions)}.")
        complete = False
    shared.mkdir(parents=True, exist_ok=True)
    probe = shared.resolve() / ".seen-by-a-node"
    probe.write_text("seen\n", encoding="utf-8")
    options = [f"--{k}={v}" for k, v in _asked(config).items() if v is not None]
    command = ["srun", "--time=2", *options, "bash", "-c", _probing(config, probe)]
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=120)
    except subprocess.TimeoutExpired:
        lines.append("a job of one second did not run within 2 min: the partition is full, or its nodes are down")
        return lines, False
    finally:
        probe.unlink(missing_ok=True)
    found = dict(line.split("=", 1) for line in done.stdout.splitlines() if "=" in line)
    if "began" not in found:
        asks = f"gpus: {config.gpus}; " if config.gpus else ""
        lines.append(f"no job runs with these options ({asks}{' '.join(options)}): {done.stderr.strip()}")
        return lines, False
    here = models.folder()
    seen = [gpu for gpu in found.get("gpus", "").split(",") if gpu]
    gpus = [(len(seen) >= config.gpus, f"gives a job GPUs: {config.gpus} asked for, {len(seen)} there")]
    for well, what in (
        (bool(found.get("seen")), f"sees {shared}"),
        ("setup" not in found, "takes the lines of setup"),
        ("models" in found, f"runs {sys.executable} with this package"),
        (found.get("models") == str(here) and found["there"] == str(here.is_dir()), f"has models in {here}, as here"),
        (found.get("offline") == "1", "has the variables that keep jobs from the network"),
        *(gpus if config.gpus else ()),
    ):
        lines.append(f"a node {what}" if well else f"MISSING: a node that {what}")
        complete &= well
    return lines, complete


def _probing(config: SlurmConfig, probe: Path) -> str:
    """Return what a node is asked to do: to say, as a job would begin, what it sees."""
    return "\n".join(
        [
            "echo began=yes",
            OFFLINE,
            *(f"{{ {line}\n}} || echo setup=failed" for line in config.setup),
            f"test -r {shlex.quote(str(probe))} && echo seen=yes",
            f"{shlex.quote(sys.executable)} -c {shlex.quote(LOOK)}",
            "echo gpus=$CUDA_VISIBLE_DEVICES",
            "echo offline=$HF_HUB_OFFLINE",
        ]
    )


def _asked(config: SlurmConfig) -> Mapping[str, Any]:
    return {
        "partition": config.partition,
        "account": config.account,
        "qos": config.qos,
        "constraint": config.constraint,
        "cpus-per-task": config.cpus,
        "gpus-per-node": config.gpus or None,
    }
