"""What is found of what identifies people, on invented sentences that were not read while rules were written.

    python benchmarks/privacy.py

The held-out parts of corpora/pseudonymes, one by the hand that wrote the rules and one by another, as written and in
lower case without punctuation; with no names known, with those of the record and of who takes part, and with all names
of the recording (an upper bound, as they come from the gold); with spaCy and without. A mention is found if 80 % of
its characters are masked. Then the speed, on 30,000 words of the development dialogues in $DIALOGUE_DEV_DATA if there
are any. Writes benchmarks/RESULTS.md.
"""

from __future__ import annotations

import importlib.util
import itertools
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from types import ModuleType
from typing import Any

import tables
from unseen import DEVELOPMENT

from dialogue.core.files import read_json_lines
from dialogue.core.tables import markdown
from dialogue.privacy import taggers
from dialogue.privacy.config import PrivacyConfig
from dialogue.privacy.detection import detect_all
from dialogue.privacy.mention_scores import MentionScore, score
from dialogue.privacy.mentions import Note

CORPUS = Path(__file__).resolve().parents[1] / "corpora/pseudonymes"
KNOWN = ("none", "record", "all names")
PARTS = {"heldout": "same hand", "other_hand": "another hand"}
NUMBERS = ("TEL", "SECU", "DATE", "DATE_NAISSANCE")
WORDS = 30_000


def corpus() -> ModuleType:
    spec = importlib.util.spec_from_file_location("pseudonymes", CORPUS / "prepare.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


def names(gold: Note) -> list[str]:
    """Return the names of people in a recording, without those that are spelled."""
    said = [gold.text[m.start : m.end] for m in gold.mentions if m.label in ("PRENOM", "NOM")]
    return [name for name in said if not any(len(word) == 1 for word in name.split())]


def percent(value: float | None, interval: tuple[float, float] | None = None) -> str:
    between = f" ({100 * interval[0]:.1f} to {100 * interval[1]:.1f})" if interval else ""
    return "" if value is None else f"{100 * value:.1f}{between}"


def main() -> None:
    prepare = corpus()
    rows: list[list[Any]] = []
    by_label: dict[str, list[Any]] = {}
    for part, form in itertools.product(PARTS, ("cased", "lower")):
        sets = prepare.read(CORPUS / f"text/{part}.txt")
        gold = [prepare.lowered(each.note) if form == "lower" else each.note for each in sets]
        for backend, known in itertools.product(("spacy", "rules"), KNOWN):
            given = {
                "none": [[] for _ in sets],
                "record": [list(each.known) for each in sets],
                "all names": [names(note) for note in gold],
            }[known]
            if known == "record" and not any(given):
                continue
            config = PrivacyConfig(backend=backend)  # type: ignore[arg-type]
            found = score(gold, detect_all([Note(n.id, n.text) for n in gold], config, given))
            rows.append(
                [
                    f"{PARTS[part]}, {form}",
                    "rules, lists, spaCy" if backend == "spacy" else "rules, lists",
                    known,
                    percent(found.recall, found.recall_interval),
                    percent(found.characters),
                    percent(found.precision, found.precision_interval),
                    percent(_of(found, NUMBERS)),
                ]
            )
            if known == "record":
                for label, (share, count) in found.labels.items():
                    by_label.setdefault(label, [label, str(count)]).append(percent(share))
    head = ["held-out", "by", "known names", "recall, %", "characters", "precision, %", "numbers and dates"]
    table = markdown(head, rows)
    head = ["recall with the record, %", "mentions", "cased, spaCy", "cased, rules", "lower, spaCy", "lower, rules"]
    table += "\n" + markdown(head, list(by_label.values()))
    if speed := _speed():
        table += "\n" + markdown(["words", "by", "load, CPU s", "detection, CPU s"], speed)
    print(table)
    tables.write("What identifies people", table)


def _of(found: MentionScore, labels: Sequence[str]) -> float | None:
    """Return the recall of some labels."""
    pairs = [found.labels[label] for label in labels if label in found.labels]
    total = sum(count for _, count in pairs)
    return sum(share * count for share, count in pairs) / total if total else None


def _speed() -> list[list[Any]]:
    notes: list[Note] = []
    files = sorted((DEVELOPMENT / "dialogues").glob("*.jsonl")) if DEVELOPMENT else []
    for path in files:
        for dialogue in read_json_lines(path):
            if sum(len(n.text.split()) for n in notes) < WORDS:
                text = "\n".join(str(turn.get("text") or "").replace("\n", " ") for turn in dialogue["turns"])
                notes.append(Note(f"{path.stem}-{len(notes)}", text))
    rows = []
    for backend in ("rules", "spacy") if notes else ():
        config = PrivacyConfig(backend=backend)  # type: ignore[arg-type]
        taggers.spacy_model.cache_clear()
        taggers._ranks.cache_clear()
        start = time.process_time()
        detect_all([Note("a", "")], config)
        loaded = time.process_time()
        detect_all(notes, config)
        words = sum(len(n.text.split()) for n in notes)
        seconds = time.process_time() - loaded
        by = "rules, lists, spaCy" if backend == "spacy" else "rules, lists"
        rows.append([str(words), by, f"{loaded - start:.1f}", f"{seconds:.1f}"])
    return rows


if __name__ == "__main__":
    main()
