"""`dialogue correct` changes every file of a meeting at once, without the models of speech."""

import json
from pathlib import Path

import pytest

from dialogue import formats
from dialogue.cli import main
from dialogue.core import audio
from dialogue.learning import tasks
from tests.corrections.meetings import recognised_again
from tests.corrections.test_minutes_items import SAID

np = pytest.importorskip("numpy")


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return the folder of a meeting whose transcript was given, so that nothing is recognised."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("DIALOGUE_MODELS", str(tmp_path / "no models"))
    audio.save_wav(tmp_path / "réunion.wav", np.full(30 * audio.RATE, 0.01, np.float32))
    formats.write([SAID], tmp_path / "said.json")
    assert meeting() == 0
    return tmp_path / "out/réunion"


def meeting(*more: str) -> int:
    return main(["meeting", "réunion.wav", "--out", "out", "--date", "2023-10-12", "--transcript", "said.json", *more])


def correct(action: str, *words: str) -> int:
    return main(["correct", action, "out/réunion", *words])


def test_a_name_is_in_every_file_at_once(folder: Path) -> None:
    assert correct("rename", "spk2", "Zoé") == 0
    for path in folder.iterdir():
        if path.suffix not in (".rttm", ".jsonl", ".lock"):  # turns have ids
            assert "Zoé" in path.read_text(encoding="utf-8"), path.name
    found = json.loads((folder / "minutes.json").read_text(encoding="utf-8"))
    assert [(p["name"], p["name_source"]) for p in found["participants"]] == [(None, "none"), ("Zoé", "manual")]


def test_a_name_that_a_person_gave_is_not_respelled(folder: Path) -> None:
    assert correct("rename", "spk2", "Kamille") == 0
    assert meeting("--participants", "Camille") == 0
    assert "Kamille" in (folder / "réunion.srt").read_text(encoding="utf-8")


def test_words_and_speakers_are_in_every_export(folder: Path) -> None:
    assert correct("text", "u2:4", "compte-rendu") == 0
    assert correct("move", "u3", "--to", "spk2") == 0
    for name in ("json", "srt", "vtt", "stm", "txt"):
        [said] = formats.read(folder / f"réunion.{name}")
        assert "compte-rendu" in said.text
    assert "réunion 1 12.000 2.400 <NA> <NA> spk2" in (folder / "réunion.rttm").read_text(encoding="utf-8")


def test_readers_see_why_words_are_left_out(folder: Path) -> None:
    assert correct("omit", "u3", "--reason", "hors procès-verbal") == 0
    assert "la presse" not in "".join(p.read_text(encoding="utf-8") for p in folder.iterdir() if p.suffix != ".jsonl")
    assert "hors procès-verbal" in (folder / "report.html").read_text(encoding="utf-8")
    assert (
        main(
            [
                "document",
                str(folder / "minutes.json"),
                "--out",
                "v.md",
                "--style",
                "verbatim",
                "--transcript",
                str(folder),
            ]
        )
        == 0
    )
    assert "(hors procès-verbal)" in Path("v.md").read_text(encoding="utf-8")


def test_another_recognition_replays_the_log(folder: Path) -> None:
    assert correct("rename", "spk2", "Zoé") == 0
    formats.write([recognised_again(SAID, seed=3, heard=0)], Path("said.json"))
    assert meeting() == 0
    [now] = formats.read(folder / "réunion.json")
    assert [now.name(u.speaker) for u in now if "relis" in u.text] == ["Zoé"]


def test_undo_and_redo(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before = (folder / "réunion.srt").read_text(encoding="utf-8")
    assert correct("rename", "spk2", "Zoé") == 0
    assert correct("undo") == 0
    assert (folder / "réunion.srt").read_text(encoding="utf-8") == before
    assert correct("redo", "c1") == 0
    assert "Zoé" in (folder / "réunion.srt").read_text(encoding="utf-8")
    assert correct("undo", "c9") == 2
    assert "undo: found 'c9'. Accepted: c1." in capsys.readouterr().err


def test_items_of_the_minutes_do_not_make_the_minutes_again(folder: Path) -> None:
    written = (folder.parent / ".stages/minutes/réunion.json").read_bytes()
    assert correct("edit", "a1", "--owner", "Camille") == 0
    assert "Camille" in (folder / "minutes.md").read_text(encoding="utf-8")
    assert (folder.parent / ".stages/minutes/réunion.json").read_bytes() == written


def test_a_meeting_whose_sound_was_deleted_is_corrected(folder: Path) -> None:
    Path("réunion.wav").unlink()
    assert correct("rename", "spk2", "Zoé") == 0
    assert "Zoé" in (folder / "report.html").read_text(encoding="utf-8")


def test_the_difference_from_the_machine_is_measured(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert correct("text", "u2:4", "compte-rendu") == 0
    assert correct("merge", "spk2", "spk1") == 0
    capsys.readouterr()
    assert correct("diff") == 0
    shown = capsys.readouterr().out
    assert "-     6.0 s  spk2: Je relis le rapport pour lundi." in shown
    assert "words corrected: 11.1 %" in shown
    assert "speech given to another speaker: 35.4 % (2.9 s)" in shown


def test_what_is_not_replayed_is_listed_with_code_1(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert correct("text", "u3", "On n'invite personne.") == 0
    formats.write(
        [SAID.__class__.from_dict({**SAID.to_dict(), "utterances": SAID.to_dict()["utterances"][:2]})],
        Path("said.json"),
    )
    assert meeting() == 0
    capsys.readouterr()
    assert correct("status") == 1
    assert "1 corrections in effect, 1 could not be replayed" in capsys.readouterr().out


def test_a_log_of_another_meeting_fails_that_meeting(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert correct("rename", "spk2", "Zoé") == 0
    log = folder / "corrections.jsonl"
    log.write_text(log.read_text(encoding="utf-8").replace('"réunion"', '"autre"'), encoding="utf-8")
    assert correct("log") == 2
    assert meeting() == 1
    assert "is of recording 'autre'. Accepted: corrections of 'réunion'." in capsys.readouterr().err


def test_a_folder_that_is_no_meeting_is_refused(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["correct", "log", "nowhere"]) == 2
    assert "no results of a meeting. Accepted: DIR/<recording>" in capsys.readouterr().err


def test_corrected_words_are_training_data(folder: Path) -> None:
    assert correct("rename", "spk2", "Zoé") == 0
    assert correct("text", "u2:4", "compte-rendu") == 0
    assert main(["tasks", "out", "--kind", "corrections", "--out", "tasks"]) == 0
    [example] = tasks.read(Path("tasks/train.jsonl"))
    assert example.answer == "Je relis le compte-rendu pour lundi."
    assert example.dialogue.splitlines()[-1] == "[Zoé:] Je relis le rapport pour lundi."


def test_without_a_new_correction_nothing_is_made_again(folder: Path) -> None:
    assert correct("rename", "spk2", "Zoé") == 0
    before = {
        p: p.stat().st_mtime_ns for p in folder.parent.rglob("*.json*") if p.name not in ("stage.json", ".digests.json")
    }
    assert correct("update") == 0
    assert before == {p: p.stat().st_mtime_ns for p in before}
