"""The embedded model, SmolLM2-135M-Instruct: it writes after conversion; its text is not judged."""

import pytest

from dialogue.core import models
from dialogue.llm import conversion, load, may_write_minutes

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


@pytest.mark.model
def test_minutes_of_a_model_that_cannot_write_them_still_keep_every_rule():
    from dialogue.minutes import MinutesConfig, write_minutes
    from tests.minutes.meetings import meeting

    if models.here(models.get(NAME)) is None:
        pytest.skip(f"{NAME} is not on this machine: dialogue models fetch {NAME}")
    pytest.importorskip("gguf")
    transcript = meeting("Anne: C'est décidé, on garde la salle Curie.\nPaul: Je prépare le programme pour lundi.")
    model = load(NAME, device="cpu")
    minutes = write_minutes(transcript, config=MinutesConfig(answer_tokens=96), model=model, date="2023-10-12")
    assert minutes.provenance.model == NAME
    assert minutes.provenance.coverage == 1.0
    said = {u.id: u.text for u in transcript}
    claims = [*minutes.decisions, *minutes.actions, *minutes.open_questions]
    assert all(set(e.utterance_ids) <= said.keys() for claim in claims for e in claim.evidence)
    if minutes.provenance.engine == "extractive":  # no valid JSON, so these are the minutes by rules
        assert [a.owner for a in minutes.actions] == ["Paul"]


@pytest.mark.model
def test_a_conversion_leaves_no_expanded_weights(tmp_path, monkeypatch):
    pytest.importorskip("gguf")
    here = models.here(models.get(NAME))
    if here is None:
        pytest.skip(f"{NAME} is not on this machine: dialogue models fetch {NAME}")
    [weights] = here.glob("*.gguf")
    monkeypatch.setenv("DIALOGUE_MODELS", str(tmp_path))
    engine, folder = conversion.prepare(weights, "ctranslate2", "cpu")
    assert engine == "ctranslate2"
    assert [p for p in tmp_path.iterdir() if p.is_dir()] == [folder]
    assert not list(tmp_path.rglob("*.safetensors"))
