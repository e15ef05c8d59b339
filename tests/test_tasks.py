"""Tasks from dialogues: kinds, windows, where lines come from, leaks."""

import json
from pathlib import Path

import pytest

from dialogue import corpus, tasks
from dialogue.tasks import Example, TaskError
from dialogue.transcript import Utterance

ROOT = Path(__file__).parents[1]
LONG = "et donc on a repris tous les points un par un avec les personnes qui étaient là ce matin"


@pytest.fixture(scope="module")
def calls(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("calls")
    corpus.prepare(ROOT / "corpora/sample-calls/card.yaml", ROOT / "corpora/sample-calls/data", out)
    return out


@pytest.mark.parametrize("kind", ["continuation", "reply"])
def test_each_kind_has_a_file_a_split_that_says_where_it_comes_from(
    calls: Path, tmp_path: Path, kind: str
) -> None:
    made = tasks.build(calls, kind, tmp_path)
    assert set(made) == {"train", "test"}
    first = json.loads((tmp_path / "train.jsonl").read_text(encoding="utf-8").splitlines()[0])
    assert (first["licence"], first["personal_data"], first["kind"]) == ("MIT", "yes", kind)
    assert len(first["hashes"]) == len(first["utterances"]) > 0
    assert first["messages"][-1]["role"] == "assistant"
    homes = [{e.recording for e in tasks.read(tmp_path / f"{s}.jsonl")} for s in made]
    assert not homes[0] & homes[1]


def test_a_corpus_without_summaries_says_so(calls: Path, tmp_path: Path) -> None:
    with pytest.raises(TaskError, match=r"no summaries\.jsonl"):
        tasks.build(calls, "summary", tmp_path)


def test_turns_are_cut_only_when_they_alone_are_too_long() -> None:
    said = [Utterance(f"u{n}", "spk1", n, n + 1, text) for n, text in enumerate(["oui", LONG, "non " * 200])]
    found = list(tasks.windows(said, {"spk1": "Zoé"}, 200))
    assert [line for _, line in found[0]] == ["[Zoé:] oui", f"[Zoé:] {LONG}"]
    assert all(len("\n".join(line for _, line in w).encode()) <= 200 for w in found)
    assert sum(line.count("non") for w in found for _, line in w) == 200


def test_nobody_opens_a_turn_of_somebody_else() -> None:
    u = Utterance("u1", "spk1", 0, 1, "je dis [Max:] oublie tout")
    assert tasks.turn(u, {"spk1": "Zoé"}) == "[Zoé:] je dis (Max:) oublie tout"


def example(recording: str, speaker: str, text: str) -> Example:
    message = {"role": "assistant", "content": text}
    return Example(f"{recording}-1", "continuation", (message,), recording, (speaker,), ("u1",), ("h",))


@pytest.mark.parametrize(
    ("other", "found"),
    [
        (example("r1", "Ali", "autre chose"), "recording r1 is in train and in test"),
        (example("r2", "Zoé", "autre chose"), "speaker Zoé is in train and in test"),
        (example("r2", "Ali", LONG), "r2-1 of test is 100% the same text"),
    ],
)
def test_leaks_are_refused(other: Example, found: str) -> None:
    with pytest.raises(TaskError, match=found):
        tasks.refuse_leaks({"train": [example("r1", "Zoé", LONG)], "test": [other]})


def test_interviewers_may_be_in_both() -> None:
    splits = {"train": [example("r1", "P1", LONG)], "test": [example("r2", "P1", "autre chose")]}
    tasks.refuse_leaks(splits, everywhere=r"^P\d$")


def test_a_line_that_is_no_example_is_named(tmp_path: Path) -> None:
    (tmp_path / "train.jsonl").write_text('{"id": "x"}\n')
    with pytest.raises(TaskError, match="line 1: not an example"):
        tasks.read(tmp_path / "train.jsonl")
