"""Minutes that people compared become examples, a section each."""

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from dialogue.cli import main
from dialogue.core import tombstones
from dialogue.core.transcript import Transcript
from dialogue.learning import tasks
from dialogue.learning.tasks import TaskError, held_out, preferred
from dialogue.library.versions import Version, Versions
from dialogue.minutes import Minutes
from dialogue.minutes.document import Action
from tests.library import made

Change = Callable[[Minutes], Minutes]


def without_decisions(minutes: Minutes) -> Minutes:
    return replace(minutes, decisions=())


def judged(
    folder: Path, id: str = "chorale", worse: Change = without_decisions, by: str = "Anne", tie: bool = False
) -> Path:
    """Add to a meeting that somebody found its minutes better than changed ones; returns the file that says so."""
    if not (folder / id).exists():
        made.put(folder, id, made.CHOIR, date="2023-10-12")
    good = Minutes.load(folder / id / "minutes.json")
    Versions(folder, id).prefer(Version("a-model", good, True), Version("another", worse(good), False), by, tie)
    return folder / id / held_out.PREFERENCES


def test_a_section_that_differs_is_asked_for_as_in_minutes_that_people_wrote(tmp_path: Path) -> None:
    judged(tmp_path)
    assert main(["tasks", str(tmp_path), "--kind", "preferences", "--out", str(tmp_path / "task")]) == 0
    [example] = tasks.read(tmp_path / "task/train.jsonl")
    assert example.messages[0]["content"].split("\n")[-1] == (
        "Rédige la partie « Décisions » du compte rendu de ce dialogue, une décision par ligne. S'il n'y a rien à y "
        "mettre, écris « Néant. » Date : jeudi 12 octobre 2023."
    )
    assert example.dialogue.startswith("[Camille:] Bonjour à tous, on parle du concert de décembre.\n[Nadia:]")
    assert example.answer == "- On décide de réserver la salle Saint-Jean pour le concert"  # without its time
    assert example.rejected == "Néant."
    assert example.speakers == ("Camille", "Nadia", "Thomas")


def test_what_code_adds_to_a_statement_is_not_learned(tmp_path: Path) -> None:
    def other(minutes: Minutes) -> Minutes:
        action = Action("a1", "Réserver la salle", "Thomas", due_raw="lundi", due_iso="2023-10-16", confidence=0.1)
        decision = replace(minutes.decisions[0], status="proposed")
        return replace(minutes, actions=(action,), decisions=(decision,))

    found, _ = preferred.preferences(judged(tmp_path, worse=other))
    assert [p.rejected for p in found] == [
        "- On décide de réserver la salle Saint-Jean pour le concert (proposition)",
        "- Thomas : Réserver la salle, échéance : lundi 16 octobre 2023 (« lundi »)",
    ]


def test_who_wrote_the_minutes_is_in_no_example(tmp_path: Path) -> None:
    judged(tmp_path, worse=lambda m: replace(m, provenance=replace(m.provenance, model="m", engine="m"), decisions=()))
    tasks.build(tmp_path, "preferences", tmp_path / "task")
    written = (tmp_path / "task/train.jsonl").read_text(encoding="utf-8")
    assert "Rédigé automatiquement" not in written
    assert "a-model" not in written
    assert "Anne" not in written


@pytest.mark.parametrize(
    "worse",
    [lambda m: m, lambda m: replace(m, topics=()), lambda m: replace(m, summary=replace(m.summary, text=""))],
    ids=["the same", "no section is asked for", "an unknown summary"],
)
def test_minutes_whose_sections_are_the_same_give_no_example(tmp_path: Path, worse: Change) -> None:
    assert preferred.preferences(judged(tmp_path, worse=worse)) == ([], 1)


def test_a_tie_gives_no_example(tmp_path: Path) -> None:
    judged(tmp_path, tie=True)
    with pytest.raises(TaskError, match="no preference in it from which a model can learn"):
        tasks.build(tmp_path, "preferences", tmp_path / "task")


def test_the_last_word_of_each_person_counts(tmp_path: Path) -> None:
    judged(tmp_path)
    judged(tmp_path, by="Bob")
    judged(tmp_path, "messe", worse=lambda m: replace(m, actions=()))
    path = judged(tmp_path, tie=True)
    built = tasks.build(tmp_path, "preferences", tmp_path / "task")
    assert (len(preferred.preferences(path)[0]), built.undecided) == (1, 1)  # Bob's
    assert str(built) == (
        "train: 2 examples, test: 0 examples; comparisons of minutes that were ties, or whose sections are the same: 1"
    )


