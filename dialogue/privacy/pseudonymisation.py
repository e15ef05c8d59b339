"""Pseudonymise the recordings of a manifest: find what identifies people, then write copies without it.

Two stages. The mentions of each recording are ``<mentions>/<id>.jsonl``, where people may correct them; the originals
are in them, so they are not in the folder of the copies. The copies are ``<out>/<id>.json``, ``<out>/turns/<id>.rttm``,
``<out>/audio/<id>.wav``, and a manifest of their own, ``<out>/data/recordings.jsonl``, whose attributes went through
the same table. An id that holds a name is another one there.
"""

from __future__ import annotations

import datetime
import functools
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from dialogue import formats
from dialogue.core import ledger
from dialogue.core.audio import Recording
from dialogue.core.config import to_dict
from dialogue.core.errors import DialogueError
from dialogue.core.files import save_text
from dialogue.core.transcript import Transcript
from dialogue.formats import lhotse
from dialogue.french.text import plain
from dialogue.privacy import detection, masking, mentions
from dialogue.privacy.config import PrivacyConfig
from dialogue.privacy.mentions import Note
from dialogue.privacy.pseudonyms import Mode, Pseudonyms, read_key, table_of
from dialogue.privacy.replacement import PseudonymousCopy
from dialogue.workflow import runner
from dialogue.workflow.runner import FilesWritten, Output, Progress, Result, Stage, Worker
from dialogue.workflow.stages import rttm_of


class PseudonymisationError(DialogueError, ValueError):
    """Recordings that cannot be pseudonymised; the message says what was found and what to do."""


@dataclass(frozen=True)
class Copying:
    """How copies are made.

    Attributes:
        mode: ``pseudo``, ``tag`` or ``mask``; see :class:`~dialogue.privacy.pseudonyms.Pseudonyms`.
        key_file: secret key, made if it is missing; its table lies beside it.
        per: whether a person has one pseudonym in the ``corpus``, or another in each ``recording``.
        sound: what is heard instead of mentions; ``None`` copies no sound.
        window, doubt: what is masked after a phrase that announces a number; see :func:`masking.spans_to_mask`.
    """

    mode: Mode
    key_file: Path
    per: str = "corpus"
    sound: masking.Sound | None = None
    window: float = masking.WINDOW
    doubt: float = masking.DOUBT

    def pseudonyms(self, recording: str, avoid: Iterable[str] = ()) -> Pseudonyms:
        """Return the pseudonyms of a recording."""
        own = recording if self.per == "recording" else None
        return Pseudonyms(read_key(self.key_file), table_of(self.key_file), own, self.mode, frozenset(avoid))


def people_of(transcript: Transcript, attributes: Mapping[str, Any]) -> list[str]:
    """Return the names known for a recording: those of its speakers and participants."""
    participants = attributes.get("participants") or ()
    named = [p.get("name", "") if isinstance(p, Mapping) else str(p) for p in participants]
    return list(dict.fromkeys(filter(None, [*(s.name for s in transcript.speakers), *named])))


def day_of(attributes: Mapping[str, Any]) -> datetime.date | None:
    """Return the day of a recording, if its attributes say it."""
    try:
        return datetime.date.fromisoformat(str(attributes.get("date"))[:10])
    except ValueError:
        return None


def words_of(texts: Iterable[str]) -> frozenset[str]:
    """Return the plain words of texts, which cannot be pseudonyms: nobody could tell them from the originals."""
    return frozenset(word for text in texts for word in re.findall(r"[^\W\d_]+", plain(text)))


def find(transcripts: Path, config: PrivacyConfig) -> Stage:
    """Transcript -> mentions: ``<id>.jsonl``, which people may correct."""
    return Stage(
        "mentions",
        version=1,
        make_worker=functools.partial(_finder, transcripts, config),
        inputs=lambda recording: [
            transcripts / f"{recording.id}.json",
            *(path for path in (config.names, config.allow) if path),
        ],
        outputs=lambda recording, out: [mentions_of(out, recording.id)],
        options={"privacy": to_dict(config)},
        attributes=("participants",),
        for_people=True,
        cost=0.001,
    )


def mentions_of(folder: Path, recording: str) -> Path:
    """Return the file of a recording's mentions."""
    return folder / f"{recording}.jsonl"


def _finder(transcripts: Path, config: PrivacyConfig) -> Worker:
    def work(recording: Recording, out: Path, progress: Progress) -> Output:
        [transcript] = formats.read(transcripts / f"{recording.id}.json", "json")
        note = detection.detect(transcript, config, people_of(transcript, recording.attributes))
        path = mentions_of(out, recording.id)
        mentions.save(path, [note])
        return FilesWritten([path])

    return work


