"""A small installation: a corpus prepared, tasks, a trained model, an experiment and a library, all by the project."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from dialogue.cli import main
from dialogue.core import audio, config
from dialogue.core.config import to_yaml
from dialogue.formats import lhotse
from dialogue.learning import tasks
from dialogue.learning.continual import Stream, loop
from dialogue.library.directory import People
from dialogue.library.jobs import Queue
from dialogue.library.meetings import Library
from dialogue.minutes.config import DocumentConfig, MinutesConfig
from dialogue.workflow import meeting, runner, stages
from dialogue.workflow.revision import Revision
from tests.library.voices import CONSENT, sample

NAME = "Zéphirine Quennoy"  # speaks in CALL with Bob, alone in ALONE, and others speak of her
CALL, ALONE, OTHER, LAST = "appel-zq17", "dictée-04", "appel-xy18", "appel-yy19"
SAID = {
    CALL: [
        (NAME, "bonjour je vous appelle pour les lampadaires de la rue Mouffetard"),
        ("Bob Marchal", "bonjour Zéphirine Quennoy vous voulez donc un devis avant la fin du mois"),
        (NAME, "oui et je m'occupe de prévenir le quartier des travaux"),
        ("Bob Marchal", "on décide de commencer les travaux de voirie le douze octobre"),
    ],
    ALONE: [(NAME, "ceci est une dictée que personne d'autre n'entend et qui parle de cerises")],
    OTHER: [
        ("Ana Petit", "Zéphirine Quennoy n'est pas là mais le devis est prêt depuis hier matin"),
        ("Bob Marchal", "très bien je l'envoie ce soir au service de la voirie avec les plans"),
        ("Ana Petit", "la prochaine réunion aura lieu mardi prochain dans la grande salle"),
    ],
    LAST: [
        ("Léa Roux", "rien de tout cela ne concerne les autres et le temps est toujours beau"),
        ("Paul Bru", "tant mieux car nous partons demain vers le nord avec les vélos"),
    ],
}


@dataclass
class Installation:
    folder: Path

    @property
    def data(self) -> Path:
        return self.folder / "data"

    @property
    def exp(self) -> Path:
        return self.folder / "exp"

    @property
    def library(self) -> Path:
        return self.folder / "library"

    @property
    def everything(self) -> list[str]:
        return [str(self.folder)]

    def holding(self, *texts: str) -> dict[str, str]:
        """Return the files whose name or bytes hold one of these texts, however it is written, and in what archive."""
        from tests.privacy.bytes import holding

        return holding(self.folder, texts)


def corpus(folder: Path) -> None:
    """Write the recordings and references of a corpus; each word lasts a third of a second."""
    for id, turns in SAID.items():
        clock, lines = 0.0, []
        for name, text in turns:
            end = clock + len(text.split()) / 3
            lines.append(f"{id} 1 {name.replace(' ', '_')} {clock:.3f} {end:.3f} {text}\n")
            clock = end
        (folder / id).mkdir(parents=True)
        (folder / id / f"{id}.stm").write_text("".join(lines), encoding="utf-8")
        tone = 0.1 * np.sin(np.arange(int((clock + 0.2) * audio.RATE)) / 20, dtype=np.float32)
        audio.save_wav(folder / id / f"{id}.wav", tone)
    card = {
        "id": "voirie",
        "title": {"fr": "Voirie", "en": "Roads"},
        "languages": ["fr"],
        "licence": "CC0-1.0",
        "source": "made up",
        "speech": "synthetic",
        "personal_data": "yes",
        "read": {"audio": "*/*.wav", "reference": "*/*.stm"},
        "splits": {"train": [CALL, ALONE, OTHER], "test": [LAST]},
    }
    (folder.parent / "card.yaml").write_text(to_yaml(card), encoding="utf-8")


def install(folder: Path, model: Path | None = None) -> Installation:
    """Make everything; without a model nothing is trained."""
    made = Installation(folder)
    corpus(folder / "source")
    assert (
        main(["prepare", str(folder / "card.yaml"), "--source", str(folder / "source"), "--out", str(made.data)]) == 0
    )
    for kind in ("continuation", "reply"):
        tasks.build(made.data, kind, folder / "tasks" / kind, longest=150, legal_basis="consent")
    _experiment(made)
    _library(made)
    if model:
        _model(made, model)
    return made


def _experiment(made: Installation) -> None:
    recordings = lhotse.read_recordings(made.data / "recordings.jsonl")
    runner.run(
        stages.write_minutes(made.data / "reference", MinutesConfig()), recordings, made.exp / "minutes", quiet=True
    )
    formats = DocumentConfig(formats=("md", "docx", "html"))
    document = stages.document(made.exp / "minutes", made.data / "reference", formats)
    runner.run(document, recordings, made.exp / "documents", quiet=True)
    for recording in recordings:
        (made.exp / "diarization" / "voices").mkdir(parents=True, exist_ok=True)
        np.savez(made.exp / "diarization" / "voices" / f"{recording.id}.npz", vectors=np.ones((3, 192), np.float32))
    (made.exp / "RESULTS.md").write_text(
        "| recording | cpwer |\n| --- | --- |\n" + "".join(f"| {id} | 0.1 |\n" for id in SAID)
    )


def _library(made: Installation) -> None:
    library = Library(made.library)
    for id in (CALL, OTHER):
        sound = made.folder / "source" / id / f"{id}.wav"
        library.add(sound, copy=True, participants=[name for name, _ in SAID[id]], title=f"Voirie {id}")
        text = made.data / "reference" / f"{id}.json"
        result = meeting.run([library.sound(id)], made.library, transcript=text, participants=[NAME], date="2023-10-12")
        assert not result.failed
    Revision(made.library / OTHER).add(Revision(made.library / OTHER).editor("Anne").rename("spk1", NAME))
    Revision(made.library / OTHER).undo("Anne")
    Queue(library).submit(OTHER)
    People(made.library).enrol(NAME, sample(1), CONSENT, source=f"{CALL} spk1")
    People(made.library).enrol("Bob Marchal", sample(2), CONSENT, source="ailleurs")
    library.refresh()


def _model(made: Installation, model: Path) -> None:
    values = {
        "model": str(model),
        "tasks": [str(made.folder / "tasks" / kind) for kind in ("continuation", "reply")],
        "method": "replay",
        "adaptation": {"kind": "full"},
        "training": {"steps": 2, "tokens": 256, "context": 256, "save_every": 1},
    }
    loop.train(config.build(Stream, values), made.exp / "model", lambda line: None)
