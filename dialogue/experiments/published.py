"""The scores kept beside a published ``RESULTS.md``, and what differs from them by more than noise.

A difference is noise unless the 95 % interval of the paired bootstrap over recordings leaves out zero, see
:mod:`dialogue.scoring.difference`.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from dialogue.core.files import read_json, save_json
from dialogue.scoring import TITLES, wer
from dialogue.scoring.bootstrap import FEWEST
from dialogue.scoring.difference import Difference, difference
from dialogue.scoring.rate import Rate

FEWEST_WORDS = 1000  # at a WER of 20 %, independent errors alone move the rate of so many words by 2.5 points

Rates = Mapping[str, Mapping[str, Rate]]  # recording -> metric -> rate


def keep(path: Path, name: str, scores: Mapping[str, Any], run: str) -> None:
    """Keep the scores of an experiment in the JSON file beside ``RESULTS.md``; ``run`` says which run they are from."""
    kept = {key: scores[key] for key in ("normalizer", "recordings")}
    save_json(_beside(path), {**_read(path), name: {"run": run, **kept}})


def compare(path: Path, name: str, scores: Mapping[str, Any]) -> str:
    """Say what differs from the kept scores of an experiment by more than noise, and from which run those are."""
    last = _read(path).get(name)
    return f"{last['run']}: {_differences(scores, last)}" if last else "nothing published to compare with"


def _differences(now: Mapping[str, Any], last: Mapping[str, Any]) -> str:
    if now["normalizer"] != last["normalizer"]:
        return f"not comparable, as that was scored with {last['normalizer']}"
    new, old = (_rates(scores) for scores in (now, last))
    if _lengths(new) != _lengths(old):
        return "not comparable, as its recordings or references were others"
    if new == old:
        return "the same scores"
    if len(new) < FEWEST:
        return f"too few recordings to tell a difference from noise ({len(new)}, at least {FEWEST} are needed)"
    said, small = [], []
    for metric in TITLES:
        if metric in next(iter(new.values())):
            change = difference(*([rates[metric] for rates in side.values()] for side in (old, new)))
            if _words(metric, new) < FEWEST_WORDS or change.interval is None:
                small.append(TITLES[metric])
            elif change.verdict != "same":
                said.append(f"{TITLES[metric]} {_text(change)}")
    few = f"; too few words to compare (less than {FEWEST_WORDS}): {', '.join(small)}" if small else ""
    return (", ".join(said) or "no difference beyond noise") + few


def _text(change: Difference) -> str:
    low, high = change.interval or (0.0, 0.0)
    values = f"{change.first.value or 0:.3f} to {change.second.value or 0:.3f}"
    return f"{values}, {change.verdict} ({low:+.3f} to {high:+.3f})"


def _words(metric: str, rates: Rates) -> float:
    """Return the words that a metric rests on: of its band, or of all references."""
    return sum(found[metric if metric in wer.BANDS else "wer"].length for found in rates.values())


def _rates(scores: Mapping[str, Any]) -> Rates:
    return {
        name: {metric: Rate.from_dict(rate) for metric, rate in scores["recordings"][name].items()}
        for name in sorted(scores["recordings"])
    }


def _lengths(rates: Rates) -> Mapping[str, tuple[float, float]]:
    return {name: (found["wer"].length, round(found["der"].length, 2)) for name, found in rates.items()}


def _read(path: Path) -> dict[str, Any]:
    found: dict[str, Any] = read_json(_beside(path)) if _beside(path).exists() else {}
    return found


def _beside(path: Path) -> Path:
    return path.with_suffix(".json")
