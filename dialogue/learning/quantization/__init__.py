"""Quantise a finetuned model: write smaller files, and measure how much each loses and how fast it is.

    out, test = Path("models/debates"), Path("test.jsonl")
    rows = quantize("exp/replay/model", out, ["ctranslate2-int8", "gguf-q4_0"], test=test)

Weights are rounded after training, without calibration data. The loss is always measured on held-out text.
"""

from __future__ import annotations

import importlib.util
import shutil
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from dialogue.core import models, tables
from dialogue.core.errors import DialogueError
from dialogue.core.extras import how_to_install
from dialogue.core.files import read_json, to_json
from dialogue.llm import conversion, gguf

CARD = "card.json"
ORIGINAL = "float32"
FORMATS = ("ctranslate2-int8", *(f"gguf-{t}" for t in gguf.TYPES), "torchao-int8")
WEIGHTS = "Accepted: a registered name, a transformers folder of whole weights or a .gguf file."


class QuantizationError(DialogueError, ValueError):
    """Raised when a model cannot be quantised; the message says what was found and what to do."""


@dataclass(frozen=True, slots=True)
class QuantizedModel:
    """Size, quality and speed of one format; ``None`` is unknown, and ``note`` says why.

    Attributes:
        folder: folder that was written, or the original.
        megabytes: size of all its files, in 10^6 bytes.
        bits_per_byte: bits per byte on the test examples; lower is better.
        prompt, written: tokens read and written per second of CPU time, with one thread.
    """

    format: str
    folder: str
    megabytes: float
    bits_per_byte: float | None = None
    prompt: float | None = None
    written: float | None = None
    note: str = ""


def quantize(
    model: str | Path,
    out: Path,
    formats: Sequence[str],
    *,
    test: Path | None = None,
    report: Callable[[str], None] = print,
) -> list[QuantizedModel]:
    """Write ``out/<format>/`` for each format, with the model's card, and measure it together with the original.

    Args:
        model: a registered name, a transformers folder or a GGUF file.
        formats: some of ``FORMATS``.
        test: examples made by ``dialogue tasks``; without them bits per byte are unknown.
        report: called with a line of text to report progress.

    Returns:
        A row for the original, then one per format.

    Raises:
        QuantizationError: the format is unknown, its folder exists, or the model is already quantised; then nothing is
            written.
        dialogue.llm.LLMError: the model cannot be written in a format.
        dialogue.learning.tasks.TaskError: the test file holds no examples.
    """
    from dialogue.learning.quantization import measurement

    for name in formats:
        if name not in FORMATS:
            raise QuantizationError(f"format {name!r}. Accepted: {', '.join(FORMATS)}.")
        if (out / name).exists():
            raise QuantizationError(f"{out / name}: exists. Name a new folder.")
    if conversion.kind(models.resolve(model))[0] == "ctranslate2":
        raise QuantizationError(f"{model}: a CTranslate2 model. {WEIGHTS}")
    _, source = conversion.prepare(model, "transformers", "cpu")
    if "quantization_config" in read_json(source / "config.json"):
        raise QuantizationError(f"{source}: already quantised. {WEIGHTS}")
    base = gguf.base_of(model) if any(f.startswith("gguf-") for f in formats) else None
    if "torchao-int8" in formats and importlib.util.find_spec("torchao") is None:
        raise QuantizationError(f"torchao is not installed. {how_to_install('quantization')}")
    sample = measurement.sample(source, test)
    rows = [_row(ORIGINAL, source, sample, report)]
    for name in dict.fromkeys(formats):
        report(f"{name}: writing")
        with conversion.whole(out / name) as part:
            _write(name, source, part, base)
            if (source / CARD).exists():
                shutil.copy(source / CARD, part / CARD)
        rows.append(_row(name, out / name, sample, report))
    return rows


def _write(name: str, source: Path, out: Path, base: Path | None) -> None:
    engine, _, weights = name.partition("-")
    if engine == "ctranslate2":
        conversion.transformers_to_ctranslate2(source, out, weights)
    elif engine == "gguf":
        assert base is not None, "found before anything is written"
        gguf.transformers_to_gguf(source, out, weights, base)
    else:
        _write_torchao(source, out)


def _write_torchao(source: Path, out: Path) -> None:
    """Write int8 weights of the linear layers as safetensors; the embeddings stay float32."""
    import torch
    from torchao.quantization import Int8WeightOnlyConfig
    from transformers import AutoModelForCausalLM, AutoTokenizer, TorchAoConfig

    model: Any = AutoModelForCausalLM.from_pretrained(
        source,
        local_files_only=True,
        use_safetensors=True,
        dtype=torch.float32,
        quantization_config=TorchAoConfig(Int8WeightOnlyConfig()),
    )
    model.save_pretrained(out)
    AutoTokenizer.from_pretrained(source, local_files_only=True).save_pretrained(out)


def _row(name: str, folder: Path, sample: Any, report: Callable[[str], None]) -> QuantizedModel:
    from dialogue.learning.quantization import measurement

    report(f"{name}: measuring")
    size = sum(p.stat().st_size for p in folder.rglob("*") if p.is_file())
    return QuantizedModel(name, str(folder), size / 1e6, *measurement.measure(name, folder, sample))


# Reports ----------------------------------------------------------------------------------------------------------


def table(rows: Sequence[QuantizedModel]) -> str:
    """Return a table in Markdown, with notes below it on what is unknown."""
    heads = ("format", "MB", "bits per byte", "prompt tokens/s", "written tokens/s")
    cells = [
        [row.format, f"{row.megabytes:.1f}", _said(row.bits_per_byte, 4), _said(row.prompt, 0), _said(row.written, 1)]
        for row in rows
    ]
    lines = tables.markdown(heads, cells).rstrip()
    notes = [f"{row.format}: {row.note}." for row in rows if row.note]
    return "\n".join([lines, "", "Tokens a second of CPU time, one thread.", *notes]) + "\n"


def _said(value: float | None, digits: int) -> str:
    return "unknown" if value is None else f"{value:.{digits}f}"


def as_json(rows: Sequence[QuantizedModel]) -> str:
    return to_json([asdict(row) for row in rows])
