"""What is a name or an id, and what only looks like it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dialogue.privacy.traces import MARK, Traces

CLAIRE = Traces(names=("Claire",), other_names=("Claire Petit", "Marie Claire"))
R1 = Traces(recordings=("r1",), others=("r10", "r1.5", "ma-r1", "r1-2"))
WORD = Traces(recordings=("réunion",), others=("appel",))


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("Claire arrive, c'est Claire.", f"{MARK} arrive, c'est {MARK}."),
        ("l'eau est claire et CLAIRE", "l'eau est claire et CLAIRE"),
        ("Clairet, Clairette, éClaire", "Clairet, Clairette, éClaire"),
        ("Marie-Claire et Claire-Lise", "Marie-Claire et Claire-Lise"),
        ("Claire Petit et Marie Claire", "Claire Petit et Marie Claire"),
        ("d'Claire : 'Claire'", f"d'{MARK} : '{MARK}'"),
        ("r1_Claire_spk2", f"r1_{MARK}_spk2"),
    ],
)
def test_a_name_is_whole_words_in_its_own_case(text: str, left: str) -> None:
    assert CLAIRE.replaced(text)[0] == left


@pytest.mark.parametrize(
    "text", ["Zoé Bé", "Zoé_Bé", r"Zoé\_Bé", "Zoé  Bé", "Zoe\u0301 Be\u0301", "Zoé\u00a0Bé", "Zoé\nBé"]
)
def test_a_name_is_found_however_it_is_written(text: str) -> None:
    assert Traces(names=("Zoé Bé",)).replaced(f"avec {text}.") == (f"avec {MARK}.", 1)


@pytest.mark.parametrize(
    ("name", "owner"),
    [
        ("r1.json", "r1"),
        (".r1.json.99.part", "r1"),
        ("r1", "r1"),
        ("r10.json", "r10"),
        ("r1.5.json", "r1.5"),
        ("xr1", None),
    ],
)
def test_a_file_is_that_of_the_longest_id(name: str, owner: str | None) -> None:
    assert R1.owner(name) == owner


@pytest.mark.parametrize(
    ("text", "found"),
    [("r1", True), ("r1-u3", True), ("r1_spk2", True), ("r1-2", False), ("r10", False), ("r1x", False)],
)
def test_composed_ids_belong_to_the_longest_one(text: str, found: bool) -> None:
    assert R1.is_erased(text) == found


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("une réunion a lieu", 0),
        ("/data/réunion/x", 1),
        ("réunion.wav", 1),
        ("out/réunion.json ok", 1),
        ("préréunion.wav", 0),
    ],
)
def test_an_id_that_is_a_plain_word_is_no_word_of_a_text(text: str, count: int) -> None:
    assert WORD.mentions(text) == count


def test_rows_and_keys_about_it_go_and_words_stay() -> None:
    value = {
        "title": "la réunion",
        "rows": [{"recording": "réunion", "text": "a"}, {"recording": "appel", "text": "une réunion"}],
        "scores": {"réunion": [1, 2], "appel": [3, 4]},
    }
    assert WORD.cleaned(value) == (
        {"title": "la réunion", "rows": [{"recording": "appel", "text": "une réunion"}], "scores": {"appel": [3, 4]}},
        2,
    )


JSON = st.recursive(
    st.none() | st.integers() | st.text(max_size=8) | st.sampled_from(["Zoé Bé", "avec Zoé Bé.", "r1", "x/r1.wav"]),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.sampled_from(["id", "recording", "name", "text", "r1", "Zoé Bé", "k"]), inner, max_size=4)
    ),
    max_leaves=20,
)


@given(JSON)
def test_nothing_of_it_is_left_in_any_value_and_a_second_time_changes_nothing(value: object) -> None:
    import json

    traces = Traces(recordings=("r1",), names=("Zoé Bé",))
    cleaned, _ = traces.cleaned(value)
    text = json.dumps(cleaned, ensure_ascii=False)
    assert "Zoé Bé" not in text
    assert '"r1"' not in text
    assert "r1.wav" not in text
    assert traces.cleaned(cleaned) == (cleaned, 0)
