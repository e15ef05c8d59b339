"""``prepare.py`` of each corpus, on a few invented words in the layout of its distribution."""

import json
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

from dialogue import corpus, formats
from dialogue.core import audio
from dialogue.corpus import CorpusError
from dialogue.formats import lhotse

CORPORA = Path(__file__).parents[2] / "corpora"
RATE = audio.RATE


def tone(seconds: float, hertz: float = 220, level: float = 0.3) -> np.ndarray:
    return (level * np.sin(2 * np.pi * hertz * np.arange(round(seconds * RATE)) / RATE)).astype(np.float32)


def wav(path: Path, sound: np.ndarray) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    audio.save_wav(path, sound)
    return path


def write(path: Path, text: str, encoding: str = "utf-8") -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding=encoding)
    return path


def prepare(name: str, tmp_path: Path) -> SimpleNamespace:
    """Prepare a corpus twice, as after an interrupted run: the result must be the same."""
    card, out = CORPORA / name / "card.yaml", tmp_path / "data"
    corpus.prepare(card, tmp_path / "source", out)
    done = corpus.prepare(card, tmp_path / "source", out)
    references = {path.stem: formats.read(path)[0] for path in sorted((out / "reference").glob("*.json"))}
    homes = {r.id: f.parent.name for f in out.glob("*/recordings.jsonl") for r in lhotse.read_recordings(f)}
    return SimpleNamespace(failed=done.failed, references=references, homes=homes, out=out, recordings=done.recordings)


def turns(transcript: formats.Transcript) -> list[str]:
    return [f"[{u.start:.2f}-{u.end:.2f}] {transcript.name(u.speaker)}: {u.text}" for u in transcript]


def events(transcript: formats.Transcript) -> list[str]:
    return [f"{e.kind} {e.text}".strip() for e in transcript.events]


# SUMM-RE ----------------------------------------------------------------------------------------------------------


def track(meeting: str, speaker: str, sound: bytes, *segments: tuple[float, float, str]) -> dict:
    rows = []
    for start, end, text in segments:
        step = (end - start) / len(text.split())
        words = [
            {"word": word, "start": start + i * step, "end": start + (i + 1) * step}
            for i, word in enumerate(text.split())
        ]
        rows.append({"start": start, "end": end, "transcript": text, "words": words})
    return {
        "meeting_id": meeting,
        "speaker_id": speaker,
        "audio_id": f"{meeting}_{speaker}",
        "audio": {"bytes": sound, "path": f"{speaker}.wav"},
        "segments": rows,
    }


def summre(tmp_path: Path, split: str, *rows: dict) -> None:
    pa, pq = pytest.importorskip("pyarrow"), pytest.importorskip("pyarrow.parquet")
    folder = tmp_path / "source/data" / split
    folder.mkdir(parents=True)
    pq.write_table(pa.Table.from_pylist(list(rows)), folder / f"{split}-00000-of-00001.parquet")


def encoded(tmp_path: Path, sound: np.ndarray) -> bytes:
    return wav(tmp_path / "track.wav", sound).read_bytes()


def test_summre_mixes_the_tracks_of_a_meeting(tmp_path: Path) -> None:
    low, high = tone(2, 220, 0.3), tone(1.5, 440, 0.3)
    rows = [
        track("m1", "A01", encoded(tmp_path, low), (0.2, 1.0, "on fait quoi"), (1.2, 1.8, "voilà")),
        track("m1", "A02", encoded(tmp_path, high), (0.8, 1.4, "ben attends")),
    ]
    summre(tmp_path, "test", *rows)
    summre(tmp_path, "dev", track("m2", "A03", encoded(tmp_path, low), (0.5, 1.0, "seul")))
    done = prepare("summre", tmp_path)
    assert done.failed == {}
    assert done.homes == {"m1": "test", "m2": "dev"}
    assert turns(done.references["m1"]) == [
        "[0.20-1.00] A01: on fait quoi",
        "[0.80-1.40] A02: ben attends",
        "[1.20-1.80] A01: voilà",
    ]
    assert [w.text for w in done.references["m1"].words()] == "on fait quoi ben attends voilà".split()
    mixed = audio.load(done.out / "unpacked/test/m1.wav")
    expected = low + np.pad(high, (0, len(low) - len(high)))
    assert np.abs(mixed - expected).max() < 1e-3  # 16 bits


