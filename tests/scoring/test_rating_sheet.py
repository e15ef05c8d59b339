"""Sheets for raters: blind, inert in a spreadsheet, read back with the agreement of the raters."""

import csv
import io
import json
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from dialogue.scoring import ScoreError
from dialogue.scoring.rating_sheet import (
    HEADS,
    MISTAKES,
    SCALES,
    _inert,
    krippendorff,
    read_ratings,
    write_sheet,
)

TEXTS = {"model": {"m1": "Le budget.", "m2": "=1+1"}, "rules": {"m1": "- point", "m2": "Œuvre ; « ça »"}}


@pytest.fixture
def sheet(tmp_path: Path) -> Path:
    write_sheet(TEXTS, tmp_path / "sheet.csv", tmp_path / "key.json")
    return tmp_path / "sheet.csv"


def cells(path: Path) -> list[list[str]]:
    return [*csv.reader(io.StringIO(path.read_bytes().decode("utf-8-sig"), newline=""), delimiter=";")]


def fill(
    path: Path, rater: str, values: dict[str, dict[str, str]], delimiter: str = ";", encoding: str = "utf-8"
) -> Path:
    """Return a rater's copy: row -> criterion -> what was written."""
    heads, *rows = cells(path)
    for row in rows:
        for name, value in values.get(row[0], {}).items():
            row[heads.index(HEADS[name])] = value
    out = io.StringIO()
    csv.writer(out, delimiter=delimiter).writerows([heads, *rows])
    copy = path.with_name(f"{rater}.csv")
    copy.write_bytes(out.getvalue().encode(encoding, errors="replace"))
    return copy


def rows_of(path: Path, system: str) -> list[str]:
    named = json.loads(path.with_name("key.json").read_text(encoding="utf-8"))["rows"]
    return [row for row, value in named.items() if value["system"] == system]


def test_a_sheet_does_not_say_who_wrote_what(sheet: Path) -> None:
    assert not {"model", "rules"} & {cell for row in cells(sheet) for cell in row}


def test_the_same_seed_draws_the_same_order(sheet: Path, tmp_path: Path) -> None:
    write_sheet(TEXTS, tmp_path / "again.csv", tmp_path / "k.json")
    assert (tmp_path / "again.csv").read_bytes() == sheet.read_bytes()


def test_another_seed_draws_another_order(tmp_path: Path) -> None:
    orders = set()
    for seed in range(8):
        write_sheet(TEXTS, tmp_path / "s.csv", tmp_path / "k.json", seed)
        orders.add(str(cells(tmp_path / "s.csv")))
    assert len(orders) > 1


@given(st.text(min_size=1))
@example("  =1+1")
def test_no_cell_begins_as_a_formula_does(text: str) -> None:
    assert _inert(text).lstrip()[:1] not in tuple("=+-@")


@given(st.text(st.characters(exclude_categories=("Cs",), exclude_characters="\0"), max_size=40))
def test_texts_come_back_whole(text: str) -> None:
    out = io.StringIO()
    csv.writer(out, delimiter=";").writerow([_inert(text), "x"])
    [[found, _]] = csv.reader(io.StringIO(out.getvalue(), newline=""), delimiter=";")
    assert found in (text, f"'{text}")


def test_means_are_of_each_system(sheet: Path) -> None:
    values = {row: {"adequacy": "5"} for row in rows_of(sheet, "model")}
    values |= {row: {"adequacy": "2", "hallucination": "x"} for row in rows_of(sheet, "rules")}
    found = read_ratings([fill(sheet, "anne", values)], sheet.with_name("key.json"))
    assert (found.means["model"]["adequacy"], found.means["rules"]["adequacy"]) == (5.0, 2.0)
    assert (found.means["model"]["hallucination"], found.means["rules"]["hallucination"]) == (0.0, 1.0)


@pytest.mark.parametrize(("delimiter", "encoding"), [(",", "utf-8"), ("\t", "utf-8"), (";", "cp1252")])
def test_what_a_spreadsheet_makes_of_a_sheet_is_read(sheet: Path, delimiter: str, encoding: str) -> None:
    copy = fill(sheet, "luc", {"1": {"fluency": "3"}}, delimiter, encoding)
    assert sum(read_ratings([copy], sheet.with_name("key.json")).rated.values()) == 1


def test_raters_who_agree_have_alpha_one(sheet: Path) -> None:
    values = {"1": {"adequacy": "5"}, "2": {"adequacy": "1"}, "3": {"adequacy": "3"}}
    copies = [fill(sheet, rater, values) for rater in ("anne", "luc")]
    assert read_ratings(copies, sheet.with_name("key.json")).alpha["adequacy"] == 1.0


@pytest.mark.parametrize(("name", "value"), [("adequacy", "6"), ("fluency", "3,5"), ("hallucination", "peut-être")])
def test_a_rating_of_another_form_is_refused_by_its_place(sheet: Path, name: str, value: str) -> None:
    copy = fill(sheet, "anne", {"2": {name: value}})
    with pytest.raises(ScoreError, match=rf"anne.csv, row 2, {name}: found '{value}'"):
        read_ratings([copy], sheet.with_name("key.json"))


def test_a_row_that_is_not_in_the_key_is_refused(sheet: Path) -> None:
    copy = fill(sheet, "anne", {"1": {"adequacy": "3"}})
    copy.write_text(copy.read_text(encoding="utf-8").replace("\n1;", "\n77;"), encoding="utf-8")
    with pytest.raises(ScoreError, match="row 77: not in the key"):
        read_ratings([copy], sheet.with_name("key.json"))


def test_sheets_that_nobody_filled_in_are_refused(sheet: Path) -> None:
    with pytest.raises(ScoreError, match="nothing is rated"):
        read_ratings([sheet], sheet.with_name("key.json"))


def test_alpha_is_that_of_krippendorffs_example() -> None:
    """Krippendorff 2011, section C: four observers, twelve units, missing data; 0.743 nominal, 0.815 ordinal."""
    observers = (
        "1 2 3 3 2 1 4 1 2 . . .",
        "1 2 3 3 2 2 4 1 2 5 . 3",
        ". 3 3 3 2 3 4 2 2 5 1 .",
        "1 2 3 3 2 4 4 1 2 5 1 .",
    )
    units = [[float(v) for v in unit if v != "."] for unit in zip(*(o.split() for o in observers), strict=True)]
    assert krippendorff(units, ordinal=False) == pytest.approx(0.743, abs=5e-4)
    assert krippendorff(units, ordinal=True) == pytest.approx(0.815, abs=5e-4)


def test_one_rater_agrees_with_nobody() -> None:
    assert krippendorff([[1.0], [2.0]], ordinal=True) is None


def test_there_are_four_scales_and_nine_kinds_of_error() -> None:
    assert (len(SCALES), len(MISTAKES)) == (4, 9)
