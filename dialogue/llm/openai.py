"""A server that speaks OpenAI's chat protocol (vLLM, llama.cpp, LinTO's gateway...), only used when given by URL.

    http://localhost:8000/v1            the first model it serves
    http://localhost:8000/v1#lucie-7b   the model of that name

If the server needs a key, it is read from ``DIALOGUE_LLM_KEY``; it is never part of a configuration.
"""

from __future__ import annotations

import json
import os
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Sequence
from typing import Any
from urllib.parse import urldefrag

from dialogue.llm.model import LanguageModel, LLMError, Message
from dialogue.llm.prompt import neutral, until

TIMEOUT = 300.0  # seconds without a byte
TRIES = 4
WAIT = 1.0  # seconds before the second try; doubled for each further one
TRANSIENT = (408, 429, 500, 502, 503, 504)
UNKNOWN_CONTEXT = 8192  # tokens, when the server does not give its context length


class OpenAIServer(LanguageModel):
    """A remote model.

    Args:
        url: base address, ending before ``/chat/completions``; ``#name`` selects a model.

    Raises:
        LLMError: the server does not answer, or serves no such model.
    """

    def __init__(self, url: str, *, timeout: float = TIMEOUT, wait: float = WAIT) -> None:
        base, wanted = urldefrag(url)
        self.base, self.timeout, self.wait = base.rstrip("/"), timeout, wait
        with self._open("/models") as response:
            served = {m["id"]: m for m in json.load(response).get("data", [])}
        if wanted and wanted not in served:
            raise LLMError(f"{base}: no model {wanted}. Accepted: {', '.join(served) or 'none, it serves nothing'}.")
        if not served:
            raise LLMError(f"{base}: serves no model.")
        self.model = wanted or next(iter(served))
        self.name = f"{base}#{self.model}"
        self.context_length = int(served[self.model].get("max_model_len") or UNKNOWN_CONTEXT)

    def count_tokens(self, text: str) -> int:
        # an upper estimate, as there is no tokenizer here: French has 3 to 4 bytes per token
        return len(text.encode()) // 2 + 1

    def stream(
        self, messages: Sequence[Message], *, max_tokens: int = 512, temperature: float = 0.0, stop: Sequence[str] = ()
    ) -> Iterator[str]:
        body = {"messages": neutral(messages)}
        return until(self._pieces("/chat/completions", body, max_tokens, temperature), stop)

    def complete(
        self, text: str, *, max_tokens: int = 512, temperature: float = 0.0, stop: Sequence[str] = ()
    ) -> Iterator[str]:
        [message] = neutral([{"role": "user", "content": text}])
        body = {"prompt": message["content"]}
        return until(self._pieces("/completions", body, max_tokens, temperature), stop)

    def close(self) -> None:
        """Do nothing: no memory is held."""

    def _pieces(self, path: str, asked: dict[str, Any], max_tokens: int, temperature: float) -> Iterator[str]:
        body = {"model": self.model, **asked, "max_tokens": max_tokens, "temperature": temperature, "stream": True}
        with self._open(path, body) as response:
            for line in response:
                data = line.decode().strip().removeprefix("data:").strip()
                if data == "[DONE]":
                    return
                if not data or not data.startswith("{"):
                    continue
                event = json.loads(data)
                if "error" in event:
                    raise LLMError(f"{self.base}: {event['error']}")
                for choice in event.get("choices", []):
                    if text := choice.get("text") or choice.get("delta", {}).get("content"):
                        yield text

    def _open(self, path: str, body: dict[str, Any] | None = None) -> Any:
        """Return the response to a request, retrying transient faults with growing pauses."""
        headers = {"Content-Type": "application/json"}
        if key := os.environ.get("DIALOGUE_LLM_KEY"):
            headers["Authorization"] = f"Bearer {key}"
        data = None if body is None else json.dumps(body).encode()
        for attempt in range(TRIES):
            request = urllib.request.Request(self.base + path, data, headers)
            try:
                return urllib.request.urlopen(request, timeout=self.timeout)
            except urllib.error.HTTPError as error:
                if error.code not in TRANSIENT or attempt == TRIES - 1:
                    raise LLMError(f"{self.base}{path}: HTTP {error.code} {error.reason}.") from error
            except OSError as error:  # refused, unreachable, timed out
                if attempt == TRIES - 1:
                    raise LLMError(f"{self.base}{path}: no answer after {TRIES} tries: {error}.") from error
            time.sleep(self.wait * 2**attempt)
        raise AssertionError("unreachable")
