"""A plan in all its formats is read back; nothing in its texts acts as markup; errors are refused before writing."""

import csv
import io
import json
import re
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml
from lxml import etree

from dialogue.plan import building
from dialogue.plan.project import QUESTIONS, PlanError, load_plan
from dialogue.plan.refreshing import refresh
from dialogue.plan.wording import question

TITLE = "« R&D_100 % » {ça} #set $x$ \\input{}"


@pytest.fixture
def built(plan: Path, prepared: Path, tmp_path: Path) -> Path:
    refresh(plan, {"voix": prepared})
    building.build(load_plan(plan), tmp_path / "built", say=lambda text: None)
    return tmp_path / "built"


def text_of(path: Path) -> str:
    if path.suffix == ".pdf":
        import pypdf

        return "".join(page.extract_text() for page in pypdf.PdfReader(path).pages)
    if path.suffix == ".docx":
        import docx

        found = docx.Document(str(path))
        cells = [cell.text for table in found.tables for row in table.rows for cell in row.cells]
        return "\n".join([paragraph.text for paragraph in found.paragraphs] + cells)
    return path.read_text(encoding="utf-8")


def squeezed(text: str) -> str:
    return re.sub(r"[\s\u00a0\u202f\\]+", "", text)


@pytest.mark.parametrize("ending", ["pdf", "docx"])
@pytest.mark.parametrize("language", ["fr", "en"])
def test_a_document_asks_all_questions_and_names_all_items(built: Path, ending: str, language: str) -> None:
    text = squeezed(text_of(built / f"dmp.{language}.{ending}"))
    assert [q for q in QUESTIONS if squeezed(question(q, language)) not in text] == []
    assert all(name in text for name in ("voix", "copie", "outil"))


@pytest.mark.parametrize("ending", ["md", "pdf", "docx"])
def test_a_title_is_shown_as_it_is(built: Path, ending: str) -> None:
    assert squeezed(TITLE) in squeezed(text_of(built / f"dmp.fr.{ending}"))


def test_latex_stays_balanced_and_holds_no_command_of_a_title(built: Path) -> None:
    text = (built / "dmp.fr.tex").read_text(encoding="utf-8")
    plain = re.sub(r"\\[{}\\%#]", "", text)
    assert plain.count("{") == plain.count("}")
    assert "\\input" not in text
    assert "R\\&D\\_100" in text


def test_an_answer_that_items_share_is_written_once(built: Path) -> None:
    [line] = [x for x in text_of(built / "dmp.en.md").splitlines() if x.startswith("- **Licence**")]
    assert line.endswith("CC-BY-SA-4.0 (copie, voix); MIT (outil)")


def test_opidor_keeps_what_the_other_import_loses(built: Path) -> None:
    found = json.loads((built / "opidor.fr.json").read_text(encoding="utf-8"))
    assert found["meta"]["contact"][0]["person"]["mbox"] == "equipe@example.org"
    assert found["project"]["projectId"] == "ANR-00-X"
    [_, tool, voice] = found["researchOutput"]
    assert (tool["configuration"]["dataType"], tool["softwareDescription"]["type"]) == ("software", "Logiciel")
    [shared] = voice["sharing"]["distribution"]
    assert shared["license"]["licenseUrl"] == "https://spdx.org/licenses/CC-BY-SA-4.0.json"
    assert (shared["dataAccess"], voice["researchOutputDescription"]["containsPersonalData"]) == ("Ouvert", "Oui")
    assert len(shared["fileFormat"]) > 1


def test_the_readme_of_the_hub_has_a_head_in_yaml(built: Path) -> None:
    _, head, _ = (built / "items/voix/README.md").read_text(encoding="utf-8").split("---\n", 2)
    assert yaml.safe_load(head) == {
        "pretty_name": "Item voix",
        "language": ["fr"],
        "license": "cc-by-sa-4.0",
        "size_categories": ["n<1K"],
        "task_categories": ["automatic-speech-recognition"],
    }


def test_datacite_is_xml_with_its_mandatory_fields(built: Path) -> None:
    root = etree.fromstring((built / "items/voix/datacite.xml").read_bytes())
    names = [etree.QName(child).localname for child in root]
    assert names[:6] == ["identifier", "creators", "titles", "publisher", "publicationYear", "resourceType"]


def test_croissant_rocrate_and_citation_name_the_item(built: Path) -> None:
    croissant = json.loads((built / "items/voix/croissant.json").read_text(encoding="utf-8"))
    assert (croissant["name"], croissant["license"]) == ("voix", ["https://spdx.org/licenses/CC-BY-SA-4.0.json"])
    crate = json.loads((built / "ro-crate-metadata.json").read_text(encoding="utf-8"))
    [copy] = [entity for entity in crate["@graph"] if entity["@id"] == "#copie"]
    assert copy["isBasedOn"] == [{"@id": "#voix"}] or copy["isBasedOn"] == {"@id": "#voix"}
    citation = yaml.safe_load((built / "items/outil/CITATION.cff").read_text(encoding="utf-8"))
    assert (citation["type"], citation["license"]) == ("software", ["MIT"])


def test_the_table_has_a_row_for_each_item_and_no_formula(plan: Path, add: Callable[..., Path], tmp_path: Path) -> None:
    add("outil", kind="software", licence="MIT", rights_holder='=HYPERLINK("x")')
    building.build(load_plan(plan), tmp_path / "built", ["csv"], say=lambda text: None)
    rows = list(csv.DictReader(io.StringIO((tmp_path / "built/items.csv").read_text(encoding="utf-8"))))
    assert [row["id"] for row in rows] == ["copie", "outil", "voix"]
    assert rows[1]["rights_holder"].startswith("'=")


@pytest.mark.parametrize(
    ("values", "found"),
    [
        ({"licence": "CC BY 4.0"}, "Did you mean CC-BY-4.0"),
        ({"role": "derived", "licence": "MIT", "derived_from": ["voix"]}, "asks for the same licence"),
        ({"derived_from": ["outil"]}, "circle"),
        ({"access": "open", "sensitive_data": "yes"}, "access: open, but sensitive_data is yes"),
        ({"issued": "in spring"}, "issued: found 'in spring'"),
    ],
)
def test_errors_are_refused_and_nothing_is_written(
    plan: Path, add: Callable[..., Path], tmp_path: Path, values: dict[str, Any], found: str
) -> None:
    add("outil", kind="dataset", **values)
    with pytest.raises(PlanError, match=re.escape(found)):
        building.build(load_plan(plan), tmp_path / "built")
    assert not (tmp_path / "built").exists()


def test_an_unknown_format_is_refused_with_those_that_there_are(plan: Path, tmp_path: Path) -> None:
    with pytest.raises(PlanError, match="Accepted: madmp, opidor"):
        building.build(load_plan(plan), tmp_path, ["word"])


def test_the_same_plan_gives_the_same_bytes(plan: Path, tmp_path: Path) -> None:
    names = ["madmp", "opidor", "md", "pdf", "csv"]
    for folder in ("one", "two"):
        building.build(load_plan(plan), tmp_path / folder, names, say=lambda text: None)
    files = [path.relative_to(tmp_path / "one") for path in (tmp_path / "one").rglob("*") if path.is_file()]
    assert [f for f in files if (tmp_path / "one" / f).read_bytes() != (tmp_path / "two" / f).read_bytes()] == []


def test_a_word_document_is_a_sound_archive(built: Path) -> None:
    assert zipfile.ZipFile(built / "dmp.fr.docx").testzip() is None
