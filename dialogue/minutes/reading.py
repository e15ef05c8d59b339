"""Ask a language model for JSON objects, at most twice each, in the right language, and keep its answers.

An answer is stopped as soon as it holds the object, repeats itself, or has a long text without an object; otherwise it
would continue up to the longest length.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from dialogue.core.files import read_json, save_text
from dialogue.llm import LLMError, is_url
from dialogue.llm.repetition import repeats
from dialogue.minutes.prompts import parse

if TYPE_CHECKING:
    from dialogue.llm import LanguageModel, Message

PREAMBLE = 600  # most characters before the object; thoughts between their tags are exempt
Fault = Callable[[Any], str]  # returns what is wrong with an object, or an empty string


class Reader:
    """Asks one model.

    Args:
        temperature: temperature of the first attempt; the second uses at least 0.3, because the first answer was
            unusable.
        kept: folder of earlier answers, by prompt and model; if only the last hour of a meeting changed, only that
            hour is read again.
    """

    def __init__(self, model: LanguageModel, temperature: float = 0.0, kept: Path | None = None) -> None:
        self.model, self.temperature, self.kept = model, temperature, kept
        self.lost: str | None = None  # why the model no longer answers
        self._identity = _identity(model.name) if kept else model.name

    def ask(self, messages: Sequence[Message], longest: int, fault: Fault) -> tuple[dict[str, Any] | None, str]:
        """Return the object of an answer, or ``None`` and what was wrong with each attempt.

        Args:
            longest: most tokens in an answer.
        """
        if self.lost:
            return None, self.lost
        key = json.dumps([self._identity, list(messages), longest, self.temperature], ensure_ascii=False)
        path = self.kept / f"{hashlib.sha256(key.encode()).hexdigest()}.json" if self.kept else None
        if path and path.exists():
            value, wrong = read_json(path)
            if value is None or not fault(value):
                return value, wrong
        try:
            value, wrong = self._ask(messages, longest, fault)
        except LLMError as error:  # the model already retried with growing pauses: other parts should not wait too
            self.lost = f"the model does not answer: {error}"
            return None, self.lost
        if path:
            save_text(path, json.dumps([value, wrong], ensure_ascii=False))
        return value, wrong

    def _ask(self, messages: Sequence[Message], longest: int, fault: Fault) -> tuple[dict[str, Any] | None, str]:
        wrong = []
        for attempt in range(2):
            text, why = "", "no valid JSON"
            temperature = max(self.temperature, 0.3 * attempt)
            for piece in self.model.stream(messages, max_tokens=longest, temperature=temperature):
                text += piece
                value = parse(text) if "}" in piece else None
                if value is not None and not (why := fault(value)):
                    return value, ""
                if repeats(text):
                    why = "repeats itself"
                    break
                if "{" not in text and "<think>" not in text and len(text) > PREAMBLE:
                    why = "no object begun"
                    break
            wrong.append(why)
        return None, ", then ".join(dict.fromkeys(wrong))


def _identity(name: str) -> str:
    """Return a name that changes with the weights: a folder may hold others later."""
    from dialogue.core import models

    if is_url(name) or not (Path(name).exists() or name in models.registry()):
        return name
    return f"{name} {models.digest(name)}"
