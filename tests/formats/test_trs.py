"""Transcriber: real files of two corpora, and what a round trip keeps."""

from itertools import groupby
from pathlib import Path

import pytest
from hypothesis import given
from lxml import etree

from dialogue import formats
from dialogue.core.transcript import Event, Speaker, Transcript, Utterance, Word
from dialogue.formats import FormatError, trs
from tests.formats.strategies import said, transcripts

STRUCTURE = """
<!ELEMENT Trans ((Speakers|Topics)*, Episode)>
<!ATTLIST Trans audio_filename CDATA #IMPLIED scribe CDATA #IMPLIED xml:lang NMTOKEN #IMPLIED
  version NMTOKEN #IMPLIED version_date CDATA #IMPLIED elapsed_time CDATA "0">
<!ELEMENT Topics (Topic*)> <!ELEMENT Topic EMPTY> <!ATTLIST Topic id ID #REQUIRED desc CDATA #REQUIRED>
<!ELEMENT Speakers (Speaker*)> <!ELEMENT Speaker EMPTY>
<!ATTLIST Speaker id ID #REQUIRED name CDATA #REQUIRED check (yes|no) #IMPLIED
  type (male|female|child|unknown) #IMPLIED dialect (native|nonnative) #IMPLIED accent CDATA #IMPLIED
  scope (local|global) #IMPLIED>
<!ELEMENT Episode (Section*)> <!ATTLIST Episode program CDATA #IMPLIED air_date CDATA #IMPLIED>
<!ELEMENT Section (Turn*)>
<!ATTLIST Section type (report|nontrans|filler) #REQUIRED topic IDREF #IMPLIED
  startTime CDATA #REQUIRED endTime CDATA #REQUIRED>
<!ELEMENT Turn (#PCDATA|Sync|Background|Comment|Who|Vocal|Event)*>
<!ATTLIST Turn speaker IDREFS #IMPLIED startTime CDATA #REQUIRED endTime CDATA #REQUIRED
  mode (spontaneous|planned) #IMPLIED fidelity (high|medium|low) #IMPLIED channel (telephone|studio) #IMPLIED>
<!ELEMENT Sync EMPTY> <!ATTLIST Sync time CDATA #REQUIRED>
<!ELEMENT Background EMPTY>
<!ATTLIST Background time CDATA #REQUIRED type NMTOKENS #REQUIRED level NMTOKENS #IMPLIED>
<!ELEMENT Who EMPTY> <!ATTLIST Who nb NMTOKEN #REQUIRED>
<!ELEMENT Vocal EMPTY> <!ATTLIST Vocal desc CDATA #REQUIRED>
<!ELEMENT Comment EMPTY> <!ATTLIST Comment desc CDATA #REQUIRED>
<!ELEMENT Event EMPTY>
<!ATTLIST Event type (noise|lexical|pronounce|language) "noise"
  extent (begin|end|previous|next|instantaneous) "instantaneous" desc CDATA #REQUIRED>
"""  # of trans-14.dtd


def document(turns: str, speakers: str = '<Speaker id="a" name="Zoé"/><Speaker id="b" name="Léo"/>') -> str:
    return (
        f"<Trans><Speakers>{speakers}</Speakers>\n<Episode>\n"
        f'<Section type="report" startTime="0" endTime="20">\n{turns}\n</Section></Episode></Trans>'
    )


def read(turns: str, **options: bool) -> Transcript:
    [transcript] = trs.loads(document(turns), "r", **options)
    return transcript.validate()


def again(transcript: Transcript) -> Transcript:
    [back] = trs.loads(trs.dumps([transcript]), transcript.recording)
    return back.validate()


def heard(transcript: Transcript) -> list[tuple[float, float, str, str, str]]:
    return [(e.start, e.end, e.kind, e.text, transcript.name(e.speaker)) for e in transcript.events]


def speech(transcript: Transcript) -> dict[str, list[tuple[float, float]]]:
    """Return the spans of each speaker, joined where they touch."""
    spans: dict[str, list[tuple[float, float]]] = {}
    for name, start, end, _ in said(transcript):
        mine = spans.setdefault(name, [])
        if mine and start <= mine[-1][1]:
            mine[-1] = (mine[-1][0], max(end, mine[-1][1]))
        else:
            mine.append((start, end))
    return spans


def words(transcript: Transcript) -> dict[str, list[str]]:
    return {
        name: sorted(" ".join(text for *_, text in lines).split())
        for name, lines in groupby(sorted(said(transcript)), key=lambda line: line[0])
    }


