"""The page that says what each route imitates: OpenAPI's description as one page, without a script or another host."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from html import escape
from typing import Any

STYLE = """
:root { color-scheme: light dark; font: 16px/1.5 system-ui, sans-serif }
body { max-width: 60rem; margin: 0 auto; padding: 1rem }
h2 { margin-top: 2rem } article { border-top: 1px solid #8886; padding: .75rem 0 }
h3 { margin: 0; font: 600 1rem/1.5 ui-monospace, monospace; overflow-wrap: anywhere }
p { margin: .25rem 0 } dl { display: grid; grid-template-columns: auto 1fr; gap: 0 1rem; margin: .25rem 0 }
dt { font-family: ui-monospace, monospace } dd { margin: 0 }
"""
POLICY = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'"


def page(described: Mapping[str, Any]) -> str:
    """Return HTML for what OpenAPI says of an application."""
    about = described["info"]
    groups: dict[str, list[str]] = {}
    for path, methods in described["paths"].items():
        for method, route in methods.items():
            groups.setdefault(route.get("tags", ["other"])[0], []).append(_route(method, path, route))
    body = "".join(f"<h2>{escape(name)}</h2>{''.join(routes)}" for name, routes in sorted(groups.items()))
    return (
        f'<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">'
        f"<title>{escape(about['title'])}</title><style>{STYLE}</style><main><h1>{escape(about['title'])} "
        f"{escape(about['version'])}</h1><p>{escape(about['description'])}</p>"
        f'<p>For programs: <a href="openapi.json">openapi.json</a></p>{body}</main></html>'
    )


def _route(method: str, path: str, route: Mapping[str, Any]) -> str:
    rows = "".join(f"<dt>{escape(name)}</dt><dd>{escape(text)}</dd>" for name, text in _fields(route))
    description = f"<p>{escape(route['description'])}</p>" if route.get("description") else ""
    return (
        f"<article><h3>{escape(method.upper())} {escape(path)}</h3><p>{escape(route.get('summary', ''))}</p>"
        f"{description}{f'<dl>{rows}</dl>' if rows else ''}</article>"
    )


def _fields(route: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    for each in route.get("parameters", ()):
        yield each["name"], f"in the {each['in']}"
    for content in route.get("requestBody", {}).get("content", {}).values():
        for name, known in content.get("schema", {}).get("properties", {}).items():
            yield name, known.get("description") or ", ".join(known.get("enum", ())) or known.get("type", "")
