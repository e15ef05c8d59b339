"""TextGrid: long and short, encodings, tiers, round trips, broken files."""

import pytest
from hypothesis import assume, given, settings

from dialogue import formats
from dialogue.core.transcript import Event, Speaker, Transcript, Utterance, Word
from dialogue.formats import FormatError, textgrid
from tests.formats.strategies import said, transcripts

LONG = """File type = "ooTextFile"
Object class = "TextGrid"

xmin = 0
xmax = 4
tiers? <exists>
size = 2
item []:
    item [1]:
        class = "IntervalTier"
        name = "Zoé"
        xmin = 0
        xmax = 4
        intervals: size = 2
        intervals [1]:
            xmin = 0
            xmax = 1.5
            text = "bonjour ""toi"" +"
        intervals [2]:
            xmax = 4
            xmin = 1.5
            text = ""
    item [2]:
        class = "TextTier"
        name = "bruits"
        xmin = 0
        xmax = 4
        points: size = 1
        points [1]:
            number = 2.5
            mark = "porte"
"""
SHORT = """File type = "ooTextFile"
Object class = "TextGrid"

0
4
<exists>
1
"IntervalTier"
"Zoé"
0
4
1
0
1.5
"bonjour ""toi"" +"
"""


def test_long_layout_with_fields_in_any_order() -> None:
    [transcript] = textgrid.loads(LONG)
    assert said(transcript) == [("Zoé", 0, 1.5, 'bonjour "toi"')]
    assert [(e.kind, e.start, e.text) for e in transcript.events] == [
        ("pause", 0, "+"),
        ("comment", 2.5, "porte"),
    ]
    assert transcript.duration == 4


def test_short_layout() -> None:
    assert said(textgrid.loads(SHORT)[0]) == [("Zoé", 0, 1.5, 'bonjour "toi"')]


def test_verbatim_keeps_the_marks() -> None:
    [transcript] = textgrid.loads(SHORT, verbatim=True)
    assert (transcript.text, transcript.events) == ('bonjour "toi" +', ())


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_encodings_of_praat(tmp_path, encoding: str) -> None:
    path = tmp_path / "r.TextGrid"
    path.write_bytes(LONG.replace("\n", "\r\n").encode(encoding))
    assert [s.name for s in formats.read(path)[0].speakers] == ["Zoé"]


def test_a_tier_of_speakers_names_those_of_the_others(dev_data) -> None:
    [transcript] = formats.read(dev_data / "formats/textgrid/FOR_DIA.TextGrid")
    assert [s.name for s in transcript.speakers] == ["L1", "L2", "L3"]
    assert said(transcript)[2] == ("L2", 3.677, 4.457, "pardon je")
    assert [w.text for w in transcript.utterances[1].words] == ["je", "veux", "un", "croissant"]


def test_silences_are_left_out_and_noises_are_events(dev_data) -> None:
    [transcript] = formats.read(dev_data / "formats/textgrid/SPPAS_F_F_B003_P9.TextGrid")
    assert [u.text.split()[0] for u in transcript] == ["j'ai", "d'abord", "ensuite", "quand", "et"]
    assert [e.kind for e in transcript.events] == ["noise", "noise", "pause", "noise"]
    assert "*" in transcript.utterances[3].original


def test_utf_16(dev_data) -> None:
    [transcript] = formats.read(dev_data / "formats/textgrid/SPPAS_PFCquebec_CQAAB1_utf16.TextGrid")
    assert transcript.utterances[1].text == "L'arri- la grand-mère de mon grand-père qui était Huronne."


@settings(max_examples=50)
@given(transcripts())
def test_round_trip(transcript: Transcript) -> None:
    marks = textgrid.BLANK - {""}
    assume(not any(part in marks for u in transcript for part in (u.text, *(w.text for w in u.words))))
    [back] = textgrid.loads(textgrid.dumps([transcript]))
    assert sorted(said(back)) == sorted(said(transcript))
    assert back.duration == pytest.approx(max(transcript.duration, 0.001), abs=1e-3)


def test_round_trip_of_words_events_originals_and_marks_that_are_words() -> None:
    transcript = Transcript(
        "r",
        5.0,
        speakers=(Speaker("spk1", "words"), Speaker("spk2", "Ali")),
        utterances=(
            Utterance(
                "u1",
                "spk1",
                0.5,
                2.0,
                "oui non",
                (Word("oui", 0.5, 1.0), Word("non", 1.2, 2.0)),
                original="oui + non",
            ),
            Utterance("u2", "spk1", 1.0, 3.0, "3 + 4"),
            Utterance("u3", "spk2", 1.5, 2.5, "ah"),
            Utterance("u4", None, 4.0, 5.0, "on ne sait qui"),
        ),
        events=(
            Event(0.7, 0.7, "laugh", "rire", "spk2"),
            Event(1.0, 4.5, "noise", "bruit: porte"),
            Event(1.2, 1.4, "pause", "+", "spk1"),
        ),
    )
    [back] = textgrid.loads(textgrid.dumps([transcript]), "r")
    assert [(u.speaker, u.start, u.end, u.text, u.original, u.words) for u in back] == [
        (u.speaker, u.start, u.end, u.text, u.original, u.words) for u in transcript
    ]
    assert back.events == transcript.events


@pytest.mark.parametrize(
    ("broken", "found"),
    [
        (LONG.replace("ooTextFile", "Praat"), "not a Praat text file"),
        (LONG.replace('"TextGrid"', '"Sound"'), "line 2: class 'Sound'"),
        (LONG[: LONG.index("text = ")], "line 17: tier 'Zoé': not xmin, xmax and text"),
        (LONG.replace("xmax = 1.5", "xmax = -1"), "line 16: tier 'Zoé': ends at -1 s"),
        (LONG.replace("IntervalTier", "Interval"), "line 10: tier of class 'Interval'"),
        ("", "line 1: ends where"),
        (LONG.replace('text = "bonjour', "text = bonjour"), "not xmin, xmax and text"),
    ],
)
def test_errors_name_the_line(broken: str, found: str) -> None:
    with pytest.raises(FormatError, match=found):
        textgrid.loads(broken)
