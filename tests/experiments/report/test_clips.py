"""The audio of single utterances."""

import base64
import io
from pathlib import Path

import av
import numpy as np
import pytest

from dialogue.core.audio import RATE, AudioError, save_wav
from dialogue.experiments.report.clips import clips


@pytest.fixture
def steps(tmp_path: Path) -> Path:
    """Return seventy seconds: 440 Hz for thirty-five, across two blocks of decoding, then 1,000 Hz."""
    time = np.arange(70 * RATE) / RATE
    save_wav(
        tmp_path / "a.wav",
        (0.3 * np.sin(2 * np.pi * np.where(time < 35, 440, 1000) * time)).astype(np.float32),
    )
    return tmp_path / "a.wav"


def heard(address: str) -> tuple[float, int]:
    """Return the seconds, and the loudest frequency in the middle."""
    with av.open(io.BytesIO(base64.b64decode(address.partition(",")[2]))) as container:
        sound = np.concatenate([frame.to_ndarray()[0] for frame in container.decode(audio=0)]).astype(float)
    middle = sound[len(sound) // 2 - RATE // 4 : len(sound) // 2 + RATE // 4]
    return len(sound) / RATE, int(np.abs(np.fft.rfft(middle)).argmax()) * 2


def test_each_span_has_its_own_sound(steps: Path) -> None:
    found = [heard(address) for address in clips(steps, [(40.0, 42.0), (29.0, 31.0)])]
    assert [seconds for seconds, _ in found] == pytest.approx([2.4, 2.4], abs=0.15)
    assert [pitch for _, pitch in found] == pytest.approx([1000, 440], abs=4)


def test_a_long_span_is_its_first_minute(steps: Path) -> None:
    [address] = clips(steps, [(0.0, 70.0)])
    assert heard(address)[0] == pytest.approx(60.2, abs=0.15)


def test_a_span_at_the_end_stops_with_the_sound(steps: Path) -> None:
    [address] = clips(steps, [(69.0, 75.0)])
    assert heard(address)[0] == pytest.approx(1.2, abs=0.15)


def test_a_missing_file_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(AudioError, match=r"absent\.wav"):
        clips(tmp_path / "absent.wav", [(0.0, 1.0)])


def test_a_span_after_the_end_is_silent(steps: Path) -> None:
    """A reference may extend beyond its audio."""
    [address] = clips(steps, [(80.0, 82.0)])
    assert address.startswith("data:audio/mpeg;base64,")
