"""`dialogue meeting` on short sounds with the embedded models: what is made, what is redone, and what fails alone."""

import functools
import json
import os
import shutil
import signal
import subprocess
import sys
import time
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from dialogue import formats
from dialogue.cli import main
from dialogue.core import audio

pytestmark = pytest.mark.model
np = pytest.importorskip("numpy")
ROOT = Path(__file__).parents[2]
SOUND = ROOT / "corpora/reunion/data/reunion_corpus/reunion_corpus.flac"
FAST = ["--set", "asr.effort=fast"]


def cut(start: float, end: float):
    return audio.load(SOUND)[int(start * audio.RATE) : int(end * audio.RATE)]


def state(folder: Path) -> dict[str, tuple[int, bytes]]:
    """Return time and content of every output below a folder."""
    return {
        str(p.relative_to(folder)): (p.stat().st_mtime_ns, p.read_bytes())
        for p in sorted(folder.rglob("*"))
        if p.is_file()
        and "logs" not in p.parts
        and p.suffix != ".error"
        and p.name not in ("stage.json", ".digests.json")
    }


NO_SOUND = {
    "notes.wav": "notes.wav: not a media file",
    "pipe.wav": "it is a pipe",
    "folder.wav": "it is a folder",
    "bits.wav": "bits.wav: ",
    "nothing.wav": "No such file",
}


@dataclass
class Run:
    """A first call on a meeting, on silence, and on what is no sound."""

    folder: Path
    code: int

    @property
    def out(self) -> Path:
        return self.folder / "out"

    def call(self, *options: str) -> int:
        paths = [str(self.folder / name) for name in ("réunion d'octobre.wav", "silence.wav", *NO_SOUND)]
        names = ["--participants", "Camille, Nadia", "--date", "2023-10-12"]
        return main(["meeting", *paths, "--out", str(self.out), *names, *FAST, *options])


@pytest.fixture(scope="module")
def run(tmp_path_factory) -> Run:
    pytest.importorskip("torch")
    folder = tmp_path_factory.mktemp("meeting")
    audio.save_wav(folder / "réunion d'octobre.wav", cut(46.0, 60.5))  # Nadia, then Camille
    audio.save_wav(folder / "silence.wav", np.zeros(3 * audio.RATE, np.float32))
    (folder / "notes.wav").write_text("compte rendu")
    os.mkfifo(folder / "pipe.wav")
    (folder / "folder.wav").mkdir()
    header = bytearray((folder / "silence.wav").read_bytes())
    header[34:36] = bytes(2)  # bits per sample
    (folder / "bits.wav").write_bytes(header)
    run = Run(folder, 0)
    run.code = run.call()
    return run


def test_one_bad_file_fails_alone(run: Run) -> None:
    assert run.code == 1
    errors = [f"{Path(name).stem}.error" for name in NO_SOUND]
    assert sorted(p.name for p in run.out.iterdir() if not p.name.startswith(".")) == sorted(
        [*errors, "réunion_d_octobre", "silence"]
    )
    for name, cause in NO_SOUND.items():
        assert cause in (run.out / f"{Path(name).stem}.error").read_text()


def test_an_empty_transcript_says_why(run: Run) -> None:
    [transcript] = formats.read(run.out / "silence/silence.json")
    [why] = [entry["empty"] for entry in transcript.provenance if "empty" in entry]
    assert why.startswith("no speech found: 3.0 of 3.0 s below -60 dB")


@pytest.mark.parametrize("id", ["réunion_d_octobre", "silence"])
def test_every_format_the_minutes_and_the_page_are_there(run: Run, id: str) -> None:
    folder = run.out / id
    expected = {f"{id}.{e}" for e in ("json", "srt", "vtt", "rttm", "stm", "txt")}
    assert {p.name for p in folder.iterdir()} == expected | {"minutes.json", "minutes.md", "report.html"}
    [transcript] = formats.read(folder / f"{id}.json")
    transcript.validate()
    page = (folder / "report.html").read_text(encoding="utf-8")
    assert '<script type="text/plain" id="sound"' in page
    assert transcript.text[:20] in page
    assert json.loads((folder / "minutes.json").read_text())


