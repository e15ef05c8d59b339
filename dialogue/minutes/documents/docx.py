"""Word (DOCX): heading styles, real lists, tables with a header row, language and title, links."""

from __future__ import annotations

import io
import re
from typing import Any

from dialogue.minutes.documents.outline import Block, Document, Heading, List, Paragraph, Table, Text

LINK = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/hyperlink"
TEXT_WIDTH, CHARACTER, PADDING = 16.0, 0.23, 0.45  # cm: between the margins, of a wide letter, around a cell
LONGEST_CELL = 60  # characters beyond which a cell may have more lines
BORDERS = ("top", "left", "bottom", "right", "insideH", "insideV")


def render(document: Document) -> bytes:
    import docx
    from docx.oxml.ns import qn
    from docx.shared import Cm, Pt

    word = docx.Document()
    page = word.sections[0]
    page.page_width, page.page_height = Cm(21), Cm(29.7)
    page.left_margin = page.right_margin = Cm(2.5)
    for element in word.styles.element.iter(qn("w:lang")):
        element.set(qn("w:val"), document.locale)
    word.styles["Normal"].paragraph_format.space_after = Pt(6)
    properties = word.core_properties
    properties.title, properties.language = document.title[:255], document.locale
    properties.author = properties.comments = ""
    word.add_paragraph(document.title, style="Title")
    for block in document.blocks:
        add(word, block, document)
    file = io.BytesIO()
    word.save(file)
    return file.getvalue()


def add(word: Any, block: Block, document: Document) -> None:
    """Add a block at the end of a ``docx.Document``, including one from a template that has few styles."""
    match block:
        case Heading(level, text):
            _write(word.add_paragraph(style=_heading_style(word, level)), text, document)
        case Paragraph(text, kind):
            paragraph = word.add_paragraph()
            _write(paragraph, text, document)
            if kind == "warning":
                _frame(paragraph)
            if kind == "note":
                _small(paragraph)
        case List(items, ordered):
            number = _numbering(word, ordered)
            for item in items:
                paragraph = word.add_paragraph()
                _number(paragraph, number)
                _write(paragraph, item, document)
        case Table(head, rows):
            table = word.add_table(0, len(head))
            _borders(table)
            for cells in (head, *rows):
                for cell, text in zip(table.add_row().cells, cells, strict=True):
                    _write(cell.paragraphs[0], text, document)
            _header_row(table)
            _columns(table)


def _write(paragraph: Any, text: Text, document: Document) -> None:
    for span in text:
        run = paragraph.add_run(span.text)
        if span.kind == "strong":
            run.bold = True
        if span.kind == "emphasis":
            run.italic = True
        if target := document.target(span):
            _link(paragraph, run, target)


def _link(paragraph: Any, run: Any, target: str) -> None:
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn
    from docx.shared import RGBColor

    run.font.color.rgb, run.underline = RGBColor(0x0B, 0x57, 0xA4), True
    link = OxmlElement("w:hyperlink")
    link.set(qn("r:id"), paragraph.part.relate_to(target, LINK, is_external=True))
    paragraph._p.append(link)
    link.append(run._r)


def _heading_style(word: Any, level: int) -> Any:
    """Return ``Heading 1``...; created if a template lacks it, so that headings appear in Word's outline anyway."""
    from docx.enum.style import WD_STYLE_TYPE
    from docx.shared import Pt

    name = f"Heading {level}"
    if name not in word.styles:
        style = word.styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH, builtin=True)
        style.font.bold, style.font.size = True, Pt(16 - 2 * level)
        style.paragraph_format.keep_with_next = True
        style.paragraph_format.space_before = Pt(12)
        style.element.get_or_add_pPr().append(_element("w:outlineLvl", val=level - 1))
    return word.styles[name]


