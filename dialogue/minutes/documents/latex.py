"""A self-contained LaTeX file for ``lualatex``, or for ``pdflatex`` if all letters are Latin.

No text of the meeting can act as a command.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from dialogue.minutes.documents.outline import Block, Document, Heading, List, Paragraph, Table, Text, clean, pieces

SYMBOLS = {
    "\\": "textbackslash",
    "~": "textasciitilde",
    "^": "textasciicircum",
    "<": "textless",
    ">": "textgreater",
    "|": "textbar",
    "`": "textasciigrave",
    '"': "textquotedbl",
    "«": "guillemotleft",
    "»": "guillemotright",
    "“": "textquotedblleft",
    "”": "textquotedblright",
    "‘": "textquoteleft",
    "’": "textquoteright",
    "€": "texteuro",
    "…": "ldots",
    "–": "textendash",
    "—": "textemdash",
    "œ": "oe",
    "Œ": "OE",
}
ESCAPES = {
    **{character: f"\\{name}{{}}" for character, name in SYMBOLS.items()},
    **{character: f"\\{character}" for character in "&%$#_{}"},
    "[": "{[}",  # otherwise \item [x] and \\ [x] would read an option
    "]": "{]}",
    "*": "{*}",  # otherwise \\ * would read a star
    "\u00a0": "~",
    "\u202f": r"\,",
    "\u2009": r"\,",
    # These three only where two of them would become a dash or a quotation mark; LuaTeX joins them across {}.
    "-": r"-\kern0pt{}",
    "'": r"'\kern0pt{}",
    ",": r",\kern0pt{}",
}
SPECIAL = re.compile("--|''|,,|[" + re.escape("".join(set(ESCAPES) - {"-", "'", ","})) + "]")
LANGUAGES = {"fr": "french", "en": "english"}
AS_WRITTEN = r"\frenchsetup{AutoSpacePunctuation=false} % no space before the colon of 12:05"
SECTIONS = ("section", "subsection", "subsubsection")
PREAMBLE = (
    r"""%% !TeX program = lualatex
\documentclass[11pt,a4paper]{article}
\usepackage{iftex}
\iftutex\usepackage{fontspec}\else\usepackage[T1]{fontenc}\usepackage[utf8]{inputenc}"""
    r"""\usepackage{lmodern}\usepackage{textcomp}\fi
\usepackage[%(babel)s]{babel}
%(punctuation)s
\usepackage[margin=2.5cm]{geometry}
\usepackage{longtable,array}
\usepackage[hidelinks,unicode,pdflang={%(language)s},pdftitle={%(title)s}]{hyperref}
\setcounter{secnumdepth}{0}
\emergencystretch=3em
\begin{document}
{\noindent\raggedright\LARGE\bfseries %(title)s\par}
\bigskip
"""
)


def render(document: Document) -> str:
    babel = LANGUAGES.get(document.language, "english")
    values = {
        "babel": babel,
        "punctuation": AS_WRITTEN if babel == "french" else "%",
        "language": escape(document.language),
        "title": escape(document.title),
    }
    lines = [PREAMBLE % values]
    for block in document.blocks:
        lines += [*_lines(block, document), ""]
    return "\n".join([*lines, r"\end{document}", ""])


def _lines(block: Block, document: Document) -> Iterator[str]:
    match block:
        case Heading(level, text):
            yield f"\\{SECTIONS[level - 1]}{{{_text(text, document)}}}"
        case Paragraph(text, "body"):
            yield f"\\noindent {_text(text, document)}\\par"
        case Paragraph(text, "warning"):
            yield f"\\noindent\\textbf{{{_text(text, document)}}}\\par"
        case Paragraph(text, _):
            yield f"\\medskip\\hrule\\medskip\n\\noindent{{\\small {_text(text, document)}\\par}}"
        case List(items, ordered):
            name = "enumerate" if ordered else "itemize"
            yield f"\\begin{{{name}}}"
            yield from (f"\\item {_text(item, document)}" for item in items)
            yield f"\\end{{{name}}}"
        case Table(head, rows):
            wide = 1 - 0.03 * len(head)  # width left by the space between columns
            widths = [0.4 * wide, *[0.6 * wide / max(1, len(head) - 1)] * (len(head) - 1)]
            columns = "".join(f">{{\\raggedright\\arraybackslash}}p{{{width:.3f}\\linewidth}}" for width in widths)
            yield f"\\begin{{longtable}}{{{columns}}}"
            yield "\\hline"
            yield " & ".join(f"\\textbf{{{_text(cell, document)}}}" for cell in head) + r" \\"
            yield "\\hline\\endhead"
            yield from (" & ".join(_text(cell, document) for cell in row) + r" \\ \hline" for row in rows)
            yield "\\end{longtable}"


def _text(text: Text, document: Document) -> str:
    written = ""
    for span in text:
        words = escape(span.text)
        if target := document.target(span):
            address = re.sub(r"([%#&_])", r"\\\1", target)
            words = f"\\href{{{address}}}{{{words}}}"
        elif span.kind in ("strong", "emphasis"):
            words = f"\\{'textbf' if span.kind == 'strong' else 'emph'}{{{words}}}"
        written += words
    return written


def escape(text: str) -> str:
    """Return text that LaTeX shows literally in a paragraph, title or cell; very long words may break across lines."""
    return r"\hspace{0pt}".join(
        SPECIAL.sub(lambda found: "".join(ESCAPES[c] for c in found[0]), piece) for piece in pieces(clean(text))
    )
