"""Who agreed to what, and until when: for a voice that is kept, and for a meeting."""

from __future__ import annotations

import datetime
from dataclasses import dataclass, field

from dialogue.core.errors import DialogueError
from dialogue.corrections.correction import one_name
from dialogue.minutes.write import checked_date


class PeopleError(DialogueError, ValueError):
    """A person who is not there, or whose consent does not allow what is asked; the message says why."""


@dataclass(frozen=True)
class Consent:
    """Who agreed to what.

    Attributes:
        by: the person, or who may agree for them.
        purpose: what the voice or the meeting may be used for.
        until: last day on which it may be used, ``YYYY-MM-DD``.
        at: when they agreed; today by default.
    """

    by: str
    purpose: str
    until: str
    at: str = field(default_factory=lambda: f"{datetime.date.today()}")

    def checked(self) -> Consent:
        """Return the consent with its texts on one line and its dates in full.

        Raises:
            PeopleError: something is missing, or it has expired.
        """
        for name in ("by", "purpose"):
            if not getattr(self, name).strip():
                raise PeopleError(f"consent: {name} is empty. Accepted: who agreed, to what, and until when.")
        found = Consent(one_name(self.by), one_name(self.purpose), checked_date(self.until), checked_date(self.at))
        if found.at > f"{datetime.date.today()}":
            raise PeopleError(f"consent: given on {found.at}, which is to come. Accepted: today or a day before.")
        if found.expired:
            raise PeopleError(f"consent: until {found.until}, which is over. Accepted: today or a later day.")
        return found

    @property
    def expired(self) -> bool:
        return self.until < f"{datetime.date.today()}"
