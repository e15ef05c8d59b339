"""Taggers that find names beside the rules: spaCy, edsnlp, GLiNER, or any program that reads and writes notes."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable, Iterable, Sequence
from functools import cache
from pathlib import Path
from typing import Any

from dialogue.core.errors import DialogueError
from dialogue.core.extras import how_to_install
from dialogue.core.files import to_json_lines
from dialogue.privacy.config import PrivacyConfig
from dialogue.privacy.lists import EVERYBODY, MARKERS, PARTICLES, REGIONS, folded, name_lists
from dialogue.privacy.mentions import LABELS, Mention, Note, note_from, note_to
from dialogue.privacy.name_rules import tokens
from dialogue.privacy.recasing import Lexicon, ListedWords

Tagger = Callable[[Sequence[Note]], list[tuple[Mention, ...]]]  # mentions of each note
ELSEWHERE = {"PER": "NOM", "LOC": "VILLE", "ORG": "ORG"}
UNUSED = ["morphologizer", "parser", "attribute_ruler", "lemmatizer", "tagger", "senter"]
RARER = 3  # times that a name's rank in lower case is beyond its rank with a capital
FREQUENT = 60_000  # rank before which a word in lower case is an ordinary one
LONGEST = 3000  # characters given to the model at once


class TaggerError(DialogueError, RuntimeError):
    """A tagger that is not there, or fails; the message says what to do."""


def tagger(config: PrivacyConfig) -> Tagger:
    """Return the tagger that a configuration names.

    Raises:
        TaggerError: its package, model or program is missing.
    """
    if config.backend == "rules":
        return lambda notes: [() for _ in notes]
    if config.backend == "spacy":
        model = spacy_model(config.model)
        return lambda notes: _spacy(model, notes)
    if config.backend == "command":
        return lambda notes: _command(config, notes)
    return _edsnlp(config) if config.backend == "edsnlp" else _gliner(config)


def lexicon(config: PrivacyConfig) -> Lexicon:
    """Return what is known of words: that of spaCy's vectors with this backend, otherwise that of the lists."""
    if config.backend == "spacy" and spacy_model(config.model).vocab.vectors.n_keys > 0:
        return VectorWords(spacy_model(config.model))
    return ListedWords()


@cache
def spacy_model(name: str) -> Any:
    """Load a spaCy model once, with what finds names and nothing else.

    Raises:
        TaggerError: spaCy or the model is not installed.
    """
    try:
        import spacy

        return spacy.load(name, exclude=UNUSED)
    except (ImportError, OSError) as error:
        raise TaggerError(
            f"privacy.model: {name} cannot be loaded: {str(error).splitlines()[0]} {how_to_install('privacy')}; or look "
            "with rules and lists alone, which find fewer names: --set privacy.backend=rules"
        ) from error


class VectorWords:
    """The words of spaCy's vectors, which are sorted by frequency: *Tanguy* is before *tanguy*, *Maison* after *maison*."""

    def __init__(self, model: Any) -> None:
        self._lists = ListedWords()
        self._rank = _ranks(model.meta["name"], model)

    def proper(self, word: str) -> bool:
        small, tall = self._rank.get(word), self._tall(word)
        if tall is None:
            return self._lists.proper(word)
        rarer = small is None or small > RARER * tall
        return rarer and (not name_lists().common(folded(word)) or small is None or small > 10 * tall)

    def _tall(self, word: str) -> int | None:
        """Return the rank of a word with capitals, as *Jean-Baptiste*."""
        return self._rank.get("-".join(part[:1].upper() + part[1:] for part in word.split("-")))

    def rather(self, word: str) -> bool:
        tall = self._tall(word)
        return tall is not None and tall < self._rank.get(word, len(self._rank))

    def ordinary(self, word: str) -> bool:
        small, tall = self._rank.get(word), self._tall(word)
        return self._lists.ordinary(word) or (
            small is not None and small < FREQUENT and (tall is None or small < RARER * tall)
        )


@cache
def _ranks(name: str, model: Any) -> dict[str, int]:
    strings = model.vocab.strings
    return {strings[key]: rank for rank, key in enumerate(model.vocab.vectors.keys())}


def _spacy(model: Any, notes: Sequence[Note]) -> list[tuple[Mention, ...]]:
    pieces = [(n, start, part) for n, note in enumerate(notes) for start, part in _pieces(note.text)]
    found: list[list[Mention]] = [[] for _ in notes]
    tagged = model.pipe((part for _, _, part in pieces), batch_size=64)
    for (n, start, part), parsed in zip(pieces, tagged, strict=True):
        for entity in parsed.ents:
            if entity.label_ in ELSEWHERE:
                found[n] += _trimmed(part, entity.start_char, entity.end_char, ELSEWHERE[entity.label_], start)
    return [tuple(each) for each in found]


def _pieces(text: str) -> Iterable[tuple[int, str]]:
    """Yield the lines of a text that hold a capital inside, a few at once, with where they start."""
    at, start, kept = 0, 0, list[str]()
    for line in text.split("\n"):
        if kept and sum(map(len, kept)) + len(line) > LONGEST:
            yield start, "\n".join(kept)
            kept, start = [], at
        kept.append(line)
        at += len(line) + 1
    yield start, "\n".join(kept)


