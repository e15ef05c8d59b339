"""Minutes of a prepared corpus compared with what people wrote about it."""

import json
import shutil
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from dialogue import formats
from dialogue.core.transcript import Transcript
from dialogue.experiments.minutes_results import MinutesScores, score_minutes
from dialogue.minutes.document import (
    Action,
    Decision,
    Evidence,
    Meeting,
    Minutes,
    MinutesError,
    Point,
    Provenance,
)
from dialogue.minutes.write import digest
from dialogue.scoring import ScoreError
from tests.learning.tasks.written import dialogue, prepared

NAMES = [f"m{n}" for n in range(6)]
WANTED = {
    "decisions": ["Reprendre le budget"],
    "actions": [{"what": "Voter la salle", "owner": "Zoé", "due": None}],
}


def minutes(transcript: Transcript) -> Minutes:
    """What a careful writer would note for any transcript, and the reference contains."""
    first = transcript.utterances[0]
    proof = (Evidence((first.id,), first.start, first.end, first.text),)
    return Minutes(
        Meeting(transcript.recording),
        Provenance(digest(transcript), "extractive", "fr"),
        summary=Point(first.text, proof),
        decisions=(Decision("d1", "On reprend le budget", "decided", proof),),
        actions=(Action("a1", "Voter la salle", "Zoé", evidence=proof),),
    )


@pytest.fixture
def exp(tmp_path: Path) -> Path:
    """Six dialogues with summaries and minutes by people; minutes of the reference transcripts in ``exp/minutes``."""
    texts = {f"test/{name}": dialogue(n) for n, name in enumerate(NAMES)}
    data = prepared(
        tmp_path,
        texts,
        summaries=dict.fromkeys(NAMES, "le budget est voté demain"),
        minutes=dict.fromkeys(NAMES, WANTED),
    )
    for name in NAMES:
        [transcript] = formats.read(data / "reference" / f"{name}.json", "json")
        minutes(transcript).save(tmp_path / "minutes" / f"{name}.json")
    return tmp_path


def score(exp: Path, transcripts: str = "data/reference", folder: str = "minutes", **options: Any) -> MinutesScores:
    return score_minutes(exp / "data", exp / folder, exp / transcripts, exp / "scores.json", **options)


def recognised(exp: Path, name: str = "m0", word: str = "Antelma") -> None:
    """Transcripts and minutes as if a recogniser had misheard one meeting."""
    for each in NAMES:
        [heard] = formats.read(exp / "data/reference" / f"{each}.json", "json")
        found = minutes(heard)
        if each == name:
            wrong = tuple(replace(u, text=f"{u.text} {word}", words=()) for u in heard.utterances)
            heard = replace(heard, utterances=wrong)
            found = replace(minutes(heard), actions=())
        formats.write([heard], exp / "heard" / f"{each}.json")
        found.save(exp / "minutes_heard" / f"{each}.json")


def test_what_is_written_is_what_is_returned(exp: Path) -> None:
    scores = score(exp)
    assert json.loads((exp / "scores.json").read_text(encoding="utf-8")) == json.loads(json.dumps(scores.to_dict()))


def test_totals_add_up_and_have_an_interval_over_documents(exp: Path) -> None:
    total = score(exp).to_dict()["totals"]["decisions_f1"]
    assert (total["value"], total["length"], total["documents"], total["interval"]) == (
        1.0,
        12,
        6,
        [1.0, 1.0],
    )


def test_missing_minutes_found_nothing_and_are_named(exp: Path) -> None:
    (exp / "minutes/m3.json").unlink()
    scores = score(exp)
    rates = scores.documents["m3"].rates
    assert (scores.missing, rates["actions_recall"].value, rates["read"].value) == (["m3"], 1.0, 1.0)
    assert "No minutes, so nothing found: m3" in scores.table()


def test_minutes_of_another_transcript_are_stale(exp: Path) -> None:
    shutil.copy(exp / "minutes/m1.json", exp / "minutes/m2.json")
    scores = score(exp)
    assert (scores.stale, scores.documents["m2"].rates["evidence"].value) == (["m2"], 1.0)
    assert "Stale" in scores.table()


def test_minutes_without_their_transcript_are_refused(exp: Path) -> None:
    with pytest.raises(ScoreError, match="no transcript of m0"):
        score(exp, transcripts="nowhere")


def test_a_reference_that_is_no_minutes_is_refused_by_its_file(exp: Path) -> None:
    (exp / "data/minutes/m4.json").write_text('{"decisions": 3}')
    with pytest.raises(MinutesError, match=r"m4\.json: decisions: found int"):
        score(exp)


