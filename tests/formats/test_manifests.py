"""SegLST, Kaldi directories and Lhotse manifests."""

import json
import os
import subprocess
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given

from dialogue import formats
from dialogue.core.audio import Recording
from dialogue.core.transcript import Speaker, Transcript, Utterance, Word
from dialogue.formats import FormatError, kaldi, lhotse, seglst
from tests.formats.strategies import said, transcripts

MEETING = Transcript(
    "réunion-1",
    12.5,
    "fr",
    (Speaker("spk1", "Anne Martin"), Speaker("spk2")),
    (
        Utterance("u1", "spk1", 0.5, 2.0, "bonjour à tous", (Word("bonjour", 0.5, 1.0, 0.9),)),
        Utterance("u2", "spk2", 1.5, 2.5, "oui", overlap=True, confidence=0.4),
        Utterance("u3", None, 3.0, 4.0, "…"),
    ),
)


@given(transcripts())
def test_seglst_round_trip(transcript: Transcript) -> None:
    assert said(seglst.loads(seglst.dumps([transcript]))[0]) == said(transcript)


def test_seglst_is_what_meeteval_reads() -> None:
    meeteval = pytest.importorskip("meeteval")
    segments = meeteval.io.SegLST(json.loads(seglst.dumps([MEETING])))
    assert [s["words"] for s in segments] == ["bonjour à tous", "oui", "…"]


def test_seglst_times_may_be_strings() -> None:
    text = '[{"session_id": "a", "speaker": "A", "start_time": "1.50", "end_time": 2, "words": "oui", "x": 1}]'
    assert said(seglst.loads(text)[0]) == [("A", 1.5, 2.0, "oui")]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("[\n{,}]", "line 2: not JSON"),
        ("{}", "a dict. Accepted: a list"),
        ('[{"session_id": "a"}]', "segment 1: no start_time, end_time, words"),
        (
            '[{"session_id": "a", "start_time": "x", "end_time": 2, "words": ""}]',
            "segment 1: start_time is 'x'",
        ),
    ],
)
def test_seglst_errors_name_the_segment(text: str, found: str) -> None:
    with pytest.raises(FormatError, match=found):
        seglst.loads(text)


def test_kaldi_reads_a_directory_of_another_tool(dev_data) -> None:
    found = {t.recording: t for t in formats.read(dev_data / "formats/kaldi")}
    assert list(found) == ["cfpp", "salledebain_sch_13", "separation_per_14", "toy_bonjour", "toy_bonjour2"]
    assert {s.name for s in found["salledebain_sch_13"].speakers} == {"spk-001", "spk-002", "spk-003"}
    assert found["cfpp"].utterances[0].end == 10.03
    assert kaldi.audio(dev_data / "formats/kaldi")["toy_bonjour2"].endswith(
        "'$DATAPATH/audio/bonjour 8k.wav' -t wav -r 16k -b 16 -c 1 - |"
    )


def test_kaldi_round_trip(tmp_path: Path) -> None:
    kaldi.dump([MEETING], tmp_path, audio={"réunion-1": Path("/data/two words.wav")})
    [back] = kaldi.load(tmp_path)
    assert said(back) == [(n.replace(" ", "_"), a, b, t) for n, a, b, t in said(MEETING)]
    assert back.duration == 12.5
    assert kaldi.audio(tmp_path) == {"réunion_1": "/data/two words.wav"}


def test_kaldi_files_are_sorted_as_kaldi_wants(tmp_path: Path) -> None:
    people = tuple(Speaker(f"spk{i}", name) for i, name in enumerate(["a", "a!", "a-0", "É", "Z b", "z"], start=1))
    utterances = tuple(Utterance(f"u{i}", s.id, i, i + 1, "oui") for i, s in enumerate(people * 2))
    meeting = Transcript("r", 20, speakers=people, utterances=utterances)
    kaldi.dump([meeting, replace(meeting, recording="r-b"), replace(meeting, recording="R")], tmp_path)
    for file in tmp_path.iterdir():
        ordered = subprocess.run(
            ["sort", file], capture_output=True, check=True, env={**os.environ, "LC_ALL": "C"}
        ).stdout
        assert ordered == file.read_bytes(), file.name
    by_utterance = [line.split() for line in (tmp_path / "utt2spk").read_text().splitlines()]
    assert all(utterance.startswith(speaker) for utterance, speaker in by_utterance)
    assert [s for _, s in by_utterance] == sorted(s for _, s in by_utterance)


def test_kaldi_without_segments_takes_the_durations(tmp_path: Path) -> None:
    (tmp_path / "text").write_text("r oui\n")
    (tmp_path / "reco2dur").write_text("r 2.5\n")
    assert [(t.recording, t.duration, t.text) for t in kaldi.load(tmp_path)] == [("r", 2.5, "oui")]


@pytest.mark.parametrize(
    ("files", "found"),
    [
        ({}, "no file text"),
        ({"text": "a oui\na non\n"}, "text, line 2: a appears twice"),
        ({"text": "a oui\n"}, "a: no duration"),
        ({"text": "a oui\n", "segments": "b r 0 1\n"}, "a: not in segments"),
        ({"text": "a oui\n", "segments": "a r 0\n"}, "segments, a: accepted"),
    ],
)
def test_kaldi_errors_name_the_file(tmp_path: Path, files: dict[str, str], found: str) -> None:
    for name, text in files.items():
        (tmp_path / name).write_text(text)
    with pytest.raises(FormatError, match=found):
        formats.read(tmp_path)


