"""Cards, manifests and what validation finds."""

import json
from pathlib import Path

import pytest
import yaml

from dialogue import corpus, formats
from dialogue.audio import save_wav
from dialogue.corpus import CorpusError
from dialogue.formats import lhotse, uem

ROOT = Path(__file__).parents[1]
REUNION = ROOT / "corpora/reunion"

CARD = {
    "id": "small",
    "title": "Small",
    "languages": ["fr"],
    "licence": "CC0-1.0",
    "source": "made by a test",
    "speech": "synthetic",
    "read": {"audio": "*.wav", "reference": "*.stm"},
}


@pytest.fixture
def source(tmp_path: Path) -> Path:
    """Two recordings of a second each, with who said what."""
    import numpy as np

    folder = tmp_path / "source"
    folder.mkdir()
    for index, name in enumerate(("a", "b")):
        save_wav(folder / f"{name}.wav", np.full(16_000, 0.1 * (index + 1), dtype=np.float32))
        (folder / f"{name}.stm").write_text(
            f"{name} 1 Zoé_{name} 0.1 0.4 bonjour\n{name} 1 Ali_{name} 0.5 0.9 oui\n"
        )
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
        "corpus": "small", "language": "fr", "licence": "CC0-1.0", "speech": "synthetic", **attributes["a"]
    }  # fmt: skip
    assert [t.text for t in formats.read(out / "supervisions.jsonl")] == ["bonjour oui"] * 2
    assert [t.recording for t in formats.read(out / "reference.stm")] == ["a", "b"]
    assert [len(t.utterances) for t in formats.read(out / "reference.rttm")] == [2, 2]
    assert uem.read(out / "reference.uem") == {"a": [(0.0, 1.0)], "b": [(0.0, 1.0)]}
    assert not [path for path in out.iterdir() if path.is_dir()]
    assert corpus.validate(out) == []
    assert corpus.summary(out).startswith("2 recordings, 0.0 min, 4 speakers, 4 turns")


def test_prepare_without_references_writes_recordings_only(tmp_path: Path, source: Path) -> None:
    corpus.prepare(write_card(source, read={"audio": "*.wav"}), source, tmp_path / "data")
    assert [path.name for path in (tmp_path / "data").iterdir()] == ["recordings.jsonl"]
    assert corpus.validate(tmp_path / "data") == []


def test_each_split_has_its_folder(tmp_path: Path, source: Path) -> None:
    card = write_card(source, splits={"train": ["a*"], "test": ["b"]})
    corpus.prepare(card, source, tmp_path / "data")
    assert [r.id for r in lhotse.read_recordings(tmp_path / "data/test/recordings.jsonl")] == ["b"]
    assert [t.recording for t in formats.read(tmp_path / "data/train/reference.stm")] == ["a"]
    assert corpus.validate(tmp_path / "data") == []


def test_a_recording_in_two_splits_is_refused(tmp_path: Path, source: Path) -> None:
    with pytest.raises(CorpusError, match="b is in test, train"):
        corpus.prepare(write_card(source, splits={"train": ["*"], "test": ["b"]}), source, tmp_path / "data")


def test_a_speaker_in_two_splits_is_a_problem(tmp_path: Path, source: Path) -> None:
    for name in ("a", "b"):
        (source / f"{name}.stm").write_text(f"{name} 1 Zoé 0.1 0.4 bonjour\n")
    corpus.prepare(write_card(source, splits={"train": ["a"], "test": ["b"]}), source, tmp_path / "data")
    assert corpus.validate(tmp_path / "data") == [
        "speaker Zoé is in splits test, train. Accepted: one split a speaker."
    ]


def test_an_unquoted_date_and_a_bare_no_are_what_they_look_like(tmp_path: Path, source: Path) -> None:
    path = source / "card.yaml"
    path.write_text(
        write_card(source)
        .read_text()
        .replace("read:", "personal_data: no\nread:\n  attributes: {a: {date: 2023-10-12}}")
    )
    assert corpus.load_card(path).personal_data == "no"
    assert corpus.prepare(path, source, tmp_path / "data")[0].attributes["date"] == "2023-10-12"


