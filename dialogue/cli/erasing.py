"""Erase people and recordings, keep data no longer than agreed, and account for what was done."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from dialogue.cli import options
from dialogue.cli.options import DONE, SOME_FAILED, WRONG_CALL

if TYPE_CHECKING:
    from dialogue.privacy.erasure import ErasurePlan

EXAMPLES = """  dialogue privacy erase --speaker "Camille Durand" --below exp data --dry-run
  dialogue privacy erase --recording call-017 --below exp data --yes
  dialogue privacy purge --below exp data --set retention.audio_days=30 --dry-run
  dialogue privacy probe-model exp/replay --canaries tasks/debates/canaries.json
  dialogue privacy report --below exp data --out dpia --verify"""


def actions() -> dict[str, Any]:
    """Return the actions, each with its function and help."""
    return dict(
        erase=(_erase, "erase a person or a recording from everything below some folders"),
        purge=(_purge, "delete what is kept no longer: sound, meetings, embeddings, voices, uploads"),
        **{"probe-model": (_probe, "measure what a model gives away of invented people in its training data")},
        report=(_report, "write a starting document for an impact assessment, and check the ledgers"),
    )


def add(*parsers: argparse.ArgumentParser) -> None:
    """Add the arguments of the actions to their parsers."""
    fills = (_erase_arguments, _purge_arguments, _probe_arguments, _report_arguments)
    for parser, fill in zip(parsers, fills, strict=True):
        fill(parser)


# Erasing ----------------------------------------------------------------------------------------------------------


def _erase_arguments(erase: argparse.ArgumentParser) -> None:
    whom = erase.add_mutually_exclusive_group(required=True)
    whom.add_argument(
        "--speaker", metavar="NAME", help="name, id in the directory of a library, or RECORDING/SPEAKER without a name"
    )
    whom.add_argument("--recording", metavar="ID", help="id of a recording")
    erase.add_argument(
        "--also", action="append", default=[], metavar="NAME", help="another name of the speaker; may be repeated"
    )
    _add_folders(erase)
    erase.add_argument("--key-file", type=Path, metavar="FILE", help="key of the directory of people, if encrypted")
    erase.add_argument("--dry-run", action="store_true", help="only print what would be done")
    erase.add_argument("--yes", action="store_true", help="do it; without this, it is only printed")


def _add_folders(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--below", nargs="+", type=Path, default=[], metavar="DIR", help="folders of data and experiments"
    )
    parser.add_argument("--library", type=Path, metavar="DIR", help="folder of a library of meetings")


def _folders(call: argparse.Namespace) -> list[Path]:
    from dialogue.library.meetings import default_folder

    folders = [*call.below, *([call.library] if call.library else [])]
    return folders or [default_folder()]


def _erase(call: argparse.Namespace) -> int:
    from dialogue.privacy import erasure
    from dialogue.privacy.survey import of_recording, of_speaker, survey

    folders, key = _folders(call), options.people_key(call)
    going_on = erasure.begun(folders)
    found = survey(folders)
    if going_on:
        print("an erasure that was begun and not finished goes on", file=sys.stderr)
        traces = going_on
    elif call.recording:
        traces = of_recording(found, call.recording)
    else:
        traces = of_speaker(found, call.speaker, call.also, key)
    made = erasure.plan(found, traces)
    _print_plan(made)
    if call.dry_run:
        return DONE
    if not call.yes and not going_on:
        print("nothing was done. To do it, repeat the command with --yes", file=sys.stderr)
        return WRONG_CALL
    left = erasure.erase(folders, traces, key=key).left
    for step in left:
        print(step)
    print(f"erased: {', '.join(f'{count} x {kind}' for kind, count in made.counts().items())}", file=sys.stderr)
    return SOME_FAILED if left or made.broken else DONE


def _print_plan(made: ErasurePlan) -> None:
    for step in made.steps:
        print(step)
    for title, lines in (
        ("Names in free text that are replaced; look at these files:", [f"{p} ({n})" for p, n in made.in_text.items()]),
        (
            "Words of the name that stay alone in texts, since others may be meant; --also WORD removes one:",
            [f"{word} ({count})" for word, count in made.parts.items() if count],
        ),
        ("Lines that cannot be read:", made.broken),
        ("Out of reach:", made.outside),
    ):
        if lines:
            print(f"{title}\n" + "\n".join(f"  {line}" for line in lines))


# Retention --------------------------------------------------------------------------------------------------------


def _purge_arguments(purge: argparse.ArgumentParser) -> None:
    _add_folders(purge)
    options.add_overrides(purge, "set one term, e.g. retention.audio_days=30, before those of privacy.yaml")
    purge.add_argument("--dry-run", action="store_true", help="only print what would be deleted")


def _purge(call: argparse.Namespace) -> int:
    from dialogue.privacy import retention

    failed: list[str] = []
    for folder in _folders(call):
        terms = retention.terms_of(options.existing(folder), tuple(call.overrides))
        for each in retention.expired(folder, terms):
            print(each)
        if not call.dry_run:
            failed += retention.purge(folder, terms)[1]
    for problem in failed:
        print(problem, file=sys.stderr)
    return SOME_FAILED if failed else DONE


# Accountability ---------------------------------------------------------------------------------------------------


def _probe_arguments(probe: argparse.ArgumentParser) -> None:
    probe.add_argument(
        "model", type=Path, metavar="MODEL", help="folder of a model or of a run; with --insert, of a task"
    )
    what = probe.add_mutually_exclusive_group(required=True)
    what.add_argument("--canaries", type=Path, metavar="FILE", help="canaries.json of the task that it learned")
    what.add_argument(
        "--insert", type=options.number, metavar="K", help="put K invented people into a task, before training"
    )
    probe.add_argument(
        "--seed", type=options.count, default=0, metavar="N", help="seed of the invented people (default: 0)"
    )


def _probe(call: argparse.Namespace) -> int:
    from dialogue.privacy import probe

    folder = options.existing(call.model)
    if call.insert:
        made = probe.insert(folder, call.insert, call.seed)
        rows = sum(canary.repeats for canary in made)
        print(f"{folder / probe.FILE}: {call.insert} invented people in {rows} rows, and as many for the control")
        return DONE
    print(probe.said(probe.probe(folder, probe.read(call.canaries), call.seed, options.line)))
    return DONE


def _report_arguments(report: argparse.ArgumentParser) -> None:
    _add_folders(report)
    report.add_argument("--out", type=Path, metavar="DIR", help="folder to write: DIR/dpia.fr.md and DIR/dpia.en.md")
    report.add_argument("--verify", action="store_true", help="check the ledgers; a changed one gives exit code 1")


def _report(call: argparse.Namespace) -> int:
    from dialogue.core.files import save_text
    from dialogue.privacy import impact

    facts = impact.facts_of(_folders(call))
    for language in ("fr", "en"):
        if call.out:
            save_text(call.out / f"dpia.{language}.md", impact.report(facts, language))
            print(call.out / f"dpia.{language}.md")
    if not call.out and not call.verify:
        print(impact.report(facts, "en"), end="")
    for folder, lines in facts.ledgers.items() if call.verify else ():
        print(f"{folder}: {lines}" if isinstance(lines, str) else f"{folder}: {len(lines)} lines, as they were written")
    return SOME_FAILED if call.verify and any(isinstance(lines, str) for lines in facts.ledgers.values()) else DONE
