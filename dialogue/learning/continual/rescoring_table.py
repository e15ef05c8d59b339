"""Word errors of rescored lists as plain values and as tables."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from dialogue.core import tables
from dialogue.french.normalization import VERSIONS
from dialogue.learning.continual.rescoring import LEVEL, Rescoring
from dialogue.scoring.difference import difference, interval
from dialogue.scoring.rate import Rate

SCHEMA = "dialogue/continual/rescoring/1"


def figures(found: Rescoring) -> dict[str, Any]:
    """Return plain values, without any text; rates, not per cent."""
    stream = found.stream
    order = [t.name for t in stream.tasks]
    initial = found.after[0].rates
    return {
        "schema": SCHEMA,
        "model": stream.model,
        "method": stream.method,
        "seed": stream.training.seed,
        "order": order,
        "normalizer": VERSIONS[LEVEL],
        "domains": {
            name: {
                "recordings": list(own),
                "words": sum(found.first[r].length for r in own),
                "first": _interval([found.first[r] for r in own]),
                "oracle": _interval([found.best[r] for r in own]),
            }
            for name, own in found.domains.items()
        },
        "after": [
            {
                "task": each.task,
                "name": order[each.task - 1] if each.task else None,
                "weights": dict(each.weights),
                "domains": {
                    name: {
                        **_interval([each.rates[r] for r in own]),
                        "from_first": _change(found.first, each.rates, own),
                        "from_initial": _change(initial, each.rates, own),
                    }
                    for name, own in found.domains.items()
                },
            }
            for each in found.after
        ],
    }


def _interval(rates: Sequence[Rate]) -> dict[str, Any]:
    return {"value": sum(rates, Rate(0, 0)).value, "interval": interval(rates)}


def _change(before: Mapping[str, Rate], now: Mapping[str, Rate], recordings: Sequence[str]) -> dict[str, Any]:
    change = difference([before[r] for r in recordings], [now[r] for r in recordings])
    return {"value": change.value, "interval": change.interval}


def table(found: Rescoring) -> str:
    """Return the tables in Markdown, in per cent."""
    value = figures(found)
    domains = value["domains"]
    rows = [
        ["recordings, words", "", *(f"{len(d['recordings'])}, {d['words']:g}" for d in domains.values())],
        ["recogniser alone", "", *(tables.measured(d["first"], ".1f", 100) for d in domains.values())],
        ["oracle: the best choice", "", *(tables.measured(d["oracle"], ".1f", 100) for d in domains.values())],
    ]
    changes: dict[str, list[list[str]]] = {"from_first": [], "from_initial": []}
    for each in value["after"]:
        name = f"after {each['task']}, {each['name']}" if each["task"] else "initial model"
        weights = sorted(set(each["weights"].values()))
        own = [each["domains"][domain] for domain in domains]
        used = " to ".join(f"{w:g}" for w in dict.fromkeys((weights[0], weights[-1])))
        rows.append([name, used, *(tables.measured(cell, ".1f", 100) for cell in own)])
        for since, found_since in changes.items():
            found_since.append([name, *(tables.measured(cell[since], "+.1f", 100) for cell in own)])
    parts = [
        f"{value['model']}, {value['method']}, seed {value['seed']}: wrong words, per cent\n",
        tables.markdown(("chosen by", "weight", *domains), rows),
        "Change from the recogniser alone, in points\n",
        tables.markdown(("chosen by", *domains), changes["from_first"]),
    ]
    if learned := changes["from_initial"][1:]:
        parts += ["Change from the initial model, in points\n", tables.markdown(("chosen by", *domains), learned)]
    parts.append(
        "Lower is better. 95 % intervals over recordings, where there are five or more. The weight of the language "
        "model was\nchosen for each recording on the others.\n"
    )
    return "\n".join(parts)
