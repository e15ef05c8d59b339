"""Shared by the verbs: exit codes, options, and the conversion of a call to a configuration."""

from __future__ import annotations

import argparse
import errno
import os
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from dialogue.workflow.config import Config
    from dialogue.workflow.runner import Launch, Result, Stage

DONE, SOME_FAILED, WRONG_CALL, INTERRUPTED = 0, 1, 2, 130


def actions(parser: argparse.ArgumentParser, examples: str, **known: tuple[Any, ...]) -> list[Any]:
    """Add subcommands to a verb.

    Args:
        examples: examples of the verb, of which the first of each action is in its help.
        known: name -> function that runs it, its help, other examples if need be.

    Returns:
        Their parsers, in the same order.
    """
    commands = parser.add_subparsers(dest="action", metavar="ACTION", required=True)
    parsers = []
    for name, (run, help, *own) in known.items():
        example = own[0] if own else next(line for line in examples.splitlines() if line.split()[2] == name)
        command = commands.add_parser(
            name,
            help=help,
            description=f"{help[0].upper()}{help[1:]}.",
            epilog=f"example:\n{example}",
            formatter_class=argparse.RawDescriptionHelpFormatter,
        )
        command.add_argument(
            "--debug", action="store_true", default=argparse.SUPPRESS, help="show the traceback of an error"
        )
        command.set_defaults(run=run)
        parsers.append(command)
    return parsers


# Types of numbers -------------------------------------------------------------------------------------------------


def number(text: str) -> int:
    """Read a whole number of at least 1."""
    return int(_at_least(1, int, text))


def count(text: str) -> int:
    """Read a whole number of at least 0."""
    return int(_at_least(0, int, text))


def amount(text: str) -> float:
    """Read a number of at least 0."""
    return _at_least(0, float, text)


def _at_least(least: int, kind: type[int] | type[float], text: str) -> float:
    try:
        value = kind(text)
    except ValueError:
        whole = "a whole number" if kind is int else "a number"
        raise argparse.ArgumentTypeError(f"found {text!r}. Accepted: {whole}, {least} or more.") from None
    if not least <= value < float("inf"):
        raise argparse.ArgumentTypeError(f"found {value}. Accepted: {least} or more.")
    return value


# Arguments --------------------------------------------------------------------------------------------------------


def add_config(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--config", type=Path, metavar="FILE", help="YAML file with options that differ from the defaults"
    )
    add_overrides(parser, "set one option, e.g. asr.batch_size=16; may be repeated")


def add_overrides(parser: argparse.ArgumentParser, help: str) -> None:
    parser.add_argument("--set", action="append", default=[], metavar="SECTION.KEY=VALUE", dest="overrides", help=help)


