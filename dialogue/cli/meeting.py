"""Turn recordings into transcripts, minutes and pages, in one command."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from dialogue.cli import options

EXAMPLES = """  dialogue meeting meeting.m4a --out out --speakers 4 --participants "Camille, Thomas" --date 2023-10-12
  dialogue meeting meeting.m4a --out out --transcript out/meeting/meeting.json"""


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("audio", nargs="+", type=Path, metavar="AUDIO", help="any container with an audio track")
    parser.add_argument(
        "--out", required=True, type=Path, metavar="DIR", help="folder to write: DIR/<recording>/ for each"
    )
    options.add_recognition(parser)
    options.add_speakers(parser)
    parser.add_argument(
        "--track",
        type=options.number,
        metavar="N",
        help="audio track, if the file has several (default: its default one)",
    )
    parser.add_argument(
        "--participants", metavar="NAMES", help="names separated by commas, written where words sound like them"
    )
    parser.add_argument(
        "--agenda", type=Path, metavar="FILE", help="agenda as text or Markdown: items, or an invitation"
    )
    parser.add_argument(
        "--glossary",
        type=Path,
        metavar="FILE",
        help="names and terms, one per line, written where words sound like them",
    )
    parser.add_argument(
        "--transcript",
        type=Path,
        metavar="FILE",
        help="corrected transcript of the one recording, in any format: minutes, documents and page are made from it",
    )
    parser.add_argument(
        "--date",
        metavar="DATE",
        help="date of the meeting, 2023-10-12 or 12/10/2023; relative dates are resolved from it",
    )
    parser.add_argument("--title", help="title of the meeting")
    options.add_minutes_model(parser)
    parser.add_argument(
        "--jobs", type=options.number, default=1, metavar="N", help="recordings to process in parallel (default: 1)"
    )
    options.add_documents(parser)
    options.add_config(parser)


def run(call: argparse.Namespace) -> int:
    from dialogue.workflow import meeting

    config = options.config_of(
        call,
        audio=options.given(track=call.track),
        asr=options.given(language=call.language, engine=call.engine, effort=call.effort),
        minutes=options.given(model=call.model),
        documents=options.documents_of(call),
        speakers=options.speakers_of(call),
    )
    result = meeting.run(
        call.audio,
        call.out,
        config=config,
        participants=[n.strip() for n in (call.participants or "").split(",") if n.strip()],
        agenda=call.agenda,
        glossary=call.glossary,
        date=call.date,
        title=call.title,
        transcript=call.transcript,
        jobs=call.jobs,
    )
    code = options.report(result)
    for page in (call.out / id / "report.html" for id in (*result.done, *result.current)):
        print(page, file=sys.stderr)
    return code
