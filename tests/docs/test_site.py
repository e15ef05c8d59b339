"""The site is built without a warning, holds every public name, and fetches nothing."""

import html.parser
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

import dialogue

pytest.importorskip("material")
pytest.importorskip("mkdocstrings")
ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("site")
    done = subprocess.run(
        [sys.executable, "-m", "mkdocs", "build", "--strict", "--site-dir", folder],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT), "NO_MKDOCS_2_WARNING": "1"},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    return folder


class Fetched(html.parser.HTMLParser):
    """Collects the addresses of what a browser fetches with a page."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        known = dict(attributes)
        if tag in ("script", "img", "source", "iframe", "audio", "video"):
            self.found.append(known.get("src") or "")
        elif tag == "link" and known.get("rel") in ("stylesheet", "icon", "preload", "preconnect", "modulepreload"):
            self.found.append(known.get("href") or "")


def test_no_page_fetches_anything_from_elsewhere(site: Path) -> None:
    pages = sorted(site.rglob("*.html"))
    assert len(pages) > 50
    for page in pages:
        parser = Fetched()
        parser.feed(page.read_text(encoding="utf-8"))
        assert [a for a in parser.found if re.match(r"(?:\w+:)?//", a)] == [], page
    styles = "".join(p.read_text(encoding="utf-8") for p in site.rglob("*.css"))
    assert re.findall(r"@import|url\([\"']?(?:https?:)?//", styles) == []


def test_every_public_name_is_documented(site: Path) -> None:
    overview = (site / "reference/index.html").read_text(encoding="utf-8")
    for name in dialogue.__all__:
        link = re.search(rf'href="([\w.]+)#([\w.]+)"[^>]*><code>dialogue\.{name}</code>', overview)
        assert link, name
        assert f'id="{link[2]}"' in (site / "reference" / link[1]).read_text(encoding="utf-8"), name


def test_every_corpus_recipe_and_notebook_has_a_page(site: Path) -> None:
    folders = [p.parent for p in [*ROOT.glob("corpora/*/card.yaml"), *ROOT.glob("recipes/*/run.sh")]]
    pages = [f"{f.relative_to(ROOT)}/index.html" for f in folders]
    pages += [f"notebooks/{p.stem}.html" for p in ROOT.glob("docs/notebooks/*.ipynb")]
    assert [page for page in pages if not (site / page).exists()] == []


def test_docstrings_are_rendered(site: Path) -> None:
    text = "".join(p.read_text(encoding="utf-8") for p in (site / "reference").glob("*.html"))
    assert re.findall(r":(?:func|class|mod|meth|data|attr):", text) == []
    assert "<blockquote>" not in text
