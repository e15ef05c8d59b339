"""What a run of `dialogue continual` learned and forgot, as a part of a page. Nothing is changed."""

# Annotations are not postponed here: Gradio passes the request to functions whose annotation is the class itself.

from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from dialogue.core import config
from dialogue.core.errors import DialogueError
from dialogue.core.files import read_json
from dialogue.demo.home_labels import LABELS, language_of
from dialogue.learning.continual import comparison
from dialogue.learning.continual.loop import CONFIG, MATRIX
from dialogue.learning.continual.model_card import CARD
from dialogue.learning.continual.options import Stream

if TYPE_CHECKING:
    from jinja2 import Template

    from dialogue.learning.continual.runs import ComparedRun

DEEP = 3  # folders within folders in which runs are looked for
FIGURES = ("forgetting", "plasticity", "average", "drift")


def tab(say: Any, page: Any, folder: Path | None) -> None:
    """Add the components to the current tab.

    Args:
        say: ``gr.I18n`` of the labels.
        page: the page that the tab is in.
        folder: where runs are looked for; ``None`` shows that none was given.
    """
    import gradio as gr

    gr.Markdown(say("learning_note"), elem_classes="quiet-note")
    if folder is None:
        gr.Markdown(say("learning_no_folder"))
        return
    chosen = gr.Dropdown([], label=say("learning_run"))
    shown = gr.HTML(apply_default_css=False)

    def show(name: str | None, request: gr.Request) -> str:
        return page_of(folder, name or "", language_of(request))

    def find(request: gr.Request) -> Any:
        found = experiments(folder)
        first = next(iter(found), None)
        return gr.update(choices=found, value=first), show(first, request)

    plain: dict[str, Any] = {"api_visibility": "private", "show_progress": "hidden"}
    page.load(find, None, [chosen, shown], **plain)
    chosen.input(show, chosen, shown, **plain)


def experiments(folder: Path) -> list[str]:
    """Return the runs below a folder, and the folders with several runs, relative to it."""
    found = {path.parent for depth in range(DEEP + 1) for path in folder.glob("*/" * depth + MATRIX)}
    several = {p.parent for p in found if p != folder and sum(q.parent == p.parent for q in found) > 1}
    return sorted(str(path.relative_to(folder)) for path in found | several)


def page_of(folder: Path, name: str, language: str) -> str:
    """Return the HTML of a run, or of the runs in a folder, with forgetting always beside plasticity.

    Args:
        name: one of :func:`experiments`.
    """
    say = LABELS[language]
    if name not in experiments(folder):
        return _template().render(say=say, problem=say["learning_none"])
    try:
        runs = comparison.read([folder / name])
        shown = [_run(run, say) for run in runs]
    except (DialogueError, ValueError, KeyError, OSError) as error:
        return _template().render(say=say, problem=say["learning_unreadable"].format(error=error))
    return _template().render(say=say, runs=shown, figures=FIGURES, problem=None)


def _run(run: "ComparedRun", say: dict[str, str]) -> dict[str, Any]:
    metrics, intervals = run.matrix.metrics(), run.intervals
    done = len(run.matrix.rows) - 1
    unfinished = say["learning_unfinished"].format(done=done, all=len(run.order))
    return {
        "name": run.name,
        "method": run.label,
        "unfinished": "" if run.finished else unfinished,
        "columns": run.matrix.names,
        "rows": _heat(run, say),
        "figures": {name: _figure(metrics[name], intervals.get(name), say) for name in FIGURES},
        "checkpoints": [_checkpoint(run.exp, number) for number in range(1, done + 1)],
        "guard": _verdict(run, metrics["forgetting"], say),
    }


def _heat(run: "ComparedRun", say: dict[str, str]) -> list[dict[str, Any]]:
    """Return the rows of R with a colour for each cell, those of the plots of `dialogue continual compare`."""
    from matplotlib import colormaps
    from matplotlib.colors import to_hex

    values = run.matrix.values()
    low, high = min(map(min, values)), max(map(max, values))
    shades = colormaps["cividis_r"]
    rows = []
    for place, (after, row) in enumerate(zip([say["learning_start"], *run.order], values, strict=False)):
        cells = []
        for name, value in zip(run.matrix.names, row, strict=True):
            share = (value - low) / (high - low) if high > low else 0.0
            own = place > 0 and name == run.order[place - 1]
            shade = to_hex(shades(share))
            cells.append({"value": _number(value, say), "shade": shade, "dark": share > 0.5, "own": own})
        rows.append({"after": after, "cells": cells})
    return rows


def _checkpoint(exp: Path, number: int) -> dict[str, Any]:
    """Return what a checkpoint saw, by its card: one line a task."""
    card = exp / f"task_{number}" / CARD
    return {"number": number, "data": read_json(card)["data"] if card.exists() else []}


def _verdict(run: "ComparedRun", forgot: float | None, say: dict[str, str]) -> tuple[str, str]:
    """Return whether the guard would let the model be published, and the sentence that says so."""
    if not (run.exp / CONFIG).exists():
        return "", say["learning_no_config"]
    guard = config.build(Stream, read_json(run.exp / CONFIG)).guard
    if guard.max_forgetting is None:
        return "", say["learning_no_limit"]
    if forgot is None:
        return "", say["learning_too_early"]
    label = "passes" if guard.allows(forgot) else "refuses" if guard.on_fail == "refuse" else "blends"
    sentence = say[f"learning_{label}"].format(forgot=_number(forgot, say), limit=_number(guard.max_forgetting, say))
    return ("good" if label == "passes" else "bad"), sentence


def _figure(value: float | None, interval: Sequence[float] | None, say: dict[str, str]) -> str:
    if value is None:
        return "–"
    between = f" [{_number(interval[0], say)} ; {_number(interval[1], say)}]" if interval else ""
    return f"{_number(value, say)}{between}"


def _number(value: float, say: dict[str, str]) -> str:
    return f"{value:.3f}".replace(".", say["learning_decimal"]).replace("-", "\N{MINUS SIGN}")


@cache
def _template() -> "Template":
    from jinja2 import Environment, PackageLoader, StrictUndefined

    loader = PackageLoader("dialogue.demo", ".")
    return Environment(loader=loader, autoescape=True, undefined=StrictUndefined).get_template("learning.html")
