"""Train the model that finds decisions, actions, open questions and next meetings, and measure it.

    python recipes/comptes_rendus/train.py            train on eleven hands, write the model and RESULTS.md
    python recipes/comptes_rendus/train.py --curve    no model: errors on the test by excerpts read, in curve.csv
    python recipes/comptes_rendus/train.py --folds    no model: what each threshold gives on training hands left out
    python recipes/comptes_rendus/train.py --rules    no model: what the rules alone find

Read in training: the excerpts as written, a noised twin of each, and those that a recogniser heard. Hands h7 and h8
wrote the test; nothing is fitted or chosen on them.
"""

from __future__ import annotations

import argparse
import random
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path

from dialogue.core.files import save_text
from dialogue.core.transcript import Speaker, Transcript, Utterance
from dialogue.french.sentences import sentences
from dialogue.minutes import write_minutes
from dialogue.minutes.acts import training
from dialogue.minutes.acts.finder import HEAD, KINDS, Finder, Finding
from dialogue.minutes.acts.items import SHOWN
from dialogue.minutes.acts.training import Conversation
from dialogue.minutes.document import Evidence
from dialogue.minutes.rules import actions, decisions, questions
from dialogue.minutes.rules.people import Names
from dialogue.scoring.places import match_places

HERE = Path(__file__).resolve().parent
CORPUS = HERE.parent.parent / "corpora" / "comptes-rendus"
sys.path.insert(0, str(CORPUS))
from heard import Errors, words  # noqa: E402
from prepare import Excerpt, read  # noqa: E402

TEST = ("h7", "h8")
TRAIN = tuple(f"h{n}" for n in range(1, 14) if f"h{n}" not in TEST)
LETTERS = {"D": "decision", "A": "action", "Q": "question", "N": "meeting"}
TITLES = {"decision": "decisions", "action": "actions", "question": "open questions", "meeting": "next meetings"}


def excerpts(hand: str, folder: str = "text") -> list[Excerpt]:
    """Return the excerpts of one hand, as written or as ``heard``; none if there are none."""
    path = CORPUS / folder / f"{hand}.txt"
    return list(read(path)) if path.exists() else []


def examples(hands: Sequence[str], noise: bool = True) -> list[Conversation]:
    """Return what is read in training: excerpts as written, as heard, and noised twins."""
    written = [e for hand in hands for e in excerpts(hand)]
    heard = [e for hand in hands for e in excerpts(hand, "heard")]
    if not noise:
        return [conversation(e) for e in written]
    known = {e.id: e for e in written}
    errors = Errors([(known[e.id], e) for e in heard], (w for e in written for u in e.said for w, _ in words(u.text)))
    return [conversation(e) for e in [*written, *heard, *map(errors.twin, written)]]


def conversation(excerpt: Excerpt) -> Conversation:
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


def transcript(excerpt: Excerpt) -> Transcript:
    """Return an excerpt as a transcript, three words a second."""
    ids = {name: f"spk{n}" for n, name in enumerate(excerpt.speakers, start=1)}
    said, time = [], 0.0
    for n, u in enumerate(excerpt.said, start=1):
        end = time + max(0.6, len(u.text.split()) / 3)
        said.append(Utterance(f"u{n}", ids[u.speaker], time, end, u.text))
        time = end + 0.3
    speakers = tuple(Speaker(id, name) for name, id in ids.items())
    return Transcript(excerpt.id, time, "fr", speakers, tuple(said))


def in_minutes(excerpt: Excerpt) -> list[Finding]:
    """Return what the minutes of an excerpt hold: the model's findings and those of the rules."""
    written = write_minutes(transcript(excerpt), date=str(excerpt.date))
    lists = {
        "decision": [d.evidence for d in written.decisions if d.status == "decided"],
        "action": [a.evidence for a in written.actions],
        "question": [q.evidence for q in written.open_questions],
        "meeting": [written.next_meeting.evidence] if written.next_meeting else [],
    }
    return findings(lists)


def by_rules(excerpt: Excerpt) -> list[Finding]:
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


