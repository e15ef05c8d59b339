"""CHAT: headers, marks, bullets, continuations, broken lines."""

import pytest

from dialogue import formats
from dialogue.formats import FormatError, cha

TEXT = """@UTF8
@Begin
@Languages:\tfra
@Participants:\tCHI Léa Target_Child, MOT Mother
@ID:\tfra|corpus|CHI|2;06.||||Target_Child|||
@Date:\t01-JAN-2020
*MOT:\ttu veux quoi ? \x151000_2500\x15
*CHI:\t<le> [/] le gâteau [: gâteau] &=laughs
\tlà (.) xxx . \x152400_4000\x15
%mor:\tdet|le
*MOT:\tah &-euh d'+accord [?] !
*CHI:\t0 &=cries . \x155000_6000\x15
@End
"""


def test_words_stay_and_marks_become_events() -> None:
    [t] = cha.loads(TEXT, "r")
    assert [(t.name(u.speaker), u.text) for u in t] == [
        ("MOT", "tu veux quoi ?"),
        ("Léa", "le le gâteau là ."),
        ("MOT", "ah euh d'accord !"),
    ]
    assert [(e.kind, e.text) for e in t.events] == [
        ("laugh", "laughs"),
        ("pause", "."),
        ("unintelligible", "xxx"),
        ("uncertain", "d'+accord"),
        ("comment", "cries"),
    ]


def test_times_come_from_bullets_and_from_neighbours() -> None:
    [t] = cha.loads(TEXT)
    assert [(u.start, u.end) for u in t] == [(1.0, 2.5), (2.4, 4.0), (4.0, 5.0)]
    assert t.timed


def test_headers_describe_speakers_and_recording() -> None:
    [t] = cha.loads(TEXT)
    child = next(s for s in t.speakers if s.name == "Léa")
    assert child.attributes == {"role": "Target_Child", "age": "2;06."}
    assert (t.language, t.attributes["date"]) == ("fr", "01-JAN-2020")


def test_old_headers_and_lines_without_terminators(dev_data) -> None:
    [t] = formats.read(dev_data / "formats/cha/36M_Laetitia_BD016.CHA")
    assert not t.timed
    assert {s.name: s.attributes for s in t.speakers} == {
        "OBS": {"role": "observateur"},
        "Laetitia": {"age": "3"},
    }
    assert t.utterances[3].text == "regarde , qu' est ce que c'est ça ?"
    assert [e.kind for e in t.events] == ["unintelligible"] * 3


def test_extract_of_cfpp(dev_data) -> None:
    [t] = formats.read(dev_data / "formats/cha/cfpp_60s.cha")
    assert (len(t.utterances), [s.name for s in t.speakers]) == (29, ["Anita_Musso", "Sonia_Branca-Rosoff"])


@pytest.mark.parametrize(
    ("broken", "found"),
    [
        (TEXT.replace("*CHI:\t<le>", "*CHI <le>"), "line 8: .*Accepted: \\*CHI: what was said"),
        (TEXT.replace("2400_4000", "4000_2400"), "line 8: ends at 2.400 s"),
        (TEXT.replace("@Date", "Date"), "line 6: 'Date"),
        ("*CHI:\toui\n", "no @Begin"),
    ],
)
def test_errors_name_the_line(broken: str, found: str) -> None:
    with pytest.raises(FormatError, match=found):
        cha.loads(broken)
