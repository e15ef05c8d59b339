"""TEI of speech: real files of ORFEO and FreDraCor, the ways to write times, and what a round trip keeps."""

from pathlib import Path

import pytest
from hypothesis import given
from lxml import etree

from dialogue import formats
from dialogue.core.transcript import Event, Speaker, Transcript, Utterance, Word
from dialogue.formats import FormatError, tei
from tests.formats.strategies import said, transcripts

WHENS = "".join(f'<when xml:id="T{n}" absolute="{n}"/>' for n in range(10))
TEI = "{http://www.tei-c.org/ns/1.0}"


def document(body: str, timeline: str = WHENS, header: str = "", unit: str = "s") -> str:
    return (
        f'<TEI xmlns="http://www.tei-c.org/ns/1.0"><teiHeader>{header}</teiHeader><text>\n'
        f'<timeline unit="{unit}">{timeline}</timeline>\n<body>\n{body}\n</body></text></TEI>'
    )


def read(body: str, *, verbatim: bool = False, **parts: str) -> Transcript:
    [transcript] = tei.loads(document(body, **parts), "r", verbatim=verbatim)
    return transcript.validate()


def again(transcript: Transcript) -> Transcript:
    [back] = tei.loads(tei.dumps([transcript]), transcript.recording)
    return back.validate()


def marks(transcript: Transcript) -> list[tuple[str, str]]:
    return [(e.kind, e.text) for e in transcript.events]


def test_a_file_of_orfeo_has_its_speakers_and_the_times_of_words(dev_data: Path) -> None:
    [t] = formats.read(dev_data / "formats/tei/cfpp_60s.tei_corpo.xml")
    assert len(t.validate().utterances) == 29
    assert [s.name for s in t.speakers] == ["Anita_Musso", "Sonia_Branca-Rosoff"]
    assert t.speakers[0].attributes["occupation"] == "auxiliaire de vie"
    assert t.speakers[1].attributes["age"] == "61+"
    assert t.utterances[0].text == "bon je reviens sur cette euh ce problème qui est un problème euh"
    assert t.utterances[0].words[1] == Word("je", 0.1, 0.17)
    assert (t.language, t.attributes["title"], t.attributes["date"]) == (
        "fr",
        "Anita_MUSSO_F_46_11e",
        "18/07/2008",
    )
    assert t.attributes["licence"] == "https://creativecommons.org/licenses/by-nc-sa/3.0"


def test_a_play_is_read_without_times(dev_data: Path) -> None:
    [t] = formats.read(dev_data / "formats/tei/fredracor_courteline-gros-chagrins.xml")
    assert len(t.validate().utterances) == 132
    assert not t.timed
    assert [s.name for s in t.speakers] == ["Caroline", "Gabrielle", "Les Deux Femmes"]
    assert [u.text for u in t][:3] == [
        "Ah ça ! Mais, tu pleures !",
        "Ah ! Ma chère ! Ma chère !",
        "Mon Dieu, que se passe-t-il ?",
    ]
    assert ("comment", "Éclatant.") in marks(t)
    assert ("comment", "éclatant en sanglots.") in marks(t)
    assert not any("Éclatant" in u.text or "GABRIELLE" in u.text for u in t)


@pytest.mark.parametrize("name", ["cfpp_60s.tei_corpo.xml", "fredracor_courteline-gros-chagrins.xml"])
def test_a_real_file_says_the_same_when_written_again(dev_data: Path, name: str) -> None:
    [t] = formats.read(dev_data / "formats/tei" / name)
    back = again(t)
    assert said(back) == said(t)
    assert sorted(marks(back)) == sorted(marks(t))
    assert [len(u.words) for u in back] == [len(u.words) for u in t]
    assert (back.speakers, back.attributes, back.timed) == (t.speakers, t.attributes, t.timed)


