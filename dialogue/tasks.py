"""Finetuning tasks from dialogues: standard ``messages`` in JSON lines, split by recording, with where each line comes from.

Kinds: ``continuation`` (the dialogue itself, for language modelling), ``reply`` (the next turn, given those before), ``summary`` (what
people wrote of a dialogue). Dialogues are written as Claire does, ``[Name:] text``, a turn a line; what people say is data, never an
instruction.

A line has ``id``, ``kind``, ``messages``, ``recording``, ``speakers``, ``utterances`` (ids), ``hashes`` (of the utterances' words), ``licence`` and
``personal_data``, so that what a model saw can be told, and taken out again.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Literal, get_args

from dialogue import formats
from dialogue.audio import Recording
from dialogue.formats import lhotse
from dialogue.formats.lines import labels, one_line
from dialogue.normalization import normalize
from dialogue.transcript import Transcript, Utterance

Kind = Literal["continuation", "reply", "summary"]
LONGEST = 1500  # bytes of dialogue in one example
SHINGLE = 8  # words in a row that count as the same text
COPIED = 0.5  # share of a test example's shingles in the training data beyond which it is the same text
PROMPTS = {
    "reply": "Continue le dialogue : écris seulement la prochaine réplique de {name}.",
    "summary": "Résume ce dialogue.",
}


class TaskError(ValueError):
    """Data that cannot become a task; the message names the recordings and what to do."""


@dataclass(frozen=True, slots=True)
class Example:
    """One line of a task; see the module."""

    id: str
    kind: Kind
    messages: tuple[Mapping[str, str], ...]
    recording: str
    speakers: tuple[str, ...]
    utterances: tuple[str, ...]
    hashes: tuple[str, ...]
    licence: str = "unknown"
    personal_data: str = "unknown"

    @property
    def answer(self) -> str:
        """What is learned: the last message."""
        return self.messages[-1]["content"]

    @classmethod
    def from_dict(cls, value: Mapping[str, Any]) -> Example:
        lists = {k: tuple(value[k]) for k in ("messages", "speakers", "utterances", "hashes")}
        return cls(**{**value, **lists})  # type: ignore[arg-type]


def build(
    data: Path, kind: Kind, out: Path, *, longest: int = LONGEST, transcripts: Path | None = None
) -> dict[str, int]:
    """Write ``out/<split>.jsonl`` from a prepared corpus.

    Args:
        data: output of ``prepare``, with splits.
        kind: of the examples.
        longest: bytes of dialogue in one example; a turn is cut only when it alone is longer.
        transcripts: folder of transcripts to use instead of the references (what ASR made of the same recordings).

    Returns:
        Split -> number of examples.

    Raises:
        TaskError: no such kind, no splits, no summaries, or test data that are also training data.
    """
    if kind not in get_args(Kind):
        raise TaskError(f"kind {kind!r}. Accepted: {', '.join(get_args(Kind))}.")
    splits = {p.parent.name: lhotse.read_recordings(p) for p in sorted(data.glob("*/recordings.jsonl"))}
    if not splits:
        raise TaskError(f"{data}: no splits. Give the card splits or shares, and prepare again.")
    card = (
        json.loads((data / "card.json").read_text(encoding="utf-8")) if (data / "card.json").exists() else {}
    )
    personal = card.get("personal_data", "unknown")
    summaries = _summaries(data) if kind == "summary" else {}
    made: dict[str, list[Example]] = {}
    for split, recordings in splits.items():
        made[split] = []
        for recording in recordings:
            path = (transcripts or data / "reference") / f"{recording.id}.json"
            if path.exists():
                [transcript] = formats.read(path, "json")
                made[split] += _examples(
                    transcript, kind, recording, personal, longest, summaries.get(recording.id, [])
                )
    if not any(made.values()):
        what = "no summaries.jsonl" if kind == "summary" and not summaries else "no utterances"
        raise TaskError(f"{data}: {what}, so no {kind} examples.")
    everywhere = (card.get("read") or {}).get("interviewers")
    refuse_leaks(made, speakers=not card.get("splits"), everywhere=everywhere)
    for split, examples in made.items():
        write(examples, out / f"{split}.jsonl")
    return {split: len(examples) for split, examples in made.items()}


def _summaries(data: Path) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    path = data / "summaries.jsonl"
    for line in path.read_text(encoding="utf-8").splitlines() if path.exists() else ():
        row = json.loads(line)
        found.setdefault(row["recording"], []).append(row["text"])
    return found


def _examples(
    transcript: Transcript,
    kind: Kind,
    recording: Recording,
    personal: str,
    longest: int,
    summaries: Sequence[str],
) -> Iterator[Example]:
    name = labels(transcript)
    said = [u for u in transcript if u.text.strip()]

    def example(number: int, messages: Sequence[Mapping[str, str]], used: Sequence[Utterance]) -> Example:
        return Example(
            f"{transcript.recording}-{kind}-{number}",
            kind,
            tuple(messages),
            transcript.recording,
            tuple(dict.fromkeys(name.get(u.speaker, "?") for u in used)),
            tuple(u.id for u in used),
            tuple(fingerprint(u.text) for u in used),
            str(recording.attributes.get("licence", "unknown")),
            personal,
        )

    if kind == "continuation":
        for number, window in enumerate(windows(said, name, longest), start=1):
            text = "\n".join(line for _, line in window)
            yield example(number, [{"role": "assistant", "content": text}], [u for u, _ in window])
    elif kind == "reply":
        for number in range(1, len(said)):
            before = _tail([(u, turn(u, name)) for u in said[:number]], longest)
            ask = PROMPTS["reply"].format(name=name.get(said[number].speaker, "?"))
            asked = "\n".join([*(line for _, line in before), "", ask])
            messages = [
                {"role": "user", "content": asked},
                {"role": "assistant", "content": one_line(said[number].text)},
            ]
            yield example(number, messages, [*(u for u, _ in before), said[number]])
    else:
        head = next(windows(said, name, longest), [])
        for number, text in enumerate(summaries, start=1):
            asked = "\n".join([*(line for _, line in head), "", PROMPTS["summary"]])
            messages = [{"role": "user", "content": asked}, {"role": "assistant", "content": text}]
            yield example(number, messages, [u for u, _ in head])


def turn(utterance: Utterance, name: Mapping[str | None, str]) -> str:
    """``[Camille:] bonjour``; brackets of the text are taken out, so that nobody opens a turn of somebody else."""
    said = one_line(utterance.text).replace("[", "(").replace("]", ")")
    return f"[{name.get(utterance.speaker, '?')}:] {said}"


def windows(
    said: Sequence[Utterance], name: Mapping[str | None, str], longest: int
) -> Iterator[list[tuple[Utterance, str]]]:
    """Turns in a row that fit ``longest`` bytes; a turn that alone does not is cut between words."""
    window: list[tuple[Utterance, str]] = []
    size = 0
    for u in said:
        for line in _cut(turn(u, name), longest):
            length = len(line.encode()) + 1
            if window and size + length > longest:
                yield window
                window, size = [], 0
            window.append((u, line))
            size += length
    if window:
        yield window


def _cut(line: str, longest: int) -> Iterator[str]:
    head = line[: line.index("]") + 1]
    rest: list[str] = []
    size = len(head.encode())
    for word in line[len(head) :].split():
        length = len(word.encode()) + 1
        if rest and size + length > longest:
            yield " ".join([head, *rest])
            rest, size = [], len(head.encode())
        rest.append(word)
        size += length
    yield " ".join([head, *rest])


def _tail(lines: Sequence[tuple[Utterance, str]], longest: int) -> list[tuple[Utterance, str]]:
    kept: list[tuple[Utterance, str]] = []
    size = 0
    for u, line in reversed(lines):
        size += len(line.encode()) + 1
        if kept and size > longest:
            break
        kept.append((u, line))
    return kept[::-1]


def fingerprint(text: str) -> str:
    """Hash of the words of an utterance, whatever its case and punctuation."""
    return hashlib.sha256(normalize(text, "fr-strict").encode()).hexdigest()[:16]


def refuse_leaks(
    splits: Mapping[str, Sequence[Example]], *, speakers: bool = True, everywhere: str | None = None
) -> None:
    """Refuse splits that share a recording, a speaker, or whole passages.

    Args:
        speakers: whether a shared speaker is refused; not where the authors' own split shares them.
        everywhere: regular expression of those who may be in all splits (interviewers).

    Raises:
        TaskError: naming what is shared, and by which splits.
    """
    homes: dict[tuple[str, str], str] = {}
    for split, examples in splits.items():
        for example in examples:
            keys = [("recording", example.recording)]
            keys += [
                ("speaker", s)
                for s in example.speakers
                if speakers and s != "?" and not (everywhere and re.search(everywhere, s))
            ]
            for key in keys:
                if homes.setdefault(key, split) != split:
                    raise TaskError(
                        f"{key[0]} {key[1]} is in {homes[key]} and in {split}. Accepted: one split each. "
                        "Prepare the corpus again with shares, or name interviewers in its card."
                    )
    known = {s for e in splits.get("train", ()) for s in _shingles(e.answer)}
    for split, examples in splits.items():
        for example in examples if split != "train" else ():
            own = _shingles(example.answer)
            if len(own) >= SHINGLE and len(own & known) / len(own) > COPIED:
                raise TaskError(
                    f"{example.id} of {split} is {len(own & known) / len(own):.0%} the same text as training data. "
                    "Leave one of the recordings out."
                )


def _shingles(text: str) -> set[int]:
    words = normalize(text, "fr-strict").split()
    return {hash(tuple(words[i : i + SHINGLE])) for i in range(len(words) - SHINGLE + 1)}


def write(examples: Iterable[Example], path: Path) -> None:
    formats.save_text(path, "".join(json.dumps(asdict(e), ensure_ascii=False) + "\n" for e in examples))


def read(path: Path) -> list[Example]:
    """Examples of a file.

    Raises:
        TaskError: naming the line that is not an example.
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
