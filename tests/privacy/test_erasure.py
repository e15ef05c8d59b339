"""Erasing from an installation that the project made: what goes, what stays, and what may not come back."""

import json
import shutil

import numpy as np
import pytest

from dialogue.core import audio, config, files, ledger, tombstones
from dialogue.core.tainted import TaintedError, is_tainted
from dialogue.core.transcript import Transcript
from dialogue.learning import tasks
from dialogue.learning.continual import loop, publish, verification
from dialogue.learning.tasks import TaskError
from dialogue.library.directory import People
from dialogue.library.jobs import Queue
from dialogue.library.meetings import Library
from dialogue.library.search import search
from dialogue.minutes import Minutes
from dialogue.privacy import erasure
from dialogue.privacy.survey import of_speaker, survey
from dialogue.privacy.traces import Traces
from dialogue.workflow import meeting
from dialogue.workflow.revision import Revision
from tests.library.voices import CONSENT, sample
from tests.privacy.made import ALONE, CALL, LAST, NAME, OTHER, SAID, Installation

SOURCE = f"source/{CALL}/{CALL}.wav"


@pytest.fixture
def without_call(installation: Installation, run) -> Installation:
    run("privacy", "erase", "--recording", CALL, "--below", installation.folder, "--yes")
    return installation


@pytest.fixture
def without_person(installation: Installation, run) -> Installation:
    run("privacy", "erase", "--speaker", NAME, "--below", installation.folder, "--yes")
    return installation


def heard(path, start: float, end: float) -> float:
    sound = np.asarray(audio.load(path))
    return float(np.abs(sound[int(start * audio.RATE) : int(end * audio.RATE)]).max())


# What goes --------------------------------------------------------------------------------------------------------


def test_no_byte_of_a_recording_is_left(installation: Installation, run) -> None:
    assert installation.holding(CALL)
    run("privacy", "erase", "--recording", CALL, "--below", installation.folder, "--yes")
    assert installation.holding(CALL, "lampadaires") == {}


def test_no_byte_of_a_name_is_left_nor_what_they_said(installation: Installation, run) -> None:
    assert len(installation.holding(NAME)) > 30
    run("privacy", "erase", "--speaker", NAME, "--below", installation.folder, "--yes")
    assert installation.holding(NAME, "lampadaires", ALONE, "cerises") == {}


def test_their_turns_are_silent_and_those_of_others_are_not(without_person: Installation) -> None:
    first = len(SAID[CALL][0][1].split()) / 3
    for path in (without_person.folder / SOURCE, Library(without_person.library).sound(CALL)):
        assert heard(path, 0.0, first) == 0.0
        assert heard(path, first + 0.2, first + 3.0) > 0.05
        assert audio.probe(path).duration == pytest.approx(
            sum(len(t.split()) for _, t in SAID[CALL]) / 3 + 0.2, abs=0.01
        )


def test_their_voice_is_forgotten_and_that_of_others_is_kept(without_person: Installation) -> None:
    assert [p.name for p in People(without_person.library).everyone()] == ["Bob Marchal"]
    assert not (without_person.exp / "diarization/voices" / f"{CALL}.npz").exists()
    assert (without_person.exp / "diarization/voices" / f"{OTHER}.npz").exists()


def test_samples_of_an_erased_recording_are_forgotten(without_call: Installation) -> None:
    assert [p.name for p in People(without_call.library).everyone()] == ["Bob Marchal"]


# What stays -------------------------------------------------------------------------------------------------------


def test_what_others_said_stays(without_person: Installation) -> None:
    said = Transcript.load(without_person.data / "reference" / f"{CALL}.json")
    assert [said.name(u.speaker) for u in said] == ["Bob_Marchal", "Bob_Marchal"]
    assert said.utterances[0].text == "bonjour █████ vous voulez donc un devis avant la fin du mois"
    assert [o.reason for o in said.omissions] == ["erased", "erased"]


def test_files_without_it_stay_as_they_are(installation: Installation, run) -> None:
    def files() -> dict[str, bytes]:
        kept = [p for p in installation.folder.rglob("*") if p.is_file() and LAST in p.name and p.suffix != ".log"]
        return {str(p): p.read_bytes() for p in kept}

    before = files()
    run("privacy", "erase", "--speaker", NAME, "--below", installation.folder, "--yes")
    assert len(before) > 6
    assert files() == before


