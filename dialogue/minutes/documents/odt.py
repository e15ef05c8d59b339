"""Write OpenDocument text (ODT): headings, real lists, tables with a header row, language and title, links."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from typing import Any

from dialogue.minutes.documents.outline import Block, Document, Heading, List, Paragraph, Table, Text

SPANS = {"strong": "Strong_20_Emphasis", "emphasis": "Emphasis"}  # kind -> style
STYLES = """
<office:styles>
<style:style style:name="Title" style:family="paragraph" style:parent-style-name="Heading" style:class="chapter">
<style:text-properties fo:font-size="22pt" fo:font-weight="bold"/></style:style>
<style:style style:name="Warning" style:family="paragraph" style:parent-style-name="Text_20_body">
<style:paragraph-properties fo:background-color="#fff7e6" fo:border-left="3pt solid #b45309" fo:padding="0.15cm"/>\
</style:style>
<style:style style:name="Note" style:family="paragraph" style:parent-style-name="Text_20_body">
<style:paragraph-properties fo:margin-top="0.6cm" fo:border-top="0.5pt solid #8a8a8a" fo:padding-top="0.15cm"/>
<style:text-properties fo:font-size="9pt"/></style:style>
<style:style style:name="Table_20_Heading" style:family="paragraph" style:parent-style-name="Text_20_body">
<style:text-properties fo:font-weight="bold"/></style:style>
<style:style style:name="Ruled" style:family="table-cell">
<style:table-cell-properties fo:border="0.5pt solid #8a8a8a" fo:padding="0.1cm"/></style:style>
<style:style style:name="Strong_20_Emphasis" style:family="text"><style:text-properties fo:font-weight="bold"/>\
</style:style>
<style:style style:name="Emphasis" style:family="text"><style:text-properties fo:font-style="italic"/></style:style>
<style:style style:name="Internet_20_link" style:family="text">
<style:text-properties fo:color="#0b57a4" style:text-underline-style="solid"/></style:style>
<text:list-style style:name="Bullets"><text:list-level-style-bullet text:level="1" text:bullet-char="•">
<style:list-level-properties text:space-before="0.25cm" text:min-label-width="0.5cm"/></text:list-level-style-bullet>\
</text:list-style>
<text:list-style style:name="Numbers">\
<text:list-level-style-number text:level="1" style:num-suffix="." style:num-format="1">
<style:list-level-properties text:space-before="0.25cm" text:min-label-width="0.75cm"/></text:list-level-style-number>\
</text:list-style>
</office:styles>
"""


def render(document: Document) -> bytes:
    import odfdo

    odt = odfdo.Document("text")
    odt.body.clear()
    odt.language = document.locale
    odt.meta.title = document.title
    styles: Any = odfdo.Element.from_tag(STYLES).children
    for style in styles:
        # Writer accepts only automatic styles for table cells
        odt.insert_style(style, automatic=style.get_attribute("style:family") == "table-cell")
    parts: Any = odt.get_part("styles.xml")
    for level in parts.root.get_elements("//text:outline-level-style"):
        level.set_attribute("style:num-format", "")  # no numbers before headings
        for name in ("style:num-suffix", "loext:num-list-format"):
            level.del_attribute(name)
    odt.body.append(_filled(odfdo.Paragraph(style="Title"), document.title))
    for block in document.blocks:
        for element in _elements(block, document):
            odt.body.append(element)
    file = io.BytesIO()
    odt.save(file)
    return file.getvalue()


def _elements(block: Block, document: Document) -> Iterator[Any]:
    import odfdo

    match block:
        case Heading(level, text):
            header = odfdo.Header(level)
            header.style = f"Heading_20_{level}"
            yield _written(header, text, document)
        case Paragraph(text, kind):
            style = {"warning": "Warning", "note": "Note"}.get(kind, "Text_20_body")
            yield _written(odfdo.Paragraph(style=style), text, document)
        case List(items, ordered):
            found = odfdo.List(style="Numbers" if ordered else "Bullets")
            for item in items:
                found.append(odfdo.ListItem(_written(odfdo.Paragraph(style="Text_20_body"), item, document)))
            yield found
        case Table(head, rows):
            table = odfdo.Element.from_tag("table:table")
            table.append(odfdo.Element.from_tag(f'<table:table-column table:number-columns-repeated="{len(head)}"/>'))
            first = odfdo.HeaderRows()
            first.append(_row(head, "Table_20_Heading", document))
            table.append(first)
            for row in rows:
                table.append(_row(row, "Text_20_body", document))
            yield table


def _row(cells: tuple[Text, ...], style: str, document: Document) -> Any:
    import odfdo

    row = odfdo.Row()
    for text in cells:
        cell = odfdo.Cell(style="Ruled", cell_type="string")
        cell.append(_written(odfdo.Paragraph(style=style), text, document))
        row.append(cell)
    return row


def _written(paragraph: Any, text: Text, document: Document) -> Any:
    import odfdo

    for span in text:
        run: Any = odfdo.Span(style=SPANS.get(span.kind))
        if target := document.target(span):
            run = odfdo.Link(_address(target), style="Internet_20_link")
        paragraph.append(_filled(run, span.text))
    return paragraph


def _filled(element: Any, text: str) -> Any:
    element.text = text
    return element


def _address(target: str) -> str:
    """Return an address for ODF, where relative ones start inside the file as if it were a folder (ODF 1.3-2, 3.7)."""
    return target if re.match(r"[\w+.-]+:|/", target) else f"../{target}"
