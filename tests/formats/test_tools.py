"""Files as other tools write them, with what their rules do not foresee."""

import gzip
import json
import logging
from pathlib import Path

import pytest

from dialogue import formats
from dialogue.cli import main
from dialogue.core.transcript import Transcript
from dialogue.formats import FormatError, cha, kaldi, lhotse, recognisers, srt, stm, textgrid, vtt, whisperx
from dialogue.scoring import score
from tests.formats.mutations import SERVICES, WORDS

ROLLING = """WEBVTT
Kind: captions
Language: fr

00:00:00.160 --> 00:00:03.429 align:start position:0%
 
alors<00:00:00.960><c> on</c><00:00:01.520><c> ouvre</c><00:00:02.159><c> la</c><00:00:02.560><c> séance</c>

00:00:03.429 --> 00:00:03.439 align:start position:0%
alors on ouvre la séance
 

00:00:03.439 --> 00:00:05.749 align:start position:0%
alors on ouvre la séance
avec<00:00:03.760><c> le</c><00:00:04.000><c> budget</c>

00:00:05.749 --> 00:00:05.759 align:start position:0%
avec le budget
 
"""


def texts(transcript: Transcript) -> list[str]:
    return [u.text for u in transcript]


def test_captions_that_roll_up_are_read_once_with_their_times() -> None:
    [t] = vtt.loads(ROLLING)
    assert texts(t) == ["alors on ouvre la séance", "avec le budget"]
    assert [(w.text, w.start, w.end) for w in t.words()][:3] == [
        ("alors", 0.16, 0.96),
        ("on", 0.96, 1.52),
        ("ouvre", 1.52, 2.159),
    ]


def test_captions_that_roll_up_without_times_are_read_once() -> None:
    lines = ["un deux", "trois", "quatre cinq", "six"]
    cues = [
        f"{n}\n00:00:0{n},000 --> 00:00:0{n + 1},000\n{above}\n{below}\n"
        for n, (above, below) in enumerate(zip(["", *lines], lines, strict=False))
    ]
    assert texts(srt.loads("\n".join(cues))[0]) == lines


def test_a_line_that_stays_through_a_pause_is_read_once() -> None:
    after = ROLLING.replace("00:00:03.439 --> 00:00:05.749", "00:00:04.439 --> 00:00:05.749").replace(
        "\n \n", "\n&nbsp;\n"
    )
    assert texts(vtt.loads(after)[0]) == ["alors on ouvre la séance", "avec le budget"]


def test_people_who_repeat_themselves_are_heard_twice() -> None:
    cues = [f"{n}\n00:00:0{n},000 --> 00:00:0{n + 1},000\noui\n" for n in range(4)]
    assert texts(srt.loads("\n".join(cues))[0]) == ["oui"] * 4
    timed = "WEBVTT\n\n00:01.000 --> 00:02.000\n<00:01.500>oui\n\n00:02.000 --> 00:03.000\n<00:02.500>oui\n"
    assert texts(vtt.loads(timed)[0]) == ["oui", "oui"]


def test_a_line_of_spaces_does_not_end_a_cue_of_webvtt() -> None:
    [t] = vtt.loads("WEBVTT\n\n1\n00:01.000 --> 00:02.000\n \t\noui\n \nnon\n\n2\n00:02.000 --> 00:03.000\nfin\n")
    assert texts(t) == ["oui non", "fin"]


@pytest.mark.parametrize(
    ("name", "written"),
    [
        ("Le Goff, Maëlle (DSI)", "[Le Goff, Maëlle (DSI)]: oui"),
        ("Jean Marie de la Tour", "[Jean Marie de la Tour]: oui"),
        ("Anne Martin", "Anne Martin: oui"),
        ("Qui ?", "[Qui ?]: oui"),
    ],
)
def test_names_of_people_survive_subtitles(name: str, written: str) -> None:
    [t] = vtt.loads(f"WEBVTT\n\n00:01.000 --> 00:02.000\n<v {name}>oui</v>\n")
    assert written.replace(": ", "\u00a0:\u00a0") in srt.dumps([t])
    for format in ("srt", "txt", "vtt"):
        [back] = formats.module(format).loads(formats.dumps([t], format))
        assert [(back.name(u.speaker), u.text) for u in back] == [(name, "oui")]


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("CO<sub>2</sub> et 1<sup>er</sup>", "CO2 et 1er"),
        (r"{\an8}haut {\i1}de{\i0} page\Nsuite\hfin", "haut de page suite fin"),
        ('<font color="#00ff00" face="Arial">vert</font><br/>bleu', "vert bleu"),
        ("R&amp;D &lt;3 &#233;t&#xe9; &nbsp; AT&T", "R&D <3 été AT&T"),
        ("3 < 4 et a > b", "3 < 4 et a > b"),
    ],
)
def test_marks_of_srt_are_no_words(text: str, plain: str) -> None:
    [t] = srt.loads(f"1\n00:00:01,000 --> 00:00:02,000\n{text}\n")
    assert t.text == plain
    assert srt.loads(srt.dumps([t]))[0].text == plain


