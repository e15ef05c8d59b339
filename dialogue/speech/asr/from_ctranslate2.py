"""Convert CTranslate2 Whisper weights back to openai-whisper and transformers, so that all engines run the same ones.

The layout of ``model.bin`` is that of CTranslate2's ``ModelSpec.save`` (binary version 6). It stores attention
projections joined: query, key and value of the self-attention, key and value of the cross-attention.
"""

from __future__ import annotations

import json
import os
import shutil
import struct
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

from dialogue.core import models
from dialogue.core.files import read_json

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Weights = Mapping[str, NDArray[np.generic]]

VERSION = 6  # oldest binary layout that is read
KINDS = {0: "float32", 1: "int8", 2: "int16", 3: "int32", 4: "float16"}  # CTranslate2's DataType


def for_openai(name: str | Path) -> Path:
    """Return a checkpoint for ``whisper.load_model``: the model itself if it is one, else a conversion made once."""
    folder = models.resolve(name)
    if folder.is_file():
        return folder
    made = models.derived(_label(name, folder), "openai", lambda out: _save_openai(folder, out / "model.pt"))
    return made / "model.pt"


def for_transformers(name: str | Path) -> Path:
    """Return a folder for ``WhisperForConditionalGeneration.from_pretrained``: the model, or a conversion made once."""
    folder = models.resolve(name)
    if (folder / "model.safetensors").exists():
        return folder
    return models.derived(_label(name, folder), "transformers", lambda out: _save_transformers(folder, out))


def _label(name: str | Path, folder: Path) -> str:
    return str(name) if str(name) in models.registry() else f"{folder.name}-{models.digest(folder)[:12]}"


def read_ctranslate2(path: Path) -> dict[str, Any]:
    """Read ``model.bin`` into arrays by name; int8 weights are dequantised with the scale of each row.

    Raises:
        ModelError: an older binary version, another kind of model, or a truncated file.
    """
    import numpy as np

    with path.open("rb") as file:
        arrays: dict[str, Any] = {}
        for name, shape, dtype, size in _headers(file, path):
            data = file.read(size)
            if dtype not in KINDS or len(data) != size:
                raise models.ModelError(f"{path}: {name} is damaged or of unknown type {dtype}.")
            arrays[name] = np.frombuffer(data, KINDS[dtype]).reshape(shape)
        for _ in range(_number(file, path, "I")):
            alias, target = _text(file, path), _text(file, path)
            arrays[alias] = arrays[target]
    for name in [n for n in arrays if n.endswith("/weight_scale")]:
        scale = arrays.pop(name).astype(np.float32)
        weight = name.removesuffix("_scale")
        arrays[weight] = arrays[weight].astype(np.float32) / scale.reshape(-1, *[1] * (arrays[weight].ndim - 1))
    return arrays


def shapes(path: Path) -> dict[str, list[int]]:
    """Return the shapes of the arrays in ``model.bin`` without reading them.

    Raises:
        ModelError: as :func:`read_ctranslate2`.
    """
    found = {}
    with path.open("rb") as file:
        for name, shape, _, size in _headers(file, path):
            found[name] = shape
            file.seek(size, os.SEEK_CUR)
    return found


def _headers(file: BinaryIO, path: Path) -> Iterator[tuple[str, list[int], int, int]]:
    """Yield the name, shape, type and size in bytes of each array; the file is then at its data, to read or skip."""
    if (version := _number(file, path, "I")) < VERSION:
        raise models.ModelError(f"{path}: binary version {version}. Accepted: {VERSION} or later.")
    if (kind := _text(file, path)) != "WhisperSpec":
        raise models.ModelError(f"{path}: holds {kind!r}. Accepted: a Whisper model.")
    _number(file, path, "I")  # revision
    for _ in range(_number(file, path, "I")):
        name = _text(file, path)
        shape = [_number(file, path, "I") for _ in range(_number(file, path, "B"))]
        yield name, shape, _number(file, path, "B"), _number(file, path, "I")


def _number(file: BinaryIO, path: Path, kind: str) -> int:
    data = file.read(struct.calcsize(kind))
    if len(data) < struct.calcsize(kind):
        raise models.ModelError(f"{path}: the file is truncated.")
    return int(struct.unpack(f"<{kind}", data)[0])


