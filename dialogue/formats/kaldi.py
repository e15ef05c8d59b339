"""Kaldi data directory: ``text``, ``segments``, ``utt2spk``, ``spk2utt``, ``wav.scp``, ``reco2dur``.

Source: https://kaldi-asr.org/doc/data_prep.html. Files are sorted like ``LC_ALL=C sort``. Utterance ids start with the
speaker's id, and speaker ids with the recording's, so that ``utils/validate_data_dir.sh`` finds consistent orders.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from pathlib import Path

from dialogue.core.files import save_text
from dialogue.core.transcript import Event, Transcript, Utterance
from dialogue.formats import FormatError, file_text
from dialogue.formats.conventions import interpret
from dialogue.formats.ids import unique
from dialogue.formats.lines import labels, number, one_line, span, transcript

HOLDS = {"text", "times", "speakers", "overlap"}

UNKNOWN = "unknown"  # Kaldi requires a speaker for each utterance


def load(path: str | Path, *, verbatim: bool = False) -> list[Transcript]:
    """Read a directory. ``segments`` may be missing if each recording is one utterance.

    ``<noise>`` and other marks of transcribers become events (see :mod:`dialogue.formats.conventions`).

    Raises:
        FormatError: an utterance has no segment or duration, or a line is invalid; the message names the place.
    """
    folder = Path(path)
    texts = _table(folder / "text", required=True)
    segments = _table(folder / "segments")
    speakers = _table(folder / "utt2spk")
    durations = {
        name: number(seconds, "duration", f"reco2dur, {name}") for name, seconds in _table(folder / "reco2dur").items()
    }
    lengths = _table(folder / "utt2dur")
    found: dict[str, list[Utterance]] = {}
    events: dict[str, list[Event]] = {}
    for utterance, text in texts.items():
        where = f"text, {utterance}"
        if utterance in segments:
            fields = segments[utterance].split()
            if len(fields) != 3:
                raise FormatError(f"segments, {utterance}: accepted: utterance recording start end.")
            recording = fields[0]
            start, end = number(fields[1], "start", where), number(fields[2], "end", where)
            if end == -1:  # Kaldi's mark for the end of the recording
                if recording not in durations:
                    raise FormatError(
                        f"segments, {utterance}: ends at -1, the end of {recording}. Add its line to reco2dur."
                    )
                end = durations[recording]
            start, end = span(start, end, where)
        elif segments:
            raise FormatError(f"{where}: not in segments. Add its line, or run utils/fix_data_dir.sh.")
        elif utterance in durations or utterance in lengths:
            recording, start = utterance, 0.0
            length = durations.get(utterance)
            end = number(lengths[utterance], "duration", where) if length is None else length
            start, end = span(start, end, where)
        else:
            raise FormatError(f"{where}: no duration. Add segments, utt2dur or reco2dur.")
        speaker = speakers.get(utterance)
        prefix = _id(recording) + "_"
        if speaker and speaker.startswith(prefix):  # added by dump
            speaker = speaker[len(prefix) :]
        speaker = None if speaker == UNKNOWN else speaker
        u = Utterance(utterance, speaker, start, end, one_line(text))
        u, heard = (u, []) if verbatim else interpret(u)
        found.setdefault(recording, []).append(u)
        events.setdefault(recording, []).extend(heard)
    return [transcript(name, said, events=events[name], duration=durations.get(name)) for name, said in found.items()]


def audio(path: str | Path) -> dict[str, str]:
    """Map each recording to its path, or to a command that ends with ``|``, from ``wav.scp``. Paths may hold spaces."""
    return _table(Path(path) / "wav.scp", required=True)


def dump(transcripts: Sequence[Transcript], path: str | Path, audio: Mapping[str, Path] | None = None) -> None:
    """Write a directory, without empty utterances; ``wav.scp`` is written if ``audio`` gives the recordings' paths."""
    text, segments, utt2spk, spk2utt = {}, {}, {}, dict[str, list[str]]()
    ids = unique((t.recording for t in transcripts), _id)
    for t in transcripts:
        name = unique(labels(t).values(), _id)
        shown = {speaker: name[label] for speaker, label in labels(t).items()}
        for index, u in enumerate(t, start=1):
            if not u.text.strip():
                continue
            speaker = f"{ids[t.recording]}_{shown.get(u.speaker, UNKNOWN)}"
            utterance = f"{speaker}-{index:06d}"
            text[utterance] = one_line(u.text)
            segments[utterance] = f"{ids[t.recording]} {u.start:.3f} {u.end:.3f}"
            utt2spk[utterance] = speaker
            spk2utt.setdefault(speaker, []).append(utterance)
    durations = {ids[t.recording]: f"{t.duration:.3f}" for t in transcripts}
    tables = {"text": text, "segments": segments, "utt2spk": utt2spk, "reco2dur": durations}
    tables["spk2utt"] = {speaker: " ".join(sorted(found)) for speaker, found in spk2utt.items()}
    if audio is not None:
        tables["wav.scp"] = {ids.get(name, _id(name)): str(file) for name, file in audio.items()}
    for file, table in tables.items():
        save_text(Path(path) / file, "".join(f"{key} {value}\n" for key, value in sorted(table.items())))


def _id(text: str) -> str:
    # No character that sorts before the dash after a speaker's id, so that utterances and speakers sort alike.
    return re.sub(r"[^\w.]", "_", text) or "_"


def _table(path: Path, required: bool = False) -> dict[str, str]:
    if not path.exists():
        if required:
            raise FormatError(f"no file {path.name}. Accepted: a Kaldi data directory with text and segments.")
        return {}
    table: dict[str, str] = {}
    try:
        text = file_text(path)
    except FormatError as error:
        raise FormatError(f"{path.name}, {error}") from error
    for line, row in enumerate(text.split("\n"), start=1):
        if not row.strip():
            continue
        key, *values = row.split(maxsplit=1)  # at any blank
        if key in table:
            raise FormatError(f"{path.name}, line {line}: {key} appears twice. Ids must be unique.")
        table[key] = values[0].strip() if values else ""
    return table