def test_one_bad_cue_among_hundreds_is_skipped_with_its_line(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    cues = [
        f"{n + 1}\n00:{n // 60:02d}:{n % 60:02d},000 --> 00:{n // 60:02d}:{n % 60:02d},500\nmot{n}\n"
        for n in range(300)
    ]
    cues[100] = "101\n00:01:40,900 --> 00:01:40,100\nsecret\n"
    path = tmp_path / "a.srt"
    path.write_text("\n".join(cues), encoding="utf-8")
    with caplog.at_level(logging.WARNING, "dialogue"):
        [t] = formats.read(path)
    assert len(t.utterances) == 299
    assert [r.getMessage() for r in caplog.records] == [
        f"{path}: line 402: ends at 100.100 s, before its start 100.900 s. This cue is skipped."
    ]
    assert main(["convert", "--strict", str(path), str(tmp_path / "a.json")]) == 1
    assert main(["convert", str(path), str(tmp_path / "a.json")]) == 0


def test_cues_without_length_keep_their_words(tmp_path: Path) -> None:
    [t] = srt.loads("1\n00:00:01,000 --> 00:00:01,000\noui\n\n2\n00:00:02,000 --> 00:00:03,000\nnon\n")
    assert texts(t) == ["oui", "non"]
    for format in formats.writable():
        path = tmp_path / f"r{(formats.FORMATS[format] or ('',))[0]}"
        formats.write([t], path, format)
        said = " ".join(u.text for u in formats.read(path, format)[0])
        assert format == "rttm" or said == "oui non", format


def test_labels_and_markers_of_stm_are_no_words() -> None:
    text = """;; CATEGORY "0" "" ""
conf 1 inter_segment_gap 0 3.2 <o,,unknown> ignore_time_segment_in_scoring
conf 1 A 3.2 6 <NA> on ouvre le chantier
conf 1 A 6 8.5 <o,f0,female> IGNORE_TIME_SEGMENT_IN_SCORING
conf 1 B 8.5 9 <F0_M> très bien
conf 1 B 9 10 <o,f0,male> { ouvre / ouvrons / @ } la(2) { @ / porte } (euh) {BREATH} donc (%hesitation) <sil>
conf 1 B 10 11 { a / { b / c } } d { e
conf 1 B 11 12 (tout à fait) %hesitation (oui).
conf 1 B 12 13 ignore_time_segment_in_scoring ignore_time_segment_in_scoring
"""
    [t] = stm.loads(text)
    assert texts(t) == [
        "on ouvre le chantier",
        "très bien",
        "ouvre la euh donc euh",
        "{ a / { b / c } } d { e",
        "tout à fait euh oui.",
    ]
    assert [(o.start, o.end, o.reason) for o in t.omissions] == [
        (a, b, "not scored") for a, b in ((0, 3.2), (6, 8.5), (12, 13))
    ]
    assert [(e.kind, e.text) for e in t.events] == [("breath", "BREATH"), ("pause", "sil")]
    assert stm.spoken("{ a / { b / c } } { { d / e } f / g } h") == ("a d f h", [])
    [back] = stm.loads(stm.dumps([t]))
    assert back.omissions == t.omissions


def test_what_is_not_scored_counts_on_neither_side() -> None:
    reference = stm.loads(
        "c 1 A 0 3 on ouvre le chantier\nc 1 A 3 6 ignore_time_segment_in_scoring\nc 1 B 6 8 très bien\n"
    )
    heard = stm.loads("c 1 x 0 3 on ouvre le chantier\nc 1 x 3 6 alors ça marche le micro\nc 1 y 6 8 très bien\n")
    scores = score(reference, heard)
    assert (scores.totals["wer"].errors, scores.totals["wer"].length) == (0, 6)
    assert (scores.totals["der"].errors, scores.totals["der"].length) == (0, 5)
    zoned = score(reference, heard, uem={"c": [(0.0, 4.0), (5.0, 7.0)]})
    assert zoned.totals["der"].length == 4


def test_kaldi_columns_are_apart_by_any_blank(tmp_path: Path) -> None:
    files = {
        "text": "a-1\tbonjour à tous\r\nb-2 \t oui\n",
        "segments": "a-1\tr1\t0.00  1.50\nb-2   r1 2.0 -1\n",
        "utt2spk": "a-1\ta\nb-2  b\n",
        "reco2dur": "r1\t4.5\n",
    }
    for name, text in files.items():
        (tmp_path / name).write_text(text, encoding="utf-8", newline="")
    [t] = kaldi.load(tmp_path)
    assert [(t.name(u.speaker), u.start, u.end, u.text) for u in t] == [
        ("a", 0, 1.5, "bonjour à tous"),
        ("b", 2, 4.5, "oui"),
    ]
    (tmp_path / "reco2dur").unlink()
    with pytest.raises(FormatError, match=r"segments, b-2: ends at -1, the end of r1\. Add its line to reco2dur"):
        kaldi.load(tmp_path)


def test_words_of_another_speaker_than_their_segment_are_theirs_everywhere(tmp_path: Path) -> None:
    words = [
        {"word": "2266"},
        {"word": "c'est", "start": 3.1, "end": 3.3, "speaker": "S1"},
        {"word": "non", "start": 4.0, "end": 4.6, "speaker": "S0"},
        {"word": "43."},
    ]
    segment = {"start": 2.0, "end": 6.0, "text": " 2266 c'est non 43.", "speaker": "S1", "words": words}
    path = tmp_path / "r.json"
    path.write_text(json.dumps({"segments": [segment]}))
    for format in ("json", "srt", "ctm", "whisperx", "lhotse"):
        out = tmp_path / f"o{formats.FORMATS[format][0]}"
        assert main(["convert", str(path), str(out), "--to", format]) == 0
        [t] = formats.read(out, format)
        assert [(t.name(u.speaker), u.text) for u in t] == [("S1", "2266 c'est"), ("S0", "non 43.")], format
        known = {s.id for s in t.speakers}
        assert {w.speaker for w in t.words()} <= known | {None}
        assert all(w.speaker in (None, u.speaker) for u in t for w in u.words)


@pytest.mark.parametrize("service", SERVICES)
def test_the_json_of_other_recognisers_is_read(service: str, tmp_path: Path) -> None:
    path = tmp_path / "r.json"
    path.write_text(json.dumps(SERVICES[service]), encoding="utf-8")
    [t] = formats.read(path)
    assert [(u.start, u.end, u.text) for u in t] == [(0.5, 1.5, "oui non")]
    assert not list(t.problems())


def test_speakers_of_words_cut_what_a_service_lists() -> None:
    [t] = recognisers.loads(json.dumps({"results": {"channels": [{"alternatives": [{"words": WORDS}]}]}}))
    assert [(t.name(u.speaker), u.text) for u in t] == [("?", "oui"), ("1", "non")]


@pytest.mark.parametrize(
    ("value", "found"),
    [
        ([1, 2], "a list of 2, of which the first is a number"),
        ({"text": "oui"}, "an object with text, which no reader here knows"),
        ({"results": {"x": 1}}, "an object with results"),
        ([], "an empty list"),
        ("oui", "a text"),
    ],
)
def test_other_json_is_refused_with_what_it_is(value: object, found: str, tmp_path: Path) -> None:
    path = tmp_path / "r.json"
    path.write_text(json.dumps(value), encoding="utf-8")
    with pytest.raises(FormatError, match=found) as error:
        formats.read(path)
    assert "oui" not in str(error.value)


def test_other_json_is_told_what_is_read(tmp_path: Path) -> None:
    (tmp_path / "r.json").write_text('{"a": 1}')
    with pytest.raises(FormatError, match=r"LinTO, WhisperX, .*SegLST"):
        formats.read(tmp_path / "r.json")


def test_the_transcripts_of_stages_are_known_by_their_schema(tmp_path: Path) -> None:
    [t] = stm.loads("r 1 A 0 1 oui\n")
    value = {"made_by": {"stage": "x" * 3000, "results": {}}, **t.to_dict()}
    (tmp_path / "r.json").write_text(json.dumps(value))
    assert formats.read(tmp_path / "r.json") == [t]


def test_words_beside_the_segments_go_where_they_were_said() -> None:
    segments = [{"start": 0, "end": 1, "text": "un"}, {"start": 1, "end": 2, "text": "deux trois"}]
    words = [{"word": w, "start": n, "end": n + 0.5} for w, n in (("un", 0.2), ("deux", 1.0), ("trois", 1.5))]
    [t] = whisperx.loads(json.dumps({"segments": segments, "words": words}))
    assert [[w.text for w in u.words] for u in t] == [["un"], ["deux", "trois"]]


def test_half_a_surrogate_pair_becomes_a_replacement_character(tmp_path: Path) -> None:
    (tmp_path / "r.json").write_text(
        '{"segments": [{"start": 0, "end": 1, "text": "a\\\\ud83d \\ud83d\\ude00 \\ud83d b"}]}'
    )
    for format in formats.writable():
        out = tmp_path / f"o/{format}{(formats.FORMATS[format] or ('',))[0]}"
        assert main(["convert", str(tmp_path / "r.json"), str(out), "--to", format]) == 0, format
    [t] = formats.read(tmp_path / "o/json.json")
    assert t.text == "a\\ud83d 😀 \ufffd b"


def test_compressed_manifests_are_read_and_written(tmp_path: Path) -> None:
    rows = '{"id": "u", "recording_id": "r", "start": 0, "duration": 1, "text": "oui", "speaker": "A"}\n'
    (tmp_path / "supervisions.jsonl.gz").write_bytes(gzip.compress(rows.encode()))
    [t] = formats.read(tmp_path / "supervisions.jsonl.gz")
    assert t.text == "oui"
    formats.write([t], tmp_path / "b.jsonl.gz")
    assert gzip.decompress((tmp_path / "b.jsonl.gz").read_bytes()).startswith(b'{"id": ')
    source = {"id": "r", "sources": [{"type": "file", "source": "r.wav"}], "sampling_rate": 16000, "duration": 1}
    (tmp_path / "recordings.jsonl.gz").write_bytes(gzip.compress(json.dumps(source).encode()))
    for name in ("recordings.jsonl.gz", "recordings.jsonl"):
        assert [r.id for r in lhotse.read_recordings(tmp_path / name)] == ["r"]
    (tmp_path / "c.jsonl.gz").write_bytes(gzip.compress(rows.encode() * 99)[:-9])
    with pytest.raises(FormatError, match=r"c.jsonl.gz: not whole"):
        formats.read(tmp_path / "c.jsonl.gz")


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("oui [x 3] .", "oui oui oui ."),
        ("<ah oui> [x 2] non", "ah oui ah oui non"),
        ("<je veux> [//] je voudrais <un> [/] un [x2] pain", "je veux je voudrais un un un pain"),
        ("<a <b c> [x 2]> [x 2] d", "a b c b c a b c b c d"),
        ("c'est c'est [///] <enfin bon> [/-] voilà", "c'est c'est enfin bon voilà"),
        ("x@s [x 99999] y", "x [x 99999] y"),
    ],
)
def test_chat_repetitions_and_retracings_were_said(written: str, said: str) -> None:
    plain, _ = cha.read(written)
    assert plain == said or "99999" in written


