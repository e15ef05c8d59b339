"""Whatever the names and the words, what is written can be read again, and only where it should be."""

import re
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dialogue import formats
from dialogue.core.transcript import Event, Omission, Speaker, Transcript, Utterance, Word
from dialogue.formats import FormatError, convert, loss
from dialogue.formats.ids import safe_id

ODD = st.sampled_from(
    """--> anne-- <v Zoé> </v> &amp; &lt; <i> {\\an8} \\N <NA> ;; [x] (x) [a]: a: ? ?: == a == [0:00:01] 00:00:01,000 1
    { / } ] [ " "" _ # ipu_1 spk1 events Zoé\\ words *** + @ &#xD800; <!-- ]]> <? WEBVTT NOTE STYLE -1 1e5 *CHI: @End
    ignore_time_segment_in_scoring inter_segment_gap <o,f0,x> transcription sil <p:> x\\ #2 default words loc""".split()
) | st.sampled_from(
    ["\x00", "\n", "\r\n", "\t", " ", "\x1c", "\x85", "\u2028", "\u200b", "\ufeff", "\u202e", "🙂", "\ud800", "\x0b"]
)
TEXT = (
    st.text(st.characters(categories=None), max_size=8)
    | st.lists(ODD | st.text(max_size=4), max_size=4).map("".join)
    | (st.lists(ODD, max_size=4).map(" ".join))
)


@st.composite
def anything(draw: st.DrawFn) -> Transcript:
    """Draw a transcript that keeps the rules, with any texts and names."""
    speakers = tuple(Speaker(f"spk{n}", draw(TEXT | st.none())) for n in range(1, draw(st.integers(1, 3)) + 1))
    utterances = []
    start = 0.0
    for number in range(draw(st.integers(0, 3))):
        end = start + draw(st.sampled_from([0.0, 0.001, 1.5, 60.0]))
        text = draw(TEXT)
        words = tuple(Word(part, start, end) for part in text.split()) if draw(st.booleans()) else ()
        who = draw(st.sampled_from([None, *(s.id for s in speakers)]))
        utterances.append(Utterance(f"u{number}", who, start, end, text, words))
        start = draw(st.sampled_from([start, end, end + 1]))
    last = max((u.end for u in utterances), default=0.0)
    return Transcript(
        draw(TEXT),
        last + 1.0,
        "fr",
        speakers,
        tuple(utterances),
        (Omission(0.0, 1.0, draw(st.sampled_from(["not scored", "repetition"])), draw(TEXT)),),
        events=(Event(0.0, 1.0, "laugh", draw(TEXT), speakers[0].id), Event(1.0, 1.0, "comment", draw(TEXT))),
        attributes={"title": "x"},
    )


SLOW = [HealthCheck.function_scoped_fixture, HealthCheck.too_slow]


@pytest.mark.parametrize("name", formats.writable())
@settings(max_examples=60, suppress_health_check=SLOW, deadline=None)
@given(transcript=anything())
def test_what_is_written_can_be_read_again(name: str, transcript: Transcript, tmp_path: Path) -> None:
    path = tmp_path / ("r" + (formats.FORMATS[name] or ("",))[0])
    formats.write([transcript], path, name)
    for found in formats.read(path, name):
        assert not list(found.problems())
    if name not in ("rttm", "kaldi"):
        formats.read(path)  # the format is known by the content, too


@pytest.mark.parametrize("name", ["json", "lhotse", "seglst", "linto", "whisperx", "vtt", "srt", "eaf", "tei", "trs"])
@settings(max_examples=60, suppress_health_check=SLOW, deadline=None)
@given(transcript=anything())
def test_no_word_is_lost(name: str, transcript: Transcript, tmp_path: Path) -> None:
    path = tmp_path / ("r" + formats.FORMATS[name][0])
    formats.write([transcript], path, name)
    found = formats.read(path, name)

    def letters(transcripts: list[Transcript]) -> list[str]:
        return sorted(re.findall(r"[^\W_]", " ".join(u.text for t in transcripts for u in t)))

    assert letters(found) == letters([formats.encodable(transcript)])


@pytest.mark.parametrize(
    "name", ["json", "lhotse", "seglst", "linto", "whisperx", "vtt", "stm", "ctm", "rttm", "kaldi"]
)
@settings(max_examples=60, suppress_health_check=SLOW, deadline=None)
@given(names=st.lists(TEXT, min_size=2, max_size=3, unique=True))
def test_speakers_stay_as_many_as_they_are(name: str, names: list[str], tmp_path: Path) -> None:
    folder = tmp_path / "k"
    people = tuple(Speaker(f"spk{n}", name) for n, name in enumerate(names, start=1))
    said = tuple(Utterance(f"u{n}", s.id, 2.0 * n, 2.0 * n + 1, "oui") for n, s in enumerate(people))
    path = folder if name == "kaldi" else tmp_path / ("r" + formats.FORMATS[name][0])
    formats.write([Transcript("r", 9.0, speakers=people, utterances=said)], path, name)
    [found] = formats.read(path, name)
    assert len(found.speakers) == len(names)


