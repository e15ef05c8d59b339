"""The embedded model, SmolLM2-135M-Instruct: converted, it writes; what it writes is not judged."""

import pytest

from dialogue import models
from dialogue.llm import load, may_write_minutes

NAME = "smollm2-135m-instruct"


@pytest.mark.model
def test_the_embedded_model_answers_on_a_processor():
    if models.here(models.get(NAME)) is None:
        pytest.skip(f"{NAME} is not on this machine: dialogue models fetch {NAME}")
    pytest.importorskip("gguf")
    model = load(NAME, device="cpu")
    assert model.context_length == 8192
    answer = model.chat([{"role": "user", "content": "Say hello in one short sentence."}], max_tokens=20)
    assert answer.strip()
    assert "<|im_" not in answer


def test_the_embedded_model_may_not_write_minutes():
    assert not may_write_minutes(NAME)


def test_a_model_that_the_user_names_by_address_may():
    assert may_write_minutes("http://localhost:8000/v1")
