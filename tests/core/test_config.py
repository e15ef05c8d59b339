"""Dataclasses <-> YAML <-> overrides, and the messages for wrong ones."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

import pytest
import yaml
from hypothesis import example, given, settings
from hypothesis import strategies as st

from dialogue.core import config
from dialogue.core.config import ConfigError
from dialogue.workflow.config import Config


@dataclass(frozen=True)
class Inner:
    size: int = 5
    language: str = "fr"
    engine: Literal["fast", "exact"] = "fast"
    ratio: float = 2.4
    words: tuple[str, ...] = ()
    model: str | None = None
    verbose: bool = False
    folder: Path = Path("out")

    def __post_init__(self) -> None:
        if self.size < 1:
            raise ValueError(f"size: found {self.size}. Accepted: 1 or more.")


@dataclass(frozen=True)
class Outer:
    asr: Inner = Inner()
    level: str = "std"
    gates: dict[str, float] = field(default_factory=dict)


words = st.text("aé\"'{}[]:#-, 01no~|>", max_size=8)  # characters that YAML might misread
plain_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text("01eE+-.: \n\x85", max_size=6),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3),
    max_leaves=8,
)


@given(value=plain_values, in_line=st.booleans())
@example(value="0E0", in_line=False)
def test_what_is_written_as_yaml_is_read_back_the_same(value: object, in_line: bool) -> None:
    assert config.parse_yaml(config.to_yaml(value, in_line)) == value


inners = st.builds(
    Inner,
    size=st.integers(1, 10**6),
    language=words,
    engine=st.sampled_from(["fast", "exact"]),
    ratio=st.floats(allow_nan=False, allow_infinity=False),
    words=st.lists(words).map(tuple),
    model=st.none() | words,
    verbose=st.booleans(),
    folder=st.text("ab/", min_size=1).map(Path),
)
outers = st.builds(Outer, inners, words, st.dictionaries(words, st.floats(0, 1)))


@settings(deadline=None)  # the first example builds the checker
@given(outers)
def test_yaml_gives_back_what_it_was_given(value: Outer) -> None:
    again = yaml.safe_load(yaml.safe_dump(config.to_dict(value), allow_unicode=True))
    assert config.build(Outer, again) == value


def test_the_product_s_defaults_survive_the_trip() -> None:
    assert config.build(Config, yaml.safe_load(yaml.safe_dump(config.to_dict(Config())))) == Config()


def load(tmp_path: Path, text: str, *overrides: str) -> Outer:
    path = tmp_path / "c.yaml"
    path.write_text(text, encoding="utf-8")
    return config.load(Outer, path, overrides)


def test_what_is_not_said_takes_its_default(tmp_path: Path) -> None:
    assert load(tmp_path, "asr: {size: 3}") == Outer(Inner(size=3))
    assert load(tmp_path, "") == load(tmp_path, "asr:") == config.load(Outer) == Outer()


def test_overrides_win_over_the_file(tmp_path: Path) -> None:
    overrides = ("asr.size=7", "asr.words=[à, b]", "level=", "gates.der=1", "asr.model=null")
    found = load(tmp_path, "asr: {size: 3, ratio: 2, model: m}", *overrides)
    assert found == Outer(Inner(size=7, ratio=2.0, words=("à", "b")), "", {"der": 1.0})


def test_an_override_fills_an_empty_section(tmp_path: Path) -> None:
    assert load(tmp_path, "asr:\n", "asr.size=7").asr.size == 7


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("asr: {sise: 3}", "unknown key asr.sise. Did you mean size? Accepted: size, language"),
        ("asrr: {}", "unknown key asrr. Did you mean asr?"),
        ("zzzzz: 1", "unknown key zzzzz. Accepted: asr, level, gates."),
        ("1: 1", "unknown key 1."),
        ("asr: {size: true}", "asr.size: found True (bool). Accepted: int."),
        ("asr: {verbose: 1}", "asr.verbose: found 1 (int). Accepted: bool."),
        ("asr: {ratio: false}", "asr.ratio: found False (bool). Accepted: float."),
        ("asr: {size: 3.5}", "asr.size: found 3.5 (float)"),
        ("asr: {size: null}", "asr.size: found None"),
        (
            "asr: {language: no}",
            "asr.language: found False (bool). Accepted: str. YAML reads a bare yes or no",
        ),
        ("asr: {engine: fats}", "asr.engine: found 'fats'. Did you mean fast? Accepted: fast, exact."),
        ("asr: {words: bonjour}", "asr.words: found 'bonjour'. Accepted: a list."),
        ("asr: {words: {a: 1}}", "asr.words: found {'a': 1}. Accepted: a list."),
        ("asr: {words: [1]}", "asr.words[0]: found 1 (int). Accepted: str."),
        ("asr: {model: 3}", "asr.model: found 3 (int). Accepted: str."),
        ("asr: {size: 0}", "asr: size: found 0. Accepted: 1 or more."),
        ("asr: 0", "asr: found 0. Accepted: keys and values."),
        ("gates: [der]", "gates: found ['der']. Accepted: keys and values."),
        ("gates: {der: low}", "gates.der: found 'low' (str). Accepted: float."),
        ("- asr", "found list. Accepted: keys and values."),
        ("asr", "found str. Accepted: keys and values."),
        ("asr: {size: [", "not YAML"),
        ("asr:\n\t- 1", "not YAML"),
    ],
)
def test_a_wrong_file_is_explained(tmp_path: Path, text: str, found: str) -> None:
    with pytest.raises(ConfigError) as error:
        load(tmp_path, text)
    assert found in str(error.value)
    assert "c.yaml: " in str(error.value)


@pytest.mark.parametrize(
    ("override", "found"),
    [
        ("asr.size", "found 'asr.size'. Accepted: section.key=value"),
        ("=3", "found '=3'"),
        ("asr.size=big", "asr.size: found 'big' (str)"),
        ("level.deep=3", "level.deep: level is not a section"),
        ("asr.model=[a", "asr.model: '[a' is not YAML"),
        ("assr.size=3", "unknown key assr. Did you mean asr?"),
    ],
)
def test_a_wrong_override_is_explained(tmp_path: Path, override: str, found: str) -> None:
    with pytest.raises(ConfigError) as error:
        load(tmp_path, "level: std", override)
    assert found in str(error.value)


def test_a_file_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    (tmp_path / "latin.yaml").write_bytes("level: été".encode("latin-1"))
    for path, found in (("none.yaml", "No such file"), ("", "Is a directory"), ("latin.yaml", "not YAML")):
        with pytest.raises(ConfigError, match=found):
            config.load(Outer, tmp_path / path)
