"""The next turn of a dialogue, on a random tiny model and on a scripted one."""

from dataclasses import replace

import pytest

from dialogue.answers.respond import ReplyError, respond
from tests.minutes.meetings import meeting

TALK = "Anne: Bonjour Paul.\nPaul: Bonjour [rires] Anne.\nAnne: On commence ?"


class Scripted:
    name = "scripted"
    context_length = 200

    def __init__(self, written=" Oui, on commence."):
        self.written, self.prompt = written, ""

    def count_tokens(self, text):
        return len(text.split())

    def complete(self, text, *, stop, **options):
        self.prompt = text
        ends = [self.written.find(s) for s in stop if s in self.written]
        yield from self.written[: min(ends, default=None)]

    def stream(self, messages, *, stop, **options):
        yield from self.complete(messages[0]["content"], stop=stop)


def test_the_dialogue_goes_on_as_claire_writes_it():
    model = Scripted()
    assert "".join(respond(model, meeting(TALK), "Paul")) == "Oui, on commence."
    assert model.prompt == "[Anne:] Bonjour Paul.\n[Paul:] Bonjour (rires) Anne.\n[Anne:] On commence ?\n[Paul:]"


def test_a_turn_asked_for_is_the_finetuning_s_prompt():
    model = Scripted()
    "".join(respond(model, meeting(TALK), "Paul", form="reply"))
    assert model.prompt.endswith("\n\nContinue le dialogue : écris seulement la prochaine réplique de Paul.")


@pytest.mark.parametrize("asked", ["call-12_Paul", "Paul", "spk2"])
def test_a_name_that_holds_in_one_recording_is_said_without_the_recording(asked):
    said = meeting(TALK)
    speakers = tuple(replace(s, name=f"call-12_{s.name}") for s in said.speakers)
    model = Scripted()
    "".join(respond(model, replace(said, recording="call-12", speakers=speakers), asked))
    assert model.prompt.startswith("[Anne:] Bonjour")
    assert model.prompt.endswith("\n[Paul:]")


@pytest.mark.parametrize("more", ["\n[Anne:] Merci.", " [Anne:] Merci.", "\nAutre chose"])
def test_the_answer_ends_with_the_turn(more):
    assert "".join(respond(Scripted(" Oui." + more), meeting(TALK), "Paul")).strip() == "Oui."


def test_a_turn_that_runs_in_a_circle_ends():
    written = " je ne sais pas si on peut le faire" * 100
    assert len("".join(respond(Scripted(written), meeting(TALK), "Paul"))) < 500


def test_the_oldest_turns_are_left_out_of_a_short_context():
    model = Scripted()
    long = "\n".join(f"{'Anne' if n % 2 else 'Paul'}: tour numéro {n} du dialogue" for n in range(60))
    "".join(respond(model, meeting(long), "Paul", max_tokens=100))
    assert "numéro 59" in model.prompt
    assert model.count_tokens(model.prompt) <= 84


def test_a_last_turn_longer_than_the_context_is_an_error():
    with pytest.raises(ReplyError, match="longer context"):
        list(respond(Scripted(), meeting("Anne: " + "mot " * 300), "Paul"))


def test_a_name_that_would_open_a_turn_is_refused():
    with pytest.raises(ReplyError, match="brackets"):
        respond(Scripted(), meeting(TALK), "Paul:] [Anne")


def test_a_real_engine_continues(tmp_path):
    pytest.importorskip("torch")
    from dialogue.llm import load
    from tests.llm import tiny

    tiny.save(tmp_path)
    text = "".join(respond(load(tmp_path, device="cpu"), meeting(TALK), "Paul", max_tokens=20))
    assert "\n" not in text
    assert "[" not in text
