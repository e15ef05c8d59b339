"""Find repeated texts: between splits they are refused or left out, within the training data they are removed.

Texts are compared by sequences of ``SHINGLE`` words (Broder 1997), ignoring case, punctuation and speaker labels. Whole
dialogues are compared, not only answers: "oui" is everywhere, and people write different summaries of one dialogue.
"""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from dialogue.french.normalization import normalize
from dialogue.learning.tasks.example import Example, TaskError

SHINGLE = 8  # consecutive words that are compared
FEWEST = 8  # shingles; a shorter text is never a copy
COPIED = 0.5  # share of a text's shingles found elsewhere, above which it is a copy


def without_repeats(examples: Sequence[Example]) -> tuple[list[Example], tuple[str, ...]]:
    """Remove training examples of recordings whose dialogue is that of an earlier recording.

    Args:
        examples: examples of one kind.

    Returns:
        The remaining examples, in order, and the ids of the removed recordings.
    """
    homes: dict[int, list[str]] = {}  # shingle -> recordings
    repeats = []
    for (recording, _), own in _recordings(examples).items():
        shingles = _shingles(_said(own))
        shared = Counter(home for s in shingles for home in homes.get(s, ()))
        if len(shingles) >= FEWEST and max(shared.values(), default=0) / len(shingles) > COPIED:
            repeats.append(recording)
            continue
        for s in shingles:
            homes.setdefault(s, []).append(recording)
    return [e for e in examples if e.recording not in repeats], tuple(repeats)


def refuse_leaks(
    splits: Mapping[str, Sequence[Example]], *, speakers: bool = True, everywhere: str | None = None
) -> None:
    """Refuse splits that share a recording, a speaker, or whole passages.

    Passages are the windows of a continuation, and the whole dialogue for the other kinds; summaries and minutes are
    compared too.

    Args:
        speakers: whether shared speakers are refused; false if the authors' own splits share them.
        everywhere: regular expression of speakers who may be in all splits (interviewers).

    Raises:
        TaskError: something is shared; the message names it and the splits.
    """
    homes: dict[tuple[str, str], str] = {}
    for split, examples in splits.items():
        for example in examples:
            keys = [("recording", example.recording)]
            keys += [
                ("speaker", s)
                for s in example.speakers
                if speakers and s != "?" and not (everywhere and re.search(everywhere, s))
            ]
            for key in keys:
                if homes.setdefault(key, split) != split:
                    raise TaskError(
                        f"{key[0]} {key[1]} is in {homes[key]} and in {split}. Accepted: one split each. "
                        "Prepare the corpus again with shares, or name interviewers in its card."
                    )
    for copy in _copies(splits):
        raise TaskError(
            f"{copy.what} of {copy.split} is {copy.share:.0%} the same text as training data. Remove one of the "
            "recordings, or leave out such copies (--leave-out-copies)."
        )


def without_copies(splits: Mapping[str, Sequence[Example]]) -> tuple[dict[str, list[Example]], tuple[str, ...]]:
    """Leave out of the other splits the recordings that repeat training data, as splits of authors may.

    Returns:
        The remaining examples, in order, and the ids of the recordings left out.
    """
    copied = {copy.recording for copy in _copies(splits)}
    kept = {s: [e for e in own if s == "train" or e.recording not in copied] for s, own in splits.items()}
    return kept, tuple(sorted(copied))


@dataclass(frozen=True)
class _Copy:
    """A text of another split (``what``: an example or a recording) that is in the training data too."""

    recording: str
    split: str
    what: str
    share: float


def _copies(splits: Mapping[str, Sequence[Example]]) -> Iterator[_Copy]:
    train = splits.get("train", ())
    said = {s for own in _recordings(train).values() for s in _shingles(_said(own))}
    written = {s for e in train if _of_whole(e) for s in _shingles(e.answer)}
    for split, examples in splits.items():
        if split == "train":
            continue
        texts = [
            (e.recording, e.id, e.answer, written if _of_whole(e) else said)
            for e in examples
            if e.kind not in ("reply", "preferences")  # short, or what a machine writes in set phrases
        ]
        texts += [
            (recording, recording, _said(each), said)
            for (recording, kind), each in _recordings(examples).items()
            if kind != "continuation"
        ]
        for recording, what, text, known in texts:
            own = _shingles(text)
            share = len(own & known) / len(own) if own else 0.0
            if len(own) >= FEWEST and share > COPIED:
                yield _Copy(recording, split, what, share)


def _of_whole(example: Example) -> bool:
    """Return whether the answer is about the whole dialogue, which then is in all examples of the recording."""
    return example.kind in ("summary", "minutes", "preferences")


def _recordings(examples: Iterable[Example]) -> dict[tuple[str, str], list[Example]]:
    """Group examples by recording and kind, since each kind holds the dialogue in its own form."""
    found: dict[tuple[str, str], list[Example]] = {}
    for example in examples:
        found.setdefault((example.recording, example.kind), []).append(example)
    return found


def _said(own: Sequence[Example]) -> str:
    """Return the dialogue of a recording, from its examples of one kind."""
    if own[0].kind == "continuation":
        return "\n".join(e.answer for e in own)
    if _of_whole(own[0]):
        return own[0].dialogue
    if own[0].kind == "record":
        return "\n".join(e.dialogue for e in own)
    return "\n".join([own[0].dialogue, *(e.answer for e in own)])  # the first turns, then each reply


def _shingles(text: str) -> set[int]:
    words = normalize(text, "fr-strict").split()
    runs = (" ".join(words[i : i + SHINGLE]) for i in range(len(words) - SHINGLE + 1))
    return {int.from_bytes(hashlib.blake2b(run.encode(), digest_size=8).digest(), "big") for run in runs}
