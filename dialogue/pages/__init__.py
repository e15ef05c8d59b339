"""The page of one meeting: sound, who speaks when, transcript, and minutes with links from evidence to the sound.

It is one HTML file with everything inside, which opens from a disk without a network: its policy forbids all requests
and all scripts but its own. The viewer (:data:`VIEWER`) is a function of an element and data, for other pages too.
"""

from __future__ import annotations

import base64
import json
import logging
import shutil
import tempfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict
from operator import attrgetter
from pathlib import Path
from typing import IO, Any

from markupsafe import Markup

from dialogue.core import audio
from dialogue.core.audio import Recording
from dialogue.core.files import read_json, replacing, save_json
from dialogue.core.transcript import Transcript, Utterance
from dialogue.corrections.minutes_items import listed
from dialogue.french.date_writing import lasting
from dialogue.french.names import numbered
from dialogue.minutes.document import Minutes, Point, percentages
from dialogue.minutes.documents import headings, parts
from dialogue.minutes.documents.fields import flat
from dialogue.minutes.doubt import DOUBTFUL
from dialogue.pages import shell
from dialogue.pages.labels import LABELS
from dialogue.pages.mp3 import LONGEST, encode_mp3

log = logging.getLogger("dialogue")

VIEWER = "elements.js logic.js timeline.js transcript.js minutes.js keys.js viewer.js"  # in order; sheet: viewer.css
PEAKS = 1200  # values of the waveform, whatever the length
SOUND = '<script type="text/plain" id="sound">'  # goes before the sound; what people wrote is escaped


def write_page(
    transcript: Transcript,
    minutes: Minutes | None,
    audio_path: str | Path | Recording | None,
    out_path: str | Path,
    *,
    language: str = "fr",
    kept: Path | None = None,
) -> Path:
    """Write the page of one meeting, completely or not at all.

    Args:
        transcript: with or without word times; missing times are spread over the utterance.
        minutes: ``None`` omits their panel.
        audio_path: any container or codec, embedded as mono MP3; ``None``, and sound of more than six hours, make a
            page without a player.
        language: language of the labels, ``fr`` or ``en``.
        kept: MP3 file where the encoded sound stays for the next page of the same sound, with its waveform beside it.

    Raises:
        ValueError: another language.
        dialogue.core.audio.AudioError: the sound cannot be read.
    """
    if language not in LABELS:
        raise ValueError(f"language: found {language!r}. Accepted: {', '.join(LABELS)}.")
    data = viewer_data(transcript, minutes, language=language)
    sound: IO[bytes] | None = None
    if audio_path is not None:
        data["peaks"], sound = _listened(audio_path, kept)
        if sound is None:
            log.warning("%s: too long for a page with sound; the page has none", transcript.recording)
    page = shell.render(
        "meeting.html",
        language=language,
        title=data["title"],
        style="viewer.css",
        script=f"{VIEWER} start.js",
        media="blob:",
        noscript=LABELS[language]["noscript"],
        data=Markup(script_safe(data)),
    )
    head, start, tail = page.partition(SOUND)
    with replacing(Path(out_path)) as part, part.open("wb") as file:
        file.write((head + start).encode())
        if sound is not None:  # never whole in memory: three hours are 57 MB in base 64
            with sound:
                while piece := sound.read(3 << 20):  # a multiple of three needs no padding
                    file.write(base64.b64encode(piece))
        file.write(tail.encode())
    return Path(out_path)


def _listened(audio_path: str | Path | Recording, kept: Path | None) -> tuple[list[float], IO[bytes] | None]:
    """Return the waveform and the encoded sound, which is ``None`` if it is too long."""
    peaks = kept and kept.with_suffix(".json")
    if kept and peaks and kept.exists() and peaks.exists():
        return read_json(peaks), kept.open("rb")
    heard = audio.load(audio_path)
    shape = audio.peaks(heard, PEAKS)
    if len(heard) > LONGEST * audio.RATE:
        return shape, None
    encoded = tempfile.TemporaryFile()  # noqa: SIM115, the caller closes it
    encode_mp3(heard, encoded)
    encoded.seek(0)
    if kept and peaks:
        with replacing(kept) as part, part.open("wb") as file:
            shutil.copyfileobj(encoded, file)
        save_json(peaks, shape)
        encoded.seek(0)
    return shape, encoded