@pytest.mark.parametrize(
    ("unit", "timeline"),
    [
        (
            "s",
            '<when xml:id="T0" absolute="0"/><when xml:id="T1" interval="1.5" since="#T0"/>'
            '<when xml:id="T2" interval="2" since="#T1"/>',
        ),
        ("ms", '<when xml:id="T0"/><when xml:id="T1" interval="1500" since="#T0"/><when xml:id="T2" interval="3500"/>'),
        ("s", '<when id="T2" interval="2" since="T1"/><when id="T1" absolute="1.5"/>'),
        ("s", '<when xml:id="T1" interval="1.5"/><when xml:id="T2" interval="3.5"/>'),
        ("s", '<when xml:id="T1" absolute="00:00:01.5"/><when xml:id="T2" absolute="0:00:03.5"/>'),
        (
            "s",
            '<when xml:id="T1" absolute="1.5"/><when xml:id="T2" interval="-1" since="#T1"/>'
            '<when xml:id="T3" absolute="5.5"/>',
        ),
    ],
    ids=["chain", "milliseconds", "backwards", "from nothing", "clock", "unknown"],
)
def test_times_are_those_of_the_timeline(unit: str, timeline: str) -> None:
    t = read('<u who="#a" start="#T1" end="#T2">oui</u>', timeline=timeline, unit=unit)
    assert said(t) == [("a", 1.5, 3.5, "oui")]


@pytest.mark.parametrize(
    "body",
    [
        '<u who="#a" start="#T1" end="#T3">bon oui</u>',
        '<annotationBlock who="a" from="T1" to="T3"><u><seg>bon</seg> <seg>oui</seg></u></annotationBlock>',
        '<div><annotationBlock who="#a" start="#T1" end="#T3"><u>bon oui</u></annotationBlock></div>',
        '<u who="#a"><anchor synch="#T1"/>bon oui<anchor synch="#T3"/></u>',
        '<u who="#a" synch="#T1 #T3">bon oui</u>',
        '<u who="#a" start="1.0" end="3">bon oui</u>',
        '<u who="#a" start="#T1" end="#T3"><choice><orig>b</orig><reg>bon</reg></choice> oui</u>',
        '<u who="#a" start="#T1" end="#T3"><seg><w>bon</w><w>oui</w></seg></u>',
    ],
)
def test_an_utterance_can_be_written_in_many_ways(body: str) -> None:
    assert said(read(body)) == [("a", 1.0, 3.0, "bon oui")]


def test_anchors_place_words() -> None:
    t = read(
        '<u who="#a" start="#T1" end="#T5"><seg>bon <anchor synch="#T2"/>il va <anchor synch="#T4"/>bien</seg></u>'
    )
    assert t.utterances[0].text == "bon il va bien"
    assert t.utterances[0].words == (
        Word("bon", 1.0, 2.0),
        Word("il", 2.0, 3.0),
        Word("va", 3.0, 4.0),
        Word("bien", 4.0, 5.0),
    )


def test_words_and_punctuation_are_joined_as_written() -> None:
    t = read(
        '<u who="#a" start="#T1" end="#T3"><seg><w synch="#T1">c\'</w><w synch="#T2">est</w><pc>,</pc>\n'
        "<w>oui</w><pc>.</pc></seg></u>"
    )
    assert t.utterances[0].text == "c'est, oui."


def test_anchors_between_segments_part_a_turn() -> None:
    t = read(
        '<annotationBlock who="#a" start="#T1" end="#T7"><u><seg>en effet</seg><anchor synch="#T2"/><seg/>'
        '<anchor synch="#T4"/><seg>ouais</seg></u></annotationBlock>'
        '<annotationBlock who="#b" start="#T1" end="#T7"><u><anchor synch="#T6"/><seg>mm</seg></u></annotationBlock>'
    )
    assert said(t) == [("a", 1.0, 2.0, "en effet"), ("a", 4.0, 7.0, "ouais"), ("b", 6.0, 7.0, "mm")]


def test_what_is_not_words_is_an_event() -> None:
    t = read(
        '<u who="#a" start="#T1" end="#T3">alors <pause dur="PT0.5S"/>je <vocal><desc>rire</desc></vocal>'
        "<unclear>sais</unclear> "
        '<gap reason="inaudible"/> <del type="truncation">pa-</del> pas<note>une note</note></u>'
        '<pause start="#T4" end="#T5"/><incident start="#T5" end="#T6"><desc>une porte claque</desc></incident>'
        '<vocal who="#a" start="#T6" end="#T7"><desc>tousse</desc></vocal>'
        '<kinesic start="#T7" end="#T8" desc="se lève"/>'
    )
    assert [u.text for u in t] == ["alors je sais pa- pas"]
    assert marks(t) == [
        ("pause", "PT0.5S"),
        ("laugh", "rire"),
        ("uncertain", "sais"),
        ("unintelligible", "inaudible"),
        ("comment", "une note"),
        ("pause", ""),
        ("noise", "une porte claque"),
        ("vocal", "tousse"),
        ("comment", "se lève"),
    ]
    assert [(e.start, e.end, e.speaker) for e in t.events][-5:] == [
        (1.0, 3.0, None),
        (4.0, 5.0, None),
        (5.0, 6.0, None),
        (6.0, 7.0, "spk1"),
        (7.0, 8.0, None),
    ]


