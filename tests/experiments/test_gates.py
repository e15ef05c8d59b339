"""Gates that the first run on a corpus makes: they say that they compared nothing, and later scores are compared."""

import logging
from pathlib import Path

import pytest

from dialogue.core.transcript import Transcript, Utterance
from dialogue.experiments import gates
from dialogue.scoring import ScoreError, Scores, score

pytest.importorskip("meeteval")


def scores_of(*texts: str, missing: bool = False) -> Scores:
    """Scores of recordings of ten words each; the texts are what was heard."""
    ten = "un deux trois quatre cinq six sept huit neuf dix"

    def said(number: int, text: str) -> Transcript:
        return Transcript(f"r{number}", 10.0, utterances=(Utterance("u1", "spk1", 0.0, 10.0, text),))

    heard = [said(number, text) for number, text in enumerate(texts)]
    return score([said(number, ten) for number in range(len(texts))], heard[1:] if missing else heard)


ONE_WRONG, TWO_WRONG = "un deux trois quatre cinq six sept huit neuf onze", "un deux trois quatre cinq six sept huit"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "conf/gates-test.yaml"


def test_the_first_run_makes_gates_and_says_that_nothing_was_compared(file: Path, caplog) -> None:
    with caplog.at_level(logging.WARNING, "dialogue"):
        assert gates.check(file, scores_of(ONE_WRONG)) == []
    assert "there were none, so nothing is compared. They were made now" in caplog.text
    assert "cpwer: 0.11\n" in file.read_text()  # 10 % above, and 0.01 at least
    assert "der: 0.01\n" in file.read_text()


def test_later_runs_are_compared_with_them(file: Path, caplog) -> None:
    gates.check(file, scores_of(ONE_WRONG))
    caplog.clear()
    assert gates.check(file, scores_of(ONE_WRONG)) == []
    assert caplog.text == ""
    assert "cpWER is 0.200, worse than its gate 0.11." in gates.check(file, scores_of(TWO_WRONG))


def test_gates_of_other_recordings_are_a_failure_not_a_comparison(file: Path) -> None:
    gates.check(file, scores_of(TWO_WRONG))
    [said] = gates.check(file, scores_of(ONE_WRONG, ONE_WRONG))
    assert "are of 1 recordings" in said
    assert "nothing is compared" in said


def test_a_run_without_all_transcripts_makes_no_gates(file: Path, caplog) -> None:
    assert gates.check(file, scores_of(ONE_WRONG, ONE_WRONG, missing=True)) == []
    assert not file.exists()
    assert "1 recordings have no transcript" in caplog.text


@pytest.mark.parametrize("content", ["", "gates: 3", "gates: {cpwer: high}\non: x", "gates: {cpwer: 1}", "{"])
def test_a_file_without_gates_is_refused(file: Path, content: str) -> None:
    file.parent.mkdir()
    file.write_text(content)
    with pytest.raises(ScoreError, match="no gates"):
        gates.check(file, scores_of(ONE_WRONG))
