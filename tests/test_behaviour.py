"""The outputs for the sample corpus stay as they are; ``benchmarks/behaviour.py`` compares everything else.

A change that is meant to alter one of them replaces its file in ``tests/golden`` in the same commit.
"""

from pathlib import Path

import pytest

from dialogue import formats, write_minutes
from dialogue.minutes.documents import to_markdown

ROOT = Path(__file__).parents[1]
REFERENCES = sorted((ROOT / "corpora/reunion/data").glob("*/*.stm"))


def golden(name: str) -> str:
    return (ROOT / "tests/golden" / name).read_text(encoding="utf-8")


@pytest.mark.parametrize("path", REFERENCES, ids=lambda p: p.stem)
def test_the_minutes_of_the_reference_are_the_same(path: Path) -> None:
    [transcript] = formats.read(path)
    assert to_markdown(write_minutes(transcript, date="2023-10-12")) == golden(f"{path.stem}.md")


@pytest.mark.parametrize("path", REFERENCES, ids=lambda p: p.stem)
def test_the_subtitles_of_the_reference_are_the_same(path: Path) -> None:
    assert formats.dumps(formats.read(path), "srt") == golden(f"{path.stem}.srt")
