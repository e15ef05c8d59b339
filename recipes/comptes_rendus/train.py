"""Train the model that finds decisions, actions, open questions and next meetings, and measure it.

    python recipes/comptes_rendus/train.py            train on hands h1 to h6, write the model and RESULTS.md
    python recipes/comptes_rendus/train.py --curve    also with two and four hands, for the learning curve
    python recipes/comptes_rendus/train.py --folds    no model: what each threshold gives on training hands left out
    python recipes/comptes_rendus/train.py --rules    no model: what the rules alone find

Hands h7 and h8 wrote the test; nothing is fitted or chosen on them.
"""

from __future__ import annotations

import argparse
import importlib.util
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from dialogue.core.files import save_text
from dialogue.core.transcript import Speaker, Transcript, Utterance
from dialogue.french.sentences import sentences
from dialogue.minutes import write_minutes
from dialogue.minutes.acts import training
from dialogue.minutes.acts.finder import HEAD, KINDS, Finder, Finding
from dialogue.minutes.acts.training import Conversation
from dialogue.minutes.document import Evidence
from dialogue.minutes.rules import actions, decisions, questions
from dialogue.minutes.rules.people import Names

HERE = Path(__file__).resolve().parent
CORPUS = HERE.parent.parent / "corpora" / "comptes-rendus"
TEST = ("h7", "h8")
TRAIN = tuple(f"h{n}" for n in range(1, 13) if f"h{n}" not in TEST)
LETTERS = {"D": "decision", "A": "action", "Q": "question", "N": "meeting"}
TITLES = {"decision": "decisions", "action": "actions", "question": "open questions", "meeting": "next meetings"}


def excerpts(hand: str) -> Iterator[Any]:
    """Yield the excerpts of one hand."""
    spec = importlib.util.spec_from_file_location("comptes_rendus", CORPUS / "prepare.py")
    assert spec is not None
    assert spec.loader is not None
    corpus = sys.modules.setdefault(spec.name, importlib.util.module_from_spec(spec))
    spec.loader.exec_module(corpus)
    yield from corpus.read(CORPUS / "text" / f"{hand}.txt")


def conversation(excerpt: Any) -> Conversation:
    """Return an excerpt as the training reads it."""
    items: dict[str, set[int]] = {}
    for n, said in enumerate(excerpt.said):
        for item in said.items:
            items.setdefault(item, set()).add(n)
    return Conversation(
        excerpt.id,
        excerpt.hand,
        [u.text for u in excerpt.said],
        [u.speaker for u in excerpt.said],
        excerpt.speakers,
        [u.act for u in excerpt.said],
        [(LETTERS[name[0]], frozenset(where)) for name, where in items.items() if name[0] in LETTERS],
    )


def transcript(excerpt: Any) -> Transcript:
    """Return an excerpt as a transcript, three words a second."""
    ids = {name: f"spk{n}" for n, name in enumerate(excerpt.speakers, start=1)}
    said, time = [], 0.0
    for n, u in enumerate(excerpt.said, start=1):
        end = time + max(0.6, len(u.text.split()) / 3)
        said.append(Utterance(f"u{n}", ids[u.speaker], time, end, u.text))
        time = end + 0.3
    speakers = tuple(Speaker(id, name) for name, id in ids.items())
    return Transcript(excerpt.id, time, "fr", speakers, tuple(said))


def in_minutes(excerpt: Any) -> list[Finding]:
    """Return what the minutes of an excerpt hold: the model's findings and those of the rules."""
    written = write_minutes(transcript(excerpt), date=str(excerpt.date))
    lists = {
        "decision": [d.evidence for d in written.decisions if d.status == "decided"],
        "action": [a.evidence for a in written.actions],
        "question": [q.evidence for q in written.open_questions],
        "meeting": [written.next_meeting.evidence] if written.next_meeting else [],
    }
    return findings(lists)


def by_rules(excerpt: Any) -> list[Finding]:
    """Return what the rules find in an excerpt without the model."""
    said = transcript(excerpt)
    spoken = sentences(said)
    following = questions.next_meeting(spoken, excerpt.date)
    lists = {
        "decision": [d.evidence for d in decisions.decisions(spoken) if d.status == "decided"],
        "action": [a.evidence for a in actions.actions(spoken, Names(said, spoken, (), "fr"), excerpt.date)],
        "question": [q.evidence for q in questions.open_questions(spoken)],
        "meeting": [following.evidence] if following else [],
    }
    return findings(lists)


