"""The form of every score: errors over a length, both of which add up over recordings."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Rate:
    """Errors counted over a length.

    Attributes:
        errors: amount of errors, in words, characters, seconds or speakers.
        length: length of the reference, in the same unit.
        parts: the kinds of errors, and other counts that add up.
    """

    errors: float
    length: float
    parts: Mapping[str, float] = field(default_factory=dict)

    @property
    def value(self) -> float | None:
        """errors / length; ``None`` when the reference is empty. Insertions may raise it above 1."""
        return self.errors / self.length if self.length else None

    @classmethod
    def of_edits(cls, length: float, substitutions: float = 0, deletions: float = 0, insertions: float = 0) -> Rate:
        """Return the rate of the edits that make a reference of that length a hypothesis."""
        parts = {"substitutions": substitutions, "deletions": deletions, "insertions": insertions}
        return cls(sum(parts.values()), length, parts)

    def __add__(self, other: Rate) -> Rate:
        names = [*self.parts, *(p for p in other.parts if p not in self.parts)]
        parts = {name: self.parts.get(name, 0) + other.parts.get(name, 0) for name in names}
        return Rate(self.errors + other.errors, self.length + other.length, parts)

    def made_of(self) -> str:
        """Return the parts in words: ``12 substitutions, 3 deletions, 0 insertions``."""
        return ", ".join(f"{round(count, 1):g} {name.replace('_', ' ')}" for name, count in self.parts.items())

    def to_dict(self) -> dict[str, Any]:
        """Return plain values, with seconds to the millisecond."""
        value = None if self.value is None else round(self.value, 6)
        return {
            "value": value,
            "errors": round(self.errors, 3),
            "length": round(self.length, 3),
            **{name: round(count, 3) for name, count in self.parts.items()},
        }

    @classmethod
    def from_dict(cls, value: Mapping[str, Any]) -> Rate:
        """Read the output of :meth:`to_dict`, ignoring an interval."""
        parts = {k: v for k, v in value.items() if k not in ("value", "errors", "length", "interval")}
        return cls(value["errors"], value["length"], parts)
