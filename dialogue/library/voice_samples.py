"""Take a sample of a voice from a meeting or from a file: only where that voice is heard alone, loud and unclipped."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from dialogue.core import audio, models
from dialogue.core.errors import DialogueError
from dialogue.core.files import read_json
from dialogue.core.transcript import Speaker, Transcript, Utterance
from dialogue.corrections.spans import Span, united
from dialogue.library.voiceprints import MODEL, Voiceprint, mean_voice, model_id
from dialogue.speech import diarization, steps
from dialogue.speech.diarization import DiarizationConfig, Voices
from dialogue.speech.diarization.embedded import WINDOW, assign
from dialogue.speech.diarization.plda import PLDA

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from dialogue.core.sound import Samples

ENOUGH = 5.0  # seconds of clean speech to enrol a voice
LEAST = 2.0  # seconds to recognise one
ALONE = 0.9  # share of a window in which the speaker speaks
CLIPPED, FULL = 0.01, 0.99  # share of a window's samples at or beyond this level from which it is distorted
SECOND = 0.2  # share of a sample that is another voice from which it is refused


class SampleError(DialogueError, ValueError):
    """A sample that cannot be used; the message says why."""


@dataclass(frozen=True, eq=False)
class HeardRecording:
    """What is needed to take samples from a recording.

    Attributes:
        name: where it comes from, for messages.
        said: who speaks when.
        voices: what the embedded diarization heard.
        sound: ``(sample,)`` or ``(channel, sample)`` at 16 kHz; without it, level and clipping are not checked.
        model: what computed the embeddings.
    """

    name: str
    said: Transcript
    voices: Voices
    sound: Samples | None = None
    model: str = field(default_factory=model_id)

    def sample(self, speaker: str, least: float = ENOUGH) -> Voiceprint:
        """Return a sample of a speaker.

        Args:
            speaker: id.
            least: seconds of clean speech below which it is refused.

        Raises:
            SampleError: there is too little clean speech, or there are two voices; the message says what is wrong.
        """
        channel = next((s.attributes.get("channel") for s in self.said.speakers if s.id == speaker), None)
        prefix = f"{channel}/" if f"{channel}/windows" in self.voices else ""
        voices = {k.removeprefix(prefix): v for k, v in self.voices.items() if k.startswith(prefix)}
        sound = self.sound if self.sound is None or self.sound.ndim == 1 else self.sound[channel or 0]
        chosen, lost = self._clean(voices, sound, speaker)
        seconds = _length(voices, chosen)
        who = f"{self.name}: {self.said.name(speaker)}"
        if seconds < least or not chosen.any():
            reasons = ", ".join(f"{lost[why]:.1f} s {why}" for why in lost if lost[why] >= 0.05) or "nothing is said"
            raise SampleError(f"{who}: {seconds:.1f} s of clean speech ({reasons}). Accepted: {least:g} s or more.")
        shares = voices_in(voices, chosen)
        if len(shares) > 1 and shares[1] >= SECOND:
            raise SampleError(
                f"{who}: two voices or more, one for {shares[0]:.0%} and another for {shares[1]:.0%} of the time. "
                "Accepted: one voice; correct the transcript (`dialogue correct move`), or take another sample."
            )
        return Voiceprint(mean_voice(voices["window_embeddings"][chosen]), seconds, self.model)

    def speaker(self, who: str) -> str:
        """Return the id of a speaker, given their id or name.

        Raises:
            SampleError: nobody, or several people, are called so.
        """
        found = [s.id for s in self.said.speakers if who in (s.id, s.name)]
        if len(found) != 1:
            people = ", ".join(f"{s.id} ({s.name})" if s.name else s.id for s in self.said.speakers)
            raise SampleError(
                f"{self.name}: {len(found) or 'no'} speakers {who}. Accepted: {people or 'nobody speaks'}."
            )
        return found[0]

    def _clean(self, voices: Voices, sound: Any, speaker: str) -> tuple[NDArray[Any], dict[str, float]]:
        """Return which windows (N,) hold only the speaker, and the seconds that were lost, by reason."""
        import numpy as np

        own = united((u.start, u.end) for u in self.said if u.speaker == speaker)
        others = united((u.start, u.end) for u in self.said if u.speaker != speaker and u.speaker is not None)
        windows, passages = voices["windows"], voices["passages"][voices["passage"]]
        length = windows[:, 1] - windows[:, 0]
        middle = windows.mean(axis=1)
        heard = np.stack(  # what each embedding was computed from
            [np.maximum(middle - WINDOW / 2, passages[:, 0]), np.minimum(middle + WINDOW / 2, passages[:, 1])], axis=1
        )
        speaks = _shared(windows, own) >= ALONE * length
        second = united((float(a), float(b)) for a, b in voices["overlaps"])
        alone = speaks & (_shared(heard, others) < 0.01) & (_shared(windows, second) < 0.01)
        known = ~np.isnan(voices["window_embeddings"]).any(axis=1)
        lost = {"with other voices": float(length[speaks & ~alone].sum())}
        lost["too short to tell"] = float(length[alone & ~known].sum())
        chosen = alone & known
        if sound is not None:
            for why, bad in _faults(sound, windows, chosen).items():
                lost[why] = float(length[chosen & bad].sum())
                chosen &= ~bad
        return chosen, lost


def _faults(sound: Samples, windows: NDArray[Any], chosen: NDArray[Any]) -> dict[str, NDArray[Any]]:
    import numpy as np

    quiet, clipped = np.zeros(len(windows), bool), np.zeros(len(windows), bool)
    for row in np.flatnonzero(chosen):
        piece = np.asarray(sound[int(windows[row, 0] * audio.RATE) : int(windows[row, 1] * audio.RATE)])
        if len(piece):
            quiet[row] = 10 * np.log10(max(float(np.square(piece).mean()), 1e-12)) < audio.QUIET
            clipped[row] = (np.abs(piece) >= FULL).mean() >= CLIPPED
    return {"too quiet": quiet, "clipped": clipped & ~quiet}


def _shared(windows: NDArray[Any], spans: Sequence[Span]) -> NDArray[Any]:
    """Return the seconds (N,) of each window that spans cover."""
    import numpy as np

    found = np.zeros(len(windows))
    for start, end in spans:
        found += (np.minimum(windows[:, 1], end) - np.maximum(windows[:, 0], start)).clip(min=0)
    return found


def _length(voices: Voices, chosen: NDArray[Any]) -> float:
    windows = voices["windows"][chosen]
    return float((windows[:, 1] - windows[:, 0]).sum())


def voices_in(voices: Voices, chosen: NDArray[Any]) -> list[float]:
    """Return the share of the chosen windows that each voice has, the largest first, as the diarization hears them."""
    import numpy as np

    kept, passage = np.unique(voices["passage"][chosen], return_inverse=True)
    embeddings = voices["window_embeddings"][chosen].astype(np.float32)
    windows = voices["windows"][chosen]
    parts = [passage == n for n in range(len(kept))]
    some = {
        "passages": np.stack([[windows[p, 0].min(), windows[p, 1].max()] for p in parts]),
        "embeddings": np.stack([embeddings[p].mean(axis=0) for p in parts]),
        "windows": windows,
        "passage": passage,
        "window_embeddings": embeddings,
    }
    labels, *_ = assign(some, PLDA.load())
    return sorted((np.bincount(labels) / len(labels)).tolist(), reverse=True)


# Where recordings come from ---------------------------------------------------------------------------------------


def of_file(path: Path) -> HeardRecording:
    """Listen to a file in which one person speaks; they are ``spk1``.

    Raises:
        AudioError: it holds no usable sound.
    """
    sound = audio.load(path)
    voices = diarization.load(DiarizationConfig()).listen(sound)
    turns = [Utterance(f"t{n}", "spk1", float(a), float(b)) for n, (a, b) in enumerate(voices["passages"])]
    said = Transcript(path.name, len(sound) / audio.RATE, None, (Speaker("spk1", path.name),), tuple(turns))
    return HeardRecording(path.name, said, voices, sound)


def of_meeting(folder: Path, with_sound: bool = True) -> HeardRecording:
    """Return what was heard in a meeting, with its corrected transcript; the networks run only if need be.

    Args:
        folder: ``<out>/<id>``, as ``dialogue meeting`` made it.
        with_sound: load the recording, if it is still there.

    Raises:
        CorrectionError: it is not the folder of a meeting.
        SampleError: nothing was heard in it with the present model, and the recording is not there.
    """
    from dialogue.workflow import meeting
    from dialogue.workflow.revision import Revision

    revision = Revision(folder)
    recording, config = meeting.recall(folder)
    work = folder.resolve().parent / ".stages/diarization"
    voices = _stored(work, revision.id)
    sound: Samples | None = None
    if (with_sound or voices is None) and recording.path.exists():
        each = steps.diarization_of(recording, config.diarization).channels == "speakers"
        sound = audio.load(recording, channels=each, longest=config.audio.longest)
    if voices is None:
        if sound is None:
            raise SampleError(f"{folder}: its voices were heard by another model, and {recording.path} is not there.")
        voices = steps.listen(diarization.load(DiarizationConfig()), sound, lambda share: None)
    return HeardRecording(revision.id, revision.transcript, voices, sound)


def of_turns(work: Path, id: str) -> HeardRecording:
    """Return what a diarization heard, where nothing but the turns was wanted.

    Args:
        work: folder of the diarization.
    """
    return HeardRecording(
        id, Transcript.load(work / f"{id}.json"), diarization.load_voices(work / "voices" / f"{id}.npz")
    )


def _stored(work: Path, id: str) -> Voices | None:
    """Return the voices that a diarization by the present model stored."""
    try:
        made = read_json(work / f"{id}.json")["provenance"]
        if any(entry.get("models", {}).get(MODEL) == models.digest(MODEL) for entry in made):
            return diarization.load_voices(work / "voices" / f"{id}.npz")
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        pass  # it is heard again
    return None
