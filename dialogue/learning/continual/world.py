"""Several processes for one model: ``torchrun`` starts them.

    torchrun --nproc-per-node 8 -m dialogue continual train conf/continual.yaml --exp exp/replay

Every process reads the same data, takes its share of the rows of an update and of the documents of an evaluation; only
the first one writes. Each has all weights and their gradients are averaged, or, with ``training.sharded``, FSDP2 shards
weights, gradients and optimizer over them. A single process runs the same code.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from dialogue.learning.continual.options import ContinualError

Item = TypeVar("Item")
SIZE = "WORLD_SIZE"  # environment variable of torchrun: how many processes it started


@dataclass(frozen=True)
class World:
    """The position of this process: ``rank`` of ``size``; ``local`` is its rank on its machine."""

    rank: int = 0
    size: int = 1
    local: int = 0

    @property
    def first(self) -> bool:
        """Whether this process writes and reports."""
        return self.rank == 0

    def total(self, values: Sequence[float]) -> list[float]:
        """Return the sums of numbers over the processes."""
        if self.size == 1 or not values:
            return list(values)
        import torch

        device = "cuda" if torch.cuda.is_available() else "cpu"
        summed = torch.tensor(values, dtype=torch.float64, device=device)
        torch.distributed.all_reduce(summed)
        return [float(value) for value in summed]

    def each(self, items: Sequence[Item], measure: Callable[[Item], float]) -> list[float]:
        """Return what ``measure`` says of each item; the items are shared out, and every process gets all results.

        All processes measure equally often, as sharded weights need it: at the end some measure the last item again.
        """
        found = [0.0] * len(items)
        for first in range(0, len(items), self.size):
            number = first + self.rank
            value = measure(items[min(number, len(items) - 1)])
            if number < len(items):
                found[number] = value
        return self.total(found)

    def gathered(self, value: Item) -> list[Item]:
        """Return what each process has, in the order of their ranks."""
        if self.size == 1:
            return [value]
        import torch

        found: list[Any] = [None] * self.size
        torch.distributed.all_gather_object(found, value)
        return found

    def agreed(self, value: Item) -> Item:
        """Return what the first process has, for values that chance or rounding may make different."""
        if self.size == 1:
            return value
        import torch

        shared = [value]
        torch.distributed.broadcast_object_list(shared)
        return shared[0]

    def align(self, tensors: Iterable[Any]) -> None:
        """Set tensors, which every process has whole, to those of the first process."""
        import torch

        for tensor in tensors:
            torch.distributed.broadcast(tensor.detach(), 0)

    def average(self, gradients: Iterable[Any]) -> None:
        """Set gradients, which every process has whole, to their mean over the processes."""
        import torch

        for gradient in gradients:
            torch.distributed.all_reduce(gradient)
            gradient /= self.size

    def wait(self) -> None:
        """Wait for all processes."""
        if self.size > 1:
            import torch

            torch.distributed.barrier()


def join() -> World:
    """Return the world that torchrun made, or a world of this process alone.

    Raises:
        ContinualError: this machine has GPUs, but not one for each of its processes.
    """
    size = int(os.environ.get(SIZE, "1"))
    if size == 1:
        return World()
    import torch

    local = int(os.environ.get("LOCAL_RANK", "0"))
    if torch.cuda.is_available():
        if local >= (gpus := torch.cuda.device_count()):
            raise ContinualError(
                f"process {local + 1} of this machine, which has {gpus} GPU{'s' * (gpus > 1)}. "
                f"Accepted: torchrun --nproc-per-node {gpus}, or an empty CUDA_VISIBLE_DEVICES to train on processors."
            )
        torch.cuda.set_device(local)
    if not torch.distributed.is_initialized():
        torch.distributed.init_process_group("nccl" if torch.cuda.is_available() else "gloo")
    return World(int(os.environ["RANK"]), size, local)


def refuse_several(what: str) -> None:
    """Check that this process is alone, for what is written from one.

    Raises:
        ContinualError: torchrun started several.
    """
    if (size := int(os.environ.get(SIZE, "1"))) > 1:
        raise ContinualError(f"{what}: {size} processes. Accepted: one, without torchrun.")


def shard(model: Any) -> None:
    """Shard the weights of a model over the processes, block by block (FSDP2, Zhao et al. 2023)."""
    from torch.distributed.fsdp import fully_shard

    whole = model.get_base_model() if hasattr(model, "get_base_model") else model
    for module in list(whole.modules()):
        if type(module).__name__ in (whole._no_split_modules or ()):
            fully_shard(module)
    fully_shard(whole, reshard_after_forward=True)  # otherwise its weights stay unsharded after an evaluation


def gathered(tensors: Mapping[str, Any]) -> dict[str, Any]:
    """Return the same tensors unsharded, on the CPU; every process must call it."""
    whole = ((name, t.full_tensor() if hasattr(t, "full_tensor") else t) for name, t in tensors.items())
    return {name: t.detach().cpu().contiguous() for name, t in whole}


def like(tensor: Any, parameter: Any) -> Any:
    """Shard a whole tensor in the same way as a parameter."""
    if not hasattr(parameter, "full_tensor") or hasattr(tensor, "full_tensor"):
        return tensor.to(parameter.device)
    from torch.distributed.tensor import distribute_tensor

    return distribute_tensor(tensor.to(parameter.device), parameter.device_mesh, parameter.placements)


def optimizer_state(optimizer: Any) -> dict[str, Any]:
    """Return an optimizer's state with unsharded tensors, for any number of processes; every process must call it."""
    state = optimizer.state_dict()
    return {**state, "state": {index: gathered(moments) for index, moments in state["state"].items()}}


def put_optimizer_state(optimizer: Any, state: Mapping[str, Any]) -> None:
    """Restore what :func:`optimizer_state` returned."""
    parameters = [p for group in optimizer.param_groups for p in group["params"]]
    shared = {
        index: {key: like(value, parameters[index]) if value.ndim else value for key, value in moments.items()}
        for index, moments in state["state"].items()
    }
    optimizer.load_state_dict({**state, "state": shared})
