"""Read CHAT, the format of CHILDES and TalkBank: ``*CHI:`` lines with marks, ``%`` tiers, times in media bullets.

Source: Brian MacWhinney, Tools for Analyzing Talk, Part 1: The CHAT Transcription Format
(https://talkbank.org/0info/manuals/CHAT.pdf). Everything said is kept, including retracings (``[/]``, ``[//]``) and
fillers (``&-euh``); what was meant instead (``[: mot]``) is dropped. ``<`` and ``>`` group words, ``[>]`` and ``[<]``
mark overlap, which the times show; ``oui [x 3]`` was said three times. A line without a bullet is placed between the
lines that have one; without any bullets, lines follow each other at the pace of speech. Dependent tiers are skipped.
The format can be read but not written.

pylangacq reads strict CHAT well, but refuses lines without a terminator, which older French corpora and converters
write throughout.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

from dialogue.core.transcript import Event, Speaker, Transcript, Utterance
from dialogue.formats import FormatError
from dialogue.formats.conventions import kind
from dialogue.formats.lines import number, one_line, paced, spread, transcript

HOLDS: set[str] = set()
BULLET = re.compile(r"\x15\s*(?:%snd:\s*\"?[^\x15_\"]*\"?_)?(\d{1,12})_(\d{1,12})-?\s*\x15")
REPETITION = re.compile(r"\[\s*[xX×]\s*(\d{1,4})\s*\]")
LONGEST = 100  # repetitions
FIELDS = ("language", "corpus", "code", "age", "sex", "group", "ses", "role", "education", "custom")
ROLES = set(
    "target_child child mother father brother sister sibling grandmother grandfather aunt uncle cousin relative "
    "family_member adult teenager girl boy male female student teacher investigator examiner observer observateur "
    "clinician therapist participant partner visitor friend playmate caretaker environment unidentified uncertain "
    "speaker narrator group media interviewer interviewee informant non_human toy target_adult audience justice "
    "attorney doctor nurse patient client subject leader member host guest camera_operator text other".split()
)
MARK = re.compile(
    r"""
    &=(?P<event>[^\s\]]+)                                          # &=laughs, &=imit:bird
  | \[=!\s*(?P<manner>[^\]]*)\]                                    # [=! rit]
  | \[%\s*(?P<comment>[^\]]*)\]
  | (?P<doubt>\[\?\])
  | (?P<pause>\((?:\.{1,3}|\d+(?::\d+)?\.\d*)\))
  | (?<!\S)(?P<lost>xxx?|yyy?|www|0)(?!\S)
  | \[(?:[/<>"*^]|//|///|/-|/\?|:|=|-|\+|!|>\d?|<\d?|x\s*\d)[^\]]*\]  # retracings, overlaps, replacements, errors...
  | (?<!\S)\+(?:\.\.\.|\.\.\?|/\.|/\?|//\.|//\?|"/\.|"\.|!\?|\.|,|\+|<|\^|")(?=\s|$)   # terminators and linkers
  | [‡„↑↓⌈⌉⌊⌋≠→↗↘∆∇°▁▔☺♋⁇∬Ϋ∮≋≡∙]
    """,
    re.VERBOSE,
)


def loads(text: str, recording: str | None = None, *, verbatim: bool = False) -> list[Transcript]:
    """Read one recording.

    Raises:
        FormatError: a line is not a header, utterance, tier or continuation, or has wrong times; the message names it.
    """
    speakers: dict[str, Speaker] = {}
    facts: dict[str, Any] = {}
    utterances, marks = list[Utterance](), list[list[tuple[str, str]]]()
    opened = False
    for where, line in _lines(text):
        if line[0] == "@":
            opened = opened or line.lower().startswith("@begin") or line.upper().startswith("@UTF8")
            _header(line, speakers, facts)
        elif line[0] == "*":
            label, colon, said = line[1:].partition(":")
            if not colon or not re.fullmatch(r"[^\s<>\[\]]+", label.strip()):
                raise FormatError(f"{where}: {line[:40]!r}. Accepted: *CHI: what was said.")
            speakers.setdefault(label.strip(), Speaker(label.strip(), label.strip()))
            u, heard = _utterance(where, label.strip(), said, verbatim)
            utterances.append(u)
            marks.append(heard)
        elif line[0] != "%":
            raise FormatError(f"{where}: {line[:40]!r}. Accepted: lines that begin with @, *, % or a tab.")
    if not opened and text.strip():
        raise FormatError("line 1: no @Begin. Accepted: CHAT, which opens with @UTF8 and @Begin.")
    placed, timed = _placed(utterances)
    events = [
        Event(u.start, u.end, what, label, u.speaker)
        for u, heard in zip(placed, marks, strict=True)
        for what, label in heard
    ]
    language = str(facts.get("languages", "")).replace(",", " ").split()
    code = next((c for c in language if c not in ("null", "")), None)
    return [
        transcript(
            recording or "recording",
            [u for u in placed if re.search(r"\w", u.text)],
            speakers=speakers.values(),
            events=events,
            language={"fra": "fr", "fre": "fr", "eng": "en"}.get(code or "", code),
            attributes=facts,
            timed=timed,
        )
    ]


def _lines(text: str) -> Iterator[tuple[str, str]]:
    """Yield logical lines, each with ``line 12``; a line that begins with a tab or space continues the one above."""
    where, held = "", ""
    for index, row in enumerate(text.lstrip("\ufeff").split("\n"), start=1):
        if row[:1] in ("\t", " ") or not row.strip():
            held += " " + row.strip() if held and row.strip() else ""
            continue
        if held:
            yield where, held
        where, held = f"line {index}", row.strip()
    if held:
        yield where, held


def _header(line: str, speakers: dict[str, Speaker], facts: dict[str, Any]) -> None:
    name, _, value = line[1:].partition(":")
    key, value = name.strip().lower(), one_line(value)
    if key == "participants":
        for entry in filter(None, (e.split() for e in value.split(","))):
            code, *rest = entry
            role = {"role": rest.pop()} if rest and rest[-1].lower() in ROLES else {}
            speakers[code] = Speaker(code, " ".join(rest) or code, role)
    elif key == "id":
        values = dict(zip(FIELDS, (v.strip() for v in value.split("|")), strict=False))
        label = values.pop("code", "")
        if label in speakers:
            found = {k: v for k, v in values.items() if v and k not in ("language", "corpus")}
            speakers[label] = replace(speakers[label], attributes={**speakers[label].attributes, **found})
    elif match := re.fullmatch(r"(age|sex|birth|education) of (\S+)", key):
        label = next((s for s in speakers if s.lower() == match[2]), match[2].upper())
        known = speakers.setdefault(label, Speaker(label, label))
        speakers[label] = replace(known, attributes={**known.attributes, match[1]: value})
    elif value and key in (
        "date",
        "location",
        "situation",
        "media",
        "languages",
        "transcriber",
        "filename",
        "room layout",
    ):
        facts[key.replace(" ", "_")] = value
    elif value and key == "comment":
        facts["comment"] = f"{facts['comment']}; {value}" if "comment" in facts else value


def _utterance(where: str, speaker: str, said: str, verbatim: bool) -> tuple[Utterance, list[tuple[str, str]]]:
    start, end = 0.0, -1.0  # not yet placed in time
    bullets = BULLET.findall(said)
    if bullets:
        start, end = number(bullets[0][0], "start", where) / 1000, number(bullets[-1][1], "end", where) / 1000
        if end < start:
            raise FormatError(f"{where}: ends at {end:.3f} s, before its start {start:.3f} s. Accepted: end >= start.")
    written = one_line(re.sub(r"\x15[^\x15]*\x15?", " ", said))
    if verbatim:
        return Utterance("", speaker, start, end, written), []
    plain, heard = read(written)
    return Utterance("", speaker, start, end, plain, original="" if plain == written else written), heard


def read(text: str) -> tuple[str, list[tuple[str, str]]]:
    """Return the words of a line, and its marks as ``(kind of event, text)``.

    >>> read("<c'est> [/] c'est &-euh (il) faut [?] xxx &=laughs +...")
    ("c'est c'est euh il faut", [('uncertain', 'faut'), ('unintelligible', 'xxx'), ('laugh', 'laughs')])
    >>> read("<ah oui> [x 2] non [x 3]")
    ('ah oui ah oui non non non', [])
    """
    text = repeated(text)
    heard: list[tuple[str, str]] = []

    def word(mark: re.Match[str]) -> str:
        if mark["event"]:
            heard.append((kind(mark["event"].replace("_", " ").partition(":")[0]), mark["event"]))
        elif mark["manner"]:
            heard.append((kind(mark["manner"]), mark["manner"]))
        elif mark["comment"]:
            heard.append(("comment", mark["comment"]))
        elif mark["doubt"]:
            heard.append(("uncertain", _before(text, mark.start())))
        elif mark["pause"]:
            heard.append(("pause", mark["pause"].strip("()")))
        elif mark["lost"] and mark["lost"] != "0":
            heard.append(("unintelligible", mark["lost"]))
        return " "

    plain = MARK.sub(word, text)
    plain = re.sub(r"[<>]", " ", plain)
    plain = re.sub(r"(?<!\S)(?:&[-+~*]?|0(?=\w))", "", plain)  # fillers and fragments were said
    plain = re.sub(r"(?<=\w)@[\w:$]+", "", plain)  # mot@s:eng
    plain = re.sub(r"(?<=['’])\+", "", plain)  # c'+est
    plain = re.sub(r"(?<=\w)[+_](?=\w)", " ", plain)  # ben+oui
    plain = re.sub(r"\(([^()\s]*)\)", r"\1", plain)  # (ou)i
    plain = re.sub(r"(?<=\w):(?=\w|\s|$)", "", plain)  # lengthening: oui:
    plain = re.sub(r"(?<!\S)[.+/]+(?=\s|$)", lambda m: m[0] if m[0] in (".", "...") else " ", plain)
    return " ".join(plain.split()), heard


def _before(text: str, end: int) -> str:
    """Return the word or the ``<group of words>`` that ends at a place of a text."""
    while end and text[end - 1].isspace():
        end -= 1
    if text[:end].endswith(">") and (start := text.rfind("<", 0, end)) >= 0:
        return text[start + 1 : end - 1]
    start = end
    while start and not text[start - 1].isspace():
        start -= 1
    return text[start:end]


def repeated(text: str) -> str:
    """Return a text with each ``[x 3]`` replaced by what was said again, at most a hundred times."""
    if not REPETITION.search(text):
        return text
    pieces, opened = list[str](), list[int]()
    last = 0  # where the last word or group begins
    left = LONGEST * len(text)
    for piece in re.findall(r"<|>|\[[^\[\]]*\]|\s+|[^\s<>\[\]]+|.", text):
        if count := REPETITION.fullmatch(piece):
            again = pieces[last:]
            times = min(int(count[1]), LONGEST) - 1
            left -= times * sum(map(len, again))
            pieces += [" ", *again] * times if left > 0 else []
            continue
        if piece == ">" and opened:
            last = opened.pop()
        elif piece == "<":
            opened.append(len(pieces))
        elif not piece.isspace() and piece[0] != "[" and not (pieces and not pieces[-1].isspace()):
            last = len(pieces)
        pieces.append(piece)
    return "".join(pieces)


def _placed(utterances: Sequence[Utterance]) -> tuple[list[Utterance], bool]:
    """Place utterances without a bullet in the time between their neighbours that have one."""
    if not any(u.end >= 0 for u in utterances):
        return paced(utterances), False
    placed, waiting, now = list[Utterance](), list[Utterance](), 0.0

    def share(until: float) -> None:
        spans = spread([u.text or "-" for u in waiting], now, max(now, until))
        placed.extend(replace(u, start=s.start or 0.0, end=s.end or 0.0) for u, s in zip(waiting, spans, strict=True))
        waiting.clear()

    for u in utterances:
        if u.end < 0:
            waiting.append(u)
            continue
        share(u.start)
        placed.append(u)
        now = u.end
    share(now + sum(len(u.text.split()) for u in waiting) / 3)
    return placed, True
