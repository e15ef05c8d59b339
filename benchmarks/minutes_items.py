"""Minutes of the development meetings, from what was said and from recognised transcripts, beside their references.

    python benchmarks/minutes_items.py                     from the reference transcripts
    python benchmarks/minutes_items.py --recognised DIR    and from what `dialogue meeting --out DIR` wrote

An item is right if it was said where the reference has one of its kind (dialogue/scoring/places.py). Nothing is trained
on these meetings. Writes benchmarks/RESULTS.md.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import tables
from unseen import DEVELOPMENT

from dialogue import formats
from dialogue.core.transcript import Transcript
from dialogue.minutes import write_minutes
from dialogue.scoring.placed_scores import found_items
from dialogue.scoring.places import cited, match_places, spans

KINDS = ("decisions", "actions", "open questions", "next meeting")

# The utterances of the reference, from 0, on which each item of its minutes stands, in the order of KINDS
EVIDENCE: Mapping[str, tuple[Sequence[Sequence[int]], ...]] = {
    "reunion_association": (
        [[6, 7, 9], [9, 10, 11]],
        [[11, 12, 13, 14], [18, 19, 20], [27], [28]],
        [[21, 22, 23, 24], [29, 30]],
        [[31]],
    ),
    "reunion_chantier": (
        [[1, 2, 3], [22, 23, 24, 25]],
        [[4, 9, 10], [12], [20, 21], [28, 31]],
        [[13, 14]],
        [[31]],
    ),
    "reunion_classe": ([[10, 11, 12, 13, 14, 15]], [[16, 17, 18], [26]], [[7, 8, 9], [22, 24, 25], [28, 31]], [[31]]),
    "reunion_copropriete": (
        [[4, 7, 11], [17, 18], [20, 21, 24, 25, 26]],
        [[13], [16, 17], [29, 30]],
        [[31, 32]],
        [[33]],
    ),
    "reunion_hopital": ([], [], [[15, 16, 17], [19, 20], [25, 26]], []),
    "reunion_informatique": ([[11, 12, 13, 14]], [[15, 16], [17, 18], [19, 20], [21, 22, 23]], [[4, 5], [24, 25]], []),
    "reunion_corpus": ([[9, 11], [10, 11], [25, 26, 27]], [[12], [17, 18], [22, 24]], [[19, 20]], [[28]]),
}


def row(name: str, read: Mapping[str, Transcript]) -> list[str]:
    """Return a row for each meeting, and one for all."""
    lines, total = [], np.zeros((len(KINDS), 3), int)
    for meeting, transcript in read.items():
        folder = DEVELOPMENT / "meetings" / meeting
        known: dict[str, Any] = json.loads((folder / "minutes.json").read_text(encoding="utf-8"))
        [said] = formats.read(folder / f"{meeting}.stm")
        wanted = [[spans(item, said) for item in each] for each in EVIDENCE[meeting]]
        written = write_minutes(transcript, date=known["date"], participants=known.get("participants", ()))
        found = [[cited(item.evidence) for item in each] for each in found_items(written).values()]
        counts = np.array(
            [[len(match_places(w, f)), len(f), len(w)] for w, f in zip(wanted, found, strict=True)], dtype=int
        )
        total += counts
        lines.append(f"| {meeting}, {name} | {' | '.join('{} of {}, {}'.format(*c) for c in counts)} | |")
    cells = [f"{c[0] / max(1, c[1]):.2f} / {c[0] / max(1, c[2]):.2f}" for c in total]
    whole = total.sum(axis=0)
    share = f"{whole[0] / max(1, whole[1]):.2f} / {whole[0] / max(1, whole[2]):.2f}"
    return [*lines, f"| **all, {name}** | {' | '.join(cells)} | {share} |"]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--recognised", type=Path, metavar="DIR", help="what `dialogue meeting --out DIR` wrote")
    options = parser.parse_args()
    heads = ["right of found, in the reference (all: precision / recall)", *KINDS, "all kinds"]
    lines = [f"| {' | '.join(heads)} |", "| --- |" + " ---: |" * (len(heads) - 1)]
    folder = DEVELOPMENT / "meetings"
    lines += row("text", {name: formats.read(folder / name / f"{name}.stm")[0] for name in EVIDENCE})
    if options.recognised:
        heard = {name: formats.read(options.recognised / name / f"{name}.json")[0] for name in EVIDENCE}
        lines += row("recognised", heard)
    print("\n".join(lines))
    tables.write("Items of minutes on meetings that nothing was trained on", "\n".join(lines))


if __name__ == "__main__":
    main()
