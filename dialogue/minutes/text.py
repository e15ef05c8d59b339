"""Sentences and clauses of a transcript, folded so that cue phrases match spoken French.

Folding keeps the length of the text: lower case, no accents, straight apostrophes, and hesitations replaced by spaces,
so that a span found in the folded text is the same span of the original. ASR output often has no punctuation, or has
it elsewhere: then an utterance is a sentence, and clauses are cut before the subject of the next one.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from dialogue.core.transcript import Transcript, Utterance
from dialogue.minutes.document import Evidence

PAUSE = 0.7  # seconds under which the next utterance of a speaker may continue the sentence
HESITATION = re.compile(r"\b(euh|heu|hum|hm|mh|mmh|ben|bah|hein|quoi que ce soit)\b[ ,]*")
SENTENCE_END = re.compile(r"(?<![ .]M)(?<!Mme)(?<!\bDr)(?<=[.?!…])[\s»\"]+")
STOPWORDS = frozenset(
    """a ai aie aient ait alors apres as au aucun aurait aussi autre autres aux avait avant avec avoir avons ayant beaucoup
    bien bon bonjour c ca car ce cela celle celui ces cet cette ceux chaque chose choses comme comment c'est d dans de deja
    depuis des deux dire dit doit donc dont du elle elles en encore enfin ensuite entre es est et etaient etait etant etc
    ete etes etre eu euh eux fais fait faire fait faut fois font hein ici il ils j jamais je jusque l la le les leur leurs
    lui m ma mais me meme memes merci mes moi moins mon n ne ni non nos notre nous on ont ou oui par parce parfait pas
    peu peut peux plus plutot pour pourquoi pouvez puis qu quand que quel quelle quelles quelque quelques quels qui quoi
    rien s sa sais sait sans se sera serait ses si soit son sont sous suis super sur surtout t ta tandis te tes toi ton
    toujours tous tout toute toutes tres trop tu un une va vais vas vers veux voila vont vos votre vous voulez vraiment
    vu y avez avaient aujourd hui madame monsieur accord allez aller effectivement exactement justement finalement peuvent propose proposons veut faudrait""".split()
)


@lru_cache(maxsize=4096)
def _fold_character(character: str) -> str:
    if character in "’ʼ‘`´":
        return "'"
    return unicodedata.normalize("NFD", character.lower())[0]


def fold(text: str) -> str:
    """Lower case without accents or hesitations, of the same length."""
    folded = "".join(map(_fold_character, text))
    return HESITATION.sub(lambda found: " " * len(found[0]), folded)


def cue(*alternatives: str) -> re.Pattern[str]:
    """A pattern of whole words over folded text; a space stands for any spacing, and apostrophes may be missing."""
    joined = "|".join(a.replace("'", r"'?\s?").replace(" ", r"[\s,]+") for a in alternatives)
    return re.compile(rf"(?<![\w'])(?:{joined})(?!\w)")


def content_words(text: str) -> list[str]:
    """Stems (five letters) of the words that carry meaning, digits whole."""
    words = re.findall(r"\d+|[^\W\d_]+", fold(text))
    return [w if w.isdigit() else w[:5] for w in words if (len(w) > 2 or w.isdigit()) and w not in STOPWORDS]


def overlap(one: str, other: str) -> float:
    """Share of the content words of the shorter text that the longer one holds, in [0, 1]."""
    a, b = set(content_words(one)), set(content_words(other))
    return len(a & b) / min(len(a), len(b)) if a and b else 0.0


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence of one speaker. ``folded`` has the length of ``text``; ``ids`` are its utterances."""

    index: int
    speaker: str | None
    text: str
    folded: str
    ids: tuple[str, ...]
    start: float
    end: float
    question: bool

    def evidence(self) -> Evidence:
        return Evidence(self.ids, self.start, self.end, self.text)


ASKS = cue(
    "est-ce qu(?:e|'\\w+)", "est ce que", "qu'est-ce", "qui est-ce", "c'est quoi", "on fait quoi", "on met quoi",
    "(?:peux|pourrais|veux|vas|as|es|dois)-tu", "(?:pouvez|pourriez|voulez|avez|etes|allez|devez)-vous",
    "a-t-(?:on|il|elle)", "(?:peut|doit|va)-on", "y a-t-il",
)  # fmt: skip
ASKS_FIRST = cue(
    "(?:et |mais |alors |donc |bon |du coup )*(?:pourquoi|comment|combien|quel|quelle|quels|quelles|quand|qui)"
)
ASKS_LAST = re.compile(r"\b(quoi|combien|comment|quand|ou pas|ou non|ou ca|lequel|laquelle|pour quand)\s*$")


