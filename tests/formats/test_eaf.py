"""ELAN: a real conversation, the interpretation of tiers, and what a round trip keeps."""

import tempfile
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from lxml import etree
from pympi import Elan

from dialogue import formats
from dialogue.core.transcript import Event, Speaker, Transcript, Utterance, Word
from dialogue.formats import FormatError, eaf
from tests.formats.strategies import said, transcripts

WORDS_TYPE = '<LINGUISTIC_TYPE LINGUISTIC_TYPE_ID="mots" TIME_ALIGNABLE="true" CONSTRAINTS="Time_Subdivision"/>'


def slots(*values: int | None) -> str:
    rows = (
        f'<TIME_SLOT TIME_SLOT_ID="ts{n}"{"" if v is None else f" TIME_VALUE={chr(34)}{v}{chr(34)}"}/>'
        for n, v in enumerate(values, start=1)
    )
    return f"<TIME_ORDER>\n{''.join(rows)}\n</TIME_ORDER>"


def tier(name: str, *rows: tuple[str, int, int, str], **attributes: str) -> str:
    annotations = "".join(
        f'<ANNOTATION><ALIGNABLE_ANNOTATION ANNOTATION_ID="{key}" TIME_SLOT_REF1="ts{a}" TIME_SLOT_REF2="ts{b}">'
        f"<ANNOTATION_VALUE>{value}</ANNOTATION_VALUE></ALIGNABLE_ANNOTATION></ANNOTATION>\n"
        for key, a, b, value in rows
    )
    told = "".join(f' {key}="{value}"' for key, value in attributes.items())
    return f'<TIER TIER_ID="{name}" LINGUISTIC_TYPE_REF="default-lt"{told}>{annotations}</TIER>\n'


def document(order: str, *tiers: str) -> str:
    return (
        f'<ANNOTATION_DOCUMENT AUTHOR="" DATE="" FORMAT="3.0" VERSION="3.0">\n'
        f'<HEADER TIME_UNITS="milliseconds"/>\n{order}\n{"".join(tiers)}</ANNOTATION_DOCUMENT>'
    )


def read(order: str, *tiers: str, verbatim: bool = False) -> Transcript:
    [transcript] = eaf.loads(document(order, *tiers), "r", verbatim=verbatim)
    return transcript.validate()


def again(transcript: Transcript) -> Transcript:
    [back] = eaf.loads(eaf.dumps([transcript]), transcript.recording)
    return back.validate()


def test_a_real_conversation_has_its_speakers_overlaps_and_laughs(dev_data: Path) -> None:
    [t] = formats.read(dev_data / "formats/eaf/DOC_FR_2020_CHOIX_5.eaf")
    assert [s.name for s in t.validate().speakers] == ["Mélanie", "Eloise", "Rou"]
    assert len(t.utterances) == 36  # of 40 annotations, four hold only a laugh
    assert said(t)[1] == ("Eloise", 42.8, 46.9, "d'accord")
    assert t.utterances[0].end == 102.79  # Mélanie talks about a film meanwhile
    assert t.utterances[1].original == "d'accord>"
    assert ("Rou", 236.532, 239.169, "on va voir le split dans ce cas là") not in said(t)
    assert ("Rou", 236.532, 238.462, "on va voir le split dans ce cas là") in said(t)
    assert Event(2.8, 4.05, "laugh", "rire", "spk2") in t.events
    assert t.attributes["audio"] == "DOC_FR_2020_CHOIX_5.audio.m4a"


def test_a_tier_of_numbers_holds_pauses(dev_data: Path) -> None:
    [t] = formats.read(dev_data / "formats/eaf/DOC_FR_2020_CHOIX_5.eaf")
    pauses = [(e.start, e.end, e.text) for e in t.events if e.kind == "pause"]
    assert len(pauses) == 6
    assert pauses[0] == (176.35, 176.993, "0.643")


def test_a_real_file_comes_back_as_it_was(dev_data: Path) -> None:
    [t] = formats.read(dev_data / "formats/eaf/DOC_FR_2020_CHOIX_5.eaf")
    assert again(t) == t


def test_tiers_of_one_participant_are_one_speaker() -> None:
    t = read(
        slots(0, 1000, 2000, 3000),
        tier("a", ("a1", 1, 2, "oui"), PARTICIPANT="Zoé"),
        tier("b", ("a2", 3, 4, "non"), PARTICIPANT="Zoé"),
        tier("Léo", ("a3", 2, 3, "ah")),
        tier("default", ("a4", 1, 2, "euh")),
    )
    assert said(t) == [
        ("Zoé", 0.0, 1.0, "oui"),
        ("?", 0.0, 1.0, "euh"),
        ("Léo", 1.0, 2.0, "ah"),
        ("Zoé", 2.0, 3.0, "non"),
    ]