def test_lhotse_supervisions_round_trip(tmp_path: Path) -> None:
    path = tmp_path / "supervisions.jsonl"
    lhotse.dump([MEETING], path)
    [back] = lhotse.load(path, [Recording("réunion-1", Path("x.wav"), 12.5)])
    assert (back.duration, back.language) == (12.5, "fr")
    assert said(back) == said(MEETING)
    assert list(back.words()) == [Word("bonjour", 0.5, 1.0, 0.9)]
    assert [(u.id, u.overlap, u.confidence) for u in back][1] == ("réunion-1-u2", True, 0.4)


def test_lhotse_written_twice_is_the_same(tmp_path: Path) -> None:
    lhotse.dump([MEETING], tmp_path / "a.jsonl")
    lhotse.dump(lhotse.load(tmp_path / "a.jsonl"), tmp_path / "b.jsonl")
    assert (tmp_path / "a.jsonl").read_text() == (tmp_path / "b.jsonl").read_text()


def test_recordings_round_trip_and_move_with_their_folder(tmp_path: Path, monkeypatch) -> None:
    monkeypatch.chdir(tmp_path)
    one = Recording("a", Path("sound/a b.flac"), 12.5, 44100, 2, {"speakers": 3, "date": "2023-10-12"})
    lhotse.write_recordings([one, Recording("b", Path("/elsewhere/b.wav"), 1.0)], tmp_path / "data/recordings.jsonl")
    (tmp_path / "data").rename(tmp_path / "moved")
    first, second = lhotse.read_recordings("moved/recordings.jsonl")
    assert first.path.resolve() == tmp_path / "sound/a b.flac"
    assert replace(first, path=one.path) == one
    assert second.path == Path("/elsewhere/b.wav")


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ('{"id": "a"', "line 1: not JSON"),
        ("\n[]", "line 2: no id, recording_id"),
        ('{"id": "a", "recording_id": "r", "duration": 1}', "line 1: no start"),
        ('{"id": "a", "recording_id": "r", "start": 1, "duration": -1}', "line 1: ends at 0.000"),
        (2 * '{"id": "a", "recording_id": "r", "start": 1, "duration": 1}\n', "line 2: a appears twice"),
        (
            '{"id": "a", "recording_id": "r", "start": 1, "duration": 1, "alignment": {"word": [["b"]]}}',
            "line 1: alignment",
        ),
    ],
)
def test_lhotse_errors_name_the_line(tmp_path: Path, text: str, found: str) -> None:
    path = tmp_path / "supervisions.jsonl"
    path.write_text(text)
    with pytest.raises(FormatError, match=f"supervisions.jsonl: {found}"):
        formats.read(path)


def test_recordings_with_two_sources_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "recordings.jsonl"
    path.write_text('{"id": "a", "sources": [], "sampling_rate": 16000, "duration": 1}\n')
    with pytest.raises(FormatError, match="line 1: sources"):
        lhotse.read_recordings(path)


def test_lhotse_itself_reads_our_manifests(tmp_path: Path) -> None:
    library = pytest.importorskip("lhotse")
    lhotse.dump([MEETING], tmp_path / "s.jsonl")
    lhotse.write_recordings([Recording("réunion-1", Path("/x.wav"), 12.5)], tmp_path / "r.jsonl")
    supervisions = library.SupervisionSet.from_file(tmp_path / "s.jsonl")
    [recording] = library.RecordingSet.from_file(tmp_path / "r.jsonl")
    assert [s.text for s in supervisions] == [u.text for u in MEETING]
    assert supervisions[0].alignment["word"][0].symbol == "bonjour"
    assert (recording.id, recording.num_samples) == ("réunion-1", 200_000)


def test_kaldi_noises_are_events(dev_data: Path) -> None:
    transcripts = {t.recording: t for t in formats.read(dev_data / "formats/kaldi")}
    cfpp = transcripts["cfpp"]
    assert "<noise>" not in cfpp.text
    assert [(e.kind, e.text) for e in cfpp.events] == [("noise", "noise")]
    assert "<noise>" in formats.read(dev_data / "formats/kaldi", verbatim=True)[0].text


def test_lhotse_reads_our_manifests(tmp_path: Path) -> None:
    lhotse_itself = pytest.importorskip("lhotse", reason="not installed: pip install '.[dev]'")
    attributes = {"licence": "MIT", "speakers": 2}
    sound = Recording("réunion-1", tmp_path / "x.wav", 12.5, channels=2, attributes=attributes)
    text = Recording("débat", tmp_path / "reference/débat.json", 3.0, attributes={"modality": "text"})
    lhotse.write_recordings([sound, text], tmp_path / "recordings.jsonl")
    lhotse.dump([MEETING], tmp_path / "supervisions.jsonl")
    recordings = lhotse_itself.RecordingSet.from_jsonl(tmp_path / "recordings.jsonl")
    supervisions = lhotse_itself.SupervisionSet.from_jsonl(tmp_path / "supervisions.jsonl")
    for manifest in (recordings, supervisions):
        lhotse_itself.validate(manifest)
    assert [s.text for s in supervisions] == [u.text for u in MEETING]
    assert lhotse.read_recordings(tmp_path / "recordings.jsonl") == [sound, text]
