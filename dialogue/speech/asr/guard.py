"""Detect text that a recogniser invents on silence, noise and music, so that it can be rejected and recorded.

Whisper was trained on subtitles. On sound without speech it writes what subtitles end with ("Sous-titres réalisés par
la communauté d'Amara.org"), or repeats itself. A segment counts only if it is boilerplate from its first to its last
word: people do say "merci d'avoir regardé" in the middle of a sentence.
"""

from __future__ import annotations

import itertools
import re
import zlib

from dialogue.french.text import unaccented

_SHOW = r"(?:cette|la|ma|notre|mes|nos|ces) (?:videos?|emission|episode|chaine)"
_BOILERPLATE = re.compile(
    r"(?:.*\bamara ?org\b.*"
    r"|(?:sous ?titr(?:es?|age)|subtitl(?:es|ing)|(?:closed )?captions?)(?: \w+){0,3}"
    r" (?:par|by|communaute|societe|st|stf|fr|m|\d+)(?: \w+){0,5}"
    r"|sous ?titr(?:es?|age)(?: (?:st|fr|stf|m) ?\d*)*"
    r"|(?:transcription|traduction|translated|transcribed) (?:par|by)(?: \w+){0,3}|par soustitreur com"
    r"|societe radio canada"
    rf"|merci (?:a tous )?d ?avoir (?:(?:regarde|visionne)(?: {_SHOW})?|(?:suivi|ecoute) {_SHOW})"
    r"(?: (?:et )?a (?:bientot|la prochaine))?"
    r"|(?:n ?oubliez pas de vous abonner|abonnez vous)(?: (?:a|sur) (?:la|ma|notre) chaine)?"
    r"(?: (?:et|pour) [ \w]{0,40})?"
    r"|(?:please )?(?:don t forget to )?(?:like and )?subscribe(?: to (?:my|the|our) channel)?"
    r"|(?:thanks|thank you)(?: so much| very much)? for watching[ \w]{0,16}"
    r"|(?:a|on se retrouve) (?:la|une|dans une) prochaine (?:fois )?(?:pour une nouvelle )?video"
    r"|musique(?: de fin| du generique)?|applaudissements|generique(?: de fin)?"
    r"|copyright (?:\w+ )?\d{4})"
)


def boilerplate(text: str) -> bool:
    """Return whether the whole text is a formula that subtitles end with."""
    return bool(_BOILERPLATE.fullmatch(_plain(text)))


def repetition(text: str, compression_ratio: float = 2.4) -> bool:
    """Return whether a text runs in a loop.

    Either its UTF-8 bytes compress more than ``compression_ratio`` times (Radford et al. 2022, section 4.5), or a
    sequence of one to eight words is repeated too often: people do say "oui oui oui oui", but not the same four words
    three times running.
    """
    data = text.encode()
    if len(data) > 40 and len(data) / len(zlib.compress(data)) > compression_ratio:
        return True
    words = _plain(text).split()
    for size in range(1, 9):
        allowed = 7 if size == 1 else 4 if size < 4 else 2
        for start in range(min(size, len(words))):
            groups = [tuple(words[i : i + size]) for i in range(start, len(words) - size + 1, size)]
            if any(len(list(run)) > allowed for _, run in itertools.groupby(groups)):
                return True
    return False


def _plain(text: str) -> str:
    """Return the text in lower case, without accents or punctuation."""
    kept = "".join(c if c.isalnum() or c in " -" else " " for c in unaccented(text.lower()))
    return " ".join(kept.replace("-", " ").split())
