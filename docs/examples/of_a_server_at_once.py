"""Have a server transcribe recordings at once: python of_a_server_at_once.py http://127.0.0.1:8080 a.flac b.flac"""

import asyncio
import sys

from dialogue.client import AsyncClient


async def main(address: str, *paths: str) -> None:
    async with AsyncClient(address) as client:
        jobs = [await client.transcribe(path, language="fr") for path in paths]
        for path, transcript in zip(paths, await asyncio.gather(*(job.result() for job in jobs)), strict=True):
            print(f"{path}: {transcript.text}")


asyncio.run(main(*sys.argv[1:]))
