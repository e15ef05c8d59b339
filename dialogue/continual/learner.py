"""The model that learns: base weights, what of them is trained, and the same weights as they were."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from dialogue import compatibility
from dialogue.continual.encoding import Encoder, Row
from dialogue.continual.stream import ContinualError, Stream

WEIGHTS = "weights.safetensors"


class Learner:
    """A causal model whose trainable weights are an adapter, new blocks, or all of them.

    Attributes:
        model: of transformers, wrapped by peft when adapters are trained.
        base: folder of the initial weights.
        adapted: whether adapters are trained, so that the initial model is there by switching them off.
    """

    def __init__(self, stream: Stream) -> None:
        compatibility.prepare()
        import torch
        from transformers import AutoModelForCausalLM, AutoTokenizer

        from dialogue.llm import conversion

        training = stream.training
        if training.threads:
            torch.set_num_threads(training.threads)
        torch.manual_seed(training.seed)  # of the adapters' first values
        _, self.base = conversion.prepare(stream.model, "transformers", "cpu")
        self.device = "cuda" if torch.cuda.is_available() else "cpu"
        # bfloat16 is four to six times slower than float32 on processors without instructions for it
        dtype = torch.bfloat16 if self.device == "cuda" else torch.float32
        self.tokenizer = AutoTokenizer.from_pretrained(self.base, local_files_only=True)
        model: Any = AutoModelForCausalLM.from_pretrained(
            self.base, local_files_only=True, use_safetensors=True, dtype=dtype
        )
        if "grow" in stream.methods:
            from dialogue.continual.methods.grow import grow

            grow(model, stream.grow.every)
        self.adapted = stream.adaptation.kind != "full"
        if self.adapted:
            model = _with_adapters(model, stream)
        if training.gradient_checkpointing:
            model.gradient_checkpointing_enable()
            model.enable_input_require_grads()
        self.model = model.to(self.device)
        self.context = min(
            training.context, int(getattr(model.config, "max_position_embeddings", training.context))
        )
        self.encoder = Encoder(self.tokenizer, self.context)

    def trainable(self) -> dict[str, Any]:
        """Name -> parameter, of those that are trained."""
        return {name: p for name, p in self.model.named_parameters() if p.requires_grad}

    def logits(self, row: Row) -> Any:
        """``(token, vocabulary)`` float32; each example of the row sees itself alone.

        A cache, or a mask of ones, would let examples see each other without a word.
        """
        out = self.model(input_ids=row.ids, position_ids=row.positions, use_cache=False)
        return out.logits[0].float()

    def state(self) -> dict[str, Any]:
        """A copy of the trained weights."""
        return {name: p.detach().clone() for name, p in self.trainable().items()}

    def put(self, state: Mapping[str, Any]) -> None:
        """Set the trained weights.

        Raises:
            ContinualError: weights of another model or adaptation.
        """
        import torch

        own = self.trainable()
        strange = sorted(set(own) ^ set(state)) or [n for n, p in own.items() if p.shape != state[n].shape]
        if strange:
            raise ContinualError(
                f"weights of another model or adaptation ({strange[0]}). Accepted: those that this run wrote."
            )
        with torch.no_grad():
            for name, p in own.items():
                p.copy_(state[name])

    @contextlib.contextmanager
    def as_it_was(self, state: Mapping[str, Any] | None) -> Iterator[None]:
        """The model with other trained weights, for a forward pass without gradient; ``None`` is the initial model."""
        if state is None and self.adapted:
            with self.model.disable_adapter():
                yield
            return
        assert state is not None, "the initial weights of a full finetuning are a state"
        now = self.state()
        self.put(state)
        try:
            yield
        finally:
            self.put(now)

    def save(self, path: Path) -> None:
        """Trained weights as safetensors, written beside and renamed."""
        from safetensors.torch import save_file

        part = path.with_name(f".{path.name}.part")
        part.parent.mkdir(parents=True, exist_ok=True)
        save_file({k: v.contiguous().cpu() for k, v in self.state().items()}, part)
        part.replace(path)

    def restore(self, path: Path) -> None:
        """Trained weights of :meth:`save`.

        Raises:
            ContinualError: the file is missing, or of another model.
        """
        from safetensors.torch import load_file

        if not path.exists():
            raise ContinualError(f"{path}: no such file. Run the task again, or roll back to the one before.")
        self.put(load_file(path, device=self.device))

    def export(self, folder: Path) -> None:
        """A transformers folder of the whole model, adapters merged, that :func:`dialogue.llm.load` takes."""
        import copy

        model = copy.deepcopy(self.model).merge_and_unload() if self.adapted else self.model
        part = folder.with_name(f".{folder.name}.part")
        part.mkdir(parents=True, exist_ok=True)
        model.save_pretrained(part)
        self.tokenizer.save_pretrained(part)
        part.replace(folder)


def _with_adapters(model: Any, stream: Stream) -> Any:
    from peft import LoraConfig, get_peft_model

    adaptation = stream.adaptation
    return get_peft_model(
        model,
        LoraConfig(
            r=adaptation.rank,
            lora_alpha=adaptation.alpha,
            target_modules="all-linear",
            use_dora=adaptation.kind == "dora",
            task_type="CAUSAL_LM",
        ),
    )