def test_summre_scales_only_a_sum_that_clips(tmp_path: Path) -> None:
    loud = tone(1, 220, 0.9)
    rows = [track("m1", name, encoded(tmp_path, loud), (0.1, 0.5, "oui")) for name in ("A01", "A02")]
    summre(tmp_path, "test", *rows)
    mixed = audio.load(prepare("summre", tmp_path).recordings[0].path)
    assert np.abs(mixed).max() == pytest.approx(1, abs=1e-3)
    assert np.corrcoef(mixed, loud)[0, 1] > 0.999


def test_summre_continues_after_a_track_without_sound(tmp_path: Path) -> None:
    good = track("m1", "A01", encoded(tmp_path, tone(1)), (0.1, 0.5, "oui"))
    summre(tmp_path, "test", track("m0", "A09", b"not a sound", (0.1, 0.5, "non")), good)
    done = prepare("summre", tmp_path)
    assert list(done.references) == ["m1"]
    assert "A09" in done.failed["m0"]


# AMI and ICSI -----------------------------------------------------------------------------------------------------


def nxt(kind: str, stem: str, rows: str) -> str:
    return (
        '<?xml version="1.0" encoding="ISO-8859-1" standalone="yes"?>\n'
        f'<nite:root nite:id="{stem}.{kind}" xmlns:nite="http://nite.sourceforge.net/">{rows}</nite:root>'
    )


def ami(source: Path, meeting: str, agent: str, words: str, segments: str) -> None:
    stem = f"{meeting}.{agent}"
    write(source / f"words/{stem}.words.xml", nxt("words", stem, words), "latin-1")
    write(source / f"segments/{stem}.segments.xml", nxt("segments", stem, segments), "latin-1")


AMI_MEETINGS = """
<meeting observation="ES2004a" duration="5"><speaker nxt_agent="A" channel="0" global_name="MEE001" role="PM"/>
<speaker nxt_agent="B" channel="1" global_name="FEE002" role="ID"/></meeting>
<meeting observation="ES2002a" duration="5">\
<speaker nxt_agent="A" channel="0" global_name="MEE003" role="PM"/></meeting>
<meeting observation="ES2003a" duration="5">\
<speaker nxt_agent="A" channel="0" global_name="MEE009" role="PM"/></meeting>
"""


@pytest.fixture
def ami_source(tmp_path: Path) -> Path:
    source = tmp_path / "source"
    write(source / "corpusResources/meetings.xml", nxt("meetings", "m", AMI_MEETINGS), "latin-1")
    ami(
        source,
        "ES2004a",
        "A",
        '<w nite:id="a0" starttime="1.0" endtime="1.4">café</w>'
        '<w nite:id="a1" starttime="1.4" endtime="1.4" punc="true">.</w>'
        '<vocalsound nite:id="a2" starttime="1.5" endtime="1.9" type="laugh"/>'
        '<w nite:id="a3" starttime="2.0" endtime="2.3">so</w><disfmarker nite:id="a4" starttime="2.3" endtime="2.3"/>'
        '<w nite:id="a5" starttime="2.3" endtime="2.6">yes</w><gap nite:id="a6" starttime="2.6" endtime="2.9"/>'
        '<w nite:id="a7">untimed</w>',
        '<segment nite:id="s0" transcriber_start="0.8" transcriber_end="3.0">'
        '<nite:child href="ES2004a.A.words.xml#id(a0)..id(a6)"/></segment>'
        '<segment nite:id="s1" transcriber_start="3.5" transcriber_end="4.0">'
        '<nite:child href="ES2004a.A.words.xml#id(a7)"/></segment>',
    )
    for meeting, agent in (("ES2004a", "B"), ("ES2002a", "A")):
        word = f'<w nite:id="b0" starttime="2.5" endtime="2.8">{meeting}</w>'
        ami(
            source,
            meeting,
            agent,
            word,
            '<segment nite:id="s" transcriber_start="2.4" transcriber_end="2.9"><nite:child href="x#id(b0)"/>'
            "</segment>",
        )
    for meeting, hertz in (("ES2004a", 220), ("ES2002a", 330)):
        wav(source / f"amicorpus/{meeting}/audio/{meeting}.Mix-Headset.wav", tone(5, hertz))
    return source


