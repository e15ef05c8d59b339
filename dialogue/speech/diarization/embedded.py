"""Diarization with embedded models: segmentation 3.0 finds who is active, CAM++ distinguishes the voices.

1. *Segmentation.* pyannote's powerset segmentation (Plaquet and Bredin, Interspeech 2023, arXiv 2310.13025) on windows
   of ten seconds, every two seconds: how probably each of three local voices is active in each frame of 17 ms.
2. *Passages.* Local voices of consecutive windows are matched by the time they share where the windows overlap; a track
   is one voice for as long as it can be followed. The windows vote for the track that holds the floor and, in overlap,
   for the second one. See :mod:`dialogue.speech.diarization.activity`.
3. *Embedding.* The network runs once over each passage. What it finds there is pooled over the whole passage, and over
   windows of 1.5 seconds that begin every quarter of a second, which costs little more: the segmentation often takes
   two voices for one local voice, and then a passage holds both.
4. *Clustering.* Average-linkage agglomerative clustering of the passages finds more speakers than there are; from
   these, variational Bayes finds the speaker of each window and how many speakers there are. See
   :mod:`dialogue.speech.diarization.vbx`.
"""

from __future__ import annotations

import itertools
import os
from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, Any

from dialogue.core.audio import RATE
from dialogue.core.transcript import Utterance
from dialogue.speech.diarization import networks, vbx
from dialogue.speech.diarization.activity import CENTRE, FRAME, FRAMES, Run, link, passages, runs, seconds, vote
from dialogue.speech.diarization.diarizer import Clustering, DiarizationConfig, Progress, SpeakerCount, Voices
from dialogue.speech.diarization.networks import Networks
from dialogue.speech.diarization.onnx_networks import OnnxNetworks
from dialogue.speech.diarization.plda import PLDA
from dialogue.speech.gpu import BatchSize, fitting, has_driver, return_memory, torch_device
from dialogue.speech.threads import in_threads

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from dialogue.core.sound import Samples

SEEN = 10.0  # seconds that the segmentation sees at once
SILENCE = 2**-16  # half a step of 16-bit sound: below it nothing was recorded, and the networks need not run
SHORTEST = 0.2  # seconds below which no embedding is computed
WINDOW, HOP = 1.5, 0.25  # seconds: length of the windows that are embedded, and from one to the next
RELIABLE = 1.0  # seconds from which a passage takes part in the first clustering
MOST = 6000  # passages that take part in it, whose memory grows with their square
ENOUGH = 2.0  # seconds of speech of a speaker in it
AT_ONCE = 8  # windows segmented together on a CPU, where a passage is embedded alone
MOST_AT_ONCE = 128  # windows or passages that a GPU is given together
WINDOW_BYTES = 32 * 2**20  # of a GPU that a window takes: three times its activations, which were measured on a CPU ...
PASSAGE_BYTES = 54 * 2**20  # ... and the longest passage
FIRST = 0.35  # cosine distance at which the first clustering stops: well below that of two voices


