"""Write the model of an acoustic finetuning for the recogniser: CTranslate2, with its tokenizer and its card."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path
from typing import Any, Literal, get_args

from dialogue.core import tainted
from dialogue.learning.acoustic import finetuning
from dialogue.learning.acoustic.adapted_whisper import AdaptedWhisper
from dialogue.learning.acoustic.finetuning_options import AcousticError
from dialogue.learning.continual.model_card import CARD
from dialogue.llm.conversion import whole

Precision = Literal["float32", "float16", "int8", "int8_float16"]
PRECISIONS = get_args(Precision)
BESIDE = ("tokenizer.json", "preprocessor_config.json")  # what faster-whisper reads beside the weights
PROCESSOR = (*BESIDE, "tokenizer_config.json", "vocab.json", "merges.txt", "special_tokens_map.json")


def publish(exp: Path, out: Path, precision: Precision = "float16") -> None:
    """Write the whole model, the best adapters merged, as a folder for ``asr.model``.

    Args:
        precision: of the weights in the file; the recogniser converts them to its ``asr.compute_type``.

    Raises:
        AcousticError: the run is not done, no update was better than the initial model, or the folder exists.
        TaintedError: it learned from data that were erased since.
    """
    run = finetuning.run_of(exp)
    tainted.refuse(exp)
    if (found := finetuning.result(exp)) is None:
        raise AcousticError(f"{exp}: not done. Type: dialogue acoustic resume {exp}")
    if not found["best"]:
        raise AcousticError(f"{exp}: {finetuning.said(found)}. Not published: use {run.model}, or change the run.")
    if out.exists():
        raise AcousticError(f"{out}: exists. Name a new folder.")
    learner = AdaptedWhisper(run)
    learner.restore(exp / finetuning.BEST)
    with whole(out) as part:
        to_ctranslate2(learner.merged(), learner.base, part, precision)
        shutil.copy(exp / CARD, part / CARD)


def to_ctranslate2(model: Any, processor: Path, out: Path, precision: Precision) -> None:
    """Write a transformers Whisper model as a CTranslate2 folder.

    Args:
        processor: folder with its tokenizer and the options of its features.
    """
    from ctranslate2.converters import TransformersConverter

    with tempfile.TemporaryDirectory(prefix=f".{out.name}.", dir=out.parent) as between:
        model.save_pretrained(between)
        for name in PROCESSOR:
            if (processor / name).exists():
                shutil.copy(processor / name, Path(between) / name)
        converter = TransformersConverter(between, copy_files=list(BESIDE))
        converter.convert(str(out), quantization=precision, force=True)