def test_a_file_of_tcof_has_its_speakers_turns_and_marks(dev_data: Path) -> None:
    [t] = formats.read(dev_data / "formats/trs/Conversation_MAT_08.trs")
    assert [s.name for s in t.speakers] == ["L1", "L2"]
    assert t.speakers[0].attributes["dialect"] == "native"
    assert len(t.validate().utterances) == 227
    assert t.duration == 604.992
    assert (t.attributes["audio"], t.attributes["annotator"]) == (
        "Conversation_MAT_08_ANON_extrait",
        "bigau0042",
    )
    first = t.utterances[0]
    assert (first.text, first.original) == (
        "et c'est quoi l'envers comme boîte",
        "+ et c'est quoi l'envers comme boîte",
    )
    assert said(t)[3:5] == [
        ("L2", 3.469, 6.859, "eh ben c'est une boîte euh euh ils appellent ça une rockothèque"),
        ("L2", 6.859, 9.328, "donc il passe que de du rock"),
    ]
    assert Event(68.326, 69.216, "vocal", "tousse", "spk2") in t.events
    assert {"le locuteur fume", "anglais"} <= {e.text for e in t.events if e.kind == "comment"}


def test_two_speakers_of_a_turn_speak_at_once(dev_data: Path) -> None:
    [t] = formats.read(dev_data / "formats/trs/eslo2_basic.trs")
    assert said(t) == [
        ("TM387", 0.0, 1.109, "bonjour"),
        ("TM387", 1.109, 5.871, "en fait on est étudiantes à la fac"),
        ("TM387", 5.871, 9.256, "bah on a juste quelques questions ça vous intéresse ?"),
        ("TM387", 9.876, 10.314, "OK?"),
        ("WK960", 9.876, 10.314, "D'accord"),
    ]


def test_noises_are_events_and_not_words(dev_data: Path) -> None:
    [t] = formats.read(dev_data / "formats/trs/eslo2_event.trs")
    assert [u.text for u in t][-2:] == ["Je suis à vous", "Super Merci Commençons"]
    assert t.events[0] == Event(10.1, 12.314, "vocal", "bg", "spk2")
    assert [(e.start, e.end, e.speaker) for e in t.events[1:]] == [(13.1, 15.0, "spk1")] * 2


@pytest.mark.parametrize("name", ["Conversation_MAT_08", "eslo2_basic", "eslo2_event"])
def test_a_real_file_comes_back_as_it_was(dev_data: Path, name: str) -> None:
    [t] = formats.read(dev_data / f"formats/trs/{name}.trs")
    assert again(t) == t


@pytest.mark.parametrize(
    ("mark", "kind", "text"),
    [
        ('<Event desc="rire" type="noise" extent="instantaneous"/>', "laugh", "rire"),
        ('<Event desc="r" type="noise"/>', "breath", "r"),
        ('<Event desc="une chaise tombe" type="noise"/>', "noise", "une chaise tombe"),
        ('<Event desc="pif" type="pronounce"/>', "unintelligible", "pif"),
        ('<Event desc="NPERS" type="entities" extent="previous"/>', "anonymised", "NPERS"),
        ('<Event desc="r" type="pronounce" extent="previous"/>', "comment", "r"),
        ('<Event desc="anglais" type="language" extent="next"/>', "comment", "anglais"),
        ('<Comment desc="il rit"/>', "comment", "il rit"),
        ('<Vocal desc="hum"/>', "vocal", "hum"),
    ],
)
def test_marks_are_events_of_their_kind(mark: str, kind: str, text: str) -> None:
    t = read(f'<Turn speaker="a" startTime="1" endTime="3"><Sync time="1"/>bon {mark} oui</Turn>')
    assert said(t) == [("Zoé", 1.0, 3.0, "bon oui")]
    assert t.events == (Event(1.0, 3.0, kind, text, "spk1"),)


def test_an_event_lasts_from_its_begin_to_its_end() -> None:
    noise = '<Event desc="conv" type="noise" extent="{}"/>'
    t = read(
        f'<Turn speaker="a" startTime="1" endTime="3">'
        f'<Sync time="1"/>bon<Sync time="2"/>{noise.format("begin")} oui</Turn>'
        f'<Turn speaker="a" startTime="3" endTime="9">'
        f'<Sync time="3"/>eh <Sync time="5"/>{noise.format("end")}<Sync time="6"/></Turn>'
    )
    assert [(e.start, e.end) for e in t.events] == [(2.0, 6.0)]


