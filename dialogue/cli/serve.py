"""Serve a library of meetings to the clients of LinTO, OpenAI and La Suite.

Recordings that they send become meetings of the library, which its other commands show too. Only this machine is
served, unless tokens are given. LinTO's environment variables count: MODEL, LANGUAGE, PROMPT, USE_ACCURATE, DEVICE,
NUM_THREADS, CONCURRENCY, KEEP_AUDIO; and API_KEY, API_KEYS, ALLOW_ANONYMOUS, ALLOWED_HOSTS, MAX_UPLOAD_BYTES,
MAX_AUDIO_SECONDS, MAX_QUEUE, MAX_STREAMS, RESULT_TTL, RATE_LIMIT, TRANSCRIBE_MODE; with REGISTRATION_MODE=HTTP,
LinTO's gateway is told that the server is there; LLM_MODEL is for minutes; and for La Suite,
LASUITE_HOSTS (from which recordings are fetched), LASUITE_WEBHOOKS (owner=https://...), PUBLIC_URL,
DIALOGUE_WEBHOOK_SECRET and DIALOGUE_WEBHOOK_TOKENS (host=token).
"""

from __future__ import annotations

import argparse
import os
from pathlib import Path

from dialogue.cli import options
from dialogue.cli.options import DONE

EXAMPLES = """  dialogue serve
  dialogue serve --library meetings --port 9000 --workers 2 --language auto
  dialogue serve --host 0.0.0.0 --tokens tokens.txt --allowed-hosts dialogue,dialogue.example.org"""


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--library", type=Path, metavar="DIR", help="folder of the library (default: $DIALOGUE_LIBRARY, or your data)"
    )
    parser.add_argument("--port", type=options.count, default=8080, metavar="N", help="port (default: 8080; 0: any)")
    parser.add_argument(
        "--host", default="127.0.0.1", metavar="ADDRESS", help="address; others than the loopback need tokens"
    )
    parser.add_argument("--tokens", type=Path, metavar="FILE", help="file of tokens, a line each: token owner")
    parser.add_argument("--allowed-hosts", metavar="NAMES", help="names under which the server may be addressed")
    parser.add_argument("--model", metavar="NAME", help="recogniser (default: $MODEL, or whisper-base)")
    parser.add_argument("--language", metavar="CODE", help="spoken language, or auto (default: $LANGUAGE, or fr)")
    parser.add_argument(
        "--llm-model", action="append", metavar="NAME", help="writes minutes too, a name or folder (repeat; $LLM_MODEL)"
    )
    parser.add_argument(
        "--workers", type=options.count, metavar="N", help="processes that work on the queue (default: 1; 0: others do)"
    )


def run(call: argparse.Namespace) -> int:
    from dialogue.formats.languages import code_of
    from dialogue.gateway import access, heartbeat, serving, settings
    from dialogue.library.meetings import default_folder

    hosts = call.allowed_hosts and tuple(name.strip().lower() for name in call.allowed_hosts.split(","))
    language = call.language and code_of(call.language)
    given = settings.from_environment(
        os.environ,
        model=call.model,
        language=language,
        workers=call.workers,
        hosts=hosts,
        llm_models=call.llm_model and tuple(call.llm_model),
    )
    serving.serve(
        call.library or default_folder(),
        given,
        access.tokens(call.tokens, os.environ),
        host=call.host,
        port=call.port,
        anonymous=os.environ.get("ALLOW_ANONYMOUS") == "1",
        heartbeat=heartbeat.from_environment(os.environ, given.language),
        say=lambda address: print(f"Serving at {address}", flush=True),
    )
    return DONE
