"""Licences are those of SPDX; a wrong one is refused with near ones, and what they ask is known."""

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dialogue.corpus import CorpusError
from dialogue.plan import licences

SOME = [
    "MIT",
    "CC-BY-4.0",
    "CC-BY-SA-3.0",
    "CC-BY-SA-4.0",
    "CC-BY-NC-SA-4.0",
    "CC-BY-ND-4.0",
    "Apache-2.0",
    "LicenseRef-X",
]


@pytest.mark.parametrize(
    ("found", "near"),
    [
        ("CC BY 4.0", "CC-BY-4.0"),
        ("CC-BY-SA-4", "CC-BY-SA-4.0"),
        ("Apache 2", "Apache-2.0"),
        ("MIT AND", "no expression"),
        ("(", "no expression"),
        ("{#$&%", "no expression"),
        ("", "empty"),
        ("MIT AND unknown", "unknown"),
    ],
)
def test_a_wrong_licence_is_refused_with_near_ones(found: str, near: str) -> None:
    with pytest.raises(CorpusError, match=near):
        licences.normalised(found)


def test_other_spellings_become_those_of_spdx() -> None:
    assert [licences.normalised(x) for x in ("cc-by-4.0", "AGPL-3.0", "etalab-2.0", "LicenseRef-ELRA", "unknown")] == [
        "CC-BY-4.0",
        "AGPL-3.0-only",
        "etalab-2.0",
        "LicenseRef-ELRA",
        "unknown",
    ]


def test_what_a_licence_asks() -> None:
    assert licences.terms("CC-BY-NC-SA-4.0") == {"nc", "sa"}
    assert licences.terms("CC-BY-ND-4.0") == {"nd"}
    assert licences.terms("MIT AND CC-BY-SA-4.0") == {"sa"}
    assert licences.terms("MIT OR CC-BY-NC-4.0") == frozenset()
    assert licences.terms("LicenseRef-ELRA") is None
    assert licences.terms("unknown") is None


def test_share_alike_data_may_pass_to_a_later_version_but_not_to_an_earlier_one() -> None:
    assert licences.covers("CC-BY-SA-4.0", "CC-BY-SA-3.0")
    assert not licences.covers("CC-BY-SA-3.0", "CC-BY-SA-4.0")
    assert not licences.covers("CC-BY-NC-SA-4.0", "CC-BY-SA-4.0")


@given(st.lists(st.sampled_from(SOME), min_size=1, max_size=4), st.sampled_from([" AND ", " OR "]))
def test_normalising_twice_changes_nothing(parts: list[str], word: str) -> None:
    once = licences.normalised(word.join(parts))
    assert licences.normalised(once) == once


@given(st.text(max_size=30))
def test_any_text_is_read_or_refused(text: str) -> None:
    with contextlib.suppress(CorpusError):
        licences.normalised(text)
