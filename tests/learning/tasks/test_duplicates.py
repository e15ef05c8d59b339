"""Repeated texts: refused between splits, removed within the training data."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from dialogue.learning import tasks
from dialogue.learning.tasks import Example, TaskError
from tests.learning.tasks.written import dialogue, prepared

LONG = "et donc on a repris tous les points un par un avec les personnes qui étaient là ce matin"
TWICE = {"a": "Un résumé.", "b": "Un autre résumé."}


def example(recording: str, speaker: str, text: str) -> Example:
    message = {"role": "assistant", "content": text}
    return Example(f"{recording}-1", "continuation", (message,), recording, (speaker,), ("u1",), ("h",))


@pytest.mark.parametrize(
    ("other", "found"),
    [
        (example("r1", "Ali", "autre chose"), "recording r1 is in train and in test"),
        (example("r2", "Zoé", "autre chose"), "speaker Zoé is in train and in test"),
        (example("r2", "Ali", LONG), "r2-1 of test is 100% the same text"),
    ],
)
def test_leaks_are_refused(other: Example, found: str) -> None:
    with pytest.raises(TaskError, match=found):
        tasks.refuse_leaks({"train": [example("r1", "Zoé", LONG)], "test": [other]})


def test_interviewers_may_be_in_both() -> None:
    splits = {"train": [example("r1", "P1", LONG)], "test": [example("r2", "P1", "autre chose")]}
    tasks.refuse_leaks(splits, everywhere=r"^P\d$")


@pytest.mark.parametrize("kind", ["continuation", "reply", "summary", "minutes"])
def test_a_dialogue_in_two_splits_under_other_names_is_refused(tmp_path: Path, kind: str) -> None:
    said = {"train/a": dialogue(1), "test/b": dialogue(1, names=("Max", "Eva"))}
    minutes = {name: {"decisions": [text]} for name, text in TWICE.items()}
    data = prepared(tmp_path, said, summaries=TWICE, minutes=minutes)
    with pytest.raises(TaskError, match=r"^b\S* of test is 100% the same text"):
        tasks.build(data, kind, tmp_path / "out")


def test_short_replies_may_repeat(tmp_path: Path) -> None:
    chat = "{0} : {2}\n" + "{1} : oui\n{0} : d'accord\n" * 20
    said = {
        "train/a": chat.format("Zoé", "Ali", "on commence par le budget de la salle"),
        "test/b": chat.format("Max", "Eva", "il faut rappeler le médecin de garde ce soir"),
    }
    assert tasks.build(prepared(tmp_path, said), "reply", tmp_path / "out").examples == {
        "test": 40,
        "train": 40,
    }


def test_a_summary_copied_from_the_training_data_is_refused(tmp_path: Path) -> None:
    said = {"train/a": dialogue(1), "test/b": dialogue(2)}
    data = prepared(tmp_path, said, summaries={"a": LONG, "b": LONG})
    with pytest.raises(TaskError, match="b-summary-1 of test is 100% the same text"):
        tasks.build(data, "summary", tmp_path / "out")


def test_copies_in_other_splits_may_be_left_out(tmp_path: Path) -> None:
    said = {"train/a": dialogue(1), "test/b": dialogue(2), "test/c": dialogue(1), "test/d": dialogue(3)}
    summaries = {"a": LONG, "b": LONG, "c": "Un résumé.", "d": "Un autre."}
    data = prepared(tmp_path, said, summaries=summaries)
    built = tasks.build(data, "summary", tmp_path / "out", leave_out_copies=True)
    assert built.copies == ("b", "c")  # a copied summary, a copied dialogue
    assert {e.recording for e in tasks.read(tmp_path / "out/test.jsonl")} == {"d"}
    assert "2 recordings left out of the other splits" in str(built)


@pytest.mark.parametrize("kind", ["continuation", "reply", "summary"])
def test_a_dialogue_twice_in_the_training_data_is_kept_once(tmp_path: Path, kind: str) -> None:
    nearly = dialogue(1).replace("Zoé", "Max") + "Ali : et voilà\n"
    said = {"train/a": dialogue(1), "train/b": nearly, "train/c": dialogue(2), "test/d": dialogue(3)}
    summaries = {**TWICE, "c": "Un troisième.", "d": "Un quatrième."}
    built = tasks.build(prepared(tmp_path, said, summaries=summaries), kind, tmp_path / "out")
    assert built.repeats == ("b",)
    assert {e.recording for e in tasks.read(tmp_path / "out/train.jsonl")} == {"a", "c"}
    assert "1 recording excluded from train" in str(built)


def test_half_a_dialogue_in_common_is_not_a_repeat() -> None:
    half = [example("a", "Zoé", dialogue(1)), example("b", "Zoé", dialogue(1, turns=3) + dialogue(2))]
    assert tasks.without_repeats(half) == (half, ())


def test_what_is_left_out_does_not_depend_on_the_process(tmp_path: Path) -> None:
    code = (
        "from dialogue.learning.tasks.duplicates import _shingles; "
        "print(sorted(_shingles('un deux trois quatre cinq six sept huit neuf')))"
    )
    seen = {
        subprocess.run(
            [sys.executable, "-c", code],
            env={**os.environ, "PYTHONHASHSEED": seed},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for seed in ("1", "2")
    }
    assert len(seen) == 1
