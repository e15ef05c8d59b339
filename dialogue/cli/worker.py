"""Work on LinTO's queues, in place of linto-stt and linto-diarization, on this machine and others.

LinTO's transcription service sends its tasks through Redis; recordings are in a folder that all machines share. A task
is acknowledged when it is done, so that another worker does that of a machine which dies. LinTO's environment variables
count: SERVICES_BROKER, BROKER_PASS, SERVICE_NAME, QUEUE_NAME, CONCURRENCY, MODEL, LANGUAGE, DEVICE, NUM_THREADS; and
AUDIO_FOLDER, VISIBILITY_TIMEOUT.
"""

from __future__ import annotations

import argparse
import os
from pathlib import Path

from dialogue.cli import options
from dialogue.cli.options import DONE

EXAMPLES = """  dialogue worker --broker redis://redis:6379 --queues stt_french,diarization
  dialogue worker --queues stt_french --audio-folder /mnt/audio --workers 2"""


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--broker", metavar="URL", help="Redis (default: $SERVICES_BROKER, or redis://127.0.0.1:6379)")
    parser.add_argument(
        "--queues", metavar="NAMES", help="queues, separated by commas (default: $SERVICE_NAME and $QUEUE_NAME)"
    )
    parser.add_argument("--audio-folder", type=Path, metavar="DIR", help="shared folder (default: /opt/audio)")
    parser.add_argument(
        "--workers", type=options.number, metavar="N", help="tasks at once, each with its own models (default: 1)"
    )


def run(call: argparse.Namespace) -> int:
    from dialogue.gateway import celery_worker, settings

    queues = call.queues and tuple(name.strip() for name in call.queues.split(",") if name.strip())
    told = celery_worker.from_environment(os.environ, broker=call.broker, queues=queues, shared=call.audio_folder)
    known = settings.from_environment(os.environ, workers=call.workers)
    app = celery_worker.application(told, known)
    print(f"Working on {', '.join(told.queues)} of {told.broker.rpartition('@')[2]}", flush=True)
    celery_worker.work(app, told.queues, known.workers)
    return DONE
