"""Transcribe recordings from a program with an event loop: python several_at_once.py meeting.flac call.flac"""

import asyncio
import sys

import dialogue


async def main(*paths: str) -> None:
    for path in paths:  # the event loop stays free meanwhile: a transcription works in a thread
        transcript = await dialogue.atranscribe(path)
        for utterance in transcript:
            print(f"{path} {utterance.start:.1f} {transcript.name(utterance.speaker)}: {utterance.text}")


asyncio.run(main(*sys.argv[1:]))
