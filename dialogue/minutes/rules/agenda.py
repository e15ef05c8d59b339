"""Find the topics of a meeting and where each begins: given, or announced.

Topics follow one another and cover the recording. Announced topics come from an agenda read aloud (``trois points à
l'ordre du jour : ...``) or from transitions (``deuxième point, ...``). Without either there are none: on debates, the
boundaries of TextTiling (Hearst, Computational Linguistics 23(1), 1997) were further from people's (Pk 0.549; Beeferman
et al., Machine Learning 34, 1999) than no boundary at all (0.447).
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Sequence

from dialogue.french.sentences import Sentence
from dialogue.french.text import content_words, cue, fold, tidy
from dialogue.minutes.document import AgendaItem

ORDINALS = (
    "premier|premiere|deuxieme|second|seconde|troisieme|quatrieme|cinquieme|sixieme|septieme|huitieme|dernier|derniere|"
    "autre"
)
TRANSITION = re.compile(
    rf"(?<!\w)(?:(?:le |la |au |notre )?(?:{ORDINALS}) (?:point|sujet|theme|question)(?!\w)|"
    rf"(?:point|sujet) (?:suivant|numero \w+|\d)(?!\w)|"
    r"(?:on |nous )?(?:passe|passons|passer)(?: maintenant| donc)? (?:au |a la |a l'|aux |a )(?!\w{1,2} ete)|"
    r"(?:on |nous )?(?:attaque|attaquons|aborde|abordons)(?: maintenant)? (?:le|la|les|l')|j'en viens (?:a|au|aux)|"
    r"parlons (?:de|du|des|maintenant)|venons-en (?:a|au|aux)|le (?:sujet|point) suivant|"
    r"(?:ensuite|enfin|maintenant|pour finir|pour commencer)[\s,]+(?=(?:le|la|les|l')\s?\w+[\s.]*$))"
)
ANNOUNCE = cue(
    r"(?P<count>\w+) (?:points|sujets|themes)"
    r"(?: (?:a|sur|de) (?:l'ordre du jour|aborder|traiter|voir)?(?: aujourd'hui)?|"
    r" (?:aujourd'hui|ce (?:soir|matin|midi)|cet apres-midi|pour (?:aujourd'hui|ce (?:soir|matin|midi)))|(?=\s?:))",
    "(?:l')?ordre du jour",
    r"au programme", r"(?:on va|nous allons) (?:parler|traiter|aborder|voir)",
)  # fmt: skip
SENTENCE = re.compile(r"(?<![\w'])(?:je|j'|tu|on|nous|vous|il faut|c'est|ce n'est|si)(?!\w)|(?<!\w)j'\w")  # not a title
COUNTS = {w: n for n, w in enumerate("zero un deux trois quatre cinq six sept huit".split())}


def topics(spoken: Sequence[Sentence], duration: float, given: Sequence[str] = ()) -> tuple[AgendaItem, ...]:
    """Return topic segments with ``start`` and ``end`` in seconds, which cover the recording; none if none is known."""
    if not spoken:
        return tuple(AgendaItem(f"t{n}", t, 0.0, duration, "given") for n, t in enumerate(given, 1))
    titles, source = [t for t in given if t.strip()], "given"
    changes = _transitions(spoken)
    if not titles:
        titles, source = _announced(spoken), "announced"
    if not titles and len(changes) >= 2:
        titles = [title for _, title in changes]
        if all(titles):
            return _items(spoken, titles, [0, *(i for i, _ in changes[1:])], duration, "announced")
        titles = []
    if titles:
        return _items(spoken, titles, _align(spoken, titles, changes), duration, source)
    return ()


def _items(
    spoken: Sequence[Sentence], titles: Sequence[str], starts: Sequence[int], duration: float, source: str
) -> tuple[AgendaItem, ...]:
    times = [0.0, *(spoken[i].start for i in starts[1:]), duration]
    return tuple(
        AgendaItem(f"t{n + 1}", tidy(title), times[n], max(times[n], times[n + 1]), source)  # type: ignore[arg-type]
        for n, title in enumerate(titles)
    )


def _transitions(spoken: Sequence[Sentence]) -> list[tuple[int, str]]:
    """Return sentences that open a topic, each with the topic's title if it is said, otherwise an empty string."""
    found: list[tuple[int, str]] = []
    for sentence in spoken:
        mark = TRANSITION.search(sentence.folded)
        if not mark or sentence.question or len(sentence.folded[: mark.start()].split()) > 6:
            continue
        begin = mark.end()
        title = re.split(
            r"[.?!;]|,\s*(?!et\b)|\s(?:alors|donc|qui|parce)\s",
            sentence.text[begin:].lstrip(" ,:"),
            maxsplit=1,
        )[0]
        title = re.sub(r"(?i)^(?:c['’]est|concerne|est|donc|sur)\s+", "", title.strip())
        if len(title.split()) > 9 or SENTENCE.search(fold(title)):
            title = ""
        if not title and (own := _goes_on(spoken, sentence)) and len(own.text.split()) <= 7:
            title = own.text
        if found and sentence.index - found[-1][0] < 2:
            continue
        found.append((sentence.index, title if content_words(title) else ""))
    return found


