"""Skill and abilities: checks of answers written by hand, and points before and after each task of a run."""

import json
import shutil
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from dialogue.learning import tasks
from dialogue.learning.continual import (
    ContinualError,
    Stream,
    abilities,
    checkpoint_scores,
    comparison,
    loop,
    publish,
    scores,
    writing,
)
from dialogue.learning.continual.learner import Learner
from dialogue.learning.continual.matrix import Matrix
from dialogue.learning.tasks import Example, dialogue_record

pytest.importorskip("torch")
Streams = Callable[..., Stream]
ANSWERS = {  # in the order of the items: one good, then bad ones
    "copying-fr": [
        ("Le train part à huit heures.", "Le train part à 8 heures."),
        ("« Rouge, vert, bleu, jaune. »", "Rouge, vert, jaune."),
        ("La réunion aura lieu dans la grande salle du deuxième étage.", "La réunion aura lieu."),
        ("4 7 1 9 2", "4 7 1 9 2 8", "47192"),
        ("Qui a fermé la fenêtre du couloir ?", "Personne."),
        ("lundi, mercredi, vendredi", "Lundi, mercredi, vendredi"),
    ],
    "copying-en": [
        ("The train leaves at eight.", "Text: The train leaves at eight."),
        ('"Red, green, blue, yellow."', ""),
        ("The meeting will take place in the large room on the second floor.", "The meeting will take place."),
        ("8 3 5 0 6", "8 3 5 6 0"),
        ("Who closed the window in the corridor?", "I closed the window in the corridor."),
        ("Monday, Wednesday, Friday", "Monday, Wednesday, Friday, Sunday"),
    ],
    "instructions-fr": [
        ("BONJOUR !", "Bonjour", "BONJOUR, je vous écoute"),
        ("- pomme\n- poire\n\n- figue", "pomme, poire, figue", "pomme\npoire", "a\nb\nc\nd"),
        ('{"ville": "Lyon"}', '{"city": "Lyon"}', "ville : Lyon", '["ville"]'),
        ('{"nom": "Ana", "age": 3}', '{"nom": "Ana"}', "[" * 100_000),
        ("Oui.", "Oui, elle est en France", ""),
        ("Blanche.", "Elle est blanche", ""),
        ("12", "douze", "12 est le nombre"),
        ("Demain, il fera beau.", "Il fera beau demain.", "Demain"),
        ("Quelle belle journée !", "Quelle belle journée.", "!"),
        ("« Il fait beau. »", "Il fait beau.", "«»"),
        ("- Lyon\n- Lille", "- Lyon", "Lyon\nLille", "- Lyon\n- Lille\n- Brest"),
        ("chat, chat, chat", "chat, chat", "chat chat chat"),
    ],
    "instructions-en": [
        ("HELLO", "Hello", "HELLO, how are you?"),
        ("1. apple\n2. pear\n3. fig", "apple, pear, fig", "Here are three fruits:\napple\npear\nfig"),
        ('{"city": "Leeds"}', '{"town": "Leeds"}', '{"city": "Leeds"'),
        ('{"age": 3, "name": "Ana"}', '{"age": 3}', "3"),
        ("yes", "Yes, it is", "maybe"),
        ("White", "It is white"),
        ("12.", "twelve", "1 2"),
        ("Tomorrow I shall leave.", "I shall leave tomorrow."),
        ("What a day!", "What a day"),
        ('"It is late."', "It is late.", '""'),
        ("- Leeds\n- York", "Leeds, York", "- Leeds and York"),
        ("Cat, cat, cat.", "cat, cat, cat, cat", "Cat"),
    ],
}


def quiet(_: str) -> None:
    pass


def asked(number: int, recording: str, turns: str) -> Example:
    user = {"role": "user", "content": f"{turns}\n\nFiche ?"}
    right = {"role": "assistant", "content": dialogue_record.record(turns)}
    return Example(f"{recording}-{number}", "record", (user, right), recording, (recording,), ("u1",), ("h",))