def counts(
    kind: str, conversations: Sequence[Conversation], found: Sequence[Sequence[Finding]], at: Mapping[str, float]
) -> tuple[int, int, int]:
    """Return how many items of a kind are right, found, and in the reference."""
    right = number = wanted = 0
    for conversation, items in zip(conversations, found, strict=True):
        reference = [_spans(utterances) for each, utterances in conversation.items if each == kind]
        chosen = [_spans(i.utterances) for i in items if i.kind == kind and i.probability >= at[kind]]
        right += len(match_places(reference, chosen))
        number, wanted = number + len(chosen), wanted + len(reference)
    return right, number, wanted


def row(
    name: str, conversations: Sequence[Conversation], found: Sequence[Sequence[Finding]], at: Mapping[str, float]
) -> str:
    """Return a row of the table: precision, recall, and their counts, of items found from a probability ``at`` on."""
    cells = []
    for kind in KINDS:
        right, number, wanted = counts(kind, conversations, found, at)
        cells.append(f"{right / max(1, number):.2f} / {right / max(1, wanted):.2f} ({right} of {number}, {wanted})")
    return f"| {name} | {' | '.join(cells)} |"


def _spans(utterances: Iterable[int]) -> list[tuple[float, float]]:
    return [(float(n), n + 1.0) for n in utterances]


def table(finder: Finder, name: str) -> list[str]:
    """Return a row for each test hand as written, and one for both as heard."""

    def found(read: Sequence[Excerpt], title: str) -> str:
        conversations = [conversation(e) for e in read]
        return row(title, conversations, [finder.find(c.texts, c.speakers, c.names) for c in conversations], SHOWN)

    lines = [found(excerpts(hand), f"{hand}, {name}") for hand in TEST]
    return [*lines, found([e for hand in TEST for e in excerpts(hand, "heard")], f"12 excerpts as heard, {name}")]


def without_model(hand: str) -> str:
    """Return a row of what the rules find alone."""
    read = excerpts(hand)
    return row(f"{hand}, rules alone", [conversation(e) for e in read], [by_rules(e) for e in read], SHOWN)


def folds() -> list[str]:
    """Return a row for each threshold: training hands as written, each as read by a model of other hands."""
    reads = training.held_out(examples(TRAIN))
    judge = training.linked({}, reads)
    written = {c.id: c for hand in TRAIN for c in map(conversation, excerpts(hand))}
    kept = [(c, judge.judged(read)) for c, read in reads if c == written[c.id]]
    return [
        row(f"from {n / 100}", [c for c, _ in kept], [found for _, found in kept], dict.fromkeys(KINDS, n / 100))
        for n in range(20, 75, 5)
    ]