def test_background_lasts_until_the_next() -> None:
    t = read(
        '<Turn startTime="0" endTime="9"><Sync time="0"/><Background time="2" type="music" level="high"/>'
        '<Background time="5" type="shh" level="low"/><Background time="7" type="other" level="off"/></Turn>'
    )
    assert [(e.start, e.end, e.kind, e.speaker) for e in t.events] == [
        (2, 5, "music", None),
        (5, 7, "noise", None),
    ]


def test_content_without_a_speaker_is_an_event_and_not_an_utterance() -> None:
    t = read(
        '<Turn startTime="4" endTime="6"><Sync time="4"/><Event desc="jingle"/></Turn><Turn startTime="6" endTime="9"/>'
    )
    assert not t.utterances
    assert heard(t) == [(4.0, 6.0, "music", "jingle", "?")]


def test_a_turn_without_sync_starts_where_it_starts() -> None:
    t = read('<Turn speaker="b" endTime="3" startTime="1">oui<Sync time="2"/>non</Turn>')
    assert said(t) == [("Léo", 1.0, 2.0, "oui"), ("Léo", 2.0, 3.0, "non")]


def test_a_speaker_without_text_still_spoke() -> None:
    t = read(
        '<Turn speaker="b" startTime="1" endTime="3"><Sync time="1"/></Turn>'
        '<Turn speaker="a b" startTime="3" endTime="4"><Sync time="3"/><Who nb="1"/>oui<Who nb="2"/></Turn>'
    )
    assert said(t) == [("Léo", 1.0, 3.0, ""), ("Zoé", 3.0, 4.0, "oui"), ("Léo", 3.0, 4.0, "")]


def test_a_speaker_that_the_table_does_not_have_is_its_own_name() -> None:
    t = read('<Turn speaker="Camille" startTime="1" endTime="3">oui</Turn>')
    assert t.speakers == (Speaker("spk1", "Camille"),)


def test_the_table_of_speakers_is_kept() -> None:
    table = '<Speaker name="Zoé" id="a" type="female" check="no" dialect="nonnative" accent="belge" scope="global"/>'
    [t] = trs.loads(document('<Turn speaker="a" startTime="1" endTime="3">oui</Turn>', table))
    kept = {"check": "no", "dialect": "nonnative", "accent": "belge", "scope": "global", "sex": "female"}
    assert t.speakers == (Speaker("spk1", "Zoé", kept),)
    assert again(t).speakers == t.speakers


def test_sections_and_topics_are_kept() -> None:
    text = (
        '<Trans audio_filename="f" xml:lang="fra"><Topics><Topic id="t1" desc="la météo"/></Topics>'
        '<Episode program="Journal" air_date="2001-02-03"><Section type="filler" startTime="0" endTime="2">'
        '<Turn startTime="0" endTime="2"/></Section><Section type="report" topic="t1" startTime="2" endTime="5">'
        '<Turn startTime="2" endTime="5" speaker="a">il pleut</Turn></Section></Episode></Trans>'
    )
    [t] = trs.loads(text)
    assert (t.recording, t.language) == ("f", "fr")
    assert (t.attributes["title"], t.attributes["date"]) == ("Journal", "2001-02-03")
    assert t.attributes["sections"] == [
        {"type": "filler", "start": 0.0, "end": 2.0},
        {"type": "report", "start": 2.0, "end": 5.0, "topic": "la météo"},
    ]
    assert again(t) == t


def test_marks_of_a_convention_become_events_unless_verbatim() -> None:
    turn = '<Turn speaker="a" startTime="1" endTime="3">bon + (rires) ***</Turn>'
    assert [e.kind for e in read(turn).events] == ["pause", "laugh", "unintelligible"]
    assert read(turn).utterances[0].original == "bon + (rires) ***"
    assert said(read(turn, verbatim=True)) == [("Zoé", 1.0, 3.0, "bon + (rires) ***")]