def test_a_split_of_a_corpus_finds_what_people_wrote(tmp_path: Path) -> None:
    data = prepared(
        tmp_path,
        {"train/a": dialogue(1), "test/b": dialogue(2, names=("Léa", "Max"))},
        minutes={"a": WANTED, "b": WANTED},
    )
    scores = score_minutes(data / "test", tmp_path / "none", data / "reference", tmp_path / "scores.json")
    assert (scores.missing, scores.documents["b"].rates["decisions_recall"].value) == (["b"], 1.0)


def test_a_corpus_without_references_is_scored_on_its_evidence(exp: Path) -> None:
    shutil.rmtree(exp / "data/minutes")
    (exp / "data/summaries.jsonl").unlink()
    found = score(exp).to_dict()
    assert ("decisions_f1" in found["totals"], found["totals"]["evidence"]["value"]) == (False, 1.0)
    assert "ROUGE-1" not in score(exp).table().split("Per cent")[0]


def test_another_system_is_a_row_and_what_it_lacks_is_reported(exp: Path) -> None:
    (exp / "barthez").mkdir()
    for name in NAMES[1:]:
        (exp / f"barthez/{name}.txt").write_text("le budget est voté demain", encoding="utf-8")
    scores = score(exp, systems={"barthez": exp / "barthez"})
    row = scores.to_dict()["summaries"]["barthez"]
    assert (row["rouge1"]["value"], row["rouge1"]["documents"]) == (pytest.approx(1.0), 5)
    assert "No text by barthez, whose row is without: m0" in scores.table()


def test_recognition_costs_what_the_minutes_of_the_reference_have_more(exp: Path) -> None:
    recognised(exp)
    scores = score(exp, "heard", "minutes_heard", against=exp / "minutes")
    found = scores.to_dict()["differences"]
    assert found["actions_recall"]["value"] == pytest.approx(-1 / 6)
    low, high = found["actions_recall"]["interval"]
    assert low < -1 / 6 < high == 0
    assert found["decisions_f1"]["value"] == 0
    assert (scores.missing, scores.stale) == ([], [])


def test_a_name_that_was_misheard_is_counted_as_not_said(exp: Path) -> None:
    recognised(exp)
    rates = score(exp, "heard", "minutes_heard").documents["m0"].rates
    assert rates["names"].errors == 0
    assert rates["names_said"].errors > 0


def test_without_reference_transcripts_there_is_nothing_to_compare_with(exp: Path) -> None:
    recognised(exp)
    shutil.rmtree(exp / "data/reference")
    with pytest.raises(ScoreError, match="no reference transcripts"):
        score(exp, "heard", "minutes_heard", against=exp / "minutes")


def test_statements_are_shown_next_to_those_of_people(exp: Path) -> None:
    assert "| decisions | matched | 0.50 | Reprendre le budget | On reprend le budget |" in score(exp).table()


def test_a_bar_in_a_statement_does_not_break_the_table(exp: Path) -> None:
    path = exp / "minutes/m0.json"
    written = Minutes.load(path)
    replace(written, decisions=(replace(written.decisions[0], text="A | B\nC"),)).save(path)
    assert "A / B C" in score(exp).table()


def marked(exp: Path, names: list[str] = NAMES) -> None:
    """References that say where each item was said; what was not decided is at the end."""
    decided = {"text": "Voter", "kind": "vote", "evidence": [0]}
    refused = {"text": "Partir", "kind": "refused", "evidence": [1]}
    for name in names:
        reference = {"decisions": [decided], "actions": [], "open_questions": [], "not_decided": [refused]}
        (exp / f"data/minutes/{name}.json").write_text(json.dumps(reference))


def test_phenomena_and_confidences_are_summed_over_documents(exp: Path) -> None:
    marked(exp)
    found = score(exp).to_dict()
    vote, refused = found["phenomena"]["decisions"]["vote"], found["not_decided"]["refused"]
    assert (vote["value"], vote["length"], refused["errors"]) == (1.0, 6, 0)
    assert (found["calibration"]["actions"]["count"], found["calibration"]["actions"]["correct"]) == (6, 0)


def test_tables_by_place_are_shown(exp: Path) -> None:
    marked(exp)
    table = score(exp).table()
    assert "| decisions | vote | 100.0 (100.0 to 100.0) | 6 of 6 |" in table
    assert "| refused | 0.0 | 0 of 6 |" in table
    assert "| decisions by place, F1 |" in table


def test_the_cost_of_recognition_is_measured_by_place_too(exp: Path) -> None:
    marked(exp)
    recognised(exp)
    found = score(exp, "heard", "minutes_heard", against=exp / "minutes").to_dict()["differences"]
    assert found["decisions_place_recall"]["value"] == 0


def test_a_corpus_in_which_no_place_is_given_is_not_scored_by_place(exp: Path) -> None:
    (exp / "data/minutes/m0.json").write_text('{"decisions": [], "actions": []}')
    assert not [name for name in score(exp).to_dict()["totals"] if "place" in name]
