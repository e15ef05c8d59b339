"""LinTO's DOCX templates: placeholders wherever Word allows them."""

import docx
import pytest
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls, qn

from dialogue.minutes.documents import DocumentError, write
from tests.minutes.documents.examples import HOSTILE, empty_minutes, hostile_minutes, minutes


def filled(tmp_path, build, of=None, **options):
    """Fill a template made by ``build(document)``."""
    template = docx.Document()
    build(template)
    template.save(str(tmp_path / "template.docx"))
    path = write(of or minutes(), tmp_path / "m.docx", template=tmp_path / "template.docx", **options)
    return docx.Document(str(path))


def lines(document):
    return [p.text.replace("\u00a0", " ") for p in document.paragraphs]


def test_fields_with_and_without_hints(tmp_path):
    def build(template):
        template.add_paragraph("{{title}}, le {{date: date de la réunion, au format ISO}} ({{ duration }})")

    assert lines(filled(tmp_path, build)) == ["Budget de l’été, le jeudi 12 octobre 2023 (13 min 00 s)"]


@pytest.mark.parametrize(
    ("field", "expected"),
    [
        ("titre", "Budget de l’été"),
        ("Participants", "Anaïs, Intervenant 2, Zoé"),
        ("résumé", "Le budget baisse.\nLes œuvres sont payées."),
        ("accroche: une phrase de 30 mots", "Le budget baisse."),
        (
            "decisions_cles",
            "Baisser le budget [12:05]\nVendre les œuvres (proposition) [8:30]\nFermer l’été (rejetée) [8:40]",
        ),
        (
            "action_items",
            "Anaïs : Envoyer le tableau, échéance : lundi 16 octobre 2023 (« lundi ») [1:01]\n"
            "sans responsable : Payer 10\u202f€ (faite, à confirmer) [1:02]",
        ),
        ("points_ouverts", "Qui paie ? [10:00]"),
        ("Prochaine réunion", "Jeudi 9 novembre 2023 (« jeudi neuf novembre »)"),
        ("prochaine_echeance", "lundi 16 octobre 2023 (Anaïs)"),
        ("nb_decisions", "3"),
        ("organization_name", ""),
    ],
)
def test_fields_in_french_and_english(tmp_path, field, expected):
    document = filled(tmp_path, lambda template: template.add_paragraph(f"<{{{{{field}}}}}>"))
    assert lines(document) == [f"<{expected}>"]


def test_a_placeholder_split_over_runs_keeps_the_format_of_its_start(tmp_path):
    def build(template):
        paragraph = template.add_paragraph("Sujet : ", style="Heading 1")
        paragraph.add_run("{{ti").bold = True
        paragraph.add_run("t").italic = True
        paragraph.add_run("le}} fin")

    (paragraph,) = filled(tmp_path, build).paragraphs
    assert paragraph.style.name == "Heading 1"
    assert [(r.text, r.bold, r.italic) for r in paragraph.runs if r.text] == [
        ("Sujet : ", None, None),
        ("Budget de l’été", True, None),
        (" fin", None, None),
    ]


def test_headers_footers_and_tables_are_filled(tmp_path):
    def build(template):
        section = template.sections[0]
        section.header.paragraphs[0].text = "{{title}}"
        section.footer.paragraphs[0].text = "{{date}}"
        inner = template.add_table(1, 1).cell(0, 0).add_table(1, 1)
        inner.cell(0, 0).text = "{{duration}}"

    document = filled(tmp_path, build)
    assert document.sections[0].header.paragraphs[0].text == "Budget de l’été"
    assert document.sections[0].footer.paragraphs[0].text == "jeudi 12\u00a0octobre 2023"
    assert document.tables[0].cell(0, 0).tables[0].cell(0, 0).text == "13\u00a0min 00\u00a0s"


def test_text_boxes_are_filled(tmp_path):
    def build(template):
        box = parse_xml(
            f"<w:r {nsdecls('w')}><w:pict><w:txbxContent><w:p><w:r><w:t>{{{{title}}}}</w:t></w:r></w:p></w:txbxContent>"
            f"</w:pict></w:r>"
        )
        template.add_paragraph("{{date}} ")._p.append(box)

    texts = [t.text for t in filled(tmp_path, build).element.body.iter(qn("w:t"))]
    assert texts == ["jeudi 12\u00a0octobre 2023 ", "Budget de l’été"]


def test_a_row_is_repeated_for_each_action(tmp_path):
    def build(template):
        table = template.add_table(2, 3)
        for cell, text in zip(table.rows[0].cells, ("Qui", "Quoi", "Quand"), strict=True):
            cell.text = text
        cells = table.rows[1].cells
        cells[0].text = "{{actions.porteur: nom}}"
        cells[1].text = "{{actions: les actions, 8 au maximum}}{{actions.action}}"
        cells[2].text = "{{actions.échéance}}"

    (table,) = filled(tmp_path, build).tables
    assert [[c.text for c in row.cells] for row in table.rows] == [
        ["Qui", "Quoi", "Quand"],
        ["Anaïs", "Envoyer le tableau", "lundi 16\u00a0octobre 2023 («\u00a0lundi\u00a0»)"],
        ["sans responsable", "Payer 10\u202f€", ""],
    ]