def _text(file: BinaryIO, path: Path) -> str:
    return file.read(_number(file, path, "H")).rstrip(b"\0").decode()


def to_openai(weights: Mapping[str, Any]) -> tuple[dict[str, int], dict[str, Any]]:
    """Convert CTranslate2's names and layout to openai-whisper's dimensions and float32 arrays by name."""
    import numpy as np

    converted: dict[str, Any] = {}
    width = weights["encoder/conv1/weight"].shape[0]

    def copy(target: str, source: str, kinds: tuple[str, str] = ("weight", "bias"), rows: slice = slice(None)) -> None:
        for ours, theirs in zip(("weight", "bias"), kinds, strict=True):
            if f"{source}/{theirs}" in weights and not (ours == "bias" and target.endswith(".key")):
                converted[f"{target}.{ours}"] = weights[f"{source}/{theirs}"][rows]

    def part(i: int) -> slice:
        return slice(i * width, (i + 1) * width)

    norm = ("gamma", "beta")
    depth = {
        side: 1
        + max(
            int(n.split("/")[1].removeprefix("layer_"))
            for n in weights
            if n.startswith(f"{side}/layer_") and n.split("/")[1] != "layer_norm"
        )
        for side in ("encoder", "decoder")
    }
    for side, layers in depth.items():
        for i in range(layers):
            source, target = f"{side}/layer_{i}", f"{side}.blocks.{i}"
            copy(f"{target}.attn_ln", f"{source}/self_attention/layer_norm", norm)
            for j, name in enumerate(("query", "key", "value")):
                copy(f"{target}.attn.{name}", f"{source}/self_attention/linear_0", rows=part(j))
            copy(f"{target}.attn.out", f"{source}/self_attention/linear_1")
            if side == "decoder":
                copy(f"{target}.cross_attn_ln", f"{source}/attention/layer_norm", norm)
                copy(f"{target}.cross_attn.query", f"{source}/attention/linear_0")
                for j, name in enumerate(("key", "value")):
                    copy(f"{target}.cross_attn.{name}", f"{source}/attention/linear_1", rows=part(j))
                copy(f"{target}.cross_attn.out", f"{source}/attention/linear_2")
            copy(f"{target}.mlp_ln", f"{source}/ffn/layer_norm", norm)
            copy(f"{target}.mlp.0", f"{source}/ffn/linear_0")
            copy(f"{target}.mlp.2", f"{source}/ffn/linear_1")
    for name in ("conv1", "conv2"):
        copy(f"encoder.{name}", f"encoder/{name}")
    copy("encoder.ln_post", "encoder/layer_norm", norm)
    copy("decoder.ln", "decoder/layer_norm", norm)
    converted["encoder.positional_embedding"] = weights["encoder/position_encodings/encodings"]
    converted["decoder.positional_embedding"] = weights["decoder/position_encodings/encodings"]
    converted["decoder.token_embedding.weight"] = weights["decoder/embeddings/weight"]
    arrays = {name: np.array(array, dtype=np.float32) for name, array in converted.items()}
    dimensions = {
        "n_mels": arrays["encoder.conv1.weight"].shape[1],
        "n_audio_ctx": arrays["encoder.positional_embedding"].shape[0],
        "n_audio_state": width,
        "n_audio_head": int(weights["encoder/num_heads"]),
        "n_audio_layer": depth["encoder"],
        "n_vocab": arrays["decoder.token_embedding.weight"].shape[0],
        "n_text_ctx": arrays["decoder.positional_embedding"].shape[0],
        "n_text_state": width,
        "n_text_head": int(weights["decoder/num_heads"]),
        "n_text_layer": depth["decoder"],
    }
    return dimensions, arrays


def _save_openai(folder: Path, target: Path) -> None:
    import torch

    dimensions, arrays = to_openai(read_ctranslate2(folder / "model.bin"))
    heads = read_json(folder / "config.json").get("alignment_heads")
    state = {name: torch.from_numpy(array) for name, array in arrays.items()}
    torch.save({"dims": dimensions, "model_state_dict": state, "alignment_heads": heads}, target)


