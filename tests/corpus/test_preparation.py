"""Cards, manifests and validation."""

import json
from pathlib import Path

import pytest
import yaml

from dialogue import corpus, formats
from dialogue.core.audio import save_wav
from dialogue.corpus import CorpusError
from dialogue.formats import lhotse, uem

ROOT = Path(__file__).parents[2]
REUNION = ROOT / "corpora/reunion"

CARD = {
    "id": "small",
    "title": {"fr": "Petit", "en": "Small"},
    "languages": ["fr"],
    "licence": "CC0-1.0",
    "source": "made by a test",
    "speech": "synthetic",
    "read": {"audio": "*.wav", "reference": "*.stm"},
}


@pytest.fixture
def source(tmp_path: Path) -> Path:
    """Write two recordings of one second each, with their transcripts."""
    import numpy as np

    folder = tmp_path / "source"
    folder.mkdir()
    for index, name in enumerate(("a", "b")):
        save_wav(folder / f"{name}.wav", np.full(16_000, 0.1 * (index + 1), dtype=np.float32))
        (folder / f"{name}.stm").write_text(f"{name} 1 Zoé_{name} 0.1 0.4 bonjour\n{name} 1 Ali_{name} 0.5 0.9 oui\n")
    return folder


def write_card(folder: Path, **changes: object) -> Path:
    path = folder / "card.yaml"
    path.write_text(yaml.safe_dump({**CARD, **changes}))
    return path


def test_prepare_writes_manifests_and_references(tmp_path: Path, source: Path) -> None:
    out = tmp_path / "data"
    attributes = {"a": {"date": "2023-10-12", "participants": ["Zoé"]}}
    card = write_card(source, read={**CARD["read"], "attributes": attributes})
    corpus.prepare(card, source, out)
    first, _ = lhotse.read_recordings(out / "recordings.jsonl")
    assert (first.id, first.duration, first.path.resolve()) == ("a", 1.0, source / "a.wav")
    assert first.attributes == {
        "corpus": "small",
        "language": "fr",
        "licence": "CC0-1.0",
        "speech": "synthetic",
        **attributes["a"],
    }
    assert [t.text for t in formats.read(out / "supervisions.jsonl")] == ["bonjour oui"] * 2
    assert [t.recording for t in formats.read(out / "reference.stm")] == ["a", "b"]
    assert [len(t.utterances) for t in formats.read(out / "reference.rttm")] == [2, 2]
    assert uem.read(out / "reference.uem") == {"a": [(0.0, 1.0)], "b": [(0.0, 1.0)]}
    assert [path.name for path in out.iterdir() if path.is_dir() and path.name != ".ledger"] == ["reference"]
    assert corpus.validate(out) == []
    assert corpus.summarise(out).parts[0].row() == ["all", "2", "0.00", "4", "4", "4", "0.0%"]


def test_prepare_without_references_writes_recordings_only(tmp_path: Path, source: Path) -> None:
    corpus.prepare(write_card(source, read={"audio": "*.wav"}), source, tmp_path / "data")
    assert {path.name for path in (tmp_path / "data").iterdir()} == {
        "recordings.jsonl",
        "recordings.attributes.json",
        "card.json",
        ".ledger",
    }
    assert corpus.validate(tmp_path / "data") == []


def test_each_split_has_its_folder(tmp_path: Path, source: Path) -> None:
    card = write_card(source, splits={"train": ["a*"], "test": ["b"]})
    corpus.prepare(card, source, tmp_path / "data")
    assert [r.id for r in lhotse.read_recordings(tmp_path / "data/test/recordings.jsonl")] == ["b"]
    assert [t.recording for t in formats.read(tmp_path / "data/train/reference.stm")] == ["a"]
    assert corpus.validate(tmp_path / "data") == []


def test_a_recording_in_two_splits_is_refused(tmp_path: Path, source: Path) -> None:
    with pytest.raises(CorpusError, match="b is in test, train"):
        corpus.prepare(write_card(source, splits={"train": ["a", "b"], "test": ["b"]}), source, tmp_path / "data")


def test_a_speaker_in_two_splits_is_a_problem(tmp_path: Path, source: Path) -> None:
    for name in ("a", "b"):
        (source / f"{name}.stm").write_text(f"{name} 1 Zoé 0.1 0.4 bonjour\n")
    corpus.prepare(write_card(source, splits={"train": ["a"], "test": ["b"]}), source, tmp_path / "data")
    [problem] = corpus.validate(tmp_path / "data")
    assert problem.startswith("speaker Zoé is in splits test, train. Accepted: one split per speaker.")


