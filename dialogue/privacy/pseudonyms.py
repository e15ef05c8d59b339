"""Pseudonyms that stay the same: a secret key orders the candidates, and a table gives each original the next free one.

A key alone would give two people one name, since there are fewer names than people; the table prevents that. It holds
no original: what is looked up in it is HMAC-SHA256(key, original), so that without the key nobody can ask it for a
name. Whoever destroys the key makes a copy irreversible, as far as what people say in it allows.
"""

from __future__ import annotations

import contextlib
import datetime
import hashlib
import hmac
import itertools
import os
import re
import secrets
from collections.abc import Callable, Collection, Iterator, Sequence
from pathlib import Path
from typing import Literal

from dialogue.core.errors import DialogueError
from dialogue.core.files import read_json, replacing, to_json
from dialogue.core.lock import locked
from dialogue.french.names import is_first_name
from dialogue.french.text import plain
from dialogue.privacy import stand_ins
from dialogue.privacy.lists import is_role
from dialogue.privacy.shifted_dates import shifted
from dialogue.privacy.written_forms import NUMBER_WORDS, digits_of, like, numbers, spelled_like, unspelled, with_digits

Mode = Literal["pseudo", "tag", "mask"]
KEY_BYTES = 32
MASK = "████"
NEAREST, SPAN = 27, 104  # weeks by which dates move back at least, and by how many more at most
FICTION = {  # of ten-digit numbers, what ARCEP keeps for fiction (decision 2018-0881, annex): the rest is free
    "01": "019900", "02": "026191", "03": "035301", "04": "046571", "05": "053649", "06": "063998", "07": "063998",
}  # fmt: skip
TITLES = frozenset(
    "m mr mme mlle mademoiselle monsieur madame messieurs mesdames docteur docteure dr pr professeur professeure "
    "maitre me juge".split()
)
LINKS = frozenset("de du des la le les l d et a au aux en sur sous lez von van der ben el al".split())
GENERIC = LINKS | frozenset(
    """rue avenue boulevard bd place impasse chemin allee allees quai cours route square residence batiment bat
    appartement appt etage escalier porte passage villa lotissement hameau lieu dit bis ter hopital hopitaux clinique
    chu chr centre hospitalier hospitaliere universitaire urgences maison sante medical cabinet ehpad mairie societe
    association entreprise lycee college ecole universite ministere prefecture conseil regional departemental banque
    groupe fondation institut laboratoire syndicat federation agence service direction""".split()
)


class KeyFileError(DialogueError, ValueError):
    """A file with a key that cannot be used; the message says what to do."""


def read_key(path: Path, out: Path | None = None) -> bytes:
    """Return the key of a file, which is made if there is none.

    Args:
        out: folder of the copy, in which the key must not be.

    Raises:
        KeyFileError: others may read the file, it is in the folder of the copy, or holds no key.
    """
    if out is not None and out.resolve() in path.resolve().parents:
        raise KeyFileError(
            f"{path}: in {out}, the folder of the copy. Accepted: another folder, since the key leads back to names."
        )
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        if os.name == "posix" and path.stat().st_mode & 0o077:
            raise KeyFileError(
                f"{path}: others may read it (mode {path.stat().st_mode & 0o777:o}). Type: chmod 600 {path}"
            ) from None
        try:
            key = bytes.fromhex(path.read_text(encoding="ascii").strip())
        except ValueError:
            key = b""
        if len(key) < KEY_BYTES:
            raise KeyFileError(
                f"{path}: no key. Accepted: a file that this command made, with {KEY_BYTES} bytes in hexadecimal; "
                "name one that does not exist to have it made."
            ) from None
        return key
    with open(descriptor, "w", encoding="ascii") as file:
        file.write(f"{secrets.token_hex(KEY_BYTES)}\n")
        file.flush()
        os.fsync(file.fileno())
    return read_key(path)


