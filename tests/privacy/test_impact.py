"""The starting document for an impact assessment: facts of the installation, and what nobody noted."""

import pytest

from dialogue.core import ledger
from tests.privacy.made import CALL, NAME, Installation


def test_it_says_what_is_known_and_lists_what_is_not(installation: Installation, run) -> None:
    (installation.library / "privacy.yaml").write_text("retention: {audio_days: 30}\n")
    run("privacy", "report", "--below", installation.folder, "--out", installation.folder / "dpia")
    french, english = ((installation.folder / "dpia" / f"dpia.{code}.md").read_text("utf-8") for code in ("fr", "en"))
    assert "### voirie (4 enregistrements)" in french
    assert "- données personnelles : yes" in french
    assert "- base légale : inconnu" in french
    assert "- [ ] voirie : base légale" in french
    assert "audio_days 30" in french
    assert "- legal basis : unknown" in english
    assert "| train | 2 |" in english
    assert "bibliothèque all/library : 2 réunions, 0 avec un consentement, 2 voix connues" in french
    assert "its memory was not measured" in english
    assert NAME not in french + english
    assert CALL not in french + english


def test_a_changed_ledger_is_found(installation: Installation, run) -> None:
    assert "all/data: 1 lines, as they were written" in run(
        "privacy", "report", "--below", installation.folder, "--verify"
    )
    path = installation.data / ledger.FOLDER / ledger.NAME
    path.write_text(path.read_text().replace('"recordings": 4', '"recordings": 3'))
    said = run("privacy", "report", "--below", installation.folder, "--verify", code=1)
    assert "line 1: it was changed after it was written" in said
    assert "CHANGED" in run("privacy", "report", "--below", installation.folder)


@pytest.mark.parametrize("folder", ["data", "exp/model", "library", "tasks/reply"])
def test_what_was_done_is_in_the_ledgers(installation: Installation, folder: str) -> None:
    actions = [entry.action for entry in ledger.read(installation.folder / folder)]
    wanted = {"data": ["prepare"], "exp/model": ["train", "train"], "tasks/reply": ["tasks"]}
    assert actions == wanted.get(folder, ["add", "add", "enrol", "enrol"])
    assert folder == "tasks/reply" or ledger.of(installation.folder / folder, CALL) or folder == "library"
