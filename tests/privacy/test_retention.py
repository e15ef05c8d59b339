"""What is kept no longer: terms are obeyed to the day, and nothing goes before everything was made of it."""

import os
import time
from dataclasses import replace
from datetime import datetime, timedelta, timezone
from pathlib import Path

import pytest

from dialogue.library.consent import Consent
from dialogue.library.facts import read_facts, write_facts
from dialogue.library.jobs import Queue
from dialogue.library.meetings import Library
from dialogue.privacy import retention
from dialogue.privacy.retention import RetentionConfig
from tests.library.made import CHOIR, put, recording

NOW = datetime(2026, 3, 10, 12, tzinfo=timezone.utc)


@pytest.fixture
def library(tmp_path: Path) -> Library:
    """Return a library with a meeting that was added on the first of March."""
    folder = tmp_path / "library"
    put(folder, "choeur", CHOIR, added="2026-03-01T12:00:00+00:00", title="Chœur")
    (folder / ".sounds").mkdir()
    recording(folder / ".sounds" / "choeur.wav")
    found = Library(folder)
    found.refresh()
    return found


def whats(library: Library, now: datetime = NOW, **terms: object) -> list[str]:
    return [each.what for each in retention.expired(library.folder, RetentionConfig(**terms), now) if not each.held]


@pytest.mark.parametrize(("days", "gone"), [(0, True), (1, True), (8, True), (9, False), (10, False), (365, False)])
def test_sound_goes_after_as_many_days_as_are_set(library: Library, days: int, gone: bool) -> None:
    retention.purge(library.folder, RetentionConfig(audio_days=days), NOW)
    assert (library.sound("choeur") is None) == gone
    assert library.transcript("choeur").utterances
    assert (library.folder / "choeur" / "report.html").exists() != gone  # it holds the sound


@pytest.mark.parametrize(("days", "gone"), [(0, True), (8, True), (9, False), (30, False)])
def test_a_meeting_goes_after_as_many_days_as_are_set(library: Library, days: int, gone: bool) -> None:
    retention.purge(library.folder, RetentionConfig(transcript_days=days), NOW)
    assert [entry.id for entry in library.list()] == ([] if gone else ["choeur"])


def test_without_terms_nothing_goes(library: Library) -> None:
    assert whats(library, NOW + timedelta(days=10_000)) == []


@pytest.mark.parametrize("unfinished", ["waits", "failed", "not processed"])
def test_sound_stays_until_everything_was_made_of_it(library: Library, unfinished: str) -> None:
    if unfinished == "waits":
        Queue(library).submit("choeur")
    elif unfinished == "failed":
        (library.folder / "choeur.error").write_text("no room left")
    else:
        (library.folder / "choeur" / "choeur.json").unlink()
    [held] = retention.expired(library.folder, RetentionConfig(audio_days=1), NOW)
    retention.purge(library.folder, RetentionConfig(audio_days=1), NOW)
    assert held.held
    assert library.sound("choeur") is not None


@pytest.mark.parametrize("what", ["delete", "list"])
def test_a_consent_that_ended_deletes_or_lists_the_meeting(library: Library, what: str) -> None:
    facts = read_facts(library.folder / "choeur")
    consent = Consent("la présidente", "comptes rendus", until="2026-03-09", at="2026-01-01")
    write_facts(library.folder / "choeur", replace(facts, consent=consent))
    [found] = retention.expired(library.folder, RetentionConfig(expired_consent=what), NOW)
    assert found.why == "the consent ended on 2026-03-09"
    retention.purge(library.folder, RetentionConfig(expired_consent=what), NOW)
    assert [entry.id for entry in library.list()] == ([] if what == "delete" else ["choeur"])


def test_a_consent_holds_on_its_last_day(library: Library) -> None:
    library.change("choeur", consent=Consent("elle", "tests", until="2099-03-10"))
    assert whats(library, datetime(2099, 3, 10, 23, tzinfo=timezone.utc), expired_consent="delete") == []
    assert whats(library, datetime(2099, 3, 11, 1, tzinfo=timezone.utc), expired_consent="delete") == ["meeting"]


@pytest.mark.parametrize(("minutes", "gone"), [(1, True), (59, True), (61, False)])
def test_uploads_go_after_as_many_minutes_as_are_set(library: Library, minutes: int, gone: bool) -> None:
    upload = library.folder / ".uploads" / "0123"
    upload.mkdir(parents=True)
    os.utime(upload, (time.time() - 3600,) * 2)
    retention.purge(library.folder, RetentionConfig(demo_uploads_minutes=minutes))
    assert upload.exists() != gone


def test_the_terms_of_a_library_are_in_its_folder(library: Library, run) -> None:
    (library.folder / "privacy.yaml").write_text("retention: {audio_days: 3}\n")
    assert retention.terms_of(library.folder) == RetentionConfig(audio_days=3)
    said = run("privacy", "purge", "--library", library.folder, "--set", "retention.audio_days=0", "--dry-run")
    assert "sound choeur: sound is kept for 0 days" in said
    assert library.sound("choeur")
    assert "sound until 2026-03-04" in run("library", "list", "--library", library.folder)
    assert "sound until 2026-03-04" in run("library", "show", "choeur", "--library", library.folder)


def test_a_wrong_term_is_named(library: Library, run) -> None:
    (library.folder / "privacy.yaml").write_text("retention: {audio_day: 3}\n")
    assert "Accepted: audio_days" in run("privacy", "purge", "--library", library.folder, code=2)


def test_data_go_after_the_day_on_their_card(tmp_path: Path) -> None:
    from dialogue.core.files import save_json
    from tests.minutes.meetings import meeting

    for id in ("r1", "r2"):
        (tmp_path / id / "reference").mkdir(parents=True)
        meeting(CHOIR, recording=f"call-{id}").save(tmp_path / id / "reference" / f"call-{id}.json")
        recording(tmp_path / id / f"call-{id}.wav")
        row = f'{{"id": "call-{id}", "sources": [{{"type": "file", "source": "call-{id}.wav"}}]}}\n'
        (tmp_path / id / "recordings.jsonl").write_text(row)
    save_json(tmp_path / "r1" / "card.json", {"retention": {"delete_after": "2026-03-09"}})
    save_json(tmp_path / "r2" / "card.json", {"retention": {"delete_after": "never"}})
    done, failed = retention.purge(tmp_path, RetentionConfig(), NOW)
    assert ([each.id for each in done], failed) == (["call-r1"], [])
    assert not list(tmp_path.rglob("call-r1*"))
    assert list(tmp_path.rglob("call-r2*"))
