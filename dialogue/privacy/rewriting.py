"""Write one file again without what is erased, by the kind of file.

What can be made again (pages, documents, subtitles, plots, archives) is deleted and not edited. Everything else loses
the rows, fields, words and lines that are about the person or the recording; names in free text are replaced.
"""

from __future__ import annotations

import gzip
import io
import json
import re
import zipfile
import zlib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from dialogue import corrections
from dialogue.core.files import parse_json, resealed, to_json
from dialogue.core.transcript import SCHEMA, Omission, Transcript, TranscriptError, Utterance, Word
from dialogue.minutes import Minutes
from dialogue.minutes.document import SCHEMA as MINUTES
from dialogue.minutes.document import Evidence, MinutesError, Point
from dialogue.privacy.traces import MARK, SharedTurns, Traces
from dialogue.workflow.runner import _body_digest, output_text

ARCHIVES = {".npz", ".zip", ".docx", ".odt", ".xlsx", ".epub"}
MADE_AGAIN = {".html", ".svg", ".png", ".pdf", ".tex", ".srt", ".vtt", ".error", ".damaged", ".part"}
COLUMNS = {".stm", ".rttm", ".ctm", ".uem", ".csv", ".tsv", ".log"}
TEXTS = {".txt", ".md", ".yaml", ".yml", ".toml", ".ini", ".sh", ".py", ".cff", ".bib", ".rst", ".vocab", ""}
BULLET = re.compile(r"^\s*(?:[-*•]|\d+[.)])?\s*|[\s,;.]*$")
TAG = re.compile(rb"<[^>]*>")


@dataclass(frozen=True)
class Rewritten:
    """What becomes of a file.

    Attributes:
        content: the new one; ``None`` deletes the file.
        count: places that changed.
        broken: numbers of lines that could not be read; those that may hold something erased are left out.
        in_text: names replaced in free text, which a reader may want to look at.
        unreadable: it holds something erased, and nothing here can edit it.
    """

    content: bytes | None
    count: int = 0
    broken: tuple[int, ...] = ()
    in_text: int = 0
    unreadable: bool = False


def rewritten(path: Path, content: bytes, traces: Traces, recording: str | None) -> Rewritten:
    """Return what becomes of a file.

    Args:
        recording: whose file it is, by its name or folder, if it is one's.
    """
    suffix = path.suffix.lower()
    shared = traces.shared.get(recording or "")
    if suffix == ".gz" or content[:2] == b"\x1f\x8b":
        return _compressed(path, content, traces, recording)
    if suffix in ARCHIVES:
        return _archive(content, traces)
    if shared is None and not traces.may_be_in(content):
        return Rewritten(content)
    if suffix in MADE_AGAIN:
        return _deleted_if_found(content, traces)
    text = _text(content)
    if text is None:
        return Rewritten(content, unreadable=_found(content, traces))
    if suffix in (".json", ".ipynb"):
        return _json(text, content, traces)
    if suffix in (".jsonl", ".ndjson"):
        return _json_lines(path, text, content, traces)
    if suffix in COLUMNS:
        return _columns(text, content, traces)
    return _free_text(text, content, traces)


# Values -----------------------------------------------------------------------------------------------------------


def _json(text: str, content: bytes, traces: Traces) -> Rewritten:
    try:
        value = parse_json(text)
    except json.JSONDecodeError:
        return replace(_free_text(text, content, traces), broken=(1,))
    if not isinstance(value, dict):
        found, count = traces.cleaned(value)
        return Rewritten(to_json(found).encode() if count else content, count)
    meeting = value.get("meeting")
    about = meeting if value.get("schema") == MINUTES and isinstance(meeting, dict) else value
    if traces.is_row_of({k: v for k, v in about.items() if k in ("recording", "recording_id", "meeting", "id")}):
        return Rewritten(None, 1)
    found = {k: v for k, v in value.items() if k != "made_by"}
    shared = in_text = 0
    if value.get("schema") == MINUTES and about.get("id") in traces.shared:
        found, shared = minutes_without(found, traces.shared[about["id"]], traces)
    if value.get("schema") == SCHEMA:
        found, in_text = transcript_cleaned(found, traces.shared.get(str(value.get("recording"))), traces)
    found, count = traces.cleaned(found)
    made_by, made = traces.cleaned(value.get("made_by"))
    total = shared + in_text + count + made
    if not total:
        return Rewritten(content)
    if not isinstance(made_by, dict):
        return Rewritten(to_json(resealed(found, value)).encode(), total, in_text=in_text)
    edited = made_by.get("body") != _body_digest(content.partition(b"\n")[2])
    new = output_text(found, {k: v for k, v in made_by.items() if k != "body"}).encode()
    if edited:  # it stays a file that a person changed
        body = new.partition(b"\n")[2]
        new = json.dumps({"made_by": made_by}, ensure_ascii=False)[:-1].encode() + b",\n" + body
    return Rewritten(new, total, in_text=in_text)


