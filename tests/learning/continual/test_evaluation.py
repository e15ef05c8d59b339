"""Scoring a checkpoint: the figures of R again, what the model writes, and where the text of dialogues goes."""

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from dialogue.cli import main
from dialogue.learning import tasks
from dialogue.learning.continual import ContinualError, Stream, checkpoint_scores, loop, scores, writing
from dialogue.learning.continual.encoding import IGNORED, rows
from dialogue.learning.continual.learner import Learner
from dialogue.learning.continual.matrix import Matrix
from dialogue.learning.tasks import Example
from dialogue.scoring.rate import Rate

torch = pytest.importorskip("torch")
Streams = Callable[..., Stream]
DIALOGUE = "[Ana:] le budget de la fanfare passe à 1200 euros\n[Bob:] alors on vote"


def quiet(_: str) -> None:
    pass


def asked(number: int, answer: str, kind: str = "summary", recording: str = "r1") -> Example:
    user = {"role": "user", "content": f"{DIALOGUE}\n\nRésume ce dialogue."}
    last = {"role": "assistant", "content": answer}
    return Example(f"{recording}-{number}", kind, (user, last), recording, ("Ana", "Bob"), ("u1", "u2"), ("h", "h"))


@pytest.fixture(scope="module")
def learner(streams: Streams) -> Learner:
    return Learner(streams(training={"context": 256}))


@pytest.fixture(scope="module")
def stream(streams: Streams, tmp_path_factory: pytest.TempPathFactory) -> Stream:
    """A stream whose last task is summaries, two of them of the first recording."""
    root = tmp_path_factory.mktemp("summaries") / "summaries"
    # the tiny model is not trained on any of the words that it is asked to summarise
    tasks.write([replace(asked(9, "Un vote.", recording="r9"), messages=OTHER)], root / "train.jsonl")
    test = [
        asked(1, "Le budget est voté."),
        asked(2, "Ana parle du budget."),
        asked(1, "Un vote.", recording="r2"),
    ]
    tasks.write(test, root / "test.jsonl")
    plain = streams()
    return streams(tasks=[plain.tasks[0], root], adaptation={"kind": "lora"}, training={"steps": 2, "context": 256})


OTHER = (
    {"role": "user", "content": "[Eva:] il pleut sur la côte\n\nRésume ce dialogue."},
    {"role": "assistant", "content": "Il pleut."},
)