def test_notes_of_a_heading_and_of_annotations_are_no_events() -> None:
    t = read(
        '<div><head><note type="start">#T1</note></head><annotationBlock start="#T1" end="#T2"><u>oui</u>'
        '<spanGrp type="pos"><span>ADV<note>sûr</note></span></spanGrp></annotationBlock></div>'
    )
    assert [u.text for u in t] == ["oui"]
    assert not t.events


def test_an_event_between_two_anchors_has_their_times() -> None:
    t = read('<u who="#a" start="#T1" end="#T5">bon<anchor synch="#T2"/><pause/><anchor synch="#T3"/>oui</u>')
    assert [(e.start, e.end) for e in t.events] == [(2.0, 3.0)]


def test_a_noise_alone_is_no_utterance() -> None:
    t = read('<u who="#a" start="#T1" end="#T3"><vocal><desc>rire</desc></vocal></u>')
    assert not t.utterances
    assert marks(t) == [("laugh", "rire")]


def test_utterances_without_time_are_placed_between_their_neighbours() -> None:
    t = read(
        '<u who="#a" start="#T0" end="#T2">bon</u><u who="#b">ah</u><u who="#b">oh</u>'
        '<u who="#a" start="#T4" end="#T5">oui</u>'
    )
    assert [(u.start, u.end) for u in t] == [(0.0, 2.0), (2.0, 3.0), (3.0, 4.0), (4.0, 5.0)]
    assert t.timed


def test_several_speakers_of_a_line_all_say_it() -> None:
    t = read('<sp who="#a #b"><p>Adieu !</p><stage>Ils sortent.</stage></sp>')
    assert [(t.name(u.speaker), u.text) for u in t] == [("a", "Adieu !"), ("b", "Adieu !")]
    assert marks(t) == [("comment", "Ils sortent.")]


def test_a_line_without_who_is_by_its_speaker() -> None:
    t = read("<sp><speaker>LE ROI, assis.</speaker><l>Vers un</l><l>vers deux</l></sp>")
    assert [(t.name(u.speaker), u.text) for u in t] == [("LE ROI", "Vers un vers deux")]
    assert marks(t) == [("comment", "assis.")]


def test_persons_are_speakers_with_their_attributes() -> None:
    people = (
        "<profileDesc><particDesc><listPerson>"
        '<person xml:id="a" sex="F" age="40"><persName>Zoé <surname>N.</surname></persName><age>21-60</age>'
        '<langKnowledge><langKnown level="L1"> français </langKnown></langKnowledge><note type="role">enquêteur</note>'
        "</person>"
        '<person age="50"><altGrp><alt type="L2"/></altGrp><persName>Léo</persName></person>'
        "</listPerson></particDesc></profileDesc>"
    )
    t = read('<u who="#a" start="#T1">oui</u><u who="L2" start="#T2">non</u>', header=people)
    assert t.speakers == (
        Speaker("spk1", "Zoé N.", {"sex": "F", "age": "21-60", "langKnowledge": "français", "role": "enquêteur"}),
        Speaker("spk2", "Léo", {"age": "50"}),
    )


def test_the_header_is_kept() -> None:
    header = (
        "<fileDesc><titleStmt><title>Repas</title><title type='sub'>entre amis</title></titleStmt><publicationStmt>"
        "<availability><licence target='https://example.org/l'/></availability></publicationStmt><sourceDesc>"
        "<recordingStmt>"
        "<recording dur='PT1M2.5S'><date when='2020-01-02'/><media url='http://x/a%20b.wav'/></recording>"
        "</recordingStmt>"
        "</sourceDesc></fileDesc><profileDesc><langUsage><language ident='fra'/></langUsage></profileDesc>"
    )
    t = read('<u start="#T1" end="#T2">oui</u>', header=header)
    assert t.attributes == {
        "title": "Repas",
        "licence": "https://example.org/l",
        "date": "2020-01-02",
        "audio": "a b.wav",
    }
    assert (t.duration, t.language) == (62.5, "fr")


def test_divisions_are_sections() -> None:
    t = read(
        '<div type="report"><head>Les vacances</head><u start="#T1" end="#T2">oui</u><u start="#T2" end="#T4">non</u>'
        "</div>"
    )
    assert t.attributes["sections"] == [{"type": "report", "topic": "Les vacances", "start": 1.0, "end": 4.0}]


