"""Word errors before and after, utterance by utterance."""

from dataclasses import replace
from pathlib import Path

import pytest

from dialogue import formats
from dialogue.core.transcript import Transcript, Utterance
from dialogue.learning.acoustic import AcousticError, word_errors
from tests.learning.acoustic.conftest import SAID, prepared


def heard(folder: Path, texts: tuple[str, ...]) -> Path:
    said = tuple(Utterance(f"u{n}", None, 0.5 + 1.5 * n, 1.5 + 1.5 * n, text) for n, text in enumerate(texts))
    for name in ("a", "b"):
        formats.write([Transcript(name, 7.0, "fr", (), said)], folder / f"{name}.json")
    return folder


@pytest.fixture
def data(tmp_path: Path) -> Path:
    return prepared(tmp_path / "data", {"test": ["a", "b"]}, {}) / "test"


def test_the_difference_is_that_of_the_rates(data: Path, tmp_path: Path) -> None:
    before = heard(tmp_path / "before", ("bonjour à vous", "on commande", "oui merci", "à deux mains"))
    after = heard(tmp_path / "after", SAID)
    found = word_errors.as_dict(word_errors.compare(data, before, after))
    assert found["words"] == 2 * len(" ".join(SAID).split())
    assert found["before"]["value"] == pytest.approx(8 / 18)
    assert found["after"]["value"] == 0
    assert found["difference"]["value"] == pytest.approx(-8 / 18)
    assert found["difference"]["interval"][1] < 0
    assert found["speech"] == ["synthetic"]


def test_the_table_names_the_recordings_and_the_kind_of_speech(data: Path, tmp_path: Path) -> None:
    same = heard(tmp_path / "same", SAID)
    row = word_errors.compare(data, same, same)
    [line] = [line for line in word_errors.table([row]).splitlines() if "synthetic" in line]
    assert line.startswith(f"| {data} | synthetic | 2 | 8 | 18 | 0.0 (0.0 to 0.0)")


def test_words_outside_the_scored_zones_do_not_count(data: Path, tmp_path: Path) -> None:
    (data / "reference.uem").write_text("a 1 0.0 1.7\nb 1 0.0 1.7\n")
    row = word_errors.compare(data, heard(tmp_path / "x", SAID), heard(tmp_path / "y", ("bonjour à tous", "", "", "")))
    assert word_errors.as_dict(row)["words"] == 6
    assert word_errors.as_dict(row)["after"]["value"] == 0


def test_a_recording_that_was_not_transcribed_is_refused(data: Path, tmp_path: Path) -> None:
    folder = heard(tmp_path / "x", SAID)
    (folder / "b.json").unlink()
    with pytest.raises(AcousticError, match=r"b\.json: no such file\. Accepted: the output of `dialogue transcribe`"):
        word_errors.compare(data, folder, folder)


def test_more_errors_after_are_said_to_be_worse(data: Path, tmp_path: Path) -> None:
    good, bad = heard(tmp_path / "x", SAID), heard(tmp_path / "y", ("rien", "rien", "rien", "rien"))
    row = word_errors.compare(data, good, bad)
    assert word_errors.as_dict(row)["difference"]["verdict"] == "worse"
    assert word_errors.as_dict(replace(row, before=row.after))["difference"]["value"] == 0
