"""Evaluate a model on each column of R: bits per byte, and divergence from the initial model."""

from __future__ import annotations

import math
import platform
from collections.abc import Mapping, Sequence
from pathlib import Path

from dialogue.learning import tasks
from dialogue.learning.continual.encoding import IGNORED, Encoded, cross_entropy, rows
from dialogue.learning.continual.learner import Learner
from dialogue.learning.continual.options import Stream

Cells = dict[str, dict[str, list[float]]]  # column -> recording -> bits, bytes


def tests_of(stream: Stream, learner: Learner) -> dict[str, list[Encoded]]:
    """Return the test examples of each column of R, as tokens."""
    return {name: [learner.encoder(e) for e in found] for name, found in examples_of(stream).items()}


def examples_of(stream: Stream) -> dict[str, list[tasks.Example]]:
    """Return the test examples of each column of R."""
    folders = [*([stream.probe] if stream.probe else []), *stream.tasks]
    return {
        name: scored(tasks.read(folder / "test.jsonl"), stream)
        for name, folder in zip(stream.names, folders, strict=True)
    }


def scored(examples: Sequence[tasks.Example], stream: Stream) -> list[tasks.Example]:
    """Return the scored part of a test set: its first ``training.documents`` recordings and their first examples."""
    training = stream.training
    counts: dict[str, int] = {}
    kept = []
    for e in examples:
        counts[e.recording] = counts.get(e.recording, 0) + 1
        documents = not training.documents or len(counts) <= training.documents
        if documents and (not training.examples or counts[e.recording] <= training.examples):
            kept.append(e)
    return kept


def evaluate(learner: Learner, tests: Mapping[str, Sequence[Encoded]]) -> Cells:
    """Return the bits and bytes of each recording of each test set; the processes share the examples out."""
    import torch

    learner.model.eval()
    row: Cells = {}
    with torch.no_grad():
        for name, examples in tests.items():
            found: dict[str, list[float]] = {}
            for e, cost in zip(examples, learner.world.each(examples, lambda e: bits(learner, e)), strict=True):
                cell = found.setdefault(e.example.recording, [0.0, 0.0])
                cell[0] += cost
                cell[1] += e.bytes
            row[name] = found
    learner.model.train()
    return row


def bits(learner: Learner, example: Encoded) -> float:
    """Return the cross-entropy of an example, in bits."""
    [row] = rows([example], len(example.ids), learner.device)
    return float(cross_entropy(row, learner.logits(row))) / math.log(2)


def machine(learner: Learner) -> str:
    """Return what the last bits of a score depend on: processor, threads, version of torch, GPU."""
    import torch

    processor, known = platform.processor() or platform.machine(), Path("/proc/cpuinfo")
    for line in known.read_text().splitlines() if known.exists() else ():
        if line.startswith("model name"):
            processor = line.partition(":")[2].strip()
            break
    found = [processor, f"{torch.get_num_threads()} threads", f"torch {torch.__version__}"]
    return ", ".join([*found, torch.cuda.get_device_name()] if learner.device == "cuda" else found)


def divergence(learner: Learner, examples: Sequence[Encoded]) -> float | None:
    """Return KL(initial || now) on a task's test data, in bits per byte.

    It predicts forgetting without any old data (Shenfeld et al. 2025). It is ``None`` with full finetuning: only
    adapters can be switched off to get the initial model.
    """
    import torch

    if not learner.adapted:
        return None

    def measure(example: Encoded) -> float:
        [row] = rows([example], len(example.ids), learner.device)
        learned = row.labels[0, 1:] != IGNORED
        now = torch.log_softmax(learner.logits(row)[:-1][learned], -1)
        with learner.as_it_was(None):
            then = torch.log_softmax(learner.logits(row)[:-1][learned], -1)
        return float((then.exp() * (then - now)).sum())

    learner.model.eval()
    with torch.no_grad():
        total = sum(learner.world.each(examples, measure))
    learner.model.train()
    return total / math.log(2) / max(1, sum(e.bytes for e in examples))
