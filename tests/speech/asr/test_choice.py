"""The recogniser that suits a machine."""

import pytest

from dialogue.core import models
from dialogue.core.models import ModelError
from dialogue.speech.asr import ASRConfig, choice

ALL = ["whisper-base", "whisper-small", "whisper-medium", "whisper-large-v3-turbo", "whisper-large-v3"]


@pytest.fixture
def machine(monkeypatch, tmp_path):
    """Return a function that makes a machine of so many processors, with these models and perhaps a GPU."""

    def make(processors: int, here: list[str], gpu: bool = False) -> None:
        monkeypatch.setattr(choice.os, "cpu_count", lambda: processors)
        monkeypatch.setattr(choice, "_gpu", lambda: gpu)
        monkeypatch.setattr(models, "here", lambda model: tmp_path if model.name in here else None)

    return make


@pytest.mark.parametrize(
    ("processors", "gpu", "expected"),
    [
        (1, False, "whisper-small"),
        (3, False, "whisper-large-v3-turbo"),
        (8, False, "whisper-large-v3"),
        (1, True, "whisper-large-v3"),
    ],
)
def test_the_strongest_model_that_keeps_up_is_taken(machine, processors, gpu, expected):
    machine(processors, ALL, gpu)
    assert ASRConfig(model="auto").model == expected


def test_only_models_on_this_machine_are_taken(machine):
    machine(16, ["whisper-base"], gpu=True)
    assert ASRConfig(model="auto").model == "whisper-base"


def test_a_gpu_is_not_counted_on_where_the_processor_is_asked_for(machine):
    machine(1, ALL, gpu=True)
    assert ASRConfig(model="auto", device="cpu").model == "whisper-small"


def test_without_any_model_the_message_says_what_to_fetch(machine):
    machine(2, [])
    with pytest.raises(ModelError, match="Type: dialogue models fetch whisper-base"):
        ASRConfig(model="auto")


def test_advice_names_a_better_model_and_what_it_would_bring(machine):
    machine(2, ["whisper-base"])
    assert choice.advice() == (
        "better: whisper-small keeps up with speech here, 12.6 % word errors on long French recordings as published "
        "(with whisper-base: 18.7 %). Type: dialogue models fetch whisper-small --download, then --set asr.model=auto"
    )


def test_there_is_no_advice_where_the_best_model_is_here(machine):
    machine(2, ["whisper-small"])
    assert choice.advice() is None
