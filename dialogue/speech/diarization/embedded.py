"""Diarization with embedded models: segmentation 3.0 finds who is active, CAM++ distinguishes the voices.

1. *Segmentation.* pyannote's powerset segmentation (Plaquet and Bredin, Interspeech 2023, arXiv 2310.13025) on windows
   of ten seconds, every two seconds: which of three local voices is active in each frame of 17 ms.
2. *Tracks.* Local voices of consecutive windows are matched by the time they share where the windows overlap; a track
   is one voice for as long as it can be followed.
3. *Floor.* Windows vote, frame by frame, for the track that holds the floor and, in overlap, for the second one.
   The floor is divided into passages of one track and six seconds at most.
4. *Embedding.* Each passage is embedded once. The usual method (each local voice of each window) embeds every second
   of sound several times, which takes four fifths of its time; nor can it separate two voices that the segmentation
   took for one local voice.
5. *Clustering.* Average-linkage agglomerative clustering on cosine distance. Passages too short to take part, and
   clusters with too little speech, join the closest voice; passages too short for an embedding take the speaker of
   the passage nearest in time.
"""

from __future__ import annotations

import itertools
import os
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from dialogue.core import models
from dialogue.core.audio import RATE
from dialogue.core.transcript import Utterance
from dialogue.speech.diarization.diarizer import DiarizationConfig, Progress, SpeakerCount, Voices
from dialogue.speech.threads import in_threads

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from dialogue.core.sound import Samples

WINDOW = 10.0  # seconds that the segmentation sees at once
FRAMES = 589  # frames in a window
FRAME = 0.016875  # seconds from one frame to the next
CENTRE = 0.0309688  # seconds from the start of a window to the centre of its first frame
LINK = 0.1  # seconds that two local voices must share to be one track
LONGEST = 6.0  # seconds in a passage: long enough to embed well, short enough to hold one voice
SILENCE = 2**-16  # half a step of 16-bit sound: below it nothing was recorded, and the networks need not run
SHORTEST = 0.2  # seconds below which no embedding is computed
RELIABLE = 1.0  # seconds from which a passage takes part in the clustering
MOST = 6000  # passages that take part in the clustering, whose memory grows with their square
TEMPERATURE = 0.1  # of the softmax from cosine similarities to confidences; not calibrated