def add_speakers(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--speakers", type=int, metavar="N", help="N speakers, if as many voices can be told apart")
    parser.add_argument("--min-speakers", type=int, metavar="N", help="at least N speakers")
    parser.add_argument("--max-speakers", type=int, metavar="N", help="at most N speakers")


def add_recognition(parser: argparse.ArgumentParser) -> None:
    from dialogue.speech.asr import EFFORTS, ENGINES

    parser.add_argument(
        "--language", metavar="CODE", help="spoken language, e.g. fr, or auto to detect it (default: fr)"
    )
    parser.add_argument("--engine", choices=ENGINES, help="speech recognition engine (default: faster-whisper)")
    parser.add_argument(
        "--effort", choices=EFFORTS, help="fast: more errors in less time; high: fewer in about three times as much"
    )


def add_documents(parser: argparse.ArgumentParser) -> None:
    from dialogue.minutes.documents import FORMATS, STYLES

    parser.add_argument(
        "--style", choices=tuple(STYLES), help="style of the documents (default: compte_rendu, everything)"
    )
    formats = ", ".join(ending.lstrip(".") for ending in FORMATS)
    parser.add_argument(
        "--format", dest="formats", metavar="NAME,NAME", help=f"formats to write: {formats} (default: md)"
    )
    parser.add_argument(
        "--template", type=Path, metavar="FILE", help="template to fill in: Jinja, or .docx with {{fields}}"
    )


def add_minutes_model(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--model",
        metavar="NAME",
        help="language model that writes the minutes: name, folder or URL (default: none, rules)",
    )


def add_dialogue(parser: argparse.ArgumentParser) -> None:
    """Add a meeting, and how to run a language model that reads it."""
    from dialogue.llm import ENGINES

    parser.add_argument(
        "meeting", type=Path, metavar="MEETING", help="transcript in any format, or folder that `dialogue meeting` made"
    )
    parser.add_argument("--engine", choices=ENGINES, help="engine that runs the model (default: the one for its files)")
    parser.add_argument("--device", default="auto", metavar="NAME", help="auto, cpu or cuda (default: auto)")


def add_library(parser: argparse.ArgumentParser) -> None:
    """Add the library that a verb works on, and whose meetings are meant."""
    parser.add_argument(
        "--library",
        type=Path,
        metavar="DIR",
        help="folder of the library (default: $DIALOGUE_LIBRARY, or dialogue/library among your data)",
    )
    parser.add_argument("--owner", default="local", metavar="NAME", help="whose meetings and jobs (default: local)")


def add_stage(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "manifest", type=Path, metavar="MANIFEST", help="recordings.jsonl, as `dialogue prepare` writes it"
    )
    parser.add_argument(
        "--out", required=True, type=Path, metavar="DIR", help="folder to write: DIR/<id>.json for each recording"
    )
    parser.add_argument("--jobs", type=number, default=1, metavar="N", help="processes (default: 1, this one)")
    parser.add_argument("--cluster", choices=["slurm"], help="work in --jobs jobs of a cluster instead of processes")
    parser.add_argument(
        "--slurm",
        type=Path,
        metavar="FILE",
        help="YAML file of the site: partition, account, time... (with --cluster)",
    )
    parser.add_argument("--only-failed", action="store_true", help="process only the recordings that failed before")
    parser.add_argument(
        "--explain", action="store_true", help="print for each recording why it runs, or that it is up to date"
    )
    parser.add_argument("--dry-run", action="store_true", help="only print that")
    add_config(parser)


# Calls to values --------------------------------------------------------------------------------------------------


def config_of(call: argparse.Namespace, **sections: Mapping[str, Any]) -> Config:
    """Return the configuration of a call: its file, then ``--set``, then its other options.

    Args:
        sections: values by section and key.
    """
    from dialogue.core import config
    from dialogue.workflow.config import Config

    return config.load(Config, call.config, call.overrides, sections)


def given(**values: Any) -> dict[str, Any]:
    """Return the values of the options that were given."""
    return {name: value for name, value in values.items() if value is not None}


def people_key(call: argparse.Namespace) -> str | None:
    """Return the key of a directory of people: that of ``--key-file``, or of the environment; ``None`` without one."""
    from dialogue.library.sealed import KEY

    return call.key_file.read_text(encoding="utf-8") if call.key_file else os.environ.get(KEY) or None


def existing(folder: Path) -> Path:
    """Return a folder that must be there.

    Raises:
        NotADirectoryError: it is not.
    """
    if not folder.is_dir():
        raise NotADirectoryError(errno.ENOTDIR, os.strerror(errno.ENOTDIR), str(folder))
    return folder


def documents_of(call: argparse.Namespace) -> dict[str, Any]:
    """Return the options of :func:`add_documents`, for :func:`config_of`."""
    formats = [f.strip(" .") for f in call.formats.split(",")] if call.formats else None
    return given(style=call.style, formats=formats, template=call.template and str(call.template))


def speakers_of(call: argparse.Namespace) -> dict[str, Any]:
    """Return the options of :func:`add_speakers`, for :func:`config_of`; together they replace those of the file."""
    values = {name: getattr(call, name) for name in ("speakers", "min_speakers", "max_speakers")}
    return values if given(**values) else {}


def run_stage(call: argparse.Namespace, stage: Stage) -> int:
    from dialogue.formats import lhotse
    from dialogue.workflow import runner

    result = runner.run(
        stage,
        lhotse.read_recordings(call.manifest),
        call.out,
        jobs=call.jobs,
        only_failed=call.only_failed,
        explain=call.explain,
        dry_run=call.dry_run,
        launch=launch_of(call),
    )
    return report(result)


def launch_of(call: argparse.Namespace) -> Launch | None:
    """Return what starts the tasks of a stage elsewhere; ``None`` for this machine."""
    if call.cluster is None:
        if call.slurm:
            raise ValueError("--slurm: without --cluster. Accepted: --cluster slurm --slurm FILE.")
        return None
    from dialogue.core import config
    from dialogue.workflow import slurm

    return slurm.launcher(config.load(slurm.SlurmConfig, call.slurm))


def report(result: Result) -> int:
    """Report how a stage ended; returns the exit code."""
    if result.failed:
        print(result.table(), file=sys.stderr)
        return SOME_FAILED
    print(f"{result.stage}: {len(result.done)} done, {len(result.current)} up to date", file=sys.stderr)
    return DONE


def line(text: str) -> None:
    """Print a line of progress; on a terminal, the next update overwrites it."""
    end = "\r" if sys.stderr.isatty() and ", update " in text else "\n"
    print(text.ljust(100) if end == "\r" else text, end=end, file=sys.stderr, flush=True)
