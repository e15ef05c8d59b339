"""Diarization scored from files of turns alone."""

import json
from pathlib import Path

import pytest

from dialogue import cli
from dialogue.scoring import ScoreError
from dialogue.scoring.turn_scores import read_turns, read_zones, score_turns

pytest.importorskip("pyannote.metrics")
REFERENCE = "SPEAKER a 1 0.0 10.0 <NA> <NA> Anne <NA> <NA>\nSPEAKER a 1 10.0 10.0 <NA> <NA> Luc <NA> <NA>\n"
SYSTEM = "SPEAKER a 1 1.0 9.0 <NA> <NA> s1 <NA> <NA>\nSPEAKER a 1 10.0 12.0 <NA> <NA> s2 <NA> <NA>\n"


@pytest.fixture
def folders(tmp_path: Path) -> tuple[Path, Path]:
    for name, text in (("references/a.rttm", REFERENCE), ("system/a.rttm", SYSTEM)):
        (tmp_path / name).parent.mkdir()
        (tmp_path / name).write_text(text)
    return tmp_path / "references", tmp_path / "system"


def test_missed_false_alarm_and_confusion_are_seconds_of_reference_speech(folders: tuple[Path, Path]) -> None:
    rate = score_turns(*map(read_turns, folders)).total["der"]
    assert rate.length == pytest.approx(20.0)
    assert rate.parts == pytest.approx({"missed": 1.0, "false_alarm": 2.0, "confusion": 0.0})


def test_a_collar_and_scored_zones_are_respected(folders: tuple[Path, Path], tmp_path: Path) -> None:
    (tmp_path / "all.uem").write_text("a 1 0.0 20.0\n")
    scores = score_turns(*map(read_turns, folders), read_zones(tmp_path / "all.uem"), collar=0.5)
    assert scores.total["der"].parts == pytest.approx({"missed": 0.5, "false_alarm": 0.0, "confusion": 0.0})


def test_overlapping_speech_may_be_left_out(folders: tuple[Path, Path]) -> None:
    (folders[0] / "a.rttm").write_text(REFERENCE + "SPEAKER a 1 5.0 2.0 <NA> <NA> Luc <NA> <NA>\n")
    said, heard = map(read_turns, folders)
    assert score_turns(said, heard).total["der"].parts["missed"] == pytest.approx(3.0)
    assert score_turns(said, heard, overlap=False).total["der"].parts["missed"] == pytest.approx(1.0)


def test_the_answer_of_a_diarization_service_is_read(folders: tuple[Path, Path]) -> None:
    segments = [{"seg_id": 1, "spk_id": "spk1", "seg_begin": 0.0, "seg_end": 10.0}]
    segments.append({"seg_id": 2, "spk_id": "spk2", "seg_begin": 10.0, "seg_end": 20.0})
    (folders[1] / "a.rttm").unlink()
    (folders[1] / "a.json").write_text(json.dumps({"segments": segments, "speakers": []}))
    assert score_turns(*map(read_turns, folders)).total["der"].errors == pytest.approx(0.0)


def test_a_missing_hypothesis_counts_as_missed_and_fails_the_command(folders: tuple[Path, Path], capsys) -> None:
    (folders[0] / "b.rttm").write_text(REFERENCE.replace(" a ", " b "))
    assert cli.main(["score", "turns", *map(str, folders)]) == 1
    shown = capsys.readouterr().out
    assert "| b | 20.0 | 100.00 | 100.00 | 0.00 | 0.00 |" in shown
    assert "No hypothesis, so all missed: b." in shown


def test_a_recording_in_which_nobody_speaks_counts_false_alarms(folders: tuple[Path, Path]) -> None:
    from dialogue.core.transcript import Transcript

    scores = score_turns([*read_turns(folders[0]), Transcript("b", 30.0)], read_turns(folders[1]))
    assert scores.recordings["b"]["der"].value is None
    assert "| b | 0.0 | - |" in scores.table()


def test_a_hypothesis_without_reference_or_an_empty_folder_is_refused(
    folders: tuple[Path, Path], tmp_path: Path
) -> None:
    (folders[1] / "c.rttm").write_text(SYSTEM.replace(" a ", " c "))
    with pytest.raises(ScoreError, match="no reference for c"):
        score_turns(*map(read_turns, folders))
    (tmp_path / "none").mkdir()
    with pytest.raises(ScoreError, match=r"no \.rttm or \.json file in it"):
        read_turns(tmp_path / "none")
