"""Every format and style, read back."""

from dataclasses import replace

import pytest

from dialogue.minutes.document import Meeting, Minutes, Participant, Point
from dialogue.minutes.documents import FORMATS, STYLES, DocumentError, write
from tests.minutes.documents.examples import (
    FRENCH,
    HOSTILE,
    READERS,
    empty_minutes,
    hostile_minutes,
    minutes,
    model_minutes,
    squeezed,
    text_of,
    transcript,
)


@pytest.mark.parametrize("style", STYLES)
@pytest.mark.parametrize("ending", FORMATS)
def test_every_format_has_every_style(tmp_path, ending, style):
    path = write(minutes(), tmp_path / f"m{ending}", style=style, transcript=transcript())
    expected = "Premier point, le budget." if style == "verbatim" else "Baisser le budget"
    assert squeezed(expected) in text_of(path)


@pytest.mark.parametrize("ending", FORMATS)
def test_what_was_said_stays_literal(tmp_path, ending):
    text = text_of(write(hostile_minutes(), tmp_path / f"m{ending}"))
    assert [h for h in HOSTILE if text.count(squeezed(h)) < 8] == []


@pytest.mark.parametrize("ending", FORMATS)
def test_french_letters_and_spaces_come_out_right(tmp_path, ending):
    path = write(replace(minutes(), summary=Point(FRENCH)), tmp_path / f"m{ending}")
    assert squeezed(FRENCH) in text_of(path)


@pytest.mark.parametrize("ending", [e for e in FORMATS if e != ".tex"])
def test_narrow_no_break_spaces_stay(tmp_path, ending):
    path = write(minutes(), tmp_path / f"m{ending}")
    assert "10\u202f€" in READERS[ending](path.read_bytes())


@pytest.mark.parametrize("ending", FORMATS)
def test_control_characters_are_dropped(tmp_path, ending):
    path = write(replace(minutes(), summary=Point("a\x00b\x08c\x1bd\ud800e\ufffff\u202eg")), tmp_path / f"m{ending}")
    assert "abcdefg" in text_of(path)


@pytest.mark.parametrize("ending", FORMATS)
def test_minutes_of_nothing_are_written(tmp_path, ending):
    assert squeezed("Compte rendu de réunion") in text_of(write(empty_minutes(), tmp_path / f"m{ending}"))


@pytest.mark.parametrize("ending", FORMATS)
def test_two_hundred_participants_and_a_very_long_word(tmp_path, ending):
    crowd = tuple(Participant(f"spk{n}", f"Personne{n:03d}", "manual", 1.0, 0.005) for n in range(200))
    long = replace(minutes(), participants=crowd, summary=Point("x" * 3000))
    text = text_of(write(long, tmp_path / f"m{ending}"))
    assert text.count("x") >= 3000  # page breaks may split it
    assert "Personne000" in text
    assert "Personne199" in text


@pytest.mark.parametrize("ending", FORMATS)
def test_doubts_and_their_origin_are_said(tmp_path, ending):
    text = text_of(write(model_minutes(), tmp_path / f"m{ending}"))
    for expected in (
        "(proposition)",
        "(rejetée)",
        "À vérifier",
        "Ces points sont incertains, ou la transcription ne les appuie pas.",
        "Tout arrêter",
        "par le modèle croissant",
        "croissant n’a pas donné de réponse exploitable pour une partie sur 2",
        "Le résumé a été rédigé sans modèle de langue.",
        "Part de la transcription qui n’a pas pu être lue : 2\u202f%",
    ):
        assert squeezed(expected) in text


def test_json_is_the_minutes_themselves(tmp_path):
    assert Minutes.load(write(minutes(), tmp_path / "m.json")) == minutes()


def test_labels_follow_the_language_asked_for(tmp_path):
    text = text_of(write(minutes(), tmp_path / "m.html", language="en"))
    assert "Openquestions" in text
    assert "Questionsensuspens" not in text


@pytest.mark.parametrize(
    ("name", "options", "accepted"),
    [
        ("m.rtf", {}, ".md, .html, .docx, .odt, .pdf, .tex, .json"),
        ("m.md", {"style": "roman"}, "compte_rendu, releve_decisions, synthese, verbatim"),
        ("m.md", {"language": "de"}, "fr, en"),
        ("m.md", {"style": "verbatim"}, "transcript"),
        ("m.md", {"link": "javascript:alert(1)"}, "http, https or file"),
        ("m.md", {"link": "report.html#t=3"}, "without #"),
    ],
)
def test_what_is_not_accepted_is_refused_with_what_is(tmp_path, name, options, accepted):
    with pytest.raises(DocumentError, match=accepted):
        write(minutes(), tmp_path / name, **options)
    assert list(tmp_path.iterdir()) == []


def test_minutes_in_another_language_need_a_language_for_the_labels(tmp_path):
    german = replace(minutes(), meeting=Meeting("m", language="de"))
    with pytest.raises(DocumentError, match=r"'de'\. Accepted: fr, en"):
        write(german, tmp_path / "m.md")
    assert 'lang="de"' in write(german, tmp_path / "m.html", language="en").read_text()


def test_a_failed_write_leaves_the_old_file(tmp_path, monkeypatch):
    path = write(minutes(), tmp_path / "m.md")
    before = path.read_bytes()
    monkeypatch.setattr("pathlib.Path.replace", lambda *_: (_ for _ in ()).throw(OSError("disk full")))
    with pytest.raises(OSError, match="disk full"):
        write(empty_minutes(), path)
    assert {p.name: p.read_bytes() for p in tmp_path.iterdir()} == {"m.md": before}


def test_a_missing_package_is_named_with_what_to_type(tmp_path, monkeypatch):
    monkeypatch.setitem(__import__("sys").modules, "docx", None)
    with pytest.raises(DocumentError, match=r"docx.*pip install '\.\[documents\]'"):
        write(minutes(), tmp_path / "m.docx")