def test_meetings_are_brought_up_to_date(without_person: Installation) -> None:
    library = Library(without_person.library)
    assert {entry.id for entry in library.list()} == {CALL, OTHER}
    for id in (CALL, OTHER):
        folder = without_person.library / id
        assert {f"{id}.json", f"{id}.srt", "minutes.json", "minutes.md", "report.html"} <= {
            p.name for p in folder.iterdir()
        }
        assert not list(folder.glob("*.new.*"))
    assert search(library, "voirie")
    assert "Bob_Marchal" in {p.name for p in Minutes.load(without_person.library / CALL / "minutes.json").participants}


def test_a_log_of_corrections_keeps_its_numbers(without_person: Installation) -> None:
    revision = Revision(without_person.library / OTHER)
    assert [c.id for c in revision.log.corrections] == ["c2"]
    assert revision.add(revision.editor("Anne").rename("spk1", "Ana P.")).id == "c3"


def test_tasks_lose_their_rows_only(installation: Installation, run) -> None:
    path = installation.folder / "tasks/continuation/train.jsonl"
    before = tasks.read(path)
    run("privacy", "erase", "--speaker", NAME, "--below", installation.folder, "--yes")
    after = tasks.read(path)
    assert {e.id for e in after} == {e.id for e in before if NAME.replace(" ", "_") not in e.speakers}
    assert {e.recording for e in after} >= {OTHER}


# What may not come back -------------------------------------------------------------------------------------------


def test_prepare_leaves_it_out_and_says_so(without_call: Installation, run) -> None:
    shutil.rmtree(without_call.data)
    source = without_call.folder / "again"
    shutil.copytree(without_call.folder / "source", source)
    (source / CALL).mkdir()
    shutil.copy(source / LAST / f"{LAST}.wav", source / CALL / f"{CALL}.wav")
    (source / CALL / f"{CALL}.stm").write_text(f"{CALL} 1 Bob 0.0 1.0 bonjour\n")
    card = without_call.folder / "card.yaml"
    card.write_text(card.read_text().replace("test:", f"dev: [{CALL}]\n  test:"))
    said = run("prepare", card, "--source", source, "--out", without_call.data, code=1)
    assert f"failed: {CALL}: {CALL}: a recording of this id was erased on" in said
    assert CALL not in (without_call.data / "recordings.jsonl").read_text()


def test_prepare_leaves_out_who_was_erased(without_person: Installation, run) -> None:
    source = without_person.folder / "source" / OTHER / f"{OTHER}.stm"
    source.write_text(f"{OTHER} 1 {NAME.replace(' ', '_')} 0.0 1.0 bonjour\n", encoding="utf-8")
    card = without_person.folder / "card.yaml"
    said = run("prepare", card, "--source", without_person.folder / "source", "--out", without_person.data, code=1)
    assert "a person of this name asked to be erased on" in said


def test_the_same_sound_under_another_name_is_refused(installation: Installation, run, tmp_path) -> None:
    copy = shutil.copy(installation.folder / SOURCE, tmp_path / "autre.wav")
    run("privacy", "erase", "--speaker", NAME, "--below", installation.folder, "--yes")
    with pytest.raises(tombstones.TombstoneError, match="this sound was erased on"):
        Library(installation.library).add(tmp_path / "autre.wav")
    result = meeting.run([tmp_path / "autre.wav"], installation.library, transcript=installation.folder / "none.json")
    assert "this sound was erased on" in result.failed["autre"]
    assert copy


def test_people_and_corrections_refuse_the_name(without_person: Installation) -> None:
    with pytest.raises(tombstones.TombstoneError):
        People(without_person.library).enrol(NAME, sample(1), CONSENT)
    revision = Revision(without_person.library / OTHER)
    with pytest.raises(tombstones.TombstoneError):
        revision.add(revision.editor("Anne").rename("spk1", NAME))
    with pytest.raises(tombstones.TombstoneError):
        Library(without_person.library).change(OTHER, participants=[NAME])


