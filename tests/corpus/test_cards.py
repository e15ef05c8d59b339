"""Every card of the repository can be read, its cases pass, and errors in a card are explained."""

import shutil
from pathlib import Path

import pytest
import yaml

from dialogue import corpus
from dialogue.corpus import CorpusError
from dialogue.corpus.cases import run_tests

CORPORA = Path(__file__).parents[2] / "corpora"
CASE = {
    "content": "A: oui + non\nB: ah [rire]\n",
    "turns": ["A: oui non", "B: ah"],
    "events": ["pause: +", "laugh: rire"],
}
CARD = {
    "id": "small",
    "title": {"fr": "Petit", "en": "Small"},
    "languages": ["fr"],
    "licence": "CC0-1.0",
    "source": "made by a test",
    "speech": "written",
    "read": {"reference": "*.txt", "format": "script"},
    "tests": [CASE],
}


def card(folder: Path, **changes: object) -> Path:
    folder.mkdir(exist_ok=True)
    (folder / "card.yaml").write_text(yaml.safe_dump({**CARD, **changes}))
    return folder / "card.yaml"


@pytest.mark.parametrize("path", sorted(CORPORA.glob("*/card.yaml")), ids=lambda p: p.parent.name)
def test_every_card_is_read_and_its_cases_hold(path: Path) -> None:
    found = corpus.load_card(path)
    assert found.id == path.parent.name
    run_tests(found)


def test_a_case_that_does_not_hold_is_shown_before_the_data_is_read(tmp_path: Path) -> None:
    wrong = card(tmp_path, tests=[{**CASE, "turns": ["A: oui non", "B: oh"]}])
    with pytest.raises(CorpusError, match="test 1: turns: expected 'B: oh', found 'B: ah'"):
        corpus.prepare(wrong, tmp_path / "nowhere", tmp_path / "out")


def test_events_of_a_case_are_compared(tmp_path: Path) -> None:
    wrong = card(tmp_path, tests=[{**CASE, "events": []}])
    with pytest.raises(CorpusError, match="events: expected 'nothing', found 'pause: \\+'"):
        run_tests(corpus.load_card(wrong))


def test_two_cards_with_one_id_are_refused(tmp_path: Path) -> None:
    for name in ("one", "two"):
        card(tmp_path / name)
    with pytest.raises(CorpusError, match=r"two.card.yaml: id small is also that of .*one.card.yaml"):
        corpus.load_cards(tmp_path)


@pytest.mark.parametrize(
    ("changes", "found"),
    [
        ({"licences": "MIT"}, "unknown key licences. Did you mean licence"),
        ({"read": {"refference": "x"}}, "unknown key read.refference. Did you mean reference"),
        ({"id": "Two words"}, "id: found 'Two words'"),
        ({"title": "Petit"}, "title: found 'Petit'"),
        ({"published": {"hours": "many"}}, "published.hours: found 'many'. Accepted: unknown"),
        ({"shares": {"train": 0.5, "test": 0.4}}, "shares: they add up to 0.9"),
        ({"shares": {"all": 1.0}, "splits": {"test": ["*"]}}, "splits and shares are both given"),
        ({"read": {"reference": "x", "recording": "("}}, "read.recording: not a regular expression"),
        ({"personal_data": "perhaps"}, "personal_data: found 'perhaps'"),
    ],
)
def test_a_wrong_field_is_explained(tmp_path: Path, changes: dict, found: str) -> None:
    with pytest.raises(CorpusError, match=found):
        corpus.load_card(card(tmp_path, **changes))


def test_a_bare_yes_is_a_word(tmp_path: Path) -> None:
    path = card(tmp_path)
    path.write_text(path.read_text() + "personal_data: yes\nsensitive_data: no\n")
    found = corpus.load_card(path)
    assert (found.personal_data, found.sensitive_data) == ("yes", "no")


def test_the_table_says_what_is_unknown(tmp_path: Path) -> None:
    card(tmp_path / "one")
    assert "| small | Small | unknown | written | unknown | CC0-1.0 | unknown |" in corpus.table(
        corpus.load_cards(tmp_path)
    )


def test_a_distribution_that_no_glob_can_read_is_unpacked(tmp_path: Path) -> None:
    path = card(tmp_path / "card")
    (tmp_path / "card/prepare.py").write_text(
        "def unpack(source, folder):\n"
        "    folder.mkdir(parents=True, exist_ok=True)\n"
        "    (folder / 'd1.txt').write_text((source / 'all.zip').read_text())\n"
    )
    (tmp_path / "all.zip").write_text("A: bonjour\nB: oui\n")
    done = corpus.prepare(path, tmp_path, tmp_path / "out")
    assert [r.id for r in done.recordings] == ["d1"]
    shutil.rmtree(tmp_path / "out")


def test_the_readme_shows_the_table_of_all_cards() -> None:
    assert corpus.table(corpus.load_cards(CORPORA)) in (CORPORA / "README.md").read_text(encoding="utf-8")


def test_what_a_corpus_derives_from_has_a_card() -> None:
    cards = corpus.load_cards(CORPORA)
    assert {parent for card in cards.values() for parent in card.derived_from} <= set(cards)


@pytest.mark.parametrize("name", sorted(p.parent.name for p in CORPORA.glob("*/card.yaml")))
def test_every_card_has_a_case(name: str) -> None:
    if name == "reunion":
        assert (CORPORA / name / "data").is_dir()  # other tests read all of it
    else:
        assert corpus.load_card(CORPORA / name / "card.yaml").tests


def test_a_bare_yes_is_a_word_inside_a_section_and_a_list(tmp_path: Path) -> None:
    path = card(tmp_path)
    path.write_text(
        path.read_text()
        + "gdpr: {transfer_outside_eu: no, legal_basis: consent}\nstorage:\n- {host: LORIA, encrypted: yes}\n"
        + "retention: {delete_after: 2027-10-31, years: 5}\n"
    )
    found = corpus.load_card(path)
    assert (found.gdpr.transfer_outside_eu, found.storage[0].encrypted) == ("no", "yes")
    assert (found.retention.delete_after, found.retention.years) == ("2027-10-31", 5)


def test_an_item_that_is_not_read_needs_only_an_id_and_a_title(tmp_path: Path) -> None:
    (tmp_path / "card.yaml").write_text("{id: site, kind: website, title: {fr: Site, en: Website}}")
    assert corpus.load_card(tmp_path / "card.yaml").licence == "unknown"


def test_a_corpus_that_is_read_says_whether_people_spoke(tmp_path: Path) -> None:
    with pytest.raises(CorpusError, match=r"speech: unknown\. Accepted: real, synthetic, written"):
        corpus.load_card(card(tmp_path, speech="unknown"))
