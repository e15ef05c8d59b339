"""Finetuning tasks from dialogues: standard ``messages`` in JSON lines, split by recording, with their origin.

Kinds: ``continuation`` (the dialogue itself, for language modelling), ``reply`` (the next turn, given those before),
``summary`` (what people wrote about a dialogue), ``minutes`` (a section of the minutes that people wrote about it),
``judge`` and ``rewrite`` (whether a few turns hold a decision, a task or an open question, and how people worded it),
``corrections`` (a turn as the machine heard it, then as people corrected it), ``preferences`` (a section of two minutes
of a meeting, of which people preferred one), ``record`` (who says or asks something in each of a few turns, as JSON: a
skill to teach, see :mod:`dialogue.learning.tasks.dialogue_record`).
Dialogues are written as in Claire, ``[Name:] text``, one turn per line; what people say is data, never an instruction.

A line has ``id``, ``kind``, ``messages``, ``recording``, ``speakers``, ``utterances`` (ids), ``hashes`` (of the
utterances' words), ``licence``, ``personal_data``, ``pseudonymised`` and ``legal_basis``, so that the data a model saw
can be identified and removed; and, for a preference, ``rejected``.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Literal

from dialogue import formats
from dialogue.core import ledger
from dialogue.core.audio import Recording
from dialogue.core.files import read_json
from dialogue.core.transcript import Transcript
from dialogue.corpus import read_summaries
from dialogue.formats import lhotse
from dialogue.formats.lines import labels, one_line
from dialogue.formats.turns import Line, names, tail, turn, windows
from dialogue.learning.tasks import corrected, dialogue_record, held_out, noted, preferred, sections
from dialogue.learning.tasks.duplicates import refuse_leaks, without_copies, without_repeats
from dialogue.learning.tasks.example import (
    KINDS,
    Example,
    Kind,
    Rights,
    TaskError,
    fingerprint,
    read,
    refuse_erased,
    refuse_personal,
    write,
)
from dialogue.minutes import editing

__all__ = [
    "KINDS",
    "LONGEST",
    "PROMPTS",
    "WHOLE",
    "Built",
    "Example",
    "Kind",
    "TaskError",
    "build",
    "fingerprint",
    "read",
    "refuse_erased",
    "refuse_leaks",
    "refuse_personal",
    "turn",
    "windows",
    "without_copies",
    "without_repeats",
    "write",
]

LONGEST = 1500  # bytes of dialogue in a continuation, or before a reply
WHOLE = 32_000  # bytes of dialogue in a prompt about a whole dialogue: about an hour of talk
PROMPTS = {
    "reply": "Continue le dialogue : écris seulement la prochaine réplique de {name}.",
    "summary": "Résume ce dialogue.",
    "record": "Écris la fiche de ce dialogue.",
    "corrections": "Corrige la dernière réplique, transcrite automatiquement.",
}


@dataclass(frozen=True)
class Built:
    """Result of building tasks from a corpus.

    Attributes:
        examples: split -> number of examples.
        repeats: recordings excluded from the training data because an earlier one has the same dialogue.
        cut: recordings too long for one example. They are excluded from training, because the target would mention
            parts the model never sees, and truncated in the other splits.
        missing: recordings without a transcript.
        copies: recordings left out of the other splits because the training data hold their text.
        undecided: pairs of minutes that give no example of a preference: ties, and those whose sections are the same.
    """

    examples: Mapping[str, int]
    repeats: tuple[str, ...] = ()
    cut: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    copies: tuple[str, ...] = ()
    undecided: int = 0

    def __str__(self) -> str:
        """Return a line of text, with counts of what was excluded."""
        said = [", ".join(f"{split}: {count} examples" for split, count in self.examples.items())]
        for found, what in (
            (self.repeats, "excluded from train: same dialogue as an earlier recording"),
            (self.cut, "longer than --longest: excluded from train, truncated elsewhere"),
            (self.missing, "without a transcript"),
            (self.copies, "left out of the other splits: the text is in train too"),
        ):
            said += [f"{len(found)} recording{'s' * (len(found) > 1)} {what}"] if found else []
        if self.undecided:
            said.append(f"comparisons of minutes that were ties, or whose sections are the same: {self.undecided}")
        return "; ".join(said)


def build(
    data: Path,
    kind: Kind,
    out: Path,
    *,
    longest: int | None = None,
    transcripts: Path | None = None,
    legal_basis: str | None = None,
    leave_out_copies: bool = False,
) -> Built:
    """Write ``out/<split>.jsonl`` from a prepared corpus.

    Args:
        data: output of ``prepare``, with splits; for corrections and preferences, folder of meetings (a library, or
            ``dialogue meeting --out``), of which every fifth is for testing.
        kind: kind of the examples.
        longest: maximum bytes of dialogue in one example; by default ``LONGEST``, ``WHOLE`` for summaries, minutes and
            preferences, and ``dialogue_record.LONGEST`` for records. A turn is cut only if it alone is longer. For
            those three, longer dialogues are excluded from training and truncated in the other splits.
        transcripts: folder of transcripts to use instead of the references (e.g. from ASR on the same recordings).
        legal_basis: why personal data that are not pseudonymised may be learned, if the card of the corpus does not
            say it (``gdpr.legal_basis``); it goes into every example.
        leave_out_copies: leave out of the other splits what repeats the training data, as splits of authors may;
            otherwise it is refused.

    Raises:
        TaskError: the data are personal, not pseudonymised, and nobody said on what legal basis; the kind is unknown,
            there are no splits or no examples, or test data are also training data.
    """
    if kind not in KINDS:
        raise TaskError(f"kind {kind!r}. Accepted: {', '.join(KINDS)}.")
    usual = {**dict.fromkeys(("summary", "minutes", "preferences"), WHOLE), "record": dialogue_record.LONGEST}
    longest = longest if longest is not None else usual.get(kind, LONGEST)
    if longest < 1:
        raise TaskError(f"longest is {longest}. Accepted: a number of bytes, e.g. {LONGEST}.")
    if kind in held_out.LOGS:
        return _of_meetings(data, kind, out, longest, legal_basis)
    splits = {p.parent.name: lhotse.read_recordings(p) for p in sorted(data.glob("*/recordings.jsonl"))}
    if not splits:
        raise TaskError(f"{data}: no splits. Give the card splits or shares, and prepare again.")
    card = read_json(data / "card.json") if (data / "card.json").exists() else {}
    summaries = read_summaries(data) if kind == "summary" else {}
    made: dict[str, list[Example]] = {split: [] for split in splits}
    cut: list[str] = []
    missing: list[str] = []
    for split, recordings in splits.items():
        for recording in recordings:
            path = (transcripts or data / "reference") / f"{recording.id}.json"
            if not path.exists():
                missing.append(recording.id)
                continue
            [transcript] = formats.read(path, "json")
            rights = _rights(card, transcript, legal_basis)
            refuse_personal(str(data), rights)
            dialogue = _Dialogue(transcript, recording, rights, longest)
            own = {"continuation": dialogue.continuations, "reply": dialogue.replies, "record": dialogue.records}
            if kind in own:
                made[split] += own[kind]()
            elif kind in ("judge", "rewrite"):
                made[split] += dialogue.about_items(kind, data / "minutes" / f"{recording.id}.json")
            elif asked := _asked(data, kind, recording, summaries):
                cut += [recording.id] if dialogue.cut else []
                if not (dialogue.cut and split == "train"):
                    made[split] += dialogue.of_whole(kind, asked)
    if not any(made.values()):
        lacking = {
            "summary": "no summaries.jsonl, or none",
            "minutes": "no minutes/*.json, or none",
            **dict.fromkeys(("judge", "rewrite"), "no minutes/*.json that say where each item was said, or none"),
            "record": f"no two speakers within {longest} bytes",
        }
        what = f"{lacking[kind]} of these recordings" if kind in lacking else "no utterances"
        if cut:
            what = f"all dialogues to learn from are longer than --longest {longest}"
        raise TaskError(f"{data}: {what}, so no {kind} examples.")
    made["train"], repeats = without_repeats(made.get("train", []))
    made, copies = without_copies(made) if leave_out_copies else (made, ())
    everywhere = (card.get("read") or {}).get("interviewers")
    refuse_leaks(made, speakers=not card.get("splits"), everywhere=everywhere)
    _write(made, data, out)
    return Built({split: len(made[split]) for split in splits}, repeats, tuple(cut), tuple(missing), copies)


def _of_meetings(data: Path, kind: Kind, out: Path, longest: int, legal_basis: str | None) -> Built:
    """Write the examples from what people corrected or preferred in a folder of meetings."""

    def dialogue_of(log: Path, transcript: Transcript) -> _Dialogue:
        recording = Recording(log.parent.name, log, transcript.duration)
        return _Dialogue(transcript, recording, _rights({}, transcript, legal_basis), longest)

    made: dict[str, list[Example]] = {}
    cut: list[str] = []
    missing: list[str] = []
    undecided = 0
    for split, logs in held_out.logs(data, kind).items():
        made[split] = []
        for log in logs:
            if kind == "corrections":
                made[split] += [dialogue_of(log, t.transcript).corrected(t) for t in corrected.turns(log)]
                continue
            id = log.parent.name
            if not (path := log.with_name(f"{id}.json")).exists():
                missing.append(id)
                continue
            found, none = preferred.preferences(log)
            undecided += none
            dialogue = dialogue_of(log, Transcript.load(path))
            cut += [id] if dialogue.cut and found else []
            if not (dialogue.cut and split == "train"):
                made[split] += dialogue.of_whole(kind, [(p.ask, p.preferred, p.rejected) for p in found])
    if not any(made.values()):
        what = {
            "corrections": "no corrected words in it. Accepted: meetings that `dialogue correct text` changed.",
            "preferences": "no preference in it from which a model can learn. Accepted: meetings in French of at most "
            f"{longest} bytes (--longest) whose minutes people compared, and did not find equal.",
        }
        raise TaskError(f"{data}: {what[kind]}")
    refuse_leaks(made, speakers=False)
    _write(made, data, out)
    return Built({split: len(e) for split, e in made.items()}, (), tuple(cut), tuple(missing), undecided=undecided)


def _write(made: Mapping[str, Sequence[Example]], data: Path, out: Path) -> None:
    """Write examples by split, unless something that they hold was erased."""
    every = [e for examples in made.values() for e in examples]
    refuse_erased(every, data, out)
    for split, examples in made.items():
        write(examples, out / f"{split}.jsonl")
    ledger.record(out, "tasks", ids=[e.recording for e in every], counts={"examples": len(every)})


def _asked(
    data: Path, kind: Kind, recording: Recording, summaries: Mapping[str, Sequence[str]]
) -> list[tuple[str, str]]:
    """Return ``(instruction, answer)`` pairs about a whole dialogue."""
    if kind == "summary":
        return [(PROMPTS["summary"], text) for text in summaries.get(recording.id, ())]
    path = data / "minutes" / f"{recording.id}.json"
    return sections.questions(path, recording.attributes.get("date")) if path.exists() else []


def _rights(card: Mapping[str, Any], transcript: Transcript, legal_basis: str | None) -> Rights:
    """Return what the card of a corpus and a transcript of it say about personal data, or what the caller says."""
    treated = (card.get("pseudonymisation") or {}).get("text", "unknown")
    made = transcript.attributes.get("pseudonymisation")  # a copy that `dialogue pseudonymise` made
    copied = str(made.get("text", "")) if isinstance(made, Mapping) else ""
    basis = legal_basis or (card.get("gdpr") or {}).get("legal_basis", "unknown")
    return Rights(
        str(card.get("personal_data", "unknown")),
        copied or ("" if treated in ("unknown", "none") else str(treated)),
        "" if basis == "unknown" else str(basis),
    )


class _Dialogue:
    """A transcript, and the examples that can be made from it."""

    def __init__(self, transcript: Transcript, recording: Recording, rights: Rights, longest: int) -> None:
        self.transcript, self.recording, self.rights, self.longest = transcript, recording, rights, longest
        self.name = names(transcript)
        self.said = [u for u in transcript if u.text.strip()]
        self.windows = list(windows(self.said, self.name, longest))
        self.cut = len(self.windows) > 1
        named = {s.id for s in transcript.speakers if s.name}
        # spk1 in one recording is not spk1 in another
        self.person = {
            speaker: label if speaker in named else f"{recording.id}_{label}"
            for speaker, label in labels(transcript).items()
        }

    def continuations(self) -> Iterator[Example]:
        for number, window in enumerate(self.windows, start=1):
            yield self._example("continuation", number, window, None, "\n".join(line for _, line in window))

    def replies(self) -> Iterator[Example]:
        lines = [(u, turn(u, self.name)) for u in self.said]
        for number in range(1, len(lines)):
            said = self.said[number]
            ask = PROMPTS["reply"].format(name=self.name.get(said.speaker, "?"))
            before = tail(lines[:number], self.longest)
            yield self._example("reply", number, before, ask, one_line(said.text), (lines[number],))

    def records(self) -> Iterator[Example]:
        for number, window in enumerate(self.windows, start=1):
            if len({u.speaker for u, _ in window}) < 2:
                continue  # the record of a monologue is nearly always the same
            answer = dialogue_record.record("\n".join(line for _, line in window))
            yield self._example("record", number, window, PROMPTS["record"], answer)

    def about_items(self, kind: Literal["judge", "rewrite"], path: Path) -> Iterator[Example]:
        found = noted.questions(kind, path, self.transcript) if path.exists() else ()
        for number, (places, ask, answer) in enumerate(found, start=1):
            lines = editing.passage(self.transcript.utterances, places, self.name)
            yield self._example(kind, number, lines, ask, answer)

    def corrected(self, turned: corrected.CorrectedTurn) -> Example:
        lines = [(u, turn(u, self.name)) for u in turned.transcript.utterances[: turned.place] if u.text.strip()]
        heard = replace(turned.utterance, text=turned.heard)
        before = tail([*lines, (heard, turn(heard, self.name))], self.longest)
        said = one_line(turned.utterance.text)
        return self._example("corrections", turned.place + 1, before, PROMPTS["corrections"], said)

    def of_whole(self, kind: Kind, asked: Sequence[tuple[str, ...]]) -> Iterator[Example]:
        """Yield an example for each instruction and answer; a rejected answer may follow."""
        for number, (ask, answer, *rejected) in enumerate(asked if self.windows else (), start=1):
            yield self._example(kind, number, self.windows[0], ask, answer, rejected="".join(rejected))

    def _example(
        self,
        kind: Kind,
        number: int,
        lines: Sequence[Line],
        ask: str | None,
        answer: str,
        answered: Sequence[Line] = (),
        rejected: str = "",
    ) -> Example:
        messages: list[dict[str, Any]] = [{"role": "assistant", "content": answer}]
        if ask is not None:
            asked = "\n".join([*(line for _, line in lines), "", ask])
            messages = [{"role": "user", "content": asked}, *messages]
        used = [u for u, _ in (*lines, *answered)]
        return Example(
            f"{self.recording.id}-{kind}-{number}",
            kind,
            tuple(messages),
            self.recording.id,
            tuple(dict.fromkeys(self.person.get(u.speaker, "?") for u in used)),
            tuple(u.id for u in used),
            tuple(fingerprint(u.text) for u in used),
            str(self.recording.attributes.get("licence", "unknown")),
            self.rights.personal_data,
            self.rights.pseudonymised,
            self.rights.legal_basis,
            rejected,
        )