def test_the_words_are_whose_they_are(run: Run) -> None:
    [transcript] = formats.read(run.out / "réunion_d_octobre/réunion_d_octobre.json")
    assert len(transcript.speakers) == 2
    early = {u.speaker for u in transcript if u.start < 5}
    late = {u.speaker for u in transcript if u.end > 8}
    assert len(early) == len(late) == 1
    assert early != late
    text = transcript.text.lower()
    assert "partitions" in text
    assert "réunion" in text
    steps = [p.get("stage") for p in transcript.provenance]
    assert {"diarize", "transcribe", "attribute"} <= set(steps)
    [coverage] = [p for p in transcript.provenance if "covered" in p]
    assert coverage["covered"] > 0.9


def test_silence_is_a_valid_empty_meeting(run: Run) -> None:
    [transcript] = formats.read(run.out / "silence/silence.json")
    assert (transcript.utterances, transcript.speakers, transcript.duration) == ((), (), 3.0)
    first = (run.out / "silence/minutes.md").read_text(encoding="utf-8").splitlines()[2]
    silence = "Aucune parole n’a été trouvée dans cet enregistrement de 3 s : 3 s sont à moins de −60 dB"
    for text in (first, (run.out / "silence/report.html").read_text(encoding="utf-8")):
        assert silence in text.replace("\N{NO-BREAK SPACE}", " ")


def test_the_same_command_again_makes_nothing_anew(run: Run) -> None:
    before = state(run.out)
    assert run.call() == 1
    assert state(run.out) == before


def test_what_was_deleted_is_made_again_without_the_stages(run: Run) -> None:
    before = state(run.out / ".stages/asr")
    page = run.out / "réunion_d_octobre/report.html"
    page.unlink()
    assert run.call() == 1
    assert page.exists()
    assert state(run.out / ".stages/asr") == before


@pytest.fixture
def copy(run: Run, tmp_path: Path) -> Run:
    """Return the first call in a folder of its own."""
    shutil.copytree(run.folder, tmp_path, dirs_exist_ok=True, ignore=shutil.ignore_patterns("pipe.wav"))
    return Run(tmp_path, run.code)


def test_a_participant_added_later_redoes_the_minutes_and_not_recognition(copy: Run) -> None:
    before = state(copy.out / ".stages/asr")
    assert copy.call("--participants", "Camille, Nadia, Julien") == 1
    assert state(copy.out / ".stages/asr") == before
    assert "Julien" in (copy.out / "réunion_d_octobre/minutes.json").read_text(encoding="utf-8")


def test_a_corrected_transcript_makes_minutes_documents_and_page(copy: Run, capsys) -> None:
    folder = copy.out / "réunion_d_octobre"
    corrected = folder / "réunion_d_octobre.json"
    [said] = formats.read(corrected)
    first = replace(said.utterances[0], text="Bonjour, Zoé parle.", words=())
    formats.write([replace(said, utterances=(first, *said.utterances[1:]))], corrected)
    written = corrected.read_bytes()
    recording = str(copy.folder / "réunion d'octobre.wav")
    assert main(["meeting", recording, "--out", str(copy.out), "--transcript", str(corrected), *FAST]) == 0
    assert corrected.read_bytes() == written
    for name in ("réunion_d_octobre.srt", "report.html"):
        assert "Zoé" in (folder / name).read_text(encoding="utf-8")
    assert list(folder.glob("*.new.*")) == []
    assert capsys.readouterr().err.splitlines()[-1] == str(folder / "report.html")


def test_a_transcript_of_two_recordings_is_refused(copy: Run, capsys) -> None:
    sounds = [str(copy.folder / name) for name in ("réunion d'octobre.wav", "silence.wav")]
    assert main(["meeting", *sounds, "--out", str(copy.out), "--transcript", "x.json"]) == 2
    assert "a transcript belongs to one recording, and 2 were given" in capsys.readouterr().err


def test_minutes_that_a_person_changed_stay(copy: Run, capsys) -> None:
    minutes = copy.out / "réunion_d_octobre/minutes.md"
    minutes.write_text("Mon compte rendu.", encoding="utf-8")
    assert copy.call("--date", "2024-01-15") == 1
    assert minutes.read_text(encoding="utf-8") == "Mon compte rendu."
    assert minutes.with_name("minutes.new.md").exists()


def test_ctrl_c_stops_without_waiting_for_the_batch(tmp_path: Path) -> None:
    audio.save_wav(tmp_path / "long.wav", cut(0, 100))
    command = [sys.executable, "-m", "dialogue", "meeting", "long.wav", "--out", "out"]
    listen = functools.partial(signal.signal, signal.SIGINT, signal.SIG_DFL)  # a shell's background jobs ignore it
    process = subprocess.Popen(command, cwd=tmp_path, stderr=subprocess.PIPE, text=True, preexec_fn=listen)
    while process.poll() is None and not (tmp_path / "out/.stages/asr/unfinished/long.jsonl").exists():
        time.sleep(0.1)
    time.sleep(1)  # a batch is being decoded, which takes many seconds
    process.send_signal(signal.SIGINT)
    _, errors = process.communicate(timeout=15)
    assert process.returncode == 130
    assert errors.splitlines()[-1] == "stopped; the same command resumes from here"