def test_ami_reads_words_sounds_and_global_names(ami_source: Path, tmp_path: Path) -> None:
    done = prepare("ami", tmp_path)
    assert done.failed == {}
    assert done.homes == {"ES2004a": "test", "ES2002a": "train"}
    found = done.references["ES2004a"]
    assert turns(found) == [
        "[1.00-2.60] MEE001: café. so yes",
        "[2.50-2.80] FEE002: ES2004a",
        "[3.50-4.00] MEE001: untimed",
    ]
    assert events(found) == ["laugh laugh", "unintelligible"]
    assert [(w.text, w.start, w.end) for w in found.utterances[0].words] == [
        ("café.", 1.0, 1.4),
        ("so", 2.0, 2.3),
        ("yes", 2.3, 2.6),
    ]


def test_ami_turns_are_words_that_touch(ami_source: Path, tmp_path: Path) -> None:
    out = prepare("ami", tmp_path).out
    [test] = formats.read(out / "test/reference.rttm")
    assert [(test.name(u.speaker), round(u.start, 2), round(u.end, 2)) for u in test] == [
        ("MEE001", 1.0, 1.4),
        ("MEE001", 2.0, 2.6),
        ("FEE002", 2.5, 2.8),
    ]


def test_ami_sound_is_not_copied(ami_source: Path, tmp_path: Path) -> None:
    paths = {r.id: r.path for r in prepare("ami", tmp_path).recordings}
    assert paths["ES2004a"].resolve() == ami_source / "amicorpus/ES2004a/audio/ES2004a.Mix-Headset.wav"