def is_question(folded: str, punctuated: bool) -> bool:
    """A question mark where the text has punctuation, else the wording."""
    stripped = folded.rstrip(' ."»')
    if stripped.endswith("?"):
        return True
    if punctuated and stripped and folded.rstrip()[-1:] in ".!":
        return False
    return bool(ASKS.search(stripped) or ASKS_FIRST.match(stripped.lstrip()) or ASKS_LAST.search(stripped))


def sentences(transcript: Transcript) -> list[Sentence]:
    """Sentences in the order of speech. An utterance may hold many, and a sentence may span utterances of one speaker."""
    spoken = [u for u in transcript.utterances if u.text.strip()]
    words = sum(u.text.count(" ") + 1 for u in spoken)
    punctuated = sum(len(re.findall(r"[.?!…]", u.text)) for u in spoken) * 40 > words
    found: list[Sentence] = []
    waiting: list[tuple[Utterance, int, int]] = []  # spans whose sentence has not ended

    def close() -> None:
        if not waiting:
            return
        text = " ".join(u.text[a:b] for u, a, b in waiting)
        folded = fold(text)
        (first, begin, _), (last, _, stop) = waiting[0], waiting[-1]
        ids = tuple(dict.fromkeys(u.id for u, _, _ in waiting))
        found.append(
            Sentence(
                len(found), first.speaker, text, folded, ids, _time(first, begin), max(_time(last, stop), _time(first, begin)),
                is_question(folded, punctuated),
            )
        )  # fmt: skip
        waiting.clear()

    for utterance in spoken:
        if waiting:
            last = waiting[-1][0]
            limit = PAUSE if punctuated else PAUSE / 3
            if last.speaker != utterance.speaker or utterance.start - last.end > limit:
                close()
        position = 0
        for mark in [*SENTENCE_END.finditer(utterance.text), None]:
            stop = mark.start() if mark else len(utterance.text)
            begin = position + len(utterance.text[position:stop]) - len(utterance.text[position:stop].lstrip())
            stop = begin + len(utterance.text[begin:stop].rstrip())
            position = mark.end() if mark else stop
            if any(map(str.isalnum, utterance.text[begin:stop])):
                waiting.append((utterance, begin, stop))
                if mark or utterance.text[stop - 1] in ".?!…" or (not utterance.words and not punctuated):
                    close()
    close()
    return found


def _time(utterance: Utterance, offset: int) -> float:
    """When the character at ``offset`` of an utterance is said: at its word, or in proportion."""
    text = utterance.text
    if len(utterance.words) == len(text.split()):
        before = len(text[:offset].split())
        words = utterance.words
        if offset >= len(text.rstrip()):
            return utterance.end
        start = words[min(before, len(words) - 1)].start
        if start is not None:
            return start
    return utterance.start + utterance.duration * offset / max(1, len(text))


CLAUSE = re.compile(
    r"[,;:]\s+(?=(?:(?:et|mais|donc|alors|puis|sinon|parce que|car|puisque|ensuite|apres|moi|bon|ok)[\s,]+)*"
    r"(?:je|j'|tu|vous|on|nous|il faut|il faudrait|c'est|ca|qui|est-ce|merci|ce sera|sinon|parce que|car|mais)(?!\w))"
    r"|\s+(?=(?:et|mais|donc|alors|puis|parce que|car|puisque|sinon|ou|apres)[\s,]+"
    r"(?:moi[\s,]+)?(?:je|j'|tu|vous|on|nous|il faut|il faudrait|c'est|ca)(?!\w))"
    r"|\s+(?=(?:parce que|sinon|vu que|puisque|du coup)\s)"
    r"|[;:]\s+"
)


def clauses(folded: str, begin: int = 0) -> list[tuple[int, int]]:
    """Spans of the clauses of a folded sentence from ``begin`` on."""
    spans, position = [], begin
    for mark in CLAUSE.finditer(folded, begin):
        if mark.start() > position:
            spans.append((position, mark.start()))
        position = mark.end()
    if position < len(folded):
        spans.append((position, len(folded)))
    return spans


def tidy(text: str) -> str:
    """A quotation made readable: no hesitations or repeated words, first letter upper-case, no final punctuation."""
    text = re.sub(r"(?i)(?:,\s*)?\b(euh|heu|hum|hein|ben|bah)\b,?", "", text)
    text = re.sub(r"(?i)\b(\w+)(\s+\1\b)+", r"\1", text)
    text = re.sub(r"\s+", " ", text).strip(' ,;:.?!…-«»"')
    return text[:1].upper() + text[1:]


def joined_evidence(parts: Sequence[Sentence]) -> tuple[Evidence, ...]:
    """The evidence of several sentences, once each, in order."""
    unique = {part.index: part for part in parts}
    return tuple(unique[index].evidence() for index in sorted(unique))