@pytest.fixture(scope="module")
def records(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("skill") / "records"
    tasks.write([asked(1, "r0", "[A:] il pleut?\n[B:] oui")], folder / "train.jsonl")
    test = [asked(1, "r1", "[E:] ça va?\n[F:] oui"), asked(2, "r1", "[E:] et toi?"), asked(1, "r2", "[G:] bon")]
    tasks.write(test, folder / "test.jsonl")
    return folder


@pytest.fixture(scope="module")
def learner(streams: Streams) -> Learner:
    return Learner(streams(training={"context": 256}))


# The skill --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("answer", "points"),
    [
        (lambda right: right, [2, 1]),
        (lambda right: "Je ne sais pas.", [0, 0]),
    ],
    ids=["right", "wrong"],
)
def test_a_record_is_worth_a_point_if_it_is_right(
    streams: Streams, learner: Learner, records: Path, monkeypatch, answer: Callable[[str], str], points: list[int]
) -> None:
    rights = iter([e.answer for e in tasks.read(records / "test.jsonl")])
    monkeypatch.setattr(writing, "greedy", lambda *_, **__: answer(next(rights)))
    found = abilities.measure(streams(evaluation={"skill": records}), learner)
    assert {*found} == {"skill exact", "skill fields"}
    for cells in found.values():
        assert cells == {"r1": [points[0], 2], "r2": [points[1], 1]}


def test_a_name_may_be_written_twice_in_a_record(learner: Learner, monkeypatch) -> None:
    given: list[bool] = []
    monkeypatch.setattr(writing, "greedy", lambda *_, repeats=False: given.append(repeats) or "")
    monkeypatch.setattr(writing, "scored", lambda *_: {})
    example = asked(1, "r1", "[E:] ça va?")
    writing.write(
        learner, [example, replace(example, id="s", kind="reply", recording="s")], [learner.encoder(example)] * 2
    )
    assert given == [True, False]


def test_repeats_are_written_if_they_are_allowed(learner: Learner) -> None:
    prompt = learner.encoder.text("[A:] oui")
    assert len(writing.greedy(learner, prompt, 60, repeats=True)) <= 60
    assert writing.greedy(learner, prompt, 60, repeats=True) != writing.greedy(learner, prompt, 60)


def test_another_task_is_no_skill(streams: Streams, learner: Learner) -> None:
    stream = streams()
    with pytest.raises(ContinualError, match=r"kind continuation\. Accepted as a skill: record"):
        abilities.measure(streams(evaluation={"skill": stream.tasks[0]}), learner)


# Abilities --------------------------------------------------------------------------------------------------------


def checked() -> dict[str, abilities.Instruction]:
    return {f"{i.ability}-{i.id}": i for i in abilities.instructions()}


@pytest.mark.parametrize("group", [*ANSWERS])
def test_good_answers_pass_and_bad_ones_do_not(group: str) -> None:
    items = [i for name, i in checked().items() if name.startswith(group)]
    wrong = [
        (item.ask, answer)
        for item, (good, *bad) in zip(items, ANSWERS[group], strict=True)
        for answer, right in [(good, True), *((b, False) for b in bad)]
        if item.right(answer) != right
    ]
    assert wrong == []


def test_the_likelier_sentence_is_found(learner: Learner, monkeypatch) -> None:
    """With right and wrong exchanged, exactly the other pairs are won."""
    items = abilities._file()
    found = abilities._cloze(learner)
    exchanged = {language: [pair[::-1] for pair in pairs] for language, pairs in items["cloze"].items()}
    monkeypatch.setattr(abilities, "_file", lambda: {**items, "cloze": exchanged})
    other = abilities._cloze(learner)
    assert len(found) == 24
    assert {id: 1 - points for id, (points, _) in found.items()} == {id: points for id, (points, _) in other.items()}


def test_answers_are_counted_by_ability_and_item(streams: Streams, learner: Learner, monkeypatch) -> None:
    monkeypatch.setattr(abilities, "greedy", lambda *_, **__: "HELLO")
    found = abilities.measure(streams(evaluation={"abilities": True}), learner)
    assert {name: len(cells) for name, cells in found.items()} == {"cloze": 24, "copying": 12, "instructions": 24}
    won = [id for id, (points, _) in found["instructions"].items() if points]
    assert won == ["fr-6", "en-1", "en-6"]  # HELLO is one word, too
    assert not any(points for points, _ in found["copying"].values())


def test_nothing_is_measured_unasked_or_twice(streams: Streams, learner: Learner, records: Path) -> None:
    every = streams(evaluation={"skill": records, "abilities": True})
    assert abilities.measure(streams(), learner) == {}
    assert abilities.measure(every, learner, [*abilities.SKILL, *abilities.GENERAL]) == {}


