"""Scores of the next turn of a dialogue: how probable the true one is under a model, and what the model writes.

A dialogue can continue in many ways, so similarity to the true reply (chrF, Popović 2015) is low even for good
replies, and is shown with that of the previous turn copied. Distinct-n (Li et al. 2016, arXiv 1510.03055) is the share
of n-grams that are distinct in all replies together: models that answer "d'accord" to everything are far below people,
who have their own row. It falls with the number of words, and has no interval: a dialogue drawn twice repeats its
n-grams.

    scores = score_replies(tasks.read(Path("tasks/test.jsonl")), write, likelihood(model))
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from dialogue.core import tables
from dialogue.core.files import to_json
from dialogue.french.normalization import normalize
from dialogue.learning.tasks import Example
from dialogue.llm import LanguageModel, LLMError
from dialogue.llm.repetition import repeats
from dialogue.scoring import ScoreError, difference
from dialogue.scoring.rate import Rate

SCHEMA = "dialogue/reply-scores/1"
TURN = re.compile(r"\[[^\[\]\n]{1,80}:\]")  # [Camille:]
FAULTS = ("empty", "opens a turn", "goes on past its turn", "repeats itself")
ROWS = {"model": "model", "previous": "previous turn, copied", "people": "people"}
NOTE = (
    "\nBits per byte of the true reply: lower is better. chrF, mean over replies, in per cent: higher is better, and "
    "low for anybody ({signature}).\n"
    "Distinct-1 and -2: per cent of words, of pairs, that no reply says before. In brackets the 95 % interval, "
    "bootstrap over dialogues, from five on.\n"
)


@dataclass(frozen=True)
class Reply:
    """A reply that was written.

    Attributes:
        bits: bits of the true reply under the model, and its bytes; ``None`` if they were not requested.
    """

    example: Example
    text: str
    bits: tuple[float, int] | None = None

    @property
    def previous(self) -> str:
        """The turn before the reply, without its speaker."""
        return TURN.sub("", self.example.dialogue.rpartition("\n")[2], count=1).strip()


@dataclass(frozen=True)
class ReplyScores:
    """Replies to a test set, in the order of its examples."""

    replies: Sequence[Reply]

    def to_dict(self) -> dict[str, Any]:
        """Return plain values, ready for JSON, with each written reply next to what people said."""
        written = {
            "model": [r.text for r in self.replies],
            "previous": [r.previous for r in self.replies],
            "people": [r.example.answer for r in self.replies],
        }
        rows = {who: {**self._likeness(texts, who), **_distinct(texts)} for who, texts in written.items()}
        rows["model"]["format"] = self._sum([_format(r.text) for r in self.replies])
        if bits := [Rate(*r.bits) for r in self.replies if r.bits]:
            rows["model"]["bits_per_byte"] = self._sum(bits)
        return {
            "schema": SCHEMA,
            "chrf": _chrf_signature(),
            "replies": len(self.replies),
            "dialogues": len({r.example.recording for r in self.replies}),
            "rows": rows,
            "outputs": [
                {"id": r.example.id, "written": r.text, "said": r.example.answer, "faults": faults(r.text)}
                for r in self.replies
            ],
        }

    def to_json(self) -> str:
        return to_json(self.to_dict())

    def table(self) -> str:
        """Return a table in Markdown."""
        found = self.to_dict()
        heads = ["reply by", "bits per byte", "chrF", "distinct-1", "distinct-2", "format errors", "words"]
        rows = []
        for who, row in found["rows"].items():
            shares = [row.get(name) for name in ("chrf", "distinct_1", "distinct_2", "format")]
            cells = [ROWS[who], tables.measured(row.get("bits_per_byte"))]
            cells += [tables.measured(share, ".1f", 100) for share in shares]
            rows.append([*cells, tables.measured(row["words"], ".1f")])
        wrong = found["rows"]["model"]["format"]
        kinds = ", ".join(f"{wrong[kind]:g} {kind}" for kind in FAULTS if wrong[kind])
        counted = f"\n{found['replies']} replies in {found['dialogues']} dialogues" + (f"; {kinds}" if kinds else "")
        lines = tables.markdown(heads, rows).rstrip()
        return "\n".join([lines, counted + ".", NOTE.format(signature=found["chrf"])])

    def _likeness(self, texts: Sequence[str], who: str) -> dict[str, Any]:
        row = {"words": self._sum([Rate(len(text.split()), 1) for text in texts])}
        if who != "people":
            said = [r.example.answer for r in self.replies]
            lacking = self._sum([Rate(1 - value, 1) for value in _chrf(texts, said)])
            bounds = lacking["interval"] and [1 - bound for bound in reversed(lacking["interval"])]
            row["chrf"] = {"value": 1 - lacking["value"], "interval": bounds}
        return row

    def _sum(self, rates: Sequence[Rate]) -> dict[str, Any]:
        """Return a rate over all replies, with its interval over dialogues if there are enough of them."""
        dialogues: dict[str, Rate] = {}
        for reply, rate in zip(self.replies, rates, strict=True):
            dialogues[reply.example.recording] = dialogues.get(reply.example.recording, Rate(0, 0)) + rate
        found = difference.interval([*dialogues.values()])
        return {**sum(rates, Rate(0, 0)).to_dict(), "interval": found and [*found]}


def score_replies(
    examples: Iterable[Example],
    write: Callable[[Example], str],
    bits: Callable[[Example], tuple[float, int]] | None = None,
) -> ReplyScores:
    """Let a model write the reply of each example, once.

    Args:
        examples: examples of kind ``reply``, made by ``dialogue tasks --kind reply``.
        write: returns a model's reply as written: text that continues past the turn is counted, not cut.
        bits: returns the bits of the true reply, and its bytes (:func:`likelihood`).

    Raises:
        ScoreError: there is no example, or one of another kind.
    """
    examples = list(examples)
    if strange := next((e for e in examples if e.kind != "reply"), None):
        raise ScoreError(
            f"{strange.id}: found kind {strange.kind}. Accepted: reply. Make them with `dialogue tasks --kind reply`."
        )
    if not examples:
        raise ScoreError("no example. Accepted: at least one reply, made by `dialogue tasks --kind reply`.")
    return ReplyScores([Reply(e, write(e), bits(e) if bits else None) for e in examples])


def likelihood(model: LanguageModel) -> Callable[[Example], tuple[float, int]]:
    """Return a function that computes the bits of an answer, including its end, and its bytes.

    They are computed as in the continual matrix, with the same prompt and tokens. Sums over many answers give bits per
    byte, which do not depend on the tokeniser.

    Raises:
        LLMError: the engine of the model gives no probabilities.
        dialogue.learning.continual.ContinualError: (raised by the function) an answer does not fit the context.
    """
    from dialogue.learning.continual.encoding import Encoder, nats
    from dialogue.llm.transformers import TransformersModel

    if not isinstance(model, TransformersModel):
        raise LLMError(f"{model.name}: {type(model).__name__} gives no probabilities. Accepted: engine transformers.")
    encoder = Encoder(model.tokenizer, model.context_length)

    def found(example: Example) -> tuple[float, int]:
        encoded = encoder(example)
        return nats(model.model, encoded, model.device) / math.log(2), encoded.bytes

    return found


def faults(text: str) -> list[str]:
    """Return why a reply is not one turn of one speaker: some of :data:`FAULTS`, or none."""
    said = text.strip()
    if not said:
        return ["empty"]
    past = ["opens a turn"] if TURN.search(said) else ["goes on past its turn"] if "\n" in said else []
    return past + (["repeats itself"] if repeats(said) else [])


def _format(text: str) -> Rate:
    found = faults(text)
    return Rate(bool(found), 1, {kind: kind in found for kind in FAULTS})


def _distinct(texts: Sequence[str]) -> dict[str, Any]:
    """Return distinct-1 and distinct-2 of n-grams inside replies; the value is ``None`` if there are none."""
    words = [normalize(text, "fr-strict").split() for text in texts]
    grams: list[list[Any]] = [[w for said in words for w in said], [p for said in words for p in pairwise(said)]]
    return {
        f"distinct_{n}": {"value": len(set(found)) / len(found) if found else None, "length": len(found)}
        for n, found in enumerate(grams, start=1)
    }


def _chrf(texts: Sequence[str], said: Sequence[str]) -> list[float]:
    metric = _metric()
    return [metric.sentence_score(text.strip(), [answer]).score / 100 for text, answer in zip(texts, said, strict=True)]


def _chrf_signature() -> str:
    """Return sacrebleu's signature; it knows the number of references only after a first score."""
    metric = _metric()
    metric.sentence_score("a", ["a"])
    return f"{metric.get_signature()}"


def _metric() -> Any:
    from sacrebleu.metrics import CHRF  # type: ignore[attr-defined]

    return CHRF(word_order=0)
