"""Answers that repeat themselves, and those that do not."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dialogue.llm.repetition import LEAST, PROBE, TIMES, repeats


def ends_after(text: str, step: int = 3) -> int | None:
    """Return the number of characters after which an answer would be stopped, checked every few characters."""
    return next((n for n in range(step, len(text) + 1, step) if repeats(text[:n])), None)


@pytest.mark.parametrize(
    "passage", ["cela va-la, ", "Premier point :\n\n", "a", "x" * 40 + "y" * 40, "phrase " * 9 + "fin. "]
)
def test_a_circle_is_told_soon(passage: str) -> None:
    text = "Voici la réponse à la question. " + passage * 400
    assert ends_after(text) < 32 + TIMES * len(passage) + LEAST + 2 * PROBE


@pytest.mark.parametrize(
    "text",
    [
        "",
        "non, " * 12,  # as people speak
        json.dumps([{"text": f"Point {n}", "status": "decided", "ids": [f"u{n}"]} for n in range(200)]),
        json.dumps(
            {"points": [{"text": "Le budget est voté.", "ids": ["u1"]}] * 2 + [{"text": "La salle", "ids": ["u2"]}]},
            indent=4,
        ),
    ],
)
def test_an_answer_that_only_looks_like_one_goes_on(text: str) -> None:
    assert ends_after(text, 1) is None


@given(st.text(alphabet="ab \n", max_size=400))
def test_what_is_called_a_circle_is_one(text: str) -> None:
    if repeats(text):
        assert any(text[-max(TIMES * p, LEAST) : -p] == text[p - max(TIMES * p, LEAST) :] for p in range(1, len(text)))
