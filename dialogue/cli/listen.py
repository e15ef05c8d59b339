"""Write what is said while it is spoken, from a microphone or from standard input.

Lines are written as utterances end; on a terminal, what is being said is shown meanwhile. Speakers are a first guess.
At the end of the sound, or after ctrl-C, --out gets the whole transcript, with speakers from the full diarization.
"""

from __future__ import annotations

import argparse
import os
import queue
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

from dialogue.cli import options

if TYPE_CHECKING:
    from dialogue.speech.live import Event

EXAMPLES = """  dialogue listen --out meeting.srt
  dialogue listen - --rate 16000 --record meeting.wav --out meeting.json"""
BLOCK = 0.1  # seconds read at once


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "source",
        nargs="?",
        choices=["-"],
        help="- for standard input: WAV, or 16-bit PCM without header (default: the microphone)",
    )
    parser.add_argument("--out", type=Path, metavar="FILE", help="transcript to write at the end; its ending tells how")
    parser.add_argument("--record", type=Path, metavar="FILE.wav", help="write the sound too; long meetings need it")
    parser.add_argument(
        "--rate", type=options.number, default=16_000, metavar="HZ", help="of PCM without header (default: 16000)"
    )
    parser.add_argument("--device", metavar="NAME", help="microphone (default: that of the system)")
    parser.add_argument("--pause", type=options.amount, metavar="S", help="silence that ends an utterance")
    options.add_recognition(parser)
    options.add_speakers(parser)
    options.add_config(parser)


def run(call: argparse.Namespace) -> int:
    from dialogue import formats
    from dialogue.core.audio import recording_id
    from dialogue.workflow import listening
    from dialogue.workflow.pipeline import Pipeline

    if call.out and not formats.is_written(name := formats.guess(call.out)):  # said before an hour is spoken
        raise ValueError(f"{call.out}: {name} cannot be written. Accepted: {', '.join(formats.writable())}.")
    config = options.config_of(
        call,
        asr=options.given(language=call.language, engine=call.engine, effort=call.effort),
        speakers=options.speakers_of(call),
    )
    rate, chunks = _standard_input(call.rate) if call.source == "-" else _microphone(call.rate, call.device)
    given: Any = options.given(record=call.record, pause=call.pause)
    live = listening.session(Pipeline(config), rate=rate, settle=bool(call.out), **given)
    try:
        for chunk in chunks:
            _show(live.feed(chunk))
    except KeyboardInterrupt:
        print(file=sys.stderr)
    _show(live.finish())
    if call.out:
        name = recording_id(call.record or call.out)
        formats.write([live.settle(name)], call.out)
        print(call.out, file=sys.stderr)
    return options.DONE


def _show(events: list[Event]) -> None:
    from dialogue.speech.live import Partial

    for event in events:
        if not isinstance(event, Partial):
            _clear()
            minutes, seconds = divmod(int(event.start), 60)
            speaker = f" {event.speaker}" if event.speaker else ""
            print(f"[{minutes:02}:{seconds:02}]{speaker}: {event.text}", flush=True)
        elif sys.stderr.isatty():
            _clear()
            width = os.get_terminal_size(sys.stderr.fileno()).columns - 4
            print(f"… {event.text[-width:]}", end="", file=sys.stderr, flush=True)


def _clear() -> None:
    if sys.stderr.isatty():
        print("\r\x1b[K", end="", file=sys.stderr, flush=True)


def _standard_input(rate: int) -> tuple[int, Iterator[bytes]]:
    """Return the rate and the chunks of standard input."""
    stream = sys.stdin.buffer
    head = stream.read(4)
    if head == b"RIFF":
        rate, channels = _wav_header(stream)
        if channels != 1:
            raise ValueError(f"standard input: {channels} channels. Accepted: one (ffmpeg -ac 1).")
        head = b""
    return rate, _read(stream, head, round(rate * BLOCK) * 2)


def _read(stream: BinaryIO, head: bytes, size: int) -> Iterator[bytes]:
    yield head
    while chunk := stream.read(size):
        yield chunk


def _wav_header(stream: BinaryIO) -> tuple[int, int]:
    """Read a WAV header up to its samples; what writes to a pipe does not know their number, so it does not count.

    Raises:
        ValueError: it is not 16-bit PCM.
    """
    import struct

    stream.read(8)  # size, WAVE
    rate = channels = 0
    while len(header := stream.read(8)) == 8:
        name, size = struct.unpack("<4sI", header)
        if name == b"data" and rate:
            return rate, channels
        body = stream.read(min(size + size % 2, 1 << 20))
        if name == b"fmt ":
            kind, channels, rate, _, _, bits = struct.unpack("<HHIIHH", body[:16])
            if bits != 16 or kind not in (1, 0xFFFE):
                raise ValueError(f"standard input: WAV of {bits} bits, kind {kind}. Accepted: 16-bit PCM.")
    raise ValueError("standard input: a WAV header without sound. Accepted: WAV, or 16-bit PCM without header.")


def _microphone(rate: int, device: str | None) -> tuple[int, Iterator[bytes]]:
    """Return the rate and the chunks of a microphone."""
    import importlib.util

    from dialogue.core.extras import how_to_install

    if importlib.util.find_spec("sounddevice") is None:
        raise ModuleNotFoundError(
            f"a microphone needs sounddevice, which is not installed. {how_to_install('live')}, or give the sound on "
            "standard input: dialogue listen -",
            name="sounddevice",
        )
    return rate, _recorded(rate, device)


def _recorded(rate: int, device: str | None) -> Iterator[bytes]:
    import sounddevice

    waiting: queue.SimpleQueue[bytes] = queue.SimpleQueue()

    def recorded(data: Any, *_: Any) -> None:
        waiting.put(bytes(data))

    block = round(rate * BLOCK)
    try:
        with sounddevice.RawInputStream(rate, block, device, 1, "int16", callback=recorded):
            while True:
                yield waiting.get()
    except sounddevice.PortAudioError as error:
        raise OSError(f"microphone: {error}. Accepted: --device NAME, or the sound on standard input.") from error
