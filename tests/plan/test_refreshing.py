"""Facts are measured on data, never typed; those of data that are gone stay, with the day they were last seen."""

import datetime
from collections.abc import Callable
from pathlib import Path

import pytest

from dialogue.core.files import digest_of, read_json, save_json, save_json_lines, sha256
from dialogue.plan import lint
from dialogue.plan.project import PlanError
from dialogue.plan.refreshing import refresh

DAY = datetime.date(2026, 2, 1)
LATER = datetime.date(2026, 3, 1)
EXAMPLE = {
    "id": "a-1",
    "kind": "continuation",
    "messages": [{"role": "assistant", "content": "[Zoé:] bonjour"}],
    "recording": "a",
    "speakers": ["Zoé"],
    "utterances": ["u1"],
    "hashes": ["0" * 16],
    "licence": "CC-BY-SA-4.0",
    "personal_data": "yes",
}


def test_a_prepared_corpus_is_measured_with_its_sound(plan: Path, prepared: Path) -> None:
    facts = refresh(plan, {"voix": prepared}, today=DAY)[0].facts["voix"]
    assert (facts.recordings, facts.speakers, facts.turns, facts.words) == (2, 1, 2, 6)
    assert facts.hours == pytest.approx(2 / 3600, abs=1e-4)
    assert facts.sample_rates == (16000,)
    assert facts.formats["audio/x-wav"] == 2
    assert facts.seen == "2026-02-01"


def test_the_same_data_give_the_same_facts(plan: Path, prepared: Path) -> None:
    first = refresh(plan, {"voix": prepared}, today=DAY)[0].facts["voix"]
    second, said = refresh(plan, today=DAY)
    assert (second.facts["voix"], said) == (first, [])


def test_one_changed_byte_changes_the_hash_and_is_said(plan: Path, prepared: Path, tmp_path: Path) -> None:
    before = refresh(plan, {"voix": prepared}, today=DAY)[0].facts["voix"]
    sound = tmp_path / "source/a.wav"
    sound.write_bytes(sound.read_bytes()[:-1] + b"\x01")
    after, said = refresh(plan, today=LATER)
    assert after.facts["voix"].manifest_sha256 != before.manifest_sha256
    assert [line for line in said if line.startswith("voix: changed")]


def test_facts_of_data_that_are_gone_stay_and_it_is_said(plan: Path, prepared: Path) -> None:
    before = refresh(plan, {"voix": prepared}, today=DAY)[0].facts["voix"]
    prepared.rename(prepared.with_name("elsewhere"))
    after, said = refresh(plan, today=LATER)
    assert (after.facts["voix"].bytes, after.facts["voix"].seen) == (before.bytes, "2026-02-01")
    assert not after.facts["voix"].present
    assert any("any more: its facts are of 2026-02-01" in line for line in said)
    assert any("gone" in problem.text for problem in lint.examine(after)[1])


def test_data_of_an_unknown_item_are_refused(plan: Path, prepared: Path) -> None:
    with pytest.raises(PlanError, match="no card has the id 'voice'"):
        refresh(plan, {"voice": prepared})


def test_what_people_wrote_is_not_touched(plan: Path, prepared: Path) -> None:
    before = {path: path.read_bytes() for path in plan.rglob("*.yaml")}
    refresh(plan, {"voix": prepared}, [prepared.parent])
    assert {path: path.read_bytes() for path in plan.rglob("*.yaml")} == before


