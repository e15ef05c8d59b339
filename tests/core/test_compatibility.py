"""What third-party packages need before they are imported. Each case has its own process: imports cannot be undone."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from dialogue.core import compatibility

ROOT = Path(__file__).parents[2]


def python(code: str, **environment: str) -> str:
    pytest.importorskip("torch", reason="what is prepared is for torch and the packages on it")
    known = {
        k: v for k, v in os.environ.items() if not k.startswith(("PYANNOTE", "GRADIO", "HF_", "DO_NOT", "DIALOGUE"))
    }
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, env={**known, **environment}, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


PREPARED = "import os\nfrom dialogue.core import compatibility\ncompatibility.prepare()\ncompatibility.prepare()\n"


def test_telemetry_is_off_before_anything_is_imported() -> None:
    names = (
        "PYANNOTE_METRICS_ENABLED GRADIO_ANALYTICS_ENABLED HF_HUB_DISABLE_TELEMETRY DO_NOT_TRACK HF_HUB_OFFLINE".split()
    )
    assert python(PREPARED + f"print(*(os.environ[n] for n in {names}))") == "0 False 1 1 1"


def test_what_the_user_set_stands() -> None:
    look = PREPARED + "print(os.environ['PYANNOTE_METRICS_ENABLED'], os.environ['HF_HUB_OFFLINE'])"
    assert python(look, PYANNOTE_METRICS_ENABLED="1", HF_HUB_OFFLINE="0") == "1 0"


def test_torchaudio_s_filter_banks_work() -> None:
    pytest.importorskip("torch")
    look = (
        "import torch\nfrom torchaudio.compliance import kaldi\n"
        "print(tuple(kaldi.fbank(torch.randn(1, 16000), num_mel_bins=80).shape))"
    )
    assert python(PREPARED + look) == "(98, 80)"


def test_pyannote_is_importable_and_silent() -> None:
    pytest.importorskip("torch")
    look = "import pyannote.audio, sys\nprint(pyannote.audio.__version__[0], file=sys.stderr)"
    done = subprocess.run([sys.executable, "-c", PREPARED + look], cwd=ROOT, capture_output=True, text=True)
    assert (done.returncode, done.stderr.strip()) == (0, "4")


@pytest.mark.parametrize(("cuda", "stand_in"), [("None", True), ("'12.8'", False)])
def test_the_stand_in_is_for_a_torch_without_cuda_alone(cuda: str, stand_in: bool) -> None:
    pytest.importorskip("torch")
    look = (
        f"import sys, torch\ntorch.version.cuda = {cuda}\nfrom dialogue.core import compatibility\n"
        "compatibility.prepare()\nprint('torchaudio._extension' in sys.modules)"
    )
    assert python(look) == str(stand_in)


def test_the_stand_in_leaves_an_imported_torchaudio_alone() -> None:
    pytest.importorskip("torch")
    look = (
        "import sys, types\nsys.modules['torchaudio'] = types.ModuleType('torchaudio')\n"
        "from dialogue.core import compatibility\ncompatibility.prepare()\n"
        "print('torchaudio._extension' in sys.modules)"
    )
    assert python(look) == "False"


def test_what_needs_the_extension_says_so() -> None:
    from dialogue.core.compatibility import _fail_if_no_align

    with pytest.raises(RuntimeError, match="forced_align needs torchaudio's compiled extension"):
        _fail_if_no_align(type("F", (), {"__name__": "forced_align"})())()


def test_cublas_is_taken_from_its_package(tmp_path: Path, monkeypatch) -> None:
    loaded = []
    monkeypatch.setattr(compatibility.ctypes, "CDLL", lambda path: loaded.append(path) if "/" in path else broken())
    monkeypatch.setattr(sys, "path", [str(tmp_path / "other"), str(tmp_path)])
    monkeypatch.setattr(sys, "platform", "linux")
    packaged = tmp_path / "nvidia/cublas/lib/libcublas.so.12"
    packaged.parent.mkdir(parents=True)
    packaged.touch()
    compatibility.load_cublas()
    assert loaded == [str(packaged)]


def test_without_cublas_the_message_says_what_to_type(monkeypatch) -> None:
    monkeypatch.setattr(compatibility.ctypes, "CDLL", lambda path: broken())
    monkeypatch.setattr(sys, "path", [])
    monkeypatch.setattr(sys, "platform", "linux")
    with pytest.raises(ModuleNotFoundError, match=r"libcublas\.so\.12.* pip install nvidia-cublas-cu12, or use --set"):
        compatibility.load_cublas()


def broken() -> None:
    raise OSError("cannot open shared object file")