class Embedded:
    """The embedded diarization engine."""

    def __init__(self, config: DiarizationConfig) -> None:
        self.config = config
        self.plda = PLDA.load()
        self._networks: Networks | None = None

    def listen(self, sound: Samples, progress: Progress | None = None) -> Voices:
        """Run the networks over ``(sample,)`` sound at 16 kHz.

        Returns:
            ``passages (P, 2)`` in seconds, ``track (P,)``, ``embeddings (P, 192)`` (NaN where too short), ``windows
            (N, 2)`` in seconds, ``passage (N,)`` of each window, ``window_embeddings (N, 192)``, and ``overlaps
            (O, 2)`` and ``overlap_track (O,)`` for the second speaker in overlaps.
        """
        import numpy as np

        report = progress or (lambda share: None)
        starts, activity = self._segment(sound, lambda share: report(0.4 * share))
        floor, second, speech, overlap = vote(starts, activity, link(starts, activity))
        found, overlaps = passages(floor, speech), runs(second)
        embedded = self._embed(sound, found, overlap > 0.5, lambda share: report(0.4 + 0.6 * share))
        empty = np.zeros((0, self.plda.mean.size), np.float32)
        numbers = [len(windows) for _, windows, _ in embedded]
        return {
            "passages": seconds(found),
            "track": np.array([t for *_, t in found], dtype=np.int32),
            "embeddings": np.stack([whole for whole, _, _ in embedded]) if found else empty,
            "windows": np.concatenate([np.zeros((0, 2)), *(windows for _, windows, _ in embedded)]),
            "passage": np.repeat(np.arange(len(found), dtype=np.int32), numbers),
            "window_embeddings": np.concatenate([empty, *(each for *_, each in embedded)]).astype(np.float16),
            "overlaps": seconds(overlaps),
            "overlap_track": np.array([t for *_, t in overlaps], dtype=np.int32),
        }

    def cluster(self, voices: Voices, count: SpeakerCount) -> Clustering:
        """Find the speaker of each window, then give each overlap the speaker of its track's nearest window."""
        import numpy as np

        windows, passage, track = voices["windows"], voices["passage"], voices["track"]
        if not len(windows):
            return Clustering([])
        labels, confidence, runner_up = assign(voices, self.plda, *count.bounds)
        same = (np.diff(labels) == 0) & (np.diff(passage) == 0)
        cuts = np.concatenate([[0], np.flatnonzero(~same) + 1, [len(labels)]])
        turns = [
            Utterance(
                "",
                f"cluster{labels[a]}",
                float(windows[a, 0]),
                float(windows[b - 1, 1]),
                confidence=round(float(confidence[a:b].mean()), 3),
            )
            for a, b in itertools.pairwise(cuts)
        ]
        middle = windows.mean(axis=1)
        for (start, end), voice in zip(voices["overlaps"], voices["overlap_track"], strict=True):
            same = np.flatnonzero(track[passage] == voice)
            if len(same):
                near = same[np.abs(middle[same] - (start + end) / 2).argmin()]
                floor = {labels[i] for i in np.flatnonzero((windows[:, 0] < end) & (windows[:, 1] > start))}
                if labels[near] not in floor:
                    turns.append(Utterance("", f"cluster{labels[near]}", float(start), float(end), overlap=True))
        return Clustering(turns, runner_up)

    def speech(self, sound: NDArray[np.float32]) -> NDArray[np.float32]:
        """Return the probability of speech in each frame of 17 ms of ``(sample,)`` sound, ten seconds at most."""
        found: NDArray[np.float32] = 1 - self._load().segment(sound[None])[0, :, 0]
        return found

    def _load(self) -> Networks:
        if self._networks is None:
            self._networks = load(self.config.device)
        return self._networks

    def _segment(self, sound: Samples, report: Progress) -> tuple[NDArray[Any], NDArray[Any]]:
        """Return window starts (W,) in frames, and (W, 589, 4) probabilities of speech and of the local voices."""
        import numpy as np

        loaded = self._load()
        size, step = int(SEEN * RATE), int(self.config.step * RATE)
        starts = np.arange(0, max(1, len(sound) - size + step), step)
        meaning = np.array(  # of the network's classes: nobody, one voice, two voices
            [[0, 0, 0, 0], [1, 1, 0, 0], [1, 0, 1, 0], [1, 0, 0, 1], [1, 1, 1, 0], [1, 1, 0, 1], [1, 0, 1, 1]],
            dtype=np.float32,
        )
        activity = np.zeros((len(starts), FRAMES, 4), dtype=np.float16)

        def segment(batch: Sequence[int]) -> int:
            windows = np.zeros((len(batch), size), np.float32)
            for row, number in zip(windows, batch, strict=True):
                piece = sound[starts[number] : starts[number] + size]
                row[: len(piece)] = piece
            if np.abs(windows).max() >= SILENCE:
                activity[batch] = loaded.segment(windows) @ meaning
            return len(batch)

        _in_batches(segment, range(len(starts)), loaded.device, AT_ONCE, WINDOW_BYTES, report)
        return np.rint(starts / RATE / FRAME).astype(int), activity

    def _embed(self, sound: Samples, found: list[Run], crowd: NDArray[Any], report: Progress) -> list[Any]:
        """Embed passages and the windows in them. Frames with several speakers are left out where others remain."""
        import numpy as np

        loaded = self._load()
        embedded: list[Any] = [None] * len(found)

        def prepared(row: int) -> tuple[Any, NDArray[Any], NDArray[Any]] | None:
            """Return a passage's energies (T, 80), the frames to use, and the spans to pool; ``None`` if too short."""
            first, last, _ = found[row]
            begin, end = first * FRAME + CENTRE, last * FRAME + CENTRE
            number = max(1, int((end - begin) / HOP))
            edges = np.append(begin + HOP * np.arange(number), end)
            windows = np.stack([edges[:-1], edges[1:]], axis=1)
            nothing = np.full((1 + number, networks.DIMENSION), np.nan, np.float32)
            embedded[row] = nothing[0], windows, nothing[1:]
            piece = sound[int(begin * RATE) : int(end * RATE)]
            if len(piece) < SHORTEST * RATE:
                return None
            alone: Any = np.logical_not(crowd[first:last])
            energies = networks.energies(np.ascontiguousarray(piece))
            if len(energies) * networks.STEP < SHORTEST:
                return None
            times = (np.arange(networks.pooled(len(energies))) + 0.5) * 2 * networks.STEP
            used = alone[np.minimum((times / FRAME).astype(int), len(alone) - 1)]
            if used.sum() * 2 * networks.STEP < SHORTEST:
                used[:] = True
            middle = np.clip(windows.mean(axis=1) - begin, WINDOW / 2, max(WINDOW / 2, end - begin - WINDOW / 2))
            spans = np.stack([middle - WINDOW / 2, middle + WINDOW / 2], axis=1)
            return energies - energies.mean(0), used, np.searchsorted(times, [[0.0, np.inf], *spans])

        def embed(rows: Sequence[int]) -> int:
            heard = {row: ready for row in rows if (ready := prepared(row)) is not None}
            frames = loaded.frames([energies for energies, _, _ in heard.values()])  # (512, T / 2) each
            for (row, (_, used, spans)), each in zip(heard.items(), frames, strict=True):
                voices = loaded.embed(networks.statistics(each, used, spans))
                embedded[row] = voices[0], embedded[row][1], voices[1:]
            return len(rows)

        rows: Sequence[int] = range(len(found))
        if loaded.device != "cpu":  # passages of about one length go together, the longest first
            rows = sorted(rows, key=lambda row: found[row][0] - found[row][1])
        _in_batches(embed, rows, loaded.device, 1, PASSAGE_BYTES, report)
        return embedded