def test_a_file_system_without_links_has_copies(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from dialogue.corpus.unpacking import link

    def refuse(*_: object) -> None:
        raise OSError("no symbolic links here")

    monkeypatch.setattr(Path, "symlink_to", refuse)
    link(write(tmp_path / "a.wav", "sound"), tmp_path / "b/a.wav")
    assert (tmp_path / "b/a.wav").read_text() == "sound"
    assert not (tmp_path / "b/a.wav").is_symlink()


def test_ami_meeting_with_a_pointer_to_nothing_fails_alone(ami_source: Path, tmp_path: Path) -> None:
    ami(
        ami_source,
        "ES2002a",
        "A",
        '<w nite:id="b0" starttime="2.5" endtime="2.8">yes</w>',
        '<segment nite:id="s" transcriber_start="2.4" transcriber_end="2.9"><nite:child href="x#id(b7)"/></segment>',
    )
    done = prepare("ami", tmp_path)
    assert list(done.references) == ["ES2004a"]
    assert "segments.xml: line 2: 'x#id(b7)' points to no element" in done.failed["ES2002a"]


def icsi(source: Path, agent: str, words: str, segments: str) -> None:
    stem = f"Bmr021.{agent}"
    write(source / f"ICSI/Words/{stem}.words.xml", nxt("words", stem, words))
    write(source / f"ICSI/Segments/{stem}.segs.xml", nxt("segs", stem, segments))


def test_icsi_joins_the_pieces_of_words(tmp_path: Path) -> None:
    source = tmp_path / "source"
    icsi(
        source,
        "A",
        '<w nite:id="w.1" starttime="1.0" endtime="1.2" c="W">you</w>'
        '<w nite:id="w.2" starttime="1.2" endtime="1.3" c="W">\'re</w>'
        '<w nite:id="w.3" c="CM">,</w><w nite:id="w.4" starttime="1.4" endtime="1.6" c="W">mm</w>'
        '<w nite:id="w.5" c="HYPH">-</w>'
        '<w nite:id="w.1,006" starttime="1.6" endtime="1.8" c="W">hmm</w><w nite:id="w.7" c="LQUOTE">"</w>'
        '<w nite:id="w.8" c="W">yes</w><w nite:id="w.9" c="RQUOTE">"</w><w nite:id="w.10" c="SYM">@@</w>'
        '<vocalsound nite:id="v.1" starttime="2.0" endtime="2.2" description="laugh"/><disfmarker nite:id="d.1"/>',
        '<segment nite:id="s.1" starttime="0.9" endtime="2.5" participant="me011">'
        '<nite:child href="x#id(w.1)..id(d.1)"/></segment>',
    )
    icsi(
        source,
        "B",
        '<nonvocalsound nite:id="n.1" starttime="3.0" endtime="3.1" description="mike noise"/>',
        '<segment nite:id="s.2" starttime="3.0" endtime="3.2" participant="fe008"><nite:child href="x#id(n.1)"/>'
        "</segment>",
    )
    wav(source / "Signals/Bmr021/Bmr021.interaction.wav", tone(4))
    done = prepare("icsi", tmp_path)
    found = done.references["Bmr021"]
    assert turns(found) == ['[1.00-2.50] me011: you\'re, mm-hmm "yes"']
    assert events(found) == ["unintelligible @@", "laugh laugh", "noise mike noise"]
    assert [(w.text, w.start, w.end) for w in found.words()] == [
        ("you're,", 1.0, 1.3),
        ("mm-hmm", 1.4, 1.8),
        ('"yes"', None, None),
    ]
    assert done.homes == {"Bmr021": "dev"}


def test_icsi_meeting_without_annotation_fails_alone(tmp_path: Path) -> None:
    test_icsi_joins_the_pieces_of_words(tmp_path)
    wav(tmp_path / "source/Signals/Bro099.interaction.wav", tone(4, 440))
    done = prepare("icsi", tmp_path)
    assert list(done.references) == ["Bmr021"]
    assert "no words in" in done.failed["Bro099"]


# QMSum, MeetingBank, 20 Minuten and Claire: texts -----------------------------------------------------------------


def test_qmsum_has_turns_and_summaries_of_the_whole_meeting(tmp_path: Path) -> None:
    meeting = {
        "general_query_list": [{"query": "Summarize the whole meeting.", "answer": "They began."}],
        "specific_query_list": [{"query": "What did she say?", "answer": "That they begin."}],
        "meeting_transcripts": [
            {
                "speaker": "The Chair (Hon. Ann Example (Town, Lib.))",
                "content": "I call {disfmarker} you to order .",
            },
            {"speaker": "Marketing", "content": "{vocalsound}"},
            {"speaker": "Marketing", "content": "Okay : {gap} yes ."},
        ],
    }
    for split, name in (("train", "m1"), ("val", "m2"), ("test", "m3")):
        write(tmp_path / f"source/data/ALL/{split}/{name}.json", json.dumps(meeting))
    write(tmp_path / "source/data/ALL/test/broken.json", "{")
    done = prepare("qmsum", tmp_path)
    assert done.homes == {"m1": "train", "m2": "dev", "m3": "test"}
    said = [(done.references["m1"].name(u.speaker), u.text) for u in done.references["m1"]]
    assert said == [
        ("m1_The Chair (Hon. Ann Example (Town, Lib.))", "I call you to order ."),
        ("m1_Marketing", "Okay : yes ."),
    ]
    rows = [json.loads(row) for row in (done.out / "summaries.jsonl").read_text().splitlines()]
    assert rows[0] == {"recording": "m1", "name": "summaries/1", "text": "They began."}
    assert "line 1: not JSON" in done.failed["broken"]


def test_meetingbank_has_the_turns_and_the_summary_of_each_item(tmp_path: Path) -> None:
    turns = [(0, "Item one."), (0, "A motion?"), (4, "So moved."), (None, "Aye.")]
    item = {"Summary": "A motion\nwas made.", "transcripts": [{"speaker": s, "text": text} for s, text in turns]}
    meetings = {"AlphaCC_01022020": {"itemInfo": {"CB 1": item, "CB 2": {**item, "Summary": ""}}}}
    write(tmp_path / "source/Metadata/MeetingBank.json", json.dumps(meetings))
    splits = {"train": ["CB 1", "CB 2"], "validation": [], "test": ["CB 3"]}
    for split, items in splits.items():
        rows = "".join(json.dumps({"id": f"AlphaCC_01022020_{i}"}) + "\n" for i in items)
        write(tmp_path / f"source/Metadata/Splits/{split}.json", rows)
    done = prepare("meetingbank", tmp_path)
    assert done.homes == {"AlphaCC_01022020_CB_1": "train"}
    said = done.references["AlphaCC_01022020_CB_1"]
    assert [(u.speaker, u.text) for u in said] == [
        ("spk1", "Item one. A motion?"),
        ("spk2", "So moved."),
        (None, "Aye."),
    ]
    assert {s.name for s in said.speakers} == {None}
    [row] = [json.loads(row) for row in (done.out / "summaries.jsonl").read_text().splitlines()]
    assert (row["recording"], row["text"]) == ("AlphaCC_01022020_CB_1", "A motion was made.")
    assert "no Summary" in done.failed["AlphaCC_01022020_CB 2"]
    assert "not in MeetingBank.json" in done.failed["AlphaCC_01022020_CB 3"]


def test_meetingbank_in_another_form_is_explained(tmp_path: Path) -> None:
    write(tmp_path / "source/Metadata/MeetingBank.json", "[]")
    for split in ("train", "validation", "test"):
        write(tmp_path / f"source/Metadata/Splits/{split}.json", "")
    with pytest.raises(CorpusError, match=r"Accepted: meeting -> itemInfo -> item"):
        prepare("meetingbank", tmp_path)


def minuten(source: Path, split: str, articles: str, summaries: str) -> None:
    write(source / f"archive/data/dedup/{split}.src.no_tag.de", articles)
    write(source / f"archive/data/dedup/{split}.trg.no_tag.simpde", summaries)


def test_20minuten_articles_are_the_sentences_of_one_speaker(tmp_path: Path) -> None:
    minuten(tmp_path / "source", "train", "Am 1. Mai regnet es. «Schade», sagt Dr. Muster (42).\n\n", "Es regnet.\n-\n")
    minuten(tmp_path / "source", "dev", "Ein Text.\n", "Kurz.\n")
    minuten(tmp_path / "source", "test", "Noch ein Text.", "Auch kurz.")
    done = prepare("20minuten", tmp_path)
    assert done.homes == {"train-00001": "train", "dev-00001": "dev", "test-00001": "test"}
    said = done.references["train-00001"]
    assert " ".join(u.text for u in said) == "Am 1. Mai regnet es. «Schade», sagt Dr. Muster (42)."
    assert {said.name(u.speaker) for u in said} == {"20 Minuten"}
    assert said.utterances[0].text == "Am 1. Mai regnet es."
    rows = [json.loads(row) for row in (done.out / "summaries.jsonl").read_text().splitlines()]
    assert {row["recording"]: row["text"] for row in rows}["train-00001"] == "Es regnet."
    assert "no article or no summary" in done.failed["train-00002"]


def test_20minuten_files_of_different_lengths_are_refused(tmp_path: Path) -> None:
    minuten(tmp_path / "source", "train", "Ein Text.\nNoch einer.\n", "Kurz.\n")
    with pytest.raises(CorpusError, match=r"2 lines in train\.src\.no_tag\.de, 1 in train\.trg"):
        prepare("20minuten", tmp_path)


def test_claire_distinguishes_corpora_and_splits(tmp_path: Path) -> None:
    for name in ("Alpha", "Beta"):
        text = "[speaker001:] bonjour\n[speaker002:] oui\n\n[speaker001:] une autre fois\n"
        write(tmp_path / f"source/FR/{name}/train.txt", text)
        write(tmp_path / f"source/FR/{name}/test.txt", "[speaker001:] ici\n[speaker002:] non\n")
    done = prepare("claire", tmp_path)
    assert done.failed == {}
    assert done.homes == {
        "Alpha-train-1": "train",
        "Alpha-train-2": "train",
        "Alpha-test": "test",
        "Beta-train-1": "train",
        "Beta-train-2": "train",
        "Beta-test": "test",
    }


# One utterance per recording --------------------------------------------------------------------------------------


def sounds(folder: Path, *names: str) -> None:
    for number, name in enumerate(names):
        wav(folder / name, tone(1, 200 + 30 * number))


def test_mls_reads_a_table_of_transcripts_a_split(tmp_path: Path) -> None:
    home = tmp_path / "source"
    write(home / "train/transcripts.txt", "10_20_000001\tet puis\n10_20_000002\tla nuit\n")
    write(home / "test/transcripts.txt", "11_21_000001\tun jour\n")
    write(home / "train/limited_supervision/9hr/handles.txt", "10_20_000001\n")
    sounds(home / "train/audio/10/20", "10_20_000001.flac")
    sounds(home / "test/audio/11/21", "11_21_000001.flac")
    done = prepare("mls-fr", tmp_path)
    assert done.homes == {"10_20_000001": "train", "11_21_000001": "test"}
    assert turns(done.references["10_20_000001"]) == ["[0.00-1.00] 10: et puis"]
    assert list(done.failed) == ["10_20_000002"]  # its audio is missing


def test_common_voice_reads_agreed_sentences(tmp_path: Path) -> None:
    home = tmp_path / "source/fr"
    head = "client_id\tpath\tsentence\tup_votes\n"
    write(home / "train.tsv", f'{head}ab12\tcommon_voice_fr_1.mp3\t"Non", dit-il.\t2\n')
    write(home / "dev.tsv", f"{head}cd34\tcommon_voice_fr_2.mp3\tÀ demain.\t2\n")
    write(home / "other.tsv", f"{head}ef56\tcommon_voice_fr_3.mp3\tPeut-être.\t0\n")
    sounds(home / "clips", *(f"common_voice_fr_{n}.mp3" for n in (1, 2, 3)))
    done = prepare("commonvoice-fr", tmp_path)
    assert done.failed == {}
    assert done.homes == {"common_voice_fr_1": "train", "common_voice_fr_2": "dev"}
    assert turns(done.references["common_voice_fr_1"]) == ['[0.00-1.00] ab12: "Non", dit-il.']


@pytest.mark.parametrize("sound", ["2009/{}.ogg", "train/part_0/{}.wav"], ids=["authors", "hub"])
def test_voxpopuli_reads_both_layouts(tmp_path: Path, sound: str) -> None:
    home = tmp_path / "source/fr"
    name = "20090112-0900-PLENARY-15-fr_20090112-22:19:23_4"
    head = "id\traw_text\tnormalized_text\tspeaker_id\tsplit\tgender\tis_gold_transcript\taccent\n"
    write(home / "asr_train.tsv", f"{head}{name}\tMonsieur, oui.\tmonsieur oui\t123\ttrain\tmale\tTrue\tNone\n")
    write(home / "asr_test.tsv", f"{head}other\t\tje vote\t124\ttest\tfemale\tTrue\tNone\n")
    sounds(home, sound.format(name), sound.format("other"))
    done = prepare("voxpopuli-fr", tmp_path)
    assert done.failed == {}
    assert done.homes == {name.replace(":", "_"): "train", "other": "test"}
    assert [turns(t) for t in done.references.values()] == [
        ["[0.00-1.00] 123: Monsieur, oui."],
        ["[0.00-1.00] 124: je vote"],
    ]


def test_mediaspeech_has_no_speakers(tmp_path: Path) -> None:
    home = tmp_path / "source/FR"
    sounds(home, "a.flac", "b.flac")
    write(home / "a.txt", "et donc voilà\n")
    write(home / "b.txt", "\n")
    done = prepare("mediaspeech-fr", tmp_path)
    assert turns(done.references["a"]) == ["[0.00-1.00] ?: et donc voilà"]
    assert done.failed == {"b": "its transcript is empty."}


@pytest.mark.parametrize("name", sorted(p.parent.name for p in CORPORA.glob("*/prepare.py")))
def test_a_folder_without_the_corpus_is_explained(name: str, tmp_path: Path) -> None:
    (tmp_path / "source").mkdir()
    with pytest.raises(CorpusError, match=r"source: no .*\. Accepted: |needs pyarrow"):
        prepare(name, tmp_path)
