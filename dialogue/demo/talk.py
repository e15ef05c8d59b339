"""Talk with a dialogue model: say or write a turn, and the model answers as the speaker that is named.

Only the home page imports this module, and with it Gradio.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from html import escape, unescape
from pathlib import Path
from typing import TYPE_CHECKING, Any

import gradio as gr

from dialogue.answers import respond
from dialogue.core import models
from dialogue.core.errors import DialogueError
from dialogue.core.files import to_json
from dialogue.core.transcript import Transcript
from dialogue.demo.conversations import PERSON, ConversationError, Conversations
from dialogue.demo.home_labels import LABELS, language_of

if TYPE_CHECKING:
    from dialogue.llm import LanguageModel
    from dialogue.workflow.pipeline import Pipeline

TEMPERATURE = 0.7  # the likeliest words alone are dull, and the same each time
PLAIN: dict[str, Any] = {"api_visibility": "private", "show_progress": "hidden"}
ONE_AT_A_TIME: dict[str, Any] = {"concurrency_limit": 1, "concurrency_id": "model"}
# Given to the browser as text, not as a file at an address that another browser could open.
SAVE = """(text, name) => {
    if (!text) return;
    const link = document.createElement("a");
    link.href = URL.createObjectURL(new Blob([text], { type: "application/json" }));
    link.download = name;
    link.click();
    URL.revokeObjectURL(link.href);
}"""
SURE = """async (name) => {
    const { confirmed, say } = await import("/assets/page.js");
    return name && await confirmed(say("talk_delete_sure"), say("delete")) ? name : null;
}"""


def tab(say: Any, folder: Path, owner_of: Callable[[Any], str], more: Sequence[str] = ()) -> Callable[[Any], None]:
    """Add the components to the current tab.

    Args:
        say: ``gr.I18n`` of the labels.
        folder: folder of everybody's conversations.
        owner_of: says who a request is from.
        more: models to offer besides those of the library: names, folders or URLs.

    Returns:
        A function to call with the page, outside of the tab: it shows the conversations when the page is opened.
    """
    offered = model_names(more)
    gr.Markdown(say("talk_note"), elem_classes="quiet-note")
    with gr.Row():
        person = gr.Textbox(LABELS["fr"]["talk_your_name"], label=say("talk_you"), max_lines=1, min_width=140)
        other = gr.Textbox(LABELS["fr"]["talk_other_name"], label=say("talk_as"), max_lines=1, min_width=140)
        model = gr.Dropdown(offered, value=next(iter(offered), None), label=say("talk_model"), min_width=200)
        forms = [(say("talk_continuation"), "continuation"), (say("talk_reply"), "reply")]
        form = gr.Dropdown(forms, value="continuation", label=say("talk_form"), min_width=200)
    chat = gr.Chatbot(
        label=say("talk_conversation"),
        placeholder=say("talk_start"),
        height=340,
        editable="all",
        render_markdown=False,
        buttons=[],
        feedback_options=None,
        allow_tags=False,
        elem_id="talk-chat",
    )
    gr.Markdown(say("talk_edit_note"), elem_classes="quiet-note")
    with gr.Row(equal_height=True):
        turn = gr.Textbox(
            label=say("talk_turn"), placeholder=say("talk_turn_hint"), max_lines=5, scale=4, min_width=240
        )
        with gr.Column(scale=1, min_width=130):
            send = gr.Button(say("talk_send"), variant="primary")
            stop = gr.Button(say("talk_stop"))
    sound = gr.Audio(sources=["microphone"], type="filepath", label=say("talk_microphone"), buttons=[], editable=False)
    conversations = gr.Dropdown([], label=say("talk_kept"))
    with gr.Row():
        begin = gr.Button(say("talk_new"), size="sm", min_width=150)
        take = gr.Button(say("talk_download"), size="sm", min_width=150)
        learn = gr.Button(say("talk_task"), size="sm", min_width=150)
        remove = gr.Button(say("talk_delete"), size="sm", min_width=150)
    text, file = gr.Textbox(visible="hidden"), gr.Textbox(visible="hidden")

    talk, people = Talk(folder, owner_of), [person, other]
    asked, shown = [turn, conversations, *people, model, form], [conversations, chat, *people]
    answer = gr.on([send.click, turn.submit], talk.answer, asked, [*shown, turn], **PLAIN, **ONE_AT_A_TIME)
    stop.click(talk.open_one, conversations, [chat, *people], cancels=[answer], **PLAIN)
    sound.stop_recording(
        talk.hear, sound, [turn, sound], api_visibility="private", show_progress_on=turn, **ONE_AT_A_TIME
    )
    chat.edit(talk.rewrite, conversations, chat, **PLAIN)
    conversations.input(talk.open_one, conversations, [chat, *people], **PLAIN)
    begin.click(talk.begin, None, [*shown, turn], **PLAIN)
    remove.click(talk.delete, conversations, shown, js=SURE, **PLAIN)
    take.click(talk.download, conversations, [text, file], **PLAIN).then(None, [text, file], None, js=SAVE)
    learn.click(talk.task, None, [text, file], **PLAIN).then(None, [text, file], None, js=SAVE)
    return lambda page: page.load(talk.open_page, None, shown, **PLAIN)


def model_names(more: Sequence[str] = ()) -> list[str]:
    """Return the dialogue models that can be chosen: those given, then the registered ones on this machine."""
    registered = (model for model in models.registry().values() if model.task == "llm")
    return [*more, *(model.name for model in registered if models.here(model))]


@dataclass(frozen=True)
class Talk:
    """What happens in the tab. Methods return what the components show."""

    folder: Path
    owner_of: Callable[[Any], str]

    def open_page(self, request: gr.Request) -> Any:
        """Show the newest conversation."""
        newest = next(iter(self._own(request).all()), None)
        return self._choices(request, newest.recording if newest else None), messages(newest), *_names(newest)

    def open_one(self, name: str | None, request: gr.Request) -> Any:
        conversation = self._read(name, request)
        return messages(conversation), *_names(conversation)

    def begin(self) -> Any:
        return gr.update(value=None), [], *_names(None), ""

    def delete(self, name: str | None, request: gr.Request) -> Any:
        if not name:
            return [gr.skip()] * 4
        self._own(request).delete(name)
        return self._choices(request), [], *_names(None)

    def hear(self, sound: str | None, request: gr.Request) -> Any:
        """Write what was said into the turn, and delete the sound."""
        if not sound:
            return gr.skip(), gr.skip()
        try:
            text = recogniser().transcribe(sound, speakers=1).text
        except DialogueError as error:
            refused(error, request)
            return gr.skip(), None
        finally:
            Path(sound).unlink(missing_ok=True)
        if not text:
            warn("talk_no_words", request)
        return text, None

    def answer(
        self, text: str, name: str | None, person: str, other: str, model: str | None, form: Any, request: gr.Request
    ) -> Iterator[Any]:
        """Keep the turn of the person, stream that of the model, and keep it when it has ended."""
        say, own = LABELS[language_of(request)], self._own(request)
        conversation = self._said(text, name, (person, other), model, request)
        if conversation is None or model is None:
            yield [gr.skip()] * 5  # without it the components would be emptied
            return
        try:
            choices = self._choices(request, conversation.recording)
            yield choices, messages(conversation, say["talk_loading"]), *_names(conversation), ""
            said = ""
            for piece in respond(loaded(model), conversation, other, form=form, temperature=TEMPERATURE):
                said += piece
                yield gr.skip(), messages(conversation, said), gr.skip(), gr.skip(), gr.skip()
            if said.strip():
                conversation = own.add(conversation, said, model=model)
            else:
                warn("talk_silent", request)
        except DialogueError as error:
            refused(error, request)
        yield gr.skip(), messages(conversation), gr.skip(), gr.skip(), gr.skip()

    def _said(
        self, text: str, name: str | None, names: tuple[str, str], model: str | None, request: gr.Request
    ) -> Transcript | None:
        """Return the conversation with a turn of the person; ``None`` if there is none, which they are told."""
        if not text.strip():
            return None
        if not model:
            warn("talk_no_model", request)
            return None
        own = self._own(request)
        try:
            return own.add(own.read(name) if name else own.begin(*names), text)
        except ConversationError as error:
            refused(error, request)
            return None

    def rewrite(self, name: str | None, edit: gr.EditData, request: gr.Request) -> Any:
        conversation = self._read(name, request)
        if conversation is None:
            return []
        place = edit.index[0] if isinstance(edit.index, (list, tuple)) else edit.index
        try:
            conversation = self._own(request).rewrite(conversation, place, unescape(str(edit.value)))
        except ConversationError as error:  # without words: the turn stays as it was
            refused(error, request)
        return messages(conversation)

    def download(self, name: str | None, request: gr.Request) -> tuple[str, str]:
        if not name:
            warn("talk_nothing", request)
        conversation = self._read(name, request)
        return (to_json(conversation.to_dict()), f"{name}.json") if conversation else ("", "")

    def task(self, request: gr.Request) -> tuple[str, str]:
        task = self._own(request).task()
        if not task:
            warn("talk_nothing_to_learn", request)
        return task, "conversations-reply.jsonl"

    def _own(self, request: gr.Request) -> Conversations:
        return Conversations(self.folder, self.owner_of(request))

    def _read(self, name: str | None, request: gr.Request) -> Transcript | None:
        """Return a conversation, unless there is none or it was deleted in another window, which the reader is told."""
        try:
            return self._own(request).read(name) if name else None
        except ConversationError as error:
            refused(error, request)
            return None

    def _choices(self, request: gr.Request, chosen: str | None = None) -> Any:
        return gr.update(choices=[(title(t), t.recording) for t in self._own(request).all()], value=chosen)


def _names(conversation: Transcript | None) -> list[Any]:
    """Return the boxes of the two names: those of a conversation stay; a new one may have others."""
    if conversation is None:
        return [gr.update(interactive=True)] * 2
    return [gr.update(value=speaker.name, interactive=False) for speaker in conversation.speakers]


def messages(conversation: Transcript | None, saying: str = "") -> list[dict[str, str]]:
    """Return the turns for a chat, and what the model is saying. A chat takes text for markup, so it is escaped."""
    turns = [("user" if u.speaker == PERSON else "assistant", u.text) for u in conversation or ()]
    return [
        {"role": role, "content": escape(text, quote=False)}
        for role, text in [*turns, *([("assistant", saying)] if saying else [])]
    ]


def title(conversation: Transcript) -> str:
    """Return when a conversation began, and how."""
    began = datetime.datetime.strptime(conversation.recording[13:28], "%Y%m%d-%H%M%S")
    words = conversation.utterances[0].text if conversation.utterances else ""
    return f"{began:%Y-%m-%d %H:%M} · {words[:50]}{'…' * (len(words) > 50)}"


def refused(error: Exception, request: gr.Request) -> None:
    """Say why something cannot be done. An error of Gradio's would lie over the conversation."""
    found = re.match(r"names|conversation|turn", str(error))
    warn(f"talk_wrong_{found[0]}" if found else "talk_failed", request, error=error)


def warn(label: str, request: gr.Request, **values: object) -> None:
    """Show a sentence to the reader, in their language. The title that Gradio gives it, Info, is in both."""
    gr.Info(escape(LABELS[language_of(request)][label].format(**values)))


@lru_cache(maxsize=1)
def loaded(name: str) -> LanguageModel:
    """Return a dialogue model; the last one stays loaded."""
    from dialogue import llm

    return llm.load(name)


@cache
def recogniser() -> Pipeline:
    from dialogue.workflow.pipeline import Pipeline

    return Pipeline()
