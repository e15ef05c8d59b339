"""Reading sound: containers, rates, channels, and files that are not sound."""

import errno
import io
import os
import struct
import tracemalloc
import wave
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dialogue.core import audio
from dialogue.core.audio import RATE, AudioError

np = pytest.importorskip("numpy")
av = pytest.importorskip("av")


def tones(channels: int = 1, rate: int = RATE, seconds: float = 2.0):
    """Return (channel, sample): 300, 500, 700... hertz, one per channel, at a third of full scale."""
    time = np.arange(int(rate * seconds)) / rate
    return np.stack([0.3 * np.sin(2 * np.pi * (300 + 200 * c) * time) for c in range(channels)]).astype(np.float32)


def encode(
    path: Path | io.BytesIO,
    codec: str,
    rate: int = RATE,
    layout: str = "mono",
    seconds: float = 2.0,
    picture: bool = False,
    hertz: int | None = None,
    **kind: str,
):
    """Write tones to a container, or one of so many hertz in all channels; returns ``path``."""
    with av.open(str(path) if isinstance(path, Path) else path, "w", **kind) as container:
        stream = container.add_stream(codec, rate=rate, layout=layout)
        video = container.add_stream("mpeg4", rate=5, width=32, height=32) if picture else None
        sound = tones(stream.channels, rate, seconds)
        if hertz:
            sound[:] = 0.3 * np.sin(2 * np.pi * hertz * np.arange(sound.shape[1]) / rate)
        frame = av.AudioFrame.from_ndarray(sound, "fltp", layout)
        frame.sample_rate, frame.pts = rate, 0
        convert = av.AudioResampler(stream.codec_context.format, layout, rate)
        for part in [*convert.resample(frame), *convert.resample(None)]:
            container.mux(stream.encode(part))
        container.mux(stream.encode(None))
        if video:
            for number in range(10):
                shot = av.VideoFrame.from_ndarray(np.zeros((32, 32, 3), np.uint8), "rgb24")
                shot.pts = number
                container.mux(video.encode(shot))
            container.mux(video.encode(None))
    return path


def pcm(path: Path, sound, rate: int = RATE) -> Path:
    """Write (channel, sample) as 16-bit PCM."""
    with wave.open(str(path), "wb") as file:
        file.setnchannels(len(sound))
        file.setsampwidth(2)
        file.setframerate(rate)
        file.writeframes((np.asarray(sound).T * 32767).astype("<i2").tobytes())
    return path


def pitch(sound) -> float:
    """Return the strongest frequency of (sample,) at 16 kHz, in hertz."""
    return float(np.abs(np.fft.rfft(sound)).argmax() * RATE / len(sound))


@pytest.mark.parametrize(
    ("name", "codec", "rate", "layout"),
    [
        ("phone.wav", "pcm_mulaw", 8_000, "mono"),
        ("studio.wav", "pcm_s24le", 96_000, "mono"),
        ("float.wav", "pcm_f32le", 44_100, "mono"),
        ("six.wav", "pcm_s16le", 48_000, "5.1"),
        ("stereo.flac", "flac", 44_100, "stereo"),
        ("a.mp3", "mp3", 44_100, "mono"),
        ("a.m4a", "aac", 44_100, "stereo"),
        ("a.aac", "aac", RATE, "mono"),
        ("a.ogg", "libopus", 48_000, "mono"),
        ("a.webm", "libopus", 48_000, "mono"),
    ],
)
def test_any_container_becomes_sound_at_16_khz(tmp_path: Path, name: str, codec: str, rate: int, layout: str) -> None:
    path = encode(tmp_path / name, codec, rate, layout)
    known = audio.probe(path)
    channels = audio.load(path, channels=True)
    assert (known.sampling_rate, known.channels) == (rate, len(channels))
    assert channels.dtype == np.float32
    assert known.duration == pytest.approx(2.0, abs=0.15)
    assert channels.shape[1] == pytest.approx(2.0 * RATE, abs=0.15 * RATE)
    assert pitch(channels[0]) == pytest.approx(300, abs=3)
    assert audio.load(path) == pytest.approx(channels.mean(axis=0), abs=1e-6)


def test_channels_stay_apart_when_asked(tmp_path: Path) -> None:
    left, right = audio.load(encode(tmp_path / "a.wav", "pcm_s16le", layout="stereo"), channels=True)
    assert (round(pitch(left)), round(pitch(right))) == (300, 500)


def test_a_video_gives_its_sound(tmp_path: Path) -> None:
    assert pitch(audio.load(encode(tmp_path / "a.mp4", "aac", picture=True))) == pytest.approx(300, abs=3)


def test_a_video_without_sound_is_refused(tmp_path: Path) -> None:
    with av.open(str(tmp_path / "mute.mp4"), "w") as container:
        video = container.add_stream("mpeg4", rate=5, width=32, height=32)
        container.mux(video.encode(av.VideoFrame.from_ndarray(np.zeros((32, 32, 3), np.uint8), "rgb24")))
        container.mux(video.encode(None))
    with pytest.raises(AudioError, match=r"^mute\.mp4: no audio stream \(video only\)\. Accepted: any container"):
        audio.probe(tmp_path / "mute.mp4")


