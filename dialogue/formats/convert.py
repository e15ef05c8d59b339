"""Convert transcripts from any format to any other: one file, or every file of a folder, in parallel.

Each output is written atomically, inside the folder that was named; a file that cannot be read is reported, and the
others continue. No two inputs write the same file.
"""

from __future__ import annotations

import hashlib
import logging
import multiprocessing
import os
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from dialogue import formats
from dialogue.core.transcript import Transcript
from dialogue.formats import FORMATS, FormatError, loss
from dialogue.formats.ids import safe_id

SINGLE = {
    "json",
    "srt",
    "vtt",
    "trs",
    "eaf",
    "textgrid",
    "tei",
    "script",
    "linto",
    "whisperx",
}  # formats with one recording per file


@dataclass(frozen=True, slots=True)
class Converted:
    """Result of converting one input.

    Attributes:
        source: file or folder.
        written: outputs; empty if it failed.
        lost: features of this input that the format cannot hold.
        error: why it failed, or an empty string.
    """

    source: Path
    written: tuple[Path, ...] = ()
    lost: tuple[str, ...] = ()
    error: str = ""


@dataclass(frozen=True, slots=True)
class Reading:
    """How to read files: see :func:`dialogue.formats.read`."""

    format: str | None = None
    encoding: str | None = None
    verbatim: bool = False
    strict: bool = False

    def __call__(self, path: Path) -> list[Transcript]:
        transcripts = formats.read(
            path, self.format, encoding=self.encoding, verbatim=self.verbatim, strict=self.strict
        )
        for transcript in transcripts:
            for problem in transcript.problems():
                raise FormatError(f"{path}: {transcript.recording}: {problem}")
        return transcripts


def convert(
    source: Path, out: Path, reading: Reading = Reading(), format: str | None = None, jobs: int = 0
) -> list[Converted]:
    """Convert a file or a folder.

    Args:
        source: a file, a folder that is a format (Kaldi), or a folder whose files are all converted.
        out: a file, or a folder that then mirrors the source. If ``out`` is one file and its format can hold several
            recordings, those of a folder are joined.
        format: format of the output; by default that of the extension of ``out``.
        jobs: processes; 0 means one per processor.

    Raises:
        FormatError: no format is named, it cannot be written, or nothing can be read.
        FileNotFoundError: the source does not exist.
    """
    if not source.exists():
        raise FileNotFoundError(2, "no such file or folder", str(source))
    into = named(out) if format is None else format
    if into is None:
        raise FormatError(
            f"{out}: a folder has no format. Name it: --to {'|'.join(sorted(SINGLE))}..., or an extension."
        )
    if not formats.is_written(into):
        raise FormatError(f"{into} can be read but not written. Accepted: {', '.join(formats.writable())}.")
    if source.is_file() or _is_format(source, reading.format):
        return [_one(source, _target(source, out, into), into, reading)]
    files = list(_inputs(source, reading.format))
    if not files:
        raise FormatError(f"{source}: no file of a known format. Name it with --from, or see --formats.")
    if named(out) is not None and into not in SINGLE:
        return _joined(files, out, into, reading)
    targets = [_target(f, out / f.relative_to(source).parent, into) for f in files]
    for target in {t for t in targets if targets.count(t) > 1} if len(set(targets)) < len(targets) else ():
        clash = [str(f) for f, t in zip(files, targets, strict=True) if t == target]
        raise FormatError(f"{', '.join(clash)}: would all become {target}. Convert them separately, with --from.")
    return list(_all(files, targets, into, reading, jobs))


def named(out: Path) -> str | None:
    """Return the format that a path's extension names; ``None`` for a folder of outputs."""
    try:
        return None if out.is_dir() else formats.guess(out)
    except FormatError:
        return None


def _is_format(folder: Path, format: str | None) -> bool:
    return format in ("kaldi",) or (format is None and (folder / "text").is_file())


def _inputs(folder: Path, format: str | None) -> Iterator[Path]:
    """Yield the files of the folder in order, with an extension of the format, or of any format by default."""
    accepted = FORMATS[formats.module(format).__name__.rpartition(".")[2]] if format else sum(FORMATS.values(), ())
    suffixes = tuple(extension.lower() for extension in accepted)
    for path in sorted(folder.rglob("*")):
        if path.is_file() and path.name.lower().endswith(suffixes) and not path.name.startswith("."):
            yield path


def _target(source: Path, out: Path, format: str) -> Path:
    """Return the output path of an input: ``out`` itself, unless it is a folder of outputs."""
    extensions = FORMATS[format]
    if not extensions or (not out.is_dir() and named(out) is not None):
        return out
    return out / (formats.stem(source) + extensions[0])


