"""A folder with planted defects: validation finds each of them, and nothing else."""

import json
import shutil
from pathlib import Path

import numpy as np
import pytest

from dialogue import corpus
from dialogue.core.audio import Recording, probe, save_wav
from dialogue.formats import lhotse

SPEECH = "alors on reprend la liste des points et on commence par le premier qui est le plus long je crois bien oui"


def supervision(recording: str, number: int, **changes: object) -> dict:
    start = float(number)
    return {
        "id": f"{recording}-u{number}",
        "recording_id": recording,
        "start": start,
        "duration": 0.8,
        "text": f"{SPEECH} {recording} {number}",
        "speaker": f"{recording}_Zoé",
        **changes,
    }


def write(folder: Path, recordings: list[Recording], rows: list[dict]) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    lhotse.write_recordings(recordings, folder / "recordings.jsonl")
    (folder / "supervisions.jsonl").write_text("".join(json.dumps(r) + "\n" for r in rows), encoding="utf-8")


@pytest.fixture
def sound(tmp_path: Path) -> dict[str, Recording]:
    """Write recordings of five seconds, each with its own noise."""
    found = {}
    for number, name in enumerate(("a", "b", "c", "d")):
        path = tmp_path / f"{name}.wav"
        save_wav(path, np.random.default_rng(number).uniform(-0.1, 0.1, 80_000).astype(np.float32))
        found[name] = probe(path, name)
    return found


def test_nothing_is_found_where_nothing_is_wrong(tmp_path: Path, sound: dict[str, Recording]) -> None:
    write(tmp_path / "data", list(sound.values()), [supervision(r, n) for r in sound for n in range(4)])
    assert corpus.validate(tmp_path / "data") == []


def test_ten_planted_defects_are_all_found(tmp_path: Path, sound: dict[str, Recording]) -> None:
    out, [a, b, c, d] = tmp_path / "data", list(sound.values())
    shutil.copy(a.path, b.path)  # 1 the same audio
    c.path.unlink()  # 2 a missing file
    rows = [supervision(r, n) for r in ("a", "b", "c") for n in range(4)]
    rows += [
        supervision("a", 10, start=-0.5),  # 3 a negative time
        supervision("a", 11, start=1.0, duration=0.0),  # 4 an empty span
        supervision("a", 12, start=4.5, duration=2.0),  # 5 past the end of the sound
        supervision("a", 13, start=2.0, text=" … "),  # 6 no text
        supervision("a", 14, start=2.9, text="rÃ©union"),  # 7 a wrong encoding
        supervision("a", 1),  # 8 an id twice
        supervision("z", 0),  # 9 of a missing recording
    ]
    rows += [supervision("b", n + 20, start=n, duration=0.9, speaker=f"other{n}") for n in range(4)]  # 10 overlap
    # and d has no supervision (11), Zoé of a is in two splits (12), and so is a recording (13)
    write(out, [a, b, c, d], rows)
    write(out / "train", [a], [])
    write(out / "test", [b, a], [])
    problems = corpus.validate(out)
    expected = [
        "b: the same audio as a. Remove one.",
        "c: no file",
        "a: a-u10 starts at -0.500 s",
        "a: a-u11 lasts 0.000 s at 1.000 s",
        "a: a-u12 ends at 6.500 s, the recording at 5.000 s",
        "a: a-u13 at 2.000 s has no text",
        "a: a-u14 has letters in a wrong encoding",
        "supervisions.jsonl, line 18: id a-u1 is that of line 2",
        "z: has supervisions but is not in recordings.jsonl",
        "b: 89% of the speech is overlapped",
        "d: has no supervision",
        "recording a is in splits test, train",
        "speaker a_Zoé is in splits test, train",
    ]
    for found in expected:
        assert any(p.startswith(found) for p in problems), (found, problems)
    assert len(problems) == len(expected)


def test_each_problem_says_what_to_do(tmp_path: Path, sound: dict[str, Recording]) -> None:
    write(tmp_path / "data", [sound["a"]], [supervision("a", 0, start=-1.0), supervision("a", 1, text="")])
    for problem in corpus.validate(tmp_path / "data"):
        assert problem.count(". ") >= 1 or problem.count(": ") >= 2


def test_many_problems_of_a_kind_are_counted(tmp_path: Path, sound: dict[str, Recording]) -> None:
    write(tmp_path / "data", [sound["a"]], [supervision("a", n, start=0.5, text="") for n in range(30)])
    problems = [p for p in corpus.validate(tmp_path / "data") if "text" in p]
    assert len(problems) == 6
    assert problems[-1] == "a: 25 more of this kind (no text)."


def test_the_same_words_in_two_recordings_are_found(tmp_path: Path, sound: dict[str, Recording]) -> None:
    rows = [supervision(r, 0, text=SPEECH) for r in ("a", "b")]
    write(tmp_path / "data", [sound["a"], sound["b"]], rows)
    assert corpus.validate(tmp_path / "data") == ["b: the same words as a. Remove one."]


def test_interviewers_may_be_in_all_splits(tmp_path: Path, sound: dict[str, Recording]) -> None:
    out = tmp_path / "data"
    write(out, [sound["a"], sound["b"]], [supervision(r, 0, speaker="ch_AB4") for r in ("a", "b")])
    write(out / "train", [sound["a"]], [])
    write(out / "test", [sound["b"]], [])
    assert len(corpus.validate(out)) == 1
    (out / "card.json").write_text('{"read": {"interviewers": "^ch_"}}')
    assert corpus.validate(out) == []


def test_a_folder_that_was_never_prepared_says_so(tmp_path: Path) -> None:
    [problem] = corpus.validate(tmp_path)
    assert "Run `dialogue prepare`" in problem
