"""Any text survives writing and reading, whatever it looks like in a format."""

import io
import re

import docx
import odfdo
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import html as lxml_html
from markdown_it import MarkdownIt

from dialogue.minutes.documents import latex, render
from dialogue.minutes.documents.outline import Document, Paragraph, clean, plain
from tests.minutes.documents.examples import squeezed

TEXT = st.text(
    st.one_of(st.sampled_from("\\`*_{}[]()<>#+-.!|~&;$%^\"',:/=?@ \n\u202f«»œ1a"), st.characters()),
    max_size=40,
)
COMMANDS = "|".join(latex.SYMBOLS.values())


def document(text):
    return Document(text, "fr", (Paragraph((plain(text),)),))


def one_line(text):
    return " ".join(clean(text).split())


@given(TEXT)
def test_html_shows_any_text(text):
    page = lxml_html.document_fromstring(render(document(text), ".html").decode())
    assert squeezed(page.find(".//p").text_content()) == squeezed(clean(text))
    assert [e.tag for e in page.body.iter() if e.tag != "wbr"] == ["body", "main", "h1", "p"]


@given(TEXT)
def test_markdown_shows_any_text(text):
    page = MarkdownIt("commonmark").enable(["table", "strikethrough"]).render(render(document(text), ".md").decode())
    shown = lxml_html.document_fromstring(f"<body>{page}</body>").text_content()
    assert squeezed(shown) == squeezed(clean(text)) * 2
    assert re.findall(r"<(?!/?(?:h1|p)>)", page) == []


@given(TEXT)
def test_latex_has_no_command_but_those_of_characters(text):
    escaped = latex.escape(text)
    allowed = (
        rf"(\\({COMMANDS})\{{\}}|\\[&%$#_{{}},]|\{{[\[\]*]\}}|[-',]\\kern0pt\{{\}}|~|\\hspace\{{0pt\}}|"
        r"[^\\{}$&#%_^~<>|`\"\[\]*])*"
    )
    assert re.fullmatch(allowed, escaped)


@given(st.text(st.sampled_from("-'`<>,?!"), max_size=12))
def test_latex_joins_no_two_characters(text):
    assert not re.search(r"--|''|``|,,|<<|>>|[?!]`", latex.escape(text))


@settings(max_examples=25, deadline=None)
@given(TEXT)
def test_docx_holds_any_text(text):
    file = docx.Document(io.BytesIO(render(document(text), ".docx")))
    assert file.paragraphs[-1].text == clean(text)


@settings(max_examples=25, deadline=None)
@given(TEXT)
def test_odt_holds_any_text(text):
    file = odfdo.Document(io.BytesIO(render(document(text), ".odt")))
    assert squeezed("".join(file.body.get_elements("text:p")[-1].xpath("descendant::text()"))) == squeezed(clean(text))


@given(TEXT)
def test_clean_text_stays_as_it_is(text):
    assert clean(clean(text)) == clean(text)
