"""Licences, access and personal data follow the lineage; violations are errors."""

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dialogue.corpus.card import Card, Diffusion, Pseudonymisation, Text
from dialogue.plan.inheritance import cycle, in_order, inherit
from dialogue.plan.measures import Facts


def card(id: str, *parents: str, **values: object) -> Card:
    role = "derived" if parents else "consumed"
    return Card(id, Text(id, id), derived_from=parents, **{"role": role, **values})  # type: ignore[arg-type]


def errors(*cards: Card, facts: dict[str, Facts] | None = None) -> list[str]:
    return [str(p) for p in inherit({c.id: c for c in cards}, facts or {})[1] if p.kind == "error"]


@pytest.mark.parametrize(
    ("parent", "child", "found"),
    [
        ({"licence": "CC-BY-SA-4.0"}, {"licence": "MIT"}, "asks for the same licence"),
        ({"licence": "CC-BY-NC-4.0"}, {"licence": "CC-BY-4.0"}, "allows commercial use"),
        ({"licence": "CC-BY-ND-4.0"}, {"licence": "CC-BY-ND-4.0", "access": "open"}, "forbids to share"),
        ({"access": "closed"}, {"access": "open"}, "access: open, but parent is closed"),
        ({"access": "restricted"}, {"access": "open"}, "access: open, but parent is restricted"),
        ({"personal_data": "yes"}, {"personal_data": "no"}, "pseudonymised data still are"),
        ({"personal_data": "yes"}, {"personal_data": "no", "kind": "model"}, "trained on parent"),
    ],
)
def test_a_violation_is_an_error(parent: dict, child: dict, found: str) -> None:
    [error] = errors(card("parent", **parent), card("child", "parent", **child))
    assert found in error


@pytest.mark.parametrize(
    ("parent", "child"),
    [
        ({"licence": "CC-BY-SA-3.0"}, {"licence": "CC-BY-SA-4.0"}),
        ({"licence": "CC-BY-SA-4.0"}, {"licence": "MIT AND CC-BY-SA-4.0"}),
        ({"licence": "CC-BY-SA-4.0"}, {"licence": "unknown"}),
        ({"licence": "CC-BY-ND-4.0"}, {"licence": "CC-BY-ND-4.0", "access": "closed"}),
        ({"licence": "CC-BY-SA-4.0"}, {"licence": "MIT", "kind": "publication"}),
        ({"licence": "CC-BY-SA-4.0", "kind": "model"}, {"licence": "MIT"}),
        ({"access": "closed"}, {"access": "open", "diffusion": Diffusion(permission="letter of 2026-01-05")}),
        ({"personal_data": "yes"}, {"personal_data": "no", "pseudonymisation": Pseudonymisation(residual_risk="none")}),
    ],
)
def test_what_is_allowed_is_no_error(parent: dict, child: dict) -> None:
    assert errors(card("parent", **parent), card("child", "parent", **child)) == []


def test_what_others_published_is_only_a_warning() -> None:
    found = inherit({"a": card("a", licence="CC-BY-SA-4.0"), "b": card("b", "a", licence="MIT", role="consumed")}, {})[
        1
    ]
    assert [p.kind for p in found] == ["warning"]


def test_an_unknown_licence_of_derived_data_is_that_of_its_parents() -> None:
    cards = {"a": card("a", licence="MIT"), "b": card("b", licence="CC-BY-SA-4.0"), "c": card("c", "a", "b")}
    assert inherit(cards, {})[0]["c"].licence == "MIT AND CC-BY-SA-4.0"


def test_personal_data_are_inherited_through_several_items() -> None:
    cards = {"a": card("a", personal_data="yes"), "b": card("b", "a"), "c": card("c", "b")}
    assert inherit(cards, {})[0]["c"].personal_data == "yes"


def test_a_model_is_unknown_until_a_test_of_what_it_memorised() -> None:
    cards = {"a": card("a", personal_data="yes"), "m": card("m", "a", kind="model", personal_data="no")}
    assert inherit(cards, {})[0]["m"].personal_data == "unknown"
    tested = {"m": Facts("m", "2026-01-05", memorisation_test="m/memorisation.json")}
    assert inherit(cards, tested)[0]["m"].personal_data == "no"
    assert errors(*cards.values(), facts=tested) == []


def test_a_circle_is_an_error() -> None:
    assert "a -> b -> a" in errors(card("a", "b"), card("b", "a"))[0]


def test_a_parent_without_a_card_is_an_error_with_the_nearest_id() -> None:
    assert "Did you mean reunion?" in errors(card("reunion"), card("b", "reunon"))[0]


graphs = st.dictionaries(st.sampled_from("abcdef"), st.lists(st.sampled_from("abcdef"), max_size=3), min_size=1)


@given(graphs)
def test_parents_come_first_unless_there_is_a_circle(graph: dict[str, list[str]]) -> None:
    cards = {id: card(id, *parents) for id, parents in graph.items()}
    if circle := cycle(cards):
        assert circle[0] == circle[-1]
        assert all(parent in graph[child] for child, parent in itertools.pairwise(circle))
        return
    order = in_order(cards)
    assert sorted(order) == sorted(cards)
    for child, parents in graph.items():
        assert all(order.index(p) < order.index(child) for p in parents if p in cards)