@pytest.mark.parametrize(
    "text",
    [
        "#EXTM3U\n#EXT-X-TARGETDURATION:2\n#EXTINF:2,\nsound.wav\n#EXT-X-ENDLIST\n",
        "ffconcat version 1.0\nfile sound.wav\n",
        "v=0\no=- 0 0 IN IP4 127.0.0.1\ns=x\nc=IN IP4 127.0.0.1\nt=0 0\nm=audio 9 RTP/AVP 0\n",
    ],
)
def test_a_file_that_names_others_is_refused(tmp_path: Path, text: str) -> None:
    audio.save_wav(tmp_path / "sound.wav", tones()[0])
    (tmp_path / "list.m3u8").write_text(text)
    with pytest.raises(AudioError, match="not a media file"):
        audio.probe(tmp_path / "list.m3u8")


def test_the_extension_does_not_matter(tmp_path: Path) -> None:
    encode(tmp_path / "a.mp3", "mp3").rename(tmp_path / "a.wav")
    assert pitch(audio.load(tmp_path / "a.wav")) == pytest.approx(300, abs=3)


@pytest.mark.parametrize(("name", "codec"), [("a.mp3", "mp3"), ("a.ogg", "libopus"), ("a.wav", "pcm_s16le")])
def test_of_a_cut_file_the_good_part_is_kept(tmp_path: Path, name: str, codec: str) -> None:
    path = encode(tmp_path / name, codec, 48_000, seconds=4.0)
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    assert len(audio.load(path)) / RATE == pytest.approx(2.0, abs=0.4)


def test_a_damaged_stretch_is_passed_over(tmp_path: Path) -> None:
    path = encode(tmp_path / "a.mp3", "mp3", seconds=4.0)
    data = bytearray(path.read_bytes())
    data[len(data) // 2 : len(data) // 2 + 400] = bytes(400)
    path.write_bytes(data)
    assert len(audio.load(path)) / RATE == pytest.approx(4.0, abs=0.5)


def test_an_m4a_without_its_end_is_explained(tmp_path: Path) -> None:
    path = encode(tmp_path / "a.m4a", "aac")
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    with pytest.raises(AudioError, match=r"a\.m4a: not a media file, or its end is cut off"):
        audio.probe(path)


@pytest.mark.parametrize("size", [0xFFFFFFFF, 0x7FFFFFFF, 0])
def test_a_wav_that_lies_about_its_length_is_read_to_its_end(tmp_path: Path, size: int) -> None:
    path = pcm(tmp_path / "pipe.wav", tones(seconds=1.0))
    data = bytearray(path.read_bytes())
    data[40:44] = struct.pack("<I", size)
    path.write_bytes(data)
    assert len(audio.load(path)) == RATE


@pytest.mark.parametrize(
    ("content", "found"),
    [
        (b"", "the file is empty"),
        ("Compte rendu de la réunion du 12 octobre.\n".encode() * 50, "not a media file"),
        (bytes(5000), "not a media file"),
    ],
)
def test_what_is_not_sound_is_explained(tmp_path: Path, content: bytes, found: str) -> None:
    (tmp_path / "a.wav").write_bytes(content)
    with pytest.raises(AudioError, match=rf"^a\.wav: {found}.*Accepted: any container with an audio track"):
        audio.probe(tmp_path / "a.wav")


def test_a_wav_without_samples_is_refused(tmp_path: Path) -> None:
    with pytest.raises(AudioError, match=r"a\.wav: no sound could be decoded"):
        audio.probe(pcm(tmp_path / "a.wav", np.zeros((1, 0))))


def test_too_little_sound_is_refused(tmp_path: Path) -> None:
    path = pcm(tmp_path / "a.wav", tones(seconds=0.05))
    assert audio.probe(path).duration == pytest.approx(0.05)
    with pytest.raises(AudioError, match=r"a\.wav: 0\.050 s of sound\. Accepted: at least 0\.1 s"):
        audio.load(path)


def test_missing_and_directory_are_explained(tmp_path: Path) -> None:
    for name, found in (("none.wav", "No such file"), ("", "it is a folder"), ("a\0.wav", "null byte")):
        with pytest.raises((AudioError, ValueError), match=found):
            audio.probe(tmp_path / name)


def test_no_permission_is_explained(tmp_path: Path, monkeypatch) -> None:
    path = pcm(tmp_path / "a.wav", tones())

    def refuse(self: Path, *_: object) -> None:  # root may read everything, so file permissions would not do
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), str(self))

    monkeypatch.setattr(Path, "open", refuse)
    with pytest.raises(AudioError, match="Permission denied"):
        audio.probe(path)


@pytest.mark.parametrize(
    "name",
    ["réunion d'équipe.wav", "a\nb.wav", "-rf.wav", "concat:a|b.wav", "file:x.wav", "100%d.wav", "a?b#c.wav"],
)
def test_a_name_is_never_anything_but_a_name(tmp_path: Path, name: str, monkeypatch) -> None:
    pcm(tmp_path / name, tones(seconds=1.0))
    monkeypatch.chdir(tmp_path)
    assert len(audio.load(name)) == len(audio.load(tmp_path / name)) == RATE