def curve() -> Iterator[str]:
    """Yield how many excerpts as written were read, and 1 - F on the test, for nested parts of every hand."""
    test = [conversation(e) for hand in TEST for e in excerpts(hand)]
    everything = examples(TRAIN)
    written = list(dict.fromkeys(c.id for c in everything))
    random.Random(0).shuffle(written)
    for part in (16, 8, 4, 2, 1):
        read = set(written[: len(written) // part])
        finder = training.train([c for c in everything if c.id in read])
        found = [finder.find(c.texts, c.speakers, c.names) for c in test]
        right, number, wanted = map(sum, zip(*(counts(kind, test, found, SHOWN) for kind in KINDS), strict=True))
        line = f"{len(read)},{1 - 2 * right / (number + wanted):.4f}"
        print(line, flush=True)
        yield line


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--curve", action="store_true", help="only measure models trained on fewer excerpts")
    parser.add_argument("--folds", action="store_true", help="only measure thresholds on training hands left out")
    parser.add_argument("--rules", action="store_true", help="only measure the rules alone")
    options = parser.parse_args()
    head = f"| | {' | '.join(f'{TITLES[kind]}: precision / recall' for kind in KINDS)} |"
    lines = [head, "| --- |" + " --- |" * len(KINDS)]
    if options.rules or options.folds:
        print("\n".join([*lines, *(map(without_model, (*TRAIN, *TEST)) if options.rules else folds())]))
        return
    if options.curve:
        save_text(HERE / "curve.csv", "\n".join(["x,y", *curve()]) + "\n")
        return
    training.save(training.train(examples(TRAIN)), HEAD)
    lines += table(Finder.load(), f"{len(TRAIN)} hands")
    for hand in TEST:
        written = excerpts(hand)
        minutes = [in_minutes(e) for e in written]
        lines += [without_model(hand), row(f"{hand}, minutes", [conversation(e) for e in written], minutes, SHOWN)]
    print("\n".join(lines))
    save_text(HERE / "RESULTS.md", RESULTS.format(table="\n".join(lines)))


RESULTS = """# Finding decisions, actions, open questions and next meetings

    python recipes/comptes_rendus/train.py

The text is invented and written by machines: these figures are not figures on people. Hands h7 and h8, with other
instructions than those read in training, wrote the test. An item found is right if it shares an utterance with one of
the reference, one to one. `minutes` is what `write_minutes` shows: the model's findings and those of the rules.

{table}

Reading: with six hands and no noise (commit 53fa9c7), the model had on h7 and h8 decisions 0.93 / 0.81 and 0.83 / 0.63,
actions 0.79 / 0.75 and 0.76 / 0.76, open questions 0.67 / 0.61 and 0.62 / 0.36: more text helped questions most.
`minutes` cite at most five utterances of an item, so that some no longer share one with the reference; the rules add
more wrong decisions than right ones here.
Decisions and next meetings are shown from a probability of 0.5, actions from 0.4, questions from 0.45; what is less
sure, from 0.25, is listed to be verified. By `--folds`, in which training hands are read by a model of others,
decisions have precision / recall 0.82 / 0.75 from there, actions 0.81 / 0.74, questions 0.75 / 0.51, next meetings
0.88 / 0.85; of what is listed to be verified, one in three or four is an item.

`run.sh` scores the minutes of both test hands, 110 excerpts and meetings: of the tasks found, 69 of 82 have the right
owner and 64 the right date; 16 of 105 things that were not decided are shown (6 of 11 refused tasks, no joke); 25 of 36
excerpts in which nothing is decided show nothing; one in three of the decisions that are stated without a proposal is
found, and all votes. Their confidence is right within 7 points on average (Brier 0.143).

Does more text help? With 37, 75, 151, 302 and 605 excerpts (`train.py --curve`, nested parts of all hands; 1 - F over
all kinds on h7 and h8) the error falls from 0.56 to 0.37, 0.33, 0.28 and 0.22 ([plot](curve.svg), `dialogue scaling fit
recipes/comptes_rendus/curve.csv --plot recipes/comptes_rendus/curve.svg`). Each doubling still takes a sixth to a fifth
off; five sizes over 1.2 decades are too few to say how far that goes on, and the fit refuses to.
Short passages of the same text, read alone beside their conversations, were tried so that short transcripts are read
better. They do not help on hands left out (`--folds`: actions 0.79 / 0.72 from 0.4, questions 0.71 / 0.52 from 0.45,
decisions 0.80 / 0.74 from 0.5), although they do on the test hands and the development meetings; they are not read.

What still fails: a plan that is only considered ("si on décidait de passer en douze heures") can be shown as decided,
and so can the sentences around it; tasks that are refused in a roundabout way; statements are sentences as they were
said, so that a misheard one is misheard in the minutes. The rules stay beside the model: without them four of 180
right items are lost on the test hands, with ten wrong ones, and three of 22 on the six development meetings as heard,
but also everyday sentences in short transcripts ("c'est décidé, on garde la salle"), which the model has only read
inside conversations. A language model as a judge does not help: on 60 candidates for decisions with a probability of
0.12 to 0.75, read by models of other hands, the likelihood of "oui" against "non" by Qwen2.5-Coder-1.5B orders right
and wrong ones with an AUC of 0.66 (0.54 to 0.77), the learned probability with 0.73, both with 0.68 on hands left
out, at 9 CPU seconds a candidate.
"""


if __name__ == "__main__":
    main()
