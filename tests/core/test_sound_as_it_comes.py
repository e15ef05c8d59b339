"""Sound as it really comes: late tracks, gaps, changes of format, many channels, broken levels, and no sound at all."""

import io
import os
from fractions import Fraction
from pathlib import Path

import pytest

from dialogue.core import audio
from dialogue.core.audio import RATE, AudioError

from .test_audio import encode, pcm, pitch, tones

np = pytest.importorskip("numpy")
av = pytest.importorskip("av")


def encoded(codec: str, kind: str, rate: int, layout: str = "mono", hertz: int = 300) -> bytes:
    """Return two seconds of a tone in a container."""
    return encode(io.BytesIO(), codec, rate, layout, hertz=hertz, format=kind).getvalue()


def packets(path: Path, starts: list[float], picture: bool = False) -> Path:
    """Write seconds of a tone, each at its time in the container, and a picture at 0 if asked."""
    with av.open(str(path), "w") as container:
        stream = container.add_stream("pcm_s16le", rate=RATE, layout="mono")
        video = container.add_stream("mpeg4", rate=1, width=32, height=32) if picture else None
        if video:
            for number in range(3):
                shot = av.VideoFrame.from_ndarray(np.zeros((32, 32, 3), np.uint8), "rgb24")
                shot.pts = number
                container.mux(video.encode(shot))
            container.mux(video.encode(None))
        second = (tones(seconds=1.0) * 32767).astype(np.int16)
        for start in starts:
            for place in range(0, RATE, 1000):
                frame = av.AudioFrame.from_ndarray(np.ascontiguousarray(second[:, place : place + 1000]), "s16", "mono")
                frame.sample_rate, frame.time_base = RATE, Fraction(1, RATE)
                frame.pts = round(start * RATE) + place
                container.mux(stream.encode(frame))
    return path


