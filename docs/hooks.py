"""Hooks of the site (``mkdocs.yml``): pages kept elsewhere in the repository or generated, and links."""

from __future__ import annotations

import dataclasses
import importlib
import json
import posixpath
import re
import types
import typing
from pathlib import Path
from typing import Any

import griffe
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.exceptions import PluginError
from mkdocs.structure.files import File, Files
from mkdocs.structure.pages import Page

ROOT = Path(__file__).parents[1]

ELSEWHERE = """README.md CONTRIBUTING.md CHANGELOG.md corpora/README.md recipes/*.md recipes/*/*.md
    recipes/*/*.svg benchmarks/*.md benchmarks/*.svg demo/README.md""".split()
REFERENCE = {  # page -> modules
    "core": ["core.transcript", "core.audio", "core.config", "core.errors", "core.files"],
    "formats": ["formats", "formats.exchange"],
    "client": ["client"],
    "llm": ["llm", "llm.model"],
    "minutes": ["minutes", "minutes.document", "minutes.documents"],
    "scoring": ["scoring", "scoring.wer", "scoring.cpwer", "scoring.der", "scoring.rate"],
    "continual": [
        "learning.continual",
        *(f"learning.continual.{m}" for m in ("options", "loop", "matrix", "methods", "abilities", "comparison")),
        *(f"learning.continual.{m}" for m in ("dpo", "rescoring", "verification", "run_evidence", "publish")),
    ],
    "acoustic": [
        f"learning.acoustic{m}"
        for m in ("", ".finetuning_options", ".pairs", ".finetuning", ".exporting", ".word_errors")
    ],
    "library": [f"library.{m}" for m in ("meetings", "facts", "search", "asking", "follow_up", "jobs", "worker")],
    "live": ["speech.live.session", "speech.live.endpoints"],
    "workflow": [f"workflow.{m}" for m in ("pipeline", "listening", "config", "meeting", "stages", "runner")],
}
LINK = re.compile(r"\[([^\]]+)\]\(([^)#\s]+)(#[^)]*)?\)")
OPTIONS = re.compile(r"^<!-- options of ([\w.]+) -->$", re.MULTILINE)


def on_config(config: MkDocsConfig) -> None:
    """Add the pages of each notebook, recipe, corpus and wing to the navigation."""

    def pages(folder: str, file: str) -> list[Any]:
        return [{p.parent.name: f"{folder}/{p.parent.name}/README.md"} for p in sorted(ROOT.glob(f"{folder}/*/{file}"))]

    assert config.nav is not None
    config.nav += [
        {"Notebooks": [f"notebooks/{p.stem}.md" for p in sorted(ROOT.glob("docs/notebooks/*.ipynb"))]},
        {"Recipes": ["recipes/README.md", *pages("recipes", "run.sh")]},
        {"Corpora": ["corpora/README.md", *pages("corpora", "card.yaml")]},
        {"Python": ["reference/index.md", *(f"reference/{name}.md" for name in REFERENCE)]},
        {"Project": ["CONTRIBUTING.md", "CHANGELOG.md"]},
        {"Benchmarks": ["benchmarks/README.md", "benchmarks/RESULTS.md"]},
    ]


def on_files(files: Files, config: MkDocsConfig) -> None:
    """Add the files of the repository that the site shows, and the generated pages."""
    for pattern in ELSEWHERE:
        for path in sorted(ROOT.glob(pattern)):
            name = path.relative_to(ROOT).as_posix()
            files.append(File(name, str(ROOT), config.site_dir, config.use_directory_urls))
    made = {f"corpora/{p.parent.name}/README.md": corpus(p) for p in sorted(ROOT.glob("corpora/*/card.yaml"))}
    made |= {f"notebooks/{p.stem}.md": notebook(p) for p in sorted(ROOT.glob("docs/notebooks/*.ipynb"))}
    made |= {f"reference/{name}.md": reference(name, modules) for name, modules in REFERENCE.items()}
    made["reference/index.md"] = public_names()
    for uri, content in made.items():
        files.append(File.generated(config, uri, content=content))


def on_page_markdown(markdown: str, page: Page, files: Files, **_: Any) -> str:
    """Fill in tables of options; point links to pages of the site, or replace them with the path of the file."""
    uri = page.file.src_uri
    home = posixpath.dirname(uri if (ROOT / uri).exists() or uri.startswith("corpora/") else f"docs/{uri}")

    def link(found: re.Match[str]) -> str:
        text, target, anchor = found[1], found[2], found[3] or ""
        if "://" in target:
            return found[0]
        path = posixpath.normpath(posixpath.join(home, target))
        shown = path.removeprefix("docs/")
        if shown.endswith(".ipynb") and not uri.startswith("notebooks/"):
            shown = shown.removesuffix("ipynb") + "md"
        if files.get_file_from_path(shown):
            return f"[{text}]({posixpath.relpath(shown, posixpath.dirname(uri) or '.')}{anchor})"
        if not (ROOT / path).exists():
            raise PluginError(f"{uri}: link to {target}. Accepted: a file of the repository.")
        return f"`{path}`" if text.strip("`") in path else f"{text} (`{path}`)"

    return LINK.sub(link, OPTIONS.sub(lambda found: options(found[1]), markdown))


