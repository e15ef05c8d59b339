"""Tombstones: they refuse, whatever the spelling, below their folder only, and tell nothing by themselves."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dialogue.core import tombstones
from dialogue.core.tombstones import TombstoneError, Tombstones


def test_they_apply_to_their_folder_and_all_below_it(tmp_path: Path) -> None:
    tombstones.write(tmp_path / "a", [("recording", "appel-zq17")])
    for folder in (tmp_path / "a", tmp_path / "a/b/c"):
        with pytest.raises(TombstoneError, match="appel-zq17: a recording of this id was erased on"):
            Tombstones(folder).refuse("recording", "autre", "appel-zq17")
    Tombstones(tmp_path).refuse("recording", "appel-zq17")
    Tombstones(tmp_path / "b").refuse("recording", "appel-zq17")


@pytest.mark.parametrize("name", ["Zéphirine Quennoy", "zéphirine  quennoy", "ZE\u0301PHIRINE QUENNOY"])
def test_a_name_is_known_in_any_case_and_form(tmp_path: Path, name: str) -> None:
    tombstones.write(tmp_path, [("person", "Zéphirine Quennoy")])
    with pytest.raises(TombstoneError):
        Tombstones(tmp_path).refuse("person", name)
    Tombstones(tmp_path).refuse("recording", name)


@given(st.text(min_size=12))
def test_the_list_does_not_hold_what_it_refuses(tmp_path_factory: pytest.TempPathFactory, name: str) -> None:
    folder = tmp_path_factory.mktemp("stones")
    tombstones.write(folder, [("person", name)], {"deleted": 3})
    assert name not in (folder / tombstones.NAME).read_text()
    assert Tombstones(folder).find("person", name)


def test_the_key_is_its_owners_and_without_it_nothing_is_accepted(tmp_path: Path) -> None:
    tombstones.write(tmp_path, [("person", "Zoé")])
    assert (tmp_path / tombstones.KEY).stat().st_mode & 0o077 == 0
    (tmp_path / tombstones.KEY).unlink()
    with pytest.raises(TombstoneError, match="It is the key of"):
        Tombstones(tmp_path)
    with pytest.raises(TombstoneError):
        tombstones.write(tmp_path, [("person", "Léa")])


def test_the_same_again_only_changes_the_counts(tmp_path: Path) -> None:
    tombstones.write(tmp_path, [("person", "Zoé")])
    tombstones.write(tmp_path, [("person", "Zoé"), ("person", "Léa")], {"deleted": 2})
    assert len((tmp_path / tombstones.NAME).read_text().splitlines()) == 2
