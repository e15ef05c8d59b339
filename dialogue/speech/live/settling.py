"""The transcript at the end of a session, with speakers from the full diarization of the sound that was kept.

Words are kept for the whole session, about 200 bytes each. Sound is kept for the last minutes, in memory, or from the
beginning in a file if one was given. Where sound is no longer kept, words keep the speaker they were given at the time,
under the settled name of the same voice if it also speaks in what is kept.
"""

from __future__ import annotations

import wave
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from dialogue.core import audio
from dialogue.core.audio import RATE
from dialogue.core.transcript import Omission, Transcript, Utterance, order_speakers
from dialogue.core.version import VERSION
from dialogue.speech import diarization
from dialogue.speech.attribution import attribute
from dialogue.speech.diarization import DiarizationConfig, Diarizer, SpeakerCount

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from dialogue.core.sound import Samples

KEPT = 600.0  # seconds of sound in memory, 19 MB


class Settling:
    """Keeps words and sound, and settles who spoke.

    Args:
        diarizer: finds the speakers at the end.
        config: its options.
        seconds: of sound that are kept in memory, the last ones.
        path: WAV file that is written from the beginning instead.
        count: how many speakers there are, if known.

    Raises:
        OSError: the file cannot be written.
    """

    def __init__(
        self,
        diarizer: Diarizer,
        config: DiarizationConfig = DiarizationConfig(),
        *,
        seconds: float = KEPT,
        path: Path | None = None,
        count: SpeakerCount = SpeakerCount(),
    ) -> None:
        self._diarizer, self._config, self._count = diarizer, config, count
        self._most, self._path = round(seconds * RATE) * 2, path
        self._data = bytearray()  # the last sound, 16-bit
        self._samples = 0
        self.utterances: list[Utterance] = []
        self.omissions: list[Omission] = []
        self._file: Any = None
        if path is not None:
            self._file = wave.open(str(path), "wb")  # noqa: SIM115
            self._file.setparams((1, 2, RATE, 0, "NONE", "not compressed"))

    def add(self, sound: NDArray[np.float32]) -> None:
        """Keep (sample,) sound."""
        import numpy as np

        data = (np.clip(sound, -1, 1) * 32767).astype("<i2").tobytes()
        self._samples += len(sound)
        if self._file:
            self._file.writeframesraw(data)
            return
        self._data += data
        if len(self._data) > self._most * 1.1:
            del self._data[: len(self._data) - self._most]

    def found(self, utterances: Sequence[Utterance], omissions: Sequence[Omission]) -> None:
        """Keep what was said, with provisional speakers."""
        self.utterances += utterances
        self.omissions += omissions

    def settle(self, recording: str, duration: float, language: str) -> Transcript:
        """Return the transcript; see :meth:`dialogue.speech.live.session.Session.settle`."""
        offset, sound = self._sound()
        voices = self._diarizer.listen(sound) if len(sound) else {}
        found = self._diarizer.cluster(voices, self._count).turns if voices else []
        turns = diarization.transcript(recording, len(sound) / RATE, found, fill=self._config.fill)
        late = [u for u in self.utterances if u.start >= offset]
        early = [u for u in self.utterances if u.start < offset]
        settled = _by_turns(late, turns, offset) if turns.utterances else late
        if settled is not late:
            early = _renamed(early, late, settled)
        speakers, ordered = order_speakers([*early, *settled])
        about = {
            "stage": "live",
            "tool": f"dialogue {VERSION}",
            "settled_from": round(offset, 3),
            "speech_without_words": round(sum(o.end - o.start for o in self.omissions), 3),
        }
        return Transcript(
            recording,
            duration,
            language if language != "auto" else None,
            speakers,
            tuple(replace(u, id=f"u{i}") for i, u in enumerate(ordered, start=1)),
            omissions=tuple(sorted(self.omissions, key=lambda o: o.start)),
            provenance=(about,),
        )

    def close(self) -> None:
        """End the file, if there is one."""
        if self._file:
            self._file.close()
            self._file = None

    def _sound(self) -> tuple[float, Samples]:
        """Return the sound that is kept, and the seconds before it."""
        import numpy as np

        if self._path is not None:
            self.close()
            return 0.0, audio.load(self._path) if self._samples > audio.SHORTEST * RATE else np.zeros(0, np.float32)
        sound = np.frombuffer(bytes(self._data), "<i2").astype(np.float32) / np.float32(32768)
        return (self._samples - len(sound)) / RATE, sound


def _by_turns(utterances: Sequence[Utterance], turns: Transcript, offset: float) -> list[Utterance]:
    """Give each word the speaker of its turn; turns begin at ``offset``."""
    moved = tuple(replace(t, start=t.start + offset, end=t.end + offset) for t in turns)
    bare = tuple(replace(u, speaker=None, words=tuple(replace(w, speaker=None) for w in u.words)) for u in utterances)
    end = turns.duration + offset
    words = Transcript(turns.recording, end, None, (), tuple(replace(u, id=f"w{i}") for i, u in enumerate(bare)))
    return list(attribute(words, replace(turns, duration=end, utterances=moved)).utterances)


def _renamed(early: Sequence[Utterance], late: Sequence[Utterance], settled: Sequence[Utterance]) -> list[Utterance]:
    """Give early utterances the settled name of their voice: the one that most of its later words now have."""
    was = {(w.start, w.text): u.speaker for u in late for w in u.words}
    votes: dict[str | None, Counter[str | None]] = {}
    for u in settled:
        for w in u.words:
            votes.setdefault(was.get((w.start, w.text)), Counter())[u.speaker] += 1
    best = {old: new.most_common(1)[0][0] for old, new in votes.items()}

    def renamed(old: str | None) -> str | None:
        return best.get(old, f"before-{old}") if old else None

    return [
        replace(u, speaker=renamed(u.speaker), words=tuple(replace(w, speaker=renamed(w.speaker)) for w in u.words))
        for u in early
    ]
