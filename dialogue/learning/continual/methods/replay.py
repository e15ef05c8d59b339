"""Rehearsal: examples of past tasks and of general text are mixed with new ones (Robins 1995).

The buffer is filled by reservoir sampling (Vitter 1985). If old data may not be kept, the model writes the examples
itself at the end of a task (self-generated replay, Sun et al. 2020).
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from dialogue.learning import tasks
from dialogue.learning.continual.encoding import IGNORED, Encoded
from dialogue.learning.continual.learner import Learner
from dialogue.learning.continual.methods import Method, added
from dialogue.learning.continual.options import Stream
from dialogue.learning.tasks import Example

FILE, SEEN = "buffer_{}.jsonl", "seen.txt"
OPENING = 12  # tokens of an example from which the model writes its own continuation


class Replay(Method):
    """Keep a sample of the examples seen.

    Attributes:
        buffer: kept examples by task, from 0; a reservoir is all under 0.
        seen: number of examples offered to the reservoir.
    """

    def __init__(self, stream: Stream, learner: Learner) -> None:
        super().__init__(stream, learner)
        self.buffer: dict[int, list[Example]] = {}
        self.seen = 0

    def begin(self, task: int) -> None:
        share, probe = self.stream.replay, self.stream.probe
        kept = [e for examples in self.buffer.values() for e in examples]
        if share.source == "public" and share.public and task:
            kept = tasks.read(share.public / "train.jsonl")
        self.past = self._encoded(kept)
        self.general = self._encoded(tasks.read(probe / "train.jsonl")) if share.general and probe else []

    def old(self, task: int, tokens: Sequence[int]) -> list[list[Encoded]]:
        share, seed = self.stream.replay, f"{self.stream.training.seed}/{task}"
        past = added(tokens, share.ratio, _draws(self.past, f"{seed}/past"))
        general = added(tokens, share.general, _draws(self.general, f"{seed}/general"))
        return [[*a, *b] for a, b in zip(past, general, strict=True)]

    def end(self, task: int, examples: Sequence[Encoded]) -> None:
        share = self.stream.replay
        if share.source == "public":
            return
        draw = random.Random(f"{self.stream.training.seed}/{task}/reservoir")
        if share.policy == "reservoir":
            self._offer(examples, draw)
        else:
            self.buffer[task] = [e.example for e in examples]
            for kept in self.buffer.values():
                draw.shuffle(kept)
                del kept[max(1, share.quota // len(self.buffer)) :]
        if share.source == "self_generated":
            for kept in self.buffer.values():
                written = [e if e.recording == GENERATED else self._written(e) for e in kept]
                kept[:] = self.learner.world.agreed(written)

    def _offer(self, examples: Sequence[Encoded], draw: random.Random) -> None:
        kept = self.buffer.setdefault(0, [])
        for encoded in examples:
            self.seen += 1
            if len(kept) < self.stream.replay.quota:
                kept.append(encoded.example)
            elif (place := draw.randrange(self.seen)) < self.stream.replay.quota:
                kept[place] = encoded.example

    def save(self, folder: Path) -> None:
        if not self.learner.world.first:
            return
        for task, kept in self.buffer.items():
            tasks.write(kept, folder / FILE.format(task + 1))
        (folder / SEEN).write_text(str(self.seen))

    def restore(self, folder: Path) -> None:
        self.seen = int((folder / SEEN).read_text())
        files = {task: folder / FILE.format(task + 1) for task in range(len(self.stream.tasks))}
        self.buffer = {task: tasks.read(file) for task, file in files.items() if file.exists()}

    def _encoded(self, examples: Sequence[Example]) -> list[Encoded]:
        return [replace(self.learner.encoder(e), old=True) for e in examples]

    def _written(self, example: Example) -> Example:
        """Return an example continued by the model from its first words; nothing else of the answer is kept, nor a
        rejected text."""
        import torch

        encoded = self.learner.encoder(example)
        prompt = [i for i, label in zip(encoded.ids, encoded.labels, strict=True) if label == IGNORED]
        opening = [*prompt, *encoded.ids[len(prompt) : len(prompt) + OPENING]]
        torch.manual_seed(self.stream.training.seed + len(opening))
        ids = torch.tensor([opening], device=self.learner.device)
        room = max(1, len(encoded.ids) - len(opening))
        with torch.no_grad():
            out = self.learner.model.generate(
                input_ids=ids,
                attention_mask=torch.ones_like(ids),
                max_new_tokens=room,
                do_sample=True,
                pad_token_id=self.learner.encoder.end,
                eos_token_id=self.learner.encoder.end,
            )[0]
        text = str(self.learner.tokenizer.decode(out[len(prompt) :], skip_special_tokens=True))
        last: dict[str, str] = {"role": "assistant", "content": text}
        return Example(example.id, example.kind, (*example.messages[:-1], last), GENERATED, (), (), ())


GENERATED = "self-generated"
make = Replay


def _draws(examples: Sequence[Encoded], seed: str) -> Iterator[Encoded]:
    """Yield the examples in random order, again and again, each round in another."""
    draw, order = random.Random(seed), list(examples)
    while order:
        draw.shuffle(order)
        yield from order
