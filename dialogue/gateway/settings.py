"""What the operator of a server sets: LinTO's environment variables, read and checked once."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any, Literal, TypeVar
from urllib.parse import urlsplit

from dialogue.core import models
from dialogue.core.config import ConfigError, build
from dialogue.formats.languages import code_of
from dialogue.server.uploads import language_models
from dialogue.workflow.config import Config

T = TypeVar("T")
YES, NO = ("1", "true", "yes"), ("0", "false", "no", "")
DAY = 86_400


@dataclass(frozen=True)
class ServeSettings:
    """Limits of a server, and what is recognised when a client says nothing about it.

    Attributes:
        max_upload_bytes: of one request.
        max_audio_seconds: of one recording.
        max_queue: recordings that may wait.
        max_streams: live sessions at once.
        result_ttl: seconds that results are kept; 0 keeps them until somebody deletes them.
        keep_audio: keep recordings after their job.
        transcribe_mode: what ``POST /transcribe`` is: ``jobs`` (linto-transcription-service), ``stt`` (linto-stt), or
            ``auto``, which tells them apart by the fields of the request.
        model: recogniser: a registered name, with or without ``whisper-``, or a folder.
        language: ISO 639-1 code, or ``auto``.
        prompt: a sentence in the expected style.
        accurate: decode with a beam instead of greedily.
        device: ``auto``, ``cpu`` or ``cuda``.
        threads: of the recogniser; 0 is one per processor.
        llm_models: language models that may write minutes beside those of this machine, by name or folder; the first
            one is the default.
        voices_consent: who collects the consent of the people whose voices clients enrol, and how; empty: none is.
        voices_days: that a voice is kept after it was last sent.
        voices_token: that clients of the voices give beside their own; empty: none.
        recordings_from: hosts from which recordings may be fetched, ``name`` or ``name:port``.
        webhooks: owner -> the only address that is told how La Suite's jobs of that owner ended; ``*`` is for all.
        public_url: address of the server as others reach it; by default as each of them did.
        workers: processes that work on the queue, each with its own models; with 0, others do.
        requests_per_minute: of one owner, on average.
        hosts: names under which the server may be addressed; empty: loopback names only while there are no tokens,
            else any.
    """

    max_upload_bytes: int = 500_000_000
    max_audio_seconds: float = 6 * 3600.0
    max_queue: int = 1000
    max_streams: int = 8
    result_ttl: int = 7 * DAY
    keep_audio: bool = False
    transcribe_mode: Literal["auto", "stt", "jobs"] = "auto"
    model: str = "whisper-base"
    language: str = "fr"
    prompt: str | None = None
    accurate: bool = True
    device: str = "auto"
    threads: int = 0
    llm_models: tuple[str, ...] = ()
    voices_consent: str = ""
    voices_days: int = 365
    voices_token: str = ""
    recordings_from: tuple[str, ...] = ()
    webhooks: Mapping[str, str] = field(default_factory=dict)
    public_url: str | None = None
    workers: int = 1
    requests_per_minute: int = 1200
    hosts: tuple[str, ...] = ()

    def asr(self, **asked: Any) -> dict[str, Any]:
        """Return options of the recognition: those of the server, then what a client asks, if it is not ``None``."""
        ours = {
            "model": self.model,
            "language": self.language,
            "prompt": self.prompt,
            "effort": "normal" if self.accurate else "fast",
            "device": self.device,
            "threads": self.threads,
        }
        known = {**ours, **{name: value for name, value in asked.items() if value is not None}}
        return {name: value for name, value in known.items() if value is not None}


def from_environment(environment: Mapping[str, str] = os.environ, **given: Any) -> ServeSettings:
    """Return the settings that environment variables and a command give; the latter win.

    ``LANGUAGE`` is ignored where it holds what a shell exports (``fr_FR:en``).

    Raises:
        ConfigError: a variable or an option has a value that is not accepted.
    """
    found: dict[str, Any] = {}

    def take(variable: str, name: str, read: Callable[[str], Any], accepted: str) -> None:
        text = environment.get(variable, "").strip()
        if not text:
            return
        try:
            found[name] = read(text)
        except ValueError as error:
            raise ConfigError(f"{variable}: found {text!r}. Accepted: {accepted}.") from error

    take("MAX_UPLOAD_BYTES", "max_upload_bytes", _at_least(1), "a whole number of bytes, 1 or more")
    take("MAX_AUDIO_SECONDS", "max_audio_seconds", _at_least(1), "a whole number of seconds, 1 or more")
    take("MAX_QUEUE", "max_queue", _at_least(1), "a whole number, 1 or more")
    take("MAX_STREAMS", "max_streams", _at_least(0), "a whole number; 0 for none")
    take("RESULT_TTL", "result_ttl", _at_least(0), "a whole number of seconds; 0 for ever")
    take("KEEP_AUDIO", "keep_audio", _switch, "1 or 0")
    take("TRANSCRIBE_MODE", "transcribe_mode", _one_of("auto", "stt", "jobs"), "auto, stt or jobs")
    take("MODEL", "model", recogniser, f"a folder, or one of {', '.join(recognisers())}")
    language = environment.get("LANGUAGE", "")
    if ":" not in language and "_" not in language and "." not in language:
        take("LANGUAGE", "language", code_of, "*, a code such as fr or fr-FR, or a name such as French")
    take("PROMPT", "prompt", str, "a sentence")
    take("USE_ACCURATE", "accurate", _switch, "1 or 0")
    take("DEVICE", "device", lambda text: _one_of("auto", "cpu", "cuda")(text.partition(":")[0]), "auto, cpu or cuda")
    take("OMP_NUM_THREADS", "threads", _at_least(0), "a whole number; 0 is one per processor")
    take("NUM_THREADS", "threads", _at_least(0), "a whole number; 0 is one per processor")
    take("LLM_MODEL", "llm_models", lambda text: tuple(map(str.strip, text.split(","))), "models, models")
    take("SPEAKER_ID_CONSENT", "voices_consent", str, "who collects the consent of those whose voices are kept")
    take("SPEAKER_ID_DAYS", "voices_days", _at_least(1), "a whole number of days, 1 or more")
    take("SPEAKER_ID_API_TOKEN", "voices_token", str, "a token")
    take("LASUITE_HOSTS", "recordings_from", lambda text: tuple(h.strip().lower() for h in text.split(",")), "names")
    take("LASUITE_WEBHOOKS", "webhooks", _addresses, "owner=https://..., or * as owner")
    take("PUBLIC_URL", "public_url", _address, "an address that begins with http:// or https://")
    take("CONCURRENCY", "workers", _at_least(0), "a whole number; with 0, other processes work on the queue")
    take("RATE_LIMIT", "requests_per_minute", _at_least(1), "a whole number of requests a minute")
    take("ALLOWED_HOSTS", "hosts", lambda text: tuple(h.strip().lower() for h in text.split(",")), "names, names")
    found |= {name: value for name, value in given.items() if value is not None}
    if "model" in found:
        found["model"] = recogniser(found["model"])
    for name in found.get("llm_models", ()):
        if not (Path(name).exists() or name in language_models()):
            raise ConfigError(
                f"language model: found {name!r}. Accepted: a folder, or one of {', '.join(language_models())}."
            )
    if unknown := sorted(set(found) - {f.name for f in fields(ServeSettings)}):
        raise ConfigError(f"no setting {unknown[0]!r}.")
    settings = ServeSettings(**found)
    build(Config, {"asr": settings.asr()})  # so that a client is not told what the operator did wrong
    return settings


def recognisers() -> list[str]:
    """Return the names of the recognisers on this machine."""
    return [m.name for m in models.registry().values() if m.task == "asr" and models.here(m)]


def recogniser(name: str) -> str:
    """Return the recogniser that is meant by a name: its own, LinTO's (``medium``), or a folder.

    Raises:
        ConfigError: there is none on this machine.
    """
    for candidate in (name, f"whisper-{name}"):
        if candidate in recognisers():
            return candidate
    if Path(name).is_dir():
        return name
    raise ConfigError(f"model: found {name!r}. Accepted: a folder, or one of {', '.join(recognisers())}.")


def _at_least(least: int) -> Callable[[str], int]:
    def read(text: str) -> int:
        if int(text) < least:
            raise ValueError
        return int(text)

    return read


def _address(text: str) -> str:
    parts = urlsplit(text)
    if parts.scheme not in ("http", "https") or not parts.netloc:
        raise ValueError
    return text.rstrip("/")


def _addresses(text: str) -> dict[str, str]:
    pairs = [pair.strip().partition("=") for pair in text.split(",")]
    return {owner: _address(address) for owner, _, address in pairs}


def _switch(text: str) -> bool:
    if text.lower() not in (*YES, *NO):
        raise ValueError
    return text.lower() in YES


def _one_of(*accepted: str) -> Callable[[str], str]:
    def read(text: str) -> str:
        if text not in accepted:
            raise ValueError
        return text

    return read
