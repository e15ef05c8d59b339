"""Split a transcript into sentences and clauses.

ASR output often lacks punctuation or puts it in the wrong place. Without it an utterance is a sentence, and clauses are
cut before the subject of the next one.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from dialogue.core.transcript import Transcript, Utterance
from dialogue.french.text import cue, fold, plain

PAUSE = 0.7  # seconds; after a shorter pause, the speaker's next utterance may continue the sentence
SENTENCE_END = re.compile(r"(?<![ .]M)(?<!Mme)(?<!\bDr)(?<=[.?!…])[\s»\"]+")


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence of one speaker.

    Attributes:
        index: position in the transcript, from 0.
        folded: the folded text (see :func:`~dialogue.french.text.fold`), of the same length.
        ids: ids of the utterances that it spans.
        start, end: seconds.
        question: whether it asks something.
        people: folded words of the participants' names, which are never hesitations.
    """

    index: int
    speaker: str | None
    text: str
    folded: str
    ids: tuple[str, ...]
    start: float
    end: float
    question: bool
    people: frozenset[str] = frozenset()


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
    """Decide by the question mark if the text has punctuation, otherwise by the wording."""
    stripped = folded.rstrip(' ."»')
    if stripped.endswith("?"):
        return True
    if punctuated and stripped and folded.rstrip()[-1:] in ".!":
        return False
    return bool(ASKS.search(stripped) or ASKS_FIRST.match(stripped.lstrip()) or ASKS_LAST.search(stripped))


def sentences(transcript: Transcript, people: Iterable[str] = ()) -> list[Sentence]:
    """Split a transcript into sentences, in the order of speech.

    An utterance may hold several sentences, and a sentence may span utterances of one speaker.

    Args:
        people: names of participants other than the named speakers of the transcript.
    """
    names = [*people, *(s.name for s in transcript.speakers if s.name)]
    known = frozenset(part for name in names for part in plain(name).split())
    spoken = [u for u in transcript.utterances if u.text.strip()]
    words = sum(u.text.count(" ") + 1 for u in spoken)
    punctuated = sum(len(re.findall(r"[.?!…]", u.text)) for u in spoken) * 40 > words
    found: list[Sentence] = []
    waiting: list[tuple[Utterance, int, int]] = []  # spans whose sentence has not ended

    def close() -> None:
        if not waiting:
            return
        text = " ".join(u.text[a:b] for u, a, b in waiting)
        folded = fold(text, known)
        (first, begin, _), (last, _, stop) = waiting[0], waiting[-1]
        ids = tuple(dict.fromkeys(u.id for u, _, _ in waiting))
        found.append(
            Sentence(
                len(found),
                first.speaker,
                text,
                folded,
                ids,
                _time(first, begin),
                max(_time(last, stop), _time(first, begin)),
                is_question(folded, punctuated),
                known,
            )
        )
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
    """Return when the character at ``offset`` is said: the start of its word, or in proportion to the text."""
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
    """Return the spans of the clauses of a folded sentence, starting at ``begin``."""
    spans, position = [], begin
    for mark in CLAUSE.finditer(folded, begin):
        if mark.start() > position:
            spans.append((position, mark.start()))
        position = mark.end()
    if position < len(folded):
        spans.append((position, len(folded)))
    return spans
