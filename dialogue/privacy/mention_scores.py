"""Score mentions against those of people: what would be masked of what should be.

A gold mention is found if at least 80 % of its characters are inside predicted mentions, whatever their label: what is
masked identifies nobody. A predicted mention is right if it touches a gold one. Intervals are a bootstrap over
recordings.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from dialogue.core.errors import DialogueError
from dialogue.privacy.mentions import Mention, Note

COVERED = 0.8  # share of a gold mention's characters
DRAWS = 1000


class MentionScoreError(DialogueError, ValueError):
    """Two files that are not of the same recordings; the message names the first difference."""


@dataclass
class MentionCounts:
    """What was counted in one recording: (found, all) gold mentions by label, characters, and predicted mentions."""

    labels: dict[str, tuple[int, int]] = field(default_factory=dict)
    characters: tuple[int, int] = (0, 0)
    right: tuple[int, int] = (0, 0)


@dataclass(frozen=True)
class MentionScore:
    """Shares in [0, 1], ``None`` without a case, and intervals of 95 %.

    Attributes:
        recall, characters: share of gold mentions, and of their characters, that are masked.
        precision: share of predicted mentions that touch a gold one.
        labels: label -> (recall, gold mentions).
        recall_interval, precision_interval: lower and upper bounds.
    """

    recall: float | None
    characters: float | None
    precision: float | None
    labels: dict[str, tuple[float, int]]
    recall_interval: tuple[float, float] | None
    precision_interval: tuple[float, float] | None


def score(gold: Sequence[Note], predicted: Sequence[Note]) -> MentionScore:
    """Score the notes of recordings; what a reader marked to keep is masked in neither.

    Raises:
        MentionScoreError: a recording of the gold is missing from the prediction, or has another text there.
    """
    known = {note.id: note for note in predicted}
    counts = []
    for note in gold:
        other = known.get(note.id)
        if other is None or other.text != note.text:
            fault = "is missing from the prediction" if other is None else "has another text in the prediction"
            raise MentionScoreError(f"{note.id} {fault}. Accepted: notes of the same transcripts.")
        counts.append(count(note.mentions, other.mentions))
    return summed(counts)


def count(gold: Sequence[Mention], predicted: Sequence[Mention]) -> MentionCounts:
    """Count the mentions of one recording."""
    gold = [m for m in gold if not m.keep]
    predicted = [m for m in predicted if not m.keep]
    masked = {c for m in predicted for c in range(m.start, m.end)}
    wanted = {c for m in gold for c in range(m.start, m.end)}
    counts = MentionCounts(characters=(len(masked & wanted), len(wanted)))
    for m in gold:
        inside = sum(c in masked for c in range(m.start, m.end))
        found, total = counts.labels.get(m.label, (0, 0))
        counts.labels[m.label] = found + (inside >= COVERED * (m.end - m.start)), total + 1
    touching = sum(any(c in wanted for c in range(m.start, m.end)) for m in predicted)
    counts.right = touching, len(predicted)
    return counts


def summed(counts: Sequence[MentionCounts]) -> MentionScore:
    """Return the score of recordings that were counted."""
    import numpy as np

    labels: dict[str, list[int]] = {}
    for one in counts:
        for label, (found, total) in one.labels.items():
            sums = labels.setdefault(label, [0, 0])
            sums[0] += found
            sums[1] += total
    rows = np.array(
        [[*(sum(v[i] for v in c.labels.values()) for i in (0, 1)), *c.characters, *c.right] for c in counts]
    ).reshape(-1, 6)
    total = rows.sum(axis=0)
    drawn = np.random.default_rng(0).integers(0, max(1, len(rows)), (DRAWS, len(rows)))
    sums = rows[drawn].sum(axis=1) if len(rows) else np.zeros((DRAWS, 6))

    def share(at: int) -> float | None:
        return float(total[at] / total[at + 1]) if total[at + 1] else None

    def interval(at: int) -> tuple[float, float] | None:
        usable = sums[sums[:, at + 1] > 0]
        if not len(usable):
            return None
        low, high = np.quantile(usable[:, at] / usable[:, at + 1], (0.025, 0.975))
        return float(low), float(high)

    by_label = {name: (found / total, total) for name, (found, total) in sorted(labels.items())}
    return MentionScore(share(0), share(2), share(4), by_label, interval(0), interval(4))
