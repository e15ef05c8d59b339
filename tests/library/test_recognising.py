"""`dialogue people` on sound: enrolled in one meeting, suggested in the next, accepted, forgotten."""

from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest

np = pytest.importorskip("numpy")

from dialogue import formats  # noqa: E402
from dialogue.cli import main  # noqa: E402
from dialogue.core import audio  # noqa: E402
from dialogue.core.audio import RATE  # noqa: E402
from dialogue.core.transcript import Transcript  # noqa: E402
from dialogue.library import voice_samples  # noqa: E402

SAMPLE = Path(__file__).parents[2] / "corpora/reunion/data/reunion_corpus/reunion_corpus.flac"
CONSENT = ["--consent", "la personne", "--purpose", "comptes rendus", "--until", "2099-12-31"]
HALF, LENGTH = 70.0, 60.0  # seconds

pytestmark = pytest.mark.model


def part(said: Transcript, start: float, end: float, named: bool) -> Transcript:
    """Return the utterances between two times, with names or without."""
    kept = [u for u in said if start <= u.start and u.end <= end]
    moved = [replace(u, id=f"u{n}", start=u.start - start, end=u.end - start, words=()) for n, u in enumerate(kept, 1)]
    people = tuple(s if named else replace(s, name=None) for s in said.speakers)
    return replace(said, recording="part", duration=end - start, speakers=people, utterances=tuple(moved))


@pytest.fixture(scope="module")
def out(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a library with two meetings of the same people, with names in the first one only."""
    folder = tmp_path_factory.mktemp("people")
    sound = np.asarray(audio.load(SAMPLE))
    [said] = formats.read(SAMPLE.with_suffix(".stm"))
    for name, start, end in (("mardi", 0.0, LENGTH), ("jeudi", HALF, HALF + LENGTH)):
        audio.save_wav(folder / f"{name}.wav", sound[int(start * RATE) : int(end * RATE)])
        formats.write([part(said, start, end, named=name == "mardi")], folder / f"{name}.json")
        given = ["--transcript", str(folder / f"{name}.json"), "--out", str(folder / "out")]
        assert main(["meeting", str(folder / f"{name}.wav"), *given]) == 0
    return folder / "out"


def people(out: Path, *words: str) -> int:
    return main(["people", words[0], "--library", str(out), *words[1:]])


def names(out: Path) -> set[str | None]:
    return {s.name for s in Transcript.load(out / "jeudi/jeudi.json").speakers}


def test_people_of_one_meeting_are_recognised_in_the_next_and_forgotten(
    out: Path, capsys, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(voice_samples, "of_meeting", cache(voice_samples.of_meeting))  # each is heard once
    for name in ("Camille", "Nadia"):
        assert people(out, "enrol", name, "--meeting", "mardi", "--speaker", name, *CONSENT) == 0
    capsys.readouterr()
    assert people(out, "recognise", "jeudi") == 0
    suggested = capsys.readouterr().out
    [said] = formats.read(SAMPLE.with_suffix(".stm"))
    ids = {s.name: s.id for s in said.speakers}
    assert f"{ids['Camille']}: perhaps Camille" in suggested
    assert f"{ids['Nadia']}: perhaps Nadia" in suggested
    assert f"{ids['Thomas']}: not known" in suggested
    assert f"{ids['Julien']}: not known" in suggested
    assert names(out) == {None}
    assert people(out, "recognise", "jeudi", "--trust") == 0
    assert names(out) == {"Camille", "Nadia", None}
    assert people(out, "forget", "Camille") == 0
    assert "jeudi: the name that was given to a speaker stays" in capsys.readouterr().out
    assert people(out, "list") == 0
    assert "Camille" not in capsys.readouterr().out
    assert people(out, "forget", "Nadia", "--names") == 0
    assert names(out) == {"Camille", None}


def test_a_file_with_one_voice_is_enrolled_and_one_with_two_is_not(tmp_path: Path, capsys) -> None:
    sound = np.asarray(audio.load(SAMPLE))
    [said] = formats.read(SAMPLE.with_suffix(".stm"))
    alone: dict[str, list] = {}
    for u in said:
        if not any(o is not u and o.start < u.end and o.end > u.start for o in said):
            alone.setdefault(said.name(u.speaker), []).append(sound[int(u.start * RATE) : int(u.end * RATE)])
    camille, thomas = (np.concatenate(alone[name])[: 20 * RATE] for name in ("Camille", "Thomas"))
    audio.save_wav(tmp_path / "one.wav", camille)
    audio.save_wav(tmp_path / "two.wav", np.concatenate([camille, thomas]))
    audio.save_wav(tmp_path / "none.wav", np.zeros(10 * RATE, np.float32))
    assert people(tmp_path, "enrol", "Camille", "--sound", str(tmp_path / "one.wav"), *CONSENT) == 0
    assert people(tmp_path, "enrol", "X", "--sound", str(tmp_path / "two.wav"), *CONSENT) == 2
    assert people(tmp_path, "enrol", "X", "--sound", str(tmp_path / "none.wav"), *CONSENT) == 2
    error = capsys.readouterr().err
    assert "two.wav: two voices or more" in error
    assert "none.wav: 0.0 s of clean speech (nothing is said)" in error


def test_without_consent_nothing_is_listened_to(tmp_path: Path, capsys) -> None:
    assert people(tmp_path, "enrol", "X", "--sound", "no such file", "--consent", "X") == 2
    assert "no voice is kept without consent: --purpose, --until missing" in capsys.readouterr().err
