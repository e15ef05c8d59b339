"""An inference classifier from a folder: a random tiny one, so that its use is tested, not its judgement."""

from pathlib import Path

import pytest

pytest.importorskip("torch")
pytest.importorskip("transformers")

from dialogue.llm import LLMError
from dialogue.minutes.entailment import Entailment
from tests.llm import tiny


def classifier(folder: Path, labels: dict[int, str]) -> Path:
    tiny.save(folder)  # first, because it makes transformers importable everywhere
    from transformers import LlamaConfig, LlamaForSequenceClassification

    config = LlamaConfig.from_pretrained(folder)
    config.id2label, config.label2id = labels, {name: n for n, name in labels.items()}
    config.num_labels, config.pad_token_id = len(labels), 0
    LlamaForSequenceClassification(config).save_pretrained(folder)
    return folder


def test_a_probability_comes_out_whatever_the_length(tmp_path: Path) -> None:
    entails = Entailment(classifier(tmp_path, {0: "contradiction", 1: "neutral", 2: "entailment"}))
    for premise in ("Le budget est voté.", "Le budget est voté. " * 500, ""):
        assert 0 <= entails(premise, "Le budget est voté.") <= 1


def test_the_label_is_found_by_its_name(tmp_path: Path) -> None:
    first = Entailment(classifier(tmp_path / "a", {0: "ENTAILMENT", 1: "neutral"}))
    assert first.label == 0


def test_a_classifier_of_something_else_is_refused(tmp_path: Path) -> None:
    with pytest.raises(LLMError, match="begins with entail"):
        Entailment(classifier(tmp_path, {0: "positif", 1: "négatif"}))


def test_a_folder_without_a_classifier_is_refused(tmp_path: Path) -> None:
    with pytest.raises(LLMError, match="no classifier"):
        Entailment(tmp_path)