def _json_lines(path: Path, text: str, content: bytes, traces: Traces) -> Rewritten:
    kept: list[str] = []
    broken: list[int] = []
    count = in_text = 0
    log = path.name == corrections.NAME
    for number, line in enumerate(text.split("\n"), start=1):
        new = line
        if line.strip():
            try:
                row = parse_json(line)
            except json.JSONDecodeError:
                broken.append(number)
                if traces.may_be_in(line.encode()):  # nobody can tell what else it holds
                    count += 1
                    continue
                kept.append(line)
                continue
            if isinstance(row, dict) and (traces.is_row_of(row) or (log and _is_correction_of(row, traces))):
                count += 1
                if not log:
                    continue
                new = ""  # the numbers of the lines are the ids of the corrections
            else:
                found, changed = traces.cleaned(row)
                if changed:
                    count, in_text = count + changed, in_text + changed
                    new = json.dumps(found, ensure_ascii=False)
        kept.append(new)
    return Rewritten("\n".join(kept).encode() if count else content, count, tuple(broken), in_text)


def _is_correction_of(row: Mapping[str, Any], traces: Traces) -> bool:
    """Tell whether a correction gives the person their name, or changes what they said."""
    if any(isinstance(row.get(k), str) and traces.is_name(row[k]) for k in ("before", "after")):
        return True
    turns = traces.shared.get(str(row.get("recording")))
    anchors = [row[k] for k in ("speaker", "into") if isinstance(row.get(k), dict)]
    if any(isinstance(a.get("name"), str) and traces.is_name(a["name"]) for a in anchors):
        return True
    if turns is None:
        return False
    items = [row[k] for k in ("item", "edited") if isinstance(row.get(k), dict)]
    words = [w for k in (row, *items) for w in k.get("words") or k.get("quotes") or () if isinstance(w, dict)]
    theirs = [turns.holds(w.get("start", 0.0), w.get("end")) for w in words]
    spans = [s for a in anchors[:1] for s in a.get("spans") or ()]
    return bool(theirs and all(theirs)) or bool(spans and all(turns.holds(*s) for s in spans))


# Transcripts and minutes ------------------------------------------------------------------------------------------


def transcript_cleaned(value: dict[str, Any], turns: SharedTurns | None, traces: Traces) -> tuple[dict[str, Any], int]:
    """Return a transcript without what a person said, and without names in what others said.

    Args:
        turns: what they said in this recording, if they spoke in it.
    """
    found, said = transcript_without(value, turns, traces) if turns else (value, 0)
    found, names = _words_replaced(found, traces)
    found, count = traces.cleaned(found)
    return found, said + names + count