@pytest.fixture(scope="module")
def exp(stream: Stream, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("exp")
    loop.train(stream, folder, quiet)
    return folder


# What is written --------------------------------------------------------------------------------------------------


def test_the_likeliest_tokens_are_written(learner: Learner) -> None:
    encoded = learner.encoder(asked(1, "Un vote."))
    prompt = [i for i, label in zip(encoded.ids, encoded.labels, strict=True) if label == IGNORED]
    ids = list(prompt)
    learner.model.eval()
    with torch.no_grad():
        for _ in range(6):  # restart for each token, without a cache
            [row] = rows([replace(encoded, ids=tuple(ids), labels=tuple(ids))], 1000, learner.device)
            ids.append(int(learner.logits(row)[-1].argmax()))
    wanted = learner.tokenizer.decode(ids[len(prompt) :], skip_special_tokens=True).strip()
    assert writing.greedy(learner, prompt, 6) == wanted


def test_writing_stops_at_the_end_of_the_turn(learner: Learner, monkeypatch) -> None:
    ids = learner.encoder(asked(1, "Un vote.")).ids
    learner.model.eval()
    with torch.no_grad():
        first = int(learner.model(input_ids=torch.tensor([ids], device=learner.device)).logits[0, -1].argmax())
    monkeypatch.setattr(learner.encoder, "end", first)
    assert writing.greedy(learner, ids, 50) == ""


@pytest.fixture
def allowed(learner: Learner, monkeypatch) -> Callable[[str, int], int]:
    """How many tokens may be written for an answer by people; a token is a byte, and one is the end of the turn."""

    def ask(answer: str, context: int) -> int:
        given: list[int] = []
        monkeypatch.setattr(writing, "greedy", lambda learner, prompt, most, **_: given.append(most) or "")
        monkeypatch.setattr(learner, "context", context)
        writing.write(learner, [asked(1, answer)], [learner.encoder(asked(1, answer))])
        return given[0]

    return ask


def test_an_answer_may_be_half_longer_than_the_reference(allowed: Callable[[str, int], int]) -> None:
    assert allowed("Oui oui", 256) == 12


def test_an_answer_may_not_be_longer_than_the_context(learner: Learner, allowed: Callable[[str, int], int]) -> None:
    whole = len(learner.encoder(asked(1, "Oui oui")).ids)
    assert allowed("Oui oui", whole + 1) == 9


def test_several_references_of_a_prompt_are_answered_once(learner: Learner) -> None:
    examples = [asked(1, "Le budget est voté."), asked(2, "Ana parle.")]
    [found] = writing.write(learner, examples, [learner.encoder(e) for e in examples])
    assert found.references == {"r1-1": "Le budget est voté.", "r1-2": "Ana parle."}


def test_examples_without_a_prompt_are_passed_over(learner: Learner) -> None:
    plain = replace(asked(1, "[Ana:] oui"), messages=(OTHER[1],), kind="continuation")
    assert writing.write(learner, [plain], [learner.encoder(plain)]) == []


def scored(text: str, *references: str, kind: str = "summary") -> dict[str, writing.SystemRow]:
    return writing.scored(text, references, asked(1, references[0], kind), f"{DIALOGUE}\n\nDate : 2023.")


def test_the_reference_itself_scores_one() -> None:
    assert scored("On vote le budget.", "On vote le budget.")["model"].rouge == pytest.approx(
        {"rouge1": 1, "rouge2": 1, "rougeLsum": 1}
    )


def test_the_lead_is_as_many_of_the_first_words_as_the_reference_has() -> None:
    """``le budget`` without Ana's label: both words of the reference."""
    lead = scored("rien", "budget le")["lead"]
    assert (lead.words, lead.rouge["rouge1"], lead.rouge["rouge2"]) == (2, 1, 0)


def test_people_are_scored_against_each_other() -> None:
    """Each shares one of its two words with one other, and none with the third."""
    human = scored("rien", "alpha beta", "beta gamma", "delta epsilon")["human"]
    assert human.rouge["rouge1"] == pytest.approx((0.25 + 0.25 + 0) / 3)


def test_one_reference_has_nobody_to_be_compared_with() -> None:
    assert set(scored("rien", "alpha beta")) == {"model", "lead"}


def test_names_and_numbers_must_be_in_the_dialogue_or_asked_for() -> None:
    found = scored("Selon Ana, et selon Zoé, 1200 euros en 2023 et 77 en plus.", "Un vote.")["model"].support
    assert (found["names"].errors, found["names"].length) == (1, 2)
    assert (found["numbers"].errors, found["numbers"].length) == (1, 3)


def test_a_reply_has_rouge_of_words_alone() -> None:
    found = scored("alors oui", "alors non", kind="reply")
    assert {name: dict(row.rouge) for name, row in found.items()} == {"model": {"rouge1": 0.5}}


# Figures ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("task", [0, 1, 2])
def test_bits_per_byte_are_those_of_the_run(exp: Path, task: int) -> None:
    found = scores.figures(checkpoint_scores.score(exp, task, report=quiet))
    wanted = Matrix.load(exp / "matrix.json").values()[task]
    assert [c["bits_per_byte"]["value"] for c in found["columns"]] == pytest.approx(wanted, abs=1e-6)


def test_the_last_task_is_scored_by_default_and_its_drift_is_that_of_r(exp: Path) -> None:
    found = scores.figures(checkpoint_scores.score(exp, report=quiet))
    assert (found["task"], found["after"]) == (2, "summaries")
    assert found["columns"][0]["name"] == "probe"
    drift = Matrix.load(exp / "matrix.json").metrics()["drift"]
    assert found["columns"][0]["change"]["value"] == pytest.approx(drift, abs=1e-6)


def test_the_initial_model_has_not_moved(exp: Path) -> None:
    found = scores.figures(checkpoint_scores.score(exp, 0, report=quiet))
    assert {(c["change"], c["kl"]) for c in found["columns"]} == {(None, None)}


def test_the_divergence_of_adapters_is_told_on_each_column(exp: Path) -> None:
    found = scores.figures(checkpoint_scores.score(exp, report=quiet))
    assert all(c["kl"] > 0 for c in found["columns"])


def test_intervals_hold_the_value_where_there_are_five_recordings(exp: Path) -> None:
    found = checkpoint_scores.score(exp, report=quiet)
    for number in (4, 5):
        column = replace(found.columns[0], rates={f"r{n}": Rate(n, 10) for n in range(number)})
        shown = scores.figures(replace(found, columns=[column]))["columns"][0]["bits_per_byte"]
        assert (shown["interval"] is None) == (number < 5)
    low, high = shown["interval"]
    assert low <= shown["value"] <= high


def test_fewer_recordings_are_scored_when_asked(exp: Path) -> None:
    found = checkpoint_scores.score(exp, documents=1, report=quiet)
    assert [len(c.rates) for c in found.columns] == [1, 1, 1]
    assert scores.figures(found)["columns"][0]["bits_per_byte"]["interval"] is None


def test_a_yaml_gives_the_initial_model(exp: Path, stream: Stream, tmp_path: Path) -> None:
    (tmp_path / "c.yaml").write_text((exp / "config.json").read_text())  # JSON is YAML
    found = scores.figures(checkpoint_scores.score(tmp_path / "c.yaml", report=quiet))
    wanted = Matrix.load(exp / "matrix.json").values()[0]
    assert [c["bits_per_byte"]["value"] for c in found["columns"]] == pytest.approx(wanted, abs=1e-6)


def test_a_task_that_is_not_done_is_refused(exp: Path) -> None:
    with pytest.raises(ContinualError, match=r"2 tasks are done\. Accepted: --to 0 to 2"):
        checkpoint_scores.score(exp, 3, report=quiet)


# The command ------------------------------------------------------------------------------------------------------


def run(exp: Path, capsys, *options: str) -> tuple[str, str]:
    assert main(["continual", "evaluate", str(exp), *options]) == 0
    return capsys.readouterr()


def test_the_outputs_are_in_the_file_by_example_and_it_says_so(exp: Path, capsys) -> None:
    run(exp, capsys)
    value = json.loads((exp / "task_2/evaluation.json").read_text())
    assert set(value["outputs"]["summaries"]) == {"r1-1", "r2-1"}
    assert value["outputs"]["summaries"]["r2-1"]["references"] == {"r2-1": "Un vote."}
    assert "what the model wrote" in value["note"]


def test_no_text_of_dialogues_is_printed(exp: Path, capsys) -> None:
    printed = "".join([*run(exp, capsys), *run(exp, capsys, "--json")])
    outputs = json.loads((exp / "task_2/evaluation.json").read_text())["outputs"]["summaries"]
    texts = [t for o in outputs.values() for t in (o["written"], *o["references"].values()) if len(t) > 3]
    assert texts
    assert [t for t in [*texts, "fanfare"] if t in printed] == []


def test_the_same_checkpoint_gives_the_same_file(exp: Path, capsys) -> None:
    files = [run(exp, capsys) and (exp / "task_2/evaluation.json").read_bytes() for _ in range(2)]
    assert files[0] == files[1]


def test_rows_that_make_rouge_readable_stand_beside_it(exp: Path, capsys) -> None:
    table, _ = run(exp, capsys)
    rows = [line.split(" | ")[1] for line in table.splitlines() if line.startswith("| summaries")]
    assert rows[1:] == ["model", "first words", "people, each other"]
