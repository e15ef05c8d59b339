"""What each format provides to its readers: structure, language, links."""

import io
import re
import zipfile
from dataclasses import replace

import docx
import odfdo
import pytest
from docx.oxml.ns import qn
from lxml import etree, html
from pypdf import PdfReader

from dialogue.minutes.document import Point
from dialogue.minutes.documents import write
from tests.minutes.documents.examples import hostile_minutes, minutes, transcript

MOMENT = "report.html#t=725.3"
HEADINGS = ["Participants", "Ordre du jour", "Résumé", "Décisions", "Actions", "Questions en suspens"]


def written(tmp_path, ending, style="compte_rendu", link="report.html", of=None):
    return write(of or minutes(), tmp_path / f"m{ending}", style=style, transcript=transcript(), link=link)


def parsed(tmp_path, **options):
    return html.document_fromstring(written(tmp_path, ".html", **options).read_text(encoding="utf-8"))


def test_html_has_a_language_a_title_and_headings_in_order(tmp_path):
    page = parsed(tmp_path)
    assert page.get("lang") == "fr"
    assert page.findtext(".//title") == page.findtext(".//h1") == "Budget de l’été"
    assert [h.text for h in page.iter("h2")][:6] == HEADINGS
    assert [h.text for h in page.iter("h3")] == ["Les œuvres"]


def test_html_has_a_table_whose_head_is_marked(tmp_path):
    page = parsed(tmp_path, style="releve_decisions")
    assert [(th.text, th.get("scope")) for th in page.findall(".//thead//th")] == [
        ("Action", "col"),
        ("Responsable", "col"),
        ("Échéance", "col"),
        ("Passage", "col"),
    ]
    assert [td.text_content() for td in page.findall(".//tbody/tr")[0]] == [
        "Envoyer le tableau",
        "Anaïs",
        "lundi 16\u00a0octobre 2023 («\u00a0lundi\u00a0»)",
        "[1:01]",
    ]


def test_html_runs_nothing_and_fetches_nothing(tmp_path):
    page = parsed(tmp_path, of=hostile_minutes())
    assert {e.tag for e in page.iter()} & {"script", "img", "iframe", "object", "link", "x", "b"} == set()
    assert {a.get("href").split("#")[0] for a in page.iter("a")} == {"report.html"}
    assert not any(name.startswith("on") for e in page.iter() for name in e.attrib)


def test_html_citations_are_plain_without_a_link(tmp_path):
    page = parsed(tmp_path, link=None)
    assert list(page.iter("a")) == []
    assert "[12:05]" in page.text_content()


def test_html_and_markdown_citations_lead_to_the_moment(tmp_path):
    assert MOMENT in {a.get("href") for a in parsed(tmp_path).iter("a")}
    assert f"[\\[12:05\\]](<{MOMENT}>)" in written(tmp_path, ".md").read_text(encoding="utf-8")


def test_addresses_are_encoded(tmp_path):
    text = written(tmp_path, ".md", link='a b>/é"{}.html').read_text(encoding="utf-8")
    assert "(<a%20b%3E/%C3%A9%22%7B%7D.html#t=725.3>)" in text


def test_markdown_shows_boxes_for_tasks(tmp_path):
    text = written(tmp_path, ".md").read_text(encoding="utf-8")
    assert (
        "- [ ] **Anaïs**\u00a0: Envoyer le tableau, échéance\u00a0: lundi 16\u00a0octobre 2023 («\u00a0lundi\u00a0»)"
        in text
    )
    assert "- [x] **sans responsable**\u00a0: Payer 10\u202f€ *(faite, à confirmer)*" in text


def word(tmp_path, **options):
    return docx.Document(str(written(tmp_path, ".docx", **options)))


def test_docx_has_heading_styles(tmp_path):
    found = [(p.style.name, p.text) for p in word(tmp_path).paragraphs if p.style.name != "Normal"]
    assert found[0] == ("Title", "Budget de l’été")
    assert [text for style, text in found if style == "Heading 1"][:6] == HEADINGS
    assert ("Heading 2", "Les œuvres") in found