def test_an_unquoted_date_and_a_bare_no_are_what_they_look_like(tmp_path: Path, source: Path) -> None:
    path = source / "card.yaml"
    path.write_text(
        write_card(source)
        .read_text()
        .replace("read:", "personal_data: no\nread:\n  attributes: {a: {date: 2023-10-12}}")
    )
    assert corpus.load_card(path).personal_data == "no"
    assert corpus.prepare(path, source, tmp_path / "data").recordings[0].attributes["date"] == "2023-10-12"


@pytest.mark.parametrize(
    ("changes", "found"),
    [
        ({"licences": "MIT"}, "unknown key licences. Did you mean licence"),
        (
            {"read": {"audio": "*.wav", "referense": "x"}},
            "unknown key read.referense. Did you mean reference",
        ),
        ({"speech": "robots"}, "speech: found 'robots'"),
        ({"read": {}}, "a dataset without `read`"),
        ({"read": {"format": "stm"}}, "read: names neither audio nor reference"),
        ({"read": {"audio": "*.flac"}}, "nothing matches .*flac"),
        ({"read": {"audio": "*.wav", "attributes": {"aa": {}}}}, "no recording 'aa'. Did you mean a"),
    ],
)
def test_a_wrong_card_is_explained(tmp_path: Path, source: Path, changes: dict, found: str) -> None:
    with pytest.raises(CorpusError, match=found):
        corpus.prepare(write_card(source, **changes), source, tmp_path / "data")


def test_a_missing_card_is_explained(tmp_path: Path) -> None:
    with pytest.raises(CorpusError, match="No such file"):
        corpus.load_card(tmp_path / "card.yaml")


def test_what_cannot_be_read_is_reported_and_the_rest_continues(tmp_path: Path, source: Path) -> None:
    (source / "b.stm").write_text("b 1 Zoé 0.9 0.1 bonjour\n")
    (source / "c.wav").write_text("no sound")
    (source / "d.stm").write_text("d 1 Zoé 0.1 0.4 bonjour\n")
    done = corpus.prepare(write_card(source), source, tmp_path / "data")
    assert [r.id for r in done.recordings] == ["a"]
    assert {Path(name).name: why.split(".")[0] for name, why in done.failed.items()} == {
        "b.stm": "line 1: ends at 0",
        "c.wav": "c",
        "d.stm": "no audio matches *",
        "b": "no reference matches *",
    }


def test_a_run_that_was_stopped_leaves_no_manifest(tmp_path: Path, source: Path, monkeypatch) -> None:
    corpus.prepare(write_card(source), source, tmp_path / "data")

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(lhotse, "dump", full)
    with pytest.raises(OSError, match="No space"):
        corpus.prepare(write_card(source), source, tmp_path / "data")
    assert "Run `dialogue prepare`" in corpus.validate(tmp_path / "data")[0]


def test_splits_by_shares_keep_speakers_and_series_together(tmp_path: Path, source: Path) -> None:
    card = write_card(source, shares={"train": 0.5, "test": 0.5}, read={**CARD["read"], "speakers": "recording"})
    corpus.prepare(card, source, tmp_path / "data")
    assert {p.parent.name for p in (tmp_path / "data").glob("*/recordings.jsonl")} == {"train", "test"}
    card = write_card(source, shares={"train": 0.5, "test": 0.5}, read={**CARD["read"], "group": "()"})
    corpus.prepare(card, source, tmp_path / "series")
    assert [p.parent.name for p in (tmp_path / "series").glob("*/recordings.jsonl")] == ["test"]


def test_a_regular_expression_joins_sound_and_reference(tmp_path: Path, source: Path) -> None:
    (source / "a.stm").unlink()
    (source / "b.stm").unlink()
    for name in ("a", "b"):
        (source / f"{name}_final.TRS.stm").write_text(f"x 1 Zoé_{name} 0.1 0.4 bonjour\n")
    card = write_card(source, read={**CARD["read"], "recording": r"([ab])[_.]"})
    assert [r.id for r in corpus.prepare(card, source, tmp_path / "data").recordings] == ["a", "b"]