def test_slots_without_time_are_spaced_evenly_between_their_neighbours_in_the_tier() -> None:
    order = slots(1000, None, None, None, 4000)  # the fourth belongs to the other tier
    t = read(order, tier("a", ("a1", 1, 2, "un"), ("a2", 2, 3, "deux"), ("a3", 3, 5, "trois")))
    assert [(u.start, u.end) for u in t] == [(1, 2), (2, 3), (3, 4)]


def test_a_tier_of_single_words_gives_the_words_their_times() -> None:
    t = read(
        slots(0, 500, 1000, 2000),
        tier("Zoé", ("a1", 1, 3, "C'est bon"), ("a2", 3, 4, "voilà")),
        tier("Zoé-mots", ("a3", 1, 2, "c'est"), ("a4", 2, 3, "bon"), ("a5", 3, 4, "voilà"), PARENT_REF="Zoé"),
    )
    assert t.utterances[0].words == (Word("c'est", 0.0, 0.5), Word("bon", 0.5, 1.0))
    assert t.utterances[1].words[0].text == "voilà"


@pytest.mark.parametrize("values", [("se", "bõ", "v"), ("PRO", "ADJ", "PREP"), ("sur la table", "x", "y")])
def test_a_tier_of_something_else_gives_no_words(values: tuple[str, str, str]) -> None:
    rows = [(f"b{n}", n, n + 1, value) for n, value in enumerate(values, start=1)]
    t = read(
        slots(0, 500, 1000, 2000),
        tier("Zoé", ("a1", 1, 3, "c'est bon"), ("a2", 3, 4, "voilà")),
        tier("analyse", *rows, PARENT_REF="Zoé"),
    )
    assert len(t.utterances) == 2
    assert not list(t.words())


def test_a_tier_named_original_is_what_the_transcriber_wrote() -> None:
    ref = (
        '<TIER TIER_ID="Zoé original" PARENT_REF="Zoé" LINGUISTIC_TYPE_REF="o"><ANNOTATION>'
        '<REF_ANNOTATION ANNOTATION_ID="a2" ANNOTATION_REF="a1"><ANNOTATION_VALUE>il(s) vont +</ANNOTATION_VALUE>'
        "</REF_ANNOTATION></ANNOTATION></TIER>"
    )
    t = read(slots(0, 500, 1000), tier("Zoé", ("a1", 1, 2, "ils vont"), ("a3", 2, 3, "oui +")), ref)
    assert [(u.text, u.original) for u in t] == [("ils vont", "il(s) vont +"), ("oui", "oui +")]


@pytest.mark.parametrize("name", ["Comments", "notes_1", "Événements", "bruits"])
def test_a_tier_of_notes_holds_events(name: str) -> None:
    t = read(slots(0, 500, 1000), tier(name, ("a1", 1, 2, "il tape du pied"), ("a2", 2, 3, "rires")))
    assert [(e.kind, e.text) for e in t.events] == [("comment", "il tape du pied"), ("laugh", "rires")]


def test_the_header_is_kept() -> None:
    text = document(slots(0, 500), tier("Zoé", ("a1", 1, 2, "oui"), LANG_REF="fra"))
    text = text.replace('AUTHOR=""', 'AUTHOR="Rou"').replace(
        "<HEADER",
        '<LICENSE LICENSE_URL="https://example.org/l"/><HEADER',
    )
    text = text.replace(
        '"milliseconds"/>',
        '"milliseconds"><MEDIA_DESCRIPTOR MEDIA_URL="file:///C:/a%20b/d%C3%A9bat.wav"/></HEADER>',
    )
    [t] = eaf.loads(text)
    assert t.language == "fr"
    assert t.attributes == {"annotator": "Rou", "licence": "https://example.org/l", "audio": "débat.wav"}


@pytest.mark.parametrize(
    ("order", "tiers", "problem"),
    [
        (slots(0, 500), tier("a", ("a1", 2, 1, "x")), r"line 6: ends at 0.000 s, before its start 0.500 s"),
        (slots(0, 500), tier("a", ("a1", 1, 7, "x")), r"line 6: no time slot 'ts7'"),
        (slots(None, None), tier("a", ("a1", 1, 2, "x")), r"line 6: no time slot of the tier has a TIME_VALUE"),
        (slots(0, 500), tier("a", ("a1", 1, 2, "x"), ("a1", 1, 2, "y")), r"line 7: .* 'a1' of line 6"),
        (slots(0, 500), tier("a") + tier("a"), r"line 7: <TIER> has the TIER_ID 'a' of line 6"),
        (
            slots(),
            tier("a", PARENT_REF="z"),
            r"line 6: .*PARENT_REF 'z'\. Accepted: a name, and the name of another tier",
        ),
        (slots(), "<TIER/>", r"line 6: <TIER> with TIER_ID None"),
        (slots(0).replace('"0"', '"x"'), "", r"line 4: TIME_VALUE is 'x'. Accepted: a number"),
    ],
)
def test_invalid_content_names_its_line(order: str, tiers: str, problem: str) -> None:
    with pytest.raises(FormatError, match=problem):
        read(order, tiers)


