"""Minutes and transcript in every format, with all corrections; a Word template is filled in, and runs nothing."""

import io
import zipfile

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from dialogue import formats
from dialogue.minutes import documents
from tests.server.conftest import ID

EXPORTS = f"/api/meetings/{ID}/exports"
BEGINS = {
    ".docx": b"PK",
    ".odt": b"PK",
    ".pdf": b"%PDF",
    ".md": b"#",
    ".html": b"<!DOCTYPE",
    ".tex": b"% !TeX",
}


def word(*paragraphs: str) -> bytes:
    docx = pytest.importorskip("docx", reason="python-docx is not installed: no Word file is made")
    made, file = docx.Document(), io.BytesIO()
    for text in paragraphs:
        made.add_paragraph(text)
    made.save(file)
    return file.getvalue()


def text_of(content: bytes) -> str:
    return zipfile.ZipFile(io.BytesIO(content)).read("word/document.xml").decode()


def test_every_format_is_offered_that_is_not_among_the_files(client: TestClient) -> None:
    listed = client.get(EXPORTS).json()
    files = {file["name"] for file in client.get(f"/api/meetings/{ID}").json()["files"]}
    offered = {*listed["minutes"], *listed["transcript"]}
    assert not offered & files
    assert {f"minutes{ending}" for ending in documents.FORMATS} <= offered | files
    assert {f"{ID}{formats.FORMATS[name][0]}" for name in ("textgrid", "eaf", "linto")} <= offered


def test_what_is_offered_can_be_had(client: TestClient) -> None:
    listed = client.get(EXPORTS).json()
    for name in (*listed["minutes"], *listed["transcript"]):
        answer = client.get(f"{EXPORTS}/{name}")
        assert answer.status_code == 200, name
        assert answer.content.startswith(BEGINS.get(name.removeprefix("minutes"), b"")), name


def test_an_export_has_the_corrections(client: TestClient, app: FastAPI) -> None:
    app.state.service.background.start()
    version = client.get(f"/api/meetings/{ID}").json()["version"]
    renamed = {"version": version, "do": "rename", "speaker": "spk1", "name": "Zoé Zéphyr"}
    assert client.post(f"/api/meetings/{ID}/corrections", json=renamed).status_code == 200
    assert "Zoé Zéphyr" in client.get(f"{EXPORTS}/{ID}.TextGrid").text
    app.state.service.background.stop()


def test_nobody_else_has_it(newcomer, client: TestClient) -> None:
    assert newcomer().get(f"{EXPORTS}/minutes.docx").status_code == 404
    assert newcomer().post(f"{EXPORTS}/minutes.docx", content=word("{{titre}}")).status_code == 404


def test_a_name_that_is_not_offered_is_not_made(client: TestClient) -> None:
    assert client.get(f"{EXPORTS}/minutes.exe").status_code == 404
    assert client.get(f"{EXPORTS}/..%2Fmeeting.yaml").status_code == 404


def test_a_template_is_filled_in(client: TestClient) -> None:
    answer = client.post(f"{EXPORTS}/minutes.docx", content=word("Le {{date}}", "{{output}}"))
    assert "12\xa0octobre 2023" in text_of(answer.content)


@pytest.mark.parametrize("text", ["{% for x in range(10**9) %}{% endfor %}", "{{ 7 * 7 }}", "{{ ''.__class__ }}"])
def test_a_template_runs_nothing(client: TestClient, text: str) -> None:
    answer = client.post(f"{EXPORTS}/minutes.docx", content=word(text))
    assert answer.status_code == 400 or text.replace("'", "&apos;") in text_of(answer.content).replace("'", "&apos;")


def test_unknown_fields_are_named_with_those_that_there_are(client: TestClient) -> None:
    answer = client.post(f"{EXPORTS}/minutes.docx", content=word("{{meteo}}"))
    assert answer.status_code == 400
    assert answer.json()["error"].startswith("Champs inconnus : {{meteo}}. Champs possibles :")


@pytest.mark.parametrize("content", [b"", b"PK", b"%PDF-1.7", b"x" * 100])
def test_what_is_no_word_file_is_refused_in_words(client: TestClient, content: bytes) -> None:
    answer = client.post(f"{EXPORTS}/minutes.docx", content=content)
    assert (answer.status_code, answer.json()["error"]) == (400, "Ce fichier n’est pas un document Word (.docx).")


def test_a_template_that_unpacks_to_much_is_refused(client: TestClient) -> None:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive, archive.open("word/document.xml", "w") as part:
        for _ in range(220):
            part.write(bytes(1_000_000))
    answer = client.post(f"{EXPORTS}/minutes.docx", content=file.getvalue())
    assert (answer.status_code, answer.json()["error"]) == (400, "Ce modèle est trop gros, une fois décompressé.")


@pytest.fixture
def named(client: TestClient, app: FastAPI) -> TestClient:
    """Return a client of a meeting in which a speaker has a name."""
    app.state.service.background.start()
    version = client.get(f"/api/meetings/{ID}").json()["version"]
    renamed = {"version": version, "do": "rename", "speaker": "spk1", "name": "Zoé Zéphyr"}
    assert client.post(f"/api/meetings/{ID}/corrections", json=renamed).status_code == 200
    return client


@pytest.mark.parametrize("name", ["minutes.md", f"{ID}.srt", f"{ID}.TextGrid"])
def test_a_pseudonymised_copy_names_nobody(named: TestClient, name: str) -> None:
    copy = {"pseudonymised": True}
    assert name in str(named.get(EXPORTS, params=copy).json())
    text = named.get(f"{EXPORTS}/{name}", params=copy).text
    assert len(text) > 50
    assert "Zoé" not in text
    assert "Zéphyr" not in text


def test_copies_of_a_meeting_have_the_same_names(named: TestClient) -> None:
    texts = {named.get(f"{EXPORTS}/{ID}.srt", params={"pseudonymised": True}).text for _ in range(2)}
    assert len(texts) == 1
