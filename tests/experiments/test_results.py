"""Scores of an experiment's folders, and RESULTS.md."""

import json
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from dialogue import corpus, formats
from dialogue.core.transcript import Transcript
from dialogue.experiments import results
from dialogue.formats import rttm
from dialogue.workflow import runner

REUNION = Path(__file__).parents[2] / "corpora/reunion"


@pytest.fixture
def experiment(tmp_path: Path) -> Path:
    """The sample corpus in ``data``, and its references as if a machine had made them in ``exp/small``."""
    corpus.prepare(REUNION / "card.yaml", REUNION / "data", tmp_path / "data")
    for transcript in formats.read(tmp_path / "data/reference.stm"):
        made = [
            {"stage": "diarize", "models": {"speakers": "d" * 64}, "seconds": 10.0},
            {"stage": "transcribe", "models": {"whisper-base": "a" * 64}, "seconds": 30.0},
        ]
        path = tmp_path / "exp/small/transcript" / f"{transcript.recording}.json"
        formats.write([replace(transcript, duration=100.0, provenance=tuple(made))], path)
    for turns in formats.read(tmp_path / "data/reference.rttm"):
        formats.write([turns], tmp_path / "exp/small/transcript/turns" / f"{turns.recording}.rttm")
    run = {
        "finished": "2024-01-02T03:04:05+00:00",
        "git": "abc1234",
        "command": "./run.sh --jobs=2",
        "host": {"processors": 2, "system": "Linux"},
    }
    (tmp_path / "exp/small/transcript/stage.json").write_text(json.dumps(run))
    return tmp_path / "exp/small"


def score(experiment: Path, **options: object):
    return results.score_experiment(
        experiment.parents[1] / "data", experiment / "transcript", experiment / "scores.json", **options
    )


def test_references_as_transcripts_have_no_error(experiment: Path) -> None:
    scores, failures = score(experiment, gates={"cpwer": 0.0, "der": 0.0})
    assert {name for name, rate in scores.totals.items() if rate.errors} == set()
    assert failures == []
    value = json.loads((experiment / "scores.json").read_text())
    assert (value["speech"], value["gates"], value["normalizer"]) == (
        {"synthetic": 3},
        {"cpwer": 0.0, "der": 0.0},
        "fr-std/2",
    )


def test_a_missing_transcript_is_reported_and_fails_the_gate(experiment: Path) -> None:
    (experiment / "transcript/reunion_corpus.json").unlink()
    scores, failures = score(experiment, gates={"cpwer": 0.1})
    assert scores.missing == ("reunion_corpus",)
    assert failures == ["cpWER is 0.362, worse than its gate 0.1."]


def test_the_diarization_that_was_kept_is_what_der_scores(experiment: Path) -> None:
    path = experiment / "transcript/turns/reunion_corpus.rttm"
    path.write_text("")
    scores, _ = score(experiment)
    assert scores.recordings["reunion_corpus"]["der"].value == 1
    path.unlink()
    scores, _ = score(experiment)
    assert scores.recordings["reunion_corpus"]["der"].value == pytest.approx(0, abs=1e-3)


def test_a_row_says_how_the_figures_came_about(experiment: Path, monkeypatch) -> None:
    monkeypatch.setenv(runner.COMMAND, "./run.sh --jobs=2")
    score(experiment)
    text = results.read_row(experiment).markdown()
    for part in (
        "## small",
        "Synthetic voices",
        "| cpWER | 0.000 |  | 0 | ",
        "| 0 substitutions, 0 deletions, 0 insertions |",
        "- command: `./run.sh --jobs=2`",
        "speakers (dddddddddddd), whisper-base (aaaaaaaaaaaa)",
        "- normalisation: fr-std/2",
        "- real-time factor: 0.400 (diarize 0.100, transcribe 0.300)",
        "- machine: 2 processors, Linux",
        "- date, version: 2024-01-02T03:04:05+00:00, abc1234",
    ):
        assert part in text


def test_results_keep_other_experiments_and_replace_their_own(experiment: Path, tmp_path: Path) -> None:
    score(experiment)
    row = replace(results.read_row(experiment), commands=["./run.sh"])
    path = tmp_path / "RESULTS.md"
    results.write_results(path, [row, replace(row, name="other", commands=["./other.sh"])])
    results.write_results(path, [replace(row, commands=["./run.sh --jobs=4"])])
    text = path.read_text()
    assert text.count("\n## small\n") == text.count("\n## other\n") == 1
    assert "`./run.sh`" not in text
    assert "`./other.sh`" in text
    once = text
    results.write_results(path, [replace(row, commands=["./run.sh --jobs=4"])])
    assert path.read_text() == once


def test_report_before_score_says_what_to_run(experiment: Path) -> None:
    with pytest.raises(FileNotFoundError, match="Run `dialogue score` first"):
        results.read_row(experiment)


def test_a_row_names_every_command_that_made_it_and_not_the_one_that_reports_it(
    experiment: Path, tmp_path: Path, monkeypatch
) -> None:
    monkeypatch.setattr(sys, "argv", ["dialogue", "score", "transcripts", "data"])
    score(experiment)
    monkeypatch.setattr(sys, "argv", ["dialogue", "report", str(experiment)])
    written = results.write_report(experiment, tmp_path / "data", tmp_path / "RESULTS.md")
    assert written.splitlines()[-1] == str(experiment / "RESULTS.md")
    text = (experiment / "RESULTS.md").read_text()
    assert "- command: `./run.sh --jobs=2`, then `dialogue score transcripts data`\n" in text


def test_a_row_holds_the_scores_of_minutes(experiment: Path) -> None:
    score(experiment)
    assert "Minutes" not in results.read_row(experiment).markdown()
    found = {"value": 0.5, "errors": 1.0, "length": 2.0, "missed": 1, "documents": 1}
    (experiment / results.MINUTES).write_text(json.dumps({"totals": {"decisions_recall": found}}))
    assert "| decisions, recall | 50.0 | 1 of 2 | 1 missed |" in results.read_row(experiment).markdown()


def test_only_publishing_changes_the_published_results(experiment: Path, tmp_path: Path) -> None:
    score(experiment)
    published = tmp_path / "RESULTS.md"
    results.write_report(experiment, tmp_path / "data", published)
    assert not published.exists()
    results.write_report(experiment, tmp_path / "data", published, publish=True)
    assert published.read_text() == (experiment / "RESULTS.md").read_text()
    results.write_report(experiment, tmp_path / "data", published)
    assert "the same scores" in (experiment / "RESULTS.md").read_text()


def test_turns_of_a_recording_without_speech_are_none(tmp_path: Path) -> None:
    (tmp_path / "turns").mkdir()
    (tmp_path / "turns/r.rttm").write_text(rttm.dumps([]))
    assert results._turns(tmp_path, Transcript("r", 5.0)).utterances == ()