def test_an_id_that_two_tiers_of_elan_share_is_read_with_a_warning(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    [t] = stm.loads("r 1 A 0 1 un\nr 1 B 1 2 deux\n")
    path = tmp_path / "r.eaf"
    path.write_text(formats.dumps([t], "eaf").replace('"a2"', '"a1"'), encoding="utf-8")
    with caplog.at_level(logging.WARNING, "dialogue"):
        assert formats.read(path)[0].text == "un deux"
    assert "the ANNOTATION_ID 'a1' is also that of line" in caplog.text
    with pytest.raises(FormatError, match=r"r.eaf: line \d+: the ANNOTATION_ID 'a1'"):
        formats.read(path, strict=True)


@pytest.mark.parametrize(
    "head",
    [
        'File type = "ooTextFile short"\n"TextGrid"\n\n',
        'File type = "ooTextFile"\nObject class = "TextGrid"\n',
        'File type="ooTextFile"\nObject class="TextGrid"\n',
        'File type = "ooTextFile"\nObject class = "Text Grid"\n\n',
        '"ooTextFile"\n"TextGrid"\n',
        '\ufeffFile type = "ooTextFile short"\nObject class = "TextGrid "\n',
    ],
)
def test_older_heads_of_praat_are_read(head: str) -> None:
    [t] = textgrid.loads(head + '0\n2\n<exists>\n1\n"IntervalTier"\n"Zoé"\n0\n2\n1\n0\n2\n"oui"\n')
    assert [(t.name(u.speaker), u.text) for u in t] == [("Zoé", "oui")]


def test_of_alternatives_in_a_ctm_the_first_is_read() -> None:
    alternatives = "c 1 * * <ALT_BEGIN>\nc 1 0 1 oui\nc 1 * * <ALT>\nc 1 0 1 ouais\nc 1 * * <ALT_END>\nc 1 1 1 non\n"
    assert formats.module("ctm").loads(alternatives)[0].text == "oui non"
