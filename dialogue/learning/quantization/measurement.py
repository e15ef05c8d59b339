"""Measure bits per byte and speed of a model, each format with its own engine.

Bits per byte are computed as in the continual matrix: same examples, same tokens, divided by the bytes of the learned
text. For a GGUF they are computed by transformers after dequantisation, with the same weights that llama.cpp uses.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from dialogue.core import compatibility
from dialogue.core.extras import how_to_install
from dialogue.core.files import read_json
from dialogue.learning import tasks
from dialogue.learning.continual.encoding import IGNORED, Encoded, Encoder, nats
from dialogue.learning.continual.options import Training

PROMPT, WRITTEN, ROUNDS = 400, 40, 3  # tokens read, tokens written, rounds of which the fastest counts
TEXT = "[Camille:] on reprend le compte rendu de la dernière réunion avant de parler du budget\n"


@dataclass(frozen=True)
class Sample:
    """What every format is measured on: encoded test examples (none without a test file), and the ids of a prompt."""

    examples: Sequence[Encoded]
    prompt: Sequence[int]


def sample(source: Path, test: Path | None) -> Sample:
    """Return examples cut to the finetuning context in the model's card, so that scores agree with its matrix.

    Raises:
        dialogue.learning.tasks.TaskError: the file holds no examples.
    """
    card = source / "card.json"
    value = read_json(card) if card.exists() else {}
    context = value.get("config", {}).get("training", {}).get("context", Training().context)
    encoder = Encoder.of(source, context)
    examples = [encoder(e) for e in tasks.read(test)] if test else []
    if test and not examples:
        raise tasks.TaskError(f"{test}: no example. Accepted: at least one, made by `dialogue tasks`.")
    longest = min(PROMPT, encoder.context - WRITTEN)
    return Sample(examples, (encoder.text(TEXT) * PROMPT)[:longest])


def measure(name: str, folder: Path, sample: Sample) -> tuple[float | None, float | None, float | None, str]:
    """Return bits per byte, tokens read and written per second, and why one of them is unknown."""
    compatibility.prepare()
    import torch

    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        if name.startswith("ctranslate2"):
            return *_ctranslate2(folder, sample), ""
        if name.startswith("gguf"):
            return _gguf(folder / "model.gguf", sample)
        model = _transformers(folder)
        return _bits(sample, lambda e: nats(model, e)), *_speed(sample, lambda p: _steps(model, p)), ""
    finally:
        torch.set_num_threads(threads)


def _transformers(folder: Path, **options: Any) -> Any:
    import torch
    from transformers import AutoModelForCausalLM

    model: Any = AutoModelForCausalLM.from_pretrained(
        folder, local_files_only=True, dtype=torch.float32, **{"use_safetensors": True, **options}
    )
    return model.eval()


def _steps(model: Any, prompt: Sequence[int]) -> Iterator[int]:
    """Yield the most likely tokens after a prompt, without end."""
    import torch

    ids, cache = torch.tensor([prompt]), None
    while True:
        with torch.inference_mode():
            out = model(input_ids=ids, past_key_values=cache, use_cache=True, logits_to_keep=1)
        cache, ids = out.past_key_values, out.logits[:, -1].argmax(-1, keepdim=True)  # (1, 1)
        yield int(ids)


def _ctranslate2(folder: Path, sample: Sample) -> tuple[float | None, float, float]:
    import ctranslate2
    import numpy as np
    from transformers import AutoTokenizer

    generator = ctranslate2.Generator(str(folder), device="cpu", compute_type="default", intra_threads=1)
    tokenizer = AutoTokenizer.from_pretrained(folder, local_files_only=True)

    def own_nats(example: Encoded) -> float:
        found = np.array(generator.forward_batch([list(example.ids)], return_log_probs=True))[0]
        learned = [i for i, label in enumerate(example.labels) if i and label != IGNORED]
        return -float(sum(found[i - 1, example.labels[i]] for i in learned))  # (token, vocabulary), natural

    def steps(prompt: Sequence[int]) -> Iterator[int]:
        tokens = tokenizer.convert_ids_to_tokens(list(prompt))
        found = generator.generate_tokens(tokens, max_length=WRITTEN + 1, min_length=WRITTEN + 1, sampling_topk=1)
        return (step.token_id for step in found)

    return _bits(sample, own_nats), *_speed(sample, steps)


def _gguf(path: Path, sample: Sample) -> tuple[float | None, float | None, float | None, str]:
    from transformers import GgufConfig

    bits = None
    if sample.examples:
        whole = GgufConfig(dequantize=True)
        model = _transformers(path.parent, gguf_file=path.name, use_safetensors=False, quantization_config=whole)
        bits = _bits(sample, lambda e: nats(model, e))
    try:
        from llama_cpp import Llama
    except ImportError:
        note = f"speed is unknown, llama-cpp-python is not installed. {how_to_install('llamacpp')}"
        return bits, None, None, note
    llama = Llama(str(path), n_ctx=len(sample.prompt) + WRITTEN + 1, n_threads=1, n_threads_batch=1, verbose=False)

    def steps(prompt: Sequence[int]) -> Iterator[int]:
        llama.reset()  # otherwise the prompt of the previous round is cached
        return llama.generate(list(prompt), temp=0.0)

    return bits, *_speed(sample, steps), ""


def _bits(sample: Sample, nats: Callable[[Encoded], float]) -> float | None:
    if not sample.examples:
        return None
    total = sum(nats(e) for e in sample.examples)
    return total / math.log(2) / max(1, sum(e.bytes for e in sample.examples))


def _speed(sample: Sample, steps: Callable[[Sequence[int]], Iterator[int]]) -> tuple[float, float]:
    """Return tokens read and written per second of CPU time, in the fastest of ``ROUNDS`` rounds."""
    read, written = [], []
    for _ in range(ROUNDS):
        begun = time.process_time()
        answer = steps(sample.prompt)
        next(answer)
        first = time.process_time()
        for _ in range(WRITTEN):
            next(answer)
        read.append(first - begun)
        written.append(time.process_time() - first)
    return len(sample.prompt) / min(read), WRITTEN / min(written)