@pytest.mark.parametrize("name", ["json", "stm", "ctm", "rttm", "kaldi", "seglst", "lhotse"])
def test_recordings_stay_as_many_as_they_are(name: str, tmp_path: Path) -> None:
    said = (Utterance("u1", None, 0.0, 1.0, "oui"),)
    ids = ["a b", "a_b", "a/b", "../a_b", "<NA>", "-a", ";;a"]
    transcripts = [Transcript(i, 1.0, utterances=said) for i in ids]
    path = tmp_path / ("r" + (formats.FORMATS[name] or ("",))[0])
    if name != "json":
        formats.write(transcripts, path, name)
        assert len({t.recording for t in formats.read(path, name)}) == len(ids)


OUTSIDE = [
    "../../x",
    "/tmp/x",
    "..",
    ".",
    "a/../../x",
    "..\\x",
    "x/y",
    "x_y",
    "\n",
    "",
    "~/x",
    "-rf",
    "x" * 300,
    "é" * 200,
    "\x00",
    ".",
]


@pytest.mark.parametrize("name", ["json", "stm", "rttm", "ctm", "seglst", "lhotse", "txt", "kaldi"])
@pytest.mark.parametrize("into", [n for n in formats.writable() if n != "kaldi"])
def test_nothing_is_written_outside_the_folder(name: str, into: str, tmp_path: Path) -> None:
    said = (Utterance("u1", None, 0.0, 1.0, "oui"),)
    source, out = tmp_path / "deep/in", tmp_path / "deep/er/out"
    source.mkdir(parents=True)
    for number, recording in enumerate(OUTSIDE if name == "json" else ["all"]):
        some = (
            [Transcript(recording, 1.0, utterances=said)]
            if name == "json"
            else [Transcript(i, 1.0, utterances=said) for i in dict.fromkeys(OUTSIDE)]
        )
        formats.write(some, source / f"{number}{(formats.FORMATS[name] or ('',))[0]}", name)
    before = {p for p in tmp_path.rglob("*") if p.is_file()}
    if name == "kaldi":
        done = [convert.convert(source / "0", out, convert.Reading(name), into)[0]]
    else:
        done = convert.convert(source, out, convert.Reading(name), into, jobs=1)
    assert not [d.error for d in done if d.error]
    written = [p for d in done for p in d.written]
    assert len(set(written)) == len(written)
    new = {p for p in tmp_path.rglob("*") if p.is_file()} - before
    assert new == set(written)
    assert all(p.resolve().is_relative_to(out.resolve()) for p in new)


@pytest.mark.parametrize(
    "name", ["../../x", "/tmp/x", "a/b", "..", "", ".x", "-x", "a\nb", "x" * 999, "\ud800", "c\\d"]
)
def test_an_id_is_made_safe_once(name: str) -> None:
    safe = safe_id(name)
    assert re.fullmatch(r"\w[\w.-]*", safe)
    assert safe_id(safe) == safe
    assert safe != name


@pytest.mark.parametrize("name", ["a", "réunion 3", "a:b", "日本", "2024-03-01_x.y"])
def test_an_id_that_can_name_a_file_is_kept(name: str) -> None:
    assert safe_id(name) == name


def test_outputs_of_two_inputs_do_not_overwrite_each_other(tmp_path: Path) -> None:
    for number in (1, 2):
        (tmp_path / "in").mkdir(exist_ok=True)
        text = f"x 1 A 0 1 un\ny{number} 1 A 0 1 deux\n"
        (tmp_path / f"in/{number}.stm").write_text(text, encoding="utf-8")
    done = convert.convert(tmp_path / "in", tmp_path / "out", format="json", jobs=1)
    assert [d.error != "" for d in done] == [False, True]
    assert "x.json is also an output of" in done[1].error
    assert sorted(p.name for p in (tmp_path / "out").iterdir()) == ["x.json", "y1.json"]


def test_a_name_that_the_format_cannot_hold_is_told() -> None:
    odd = Transcript("r", 1.0, None, (Speaker("spk1", "Équipe: son"),), (Utterance("u1", "spk1", 0, 1, "oui"),))
    assert loss.lost([odd], "srt") == ["names"]
    assert "names (of speakers with marks" in (loss.warning([odd], "srt") or "")
    assert loss.lost([odd], "vtt") == []


def test_a_wrong_file_says_what_it_is(tmp_path: Path) -> None:
    (tmp_path / "a.TextGrid").write_bytes(b"ooBinaryFile\x08TextGrid\x00\xff")
    with pytest.raises(FormatError, match=r"a.TextGrid: line 1: this is a binary file of Praat. In Praat, save it as"):
        formats.read(tmp_path / "a.TextGrid")
