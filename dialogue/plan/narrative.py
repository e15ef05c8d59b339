"""The plan for readers: six sections of questions and answers, as the ANR and Science Europe ask them.

An answer that several items share is written once, followed by their names.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from dialogue.corpus import Card
from dialogue.corpus.card import Text as Both
from dialogue.french.date_writing import written
from dialogue.minutes.documents.outline import Block, Document, Heading, List, Paragraph, Table, Text, plain, strong
from dialogue.plan import lint
from dialogue.plan.inheritance import Problem
from dialogue.plan.measures import Facts
from dialogue.plan.project import PROJECT, QUESTIONS, Plan
from dialogue.plan.wording import label, question, section, value

Answer = Callable[[Card, Facts | None, str], str]
UNKNOWN = ("unknown", "", ())


def to_document(plan: Plan, problems: list[Problem], language: str) -> Document:
    """Return the plan in ``fr`` or ``en``; what items inherit must be in the cards already."""
    blocks: list[Block] = [Paragraph((plain(label("generated", language)),)), *_project(plan, language)]
    blocks += _items(plan, language)
    for asked in QUESTIONS:
        if asked.endswith("a"):
            blocks.append(Heading(1, (plain(f"{asked[0]}. {section(asked[0], language)}"),)))
        blocks += _answered(plan, asked, language)
    blocks += _end(plan, problems, language)
    project = plan.project
    name = label("plan", language)
    return Document(
        f"{name}{label('colon', language)}{both(project.title, language)}", language, tuple(blocks), plan.modified[:10]
    )


def both(text: Both, language: str) -> str:
    """Return a text in a language, or in the other one if it was not written in that one."""
    return (text.fr or text.en) if language == "fr" else (text.en or text.fr)


def size(bytes: int, language: str) -> str:
    """Return a number of bytes for readers: ``1.2 MB``, ``1,2 Mo``."""
    units = ("o", "ko", "Mo", "Go", "To") if language == "fr" else ("B", "kB", "MB", "GB", "TB")
    amount = float(bytes)
    for unit in units:
        if amount < 1000 or unit == units[-1]:
            break
        amount /= 1000
    text = f"{amount:.0f}" if unit == units[0] else f"{amount:.1f}"
    return f"{text.replace('.', ',')}\u00a0{unit}" if language == "fr" else f"{text} {unit}"


def _project(plan: Plan, language: str) -> Iterator[Block]:
    project = plan.project
    deliverable = value(project.deliverable, language)
    funding = "; ".join(f"{value(f.name, language)} ({value(f.grant, language)})" for f in project.funding)
    contact = " ".join(part for part in (project.contact.name, _mail(project.contact.email)) if part != "unknown")
    rows = [
        ("project", both(project.title, language)),
        ("deliverable", f"{deliverable}, {label(project.version, language)}"),
        ("modified", written(plan.modified[:10], language, weekday=False)),
        ("dates", f"{value(project.start, language)} – {value(project.end, language)}"),
        ("funding", funding or label("unknown", language)),
        ("contact", contact.strip() or label("unknown", language)),
        ("website", value(project.url, language)),
        ("repository", value(project.repository, language)),
    ]
    yield List(tuple(_labelled(name, text, language) for name, text in rows))
    if text := both(project.description, language):
        yield Paragraph((plain(text),))
    if project.partners:
        yield Heading(1, (plain(label("partners", language)),))
        people = [
            (p.name if p.name != "unknown" else p.id, value(both(p.role, language), language)) for p in project.partners
        ]
        yield _table(("partner", "role"), people, language)
    if project.work_packages:
        yield Heading(1, (plain(label("packages", language)),))
        colon = label("colon", language)
        packages = [(f"{w.id}{colon}{both(w.title, language)}", value(w.lead, language)) for w in project.work_packages]
        yield _table(("packages", "lead"), packages, language)


def _items(plan: Plan, language: str) -> Iterator[Block]:
    yield Heading(1, (plain(label("items", language)),))
    rows = [
        (
            f"{both(card.title, language)} ({card.id})",
            f"{value(card.kind, language)}, {value(card.role, language)}",
            ", ".join([value(card.partner, language), *card.wp]),
            value(card.licence, language),
            value(card.access, language),
            value(card.personal_data, language),
        )
        for card in plan.cards.values()
    ]
    yield _table(("item", "kind", "partner", "licence", "access", "personal_head"), rows, language)


def _answered(plan: Plan, asked: str, language: str) -> Iterator[Block]:
    yield Heading(2, (plain(f"{asked}. {question(asked, language)}"),))
    answered = asked in plan.project.answers
    if answered:
        yield Paragraph((plain(both(plan.project.answers[asked], language)),))
    lines = list(_project_lines(plan, asked, language))
    for name, wanted, answer in ANSWERS[asked]:
        lines += _shared(plan, name, wanted, answer, language)
    if lines:
        yield List(tuple(lines))
    elif not answered:
        yield Paragraph((plain(label("none", language).capitalize() + "."),), "warning")


def _project_lines(plan: Plan, asked: str, language: str) -> Iterator[Text]:
    if asked == "6a":
        steward = plan.project.data_steward
        text = " ".join(part for part in (steward.name, _mail(steward.email)) if part != "unknown").strip()
        yield _labelled("steward", text or label("unknown", language), language)
    if asked == "6b" and plan.project.costs:
        yield _labelled("costs", ", ".join(_cost(c, language) for c in plan.project.costs), language)


def _shared(plan: Plan, name: str, wanted: Wanted, answer: Answer, language: str) -> Iterator[Text]:
    """Yield one line: each answer once, with the items that give it; nothing if no item is concerned."""
    given: dict[str, list[str]] = {}
    for card in plan.cards.values():
        if wanted(card):
            text = answer(card, plan.facts.get(card.id), language)
            given.setdefault(label("unknown", language) if text in UNKNOWN else text, []).append(card.id)
    if not given:
        return
    unknown = given.pop(label("unknown", language), None)
    parts = [f"{text} ({', '.join(items)})" for text, items in given.items()]
    if unknown:
        parts.append(f"{label('unknown', language)} ({', '.join(unknown) if given else label('all', language)})")
    yield _labelled(name, label("separator", language).join(parts), language)


def _end(plan: Plan, problems: list[Problem], language: str) -> Iterator[Block]:
    lacking: dict[str, list[str]] = {}
    for name, fields in lint.missing(plan).items():
        for field in fields:
            lacking.setdefault(field, []).append(label("of_project", language) if name == PROJECT else name)
    if lacking:
        yield Heading(1, (plain(label("missing", language)),))
        fields_of: dict[str, list[str]] = {}
        for field, names in lacking.items():
            fields_of.setdefault(", ".join(names), []).append(field)
        yield _table(("items", "field"), [(names, ", ".join(fields)) for names, fields in fields_of.items()], language)
    if problems:
        yield Heading(1, (plain(label("problems", language)),))
        yield List(tuple((plain(str(problem)),) for problem in problems))


def _labelled(name: str, text: str, language: str) -> Text:
    return (strong(label(name, language)), plain(f"{label('colon', language)}{text}"))


def _table(heads: tuple[str, ...], rows: Sequence[tuple[str, ...]], language: str) -> Table:
    cells = tuple(tuple((plain(cell),) for cell in row) for row in rows)
    return Table(tuple((plain(label(head, language)),) for head in heads), cells)


def _mail(address: str) -> str:
    return "" if address == "unknown" else f"<{address}>"


def _cost(cost: object, language: str) -> str:
    amount = lint.get(cost, "value")
    shown = label("unknown", language) if amount == "unknown" else f"{amount:g} {lint.get(cost, 'currency')}"
    return f"{lint.get(cost, 'title')}: {shown}"


# Answers of an item ------------------------------------------------------------------------------------------------

Wanted = Callable[[Card], bool]


def _any(card: Card) -> bool:
    return True


def _data(card: Card) -> bool:
    return card.kind in ("dataset", "model")


def _personal(card: Card) -> bool:
    return card.personal_data != "no" and card.kind in ("dataset", "model", "service")


def _field(name: str) -> Answer:
    def answer(card: Card, facts: Facts | None, language: str) -> str:
        found = lint.get(card, name)
        return ", ".join(found) if isinstance(found, tuple) else value(str(found), language)

    return answer


def _stored(field: str) -> Answer:
    def answer(card: Card, facts: Facts | None, language: str) -> str:
        known = [place for place in card.storage if lint.get(place, field) not in UNKNOWN]
        found = [(value(p.phase, language), lint.get(p, field)) for p in known]
        return ", ".join(
            f"{', '.join(v) if isinstance(v, tuple) else value(v, language)} [{phase}]" for phase, v in found
        )

    return answer


def _formats(card: Card, facts: Facts | None, language: str) -> str:
    return ", ".join(facts.formats if facts and facts.formats else card.formats)


def _volume(card: Card, facts: Facts | None, language: str) -> str:
    if facts is None or facts.bytes is None:
        return ""
    gone = "" if facts.present else f", {label('gone', language).format(facts.seen)}"
    return f"{size(facts.bytes, language)}, {facts.files} {label('files', language)}{gone}"


def _content(card: Card, facts: Facts | None, language: str) -> str:
    if facts is None:
        return ""
    said = [f"{facts.hours:.2f} {label('hours', language)}"] if facts.hours else []
    for name in ("recordings", "speakers", "turns", "words", "examples"):
        if (count := getattr(facts, name)) is not None:
            said.append(f"{count} {label(name, language)}")
    text = ", ".join(said)
    return text.replace(".", ",") if language == "fr" else text


def _training(card: Card, facts: Facts | None, language: str) -> str:
    if facts is None or facts.training is None:
        return ""
    known = facts.training
    said = [str(known["base"]["model"]), str(known["method"]), ", ".join(str(d["task"]) for d in known["data"])]
    said += [f"{facts.seconds / 3600:.2f} h"] if facts.seconds is not None else []
    return " · ".join(said)


def _origin(card: Card, facts: Facts | None, language: str) -> str:
    return value(card.role, language)


def _contact(card: Card, facts: Facts | None, language: str) -> str:
    known = [part for part in (card.contact.name, card.contact.email) if part != "unknown"]
    return " ".join(known)


def _costs(card: Card, facts: Facts | None, language: str) -> str:
    return ", ".join(_cost(c, language) for c in card.costs)


def _diffusion(card: Card, facts: Facts | None, language: str) -> str:
    part = card.diffusion
    return ", ".join(text for text in (part.where, part.how, part.audience) if text != "unknown")


def _ethics(card: Card, facts: Facts | None, language: str) -> str:
    shown = value(card.ethics.issues, language)
    return f"{shown} – {card.ethics.description}" if card.ethics.description != "unknown" else shown


def _review(card: Card, facts: Facts | None, language: str) -> str:
    if card.review.last == card.review.next == "unknown":
        return ""
    return f"{value(card.review.last, language)}, {value(card.review.next, language)}"


def _archive(card: Card, facts: Facts | None, language: str) -> str:
    kept = card.retention
    years = "" if kept.years == "unknown" else f", {kept.years} {label('years', language)}"
    return "" if kept.archive == "unknown" and not years else f"{value(kept.archive, language)}{years}"


def _identifiers(card: Card, facts: Facts | None, language: str) -> str:
    return ", ".join(i.value for i in card.identifiers)


def _memorisation(card: Card, facts: Facts | None, language: str) -> str:
    return (facts.memorisation_test or "") if facts else ""


def _of_kind(*kinds: str) -> Wanted:
    return lambda card: card.kind in kinds


ANSWERS: dict[str, tuple[tuple[str, Wanted, Answer], ...]] = {
    "1a": (
        ("origin", _any, _origin),
        ("source", _any, _field("source")),
        ("lineage", lambda card: card.role == "derived", _field("derived_from")),
        ("training", lambda card: card.kind == "model" and card.role != "consumed", _training),
    ),
    "1b": (
        ("kind", _any, _field("kind")),
        ("languages", _of_kind("dataset"), _field("languages")),
        ("formats", _data, _formats),
        ("volume", _data, _volume),
        ("content", _of_kind("dataset"), _content),
    ),
    "2a": (
        ("documentation", _data, _field("documentation.description")),
        ("standards", _data, _field("documentation.metadata_standards")),
    ),
    "2b": (("quality", _data, _field("quality.methods")),),
    "3a": (("storage", _any, _stored("host")), ("backup", _any, _stored("backup"))),
    "3b": (
        ("sensitive", _data, _field("sensitive_data")),
        ("encrypted", _data, _stored("encrypted")),
        ("access_control", _data, _stored("access_control")),
        ("certified", _data, _stored("certified")),
        ("text_hidden", _personal, _field("pseudonymisation.text")),
        ("audio_hidden", _personal, _field("pseudonymisation.audio")),
        ("key_holder", _personal, _field("pseudonymisation.key_holder")),
        ("residual_risk", _personal, _field("pseudonymisation.residual_risk")),
        ("memorisation", lambda card: card.kind == "model" and card.role != "consumed", _memorisation),
    ),
    "4a": (
        ("personal", _any, _field("personal_data")),
        *(
            (name, _personal, _field(f"gdpr.{name}"))
            for name in "controller processors legal_basis purpose dpia".split()
        ),
        ("consent", _personal, _field("gdpr.consent")),
        ("data_subjects", _personal, _field("gdpr.data_subjects")),
        ("transfer", _personal, _field("gdpr.transfer_outside_eu")),
        ("register", _personal, _field("gdpr.register_ref")),
    ),
    "4b": (("licence", _any, _field("licence")), ("rights_holder", _any, _field("rights_holder"))),
    "4c": (("ethics", _any, _ethics), ("committee", _data, _field("ethics.committee"))),
    "5a": (
        ("access", _any, _field("access")),
        ("diffusion", _any, _diffusion),
        ("embargo", lambda card: card.access == "embargoed", _field("embargo_until")),
        ("permission", lambda card: card.diffusion.permission != "unknown", _field("diffusion.permission")),
    ),
    "5b": (
        ("delete_after", _any, _field("retention.delete_after")),
        ("rule", _any, _field("retention.rule")),
        ("responsible", _any, _field("retention.responsible")),
        ("archive", _any, _archive),
        ("support", _any, _field("retention.long_term_support")),
    ),
    "5c": (("tools", _data, _field("tools")),),
    "5d": (("identifiers", _any, _identifiers), ("citation", _any, _field("citation"))),
    "6a": (
        ("responsible_partner", _any, _field("partner")),
        ("contacts", _any, _contact),
        ("review", _any, _review),
    ),
    "6b": (("costs", _any, _costs),),
}