@pytest.mark.parametrize(
    ("changes", "found"),
    [
        ({"licences": "MIT"}, "unknown key licences. Did you mean licence"),
        (
            {"read": {"audio": "*.wav", "referense": "x"}},
            "unknown key read.referense. Did you mean reference",
        ),
        ({"speech": "robots"}, "speech: found 'robots'"),
        ({"read": {}}, "a field is missing: 'audio'"),
        ({"read": {"audio": "*.flac"}}, "nothing matches .*flac"),
        ({"read": {"audio": "*.wav", "attributes": {"aa": {}}}}, "no recording 'aa'. Did you mean a"),
        (
            {"read": {"audio": "a.wav", "reference": "*.stm"}},
            "no audio matches a.wav, but there is a reference for b",
        ),
        ({"read": {"audio": "*.wav", "reference": "a.stm"}}, "no reference matches a.stm for b"),
    ],
)
def test_a_wrong_card_is_explained(tmp_path: Path, source: Path, changes: dict, found: str) -> None:
    with pytest.raises(CorpusError, match=found):
        corpus.prepare(write_card(source, **changes), source, tmp_path / "data")


def test_a_missing_card_is_explained(tmp_path: Path) -> None:
    with pytest.raises(CorpusError, match="No such file"):
        corpus.load_card(tmp_path / "card.yaml")


@pytest.mark.parametrize(
    ("change", "found"),
    [
        ({"start": 0.95}, "a: a-u1 ends at 1.250 s, the recording at 1.000 s."),
        ({"duration": 0.0}, "a: a-u1 lasts 0.000 s at 0.100 s. Accepted: more than 0."),
        ({"text": "…"}, "a: a-u1 at 0.100 s has no text."),
        ({"recording_id": "c"}, "c: has supervisions and is not in recordings.jsonl."),
        ({"id": "a-u2"}, "line 2: a-u2 appears twice"),
        ({"start": -1}, "line 1: starts at -1.000 s. Times count from 0."),
    ],
)
def test_validate_names_what_is_wrong(tmp_path: Path, source: Path, change: dict, found: str) -> None:
    out = tmp_path / "data"
    corpus.prepare(write_card(source), source, out)
    first, *rest = (out / "supervisions.jsonl").read_text().splitlines()
    (out / "supervisions.jsonl").write_text(
        "\n".join([json.dumps({**json.loads(first), **change}), *rest]) + "\n"
    )
    [problem] = corpus.validate(out)
    assert found in problem


def test_validate_finds_missing_and_identical_audio(tmp_path: Path, source: Path) -> None:
    out = tmp_path / "data"
    corpus.prepare(write_card(source), source, out)
    (source / "b.wav").write_bytes((source / "a.wav").read_bytes())
    assert corpus.validate(out) == ["b: the same audio as a. Leave one out."]
    (source / "b.wav").unlink()
    assert [problem.partition(" at ")[0] for problem in corpus.validate(out)] == ["b: no audio"]


def test_validate_finds_a_channel_read_twice(tmp_path: Path, source: Path) -> None:
    (source / "a.stm").write_text("a 1 Zoé 0.1 0.9 bonjour\na 1 Ali 0.1 0.9 bonjour\n")
    corpus.prepare(write_card(source), source, tmp_path / "data")
    assert corpus.validate(tmp_path / "data") == [
        "a: 100% of the speech is overlapped. Is a channel read twice?"
    ]


def test_validate_before_prepare_says_what_to_run(tmp_path: Path) -> None:
    [problem] = corpus.validate(tmp_path)
    assert problem.endswith("No such file or directory. Run `dialogue prepare` first.")


def test_the_sample_corpus_is_what_its_readme_says(tmp_path: Path) -> None:
    from dialogue.digests import sha256

    corpus.prepare(REUNION / "card.yaml", REUNION / "data", tmp_path)
    assert corpus.validate(tmp_path) == []
    assert (
        corpus.summary(tmp_path)
        == "3 recordings, 6.3 min, 11 speakers, 88 turns, 1.8% of the speech overlapped"
    )
    readme = (REUNION / "README.md").read_text()
    for path in sorted((REUNION / "data").glob("*/*")):
        assert f"| {path.parent.name}/{path.name} | {sha256(path)} |" in readme
