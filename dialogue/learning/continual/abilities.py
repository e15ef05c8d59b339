"""What a model can do, in points: a taught skill, what people preferred, and abilities that it had before.

The skill is a task of kind ``record`` (:mod:`dialogue.learning.tasks.dialogue_record`): ``skill exact`` and ``skill
fields``. The abilities are the items of ``abilities.yaml``, in French and English: ``cloze`` (is the right sentence
likelier than one that differs in a word?), ``copying``, and ``instructions`` that code can check. ``preferred in
TASK`` is measured for every test set with preferences: a pair is worth a point if the preferred text has fewer bits per
byte than the rejected one. Lengths are divided out, since the shorter of two texts is nearly always the likelier one;
but a text of a word has many bits per byte, so the share of the initial model is what to compare with, not a half.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from dialogue.learning import tasks
from dialogue.learning.continual.encoding import Encoded
from dialogue.learning.continual.evaluation import bits, examples_of, scored
from dialogue.learning.continual.learner import Learner
from dialogue.learning.continual.options import ContinualError, Stream
from dialogue.learning.continual.writing import greedy, shared_out, write
from dialogue.learning.tasks import Example
from dialogue.llm import Message
from dialogue.llm.prompt import encode

Points = dict[str, dict[str, list[float]]]  # ability -> recording or item -> points, most points

SKILL = ("skill exact", "skill fields")
GENERAL = ("cloze", "copying", "instructions")
ITEMS = Path(__file__).with_name("abilities.yaml")
MOST = 40  # tokens of an answer
COPY = {
    "fr": "Recopie ce texte mot pour mot, sans rien ajouter : {text}",
    "en": "Copy this text word for word, and add nothing: {text}",
}
QUOTES = " \n\"'«»“”"  # may stand around a copy


@dataclass(frozen=True)
class Instruction:
    """A prompt, and the check of an answer to it."""

    ability: str
    id: str
    ask: str
    right: Callable[[str], bool]


def measure(stream: Stream, learner: Learner, known: Collection[str] = ()) -> Points:
    """Return the points of a model in preferences and what ``stream.evaluation`` asks for, but not in what is known.

    Raises:
        ContinualError: the skill's test set holds something other than records.
    """
    asked = stream.evaluation
    found: Points = {}
    if asked.skill and not {*SKILL} <= {*known}:
        found |= _skill(stream, learner, asked.skill)
    if asked.abilities and not {*GENERAL} <= {*known}:
        found |= {"cloze": _cloze(learner), **_followed(learner)}
    for name, examples in examples_of(stream).items():
        pairs = [e for e in examples if e.rejected]
        if pairs and (ability := f"preferred in {name}") not in known:
            found[ability] = _preferred(learner, [learner.encoder(e) for e in pairs])
    return found


def _skill(stream: Stream, learner: Learner, folder: Path) -> Points:
    examples = scored(tasks.read(folder / "test.jsonl"), stream)
    if not examples:
        raise ContinualError(f"{folder / 'test.jsonl'}: no example. Accepted: at least one record (`dialogue tasks`).")
    if strange := next((e for e in examples if e.kind != "record"), None):
        raise ContinualError(
            f"{folder}: {strange.id} is of kind {strange.kind}. Accepted as a skill: record (`dialogue tasks`)."
        )
    found: Points = {name: {} for name in SKILL}
    for w in write(learner, examples, [learner.encoder(e) for e in examples]):
        for name, value in zip(SKILL, w.rows["model"].fields.values(), strict=True):
            cell = found[name].setdefault(w.recording, [0.0, 0.0])
            cell[0] += value
            cell[1] += 1
    return found


def _preferred(learner: Learner, pairs: Sequence[Encoded]) -> dict[str, list[float]]:
    texts = [e for pair in pairs for e in (pair, pair.other)]
    rates = [cost / e.bytes for e, cost in zip(texts, _costs(learner, texts), strict=True)]
    found: dict[str, list[float]] = {}
    for pair, preferred, rejected in zip(pairs, rates[::2], rates[1::2], strict=True):
        cell = found.setdefault(pair.example.recording, [0.0, 0.0])
        cell[0] += preferred < rejected
        cell[1] += 1
    return found


def _cloze(learner: Learner) -> dict[str, list[float]]:
    pairs = {f"{language}-{n}": pair for language, n, pair in _items("cloze")}
    sentences = [learner.encoder(_sentence(text)) for pair in pairs.values() for text in pair]
    cost = _costs(learner, sentences)
    return {id: [float(right < wrong), 1.0] for id, right, wrong in zip(pairs, cost[::2], cost[1::2], strict=True)}


def _costs(learner: Learner, texts: Sequence[Encoded]) -> list[float]:
    """Return the bits of each text."""
    import torch

    learner.model.eval()
    with torch.no_grad():
        found = learner.world.each(texts, lambda e: bits(learner, e))
    learner.model.train()
    return found


def _sentence(text: str) -> Example:
    return Example("cloze", "continuation", ({"role": "assistant", "content": text},), "cloze", (), (), ())


def _followed(learner: Learner) -> Points:
    asked = instructions()

    def answer(instruction: Instruction) -> str:
        prompt = encode(learner.tokenizer, [Message(role="user", content=instruction.ask)])
        return greedy(learner, prompt, MOST, repeats=True)

    found: Points = {}
    for instruction, text in zip(asked, shared_out(learner, asked, answer), strict=True):
        found.setdefault(instruction.ability, {})[instruction.id] = [float(instruction.right(text)), 1.0]
    return found


def instructions() -> list[Instruction]:
    """Return all prompts that are answered and checked: those of copying, then the other instructions."""
    copies = [
        Instruction("copying", f"{language}-{n}", COPY[language].format(text=text), _copies(text))
        for language, n, text in _items("copying")
    ]
    others = [
        Instruction("instructions", f"{language}-{n}", item["ask"], _check(item))
        for language, n, item in _items("instructions")
    ]
    return [*copies, *others]


def _copies(text: str) -> Callable[[str], bool]:
    return lambda answer: answer.strip(QUOTES) == text


def _check(item: Mapping[str, Any]) -> Callable[[str], bool]:
    if "keys" in item:
        return lambda answer: _has_keys(answer, item["keys"])
    return lambda answer: re.fullmatch(item["matches"], answer.strip(), re.DOTALL) is not None


def _has_keys(answer: str, keys: Sequence[str]) -> bool:
    try:
        value = json.loads(answer)
    except (ValueError, RecursionError):
        return False
    return isinstance(value, dict) and {*keys} <= value.keys()


def _items(ability: str) -> Iterator[tuple[str, int, Any]]:
    """Yield language, number from 1, and item."""
    for language, items in _file()[ability].items():
        for number, item in enumerate(items, start=1):
            yield language, number, item


@cache
def _file() -> dict[str, Any]:
    import yaml

    return dict(yaml.safe_load(ITEMS.read_text(encoding="utf-8")))
