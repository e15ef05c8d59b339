"""No damage to a file makes a traceback, or takes more time than its length."""

import random
import signal
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

from dialogue import formats
from dialogue.core.config import ConfigError
from dialogue.corpus import validation
from dialogue.corpus.card import CorpusError
from dialogue.formats import FormatError, convert
from tests.formats.mutations import SAMPLES, Sample, damaged

DAMAGES = 60  # of each sample
SECONDS = 30  # of this process, far more than such a file takes even when traced; a quadratic reader takes minutes
LONG = 30_000  # characters
REPEATED = [
    "_",
    '"',
    "<",
    "(",
    "[",
    "{",
    "&",
    "1",
    "\\",
    "<c>",
    '"a":',
    "a(",
    "{/}",
    " ",
    "a ",
    "\n",
    "- ",
    "[x 9] ",
    "[?] ",
]
REPEATED += ["{ / } ", "( ", "<v ", "<a [x 9]> "]
REFUSED = (FormatError, ConfigError, CorpusError)


@contextmanager
def soon(what: str) -> Iterator[None]:
    """Stop what runs for too long, in the time of this process."""

    def ring(*_: object) -> None:
        raise AssertionError(f"{what}: more than {SECONDS} s")

    before = signal.signal(signal.SIGVTALRM, ring)
    signal.setitimer(signal.ITIMER_VIRTUAL, SECONDS)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.signal(signal.SIGVTALRM, before)


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda s: s.name)
def test_a_sample_is_read(sample: Sample, tmp_path: Path) -> None:
    assert sample.read(sample.write(tmp_path))


@pytest.mark.parametrize("place", range(len(SAMPLES)), ids=lambda n: SAMPLES[n].name)
def test_a_damaged_file_is_read_or_refused(place: int, tmp_path: Path) -> None:
    sample = SAMPLES[place]
    for number in range(DAMAGES):
        rng = random.Random(f"{place} {number}")
        name = rng.choice(list(sample.files))
        files = {**sample.files, name: damaged(sample.files[name], rng)}
        path = sample.write(tmp_path / str(number), files)
        with soon(f"{sample.name}, damage {number}"), suppress(*REFUSED):
            sample.read(path)


@pytest.mark.parametrize("place", range(len(SAMPLES)), ids=lambda n: SAMPLES[n].name)
def test_a_long_text_takes_the_time_of_its_length(place: int, tmp_path: Path) -> None:
    sample = SAMPLES[place]
    name = next(iter(sample.files))
    half = len(sample.files[name]) // 2
    for number, text in enumerate(REPEATED):
        long = text.encode() * (LONG // len(text))
        damage = sample.files[name][:half] + long + sample.files[name][half:]
        path = sample.write(tmp_path / str(number), {**sample.files, name: damage})
        with soon(f"{sample.name}, {text!r}"), suppress(*REFUSED):
            sample.read(path)


@pytest.mark.parametrize("name", ["json", "seglst", "linto", "whisperx", "revai", "recognisers", "lhotse"])
@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("[" * 100_000, "nested too deeply"),
        ('{"a":' * 100_000, "nested too deeply"),
        ("[" + "9" * 5000 + "]", "thousands of digits"),
        ("[1,", "not JSON"),
        ("\x00", "not JSON"),
    ],
)
def test_json_of_any_kind_is_refused_with_its_line(name: str, text: str, found: str, tmp_path: Path) -> None:
    path = tmp_path / ("r" + formats.FORMATS[name][0])
    path.write_text(text, encoding="utf-8")
    with pytest.raises(FormatError, match=rf"r\..*: line 1: .*{found}"):
        formats.read(path, name)


@pytest.mark.parametrize("time", ["1e308", "NaN", "Infinity", "-1", "9" * 400, "true", "null", "[]", '"x"'])
def test_absurd_times_are_refused(time: str, tmp_path: Path) -> None:
    utterance = f'{{"id": "u1", "speaker": null, "start": 0, "end": {time}, "text": ""}}'
    head = '{"schema": "dialogue/transcript/1", "recording": "r", "duration": 9, "utterances": ['
    (tmp_path / "r.json").write_text(f"{head}{utterance}]}}", encoding="utf-8")
    (tmp_path / "s.json").write_text(
        f'{{"segments": [{{"start": 0, "end": {time}, "text": "oui"}}]}}', encoding="utf-8"
    )
    done = convert.convert(tmp_path, tmp_path / "out", format="stm", jobs=1)
    assert all(d.error and "Error" not in d.error for d in done), done