def test_a_name_like_a_protocol_opens_no_other_file(tmp_path: Path, monkeypatch) -> None:
    pcm(tmp_path / "a.wav", tones())
    monkeypatch.chdir(tmp_path)
    with pytest.raises(AudioError, match="No such file"):
        audio.probe("concat:a.wav|a.wav")


@pytest.mark.parametrize(
    "sound",
    [np.zeros(RATE), np.random.default_rng(0).uniform(-1, 1, RATE), np.sign(np.sin(np.arange(RATE) / 9))],
    ids=["silence", "noise", "clipped"],
)
def test_any_sound_goes_through_all_chains(tmp_path: Path, sound) -> None:
    path = pcm(tmp_path / "a.wav", sound[None])
    heard = audio.load(path)
    assert heard == pytest.approx(sound, abs=1e-3)
    assert audio.recognition_gain(heard) == 1.0
    shown = audio.peaks(audio.load(path), 100)
    assert max(shown) == (1.0 if sound.any() else 0.0)


def test_nan_and_infinity_are_silence(tmp_path: Path) -> None:
    sound = tones(seconds=1.0)[0]
    sound[[100, 200, 300]] = np.nan, np.inf, -np.inf
    head = b"WAVEfmt " + struct.pack("<IHHIIHH", 16, 3, 1, RATE, 4 * RATE, 4, 32)
    data = b"data" + struct.pack("<I", 4 * len(sound)) + sound.tobytes()
    (tmp_path / "a.wav").write_bytes(b"RIFF" + struct.pack("<I", len(head + data)) + head + data)
    heard = audio.load(tmp_path / "a.wav")
    assert heard[[100, 200, 300]].tolist() == [0, 0, 0]
    assert np.abs(heard).max() <= 0.31
    assert max(audio.peaks(audio.load(tmp_path / "a.wav"))) == 1.0


def test_quiet_speech_is_raised_for_recognition_alone(tmp_path: Path) -> None:
    quiet = tones()[0] / 30
    assert 0.25 < audio.recognition_gain(quiet) * np.abs(quiet).max() <= 1.0
    assert audio.recognition_gain(tones()[0]) == 1.0
    assert np.abs(audio.load(pcm(tmp_path / "a.wav", quiet[None]))).max() < 0.02


def test_blocks_are_bounded_and_join_to_the_whole(tmp_path: Path) -> None:
    path = encode(tmp_path / "a.flac", "flac", 44_100, "stereo", seconds=7.3)
    for channels in (False, True):
        found = list(audio.blocks(path, seconds=1.0, channels=channels))
        assert [b.shape[1] for b in found[:-1]] == [RATE] * 7
        assert 0 < found[-1].shape[1] < RATE
        whole = audio.load(path, channels=channels)
        assert np.array_equal(np.concatenate(found, axis=1), np.atleast_2d(whole))


@pytest.mark.parametrize("seconds", [400, 4000])
def test_a_long_file_takes_no_more_memory_than_a_short_one(tmp_path: Path, seconds: int) -> None:
    path = pcm(tmp_path / "long.wav", np.zeros((1, seconds * RATE), np.float32))
    tracemalloc.start()
    try:
        sound = audio.load(path)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert len(sound) == seconds * RATE
    assert peak < 4 * audio.IN_MEMORY + 20e6


def test_saved_sound_is_read_back(tmp_path: Path) -> None:
    audio.save_wav(tmp_path / "a.wav", tones()[0] * 5)
    assert audio.load(tmp_path / "a.wav") == pytest.approx(np.clip(tones()[0] * 5, -1, 1), abs=1e-4)


@given(st.text(min_size=1, max_size=400).filter(lambda t: "\0" not in t))
def test_an_id_is_safe_as_a_file_name(name: str) -> None:
    made = audio.recording_id(name)
    assert made
    assert made[0] not in "-."
    assert made != "stage"
    assert len(made.encode()) <= 201
    assert all(c.isalnum() or c in "-_." for c in made)
    assert audio.recording_id(made + ".wav") in (made, made + "_")


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("réunion d'équipe.m4a", "réunion_d_équipe"),
        ("re\u0301union.wav", "réunion"),
        ("-rf.wav", "rf"),
        ("a\nb.wav", "a_b"),
        ("..", "recording"),
        ("???.mp3", "recording"),
        ("stage.wav", "stage_"),
        (os.fsdecode(b"\xff\xfe.wav"), "recording"),
        ("é" * 300 + ".wav", "é" * 100),
    ],
)
def test_ids_of_real_names(name: str, expected: str) -> None:
    assert audio.recording_id(name) == expected


def test_two_files_with_one_id_are_refused() -> None:
    assert audio.unique_ids([Path("a.wav"), Path("x/b.mp3")]) == ["a", "b"]
    with pytest.raises(AudioError, match=r"a b\.wav and x/a_b\.mp3 would both be recording 'a_b'"):
        audio.unique_ids([Path("a b.wav"), Path("x/a_b.mp3")])