class Pseudonyms:
    """What stands for each name, number and place.

    Args:
        key: secret bytes; see :func:`read_key`.
        table: file of what was given, ``None`` to keep it in memory; only its owner may read it.
        recording: id of the recording whose names these are, ``None`` for those of a whole corpus. Dates always move
            by recording.
        mode: ``pseudo`` writes another name, ``tag`` the label and a number (``[PRENOM_1]``), ``mask`` blocks.
        avoid: plain words that are no pseudonym, such as those of the texts themselves.
    """

    def __init__(
        self,
        key: bytes,
        table: Path | None = None,
        recording: str | None = None,
        mode: Mode = "pseudo",
        avoid: Collection[str] = (),
    ) -> None:
        self.mode, self._key, self._file, self._avoid = mode, key, table, avoid
        self._scope = "" if recording is None else self._sign("recording", recording).hex()[:16]
        self._table: dict[str, dict[str, str]] = {}
        self._reload()

    @property
    def key_id(self) -> str:
        """What tells one key from another, and nothing more."""
        return self._sign("id").hex()[:16]

    def weeks(self, recording: str) -> int:
        """Return the weeks by which the dates of a recording move: more than half a year back."""
        return -(NEAREST + int.from_bytes(self._sign("dates", recording)[:4], "big") % SPAN)

    def of(self, label: str, text: str, recording: str = "", today: datetime.date | None = None) -> str:
        """Return what stands for a mention, in the form in which it is written.

        Args:
            label: one of :data:`~dialogue.privacy.mentions.LABELS`.
            recording: id of the recording, for its dates.
            today: day of the recording; years that were not said count from it.
        """
        if label in ("NOM", "PRENOM"):
            return self.name(text, label)
        if self.mode == "mask":
            return MASK
        if self.mode == "tag":
            return self._tag(label, plain(digits_of(text) or text))
        make = _MAKERS.get(label)
        if make is not None:
            return make(self, text)
        if label in ("DATE", "DATE_NAISSANCE"):
            return shifted(text, self.weeks(recording), today or datetime.date(2023, 6, 30))
        return self.shaped(label, text)

    def name(self, text: str, label: str = "NOM") -> str:
        """Return what stands for a person's name: titles stay, each part is replaced as wherever it is said alone."""
        if letters := unspelled(text):
            new = self._part(label, letters)
            return spelled_like(text, new) if self.mode == "pseudo" else new
        words = [w for w in re.finditer(r"[^\W\d_]+(?:[-'’.][^\W\d_]+)*", text) if plain(w[0]) not in TITLES]
        words = [w for w in words if plain(w[0]) not in LINKS] or words
        first = 0
        for word in words:
            if not is_first_name(word[0]) and not (label == "PRENOM" and first == 0):
                break
            first += 1
        if label == "NOM" and first == len(words):  # the last one is a surname, as in "monsieur Martin"
            first -= 1
        new_text, end = "", 0
        if first > 0:
            given = words[:first]
            key = "-".join(w[0] for w in given)
            new_text = text[: given[0].start()] + like(key, self._part("PRENOM", key))
            end = given[-1].end()
        for word in words[max(first, 0) :]:
            elided = re.match(r"(?i)[dl]['’]", word[0])
            bare = word[0][elided.end() :] if elided else word[0]
            parts = (like(p, self._part("NOM", p)) for p in bare.split("-"))
            new_text += text[end : word.start()] + (elided[0] if elided else "") + "-".join(parts)
            end = word.end()
        return new_text + text[end:]

    def person(self, name: str) -> str:
        """Return what stands for a display name; a role (``Médecin``, ``Intervenant 2``) stays."""
        if is_role(name):
            return name
        return self.name(name, "PRENOM" if " " not in name.strip() and is_first_name(name) else "NOM")

    # The table ----------------------------------------------------------------------------------------------------

    def _part(self, kind: str, text: str) -> str:
        key = re.sub(r"[\s-]+", "-", plain(text)).strip("-.")
        if self.mode == "mask":
            return MASK
        if self.mode == "tag":
            return self._tag(kind, key)
        return self._given(kind, key, lambda: _names(kind, key, self._order))

    def _tag(self, label: str, key: str) -> str:
        return self._given(f"tag {label}", key, lambda: (f"[{label}_{n}]" for n in itertools.count(1)))

    def shaped(self, label: str, text: str) -> str:
        """Return other digits, and other letters outside words: the same shape."""
        if numbers(text):
            digits = digits_of(text)
            key = (
                "".join(c for c in plain(text) if c.isalnum()) if not any(n.in_words for n in numbers(text)) else digits
            )
            new = self._given(label, key, lambda: self._digits(label, digits))
            text = with_digits(text, new)
        if label in ("PLAQUE", "IBAN", "DIGICODE"):
            stream, alphabet = self._stream(f"letters {label}", plain(text)), "IOU" if label == "PLAQUE" else "ABCDEFGH"

            def code(found: re.Match[str]) -> str:
                word = plain(found[0])
                if (
                    word in NUMBER_WORDS
                    or (word.isalpha() and len(word) > 3)
                    or (label == "IBAN" and not found.start())
                ):
                    return found[0]
                return "".join(like(c, alphabet[next(stream) % len(alphabet)]) if c.isalpha() else c for c in found[0])

            text = re.sub(r"[^\W_]+", code, text)
        return text

    def _digits(self, label: str, old: str) -> Iterator[str]:
        for attempt in itertools.count():
            stream = self._stream(f"{label} {attempt}", old)
            new = "".join(str(next(stream) % 10) for _ in old)
            if label == "TEL":
                new = _fiction(old, new)
            elif label == "SECU" and len(new) >= 10:
                new = old[0] + new[1:3] + "99" + "00" + new[7:]  # no such month, no such department
                if len(new) == 15:
                    key = 97 - int(new[:13]) % 97
                    new = new[:13] + f"{key % 97 + 1:02d}"  # the control key of another number
            elif label == "IBAN" and len(new) > 4:
                new = "00" + new[2:]  # no account has these control digits
            if new != old:
                yield new
            if attempt > 10_000:
                return

    def _choice(self, label: str, text: str, candidates: Sequence[str]) -> str:
        key = " ".join(re.findall(r"\w+", plain(text)))
        return self._given(label, key, lambda: _single_then_pairs(key, candidates, self._order))

    def _given(self, kind: str, key: str, candidates: Callable[[], Iterator[str]]) -> str:
        """Return what a key was given, or give it the first candidate that nobody has."""
        section, signed = f"{kind}/{self._scope}", self._sign(kind, self._scope, key).hex()[:32]
        if signed in self._table.get(section, {}):
            return self._table[section][signed]
        with locked(self._file.with_name(f".{self._file.name}.lock")) if self._file else contextlib.nullcontext():
            self._reload()
            given = self._table.setdefault(section, {})
            if signed not in given:
                taken = set(map(plain, given.values()))
                free = (c for c in candidates() if plain(c) not in taken and not self._barred(plain(c), key))
                new = next(free, None)
                if new is None:
                    raise KeyFileError(f"no {kind} is left that is not given already. Take another key file.")
                given[signed] = new
                self._save()
            return given[signed]

    def _barred(self, candidate: str, key: str) -> bool:
        parts = re.findall(r"[^\W\d_]+", candidate)
        return candidate == key or any(part in self._avoid or part in key.split("-") for part in parts)

    def _order(self, candidate: str, key: str) -> bytes:
        return self._sign("order", self._scope, key, candidate)

    def _sign(self, *parts: str) -> bytes:
        return hmac.new(self._key, "\0".join(parts).encode(), hashlib.sha256).digest()

    def _stream(self, *parts: str) -> Iterator[int]:
        for block in itertools.count():
            yield from self._sign("stream", self._scope, *parts, str(block))

    def _reload(self) -> None:
        if self._file and self._file.exists():
            if os.name == "posix" and self._file.stat().st_mode & 0o077:
                raise KeyFileError(f"{self._file}: others may read it. Type: chmod 600 {self._file}")
            self._table = read_json(self._file)

    def _save(self) -> None:
        if self._file:
            with replacing(self._file) as part:
                descriptor = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
                with open(descriptor, "w", encoding="utf-8") as file:
                    file.write(to_json(self._table))
                    file.flush()
                    os.fsync(file.fileno())