@pytest.mark.parametrize(
    ("row", "found"),
    [
        ('{"id": "a", "sources": null, "sampling_rate": 16000, "duration": 1}', "line 1: sources None"),
        ('{"id": "a", "sources": [null], "sampling_rate": 16000, "duration": 1}', "line 1: sources"),
        ('{"id": "a", "sources": [{"type": "file"}], "sampling_rate": 1, "duration": 1}', "line 1: sources"),
        ('{"id": "a", "sources": [], "sampling_rate": 16000, "duration": "abc"}', "line 1: "),
        (
            '{"id": "a", "sources": [{"type": "file", "source": "a"}], "sampling_rate": 1, "duration": "abc"}',
            "duration is 'abc'",
        ),
        (
            '{"id": "a", "sources": [{"type": "file", "source": "a"}], "sampling_rate": 1, "duration": 1, "custom": 3}',
            "custom is",
        ),
        ("3", "line 1: no id"),
        ("[" * 100_000, "line 1: not JSON .nested"),
    ],
)
def test_manifests_of_wrong_types_are_refused_with_their_line(row: str, found: str, tmp_path: Path) -> None:
    (tmp_path / "recordings.jsonl").write_text(row + "\n", encoding="utf-8")
    [problem] = validation.validate(tmp_path)
    assert found.replace(".", "") in problem.replace("(", "").replace(".", "")
    assert "recordings.jsonl: " in problem


def test_one_bad_file_of_each_kind_fails_alone(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    for place, sample in enumerate(SAMPLES):
        if len(sample.files) == 1 and sample.name in formats.FORMATS:
            for name, data in sample.files.items():
                extension = formats.FORMATS[sample.name][0]
                (tmp_path / f"in/good{place}{extension}").write_bytes(data)
                (tmp_path / f"in/bad{place}{extension}").write_bytes(data[:20] + b"[" * 100_000)
                del name
    done = convert.convert(tmp_path / "in", tmp_path / "out", format="json", jobs=1)
    assert all(d.written for d in done if "good" in d.source.name)
    assert not [d.error for d in done if d.error and ("Error" in d.error or str(d.source) not in d.error)]


DEEP = {
    "brackets": "a: " + "[" * 20_000,
    "dashes": "- " * 20_000 + "a",
    "indents": "\n".join(" " * n + "a:" for n in range(1500)),
    "questions": "? " * 20_000,
    "itself": "a: &a [*a]",
    "aliases": "a0: &a0 [x, x]\n" + "\n".join(f"a{n}: &a{n} [*a{n - 1}, *a{n - 1}]" for n in range(1, 64)),
    "digits": "a: 1\nb: " + "9" * 5000,
    "hexadecimal": "normalization: 0x" + "9" * 5000,
    "date": "a: 1\nb: 2023-13-45",
    "date as a key": "2023-10-12: x",
    "surrogate": 'asr: {engine: "\\ud800"}',
}


@pytest.mark.parametrize("kind", DEEP)
def test_yaml_of_any_kind_is_refused(kind: str, tmp_path: Path) -> None:
    path = tmp_path / "card.yaml"
    path.write_text(DEEP[kind], encoding="utf-8")
    for sample in SAMPLES[-2:]:
        with soon(kind), pytest.raises((ConfigError, CorpusError), match=r"card\.yaml: ") as error:
            sample.read(path)
        if kind in ("brackets", "dashes", "indents", "digits", "date"):
            assert "line " in str(error.value)


def test_supervisions_of_wrong_types_are_problems(tmp_path: Path) -> None:
    sample = next(s for s in SAMPLES if s.name == "recordings")
    sample.write(tmp_path)
    rows = ["3", "[" * 100_000, '{"id": 1, "recording_id": [], "start": "x", "duration": 1}']
    rows += ['{"id": 1, "recording_id": "conf", "start": 0, "duration": 1e999, "speaker": []}']
    rows += ['{"id": 1, "recording_id": "conf", "start": 0, "duration": 1, "speaker": ["a"], "text": 3}']
    (tmp_path / "supervisions.jsonl").write_text("\n".join(rows), encoding="utf-8")
    (tmp_path / "card.json").write_text("[]", encoding="utf-8")
    problems = validation.validate(tmp_path)
    assert [p.partition(":")[0] for p in problems if p.startswith(("supervisions", "card"))] == [
        *(f"supervisions.jsonl, line {n}" for n in range(1, 5)),
        "card.json",
    ]
