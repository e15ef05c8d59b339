"""Copies of single files without what identifies people: a transcript in any format, minutes, and the sound."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from dialogue import formats
from dialogue.core import audio
from dialogue.core.files import read_json, replacing, save_json
from dialogue.core.transcript import Transcript
from dialogue.minutes import Minutes
from dialogue.privacy import masking
from dialogue.privacy.disguise import alphas, disguise
from dialogue.privacy.mentions import Note
from dialogue.privacy.pseudonymisation import Copying, PseudonymisationError, day_of, people_of, words_of
from dialogue.privacy.pseudonyms import read_key
from dialogue.privacy.replacement import PseudonymousCopy


def write(
    path: Path,
    notes: Mapping[str, Note],
    copying: Copying,
    out: Path,
    sound: Path | None = None,
    disguised: bool = False,
) -> list[Path]:
    """Write the copy of a file under a name without names, and return the files written.

    Args:
        path: a transcript, or ``minutes.json``.
        notes: recording -> what was found in it.
        sound: the recording, for a transcript.
        disguised: change the voices of the sound too.

    Raises:
        PseudonymisationError: there are no mentions for the recording.
        FormatError: the file is no transcript.
    """
    if path.suffix == ".json" and str(read_json(path).get("schema", "")).startswith("dialogue/minutes/"):
        minutes = Minutes.load(path)
        copy = _copy(_note(notes, minutes.meeting.id, path), copying, notes, None)
        target = out / f"{copy.id(path.stem)}.json"
        save_json(target, copy.value(minutes.to_dict()))
        return [target]
    made = []
    for transcript in formats.read(path):
        note = _note(notes, transcript.recording, path)
        copy = _copy(note, copying, notes, transcript)
        name = copy.id(path.stem)
        target = out / f"{name}{path.suffix}"
        out.mkdir(parents=True, exist_ok=True)
        formats.write([copy.transcript(transcript)], target)
        made.append(target)
        if sound is not None and copying.sound:
            made.append(_sound(transcript, note, copying, sound, out, copy.id(sound.stem), disguised))
    return made


def _note(notes: Mapping[str, Note], recording: str, path: Path) -> Note:
    if recording in notes:
        return notes[recording]
    if len(notes) == 1 and path.stem in notes:
        return replace(notes[path.stem], id=recording)
    raise PseudonymisationError(
        f"no mentions of this recording among {len(notes)}. Make them: dialogue privacy detect {path}"
    )


def _copy(note: Note, copying: Copying, notes: Mapping[str, Note], transcript: Transcript | None) -> PseudonymousCopy:
    avoid = words_of(n.text for n in notes.values())
    attributes = transcript.attributes if transcript else {}
    people = people_of(transcript, attributes) if transcript else []
    return PseudonymousCopy(copying.pseudonyms(note.id, avoid), note, day_of(attributes), people)


def _sound(
    transcript: Transcript, note: Note, copying: Copying, sound: Path, out: Path, name: str, disguised: bool
) -> Path:
    assert copying.sound
    target = out / f"{name}{'.flac' if sound.suffix.lower() == '.flac' and not disguised else '.wav'}"
    masking.mask(sound, masking.spans_to_mask(transcript, note, copying.window, copying.doubt), target, copying.sound)
    if disguised:
        heard = audio.load(target)
        changed = disguise(heard[: len(heard)], transcript, alphas(read_key(copying.key_file), transcript))
        with replacing(target) as part:
            audio.save_wav(part, changed)
    return target
