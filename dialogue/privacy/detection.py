"""Find what identifies people in transcripts: names, places, dates, numbers, as they are said.

    note = detect(transcript, known=["Camille Durand", "Rennes"])

Rules and lists read the text, with capitals given back to names if it has none; a tagger reads it too; the names known
for the recording are looked for, then the names that were found, wherever else they are said.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from dialogue.core.transcript import Transcript
from dialogue.french.text import plain
from dialogue.privacy.config import PrivacyConfig
from dialogue.privacy.date_rules import dates
from dialogue.privacy.lists import MARKERS, PARTICLES, folded, is_role, name_lists
from dialogue.privacy.mentions import Mention, Note, separate, text_of
from dialogue.privacy.name_rules import DETERMINERS, TITLES, Token, people, spelled, tokens
from dialogue.privacy.number_rules import numbers
from dialogue.privacy.place_rules import mails, places
from dialogue.privacy.recasing import cased, recased
from dialogue.privacy.taggers import lexicon, tagger

NAMES = ("PRENOM", "NOM")


def detect(transcript: Transcript, config: PrivacyConfig = PrivacyConfig(), known: Sequence[str] = ()) -> Note:
    """Return the mentions of a transcript.

    Args:
        known: names of people and places that are known beforehand; those of the transcript's speakers, and its
            attributes ``participants`` and ``known``, are added.

    Raises:
        TaggerError: the backend is missing or fails.
    """
    note = Note(transcript.recording, text_of(transcript))
    return detect_all([note], config, [[*known, *known_names(transcript)]])[0]


def detect_all(
    notes: Sequence[Note], config: PrivacyConfig = PrivacyConfig(), known: Sequence[Sequence[str]] = ()
) -> list[Note]:
    """Return notes with the mentions that are found in their text; ``known`` holds the names known for each."""
    everywhere = _lines(config.names)
    allowed = {plain(line) for line in _lines(config.allow)}
    of_each = [[*everywhere, *(known[n] if known else ())] for n in range(len(notes))]
    words = lexicon(config)
    tall = [
        Note(n.id, n.text if cased(n.text) else recased(n.text, words, _parts(names)))
        for n, names in zip(notes, of_each, strict=True)
    ]
    whole = [Note(n.id, n.text) for n in notes]
    tagged = tagger(config)(tall if config.backend == "spacy" else whole)
    done = []
    for note, text, names, more in zip(notes, tall, of_each, tagged, strict=True):
        found = [*more, *(_ruled(text.text) if config.rules else ())]
        found += _known(text.text, names)
        found = list(separate(list(_divided(text.text, found))))
        found += _same(text.text, found)
        kept = [m for m in separate(found) if m.label in config.labels]
        kept = [m for m in kept if plain(note.text[m.start : m.end]) not in allowed]
        done.append(replace(note, mentions=tuple(kept)))
    return done


def known_names(transcript: Transcript) -> list[str]:
    """Return the names that a transcript holds beside its text: of speakers, participants, and the record."""
    names = [s.name for s in transcript.speakers if s.name and not is_role(s.name)]
    for key in ("participants", "known"):
        value = transcript.attributes.get(key) or ()
        names += [value] if isinstance(value, str) else [str(name) for name in value]
    return names


def _lines(path: Path | None) -> list[str]:
    return [line.strip() for line in path.read_text(encoding="utf-8").splitlines() if line.strip()] if path else []


def _ruled(text: str) -> Iterator[Mention]:
    yield from numbers(text)
    yield from dates(text)
    yield from mails(text)
    yield from places(text)
    yield from spelled(text)
    yield from people(text)


def _divided(text: str, found: Sequence[Mention]) -> Iterator[Mention]:
    """Divide the mentions of spaCy that overlap those of rules into the names that are left, so that none is lost."""
    ruled = [m for m in found if m.source != "spacy"]
    for mention in found:
        if mention.source == "spacy" and any(m.start < mention.end and mention.start < m.end for m in ruled):
            taken = [m for m in ruled if m.start < mention.end and mention.start < m.end]
            words = [
                Token(w.text, w.plain, mention.start + w.start, mention.start + w.end)
                for w in tokens(text[mention.start : mention.end])
            ]
            for word in words:
                free = all(word.end <= m.start or m.end <= word.start for m in taken)
                if free and word.tall and word.plain not in MARKERS and word.plain not in TITLES and len(word.text) > 2:
                    yield replace(mention, start=word.start, end=word.end)
        else:
            yield mention


def _parts(names: Iterable[str]) -> set[str]:
    """Return the folded words of names that can be looked for alone."""
    words = {word.plain for name in names for word in tokens(name) if not word.text.isdigit()}
    return {word for word in words if word not in PARTICLES and len(word) > 1}


def _known(text: str, names: Iterable[str]) -> Iterator[Mention]:
    """Find known names, whole or by one of their words."""
    lists = name_lists()
    labels: dict[str, str] = {}
    for name in names:
        words = [w for w in tokens(name) if w.plain in _parts([name])]
        place = " ".join(folded(name).split()) in lists.places
        person = len(words) > 1 or folded(name) in lists.first
        for n, word in enumerate(words):
            first = folded(word.text) in lists.first and n < max(1, len(words) - 1)
            labels[word.plain] = "VILLE" if place and not person else "PRENOM" if first else "NOM"
    yield from _occurrences(text, labels, "known", 1.0)


def _same(text: str, found: Sequence[Mention]) -> Iterator[Mention]:
    """Find the words of names again where they are said elsewhere."""
    labels = {
        word.plain: m.label
        for m in found
        if m.label in NAMES
        for word in tokens(text[m.start : m.end])
        if word.plain not in PARTICLES and word.plain not in MARKERS and len(word.plain) > 2 and word.tall
    }
    covered = [(m.start, m.end) for m in found]
    for mention in _occurrences(text, labels, "same", 0.9):
        if not any(start < mention.end and mention.start < end for start, end in covered):
            yield mention


def _occurrences(text: str, labels: dict[str, str], source: str, confidence: float) -> Iterator[Mention]:
    lists, tall_text = name_lists(), cased(text)
    words = tokens(text)
    for at, word in enumerate(words):
        label = labels.get(word.plain)
        if label is None:
            continue
        ambiguous = lists.common(folded(word.text))
        determined = at > 0 and words[at - 1].plain in DETERMINERS and not word.tall
        if ambiguous and ((tall_text and not word.tall) or determined):
            continue
        yield Mention(word.start, word.end, label, source, confidence)