def test_a_corpus_of_texts_has_its_texts_as_recordings(tmp_path: Path) -> None:
    (tmp_path / "text").mkdir()
    (tmp_path / "text/d1.txt").write_text("Zoé : bonjour à tous\nAli : oui\n")
    (tmp_path / "sums/1").mkdir(parents=True)
    (tmp_path / "sums/1/d1.txt").write_text("Zoé salue.\n")
    read = {"reference": "text/*.txt", "summaries": "sums/*/*.txt", "recording": r"([^/]+)\.txt"}
    corpus.prepare(write_card(tmp_path, read=read, speech="written"), tmp_path, tmp_path / "data")
    [recording] = lhotse.read_recordings(tmp_path / "data/recordings.jsonl")
    assert recording.path.resolve() == tmp_path / "data/reference/d1.json"
    assert recording.attributes["modality"] == "text"
    assert formats.read(recording.path)[0].timed is False
    [summary] = map(json.loads, (tmp_path / "data/summaries.jsonl").read_text().splitlines())
    assert summary == {"recording": "d1", "name": "sums/1", "text": "Zoé salue."}
    assert corpus.validate(tmp_path / "data") == []


def test_the_sample_corpus_is_what_its_readme_says(tmp_path: Path) -> None:
    from dialogue.core.files import sha256

    corpus.prepare(REUNION / "card.yaml", REUNION / "data", tmp_path)
    assert corpus.validate(tmp_path) == []
    assert corpus.summarise(tmp_path).parts[0].row() == ["all", "3", "0.11", "11", "88", "1084", "1.8%"]
    readme = (REUNION / "README.md").read_text()
    for path in sorted((REUNION / "data").glob("*/*")):
        assert f"| {path.parent.name}/{path.name} | {sha256(path)} |" in readme


def test_splits_of_texts_go_by_the_folders_of_the_references(tmp_path: Path) -> None:
    for split in ("train", "test"):
        (tmp_path / "source" / split).mkdir(parents=True)
        (tmp_path / "source" / split / f"dialogue_{split}.txt").write_text("A: bonjour\nB: oui\n")
    read = {"reference": "*/*.txt", "format": "script"}
    card = write_card(tmp_path, read=read, splits={"train": ["train/*"], "test": ["test/*"]})
    corpus.prepare(card, tmp_path / "source", tmp_path / "data")
    [test] = lhotse.read_recordings(tmp_path / "data/test/recordings.jsonl")
    assert test.id == "dialogue_test"


def test_what_could_not_be_unpacked_is_reported_with_its_cause(tmp_path: Path, source: Path) -> None:
    script = (
        "def unpack(source, folder):\n    folder.parent.mkdir(parents=True)\n    folder.symlink_to(source)\n"
        "    return {'c': 'cut off'}\n"
    )
    (source / "prepare.py").write_text(script)
    done = corpus.prepare(write_card(source), source, tmp_path / "data")
    assert [r.id for r in done.recordings] == ["a", "b"]
    assert done.failed == {"c": "cut off"}


def test_a_prepare_script_may_state_facts_about_recordings(tmp_path: Path, source: Path) -> None:
    script = (
        "import json, pathlib, shutil\n"
        "def unpack(source, folder):\n"
        "    shutil.copytree(source, folder, dirs_exist_ok=True)\n"
        "    (folder / 'attributes.json').write_text(json.dumps({'a': {'date': '2024-05-13'}}))\n"
    )
    (source / "prepare.py").write_text(script)
    done = corpus.prepare(write_card(source), source, tmp_path / "data")
    assert [r.attributes.get("date") for r in done.recordings] == ["2024-05-13", None]


def test_minutes_by_people_are_kept_and_what_is_no_minutes_fails(tmp_path: Path, source: Path) -> None:
    for name, text in (("a", '{"decisions": ["Voté"]}'), ("b", "[]"), ("c", "{}")):
        (source / f"{name}.json").write_text(text)
    card = write_card(source, read={**CARD["read"], "minutes": "*.json"})
    done = corpus.prepare(card, source, tmp_path / "data")
    [kept] = (tmp_path / "data/minutes").iterdir()  # c is not a recording
    assert (kept.name, json.loads(kept.read_text())) == ("a.json", {"decisions": ["Voté"]})
    assert done.failed == {str(source / "b.json"): "minutes: not a JSON object. Accepted: minutes."}


def test_the_sample_meeting_has_its_minutes(tmp_path: Path) -> None:
    corpus.prepare(REUNION / "card.yaml", REUNION / "data", tmp_path)
    kept = (tmp_path / "minutes/reunion_corpus.json").read_bytes()
    assert kept == (REUNION / "data/reunion_corpus/minutes.json").read_bytes()


def test_what_the_card_says_of_single_recordings_is_data(tmp_path: Path) -> None:
    reunion = ROOT / "corpora/reunion"
    corpus.prepare(reunion / "card.yaml", reunion / "data", tmp_path)
    card = json.loads((tmp_path / "card.json").read_text(encoding="utf-8"))
    assert card["items"]["reunion_corpus"]["licence"] == "Apache-2.0"