def test_tasks_refuse_it(installation: Installation, run) -> None:
    kept = shutil.copytree(installation.data, installation.folder.with_name("kept_data"), dirs_exist_ok=True)
    run("privacy", "erase", "--recording", CALL, "--below", installation.folder, "--yes")
    with pytest.raises(TaskError, match=f"{CALL}: a recording of this id was erased"):
        tasks.build(kept, "continuation", installation.folder / "tasks/again", legal_basis="consent")


# Models -----------------------------------------------------------------------------------------------------------


def test_a_model_that_saw_it_is_refused_until_it_is_trained_without_it(
    without_person: Installation, run, capsys
) -> None:
    model = without_person.exp / "model"
    assert is_tainted(model / "task_1")
    assert is_tainted(model / "task_2")
    said = json.loads((model / "task_2/tainted.json").read_text())["retrain"]
    assert said == f"dialogue continual rollback {model} --to 0 && dialogue continual resume {model}"
    with pytest.raises(TaintedError, match="dialogue continual rollback"):
        publish.publish(model, without_person.folder / "published")
    with pytest.raises(TaintedError):
        loop.train(publish.stream_of(model), model, lambda line: None)
    for command in said.split(" && "):
        run(*command.split()[1:])
    assert len(loop.Matrix.load(model / "matrix.json").rows) == 3
    assert verification.verify(model, report=lambda line: None) == []
    publish.publish(model, without_person.folder / "published", lambda line: None)
    assert not list(without_person.folder.rglob("tainted.json"))


def test_a_model_that_only_was_tested_on_it_goes_on_and_is_still_accepted(installation: Installation, run) -> None:
    model = installation.exp / "model"
    assert verification.verify(model, report=lambda line: None) == []
    assert not installation.holding(NAME, CALL, LAST, OTHER).keys() & {str(model / "evidence.json")}
    run("privacy", "erase", "--recording", LAST, "--below", installation.folder, "--yes")
    assert not list(installation.folder.rglob("tainted.json"))
    assert verification.verify(model, report=lambda line: None) == []


@pytest.mark.parametrize(("method", "spared"), [("naive", 1), ("joint", 0)])
def test_a_joint_run_learned_from_every_task_at_once(tmp_path, method: str, spared: int) -> None:
    data = [{"recordings": [name]} for name in (OTHER, CALL)]
    files.save_json(tmp_path / "config.json", {"method": method, "tasks": ["data/first", "data/second"]})
    files.save_json(tmp_path / "stream.json", {"tasks": [["first", ""], ["second", ""]]})
    for number in (1, 2):
        learned = data if method == "joint" else data[:number]
        files.save_json(tmp_path / f"task_{number}/card.json", {"data": learned})
    assert erasure._first_tainted(tmp_path, Traces(recordings=(CALL,))) == spared


# How --------------------------------------------------------------------------------------------------------------


def test_nothing_is_done_without_a_yes(installation: Installation, run) -> None:
    before = {p: p.read_bytes() for p in installation.folder.rglob("*") if p.is_file()}
    for more, code in ((["--dry-run"], 0), ([], 2)):
        said = run("privacy", "erase", "--speaker", NAME, "--below", installation.folder, *more, code=code)
        assert f"silence their turns in {installation.folder / SOURCE}" in said
    assert {p: p.read_bytes() for p in installation.folder.rglob("*") if p.is_file() and p in before} == before


@pytest.mark.parametrize("steps", [0, 1, 7, 30, 60])
def test_what_a_killed_call_began_a_second_one_finishes(
    installation: Installation, run, monkeypatch, steps: int
) -> None:
    class Killed(BaseException):
        pass

    done, left = erasure._do, steps

    def do(*arguments: object) -> None:
        nonlocal left
        if left == 0:
            raise Killed
        left -= 1
        done(*arguments)

    traces = of_speaker(survey([installation.folder]), NAME)
    monkeypatch.setattr(erasure, "_do", do)
    with pytest.raises(Killed):
        erasure.erase([installation.folder], traces)
    monkeypatch.setattr(erasure, "_do", done)
    run("privacy", "erase", "--speaker", NAME, "--below", installation.folder)  # the yes was said
    assert installation.holding(NAME, "lampadaires", "cerises") == {}
    assert heard(installation.folder / SOURCE, 0.0, 3.0) == 0.0


