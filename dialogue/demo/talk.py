"""Talk with a dialogue model: say or write a turn, and the model answers as the speaker that is named."""

# Annotations are not postponed here: Gradio passes the request to functions whose annotation is the class itself.

import datetime
from collections.abc import Callable, Iterator, Sequence
from functools import cache, lru_cache
from html import escape, unescape
from pathlib import Path
from typing import TYPE_CHECKING, Any

from dialogue.core import models
from dialogue.core.errors import DialogueError
from dialogue.core.transcript import Transcript
from dialogue.demo.conversations import PERSON, ConversationError, Conversations
from dialogue.demo.home_labels import LABELS, language_of

if TYPE_CHECKING:
    from dialogue.llm import LanguageModel
    from dialogue.workflow.pipeline import Pipeline

ONE_AT_A_TIME: dict[str, Any] = {"concurrency_limit": 1, "concurrency_id": "model"}
TEMPERATURE = 0.7  # the likeliest words alone are dull, and the same each time
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


def model_names(more: Sequence[str] = ()) -> list[str]:
    """Return the dialogue models that can be chosen: those given, then the registered ones on this machine."""
    registered = (model for model in models.registry().values() if model.task == "llm")
    return [*more, *(model.name for model in registered if models.here(model))]


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
    import gradio as gr

    def own(request: gr.Request) -> Conversations:
        return Conversations(folder, owner_of(request))

    def kept(request: gr.Request, chosen: str | None = None) -> Any:
        choices = [(title(t), t.recording) for t in own(request).all()]
        return gr.update(choices=choices, value=chosen if chosen in [name for _, name in choices] else None)

    def refused(error: Exception, request: gr.Request) -> Any:
        label = "talk_name" if str(error).startswith("names:") else "talk_failed"
        return gr.Error(LABELS[language_of(request)][label].format(error=error))

    def open_page(request: gr.Request) -> Any:
        newest = next(iter(own(request).all()), None)
        return kept(request, newest and newest.recording), messages(newest), *names_of(newest)

    def open_one(name: str | None, request: gr.Request) -> Any:
        conversation = own(request).read(name) if name else None
        return messages(conversation), *names_of(conversation)

    def names_of(conversation: Transcript | None) -> list[Any]:
        """The names stay those of the conversation; a new one may have others."""
        if conversation is None:
            return [gr.update(interactive=True), gr.update(interactive=True)]
        return [gr.update(value=speaker.name, interactive=False) for speaker in conversation.speakers]

    def new() -> Any:
        return gr.update(value=None), [], *names_of(None), ""

    def delete(name: str | None, request: gr.Request) -> Any:
        if not name:
            return [gr.skip()] * 4
        own(request).delete(name)
        return kept(request), [], *names_of(None)

    def heard(sound: str | None, request: gr.Request) -> Iterator[Any]:
        if not sound:
            yield gr.update(), gr.update()
            return
        try:
            text = recogniser().transcribe(sound, speakers=1).text
        except DialogueError as error:
            raise refused(error, request) from error
        finally:
            Path(sound).unlink(missing_ok=True)  # what was said is not kept as sound
        if not text:
            gr.Warning(LABELS[language_of(request)]["talk_no_words"])
        yield text, None

    def answer(
        text: str, name: str | None, person: str, other: str, model: str | None, form: str, request: gr.Request
    ) -> Iterator[Any]:
        """Keep the turn of the person, stream that of the model, and keep it when it has ended."""
        if not text.strip():
            return
        if not model:
            raise gr.Error(LABELS[language_of(request)]["talk_no_model"])
        from dialogue.answers import respond

        space = own(request)
        try:
            conversation = space.add(space.read(name) if name else space.begin(person, other), text)
            loading = LABELS[language_of(request)]["talk_loading"]
            yield kept(request, conversation.recording), messages(conversation, loading), *names_of(conversation), ""
            said = ""
            for piece in respond(loaded(model), conversation, other, form=form, temperature=TEMPERATURE):  # type: ignore[arg-type]
                said += piece
                yield gr.skip(), messages(conversation, said), gr.skip(), gr.skip(), gr.skip()
            if said.strip():
                conversation = space.add(conversation, said, model=model)
        except DialogueError as error:
            raise refused(error, request) from error
        yield gr.skip(), messages(conversation), gr.skip(), gr.skip(), gr.skip()

    def rewrite(name: str | None, edit: gr.EditData, request: gr.Request) -> Any:
        space = own(request)
        try:
            place = edit.index[0] if isinstance(edit.index, (list, tuple)) else edit.index
            return messages(space.rewrite(space.read(name or ""), place, unescape(str(edit.value))))
        except ConversationError as error:
            raise refused(error, request) from error

    def download(name: str | None, request: gr.Request) -> Any:
        if not name:
            raise gr.Error(LABELS[language_of(request)]["talk_nothing"])
        from dialogue.core.files import to_json

        return to_json(own(request).read(name).to_dict()), f"{name}.json"

    def task(request: gr.Request) -> Any:
        try:
            return own(request).task(), "conversations-reply.jsonl"
        except ConversationError as error:
            gr.Warning(LABELS[language_of(request)]["talk_nothing_to_learn"])
            del error
            return "", ""

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
        turn = gr.Textbox(label=say("talk_turn"), placeholder=say("talk_turn_hint"), max_lines=5, scale=4, min_width=240)
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

    people = [person, other]
    asked = [turn, conversations, *people, model, form]
    plain: dict[str, Any] = {"api_visibility": "private", "show_progress": "hidden"}
    event = gr.on([send.click, turn.submit], answer, asked, [conversations, chat, *people, turn], **plain, **ONE_AT_A_TIME)
    stop.click(open_one, conversations, [chat, *people], cancels=[event], **plain)
    sound.stop_recording(heard, sound, [turn, sound], api_visibility="private", show_progress_on=turn, **ONE_AT_A_TIME)
    chat.edit(rewrite, conversations, chat, **plain)
    conversations.input(open_one, conversations, [chat, *people], **plain)
    begin.click(new, None, [conversations, chat, *people, turn], **plain)
    remove.click(delete, conversations, [conversations, chat, *people], js=SURE, **plain)
    take.click(download, conversations, [text, file], **plain).then(None, [text, file], None, js=SAVE)
    learn.click(task, None, [text, file], **plain).then(None, [text, file], None, js=SAVE)
    return lambda page: page.load(open_page, None, [conversations, chat, *people], **plain)


def messages(conversation: Transcript | None, saying: str = "") -> list[dict[str, str]]:
    """Return the turns for a chat, and what the model is saying. A chat takes text for markup, so it is escaped."""
    turns = [
        {"role": "user" if u.speaker == PERSON else "assistant", "content": escape(u.text, quote=False)}
        for u in (conversation.utterances if conversation else ())
    ]
    return [*turns, {"role": "assistant", "content": escape(saying, quote=False)}] if saying else turns


def title(conversation: Transcript) -> str:
    """Return when a conversation began, and how."""
    began = datetime.datetime.strptime(conversation.recording[13:28], "%Y%m%d-%H%M%S")
    words = conversation.utterances[0].text if conversation.utterances else ""
    return f"{began:%Y-%m-%d %H:%M} · {words[:50]}{'…' * (len(words) > 50)}"


@lru_cache(maxsize=1)
def loaded(name: str) -> "LanguageModel":
    """Return a dialogue model; the last one stays loaded."""
    from dialogue import llm

    return llm.load(name)


@cache
def recogniser() -> "Pipeline":
    from dialogue.workflow.pipeline import Pipeline

    return Pipeline()
