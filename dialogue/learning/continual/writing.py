"""Let a model answer the prompts of a test set, and score its texts against references, baselines and the dialogue.

ROUGE of a summary means little alone (see :mod:`dialogue.scoring.rouge`), so two rows are reported with the model's:
``lead``, the first words of the dialogue, as many as the reference has; and ``human``, each reference against the
others, if a recording has several.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

from dialogue.french.source import Source
from dialogue.learning.continual.encoding import IGNORED, Encoded
from dialogue.learning.continual.learner import Learner
from dialogue.learning.tasks import Example, dialogue_record
from dialogue.scoring import rouge as r
from dialogue.scoring.rate import Rate
from dialogue.scoring.summaries import support, supported

Item = TypeVar("Item")
Text = TypeVar("Text")
PASSAGE = 6  # tokens: two or three French words with the embedded model
ROOM = 1.5  # tokens that a model may write, per token of the reference
SPEAKER = re.compile(r"^\[[^\]]*\] ?", re.MULTILINE)  # [Camille:] at the beginning of a turn


@dataclass(frozen=True)
class SystemRow:
    """Scores of one text, or of several texts of one kind.

    Attributes:
        words: mean number of words.
        rouge: F-measures in [0, 1].
        support: names and numbers, see :func:`dialogue.scoring.summaries.support`; empty where it does not apply.
        fields: for a record, ``exact`` and ``fields`` of :func:`dialogue.learning.tasks.dialogue_record.score`; for a
            judgement, ``exact``.
    """

    words: float
    rouge: Mapping[str, float]
    support: Mapping[str, Rate]
    fields: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True)
class Written:
    """What a model wrote for a prompt.

    Attributes:
        id: id of the example whose prompt was used.
        references: example -> what people wrote, for all examples with this prompt.
        cut: the model saw only the end of the dialogue.
        rows: ``model``; ``lead`` unless the prompt asks for the next turn or a record; ``human`` if there are several
            references.
    """

    id: str
    recording: str
    text: str
    references: Mapping[str, str]
    cut: bool
    rows: Mapping[str, SystemRow]


def write(learner: Learner, examples: Sequence[Example], encoded: Sequence[Encoded]) -> list[Written]:
    """Let the model answer each prompt once; examples without a prompt are skipped.

    Args:
        encoded: the same examples as tokens.
    """
    groups: dict[tuple[str, str], list[tuple[Example, Encoded]]] = {}
    for example, tokens in zip(examples, encoded, strict=True):
        if len(example.messages) > 1:
            key = example.recording, "\n".join(m["content"] for m in example.messages[:-1])
            groups.setdefault(key, []).append((example, tokens))
    asked = [(prompt, group) for (_, prompt), group in groups.items()]
    return shared_out(learner, asked, lambda one: _written(learner, *one))


def shared_out(learner: Learner, asked: Sequence[Item], write: Callable[[Item], Text]) -> list[Text]:
    """Return what is written for each item; the processes share the items out, and every process gets all texts."""
    if learner.sharded:  # its processes must run the model equally often, so each writes all
        return [write(one) for one in asked]
    parts = learner.world.gathered([write(one) for one in asked[learner.world.rank :: learner.world.size]])
    return [parts[number % len(parts)][number // len(parts)] for number in range(len(asked))]


def _written(learner: Learner, prompt: str, group: Sequence[tuple[Example, Encoded]]) -> Written:
    example, tokens = max(group, key=lambda pair: len(_answer(pair[1])))  # room for the longest reference
    given = tokens.ids[: len(tokens.ids) - len(_answer(tokens))]
    most = min(math.ceil(ROOM * len(_answer(tokens))), learner.context - len(given))
    text = greedy(learner, given, most, repeats=example.kind == "record")  # it names a speaker twice
    references = {e.id: e.answer for e, _ in group}
    rows = scored(text, [*references.values()], example, prompt)
    return Written(example.id, example.recording, text, references, tokens.cut, rows)


def _answer(tokens: Encoded) -> list[int]:
    return [label for label in tokens.labels if label != IGNORED]


def greedy(learner: Learner, prompt: Sequence[int], most: int, *, repeats: bool = False) -> str:
    """Write the most likely token each time, up to the end of the turn, ignoring the model's generation settings.

    No passage of ``PASSAGE`` tokens is written twice (Paulus et al. 2018, arXiv 1705.04304), because small models would
    loop; unless ``repeats`` allows it.
    """
    import torch

    ends = {learner.encoder.end, learner.tokenizer.eos_token_id}
    ids, cache, found = torch.tensor([list(prompt)], device=learner.device), None, list[int]()
    learner.model.eval()
    with torch.no_grad(), torch.autocast(learner.device, torch.bfloat16, enabled=learner.device == "cuda"):
        while len(found) < most:
            out = learner.model(input_ids=ids, past_key_values=cache, use_cache=True, logits_to_keep=1)
            logits = out.logits[0, -1]  # (vocabulary,)
            if not repeats:
                logits[_repeating(found)] = -torch.inf
            token = int(logits.argmax())
            if token in ends:
                break
            found.append(token)
            ids, cache = torch.tensor([[token]], device=learner.device), out.past_key_values
    learner.model.train()
    return str(learner.tokenizer.decode(found, skip_special_tokens=True)).strip()


def _repeating(found: Sequence[int]) -> list[int]:
    """Return the tokens that would repeat an earlier passage."""
    last = [*found[1 - PASSAGE :]]
    if len(last) < PASSAGE - 1:
        return []
    starts = range(len(found) - PASSAGE + 1)
    return [found[n + PASSAGE - 1] for n in starts if [*found[n : n + PASSAGE - 1]] == last]


def scored(text: str, references: Sequence[str], example: Example, prompt: str) -> dict[str, SystemRow]:
    """Return the rows of a text; for the next turn only ROUGE-1, since turns are short and need no support.

    A record is right or wrong, so it has neither.

    Args:
        prompt: the example's whole prompt, in which names and numbers are looked up, with the names of the speakers.
    """
    if example.kind == "reply":
        return {"model": SystemRow(_words([text]), {"rouge1": r.rouge(text, references)["rouge1"]}, {})}
    if example.kind == "record":
        return {"model": SystemRow(_words([text]), {}, {}, dialogue_record.score(text, references[0]))}
    if example.kind == "judge":
        return {"model": SystemRow(_words([text]), {}, {}, {"exact": float(text == references[0])})}
    source = Source("\n".join([prompt, *example.speakers]))
    said = SPEAKER.sub("", example.dialogue)
    leads = [r.lead(said, len(reference.split())) for reference in references]
    likeness = _mean([r.rouge(lead, [reference]) for lead, reference in zip(leads, references, strict=True)])
    rows = {
        "model": SystemRow(_words([text]), r.rouge(text, references), support(text, source)),
        "lead": SystemRow(_words(leads), likeness, {}),
    }
    if len(references) > 1:
        between = [r.rouge(one, [*references[:n], *references[n + 1 :]]) for n, one in enumerate(references)]
        rows["human"] = SystemRow(_words(references), _mean(between), supported(references, source))
    return rows


def _words(texts: Sequence[str]) -> float:
    return sum(len(t.split()) for t in texts) / len(texts)


def _mean(scores: Sequence[Mapping[str, float]]) -> dict[str, float]:
    return {name: sum(s[name] for s in scores) / len(scores) for name in scores[0]}
