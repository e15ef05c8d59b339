"""Agendas from files: lists, lines, and invitations that contain much else."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dialogue.minutes.agenda_file import read_agenda

ITEMS = ["Les corpus", "Le plan de gestion des données", "La démonstration"]


@pytest.mark.parametrize(
    "text",
    [
        "\n".join(ITEMS),
        "# Réunion de suivi\n\n" + "\n".join(f"- {i}" for i in ITEMS),
        "\n".join(f"{n}. {i}" for n, i in enumerate(ITEMS, 1)),
        "\n".join(f"• {i}\n" for i in ITEMS) + "\nVenez nombreux !",
        "Bonjour à tous,\nvoici le détail.\n\nOrdre du jour :\n" + "\n".join(ITEMS) + "\n\nBien à vous,\nCamille",
        "## Agenda\n" + "\n".join(f"* **{i}**" for i in ITEMS) + "\n## Salle\n- Curie",
        "Réunion du 12 octobre\n9h00 Les corpus\n9h20 - Le plan de gestion des données\n"
        "10:15–10:30 : La démonstration\n\nSalle Curie",
    ],
)
def test_the_items_are_found(tmp_path: Path, text: str) -> None:
    path = tmp_path / "agenda.md"
    path.write_text(text, encoding="utf-8")
    assert read_agenda(path) == ITEMS


def test_the_programme_of_a_kick_off(tmp_path: Path) -> None:
    slides = Path(__file__).parents[2] / "../shared/seed/kickoff-slides.txt"
    if not slides.exists():
        pytest.skip("the slides of the kick-off are not on this machine")
    found = read_agenda(slides)
    assert (len(found), found[0], found[1]) == (9, "WP0 + intro (LORIA)", "WP1: finetuning (LORIA)")
    assert found[-1] == "Misc and wrapup"


@pytest.mark.parametrize("text", ["", "\n\n", "# Titre\n---\n"])
def test_no_item_is_an_error(tmp_path: Path, text: str) -> None:
    path = tmp_path / "agenda.txt"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ValueError, match="no agenda item"):
        read_agenda(path)


@given(st.lists(st.from_regex(r"[A-Za-zéà][A-Za-zéà ]{3,20}[a-zé]", fullmatch=True), min_size=2, max_size=6))
def test_what_is_listed_comes_back(tmp_path_factory: pytest.TempPathFactory, items: list[str]) -> None:
    path = tmp_path_factory.mktemp("agenda") / "a.md"
    path.write_text("\n".join(f"- {i}" for i in items), encoding="utf-8")
    assert read_agenda(path) == items
