"""A library is its files: what is added, changed, deleted and indexed, and what a person may do to it by hand."""

import datetime
import os
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dialogue.core.audio import AudioError
from dialogue.core.config import ConfigError
from dialogue.library.catalogue import LibraryError
from dialogue.library.facts import MeetingFacts, read_facts, write_facts
from dialogue.library.jobs import Queue
from dialogue.library.meetings import Library
from dialogue.library.search import search
from dialogue.minutes.document import MinutesError
from tests.library.made import CHOIR, put, recording


def test_a_recording_is_noted_with_its_facts(library: Library, tmp_path: Path) -> None:
    sound = recording(tmp_path / "réunion d'équipe.wav")
    id = library.add(sound, title="Comité", date="12/10/2023", tags=["budget", "budget ", ""])
    [entry] = library.list()
    assert (entry.id, entry.title, entry.date, entry.tags) == (id, "Comité", "2023-10-12", ("budget",))
    assert (id, entry.owner, entry.problem) == ("réunion_d_équipe", "local", "not processed yet")
    assert library.sound(id).read_bytes() == sound.read_bytes()


def test_two_recordings_of_one_name_are_two_meetings(library: Library, tmp_path: Path) -> None:
    (tmp_path / "other").mkdir()
    paths = [recording(tmp_path / "a.wav"), recording(tmp_path / "other/a.wav", 0.2)]
    ids = [library.add(path) for path in paths]
    assert ids == ["a", "a-2"]
    assert [library.sound(id).resolve() for id in ids] == paths


def test_a_copy_survives_the_deletion_of_the_recording(library: Library, tmp_path: Path) -> None:
    kept, linked = (library.add(recording(tmp_path / name), copy=name == "kept.wav") for name in ("kept.wav", "l.wav"))
    for path in tmp_path.glob("*.wav"):
        path.unlink()
    assert library.sound(kept) is not None
    assert library.sound(linked) is None


@pytest.mark.parametrize(
    ("facts", "found"),
    [
        ({"date": "31/02/2023"}, "date: found '31/02/2023'"),
        ({"keep_until": "demain"}, "found 'demain'"),
        ({"colour": "red"}, "no fact 'colour'. Accepted: title, date"),
        ({"owner": "somebody"}, "no fact 'owner'"),
        ({"title": 3}, "title: found 3 (int). Accepted: str"),
    ],
)
def test_a_wrong_fact_adds_nothing(library: Library, tmp_path: Path, facts, found: str) -> None:
    with pytest.raises((LibraryError, ConfigError, MinutesError)) as error:
        library.add(recording(tmp_path / "a.wav"), **facts)
    assert found in str(error.value)
    assert library.list() == []


def test_what_is_no_recording_is_refused(library: Library, tmp_path: Path) -> None:
    (tmp_path / "a.wav").write_text("bonjour")
    with pytest.raises(AudioError):
        library.add(tmp_path / "a.wav")
    with pytest.raises(LibraryError, match=r"no meeting\. Accepted: a recording, or a folder"):
        library.add(tmp_path)
    assert library.list() == []


def test_a_finished_meeting_is_copied(library: Library, tmp_path: Path) -> None:
    source = put(tmp_path / "out", "choeur", CHOIR, date="2023-10-12")
    assert [library.add(source, tags=["a"]) for _ in range(2)] == ["choeur", "choeur-2"]
    assert library.transcript("choeur-2").text == library.transcript("choeur").text
    assert library.get("choeur").participants == ("Camille", "Nadia", "Thomas")


def test_what_dialogue_meeting_wrote_into_the_library_is_there(library: Library) -> None:
    folder = put(library.folder, "choeur", CHOIR)
    (folder / "meeting.yaml").unlink()
    assert [e.id for e in library.list()] == ["choeur"]
    assert library.add(folder, title="Chœur") == "choeur"
    assert library.get("choeur").title == "Chœur"
    with pytest.raises(LibraryError, match="already in the library"):
        library.add(folder)


def test_facts_changed_by_hand_count_at_once(two: Library) -> None:
    (two.folder / "suite/meeting.yaml").write_text("title: Après\ndate: 2024-01-02\n", encoding="utf-8")
    assert [(e.title, e.date) for e in two.list()] == [("Après", "2024-01-02"), ("Chœur", "2023-10-12")]
    assert search(two, "abandonne")[0].title == "Après"


@pytest.mark.parametrize("text", ["title: [", "title: 3", "colour: red", "- a", "\x00", "title: " + 200 * "["])
def test_facts_that_cannot_be_read_are_told(two: Library, text: str) -> None:
    (two.folder / "suite/meeting.yaml").write_text(text, encoding="utf-8")
    [problem] = [e.problem for e in two.list() if e.id == "suite"]
    assert "suite/meeting.yaml" in problem
    assert len(search(two, "salle", 50)) > 0


def test_a_corrected_transcript_is_found_by_its_new_words(two: Library) -> None:
    assert search(two, "trompette") == []
    path = two.folder / "suite/suite.json"
    path.write_text(path.read_text(encoding="utf-8").replace("abandonne le concert", "garde la trompette"))
    assert [h.meeting for h in search(two, "trompettes")] == ["suite"]
    assert [h.meeting for h in search(two, "abandonner in:words")] == []


@pytest.mark.parametrize("name", ["choeur.json", "minutes.json"])
@pytest.mark.parametrize("content", ["", "{", "[]", '{"schema": "dialogue/transcript/1", "utterances": [3]}', "\x00"])
def test_a_damaged_file_is_told_and_spares_the_others(two: Library, name: str, content: str) -> None:
    (two.folder / "choeur" / name).write_text(content)
    [problem] = [e.problem for e in two.list() if e.id == "choeur"]
    assert problem
    assert two.rebuild() == 2
    assert {h.meeting for h in search(two, "abandonne")} == {"suite"}


