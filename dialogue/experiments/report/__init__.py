"""The report of an experiment: a page of plots and alignments, and a comparison with another experiment."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Literal

from dialogue.experiments import results


def write_report(
    experiments: Sequence[Path],
    data: Path,
    results_file: Path | None = None,
    language: Literal["fr", "en"] = "fr",
    *,
    publish: bool = False,
) -> str:
    """Write ``report/index.html`` and ``RESULTS.md`` of an experiment, and a page for each recording.

    Args:
        experiments: the folder to report; or two, the second of which is reported and compared with the first.
        data: output of ``prepare`` against which they were scored.
        results_file: published ``RESULTS.md`` to compare with.
        language: language of the pages, ``fr`` or ``en``.
        publish: replace the experiment's section in ``results_file``.

    Returns:
        The files written, one per line; with two experiments, preceded by their comparison.

    Raises:
        FileNotFoundError: there are no scores yet.
        ReportError: scores do not match the transcripts, or experiments cannot be compared.
    """
    from dialogue.experiments.report import index, verdict
    from dialogue.experiments.report.captions import Language
    from dialogue.experiments.report.experiment import read

    if not 1 <= len(experiments) <= 2:
        raise ValueError(f"{len(experiments)} experiments. Accepted: one, or two to compare.")
    say = Language(language)
    read_all = [read(exp, data) for exp in experiments]
    compared = verdict.compare(*read_all) if len(read_all) == 2 else None
    written = [results.write_report(experiments[-1], data, results_file, language, publish=publish)]
    path = experiments[-1] / "report/index.html"
    index.write(read_all[-1], path, say)
    written.append(str(path))
    if compared:
        path = experiments[-1] / f"report/compare-{experiments[0].name}.html"
        verdict.write(compared, path, say)
        written = [verdict.text(compared, say), *written, str(path)]
    return "\n".join(line for line in written if line)