def _trimmed(text: str, start: int, end: int, label: str, offset: int) -> Iterable[Mention]:
    """Yield the words of an entity that can be names, as mentions: without what opens turns, or whole countries."""
    lists = name_lists()
    words = [w for w in tokens(text[start:end])]
    while words and (words[0].plain in MARKERS or not (words[0].tall or words[0].plain in PARTICLES)):
        words.pop(0)
    while words and not words[-1].tall:
        words.pop()
    if not words or any(w.plain in MARKERS for w in words):
        return
    name = " ".join(folded(w.text).strip("'’") for w in words if w.plain.rstrip("'’") not in {*PARTICLES, "d", "l"})
    if name in REGIONS or all(w.plain in EVERYBODY or w.plain in REGIONS for w in words) or len(name) < 3:
        return
    first = words[0]
    if lists.common(folded(first.text)) and len(words) == 1 and not lists.person(name) and name not in lists.places:
        return
    if label == "NOM" and folded(first.text) in lists.first:
        yield Mention(offset + start + first.start, offset + start + first.end, "PRENOM", "spacy", 0.7)
        words = words[1:]
    if words:
        yield Mention(offset + start + words[0].start, offset + start + words[-1].end, label, "spacy", 0.7)


def _command(config: PrivacyConfig, notes: Sequence[Note]) -> list[tuple[Mention, ...]]:
    """Ask a program: notes as JSON lines on its standard input, the same with entities on its standard output."""
    program = config.command[0]
    try:
        done = subprocess.run(
            config.command,
            input=to_json_lines(note_to(note) for note in notes),
            capture_output=True,
            encoding="utf-8",
            timeout=config.timeout,
        )
    except subprocess.TimeoutExpired as error:
        raise TaggerError(
            f"{program}: no answer in {config.timeout:g} s. Accepted: more time, privacy.timeout={2 * config.timeout:g}."
        ) from error
    except (OSError, UnicodeDecodeError) as error:
        raise TaggerError(
            f"{program}: {error}. Accepted: a program that reads and writes notes as JSON lines."
        ) from error
    if done.returncode:
        raise TaggerError(f"{program}: exit code {done.returncode}: {done.stderr.strip()[-300:] or 'it said nothing'}")
    try:
        answers = [note_from(json.loads(line)) for line in done.stdout.splitlines() if line.strip()]
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise TaggerError(
            f"{program}: its output is not notes: {error}. Accepted: labels {', '.join(LABELS)}."
        ) from error
    by_id = {note.id: note for note in answers}
    for note in notes:
        if note.id not in by_id or by_id[note.id].text != note.text:
            raise TaggerError(f"{program}: {note.id} is missing from its output, or its text was changed.")
    return [_from(by_id[note.id].mentions, Path(program).name) for note in notes]


def _from(mentions: Iterable[Mention], source: str) -> tuple[Mention, ...]:
    return tuple(Mention(m.start, m.end, m.label, source, m.confidence) for m in mentions)


def _folder(config: PrivacyConfig) -> Path:
    folder = Path(config.model)
    if not folder.is_dir():
        raise TaggerError(
            f"privacy.model: {config.model} is no folder. Accepted: the folder of a {config.backend} model on this "
            "machine; nothing is fetched."
        )
    return folder


def _edsnlp(config: PrivacyConfig) -> Tagger:
    folder = _folder(config)
    try:
        import edsnlp
    except ImportError as error:
        raise TaggerError("edsnlp is not installed. Type: pip install 'edsnlp[ml]'") from error
    try:
        model = edsnlp.load(folder)
    except Exception as error:  # whatever a folder that holds no model makes it raise
        raise TaggerError(f"{folder}: edsnlp cannot load it: {error}") from error

    def tag(notes: Sequence[Note]) -> list[tuple[Mention, ...]]:
        found = []
        for note in notes:
            spans = model(note.text).ents
            found.append(
                tuple(Mention(s.start_char, s.end_char, s.label_, "edsnlp", 0.8) for s in spans if s.label_ in LABELS)
            )
        return found

    return tag


GLINER_LABELS = {  # what the model is asked for -> label
    "prénom": "PRENOM", "nom de famille": "NOM", "adresse": "ADRESSE", "ville": "VILLE", "hôpital": "HOPITAL",
    "organisation": "ORG", "date": "DATE", "numéro de téléphone": "TEL", "adresse e-mail": "MAIL",
}  # fmt: skip


def _gliner(config: PrivacyConfig) -> Tagger:
    folder = _folder(config)
    try:
        from gliner import GLiNER
    except ImportError as error:
        raise TaggerError("gliner is not installed. Type: pip install gliner") from error
    try:
        model = GLiNER.from_pretrained(str(folder), local_files_only=True)
    except Exception as error:  # whatever a folder that holds no model makes it raise
        raise TaggerError(f"{folder}: gliner cannot load it: {error}") from error

    def tag(notes: Sequence[Note]) -> list[tuple[Mention, ...]]:
        found = []
        for note in notes:
            start, mentions = 0, list[Mention]()
            for line in note.text.split("\n"):  # a few hundred words at most for the model
                for e in model.predict_entities(line, list(GLINER_LABELS)) if line.strip() else ():
                    span = start + e["start"], start + e["end"]
                    mentions.append(Mention(*span, GLINER_LABELS[e["label"]], "gliner", float(e["score"])))
                start += len(line) + 1
            found.append(tuple(mentions))
        return found

    return tag
