"""Personal text is learned only if it was pseudonymised, or if somebody said on what legal basis."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from dialogue.core.audio import Recording
from dialogue.core.transcript import Speaker, Transcript, Utterance
from dialogue.formats import lhotse
from dialogue.learning import tasks
from dialogue.learning.continual import model_card
from dialogue.learning.continual.options import ContinualError

BASIS = "consent, form 12"


def corpus(folder: Path, **card: object) -> Path:
    turns = tuple(Utterance(f"u{n}", f"spk{n % 2 + 1}", n, n + 1, f"la phrase numéro {n}") for n in range(4))
    for split in ("train", "test"):
        transcript = Transcript(
            split, 4.0, "fr", (Speaker("spk1"), Speaker("spk2")), turns if split == "train" else turns[:2]
        )
        transcript.save(folder / "reference" / f"{split}.json")
        (folder / split).mkdir()
        recording = Recording(split, folder / f"{split}.txt", 4.0, attributes={"modality": "text"})
        lhotse.write_recordings([recording], folder / split / "recordings.jsonl")
    (folder / "card.json").write_text(json.dumps({"personal_data": "yes", "splits": {"train": []}, **card}))
    return folder


def test_personal_data_are_refused(tmp_path):
    with pytest.raises(tasks.TaskError, match="--legal-basis"):
        tasks.build(corpus(tmp_path), "continuation", tmp_path / "task")


@pytest.mark.parametrize("card", [{"personal_data": "no"}, {"personal_data": "unknown"}])
def test_other_data_are_not(tmp_path, card):
    tasks.build(corpus(tmp_path, **card), "continuation", tmp_path / "task")


def test_a_legal_basis_is_kept_with_every_example(tmp_path):
    tasks.build(corpus(tmp_path), "continuation", tmp_path / "task", legal_basis=BASIS)
    assert {e.legal_basis for e in tasks.read(tmp_path / "task/train.jsonl")} == {BASIS}


def test_the_card_may_say_it(tmp_path):
    tasks.build(corpus(tmp_path, gdpr={"legal_basis": BASIS}), "continuation", tmp_path / "task")
    assert {e.legal_basis for e in tasks.read(tmp_path / "task/train.jsonl")} == {BASIS}


def test_pseudonymised_copies_are_accepted(tmp_path):
    data = corpus(tmp_path)
    for path in (data / "reference").glob("*.json"):
        copy = replace(Transcript.load(path), attributes={"pseudonymisation": {"text": "pseudo"}})
        copy.save(data / "copies" / path.name)
    tasks.build(data, "continuation", data / "task", transcripts=data / "copies")
    assert {e.pseudonymised for e in tasks.read(data / "task/train.jsonl")} == {"pseudo"}


@pytest.mark.parametrize(("text", "accepted"), [("names replaced", True), ("none", False), ("unknown", False)])
def test_a_corpus_that_its_authors_pseudonymised_is_accepted(tmp_path, text, accepted):
    data = corpus(tmp_path, pseudonymisation={"text": text})
    try:
        tasks.build(data, "continuation", data / "task")
    except tasks.TaskError:
        assert not accepted
    else:
        assert accepted


def example(**known: str) -> tasks.Example:
    return tasks.Example("e", "continuation", ({"role": "assistant", "content": "oui"},), "r", (), (), (), **known)


def stream(**known: str):
    from types import SimpleNamespace

    return SimpleNamespace(legal_basis="", **known) if "legal_basis" not in known else SimpleNamespace(**known)


def test_a_run_refuses_personal_examples():
    with pytest.raises(ContinualError, match="legal_basis"):
        model_card.refuse_personal(stream(), {"calls": [example(personal_data="yes")]})


@pytest.mark.parametrize("known", [{"pseudonymised": "tag"}, {"legal_basis": BASIS}, {"personal_data": "no"}])
def test_a_run_accepts_treated_examples(known):
    model_card.refuse_personal(stream(), {"calls": [example(**{"personal_data": "yes", **known})]})


def test_a_run_accepts_them_when_told_why():
    model_card.refuse_personal(stream(legal_basis=BASIS), {"calls": [example(personal_data="yes")]})
