"""Licences: whether an expression is one of SPDX, what it asks of what is made from the data, and its address."""

from __future__ import annotations

import difflib
import re
from functools import cache
from typing import Any

from dialogue.core.extras import how_to_install
from dialogue.corpus import CorpusError

OWN = re.compile(r"LicenseRef-[A-Za-z0-9.-]+")  # a licence that SPDX does not list
SHARE_ALIKE = ("-SA-", "GPL-", "ODBL-", "CDLA-SHARING-", "MPL-", "EUPL-", "CECILL-2", "OSL-")


def normalised(expression: str) -> str:
    """Return an expression as SPDX writes it; ``unknown`` stays as it is.

    Raises:
        CorpusError: the expression names a licence that SPDX does not list, or is malformed; near matches are given.
    """
    if expression == "unknown":
        return expression
    parsed = _parsed(expression)
    known = _spdx().known_symbols
    for key in keys(parsed):
        if key not in known and not OWN.fullmatch(key):
            near = _near(key, [k for k in known if not k.startswith("LicenseRef-")])
            hint = f"Did you mean {' or '.join(near)}? " if near else ""
            raise CorpusError(
                f"licence: found {key!r}. {hint}Accepted: identifiers of https://spdx.org/licenses joined by AND "
                "or OR, LicenseRef-NAME for another licence, or unknown."
            )
    return str(parsed)


def terms(expression: str) -> frozenset[str] | None:
    """Return what an expression asks: ``nc``, ``nd``, ``sa``; ``None`` if a part of it is not known.

    Parts joined by AND add up; among parts joined by OR, only what all of them ask counts.
    """
    if expression == "unknown":
        return None
    return _terms(_parsed(expression))


def covers(child: str, parent: str) -> bool:
    """Tell whether the child's licence has a part under which data of a share-alike parent may be passed on.

    That is the same licence, or a later version of it (section 3(b) of the CC licences).
    """
    given = [_family(key) for key in keys(_parsed(child))]
    asked = [_family(key) for key in keys(_parsed(parent)) if "sa" in (_asks(key) or ())]
    return all(any(name == wanted and found >= version for name, found in given) for wanted, version in asked)


def keys(parsed: Any) -> list[str]:
    """Return the identifiers of a parsed expression, in order."""
    return list(dict.fromkeys(str(symbol.key) for symbol in _spdx().license_symbols(parsed, decompose=True)))


def urls(expression: str) -> list[str]:
    """Return the addresses of the licences that SPDX lists, as in https://spdx.org/licenses/MIT.json."""
    if expression == "unknown":
        return []
    return [f"https://spdx.org/licenses/{k}.json" for k in keys(_parsed(expression)) if not OWN.fullmatch(k)]


@cache
def _spdx() -> Any:
    try:
        from license_expression import get_spdx_licensing
    except ImportError as error:
        raise CorpusError(f"license-expression is not installed. {how_to_install('plan')}") from error
    return get_spdx_licensing()


@cache
def _parsed(expression: str) -> Any:
    licensing = _spdx()
    from license_expression import ExpressionError, ParseError

    try:
        parsed = licensing.parse(expression)
    except (ExpressionError, ParseError) as error:
        raise CorpusError(
            f"licence: {expression!r} is no expression of SPDX ({error}). Accepted: e.g. CC-BY-SA-4.0, MIT AND CC0-1.0."
        ) from error
    if parsed is None:
        raise CorpusError("licence: empty. Accepted: an expression of SPDX, e.g. CC-BY-4.0, or unknown.")
    return parsed


def _near(key: str, known: list[str]) -> list[str]:
    dashed = re.sub(r"[\s_]+", "-", key.strip()).casefold()
    by_fold = {k.casefold(): k for k in known}
    return [by_fold[k] for k in difflib.get_close_matches(dashed, by_fold, n=3, cutoff=0.6)]


def _terms(parsed: Any) -> frozenset[str] | None:
    licensing = _spdx()
    if isinstance(parsed, (licensing.AND, licensing.OR)):
        parts = [_terms(part) for part in parsed.args]
        sure = [part for part in parts if part is not None]
        if isinstance(parsed, licensing.OR):
            return frozenset.intersection(*sure) if sure else None
        return None if len(sure) < len(parts) else frozenset.union(*sure)
    return _asks(keys(parsed)[0])


def _asks(key: str) -> frozenset[str] | None:
    if OWN.fullmatch(key):
        return None
    upper = f"{key.upper()}-"
    asked = {term for term in ("nc", "nd") if f"-{term.upper()}-" in upper}
    if any(mark in upper for mark in SHARE_ALIKE):
        asked.add("sa")
    return frozenset(asked)


def _family(key: str) -> tuple[str, tuple[int, ...]]:
    """Split ``CC-BY-SA-4.0`` into ``CC-BY-SA`` and ``(4, 0)``; suffixes such as a country or -or-later are dropped."""
    found = re.match(r"(.+?)-(\d+(?:\.\d+)*)", key)
    return (found[1].upper(), tuple(map(int, found[2].split(".")))) if found else (key.upper(), ())