def test_another_number_of_speakers_redoes_attribution_and_what_follows(copy: Run) -> None:
    before = state(copy.out)
    assert copy.call("--speakers", "1") == 1
    after = state(copy.out)
    changed = {name for name in after if after[name][1] != before.get(name, (0, b""))[1]}
    assert not any(name.startswith((".stages/diarization", ".stages/asr")) for name in changed)
    assert ".stages/transcript/réunion_d_octobre.json" in changed
    assert "réunion_d_octobre/réunion_d_octobre.rttm" in changed
    [transcript] = formats.read(copy.out / "réunion_d_octobre/réunion_d_octobre.json")
    assert [s.id for s in transcript.speakers] == ["spk1"]


def test_a_name_stays_through_a_run_with_another_number_of_speakers(copy: Run) -> None:
    folder = copy.out / "réunion_d_octobre"
    assert main(["correct", "rename", str(folder), "spk1", "Zoé"]) == 0
    assert copy.call("--speakers", "1") == 1
    [transcript] = formats.read(folder / "réunion_d_octobre.json")
    assert [s.name for s in transcript.speakers] == ["Zoé"]


def test_kill_9_in_the_middle_of_each_stage_then_the_same_command(run: Run, tmp_path: Path) -> None:
    shutil.copy(run.folder / "réunion d'octobre.wav", tmp_path)
    out = tmp_path / "out"
    command = [sys.executable, "-m", "dialogue", "meeting", "réunion d'octobre.wav", "--out", "out", *FAST]
    command += ["--participants", "Camille, Nadia", "--date", "2023-10-12"]
    begun = ("diarization", "diarization/speech", "asr", "transcript", "minutes", "export")
    for folder in begun:  # a stage's folder appears when it starts
        process = subprocess.Popen(command, cwd=tmp_path, stderr=subprocess.DEVNULL)
        while process.poll() is None and not (out / ".stages" / folder).exists():
            time.sleep(0.01)
        process.kill()
        process.wait()
    heard = (out / ".stages/diarization/réunion_d_octobre.json").stat().st_mtime_ns
    assert subprocess.run(command, cwd=tmp_path, capture_output=True).returncode == 0
    assert (out / ".stages/diarization/réunion_d_octobre.json").stat().st_mtime_ns == heard
    made, whole = (folder / "réunion_d_octobre" for folder in (out, run.out))
    assert {p.name for p in made.iterdir() if p.suffix != ".part"} == {p.name for p in whole.iterdir()}
    for name in ("réunion_d_octobre.srt", "réunion_d_octobre.rttm", "minutes.md"):
        assert (made / name).read_text() == (whole / name).read_text()
    assert list(out.rglob("*.error")) == []


def test_a_channel_is_a_speaker_when_that_is_said(tmp_path: Path) -> None:
    import wave

    pytest.importorskip("torch")
    nadia, camille = cut(46.4, 52.5), cut(52.6, 57.0)
    left = np.concatenate([nadia, 0 * camille])
    right = np.concatenate([0 * nadia, camille])
    with wave.open(str(tmp_path / "call.wav"), "wb") as file:
        file.setnchannels(2)
        file.setsampwidth(2)
        file.setframerate(audio.RATE)
        file.writeframes((np.stack([left, right], axis=1) * 32767).astype("<i2").tobytes())
    arguments = ["meeting", str(tmp_path / "call.wav"), "--out", str(tmp_path / "out"), *FAST]
    assert main([*arguments, "--set", "diarization.channels=speakers"]) == 0
    [transcript] = formats.read(tmp_path / "out/call/call.json")
    assert [s.attributes["channel"] for s in transcript.speakers] == [0, 1]
    first, *_, last = transcript.utterances
    assert (first.speaker, last.speaker) == ("spk1", "spk2")
    assert all(u.end < 6.5 for u in transcript if u.speaker == "spk1")
    assert all(u.start > 5.7 for u in transcript if u.speaker == "spk2")
    assert all(w.speaker == u.speaker for u in transcript for w in u.words)
