"""Transcripts with mentions, made up for tests: ``[NOM Camille Durand]`` in a line is a mention."""

import re
from dataclasses import replace

from dialogue.core.transcript import Speaker, Transcript, Utterance, Word
from dialogue.privacy.mentions import Mention, Note, text_of

MARKED = re.compile(r"\[([A-Z_]+) ([^\]]*)\]")


def said(*lines: str, recording: str = "appel", names: dict[str, str] | None = None) -> tuple[Transcript, Note]:
    """Return a transcript of lines said in turn by two speakers, each word half a second long, and its mentions."""
    mentions, utterances, at, time = [], [], 0, 0.0
    for number, line in enumerate(lines):
        text, end = "", 0
        for found in MARKED.finditer(line):
            text += line[end : found.start()]
            mentions.append(Mention(at + len(text), at + len(text) + len(found[2]), found[1]))
            text += found[2]
            end = found.end()
        text += line[end:]
        words = []
        for word in text.split():
            words.append(Word(word, round(time, 3), round(time + 0.4, 3), 0.9))
            time += 0.5
        utterances.append(
            Utterance(f"u{number}", f"spk{number % 2 + 1}", words[0].start, words[-1].end, text, tuple(words))
        )
        at += len(text) + 1
    names = names or {}
    speakers = tuple(Speaker(f"spk{n}", names.get(f"spk{n}")) for n in (1, 2))
    transcript = Transcript(recording, time + 1, "fr", speakers, tuple(utterances))
    assert text_of(transcript) == "\n".join(u.text for u in utterances)
    return transcript, Note(recording, text_of(transcript), tuple(mentions))


def kept(note: Note, words: str) -> Note:
    """Return a note in which a reader keeps these words."""
    return replace(note, mentions=tuple(replace(m, keep=note.text[m.start : m.end] == words) for m in note.mentions))
