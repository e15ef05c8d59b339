"""What a model may not write next: the end of a passage that it already wrote."""

from hypothesis import given
from hypothesis import strategies as st

from dialogue.learning.continual.writing import PASSAGE, _repeating


def test_the_end_of_an_earlier_passage_is_barred() -> None:
    before = [1, 2, 3, 4, 5, 6, 7]
    assert _repeating([*before, 1, 2, 3, 4, 5]) == [6]


def test_a_short_text_bars_nothing() -> None:
    assert _repeating([1, 2, 3]) == []


@given(st.lists(st.integers(0, 2), max_size=60))
def test_what_is_not_barred_makes_no_passage_twice(found: list[int]) -> None:
    passages = [tuple(found[n : n + PASSAGE]) for n in range(len(found) - PASSAGE + 1)]
    for token in range(3):
        new = tuple([*found, token][-PASSAGE:])
        assert (token in _repeating(found)) == (new in passages and len(new) == PASSAGE)
