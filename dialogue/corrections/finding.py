"""Find words again where a correction saw them, in the same transcript or in another of the same recording."""

from __future__ import annotations

from collections.abc import Sequence
from difflib import SequenceMatcher
from functools import lru_cache

from dialogue.core.transcript import Word
from dialogue.corrections.correction import WordAnchor
from dialogue.corrections.draft import Draft, DraftLine, Piece, end_of, middle_of, runs, start_of
from dialogue.french.text import normalised

EXACT = 0.002  # seconds that rounding may add
WINDOW = 1.0  # seconds around the span in which another recognition may have put the words
SAME = 0.6  # similarity from which two words may be one, heard differently
AGREED = 0.5  # share of the words that must be found for the others to be believed
SKIPPED = 0.3  # cost of a word that only the other recognition has; one that it lacks costs 1


def find_words(draft: Draft, anchor: WordAnchor) -> list[Piece]:
    """Return the words of an anchor: exactly if they are unchanged, otherwise those that align with them, near in time.

    Empty if less than half of them is there.
    """
    if exact := _exact(draft, anchor):
        return [exact]
    return _aligned(draft, anchor)


def words_between(draft: Draft, anchor: WordAnchor) -> list[Piece]:
    """Return the words whose middle is in the span, whatever they are, of who says most of them."""
    pieces = [p for line in draft.near(anchor.start, anchor.end) for p in runs(line, _inside(line, anchor))]
    seconds: dict[str | None, float] = {}
    for piece in pieces:
        spoken = sum(max(end_of(w) - start_of(w), EXACT) for w in piece.words)
        seconds[piece.line.speaker] = seconds.get(piece.line.speaker, 0.0) + spoken
    most = max(seconds, key=lambda speaker: seconds[speaker], default=None)
    return [p for p in pieces if p.line.speaker == most]


def _inside(line: DraftLine, anchor: WordAnchor) -> list[bool]:
    return [anchor.start <= middle_of(w) <= anchor.end for w in line.words]


def _exact(draft: Draft, anchor: WordAnchor) -> Piece | None:
    found = []
    for line in draft.near(anchor.start, anchor.end):
        for first, word in enumerate(line.words):
            if abs(start_of(word) - anchor.start) > EXACT:
                continue
            said = ""
            for last in range(first, len(line.words)):
                said = f"{said} {line.words[last].text}" if said else line.words[last].text
                if len(said) >= len(anchor.text):
                    break
            piece = Piece(line, first, last + 1)
            if said == anchor.text and abs(max(map(end_of, piece.words)) - anchor.end) <= EXACT:
                found.append(piece)
    return max(found, key=lambda p: p.line.speaker == anchor.speaker, default=None)


def _aligned(draft: Draft, anchor: WordAnchor) -> list[Piece]:
    wanted = [_folded(text) for text in anchor.text.split()]
    lines = list(draft.near(anchor.start - WINDOW, anchor.end + WINDOW))
    near = [
        (middle_of(word), number, place, word)
        for number, line in enumerate(lines)
        for place, word in enumerate(line.words)
        if anchor.start - WINDOW <= middle_of(word) <= anchor.end + WINDOW
    ]
    near.sort(key=lambda item: item[:3])
    matches = align(wanted, [_folded(word.text) for *_, word in near])
    if sum(share for *_, share in matches) < AGREED * len(wanted):
        return []
    ends: dict[int, list[int]] = {}
    for _, place, _ in matches:
        ends.setdefault(near[place][1], []).append(near[place][2])
    pieces = []
    for number, places in ends.items():
        line = lines[number]
        first, last = min(places), max(places)
        inside = _inside(line, anchor)
        while first and inside[first - 1]:  # words that only this recognition heard there
            first -= 1
        while last + 1 < len(inside) and inside[last + 1]:
            last += 1
        pieces.append(Piece(line, first, last + 1))
    return sorted(pieces, key=lambda p: start_of(p.words[0]))


def align(wanted: Sequence[str], there: Sequence[str]) -> list[tuple[int, int, float]]:
    """Align words with some that are there, which may go on before and after.

    Returns:
        Triples of two indices and the similarity of these words, in (0, 1].
    """
    rows, columns = len(wanted) + 1, len(there) + 1
    cost = [[0.0] * columns] + [[float(n)] + [0.0] * (columns - 1) for n in range(1, rows)]
    for i in range(1, rows):
        for j in range(1, columns):
            cost[i][j] = min(
                cost[i - 1][j - 1] + 1 - _similarity(wanted[i - 1], there[j - 1]),
                cost[i - 1][j] + 1,
                cost[i][j - 1] + SKIPPED,
            )
    i, j = rows - 1, min(range(columns), key=lambda j: cost[-1][j])
    found: list[tuple[int, int, float]] = []
    while i and j:
        share = _similarity(wanted[i - 1], there[j - 1])
        if abs(cost[i][j] - cost[i - 1][j - 1] - 1 + share) < 1e-9:
            i, j = i - 1, j - 1
            found += [(i, j, share)] if share else []
        elif abs(cost[i][j] - cost[i - 1][j] - 1) < 1e-9:
            i -= 1
        else:
            j -= 1
    return found[::-1]


@lru_cache(maxsize=1 << 16)
def _similarity(one: str, other: str) -> float:
    if one == other:
        return 1.0
    share = SequenceMatcher(None, one, other, autojunk=False).ratio()
    return share if share >= SAME else 0.0


def _folded(text: str) -> str:
    return normalised(text) or text


def told(words: Sequence[Word]) -> str:
    """Return words as a text."""
    return " ".join(w.text for w in words)