def assign(
    voices: Voices, plda: PLDA, fewest: int = 1, most: int | None = None
) -> tuple[NDArray[Any], NDArray[Any], int | None]:
    """Assign windows to speakers.

    Args:
        voices: what :meth:`Embedded.listen` returned; ``overlaps`` are not needed.
        fewest, most: bounds of the number of speakers. Voices that the first clustering does not tell apart stay one
            speaker, so there may be fewer than ``fewest``.

    Returns:
        Speaker (N,) of each window, its probability (N,), and the likeliest other number of speakers within the
        bounds, if any was tried.
    """
    import numpy as np

    passage, embeddings = voices["passage"], voices["window_embeddings"].astype(np.float32)
    labels, confidence = np.zeros(len(passage), dtype=int), np.full(len(passage), 0.5)
    known = np.flatnonzero(~np.isnan(embeddings).any(axis=1))
    if not len(known) or most == 1:
        return labels, confidence, None
    x = plda.project(embeddings[known])
    begun = np.unique(Passages(voices).cut(FIRST)[passage[known]], return_inverse=True)[1]
    posterior, evidence = vbx.find(x, plda.between, begun, most)
    if posterior.shape[1] < fewest:
        more = posterior.argmax(axis=1)
        while more.max() + 1 < fewest and (divided := vbx.split(x, more, begun)) is not None:
            more = divided
        posterior, _ = vbx.speakers(x, plda.between, more, all_stay=True)
        if len(np.unique(posterior.argmax(axis=1))) < more.max() + 1:  # somebody hardly speaks
            posterior = np.eye(more.max() + 1)[more]
    labels[known], confidence[known] = posterior.argmax(axis=1), posterior.max(axis=1)
    middle = voices["windows"].mean(axis=1)
    for row in np.setdiff1d(np.arange(len(labels)), known):  # too short to embed: the speaker of the nearest window
        labels[row] = labels[known[np.abs(middle[known] - middle[row]).argmin()]]
    number = len(np.unique(labels))
    others = [n for n in evidence if n != number and fewest <= n <= (most or n)]
    return labels, confidence, max(others, key=evidence.__getitem__, default=None)


