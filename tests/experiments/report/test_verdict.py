"""Two experiments: which is better, or why they are not comparable."""

import html
import json
from pathlib import Path

import pytest

from dialogue.cli import main
from dialogue.experiments.report import verdict, write_report
from dialogue.experiments.report.captions import Language
from dialogue.experiments.report.experiment import ReportError, read
from tests.experiments.report.conftest import HEARD, SAID, Make

SAY = Language("en")


def compared(first: Path, second: Path) -> verdict.Comparison:
    data = first.parents[1] / "data"
    return verdict.compare(read(first, data), read(second, data))


def six(heard: tuple) -> dict:
    return {f"r{n}": (SAID, heard) for n in range(6)}


def test_fewer_errors_are_better_by_so_much(make: Make) -> None:
    found = compared(make("old", six(HEARD)), make("new", six(SAID)))
    assert verdict.sentences(found, SAY)[2] == "WER: new is better by 15.0 points (95% interval: 15.0 to 15.0)."
    assert not found.in_blocks
    assert "Paired bootstrap over 6 recordings" in verdict.text(found, SAY)


def test_more_errors_are_worse(make: Make) -> None:
    found = compared(make("old", six(SAID)), make("new", six(HEARD)))
    assert verdict.sentences(found, SAY)[2] == "WER: new is worse by 15.0 points (95% interval: 15.0 to 15.0)."


def test_the_same_transcripts_have_the_same_score(make: Make) -> None:
    found = compared(make("old", six(HEARD)), make("new", six(HEARD)))
    assert verdict.sentences(found, SAY)[2] == "WER: old and new have the same score."


def test_gains_and_losses_are_indistinguishable(make: Make) -> None:
    mixed = {f"r{n}": (SAID, HEARD if n % 2 else SAID) for n in range(6)}
    other = {f"r{n}": (SAID, SAID if n % 2 else HEARD) for n in range(6)}
    assert (
        "WER: old and new cannot be told apart"
        in verdict.sentences(compared(make("old", mixed), make("new", other)), SAY)[2]
    )


def test_few_recordings_are_drawn_in_blocks_and_that_is_reported(make: Make) -> None:
    long_said = tuple((name, start + 40 * n, end + 40 * n, text) for n in range(5) for name, start, end, text in SAID)
    long_heard = tuple((name, start + 40 * n, end + 40 * n, text) for n in range(5) for name, start, end, text in HEARD)
    found = compared(make("old", {"r1": (long_said, long_heard)}), make("new", {"r1": (long_said, long_said)}))
    assert found.in_blocks
    text = verdict.text(found, SAY)
    assert "WER: new is better by 15.0 points" in text
    assert "Fewer than 5 recordings: paired bootstrap over 5 blocks of 30 s" in text


def test_one_block_is_too_little(make: Make) -> None:
    found = compared(make("old"), make("new", {"r1": (SAID, SAID)}))
    assert "too little data for an interval" in verdict.sentences(found, SAY)[0]


def test_another_normalisation_is_refused(make: Make) -> None:
    with pytest.raises(ReportError, match=r"old was scored with .* fr-std/2, .*new with fr-strict/2"):
        compared(make("old"), make("new", level="fr-strict"))


def test_other_recordings_are_refused_and_named(make: Make, tmp_path: Path) -> None:
    old = make("old", {"r1": (SAID, HEARD), "r3": (SAID, HEARD)})
    new = make("new", {"r1": (SAID, HEARD), "r2": (SAID, HEARD), "r3": (SAID, HEARD)})
    with pytest.raises(ReportError, match=r"only .*new has r2\. Accepted: .* the same recordings"):
        compared(old, new)


def test_other_references_are_refused(make: Make) -> None:
    old, new = make("old"), make("new")
    scores = json.loads((old / "scores.json").read_text())
    scores["recordings"]["r1"]["wer"]["length"] = 25
    (old / "scores.json").write_text(json.dumps(scores))
    with pytest.raises(ReportError, match=r"r1 has 25 words in .*old and 20 in .*new"):
        compared(old, new)


def test_two_experiments_with_one_name_are_distinguished_by_their_folders(make: Make, tmp_path: Path) -> None:
    old = make("old")
    new = make("old/old")
    assert compared_names(old, new, tmp_path / "data") == {"a": str(old), "b": str(new)}


def compared_names(first: Path, second: Path, data: Path) -> dict[str, str]:
    return dict(verdict.compare(read(first, data), read(second, data)).names)


def test_the_command_prints_the_comparison_and_writes_both_pages(make: Make, tmp_path: Path, capsys) -> None:
    old, new = make("old", six(HEARD)), make("new", six(SAID))
    assert main(["report", str(old), str(new), "--data", str(tmp_path / "data")]) == 0
    out = capsys.readouterr().out
    assert "WER\u00a0: new fait mieux de 15,0 points" in out
    assert out.splitlines()[-2:] == [str(new / "report/index.html"), str(new / "report/compare-old.html")]
    page = html.unescape((new / "report/compare-old.html").read_text(encoding="utf-8"))
    assert "WER\u00a0: new fait mieux de 15,0 points" in page
    assert page.count("<svg") == 2
    assert not (old / "report").exists()


def test_three_experiments_are_refused(make: Make, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="one, or two to compare"):
        write_report([make()] * 3, tmp_path / "data")
