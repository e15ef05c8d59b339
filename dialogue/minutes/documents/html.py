"""One self-contained HTML page: nothing is fetched, no script runs, and it prints well."""

from __future__ import annotations

import html
from collections.abc import Iterator

from dialogue.minutes.documents.outline import Block, Document, Heading, List, Paragraph, Table, Text, clean, pieces

STYLE = """
body { font: 1rem/1.5 system-ui, sans-serif; color: #1b1b1b; background: #fff; max-width: 46rem; margin: 2rem auto; \
padding: 0 1rem;
  overflow-wrap: break-word; }
h1, h2, h3 { line-height: 1.25; margin: 1.6em 0 .5em; break-after: avoid; }
h1 { margin-top: 0; } h2 { border-bottom: 1px solid #b8b8b8; }
li { margin: .25em 0; }
table { border-collapse: collapse; width: 100%; }
th, td { border: 1px solid #8a8a8a; padding: .35rem .5rem; text-align: left; vertical-align: top; }
th { background: #eef1f4; } tr { break-inside: avoid; }
.time { font-variant-numeric: tabular-nums; color: #53565a; white-space: nowrap; } a.time { color: #0b57a4; }
.warning { border-left: .3rem solid #b45309; background: #fff7e6; padding: .5rem .8rem; }
.note { border-top: 1px solid #b8b8b8; margin-top: 2rem; padding-top: .5rem; font-size: .875rem; color: #53565a; }
""".strip()
TAGS = {"strong": "strong", "emphasis": "em"}


def render(document: Document) -> str:
    title = escape(document.title)
    lines = [
        "<!DOCTYPE html>",
        f'<html lang="{escape(document.language)}">',
        "<head>",
        '<meta charset="utf-8">',
        "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">",
        '<meta name="viewport" content="width=device-width, initial-scale=1">',
        f"<title>{title}</title>",
        f"<style>\n{STYLE}\n</style>",
        "</head>",
        "<body>",
        "<main>",
        f"<h1>{title}</h1>",
    ]
    for block in document.blocks:
        lines += _lines(block, document)
    return "\n".join([*lines, "</main>", "</body>", "</html>", ""])


def _lines(block: Block, document: Document) -> Iterator[str]:
    match block:
        case Heading(level, text):
            yield f"<h{level + 1}>{_text(text, document)}</h{level + 1}>"
        case Paragraph(text, "body"):
            yield f"<p>{_text(text, document)}</p>"
        case Paragraph(text, kind):
            yield f'<p class="{kind}">{_text(text, document)}</p>'
        case List(items, ordered):
            tag = "ol" if ordered else "ul"
            yield f"<{tag}>"
            yield from (f"<li>{_text(item, document)}</li>" for item in items)
            yield f"</{tag}>"
        case Table(head, rows):
            yield "<table>"
            cells = "".join(f'<th scope="col">{_text(cell, document)}</th>' for cell in head)
            yield f"<thead><tr>{cells}</tr></thead>"
            yield "<tbody>"
            for row in rows:
                yield f"<tr>{''.join(f'<td>{_text(cell, document)}</td>' for cell in row)}</tr>"
            yield "</tbody>"
            yield "</table>"


def _text(text: Text, document: Document) -> str:
    written = ""
    for span in text:
        words = "<wbr>".join(map(escape, pieces(span.text)))
        if target := document.target(span):
            words = f'<a class="time" href="{escape(target)}">{words}</a>'
        elif span.kind == "citation":
            words = f'<span class="time">{words}</span>'
        elif tag := TAGS.get(span.kind):
            words = f"<{tag}>{words}</{tag}>"
        written += words
    return written


def escape(text: str) -> str:
    """Return text that HTML shows literally, in an element or between quotes."""
    return html.escape(clean(text))
