"""`dialogue privacy` as people call it."""

import json
from pathlib import Path

import pytest

from dialogue.cli import main

SAID = "CAMILLE: Je suis Camille Durand, de Rennes.\nPAUL: Moi c'est le 06 12 34 56 78.\n"


@pytest.fixture
def script(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    Path("a.script.txt").write_text(SAID, encoding="utf-8")
    return tmp_path


def labels() -> list[str]:
    return [e["label"] for e in json.loads(Path("m.jsonl").read_text())["entities"]]


def test_detect_review_and_score(script: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main("privacy detect a.script.txt -o m.jsonl --backend rules --known Rennes".split()) == 0
    assert labels() == ["PRENOM", "NOM", "VILLE", "TEL"]
    assert "rules and lists alone" in capsys.readouterr().out
    assert main("privacy review m.jsonl".split()) == 0
    table = Path("m.tsv")
    table.write_text(table.read_text(encoding="utf-8-sig").replace("VILLE\t", "VILLE\tkeep"), encoding="utf-8")
    assert main("privacy review m.jsonl".split()) == 0
    assert main("privacy detect a.script.txt -o m.jsonl --backend rules".split()) == 0
    assert [e.get("keep") for e in json.loads(Path("m.jsonl").read_text())["entities"]] == [None, None, True, None]
    capsys.readouterr()
    assert main("privacy score --gold m.jsonl --pred m.jsonl".split()) == 0
    assert "recall               100.0 %" in capsys.readouterr().out


def test_one_bad_input_does_not_take_the_rest_down(script: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main("privacy detect none.json a.script.txt -o m.jsonl --backend rules".split()) == 1
    assert "none.json: No such file" in capsys.readouterr().err
    assert "TEL" in labels()


def test_notes_of_another_tagger_are_read(script: Path) -> None:
    Path("n.jsonl").write_text(json.dumps({"note_id": "n", "note_text": "au 06 12 34 56 78", "entities": []}) + "\n")
    assert main("privacy detect n.jsonl -o m.jsonl --backend rules".split()) == 0
    assert labels() == ["TEL"]


def test_a_wrong_option_is_explained(script: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main("privacy detect a.script.txt -o m.jsonl --set privacy.backnd=rules".split()) == 2
    assert "Did you mean backend" in capsys.readouterr().err
