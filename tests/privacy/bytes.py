"""Look for texts in all bytes below a folder, also inside archives and databases, in any way of writing them."""

import gzip
import html
import io
import json
import unicodedata
import zipfile
from pathlib import Path
from urllib.parse import quote


def written(text: str) -> set[bytes]:
    found: set[bytes] = set()
    for each in {text, text.replace(" ", "_"), text.replace(" ", "\\_"), text.casefold(), text.upper()}:
        for form in ("NFC", "NFD"):
            plain = unicodedata.normalize(form, each)
            ways = {plain, json.dumps(plain)[1:-1], html.escape(plain), quote(plain)}
            found |= {way.encode(encoding) for way in ways for encoding in ("utf-8", "utf-16-le")}
    return found


def holding(folder: Path, texts: tuple[str, ...]) -> dict[str, str]:
    """Return where a text is -> which."""
    needles = {needle: text for text in texts for needle in written(text)}
    found: dict[str, str] = {}
    for path in sorted(folder.rglob("*")):
        place = str(path.relative_to(folder))
        inside = [(place, place.encode())]
        if path.is_file():
            inside += [(place, data) for data in opened(path.read_bytes())]
        for where, data in inside:
            for needle, text in needles.items():
                if needle in data:
                    found[where] = text
    return found


def opened(content: bytes) -> list[bytes]:
    """Return bytes, and what is in them if they are an archive."""
    if content[:2] == b"\x1f\x8b":
        return [content, *opened(gzip.decompress(content))]
    if content[:2] == b"PK":
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            return [
                content,
                *(data for name in archive.namelist() for data in (name.encode(), *opened(archive.read(name)))),
            ]
    return [content]