def loud(sound) -> list[tuple[float, float]]:
    """Return the stretches that are not silent, in seconds to a tenth."""
    size = RATE // 10
    heard = [0, *(np.abs(sound[: len(sound) // size * size].reshape(-1, size)).max(axis=1) > 0.01).astype(int), 0]
    edges = np.flatnonzero(np.diff(heard)) / 10
    return [(float(a), float(b)) for a, b in zip(edges[::2], edges[1::2], strict=True)]


@pytest.mark.parametrize(
    ("starts", "picture", "expected"),
    [
        ([4.0], True, [(4.0, 5.0)]),
        ([0.0, 3.0], False, [(0.0, 1.0), (3.0, 4.0)]),
        ([0.0, 1.0, 40.0], False, [(0.0, 2.0), (40.0, 41.0)]),
        ([30 * 86_400.0], False, [(0.0, 1.0)]),  # times count from the start of the container, as in players
        ([30 * 86_400.0], True, [(0.0, 1.0)]),  # a month of silence is a damaged time stamp
        ([0.0, 30 * 86_400.0], False, [(0.0, 2.0)]),
    ],
)
def test_words_will_have_the_times_of_the_container(tmp_path: Path, starts, picture, expected) -> None:
    sound = audio.load(packets(tmp_path / "a.mkv", starts, picture))
    assert loud(sound) == expected
    assert len(sound) / RATE == pytest.approx(expected[-1][1], abs=0.01)


def test_the_duration_of_a_late_track_counts_from_the_start_of_the_container(tmp_path: Path) -> None:
    assert audio.probe(packets(tmp_path / "a.mkv", [4.0], picture=True)).duration == pytest.approx(5.0, abs=0.1)


@pytest.mark.parametrize(
    ("codec", "kind", "first", "second"),
    [
        ("aac", "adts", (44_100, "mono"), (16_000, "mono")),
        ("aac", "adts", (16_000, "mono"), (44_100, "mono")),
        ("aac", "adts", (44_100, "mono"), (44_100, "stereo")),
        ("mp3", "mp3", (44_100, "mono"), (16_000, "mono")),
        ("flac", "flac", (16_000, "mono"), (44_100, "mono")),
        ("aac", "mpegts", (44_100, "mono"), (16_000, "mono")),
        ("flac", "ogg", (44_100, "mono"), (16_000, "mono")),
        ("libopus", "ogg", (48_000, "mono"), (48_000, "mono")),
        ("libopus", "ogg", (48_000, "mono"), (48_000, "stereo")),
    ],
)
def test_each_part_of_a_stream_is_decoded_as_what_it_is(tmp_path: Path, codec, kind, first, second) -> None:
    path = tmp_path / f"a.{kind}"
    path.write_bytes(encoded(codec, kind, *first) + encoded(codec, kind, *second, hertz=500))
    sound = audio.load(path)
    assert len(sound) / RATE == pytest.approx(4.0, abs=0.2)
    assert pitch(sound[: RATE * 3 // 2]) == pytest.approx(300, abs=2)
    assert pitch(sound[-RATE * 3 // 2 :]) == pytest.approx(500, abs=2)


def test_links_of_an_ogg_may_differ_in_codec(tmp_path: Path) -> None:
    path = tmp_path / "a.ogg"
    path.write_bytes(encoded("flac", "ogg", 44_100) + encoded("libopus", "ogg", 48_000, hertz=500))
    assert audio.probe(path).duration == pytest.approx(4.0, abs=0.1)
    assert pitch(audio.load(path)[-RATE:]) == pytest.approx(500, abs=2)


@pytest.mark.parametrize("number", [1, 2, 3, 7, 8, 9, 16, 24, 32])
def test_any_number_of_channels(tmp_path: Path, number: int) -> None:
    sound = audio.load(pcm(tmp_path / "a.wav", tones(number)), channels=True)
    assert [round(pitch(channel)) for channel in sound] == [300 + 200 * c for c in range(number)]


def test_eight_channels_of_a_planar_codec(tmp_path: Path) -> None:
    path = encode(tmp_path / "a.wav", "pcm_f32le", 48_000, "5.1")
    assert len(audio.load(path, channels=True)) == 6
    layout = "7.1"
    with av.open(str(tmp_path / "b.opus"), "w", format="ogg") as container:
        stream = container.add_stream("libopus", rate=48_000, layout=layout)
        packed = np.ascontiguousarray(tones(8, 48_000).T.reshape(1, -1))
        frame = av.AudioFrame.from_ndarray(packed, "flt", layout)
        frame.sample_rate, frame.pts = 48_000, 0
        convert = av.AudioResampler(stream.codec_context.format, layout, 48_000, stream.codec_context.frame_size)
        for part in [*convert.resample(frame), *convert.resample(None)]:
            container.mux(stream.encode(part))
        container.mux(stream.encode(None))
    assert len(audio.load(tmp_path / "b.opus", channels=True)) == 8


def test_channels_in_opposite_phase_do_not_cancel_out(tmp_path: Path, caplog) -> None:
    one = tones()
    mixed = audio.load(pcm(tmp_path / "a.wav", np.concatenate([one, -0.9 * one])))
    assert np.abs(mixed).max() == pytest.approx(0.3 * 0.95, abs=0.01)
    assert "a.wav: in 2 s of it, channels are in opposite phase" in caplog.text


def test_independent_channels_are_averaged_without_a_word(tmp_path: Path, caplog) -> None:
    sound = tones(4)
    assert audio.load(pcm(tmp_path / "a.wav", sound)) == pytest.approx(sound.mean(axis=0), abs=1e-3)
    assert not caplog.records


def floats(path: Path, sound, kind: str = "pcm_f32le", dtype: str = "f4") -> Path:
    """Write a WAV of (channel, sample) floats as they are."""
    data = np.asarray(sound).T.astype(f"<{dtype}").tobytes()
    width = int(dtype[1])
    head = np.array([16, 3 | len(sound) << 16, RATE, RATE * len(sound) * width, len(sound) * width | width * 8 << 16])
    chunk = b"fmt " + head.astype("<u4").tobytes() + b"data" + np.uint32(len(data)).tobytes() + data
    path.write_bytes(b"RIFF" + np.uint32(4 + len(chunk)).tobytes() + b"WAVE" + chunk)
    return path


def test_samples_that_are_no_numbers_are_silence_and_said(tmp_path: Path, caplog) -> None:
    sound = tones()
    sound[0, 100:200], sound[0, 300] = np.nan, np.inf
    loaded = audio.load(floats(tmp_path / "a.wav", sound))
    assert np.isfinite(loaded).all()
    assert "a.wav: 101 samples (0.32 %) are NaN or infinite; taken as silence" in caplog.text


@pytest.mark.parametrize(("value", "dtype"), [(np.nan, "f4"), (np.inf, "f4"), (1e300, "f8")])
def test_a_file_without_a_number_is_refused(tmp_path: Path, value: float, dtype: str) -> None:
    path = floats(tmp_path / "a.wav", np.full((1, RATE), value), dtype=dtype)
    with pytest.raises(AudioError, match=r"a\.wav: every sample is NaN, infinite or beyond float32"):
        audio.load(path)


def test_integers_stored_as_floats_are_brought_to_full_scale(tmp_path: Path, caplog) -> None:
    loaded = audio.load(floats(tmp_path / "a.wav", tones() * 32768))
    assert np.abs(loaded).max() == pytest.approx(1.0, abs=1e-3)
    assert "beyond full scale (1); divided by 9.83e+03" in caplog.text


def test_a_damaged_sample_does_not_make_the_rest_silent(tmp_path: Path, caplog) -> None:
    sound = tones()
    sound[0, 5] = 1e30
    assert np.abs(audio.load(floats(tmp_path / "a.wav", sound))).max() == pytest.approx(0.3, abs=0.01)
    assert "taken as silence" in caplog.text


def test_an_impossible_sampling_rate_is_refused(tmp_path: Path) -> None:
    path = pcm(tmp_path / "a.wav", tones())
    data = bytearray(path.read_bytes())
    data[24:28] = (1).to_bytes(4, "little")
    path.write_bytes(data)
    with pytest.raises(AudioError, match=r"a\.wav: a sampling rate of 1 Hz\. Accepted: 1000 to 1000000 Hz"):
        audio.load(path)


def test_the_longest_accepted_sound_is_an_option(tmp_path: Path) -> None:
    with pytest.raises(AudioError, match=r"longer than 0\.000278 h\. Cut it, or allow more: --set audio\.longest"):
        audio.load(pcm(tmp_path / "a.wav", tones()), longest=1.0)


@pytest.mark.parametrize("channels", [False, True])
def test_long_sound_on_disk_is_the_same_as_in_memory(tmp_path: Path, monkeypatch, channels: bool) -> None:
    sound = tones(2, seconds=70.0) * np.linspace(0, 1, 70 * RATE, dtype=np.float32)
    sound[:, RATE * 10 : RATE * 50] = 0.0
    path = pcm(tmp_path / "a.wav", sound)
    short = audio.load(path, channels=channels)
    monkeypatch.setattr(audio, "IN_MEMORY", 31 * RATE)
    path.touch()
    long = audio.load(path, channels=channels)
    assert not isinstance(long, np.ndarray)
    assert (long.shape, long.ndim, len(long)) == (short.shape, short.ndim, len(short))
    assert np.array_equal(np.asarray(long), short)
    for stored, held in zip(long, short, strict=True) if channels else [(long, short)]:
        for cut in (slice(0, 100), slice(-5, None), slice(RATE * 9, RATE * 11, 7), slice(5, 2), slice(None)):
            assert np.array_equal(stored[cut], held[cut])
        assert audio.recognition_gain(stored) == audio.recognition_gain(held)
        assert audio.peaks(stored) == audio.peaks(held)


def test_no_room_for_long_sound_is_explained(tmp_path: Path, monkeypatch) -> None:
    path = pcm(tmp_path / "a.wav", tones(seconds=40.0))
    monkeypatch.setattr(audio, "IN_MEMORY", RATE)
    monkeypatch.setattr("dialogue.core.sound.Sound.append", lambda *_: (_ for _ in ()).throw(OSError(28, "No space")))
    with pytest.raises(AudioError, match=r"no room for its sound in .*an hour takes 230 MB\. Make room, or set TMPDIR"):
        audio.load(path)


def three_tracks(path: Path, default: int | None = None) -> Path:
    """Write three tracks: 300, 500 and 700 hertz."""
    with av.open(str(path), "w") as container:
        streams = [container.add_stream("pcm_s16le", rate=RATE, layout="mono") for _ in range(3)]
        for number, stream in enumerate(streams):
            stream.disposition = stream.disposition.__class__(1 if number == default else 0)
        for stream, tone in zip(streams, tones(3), strict=True):
            frame = av.AudioFrame.from_ndarray((tone[None] * 32767).astype(np.int16), "s16", "mono")
            frame.sample_rate, frame.pts = RATE, 0
            container.mux(stream.encode(frame))
    return path


def test_a_track_can_be_chosen_and_stays_with_the_recording(tmp_path: Path) -> None:
    recording = audio.probe(three_tracks(tmp_path / "a.mkv"), track=2)
    assert recording.attributes["track"] == 2
    assert pitch(audio.load(recording)) == pytest.approx(500, abs=2)


def test_a_track_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(AudioError, match=r"a\.mkv: track 4\. Accepted: 1 to 3\."):
        audio.probe(three_tracks(tmp_path / "a.mkv"), track=4)
    with pytest.raises(AudioError, match=r"a\.wav: track 2\. Accepted: 1, its only track\."):
        audio.probe(pcm(tmp_path / "a.wav", tones()), track=2)


@pytest.mark.parametrize(
    ("speech", "default", "expected"), [((0, 9, 2), 2, 3), ((0, 9, 2), 0, 2), ((0, 0, 0), None, 1)]
)
def test_the_default_track_with_speech_is_taken_else_the_one_with_most(
    tmp_path: Path, monkeypatch, caplog, speech, default, expected
) -> None:
    monkeypatch.setattr(audio, "_speech", lambda path, track: speech[track - 1])
    assert audio.probe(three_tracks(tmp_path / "a.mkv", default)).attributes["track"] == expected
    assert "a.mkv: 3 audio tracks, 1" in caplog.text
    assert f"track {expected} is used" in caplog.text


def test_a_pipe_and_a_device_are_refused_at_once(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "a.wav")
    for path, kind in ((tmp_path / "a.wav", "a pipe"), (Path("/dev/null"), "a device or a socket")):
        with pytest.raises(AudioError, match=f"it is {kind}"):
            audio.probe(path)


def test_a_name_that_is_not_utf_8_is_read(tmp_path: Path) -> None:
    try:
        path = Path(os.fsdecode(os.fsencode(tmp_path) + b"/r\xe9union.wav"))
        pcm(tmp_path / "a.wav", tones()).rename(path)
    except OSError:
        pytest.skip("this file system takes only names in UTF-8")
    assert audio.probe(path).id == "r_union"
    assert pitch(audio.load(path)) == pytest.approx(300, abs=2)


@pytest.mark.parametrize("bits", [0, 255])
def test_a_wav_with_an_impossible_sample_size_is_an_audio_error(tmp_path: Path, bits: int) -> None:
    path = pcm(tmp_path / "a.wav", tones())
    data = bytearray(path.read_bytes())
    data[34:36] = bits.to_bytes(2, "little")
    path.write_bytes(data)
    with pytest.raises(AudioError, match=r"^a\.wav: "):
        audio.load(path)


def test_random_bytes_are_an_audio_error_or_sound(tmp_path: Path) -> None:
    for seed in range(20):
        for ending in ("mp3", "aac", "wav", "ogg"):
            path = tmp_path / f"{seed}.{ending}"
            path.write_bytes(np.random.default_rng(seed).bytes(20_000))
            try:
                audio.load(path)
            except AudioError as error:
                assert str(error).startswith(path.name)  # noqa: PT017


def test_how_quiet_a_recording_is_can_be_said(caplog) -> None:
    sound = np.zeros(2 * RATE, np.float32)
    sound[:1600] = 0.1
    said = str(audio.loudness(sound))
    assert said == "1.9 of 2.0 s below -60 dB, the loudest tenth of a second at -20 dB"


def test_what_is_computed_on_a_long_recording_takes_no_more_memory() -> None:
    import tracemalloc

    from dialogue.core.sound import Sound

    sound = Sound(1)
    for _ in range(6 * 120):  # six hours
        sound.append(np.zeros((1, 30 * RATE), np.float32))
    tracemalloc.start()
    try:
        for work in (audio.recognition_gain, audio.peaks, audio.loudness):
            work(sound.channel(0))
        assert tracemalloc.get_traced_memory()[1] < 60e6
    finally:
        tracemalloc.stop()
