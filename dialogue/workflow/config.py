"""All options, by stage."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from dialogue.core.audio import AudioConfig
from dialogue.minutes.config import DocumentConfig, MinutesConfig
from dialogue.speech.asr import ASRConfig
from dialogue.speech.diarization import DiarizationConfig, SpeakerCount


@dataclass(frozen=True)
class ReportConfig:
    """How an experiment is reported.

    Attributes:
        language: language of the report; ``None`` is that of the minutes.
    """

    language: Literal["fr", "en"] | None = None


@dataclass(frozen=True)
class ResultsConfig:
    """What is made of a recording, and what is kept of it.

    Attributes:
        only: ``transcript`` makes the transcript in its formats, without minutes, documents and page; ``turns``
            finds only who speaks when, and leaves that in the stages' folder. By default everything is made.
        keep_sound: whether a library keeps the recording once its job has ended.
        people: who is looked for among the speakers by voice: people of the library's directory whom another system
            enrolled, by their references, or by the beginnings of these that end with ``/``.
        people_from: probability from which one of them is named; ``None`` is the directory's own.
    """

    only: Literal["transcript", "turns"] | None = None
    keep_sound: bool = True
    people: tuple[str, ...] = ()
    people_from: float | None = None


@dataclass(frozen=True)
class Config:
    """All options, by stage. A YAML file holds only what differs from these defaults.

    Attributes:
        speakers: number of speakers; a manifest may set it for each recording.
        gates: metric -> worst value with which a recipe passes, e.g. ``{cpwer: 0.55}``.
        normalization: level of French normalisation before scoring.
    """

    audio: AudioConfig = AudioConfig()
    diarization: DiarizationConfig = DiarizationConfig()
    asr: ASRConfig = ASRConfig()
    speakers: SpeakerCount = SpeakerCount()
    minutes: MinutesConfig = MinutesConfig()
    documents: DocumentConfig = DocumentConfig()
    report: ReportConfig = ReportConfig()
    results: ResultsConfig = ResultsConfig()
    gates: dict[str, float] = field(default_factory=dict)
    normalization: str = "fr-std"
