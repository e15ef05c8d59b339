"""``prepare.py`` of each corpus, on a few invented words in the layout of its distribution."""

from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

from dialogue import audio, corpus, formats
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
    """A corpus prepared twice, as is done after a run that was stopped: the same must come out."""
    card, out = CORPORA / name / "card.yaml", tmp_path / "data"
    corpus.prepare(card, tmp_path / "source", out)
    done = corpus.prepare(card, tmp_path / "source", out)
    references = {path.stem: formats.read(path)[0] for path in sorted((out / "reference").glob("*.json"))}
    homes = {r.id: f.parent.name for f in out.glob("*/recordings.jsonl") for r in lhotse.read_recordings(f)}
    return SimpleNamespace(
        failed=done.failed, references=references, homes=homes, out=out, recordings=done.recordings
    )


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


def test_summre_goes_on_after_a_track_that_is_no_sound(tmp_path: Path) -> None:
    good = track("m1", "A01", encoded(tmp_path, tone(1)), (0.1, 0.5, "oui"))
    summre(tmp_path, "test", track("m0", "A09", b"not a sound", (0.1, 0.5, "non")), good)
    done = prepare("summre", tmp_path)
    assert list(done.references) == ["m1"]
    assert "A09" in done.failed["m0"]


def test_summre_says_what_it_looked_for(tmp_path: Path) -> None:
    pytest.importorskip("pyarrow")
    (tmp_path / "source").mkdir()
    with pytest.raises(CorpusError, match=r"no data/.*parquet.* linagora/SUMM-RE as downloaded"):
        prepare("summre", tmp_path)


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
<meeting observation="ES2002a" duration="5"><speaker nxt_agent="A" channel="0" global_name="MEE003" role="PM"/></meeting>
<meeting observation="ES2003a" duration="5"><speaker nxt_agent="A" channel="0" global_name="MEE009" role="PM"/></meeting>
"""


@pytest.fixture
def ami_source(tmp_path: Path) -> Path:
    source = tmp_path / "source"
    write(source / "corpusResources/meetings.xml", nxt("meetings", "m", AMI_MEETINGS), "latin-1")
    ami(
        source,
        "ES2004a",
        "A",
        '<w nite:id="a0" starttime="1.0" endtime="1.4">café</w><w nite:id="a1" starttime="1.4" endtime="1.4" punc="true">.</w>'
        '<vocalsound nite:id="a2" starttime="1.5" endtime="1.9" type="laugh"/>'
        '<w nite:id="a3" starttime="2.0" endtime="2.3">so</w><disfmarker nite:id="a4" starttime="2.3" endtime="2.3"/>'
        '<w nite:id="a5" starttime="2.3" endtime="2.6">yes</w><gap nite:id="a6" starttime="2.6" endtime="2.9"/>'
        '<w nite:id="a7">untimed</w>',
        '<segment nite:id="s0" transcriber_start="0.8" transcriber_end="3.0"><nite:child href="ES2004a.A.words.xml#id(a0)..id(a6)"/></segment>'
        '<segment nite:id="s1" transcriber_start="3.5" transcriber_end="4.0"><nite:child href="ES2004a.A.words.xml#id(a7)"/></segment>',
    )
    for meeting, agent in (("ES2004a", "B"), ("ES2002a", "A")):
        word = f'<w nite:id="b0" starttime="2.5" endtime="2.8">{meeting}</w>'
        ami(
            source,
            meeting,
            agent,
            word,
            '<segment nite:id="s" transcriber_start="2.4" transcriber_end="2.9"><nite:child href="x#id(b0)"/></segment>',
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
        ("café.", 1.0, 1.4), ("so", 2.0, 2.3), ("yes", 2.3, 2.6)
    ]  # fmt: skip


def test_ami_turns_are_words_that_touch(ami_source: Path, tmp_path: Path) -> None:
    out = prepare("ami", tmp_path).out
    [test] = formats.read(out / "test/reference.rttm")
    assert [(test.name(u.speaker), round(u.start, 2), round(u.end, 2)) for u in test] == [
        ("MEE001", 1.0, 1.4), ("MEE001", 2.0, 2.6), ("FEE002", 2.5, 2.8)
    ]  # fmt: skip


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
