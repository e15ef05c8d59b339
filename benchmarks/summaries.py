"""The extractive summary compared with the first words of the debate, on the official test debates of FREDSum.

    python benchmarks/summaries.py

Both have the same number of words, with the name of each speaker before what they say. ROUGE is against the three
summaries that people wrote of each debate; "names" is the share of the names in these that a text holds. Differences
are paired, with 95 % intervals over debates. Writes benchmarks/RESULTS.md.
"""

from __future__ import annotations

from collections.abc import Sequence

import tables
from unseen import DEVELOPMENT

from dialogue.core.files import read_json_lines
from dialogue.core.tables import markdown
from dialogue.formats.script import untimed
from dialogue.french.source import Source, names
from dialogue.minutes import write_minutes
from dialogue.scoring.difference import difference
from dialogue.scoring.rate import Rate
from dialogue.scoring.rouge import METRICS, lead, rouge


def scores(text: str, people: Sequence[str]) -> dict[str, Rate]:
    """Return the rates of errors of a text: ROUGE against people's, and the names in these that it lacks."""
    named, holds = [name for summary in people for name in names(summary)], Source(text)
    lacking = Rate(sum(not holds.names(name) for name in named), len(named))
    return {**{name: Rate(1 - value, 1) for name, value in rouge(text, people).items()}, "names": lacking}


def main() -> None:
    ours: list[dict[str, Rate]] = []
    first: list[dict[str, Rate]] = []
    debates = read_json_lines(DEVELOPMENT / "dialogues/debats_fredsum.jsonl")
    for debate in [d for d in debates if d["official_test"]]:
        turns = [(t["speaker"], t["text"]) for t in debate["turns"]]
        people = [text for text in debate["summary_abstractive"].values() if text.strip()]
        text = write_minutes(untimed(debate["id"], turns, verbatim=False)).summary.text
        ours.append(scores(text, people))
        named = " ".join(f"{name} : {said}" for name, said in turns)
        first.append(scores(lead(named, len(text.split())), people))
    rows = []
    for metric in (*METRICS, "names"):
        found = difference([each[metric] for each in first], [each[metric] for each in ours])
        assert found.first.value is not None
        assert found.second.value is not None
        assert found.interval is not None
        shares = [100 * (1 - found.second.value), 100 * (1 - found.first.value)]
        low, high = sorted(-100 * bound for bound in found.interval)
        gain = f"{shares[0] - shares[1]:+.1f} ({low:+.1f} to {high:+.1f})"
        rows.append([METRICS.get(metric, metric), *(f"{share:.1f}" for share in shares), gain])
    table = markdown([f"{len(ours)} debates, %", "extractive", "first words", "difference"], rows)
    print(table)
    tables.write("Extractive summary and first words", table)


if __name__ == "__main__":
    main()
