"""Voices disguised by McAdams's method: the resonances of each voice move, its words stay.

It is a disguise and no more: whoever knows the method recognises a voice again in many cases. Source: Patino et al.,
*Speaker anonymisation using the McAdams coefficient*, 2021 (baseline B2 of the VoicePrivacy challenges). The angle of
each complex pole of the linear prediction becomes ``angle ** alpha``; each voice has its own ``alpha``, from the key.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Mapping
from typing import TYPE_CHECKING

from dialogue.core.containers import RATE
from dialogue.core.transcript import Transcript

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

ORDER = 20  # of the linear prediction
FRAME, SHIFT = RATE // 50, RATE // 100  # samples: 20 ms, every 10 ms
ALPHAS = 0.5, 0.9  # from the most to the least disguised


def alphas(key: bytes, transcript: Transcript) -> dict[str, float]:
    """Return the coefficient of each speaker of a recording, which only the key gives again."""
    low, high = ALPHAS
    found = {}
    for speaker in transcript.speakers:
        signed = hmac.new(key, f"voice\0{transcript.recording}\0{speaker.id}".encode(), hashlib.sha256).digest()
        found[speaker.id] = low + (high - low) * int.from_bytes(signed[:4], "big") / 2**32
    return found


def disguise(sound: NDArray[np.float32], transcript: Transcript, alpha: Mapping[str, float]) -> NDArray[np.float32]:
    """Return ``(sample,)`` sound at 16 kHz of the same length, in which the turns of each speaker are disguised."""
    import numpy as np

    changed = np.array(sound, np.float32)
    done = 0
    for utterance in transcript:
        start, end = max(done, round(utterance.start * RATE)), min(len(sound), round(utterance.end * RATE))
        coefficient = alpha.get(utterance.speaker or "")
        if coefficient and end - start > FRAME:
            changed[start:end] = moved(changed[start:end], coefficient)
        done = max(done, end)
    return changed


def moved(voice: NDArray[np.float32], alpha: float) -> NDArray[np.float32]:
    """Return one voice, ``(sample,)``, with its resonances moved; as loud and as long as before."""
    import numpy as np
    from scipy.signal import lfilter

    window = np.sqrt(np.hanning(FRAME + 1)[:FRAME])
    padded = np.concatenate([np.zeros(FRAME), voice.astype(np.float64), np.zeros(FRAME)])
    frames = np.lib.stride_tricks.sliding_window_view(padded, FRAME)[::SHIFT] * window
    forward = _predictions(frames)
    companions = np.zeros((len(frames), ORDER, ORDER))
    companions[:, 0] = -forward[:, 1:]
    companions[:, range(1, ORDER), range(ORDER - 1)] = 1
    poles = np.linalg.eigvals(companions).astype(complex)
    angle = np.angle(poles)
    complex_pole = np.abs(poles.imag) > 1e-9
    turned = np.where(complex_pole, np.sign(angle) * np.minimum(np.abs(angle) ** alpha, np.pi), angle)
    poles = np.minimum(np.abs(poles), 0.995) * np.exp(1j * turned)
    out = np.zeros(len(padded))
    for place, frame in enumerate(frames):
        residual = lfilter(forward[place], [1.0], frame)
        made = lfilter([1.0], np.real(np.poly(poles[place])), residual)
        before, after = float(np.sqrt(np.mean(frame**2))), float(np.sqrt(np.mean(made**2)))
        out[place * SHIFT : place * SHIFT + FRAME] += made * window * (before / after if after > 1e-9 else 0.0)
    return np.clip(out[FRAME : FRAME + len(voice)], -1, 1).astype(np.float32)


def _predictions(frames: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the linear prediction filter of each frame, by Levinson and Durbin's recursion on all at once."""
    import numpy as np

    lags = np.stack([np.einsum("fs,fs->f", frames[:, : FRAME - k], frames[:, k:]) for k in range(ORDER + 1)], axis=1)
    lags[:, 0] = lags[:, 0] * (1 + 1e-9) + 1e-9
    filters = np.zeros((len(frames), ORDER + 1))
    filters[:, 0] = 1.0
    error = lags[:, 0].copy()
    for order in range(1, ORDER + 1):
        reflected = -np.einsum("fk,fk->f", filters[:, :order], lags[:, order:0:-1]) / error
        filters[:, 1 : order + 1] += reflected[:, None] * filters[:, order - 1 :: -1][:, :order]
        error *= 1 - reflected**2
        error = np.maximum(error, 1e-12)
    return filters
