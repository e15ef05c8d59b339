"""Mentions are scored by what they mask."""

import pytest

from dialogue.privacy.mention_scores import MentionScoreError, score
from dialogue.privacy.mentions import Mention, Note

TEXT = "x" * 40
GOLD = Note("a", TEXT, (Mention(0, 10, "NOM"), Mention(20, 30, "TEL")))


def predicted(*spans: tuple[int, int]) -> Note:
    return Note("a", TEXT, tuple(Mention(start, end, "VILLE", "rules") for start, end in spans))


def test_four_fifths_of_the_characters_are_enough_whatever_the_label() -> None:
    found = score([GOLD], [predicted((0, 8), (20, 27))])
    assert (found.recall, found.labels) == (0.5, {"NOM": (1.0, 1), "TEL": (0.0, 1)})
    assert found.characters == 0.75


def test_two_mentions_may_cover_one() -> None:
    assert score([GOLD], [predicted((0, 5), (5, 10), (20, 30))]).recall == 1


def test_a_prediction_is_right_if_it_touches() -> None:
    assert score([GOLD], [predicted((9, 15), (32, 40))]).precision == 0.5


def test_what_a_reader_keeps_counts_on_neither_side() -> None:
    kept = Note("a", TEXT, (Mention(0, 10, "NOM", keep=True),))
    found = score([kept], [kept])
    assert (found.recall, found.precision) == (None, None)


def test_nothing_to_find_has_no_recall_and_no_interval() -> None:
    found = score([Note("a", TEXT)], [predicted((0, 5))])
    assert (found.recall, found.recall_interval, found.precision) == (None, None, 0.0)


def test_the_interval_holds_the_share() -> None:
    gold = [Note(str(n), TEXT, GOLD.mentions) for n in range(20)]
    found = score(gold, [Note(str(n), TEXT, GOLD.mentions if n % 4 else ()) for n in range(20)])
    assert found.recall_interval is not None
    assert found.recall_interval[0] < 0.75 < found.recall_interval[1]


def test_other_recordings_are_refused() -> None:
    with pytest.raises(MentionScoreError, match="a is missing"):
        score([GOLD], [])
    with pytest.raises(MentionScoreError, match="another text"):
        score([GOLD], [Note("a", "y")])
