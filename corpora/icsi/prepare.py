"""ICSI: convert the NXT annotations of each participant to one transcript per meeting; the sound is linked."""

from __future__ import annotations

from pathlib import Path

from dialogue import formats
from dialogue.core.audio import probe
from dialogue.core.transcript import Speaker
from dialogue.corpus import CorpusError, nxt
from dialogue.corpus.unpacking import link
from dialogue.formats import FormatError
from dialogue.formats.lines import transcript


def unpack(source: Path, folder: Path) -> dict[str, str]:
    """Write ``audio/<meeting>.wav`` and ``transcripts/<meeting>.json``.

    Reads ``Words/<meeting>.<agent>.words.xml`` and ``Segments/<meeting>.<agent>.segs.xml`` of the NXT annotations, and
    ``<meeting>.interaction.wav``, the mix of the headsets, in any sub-folder of ``source``. Speakers are participants,
    the same in all their meetings.

    Returns:
        Meeting -> why it could not be unpacked; the other meetings are unpacked.

    Raises:
        CorpusError: there are no annotations, or no mix of the headsets.
    """
    [words, *_] = sorted(path for path in source.rglob("Words") if path.is_dir()) or [None]
    sounds = {path.name.partition(".")[0]: path for path in sorted(source.rglob("*.interaction.wav"))}
    if words is None or not sounds:
        missing = "folder Words" if words is None else "<meeting>.interaction.wav"
        raise CorpusError(
            f"{source}: no {missing}. Accepted: a folder with ICSI_core_NXT unpacked and the audio of the meetings."
        )
    failed: dict[str, str] = {}
    for name, sound in sounds.items():
        try:
            _meeting(name, words, sound, folder)
        except (ValueError, OSError) as error:
            failed[name] = str(error)
    return failed


def _meeting(name: str, words: Path, sound: Path, folder: Path) -> None:
    utterances, events = [], []
    for path in sorted((words.parent / "Segments").glob(f"{name}.*.segs.xml")):
        said, heard = nxt.read(words / path.name.replace(".segs.", ".words."), path)
        utterances, events = utterances + said, events + heard
    if not utterances:
        raise FormatError(f"no words in {words.parent / 'Segments'}. Check that the meeting's annotation is there.")
    people = sorted({u.speaker for u in utterances if u.speaker})
    whole = transcript(
        name,
        utterances,
        speakers=[Speaker(label, label) for label in people],
        events=events,
        duration=probe(sound).duration,
        language="en",
    )
    formats.write([whole], folder / "transcripts" / f"{name}.json")
    link(sound, folder / "audio" / f"{name}.wav")
