"""Read the sentences of `text/`, check them, and write them as transcripts and as mentions.

    python corpora/pseudonymes/prepare.py OUT

writes `<file>.jsonl` (as written) and `<file>.lower.jsonl` (lower case, no punctuation) for each file of `text/`, in
the form of AP-HP. See GUIDE.md for the marks.
"""

from __future__ import annotations

import re
import sys
from bisect import bisect_left
from dataclasses import dataclass, replace
from pathlib import Path

from dialogue import formats
from dialogue.core.files import save_json
from dialogue.corpus import CorpusError
from dialogue.formats.script import untimed
from dialogue.privacy import mentions
from dialogue.privacy.mentions import LABELS, Mention, Note

HERE = Path(__file__).resolve().parent
MARK = re.compile(r"\[([^\[\]]+)\]\(([A-Z_]+)\)")
PUNCTUATION = re.compile(r"(?<!\w)[^\w\s]+|[^\w\s]+(?!\w)")  # that of "06.12" and "l'an" stays
KNOWN = "# known:"


@dataclass(frozen=True)
class Labelled:
    """A recording with its gold mentions, and the names that are known beforehand."""

    note: Note
    known: tuple[str, ...] = ()


def read(path: Path) -> list[Labelled]:
    """Return the recordings of a file.

    Raises:
        ValueError: a mark that GUIDE.md does not know; the message names it.
    """
    found = []
    for number, block in enumerate(re.split(r"\n\s*\n", path.read_text(encoding="utf-8").strip()), 1):
        rows = block.split("\n")
        known = rows.pop(0).removeprefix(KNOWN) if rows[0].startswith(KNOWN) else ""
        note = marked(f"{path.stem}-{number:03d}", "\n".join(rows))
        found.append(Labelled(note, tuple(name.strip() for name in known.split(";") if name.strip())))
    return found


def marked(id: str, text: str) -> Note:
    """Return the note of a text in which mentions are marked: ``[Camille](PRENOM)``."""
    plain, labels, at = "", [], 0
    for mark in MARK.finditer(text):
        if mark[2] not in LABELS:
            raise ValueError(f"{id}: found {mark[0]!r}. Accepted: labels {', '.join(LABELS)}.")
        plain += text[at : mark.start()]
        labels.append(Mention(len(plain), len(plain) + len(mark[1]), mark[2]))
        plain, at = plain + mark[1], mark.end()
    plain += text[at:]
    if stray := re.search(r"\]\(|\[|\]", plain):
        raise ValueError(f"{id}: found {plain[stray.start() :][:20]!r}. Accepted: [words](LABEL).")
    return Note(id, plain, tuple(labels))


def lowered(note: Note) -> Note:
    """Return a note in lower case without the punctuation at the edge of words, and with its mentions."""
    dropped = {c for m in PUNCTUATION.finditer(note.text) for c in range(*m.span())}
    kept = [
        n for n, c in enumerate(note.text) if n not in dropped and not (c == " " and _double(note.text, n, dropped))
    ]
    moved = [replace(m, start=bisect_left(kept, m.start), end=bisect_left(kept, m.end)) for m in note.mentions]
    return Note(note.id, "".join(note.text[n].lower() for n in kept), tuple(moved))


def _double(text: str, n: int, dropped: set[int]) -> bool:
    """Tell whether the space at ``n`` follows another one, or opens or ends a line, once punctuation is gone."""
    before = next((c for c in range(n - 1, -1, -1) if c not in dropped), None)
    after = next((c for c in range(n + 1, len(text)) if c not in dropped), None)
    return before is None or text[before] in " \n" or after is None or text[after] == "\n"


def unpack(source: Path, folder: Path) -> dict[str, str]:
    """Write ``transcripts/<id>.json`` and ``attributes.json``, which holds the known names.

    Returns:
        File -> why it could not be read; the others are unpacked.

    Raises:
        CorpusError: there is no file.
    """
    files = sorted(source.glob("*.txt"))
    if not files:
        raise CorpusError(f"{source}: no *.txt. Accepted: the folder text of this corpus.")
    failed, known = {}, {}
    for path in files:
        try:
            recordings = read(path)
        except ValueError as error:
            failed[path.name] = str(error)
            continue
        for each in recordings:
            said = untimed(each.note.id, [(None, line) for line in each.note.text.split("\n")], verbatim=False)
            formats.write([said], folder / "transcripts" / f"{each.note.id}.json")
            known[each.note.id] = {"known": list(each.known)}
    save_json(folder / "attributes.json", known)
    return failed


def main() -> None:
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    out = Path(sys.argv[1])
    out.mkdir(parents=True, exist_ok=True)
    for path in sorted((HERE / "text").glob("*.txt")):
        notes = [each.note for each in read(path)]
        mentions.save(out / f"{path.stem}.jsonl", notes)
        mentions.save(out / f"{path.stem}.lower.jsonl", map(lowered, notes))
        print(f"{path.stem}: {len(notes)} recordings, {sum(len(n.mentions) for n in notes)} mentions")


if __name__ == "__main__":
    main()
