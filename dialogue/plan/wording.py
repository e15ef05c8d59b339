"""Words of the plan in French and English: the questions of the ANR and Science Europe, labels, words of cards."""

from __future__ import annotations

from functools import cache
from importlib import resources

from dialogue.core import config
from dialogue.french.text import spaced


def section(number: str, language: str) -> str:
    return _words()["sections"][number][language]


def question(number: str, language: str) -> str:
    return _words()["questions"][number][language]


def label(name: str, language: str) -> str:
    return _words()["labels"][name][language]


def value(word: str, language: str) -> str:
    """Return a word of a card in a language; what people wrote in their own words stays as it is."""
    return _words()["values"].get(word, {}).get(language, word)


@cache
def _words() -> dict[str, dict[str, dict[str, str]]]:
    """Read ``wording.yaml``; French punctuation gets its no-break spaces."""
    text = resources.files("dialogue.plan").joinpath("wording.yaml").read_text(encoding="utf-8")
    return {
        part: {name: {"fr": spaced(both["fr"]), "en": both["en"]} for name, both in entries.items()}
        for part, entries in config.parse_yaml(text).items()
    }
