"""What a user sees after a wrong call: one line that says what to do, and an exit code. No models run here."""

import argparse
import contextlib
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from dialogue import cli
from dialogue.cli import VERBS, models, options
from dialogue.core import audio
from dialogue.formats import lhotse

np = pytest.importorskip("numpy")
ROOT = Path(__file__).parents[2]


@pytest.fixture(autouse=True)
def no_models(monkeypatch, tmp_path: Path) -> None:
    monkeypatch.setenv("DIALOGUE_MODELS", str(tmp_path / "no models"))
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    monkeypatch.chdir(tmp_path)


@pytest.fixture
def wav(tmp_path: Path) -> Path:
    audio.save_wav(tmp_path / "a.wav", np.full(16_000, 0.1, np.float32))
    return tmp_path / "a.wav"


def said(capsys, *arguments: object) -> tuple[int, str]:
    """Return the exit code and the text on standard error."""
    try:
        code = cli.main([str(a) for a in arguments])
    except SystemExit as stop:  # argparse
        code = int(stop.code or 0)
    return code, capsys.readouterr().err


def actions(parser: argparse.ArgumentParser) -> dict[str, argparse.ArgumentParser]:
    """Return the verbs of the command, or the actions of a verb."""
    found = [a for a in parser._actions if isinstance(a, argparse._SubParsersAction)]
    return dict(found[0].choices) if found else {}


HELP = {(verb,): parser for verb, parser in actions(cli.build()).items()}
HELP |= {(*verb, name): parser for verb, above in [*HELP.items()] for name, parser in actions(above).items()}


@pytest.mark.parametrize("words", HELP, ids=" ".join)
def test_every_help_has_an_example_that_parses(words: tuple[str, ...]) -> None:
    _, _, examples = HELP[words].format_help().partition("example:\n")
    assert examples.strip()
    for example in examples.strip().splitlines():
        program, *arguments = shlex.split(example)
        assert (program, *arguments[: len(words)]) == ("dialogue", *words)
        assert cli.build().parse_args(arguments).verb == words[0]


@pytest.mark.parametrize("words", HELP, ids=" ".join)
def test_every_argument_is_explained(words: tuple[str, ...]) -> None:
    assert [a.dest for a in HELP[words]._actions if not a.help and a.dest != "action"] == []


def test_the_verbs_of_the_help_are_the_modules_of_the_command_line() -> None:
    modules = {path.stem for path in Path(cli.__file__).parent.glob("*.py")} - {"__init__", "options", "erasing"}
    assert set(VERBS) == modules


def test_without_a_verb_there_is_help_and_code_2(capsys) -> None:
    assert cli.main([]) == 2
    assert "Exit codes: 0 all done, 1 some recordings failed, 2 the call was wrong." in capsys.readouterr().out


@pytest.mark.parametrize(
    ("options", "found"),
    [
        (["--set", "asr.batch_sise=1"], "unknown key asr.batch_sise. Did you mean batch_size"),
        (["--set", "asr.batch_size"], "Accepted: section.key=value"),
        (["--set", "asr.batch_size=[1"], "is not YAML"),
        (["--set", "asr.batch_size=true"], "asr.batch_size: found True (bool). Accepted: int."),
        (["--config", "none.yaml"], "none.yaml: No such file or directory"),
        (["--config", "a.wav"], "a.wav: not YAML"),
        (
            ["--language", "français"],
            "language: found 'français'. Accepted: auto, or one of Whisper's codes: ",
        ),
        (["--language", "xx"], "language: found 'xx'"),
        (["--speakers", "0"], "speakers: found 0. Accepted: 1 or more."),
        (["--speakers", "-3"], "speakers: found -3"),
        (["--min-speakers", "5", "--max-speakers", "2"], "min_speakers is 5, above max_speakers, 2"),
        (["--speakers", "two"], "invalid int value: 'two'"),
        (["--engine", "kaldi"], "invalid choice: 'kaldi'"),
        (["--date", "31/02/2023"], "date: found '31/02/2023'. Accepted: a day, as 2023-10-12, 12/10/2023"),
        (["--date", "2023-02-30"], "date: found '2023-02-30'"),
        (["--agenda", "none.txt"], "none.txt: No such file or directory"),
        (["--agenda", "empty.txt"], "empty.txt: no agenda item found"),
        (["--agenda", "latin.txt"], "latin.txt: byte 0 is not UTF-8"),
        (["--jobs", "0"], "jobs: found 0. Accepted: 1 or more."),
        (["--out", "a.wav"], "a.wav: File exists"),
        (["--nonsense"], "unrecognized arguments: --nonsense"),
    ],
)
def test_a_wrong_call_is_one_line_and_code_2(wav: Path, capsys, monkeypatch, options: list[str], found: str) -> None:
    monkeypatch.setattr("dialogue.core.models.resolve", lambda name: Path(name))
    (wav.parent / "empty.txt").touch()
    (wav.parent / "latin.txt").write_bytes("été".encode("latin-1"))
    code, text = said(capsys, "meeting", wav, "--out", "out", *options)
    assert code == 2
    assert found in text
    assert "Traceback" not in text
    assert len([line for line in text.splitlines() if line.startswith("dialogue")]) == 1


