"""Write what is said while it is said: arecord -q -f S16_LE -r 16000 -c 1 -t raw | python while_it_is_spoken.py"""

import sys

import dialogue
from dialogue.speech.live import Final

for event in dialogue.listen(iter(lambda: sys.stdin.buffer.read(6400), b""), rate=16_000):
    if isinstance(event, Final):
        print(f"{event.start:.1f} {event.speaker}: {event.text}", flush=True)