def transcript_without(value: dict[str, Any], turns: SharedTurns, traces: Traces) -> tuple[dict[str, Any], int]:
    """Return a transcript without what a person said in it, and how many utterances, words and speakers that were."""
    try:
        said = Transcript.from_dict(value)
    except TranscriptError:
        return value, 0
    theirs = speakers_of(said, turns, traces)
    kept: list[Utterance] = []
    count = len(theirs)
    for u in said:
        if u.speaker in theirs or (u.speaker is None and not u.words and turns.holds(u.start, u.end)):
            count += 1
            continue
        words = tuple(w for w in u.words if not _is_word_of(w, u, turns, theirs))
        if len(words) < len(u.words):
            count += len(u.words) - len(words)
            if not words:
                continue
            u = replace(u, words=words, text=" ".join(w.text for w in words), original="")
        kept.append(u)
    if not count:
        return value, 0
    gaps = [Omission(start, min(end, said.duration), "erased") for start, end in turns.spans if start < said.duration]
    left = [o for o in said.omissions if not turns.holds(o.start, o.end)]
    events = [
        e for e in said.events if e.speaker not in theirs and not (e.speaker is None and turns.holds(e.start, e.end))
    ]
    found = replace(
        said,
        speakers=tuple(s for s in said.speakers if s.id not in theirs),
        utterances=tuple(kept),
        omissions=tuple(sorted([*left, *gaps], key=lambda o: o.start)),
        events=tuple(events),
    )
    return found.to_dict(), count


def speakers_of(said: Transcript, turns: SharedTurns, traces: Traces) -> set[str]:
    """Return the ids that a person has in a transcript: by their name, or because they speak when the person does."""
    spoken: dict[str, list[float]] = {}
    for u in said:
        if u.speaker is not None:
            inside = spoken.setdefault(u.speaker, [0.0, 0.0])
            inside[0] += turns.share(u.start, u.end) * u.duration
            inside[1] += u.duration
    named = {s.id: s.name for s in said.speakers if s.name}
    by_name = {id for id, name in named.items() if traces.is_name(name)}
    return by_name | {s for s, (inside, of) in spoken.items() if s not in named and of and inside / of >= 0.5}


def _is_word_of(word: Word, utterance: Utterance, turns: SharedTurns, theirs: set[str]) -> bool:
    speaker = word.speaker or utterance.speaker
    if speaker is not None or word.start is None or word.end is None:
        return speaker in theirs
    return turns.share(middle := (word.start + word.end) / 2, middle) > 0


def _words_replaced(value: dict[str, Any], traces: Traces) -> tuple[dict[str, Any], int]:
    """Replace names in the words of a transcript, where one may be spread over several; its texts are cleaned later."""
    count = 0
    utterances = []
    for u in value.get("utterances") or ():
        words = [w for w in (u.get("words") or () if isinstance(u, dict) else ()) if isinstance(w, dict)]
        texts = [str(w.get("text", "")) for w in words]
        if places := traces.places(" ".join(texts)):
            count += len(places)
            u = {**u, "words": _marked(words, texts, places)}
        utterances.append(u)
    return ({**value, "utterances": utterances}, count) if count else (value, 0)


def _marked(words: list[dict[str, Any]], texts: list[str], places: list[tuple[int, int]]) -> list[dict[str, Any]]:
    """Return words of which those at some places of their joined text became one mark each, with all their time."""
    starts = [sum(len(t) + 1 for t in texts[:n]) for n in range(len(texts))]
    for begin, end in reversed(places):
        inside = [n for n, start in enumerate(starts) if start < end and start + len(texts[n]) > begin]
        first, last = inside[0], inside[-1]
        text = texts[first][: begin - starts[first]] + MARK + texts[last][end - starts[last] :]
        until = {"end": words[last]["end"]} if "end" in words[last] else {}
        words = [*words[:first], {**words[first], "text": text, **until}, *words[last + 1 :]]
        texts = [*texts[:first], text, *texts[last + 1 :]]
    return words