def test_docx_lists_are_lists_and_each_counts_from_one(tmp_path):
    document = word(tmp_path, style="releve_decisions")
    numbers = {
        p.text: p._p.pPr.numPr.numId.val
        for p in document.paragraphs
        if p._p.pPr is not None and p._p.pPr.numPr is not None
    }
    assert len(set(numbers.values())) == 4  # header, decisions, questions, to verify
    numbering = document.part.numbering_part.element
    number = numbers["Baisser le budget [12:05]"]
    abstract = next(n for n in numbering.findall(qn("w:num")) if n.numId == number).abstractNumId.val
    definition = next(
        a for a in numbering.findall(qn("w:abstractNum")) if a.get(qn("w:abstractNumId")) == str(abstract)
    )
    assert definition.find(f".//{qn('w:numFmt')}").get(qn("w:val")) == "decimal"


def test_docx_table_has_a_header_row(tmp_path):
    (table,) = word(tmp_path, style="releve_decisions").tables
    assert [c.text for c in table.rows[0].cells] == ["Action", "Responsable", "Échéance", "Passage"]
    assert [c.text for c in table.rows[1].cells] == [
        "Envoyer le tableau",
        "Anaïs",
        "lundi 16\u00a0octobre 2023 («\u00a0lundi\u00a0»)",
        "[1:01]",
    ]
    assert [row._tr.find(f".//{qn('w:tblHeader')}") is not None for row in table.rows] == [True, False, False]


def test_docx_says_its_title_and_language(tmp_path):
    document = word(tmp_path)
    assert (document.core_properties.title, document.core_properties.language) == ("Budget de l’été", "fr-FR")
    assert {e.get(qn("w:val")) for e in document.styles.element.iter(qn("w:lang"))} == {"fr-FR"}


def test_docx_citations_lead_to_the_moment(tmp_path):
    links = [(h.text, h.address, h.fragment) for p in word(tmp_path).paragraphs for h in p.hyperlinks]
    assert ("[12:05]", MOMENT, "") in links


def odt(tmp_path, **options):
    return odfdo.Document(str(written(tmp_path, ".odt", **options)))


def test_odt_has_headings_lists_and_a_table_with_a_head(tmp_path):
    body = odt(tmp_path, style="releve_decisions").body
    assert [(h.level, str(h).strip()) for h in body.headers][:2] == [("1", "Décisions"), ("1", "Actions")]
    items = body.get_elements("text:list[@text:style-name='Numbers']/text:list-item/text:p")
    assert "".join(items[1].xpath("descendant::text()")) == "Vendre les œuvres (proposition) [8:30]"
    head = body.get_elements("//table:table-header-rows//table:table-cell")
    assert [str(cell).strip() for cell in head] == ["Action", "Responsable", "Échéance", "Passage"]


def test_odt_says_its_title_and_language(tmp_path):
    document = odt(tmp_path)
    assert (document.meta.title, document.meta.language) == ("Budget de l’été", "fr-FR")


@pytest.mark.parametrize(
    ("link", "expected"),
    [
        ("report.html", "../report.html#t=725.3"),  # relative to the inside of the file
        ("https://linto.example/m1", "https://linto.example/m1#t=725.3"),
    ],
)
def test_odt_citations_lead_to_the_moment(tmp_path, link, expected):
    links = odt(tmp_path, link=link).body.get_elements("//text:a")
    assert expected in {a.get_attribute("xlink:href") for a in links}


def test_odt_uses_no_style_that_it_lacks(tmp_path):
    for style in ("compte_rendu", "releve_decisions"):
        files = zipfile.ZipFile(written(tmp_path, ".odt", style=style))
        content = etree.fromstring(files.read("content.xml"))
        defined = files.read("styles.xml") + files.read("content.xml")
        known = set(re.findall(r'style:name="([^"]+)"', defined.decode()))
        used = {
            value
            for element in content.iter()
            for name, value in element.attrib.items()
            if name.endswith("}style-name") and etree.QName(element).namespace.split(":")[-2] in ("text", "table")
        }
        assert used - known == set()