def test_two_recordings_with_one_name_are_refused(wav: Path, capsys) -> None:
    code, text = said(capsys, "meeting", wav, "other/a.mp3", "--out", "out")
    assert code == 2
    assert "would both be recording 'a'" in text


@pytest.mark.parametrize("verb", ["meeting", "diarize"])
def test_a_missing_model_says_what_to_type(wav: Path, capsys, verb: str) -> None:
    lhotse.write_recordings([audio.probe(wav)], wav.parent / "recordings.jsonl")
    first = wav if verb == "meeting" else "recordings.jsonl"
    code, text = said(capsys, verb, first, "--out", "out")
    assert code == 2
    assert "Type: dialogue models fetch segmentation-3.0" in text
    assert list(Path("out").rglob("*.error")) == []


def test_a_file_that_is_no_recording_fails_with_code_1(wav: Path, capsys) -> None:
    wav.write_text("bonjour")
    code, text = said(capsys, "meeting", wav, "missing.wav", "--out", "out")
    assert code == 1
    assert "2 of 2 recordings failed" in text
    assert Path("out/a.error").read_text().startswith("a.wav: not a media file")
    assert "No such file or directory" in Path("out/missing.error").read_text()


@pytest.mark.parametrize(
    ("arguments", "found"),
    [
        (["diarize", "none.jsonl", "--out", "x"], "none.jsonl: No such file"),
        (["diarize", "bad.jsonl", "--out", "x"], "line 1"),
        (["prepare", "none.yaml", "--source", ".", "--out", "x"], "none.yaml: No such file"),
        (["score", "transcripts", "data", "--transcripts", "t", "--out", "s.json"], "No such file"),
        (["score", "data"], "invalid choice: 'data' (choose from"),
        (["report", "exp", "--data", "data"], "no scores yet. Run `dialogue score` first"),
        (["models", "fetch", "whisper-bas"], "unknown model 'whisper-bas'. Did you mean whisper-base"),
        (
            ["models", "fetch", "lucie-7b-instruct"],
            "Type: dialogue models fetch lucie-7b-instruct --download",
        ),
        (["transcribe", "empty.jsonl", "--out", "x"], "the following arguments are required: --speech"),
    ],
)
def test_every_verb_explains_its_errors(tmp_path: Path, capsys, arguments: list[str], found: str) -> None:
    (tmp_path / "bad.jsonl").write_text("{\n")
    (tmp_path / "empty.jsonl").touch()
    code, text = said(capsys, *arguments)
    assert code == 2
    assert found in text


def test_an_empty_manifest_is_done(tmp_path: Path, capsys) -> None:
    (tmp_path / "empty.jsonl").touch()
    assert said(capsys, "diarize", "empty.jsonl", "--out", "x") == (0, "diarize: 0 done, 0 up to date\n")


def test_what_would_run_is_said_without_models_and_without_a_trace(wav: Path, capsys) -> None:
    lhotse.write_recordings([audio.probe(wav)], wav.parent / "recordings.jsonl")
    assert cli.main(["diarize", "recordings.jsonl", "--out", "x", "--dry-run"]) == 0
    assert capsys.readouterr().out == "diarize a: no output yet\n"
    assert not Path("x").exists()


def test_validate_s_problems_are_code_1(tmp_path: Path, capsys) -> None:
    assert cli.main(["validate", str(tmp_path)]) == 1
    assert "1 problem\n" in capsys.readouterr().out


def test_models_and_doctor_say_what_to_type(capsys) -> None:
    assert cli.main(["models"]) == 0
    assert "missing; type: dialogue models fetch whisper-base" in capsys.readouterr().out
    assert cli.main(["doctor"]) == 1
    assert "not ready: see what is missing above" in capsys.readouterr().out