def test_frames_are_refused() -> None:
    with pytest.raises(FormatError, match=r"line 2: TIME_UNITS are 'PAL-frames'\. Accepted: milliseconds"):
        eaf.loads(document(slots()).replace("milliseconds", "PAL-frames"))


@given(transcripts())
def test_who_says_what_and_when_comes_back(transcript: Transcript) -> None:
    assert said(again(transcript)) == said(transcript)


MEETING = Transcript(
    "r",
    9.0,
    "fr",
    (Speaker("spk1", "Zoé", {"age": 34, "sex": "F"}), Speaker("spk2")),
    (
        Utterance("u1", "spk1", 0.5, 2.0, "Bonjour à", (Word("Bonjour", 0.5, 1.0), Word("à", 1.25, 1.5))),
        Utterance("u2", "spk1", 1.0, 2.5, "12"),
        Utterance("u3", "spk2", 1.5, 2.5, "oui + (non)", original="oui"),
        Utterance("u4", None, 3.0, 4.0, ""),
        Utterance("u5", "spk2", 5.0, 6.0, "ils", original="il(s)"),
    ),
    events=(
        Event(0.5, 2.0, "laugh", "il rit", "spk1"),
        Event(1.0, 2.0, "noise"),
        Event(7.0, 8.0, "uncertain", "bon"),
    ),
    attributes={
        "title": "Réunion",
        "date": "2024-05-06",
        "audio": "ré union.wav",
        "sections": [{"start": 0.0}],
    },
)


def test_all_that_the_format_holds_comes_back() -> None:
    assert again(MEETING) == MEETING


def test_an_untimed_transcript_stays_untimed() -> None:
    t = Transcript(
        "r", 1.0, speakers=(Speaker("spk1"),), utterances=(Utterance("u1", "spk1", 0, 1, "oui"),), timed=False
    )
    assert not again(t).timed


def test_names_that_look_like_roles_stay_names() -> None:
    speakers = tuple(
        Speaker(f"spk{n}", name) for n, name in enumerate(("Notes", "default", "Zoé words", "Zoé"), start=1)
    )
    utterances = tuple(
        Utterance(f"u{n}", f"spk{n}", n, n + 1.0, "oui", (Word("oui", n, n + 0.5),)) for n in range(1, 5)
    )
    t = Transcript("r", 5.0, speakers=speakers, utterances=utterances)
    assert again(t) == t


@given(transcripts())
def test_an_independent_reader_finds_the_same_annotations(transcript: Transcript) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "r.eaf")
        path.write_text(eaf.dumps([transcript]), encoding="utf-8")
        document = Elan.Eaf(str(path))
    found = [
        (document.tiers[name][2]["PARTICIPANT"], start / 1000, end / 1000, text)
        for name in document.get_tier_names()
        if "PARENT_REF" not in document.tiers[name][2]
        for start, end, text in document.get_annotation_data_for_tier(name)
    ]
    assert sorted(found) == sorted(said(transcript))


def test_what_is_written_has_the_order_and_references_of_the_schema() -> None:
    root = etree.fromstring(eaf.dumps([MEETING]).encode())
    order = list(dict.fromkeys(child.tag for child in root))
    assert order == ["HEADER", "TIME_ORDER", "TIER", "LINGUISTIC_TYPE", "LANGUAGE", "CONSTRAINT"]
    values = [int(slot.get("TIME_VALUE")) for slot in root.iter("TIME_SLOT")]
    assert values == sorted(values)
    types = {t.get("LINGUISTIC_TYPE_ID"): t.get("CONSTRAINTS") for t in root.iter("LINGUISTIC_TYPE")}
    names = {t.get("TIER_ID") for t in root.iter("TIER")}
    for element in root.iter("TIER"):
        parent = element.get("PARENT_REF")
        assert (types[element.get("LINGUISTIC_TYPE_REF")] is None) == (parent is None)
        assert parent is None or parent in names
        spans = [
            (int(a.get("TIME_SLOT_REF1")[2:]), int(a.get("TIME_SLOT_REF2")[2:]))
            for a in element.iter("ALIGNABLE_ANNOTATION")
        ]
        assert all(values[a - 1] < values[b - 1] for a, b in spans)
        assert all(values[b[0] - 1] >= values[a[1] - 1] for a, b in pairwise(spans))