@pytest.mark.parametrize(
    ("turns", "problem"),
    [
        ('<Turn startTime="3" endTime="1"/>', r"line 4: ends at 1.000 s, before its start 3.000 s"),
        ('\n<Turn startTime="x" endTime="1"/>', r"line 5: startTime is 'x'. Accepted: a number"),
        ('<Turn startTime="1"/>', r"line 4: <Turn> has no endTime"),
        ('<Turn startTime="1" endTime="2"><Sync/></Turn>', r"line 4: <Sync> has no time"),
        (
            '<Turn startTime="1" endTime="2">\n<Sync time="7"/></Turn>',
            r"line 5: <Sync> at 7 s. Accepted: from 1 s",
        ),
        ('<Turn startTime="1" endTime="9"><Sync time="7"/><Sync time="3"/></Turn>', r"Accepted: from 7 s"),
        ('<Turn speaker="a b" startTime="1" endTime="2"><Who nb="3"/></Turn>', r"Accepted: 1 to 2"),
    ],
)
def test_invalid_content_names_its_line(turns: str, problem: str) -> None:
    with pytest.raises(FormatError, match=problem):
        read(turns)


def test_a_speaker_declared_twice_is_refused() -> None:
    with pytest.raises(FormatError, match=r"line 2: <Speaker> has the id 'a' of line 1"):
        trs.loads(document("", '<Speaker id="a" name="x"/>\n<Speaker id="a" name="y"/>'))


@given(transcripts())
def test_who_says_what_and_when_comes_back(transcript: Transcript) -> None:
    back = again(transcript)
    assert speech(back) == speech(transcript)
    assert words(back) == words(transcript)


@given(transcripts())
def test_utterances_that_nobody_overlaps_come_back_as_they_were(transcript: Transcript) -> None:
    lines = said(transcript)
    alone = [x for x in lines if not any(y is not x and y[1] < x[2] and x[1] < y[2] for y in lines)]
    assert [line for line in said(again(transcript)) if line in alone] == alone


@given(transcripts())
def test_what_is_written_is_valid(transcript: Transcript) -> None:
    from io import StringIO

    grammar = etree.DTD(StringIO(STRUCTURE))
    root = etree.fromstring(trs.dumps([transcript]).encode())
    assert grammar.validate(root), grammar.error_log


def test_an_overlapped_utterance_is_cut_where_its_words_are() -> None:
    told = Utterance(
        "u1", "spk1", 0.0, 4.0, "un deux trois", (Word("un", 0, 1), Word("deux", 1, 2), Word("trois", 3, 4))
    )
    t = Transcript(
        "r",
        4.0,
        speakers=(Speaker("spk1"), Speaker("spk2")),
        utterances=(told, Utterance("u2", "spk2", 1.0, 2.5, "mm")),
    )
    assert said(again(t)) == [
        ("spk1", 0.0, 1.0, "un"),
        ("spk1", 1.0, 2.5, "deux"),
        ("spk2", 1.0, 2.5, "mm"),
        ("spk1", 2.5, 4.0, "trois"),
    ]


def test_a_voice_without_name_stays_without_while_others_speak() -> None:
    utterances = (Utterance("u1", "spk1", 0.0, 4.0, "oui"), Utterance("u2", None, 0.0, 4.0, "non"))
    t = Transcript("r", 4.0, speakers=(Speaker("spk1"),), utterances=utterances)
    assert again(t) == t


EVENTS = (
    Event(0.5, 0.75, "music", "générique"),
    Event(1.0, 2.0, "laugh", "il rit fort", "spk1"),
    Event(1.0, 2.0, "uncertain", "bon", "spk1"),
    Event(1.0, 2.0, "comment", "original: faux", "spk1"),
    Event(1.0, 2.0, "breath", "", "spk2"),
    Event(3.0, 4.0, "noise", "rire", "spk2"),
    Event(5.0, 5.0, "pause", "1.2"),
)


def test_events_come_back_with_their_speakers() -> None:
    t = Transcript(
        "r",
        6.0,
        speakers=(Speaker("spk1", "Zoé"), Speaker("spk2", "Léo")),
        utterances=(Utterance("u1", "spk1", 1.0, 2.0, "bon"), Utterance("u2", "spk2", 3.0, 4.0, "oui")),
        events=EVENTS,
    )
    assert sorted(heard(again(t))) == sorted(heard(t))


def test_a_text_that_looks_like_marks_comes_back_as_words() -> None:
    utterances = (
        Utterance("u1", "spk1", 0.0, 1.0, "c++ (ou) [c]", original="c + +"),
        Utterance("u2", "spk1", 1.0, 2.0, "a + b"),
        Utterance("u3", "spk1", 2.0, 3.0, "a_b < c"),
    )
    t = Transcript("r", 3.0, speakers=(Speaker("spk1"),), utterances=utterances)
    assert again(t) == t
