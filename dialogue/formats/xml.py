"""Shared by the XML formats: safe parsing, elements with their line, texts that survive writing and reading.

Parsing never uses what a document declares about its own grammar. An internal subset (entities that expand without end
or read other files) is refused; an external ``<!DOCTYPE>`` is removed before parsing, so nothing is fetched. libxml2
limits the depth of elements and the length of text.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace
from typing import Any

from lxml import etree

from dialogue.core.transcript import EVENTS, Event, Utterance
from dialogue.formats import FormatError
from dialogue.formats.conventions import interpret, kind, read
from dialogue.formats.lines import number, one_line

FORBIDDEN = re.compile("[^\t\n\r -\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")  # XML 1.0, section 2.2
ISO_639 = {
    "fra": "fr",
    "fre": "fr",
    "eng": "en",
    "deu": "de",
    "ger": "de",
    "spa": "es",
    "ita": "it",
    "nld": "nl",
}


def parse(text: str, *roots: str) -> Any:
    """Return the root element of a document, with tags without namespace, comments or processing instructions.

    Args:
        text: decoded text; the encoding that it declares is ignored.
        roots: tags that the format accepts.

    Raises:
        FormatError: the text is not XML or declares entities (the message names the line), or has another root.
    """
    if found := re.search(r"<!ENTITY|<!DOCTYPE[^<>]*\[", text):
        raise FormatError(
            f"line {text.count(chr(10), 0, found.start()) + 1}: the document declares entities or a grammar of its "
            "own, which can expand without end or read other files. Accepted: a document without them."
        )
    bare = re.sub(r"\A\s*<\?xml\s[^>]*>|<!DOCTYPE[^<>]*>", lambda m: "\n" * m[0].count("\n"), text, count=2)
    parser = etree.XMLParser(
        encoding="utf-8",
        resolve_entities=False,
        load_dtd=False,
        no_network=True,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )
    try:
        root = etree.fromstring(bare.lstrip(" \t").encode("utf-8", "surrogatepass"), parser)
    except etree.XMLSyntaxError as error:
        reason = re.sub(r"\s*,? line \d+, column \d+.*", "", str(error.msg), flags=re.DOTALL)
        line = error.position[0] if error.position else error.lineno
        raise FormatError(f"line {line}: {reason}. Accepted: well-formed XML. Is the file whole?") from error
    for element in root.iter():
        if element.tag[0] == "{":
            element.tag = element.tag.rpartition("}")[2]
    if root.tag not in roots:
        raise FormatError(f"{where(root)}: the document is <{root.tag}>. Accepted: <{'>, <'.join(roots)}>.")
    return root


def where(element: Any) -> str:
    """Return ``line 12``, where an element starts."""
    return f"line {element.sourceline}"


def seconds(element: Any, attribute: str) -> float:
    """Return a required time attribute of an element, in seconds."""
    value = element.get(attribute)
    if value is None:
        raise FormatError(f"{where(element)}: <{element.tag}> has no {attribute}. Accepted: a number of seconds.")
    return number(value.strip(), attribute, where(element))


def interpolated(times: Sequence[float | None]) -> list[float]:
    """Return times in order, with missing ones spaced evenly between known ones; at least one must be known."""
    known = {place: time for place, time in enumerate(times) if time is not None}
    if len(known) < len(times):
        import numpy as np

        return [float(t) for t in np.interp(range(len(times)), list(known), list(known.values()))]
    return list(known.values())


def by_id(elements: Iterable[Any], attribute: str) -> dict[str, Any]:
    """Return elements by their id, in order; those without one are skipped.

    Raises:
        FormatError: two elements have the same id.
    """
    found: dict[str, Any] = {}
    for element in elements:
        key = element.get(attribute)
        if key in found:
            raise FormatError(
                f"{where(element)}: <{element.tag}> has the {attribute} {key!r} of {where(found[key])}. "
                "Ids must be unique."
            )
        if key:
            found[key] = element
    return found


def language(code: str | None) -> str | None:
    """Return ISO 639-1 for a language tag: ``fr`` for ``fr-FR`` and ``fra``; ``None`` if the code is unknown."""
    primary = re.split("[-_]", (code or "").strip().lower())[0]
    return primary if re.fullmatch("[a-z]{2}", primary) else ISO_639.get(primary)


def named(label: str) -> str | None:
    """Return the label as a name; ``None`` for ``spk2`` and for an empty label."""
    return None if re.fullmatch(r"(spk\d+)?", label) else label


def understood(utterance: Utterance, original: str | None, verbatim: bool) -> tuple[list[Utterance], list[Event]]:
    """Interpret an utterance and return it with the events of its marks; one with only marks gives no utterance.

    Args:
        original: the transcriber's text if the file stores it separately; the utterance then holds plain words.
        verbatim: keep the text as written.
    """
    if original is not None:
        return [replace(utterance, original="" if original == utterance.text else original)], []
    if verbatim:
        return [utterance], []
    plain, events = interpret(utterance)
    return ([plain] if plain.text or not events else []), events


def beside(utterance: Utterance) -> str | None:
    """Return the original to store separately, so that :func:`understood` keeps the text unchanged."""
    text = one_line(utterance.text)
    return utterance.original or (text if read(text)[0] != text else None)


def event_of(label: str, default: str, known: Collection[str] = EVENTS) -> tuple[str, str]:
    """Return kind and text of a label: ``rire``, or ``laugh: il rit`` if the words alone would not give the kind.

    Args:
        default: kind of a label without a known word.
        known: kinds that the words of the label may give.
    """
    head, colon, rest = label.partition(":")
    if colon and head in EVENTS:
        return head, rest.strip()
    found = kind(label, default)
    return (found if found in known else default), label


def label_of(event: Event, default: str, known: Collection[str] = EVENTS) -> str:
    """Return the label from which :func:`event_of` gives the event."""
    text = one_line(event.text)
    plain = text and event_of(text, default, known) == (event.kind, text)
    return text if plain else f"{event.kind}: {text}"


def add(parent: Any, tag: str, text: str | None = None, **attributes: object) -> Any:
    """Add a new last child; attributes that are ``None`` are omitted."""
    child = etree.SubElement(parent, tag)
    if text:
        child.text = clean(text)
    for name, value in attributes.items():
        if value is not None:
            child.set(name, clean(str(value)))
    return child


def clean(text: str) -> str:
    """Return text with U+FFFD in place of characters that XML forbids."""
    return FORBIDDEN.sub("\ufffd", text)


def document(root: Any, doctype: str = "") -> str:
    """Return the text of a document, declared as UTF-8."""
    body = etree.tostring(root, encoding="unicode", pretty_print=True)
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{doctype}{body}'