def table_of(key_file: Path) -> Path:
    """Return the table that goes with a key: destroy both."""
    return key_file.with_name(f"{key_file.name}.table.json")


Order = Callable[[str, str], bytes]


def gender(name: str) -> str:
    """Return ``f``, ``m``, or nothing if a first name does not tell."""
    first = plain(name).split("-")[0]
    if first in _FEMININE or re.search(r"(?:ette|elle|ine|enne|iane|ance|ia)$", first):
        return "f"
    return "m" if first in _MASCULINE or re.search(r"(?:ien|[^s]ard|bert|rick|ou)$", first) else ""


_FEMININE, _MASCULINE = (frozenset(map(plain, names)) for names in (stand_ins.FEMININE, stand_ins.MASCULINE))


def _names(kind: str, key: str, order: Order) -> Iterator[str]:
    if kind == "NOM":
        lists = [stand_ins.SURNAMES]
    else:
        women, men, either = stand_ins.FEMININE, stand_ins.MASCULINE, stand_ins.EITHER
        lists = {"f": [women], "m": [men]}.get(gender(key), [either, [*women, *men]])
    for names in lists:
        yield from _single(key, names, order)
    for names in lists:
        yield from _pairs(key, names, order)


def _single_then_pairs(key: str, candidates: Sequence[str], order: Order) -> Iterator[str]:
    yield from _single(key, candidates, order)
    yield from _pairs(key, candidates, order)


