"""Mentions are not heard in the masked sound, and what is outside them is what it was, sample by sample."""

from dataclasses import replace

import numpy as np
import pytest

from dialogue.core.audio import AudioError
from dialogue.core.transcript import Transcript, Utterance, Word
from dialogue.privacy.masking import mask, spans_to_mask
from dialogue.privacy.mentions import Note, text_of
from tests.privacy.marked import said

av = pytest.importorskip("av")


def write(path, samples: np.ndarray, rate: int, codec: str, form: str) -> None:
    with av.open(str(path), "w") as file:
        stream = file.add_stream(codec, rate=rate, layout="mono" if samples.shape[0] == 1 else "stereo")
        frame = av.AudioFrame.from_ndarray(samples.T.reshape(1, -1).copy(), format=form, layout=stream.layout.name)
        frame.sample_rate = rate
        for packet in [*stream.encode(frame), *stream.encode(None)]:
            file.mux(packet)


def read(path) -> np.ndarray:
    with av.open(str(path)) as file:
        resampler = av.AudioResampler(format=file.streams.audio[0].format.packed.name)
        frames = [g.to_ndarray() for f in file.decode(audio=0) for g in resampler.resample(f)]
    return np.concatenate(frames, axis=1)[0]


def voice(seconds: float = 3.0, rate: int = 22050, channels: int = 1) -> np.ndarray:
    rng = np.random.default_rng(1)
    return (rng.normal(0, 4000, (channels, int(seconds * rate)))).astype(np.int16)


@pytest.mark.parametrize("sound", ["bleep", "silence", "noise"])
@pytest.mark.parametrize("ending", [".wav", ".flac"])
@pytest.mark.parametrize("channels", [1, 2])
def test_only_the_span_changes(tmp_path, sound, ending, channels):
    write(
        tmp_path / f"in{ending}", voice(channels=channels), 22050, "flac" if ending == ".flac" else "pcm_s16le", "s16"
    )
    mask(tmp_path / f"in{ending}", [(1.0, 2.0)], tmp_path / f"out{ending}", sound)
    before, after = read(tmp_path / f"in{ending}"), read(tmp_path / f"out{ending}")
    assert len(before) == len(after)
    a, b = 22050 * channels, 2 * 22050 * channels
    assert np.array_equal(before[:a], after[:a])
    assert np.array_equal(before[b:], after[b:])
    inside = after[a:b].astype(float)
    assert sound == "silence" or abs(np.corrcoef(before[a:b].astype(float), inside)[0, 1]) < 0.1
    assert bool(inside.any()) == (sound != "silence")


def test_24_bits_stay_24_bits(tmp_path):
    samples = (voice().astype(np.int32) << 16) + (1 << 8)
    write(tmp_path / "in.wav", samples, 22050, "pcm_s24le", "s32")
    mask(tmp_path / "in.wav", [(1.0, 2.0)], tmp_path / "out.wav")
    assert np.array_equal(read(tmp_path / "in.wav")[:22050], read(tmp_path / "out.wav")[:22050])


def test_a_target_with_loss_is_refused(tmp_path):
    with pytest.raises(AudioError, match=r"\.wav, \.flac"):
        mask(tmp_path / "in.wav", [], tmp_path / "out.mp3")


def test_what_is_no_sound_is_refused(tmp_path):
    (tmp_path / "in.wav").write_text("no sound")
    with pytest.raises(AudioError):
        mask(tmp_path / "in.wav", [], tmp_path / "out.wav")


def test_mentions_are_masked_with_some_room_and_small_gaps_are_closed():
    transcript, note = said("bonjour [PRENOM Camille] ici [PRENOM Paul] oui d'accord merci [VILLE Lyon]")
    assert [(round(s, 2), round(e, 2)) for s, e in spans_to_mask(transcript, note)] == [(0.35, 2.05), (3.35, 4.05)]


def test_what_a_reader_keeps_is_heard():
    transcript, note = said("bonjour [PRENOM Rose]")
    note = replace(note, mentions=tuple(replace(m, keep=True) for m in note.mentions))
    assert spans_to_mask(transcript, note) == []


def phone(
    probability: float | None, text: str = "mon numéro c'est le meuces 2 4 5 sortis"
) -> list[tuple[float, float]]:
    words = tuple(Word(w, i * 0.5, i * 0.5 + 0.4, probability) for i, w in enumerate(text.split()))
    spoken = Utterance("u1", None, 0.0, words[-1].end, text, words)
    transcript = Transcript("appel", 20.0, utterances=(spoken,))
    return spans_to_mask(transcript, Note("appel", text_of(transcript)))


def test_words_in_doubt_after_an_announcement_are_masked():
    assert phone(0.4) == [(pytest.approx(0.75), pytest.approx(4.55))]


@pytest.mark.parametrize("probability", [0.9, None])
def test_words_without_doubt_are_not(probability):
    assert phone(probability) == []


def test_words_in_doubt_are_masked_only_after_an_announcement():
    assert phone(0.4, "il fait beau le meuces 2 4 5") == []


def test_no_more_than_the_window_is_masked():
    assert phone(0.3, "mon numéro " + "euh " * 60)[0][1] == pytest.approx(0.9 + 8 + 0.15)
