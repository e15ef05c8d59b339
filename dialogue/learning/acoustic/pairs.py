"""Windows of sound with what is said in them, as the recogniser will hear and write them.

Windows are filled by the recogniser's own :func:`~dialogue.speech.asr.recognition.fill`: long silences are cut out, and
none is longer than it decodes. They begin and end where nobody speaks, so that each word is in the sound that it is
learned from; speech that overlaps for longer than a window, or that the reference leaves out, is not learned.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from dialogue import formats
from dialogue.core import audio
from dialogue.core.audio import RATE, Recording, recognition_gain
from dialogue.core.transcript import Transcript, Utterance
from dialogue.formats import lhotse, uem
from dialogue.formats.lines import labels, one_line
from dialogue.learning.acoustic.finetuning_options import AcousticError
from dialogue.learning.tasks import fingerprint
from dialogue.speech.asr.recognition import JOIN, PAD, WINDOW, Span, fill

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from dialogue.core.sound import Samples

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Segmented:
    """What is said in a window.

    Attributes:
        recording: id.
        pieces: spans of the recording that the window holds one after the other, seconds.
        said: start and end in the window, seconds, and text of each utterance, in order of start.
    """

    recording: str
    pieces: tuple[Span, ...]
    said: tuple[tuple[float, float, str], ...]


@dataclass(frozen=True, slots=True)
class SplitFacts:
    """What a split holds, for the card of the model.

    Attributes:
        recordings: ids.
        speakers: names; for a speaker without a name, the recording's id and the speaker's label.
        utterances: hashes of their words.
        licences, speech: of the recordings; speech is ``real``, ``synthetic`` or ``unknown``.
        seconds: of speech in windows.
        left: seconds of speech in no window.
    """

    recordings: tuple[str, ...]
    speakers: tuple[str, ...]
    utterances: tuple[str, ...]
    licences: tuple[str, ...]
    speech: tuple[str, ...]
    seconds: float = 0.0
    left: float = 0.0


def manifest(data: Path, split: str) -> list[Recording]:
    """Return the recordings of a split.

    Raises:
        AcousticError: there is no such split, or nothing in it.
    """
    path = data / split / "recordings.jsonl"
    found = lhotse.read_recordings(path) if path.exists() else []
    if not found:
        raise AcousticError(
            f"{path}: {'no recordings' if path.exists() else 'no such split'}. Accepted: a corpus prepared with the "
            "splits train and dev, by splits or shares in its card."
        )
    return found


def read_split(
    data: Path, split: str, encode: Callable[[Segmented, NDArray[np.float32]], T]
) -> tuple[list[T], SplitFacts]:
    """Return the windows of a split, and what the split holds.

    Args:
        encode: makes what is kept of a window, from what is said in it and its ``(sample,)`` sound.

    Raises:
        AcousticError: there is no such split, a recording has no sound or no reference, or nothing can be learned.
    """
    recordings = manifest(data, split)
    zones = uem.read(data / split / "reference.uem") if (data / split / "reference.uem").exists() else {}
    found: list[T] = []
    seconds = left = 0.0
    transcripts = []
    for recording in recordings:
        transcript = _reference(data, recording)
        transcripts.append(transcript)
        sound = audio.load(recording)
        gain = recognition_gain(sound)
        runs, taken, other = _stretches(transcript, zones.get(recording.id))
        windows = [window for run in runs for window in _windows(run, len(sound) / RATE)]
        seconds, left = seconds + taken, left + other
        for window in windows:
            if said := _said(transcript, window):
                found.append(encode(Segmented(recording.id, tuple(window), said), _joined(sound, window, gain)))
    if not found:
        raise AcousticError(f"{data / split}: no window of speech in it. Accepted: sound with what is said, and when.")
    return found, _facts(recordings, transcripts, seconds, left)


def facts_of(data: Path, split: str) -> SplitFacts:
    """Return what a split holds, without its sound."""
    recordings = manifest(data, split)
    return _facts(recordings, [_reference(data, r) for r in recordings])


def _reference(data: Path, recording: Recording) -> Transcript:
    path = data / "reference" / f"{recording.id}.json"
    if recording.attributes.get("modality") == "text":
        raise AcousticError(f"{recording.id}: a dialogue without sound. Accepted: recordings.")
    if not path.exists():
        raise AcousticError(f"{path}: no such file. Accepted: a corpus whose card names references.")
    [transcript] = formats.read(path, "json")
    return transcript


def _facts(
    recordings: Sequence[Recording], transcripts: Sequence[Transcript], seconds: float = 0.0, left: float = 0.0
) -> SplitFacts:
    people = {
        name if speaker in {s.id for s in t.speakers if s.name} else f"{t.recording}_{name}"
        for t in transcripts
        for speaker, name in labels(t).items()
    }
    return SplitFacts(
        tuple(sorted(r.id for r in recordings)),
        tuple(sorted(people)),
        tuple(sorted({fingerprint(u.text) for t in transcripts for u in t if u.text.strip()})),
        tuple(sorted({str(r.attributes.get("licence", "unknown")) for r in recordings})),
        tuple(sorted({str(r.attributes.get("speech", "unknown")) for r in recordings})),
        round(seconds, 1),
        round(left, 1),
    )


def _stretches(transcript: Transcript, zones: Sequence[Span] | None) -> tuple[list[list[Span]], float, float]:
    """Return runs of stretches of speech that can be learned, and the seconds of those and of the other ones.

    A stretch lies between moments when nobody speaks. It is shortened where ``PAD`` on each side would reach beyond the
    middle of the silence.
    """
    spans = [(u.start, u.end, bool(u.text.strip())) for u in transcript if u.end > u.start]
    spans += [(o.start, o.end, False) for o in transcript.omissions if o.end > o.start]
    stretches: list[tuple[float, float, bool]] = []
    for start, end, written in sorted(spans):
        if stretches and start < stretches[-1][1]:  # those that only touch can be told apart
            begun, until, all_written = stretches[-1]
            stretches[-1] = begun, max(until, end), all_written and written
        else:
            stretches.append((start, end, written))
    silences = [float("inf"), *(b[0] - a[1] for a, b in itertools.pairwise(stretches)), float("inf")]
    runs: list[list[Span]] = [[]]
    taken = left = 0.0
    for number, (start, end, written) in enumerate(stretches):
        scored = zones is None or any(a <= start and end <= b for a, b in zones)
        if written and scored and end - start <= WINDOW - 2 * PAD - JOIN:
            before, after = (max(0.0, PAD - silence / 2) for silence in silences[number : number + 2])
            runs[-1].append((start + before, max(start + before, end - after)))
            taken += end - start
        else:
            runs.append([])
            left += end - start
    return [run for run in runs if run], taken, left


def _windows(run: Sequence[Span], duration: float) -> list[list[Span]]:
    """Return windows of whole stretches, with silences up to ``JOIN`` seconds where both sides are in one window."""
    padded = [(max(0.0, start - PAD), min(duration, end + PAD)) for start, end in run]
    starts = [start for start, _ in padded[1:]]
    parts = [
        (start, following if end < following <= end + JOIN else end)
        for (start, end), following in zip(padded, [*starts, duration + 2 * JOIN], strict=True)
    ]
    return fill(parts, [0.0] * len(parts), WINDOW)


def _said(transcript: Transcript, window: Sequence[Span]) -> tuple[tuple[float, float, str], ...]:
    offsets = [0.0, *itertools.accumulate(end - start for start, end in window)]

    def place(utterance: Utterance) -> int | None:
        middle = (utterance.start + utterance.end) / 2
        return next((n for n, (start, end) in enumerate(window) if start <= middle < end), None)

    found = []
    for utterance in transcript:
        if utterance.text.strip() and (piece := place(utterance)) is not None:
            start, end = window[piece]
            shift = offsets[piece] - start
            times = (min(max(t, start), end) + shift for t in (utterance.start, utterance.end))
            found.append((*times, one_line(utterance.text)))
    return tuple(sorted(found))  # type: ignore[arg-type]


def _joined(sound: Samples, window: Sequence[Span], gain: float) -> NDArray[np.float32]:
    import numpy as np

    joined = np.concatenate([sound[int(start * RATE) : int(end * RATE)] for start, end in window])
    return np.clip(joined * np.float32(gain), -1, 1)
