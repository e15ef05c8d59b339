"""Labels follow the words of a recogniser, and twins have its errors."""

import importlib
import sys
from pathlib import Path

import pytest

from dialogue.core.transcript import Speaker, Transcript, Utterance

CORPUS = Path(__file__).parents[2] / "corpora" / "comptes-rendus"


@pytest.fixture(scope="module")
def heard():
    known = set(sys.modules)
    sys.path.insert(0, str(CORPUS))
    yield importlib.import_module("heard")
    sys.path.remove(str(CORPUS))
    for name in {"heard", "prepare"} - known:  # other corpora have a prepare.py too
        sys.modules.pop(name, None)


@pytest.fixture(scope="module")
def pairs(heard):
    written = {e.id: e for path in sorted((CORPUS / "text").glob("*.txt")) for e in heard.read(path)}
    return [(written[e.id], e) for path in sorted((CORPUS / "heard").glob("*.txt")) for e in heard.read(path)]


def test_thirty_excerpts_were_heard(pairs) -> None:
    assert len(pairs) == 30
    assert all(one.speakers == other.speakers and set(other.items) <= set(one.items) for one, other in pairs)


def test_labels_follow_the_words(heard, tmp_path) -> None:
    lines = [
        "Nadia [propose D1] Bon, la sono, on la loue ?",
        "Luc [agree D1] Ben oui.",
        "Luc [commit A1] J'appelle Musique Plus.",
    ]
    talk = [f"Nadia [inform] Phrase numéro {n}." for n in range(6)]
    items = ["D1 agreed | Louer la sono", "A1 volunteered | Luc | - | Appeler Musique Plus"]
    (tmp_path / "h0.txt").write_text(
        "\n".join(["= h0-01 | Bal | 2024-05-13 | Nadia, Luc", *talk, *lines, *items]), "utf-8"
    )
    [excerpt] = heard.read(tmp_path / "h0.txt")
    said = [*(u.text for u in excerpt.said[:6]), "Bon, la sauna, on la loue. Ben oui.", "Je rappelle musique plus."]
    utterances = tuple(Utterance(f"u{n}", "spk2" if n == 7 else "spk1", n, n + 1, text) for n, text in enumerate(said))
    found = heard.labelled(excerpt, Transcript("h0-01", 8.0, "fr", (Speaker("spk1"), Speaker("spk2")), utterances))
    assert [(u.speaker, u.act, u.items) for u in found.said[6:]] == [
        ("Nadia", "propose", ("D1",)),
        ("Luc", "commit", ("A1",)),
    ]
    assert found.items == excerpt.items


def test_twins_differ_in_words_and_keep_what_is_supported(heard, pairs) -> None:
    errors = heard.Errors(pairs, (w for one, _ in pairs for u in one.said for w, _ in heard.words(u.text)))
    twins = [errors.twin(one) for one, _ in pairs]
    assert [t.said for t in twins] == [errors.twin(one).said for one, _ in pairs]
    for (one, _), twin in zip(pairs, twins, strict=True):
        assert [u.text for u in twin.said] != [u.text for u in one.said]
        assert {i.id for i in twin.items} == {i for u in twin.said for i in u.items} <= {i.id for i in one.items}


def test_words_that_sound_alike_are_confused(heard) -> None:
    errors = heard.Errors([], ["sono", "sonnaux", "plombier"])
    assert errors._like("sonot")[0] in ("sono", "sonnaux")
