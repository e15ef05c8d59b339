"""How French spellings sound, and the words that a recogniser wrote for a name or a term that it did not know.

    sound("Aïssatou") == sound("Aïssa tout") == "aisatu"
    respell(transcript, ["Abdelkrim"])      "Abdel crime" becomes "Abdelkrim" where the recogniser was in doubt

The phonemes are those of a reading by rule, left to right. Names of other languages get what a French speaker would
read, which is also what a recogniser that learned from subtitles writes.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from functools import lru_cache

from dialogue.core.transcript import Transcript, Word
from dialogue.french.text import plain

MOST = 3  # words that may stand for one name
SHORTEST = 3  # phonemes of a name that is looked for: shorter ones resemble too many words
SURE = 0.85  # probability of words from which the recogniser is believed, however they sound
ALIKE, DOUBT, SLOPE = 0.7, 0.3, 0.3  # similarity that a name needs at that probability and below; more for each above

# A spelling and its phonemes, the first that matches at each place. Phonemes are characters: vowels a e i o u, y as in
# "tu", 2 as in "peu", @ for an e that is often silent, A I O nasal; S as in "chat", Z as in "je", N as in "agneau".
_V, _SOFT = "aeiouyéï", "eéiyï"
_NASAL = "(?![aeiouyéïnmh])"
_SPELLINGS = (
    ("sch|sh|ch(?![rl])", "S"),
    ("ph", "f"),
    ("th", "t"),
    ("gn", "N"),
    ("qu?|ck|cqu", "k"),
    (f"gu(?=[{_SOFT}])", "g"),
    (f"ge(?=[aou])|g(?=[{_SOFT}])|j", "Z"),
    (f"cc(?=[{_SOFT}])", "ks"),
    (f"ç|sc(?=[{_SOFT}])|c(?=[{_SOFT}])", "s"),
    ("cc?|ch", "k"),
    ("(?<=[aeou])il(?:l(?=[a-zé])|$)", "j"),
    (f"ill(?=[{_V}])", "ij"),
    ("eaux?$|aux?$|eau|au", "o"),
    ("oin", "wI"),
    (f"ien{_NASAL}", "jI"),
    ("oi|oy", "wa"),
    ("ou|oo|w", "u"),
    ("oeu|eu", "2"),
    (f"(?:ain|ein|aim|in|im|yn|ym|un|um){_NASAL}", "I"),
    (f"(?:an|am|en|em){_NASAL}", "A"),
    (f"(?:on|om){_NASAL}", "O"),
    ("(?<=..)(?:er|ez|et)$|ai|ei|ay|ey|é", "e"),
    ("(?<=..)es?$", ""),
    ("e(?=[^aeiouyéï]{2})|e(?=[^aeiouyéï]$)", "e"),
    ("e", "@"),
    ("x$|(?<=[aeiouyéïnr])[tdpszg]+$", ""),
    ("x", "ks"),
    (f"(?<=[{_V}])s(?=[{_V}])", "z"),
    ("ï", "i"),
    ("y", "i"),
    ("u", "y"),
    ("[^a-zé]|h", ""),
)
_ELIDED = re.compile(r"(?s)((?:[cdjlmnst]|qu)['’])?(.*)", re.IGNORECASE)
_ENDING = re.compile(r"[.,;:!?…»\")]+$")
_READ = re.compile("|".join(f"({spelling})" for spelling, _ in _SPELLINGS) + "|.")
_NEAR = frozenset(
    pair
    for a, b in map(tuple, "pb td kg fv sz SZ sS zZ mn nN lr ij y2 2@ e@ ea oO aA eI AO uo uw AI IO iy ao".split())
    for pair in ((a, b), (b, a))
)


@lru_cache(maxsize=65536)
def sound(text: str) -> str:
    """Return the phonemes of a word or of several, which are read apart and joined."""
    return "".join(_sound(word) for word in re.split(r"[\s-]+", text))


def _sound(word: str) -> str:
    word = word.lower().replace("œ", "oe").replace("æ", "ae")
    kept = "".join("é" if c in "éèêë" else "ï" if c == "ï" else "ç" if c == "ç" else plain(c) for c in word)
    kept = re.sub(r"[^a-zéïç]", "", kept)
    read = "".join(_SPELLINGS[m.lastindex - 1][1] if m.lastindex else m[0] for m in _READ.finditer(kept))
    return re.sub(r"(.)\1+", r"\1", read)


def alike(one: str, other: str) -> float:
    """Return the similarity of two readings, from 0 to 1: a weighted edit distance over the length of the longer."""
    before = [0.0]
    for b in other:
        before.append(before[-1] + _cost(b))
    for a in one:
        row = [before[0] + _cost(a)]
        for n, b in enumerate(other):
            change = 0.0 if a == b else 0.4 if (a, b) in _NEAR else 1.0
            row.append(min(before[n] + change, before[n + 1] + _cost(a), row[n] + _cost(b)))
        before = row
    return max(0.0, 1 - before[-1] / max(len(one), len(other), 1))


def _cost(phoneme: str) -> float:
    return 0.3 if phoneme == "@" else 1.0


def respell(transcript: Transcript, names: Iterable[str]) -> Transcript:
    """Write names and terms where words sound like them and the recogniser was in doubt.

    Each word of a name is looked for ("Mme Tessier": Tessier). The more probable the words are that stand there, the
    more alike they must sound, so that words which were understood stay.
    """
    looked_for = {part: sound(part) for name in names for part in name.split() if len(sound(part)) >= SHORTEST}
    if not looked_for:
        return transcript
    known = {plain(part) for part in looked_for}
    utterances = []
    for utterance in transcript.utterances:
        words = _respelled(utterance.words, looked_for, known)
        if words is not None:
            utterance = replace(utterance, words=words, text=" ".join(w.text for w in words))
        utterances.append(utterance)
    return replace(transcript, utterances=tuple(utterances))


def _respelled(words: Sequence[Word], names: Mapping[str, str], known: Collection[str]) -> tuple[Word, ...] | None:
    """Return the words with names, or ``None`` if there are none to write."""
    found = []
    for first in range(len(words)):
        for last in range(first + 1, min(first + MOST, len(words)) + 1):
            span = words[first:last]
            if any(_bare(w.text) in known for w in span) or any(w.text[-1] in ".,;:!?…" for w in span[:-1]):
                break
            probability = sum(1.0 if w.probability is None else w.probability for w in span) / len(span)
            if probability >= SURE:
                continue
            elided = _ELIDED.match(" ".join(w.text for w in span))
            before, text = elided.groups("") if elided else ("", "")
            for name, phonemes in names.items():
                for kept, heard in {("", before + text), (before, text)}:
                    close = alike(sound(heard), phonemes)
                    if close >= ALIKE + SLOPE * max(0.0, probability - DOUBT):
                        found.append((close, -last + first, first, last, kept + name))
    if not found:
        return None
    kept_words: list[Word | None] = list(words)
    for _, _, first, last, text in sorted(found, reverse=True):
        if any(kept_words[n] is not words[n] for n in range(first, last)):
            continue  # part of a better one
        ending = _ENDING.search(words[last - 1].text)
        merged = replace(words[first], text=text + (ending[0] if ending else ""), end=words[last - 1].end)
        kept_words[first:last] = [merged, *[None] * (last - first - 1)]
    return tuple(word for word in kept_words if word is not None)


def _bare(text: str) -> str:
    return plain(_ELIDED.sub(r"\2", text)).strip('.,;:!?…«»"()')
