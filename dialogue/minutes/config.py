"""Options for minutes, and for the documents that show them."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from dialogue.core.config import Amount, ConfigError

Style = Literal["compte_rendu", "releve_decisions", "synthese", "verbatim"]
Format = Literal["md", "html", "docx", "odt", "pdf", "tex"]


Length = Literal["short", "medium", "long"]
Section = Literal["summary", "topics", "decisions", "actions", "open_questions"]


@dataclass(frozen=True)
class SectionConfig:
    """How one section of the minutes is written, where it is not as the others.

    Attributes:
        model, length: as in :class:`MinutesConfig`.
    """

    model: str | None = None
    length: Length = "medium"


@dataclass(frozen=True)
class MinutesConfig:
    """How minutes are written.

    Attributes:
        language: language of the minutes; forced in every prompt, whatever languages the meeting mixes.
        model: a name of ``models.yaml``, a folder, a ``.gguf`` file or the URL of an OpenAI-compatible server; ``None``
            for extractive minutes. A registered model that may not write minutes gives extractive ones too.
        role: ``author`` lets the model read the meeting and write the minutes; ``editor`` lets it judge and word the
            decisions, actions and questions that were found without it, which small models can learn.
        engine: engine to run the model with, instead of the default for its files: transformers, ctranslate2, llamacpp
            or openai. On a CPU ctranslate2 (int8) is twice as fast as transformers, at a loss of a few per cent.
        device: auto, cpu or cuda.
        chunk_tokens: most transcript tokens per request; fewer if the model's context is shorter.
        answer_tokens: most tokens in the answer for one chunk; fewer for a shorter chunk.
        temperature: sampling temperature; 0 always takes the likeliest token.
        length: short, medium or long; sets the sentences in the summary and the points per topic.
        entailment: folder of a classifier that tells whether a statement follows from what it cites; statements that do
            not are listed to verify.
        sections: sections that are written another way.
    """

    language: Literal["fr", "en"] = "fr"
    model: str | None = None
    role: Literal["author", "editor"] = "author"
    engine: str | None = None
    device: str = "auto"
    chunk_tokens: int = 3000
    answer_tokens: int = 1200
    temperature: Amount = 0.0
    length: Length = "medium"
    entailment: str | None = None
    sections: dict[Section, SectionConfig] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for name in ("chunk_tokens", "answer_tokens"):
            if getattr(self, name) < 64:
                raise ValueError(f"{name}: found {getattr(self, name)}. Accepted: 64 or more.")
        if self.role == "editor" and self.language != "fr":
            raise ValueError(f"role=editor, which words French minutes, with language={self.language}. Accepted: fr.")

    @property
    def sentences(self) -> int:
        """Most sentences in the summary."""
        return {"short": 3, "medium": 5, "long": 10}[self.length]

    @property
    def points(self) -> int:
        """Most points per topic, when rules write the minutes."""
        return {"short": 1, "medium": 3, "long": 8}[self.length]


@dataclass(frozen=True)
class DocumentConfig:
    """How minutes are shown; nothing here changes their content.

    Attributes:
        style: compte_rendu (everything), releve_decisions (decisions and actions), synthese (one page) or verbatim
            (everything that was said).
        formats: extensions of the documents to write: md, html, docx, odt, pdf, tex.
        template: a file to fill in; it replaces the style in documents with its extension.
    """

    style: Style = "compte_rendu"
    formats: tuple[Format, ...] = ("md",)
    template: Path | None = None

    def __post_init__(self) -> None:
        if self.template and self.template.suffix.lstrip(".") not in self.formats:
            raise ConfigError(
                f"template: {self.template.name} makes {self.template.suffix} documents, and the formats asked for are "
                f"{', '.join(self.formats)}. Add its format: --format {','.join(self.formats)}"
                f"{self.template.suffix.replace('.', ',')}"
            )
