"""The table in which people review mentions: nothing they wrote is lost."""

from pathlib import Path

import pytest

from dialogue.privacy import reviewing
from dialogue.privacy.mentions import Mention, MentionError, Note

NOTE = Note(
    "a", "Camille va à Rennes.\nCamille !", (Mention(0, 7, "PRENOM", "rules"), Mention(13, 19, "VILLE", "names"))
)


def test_a_table_that_nobody_changed_changes_nothing(tmp_path: Path) -> None:
    assert reviewing.write(tmp_path / "t.tsv", [NOTE]) == 2
    done = reviewing.read(tmp_path / "t.tsv", [NOTE])
    assert (done.notes, done.changed, done.problems) == ([NOTE], 0, [])


def edited(tmp_path: Path, old: str, new: str) -> reviewing.Reviewed:
    table = tmp_path / "t.tsv"
    reviewing.write(table, [NOTE])
    table.write_text(table.read_text(encoding="utf-8-sig").replace(old, new), encoding="utf-8")
    return reviewing.read(table, [NOTE])


def test_a_label_and_keep_are_read_back(tmp_path: Path) -> None:
    [note] = edited(tmp_path, "VILLE\t", "NOM\tkeep").notes
    assert note.mentions[1] == Mention(13, 19, "NOM", "person", keep=True)


def test_added_words_are_found_wherever_they_occur(tmp_path: Path) -> None:
    table = tmp_path / "t.tsv"
    reviewing.write(table, [Note("a", NOTE.text)])
    with table.open("a", encoding="utf-8") as file:
        file.write("a\t\t\tPRENOM\t\tcamille\t\n")
    [note] = reviewing.read(table, [Note("a", NOTE.text)]).notes
    assert [(m.start, m.source) for m in note.mentions] == [(0, "person"), (21, "person")]


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("VILLE\t", "TOWN\t", "found label 'TOWN'"),
        ("VILLE\t", "VILLE\tyes", "found decision 'yes'"),
        ("a\t13\t19", "a\t13\t99", "outside the text"),
        ("a\t13\t19", "b\t13\t19", "no recording 'b'"),
        ("a\t13\t19", "a\t\t", "do not occur"),
    ],
)
def test_a_row_that_cannot_be_used_is_named_and_the_others_serve(
    tmp_path: Path, old: str, new: str, message: str
) -> None:
    done = edited(tmp_path, old, new)
    assert [message in problem and "row 3" in problem for problem in done.problems] == [True]
    assert done.notes[0].mentions[0] == NOTE.mentions[0]


def test_new_mentions_are_added_at_the_end_of_a_table(tmp_path: Path) -> None:
    table = tmp_path / "t.tsv"
    reviewing.write(table, [NOTE])
    before = table.read_bytes().replace(b"VILLE\t", b"VILLE\tkeep")
    table.write_bytes(before)
    more = Note("a", NOTE.text, (*NOTE.mentions, Mention(21, 28, "PRENOM", "rules")))
    assert reviewing.write(table, [more]) == 1
    assert table.read_bytes().startswith(before)


def test_a_table_saved_by_a_spreadsheet_in_utf16_with_semicolons_is_read(tmp_path: Path) -> None:
    table = tmp_path / "t.tsv"
    reviewing.write(table, [NOTE])
    table.write_text(table.read_text(encoding="utf-8-sig").replace("\t", ";"), encoding="utf-16")
    assert reviewing.read(table, [NOTE]).notes == [NOTE]


def test_another_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "t.tsv").write_text("name\tage\n")
    with pytest.raises(MentionError, match="no column recording"):
        reviewing.read(tmp_path / "t.tsv", [NOTE])


def test_what_people_decided_stays_when_mentions_are_found_again() -> None:
    decided = Note("a", NOTE.text, (Mention(13, 19, "VILLE", "person", keep=True), Mention(21, 28, "PRENOM", "person")))
    [note] = reviewing.kept([NOTE], [decided])
    assert note.mentions == (NOTE.mentions[0], *decided.mentions)


def test_a_text_that_changed_since_the_review_is_refused() -> None:
    decided = Note("a", "Camille va à Brest.", (Mention(0, 7, "PRENOM", "person"),))
    with pytest.raises(MentionError, match="a: its text has changed"):
        reviewing.kept([NOTE], [decided])
