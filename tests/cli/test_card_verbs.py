"""`dialogue card` and `dialogue dmp` as they are typed."""

from pathlib import Path

import pytest

from dialogue import corpus
from dialogue.cli import main
from dialogue.plan.templates import KINDS

PLAN = "{id: p, title: {fr: P, en: P}, created: 2026-01-05, contact: {name: P, email: p@example.org}}"


@pytest.mark.parametrize("kind", KINDS)
def test_a_new_card_of_each_kind_is_a_card(tmp_path: Path, kind: str) -> None:
    assert main(["card", "new", "essai", "--kind", kind, "--out", str(tmp_path / "essai.yaml")]) == 0
    card = corpus.load_card(tmp_path / "essai.yaml")
    assert (card.id, card.kind, card.licence) == ("essai", kind, "unknown")


def test_a_card_that_exists_is_not_overwritten(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "essai.yaml").write_text("mine", encoding="utf-8")
    assert main(["card", "new", "essai", "--kind", "report", "--out", str(tmp_path / "essai.yaml")]) == 2
    assert (tmp_path / "essai.yaml").read_text(encoding="utf-8") == "mine"
    assert "exists" in capsys.readouterr().err


def test_lint_goes_on_after_a_card_that_cannot_be_read(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "a.yaml").write_text("{id: a, title: {fr: A, en: A}, licences: MIT}", encoding="utf-8")
    (tmp_path / "b.yaml").write_text("{id: b, title: {fr: B, en: B}, licence: CC BY 4.0}", encoding="utf-8")
    assert main(["card", "lint", str(tmp_path)]) == 1
    said = capsys.readouterr().err
    assert "unknown key licences. Did you mean licence" in said
    assert "Did you mean CC-BY-4.0" in said


def test_a_card_that_is_in_order_passes_and_says_what_is_unknown(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "a.yaml").write_text("{id: a, title: {fr: A, en: A}, personal_data: no}", encoding="utf-8")
    assert main(["card", "lint", str(tmp_path)]) == 0
    assert "retention.delete_after" in capsys.readouterr().out


def test_show_writes_what_is_known_and_names_the_rest(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "a.yaml").write_text("{id: a, title: {fr: A, en: A}, personal_data: yes}", encoding="utf-8")
    assert main(["card", "show", str(tmp_path / "a.yaml")]) == 0
    said = capsys.readouterr().out
    assert "personal_data: 'yes'" in said
    assert "# unknown:" in said


def test_a_new_plan_is_read_and_lacks_only_what_its_owner_must_say(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    plan = str(tmp_path / "plan")
    assert main(["dmp", "init", plan, "--id", "essai", "--date", "2026-01-05"]) == 0
    assert main(["dmp", "lint", plan]) == 0
    assert main(["dmp", "lint", plan, "--strict"]) == 1
    assert main(["dmp", "build", plan]) == 2
    assert "contact.email is unknown" in capsys.readouterr().err


def test_a_plan_with_an_error_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "items").mkdir()
    (tmp_path / "project.yaml").write_text(PLAN, encoding="utf-8")
    (tmp_path / "items/a.yaml").write_text("{id: a, title: {fr: A, en: A}, derived_from: [a]}", encoding="utf-8")
    assert main(["dmp", "lint", str(tmp_path)]) == 1
    assert main(["dmp", "build", str(tmp_path)]) == 2
    assert "a -> a" in capsys.readouterr().err


def test_a_file_that_is_no_plan_is_refused(tmp_path: Path) -> None:
    (tmp_path / "x.json").write_text('{"dmp": {}}', encoding="utf-8")
    assert main(["dmp", "validate", str(tmp_path / "x.json")]) == 1
    assert main(["dmp", "validate", str(tmp_path / "none.json")]) == 2
