"""Compare training with TRL's, on the same model, adapters, rows of tokens and updates.

    python -m pip install --constraint constraints.txt trl==1.16.0
    python benchmarks/throughput.py 3          each path three times, alternately, each in its own process

Measures tokens per second, processor seconds and peak memory. Rows are 512 tokens of dialogue, two per update. TRL gets
them ready-made (``skip_prepare_dataset``), so that only training is measured.
"""

from __future__ import annotations

import json
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

HERE = Path(__file__).resolve().parent
MODEL, ROWS, TOKENS, AN_UPDATE, WARM_UP, RATE = "smollm2-135m-instruct", 10, 512, 2, 1, 2e-4
PATHS = ("ours", "trl, one row at a time", "trl, both rows at once")


def rows_of_tokens(tokenizer) -> list[list[int]]:
    """Return the sample debates, one after the other, in rows of the same length."""
    folder = HERE.parent / "corpora/sample-debates/data"
    text = "\n".join(path.read_text(encoding="utf-8") for path in sorted(folder.glob("*.txt")))
    ids = tokenizer(text, add_special_tokens=False)["input_ids"]
    found = [ids[i : i + TOKENS] for i in range(0, len(ids) - TOKENS, TOKENS)]
    return (found * -(-ROWS // len(found)))[:ROWS]


def ours() -> tuple[list[float], list[float], float]:
    """Return seconds and processor seconds at the end of each update, and the last loss."""
    import torch

    from dialogue.core import config
    from dialogue.learning.continual import Stream, loop
    from dialogue.learning.continual.encoding import Encoded, rows
    from dialogue.learning.continual.learner import Learner
    from dialogue.learning.tasks import Example

    stream = config.build(
        Stream, {"model": MODEL, "tasks": ["none"], "method": "naive", "training": {"context": TOKENS}}
    )
    learner = Learner(stream)
    nothing = Example("row", "continuation", ({"role": "assistant", "content": ""},), "row", (), (), ())
    examples = [Encoded(nothing, tuple(ids), tuple(ids), 1) for ids in rows_of_tokens(learner.tokenizer)]
    optimizer = torch.optim.AdamW(learner.trainable().values(), lr=RATE, weight_decay=0.0)
    learner.model.train()
    wall, cpu, loss = [], [], 0.0
    for i in range(0, ROWS, AN_UPDATE):
        loss = loop.update(learner, [], optimizer, rows(examples[i : i + AN_UPDATE], TOKENS), RATE, 1.0)
        wall.append(time.monotonic())
        cpu.append(time.process_time())
    return wall, cpu, loss


def trl(at_once: int) -> tuple[list[float], list[float], float]:
    """Return the same with SFTTrainer."""
    from dialogue.core import compatibility

    compatibility.prepare()
    from datasets import Dataset
    from peft import LoraConfig
    from transformers import AutoModelForCausalLM, AutoTokenizer, TrainerCallback
    from trl import SFTConfig, SFTTrainer

    from dialogue.llm import conversion

    _, folder = conversion.prepare(MODEL, "transformers", "cpu")
    tokenizer = AutoTokenizer.from_pretrained(folder)
    wall: list[float] = []
    cpu: list[float] = []

    class Clock(TrainerCallback):
        def on_step_end(self, args, state, control, **kwargs):
            wall.append(time.monotonic())
            cpu.append(time.process_time())

    settings = SFTConfig(
        output_dir=tempfile.mkdtemp(),
        max_length=TOKENS,
        per_device_train_batch_size=at_once,
        gradient_accumulation_steps=AN_UPDATE // at_once,
        max_steps=ROWS // AN_UPDATE,
        learning_rate=RATE,
        lr_scheduler_type="constant",
        weight_decay=0.0,
        max_grad_norm=1.0,
        gradient_checkpointing=False,
        bf16=False,
        use_cpu=True,
        save_strategy="no",
        logging_steps=1,
        report_to="none",
        dataset_kwargs={"skip_prepare_dataset": True},
        train_sampling_strategy="sequential",
    )
    trainer = SFTTrainer(
        model=AutoModelForCausalLM.from_pretrained(folder, dtype="float32"),
        args=settings,
        processing_class=tokenizer,
        train_dataset=Dataset.from_dict({"input_ids": rows_of_tokens(tokenizer)}),
        peft_config=LoraConfig(r=16, lora_alpha=32, target_modules="all-linear", task_type="CAUSAL_LM"),
        callbacks=[Clock()],
    )
    trainer.train()
    losses = [line["loss"] for line in trainer.state.log_history if "loss" in line]
    return wall, cpu, losses[-1]


def one(path: str) -> None:
    import torch

    torch.set_num_threads(1)
    wall, cpu, loss = ours() if path == "ours" else trl(1 if "one" in path else 2)
    updates = len(wall) - WARM_UP
    tokens = updates * AN_UPDATE * TOKENS
    value = {
        "tokens a second": tokens / (wall[-1] - wall[WARM_UP - 1]),
        "tokens a CPU second": tokens / (cpu[-1] - cpu[WARM_UP - 1]),
        "peak MiB": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
        "last loss": loss,
    }
    print(json.dumps(value))


def main(rounds: int = 3) -> None:
    import tables

    found: dict[str, list[dict[str, float]]] = {path: [] for path in PATHS}
    for _ in range(rounds):
        for path in PATHS:
            command = [sys.executable, __file__, "--one", path]
            out = subprocess.run(command, check=True, capture_output=True, text=True).stdout
            found[path].append(json.loads(out.strip().splitlines()[-1]))
            print(path, found[path][-1], flush=True)
    names = list(found["ours"][0])
    middle = {path: {n: statistics.median(v[n] for v in runs) for n in names} for path, runs in found.items()}
    lines = [
        f"| path | {' | '.join(names)} | ratio of tokens a CPU second |",
        f"| --- |{' ---: |' * (len(names) + 1)}",
    ]
    for path, values in middle.items():
        ratio = values["tokens a CPU second"] / middle["ours"]["tokens a CPU second"]
        lines.append(f"| {path} | {' | '.join(f'{values[n]:.4g}' for n in names)} | {ratio:.2f} |")
    tables.write("Training beside TRL", f"Median of {rounds}.\n\n" + "\n".join(lines))


if __name__ == "__main__":
    if sys.argv[1:2] == ["--one"]:
        one(sys.argv[2])
    else:
        main(int(sys.argv[1]) if sys.argv[1:] else 3)