def viewer_data(transcript: Transcript, minutes: Minutes | None = None, *, language: str = "fr") -> dict[str, Any]:
    """Return the data for ``viewer.js`` as plain JSON: words are ``[text, start, end, probability]``, in seconds."""
    names = {s.id: s.name for s in transcript.speakers}
    if minutes:
        names |= {p.id: p.name for p in minutes.participants if p.id and p.name}
    return {
        "labels": LABELS[language],
        "doubtful": DOUBTFUL,
        "title": headings.title(minutes, language) if minutes else transcript.recording,
        "empty": (minutes and headings.silence(minutes, language)) or LABELS[language]["empty"],
        "duration": round(transcript.duration, 2),
        "peaks": [],
        "speakers": [{"id": s.id, "name": names.get(s.id) or numbered(s.id, language)} for s in transcript.speakers],
        "voices": _voices(transcript, language),
        "utterances": [
            {
                "id": u.id,
                "speaker": u.speaker,
                "start": round(u.start, 2),
                "end": round(u.end, 2),
                "overlap": u.overlap,
                "words": list(_words(u)),
            }
            for u in transcript.utterances
        ],
        "omissions": [
            {"start": round(o.start, 2), "end": round(o.end, 2), "reason": o.reason, "text": o.text}
            for o in transcript.omissions
        ],
        "minutes": _minutes(minutes, language) if minutes else None,
    }


def _voices(transcript: Transcript, language: str) -> str | None:
    """Return how many voices were found and which number is the next likeliest, unless no other was tried."""
    for entry in transcript.provenance:
        if entry.get("stage") == "speakers" and entry.get("runner_up"):
            return LABELS[language]["voices"].format(found=entry["found"], runner_up=entry["runner_up"])
    return None


def _minutes(minutes: Minutes, language: str) -> dict[str, Any]:
    """Return the minutes with what documents show too: dates, shares of speech, doubts, the note at the end.

    An item has the ``id`` by which corrections name it, and in ``edit`` what a correction may change.
    """
    labels = headings.LABELS[language]
    lines = tuple(Point(*line) for line in parts.summary_lines(minutes))
    shown = {**minutes.to_dict(), "summary": [asdict(line) for line in lines]}
    shown["date"] = f"{labels['date']}{labels['colon']} {headings.day(minutes, language)}"
    shown["note"] = flat(parts.provenance(minutes, labels).text)
    shown["verify_note"] = labels["verify_note"]

    def doubt(items: list[dict[str, Any]], statements: Sequence[Any], words: Callable[[Any], str]) -> None:
        for item, stated in zip(items, statements, strict=True):
            item["doubt"] = flat(parts.doubt(words(stated), stated.evidence, labels)).strip(" ()")

    doubt(shown["summary"], lines, attrgetter("text"))
    doubt(shown["decisions"], minutes.decisions, attrgetter("text"))
    doubt(shown["open_questions"], minutes.open_questions, attrgetter("text"))
    doubt(shown["actions"], minutes.actions, parts.task_words)
    for item, topic in zip(shown["topics"], minutes.topics, strict=True):
        doubt(item["points"], topic.points, attrgetter("text"))
    for action, written in zip(shown["actions"], minutes.actions, strict=True):
        action["due"] = flat(parts.due(written, labels))
    if minutes.next_meeting:
        doubt([shown["next_meeting"]], [minutes.next_meeting], attrgetter("raw"))
        shown["next_meeting"]["text"] = flat(parts.appointment(minutes.next_meeting, labels))
    topics = [point for topic in shown["topics"] for point in topic["points"]]
    items = [*shown["decisions"], *shown["actions"], *shown["open_questions"], *topics]
    items += [shown["next_meeting"]] if minutes.next_meeting else []
    for item, known in zip([*items, *shown["to_verify"]], listed(minutes), strict=True):
        anchor = known.anchor
        item["id"] = known.id
        item["edit"] = {f: getattr(anchor, f) for f in ("kind", "text", "owner", "due", "status", "to_verify")}
    shares = percentages(minutes.participants)
    for person, heard, share in zip(shown["participants"], minutes.participants, shares, strict=True):
        spoke = f"{lasting(heard.speaking_s)} · {share}{labels['percent']}"
        person |= {"name": parts.name(heard, labels), "spoke": spoke if heard.id else parts.absence(minutes, labels)}
    return shown


def script_safe(data: Any) -> str:
    """Return JSON that cannot end the script element around it, whatever the texts contain."""
    return (
        json.dumps(data, ensure_ascii=False, separators=(",", ":")).replace("<", "\\u003c").replace("\u2028", "\\u2028")
    )


def _words(utterance: Utterance) -> Iterator[list[Any]]:
    """Yield the words with times; words without times take a share of the utterance, by their length."""
    if utterance.words and all(w.start is not None and w.end is not None for w in utterance.words):
        for w in utterance.words:
            yield [w.text, round(w.start or 0.0, 2), round(w.end or 0.0, 2), w.probability]
        return
    texts = [w.text for w in utterance.words] or utterance.text.split()
    whole = sum(len(t) + 1 for t in texts)
    position = 0
    for text in texts:
        begin = utterance.start + utterance.duration * position / whole
        position += len(text) + 1
        yield [text, round(begin, 2), round(utterance.start + utterance.duration * position / whole, 2), None]