def test_what_is_typed_is_not_read_as_yaml() -> None:
    call = argparse.Namespace(overrides=[], config=None)
    assert options.config_of(call, asr={"language": "no"}).asr.language == "no"
    url = "http://localhost:8000/v1 # mine"
    assert options.config_of(call, minutes={"model": url}).minutes.model == url


def test_speakers_that_are_typed_replace_those_of_the_file(tmp_path: Path) -> None:
    (tmp_path / "c.yaml").write_text("speakers: {speakers: 3}")
    call = cli.build().parse_args(["diarize", "m", "--out", "x", "--config", "c.yaml", "--min-speakers", "5"])
    count = options.config_of(call, speakers=options.speakers_of(call)).speakers
    assert (count.speakers, count.min_speakers) == (None, 5)


def test_ctrl_c_is_code_130(monkeypatch, capsys) -> None:
    def interrupted(call: argparse.Namespace) -> int:
        raise KeyboardInterrupt

    monkeypatch.setattr(models, "run", interrupted)
    assert said(capsys, "models") == (130, "\nstopped; the same command resumes from here\n")


def test_debug_shows_where_it_happened(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "dialogue", "diarize", "none.jsonl", "--out", "x"]
    plain = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True)
    assert (plain.returncode, plain.stderr.count("\n")) == (2, 1)
    deep = subprocess.run([*command, "--debug"], cwd=tmp_path, capture_output=True, text=True)
    assert deep.returncode != 0
    assert "Traceback (most recent call last)" in deep.stderr


def test_an_internal_error_is_not_reported_as_the_user_s(monkeypatch) -> None:
    monkeypatch.setattr(models, "run", lambda call: {}["bug"])
    with pytest.raises(KeyError):
        cli.main(["models"])


@pytest.mark.parametrize(
    ("call", "found"),
    [
        ("meeting a.wav --out o --jobs -1", "argument --jobs: found -1. Accepted: 1 or more."),
        ("meeting a.wav --out o --track 0", "argument --track: found 0"),
        ("respond m --temperature nan", "argument --temperature: found nan. Accepted: 0 or more."),
        ("respond m --temperature inf", "argument --temperature: found inf"),
        ("respond m --max-tokens 1e3", "argument --max-tokens: found '1e3'"),
        ("convert a.srt --to vtt --out o --jobs -3", "argument --jobs: found -3. Accepted: 0 or more."),
        (
            "meeting a.wav --out o --set asr.compression_ratio=.nan",
            "asr.compression_ratio: found nan. Accepted: a",
        ),
        ("meeting a.wav --out o --set diarization.fill=-1", "diarization.fill: found -1. Accepted: 0 or more."),
        ("meeting a.wav --out o --set audio.longest=0", "audio.longest: found 0. Accepted: more than 0."),
        ("meeting a.wav --out o --template t.docx", "t.docx makes .docx documents, and the formats asked for are md."),
    ],
)
def test_a_number_that_makes_no_sense_is_refused(call: str, found: str, capsys, tmp_path, monkeypatch) -> None:
    monkeypatch.chdir(tmp_path)
    with contextlib.suppress(SystemExit):
        assert cli.main(call.split()) == 2
    assert found in capsys.readouterr().err
    assert not (tmp_path / "o").exists()


@pytest.mark.parametrize(("options", "shown"), [([], False), (["--verbose"], True), (["--log-level", "info"], True)])
def test_options_and_times_of_each_step_are_shown_when_asked_for(
    tmp_path: Path, capsys, options: list[str], shown: bool
) -> None:
    (tmp_path / "r.txt").write_text("ANNE: Le mot secret.\n", encoding="utf-8")
    transcript = tmp_path / "in/r.json"
    assert cli.main(["convert", str(tmp_path / "r.txt"), str(transcript)]) == 0
    manifest = tmp_path / "recordings.jsonl"
    lhotse.write_recordings([audio.Recording("r", tmp_path / "r.wav", 10.0)], manifest)
    call = ["minutes", str(manifest), "--transcripts", str(transcript.parent), "--out", str(tmp_path / "out")]
    assert cli.main([*call, *options]) == 0
    printed = capsys.readouterr().err
    assert ("minutes r: done after" in printed) == shown
    assert ('"language": "fr"' in printed) == shown
    assert "secret" not in printed
