"""Find problems that would break training later: each with its place and what to do."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from dialogue.core.audio import Recording
from dialogue.core.files import parse_json, read_json, sha256
from dialogue.core.transcript import TOLERANCE
from dialogue.formats import FormatError, lhotse, lines

TALKED_OVER = 0.5  # share of speech; more overlap looks like a fault (a channel read twice)
SHORTEST, LONGEST = 0.02, 300.0  # seconds of one utterance
SHOWN = 5  # problems of one kind shown per recording; the rest are counted
MOJIBAKE = re.compile("Ã[\u0080-\u00bf©¨ª«®´¹»§ ]|Â[«»°· ]|â€|�")
NESTED = ("turns", "reference", "unpacked")  # folders that are not splits


def validate(out: str | Path) -> list[str]:
    """Return the problems of prepared manifests, one sentence each with its fix; an empty list if there are none.

    Checks for missing and identical audio; times that are negative, empty or past the end; utterances that are too
    short or too long; repeated ids; turns without text; broken encodings; recordings without supervisions and the
    reverse; implausible overlap; identical dialogues; recordings and speakers in two splits.
    """
    out = Path(out)
    problems: list[str] = []
    try:
        recordings = lhotse.read_recordings(out / "recordings.jsonl")
    except OSError as error:
        return [f"{error.filename}: {error.strerror}. Run `dialogue prepare`; if it was stopped, run it again."]
    except FormatError as error:
        return [f"{error} Run `dialogue prepare` again."]
    problems += _audio(recordings)
    if (out / "supervisions.jsonl").exists():
        rows = list(_rows(out / "supervisions.jsonl", problems))
        problems += _supervisions(recordings, rows)
        problems += _splits(out, rows)
    return problems


def _rows(path: Path, problems: list[str]) -> Iterator[dict[str, Any]]:
    """Yield supervisions, whatever their values; invalid lines become problems."""
    seen: dict[str, int] = {}
    for number, line in enumerate(path.read_text(encoding="utf-8", errors="replace").split("\n"), start=1):
        if not line.strip():
            continue
        where = f"{path.name}, line {number}"
        try:
            row = parse_json(line)
            times = {key: lines.number(row[key], key, where) for key in ("start", "duration")}
            speaker = row.get("speaker")
            row = {**row, **times, "speaker": None if speaker is None else str(speaker)}
            row["id"], row["recording_id"] = str(row["id"]), str(row["recording_id"])
        except (ValueError, KeyError, TypeError, AttributeError):
            problems.append(
                f"{where}: not a supervision with id, recording_id, start and duration. Fix or remove the line."
            )
            continue
        if row["id"] in seen:
            problems.append(
                f"{where}: id {row['id']} is that of line {seen[row['id']]}. Ids must be unique: rename one."
            )
        seen.setdefault(row["id"], number)
        yield row


def _audio(recordings: Sequence[Recording]) -> list[str]:
    problems, seen = [], dict[str, str]()
    sizes = Counter(r.path.stat().st_size for r in recordings if r.path.is_file())
    for recording in recordings:
        if recording.duration <= 0:
            problems.append(f"{recording.id}: lasts {recording.duration:g} s. Accepted: more than 0. Remove it.")
        if not recording.path.is_file():
            problems.append(f"{recording.id}: no file {recording.path}. Put it back, or prepare again.")
            continue
        if sizes[recording.path.stat().st_size] == 1:  # no other file can be identical
            continue
        digest = sha256(recording.path)
        if digest in seen:
            problems.append(f"{recording.id}: the same audio as {seen[digest]}. Remove one.")
        seen.setdefault(digest, recording.id)
    ids = Counter(r.id for r in recordings)
    return problems + [f"recordings.jsonl: {name} is there {n} times. Keep one." for name, n in ids.items() if n > 1]


def _supervisions(recordings: Sequence[Recording], rows: Sequence[Mapping[str, Any]]) -> list[str]:
    by_recording: dict[str, list[Mapping[str, Any]]] = defaultdict(list)
    for row in rows:
        by_recording[row["recording_id"]].append(row)
    known = {r.id: r for r in recordings}
    problems = [
        f"{name}: has supervisions but is not in recordings.jsonl. Add its audio, or remove them."
        for name in by_recording
        if name not in known
    ]
    problems += [
        f"{name}: has no supervision. Add its reference, or remove it." for name in known if name not in by_recording
    ]
    texts: dict[str, str] = {}
    for name, found in by_recording.items():
        if name not in known:
            continue
        kinds: dict[str, list[str]] = defaultdict(list)
        for row in found:
            for kind, problem in _turn(row, known[name]):
                kinds[kind].append(f"{name}: {row['id']} {problem}")
        for kind, said in kinds.items():
            problems += said[:SHOWN]
            if len(said) > SHOWN:
                problems.append(f"{name}: {len(said) - SHOWN} more of this kind ({kind}).")
        speech, both = overlap([(r["start"], r["start"] + r["duration"], r.get("speaker")) for r in found])
        if speech and both / speech > TALKED_OVER:
            problems.append(
                f"{name}: {both / speech:.0%} of the speech is overlapped. Is a channel read twice? "
                f"Check read.reference of the card."
            )
        whole = " ".join(str(r.get("text", "")).lower() for r in found)
        if len(whole.split()) > 20 and whole in texts:
            problems.append(f"{name}: the same words as {texts[whole]}. Remove one.")
        texts.setdefault(whole, name)
    return problems


def _turn(row: Mapping[str, Any], recording: Recording) -> Iterator[tuple[str, str]]:
    """Yield ``(kind, problem)`` of one supervision."""
    duration, timed = recording.duration, recording.attributes.get("modality") != "text"
    start, length, text = row["start"], row["duration"], str(row.get("text") or "")
    if start < 0:
        yield "negative time", f"starts at {start:.3f} s. Times count from 0: shift or remove it."
    if length < 0:
        yield "negative duration", f"ends {-length:.3f} s before it starts. Swap its times, or remove it."
    elif length < SHORTEST:
        yield (
            "empty span",
            f"lasts {length:.3f} s at {start:.3f} s. Accepted: {SHORTEST} or more. "
            f"Remove it, or join it to its neighbour.",
        )
    elif length > LONGEST and timed:
        yield (
            "long span",
            f"lasts {length:.0f} s. Accepted: {LONGEST:.0f} or less. Is the end of a turn missing?",
        )
    if start + length > duration + TOLERANCE:
        yield (
            "past the end",
            (
                f"ends at {start + length:.3f} s, the recording at {duration:.3f} s. "
                "Is it the sound of another recording, or cut? Trim or remove it."
            ),
        )
    if not re.search(r"\w", text):
        yield "no text", f"at {start:.3f} s has no text. Remove it, or keep it as an event."
    elif MOJIBAKE.search(text):
        yield (
            "encoding",
            "has letters in a wrong encoding (Ã©, �). Set read.encoding of the card and prepare again.",
        )
    elif any(unicodedata.category(c) == "Cc" for c in text):
        yield "control character", "holds a control character. Remove it from the source."


def overlap(turns: Sequence[tuple[float, float, object]]) -> tuple[float, float]:
    """Return the seconds with at least one speaker, and with two or more."""
    events = sorted((time, change, str(who)) for start, end, who in turns for time, change in ((start, 1), (end, -1)))
    speaking: Counter[str] = Counter()
    speech = both = since = 0.0
    for time, change, who in events:
        active = sum(n > 0 for n in speaking.values())
        speech += (time - since) * (active > 0)
        both += (time - since) * (active > 1)
        speaking[who] += change
        since = time
    return speech, both


def _splits(out: Path, rows: Sequence[Mapping[str, Any]]) -> list[str]:
    """Find recordings and speakers in two splits."""
    try:
        card = read_json(out / "card.json") if (out / "card.json").exists() else {}
        skip = (card.get("read") or {}).get("interviewers")
        re.compile(skip or "")
    except (ValueError, AttributeError, TypeError, re.error) as error:
        return [f"card.json: not the card of a corpus ({error}). Run `dialogue prepare` again."]
    homes: dict[str, set[str]] = defaultdict(set)
    owners: dict[str, set[str]] = defaultdict(set)
    for path in sorted(out.glob("*/recordings.jsonl")):
        if path.parent.name in NESTED:
            continue
        for recording in lhotse.read_recordings(path):
            homes[recording.id].add(path.parent.name)
    for row in rows:
        speaker = row.get("speaker")
        if speaker and not (skip and re.search(skip, speaker)):
            owners[speaker] |= homes.get(row["recording_id"], set())
    problems = [
        f"recording {name} is in splits {', '.join(sorted(found))}. Accepted: one. Fix the splits of the card."
        for name, found in homes.items()
        if len(found) > 1
    ]
    return problems + [
        f"speaker {name} is in splits {', '.join(sorted(found))}. Accepted: one split per speaker. "
        "Move recordings, or name interviewers in the card."
        for name, found in sorted(owners.items())
        if len(found) > 1
    ]
