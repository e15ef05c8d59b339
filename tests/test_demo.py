"""The demo page: what it serves, to whom, and its messages when something is wrong."""

import re
import sys
from pathlib import Path

import pytest

from dialogue.core import audio

ROOT = Path(__file__).parents[1]
pytest.importorskip("gradio", reason="the demo extra is not installed: pip install '.[demo]'")


@pytest.fixture
def app(monkeypatch, tmp_path):
    monkeypatch.setenv("DIALOGUE_DEMO", str(tmp_path))
    monkeypatch.syspath_prepend(str(ROOT / "demo"))
    sys.modules.pop("app", None)
    import app

    return app


def test_both_languages_say_the_same_things(app):
    assert set(app.TEXTS["fr"]) == set(app.TEXTS["en"])


def test_it_is_served_on_the_loopback_without_analytics(app):
    page = app.build()
    _, url, _ = app.launch(page, port=7893, prevent_thread_lock=True, quiet=True)
    try:
        assert url.startswith("http://127.0.0.1:")
        assert not page.analytics_enabled
    finally:
        page.close()


def test_without_a_recording_it_says_so(app):
    with pytest.raises(app.gr.Error, match="enregistrement"):
        app.process(None, 0, "", "", "")


def test_a_file_that_is_no_sound_is_explained(app, tmp_path):
    (tmp_path / "notes.wav").write_text("not sound")
    with pytest.raises(app.gr.Error, match=r"^'?notes\.wav : ce n’est pas un fichier audio"):
        app.process(str(tmp_path / "notes.wav"), 0, "", "", "")


def test_every_message_about_a_file_has_a_french_one(app):
    source = "".join(
        (ROOT / f"dialogue/core/{name}.py").read_text(encoding="utf-8") for name in ("audio", "containers")
    )
    messages = re.findall(r'AudioError\(\s*f"([^"]*)"(?:\s*f?"([^"]*)")?', source)
    of_a_file = ["".join(m) for m in messages if "{path.name}" in m[0] and "track" not in m[0]]
    assert len(of_a_file) >= 8
    filled = [re.sub(r"\{[^}]*\}", "1", message) for message in of_a_file]
    untold = [m for m in filled if "Détail, en anglais" in app.explained(m, "réunion.m4a", "fr")]
    assert untold == []


def test_another_error_names_the_file_and_keeps_the_detail(app):
    said = app.explained("odd", "/tmp/réunion.m4a", "fr")
    assert said == "réunion.m4a : le traitement a échoué. Détail, en anglais : odd"
    assert app.explained("odd", "/tmp/réunion.m4a", "en") == "odd"


def test_a_wrong_date_is_explained(app, tmp_path):
    (tmp_path / "notes.wav").write_text("not sound")
    with pytest.raises(app.gr.Error, match="12/10/2023"):
        app.process(str(tmp_path / "notes.wav"), 0, "", "demain", "")


@pytest.mark.model
def test_a_recording_becomes_a_page_and_files(app, tmp_path):
    sound = audio.load(ROOT / "corpora/reunion/data/reunion_corpus/reunion_corpus.flac")
    audio.save_wav(tmp_path / "réunion.wav", sound[: 12 * audio.RATE])
    frame, files = app.process(str(tmp_path / "réunion.wav"), 2, "Camille, Thomas", "2023-10-12", "Les corpus")
    [shown] = re.findall(r'src="/gradio_api/file=([^"]+)"', frame)
    assert Path(shown).is_file()
    assert {Path(f).suffix for f in files} >= {".json", ".srt", ".md", ".html"}
    assert "réunion" not in Path(shown).parent.name  # the server names the files, not the client