def _goes_on(spoken: Sequence[Sentence], sentence: Sentence) -> Sentence | None:
    """Return the next sentence, if its speaker is the same."""
    following = next(iter(spoken[sentence.index + 1 : sentence.index + 2]), None)
    return following if following and following.speaker == sentence.speaker else None


def _announced(spoken: Sequence[Sentence]) -> list[str]:
    """Return the items listed after ``trois points à l'ordre du jour``, even without punctuation."""
    for sentence in spoken[:40]:
        mark = ANNOUNCE.search(sentence.folded)
        if not mark:
            continue
        rest = sentence.text[mark.end() :].lstrip(" :,")
        rest = re.sub(
            r"(?i)^(?:aujourd['’]hui|à l['’]ordre du jour|il y a|on a|nous avons|c['’]est|sont|est|de|du|"
            r"des)\s*[:,]?\s*",
            "",
            rest,
        ).strip(" :,.")
        if not content_words(rest) and (own := _goes_on(spoken, sentence)):
            rest = own.text.strip(" .")
        count = COUNTS.get(mark["count"] or "", 0) or (int(mark["count"]) if (mark["count"] or "").isdigit() else 0)
        pieces = [
            p
            for p in re.split(
                r"\s*,\s*(?:et\s+|puis\s+|enfin\s+)?|\s+et\s+(?=(?:le|la|les|l['’]|du|des|un|une)\b)", rest
            )
            if content_words(p)
        ]
        if count and len(pieces) < count:
            pieces = [
                p
                for p in re.split(
                    r"\s*,\s*|\s*\b(?:et\s+)?(?=(?<!de )(?<!à )(?<!sur )(?<!pour )(?<!avec )\b(?:les?|la)\s|"
                    r"(?<!de )(?<!à )l['’])",
                    rest,
                )
                if content_words(p)
            ]
        if (
            len(pieces) >= 2
            and not any(SENTENCE.search(fold(p)) for p in pieces)
            and (not count or len(pieces) == count)
            and all(len(p.split()) <= 12 for p in pieces)
        ):
            return pieces
    return []


def _align(spoken: Sequence[Sentence], titles: Sequence[str], changes: Sequence[tuple[int, str]]) -> list[int]:
    """Find where each title begins: the best rising sequence of starts (dynamic programming).

    Starts are scored by transitions and by the words of the title.
    """
    import numpy as np

    count, total = len(titles), len(spoken)
    if count >= total:
        return [min(n, total - 1) for n in range(count)]
    words = [set(content_words(t)) for t in titles]
    opening = {index: set(content_words(title)) for index, title in changes}
    says = [set(content_words(s.text)) for s in spoken]
    frequency = Counter(w for said in says for w in said)
    inside = np.zeros((count, total + 1))  # running sum of how much the sentences mention each title
    start = np.full((count, total), -1.0)  # score of each sentence as the beginning of each title
    for k, title in enumerate(words):
        weight = {w: math.log(1 + total / frequency[w]) for w in title if w in frequency}
        whole = sum(weight.values()) or 1.0
        speaks = np.array([sum(weight.get(w, 0.0) for w in said & title) / whole for said in says])
        inside[k, 1:] = np.cumsum(speaks)
        for index in range(total):
            ordered = index in opening and (not opening[index] or bool(opening[index] & title))
            start[k, index] = (3.0 if ordered else 0.0) + 2.0 * speaks[index] - (1.0 if index not in opening else 0.0)
    best = np.full((count, total), -np.inf)
    back = np.zeros((count, total), int)
    best[0, 0] = 0.0
    for k in range(1, count):
        # ending topic k-1, which began at i, before j: best[k-1, i] - inside[k-1, i] + inside[k-1, j]
        gain = best[k - 1] - inside[k - 1, :total]
        arg = np.zeros(total, int)
        for j in range(1, total):
            arg[j] = j if gain[j] > gain[arg[j - 1]] else arg[j - 1]
        for j in range(k, total):
            i = arg[j - 1]
            best[k, j] = gain[i] + inside[k - 1, j] + start[k, j]
            back[k, j] = i
    last = int(np.argmax(best[count - 1] + inside[count - 1, total] - inside[count - 1, :total]))
    starts = [last]
    for k in range(count - 1, 0, -1):
        starts.append(int(back[k, starts[-1]]))
    return starts[::-1]