_NAMES = {  # openai-whisper -> transformers
    "blocks.": "layers.",
    ".mlp.0.": ".fc1.",
    ".mlp.2.": ".fc2.",
    ".mlp_ln.": ".final_layer_norm.",
    ".cross_attn_ln.": ".encoder_attn_layer_norm.",
    ".attn_ln.": ".self_attn_layer_norm.",
    ".cross_attn.": ".encoder_attn.",
    ".attn.": ".self_attn.",
    ".query.": ".q_proj.",
    ".key.": ".k_proj.",
    ".value.": ".v_proj.",
    ".out.": ".out_proj.",
    "encoder.ln_post.": "encoder.layer_norm.",
    "decoder.ln.": "decoder.layer_norm.",
    "token_embedding.": "embed_tokens.",
    "positional_embedding": "embed_positions.weight",
}


def _save_transformers(folder: Path, out: Path) -> None:
    import torch
    from safetensors.torch import save_file

    dimensions, arrays = to_openai(read_ctranslate2(folder / "model.bin"))
    tensors = {}
    for name, array in arrays.items():
        for ours, theirs in _NAMES.items():
            name = name.replace(ours, theirs)
        tensors[f"model.{name}"] = torch.from_numpy(array).contiguous()
    save_file(tensors, str(out / "model.safetensors"), metadata={"format": "pt"})
    settings = read_json(folder / "config.json")
    tokenizer = read_json(folder / "tokenizer.json")
    ids = {t["content"]: t["id"] for t in tokenizer["added_tokens"]}
    end = ids["<|endoftext|>"]
    common = {
        "decoder_start_token_id": ids["<|startoftranscript|>"],
        "bos_token_id": end,
        "eos_token_id": end,
        "pad_token_id": end,
    }
    write = {
        "config.json": {
            "model_type": "whisper",
            "architectures": ["WhisperForConditionalGeneration"],
            "vocab_size": dimensions["n_vocab"],
            "num_mel_bins": dimensions["n_mels"],
            "d_model": dimensions["n_audio_state"],
            "encoder_layers": dimensions["n_audio_layer"],
            "encoder_attention_heads": dimensions["n_audio_head"],
            "encoder_ffn_dim": 4 * dimensions["n_audio_state"],
            "decoder_layers": dimensions["n_text_layer"],
            "decoder_attention_heads": dimensions["n_text_head"],
            "decoder_ffn_dim": 4 * dimensions["n_text_state"],
            "max_source_positions": dimensions["n_audio_ctx"],
            "max_target_positions": dimensions["n_text_ctx"],
            "tie_word_embeddings": True,
            "is_encoder_decoder": True,
            **common,
        },
        "generation_config.json": {
            **common,
            "max_length": dimensions["n_text_ctx"],
            "is_multilingual": True,
            "no_timestamps_token_id": ids["<|notimestamps|>"],
            "prev_sot_token_id": ids["<|startofprev|>"],
            "return_timestamps": False,
            "suppress_tokens": settings["suppress_ids"],
            "begin_suppress_tokens": settings["suppress_ids_begin"],
            "alignment_heads": settings["alignment_heads"],
            "task_to_id": {task: ids[f"<|{task}|>"] for task in ("translate", "transcribe")},
            "lang_to_id": {token: i for token, i in ids.items() if i in set(settings["lang_ids"])},
        },
        "preprocessor_config.json": {
            "feature_extractor_type": "WhisperFeatureExtractor",
            "processor_class": "WhisperProcessor",
            "feature_size": dimensions["n_mels"],
            "sampling_rate": 16000,
            "hop_length": 160,
            "chunk_length": 30,
            "n_fft": 400,
        },
        "tokenizer_config.json": {
            "tokenizer_class": "WhisperTokenizer",
            "processor_class": "WhisperProcessor",
            "errors": "replace",
            **{f"{kind}_token": "<|endoftext|>" for kind in ("bos", "eos", "unk", "pad")},
        },
    }
    for name, value in write.items():
        (out / name).write_text(json.dumps(value, ensure_ascii=False, indent=1), encoding="utf-8")
    (out / "vocab.json").write_text(json.dumps(tokenizer["model"]["vocab"], ensure_ascii=False), encoding="utf-8")
    merges = (m if isinstance(m, str) else " ".join(m) for m in tokenizer["model"]["merges"])
    (out / "merges.txt").write_text("#version: 0.2\n" + "\n".join(merges) + "\n", encoding="utf-8")
    shutil.copyfile(folder / "tokenizer.json", out / "tokenizer.json")
