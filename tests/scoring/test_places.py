"""Items matched by where they were said."""

from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dialogue.core.transcript import Transcript, Utterance
from dialogue.minutes.document import MinutesError
from dialogue.scoring.places import SHARED, Span, match_places, spans

SAID = Transcript(
    "m", 6.0, utterances=(Utterance("u1", None, 0.0, 2.0, "Oui."), Utterance("u2", None, 1.9, 6.0, "Non."))
)
span = st.tuples(st.integers(0, 8), st.integers(1, 3)).map(lambda s: (float(s[0]), float(s[0] + s[1])))
items = st.lists(st.lists(span, min_size=1, max_size=2), max_size=4)


def test_an_item_said_elsewhere_does_not_match() -> None:
    assert match_places([[(0.0, 2.0)]], [[(3.0, 4.0)], [(1.0, 5.0)]]) == [(0, 1)]


def test_neighbours_that_speak_at_once_do_not_match() -> None:
    assert match_places([spans(["u1"], SAID)], [spans(["u2"], SAID)]) == []


def test_as_many_items_as_possible_match() -> None:
    both, first = [(0.0, 4.0)], [(0.0, 3.9)]
    assert match_places([both, [(0.0, 1.0)]], [first, [(2.0, 4.0)]]) == [(0, 1), (1, 0)]


def test_of_two_at_one_place_the_nearer_matches() -> None:
    assert match_places([[(0.0, 4.0)]], [[(0.0, 1.0)], [(0.0, 4.0)]]) == [(0, 1)]


@given(items, items)
def test_no_assignment_has_more_pairs(wanted: list[list[Span]], found: list[list[Span]]) -> None:
    def same(one: list[Span], other: list[Span]) -> bool:
        return sum(max(0.0, min(b, d) - max(a, c)) for a, b in one for c, d in other) > SHARED

    few, many = sorted((wanted, found), key=len)
    most = max(sum(same(a, b) for a, b in zip(few, chosen, strict=False)) for chosen in permutations(many, len(few)))
    pairs = match_places(wanted, found)
    assert len(pairs) == most
    assert all(same(wanted[r], found[c]) for r, c in pairs)


@pytest.mark.parametrize("place", ["u2", 1, (1.9, 6.0)])
def test_a_place_is_an_id_a_position_or_times(place: str | int | Span) -> None:
    assert spans([place], SAID) == [(1.9, 6.0)]


@pytest.mark.parametrize("place", ["u9", 2, -1])
def test_an_utterance_that_does_not_exist_is_refused(place: str | int) -> None:
    with pytest.raises(MinutesError, match="u1 to u2, or positions from 0"):
        spans([place], SAID)
