"""The sentences with marked mentions: every mark is read, and the form in lower case keeps them."""

import importlib.util
import sys
from pathlib import Path

import pytest

CORPUS = Path(__file__).parents[2] / "corpora" / "pseudonymes"
spec = importlib.util.spec_from_file_location("pseudonymes", CORPUS / "prepare.py")
assert spec is not None
assert spec.loader is not None
corpus = sys.modules[spec.name] = importlib.util.module_from_spec(spec)
spec.loader.exec_module(corpus)


def test_both_parts_are_read() -> None:
    counts = {p.stem: len(corpus.read(p)) for p in (CORPUS / "text").glob("*.txt")}
    assert counts == {"development": 156, "heldout": 152, "other_hand": 30}


def test_the_form_in_lower_case_keeps_the_mentions() -> None:
    for path in (CORPUS / "text").glob("*.txt"):
        for each in corpus.read(path):
            low = corpus.lowered(each.note)
            for one, two in zip(each.note.mentions, low.mentions, strict=True):
                said = corpus.PUNCTUATION.sub("", each.note.text[one.start : one.end]).lower().split()
                assert low.text[two.start : two.end].split() == said, each.note.id


def test_known_names_are_read(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("# known: Camille Durand; Rennes\nJe suis [Camille](PRENOM).\n", encoding="utf-8")
    [found] = corpus.read(tmp_path / "a.txt")
    assert (found.known, found.note.text) == (("Camille Durand", "Rennes"), "Je suis Camille.")


@pytest.mark.parametrize("text", ["[Camille](NAME)", "[Camille] (PRENOM)", "Camille](PRENOM)"])
def test_a_wrong_mark_is_explained(text: str) -> None:
    with pytest.raises(ValueError, match=r"a: found .* Accepted"):
        corpus.marked("a", text)
