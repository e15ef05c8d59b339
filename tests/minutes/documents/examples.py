"""Minutes of a small meeting, minutes of hostile strings, and readers of the written files."""

from __future__ import annotations

import io
import re
import zipfile
from dataclasses import replace
from pathlib import Path

from dialogue.core.transcript import Omission, Speaker, Transcript, Utterance
from dialogue.minutes.document import (
    Action,
    AgendaItem,
    Chunk,
    Decision,
    Evidence,
    Meeting,
    Minutes,
    NextMeeting,
    Participant,
    Point,
    Provenance,
    Topic,
    ToVerify,
)

HOSTILE = (
    "Élodie & Noël <x>",
    '#panic("x")',
    "$x$ et $$y$$",
    "\\input{/etc/passwd}",
    "*gras* **très** _souligné_ `code`",
    "<script>alert(1)</script>",
    "{{7*7}} {% raw %} {# c #}",
    "[lien](javascript:x)",
    "&lt;b&gt; &amp; %20 ~ ^ | # @label",
    "\"a\" 'b' ``c'' -- --- << >> ,,",
    "]]> <!-- --> <?xml?>",
    "1. - + = # > [x]: y",
)
FRENCH = "« L’œuvre d’Anaïs coûte 10\u202f€ à Cœuvres » : Œ ÿ ç… – ok\u00a0?"


def cited(start: float) -> tuple[Evidence, ...]:
    return (Evidence(("u0",), start, start + 1, "oui"),)


def minutes() -> Minutes:
    return Minutes(
        Meeting("m1", "Budget de l’été", "2023-10-12", "metadata", "le douze octobre", 780.0, "fr"),
        Provenance("0" * 64, "extractive", "fr"),
        participants=(
            Participant("spk1", "Anaïs", "manual", 600.0, 0.75),
            Participant("spk2", None, "none", 180.0, 0.25),
            Participant(None, "Zoé", "list"),
        ),
        agenda=(AgendaItem("a1", "Le budget", 0.0, 400.0), AgendaItem("a2", "Les œuvres", 400.0, 780.0)),
        summary=Point("Le budget baisse.\nLes œuvres sont payées."),
        topics=(Topic("a2", (Point("Les œuvres coûtent cher", cited(500.0)),)),),
        decisions=(
            Decision("d1", "Baisser le budget", "decided", cited(725.3)),
            Decision("d2", "Vendre les œuvres", "proposed", cited(510.0)),
            Decision("d3", "Fermer l’été", "rejected", cited(520.0)),
        ),
        actions=(
            Action("t1", "Envoyer le tableau", "Anaïs", "spk1", None, "lundi", "2023-10-16", "open", cited(61.0), 0.9),
            Action("t2", "Payer 10\u202f€", None, status="done", evidence=cited(62.0), confidence=0.2),
        ),
        open_questions=(Point("Qui paie ?", cited(600.0)),),
        next_meeting=NextMeeting("jeudi neuf novembre", "2023-11-09", cited(770.0)),
        to_verify=(
            ToVerify("decision", "Tout arrêter", "no evidence"),
            ToVerify("point", "Gertrude vient", "no evidence"),
        ),
    )


def model_minutes() -> Minutes:
    """Minutes by a model that failed in one of two parts and wrote no summary."""
    chunks = (Chunk(0, 400, 9, "croissant"), Chunk(400, 780, 9, "extractive", "no valid JSON"))
    source = Provenance("0" * 64, "croissant", "fr", "croissant", "extractive", chunks, 0.98)
    return replace(minutes(), provenance=source)


def hostile_minutes() -> Minutes:
    """Put each hostile string in every place that a transcript or a caller can fill."""
    return Minutes(
        Meeting(HOSTILE[0], " ".join(HOSTILE), None, "spoken", HOSTILE[1], 780.0, "fr"),
        Provenance("0" * 64, HOSTILE[2], "fr", HOSTILE[3]),
        participants=tuple(Participant(f"spk{n}", text, "manual") for n, text in enumerate(HOSTILE)),
        agenda=tuple(AgendaItem(f"a{n}", text, n, n + 1) for n, text in enumerate(HOSTILE)),
        summary=Point("\n".join(HOSTILE)),
        topics=tuple(Topic(f"a{n}", (Point(text, cited(n)),)) for n, text in enumerate(HOSTILE)),
        decisions=tuple(Decision(f"d{n}", text, "proposed", cited(n)) for n, text in enumerate(HOSTILE)),
        actions=tuple(Action(f"t{n}", text, text, due_raw=text, evidence=cited(n)) for n, text in enumerate(HOSTILE)),
        open_questions=tuple(Point(text, cited(1)) for text in HOSTILE),
        next_meeting=NextMeeting(HOSTILE[7]),
        to_verify=tuple(ToVerify("point", text, text) for text in HOSTILE),
    )


def empty_minutes() -> Minutes:
    return Minutes(Meeting("vide"), Provenance("0" * 64, "extractive", "fr"))


def transcript() -> Transcript:
    said = (
        ("spk1", 0.5, 4.0, "Bonjour à tous."),
        ("spk1", 4.0, 8.0, "Premier point, le budget."),
        ("spk2", 8.0, 9.0, "<b>D’accord</b>."),
        ("spk1", 399.0, 420.0, "Les œuvres, maintenant."),
    )
    return Transcript(
        "m1",
        780.0,
        "fr",
        (Speaker("spk1", "Voix 1"), Speaker("spk2")),
        tuple(Utterance(f"u{n}", *row) for n, row in enumerate(said)),
        (Omission(700.0, 703.0, "not transcribed"), Omission(710.0, 711.0, "boilerplate", "Merci.")),
    )


def text_of(path: Path) -> str:
    """Return what a reader sees in a file, without any white space (formats break lines differently)."""
    return squeezed(READERS[path.suffix](path.read_bytes()))


def squeezed(text: str) -> str:
    return "".join(text.replace("\u200b", "").split())


def _html(data: bytes) -> str:
    from lxml import html

    return html.document_fromstring(data.decode()).body.text_content()


def _markdown(data: bytes) -> str:
    from markdown_it import MarkdownIt

    page = MarkdownIt("commonmark").enable(["table", "strikethrough"]).render(data.decode())
    return _html(f"<body>{page}</body>".encode())


def _docx(data: bytes) -> str:
    return _xml(data, "word/document.xml", "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}t")


def _odt(data: bytes) -> str:
    return _xml(data, "content.xml", None)


def _xml(data: bytes, name: str, tag: str | None) -> str:
    from lxml import etree

    root = etree.fromstring(zipfile.ZipFile(io.BytesIO(data)).read(name))
    return "".join(e.text or "" for e in root.iter(tag)) if tag else "".join(root.itertext())


def _pdf(data: bytes) -> str:
    from pypdf import PdfReader

    return "".join(page.extract_text() for page in PdfReader(io.BytesIO(data)).pages)


def _latex(data: bytes) -> str:
    """Return what LaTeX would print, by undoing the commands for single characters."""
    from dialogue.minutes.documents.latex import ESCAPES

    body = data.decode().split("\\begin{document}", 1)[1].replace(r"\hspace{0pt}", "")
    inverse = {written: character for character, written in ESCAPES.items()}
    tokens = sorted(inverse, key=len, reverse=True)
    return re.sub("|".join(map(re.escape, tokens)), lambda found: inverse[found[0]], body)


READERS = {
    ".html": _html,
    ".md": _markdown,
    ".docx": _docx,
    ".odt": _odt,
    ".pdf": _pdf,
    ".tex": _latex,
}