def _numbering(word: Any, ordered: bool) -> int:
    """Return the number of a new list, whose items count from 1 whatever lists precede it."""
    from docx.oxml import parse_xml
    from docx.oxml.ns import nsdecls, qn

    numbering = _numbering_part(word).element
    abstract = [int(e.get(qn("w:abstractNumId"))) for e in numbering.findall(qn("w:abstractNum"))]
    new = max(abstract, default=-1) + 1
    form, mark = ("decimal", "%1.") if ordered else ("bullet", "•")
    definition = parse_xml(
        f'<w:abstractNum {nsdecls("w")} w:abstractNumId="{new}"><w:multiLevelType w:val="singleLevel"/>'
        f'<w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="{form}"/><w:lvlText w:val="{mark}"/>'
        '<w:lvlJc w:val="left"/><w:pPr><w:ind w:left="425" w:hanging="425"/></w:pPr></w:lvl></w:abstractNum>'
    )
    first = numbering.find(qn("w:num"))  # definitions must come before their uses
    if first is None:
        numbering.append(definition)
    else:
        first.addprevious(definition)
    return int(numbering.add_num(new).numId)


def _numbering_part(word: Any) -> Any:
    from docx.opc.constants import CONTENT_TYPE, RELATIONSHIP_TYPE
    from docx.opc.packuri import PackURI
    from docx.oxml import OxmlElement
    from docx.parts.numbering import NumberingPart

    try:
        return word.part.part_related_by(RELATIONSHIP_TYPE.NUMBERING)
    except KeyError:  # a template without lists
        part = NumberingPart(
            PackURI("/word/numbering.xml"),
            CONTENT_TYPE.WML_NUMBERING,
            OxmlElement("w:numbering"),
            word.part.package,
        )
        word.part.relate_to(part, RELATIONSHIP_TYPE.NUMBERING)
        return part


def _number(paragraph: Any, number: int) -> None:
    properties = paragraph._p.get_or_add_pPr().get_or_add_numPr()
    properties.get_or_add_ilvl().val = 0
    properties.get_or_add_numId().val = number


def _borders(table: Any) -> None:
    """Draw thin lines without needing a table style."""
    borders = _element("w:tblBorders")
    for side in BORDERS:
        borders.append(_element(f"w:{side}", val="single", sz=4, space=0, color="8A8A8A"))
    table._tbl.tblPr.append(borders)


def _header_row(table: Any) -> None:
    """Make the first row bold, repeated on every page, and marked as a header for screen readers."""
    table.rows[0]._tr.get_or_add_trPr().append(_element("w:tblHeader"))
    for cell in table.rows[0].cells:
        for run in cell.paragraphs[0].runs:
            run.bold = True


def _columns(table: Any) -> None:
    """Give each column room for its longest word, and share the rest by the length of its longest cell."""
    from docx.shared import Cm

    texts = [[cell.text for cell in column.cells] for column in table.columns]
    words = [max((len(word) for text in column for word in re.split(r"[\s-]", text)), default=1) for column in texts]
    longest = [min(max(map(len, column)), LONGEST_CELL) for column in texts]
    least = [CHARACTER * n + PADDING for n in words]
    least = [width * min(1.0, TEXT_WIDTH / sum(least)) for width in least]
    rest = TEXT_WIDTH - sum(least)
    more = [max(0, n - w) for n, w in zip(longest, words, strict=True)]
    table.autofit = False
    for column, width, extra in zip(table.columns, least, more, strict=True):
        size = Cm(width + rest * (extra / sum(more) if any(more) else 1 / len(texts)))
        column.width = size
        for cell in column.cells:  # Word reads those of the cells
            cell.width = size


def _frame(paragraph: Any) -> None:
    """Format a warning: shaded, with a bar on its left."""
    properties = paragraph._p.get_or_add_pPr()
    borders = _element("w:pBdr")
    borders.append(_element("w:left", val="single", sz=24, space=6, color="B45309"))
    properties.insert_element_before(borders, "w:shd", *_AFTER_SHADE)
    properties.insert_element_before(_element("w:shd", val="clear", color="auto", fill="FFF7E6"), *_AFTER_SHADE)


_AFTER_SHADE = ("w:tabs", "w:spacing", "w:ind", "w:jc", "w:rPr", "w:sectPr")  # in the order of the schema


def _small(paragraph: Any) -> None:
    from docx.shared import Pt

    paragraph.paragraph_format.space_before = Pt(18)
    for run in paragraph.runs:
        run.font.size = Pt(9)


def _element(tag: str, **attributes: object) -> Any:
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    element = OxmlElement(tag)
    for name, value in attributes.items():
        element.set(qn(f"w:{name}"), str(value))
    return element
