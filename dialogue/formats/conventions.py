"""Marks that transcribers write among the words: pauses, laughs, noises, doubts. Words stay words, marks become events.

One interpretation covers the conventions of the French spoken corpora, which agree on most marks;
``Utterance.original`` keeps what the transcriber wrote. Sources: Transcriber's guide for ESTER (event codes), TCOF and
CFPP2000 (Delic's conventions), CLAPI (ICOR), CID (the enriched orthography of SPPAS), and the content of the files
themselves.

=====================================  ==========================================================================
``+`` ``++`` ``/`` ``//`` ``#`` ``(.)``  pause, also ``(0.5)`` and ``((silence))``
``[rire]`` ``(rires)`` ``@``           laugh; ``[bb]`` vocal, ``[r]`` breath, ``[b]`` ``*`` noise: see :data:`LABELS`
``***`` ``xxx`` ``(inaudible)``        unintelligible
``(mots incertains)``                  uncertain: the words stay
``il(s)`` ``(ou)i``                    the letters stay, as the spelling requires, whatever was pronounced
``[donc,donk]`` ``<il y a,y a>``       the first is the spelling, the second the pronunciation, kept as a comment
``< les mots >``                       overlap of two speakers: the mark is dropped, since the times show it;
``<noise>`` is
                                       an event
``{commentaire}`` ``[commentaire]``    comment
``¤Pren1¤``                            anonymised
``_`` ``mot-`` ``=z=``                 ``_`` joins words of one name, ``mot-`` is a fragment and stays, ``=z=`` is a
liaison
=====================================  ==========================================================================
"""

from __future__ import annotations

import re
from dataclasses import replace

from dialogue.core.transcript import Event, Utterance
from dialogue.french.text import unaccented

LABELS = {  # kind of event -> codes and words of transcribers
    "pause": "pause silence pau sil blanc p s",
    "laugh": "rire rires rit rient rirent riant sourire laugh laughs laughing laughter @ @@ @@@",
    "breath": "r i e pf h respiration respire inspiration inspire expiration expire souffle breath breathes breathing",
    "vocal": "bb bg tx n sif soupir soupire toux tousse reniflement renifle sifflement siffle gorge eternuement "
    "cough coughs sigh sighs click tongue throat clears sniff sniffs sneeze baillement murmure",
    "noise": "b bruit bruits pap mic micro conv shh top noise noises applaudissements applause sonnerie "
    "claquement bip brouhaha frottement",
    "music": "musique jingle indicatif music chanson",
    "unintelligible": "pi pif inaudible inaudibles incomprehensible incomprehensibles inintelligible nontrans xxx xx "
    "yyy unintelligible indistinct inc",
    "anonymised": "anon anonyme npers nom prenom nlieu nville bleep anonymise",
}
KINDS = {label: kind for kind, labels in LABELS.items() for label in labels.split()}

MARK = re.compile(
    r"""
    (?P<double>  \(\( [^()]* \)\) )                       # ((rire))
  | (?P<pause>   (?<!\S) (?: \++ | /+ | \#+ | \(\.+\) | \(\s*\d+(?:[.,]\d+)?\s*s?\s*\) | \(pause\) ) (?!\S) )
  | (?P<laugh>   (?<!\S) @+ (?!\S) )
  | (?P<stars>   (?<!\S) \*+ (?!\S) )
  | (?P<cross>   (?<!\S) (?: x{2,} | X{3,} | y{3,} | Y{3,} ) (?!\S) )
  | (?P<said>    (?<!\S) [\[<] (?P<spelt> [^\[\]<>,]* ) , (?P<heard> [^\[\]<>]* ) [\]>] )
  | (?P<bracket> \[ [^\[\]]* \] | \{ [^{}]* \} )
  | (?P<tag>     (?<!\S) < (?P<name> [^\W\d_]+ ) /? > (?!\S) )  # <noise>, as in Kaldi's texts
  | ¤ (?P<hidden> [^¤]* ) ¤                              # ¤Pren1¤: a removed name
  | (?P<liaison> (?<!\S) = \S{1,3} = (?!\S) )
  | (?P<paren>   (?<![^\s'’]) \( [^()]* \) (?= [\s,.;:!?…»]|$ ) )
  | (?P<elided>  \( (?P<letters> [^\W\d_]+['’]? ) \) )
  | (?P<angle>   [<>] )
    """,
    re.VERBOSE,
)


def kind(label: str, default: str = "comment") -> str:
    """Return the kind of event for a transcriber's label: ``rire`` is a laugh, ``bb`` a vocal noise.

    Args:
        label: as written, e.g. the ``desc`` of Transcriber.
        default: kind of labels without a known word.
    """
    words = re.findall(r"@+|[^\W_]+", unaccented(label.lower()))
    if len(words) == 1:
        return KINDS.get(words[0], default)
    for index, word in enumerate(words):  # "bruit de porte", "elle rit"; codes of one letter must be alone
        found = KINDS.get(word)
        if found and len(word) > 2 and (index == 0 or found in ("laugh", "unintelligible")):
            return found
    if re.fullmatch(r"\W*", label):
        return "unintelligible"
    return default


def read(text: str) -> tuple[str, list[tuple[str, str]]]:
    """Return the words of a text, and its marks as ``(kind, text)``.

    >>> read("bon + je (rires) sais [bb] pas ***")
    ('bon je sais pas', [('pause', '+'), ('laugh', 'rires'), ('vocal', 'bb'), ('unintelligible', '***')])
    """
    events: list[tuple[str, str]] = []

    def word(mark: re.Match[str]) -> str:
        found, group = mark[0], mark.lastgroup
        inner = found.strip("()[]{}<> ").strip()
        if group == "pause":
            events.append(("pause", inner or found))
        elif group == "laugh":
            events.append(("laugh", found))
        elif group == "stars":
            events.append(("noise" if found == "*" else "unintelligible", found))
        elif group == "cross":
            events.append(("unintelligible", found))
        elif mark["said"]:
            events.append(("comment", inner))
            return mark["spelt"]
        elif mark["elided"]:
            return mark["letters"]
        elif group in ("bracket", "double"):
            events.append((kind(inner), inner))
        elif mark["hidden"] is not None:
            events.append(("anonymised", mark["hidden"].strip()))
        elif mark["tag"]:
            heard = kind(mark["name"])
            if heard == "comment":
                return mark["name"]  # a single word in overlap
            events.append((heard, mark["name"]))
        elif group == "paren":
            heard = kind(inner, "uncertain")
            events.append((heard, inner))
            return inner if heard == "uncertain" else " "
        return " "  # an overlap or liaison mark adds no words

    plain = MARK.sub(word, text)
    plain = re.sub(r"(?<=\w)_(?=\w)", " ", plain)
    plain = re.sub(r"(?<!\S)\^\^?(?=\w)", "", plain)  # ^^Name: an unchecked spelling
    return " ".join(plain.split()), events


def interpret(utterance: Utterance) -> tuple[Utterance, list[Event]]:
    """Return an utterance with marks removed from its text, the original kept, and the marks as events on its span."""
    text, marks = read(utterance.text)
    events = [Event(utterance.start, utterance.end, k, label, utterance.speaker) for k, label in marks]
    if not marks and text == " ".join(utterance.text.split()):
        return replace(utterance, text=text), []
    original = utterance.original or " ".join(utterance.text.split())
    words = tuple(replace(w, text=said) for w in utterance.words if (said := read(w.text)[0]))
    return replace(utterance, text=text, words=words, original=original), events
