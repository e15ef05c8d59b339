"""Markdown that a person rewrote, read back as a document."""

import pytest

from dialogue.minutes import write_minutes
from dialogue.minutes.documents import from_markdown, outline, render
from dialogue.minutes.documents.outline import Heading, List, Paragraph, Span, Table
from tests.library.made import CHOIR
from tests.minutes.meetings import meeting


def test_what_is_written_is_read_back() -> None:
    written = render(outline(write_minutes(meeting(CHOIR))), ".md").decode()
    assert render(from_markdown.document(written, "fr"), ".md").decode() == written


def test_the_first_heading_is_the_title() -> None:
    found = from_markdown.document("# Réunion\n\n## Décisions\ntexte\nsuite\n", "fr")
    assert found.title == "Réunion"
    assert found.blocks == (Heading(1, (Span("Décisions"),)), Paragraph((Span("texte suite"),)))


def test_lists_keep_their_kind_and_their_boxes() -> None:
    found = from_markdown.document("- [x] fait\n- [ ] à faire\n\n1. un\n2. deux", "fr", "t").blocks
    assert [(b.ordered, b.done, len(b.items)) for b in found if isinstance(b, List)] == [
        (False, (True, False), 2),
        (True, (), 2),
    ]


def test_a_table_has_rows_as_long_as_its_head() -> None:
    [table] = from_markdown.document("| a | b |\n|---|:-:|\n| 1 |\n| 2 | 3 | 4 |", "fr", "t").blocks
    assert isinstance(table, Table)
    assert [len(row) for row in table.rows] == [2, 2]


@pytest.mark.parametrize(
    ("text", "spans"),
    [
        ("**Nadia** : *oui*", [Span("Nadia", "strong"), Span(" : "), Span("oui", "emphasis")]),
        (r"2 \* 3 \* 4", [Span("2 "), Span("*"), Span(" 3 "), Span("*"), Span(" 4")]),
        ("un_mot_ici", [Span("un_mot_ici")]),
        ("[le site](https://example.org) ![](x.png)", [Span("le site"), Span(" ")]),
        ("<script>alert(1)</script>", [Span("<script>alert(1)</script>")]),
        ("**pas fermé", [Span("**pas fermé")]),
    ],
)
def test_marks_become_kinds_and_the_rest_is_text(text: str, spans: list[Span]) -> None:
    assert list(from_markdown.inline(text)) == spans


@pytest.mark.parametrize("text", ["*" * 20_000, "[" * 20_000, "**a" * 5_000, "_a " * 5_000, "| " * 9_000 + "\n|-|"])
def test_hostile_marks_are_read_soon(text: str) -> None:
    import signal

    signal.alarm(10)
    try:
        from_markdown.document(text, "fr")
    finally:
        signal.alarm(0)
