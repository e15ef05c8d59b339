"""Shared by the three XML formats: refused documents, and texts that survive a round trip whatever they hold."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dialogue import formats
from dialogue.core.transcript import EVENTS, Event, Speaker, Transcript, Utterance, Word
from dialogue.formats import FormatError, xml
from dialogue.formats.conventions import interpret
from tests.formats.strategies import said

NAMES = ("trs", "eaf", "tei")
EVERY = pytest.mark.parametrize("name", NAMES)
MARKS = st.text(st.sampled_from("ab é.,;:<>()[]{}*+/_=#@&\"'-?x"), max_size=12)
REAL = (
    "trs/Conversation_MAT_08.trs",
    "trs/eslo2_basic.trs",
    "trs/eslo2_event.trs",
    "eaf/DOC_FR_2020_CHOIX_5.eaf",
    "tei/cfpp_60s.tei_corpo.xml",
    "tei/fredracor_courteline-gros-chagrins.xml",
)


@st.composite
def annotated(draw: st.DrawFn) -> Transcript:
    """Draw consecutive utterances whose texts look like marks, with originals, words and events."""
    utterances, events, now = list[Utterance](), list[Event](), 0
    for number in range(1, draw(st.integers(1, 5)) + 1):
        start = now + draw(st.integers(0, 900))
        now = start + draw(st.integers(1, 9000))
        told = Utterance(f"u{number}", draw(st.sampled_from(("spk1", None))), start / 1000, now / 1000)
        written = draw(MARKS)
        if draw(st.booleans()):  # as if read by the conventions
            plain, marks = interpret(Utterance(told.id, told.speaker, told.start, told.end, written))
            if marks and not plain.text:  # not an utterance
                continue
            events += marks
            told = plain
        else:
            told = Utterance(told.id, told.speaker, told.start, told.end, xml.one_line(written))
        utterances.append(told)
        kind, label = draw(st.sampled_from(EVENTS)), xml.one_line(draw(MARKS))
        if told.text:
            events.append(Event(told.start, told.end, kind, label, told.speaker))
    speakers = (Speaker("spk1", "Zoé"),) if any(u.speaker for u in utterances) else ()
    known = {s.id for s in speakers}
    heard = tuple(e for e in events if e.speaker is None or e.speaker in known)
    ordered = tuple(sorted(heard, key=lambda e: (e.start, e.end)))
    return Transcript("r", now / 1000, speakers=speakers, utterances=tuple(utterances), events=ordered)


@st.composite
def damaged(draw: st.DrawFn, text: str) -> str:
    """Draw a text with a few spans replaced, doubled or cut."""
    for _ in range(draw(st.integers(1, 4))):
        start = draw(st.integers(0, len(text)))
        end = min(len(text), start + draw(st.integers(0, 12)))
        new = st.sampled_from(["", "\n", "-", '"', "<", "&", "1e999", "nan", "0", "x", text[start:end] * 2])
        text = text[:start] + draw(new) + text[end:]
    return text


def again(name: str, transcript: Transcript) -> Transcript:
    [back] = formats.module(name).loads(formats.dumps([transcript], name), transcript.recording)
    return back.validate()


MEETING = Transcript(
    "r",
    9.0,
    "fr",
    (Speaker("spk1", "Zoé", {"sex": "F"}), Speaker("spk2", "Léo")),
    (
        Utterance("u1", "spk1", 0.5, 2.0, "bonjour à tous", (Word("bonjour", 0.5, 1.0),)),
        Utterance("u2", "spk2", 1.5, 2.5, "oui <a> & b", original="oui < a"),
        Utterance("u3", None, 4.0, 5.0, "ils", original="il(s)"),
    ),
    events=(Event(0.5, 2.0, "laugh", "rire", "spk1"), Event(6.0, 7.0, "noise", "porte")),
    attributes={
        "title": "t",
        "audio": "a.wav",
        "sections": [{"type": "report", "start": 0.0, "end": 9.0, "topic": "x"}],
    },
)


@EVERY
@settings(max_examples=200)
@given(transcript=annotated())
def test_whatever_is_written_comes_back(name: str, transcript: Transcript) -> None:
    back = again(name, transcript)
    assert said(back) == said(transcript)
    assert [u.original for u in back] == [u.original for u in transcript]
    assert sorted(map(repr, back.events)) == sorted(map(repr, transcript.events))


@EVERY
@settings(max_examples=200)
@given(data=st.data())
def test_a_damaged_file_is_read_or_refused(name: str, data: st.DataObject) -> None:
    text = data.draw(damaged(formats.dumps([MEETING], name)))
    try:
        found = formats.module(name).loads(text, "r")
    except FormatError:
        return
    for transcript in found:
        assert list(transcript.problems()) == []


@EVERY
@given(text=st.text(max_size=80))
def test_any_text_is_read_or_refused(name: str, text: str) -> None:
    with pytest.raises(FormatError):
        formats.module(name).loads(text, "r")


@EVERY
def test_a_truncated_file_names_its_last_line(name: str) -> None:
    text = formats.dumps([MEETING], name)
    cut = text[: int(len(text) * 0.7)]
    with pytest.raises(FormatError, match=rf"line {cut.count(chr(10)) + 1}: .*Is the file whole\?"):
        formats.module(name).loads(cut, "r")


@EVERY
def test_the_root_of_another_format_is_named(name: str) -> None:
    with pytest.raises(FormatError, match=r"line 2: the document is <html>\. Accepted: <"):
        formats.module(name).loads('<?xml version="1.0"?>\n<html/>')


BOMB = """<?xml version="1.0"?>
<!DOCTYPE {0} [
 <!ENTITY a "rire rire rire rire rire rire rire rire rire rire">
 <!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">
 <!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;">
]>
<{0}>&c;</{0}>"""
OUTSIDE = '<!DOCTYPE {0} [<!ENTITY f SYSTEM "file:///etc/passwd">]>\n<{0}>&f;</{0}>'
HIDDEN = '<!DOCTYPE {0} SYSTEM "a>b" [<!ENTITY % f SYSTEM "http://example.org/"> %f;]><{0}/>'
ROOTS = {"trs": "Trans", "eaf": "ANNOTATION_DOCUMENT", "tei": "TEI"}


@EVERY
@pytest.mark.parametrize(("text", "line"), [(BOMB, 2), (OUTSIDE, 1), (HIDDEN, 1)])
def test_entities_are_refused(name: str, text: str, line: int) -> None:
    with pytest.raises(FormatError, match=rf"line {line}: the document declares entities"):
        formats.module(name).loads(text.format(ROOTS[name]))


def test_an_entity_that_nobody_declares_is_refused() -> None:
    with pytest.raises(FormatError, match="line 2: Entity 'eacute' not defined"):
        xml.parse('<!DOCTYPE Trans SYSTEM "trans-14.dtd">\n<Trans scribe="Zo&eacute;"/>', "Trans")


def test_a_grammar_elsewhere_is_not_fetched(tmp_path: Path) -> None:
    grammar = tmp_path / "trans-14.dtd"
    grammar.write_text('<!ELEMENT Trans EMPTY><!ATTLIST Trans scribe CDATA "read">')
    root = xml.parse(f'<!DOCTYPE Trans SYSTEM "{grammar.as_uri()}"><Trans/>', "Trans")
    assert root.get("scribe") is None


def test_a_document_too_deep_is_refused() -> None:
    with pytest.raises(FormatError, match="depth"):
        xml.parse("<a>" * 5000 + "</a>" * 5000, "a")


@EVERY
@pytest.mark.parametrize(
    ("declared", "encoding", "mark"),
    [
        ("UTF-8", "utf-8", b""),
        ("UTF-8", "utf-8", b"\xef\xbb\xbf"),
        ("ISO-8859-1", "latin-1", b""),
        ("UTF-16", "utf-16", b""),
    ],
)
def test_the_encoding_is_the_declared_one(name: str, declared: str, encoding: str, mark: bytes, tmp_path: Path) -> None:
    text = formats.dumps([MEETING], name).replace('encoding="UTF-8"', f'encoding="{declared}"')
    path = tmp_path / f"r{formats.FORMATS[name][0]}"
    path.write_bytes(mark + text.replace("\n", "\r\n").encode(encoding))
    [t] = formats.read(path)
    assert t.speakers[0].name == "Zoé"
    assert said(t) == said(again(name, MEETING))


@EVERY
def test_a_wrong_encoding_names_the_byte(name: str, tmp_path: Path) -> None:
    path = tmp_path / f"r{formats.FORMATS[name][0]}"
    path.write_bytes(formats.dumps([MEETING], name).encode("latin-1"))
    with pytest.raises(FormatError, match=r"byte \d+ is not UTF-8.*--encoding latin-1"):
        formats.read(path)


@EVERY
def test_characters_that_xml_forbids_are_replaced(name: str) -> None:
    t = Transcript("r", 1.0, utterances=(Utterance("u1", None, 0.0, 1.0, "a\x00b\x0bc\ufffe"),))
    assert [u.text for u in again(name, t)] == ["a\ufffdb c\ufffd"]


@EVERY
@pytest.mark.parametrize("file", REAL)
def test_real_files_become_any_of_the_formats(dev_data: Path, name: str, file: str) -> None:
    [t] = formats.read(dev_data / "formats" / file)
    back = again(name, t)
    names = {s.name for s in t.speakers}
    assert {s.name for s in back.speakers} == names
    for speaker in names:
        told, found = ([text for who, *_, text in said(x) if who == speaker and text] for x in (t, back))
        assert " ".join(found) == " ".join(told)
    if name != "trs":  # there, overlapping utterances return in pieces
        assert said(back) == said(t)
    assert sorted((e.kind, e.text) for e in back.events) == sorted((e.kind, e.text) for e in t.events)


@EVERY
def test_no_recording_is_refused_and_an_empty_one_is_written(name: str) -> None:
    with pytest.raises(FormatError, match="0 recordings"):
        formats.dumps([], name)
    assert again(name, Transcript("r", 3.0)) == Transcript("r", 3.0)


@pytest.mark.parametrize(
    ("tag", "code"), [("fr-FR", "fr"), ("fra", "fr"), ("FRE", "fr"), ("en", "en"), ("mul", None), (None, None)]
)
def test_languages_are_known_by_their_short_code(tag: str | None, code: str | None) -> None:
    assert xml.language(tag) == code
