"""Scores of replies; the texts are written by hand, except one by an embedded model."""

import math

import pytest

from dialogue.learning.reply_scores import FAULTS, faults, score_replies
from dialogue.learning.tasks import Example
from dialogue.scoring import ScoreError

TURNS = ("on vote demain", "je suis d'accord", "qui écrit le rapport", "Anne écrit le rapport")


def example(number: int, kind: str = "reply", recording: str = "") -> Example:
    asked = (
        f"[Zoé:] bonjour\n[Ali:] {TURNS[number % 4]}\n\n"
        "Continue le dialogue : écris seulement la prochaine réplique de Zoé."
    )
    messages = ({"role": "user", "content": asked}, {"role": "assistant", "content": TURNS[(number + 1) % 4]})
    return Example(f"e{number}", kind, messages, recording or f"d{number}", (), (), ())  # type: ignore[arg-type]


EXAMPLES = [example(n) for n in range(8)]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("je suis d'accord", []),
        ("  \n", ["empty"]),
        ("oui\n[Ali:] non", ["opens a turn"]),
        ("[Zoé:] oui", ["opens a turn"]),
        ("oui\nnon", ["goes on past its turn"]),
        ("oui\n", []),
        ("on en parle [rire]", []),
        ("et puis on revient au budget, " * 20, ["repeats itself"]),
    ],
)
def test_a_reply_is_one_turn_of_one_speaker(text: str, found: list[str]) -> None:
    assert faults(text) == found


def test_replies_with_several_faults_count_once() -> None:
    row = score_replies(EXAMPLES[:1], lambda e: "[Ali:] et puis on revient au budget, " * 20).to_dict()["rows"]["model"]
    assert (row["format"]["value"], [row["format"][kind] for kind in FAULTS]) == (1.0, [0, 1, 0, 1])


def test_the_true_replies_have_all_of_chrf_and_the_diversity_of_people() -> None:
    rows = score_replies(EXAMPLES, lambda e: e.answer).to_dict()["rows"]
    assert rows["model"]["chrf"]["value"] == pytest.approx(1)
    assert rows["model"]["distinct_2"] == rows["people"]["distinct_2"]


def test_the_previous_turn_is_copied_without_its_speaker() -> None:
    [reply] = score_replies(EXAMPLES[:1], lambda e: "").replies
    assert reply.previous == "on vote demain"


def test_a_model_that_always_says_the_same_is_not_distinct() -> None:
    rows = score_replies(EXAMPLES[:4], lambda e: "très bien").to_dict()["rows"]
    assert (rows["model"]["distinct_1"]["value"], rows["people"]["distinct_1"]["value"]) == (2 / 8, 12 / 15)


def test_pairs_of_words_do_not_cross_replies() -> None:
    rows = score_replies(EXAMPLES[:4], lambda e: "oui non oui").to_dict()["rows"]
    assert rows["model"]["distinct_2"] == {"value": 2 / 8, "length": 8}


def test_nothing_written_has_no_n_grams() -> None:
    row = score_replies(EXAMPLES, lambda e: "").to_dict()["rows"]["model"]
    assert (row["distinct_1"]["value"], row["chrf"]["value"]) == (None, 0.0)


def test_bits_add_up_over_replies() -> None:
    row = score_replies(EXAMPLES, lambda e: "", lambda e: (30.0, 10)).to_dict()["rows"]["model"]
    assert (row["bits_per_byte"]["value"], row["bits_per_byte"]["interval"]) == (3.0, [3.0, 3.0])


def test_fewer_than_five_dialogues_have_no_interval() -> None:
    few = [example(n, recording=f"d{n % 4}") for n in range(8)]
    assert score_replies(few, lambda e: "oui").to_dict()["rows"]["model"]["words"]["interval"] is None


def test_the_table_names_how_chrf_was_scored() -> None:
    assert "nc:6|nw:0" in score_replies(EXAMPLES, lambda e: "oui").table()


@pytest.mark.parametrize("examples", [[], [example(0, kind="summary")]])
def test_anything_but_replies_is_refused(examples: list[Example]) -> None:
    with pytest.raises(ScoreError, match=r"Accepted: (reply|at least one reply)"):
        score_replies(examples, lambda e: "oui")


@pytest.mark.model
def test_a_model_finds_french_likelier_than_noise() -> None:
    from dialogue import llm
    from dialogue.core import models
    from dialogue.learning.reply_scores import likelihood

    try:
        model = llm.load("smollm2-135m-instruct", engine="transformers", device="cpu")
    except models.ModelError as error:
        pytest.skip(str(error))
    bits = likelihood(model)
    said = EXAMPLES[0]
    noise = Example(
        "n", "reply", (said.messages[0], {"role": "assistant", "content": "jxq wvk ùzp qdf"}), "d", (), (), ()
    )
    (good, length), (bad, other) = bits(said), bits(noise)
    assert length == len(said.answer.encode())
    assert 0 < good / length < bad / other < 8 * math.e