def copy(
    transcripts: Path, found: Path, copying: Copying, originals: Mapping[str, Recording], avoid: frozenset[str]
) -> Stage:
    """Transcript and mentions -> their copy: ``<id>.json``, ``turns/<id>.rttm`` and, if wanted, ``audio/<id>.wav``.

    Args:
        originals: id of a copy -> the recording that it is of.
        avoid: words that are no pseudonyms; see :func:`words_of`.
    """
    return Stage(
        "pseudonymise",
        version=1,
        make_worker=functools.partial(_copier, transcripts, found, copying, originals, avoid),
        inputs=lambda recording: [
            transcripts / f"{originals[recording.id].id}.json",
            mentions_of(found, originals[recording.id].id),
            *([originals[recording.id].path] if copying.sound else []),
        ],
        outputs=lambda recording, out: [
            rttm_of(out, recording),
            *([sound_of(out, recording.id)] if copying.sound else []),
        ],
        options={
            "mode": copying.mode,
            "per": copying.per,
            "sound": [copying.sound, copying.window, copying.doubt] if copying.sound else None,
            "key": copying.pseudonyms("").key_id,
        },
        unnamed=True,
        cost=0.005 if copying.sound else 0.0003,
    )


def sound_of(out: Path, recording: str) -> Path:
    """Return the masked sound of a copy."""
    return out / "audio" / f"{recording}.wav"


def _copier(
    transcripts: Path, found: Path, copying: Copying, originals: Mapping[str, Recording], avoid: frozenset[str]
) -> Worker:
    def work(recording: Recording, out: Path, progress: Progress) -> Output:
        original = originals[recording.id]
        [transcript] = formats.read(transcripts / f"{original.id}.json", "json")
        note = _note(found, original.id)
        made = _copy_of(copying, note, transcript, original, avoid).transcript(transcript)
        made = replace(made, recording=recording.id)
        save_text(rttm_of(out, recording), formats.dumps([made], "rttm") if made.utterances else "")
        if copying.sound:
            sound_of(out, recording.id).parent.mkdir(exist_ok=True)
            spans = masking.spans_to_mask(transcript, note, copying.window, copying.doubt)
            track = original.attributes.get("track", 1)
            masking.mask(original.path, spans, sound_of(out, recording.id), copying.sound, track)
        return made

    return work


def _note(found: Path, recording: str) -> Note:
    notes = mentions.load(mentions_of(found, recording))
    if len(notes) != 1:
        raise PseudonymisationError(f"{recording}: {len(notes)} notes in its file of mentions. Accepted: one.")
    return replace(notes[0], id=recording)


def _copy_of(
    copying: Copying, note: Note, transcript: Transcript, recording: Recording, avoid: Iterable[str]
) -> PseudonymousCopy:
    people = people_of(transcript, recording.attributes)
    return PseudonymousCopy(copying.pseudonyms(recording.id, avoid), note, day_of(recording.attributes), people)


def run(
    recordings: Sequence[Recording],
    transcripts: Path,
    found: Path,
    out: Path,
    copying: Copying,
    config: PrivacyConfig | None = None,
    **running: Any,
) -> Result:
    """Find the mentions of recordings and write their copies; what is up to date is kept.

    Args:
        found: folder of the mentions, outside ``out``.
        config: how to find mentions; ``None`` takes those that are in ``found``.
        running: options of :func:`dialogue.workflow.runner.run`.

    Raises:
        PseudonymisationError: the mentions would be in the folder of the copies.
        KeyFileError: the key cannot be used.
    """
    if out.resolve() in (found.resolve(), *found.resolve().parents):
        raise PseudonymisationError(
            f"{found}: in {out}, the folder of the copies. Accepted: another folder, since mentions show the originals."
        )
    read_key(copying.key_file, out)
    first = Result("mentions")
    if config is not None:
        first = runner.run(find(transcripts, config), recordings, found, **running)
    if running.get("dry_run"):
        return first
    ready = [r for r in recordings if r.id not in first.failed]
    failed = dict(first.failed)
    read = dict[str, tuple[Note, Transcript]]()
    for recording in ready:
        try:
            [transcript] = formats.read(transcripts / f"{recording.id}.json", "json")
            read[recording.id] = _note(found, recording.id), transcript
        except (DialogueError, OSError) as error:
            failed[recording.id] = str(error)
    avoid = words_of(note.text for note, _ in read.values())
    copies, originals = list[Recording](), dict[str, Recording]()
    for recording in ready:
        if recording.id in read:
            note, transcript = read[recording.id]
            made = _copy_of(copying, note, transcript, recording, avoid)
            copies.append(_recording(made, recording, out, copying, originals))
            originals[copies[-1].id] = recording
    second = runner.run(copy(transcripts, found, copying, originals, avoid), copies, out, **running)
    done = [c for c in copies if c.id not in second.failed]
    lhotse.write_recordings(done, out / "data" / "recordings.jsonl")
    # beside the mentions: a ledger among the copies would tell whether a guessed id is one of the originals
    ledger.record(found, "pseudonymise", ids=[originals[c.id].id for c in done], counts={"recordings": len(done)})
    return replace(second, failed={**failed, **second.failed})


def _recording(
    made: PseudonymousCopy, recording: Recording, out: Path, copying: Copying, taken: Mapping[str, Recording]
) -> Recording:
    """Return the manifest's entry of a copy, which leads to nothing of the original."""
    id = made.id(recording.id)
    if id in taken:
        id = f"{id}-{len(taken) + 1}"
    known = {k: v for k, v in recording.attributes.items() if k not in ("modality", "track", "text")}
    attributes = made.value(known)
    if copying.sound:
        return replace(recording, id=id, path=sound_of(out, id), attributes=attributes)
    return replace(recording, id=id, path=out / f"{id}.json", attributes={**attributes, "modality": "text"})
