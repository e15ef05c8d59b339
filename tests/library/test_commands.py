"""`dialogue library`, `dialogue watch` and `dialogue ask --library` as a user types them, on a real meeting too."""

from pathlib import Path

import pytest

from dialogue.cli import main
from dialogue.cli.library import _line
from dialogue.library.jobs import Queue
from dialogue.library.meetings import Library
from tests.library.made import CHOIR, put, recording

SOUND = Path(__file__).parents[2] / "corpora/reunion/data/reunion_corpus/reunion_corpus.flac"


@pytest.fixture
def typed(library: Library, capsys, monkeypatch, tmp_path: Path):
    """Return a function that types a command on the library, and returns the exit code and both outputs."""
    monkeypatch.setenv("DIALOGUE_LIBRARY", str(library.folder))
    monkeypatch.chdir(tmp_path)

    def run(*words: object) -> tuple[int, str, str]:
        code = main([str(word) for word in words])
        return code, *capsys.readouterr()

    return run


def test_what_was_added_is_listed_shown_and_deleted(typed, library: Library, tmp_path: Path) -> None:
    recording(tmp_path / "a.wav")
    code, said, _ = typed(
        "library", "add", "a.wav", "--title", "Comité\nde juin", "--tags", "budget, été", "--speakers", 3
    )
    assert code == 0
    [job] = Queue(library).list()
    assert said == f"a: waits as job {job.id}. Type: dialogue library work\n"
    assert typed("library", "list")[1] == "a  -  -  Comité de juin  [budget, été]  submitted\n"
    assert typed("library", "list", "--tag", "autre")[1] == ""
    _, shown, _ = typed("library", "show", "a")
    assert "options      {'speakers': {'speakers': 3}}" in shown
    assert f"{job.id}  submitted" in shown
    (tmp_path / "a.wav").unlink()
    assert f"sound        deleted (it was {tmp_path / 'a.wav'})" in typed("library", "show", "a")[1]
    assert typed("library", "cancel", job.id)[0] == 0
    assert typed("library", "jobs", "--all")[1] == f"{job.id}  a  cancelled\n"
    assert typed("library", "rm", "a")[1] == "a: deleted\n"
    assert typed("library", "list")[1] == ""


def test_what_is_no_recording_is_told_and_the_others_are_added(typed, library: Library, tmp_path: Path) -> None:
    (tmp_path / "notes.wav").write_text("bonjour")
    recording(tmp_path / "a.wav")
    code, _, told = typed("library", "add", "notes.wav", "a.wav", "none.wav")
    assert code == 1
    assert "notes.wav: not added. notes.wav: not a media file" in told
    assert "none.wav: not added." in told
    assert [e.id for e in library.list()] == ["a"]


@pytest.mark.parametrize(
    ("words", "found"),
    [
        (["library", "show", "x"], "no meeting 'x'"),
        (["library", "cancel", "x"], "no job 'x'"),
        (["library", "search", "?"], "no word in '?'"),
        (["library", "add", "a.wav", "--webhook", "https://example.org"], "Set DIALOGUE_WEBHOOK_SECRET"),
        (["library", "add", "a.wav", "--agenda", "none.txt"], "none.txt: No such file"),
        (["watch", "none"], "none: Not a directory"),
        (["ask", "none", "Qui ?", "--library"], "none: Not a directory"),
    ],
)
def test_a_wrong_call_is_one_line_and_code_2(typed, words: list[str], found: str) -> None:
    code, _, told = typed(*words)
    assert code == 2
    assert found in told
    assert len(told.splitlines()) == 1


def test_facts_are_changed_and_expired_meetings_deleted(typed, two: Library) -> None:
    assert typed("library", "set", "suite", "--keep-until", "1/1/2020", "--tags", "")[0] == 0
    assert typed("library", "list", "--expired")[1].split()[0] == "suite"
    assert typed("library", "rm", "--expired")[1] == "suite: deleted\n"
    assert [e.id for e in two.list()] == ["choeur"]


