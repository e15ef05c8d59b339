"""What LinTO's clients ask for, as options of the library: ``transcriptionConfig``, ``timestamps``, ``wordsub``."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Mapping, Sequence
from typing import Any

from dialogue.core.config import ConfigError
from dialogue.core.files import to_json
from dialogue.core.transcript import Speaker, Transcript, Utterance
from dialogue.formats.languages import code_of
from dialogue.gateway.refusals import Refusal
from dialogue.gateway.settings import ServeSettings

MOST_SPEAKERS = 100
TURNS = 1 << 20  # bytes of a file of turns
HEX24 = re.compile(r"[0-9a-f]{24}")
COLLECTION = re.compile(r"spkid_([0-9a-f]{24})_[0-9a-f]{24}")
COLLECTIONS = 16  # of voices, in one request
CHANGES, LONGEST = 50, 200  # substitutions, and characters of each


def options(settings: ServeSettings, **speakers: int | None) -> dict[str, Any]:
    """Return the options of a recording of which a transcript is wanted, and nothing else."""
    return {
        "asr": settings.asr(),
        "diarization": {"device": settings.device},
        "speakers": {name: count for name, count in speakers.items() if count is not None},
        "results": {"only": "transcript"},
    }


def job_options(text: str | None, settings: ServeSettings) -> dict[str, Any]:
    """Return the options that a ``transcriptionConfig`` asks for; keys that are not known are ignored.

    Without diarization there is one speaker, whom nobody has to find.

    Raises:
        Refusal: it is not JSON, or a value is not accepted.
    """
    asked = _object(text)
    found = asked.get("diarizationConfig") or {}
    if not isinstance(found, dict):
        raise _wrong("diarizationConfig", found, "an object")
    if found.get("speakerIdentification"):
        raise _wrong(
            "speakerIdentification", found["speakerIdentification"], "nothing; see speakerIdentificationConfig"
        )
    enabled = found.get("enableDiarization", False)
    if not isinstance(enabled, bool):
        raise _wrong("enableDiarization", enabled, "true or false")
    exactly = count_of(found, "numberOfSpeaker")
    most = None if exactly else count_of(found, "maxNumberOfSpeaker")
    counted = {"speakers": exactly, "max_speakers": most} if enabled else {"speakers": 1}
    made = options(settings, **counted)
    made["asr"] = settings.asr(language=language(asked.get("language")))
    if wanted := found.get("speakerIdentificationConfig"):
        if counted.get("speakers") == 1:
            raise _wrong("enableDiarization", enabled, "true, with several speakers, for them to be identified")
        made["results"] |= people(wanted, "speakerIdentificationConfig")
        if not isinstance(organisation := wanted.get("organizationId"), str) or not HEX24.fullmatch(organisation):
            raise _wrong("organizationId", organisation, "24 hexadecimal digits")
        if any(collection_of(each) != organisation for each in wanted["collections"]):
            raise Refusal(403, "a collection is not of this organisation.")
    return made


def people(wanted: object, key: str) -> dict[str, Any]:
    """Return who is looked for among the speakers, as options of the results.

    Raises:
        Refusal: a value is not accepted.
    """
    if not isinstance(wanted, dict):
        raise _wrong(key, wanted, "an object with collections")
    collections, speakers = wanted.get("collections"), wanted.get("speakers") or "*"
    if not isinstance(collections, list) or not 1 <= len(collections) <= COLLECTIONS:
        raise _wrong("collections", collections, f"a list of 1 to {COLLECTIONS}")
    if speakers != "*" and not (isinstance(speakers, list) and all(isinstance(s, str) for s in speakers)):
        raise _wrong("speakers", speakers, "*, or a list of their ids")
    least = wanted.get("minSimilarity")
    if least is not None and (isinstance(least, bool) or not isinstance(least, (int, float)) or not 0 <= least <= 1):
        raise _wrong("minSimilarity", least, "nothing, or a probability from 0 to 1")
    if not all(map(collection_of, collections)):
        raise Refusal(403, "a collection is not of this organisation.")
    ends = [""] if speakers == "*" else speakers
    return {"people": [f"{c}/{end}" for c in collections for end in ends], "people_from": least}


def _object(text: str | None) -> Mapping[str, Any]:
    try:
        asked = json.loads(text or "{}")
    except (ValueError, RecursionError):
        asked = None
    if not isinstance(asked, dict):
        raise Refusal(400, "transcriptionConfig: found no JSON object. Accepted: {} and the keys of LinTO.")
    return asked


def collection_of(name: object) -> str | None:
    """Return the organisation of a collection of voices; ``None`` if it is the name of none."""
    found = COLLECTION.fullmatch(name) if isinstance(name, str) else None
    return found[1] if found else None


def json_of(text: str, key: str) -> object:
    """Return the JSON in a field.

    Raises:
        Refusal: it is none.
    """
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        raise _wrong(key, text, "JSON") from None


def count_of(found: Mapping[str, Any], key: str) -> int | None:
    """Return a number of speakers that a client asks for; ``None`` if it leaves it open.

    Raises:
        Refusal: it is no number of speakers.
    """
    value = found.get(key)
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int) or value > MOST_SPEAKERS:
        raise _wrong(key, value, f"a whole number up to {MOST_SPEAKERS}")
    return value if value > 0 else None


def _wrong(key: str, value: object, accepted: str) -> Refusal:
    return Refusal(400, f"{key}: found {json.dumps(value)[:60]}. Accepted: {accepted}.", param=key)


def language(asked: object) -> str | None:
    """Return the code of a language that a client asks for; ``None`` leaves it to the server.

    Raises:
        Refusal: there is no such language.
    """
    if asked in (None, ""):
        return None
    if not isinstance(asked, str):
        raise _wrong("language", asked, "a code such as fr, or *")
    try:
        return code_of(asked)
    except ConfigError as error:
        raise Refusal(400, str(error), param="language") from error


def whole_number(text: str | None, name: str) -> int | None:
    """Return the value of a field; ``None`` if it is missing, or asks for nothing.

    Raises:
        Refusal: it is no number.
    """
    if text is None or text.strip() in ("", "null", "None"):
        return None
    try:
        value = int(text)
    except ValueError:
        value = MOST_SPEAKERS + 1
    return count_of({name: value}, name)


def given_turns(data: bytes) -> str:
    """Return the lines ``start stop [speaker]`` of a client as a transcript of turns, in JSON.

    Raises:
        Refusal: a line is wrong; the message gives its number.
    """
    if len(data) > TURNS:
        raise Refusal(400, f"timestamps: larger than {TURNS} bytes.", param="timestamps")
    turns: list[tuple[float, float, str]] = []
    for number, line in enumerate(data.decode("utf-8", "replace").splitlines(), start=1):
        words = line.split()
        if not words:
            continue
        try:
            start, end = float(words[0]), float(words[1])
        except (ValueError, IndexError):
            start, end = math.nan, math.nan
        if len(words) > 3 or not 0 <= start < end <= 1e6:
            raise Refusal(400, f"timestamps, line {number}. Accepted: start stop [speaker], in seconds.")
        turns.append((start, end, words[2][:100] if len(words) == 3 else ""))
    if not turns:
        raise Refusal(400, "timestamps: no line in it. Accepted: start stop [speaker], in seconds.")
    turns.sort()
    ids = {name: f"spk{n}" for n, name in enumerate(dict.fromkeys(name for *_, name in turns), start=1)}
    said = tuple(Utterance(f"t{n}", ids[name], start, end) for n, (start, end, name) in enumerate(turns, start=1))
    speakers = tuple(Speaker(id, name or None) for name, id in ids.items())
    return to_json(Transcript("turns", max(end for _, end, _ in turns), None, speakers, said).to_dict())


def substitutions(asked: Sequence[str]) -> list[tuple[str, str]]:
    """Return the pairs of ``wordsub=old:new``, which are texts and no patterns.

    Raises:
        Refusal: one is no pair, or is too long, or there are too many.
    """
    pairs = [(old, new) for old, colon, new in (pair.partition(":") for pair in asked) if colon]
    if (
        len(pairs) != len(asked)
        or len(pairs) > CHANGES
        or any(not old or len(old + new) > LONGEST for old, new in pairs)
    ):
        raise Refusal(400, f"wordsub: accepted: old:new, at most {CHANGES} times and {LONGEST} characters.")
    return pairs
