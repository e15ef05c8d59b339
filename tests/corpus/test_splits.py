"""Splits: no link is cut, shares are near, and the result depends only on the data."""

from hypothesis import given
from hypothesis import strategies as st

from dialogue.corpus import splits

SHARES = {"train": 0.8, "dev": 0.1, "test": 0.1}
NAMES = st.text("abcdefgh", min_size=1, max_size=3)


@given(
    st.dictionaries(NAMES, st.floats(1, 1000), min_size=1, max_size=30),
    st.lists(st.tuples(st.integers(0, 29), st.integers(0, 10)), max_size=40),
)
def test_recordings_that_share_a_speaker_share_a_split(seconds: dict[str, float], drawn: list[tuple[int, int]]) -> None:
    names = sorted(seconds)
    links = [(names[i % len(names)], f"s{k}") for i, k in drawn]
    homes = splits.disjoint(seconds, links, SHARES)
    assert set(homes) == set(seconds)
    for key in {k for _, k in links}:
        assert len({homes[name] for name, k in links if k == key}) == 1


def test_shares_are_met_when_nothing_is_linked() -> None:
    homes = splits.disjoint({f"r{i:02}": 60.0 for i in range(50)}, [], SHARES)
    counts = [list(homes.values()).count(split) for split in SHARES]
    assert counts == [40, 5, 5]


def test_the_order_of_the_recordings_does_not_matter() -> None:
    seconds = {"a": 5.0, "b": 4.0, "c": 4.0, "d": 1.0}
    again = dict(reversed(seconds.items()))
    assert splits.disjoint(seconds, [("a", "x")], SHARES) == splits.disjoint(again, [("a", "x")], SHARES)


def test_official_globs_look_at_ids_and_files() -> None:
    names = {"a": ["a", "data/test/a.wav"], "b": ["b", "data/train/b.wav"], "c": ["c"]}
    assert splits.official(names, {"test": ["data/test/*"], "train": ["data/train/*", "b"]}) == {
        "a": ["test"],
        "b": ["train"],
        "c": [],
    }


def test_no_split_is_empty_that_need_not_be() -> None:
    homes = splits.disjoint({"a": 9.0, "b": 8.0, "c": 7.0}, [], SHARES)
    assert sorted(homes.values()) == ["dev", "test", "train"]


def test_a_star_alone_is_what_no_other_split_names() -> None:
    names = {"a": ["a"], "b": ["b"]}
    assert splits.official(names, {"test": ["a"], "train": ["*"]}) == {"a": ["test"], "b": ["train"]}
