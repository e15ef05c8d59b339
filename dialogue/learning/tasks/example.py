"""A line of a task: messages and their origin."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Literal, get_args

from dialogue.core.errors import DialogueError
from dialogue.core.files import save_json_lines
from dialogue.core.tombstones import TombstoneError, Tombstones
from dialogue.french.normalization import normalize

Kind = Literal[
    "continuation", "reply", "summary", "minutes", "judge", "rewrite", "corrections", "preferences", "record"
]
KINDS = get_args(Kind)


class TaskError(DialogueError, ValueError):
    """Raised for data that cannot become a task; the message names the recordings and says what to do."""


@dataclass(frozen=True, slots=True)
class Rights:
    """What is known of people in a text that is to be learned; see :class:`Example`."""

    personal_data: str
    pseudonymised: str
    legal_basis: str


def refuse_personal(where: str, text: Rights | Example) -> None:
    """Refuse personal data that were not pseudonymised, unless somebody said on what legal basis they are learned.

    Raises:
        TaskError: the message says what would be accepted.
    """
    if text.personal_data == "yes" and not text.pseudonymised and not text.legal_basis:
        raise TaskError(
            f"{where}: personal data (personal_data: yes in the card) that are not pseudonymised. Accepted: the copies "
            "of `dialogue pseudonymise` (--transcripts), gdpr.legal_basis in the card, or --legal-basis TEXT, which is "
            "kept with every example and in the card of the model."
        )


@dataclass(frozen=True, slots=True)
class Example:
    """One line of a task.

    Attributes:
        messages: ``role`` and ``content``; the last message is learned.
        speakers: names; for a speaker without a name, the recording's id and the speaker's label.
        utterances: ids in the transcript from which the dialogue was written.
        hashes: hash of the words of each utterance, see :func:`fingerprint`.
        licence, personal_data: those of the recording, as its corpus declares.
        pseudonymised: how people's names were replaced in the text: ``pseudo``, ``tag``, ``mask``, or as the corpus's
            card says; empty if they were not.
        legal_basis: why personal data may be learned, as whoever made the task said.
        rejected: another text for the same prompt, which people found worse than the last message; empty if there is
            none, and then it is not written.
    """

    id: str
    kind: Kind
    messages: tuple[Mapping[str, str], ...]
    recording: str
    speakers: tuple[str, ...]
    utterances: tuple[str, ...]
    hashes: tuple[str, ...]
    licence: str = "unknown"
    personal_data: str = "unknown"
    pseudonymised: str = ""
    legal_basis: str = ""
    rejected: str = ""

    @property
    def answer(self) -> str:
        """The last message, which is learned."""
        return self.messages[-1]["content"]

    @property
    def dialogue(self) -> str:
        """The turns: the part of the prompt before its blank line or, without a prompt, the answer itself."""
        return self.messages[-2]["content"].partition("\n\n")[0] if len(self.messages) > 1 else self.answer

    @classmethod
    def from_dict(cls, value: Mapping[str, Any]) -> Example:
        lists = {k: tuple(value[k]) for k in ("messages", "speakers", "utterances", "hashes")}
        return cls(**{**value, **lists})  # type: ignore[arg-type]


def fingerprint(text: str) -> str:
    """Return a hash of the words of an utterance, ignoring case and punctuation."""
    return hashlib.sha256(normalize(text, "fr-strict").encode()).hexdigest()[:16]


def write(examples: Iterable[Example], path: Path) -> None:
    save_json_lines(path, ({k: v for k, v in asdict(e).items() if v or k != "rejected"} for e in examples))


def refuse_erased(examples: Iterable[Example], *folders: Path) -> None:
    """Refuse examples of recordings and people that were erased.

    Args:
        folders: whose tombstones count.

    Raises:
        TaskError: the message names the recording or the person.
    """
    if stones := Tombstones(*folders):
        known = list(examples)
        try:
            stones.refuse("recording", *sorted({e.recording for e in known}))
            stones.refuse("person", *sorted({s for e in known for s in e.speakers}))
        except TombstoneError as error:
            raise TaskError(f"{error} Prepare the corpus again, which leaves it out.") from error


def read(path: Path) -> list[Example]:
    """Read the examples in a file.

    Raises:
        TaskError: the file cannot be read, or a line is not an example; the message names it.
    """
    examples = []
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except OSError as error:
        raise TaskError(f"{path}: {error.strerror}. Make it with `dialogue tasks`.") from error
    for number, line in enumerate(lines, start=1):
        try:
            examples.append(Example.from_dict(json.loads(line)))
        except (ValueError, TypeError, KeyError) as error:
            raise TaskError(
                f"{path}, line {number}: not an example ({error}). Make it with `dialogue tasks`."
            ) from error
    return examples