class Embedded:
    """The embedded diarization engine."""

    def __init__(self, config: DiarizationConfig) -> None:
        self.config = config
        self._networks: Any = None

    def listen(self, sound: Samples, progress: Progress | None = None) -> Voices:
        """Run the networks over ``(sample,)`` sound at 16 kHz.

        Returns:
            ``passages (P, 2)`` in seconds, ``track (P,)``, ``embeddings (P, 192)`` (NaN where too short), and
            ``overlaps (O, 2)`` and ``overlap_track (O,)`` for the second speaker in overlaps.
        """
        import numpy as np

        report = progress or (lambda share: None)
        starts, active = self._segment(sound, lambda share: report(0.4 * share))
        tracks = link(starts, active)
        floor, second, crowd = vote(starts, active, tracks)
        passages = [
            (a, b, track)
            for start, end, track in _runs(floor)
            for a, b in itertools.pairwise(
                np.linspace(start, end, int(np.ceil((end - start) * FRAME / LONGEST)) + 1).round().astype(int)
            )
        ]
        overlaps = _runs(second)
        embeddings = self._embed(sound, passages, crowd, lambda share: report(0.4 + 0.6 * share))
        return {
            "passages": _seconds(passages),
            "track": np.array([t for *_, t in passages], dtype=np.int32),
            "embeddings": embeddings,
            "overlaps": _seconds(overlaps),
            "overlap_track": np.array([t for *_, t in overlaps], dtype=np.int32),
        }

    def turns(self, voices: Voices, count: SpeakerCount) -> list[Utterance]:
        """Cluster the passages, then give each overlap the speaker of its track's nearest passage."""
        import numpy as np

        passages, track = voices["passages"], voices["track"]
        if not len(passages):
            return []
        labels, confidence = cluster(voices["embeddings"], passages, self.config.threshold, *count.bounds)
        turns = [
            Utterance("", f"cluster{label}", float(start), float(end), confidence=round(float(sure), 3))
            for (start, end), label, sure in zip(passages, labels, confidence, strict=True)
        ]
        middle = passages.mean(axis=1)
        for (start, end), voice in zip(voices["overlaps"], voices["overlap_track"], strict=True):
            same = np.flatnonzero(track == voice)
            if len(same):
                near = same[np.abs(middle[same] - (start + end) / 2).argmin()]
                floor = {labels[i] for i in np.flatnonzero((passages[:, 0] < end) & (passages[:, 1] > start))}
                if labels[near] not in floor:
                    turns.append(Utterance("", f"cluster{labels[near]}", float(start), float(end), overlap=True))
        return turns

    def _load(self) -> tuple[Any, Any, str]:
        if self._networks is None:
            from dialogue.core import compatibility

            compatibility.prepare()
            import torch

            from dialogue.speech.diarization import campplus

            device = self.config.device
            if device == "auto":
                device = "cuda" if torch.cuda.is_available() else "cpu"
            segmentation = load_segmentation(models.resolve("segmentation-3.0") / "pytorch_model.bin")
            embedding = campplus.load(models.resolve("campplus") / "campplus_cn_en_common.pt")
            self._networks = segmentation.to(device), embedding.to(device), device
        found: tuple[Any, Any, str] = self._networks
        return found

    def _segment(self, sound: Samples, report: Progress) -> tuple[NDArray[Any], NDArray[Any]]:
        """Return window starts (W,) in frames, and the activity (W, 589, 3) bool of the local voices."""
        import numpy as np
        import torch

        network, _, device = self._load()
        size, step = int(WINDOW * RATE), int(self.config.step * RATE)
        starts = np.arange(0, max(1, len(sound) - size + step), step)
        voices = torch.tensor([[0, 0, 0], [1, 0, 0], [0, 1, 0], [0, 0, 1], [1, 1, 0], [1, 0, 1], [0, 1, 1]])
        active = np.zeros((len(starts), FRAMES, 3), dtype=bool)
        batch = 8

        def segment(first: int) -> None:
            windows = torch.zeros(len(starts[first : first + batch]), 1, size)
            for row, start in zip(windows, starts[first : first + batch], strict=True):
                piece = sound[start : start + size]
                row[0, : len(piece)] = torch.from_numpy(piece)
            if windows.abs().max() < SILENCE:
                return
            with torch.inference_mode():
                powerset = network(windows.to(device)).argmax(-1).cpu()  # (batch, 589)
            active[first : first + batch] = voices[powerset].numpy().astype(bool)

        _on_processors(segment, range(0, len(starts), batch), device, report)
        return np.rint(starts / RATE / FRAME).astype(int), active

    def _embed(self, sound: Samples, passages: list[Any], crowd: NDArray[Any], report: Progress) -> NDArray[Any]:
        """Return (P, 192) float32 embeddings. Frames with several speakers are excluded where enough others remain."""
        import numpy as np
        import torch

        from dialogue.speech.diarization import campplus

        _, network, device = self._load()
        embeddings = np.full((len(passages), campplus.DIMENSION), np.nan, dtype=np.float32)

        def embed(row: int) -> None:
            first, last, _ = passages[row]
            alone: Any = np.logical_not(crowd[first:last])
            if alone.sum() * FRAME < SHORTEST:
                alone[:] = True
            begin = int((first * FRAME + CENTRE) * RATE)
            piece = sound[begin : int((last * FRAME + CENTRE) * RATE)]
            if len(piece) < SHORTEST * RATE:
                return
            with torch.inference_mode():
                energies = campplus.features(torch.from_numpy(np.ascontiguousarray(piece)))  # (T, 80)
                frames = (np.arange(len(energies)) * campplus.FRAME / FRAME).astype(int)
                energies = energies[torch.from_numpy(alone[np.minimum(frames, len(alone) - 1)])]
                if len(energies) * campplus.FRAME >= SHORTEST:
                    energies = (energies - energies.mean(0))[None].to(device)
                    embeddings[row] = network(energies)[0].cpu().numpy()

        _on_processors(embed, range(len(passages)), device, report)
        return embeddings


