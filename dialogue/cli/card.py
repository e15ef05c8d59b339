"""Make, show and check cards: what a corpus, model, software, report... is, and what may be done with it."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from dialogue.cli import options
from dialogue.cli.options import DONE, SOME_FAILED

if TYPE_CHECKING:
    from dialogue.corpus import Card

EXAMPLES = """  dialogue card new asr-model --kind model --out dmp/items/asr-model.yaml
  dialogue card show corpora
  dialogue card show corpora/reunion/card.yaml
  dialogue card lint corpora dmp/items"""


def arguments(parser: argparse.ArgumentParser) -> None:
    new, show, lint = options.actions(
        parser,
        EXAMPLES,
        new=(_new, "write a card to fill in"),
        show=(_show, "show cards: a folder as a table, a file with what is known and what is not"),
        lint=(_lint, "check cards: fields, licences, contradictions, lineage"),
    )
    new.add_argument("id", help="id of the item: lower-case letters, digits, dashes")
    new.add_argument(
        "--kind",
        required=True,
        choices="dataset software model publication report deliverable website service".split(),
        help="what the item is",
    )
    new.add_argument("--out", type=Path, metavar="FILE", help="file to write, which must not exist (default: print it)")
    show.add_argument("path", type=Path, metavar="PATH", help="card, or folder of cards")
    lint.add_argument("paths", nargs="+", type=Path, metavar="PATH", help="card, or folder of cards")


def _new(call: argparse.Namespace) -> int:
    from dialogue.core.files import save_text
    from dialogue.corpus.card import Card, Text
    from dialogue.plan.templates import card_template

    Card(call.id, Text("", ""))  # refuses an id that no card may have
    text = card_template(call.id, call.kind)
    if call.out is None:
        print(text, end="")
        return DONE
    if call.out.exists():
        raise ValueError(f"{call.out}: exists. Accepted: a new file.")
    save_text(call.out, text)
    print(call.out)
    return DONE


def _show(call: argparse.Namespace) -> int:
    from dialogue import corpus
    from dialogue.core import config

    if call.path.is_dir():
        print(corpus.table({card.id: card for _, card in _cards([call.path])}), end="")
        return DONE
    values = config.to_dict(corpus.load_card(call.path))
    unknown: list[str] = []
    known = _known(values, "", unknown)
    print(config.to_yaml(known), end="")
    print(f"# unknown: {', '.join(unknown)}")
    return DONE


def _known(value: dict[str, object], place: str, unknown: list[str]) -> dict[str, object]:
    """Return the values that are known; the names of the others are added to ``unknown``."""
    found: dict[str, object] = {}
    for key, inner in value.items():
        name = f"{place}{key}"
        if isinstance(inner, dict) and inner:
            if known := _known(inner, f"{name}.", unknown):
                found[key] = known
        elif inner == "unknown":
            unknown.append(name)
        elif inner not in ("", [], {}, None):
            found[key] = inner
    return found


def _lint(call: argparse.Namespace) -> int:
    from dialogue import corpus
    from dialogue.plan import lint

    cards: dict[str, Card] = {}
    homes: dict[str, Path] = {}
    wrong = 0
    for path in _files(call.paths):
        try:
            card = corpus.load_card(path)
            if card.id in cards:
                raise corpus.CorpusError(f"{path}: id {card.id} is also that of {homes[card.id]}. Ids must be unique.")
        except corpus.CorpusError as error:
            print(error, file=sys.stderr)
            wrong += 1
            continue
        cards[card.id], homes[card.id] = card, path
    _, problems = lint.examine_cards(cards, {})
    for problem in problems:
        print(f"{homes[problem.item]}: {problem.kind}: {problem.text}", file=sys.stderr)
    for name, fields in lint.missing_of_cards(cards, {}).items():
        print(f"{homes[name]}: unknown: {', '.join(fields)}")
    return SOME_FAILED if wrong or any(problem.kind == "error" for problem in problems) else DONE


def _files(paths: list[Path]) -> list[Path]:
    """Return the cards at paths; in a folder, ``*/card.yaml`` and ``*.yaml``.

    Raises:
        ValueError: a folder has none.
    """
    found = []
    for path in paths:
        inside = sorted([*path.glob("*/card.yaml"), *path.glob("*.yaml")]) if path.is_dir() else [path]
        if not inside:
            raise ValueError(f"{path}: no cards in it. Accepted: a card, or a folder with */card.yaml or *.yaml.")
        found += inside
    return found


def _cards(paths: list[Path]) -> list[tuple[Path, Card]]:
    from dialogue import corpus

    return [(path, corpus.load_card(path)) for path in _files(paths)]