def test_a_search_shows_where_who_and_a_link(typed, two: Library) -> None:
    code, found, _ = typed("library", "search", "partition", "in:words")
    first, text, link = found.splitlines()
    assert (code, first.split()[:2], first.split()[3]) == (0, ["choeur", "2023-10-12"], "Nadia")
    assert text.strip() == "Les *partitions* sont prêtes, je les envoie avant vendredi."
    assert "report.html#t=" in link
    assert typed("library", "search", "trompette")[:2] == (1, "")


def test_tasks_and_decisions_are_followed(typed, two: Library) -> None:
    _, tasks, _ = typed("library", "actions", "--who", "Thomas")
    assert "OVERDUE" in tasks
    assert "later, said to be done: suite 2023-10-19" in tasks
    _, decisions, _ = typed("library", "decisions")
    assert "salle Saint-Jean" in decisions


def test_a_question_to_the_library_is_answered_with_meeting_and_time(typed, two: Library) -> None:
    code, answer, _ = typed("ask", two.folder, "Quel est le budget de la salle ?", "--library")
    assert code == 0
    assert "Chœur · 2023-10-12" in answer
    assert "huit cents euros" in answer
    assert typed("ask", two.folder, "Qui joue de la trompette ?", "--library")[0] == 1


def test_a_meeting_processed_again_has_its_new_options(typed, library: Library, tmp_path: Path) -> None:
    recording(tmp_path / "a.wav")
    typed("library", "add", "a.wav", "--speakers", 3, "--set", "asr.effort=fast")
    typed("library", "cancel", Queue(library).list()[0].id)
    assert typed("library", "rerun", "a", "--speakers", 2)[0] == 0
    options = library.facts("a").options
    assert (options["speakers"]["speakers"], options["asr"]) == (2, {"effort": "fast"})
    assert [job.state for job in Queue(library).list()] == ["cancelled", "submitted"]


def test_an_index_is_made_anew(typed, two: Library) -> None:
    assert typed("library", "rebuild")[1] == "2 meetings indexed\n"


def test_text_cannot_steer_the_terminal() -> None:
    assert _line("a\n b\x1b[2J\u202e") == "a b\N{REPLACEMENT CHARACTER}[2J\N{REPLACEMENT CHARACTER}"


def test_a_watched_folder_adds_what_is_there(typed, library: Library, tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    recording(tmp_path / "in/a.wav")
    assert typed("watch", "in", "--once", "--no-work", "--settled", 0)[0] == 0
    assert [job.meeting for job in Queue(library).list()] == ["a"]


def test_a_meeting_without_its_sound_fails_with_the_cause(typed, library: Library, tmp_path: Path) -> None:
    recording(tmp_path / "a.wav")
    typed("library", "add", "a.wav")
    (tmp_path / "a.wav").unlink()
    code, _, told = typed("library", "work")
    assert code == 1
    assert f"a: failed: a: its sound was deleted ({tmp_path / 'a.wav'})." in told


@pytest.mark.model
def test_a_recording_becomes_a_meeting_that_is_found(typed, library: Library, tmp_path: Path) -> None:
    from dialogue.core import audio

    pytest.importorskip("torch")
    for name, start in (("un.wav", 46.0), ("deux.wav", 52.0)):
        audio.save_wav(tmp_path / name, audio.load(SOUND)[int(start * audio.RATE) : int((start + 8.0) * audio.RATE)])
    put(library.folder, "choeur", CHOIR)
    typed("library", "add", "un.wav", "deux.wav", "--set", "asr.effort=fast", "--date", "2023-10-12")
    code, _, told = typed("library", "work")
    assert code == 0
    assert "un: done" in told
    assert "deux: done" in told
    assert [e.problem for e in library.list()] == [None, None, None]
    code, found, _ = typed("library", "search", "partitions in:words date:2023-10")
    assert code == 0
    assert "/un/report.html#t=" in found