class Passages:
    """The tree of passages by average linkage of cosine distances."""

    def __init__(self, voices: Voices) -> None:
        import numpy as np
        from scipy.cluster.hierarchy import linkage

        embeddings, passages = voices["embeddings"], voices["passages"]
        length = passages[:, 1] - passages[:, 0]
        known = ~np.isnan(embeddings).any(axis=1)
        train = np.flatnonzero(known & (length >= RELIABLE))
        if len(train) < 2:
            train = np.flatnonzero(known)
        if len(train) > MOST:
            train = np.sort(train[np.argsort(-length[train], kind="stable")[:MOST]])
        self.unit = embeddings / np.maximum(np.linalg.norm(embeddings, axis=1, keepdims=True), 1e-9)
        self.train, self.weight = train, length[train]
        self.tree = linkage(self.unit[train], method="average", metric="cosine") if len(train) > 1 else None

    def cut(self, distance: float) -> NDArray[Any]:
        """Return the cluster (P,) of each passage, the tree being cut at a distance."""
        import numpy as np
        from scipy.cluster.hierarchy import fcluster

        if self.tree is None:
            return self._all(np.zeros(len(self.train), dtype=int))
        cut = fcluster(self.tree, distance, "distance") - 1
        large = np.flatnonzero(np.bincount(cut, weights=self.weight) > ENOUGH)
        return self._all(np.where(np.isin(cut, large), np.searchsorted(large, cut), -1) if len(large) else cut)

    def _all(self, cut: NDArray[Any]) -> NDArray[Any]:
        """Extend a clustering of the tree's passages to all: the others, and those at -1, join the nearest."""
        import numpy as np

        labels = np.full(len(self.unit), -1)
        labels[self.train] = cut
        centroids = np.stack(
            [
                np.average(self.unit[self.train[cut == k]], axis=0, weights=self.weight[cut == k])
                for k in range(cut.max() + 1)
            ]
        )
        centroids /= np.linalg.norm(centroids, axis=1, keepdims=True)
        rest = np.flatnonzero(labels < 0)
        labels[rest] = np.nan_to_num(self.unit[rest] @ centroids.T).argmax(axis=1)
        return labels


def load(device: str) -> Networks:
    """Load the networks on ``cpu``, on a GPU with ``cuda``, or with ``auto`` on a GPU if there is one.

    Raises:
        ModelError: the weights are not on this machine.
        ModuleNotFoundError: they were not exported yet, and torch is not installed.
        ConfigError: cuda was asked for, and torch finds no GPU.
    """
    if device == "cpu" or (device == "auto" and not has_driver()):
        return OnnxNetworks()
    device = torch_device(device)
    if device == "cpu":
        return OnnxNetworks()
    from dialogue.speech.diarization.torch_networks import TorchNetworks

    return TorchNetworks(device)


def _in_batches(
    work: Callable[[Sequence[int]], int], items: Sequence[int], device: str, size: int, each: int, report: Progress
) -> None:
    """Call ``work`` with batches of items; it returns how many they are.

    On a CPU there is one thread per processor, with single-threaded operations inside. The networks are small: threads
    inside their operations mostly wait for each other, and on a busy machine they were measured to cost ten times the
    processor time. On a GPU, one batch follows the other.

    Args:
        size: of a batch on a CPU.
        each: bytes that an item takes on a GPU.
    """
    done: Iterator[int]
    if device == "cpu":
        threads = int(os.environ.get("OMP_NUM_THREADS") or os.cpu_count() or 1)
        done = in_threads(work, [items[first : first + size] for first in range(0, len(items), size)], threads)
    else:
        done = BatchSize(fitting(each, MOST_AT_ONCE)).over(work, items)
    try:
        for number in itertools.accumulate(done):
            report(number / len(items))
    finally:
        return_memory()