def corpus(path: Path) -> str:
    """The page of a corpus, from its card and its README, if it has one."""
    from dialogue.corpus import load_card

    card = load_card(path)
    facts = {
        "languages": ", ".join(card.languages),
        "style": card.style,
        "speech": card.speech,
        "hours": str(card.published.hours),
        "licence": card.licence,
        "access": card.access,
        "personal data": card.personal_data,
        "source": card.source,
    }
    rows = "".join(f"- {name}: {value}\n" for name, value in facts.items())
    more = path.with_name("README.md")
    said = more.read_text(encoding="utf-8").partition("\n")[2] if more.exists() else ""
    text = path.read_text(encoding="utf-8")
    return f"# {card.title.en}\n\n{card.description.en}\n\n{rows}\n{said}\n## Card\n\n```yaml\n{text}```\n"


def notebook(path: Path) -> str:
    """The page of a notebook: text and code, without outputs."""
    cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    parts = [(cell["cell_type"], "".join(cell["source"])) for cell in cells]
    shown = [f"```python\n{text}\n```" if kind == "code" else text for kind, text in parts]
    return "\n\n".join([*shown, f"The notebook: [{path.name}]({path.name})"]) + "\n"


def reference(name: str, modules: list[str]) -> str:
    """A page of the Python reference, filled in by mkdocstrings."""
    return f"# {name}\n\n" + "\n".join(f"::: dialogue.{module}\n" for module in modules)


def public_names() -> str:
    """The names of ``dialogue.__all__``, each with its first sentence and a link to its documentation."""
    import dialogue

    rows = []
    for name in sorted(dialogue.__all__, key=str.lower):
        value = getattr(dialogue, name)
        first = re.sub(r":\w+:`~?", "`", " ".join((value.__doc__ or "").partition("\n\n")[0].split()))
        rows.append(f"| [`dialogue.{name}`][{value.__module__}.{value.__qualname__}] | {first} |\n")
    first = (dialogue.__doc__ or "").partition("\n")[0]
    return f"# Python\n\n{first}\n\n| name | what |\n| --- | --- |\n{''.join(rows)}"


def options(path: str) -> str:
    """Tables of the options of a configuration, with a section for each dataclass in it."""
    module, _, name = path.rpartition(".")
    return _options(getattr(importlib.import_module(module), name), "")


def _options(cls: type, key: str) -> str:
    sections = griffe.Docstring(cls.__doc__ or "", lineno=1).parse("google", warnings=False)
    said = {
        n.strip(): item.description
        for section in sections
        if section.kind is griffe.DocstringSectionKind.attributes
        for item in section.value
        for n in item.name.split(",")
    }
    first = sections[0].value if sections and sections[0].kind is griffe.DocstringSectionKind.text else ""
    kinds = typing.get_type_hints(cls)
    rows, inner = "", ""
    for field in dataclasses.fields(cls):
        kind = kinds[field.name]
        if dataclasses.is_dataclass(kind):
            inner += _options(kind, f"{key}{field.name}.")  # type: ignore[arg-type]
            continue
        note = " ".join(said.get(field.name, "").split())
        rows += f"| `{field.name}` | {_kind(kind)} | {_default(field)} | {note} |\n"
    table = f"| key | accepted | default | |\n| --- | --- | --- | --- |\n{rows}\n" if rows else ""
    title = f"`{key[:-1]}`" if key else "Top level"
    return f"### {title}\n\n{first}\n\n{table}{inner}"


def _kind(kind: Any) -> str:
    origin, inside = typing.get_origin(kind), typing.get_args(kind)
    if origin in (typing.Union, types.UnionType):
        return " or ".join(_kind(k) for k in inside)
    if origin is typing.Literal:
        return ", ".join(f"`{value}`" for value in inside)
    if origin is tuple:
        return f"a list of: {_kind(inside[0])}"
    if origin is dict:
        return f"{_kind(inside[0])}: {_kind(inside[1])}"
    names = {types.NoneType: "`null`", bool: "`true`, `false`", str: "text", int: "a whole number", float: "a number"}
    return names.get(kind, "a path" if kind is Path else getattr(kind, "__name__", str(kind)))


def _default(field: dataclasses.Field[Any]) -> str:
    if field.default is not dataclasses.MISSING:
        value = list(field.default) if isinstance(field.default, tuple) else field.default
        return f"`{json.dumps(value)}`"
    return "needed" if field.default_factory is dataclasses.MISSING else f"`{json.dumps(field.default_factory())}`"
