"""Language models: one small protocol, one file per engine.

    model = load("smollm2-135m-instruct")          # a name in models.yaml
    model = load("models/lucie-minutes")           # a folder: transformers or CTranslate2
    model = load("http://localhost:8000/v1")       # an OpenAI-compatible server, only when given by URL
    text = model.chat([{"role": "user", "content": "Bonjour"}], max_tokens=50)

A user's text cannot open a role: special tokens in messages are encoded as plain text.
"""

from __future__ import annotations

from pathlib import Path

from dialogue.llm.model import ENGINES, LanguageModel, LLMError, Message, is_url

__all__ = ["ENGINES", "LLMError", "LanguageModel", "Message", "is_url", "load", "may_write_minutes"]


def load(name: str | Path, *, engine: str | None = None, device: str = "auto") -> LanguageModel:
    """Load a model by name, folder, ``.gguf`` file or URL.

    A folder with ``model.bin`` is run by CTranslate2, a folder with ``.safetensors`` by transformers, and a ``.gguf``
    file by llama.cpp. With another engine, a GGUF or transformers model is converted once, into the models folder.

    Args:
        engine: ctranslate2, transformers, llamacpp or openai, to run the files with another engine than the default.
        device: auto, cpu or cuda.

    Raises:
        LLMError: no such engine, or a folder that holds no model.
        dialogue.core.models.ModelError: a registered model is not on this machine; the message gives the command that
            fetches it.
    """
    if engine is not None and engine not in ENGINES:
        raise LLMError(f"engine: found {engine!r}. Accepted: {', '.join(ENGINES)}.")
    if is_url(name):
        from dialogue.llm.openai import OpenAIServer

        if engine not in (None, "openai"):
            raise LLMError(f"{name}: a URL is a server, which engine {engine} cannot load. Do not name an engine.")
        return OpenAIServer(str(name))
    from dialogue.llm import conversion

    kind, path = conversion.prepare(name, engine, device)
    if kind == "ctranslate2":
        from dialogue.llm.ctranslate2 import CTranslate2Model

        return CTranslate2Model(path, name=str(name), device=device)
    if kind == "transformers":
        from dialogue.llm.transformers import TransformersModel

        return TransformersModel(path, name=str(name), device=device)
    from dialogue.llm.llamacpp import LlamaCppModel

    return LlamaCppModel(path, name=str(name), device=device)


def may_write_minutes(name: str | Path) -> bool:
    """Return whether a model may write minutes: as ``models.yaml`` says, and always if it is not registered there."""
    from dialogue.core import models

    if is_url(name) or Path(name).exists() or str(name) not in models.registry():
        return True
    return models.get(str(name)).minutes
