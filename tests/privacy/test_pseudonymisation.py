"""A corpus is copied without names, ids and manifest included; what is up to date stays, and what people corrected."""

import json

import pytest

from dialogue.core.audio import Recording
from dialogue.french.text import plain
from dialogue.privacy import detection, mentions, pseudonymisation
from dialogue.privacy.config import PrivacyConfig
from dialogue.privacy.pseudonymisation import Copying, PseudonymisationError
from tests.privacy.marked import said

NAMES = ("camille", "durand", "nadia")


@pytest.fixture
def corpus(tmp_path, monkeypatch):
    """Three recordings of the same person, one with her name in its id; detection finds what is marked."""
    found = {}
    recordings = []
    for id, other in (("entretien_camille", "Nadia"), ("b", "Camille Durand"), ("c", "Camille")):
        transcript, note = said(
            "Bonjour [NOM Camille Durand].",
            f"Oui, c'est [NOM {other}].",
            recording=id,
            names={"spk1": "Camille Durand"},
        )
        found[id] = note
        (tmp_path / "transcript").mkdir(exist_ok=True)
        transcript.save(tmp_path / "transcript" / f"{id}.json")
        recordings.append(Recording(id, tmp_path / f"{id}.wav", 5.0, attributes={"participants": ["Camille Durand"]}))
    monkeypatch.setattr(detection, "detect", lambda transcript, config, known: found[transcript.recording])
    return tmp_path, recordings


def copied(corpus, mode="pseudo", **options):
    folder, recordings = corpus
    copying = Copying(mode, folder / "secret" / "a.key")
    return pseudonymisation.run(
        recordings,
        folder / "transcript",
        folder / "mentions",
        folder / "out",
        copying,
        PrivacyConfig(),
        quiet=True,
        **options,
    )


def files(folder):
    return [p for p in (folder / "out").rglob("*") if p.is_file()]


@pytest.mark.parametrize("mode", ["pseudo", "tag", "mask"])
def test_no_name_is_in_any_file_or_file_name(corpus, mode):
    assert copied(corpus, mode).failed == {}
    for path in files(corpus[0]):
        assert [n for n in NAMES if n in plain(path.name) or n in plain(path.read_text())] == [], path


def test_the_same_person_is_the_same_in_three_files(corpus):
    copied(corpus)
    said_names = {
        json.loads(p.read_text())["speakers"][0]["name"]
        for p in (corpus[0] / "out").glob("*.json")
        if p.name != "stage.json"
    }
    assert len(said_names) == 1


def test_nothing_is_done_twice(corpus):
    copied(corpus)
    assert len(copied(corpus).current) == 3


def test_another_mode_redoes_the_copies_and_not_the_detection(corpus, monkeypatch):
    copied(corpus)
    monkeypatch.setattr(detection, "detect", lambda *_: pytest.fail("detected again"))
    assert len(copied(corpus, "tag").done) == 3


def test_what_a_reader_decided_stays_and_is_obeyed(corpus):
    copied(corpus)
    path = corpus[0] / "mentions" / "entretien_camille.jsonl"
    path.write_text(path.read_text().replace('"label": "NOM", "source"', '"label": "NOM", "keep": true, "source"'))
    assert len(copied(corpus).done) == 1
    assert "Nadia" in "".join(p.read_text() for p in files(corpus[0]))


def test_mentions_are_not_kept_with_the_copies(corpus):
    folder, recordings = corpus
    with pytest.raises(PseudonymisationError, match="another folder"):
        pseudonymisation.run(
            recordings,
            folder / "transcript",
            folder / "out" / "m",
            folder / "out",
            Copying("tag", folder / "k"),
            PrivacyConfig(),
        )


def test_one_bad_recording_does_not_stop_the_others(corpus):
    (corpus[0] / "transcript" / "b.json").write_text("{")
    result = copied(corpus)
    assert (len(result.done), len(result.failed)) == (2, 1)


def test_the_manifest_of_the_copies_leads_to_them(corpus):
    from dialogue.formats import lhotse

    copied(corpus)
    found = lhotse.read_recordings(corpus[0] / "out" / "data" / "recordings.jsonl")
    assert [r.path.exists() for r in found] == [True] * 3
    assert all("Camille" not in str(r.attributes) for r in found)


def test_the_mentions_are_a_file_of_the_exchange_format(corpus):
    copied(corpus)
    [note] = mentions.load(corpus[0] / "mentions" / "c.jsonl")
    assert [note.text[m.start : m.end] for m in note.mentions] == ["Camille Durand", "Camille"]
