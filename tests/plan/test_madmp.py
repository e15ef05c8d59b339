"""Plans in maDMP: the official examples are valid, faults are found, and what is written is valid by 1.1 and 1.2."""

import copy
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dialogue.corpus.card import Card, Contact, Cost, StoragePlace, Text
from dialogue.plan import lint
from dialogue.plan.madmp import to_madmp
from dialogue.plan.madmp_schema import validate, validate_file
from dialogue.plan.project import Plan, PlanError, Project, load_plan

EXAMPLES = sorted((Path(__file__).parent / "examples").glob("*.json"))


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda p: p.stem)
def test_the_official_examples_are_valid(path: Path) -> None:
    assert validate_file(path) == []


@pytest.mark.parametrize(
    ("fault", "found"),
    [
        (lambda d: d["dmp"].pop("title"), "dmp: 'title' is a required property"),
        (lambda d: d["dmp"].update(created="2019-12-06"), "dmp.created: found '2019-12-06'. Accepted: a date-time"),
        (lambda d: d["dmp"].update(language="fr"), "dmp.language: found 'fr'. Accepted: aar"),
        (lambda d: d["dmp"].update(ethical_issues_exist=True), "dmp.ethical_issues_exist: found True"),
        (lambda d: d["dmp"]["contact"].update(mbox="nobody"), "dmp.contact.mbox: found 'nobody'. Accepted: a email"),
        (lambda d: d["dmp"]["dataset"][0].update(personal_data="perhaps"), "dataset[0].personal_data: found 'perhaps'"),
        (
            lambda d: d["dmp"]["dataset"][0]["distribution"][0].update(byte_size=1.5),
            "dataset[0].distribution[0].byte_size: found 1.5. Accepted: integer",
        ),
        (
            lambda d: d["dmp"]["dataset"][0]["distribution"][0].update(available_until="soon"),
            "available_until: found 'soon'. Accepted: a date",
        ),
    ],
)
def test_a_planted_fault_is_found(fault: Callable[[Any], Any], found: str) -> None:
    plan = json.loads((Path(__file__).parent / "examples/ex9-dmp-long.json").read_text(encoding="utf-8"))
    broken = copy.deepcopy(plan)
    fault(broken)
    assert any(found in line for line in validate(broken))


def test_another_version_is_refused_with_those_that_there_are() -> None:
    with pytest.raises(PlanError, match=r"Accepted: 1\.0, 1\.1, 1\.2"):
        validate({}, "2.0")


def test_what_is_no_json_is_explained(tmp_path: Path) -> None:
    (tmp_path / "x.json").write_text("{", encoding="utf-8")
    with pytest.raises(PlanError, match="not JSON"):
        validate_file(tmp_path / "x.json")


def test_a_plan_is_valid_and_says_what_its_cards_say(plan: Path) -> None:
    found = to_madmp(lint.examine(load_plan(plan))[0])
    assert [validate(found, version) for version in ("1.1", "1.2")] == [[], []]
    [copie, _, voix] = found["dmp"]["dataset"]
    assert found["dmp"]["language"] == "fra"
    assert (copie["personal_data"], copie["rights"]) == ("yes", "CC-BY-SA-4.0")
    assert voix["distribution"][0]["data_access"] == "open"
    assert copie["distribution"][0]["data_access"] == "shared"


def test_a_licence_has_its_whole_address_once_its_date_is_known(plan: Path, add: Callable[..., Path]) -> None:
    add("voix", licence="CC-BY-SA-4.0", access="open", issued="2025-02-01", personal_data="yes")
    found = to_madmp(lint.examine(load_plan(plan))[0])
    [licence] = found["dmp"]["dataset"][2]["distribution"][0]["license"]
    assert licence == {"license_ref": "https://spdx.org/licenses/CC-BY-SA-4.0.json", "start_date": "2025-02-01"}


texts = st.text(max_size=20)
dates = st.one_of(st.just("unknown"), st.dates().map(lambda d: d.isoformat()))
hosts = st.builds(
    StoragePlace,
    host=texts,
    url=st.sampled_from(["unknown", "https://example.org"]),
    country=st.sampled_from(["unknown", "FR"]),
    certified=st.sampled_from([(), ("HDS",), ("CoreTrustSeal", "HDS")]),
)
cards = st.builds(
    Card,
    id=st.just("item"),
    title=st.builds(Text, texts, texts),
    description=st.builds(Text, texts, texts),
    kind=st.sampled_from(["dataset", "software", "model", "publication"]),
    licence=st.sampled_from(["unknown", "MIT", "LicenseRef-X", "MIT AND CC-BY-4.0"]),
    access=st.sampled_from(["open", "restricted", "embargoed", "closed", "unknown"]),
    issued=dates,
    embargo_until=dates,
    languages=st.sampled_from([(), ("fr",), ("en", "fr"), ("xx",)]),
    personal_data=st.sampled_from(["yes", "no", "unknown"]),
    storage=st.lists(hosts, max_size=2).map(tuple),
    costs=st.lists(st.builds(Cost, texts, st.sampled_from(["unknown", 12.5])), max_size=1).map(tuple),
)


@settings(suppress_health_check=[HealthCheck.too_slow], max_examples=60, deadline=None)
@given(cards)
def test_any_card_gives_a_valid_plan(card: Card) -> None:
    project = Project("p", Text("P", "P"), "2026-01-05", contact=Contact("A", "a@example.org"))
    found = to_madmp(Plan(Path(), project, {"item": card}, {}, {}))
    assert [validate(found, version) for version in ("1.1", "1.2")] == [[], []]
