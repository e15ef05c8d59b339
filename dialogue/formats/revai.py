"""Read Rev.ai's JSON, the format of SimSAMU: monologues of terms, words and punctuation, with times.

Source: Rev.ai, "Transcript object" (``monologues`` with ``elements``), and https://github.com/manalland/simsamu
(``terms``; the times of its words are spread over the turn, not aligned). The format can be read but not written.
"""

from __future__ import annotations

from dataclasses import replace

from dialogue.core.transcript import Speaker, Transcript, Word
from dialogue.formats.lines import transcript
from dialogue.formats.segments import objects, parse, utterance, word

HOLDS: set[str] = set()


def recognises(text: str) -> bool:
    """Tell whether a JSON text has monologues."""
    return '"monologues"' in text[:2000]


def loads(text: str, recording: str | None = None) -> list[Transcript]:
    """Read one recording.

    Raises:
        FormatError: the text is not JSON, or a monologue is wrong; the message gives its number (from 1) and the
            problem.
    """
    utterances, speakers = [], {}
    for index, monologue in enumerate(objects(parse(text), "monologues"), start=1):
        where = f"monologue {index}"
        terms = objects(monologue, "terms" if "terms" in monologue else "elements", where)
        keys = ("text", "start", "end") if "terms" in monologue else ("value", "ts", "end_ts")
        words = list[Word]()
        for term in terms:
            if str(term.get("type", "WORD")).upper() in ("PUNCTUATION", "PUNCT") and words:
                mark = str(term.get(keys[0], "")).strip()
                space = " " if mark in ("?", "!", ":", ";") and "terms" in monologue else ""
                words[-1] = replace(words[-1], text=words[-1].text + space + mark)
            elif str(term.get(keys[0], "")).strip():
                words.append(word(term, where, *keys, "confidence"))
        speaker = monologue.get("speaker")
        named = speaker if isinstance(speaker, dict) else {"id": speaker}
        label = str(named.get("id"))
        speakers[label] = Speaker(label, str(named.get("name") or label))
        utterances.append(utterance(monologue, where, speaker=label, text=" ".join(w.text for w in words), words=words))
    return [transcript(recording or "recording", utterances, speakers=speakers.values())]
