"""Options of the minutes, and of the documents that show them."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

Style = Literal["compte_rendu", "releve_decisions", "synthese", "verbatim"]
Format = Literal["md", "html", "docx", "odt", "pdf", "tex"]


@dataclass(frozen=True)
class MinutesConfig:
    """How minutes are written.

    Attributes:
        language: of the minutes; forced in every prompt, whatever the meeting mixes.
        model: a name of ``models.yaml``, a folder, a ``.gguf`` file or the URL of an OpenAI-compatible server; ``None``
            for extractive minutes. A registered model that may not write minutes gives extractive ones too.
        engine: of the model, to run its files otherwise: transformers, ctranslate2, llamacpp or openai. On a CPU ctranslate2 (int8) is
            twice as fast as transformers, and loses some per cent.
        device: auto, cpu or cuda.
        chunk_tokens: transcript tokens read in one go; less when the model's context is shorter.
        answer_tokens: the longest answer for one chunk; less for one that is shorter.
        temperature: of the sampling; 0 always takes the likeliest token.
        length: short, medium or long: sentences of the summary, and points for each topic.
        entailment: folder of a classifier that says whether a statement follows from what it cites; what does not is to verify.
    """

    language: Literal["fr", "en"] = "fr"
    model: str | None = None
    engine: str | None = None
    device: str = "auto"
    chunk_tokens: int = 3000
    answer_tokens: int = 1200
    temperature: float = 0.0
    length: Literal["short", "medium", "long"] = "medium"
    entailment: str | None = None

    def __post_init__(self) -> None:
        for name in ("chunk_tokens", "answer_tokens"):
            if getattr(self, name) < 64:
                raise ValueError(f"{name}: found {getattr(self, name)}. Accepted: 64 or more.")

    @property
    def sentences(self) -> int:
        """Of the summary, at most."""
        return {"short": 3, "medium": 5, "long": 10}[self.length]

    @property
    def points(self) -> int:
        """For each topic, by rules."""
        return {"short": 1, "medium": 3, "long": 8}[self.length]


@dataclass(frozen=True)
class DocumentConfig:
    """How minutes are shown; nothing here changes what they say.

    Attributes:
        style: compte_rendu (everything), releve_decisions (decisions and actions), synthese (a page) or verbatim (all that was said).
        formats: endings of the documents to write: md, html, docx, odt, pdf, tex.
        template: a file to fill in, which replaces the style in documents of its ending.
    """

    style: Style = "compte_rendu"
    formats: tuple[Format, ...] = ("md",)
    template: Path | None = None
