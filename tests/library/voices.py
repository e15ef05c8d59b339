"""Voices made of random numbers, as the networks would hear them, and a directory of people to keep them in."""

import numpy as np

from dialogue.core.transcript import Speaker, Transcript, Utterance
from dialogue.library.directory import Consent
from dialogue.library.voice_samples import HeardRecording
from dialogue.library.voiceprints import Scorer, Voiceprint, model_id
from dialogue.speech.diarization.embedded import HOP

CONSENT = Consent("Camille", "comptes rendus", "2099-12-31")


def vector(voice: int, chance: int = 0, noise: float = 0.3) -> np.ndarray:
    """Return a vector of a voice; another ``chance`` is another sample of it."""
    own = np.random.default_rng(voice).standard_normal(192)
    other = np.random.default_rng([voice, chance + 1000]).standard_normal(192)
    found = own / np.linalg.norm(own) + noise * other / np.linalg.norm(other)
    return (Scorer.default().mean + found / np.linalg.norm(found)).astype(np.float32)


def sample(voice: int, chance: int = 0, seconds: float = 20.0, model: str | None = None) -> Voiceprint:
    return Voiceprint(vector(voice, chance), seconds, model or model_id())


def recording(*turns: tuple[str, int, float, float], sound: np.ndarray | None = None) -> HeardRecording:
    """Return a recording with turns: speaker, voice, start, end; each turn is a passage."""
    passages = np.array([(a, b) for _, _, a, b in turns]).reshape(-1, 2)
    windows, passage, embeddings = [], [], []
    for number, (_, voice, start, end) in enumerate(turns):
        edges = np.arange(start, end, HOP)
        windows += [(a, a + HOP) for a in edges]
        passage += [number] * len(edges)
        embeddings += [vector(voice, 100 * number + n, 0.8) for n in range(len(edges))]
    voices = {
        "passages": passages,
        "track": np.arange(len(turns)),
        "embeddings": np.zeros((len(turns), 192), np.float32),
        "windows": np.array(windows).reshape(-1, 2),
        "passage": np.array(passage, dtype=int),
        "window_embeddings": np.array(embeddings, np.float16).reshape(-1, 192),
        "overlaps": np.zeros((0, 2)),
        "overlap_track": np.zeros(0, int),
    }
    people = dict.fromkeys(speaker for speaker, *_ in turns)
    said = tuple(Utterance(f"u{n}", speaker, a, b) for n, (speaker, _, a, b) in enumerate(turns))
    speakers = tuple(Speaker(p) for p in people)
    length = max((b for *_, b in turns), default=0.0)
    return HeardRecording("réunion", Transcript("réunion", length, "fr", speakers, said), voices, sound)
