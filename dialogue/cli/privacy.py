"""Find what identifies people, make copies without it, erase people and recordings, and account for it.

`detect` writes mentions as JSON lines, in the form of AP-HP. `review` lets somebody correct them in a spreadsheet. What
a person wrote is never overwritten, by another `detect` either.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, get_args

from dialogue.cli import erasing, options
from dialogue.cli.options import DONE, SOME_FAILED
from dialogue.cli.pseudonymise import add_copying

if TYPE_CHECKING:
    from dialogue.privacy.mention_scores import MentionScore
    from dialogue.privacy.mentions import Note

EXAMPLES = f"""  dialogue privacy detect meeting.json -o mentions.jsonl --known "Camille Durand, Rennes"
  dialogue privacy review mentions.jsonl
  dialogue privacy score --gold gold.jsonl --pred mentions.jsonl
  dialogue privacy apply call.json --mentions mentions.jsonl --key-file call.key --out copy --audio call.wav
{erasing.EXAMPLES}"""


def arguments(parser: argparse.ArgumentParser) -> None:
    from dialogue.privacy.config import Backend

    detect, review, score, apply, *others = options.actions(
        parser,
        EXAMPLES,
        detect=(_detect, "find the words that identify people"),
        review=(_review, "let a person correct the mentions in a spreadsheet"),
        score=(_score, "compare mentions with those of people"),
        apply=(_apply, "copy files without what identifies people"),
        **erasing.actions(),
    )
    erasing.add(*others)
    _apply_arguments(apply)
    detect.add_argument(
        "inputs", nargs="+", type=Path, metavar="IN", help="transcripts in any format, or notes as JSON lines"
    )
    detect.add_argument(
        "-o", "--out", required=True, type=Path, metavar="FILE", help="mentions to write, as JSON lines"
    )
    detect.add_argument(
        "--known",
        action="append",
        default=[],
        metavar="NAME,NAME",
        help="people and places known beforehand: those who take part, the record; may be repeated",
    )
    detect.add_argument("--backend", choices=get_args(Backend), help="tagger beside the rules (default: spacy)")
    options.add_config(detect)
    review.add_argument("mentions", type=Path, metavar="MENTIONS", help="JSON lines that detect wrote")
    review.add_argument("--table", type=Path, metavar="FILE", help="the table (default: MENTIONS with .tsv)")
    score.add_argument("--gold", required=True, type=Path, metavar="FILE", help="mentions of people, as JSON lines")
    score.add_argument("--pred", required=True, type=Path, metavar="FILE", help="mentions that were found")


def _detect(call: argparse.Namespace) -> int:
    from dialogue.core import config
    from dialogue.core.errors import DialogueError
    from dialogue.privacy import mentions, reviewing
    from dialogue.privacy.config import PrivacyOptions
    from dialogue.privacy.detection import detect_all

    chosen = {"privacy": options.given(backend=call.backend)}
    privacy = config.load(PrivacyOptions, call.config, call.overrides, chosen).privacy
    given = [name.strip() for names in call.known for name in names.split(",") if name.strip()]
    notes: list[Note] = []
    known: list[list[str]] = []
    problems = []
    for path in call.inputs:
        try:
            for note, names in _notes(path):
                if any(note.id == other.id for other in notes):
                    raise mentions.MentionError(
                        f"{path}: another input holds a recording {note.id}. Accepted: each once."
                    )
                notes.append(note)
                known.append([*given, *names])
        except (DialogueError, OSError) as error:
            named = isinstance(error, OSError) and error.filename
            problems.append(f"{error.filename}: {error.strerror}" if named else str(error))  # type: ignore[union-attr]
    before = mentions.load(call.out) if call.out.exists() else []
    found = detect_all(notes, privacy, known)
    mentions.save(call.out, reviewing.kept(found, before))
    for problem in problems:
        print(problem, file=sys.stderr)
    counts = Counter(m.label for note in found for m in note.mentions)
    print(f"{len(found)} recordings: {', '.join(f'{n} {label}' for label, n in counts.most_common()) or 'nothing'}")
    if privacy.backend == "rules":
        print("by rules and lists alone, which miss names that no list holds; --backend spacy finds more")
    print("what was missed stays in the text: have a person read it, with `dialogue privacy review`", file=sys.stderr)
    return SOME_FAILED if problems else DONE


def _notes(path: Path) -> list[tuple[Note, list[str]]]:
    """Return the texts of a file with the names that it holds beside them."""
    from dialogue import formats
    from dialogue.privacy import mentions
    from dialogue.privacy.detection import known_names

    if path.suffix == ".jsonl" and _holds_notes(path):
        return [(mentions.Note(note.id, note.text), []) for note in mentions.load(path)]
    return [(mentions.Note(t.recording, mentions.text_of(t)), known_names(t)) for t in formats.read(path)]


def _holds_notes(path: Path) -> bool:
    with path.open(encoding="utf-8", errors="replace") as file:
        first = next((line for line in file if line.strip()), "")
    try:
        value = json.loads(first)
    except ValueError:
        return False
    return isinstance(value, dict) and "note_text" in value


def _review(call: argparse.Namespace) -> int:
    from dialogue.privacy import mentions, reviewing

    notes = mentions.load(call.mentions)
    table = call.table or call.mentions.with_suffix(".tsv")
    if not table.exists():
        count = reviewing.write(table, notes)
        print(f"{table}: {count} mentions to review. Change labels, write keep where words stay, add rows; then again.")
        return DONE
    done = reviewing.read(table, notes)
    mentions.save(call.mentions, done.notes)
    count = reviewing.write(table, done.notes)
    print(f"{call.mentions}: {done.changed} mentions as decided; {count} new ones at the end of {table}")
    for problem in done.problems:
        print(problem, file=sys.stderr)
    return SOME_FAILED if done.problems else DONE


def _score(call: argparse.Namespace) -> int:
    from dialogue.privacy import mention_scores, mentions

    print(_table(mention_scores.score(mentions.load(call.gold), mentions.load(call.pred))))
    return DONE


def _table(found: MentionScore) -> str:
    """Return a score as text: a line for each figure, in percent."""

    def percent(value: float | None, interval: tuple[float, float] | None = None) -> str:
        between = f" ({100 * interval[0]:.1f} to {100 * interval[1]:.1f})" if interval else ""
        return "none" if value is None else f"{100 * value:.1f} %{between}"

    lines = [
        f"recall               {percent(found.recall, found.recall_interval)}",
        f"recall of characters {percent(found.characters)}",
        f"precision            {percent(found.precision, found.precision_interval)}",
    ]
    lines += [f"  {label:<18} {percent(share)} of {total}" for label, (share, total) in found.labels.items()]
    return "\n".join(lines)


# Apply ------------------------------------------------------------------------------------------------------------


def _apply_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "files", nargs="+", type=Path, metavar="FILE", help="transcripts in any format, and minutes.json of the same"
    )
    parser.add_argument(
        "--mentions", required=True, type=Path, metavar="FILE", help="what identifies people, JSON lines"
    )
    parser.add_argument("--out", required=True, type=Path, metavar="DIR", help="folder of the copies")
    parser.add_argument("--audio", type=Path, metavar="FILE", help="sound of the recording, copied as WAV or FLAC")
    parser.add_argument("--disguise", action="store_true", help="change the voices too; a disguise, not anonymity")
    add_copying(parser)


def _apply(call: argparse.Namespace) -> int:
    from dialogue.core.errors import DialogueError
    from dialogue.privacy import copies, mentions
    from dialogue.privacy.pseudonymisation import Copying
    from dialogue.privacy.pseudonyms import read_key

    read_key(call.key_file, call.out)
    sound = call.audio_mode or ("bleep" if call.audio else None)
    copying = Copying(call.mode, call.key_file, call.per, sound)  # type: ignore[arg-type]
    notes = {note.id: note for note in mentions.load(call.mentions)}
    failed, audio = 0, call.audio
    for number, path in enumerate(call.files, start=1):
        try:
            made = copies.write(path, notes, copying, call.out, audio, disguised=call.disguise)
            audio = None  # once is enough
            print(f"file {number}: {', '.join(str(p) for p in made)}")
        except (DialogueError, OSError) as error:
            failed += 1
            print(f"dialogue privacy apply: {path}: {error}", file=sys.stderr)
    return SOME_FAILED if failed else DONE


def run(call: argparse.Namespace) -> int:
    return call.run(call)
