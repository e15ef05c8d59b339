"""A prompt that is too long loses turns, the oldest first, and as few as possible."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dialogue.core import compatibility
from dialogue.learning.continual import ContinualError
from dialogue.learning.continual.encoding import Encoded, Encoder
from dialogue.learning.tasks import Example

pytest.importorskip("transformers")
TURNS = st.lists(st.text("abé [:]", max_size=12).map("[A:] {}".format), max_size=12)


@pytest.fixture(scope="module")
def tokenizer(tiny: Path) -> Any:
    compatibility.prepare()
    from transformers import AutoTokenizer

    return AutoTokenizer.from_pretrained(tiny)


def asked(turns: Sequence[str], answer: str = "oui") -> Example:
    user = {"role": "user", "content": "\n".join([*turns, "", "Résume ce dialogue."])}
    return Example("e", "summary", (user, {"role": "assistant", "content": answer}), "r", ("A",), ("u",), ("h",))


def one_by_one(encoder: Encoder, turns: Sequence[str], context: int) -> tuple[int, Encoded] | None:
    """Return how many turns are dropped one after another, and what is left."""
    whole = Encoder(encoder.tokenizer, 10**6)
    for dropped in range(len(turns) + 1):
        encoded = whole(asked(turns[dropped:]))
        if len(encoded.ids) <= context:
            return dropped, encoded
    return None


@settings(max_examples=100, deadline=None)
@given(turns=TURNS, context=st.integers(70, 300))
def test_as_few_turns_go_as_must(tokenizer: Any, turns: list[str], context: int) -> None:
    encoder = Encoder(tokenizer, context)
    wanted = one_by_one(encoder, turns, context)
    if wanted is None:
        with pytest.raises(ContinualError, match="Raise training"):
            encoder(asked(turns))
    else:
        assert encoder(asked(turns)) == replace(wanted[1], cut=wanted[0] > 0)


def test_a_long_dialogue_is_not_encoded_again_for_each_of_its_lines(tokenizer: Any, monkeypatch) -> None:
    encoder, calls = Encoder(tokenizer, 200), []
    whole = encoder._prompt
    monkeypatch.setattr(encoder, "_prompt", lambda messages: calls.append(1) or whole(messages))
    encoder(asked(["[A:] bonjour à tous"] * 1000))
    assert len(calls) < 20


def test_what_was_asked_is_never_cut(tokenizer: Any) -> None:
    encoded = Encoder(tokenizer, 120)(asked(["[A:] bonjour à tous"] * 50))
    assert "Résume ce dialogue." in tokenizer.decode(encoded.ids)
