"""All items as a CSV table: what each is, public or private, licence, where it is stored, when it is deleted."""

from __future__ import annotations

import csv
import io

from dialogue.plan import lint
from dialogue.plan.project import Plan

COLUMNS = """id kind role title.fr title.en partner wp licence rights_holder access personal_data sensitive_data
    diffusion.where diffusion.audience storage retention.delete_after retention.long_term_support
    derived_from""".split()
MEASURED = "bytes files hours speakers words manifest_sha256 seen".split()


def to_csv(plan: Plan) -> str:
    """Return one row per item. Cells that a spreadsheet would compute are preceded by an apostrophe."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow([*COLUMNS, *MEASURED])
    for name, card in plan.cards.items():
        facts = plan.facts.get(name)
        measured = [getattr(facts, field) if facts else None for field in MEASURED]
        writer.writerow(
            [_cell(lint.get(card, field)) for field in COLUMNS] + ["unknown" if m is None else m for m in measured]
        )
    return out.getvalue()


def _cell(value: object) -> str:
    if isinstance(value, tuple):
        value = ", ".join(str(getattr(part, "host", part)) for part in value) or "unknown"
    text = str(value)
    return f"'{text}" if text[:1] in ("=", "+", "-", "@", "\t", "\r") else text
