"""Add blocks to a network that change nothing at first (block expansion, LLaMA-Pro, Wu et al. 2024)."""

from __future__ import annotations

import copy
from typing import Any

from dialogue.learning.continual.options import ContinualError


def grow(model: Any, every: int) -> int:
    """Insert a copy after every ``every``-th block, with zero output projections; only the copies are trained.

    Returns:
        The number of new blocks.

    Raises:
        ContinualError: the blocks are not like Llama's, or there are fewer than ``every``.
    """
    import torch

    layers = getattr(getattr(model, "model", None), "layers", None)
    if layers is None or not hasattr(layers[0], "mlp") or not hasattr(layers[0].mlp, "down_proj"):
        raise ContinualError(f"method grow: {type(model).__name__} has no blocks like Llama's. Use an adapter instead.")
    for p in model.parameters():
        p.requires_grad = False
    grown, new = [], 0
    for index, layer in enumerate(layers, start=1):
        grown.append(layer)
        if index % every == 0:
            block = copy.deepcopy(layer)
            with torch.no_grad():
                block.self_attn.o_proj.weight.zero_()
                block.mlp.down_proj.weight.zero_()
            for p in block.parameters():
                p.requires_grad = True
            grown.append(block)
            new += 1
    if not new:
        raise ContinualError(f"method grow: {len(layers)} blocks and grow.every={every}. Lower it.")
    for index, layer in enumerate(grown):
        layer.self_attn.layer_idx = index
    model.model.layers = torch.nn.ModuleList(grown)
    model.config.num_hidden_layers = len(grown)
    if getattr(model.config, "layer_types", None):
        model.config.layer_types = [model.config.layer_types[0]] * len(grown)
    return new