@dataclass(frozen=True, slots=True)
class Claims:
    """Which input writes which output, in all processes of one conversion.

    Attributes:
        folder: a folder of this conversion alone; ``None`` if there is one input.
    """

    folder: Path | None = None

    def __call__(self, source: Path, targets: Sequence[Path]) -> None:
        """Claim outputs for an input.

        Raises:
            FormatError: another input has written one of them.
        """
        if self.folder is None:
            return
        for target in targets:
            claim = self.folder / hashlib.sha256(str(target).casefold().encode("utf-8", "replace")).hexdigest()
            try:
                with claim.open("x", encoding="utf-8", errors="replace") as file:
                    file.write(str(source))
            except FileExistsError as error:
                other = claim.read_text(encoding="utf-8")
                raise FormatError(
                    f"{source}: {target.name} is also an output of {other or 'another file'}. Convert them separately."
                ) from error


def _one(source: Path, target: Path, format: str, reading: Reading, claims: Claims = Claims()) -> Converted:
    try:
        transcripts = reading(source)
        lost = tuple(loss.lost(transcripts, format))
        targets = [target]
        if format in SINGLE and len(transcripts) != 1:  # one file each
            extension = FORMATS[format][0]
            targets = [target.parent / f"{safe_id(t.recording)}{extension}" for t in transcripts]
        claims(source, targets)
        if targets == [target]:
            formats.write(transcripts, target, format)
        else:
            for each, path in zip(transcripts, targets, strict=True):
                formats.write([each], path, format)
        return Converted(source, tuple(targets), lost)
    except Exception as error:  # one bad file must not stop the others
        if isinstance(error, (ValueError, OSError)):
            said = str(error)
        else:
            said = f"{source}: {type(error).__name__}: {error}"
            logging.getLogger("dialogue").debug("%s", said, exc_info=error)
        return Converted(source, error=said)


def _joined(files: Sequence[Path], out: Path, format: str, reading: Reading) -> list[Converted]:
    done, everything = list[Converted](), dict[str, Transcript]()
    for path in files:
        try:
            transcripts = reading(path)
            twice = [t.recording for t in transcripts if t.recording in everything]
            if twice:
                raise FormatError(f"{path}: recording {twice[0]} is also in another file. Ids must be unique.")
            everything |= {t.recording: t for t in transcripts}
            done.append(Converted(path, (out,), tuple(loss.lost(transcripts, format))))
        except (ValueError, OSError) as error:
            done.append(Converted(path, error=str(error)))
    formats.write(everything.values(), out, format)
    return done


def _all(
    files: Sequence[Path], targets: Sequence[Path], format: str, reading: Reading, jobs: int
) -> Iterator[Converted]:
    with tempfile.TemporaryDirectory(prefix="dialogue-") as folder:
        yield from _run(
            files, targets, partial(_one, format=format, reading=reading, claims=Claims(Path(folder))), jobs
        )


def _run(
    files: Sequence[Path], targets: Sequence[Path], work: Callable[[Path, Path], Converted], jobs: int
) -> Iterator[Converted]:
    from tqdm import tqdm

    jobs = min(jobs or os.cpu_count() or 1, len(files))
    bar = partial(tqdm, total=len(files), desc="convert", unit="file", disable=not sys.stderr.isatty())
    if jobs == 1 or len(files) < 8:  # starting processes would take longer
        yield from bar(map(work, files, targets))
        return
    with ProcessPoolExecutor(jobs, mp_context=multiprocessing.get_context("spawn")) as pool:
        yield from bar(pool.map(work, files, targets, chunksize=4))


def report(done: Sequence[Converted], format: str) -> str:
    """Say what was written, lost and failed."""
    written = sum(len(d.written) for d in done)
    rows = [str(d.written[0]) for d in done if d.written] if len(done) == 1 else []
    lost = [name for name in (*loss.FEATURES, "names") if any(name in d.lost for d in done)]
    if lost:
        files = {name: f"; {sum(name in d.lost for d in done)} files" if len(done) > 1 else "" for name in lost}
        what = ", ".join(f"{name} ({loss.described(name)}{files[name]})" for name in lost)
        rows.append(f"lost: {format} cannot hold {what}. json keeps everything.")
    rows += [f"failed: {d.error}" for d in done if d.error]
    if len(done) > 1:
        rows.append(f"{written} written, {sum(bool(d.error) for d in done)} of {len(done)} failed")
    return "\n".join(rows)