def test_the_ledger_and_the_tombstones_count_and_tell_nothing(without_person: Installation) -> None:
    last = ledger.read(without_person.folder)[-1]
    assert last.action == "erase"
    assert last.counts["rewrite"] > 20
    stones = (without_person.folder / tombstones.NAME).read_text()
    assert {json.loads(line)["kind"] for line in stones.splitlines()} == {"recording", "sound", "person"}


def test_what_is_out_of_reach_is_listed(installation: Installation, run) -> None:
    ledger.record(installation.library, "export", ids=[CALL])
    (installation.folder / ".git").mkdir()
    said = run("privacy", "erase", "--recording", CALL, "--below", installation.library, installation.data, "--dry-run")
    assert f"{installation.folder / SOURCE}: the sound, in a folder that was not named" in said
    assert "a copy was given out by" in said
    said = run("privacy", "erase", "--recording", CALL, "--below", installation.folder, "--dry-run")
    assert "the history of Git may hold earlier versions" in said


def test_a_job_that_waits_is_cancelled(installation: Installation, run) -> None:
    run("privacy", "erase", "--recording", OTHER, "--below", installation.folder, "--yes")
    assert Queue(Library(installation.library)).list() == []


def test_an_unknown_name_says_which_are_near(installation: Installation, run) -> None:
    said = run("privacy", "erase", "--speaker", "Zephirine Quenoy", "--below", installation.folder, "--yes", code=2)
    assert f"Did you mean {NAME}" in said
    assert "no such recording" in run("privacy", "erase", "--recording", "nope", "--below", installation.folder, code=2)


# Bad input --------------------------------------------------------------------------------------------------------


def test_broken_lines_are_reported_and_the_rest_is_erased(installation: Installation, run) -> None:
    with (installation.data / "recordings.jsonl").open("a", encoding="utf-8") as file:
        file.write(f'{{"id": "{CALL}", "sour\n{{"half": \n')
    (installation.folder / "tasks/reply/train.jsonl").open("a", encoding="utf-8").write(f'{{"recording": "{CALL}", \n')
    said = run("privacy", "erase", "--recording", CALL, "--below", installation.folder, "--yes", code=1)
    assert "recordings.jsonl, line 6: not JSON" in said
    assert installation.holding(CALL) == {}
    assert '{"half": ' in (installation.data / "recordings.jsonl").read_text(encoding="utf-8")


def test_half_written_sound_is_deleted_where_it_cannot_be_silenced(installation: Installation, run) -> None:
    (installation.folder / SOURCE).write_bytes(b"RIFF\x10")
    run("privacy", "erase", "--speaker", NAME, "--below", installation.folder, "--yes")
    assert not (installation.folder / SOURCE).exists()
    assert Transcript.load(installation.data / "reference" / f"{CALL}.json").utterances


def test_a_recording_called_as_our_files_is_refused(installation: Installation, run) -> None:
    said = run("privacy", "erase", "--recording", "train", "--below", installation.folder, "--yes", code=2)
    assert "files of every experiment are called so" in said


def test_a_journal_can_be_read_back(installation: Installation) -> None:
    traces = of_speaker(survey([installation.folder]), NAME)
    assert config.build(type(traces), config.to_dict(traces)) == traces


def test_words_of_a_name_that_stay_are_counted_and_may_be_removed(installation: Installation, run, monkeypatch) -> None:
    path = installation.folder / "notes.txt"
    path.write_text("Zéphirine a rappelé ; l'autre Zéphirine aussi", encoding="utf-8")
    said = run("privacy", "erase", "--speaker", NAME, "--below", installation.folder, "--dry-run")
    assert "Zéphirine (2)" in said
    run("privacy", "erase", "--speaker", NAME, "--also", "Zéphirine", "--below", installation.folder, "--yes")
    assert path.read_text(encoding="utf-8") == "█████ a rappelé ; l'autre █████ aussi"


def test_what_the_demonstration_still_has_of_a_sound_is_deleted(installation: Installation, run, monkeypatch) -> None:
    monkeypatch.setenv("GRADIO_TEMP_DIR", str(installation.folder.with_name("gradio")))
    kept = installation.folder.with_name("gradio") / "0a1b" / "audio.wav"
    kept.parent.mkdir(parents=True)
    shutil.copy(installation.folder / SOURCE, kept)
    run("privacy", "erase", "--recording", CALL, "--below", installation.folder, "--yes")
    assert not kept.exists()
