"""Talking with a dialogue model: what the tab shows, and a conversation with a real one."""

from pathlib import Path

import pytest

pytest.importorskip("gradio", reason="the demo extra is not installed: pip install '.[demo]'")

import gradio as gr

from dialogue import llm
from dialogue.core import audio
from dialogue.demo import talk
from dialogue.demo.conversations import Conversations

ROOT = Path(__file__).parents[2]
MODEL = "smollm2-135m-instruct"
[CHOICES, CHAT] = range(2)
UNCHANGED = [[gr.skip()] * 5]  # what components show stays


class Request:
    def __init__(self, owner="anne"):
        self.owner, self.headers = owner, {"accept-language": "fr"}


class Model:
    """A dialogue model that always says the same."""

    name, context_length = "made", 1000

    def count_tokens(self, text):
        return len(text)

    def complete(self, prompt, **_):
        self.prompt = prompt
        yield from (" Bon", "jour <b>", " !")


@pytest.fixture
def tab(tmp_path):
    return talk.Talk(tmp_path, lambda request: request.owner)


@pytest.fixture
def made(monkeypatch):
    model = Model()
    monkeypatch.setattr(talk, "loaded", lambda name: model)
    return model


@pytest.fixture
def told(monkeypatch):
    """The sentences that the reader is shown."""
    found = []
    monkeypatch.setattr(gr, "Info", found.append)
    return found


def said(tab, text, name=None, model=MODEL, owner="anne"):
    """Return all that the page shows while a turn is answered."""
    return list(tab.answer(text, name, "Thomas", "Camille", model, "continuation", Request(owner)))


def test_an_answer_grows_piece_by_piece(tab, made):
    shown = [step[CHAT][-1]["content"] for step in said(tab, "Salut")]
    assert shown[1:] == ["Bon", "Bonjour &lt;b&gt;", "Bonjour &lt;b&gt; !", "Bonjour &lt;b&gt; !"]


def test_the_model_reads_the_conversation_and_speaks_as_the_one_named(tab, made):
    said(tab, "Salut")
    assert made.prompt == "[Thomas:] Salut\n[Camille:]"


def test_the_conversation_goes_on(tab, made):
    name = said(tab, "Salut")[0][CHOICES]["value"]
    assert [m["role"] for m in said(tab, "Ça va ?", name)[-1][CHAT]] == ["user", "assistant"] * 2


def test_a_turn_is_kept_even_if_the_answer_is_stopped(tab, made, tmp_path):
    answering = tab.answer("Salut", None, "Thomas", "Camille", MODEL, "continuation", Request())
    next(answering)
    answering.close()
    [kept] = Conversations(tmp_path, "anne").all()
    assert [u.text for u in kept] == ["Salut"]


def test_an_empty_turn_is_not_said(tab, made):
    assert said(tab, "  ") == UNCHANGED


def test_names_that_are_the_same_are_refused_in_french(tab, made, told):
    assert list(tab.answer("Salut", None, "Camille", "Camille", MODEL, "continuation", Request())) == UNCHANGED
    assert "deux noms différents" in told[0]


def test_without_a_model_the_page_says_how_to_get_one(tab, told):
    assert said(tab, "Salut", model=None) == UNCHANGED
    assert "dialogue models fetch" in told[0]


def test_a_model_that_cannot_answer_is_explained_and_the_turn_kept(tab, told, monkeypatch):
    monkeypatch.setattr(talk, "loaded", lambda name: llm.load("/nowhere/at/all"))
    assert [m["content"] for m in said(tab, "Salut")[-1][CHAT]] == ["Salut"]
    assert "n’a pas pu répondre" in told[0]


def test_a_model_that_says_nothing_is_said_to(tab, made, told, monkeypatch):
    monkeypatch.setattr(made, "complete", lambda prompt, **_: iter(()))
    assert [m["content"] for m in said(tab, "Salut")[-1][CHAT]] == ["Salut"]
    assert "n’a rien répondu" in told[0]


def test_a_turn_that_is_emptied_stays_as_it_was(tab, made, told):
    name = said(tab, "Salut")[0][CHOICES]["value"]
    edit = gr.EditData(None, {"index": 0, "value": " ", "previous_value": "Salut"})
    assert tab.rewrite(name, edit, Request())[0]["content"] == "Salut"
    assert told == ["Une réplique ne peut pas être vide."]


def test_a_conversation_that_another_window_deleted_is_said_to_be_gone(tab, made, told):
    name = said(tab, "Salut")[0][CHOICES]["value"]
    tab.delete(name, Request())
    assert tab.open_one(name, Request())[0] == []
    assert told == ["Cette conversation n’existe plus."]


def test_the_page_opens_with_the_newest_conversation_of_its_reader(tab, made):
    name = said(tab, "Salut")[0][CHOICES]["value"]
    assert tab.open_page(Request())[CHOICES]["value"] == name
    assert tab.open_page(Request("bob"))[CHAT] == []


def test_a_rewritten_turn_is_kept_as_it_was_written(tab, made, tmp_path):
    name = said(tab, "Salut")[0][CHOICES]["value"]
    edit = gr.EditData(None, {"index": 1, "value": "Bonjour &lt;i&gt;", "previous_value": ""})
    assert tab.rewrite(name, edit, Request())[1]["content"] == "Bonjour &lt;i&gt;"
    assert Conversations(tmp_path, "anne").read(name).utterances[1].text == "Bonjour <i>"


def test_a_conversation_is_taken_away_as_a_transcript(tab, made):
    name = said(tab, "Salut")[0][CHOICES]["value"]
    text, file = tab.download(name, Request())
    assert (file, '"schema": "dialogue/transcript/1"' in text) == (f"{name}.json", True)


def test_a_deleted_conversation_is_gone(tab, made):
    name = said(tab, "Salut")[0][CHOICES]["value"]
    assert tab.delete(name, Request())[CHOICES]["choices"] == []


def test_a_deletion_that_was_not_confirmed_changes_nothing(tab, made, tmp_path):
    said(tab, "Salut")
    tab.delete(None, Request())
    assert len(Conversations(tmp_path, "anne").all()) == 1


@pytest.mark.model
def test_a_conversation_with_a_real_model_is_kept_and_continued(tab, tmp_path):
    name = said(tab, "Bonjour Camille, comment vas-tu ?")[0][CHOICES]["value"]
    said(tab, "Et le concert ?", name)
    kept = Conversations(tmp_path, "anne").read(name)
    assert [u.text for u in kept if u.speaker == "spk1"] == ["Bonjour Camille, comment vas-tu ?", "Et le concert ?"]
    assert {e["model"] for e in kept.provenance} == {MODEL}


@pytest.mark.model
def test_a_spoken_turn_is_written_and_its_sound_deleted(tab, tmp_path):
    path = tmp_path / "turn.wav"
    source = ROOT / "corpora/reunion/data/reunion_corpus/reunion_corpus.flac"
    audio.save_wav(path, audio.load(source)[: 6 * audio.RATE])
    text, sound = tab.hear(str(path), Request())
    assert len(text.split()) > 3
    assert (sound, path.exists()) == (None, False)
