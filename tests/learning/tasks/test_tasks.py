"""Tasks from dialogues: kinds, windows, and the source of lines."""

import json
from pathlib import Path

import pytest

from dialogue import corpus, formats
from dialogue.core.transcript import Speaker, Transcript, Utterance
from dialogue.learning import tasks
from dialogue.learning.tasks import TaskError
from tests.learning.tasks.written import dialogue, prepared

ROOT = Path(__file__).parents[3]
LONG = "et donc on a repris tous les points un par un avec les personnes qui étaient là ce matin"


@pytest.fixture(scope="module")
def calls(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("calls")
    corpus.prepare(ROOT / "corpora/sample-calls/card.yaml", ROOT / "corpora/sample-calls/data", out)
    card = json.loads((out / "card.json").read_text(encoding="utf-8"))
    (out / "card.json").write_text(
        json.dumps({**card, "gdpr": {"legal_basis": "simulated calls, published for research"}})
    )
    return out


@pytest.mark.parametrize("kind", ["continuation", "reply"])
def test_each_kind_has_a_file_a_split_that_says_where_it_comes_from(calls: Path, tmp_path: Path, kind: str) -> None:
    made = tasks.build(calls, kind, tmp_path).examples
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


def test_a_line_that_is_no_example_is_named(tmp_path: Path) -> None:
    (tmp_path / "train.jsonl").write_text('{"id": "x"}\n')
    with pytest.raises(TaskError, match="line 1: not an example"):
        tasks.read(tmp_path / "train.jsonl")


SUMMARIES = {"a": "Un budget.", "b": "Un vote."}


@pytest.mark.parametrize(("longest", "turns", "cut"), [(None, 40, ()), (500, 10, ("b",))])
def test_a_summary_is_scored_on_the_whole_dialogue_or_its_head(
    tmp_path: Path, longest: int | None, turns: int, cut: tuple[str, ...]
) -> None:
    data = prepared(tmp_path, {"train/a": dialogue(1, turns=6), "test/b": dialogue(2, turns=40)}, summaries=SUMMARIES)
    built = tasks.build(data, "summary", tmp_path / "out", longest=longest)
    [example] = tasks.read(tmp_path / "out/test.jsonl")
    assert len(example.dialogue.split("\n")) == turns
    assert built.cut == cut


def test_nothing_is_learned_from_a_summary_of_more_than_its_prompt(tmp_path: Path) -> None:
    data = prepared(tmp_path, {"train/a": dialogue(1, turns=40), "test/b": dialogue(2)}, summaries=SUMMARIES)
    built = tasks.build(data, "summary", tmp_path / "out", longest=500)
    assert (tasks.read(tmp_path / "out/train.jsonl"), built.cut) == ([], ("a",))


def test_what_was_cut_or_is_missing_is_printed(tmp_path: Path) -> None:
    data = prepared(tmp_path, {"test/a": dialogue(1), "train/b": dialogue(2)}, summaries=SUMMARIES)
    (data / "reference/b.json").unlink()
    said = str(tasks.build(data, "summary", tmp_path / "out", longest=100))
    assert said == (
        "test: 1 examples, train: 0 examples; 1 recording longer than --longest: excluded from train, truncated "
        "elsewhere; "
        "1 recording without a transcript"
    )


def test_dialogues_that_are_all_too_long_to_learn_from_are_an_error(tmp_path: Path) -> None:
    data = prepared(tmp_path, {"train/a": dialogue(1, turns=40), "test/b": dialogue(2)}, summaries={"a": "Un budget."})
    with pytest.raises(TaskError, match="longer than --longest 100"):
        tasks.build(data, "summary", tmp_path / "out", longest=100)


@pytest.fixture
def recognised(tmp_path: Path) -> tuple[Path, Path]:
    """Data, and a folder of ASR transcripts: other ids, other words, speakers without a name."""
    data = prepared(tmp_path, {"train/a": dialogue(1), "test/b": dialogue(2, names=("Max", "Eva"))})
    for name in ("a", "b"):
        said = tuple(
            Utterance(f"asr{n}", f"spk{n % 2 + 1}", n, n + 1.0, f"entendu {name} numéro {n}") for n in range(4)
        )
        heard = Transcript(name, 4.0, "fr", (Speaker("spk1"), Speaker("spk2")), said)
        formats.write([heard], tmp_path / "asr" / f"{name}.json")
    return data, tmp_path / "asr"


@pytest.mark.parametrize("kind", ["continuation", "reply"])
def test_of_transcripts_by_asr_the_source_is_told_too(recognised: tuple[Path, Path], tmp_path: Path, kind: str) -> None:
    data, asr = recognised
    tasks.build(data, kind, tmp_path / "out", transcripts=asr)
    last = tasks.read(tmp_path / "out/train.jsonl")[-1]
    assert last.utterances == ("asr0", "asr1", "asr2", "asr3")
    assert last.hashes == tuple(tasks.fingerprint(f"entendu a numéro {n}") for n in range(4))
    assert (last.recording, last.licence, last.personal_data) == ("a", "CC-BY-4.0", "no")
    assert "entendu a numéro 3" in last.answer


def test_speakers_without_a_name_are_other_people_in_each_recording(
    recognised: tuple[Path, Path], tmp_path: Path
) -> None:
    data, asr = recognised
    card = json.loads((data / "card.json").read_text(encoding="utf-8"))
    (data / "card.json").write_text(json.dumps({**card, "splits": {}}), encoding="utf-8")  # no official split
    tasks.build(data, "continuation", tmp_path / "out", transcripts=asr)
    [example] = tasks.read(tmp_path / "out/train.jsonl")
    assert example.speakers == ("a_spk1", "a_spk2")
    assert example.dialogue.startswith("[spk1:] ")


def test_lines_are_read_by_the_datasets_library(calls: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    datasets = pytest.importorskip("datasets", reason="datasets is not installed: pip install '.[dev]'")
    for kind in ("continuation", "reply"):
        tasks.build(calls, kind, tmp_path / kind)
    files = {"train": [str(tmp_path / kind / "train.jsonl") for kind in ("continuation", "reply")]}
    found = datasets.load_dataset("json", data_files=files, split="train", cache_dir=str(tmp_path / "cache"))
    written = [e for kind in ("continuation", "reply") for e in tasks.read(tmp_path / kind / "train.jsonl")]
    assert [tasks.Example.from_dict(row) for row in found] == written