def findings(lists: Mapping[str, Sequence[Sequence[Evidence]]]) -> list[Finding]:
    """Return items by the utterances that they cite."""
    return [
        Finding(kind, tuple(int(id[1:]) - 1 for proof in each for id in proof.utterance_ids), 1.0)  # type: ignore[arg-type]
        for kind, evidence in lists.items()
        for each in evidence
    ]


def row(
    name: str, conversations: Sequence[Conversation], found: Sequence[Sequence[Finding]], threshold: float = 0.5
) -> str:
    """Return a row of the table: precision, recall, and their counts."""
    cells = []
    for right, number, wanted in training.score(conversations, found, threshold).values():
        cells.append(f"{right / max(1, number):.2f} / {right / max(1, wanted):.2f} ({right} of {number}, {wanted})")
    return f"| {name} | {' | '.join(cells)} |"


def table(finder: Finder, hands: Sequence[str]) -> list[str]:
    """Return rows for each hand."""
    lines = []
    for hand in hands:
        read = [conversation(e) for e in excerpts(hand)]
        lines.append(row(f"{hand}, model", read, [finder.find(c.texts, c.speakers, c.names) for c in read]))
    return lines


def rules_alone() -> list[str]:
    """Return a row for each hand."""
    return [
        row(f"{hand}, rules alone", [conversation(e) for e in excerpts(hand)], [by_rules(e) for e in excerpts(hand)])
        for hand in (*TRAIN, *TEST)
    ]


def folds(read: Mapping[str, Sequence[Conversation]]) -> list[str]:
    """Return a row for each threshold, on pairs of training hands by a model of the others."""
    left: list[Conversation] = []
    found: list[list[Finding]] = []
    for first in range(0, len(TRAIN), 2):
        out = TRAIN[first : first + 2]
        finder = training.train([c for hand in TRAIN if hand not in out for c in read[hand]])
        left += [c for hand in out for c in read[hand]]
        found += [finder.find(c.texts, c.speakers, c.names) for hand in out for c in read[hand]]
    return [row(f"from {threshold}", left, found, threshold) for threshold in (0.3, 0.4, 0.5, 0.6, 0.7)]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--curve", action="store_true", help="also train with two and four hands")
    parser.add_argument("--folds", action="store_true", help="only measure thresholds on training hands left out")
    parser.add_argument("--rules", action="store_true", help="only measure the rules alone")
    options = parser.parse_args()
    read = {hand: [conversation(e) for e in excerpts(hand)] for hand in TRAIN}
    head = f"| | {' | '.join(f'{TITLES[kind]}: precision / recall' for kind in KINDS)} |"
    lines = [head, "| --- |" + " --- |" * len(KINDS)]
    if options.rules or options.folds:
        print("\n".join([*lines, *(rules_alone() if options.rules else folds(read))]))
        return
    if options.curve:
        for number in (2, 4):
            some = training.train([c for hand in TRAIN[:number] for c in read[hand]])
            lines += [line.replace(", model", f", {number} hands read") for line in table(some, TEST)]
    finder = training.train([c for each in read.values() for c in each])
    training.save(finder, HEAD)
    finder = Finder.load()
    lines += [line.replace(", model", ", 6 hands read") for line in table(finder, TEST)]
    for hand in TEST:
        whole = list(excerpts(hand))
        read[hand] = [conversation(e) for e in whole]
        lines.append(row(f"{hand}, rules alone", read[hand], [by_rules(e) for e in whole]))
        lines.append(row(f"{hand}, minutes", read[hand], [in_minutes(e) for e in whole]))
    print("\n".join(lines))
    save_text(HERE / "RESULTS.md", RESULTS.format(table="\n".join(lines)))


RESULTS = """# Finding decisions, actions, open questions and next meetings

    python recipes/comptes_rendus/train.py --curve

The text is invented and written by machines: these figures are not figures on people. Six hands were read in training;
hands h7 and h8, with other instructions, wrote the test. An item found is right if it shares an utterance with one of
the reference, one to one. `minutes` is what `write_minutes` shows: the model's findings and those of the rules.

{table}

Reading: more text helps, most for open questions, of which there are few. `minutes` cite at most five utterances of an
item, so that some no longer share one with the reference. Decisions are shown from a probability of 0.6, other items
from 0.5, by `--folds`, where a pair of training hands is left out at a time.
"""


if __name__ == "__main__":
    main()
