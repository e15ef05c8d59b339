"""A tiny model with the files, inputs and outputs of an ONNX export of Parakeet, for the tests of the engine ``onnx``.

The features of a window have mean 0 and variance 1 over time, so the encoder can only tell how loud a frame is beside
the others; in digital silence, all bands are alike. The joint network knows by heart which token follows which: it
emits one in every second loud frame, and a blank in quiet ones.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

FRAME = 0.08  # seconds
BLANK = "<blk>"
SAYING = {BLANK: "▁bon", "▁bon": "jour", "jour": "▁à", "▁à": "▁tous", "▁tous": ".", ".": "▁bon"}
LOOP = {BLANK: "▁oui", "▁oui": "▁oui"}
FEATURES = 128
FLOAT, INT = TensorProto.FLOAT, TensorProto.INT64


def save(folder: Path, follows: Mapping[str, str] = SAYING, kind: str = "nemo-conformer-tdt", suffix: str = "") -> Path:
    """Write a model into ``folder``, and return it.

    Args:
        follows: the token that follows each one; the first follows the blank.
        suffix: of the networks' files, such as ``.int8``.
    """
    folder.mkdir(parents=True, exist_ok=True)
    vocabulary = ["<unk>", *sorted(set(follows.values())), BLANK]
    (folder / "vocab.txt").write_text("".join(f"{t} {i}\n" for i, t in enumerate(vocabulary)), encoding="utf-8")
    about = {"model_type": kind, "features_size": FEATURES, "subsampling_factor": 8}
    (folder / "config.json").write_text(json.dumps(about))
    _save(folder / f"encoder-model{suffix}.onnx", *_encoder())
    _save(folder / f"decoder_joint-model{suffix}.onnx", *_joint(vocabulary, follows))
    return folder


def _encoder() -> tuple[list, list, list, dict]:
    """``audio_signal (B, 128, T)``, ``length (B,)`` -> ``outputs (B, 1, T / 8)``, ``encoded_lengths (B,)``."""
    pool = {"kernel_shape": [8], "strides": [8], "ceil_mode": 1}
    nodes = [
        helper.make_node("ReduceMean", ["audio_signal"], ["mean"], axes=[1], keepdims=1),
        helper.make_node("Sub", ["audio_signal", "mean"], ["deviation"]),
        helper.make_node("Mul", ["deviation", "deviation"], ["square"]),
        helper.make_node("ReduceMean", ["square"], ["variance"], axes=[1], keepdims=1),
        helper.make_node("AveragePool", ["mean"], ["level"], **pool),
        helper.make_node("AveragePool", ["variance"], ["texture"], **pool),
        helper.make_node("Greater", ["texture", "none"], ["sounds"]),
        helper.make_node("Where", ["sounds", "level", "silence"], ["outputs"]),
        helper.make_node("Add", ["length", "seven"], ["more"]),
        helper.make_node("Div", ["more", "eight"], ["encoded_lengths"]),
    ]
    inputs = [("audio_signal", FLOAT, ["B", FEATURES, "T"]), ("length", INT, ["B"])]
    outputs = [("outputs", FLOAT, ["B", 1, "F"]), ("encoded_lengths", INT, ["B"])]
    counts = {"seven": np.int64([7]), "eight": np.int64([8])}
    return nodes, inputs, outputs, {**counts, "none": np.float32(0.005), "silence": np.float32(-9)}


def _joint(vocabulary: list[str], follows: Mapping[str, str]) -> tuple[list, list, list, dict]:
    """Logits of the tokens, then of five durations; the states, which this network does not need, pass through."""
    size = len(vocabulary)
    emits, waits = np.zeros((size, size + 5), np.float32), np.zeros((1, size + 5), np.float32)
    for before, after in follows.items():
        emits[vocabulary.index(before), vocabulary.index(after)] = 9.0
    emits[:, size + 2] = 9.0  # a token lasts two frames
    waits[0, size - 1] = waits[0, size + 1] = 9.0  # a blank lasts one
    nodes = [
        helper.make_node("Gather", ["emits", "targets"], ["next"]),  # (1, 1, V + 5)
        helper.make_node("Greater", ["encoder_outputs", "loud"], ["is_loud"]),
        helper.make_node("Where", ["is_loud", "next", "waits"], ["flat"]),
        helper.make_node("Unsqueeze", ["flat", "axis"], ["outputs"]),
        helper.make_node("Identity", ["input_states_1"], ["output_states_1"]),
        helper.make_node("Identity", ["input_states_2"], ["output_states_2"]),
    ]
    states = [(f"{way}_states_{n}", FLOAT, [2, "B", 4]) for way in ("input", "output") for n in (1, 2)]
    targets = [("encoder_outputs", FLOAT, ["B", 1, 1]), ("targets", TensorProto.INT32, ["B", 1])]
    inputs = [*targets, ("target_length", TensorProto.INT32, ["B"]), *states[:2]]
    outputs = [("outputs", FLOAT, ["B", 1, 1, size + 5]), *states[2:]]
    return nodes, inputs, outputs, {"emits": emits, "waits": waits, "loud": np.float32(-0.3), "axis": np.int64([1])}


def _save(path: Path, nodes: list, inputs: list, outputs: list, constants: Mapping[str, np.ndarray]) -> None:
    graph = helper.make_graph(
        nodes,
        path.stem,
        [helper.make_tensor_value_info(*each) for each in inputs],
        [helper.make_tensor_value_info(*each) for each in outputs],
        [numpy_helper.from_array(np.asarray(value), name) for name, value in constants.items()],
    )
    onnx.save(helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8), path)