# Runs -------------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def taught(streams: Streams, records: Path) -> Iterator[Callable[..., Stream]]:
    """Streams whose second task is the skill; with ``evaluation`` it is measured, in short answers."""
    first = streams().tasks[0]
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(abilities, "MOST", 2)
        patched.setattr(writing, "ROOM", 0.02)
        yield lambda **parts: streams(tasks=[first, records], training={"steps": 2, "context": 256}, **parts)


@pytest.fixture(scope="module")
def exp(taught: Callable[..., Stream], records: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("exp")
    loop.train(taught(evaluation={"skill": records, "abilities": True}), folder, quiet)
    return folder


def test_points_are_counted_before_the_first_task_and_after_each(exp: Path) -> None:
    matrix = Matrix.load(exp / "matrix.json")
    assert [[*row] for row in matrix.points] == [[*abilities.SKILL, *abilities.GENERAL]] * 3
    assert {name: len(values) for name, values in matrix.shares().items()} == dict.fromkeys(matrix.points[0], 3)


def test_a_checkpoint_is_scored_on_records_and_abilities(exp: Path) -> None:
    found = checkpoint_scores.score(exp, 0, report=quiet)
    table = scores.table(found)
    assert "| exact match | F1 of fields |" in table
    points = Matrix.load(exp / "matrix.json").points[0]["cloze"]
    assert f"cloze: {sum(p for p, _ in points.values()):g} of 24 points" in table
    assert [*scores.figures(found)["abilities"]] == [*abilities.GENERAL]


def test_a_run_taken_back_keeps_the_points_until_then(exp: Path, tmp_path: Path) -> None:
    shutil.copytree(exp, tmp_path / "back")
    publish.rollback(tmp_path / "back", 1)
    assert Matrix.load(tmp_path / "back/matrix.json").points == Matrix.load(exp / "matrix.json").points[:2]


def test_measuring_changes_nothing_that_is_learned(
    taught: Callable[..., Stream], records: Path, tmp_path: Path
) -> None:
    plain = loop.train(taught(), tmp_path / "plain", quiet)
    measured = loop.train(taught(evaluation={"skill": records}), tmp_path / "measured", quiet)
    assert plain.points == [{}, {}, {}]
    assert measured.rows == plain.rows


def test_it_may_be_asked_for_after_the_run(taught: Callable[..., Stream], records: Path, tmp_path: Path) -> None:
    asked = taught(evaluation={"skill": records})
    loop.train(taught(), tmp_path / "late", quiet)
    late = loop.train(asked, tmp_path / "late", quiet)
    assert late.points == loop.train(asked, tmp_path / "early", quiet).points


def test_what_was_asked_for_may_not_be_left_out_later(
    taught: Callable[..., Stream], records: Path, tmp_path: Path
) -> None:
    loop.train(taught(evaluation={"skill": records}), tmp_path, quiet)
    with pytest.raises(ContinualError, match=r"evaluation\.skill was .*, now it is None"):
        loop.train(taught(), tmp_path, quiet)


def saved(root: Path, name: str, points: list[dict]) -> None:
    rows = [{"calls": {"d": [bits, 100.0]}} for bits in (300.0, 200.0)]
    Matrix(["calls"], rows, points, run={"method": name, "seed": 0}).save(root / name / "matrix.json")


def test_compare_shows_points_from_those_of_the_initial_model(tmp_path: Path) -> None:
    saved(
        tmp_path,
        "naive",
        [{"skill exact": {"r1": [0, 4], "r2": [0, 4]}}, {"skill exact": {"r1": [4, 4], "r2": [2, 4]}}],
    )
    saved(tmp_path, "kl", [])
    runs = comparison.read([tmp_path])
    text = comparison.table(runs)
    assert "75.0 from 0.0" in text
    assert "naive: per cent of points, after each task" in text
    assert "kl: per cent of points" not in text
    found = {r["name"]: r["abilities"] for r in json.loads(comparison.as_json(runs))}
    assert found == {"naive": {"skill exact": [0, 0.75]}, "kl": {}}


def test_compare_has_no_such_column_if_no_run_asked(tmp_path: Path) -> None:
    saved(tmp_path, "naive", [{}, {}])
    text = comparison.table(comparison.read([tmp_path]))
    assert "bilities" not in text
    assert "points" not in text