def test_a_meeting_deleted_by_hand_is_gone(two: Library) -> None:
    (two.folder / "suite").rename(two.folder / ".suite")
    assert [e.id for e in two.list()] == ["choeur"]
    assert search(two, "abandonne") == []


def test_deleting_a_meeting_deletes_all_its_files_and_no_other(library: Library, tmp_path: Path) -> None:
    ids = [library.add(recording(tmp_path / name), copy=True) for name in ("a.wav", "a.b.wav")]
    for id in ids:
        for name in (
            f".stages/asr/{id}.json",
            f".stages/asr/unfinished/{id}.jsonl",
            f".stages/corrections/{id}.minutes.jsonl",
            f".stages/export/sound/{id}/0.mp3",
            f"{id}.error",
        ):
            (library.folder / name).parent.mkdir(parents=True, exist_ok=True)
            (library.folder / name).touch()
    queue = Queue(library)
    job = queue.submit("a")
    with pytest.raises(LibraryError, match=f"job {job.id} is submitted. Type first: dialogue library cancel"):
        library.remove("a")
    queue.cancel(job.id)
    library.remove("a")
    left = [str(p.relative_to(library.folder)) for p in library.folder.rglob("*") if p.is_file()]
    assert sorted(p for p in left if not p.startswith((".library", "library.sqlite", ".ledger"))) == [
        ".sounds/a.b.wav",
        ".stages/asr/a.b.json",
        ".stages/asr/unfinished/a.b.jsonl",
        ".stages/corrections/a.b.minutes.jsonl",
        ".stages/export/sound/a.b/0.mp3",
        "a.b.error",
        "a.b/meeting.yaml",
    ]
    assert [e.id for e in library.list()] == ["a.b"]
    assert queue.list() == []


def test_a_meeting_may_be_kept_until_a_moment(library: Library) -> None:
    now = datetime.datetime.now(datetime.timezone.utc)
    for id, seconds in (("past", -5), ("future", 60)):
        put(library.folder, id, CHOIR)
        moment = (now + datetime.timedelta(seconds=seconds)).isoformat(timespec="seconds")
        library.change(id, keep_until=moment)
    assert [entry.id for entry in library.list(expired=True)] == ["past"]


def test_only_what_should_no_longer_be_kept_is_expired(library: Library) -> None:
    today = datetime.date.today()
    for days, id in ((-1, "past"), (0, "today"), (1, "future")):
        put(library.folder, id, CHOIR, keep_until=f"{today + datetime.timedelta(days)}")
    put(library.folder, "kept", CHOIR)
    assert [e.id for e in library.list(expired=True)] == ["past"]


def test_tags_are_compared_without_case_and_accents(two: Library) -> None:
    assert [e.id for e in two.list(tag="ete")] == ["choeur"]
    assert [e.id for e in two.list(tag="CHORALE")] == ["suite", "choeur"]
    assert two.list(tag="chor") == []


@given(text=st.text(), tags=st.lists(st.text(), max_size=3))
def test_names_may_have_any_characters(tmp_path_factory, text: str, tags: list[str]) -> None:
    folder = tmp_path_factory.mktemp("facts")
    facts = MeetingFacts(title=text or None, tags=tuple(tags))
    write_facts(folder, facts)
    read = read_facts(folder)
    assert [read.title, *read.tags] == [t.encode("utf-8", "replace").decode() if t else t for t in [facts.title, *tags]]


@pytest.mark.parametrize("title", ["a\nb", "😀", "<script>", "\u202egauche", "'; DROP TABLE meetings; --", "\x1b[2J"])
def test_a_title_with_any_characters_is_listed_as_it_is(library: Library, tmp_path: Path, title: str) -> None:
    library.add(recording(tmp_path / "a.wav"), title=title)
    assert [e.title for e in library.list()] == [title]


def test_two_processes_that_add_at_once_both_keep_what_they_added(library: Library, tmp_path: Path) -> None:
    recording(tmp_path / "a.wav")
    code = (
        "import sys; from pathlib import Path; from dialogue.library.meetings import Library\n"
        "for n in range(10): Library(sys.argv[1]).add(Path(sys.argv[2]), title=f'{sys.argv[3]} {n}')"
    )
    command = [sys.executable, "-c", code, str(library.folder), str(tmp_path / "a.wav")]
    writers = [subprocess.Popen([*command, name]) for name in ("one", "other")]
    assert [writer.wait() for writer in writers] == [0, 0]
    titles = {e.title for e in library.list()}
    assert titles == {f"{name} {n}" for name in ("one", "other") for n in range(10)}


def test_the_library_of_the_environment_is_the_default(monkeypatch, tmp_path: Path) -> None:
    monkeypatch.setenv("DIALOGUE_LIBRARY", str(tmp_path / "mine"))
    assert Library().folder == tmp_path / "mine"
    monkeypatch.delenv("DIALOGUE_LIBRARY")
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    assert Library().folder == tmp_path / "data/dialogue/library"


def test_opening_a_library_needs_no_heavy_package(two: Library) -> None:
    code = f"import sys; from dialogue.library.meetings import Library; Library({os.fspath(two.folder)!r}).list()\n"
    heavy = "{'torch', 'scipy', 'nltk', 'bm25s', 'transformers'}"
    done = subprocess.run([sys.executable, "-c", f"{code}print({heavy} & set(sys.modules))"], capture_output=True)
    assert done.stdout.decode().strip() == "set()"