def pdf(tmp_path, **options):
    return PdfReader(io.BytesIO(written(tmp_path, ".pdf", **options).read_bytes()))


def test_pdf_has_bookmarks_title_language_and_tags(tmp_path):
    reader = pdf(tmp_path)
    assert [item.title for item in reader.outline if not isinstance(item, list)][:6] == HEADINGS
    assert reader.metadata.title == "Budget de l’été"
    assert reader.root_object["/Lang"] == "fr"
    assert reader.root_object["/MarkInfo"]["/Marked"]


def test_pdf_of_a_dated_meeting_is_archivable_and_accessible(tmp_path):
    xmp = pdf(tmp_path).root_object["/Metadata"].get_data().decode()
    assert "<pdfuaid:part>1</pdfuaid:part>" in xmp
    assert "<pdfaid:part>2</pdfaid:part>" in xmp


def test_pdf_of_an_undated_meeting_is_accessible(tmp_path):
    xmp = pdf(tmp_path, of=hostile_minutes()).root_object["/Metadata"].get_data().decode()
    assert "<pdfuaid:part>1</pdfuaid:part>" in xmp


def test_pdf_is_the_same_every_time(tmp_path):
    assert written(tmp_path, ".pdf").read_bytes() == written(tmp_path, ".pdf").read_bytes()


def test_pdf_citations_lead_to_the_moment(tmp_path):
    addresses = {note.get_object()["/A"]["/URI"] for page in pdf(tmp_path).pages for note in page.get("/Annots", ())}
    assert MOMENT in addresses


@pytest.mark.parametrize(
    ("said", "scripts"),
    [
        ("漢字 et la suite", "chinois"),
        ("漢字 et 🫥 puis la suite", "chinois, émojis ou symboles"),
        ("ሰላም et la suite", "ethiopic"),
    ],
)
def test_pdf_says_which_characters_no_font_holds(tmp_path, caplog, said, scripts):
    reader = pdf(tmp_path, of=replace(minutes(), summary=Point(said)))
    text = " ".join(reader.pages[0].extract_text().split())
    assert "la suite" in text
    assert f"cases vides : {scripts}. Il n'est donc pas déclaré accessible (PDF/UA)" in text.replace("’", "'")
    assert "not marked as accessible (PDF/UA)" in caplog.text
    assert said.split()[0] not in caplog.text  # what was said is not logged


def test_pdf_in_a_script_that_fonts_hold_says_nothing(tmp_path, caplog):
    reader = pdf(tmp_path, of=replace(minutes(), summary=Point("Привет, Ελλάδα et la suite")))
    assert "cases vides" not in reader.pages[0].extract_text()
    assert caplog.text == ""


def test_latex_has_sections_a_table_and_links(tmp_path):
    text = written(tmp_path, ".tex", style="releve_decisions").read_text(encoding="utf-8")
    assert r"\section{Décisions}" in text
    assert r"\textbf{Action} & \textbf{Responsable} & \textbf{Échéance} & \textbf{Passage} \\" in text
    assert r"\href{report.html\#t=725.3}{{[}12:05{]}}" in text
    assert text.count(r"\begin{") == text.count(r"\end{")


def test_latex_runs_no_command_of_a_text(tmp_path):
    text = written(tmp_path, ".tex", of=hostile_minutes()).read_text(encoding="utf-8")
    body = text.split(r"\begin{document}")[1]
    assert r"\input" not in body
    assert re.findall(r"(?<!\\)\$", body) == []


def test_odt_headings_have_no_numbers(tmp_path):
    styles = zipfile.ZipFile(written(tmp_path, ".odt")).read("styles.xml").decode()
    assert set(re.findall(r'<text:outline-level-style[^>]*num-format="([^"]*)"', styles)) == {""}
