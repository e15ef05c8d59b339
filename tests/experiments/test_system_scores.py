"""Diarizations of several systems against the same references: ids that do not match are named, and tables written."""

import json
from pathlib import Path

import pytest

from dialogue import cli
from dialogue.experiments.system_scores import read_groups, score_system, score_systems
from dialogue.scoring import ScoreError
from dialogue.scoring.turn_scores import read_turns

pytest.importorskip("pyannote.metrics")


def rttm(recording: str, *turns: tuple[float, float, str]) -> str:
    rows = [f"SPEAKER {recording} 1 {start} {seconds} <NA> <NA> {who} <NA> <NA>\n" for start, seconds, who in turns]
    return "".join(rows)


TWO = ((0.0, 10.0, "Anne"), (10.0, 10.0, "Luc"))
NAMES = tuple("abcdef")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """References of six recordings, and systems: ``right``, ``late`` by a second, and ``alone``, one speaker."""
    late = ((1.0, 10.0, "s1"), (11.0, 10.0, "s2"))
    for name, turns in (("references", TWO), ("right", TWO), ("late", late), ("alone", ((0.0, 20.0, "x"),))):
        (tmp_path / name).mkdir()
        for recording in NAMES:
            (tmp_path / name / f"{recording}.rttm").write_text(rttm(recording, *turns))
    return tmp_path


def references(folder: Path) -> dict:
    return {t.recording: t for t in read_turns(folder / "references")}


def test_each_way_to_score_is_in_the_table_with_an_interval(folder: Path, capsys) -> None:
    systems = [str(folder / name) for name in ("alone", "late", "right")]
    assert cli.main(["score", "systems", str(folder / "references"), *systems, "--out", str(folder / "out")]) == 0
    rows = [line for line in capsys.readouterr().out.splitlines() if line.startswith(("| right", "| late", "| alone"))]
    assert [row.split(" | ")[0] for row in rows] == ["| right", "| late", "| alone"]  # the best first
    # a second late: 1 s missed, 1 s of the other speaker, 1 s of false alarm, of 20; 1.5 s of the collar are not scored
    assert "15.0 (15.0 to 15.0)" in rows[1]
    totals = json.loads((folder / "out/systems.json").read_text())["totals"]["all"]["late"]
    assert totals["der_collar"]["errors"] == pytest.approx(6 * 2.25)
    assert (folder / "out/systems.svg").read_text().startswith("<?xml")


def test_missing_empty_and_unknown_recordings_are_named(folder: Path) -> None:
    late = folder / "late"
    (late / "a.rttm").unlink()
    (late / "b.rttm").write_text("")
    (late / "a_16k.rttm").write_text(rttm("waveform", *TWO))
    found = score_system(references(folder), late)
    assert (found.missing, found.empty, found.extra) == (("a",), ("b",), ("a_16k",))
    assert [found.recordings[id]["der"].value for id in "ab"] == [1.0, 1.0]
    assert found.problems() == [
        "late: 1 missing, so all missed: a.",
        "late: 1 with no turn: b.",
        "late: 1 without a reference, not scored: a_16k.",
    ]


def test_a_missing_recording_fails_the_command(folder: Path, capsys) -> None:
    (folder / "late/a.rttm").unlink()
    call = ["score", "systems", str(folder / "references"), str(folder / "late"), "--out", str(folder / "out")]
    assert cli.main(call) == 1
    assert "late: 1 missing, so all missed: a." in capsys.readouterr().err


def test_files_whose_recordings_all_have_one_name_are_those_of_their_names(folder: Path) -> None:
    for path in (folder / "late").iterdir():
        path.write_text(rttm("waveform", *TWO))
    assert score_system(references(folder), folder / "late").over(NAMES)["der"]["value"] == 0.0


def test_a_folder_of_other_recordings_is_refused(folder: Path) -> None:
    others = folder / "others"
    others.mkdir()
    (others / "z.rttm").write_text(rttm("z", *TWO))
    with pytest.raises(
        ScoreError, match=r"no recording of the references\. Found: z\. Accepted: a, b, c, d, e and 1 more"
    ):
        score_system(references(folder), others)


def test_groups_have_tables_of_their_own(folder: Path) -> None:
    groups = folder / "metadata.csv"
    groups.write_text("input_file,group\n" + "".join(f"{id}.wav,{'one' if id < 'c' else 'two'}\n" for id in NAMES))
    score_systems(read_turns(folder / "references"), [folder / "late"], folder / "out", groups=groups)
    text = (folder / "out/systems.md").read_text()
    assert "## one\n\n2 recordings" in text
    assert "## two\n\n4 recordings" in text


@pytest.mark.parametrize("content", ["", "file,group\na.wav,one\n", "input_file,group\nz.wav,one\n"])
def test_groups_that_cannot_be_used_are_refused(folder: Path, content: str) -> None:
    (folder / "metadata.csv").write_text(content)
    with pytest.raises(ScoreError, match=r"metadata\.csv"):
        read_groups(folder / "metadata.csv", NAMES)


def test_two_systems_of_one_name_are_refused(folder: Path) -> None:
    with pytest.raises(ScoreError, match="two systems are called late"):
        score_systems(read_turns(folder / "references"), [folder / "late"] * 2, folder / "out")
