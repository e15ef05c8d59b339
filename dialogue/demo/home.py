"""The home page of the application: meetings, questions to them, talk with a dialogue model, and what models learned.

Gradio is its host. The meetings and the questions are scripts of our own, which ask the server for everything; talk
and learning are components of Gradio.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Any

from dialogue.core import compatibility
from dialogue.demo.home_labels import LABELS

if TYPE_CHECKING:
    import gradio as gr
    from fastapi import FastAPI

HEAD = (  # a style sheet given to Gradio as css would be rewritten
    '<meta name="dialogue-labels" content="{labels}"><link rel="stylesheet" href="/assets/home.css">'
    '<script type="module" src="/assets/home.js"></script>'
)
FONTS = ("system-ui", "Segoe UI", "Roboto", "Helvetica Neue", "Arial", "sans-serif")
LONGEST_TURN = "50mb"  # of a spoken turn; meetings do not go through Gradio


def home(
    conversations: Path, owner_of: Callable[[Any], str], *, experiments: Path | None = None, models: Sequence[str] = ()
) -> gr.Blocks:
    """Build the page; :func:`mount` serves it.

    Args:
        conversations: folder of everybody's conversations with a dialogue model.
        owner_of: says who a request (``gr.Request``: cookies, headers, username) is from.
        experiments: folder in which runs of ``dialogue continual`` are looked for.
        models: dialogue models to offer besides the registered ones: folders or URLs.
    """
    compatibility.silence()  # before gradio is imported
    import gradio as gr

    from dialogue.demo import learning_page, talk

    say = gr.I18n(**LABELS)
    plain: dict[str, Any] = {"apply_default_css": False}
    with gr.Blocks(title="dialogue", analytics_enabled=False, delete_cache=(600, 600)) as page:
        gr.HTML("<dialogue-top></dialogue-top>", **plain)
        with gr.Tabs(elem_id="tabs", overflow_behavior="wrap"):
            with gr.Tab(say("tab_meetings"), id="meetings", elem_id="tab-meetings"):
                gr.HTML("<dialogue-meetings></dialogue-meetings>", **plain)
            with gr.Tab(say("tab_ask"), id="ask", elem_id="tab-ask"):
                gr.HTML("<dialogue-ask></dialogue-ask>", **plain)
            with gr.Tab(say("tab_talk"), id="talk", elem_id="tab-talk"):
                opened = talk.tab(say, conversations, owner_of, models)
            with gr.Tab(say("tab_learning"), id="learning", elem_id="tab-learning"):
                learning_page.tab(say, page, experiments)
        opened(page)
    page.i18n_texts = say  # type: ignore[attr-defined]
    return page


def mount(app: FastAPI, page: gr.Blocks, path: str = "/") -> FastAPI:
    """Serve the page at a path of an application; ``/assets/<name>`` has to serve the files of this folder.

    Nothing is asked of another host, nothing that is said stays in the browser, and no file is served from the disk.
    """
    import gradio as gr

    labels = escape(json.dumps(LABELS, ensure_ascii=False))
    return gr.mount_gradio_app(
        app,
        page,
        path,
        footer_links=[],
        run_history=False,
        max_file_size=LONGEST_TURN,
        i18n=page.i18n_texts,  # type: ignore[attr-defined]
        theme=theme(),
        head=HEAD.format(labels=labels),
    )


def theme() -> Any:
    """Return the colours of our own parts, and the fonts of the system, for Gradio's components."""
    import gradio as gr

    plain = gr.themes.Base(font=FONTS, font_mono=("ui-monospace", "Consolas", "monospace"))
    light = {
        "body_background_fill": "var(--paper)",
        "body_text_color": "var(--ink)",
        "body_text_color_subdued": "var(--quiet)",
        "background_fill_primary": "var(--paper)",
        "background_fill_secondary": "var(--panel)",
        "block_background_fill": "var(--paper)",
        "block_label_background_fill": "var(--paper)",
        "block_label_text_color": "var(--quiet)",
        "block_title_text_color": "var(--quiet)",
        "block_info_text_color": "var(--quiet)",
        "border_color_primary": "var(--line)",
        "block_border_color": "var(--line)",
        "input_background_fill": "var(--paper)",
        "input_border_color": "var(--line)",
        "input_placeholder_color": "var(--quiet)",
        "button_primary_background_fill": "var(--accent)",
        "button_primary_background_fill_hover": "var(--accent)",
        "button_primary_text_color": "var(--paper)",
        "button_secondary_background_fill": "var(--paper)",
        "button_secondary_background_fill_hover": "var(--panel)",
        "button_secondary_text_color": "var(--ink)",
        "button_secondary_border_color": "var(--line)",
        "button_border_width": "1px",
        "button_primary_border_color": "var(--accent)",
        "button_large_text_size": "1rem",
        "button_large_text_weight": "400",
        "button_large_padding": "0.45rem 0.9rem",
        "button_large_radius": "0.5rem",
        "button_small_text_size": "0.9rem",
        "button_small_text_weight": "400",
        "button_small_radius": "0.5rem",
        "block_radius": "0.7rem",
        "input_radius": "0.5rem",
        "color_accent": "var(--accent)",
        "color_accent_soft": "var(--panel)",
        "link_text_color": "var(--accent)",
    }
    dark = {f"{name}_dark": value for name, value in light.items() if hasattr(plain, f"{name}_dark")}
    return plain.set(**light, **dark)
