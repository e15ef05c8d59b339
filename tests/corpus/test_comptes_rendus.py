"""The labelled excerpts: every file is as its guide says, and faults are explained."""

import importlib.util
import json
import sys
from pathlib import Path

import pytest

from dialogue import formats

CORPUS = Path(__file__).parents[2] / "corpora" / "comptes-rendus"
spec = importlib.util.spec_from_file_location("comptes_rendus", CORPUS / "prepare.py")
assert spec is not None
assert spec.loader is not None
corpus = sys.modules[spec.name] = importlib.util.module_from_spec(spec)
spec.loader.exec_module(corpus)

HEADER = "= h0-01 | Réunion | 2024-05-13 | Nadia, Luc"
TALK = [f"Nadia [inform] Phrase {n}." for n in range(6)]


def write(folder: Path, *lines: str) -> Path:
    (folder / "h0.txt").write_text("\n".join([HEADER, *TALK, *lines]), encoding="utf-8")
    return folder / "h0.txt"


def test_thirteen_hands_wrote_excerpts_and_meetings() -> None:
    excerpts = [e for path in sorted((CORPUS / "text").glob("*.txt")) for e in corpus.read(path)]
    assert {e.hand for e in excerpts} == {f"h{n}" for n in range(1, 14)}
    assert len({e.id for e in excerpts}) == len(excerpts) == 715
    assert sum(e.whole for e in excerpts) == 65
    nothing = sum(all(item.id[0] == "X" for item in e.items) for e in excerpts if not e.whole)
    assert 250 <= nothing <= 270
    assert list(corpus.alike(excerpts)) == []


def test_an_excerpt_is_read(tmp_path) -> None:
    talk = ["Nadia [propose D1] On loue ?", "Luc [agree D1] Oui.", "Luc [commit A1] J'appelle."]
    [found] = corpus.read(write(tmp_path, *talk, "D1 agreed | Louer", "A1 volunteered | Luc | 2024-05-20 | Appeler"))
    assert (found.speakers, found.said[6].act, found.said[6].items) == (("Nadia", "Luc"), "propose", ("D1",))
    assert found.items[1] == corpus.Item("A1", "volunteered", "Appeler", "Luc", "2024-05-20")
    [action] = corpus.minutes(found)["actions"]
    assert (action["what"], action["owner"], action["due"], action["kind"]) == (
        "Appeler",
        "Luc",
        "2024-05-20",
        "volunteered",
    )


def test_items_cite_the_utterances_of_the_transcript(tmp_path) -> None:
    talk = ["Luc [other] …", "Nadia [propose X1] On loue ?", "Luc [refuse X1] Non.", "X1 refused | Louer"]
    write(tmp_path, *talk)
    corpus.unpack(tmp_path, tmp_path)
    [said] = formats.read(tmp_path / "transcripts/h0/h0-01.json")
    [item] = json.loads((tmp_path / "minutes/h0-01.json").read_text())["not_decided"]
    assert [said.utterances[n].text for n in item["evidence"]] == ["On loue ?", "Non."]


def test_date_and_title_are_known_of_each_excerpt(tmp_path) -> None:
    write(tmp_path, "Luc [other] Bon.", "Luc [inform] Fin.")
    corpus.unpack(tmp_path, tmp_path)
    known = json.loads((tmp_path / "attributes.json").read_text())
    assert known == {"h0-01": {"title": "Réunion", "date": "2024-05-13"}}


@pytest.mark.parametrize(
    ("lines", "message"),
    [
        (["Zoé [inform] Bonjour."], "found 'Zoé'. Accepted: one of Nadia, Luc"),
        (["Luc [say] Bonjour."], "found 'say'. Accepted: one of inform"),
        (["Luc [agree D1] Oui.", "Luc [inform] Fin."], "D1 is not stated"),
        (["Luc [agree] Oui.", "Luc [inform] Fin.", "D1 agreed | Louer"], "D1 is supported by no utterance"),
        (["Luc [agree D1] Oui.", "Luc [inform] Fin.", "D1 maybe | Louer"], "found 'maybe'"),
        (["Luc [commit A1] Oui.", "Luc [inform] Fin.", "A1 joint | Luc | 2024-05-01 | Agir"], "not in the past"),
        ([], "6 utterances, 8 to 25 expected"),
    ],
)
def test_a_fault_is_explained(tmp_path, lines: list[str], message: str) -> None:
    with pytest.raises(ValueError, match=r"h0\.txt, line") as error:
        list(corpus.read(write(tmp_path, *lines)))
    assert message in str(error.value)


def test_one_bad_file_does_not_stop_the_others(tmp_path) -> None:
    source, folder = tmp_path / "text", tmp_path / "out"
    source.mkdir()
    folder.mkdir()
    write(source)
    talk = [HEADER.replace("h0", "h9"), *TALK, "Luc [other] …", "Luc [inform] Fin."]
    (source / "h9.txt").write_text("\n".join(talk), encoding="utf-8")
    assert set(corpus.unpack(source, folder)) == {"h0.txt"}
    assert (folder / "transcripts" / "h9" / "h9-01.json").exists()
