"""Transcripts from any format to any other: one file, or every file of a folder, in parallel.

Each output is written whole or not at all; a file that cannot be read is named, and the rest go on.
"""

from __future__ import annotations

import multiprocessing
import os
import sys
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from dialogue import formats
from dialogue.core.transcript import Transcript
from dialogue.formats import FORMATS, FormatError, loss

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
}  # a recording a file


@dataclass(frozen=True, slots=True)
class Converted:
    """What became of one input.

    Attributes:
        source: file or folder.
        written: outputs; none when it failed.
        lost: features that the format cannot hold, of this input.
        error: why it failed, or the empty string.
    """

    source: Path
    written: tuple[Path, ...] = ()
    lost: tuple[str, ...] = ()
    error: str = ""


@dataclass(frozen=True, slots=True)
class Reading:
    """How files are read: see :func:`dialogue.formats.read`."""

    format: str | None = None
    encoding: str | None = None
    verbatim: bool = False

    def __call__(self, path: Path) -> list[Transcript]:
        transcripts = formats.read(path, self.format, encoding=self.encoding, verbatim=self.verbatim)
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
        out: a file; or a folder, which then mirrors the source. A folder of sources into one file joins their recordings,
            where the format can hold several.
        format: of the output; by default what the extension of ``out`` says.
        jobs: processes; 0 is one a processor.

    Raises:
        FormatError: no format is named, or nothing can be read or written so.
        FileNotFoundError: the source does not exist.
    """
    if not source.exists():
        raise FileNotFoundError(2, "no such file or folder", str(source))
    into = named(out) if format is None else format
    if into is None:
        raise FormatError(
            f"{out}: a folder says no format. Name it: --to {'|'.join(sorted(SINGLE))}..., or an extension."
        )
    if not formats.is_written(into):
        raise FormatError(f"{into} is read and not written. Accepted: {', '.join(formats.writable())}.")
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
        raise FormatError(f"{', '.join(clash)}: would all become {target}. Convert them apart, with --from.")
    return list(_all(files, targets, into, reading, jobs))


def named(out: Path) -> str | None:
    """The format that a path's extension names; ``None`` of a folder of outputs."""
    try:
        return None if out.is_dir() else formats.guess(out)
    except FormatError:
        return None


def _is_format(folder: Path, format: str | None) -> bool:
    return format in ("kaldi",) or (format is None and (folder / "text").is_file())


def _inputs(folder: Path, format: str | None) -> Iterator[Path]:
    """Files of the folder, in order, whose extension is that of the format; of any, when none is named."""
    accepted = FORMATS[formats.module(format).__name__.rpartition(".")[2]] if format else sum(FORMATS.values(), ())
    suffixes = tuple(extension.lower() for extension in accepted)
    for path in sorted(folder.rglob("*")):
        if path.is_file() and path.name.lower().endswith(suffixes) and not path.name.startswith("."):
            yield path


def _target(source: Path, out: Path, format: str) -> Path:
    """Where an input goes: ``out`` itself, unless that is a folder of outputs."""
    extensions = FORMATS[format]
    if not extensions or (not out.is_dir() and named(out) is not None):
        return out
    return out / (formats.stem(source) + extensions[0])


def _one(source: Path, target: Path, format: str, reading: Reading) -> Converted:
    try:
        transcripts = reading(source)
        lost = tuple(loss.lost(transcripts, format))
        if format in SINGLE and len(transcripts) != 1:  # a file each
            extension = FORMATS[format][0]
            targets = [target.parent / f"{t.recording}{extension}" for t in transcripts]
            for each, path in zip(transcripts, targets, strict=True):
                formats.write([each], path, format)
            return Converted(source, tuple(targets), lost)
        formats.write(transcripts, target, format)
        return Converted(source, (target,), lost)
    except Exception as error:  # one bad file does not take the rest down
        said = str(error) if isinstance(error, (ValueError, OSError)) else f"{type(error).__name__}: {error}"
        return Converted(source, error=said)


def _joined(files: Sequence[Path], out: Path, format: str, reading: Reading) -> list[Converted]:
    done, everything = list[Converted](), dict[str, Transcript]()
    for path in files:
        try:
            transcripts = reading(path)
            twice = [t.recording for t in transcripts if t.recording in everything]
            if twice:
                raise FormatError(f"{path}: recording {twice[0]} is in another file too. Ids must be unique.")
            everything |= {t.recording: t for t in transcripts}
            done.append(Converted(path, (out,), tuple(loss.lost(transcripts, format))))
        except (ValueError, OSError) as error:
            done.append(Converted(path, error=str(error)))
    formats.write(everything.values(), out, format)
    return done


def _all(
    files: Sequence[Path], targets: Sequence[Path], format: str, reading: Reading, jobs: int
) -> Iterator[Converted]:
    from tqdm import tqdm

    work = partial(_one, format=format, reading=reading)
    jobs = min(jobs or os.cpu_count() or 1, len(files))
    bar = partial(tqdm, total=len(files), desc="convert", unit="file", disable=not sys.stderr.isatty())
    if jobs == 1 or len(files) < 8:  # starting processes takes longer
        yield from bar(map(work, files, targets))
        return
    with ProcessPoolExecutor(jobs, mp_context=multiprocessing.get_context("spawn")) as pool:
        yield from bar(pool.map(work, files, targets, chunksize=4))


def report(done: Sequence[Converted], format: str) -> str:
    """What was written, what was lost and what failed, for people."""
    written = sum(len(d.written) for d in done)
    rows = [str(d.written[0]) for d in done if d.written] if len(done) == 1 else []
    lost = [name for name in loss.FEATURES if any(name in d.lost for d in done)]
    if lost:
        what = ", ".join(
            f"{name} "
            f"({loss.FEATURES[name][0]}{'' if len(done) == 1 else f'; {sum(name in d.lost for d in done)} files'})"
            for name in lost
        )
        rows.append(f"lost: {format} cannot hold {what}. json keeps everything.")
    rows += [f"failed: {d.error}" for d in done if d.error]
    if len(done) > 1:
        rows.append(f"{written} written, {sum(bool(d.error) for d in done)} of {len(done)} failed")
    return "\n".join(rows)