def _on_processors(work: Callable[[int], None], items: Sequence[int], device: str, report: Progress) -> None:
    """Call ``work`` for each item, with one thread per processor and single-threaded operations inside.

    The networks are small: threads inside their operations mostly wait for each other, and on a busy machine they
    were measured to cost ten times the processor time.
    """
    import torch

    inside = torch.get_num_threads()
    threads = int(os.environ.get("OMP_NUM_THREADS") or os.cpu_count() or 1) if device == "cpu" else 1
    torch.set_num_threads(1)
    try:
        for number, _ in enumerate(in_threads(work, items, threads), start=1):
            report(number / len(items))
    finally:
        torch.set_num_threads(inside)


def load_segmentation(path: Any) -> Any:
    """Load pyannote's PyanNet from its checkpoint, unpickling only tensors and pyannote's own settings."""
    from dialogue.core import compatibility

    compatibility.prepare()
    import torch
    from pyannote.audio.core.task import Problem, Resolution, Specifications
    from pyannote.audio.models.segmentation import PyanNet

    with torch.serialization.safe_globals([Problem, Resolution, Specifications, torch.torch_version.TorchVersion]):
        checkpoint = torch.load(path, map_location="cpu", weights_only=True)
    settings = checkpoint["hyper_parameters"]
    network = PyanNet(**{k: settings[k] for k in ("sincnet", "lstm", "linear", "sample_rate", "num_channels")})
    network.specifications = checkpoint["pyannote.audio"]["specifications"]
    network.build()  # type: ignore[no-untyped-call]
    network.load_state_dict(checkpoint["state_dict"])
    return network.eval()


def link(starts: NDArray[Any], active: NDArray[Any]) -> NDArray[Any]:
    """Follow local voices from window to window.

    Args:
        starts: (W,) window starts in frames.
        active: (W, F, 3) bool, activity of the local voices.

    Returns:
        (W, 3) track numbers, -1 where a local voice is silent.
    """
    import numpy as np
    from scipy.optimize import linear_sum_assignment

    tracks = np.full(active.shape[::2], -1, dtype=np.int32)
    present: Any = active.any(axis=1)
    following = 0
    for w in range(len(starts)):
        if w and (shared := FRAMES - (starts[w] - starts[w - 1])) > 0:
            before = active[w - 1, FRAMES - shared :].astype(np.float32)
            common = active[w, :shared].astype(np.float32).T @ before  # (3, 3) frames
            for here, there in zip(*linear_sum_assignment(-common), strict=True):
                if common[here, there] * FRAME >= LINK:
                    tracks[w, here] = tracks[w - 1, there]
        for voice in np.flatnonzero(present[w] & (tracks[w] < 0)):
            tracks[w, voice] = following
            following += 1
    tracks[~present] = -1
    return tracks


def vote(
    starts: NDArray[Any], active: NDArray[Any], tracks: NDArray[Any]
) -> tuple[NDArray[Any], NDArray[Any], NDArray[Any]]:
    """Combine the windows by vote.

    Returns:
        For each frame of the recording: the track that holds the floor and the second one in overlap (-1: none), both
        (N,) int, and whether several speak, (N,) bool.
    """
    import numpy as np

    length = int(starts[-1]) + FRAMES
    floor, second = np.full(length, -1, np.int32), np.full(length, -1, np.int32)
    crowd = np.zeros(length, dtype=bool)
    bounds = [*starts.tolist(), length]
    for begin, end in itertools.pairwise(bounds):
        over = np.flatnonzero((starts <= begin) & (starts > begin - FRAMES))
        heard = np.unique(tracks[over])
        heard = heard[heard >= 0]
        if not len(heard):
            continue
        votes, speakers, windows = (
            np.zeros((end - begin, len(heard))),
            np.zeros(end - begin),
            np.zeros(end - begin),
        )
        for v in over:
            piece = active[v, begin - starts[v] : end - starts[v]]  # (<= end - begin, 3)
            windows[: len(piece)] += 1
            speakers[: len(piece)] += piece.sum(axis=1)
            for voice in np.flatnonzero(tracks[v] >= 0):
                votes[: len(piece), np.searchsorted(heard, tracks[v, voice])] += piece[:, voice]
        number = np.rint(speakers / np.maximum(windows, 1))
        rank = np.argsort(-votes, axis=1, kind="stable")
        frames = np.arange(end - begin)
        speech = (number > 0) & (votes[frames, rank[:, 0]] > 0)
        floor[begin:end][speech] = heard[rank[speech, 0]]
        if len(heard) > 1:
            several = (number > 1) & (votes[frames, rank[:, 1]] > 0)
            second[begin:end][several] = heard[rank[several, 1]]
        crowd[begin:end] = number > 1
    return floor, second, crowd


