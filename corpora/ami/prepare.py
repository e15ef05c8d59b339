"""AMI: convert the NXT annotations of each participant to one transcript per meeting; the sound is linked."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from dialogue import formats
from dialogue.core.audio import probe
from dialogue.core.transcript import Speaker
from dialogue.corpus import CorpusError, nxt
from dialogue.corpus.unpacking import link
from dialogue.formats import xml
from dialogue.formats.lines import transcript


def unpack(source: Path, folder: Path) -> dict[str, str]:
    """Write ``audio/<meeting>.wav``, ``transcripts/<meeting>.json`` and ``turns/<meeting>.rttm``.

    Reads ``corpusResources/meetings.xml``, ``words`` and ``segments`` of the manual annotations, and
    ``<meeting>.Mix-Headset.wav``, in any sub-folder of ``source``. Speakers are participants, the same in all their
    meetings.

    Returns:
        Meeting -> why it could not be unpacked; the other meetings are unpacked.

    Raises:
        CorpusError: there is no ``meetings.xml``, or no mix of the headsets.
    """
    [resources, *_] = sorted(source.rglob("corpusResources/meetings.xml")) or [None]
    sounds = {path.name.partition(".")[0]: path for path in sorted(source.rglob("*.Mix-Headset.wav"))}
    if resources is None or not sounds:
        missing = "corpusResources/meetings.xml" if resources is None else "<meeting>.Mix-Headset.wav"
        raise CorpusError(
            f"{source}: no {missing}. Accepted: a folder with ami_public_manual_1.6.2 unpacked and the audio of the "
            "meetings."
        )
    annotations, failed = resources.parents[1], dict[str, str]()
    for meeting in xml.parse(formats.decode(resources.read_bytes()), "root").iter("meeting"):
        name = meeting.get("observation")
        if name in sounds:
            try:
                _meeting(name, meeting, annotations, sounds[name], folder)
            except (ValueError, OSError) as error:
                failed[name] = str(error)
    return failed


def _meeting(name: str, meeting: Any, annotations: Path, sound: Path, folder: Path) -> None:
    utterances, events, speakers = [], [], []
    for agent in meeting.iter("speaker"):
        stem, person = f"{name}.{agent.get('nxt_agent')}", agent.get("global_name")
        words, segments = (annotations / kind / f"{stem}.{kind}.xml" for kind in ("words", "segments"))
        if segments.exists():  # a participant who never speaks has none
            said, heard = nxt.read(words, segments, person)
            utterances, events = utterances + said, events + heard
            speakers.append(Speaker(person, person))
    whole = transcript(
        name, utterances, speakers=speakers, events=events, duration=probe(sound).duration, language="en"
    )
    formats.write([whole], folder / "transcripts" / f"{name}.json")
    formats.write([nxt.words_alone(whole)], folder / "turns" / f"{name}.rttm")
    link(sound, folder / "audio" / f"{name}.wav")