def _single(key: str, names: Sequence[str], order: Order) -> list[str]:
    """Return names in the order of the key, first those that take ``d'`` or ``de`` as the original does."""
    return sorted(names, key=lambda name: (_elides(name) != _elides(key), order(name, key)))


def _pairs(key: str, names: Sequence[str], order: Order) -> Iterator[str]:
    ordered = _single(key, names, order)
    return (f"{one}-{two}" for one in ordered for two in reversed(ordered) if one != two)


def _elides(name: str) -> bool:
    return plain(name)[:1] in "aeiouh"


def _fiction(old: str, new: str) -> str:
    """Return a phone number that is nobody's, with the first digits of a range kept for fiction."""
    for prefix in ("0033", "33", "0"):
        if old.startswith(prefix) and len(old) - len(prefix) == 9:
            zone = FICTION.get(f"0{old[len(prefix)]}", "019900")
            return prefix + zone[1:] + new[-4:]
    return new


def _around(pseudonyms: Pseudonyms, label: str, text: str, candidates: Sequence[str]) -> str:
    """Replace what is particular after the words that are not: ``12 rue`` des Lilas, ``hôpital`` Cochin."""
    start = 0
    for word in re.finditer(r"\d+|[^\W\d_]+['’]?", text):
        number = any(n.start <= word.start() < n.end for n in numbers(text))
        if not number and plain(word[0]).strip("'’") not in GENERIC:
            break
        start = word.end()
    head, rest = text[:start], text[start:]
    if candidates is stand_ins.STREETS:  # they have their own article
        head = re.sub(r"(?i)(?:\s+(?:de la|de l['’]|des|du|de|d['’]))+\s*$", " ", head)
    if digits := digits_of(head):
        new = pseudonyms._given(f"{label} number", digits, lambda: pseudonyms._digits(label, digits))
        head = with_digits(head, new)
    if not rest.strip():
        return head
    gap = "" if head.endswith((" ", "'", "’")) or not head else " "
    return head + gap + like(rest, pseudonyms._choice(label, rest, candidates))


def _mail(pseudonyms: Pseudonyms, text: str) -> str:
    """Replace the names of an address, and its domain by one that is kept for examples (RFC 2606)."""
    at = re.search(r"@|\s+(?:arobase|at|chez)\s+", text, re.IGNORECASE)
    user, sign = (text[: at.start()], at[0]) if at else (text, "")
    spoken = bool(at and at[0] != "@")
    new, first = "", True
    for piece in re.split(r"(\s+(?:point|tiret|underscore)(?:\s+du\s+(?:bas|huit|six))?\s+|[._\-+\s]+|\d+)", user):
        if re.fullmatch(r"[^\W\d_]+", piece):
            label = "PRENOM" if first and is_first_name(piece) else "NOM"
            new += like(piece, plain(pseudonyms.name(piece, label)))
            first = False
        else:
            new += pseudonyms.shaped("MAIL", piece) if piece.isdecimal() else piece
    return new + sign + ("exemple point org" if spoken else "example.org" if at else "")


_MAKERS: dict[str, Callable[[Pseudonyms, str], str]] = {
    "VILLE": lambda p, text: like(text, p._choice("VILLE", text, stand_ins.TOWNS)),
    "ADRESSE": lambda p, text: _around(p, "ADRESSE", text, stand_ins.STREETS),
    "HOPITAL": lambda p, text: _around(p, "HOPITAL", text, stand_ins.HOSPITALS),
    "ORG": lambda p, text: _around(p, "ORG", text, stand_ins.ORGANISATIONS),
    "MAIL": _mail,
}