def cluster(
    embeddings: NDArray[Any], passages: NDArray[Any], threshold: float, fewest: int, most: int | None
) -> tuple[NDArray[Any], NDArray[Any]]:
    """Assign passages to speakers.

    Args:
        embeddings: (P, D), NaN where there is none.
        passages: (P, 2) seconds.
        threshold: cosine distance at which the tree of clusters is cut, unless that gives fewer speakers than
            ``fewest`` or more than ``most``.

    Returns:
        Cluster (P,) and its confidence (P,): softmax over the similarities to the clusters' centroids.
    """
    import numpy as np
    from scipy.cluster.hierarchy import fcluster, linkage

    length = passages[:, 1] - passages[:, 0]
    known = ~np.isnan(embeddings).any(axis=1)
    labels, confidence = np.zeros(len(passages), dtype=int), np.full(len(passages), 0.5)
    train = np.flatnonzero(known & (length >= RELIABLE))
    if len(train) < fewest:
        train = np.flatnonzero(known)
    if not len(train):
        return labels, confidence
    if len(train) > MOST:
        train = np.sort(train[np.argsort(-length[train], kind="stable")[:MOST]])
    unit = embeddings / np.linalg.norm(embeddings, axis=1, keepdims=True)
    weight = length[train]

    # A speaker must speak for a hundredth of the time: at least 2 s in short recordings, at most 10 s in long ones.
    least = min(10.0, max(2.0, 0.01 * float(weight.sum())))

    def large(cut: NDArray[Any]) -> NDArray[Any]:
        return np.flatnonzero(np.bincount(cut, weights=weight) >= least)

    cut = np.zeros(len(train), dtype=int)
    if len(train) > 1 and most != 1:
        tree = linkage(unit[train], method="average", metric="cosine")
        cut = fcluster(tree, threshold, "distance") - 1
        found = len(large(cut))
        if found < fewest or (most is not None and found > most):
            target = min(fewest if found < fewest else most or fewest, len(train))
            tried = (fcluster(tree, k, "maxclust") - 1 for k in range(target, min(len(train), 20 * target) + 1))
            exact = next((c for c in tried if len(large(c)) == target), None)
            if exact is None:  # too little speech for that many speakers: every cluster counts, however short
                exact, least = fcluster(tree, target, "maxclust") - 1, 0.0
            cut = exact
    kept = large(cut)
    if not len(kept):
        kept = np.array([np.bincount(cut, weights=weight).argmax()])
    centroids = np.stack([np.average(unit[train[cut == k]], axis=0, weights=weight[cut == k]) for k in kept])
    centroids /= np.linalg.norm(centroids, axis=1, keepdims=True)
    similarity = unit[known] @ centroids.T  # (known, K)
    labels[known] = similarity.argmax(axis=1)
    odds = np.exp((similarity - similarity.max(axis=1, keepdims=True)) / TEMPERATURE)
    confidence[known] = 1 / odds.sum(axis=1)
    for row in np.flatnonzero(~known):  # too short to embed: the speaker of the nearest passage
        others = np.flatnonzero(known)
        labels[row] = labels[others[np.abs(passages[others].mean(1) - passages[row].mean()).argmin()]]
    return labels, confidence


def _runs(values: NDArray[Any]) -> list[tuple[int, int, int]]:
    """Return the stretches of one value >= 0: (first frame, frame after the last, value)."""
    import numpy as np

    cuts = np.concatenate([[0], np.flatnonzero(np.diff(values)) + 1, [len(values)]])
    return [(int(a), int(b), int(values[a])) for a, b in itertools.pairwise(cuts) if b > a and values[a] >= 0]


def _seconds(runs: list[Any]) -> NDArray[Any]:
    import numpy as np

    return np.array([(a, b) for a, b, _ in runs], dtype=np.float64).reshape(-1, 2) * FRAME + CENTRE
