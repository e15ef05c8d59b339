"""Have a server transcribe a recording: python of_a_server.py http://127.0.0.1:8080 meeting.flac"""

import sys

from dialogue.client import Client

address, path = sys.argv[1:]
with Client(address) as client:
    job = client.transcribe(path, language="fr", uploaded=lambda sent, total: print(f"sent {sent} of {total} bytes"))
    for now in job:
        print(f"{now.state} {now.step or ''} {now.share:.0%}")
    transcript = job.result()
for utterance in transcript:
    print(f"{utterance.start:.1f} {transcript.name(utterance.speaker)}: {utterance.text}")
