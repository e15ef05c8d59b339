"""Converting files and folders: names, losses, failures, nothing half written."""

from pathlib import Path

import pytest

from dialogue import formats
from dialogue.cli import main
from dialogue.formats import FormatError
from dialogue.formats.convert import Reading, convert, report

STM = "a 1 Zoé 0.5 1.5 bonjour\na 1 Ali 1.0 2.0 salut\n"


@pytest.fixture
def stm(tmp_path: Path) -> Path:
    path = tmp_path / "a.stm"
    path.write_text(STM, encoding="utf-8")
    return path


def test_formats_are_told_by_the_extensions(stm: Path, tmp_path: Path) -> None:
    [done] = convert(stm, tmp_path / "a.TextGrid")
    assert done.written == (tmp_path / "a.TextGrid",)
    assert [s.name for s in formats.read(tmp_path / "a.TextGrid")[0].speakers] == ["Zoé", "Ali"]


def test_formats_can_be_named(stm: Path, tmp_path: Path) -> None:
    stm.rename(tmp_path / "a.data")
    convert(tmp_path / "a.data", tmp_path / "out", Reading("stm"), "srt")
    assert "Zoé\u00a0:\u00a0bonjour" in (tmp_path / "out/a.srt").read_text(encoding="utf-8")


def test_several_recordings_become_a_file_each_where_a_format_holds_one(tmp_path: Path) -> None:
    (tmp_path / "both.stm").write_text(STM + STM.replace("a 1", "b 1"), encoding="utf-8")
    [done] = convert(tmp_path / "both.stm", tmp_path / "out", format="vtt")
    assert [p.name for p in done.written] == ["a.vtt", "b.vtt"]


def test_a_folder_is_mirrored(tmp_path: Path) -> None:
    for name in ("x/a.stm", "y/z/b.stm", "notes.md"):
        (tmp_path / "in" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "in" / name).write_text(STM, encoding="utf-8")
    convert(tmp_path / "in", tmp_path / "out", format="json")
    assert sorted(str(p.relative_to(tmp_path / "out")) for p in (tmp_path / "out").rglob("*.json")) == [
        "x/a.json",
        "y/z/b.json",
    ]


def test_a_folder_can_be_joined_in_one_file(tmp_path: Path) -> None:
    for name in ("a", "b"):
        (tmp_path / f"in/{name}.srt").parent.mkdir(exist_ok=True)
        (tmp_path / f"in/{name}.srt").write_text("1\n00:00:01,000 --> 00:00:02,000\nbonjour\n")
    convert(tmp_path / "in", tmp_path / "all.stm")
    assert [t.recording for t in formats.read(tmp_path / "all.stm")] == ["a", "b"]


def test_one_bad_file_does_not_take_the_rest_down(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    for number in range(10):  # enough for several processes
        (tmp_path / f"in/r{number}.stm").write_text(STM.replace("a 1", f"r{number} 1"), encoding="utf-8")
    (tmp_path / "in/r3.stm").write_text("r3 1 Zoé 2 1 non\n", encoding="utf-8")
    done = convert(tmp_path / "in", tmp_path / "out", format="json", jobs=2)
    assert [d.source.name for d in done if d.error] == ["r3.stm"]
    assert "line 1: ends at 1.000 s" in done[3].error
    assert len(list((tmp_path / "out").iterdir())) == 9
    assert "9 written, 1 of 10 failed" in report(done, "json")


def test_what_is_lost_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "a.TextGrid").write_text(
        'File type = "ooTextFile"\nObject class = "TextGrid"\n\n0\n2\n<exists>\n1\n"IntervalTier"\n"Zoé"\n0\n2\n1\n0\n'
        '2\n"oui + [rire]"\n'
    )
    assert main(["convert", str(tmp_path / "a.TextGrid"), str(tmp_path / "a.stm")]) == 0
    assert "lost: stm cannot hold events" in capsys.readouterr().err


def test_marks_stay_in_the_text_when_asked(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("Zoé : oui + [rire]\n", encoding="utf-8")
    main(["convert", "--verbatim", str(tmp_path / "a.txt"), str(tmp_path / "a.json")])
    assert formats.read(tmp_path / "a.json")[0].text == "oui + [rire]"


def test_an_encoding_can_be_named(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_bytes("Zoé : ça\n".encode("latin-1"))
    assert main(["convert", str(tmp_path / "a.txt"), str(tmp_path / "a.stm")]) == 1
    assert not (tmp_path / "a.stm").exists()
    assert main(["convert", "--encoding", "latin-1", str(tmp_path / "a.txt"), str(tmp_path / "a.stm")]) == 0


@pytest.mark.parametrize(
    ("source", "out", "to", "found"),
    [
        ("nothing.stm", "a.srt", None, "no such file"),
        ("a.stm", "folder", None, "a folder has no format"),
        ("a.stm", "a.conllu", None, "conllu can be read but not written"),
        ("a.stm", "a.srt", "strt", "unknown format 'strt'. Did you mean srt"),
        ("empty", "out", "json", "no file of a known format"),
    ],
)
def test_a_wrong_call_is_explained(
    stm: Path, tmp_path: Path, source: str, out: str, to: str | None, found: str
) -> None:
    (tmp_path / "folder").mkdir()
    (tmp_path / "empty").mkdir()
    with pytest.raises((FormatError, FileNotFoundError), match=found):
        convert(tmp_path / source, tmp_path / out, format=to)


def test_two_sources_of_one_target_are_refused(stm: Path, tmp_path: Path) -> None:
    (tmp_path / "a.vtt").write_text("WEBVTT\n")
    with pytest.raises(FormatError, match="would all become"):
        convert(tmp_path, tmp_path / "out", format="json")


def test_a_transcript_that_breaks_the_rules_is_not_written(tmp_path: Path) -> None:
    (tmp_path / "a.json").write_text(
        '{"schema": "dialogue/transcript/1", "recording": "a", "duration": 1, "utterances": [{"id": "u1", "speaker": '
        '"x", "start": 0, "end": 9}]}'
    )
    [done] = convert(tmp_path / "a.json", tmp_path / "a.stm")
    assert "ends at 9.00 s, after the end of the recording" in done.error
    assert not (tmp_path / "a.stm").exists()
