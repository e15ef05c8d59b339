"""Write GGUF files for llama.cpp from transformers weights of the Llama architecture.

How llama.cpp must split text (the kind of tokenizer, its rules before BPE, the type of each token) cannot be derived
reliably from a transformers folder, so it is copied from the GGUF file that the model was finetuned from.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from dialogue.core import compatibility, models
from dialogue.core.files import read_json
from dialogue.llm import conversion
from dialogue.llm.model import LLMError, needed

TYPES = ("q8_0", "q4_1", "q4_0")  # types of weights: 8.5, 5 and 4.5 bits per weight
SHAPE = {  # values that must be equal in file and weights: metadata -> configuration
    "embedding_length": "hidden_size",
    "feed_forward_length": "intermediate_size",
    "attention.head_count": "num_attention_heads",
    "attention.head_count_kv": "num_key_value_heads",
}


def base_of(model: str | Path) -> Path:
    """Return the GGUF file that a model is, or that its ``card.json`` says it was finetuned from.

    Raises:
        LLMError: the model is not a GGUF file and no base is known.
    """
    kind, path = conversion.kind(models.resolve(model))
    if kind == "llamacpp":
        return path
    base = _card(path).get("base", {}).get("model")
    if base in (None, str(model)):
        raise LLMError(
            f"{model}: a {kind} model without a card.json that names its base. A GGUF file takes its tokenizer from "
            "another one. Accepted: a .gguf file, or a model that `dialogue continual publish` made from one. "
            "Otherwise choose another format, e.g. ctranslate2-int8."
        )
    return base_of(base)


def transformers_to_gguf(folder: str | Path, out_dir: str | Path, weights: str, base: Path) -> None:
    """Write ``out_dir/model.gguf`` from a transformers folder.

    Matrices are quantised to ``weights`` and embeddings to ``q8_0`` (they may be tied to the output layer); vectors
    stay float32, as in llama.cpp's own files.

    Args:
        weights: one of ``TYPES``.
        base: GGUF file whose architecture and tokenizer are copied.

    Raises:
        LLMError: the model is not a Llama, or its tokenizer or shape differs from the base's.
    """
    folder, out_dir = Path(folder), Path(out_dir)
    with needed("gguf, transformers and torch"):
        compatibility.prepare()
        import gguf
        import torch
        from transformers import AutoModelForCausalLM, AutoTokenizer
    reader = gguf.GGUFReader(base)
    fields = {name: field.contents() for name, field in reader.fields.items()}
    tokenizer = AutoTokenizer.from_pretrained(folder, local_files_only=True)
    model: Any = AutoModelForCausalLM.from_pretrained(
        folder, local_files_only=True, use_safetensors=True, dtype=torch.float32
    )
    _refuse_strangers(folder, base, fields, model.config, tokenizer)
    with conversion.whole(out_dir) as part:
        writer = gguf.GGUFWriter(part / "model.gguf", "llama")
        writer.add_type("model")
        writer.add_name(folder.resolve().name)
        writer.add_file_type(gguf.LlamaFileType[f"MOSTLY_{weights.upper()}"])
        writer.add_quantization_version(gguf.GGML_QUANT_VERSION)
        own = {"llama.block_count": model.config.num_hidden_layers}  # blocks may have been added
        licence = _card(folder).get("licence", fields.get("general.license"))
        if licence not in (None, "unknown"):
            writer.add_license(licence)
        if tokenizer.chat_template:
            own["tokenizer.chat_template"] = tokenizer.chat_template
        for name, field in reader.fields.items():
            if name.startswith(("llama.", "tokenizer.")):
                sub = field.types[-1] if field.types[0] == gguf.GGUFValueType.ARRAY else None
                writer.add_key_value(name, own.pop(name, fields[name]), field.types[0], sub_type=sub)
        if "tokenizer.chat_template" in own:  # the base had none
            writer.add_chat_template(tokenizer.chat_template)
        names = gguf.get_tensor_name_map(gguf.MODEL_ARCH.LLAMA, model.config.num_hidden_layers)
        for name, parameter in model.named_parameters():  # yields tied weights once
            target = names.get_name(name, try_suffixes=(".weight",))
            if target is None:
                raise LLMError(f"{folder}: llama.cpp's Llama has no {name}. Choose another format.")
            data = parameter.detach().numpy()
            if "q_proj" in name:
                data = _interleaved(data, model.config.num_attention_heads)
            elif "k_proj" in name:
                data = _interleaved(data, model.config.num_key_value_heads)
            kind = _type(target, data, weights)
            writer.add_tensor(target, gguf.quants.quantize(data, kind), raw_dtype=kind)
        for tensor in reader.tensors:
            if tensor.name == "rope_freqs.weight":  # in Llama 3; transformers computes them
                writer.add_tensor(tensor.name, tensor.data)
        writer.write_header_to_file()
        writer.write_kv_data_to_file()
        writer.write_tensors_to_file()
        writer.close()


def _card(folder: Path) -> dict[str, Any]:
    path = folder / "card.json"
    return read_json(path) if path.exists() else {}


def _refuse_strangers(folder: Path, base: Path, fields: dict[str, Any], config: Any, tokenizer: Any) -> None:
    found = {config.model_type, fields["general.architecture"]}
    if found != {"llama"}:
        raise LLMError(f"{folder}: architecture {', '.join(sorted(found))}. Accepted: llama. Choose another format.")
    for name, attribute in SHAPE.items():
        if fields.get(f"llama.{name}") != getattr(config, attribute):
            raise LLMError(
                f"{folder}: {attribute} is {getattr(config, attribute)}; in {base} it is "
                f"{fields.get(f'llama.{name}')}. The card names a base that this model was not made from; choose "
                "another format."
            )
    tokens = fields["tokenizer.ggml.tokens"]
    if len(tokens) != config.vocab_size or any(
        i >= len(tokens) or tokens[i] != token for token, i in tokenizer.get_vocab().items()
    ):
        raise LLMError(
            f"{folder}: its tokenizer is not that of {base}, which the file would contain. Choose another format."
        )


def _interleaved(data: Any, heads: int) -> Any:
    """Reorder the rows of a query or key projection for llama.cpp, which rotates adjacent pairs of rows.

    In transformers the two rows of a pair are half a head apart.
    """
    return data.reshape(heads, 2, -1, *data.shape[1:]).swapaxes(1, 2).reshape(data.shape)


def _type(name: str, data: Any, weights: str) -> Any:
    import gguf

    if data.ndim == 1:
        return gguf.GGMLQuantizationType.F32
    if data.shape[-1] % 32:  # a block has 32 weights
        return gguf.GGMLQuantizationType.F16
    if name.startswith(("token_embd", "output.")):
        return gguf.GGMLQuantizationType.Q8_0
    return gguf.GGMLQuantizationType[weights.upper()]
