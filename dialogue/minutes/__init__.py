"""Minutes of a meeting, each statement with its evidence in the transcript.

``write_minutes`` uses a language model when one that may write minutes is named, and rules otherwise; the object, its
rules and its rendering are the same.
"""

from dialogue.minutes.config import MinutesConfig
from dialogue.minutes.document import SCHEMA, Minutes, MinutesError, schema
from dialogue.minutes.write import load_model, write_minutes

__all__ = [
    "SCHEMA",
    "Minutes",
    "MinutesConfig",
    "MinutesError",
    "load_model",
    "schema",
    "write_minutes",
]
