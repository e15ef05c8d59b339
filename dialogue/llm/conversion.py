"""Convert models from one format to another, once: GGUF -> transformers -> CTranslate2.

A dequantised GGUF holds exactly the quantised weights, so going through transformers loses nothing; int8 is then
CTranslate2's own quantisation. A conversion is built next to its target and renamed when complete, so no partial
model is ever loaded.
"""

from __future__ import annotations

import contextlib
import functools
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from dialogue.core import compatibility
from dialogue.llm.model import LLMError, needed

TOKENIZER_FILES = ("tokenizer.json", "tokenizer_config.json", "chat_template.jinja", "special_tokens_map.json")
# CTranslate2's configuration does not name the kind of model, and transformers then warns that the tokenizer may be one
# of Mistral's first ones, which split numbers wrongly; theirs is split as llama.cpp does
TOKENIZER: dict[str, Any] = {"fix_mistral_regex": False}
RUN = "stream.json"  # file that marks the folder of a continual run


def prepare(name: str | Path, engine: str | None, device: str) -> tuple[str, Path]:
    """Return the engine for a model and the file or folder to load, converted if necessary.

    Raises:
        LLMError: the folder holds no model, or none that the engine can run.
    """
    from dialogue.core import models

    path = models.resolve(name)
    registered = not Path(name).exists()
    found, path = kind(path)
    if found == "llamacpp" and registered and engine is None:
        engine = _default(device)  # an embedded GGUF: llama.cpp is not installed by default
    # A transformers folder stays with transformers on a CPU too. CTranslate2 in int8 is twice as fast and loses 6 % in
    # bits per byte (benchmarks/RESULTS.md, Quantised models), about as much as a small finetuning gains; in float32 it
    # loses nothing and is a third faster, but needs a second copy of every finetuned model. Both remain available
    # through engine=ctranslate2 and `dialogue quantize`.
    engine = engine or found
    if engine == found:
        return engine, path
    label = str(name) if registered else f"{path.stem}-{models.digest(path)[:12]}"
    if engine == "openai" or found == "ctranslate2" or engine == "llamacpp":
        raise LLMError(f"{path}: holds a {found} model, which engine {engine} cannot run. Do not name an engine.")
    if engine == "transformers":
        return engine, models.derived(label, "transformers", functools.partial(gguf_to_transformers, path))
    convert = gguf_to_ctranslate2 if found == "llamacpp" else transformers_to_ctranslate2
    return engine, models.derived(label, "ctranslate2", functools.partial(convert, path))


def gguf_to_transformers(gguf: str | Path, out_dir: str | Path) -> None:
    """Convert a GGUF file to a transformers folder (float32 safetensors and tokenizer).

    Raises:
        LLMError: the file is not a GGUF that transformers can read.
    """
    gguf, out_dir = Path(gguf), Path(out_dir)
    with needed("transformers and torch"):
        compatibility.prepare()
        import torch
        from transformers import AutoModelForCausalLM, AutoTokenizer, GgufConfig
    try:
        tokenizer = AutoTokenizer.from_pretrained(gguf.parent, gguf_file=gguf.name, local_files_only=True)
        model = AutoModelForCausalLM.from_pretrained(
            gguf.parent,
            gguf_file=gguf.name,
            local_files_only=True,
            dtype=torch.float32,
            quantization_config=GgufConfig(dequantize=True),  # otherwise it counts as quantised and cannot be saved
        )
    except (OSError, ValueError, KeyError, ImportError) as error:
        raise LLMError(f"{gguf}: transformers cannot read it: {error}") from error
    tokenizer.model_max_length = int(model.config.max_position_embeddings)
    with whole(out_dir) as part:
        model.save_pretrained(part)
        tokenizer.save_pretrained(part)


def gguf_to_ctranslate2(gguf: str | Path, out_dir: str | Path) -> None:
    """Convert a GGUF file to a CTranslate2 folder; the float32 weights between them do not stay on disk.

    Raises:
        LLMError: transformers cannot read the file, or CTranslate2 does not support the architecture.
    """
    out_dir = Path(out_dir)
    with tempfile.TemporaryDirectory(prefix=f".{out_dir.name}.", dir=out_dir.parent) as between:
        gguf_to_transformers(gguf, Path(between) / "model")
        transformers_to_ctranslate2(Path(between) / "model", out_dir)


def transformers_to_ctranslate2(folder: str | Path, out_dir: str | Path, quantization: str = "int8") -> None:
    """Convert a transformers folder to a CTranslate2 folder, including the tokenizer.

    Raises:
        LLMError: CTranslate2 does not support the architecture.
    """
    folder, out_dir = Path(folder), Path(out_dir)
    with needed("ctranslate2 and transformers"):
        compatibility.prepare()
        from ctranslate2.converters import TransformersConverter
        from transformers import AutoConfig, AutoTokenizer
    present = [f for f in TOKENIZER_FILES if (folder / f).exists()]
    with whole(out_dir) as part:
        try:
            converter = TransformersConverter(str(folder), copy_files=present)
            converter.convert(str(part), quantization=quantization, force=True)
        except (ValueError, OSError) as error:
            raise LLMError(f"{folder}: CTranslate2 cannot convert it: {error}") from error
        tokenizer = AutoTokenizer.from_pretrained(part, local_files_only=True, **TOKENIZER)
        length = getattr(AutoConfig.from_pretrained(folder, local_files_only=True), "max_position_embeddings", None)
        if length:  # CTranslate2's own configuration does not hold it
            tokenizer.model_max_length = int(length)
            tokenizer.save_pretrained(part)


def kind(path: Path) -> tuple[str, Path]:
    """Return the engine whose files these are, and the file or folder to load.

    Raises:
        LLMError: there is no model, or the folder is a run of ``dialogue continual``, whose checkpoints are adapters or
            parts of a model.
    """
    # perhaps a task's folder inside a run; a model published into the run's folder has a config.json
    task = path.is_dir() and not (path / "config.json").exists()
    for run in (path, *([path.parent] if task else [])):
        if (run / RUN).exists():
            raise LLMError(
                f"{path}: belongs to a continual run and is not a model. Type: dialogue continual publish {run} --out "
                "MODEL, and name that folder."
            )
    if path.is_file():
        if path.suffix != ".gguf":
            raise LLMError(f"{path}: not a model. Accepted: a .gguf file or a folder.")
        return "llamacpp", path
    if (path / "model.bin").exists():
        return "ctranslate2", path
    if any(path.glob("*.safetensors")):
        return "transformers", path
    files = sorted(path.glob("*.gguf"))
    if len(files) == 1:
        return "llamacpp", files[0]
    raise LLMError(
        f"{path}: holds no language model. Accepted: model.bin (CTranslate2), .safetensors (transformers) or one .gguf "
        "file."
    )


def _default(device: str) -> str:
    if device == "cpu":
        return "ctranslate2"
    import torch

    return "transformers" if torch.cuda.is_available() else "ctranslate2"


@contextlib.contextmanager
def whole(out_dir: Path) -> Iterator[Path]:
    """Yield a temporary folder that takes its final name when it is complete."""
    out_dir.parent.mkdir(parents=True, exist_ok=True)
    part = Path(tempfile.mkdtemp(prefix=f".{out_dir.name}.", dir=out_dir.parent))
    try:
        yield part
        if out_dir.is_dir():
            out_dir.rmdir()  # fails unless empty, before anything is lost
        part.rename(out_dir)
    finally:
        shutil.rmtree(part, ignore_errors=True)
