"""The story of ``docs/library.md``, from a recording to a person who is forgotten, on real sound with real models."""

from pathlib import Path

import pytest

np = pytest.importorskip("numpy")

from dialogue import formats  # noqa: E402
from dialogue.cli import main  # noqa: E402
from dialogue.core import audio  # noqa: E402
from dialogue.core.audio import RATE  # noqa: E402
from dialogue.library.meetings import Library  # noqa: E402
from dialogue.minutes import Minutes  # noqa: E402

SAMPLE = Path(__file__).parents[2] / "corpora/reunion/data/reunion_corpus/reunion_corpus.flac"
CONSENT = ["--consent", "la personne", "--purpose", "comptes rendus", "--until", "2099-12-31"]
HALF = 70.0  # seconds

pytestmark = pytest.mark.model


def test_the_story_of_a_meeting(tmp_path: Path, monkeypatch, capsys) -> None:
    def run(*words: str, code: int = 0) -> str:
        capsys.readouterr()
        assert main(list(words)) == code, capsys.readouterr().err
        return capsys.readouterr().out

    monkeypatch.setenv("DIALOGUE_LIBRARY", str(tmp_path / "library"))
    library = Library()
    sound = np.asarray(audio.load(SAMPLE))
    for name, start, end in (("mardi", 0.0, HALF), ("jeudi", HALF, len(sound) / RATE)):
        audio.save_wav(tmp_path / f"{name}.wav", sound[int(start * RATE) : int(end * RATE)])

    # a recording comes in
    fast = ["--set", "asr.effort=fast"]
    run("library", "add", str(tmp_path / "mardi.wav"), "--date", "2023-10-12", "--title", "Corpus", *fast)
    run("library", "work")
    folder = library.folder / "mardi"
    first = library.transcript("mardi")
    most = max((s.id for s in first.speakers), key=lambda id: sum(u.duration for u in first if u.speaker == id))

    # one voice becomes two, and they are merged again; a name, words
    long = next(u for u in first if u.speaker == most and len(u.words) > 6)
    run("correct", "split", str(folder), long.id, "--name", "Quelqu'un")
    run("correct", "merge", str(folder), "Quelqu'un", most)
    run("correct", "rename", str(folder), most, "Camille")
    run("correct", "text", str(folder), f"{long.id}:1", "Bonjourno")
    said = library.transcript("mardi")
    assert {said.name(u.speaker) for u in said if u.id == long.id} == {"Camille"}

    # recognition again, with another number of speakers: nothing is lost
    run("library", "rerun", "mardi", "--speakers", "3")
    run("library", "work")
    said = library.transcript("mardi")
    assert len({u.speaker for u in said}) == 3
    assert "Camille" in {s.name for s in said.speakers}
    assert "Bonjourno" in said.text
    assert "0 could not be replayed" in run("correct", "status", str(folder))

    # every file has it: minutes, six formats, the page
    assert "Camille" in {p.name for p in Minutes.load(folder / "minutes.json").participants}
    for name in ("json", "srt", "vtt", "stm", "txt"):
        [read] = formats.read(folder / f"mardi.{name}")
        assert "Bonjourno" in read.text, name
    assert "Camille" in (folder / "mardi.srt").read_text(encoding="utf-8")
    assert (folder / "mardi.rttm").read_text()
    assert "Bonjourno" in (folder / "report.html").read_text(encoding="utf-8")
    assert "mardi" in run("library", "search", "bonjourno speaker:Camille")

    # the next meeting recognises her, and she is forgotten
    run("people", "enrol", "Camille", "--meeting", "mardi", "--speaker", "Camille", *CONSENT)
    run("library", "add", str(tmp_path / "jeudi.wav"), *fast)
    run("library", "work")
    assert "perhaps Camille" in run("people", "recognise", "jeudi")
    assert "Camille" not in {s.name for s in library.transcript("jeudi").speakers}
    run("people", "forget", "Camille")
    assert "Camille" not in run("people", "list")
    assert "perhaps Camille" not in run("people", "recognise", "jeudi")
