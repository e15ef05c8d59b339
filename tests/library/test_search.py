"""What a person types finds what was said, and nothing else."""

import pytest

from dialogue.library.catalogue import LibraryError
from dialogue.library.meetings import Library
from dialogue.library.search import search
from dialogue.library.stems import content_stems, stems
from tests.library.made import put


def found(library: Library, query: str) -> list[str]:
    return sorted({hit.meeting for hit in search(library, query)})


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("décision", "Decisions"),
        ("gelée", "geler"),
        ("envoyé", "envoie"),
        ("régional", "régionaux"),
        ("première", "premiers"),
        ("nouveau", "nouveaux"),
        ("équipe", "ÉQUIPES"),
        ("commande", "commandées"),
    ],
)
def test_forms_of_a_word_have_one_stem(one: str, other: str) -> None:
    assert stems(one) == stems(other)


@pytest.mark.parametrize(("one", "other"), [("partition", "parti"), ("commande", "comment"), ("salle", "salaire")])
def test_other_words_have_other_stems(one: str, other: str) -> None:
    assert stems(one) != stems(other)


def test_content_stems_leave_out_frequent_words() -> None:
    assert content_stems("Est-ce que la salle est réservée pour les 3 concerts ?") == ["sal", "reserv", "3", "concert"]


@pytest.mark.parametrize(
    ("query", "meetings"),
    [
        ("partition", ["choeur"]),
        ("PARTITIONS", ["choeur"]),
        ("reserve salle", ["choeur", "suite"]),
        ("l'abandon", ["suite"]),
        ("d'abandonner", ["suite"]),
        ("salle budget", ["choeur"]),
        ("salle trompette", []),
        ('"salle Saint-Jean"', ["choeur", "suite"]),
        ('"Jean salle"', []),
        ('"la salle est"', ["choeur"]),
        ("salle speaker:camille", ["choeur", "suite"]),
        ("partitions speaker:Camille", []),
        ("concert date:2023", ["choeur", "suite"]),
        ("concert date:2023-10-19", ["suite"]),
        ("concert date:2023-10-01..2023-10-15", ["choeur"]),
        ("concert date:..2023-10-15", ["choeur"]),
        ("concert date:2023-10-15..", ["suite"]),
        ("concert tag:ete", ["choeur"]),
        ('concert tag:"Été"', ["choeur"]),
        ("concert tag:chorale tag:été", ["choeur"]),
        ("concert tag:autre", []),
        ("aband*", ["suite"]),
        ("parti*", ["choeur"]),
        ("zzz*", []),
        ("de la", ["choeur"]),
        ("10:30 salle", []),
        ("huit cents", ["choeur"]),
    ],
)
def test_a_query_finds_its_meetings(two: Library, query: str, meetings: list[str]) -> None:
    assert found(two, query) == meetings


def test_words_and_minutes_are_told_apart(two: Library) -> None:
    assert {hit.kind for hit in search(two, "salle in:words")} == {"words"}
    kinds = {hit.kind for hit in search(two, "salle in:minutes")}
    assert "decision" in kinds
    assert "words" not in kinds


def test_a_name_alone_finds_what_they_said(two: Library) -> None:
    assert {hit.speaker for hit in search(two, "speaker:Camille")} == {"Camille"}


def test_a_hit_says_who_when_and_plays(two: Library) -> None:
    [hit] = search(two, "partitions in:words")
    assert (hit.meeting, hit.title, hit.date, hit.speaker) == ("choeur", "Chœur", "2023-10-12", "Nadia")
    assert hit.link == f"{(two.folder / 'choeur/report.html').resolve().as_uri()}#t={hit.start:.1f}"
    assert [hit.text[a:b] for a, b in hit.marks] == ["partitions"]


def test_a_meeting_without_a_page_has_no_link(two: Library) -> None:
    (two.folder / "choeur/report.html").unlink()
    assert [hit.link for hit in search(two, "partitions in:words")] == [None]


def test_a_long_utterance_is_shown_and_played_around_the_word(library: Library) -> None:
    put(library.folder, "long", f"Anne: {'bla ' * 300}trompette{' bla' * 300}.")
    [hit] = search(library, "trompette in:words")
    assert [hit.text[a:b] for a, b in hit.marks] == ["trompette"]
    assert len(hit.text) < 220
    assert hit.start == pytest.approx(90, abs=5)


@pytest.mark.parametrize(
    ("query", "message"),
    [
        ("", "no word in ''"),
        ("tag:chorale", "no word in 'tag:chorale'"),
        ("?!", "no word"),
        ("a in:title", "in:title: found 'title'. Accepted: words, minutes"),
        ("a date:octobre", "date: found 'octobre'. Accepted: 2023, 2023-10"),
        ("a date:..", "date: found '..'"),
    ],
)
def test_a_query_that_asks_nothing_says_what_is_accepted(two: Library, query: str, message: str) -> None:
    with pytest.raises(LibraryError) as error:
        search(two, query)
    assert message in str(error.value)


@pytest.mark.parametrize(
    "query", ['a"b', "a OR b", "NEAR(a b)", "stems:a", "a^2", "(a", "-a", "a*b", "\u00e9\u0301a", "a\0b"]
)
def test_words_are_no_commands_of_the_index(two: Library, query: str) -> None:
    assert search(two, f"trompette {query}") == []


@pytest.mark.parametrize("query", ['"', "*", "😀", "'", '""'])
def test_a_query_without_letters_has_no_word(two: Library, query: str) -> None:
    with pytest.raises(LibraryError, match="no word"):
        search(two, query)


def test_a_meeting_whose_sound_is_gone_is_found(two: Library) -> None:
    assert two.sound("choeur") is None
    assert found(two, "partitions") == ["choeur"]
