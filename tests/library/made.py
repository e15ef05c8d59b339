"""Meetings made from lines of text, as `dialogue meeting` would leave them in a library, and a short recording."""

from pathlib import Path
from typing import Any

import numpy as np

from dialogue.core import audio
from dialogue.library.facts import MeetingFacts, write_facts
from dialogue.minutes import write_minutes
from tests.minutes.meetings import meeting

CHOIR = """Camille: Bonjour à tous, on parle du concert de décembre.
Nadia: Les partitions sont prêtes, je les envoie avant vendredi.
Thomas: Le budget de la salle est de huit cents euros.
Camille: On décide de réserver la salle Saint-Jean pour le concert.
Thomas: Je m'occupe de réserver la salle Saint-Jean avant lundi."""
LATER = """Camille: Où en est la salle Saint-Jean ?
Thomas: J'ai réservé la salle Saint-Jean hier, c'est fait.
Nadia: Finalement on abandonne le concert de décembre."""


def put(folder: Path, id: str, text: str, **facts: Any) -> Path:
    """Write a meeting with its minutes; returns its folder."""
    said, target = meeting(text, recording=id), folder / id
    target.mkdir(parents=True)
    said.save(target / f"{id}.json")
    write_minutes(said, date=facts.get("date")).save(target / "minutes.json")
    (target / "report.html").write_text("<html></html>")
    write_facts(target, MeetingFacts(**facts))
    return target


def recording(path: Path, level: float = 0.1) -> Path:
    """Write half a second of sound."""
    audio.save_wav(path, np.full(audio.RATE // 2, level, np.float32))
    return path
