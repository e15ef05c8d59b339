"""The model that learns: base weights, the weights that are trained, and earlier states of them."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from dialogue.core import compatibility, tainted
from dialogue.core.extras import how_to_install
from dialogue.core.files import replacing
from dialogue.learning.continual import world
from dialogue.learning.continual.encoding import Encoder, Packed
from dialogue.learning.continual.options import ContinualError, Stream
from dialogue.learning.continual.world import World

WEIGHTS = "weights.safetensors"


class TrainedWeights:
    """A model of which some weights are trained, and the files they are kept in.

    Attributes:
        model: transformers model, wrapped by peft when adapters are trained.
        device: ``cuda`` or ``cpu``.
        world: the processes that train together; only the first one writes.
    """

    model: Any
    device: str
    world: World

    def trainable(self) -> dict[str, Any]:
        """Return name -> parameter of the weights that are trained."""
        return {name: p for name, p in self.model.named_parameters() if p.requires_grad}

    def state(self) -> dict[str, Any]:
        """Return a copy of the trained weights."""
        return {name: p.detach().clone() for name, p in self.trainable().items()}

    def put(self, state: Mapping[str, Any]) -> None:
        """Set the trained weights.

        Raises:
            ContinualError: the weights are from another model or adaptation.
        """
        import torch

        own = self.trainable()
        strange = sorted(set(own) ^ set(state)) or [n for n, p in own.items() if p.shape != state[n].shape]
        if strange:
            raise ContinualError(
                f"weights of another model or adaptation ({strange[0]}). Accepted: weights written by this run."
            )
        with torch.no_grad():
            for name, p in own.items():
                p.copy_(world.like(state[name], p))

    def write(self, tensors: Mapping[str, Any], path: Path) -> None:
        """Write tensors as safetensors to a temporary file, then rename it: the old file survives a full disk."""
        from safetensors.torch import save_file

        whole = world.gathered(tensors)
        if not self.world.first:
            return
        try:
            with replacing(path) as part:
                save_file(whole, part)
        except Exception as error:  # safetensors wraps system errors in its own type
            raise ContinualError(
                f"{path}: cannot be written ({error}). Free some space and run again: it resumes from the last "
                "checkpoint."
            ) from error

    def read(self, path: Path) -> dict[str, Any]:
        """Read tensors written by :meth:`write`.

        Raises:
            ContinualError: the file is missing.
        """
        from safetensors.torch import load_file

        if not path.exists():
            raise ContinualError(f"{path}: no such file. Run the task again, or roll back to the task before it.")
        return load_file(path, device=self.device)

    def save(self, path: Path) -> None:
        """Write the trained weights."""
        self.write(self.state(), path)

    def restore(self, path: Path) -> None:
        """Set the trained weights from a file.

        Raises:
            ContinualError: the file is missing, or is from another model.
            TaintedError: they learned from data that were erased since.
        """
        tainted.refuse(path)
        self.put(self.read(path))


class Learner(TrainedWeights):
    """A causal model whose trainable weights are an adapter, new blocks, or all of them.

    Attributes:
        base: folder of the initial weights.
        adapted: whether adapters are trained; switching them off gives the initial model.
        sharded: whether the weights are shared out over the processes.
        half: whether matrices are multiplied in bfloat16.
    """

    def __init__(self, stream: Stream) -> None:
        compatibility.prepare()
        import torch

        from dialogue.llm import conversion

        training = stream.training
        if training.threads:
            torch.set_num_threads(training.threads)
        self.world = world.join()
        torch.manual_seed(training.seed)  # for the initial values of adapters
        _, self.base = conversion.prepare(stream.model, "transformers", "cpu")
        self.device = "cuda" if torch.cuda.is_available() else "cpu"
        self.adapted = stream.adaptation.kind != "full"
        self.sharded = training.sharded and self.world.size > 1
        self.half = training.half or self.device == "cuda"
        model = _base(self.base, self.device, stream)
        if "grow" in stream.methods:
            from dialogue.learning.continual.growth import grow

            grow(model, stream.grow.every)
        if self.adapted:
            model = _with_adapters(model, stream)
        if training.gradient_checkpointing:
            model.gradient_checkpointing_enable()
            model.enable_input_require_grads()
        if self.sharded:
            world.shard(model)
        self.stream, self.model = stream, model
        self.encoder = Encoder.of(self.base, training.context)
        self.tokenizer, self.context = self.encoder.tokenizer, self.encoder.context

    def logits(self, row: Packed) -> Any:
        """Return ``(token, vocabulary)`` float32 logits; each example of the row sees only itself.

        With a cache, or a mask of ones, examples would see each other without any warning.
        """
        import torch

        with torch.autocast(self.device, torch.bfloat16, enabled=self.half):
            out = self.model(input_ids=row.ids, position_ids=row.positions, use_cache=False)
        return out.logits[0].float()

    @contextlib.contextmanager
    def as_it_was(self, state: Mapping[str, Any] | None) -> Iterator[None]:
        """Use other trained weights in a forward pass without gradient; ``None`` is the initial model."""
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

    def export(self, folder: Path) -> None:
        """Write the whole model, adapters merged, as a transformers folder for :func:`dialogue.llm.load`."""
        model = self.model
        if self.adapted:  # merged into the original weights, not into the rounded ones of QLoRA or a GPU
            model = _with_adapters(_base(self.base, "cpu", None), self.stream)
            model.load_state_dict(world.gathered(self.state()), strict=False)
            model = model.merge_and_unload()
        part = folder.with_name(f".{folder.name}.part")
        part.mkdir(parents=True, exist_ok=True)
        model.save_pretrained(part)
        self.tokenizer.save_pretrained(part)
        part.replace(folder)


def _base(folder: Path, device: str, stream: Stream | None) -> Any:
    """Load the initial model: in 4 bits for QLoRA, in bfloat16 for adapters on a GPU or if asked, in float32 otherwise.

    bfloat16 is four to six times slower than float32 on processors without instructions for it.
    """
    import torch
    from transformers import AutoModelForCausalLM
    from transformers.utils import logging

    logging.disable_progress_bar()  # for reading files: the run reports its own progress
    adaptation = stream.adaptation.kind if stream else "full"
    half = (device == "cuda" or (stream is not None and stream.training.half)) and adaptation != "full"
    given: dict[str, Any] = {"dtype": torch.bfloat16 if half else torch.float32}
    if adaptation == "qlora":
        given["quantization_config"] = _four_bits(given["dtype"])
        given["device_map"] = device
    model: Any = AutoModelForCausalLM.from_pretrained(folder, local_files_only=True, use_safetensors=True, **given)
    if adaptation != "qlora":
        return model.to(device)
    for module in model.modules():
        if hasattr(module, "support_avx512bf16_for_cpu"):
            module.support_avx512bf16_for_cpu = False  # it would repack the weights for inference between tasks
    return model


def _four_bits(dtype: Any) -> Any:
    from transformers import BitsAndBytesConfig

    try:
        import bitsandbytes  # noqa: F401
    except ImportError as error:
        raise ContinualError(
            f"adaptation.kind=qlora needs bitsandbytes ({error}). {how_to_install('qlora')}, or set lora."
        ) from error
    return BitsAndBytesConfig(
        load_in_4bit=True, bnb_4bit_quant_type="nf4", bnb_4bit_use_double_quant=True, bnb_4bit_compute_dtype=dtype
    )


def _with_adapters(model: Any, stream: Stream) -> Any:
    from peft import LoraConfig, get_peft_model

    how = stream.adaptation
    own: dict[str, Any] = {"r": how.rank, "lora_alpha": how.alpha, "use_dora": how.kind == "dora"}
    return get_peft_model(model, LoraConfig(task_type="CAUSAL_LM", target_modules="all-linear", **own))
