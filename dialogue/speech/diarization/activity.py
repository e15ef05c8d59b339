"""From the local voices of overlapping windows to passages: who holds the floor, in numbers without a name.

Notation: W windows of F frames, N frames of the recording. An activity is a probability; its first value is that
somebody speaks, the others are those of the three local voices of a window.
"""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from numpy.typing import NDArray

FRAMES = 589  # frames in a window of ten seconds
FRAME = 0.016875  # seconds from one frame to the next
CENTRE = 0.0309688  # seconds from the start of a window to the centre of its first frame
LINK = 0.1  # seconds that two local voices must share to be one track
CORE = 0.5  # probability of speech from which a passage begins ...
EDGE = 0.3  # ... and to which it extends on both sides; most missed speech is at the edges
SECOND = 0.5  # probability of overlap from which a second speaker is heard
LONGEST = 6.0  # seconds in a passage

Run = tuple[int, int, int]  # first frame, frame after the last, track


def link(starts: NDArray[Any], activity: NDArray[Any]) -> NDArray[Any]:
    """Follow local voices from window to window.

    Args:
        starts: (W,) window starts in frames.
        activity: (W, F, 4).

    Returns:
        (W, 3) track numbers, -1 where a local voice is silent.
    """
    import numpy as np
    from scipy.optimize import linear_sum_assignment

    tracks = np.full((len(activity), 3), -1, dtype=np.int32)
    following = 0
    before: Any = None
    for w, window in enumerate(activity):
        voices = window[:, 1:].astype(np.float32)
        present: Any = (voices > 0.5).any(axis=0)
        if w and (shared := FRAMES - (starts[w] - starts[w - 1])) > 0:
            common = voices[:shared].T @ before[FRAMES - shared :]  # (3, 3) frames
            for here, there in zip(*linear_sum_assignment(-common), strict=True):
                if common[here, there] * FRAME >= LINK:
                    tracks[w, here] = tracks[w - 1, there]
        for voice in np.flatnonzero(present & (tracks[w] < 0)):
            tracks[w, voice] = following
            following += 1
        before = voices
    return tracks


def vote(
    starts: NDArray[Any], activity: NDArray[Any], tracks: NDArray[Any]
) -> tuple[NDArray[Any], NDArray[Any], NDArray[Any], NDArray[Any]]:
    """Average the windows frame by frame.

    Returns:
        The track that holds the floor and the second one (-1: none), both (N,) int; the probabilities of speech and of
        overlap, both (N,).
    """
    import numpy as np

    length = int(starts[-1]) + FRAMES
    floor, second = np.full(length, -1, np.int32), np.full(length, -1, np.int32)
    speech, overlap = np.zeros(length, np.float32), np.zeros(length, np.float32)
    for begin, end in itertools.pairwise([*starts.tolist(), length]):
        over = np.flatnonzero((starts <= begin) & (starts > begin - FRAMES))
        heard = np.unique(tracks[over])
        heard = heard[heard >= 0]
        scores, windows = np.zeros((end - begin, len(heard) + 1), np.float32), np.zeros(end - begin)
        total = np.zeros(end - begin, np.float32)
        for w in over:
            piece = activity[w, begin - starts[w] : end - starts[w]].astype(np.float32)  # (<= end - begin, 4)
            here = slice(0, len(piece))
            windows[here] += 1
            speech[begin:end][here] += piece[:, 0]
            total[here] += piece[:, 1:].sum(axis=1)
            for voice in np.flatnonzero(tracks[w] >= 0):
                scores[here, np.searchsorted(heard, tracks[w, voice])] += piece[:, 1 + voice]
        windows = np.maximum(windows, 1)
        speech[begin:end] /= windows
        overlap[begin:end] = total / windows - speech[begin:end]
        if len(heard):
            rank = np.argsort(-scores[:, :-1], axis=1, kind="stable")
            floor[begin:end] = heard[rank[:, 0]]
            if len(heard) > 1:
                second[begin:end] = np.where(overlap[begin:end] > SECOND, heard[rank[:, 1]], -1)
    return floor, second, speech, overlap


def passages(floor: NDArray[Any], speech: NDArray[Any]) -> list[Run]:
    """Return the passages of one track and :data:`LONGEST` seconds at most.

    A passage is a stretch of speech that reaches :data:`CORE`, with its edges above :data:`EDGE`. Where two passages
    meet, the limit is where speech is least probable, since speakers change there.
    """
    import numpy as np

    cores = runs(np.where(speech > CORE, floor, -1))
    quiet = np.flatnonzero(speech <= EDGE)
    ends = []  # limits between one core and the next: end of the first passage, start of the second
    for (_, end, _), (start, _, _) in itertools.pairwise([(0, 0, -1), *cores, (len(speech), 0, -1)]):
        first, last = np.searchsorted(quiet, (end, start))
        if first < last:
            ends.append((int(quiet[first]), int(quiet[last - 1]) + 1))
        else:
            cut = end + int(speech[end:start].argmin()) if start > end else end
            ends.append((cut, cut) if end > 0 and start < len(speech) else (start, end))
    found = []
    for (_, start), (end, _), (_, _, track) in zip(ends, ends[1:], cores, strict=False):
        number = int(np.ceil((end - start) * FRAME / LONGEST))
        cuts = np.linspace(start, end, number + 1).round().astype(int)
        found += [(int(a), int(b), track) for a, b in itertools.pairwise(cuts)]
    return found


def runs(values: NDArray[Any]) -> list[Run]:
    """Return the stretches of one value >= 0: (first frame, frame after the last, value)."""
    import numpy as np

    cuts = np.concatenate([[0], np.flatnonzero(np.diff(values)) + 1, [len(values)]])
    return [(int(a), int(b), int(values[a])) for a, b in itertools.pairwise(cuts) if b > a and values[a] >= 0]


def seconds(frames: list[Any]) -> NDArray[Any]:
    """Convert the frames of runs to (R, 2) seconds."""
    import numpy as np

    return np.array([run[:2] for run in frames], dtype=np.float64).reshape(-1, 2) * FRAME + CENTRE