def test_a_corpus_holds_several_recordings() -> None:
    one = document('<u start="#T1" end="#T2">oui</u>').replace("xml:id=", "id=")
    found = tei.loads(f'<teiCorpus xmlns="http://www.tei-c.org/ns/1.0"><teiHeader/>{one}{one}</teiCorpus>', "c")
    assert [(t.recording, t.utterances[0].text) for t in found] == [("c-1", "oui"), ("c-2", "oui")]


@pytest.mark.parametrize(
    ("body", "timeline", "problem"),
    [
        ('<u start="#T3" end="#T1">x</u>', WHENS, r"line 4: ends at 1.000 s, before its start 3.000 s"),
        ('\n<u start="#T77">x</u>', WHENS, r"line 5: start is '#T77'\. Accepted: # and the xml:id of a <when>"),
        (
            "",
            '<when xml:id="a" since="#b" interval="1"/><when xml:id="b" since="#c" interval="1"/>',
            r"line 2: since leads to 'c', which is no moment",
        ),
        (
            "",
            '<when xml:id="z"/><when xml:id="a" since="#b" interval="1"/><when xml:id="b" since="#a" interval="1"/>',
            r"line 2: since leads to 'a', and back",
        ),
        ("", '<when xml:id="a" interval="x" since="#b"/><when xml:id="b" absolute="0"/>', r"line 2: interval is 'x'"),
        ("", '<when xml:id="a"/><when xml:id="b" interval="1" unit="day"/>', r"line 2: unit 'day'. Accepted: s, ms"),
        ("", '<when id="a"/><when id="a"/>', r"line 2: <when> has the id 'a' of line 2"),
        ("", '<when xml:id="a"/><when xml:id="a"/>', r"line 2: ID a already defined"),
    ],
)
def test_invalid_content_names_its_line(body: str, timeline: str, problem: str) -> None:
    with pytest.raises(FormatError, match=problem):
        read(body, timeline=timeline)


@given(transcripts())
def test_who_says_what_and_when_comes_back(transcript: Transcript) -> None:
    assert said(again(transcript)) == said(transcript)


MEETING = Transcript(
    "r",
    9.5,
    "fr",
    (Speaker("spk1", "Zoé", {"age": 34, "sex": "F", "note": " à  part "}), Speaker("spk2")),
    (
        Utterance("u1", "spk1", 0.5, 2.0, "Bonjour à", (Word("Bonjour", 0.5, 1.0), Word("à", 1.25, 1.5))),
        Utterance("u2", "spk1", 1.0, 2.5, "l' eau [x]"),
        Utterance("u3", "spk2", 1.5, 2.5, "oui + (non)", original="oui"),
        Utterance("u4", None, 3.0, 4.0, ""),
        Utterance("u5", "spk2", 5.0, 6.0, "ils", original="il(s)"),
    ),
    events=(
        Event(0.5, 2.0, "laugh", "il rit", "spk1"),
        Event(1.0, 2.0, "noise"),
        Event(3.0, 3.0, "pause", "+"),
        Event(3.0, 3.5, "pause", "longue pause", "spk2"),
        Event(7.0, 8.0, "uncertain", "rire"),
        Event(8.0, 9.0, "unintelligible", "x", "spk1"),
    ),
    attributes={"title": "Réunion", "audio": "ré union.wav", "sections": [{"start": 0.0}], "lieu": "Lyon", "n": 3},
)


def test_all_that_the_format_holds_comes_back() -> None:
    assert again(MEETING) == MEETING


def test_an_untimed_transcript_stays_untimed() -> None:
    t = read('<sp who="#a"><p>Bon.</p></sp><stage>Il sort.</stage><sp who="#b"><p>Oui.</p></sp>')
    assert again(t) == t
    assert "timeline" not in tei.dumps([t])


def test_what_is_written_points_only_to_what_there_is() -> None:
    root = etree.fromstring(tei.dumps([MEETING]).encode())
    ids = {e.get("{http://www.w3.org/XML/1998/namespace}id") for e in root.iter()}
    pointers = [e.get(name) for e in root.iter() for name in ("start", "end", "from", "to", "since", "who")]
    assert {p for p in pointers if p} <= {f"#{i}" for i in ids}
    assert [child.tag for child in root.find(f"{TEI}text")] == [f"{TEI}timeline", f"{TEI}body"]