def minutes_without(value: dict[str, Any], turns: SharedTurns, traces: Traces) -> tuple[dict[str, Any], int]:
    """Return minutes without the items that mostly the person's words prove, and how many places changed.

    A summary that rests on their words at all is left out.
    """
    try:
        written = Minutes.from_dict(value)
    except MinutesError:
        return value, 0
    count = 0

    def left(evidence: tuple[Evidence, ...]) -> tuple[Evidence, ...]:
        return tuple(e for e in evidence if not turns.holds(e.start, e.end))

    def kept(items: Any) -> Any:
        nonlocal count
        found = []
        for item in items:
            evidence = left(item.evidence)
            count += len(item.evidence) - len(evidence)
            if 2 * len(evidence) >= len(item.evidence):
                found.append(replace(item, evidence=evidence))
        return tuple(found)

    def unowned(action: Any) -> Any:
        nonlocal count
        proof = action.owner_evidence
        if (action.owner and traces.is_name(action.owner)) or action.owner_id in gone:
            count += 1
            return replace(action, owner=None, owner_id=None, owner_evidence=None)
        return replace(action, owner_evidence=None if proof and turns.holds(proof.start, proof.end) else proof)

    gone = {p.id for p in written.participants if p.name and traces.is_name(p.name)} | set(turns.labels)
    people = tuple(p for p in written.participants if not (p.id in gone or (p.name and traces.is_name(p.name))))
    count += len(written.participants) - len(people)
    following = written.next_meeting
    found = replace(
        written,
        participants=people,
        topics=tuple(replace(t, points=kept(t.points)) for t in written.topics),
        decisions=kept(written.decisions),
        actions=tuple(map(unowned, kept(written.actions))),
        open_questions=kept(written.open_questions),
        to_verify=kept(written.to_verify),
        next_meeting=next(iter(kept([following])), None) if following else None,
        summary=written.summary if kept([written.summary]) == (written.summary,) else Point(""),
    )
    return (found.to_dict(), count) if count else (value, 0)


# Texts ------------------------------------------------------------------------------------------------------------


def _columns(text: str, content: bytes, traces: Traces) -> Rewritten:
    """Leave out the lines of a table about a recording or a person."""
    kept = []
    count = 0
    for line in text.split("\n"):
        fields = {field.strip("\"':,;()[]") for field in re.split(r"[\s,;]+", line)}
        ours = any(f and (traces.is_erased(f) or traces.is_name(f)) for f in fields)
        here = next((turns for id, turns in traces.shared.items() if id in fields), None)
        if ours or traces.mentions(line) or (here and fields & set(here.labels)):
            count += 1
        else:
            kept.append(line)
    return Rewritten("\n".join(kept).encode() if count else content, count)


def _free_text(text: str, content: bytes, traces: Traces) -> Rewritten:
    """Replace names and ids in a text; a line that holds nothing else, as in a list of names, is left out."""
    kept = []
    count = 0
    for line in text.split("\n"):
        new, changed = traces.replaced(line)
        count += changed
        if not (changed and BULLET.sub("", new) == MARK):
            kept.append(new)
    return Rewritten("\n".join(kept).encode() if count else content, count, in_text=count)


def _text(content: bytes) -> str | None:
    for encoding in ("utf-16",) if content[:2] in (b"\xff\xfe", b"\xfe\xff") else ("utf-8-sig", "cp1252"):
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        return None if "\0" in text else text
    return None


def _deleted_if_found(content: bytes, traces: Traces) -> Rewritten:
    text = _text(content)
    found = _found(content, traces) if text is None else traces.mentions(text)
    return Rewritten(None, 1) if found else Rewritten(content)


def _found(content: bytes, traces: Traces) -> bool:
    """Tell whether bytes of any kind hold a name or an id."""
    return any(traces.mentions(content.decode(e, "replace")) for e in ("utf-8", "latin-1", "utf-16-le", "utf-16-be"))


def _compressed(path: Path, content: bytes, traces: Traces, recording: str | None) -> Rewritten:
    try:
        plain = gzip.decompress(content)
    except (OSError, EOFError, zlib.error):
        return Rewritten(content, unreadable=True)
    found = rewritten(path.with_suffix("") if path.suffix == ".gz" else path, plain, traces, recording)
    if found.content is None or found.content == plain:
        return replace(found, content=found.content and content)
    return replace(found, content=gzip.compress(found.content, mtime=0))


def _archive(content: bytes, traces: Traces) -> Rewritten:
    """Delete an archive that holds something erased: those that are written here can all be made again."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            inside = [(name, archive.read(name)) for name in archive.namelist()]
    except (zipfile.BadZipFile, OSError, RuntimeError, zlib.error, NotImplementedError):
        return Rewritten(content, unreadable=True)  # damaged or encrypted: nobody can tell what is in it
    for name, data in inside:
        if traces.mentions(name) or _found(data, traces) or _found(TAG.sub(b"", data), traces):
            return Rewritten(None, 1)
    return Rewritten(content)
