"""Rehearsal: examples of past tasks, and of general text, among the new ones (Robins 1995; reservoir sampling, Vitter 1985).

Where old data may not be kept, the model before a task writes the examples itself (self-generated replay, Sun et al. 2020).
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from dialogue import tasks
from dialogue.continual.encoding import IGNORED, Encoded
from dialogue.continual.methods import Method
from dialogue.tasks import Example

FILE = "buffer.jsonl"
OPENING = 12  # tokens of a kept opening from which the model writes an example itself


class Replay(Method):
    """Keeps a sample of what it saw, each example with equal chance."""

    buffer: list[Example]
    seen: int

    def begin(self, task: int) -> None:
        if not hasattr(self, "buffer"):
            self.buffer, self.seen = [], 0
        self.past = self._encoded(self.buffer)
        probe, self.general = self.stream.probe, list[Encoded]()
        if self.stream.replay.general and probe:
            self.general = self._encoded(tasks.read(probe / "train.jsonl"))

    def old(self, task: int, step: int, tokens: int) -> Sequence[Encoded]:
        draw = random.Random(f"{self.stream.training.seed}/{task}/{step}")
        share = self.stream.replay
        return [
            *_sample(draw, self.past, share.ratio * tokens),
            *_sample(draw, self.general, share.general * tokens),
        ]

    def end(self, task: int, examples: Sequence[Encoded]) -> None:
        draw = random.Random(f"{self.stream.training.seed}/{task}/reservoir")
        for encoded in examples:
            self.seen += 1
            if len(self.buffer) < self.stream.replay.quota:
                self.buffer.append(encoded.example)
            elif (place := draw.randrange(self.seen)) < self.stream.replay.quota:
                self.buffer[place] = encoded.example
        if self.stream.replay.source == "self_generated":
            self.buffer = [e if e.recording == GENERATED else self._written(e) for e in self.buffer]

    def save(self, folder: Path) -> None:
        if not self.learner.world.first:
            return
        tasks.write(self.buffer, folder / FILE)
        (folder / "seen.txt").write_text(str(self.seen))

    def restore(self, folder: Path) -> None:
        self.buffer, self.seen = tasks.read(folder / FILE), int((folder / "seen.txt").read_text())

    def _encoded(self, examples: Sequence[Example]) -> list[Encoded]:
        return [replace(self.learner.encoder(e), old=True) for e in examples]

    def _written(self, example: Example) -> Example:
        """What the model goes on to write from the first words of an example: nothing else of it is kept."""
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


def _sample(draw: random.Random, examples: Sequence[Encoded], tokens: float) -> list[Encoded]:
    """Examples of that many tokens in the mean: the last one is taken with the chance that its share is."""
    taken: list[Encoded] = []
    while examples and tokens > 0:
        candidate = examples[draw.randrange(len(examples))]
        if len(candidate.ids) > tokens and draw.random() > tokens / len(candidate.ids):
            break
        taken.append(candidate)
        tokens -= len(candidate.ids)
    return taken
