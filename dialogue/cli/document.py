"""Write one meeting's minutes as a document; the extension of the output sets the format."""

from __future__ import annotations

import argparse
from pathlib import Path

from dialogue.cli.options import DONE

EXAMPLES = """  dialogue document out/meeting/minutes.json --out minutes.pdf --style releve_decisions
  dialogue document minutes.json --out minutes.docx --template compte_rendu.docx
  dialogue document minutes.json --out verbatim.odt --style verbatim --transcript meeting.json --link report.html"""


def arguments(parser: argparse.ArgumentParser) -> None:
    from dialogue.minutes.documents import FORMATS, STYLES

    parser.add_argument("minutes", type=Path, metavar="MINUTES", help="minutes.json")
    parser.add_argument(
        "--out", required=True, type=Path, metavar="FILE", help=f"document to write: {', '.join(FORMATS)} or .json"
    )
    parser.add_argument(
        "--style", choices=tuple(STYLES), default="compte_rendu", help="style (default: compte_rendu, everything)"
    )
    parser.add_argument(
        "--language", choices=("fr", "en"), help="language of the headings (default: that of the minutes)"
    )
    parser.add_argument(
        "--template", type=Path, metavar="FILE", help="template to fill in: Jinja, or .docx with {{fields}}"
    )
    parser.add_argument("--transcript", type=Path, metavar="FILE", help="what was said, for style verbatim")
    parser.add_argument("--link", metavar="URL", help="page of the meeting, the target of time codes")


def run(call: argparse.Namespace) -> int:
    from dialogue.minutes import Minutes, documents
    from dialogue.workflow import meeting

    documents.write(
        Minutes.load(call.minutes),
        call.out,
        style=call.style,
        language=call.language,
        transcript=meeting.transcript_of(call.transcript) if call.transcript else None,
        link=call.link,
        template=call.template,
    )
    return DONE
