"""Conversations with a dialogue model, kept as transcripts: one file each, in a folder of the person who had them.

``spk1`` is the person, who speaks first, and ``spk2`` the model. Each turn of the model has an entry in ``provenance``;
one that people rewrote is marked there, because it then says what they would have said.
"""

from __future__ import annotations

import datetime
import hashlib
import re
import secrets
import shutil
import tempfile
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from dialogue.core.audio import Recording
from dialogue.core.errors import DialogueError
from dialogue.core.files import save_json, to_json_lines
from dialogue.core.transcript import Speaker, Transcript, Utterance
from dialogue.formats import lhotse
from dialogue.formats.lines import paced
from dialogue.learning import tasks
from dialogue.learning.tasks.example import read as read_examples

FOLDER = ".conversations"  # in a library: those of everybody
PERSON, MODEL = "spk1", "spk2"
NAME = re.compile(r"conversation-\d{8}-\d{6}-[0-9a-f]{8}")


class ConversationError(DialogueError, ValueError):
    """A conversation that cannot be had, found or learned from; the message says why."""


@dataclass(frozen=True)
class Conversations:
    """The conversations of one person.

    Attributes:
        folder: folder of everybody's conversations.
        owner: who the person is, any text; it is not in the name of their folder.
    """

    folder: Path
    owner: str

    @property
    def own(self) -> Path:
        return self.folder / hashlib.sha256(self.owner.encode()).hexdigest()[:24]

    def all(self) -> list[Transcript]:
        """Return the conversations, the newest first."""
        return [Transcript.load(path) for path in sorted(self.own.glob("conversation-*.json"), reverse=True)]

    def read(self, name: str) -> Transcript:
        """Read a conversation.

        Raises:
            ConversationError: there is none of this name.
        """
        path = self._path(name)
        if not path.exists():
            raise ConversationError(f"conversation {name}: it does not exist any more.")
        return Transcript.load(path)

    def begin(self, person: str, model: str) -> Transcript:
        """Return an empty conversation of two names; it is kept from its first turn on.

        Raises:
            ConversationError: the names are empty or the same, or have brackets.
        """
        names = [" ".join(name.split()) for name in (person, model)]
        if not all(names) or names[0] == names[1] or set("[]") & set("".join(names)):
            raise ConversationError(f"names: found {person!r} and {model!r}. Accepted: two names, without brackets.")
        now = datetime.datetime.now().strftime("%Y%m%d-%H%M%S")
        speakers = tuple(Speaker(id, name) for id, name in zip((PERSON, MODEL), names, strict=True))
        return Transcript(f"conversation-{now}-{secrets.token_hex(4)}", 0.0, speakers=speakers, timed=False)

    def add(self, conversation: Transcript, text: str, *, model: str | None = None) -> Transcript:
        """Add a turn and keep the conversation.

        Args:
            model: which model wrote the turn; ``None`` for a turn of the person.
        """
        name = f"u{len(conversation.utterances) + 1}"
        said = Utterance(name, MODEL if model else PERSON, 0.0, 0.0, text.strip())
        if model:
            entry = {"stage": "talk", "utterance": name, "model": model}
            conversation = replace(conversation, provenance=(*conversation.provenance, entry))
        return self._keep(conversation, [*conversation.utterances, said])

    def rewrite(self, conversation: Transcript, place: int, text: str) -> Transcript:
        """Change the text of a turn, counted from 0, and keep the conversation.

        Raises:
            ConversationError: there is no such turn, or the text is empty.
        """
        turns = list(conversation.utterances)
        if not 0 <= place < len(turns) or not text.strip():
            raise ConversationError(f"turn {place + 1} of {len(turns)}: found {text!r}. Accepted: a turn, and words.")
        turns[place] = replace(turns[place], text=text.strip())
        written = tuple(
            {**entry, "rewritten": True} if entry.get("utterance") == turns[place].id else entry
            for entry in conversation.provenance
        )
        return self._keep(replace(conversation, provenance=written), turns)

    def delete(self, name: str) -> None:
        self._path(name).unlink(missing_ok=True)

    def delete_all(self) -> None:
        if self.own.exists():
            shutil.rmtree(self.own)

    def task(self) -> str:
        """Return a finetuning task of kind ``reply`` as JSON lines: the turns that people said or rewrote.

        What a model wrote is only read, never learned. It is empty as long as there is nothing to learn.
        """
        kept = [t for t in self.all() if len(t.utterances) > 1]
        if not kept:
            return ""
        with tempfile.TemporaryDirectory() as temporary:
            data = Path(temporary)
            recordings = [
                Recording(t.recording, data / f"{t.recording}.txt", t.duration, attributes={"modality": "text"})
                for t in kept
            ]
            (data / "train").mkdir()
            save_json(data / "card.json", {"personal_data": "yes"})  # people wrote what they liked
            lhotse.write_recordings(recordings, data / "train/recordings.jsonl")
            for transcript in kept:
                transcript.save(data / "reference" / f"{transcript.recording}.json")
            machine = {(t.recording, u) for t in kept for u in written_by_models(t)}
            tasks.build(data, "reply", data / "task", legal_basis="asked for by the person who wrote it")
            examples = read_examples(data / "task/train.jsonl")
        learned = [e for e in examples if (e.recording, e.utterances[-1]) not in machine]
        return to_json_lines(map(asdict, learned))

    def _path(self, name: str) -> Path:
        if not NAME.fullmatch(name):
            raise ConversationError(f"conversation {name!r}: no such name.")
        return self.own / f"{name}.json"

    def _keep(self, conversation: Transcript, turns: list[Utterance]) -> Transcript:
        placed = tuple(paced(turns))
        kept = replace(conversation, utterances=placed, duration=placed[-1].end).validate()
        path = self._path(kept.recording)
        self.own.mkdir(mode=0o700, parents=True, exist_ok=True)
        kept.save(path)
        return kept


def written_by_models(conversation: Transcript) -> set[str]:
    """Return the ids of the turns that a model wrote and nobody rewrote."""
    return {e["utterance"] for e in conversation.provenance if e.get("stage") == "talk" and not e.get("rewritten")}