@pytest.mark.parametrize(
    "names",
    [
        "service_name job_date generated_at output",
        "service_name title job_date participants topics summary key_points action_items output generated_at",
        "flavor_name title date job_id organization_name participants topics summary key_points action_items sentiment "
        "output",
        "titre accroche nb_participants nb_decisions nb_actions prochaine_echeance decisions_cles participants "
        "points_ouverts "
        "prochaine_reunion mindmap_sujets chiffres chiffres.valeur chiffres.objet actions actions.porteur "
        "actions.action "
        "actions.echeance conversation_name organization_name job_date output",
        "titre essentiel points points.numero points.texte ce_qui_change a_retenir chiffres.valeur mindmap_themes "
        "participants_ligne",
    ],
    ids=["basic-report", "meeting-summary", "extraction-test", "compte-rendu", "points-cles"],
)
def test_the_names_of_the_templates_that_come_with_linto_are_known(tmp_path, names):
    def build(template):
        for name in names.split():
            template.add_paragraph(f"{{{{{name}: consigne, {name[0]}}}}}")

    assert not any("{{" in line for line in lines(filled(tmp_path, build)))


def test_a_row_of_nothing_is_taken_away(tmp_path):
    def build(template):
        table = template.add_table(2, 1)
        table.cell(0, 0).text = "Chiffres"
        table.cell(1, 0).text = "{{chiffres: les 5 plus utiles}}{{chiffres.valeur}} {{chiffres.objet}}"

    (table,) = filled(tmp_path, build).tables
    assert [c.text for row in table.rows for c in row.cells] == ["Chiffres"]


def test_output_is_the_whole_document_where_it_stands(tmp_path):
    def build(template):
        template.add_paragraph("{{title}}", style="Title")
        template.add_paragraph("{{output}}")
        template.add_paragraph("fin")

    document = filled(tmp_path, build, style="releve_decisions", link="report.html")
    headings = [p.text for p in document.paragraphs if p.style.name == "Heading 1"]
    assert headings == ["Décisions", "Actions", "Questions en suspens", "Prochaine réunion", "À vérifier"]
    assert lines(document)[0] == "Budget de l’été"
    assert lines(document)[-1] == "fin"
    assert document.tables[0].cell(1, 1).text == "Anaïs"
    assert "report.html#t=725.3" in {h.address for p in document.paragraphs for h in p.hyperlinks}


def test_output_has_a_title_when_the_template_has_none(tmp_path):
    document = filled(tmp_path, lambda template: template.add_paragraph("{{output}}"))
    found = [(p.style.name, p.text) for p in document.paragraphs if p.style.name.startswith("Heading")]
    assert found[:2] == [("Heading 1", "Budget de l’été"), ("Heading 2", "Participants")]


def test_output_needs_no_styles_or_lists_of_the_template(tmp_path):
    def build(template):
        for style in list(template.styles.element.findall(qn("w:style"))):
            if style.get(qn("w:default")) != "1":
                template.styles.element.remove(style)
        for id, relation in list(template.part.rels.items()):
            if relation.reltype.endswith("/numbering"):
                del template.part.rels[id]
        template.add_paragraph("{{output}}")

    document = filled(tmp_path, build)
    assert [p.text for p in document.paragraphs if p.style.name == "Heading 2"][:2] == [
        "Participants",
        "Ordre du jour",
    ]
    assert len([p for p in document.paragraphs if p._p.pPr is not None and p._p.pPr.numPr is not None]) > 10


def test_unknown_placeholders_are_named_all_at_once(tmp_path):
    def build(template):
        template.add_paragraph("{{titel}} {{title}} {{mood: how it felt}}")
        template.sections[0].footer.paragraphs[0].text = "{{actions.colour}}"

    with pytest.raises(DocumentError) as error:
        filled(tmp_path, build)
    assert "unknown {{action_items.colour}}, {{mood}}, {{titel}}. Accepted: action_count" in str(error.value)
    assert not (tmp_path / "m.docx").exists()


def test_output_in_a_header_is_refused(tmp_path):
    def build(template):
        template.sections[0].header.paragraphs[0].text = "{{output}}"

    with pytest.raises(DocumentError, match="in a header or a footer"):
        filled(tmp_path, build)


def test_what_was_said_stays_literal(tmp_path):
    def build(template):
        template.add_paragraph("{{open_questions}}")
        template.add_table(1, 1).cell(0, 0).text = "{{actions.porteur}} {{actions.action}}"

    document = filled(tmp_path, build, hostile_minutes())
    assert document.paragraphs[0].text.split("\n") == [f"{h} [0:01]" for h in HOSTILE]
    assert [row.cells[0].text for row in document.tables[0].rows] == [f"{h} {h}" for h in HOSTILE]


def test_empty_minutes_fill_a_template(tmp_path):
    document = filled(tmp_path, lambda t: t.add_paragraph("{{title}}|{{summary}}|{{date}}"), empty_minutes())
    assert lines(document) == ["Compte rendu de réunion||non précisée"]


def test_the_template_itself_is_not_changed(tmp_path):
    filled(tmp_path, lambda template: template.add_paragraph("{{title}}"))
    assert lines(docx.Document(str(tmp_path / "template.docx"))) == ["{{title}}"]


def test_a_file_that_is_no_docx_is_named(tmp_path):
    (tmp_path / "t.docx").write_bytes(b"not a zip")
    with pytest.raises(DocumentError, match=r"t.docx: not a DOCX"):
        write(minutes(), tmp_path / "m.docx", template=tmp_path / "t.docx")