def test_a_meeting_is_held_out_from_all_kinds_or_from_none(tmp_path: Path) -> None:
    for number in range(10):
        for kind, name in held_out.LOGS.items():
            if kind == "preferences" or number % 2:
                (tmp_path / f"m{number}").mkdir(exist_ok=True)
                (tmp_path / f"m{number}" / name).touch()
    found = [held_out.logs(tmp_path, kind) for kind in held_out.LOGS]
    assert [sum(map(len, splits.values())) for splits in found] == [5, 10]
    assert len(found[1]["test"]) == 2
    train, test = ({p.parent for splits in found for p in splits[split]} for split in ("train", "test"))
    assert not train & test


def test_few_meetings_are_all_to_learn_from(tmp_path: Path) -> None:
    for number in range(4):
        judged(tmp_path, f"m{number}")
    assert [len(paths) for paths in held_out.logs(tmp_path, "preferences").values()] == [4, 0]


def test_one_meeting_with_two_names_cannot_be_in_both_splits(tmp_path: Path) -> None:
    for number in range(5):
        judged(tmp_path, f"m{number}")
    with pytest.raises(TaskError, match="the same text as training data"):
        tasks.build(tmp_path, "preferences", tmp_path / "task")


def test_set_phrases_of_a_machine_may_be_in_both_splits(tmp_path: Path) -> None:
    judged(tmp_path)
    tasks.build(tmp_path, "preferences", tmp_path / "task")
    [example] = tasks.read(tmp_path / "task/train.jsonl")
    asked = {"role": "user", "content": "[Ana:] il pleut sur la côte depuis trois jours et trois nuits\n\nQuoi ?"}
    phrase = {"role": "assistant", "content": " ".join(f"mot{n}" for n in range(20))}
    train = replace(example, messages=(example.messages[0], phrase))
    splits = {"train": [train], "test": [replace(example, recording="messe", messages=(asked, phrase))]}
    tasks.refuse_leaks(splits, speakers=False)
    with pytest.raises(TaskError, match="100% the same text"):  # what people wrote
        tasks.refuse_leaks({k: [replace(e, kind="minutes") for e in es] for k, es in splits.items()}, speakers=False)


@pytest.mark.parametrize("stone", [("recording", "chorale"), ("person", "Nadia")])
def test_what_was_erased_is_not_learned(tmp_path: Path, stone: tuple[str, str]) -> None:
    judged(tmp_path)
    tombstones.write(tmp_path, [stone])
    with pytest.raises(TaskError, match="erased on"):
        tasks.build(tmp_path, "preferences", tmp_path / "task")


def test_rights_go_into_every_example(tmp_path: Path) -> None:
    path = judged(tmp_path).with_name("chorale.json")
    transcript = Transcript.load(path)
    replace(transcript, attributes={"pseudonymisation": {"text": "pseudo"}}).save(path)
    tasks.build(tmp_path, "preferences", tmp_path / "task", legal_basis="consent, form 12")
    [example] = tasks.read(tmp_path / "task/train.jsonl")
    assert (example.pseudonymised, example.legal_basis) == ("pseudo", "consent, form 12")


def test_a_meeting_longer_than_its_prompt_is_not_learned(tmp_path: Path) -> None:
    judged(tmp_path)
    with pytest.raises(TaskError, match="of at most 100 bytes"):
        tasks.build(tmp_path, "preferences", tmp_path / "task", longest=100)


def test_a_meeting_without_a_transcript_is_told(tmp_path: Path) -> None:
    judged(tmp_path)
    judged(tmp_path, "messe").with_name("messe.json").unlink()
    assert tasks.build(tmp_path, "preferences", tmp_path / "task").missing == ("messe",)


@pytest.mark.parametrize(
    "line", ["{", "[]", '{"by": "", "tie": false, "chosen": {"text": 1}, "rejected": {"text": ""}}']
)
def test_a_line_that_is_no_preference_is_named(tmp_path: Path, line: str) -> None:
    path = judged(tmp_path)
    path.write_text(path.read_text(encoding="utf-8") + line + "\n", encoding="utf-8")
    with pytest.raises(TaskError, match=r"preferences\.jsonl, line 2: not a preference"):
        preferred.preferences(path)


def test_other_examples_are_written_without_a_rejected_text(tmp_path: Path) -> None:
    example = tasks.Example("e", "reply", ({"role": "assistant", "content": "oui"},), "r", (), (), ())
    tasks.write([example], tmp_path / "train.jsonl")
    assert "rejected" not in json.loads((tmp_path / "train.jsonl").read_text())