@pytest.fixture
def runs(prepared: Path) -> Path:
    """What a recipe makes of the corpus: transcripts, a finetuning set, and a model of two tasks."""
    runs = prepared.parent
    stage = {"stage": "transcribe", "dialogue": "0.1.0", "models": {"whisper-base": "x"}, "seconds": 12.5}
    save_json(runs / "exp/asr/stage.json", {**stage, "counts": {"done": 2, "current": 0, "failed": 0}})
    save_json(runs / "exp/asr/a.json", {})
    for split in ("train", "test"):
        save_json_lines(runs / f"tasks/voix/{split}.jsonl", [EXAMPLE])
    digest = digest_of([sha256(runs / f"tasks/voix/{split}.jsonl") for split in ("train", "test")])
    model = {
        "schema": "dialogue/model-card/1",
        "base": {"model": "smollm2-135m-instruct", "licence": "Apache-2.0"},
        "licence": "unknown",
        "personal_data": "yes",
        "data": [{"task": "voix", "sha256": digest, "licences": ["CC-BY-SA-4.0"], "examples": 1, "recordings": ["a"]}],
        "method": "replay",
        "config": {"training": {"seed": 3, "steps": 10}},
        "versions": {"dialogue": "0.1.0"},
    }
    for number in (1, 2, 10):
        save_json(runs / f"exp/replay/task_{number}/card.json", model | {"method": f"replay {number}"})
    save_json(runs / "exp/replay/matrix.json", {"run": {"seconds": 3600.0, "tokens": 1000}})
    return runs


def test_runs_become_items_with_what_they_derive_from(plan: Path, runs: Path) -> None:
    found = refresh(plan, runs=[runs], today=DAY)[0]
    assert found.cards["exp-asr"].derived_from == ("whisper-base", "voix")
    assert found.cards["tasks-voix"].derived_from == ("voix",)
    assert found.cards["exp-replay"].derived_from == ("smollm2-135m-instruct", "tasks-voix")
    assert found.cards["smollm2-135m-instruct"].licence == "Apache-2.0"
    training = found.facts["exp-replay"].training
    assert training is not None
    assert (training["method"], training["seed"], training["steps"]) == ("replay 10", 3, 10)
    assert found.facts["exp-replay"].seconds == 3600


def test_items_of_runs_inherit(plan: Path, runs: Path) -> None:
    found, problems = lint.examine(refresh(plan, runs=[runs], today=DAY)[0])
    assert [p for p in problems if p.kind == "error"] == []
    assert (found.cards["exp-asr"].licence, found.cards["exp-asr"].personal_data) == ("CC-BY-SA-4.0", "yes")
    assert found.cards["exp-replay"].personal_data == "unknown"


def test_a_test_of_memorisation_beside_a_model_is_found(plan: Path, runs: Path) -> None:
    save_json(runs / "exp/replay/memorisation.json", {"extracted": 0})
    assert refresh(plan, runs=[runs])[0].facts["exp-replay"].memorisation_test == "../runs/exp/replay/memorisation.json"


def test_a_person_may_write_the_card_of_an_item_of_a_run(plan: Path, runs: Path, add: Callable[..., Path]) -> None:
    refresh(plan, runs=[runs], today=DAY)
    add("exp-replay", kind="model", role="produced", derived_from=["tasks-voix"], licence="CC-BY-SA-4.0")
    found = refresh(plan, runs=[runs], today=DAY)[0]
    assert found.cards["exp-replay"].role == "produced"
    assert found.facts["exp-replay"].bytes
    assert found.facts["exp-replay"].card is None


def test_what_cannot_be_read_is_said_and_the_rest_is_measured(plan: Path, runs: Path) -> None:
    (runs / "exp/asr/stage.json").write_text("{", encoding="utf-8")
    found, said = refresh(plan, runs=[runs])
    assert "exp-replay" in found.cards
    assert any("exp/asr: cannot be read" in line for line in said)


def test_a_folder_that_the_project_names_and_is_not_there_is_said(plan: Path) -> None:
    project = plan / "project.yaml"
    project.write_text(project.read_text(encoding="utf-8") + "runs: [../nowhere]\n", encoding="utf-8")
    assert any("nowhere: no such folder" in line for line in refresh(plan)[1])


def test_facts_are_plain_files(plan: Path, prepared: Path) -> None:
    refresh(plan, {"voix": prepared}, today=DAY)
    assert read_json(plan / "facts/voix.json")["schema"] == "dialogue-facts/1"
