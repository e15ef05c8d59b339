"""What changed between two plans, in words."""

import copy
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dialogue.plan.plan_changes import changes, read_plan
from dialogue.plan.project import PlanError

PLAN = json.loads((Path(__file__).parent / "examples/ex9-dmp-long.json").read_text(encoding="utf-8"))["dmp"]
values = st.recursive(
    st.none() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3),
    max_leaves=10,
)
plans = st.dictionaries(st.text(max_size=5), values, max_size=4)


def test_a_changed_size_and_a_new_item_are_said() -> None:
    new: Any = copy.deepcopy(PLAN)
    new["dataset"][0]["dataset_id"]["identifier"] = "first"
    old = copy.deepcopy(new)
    new["dataset"][0]["distribution"][0]["byte_size"] = 7
    new["dataset"].append({"title": "N", "dataset_id": {"identifier": "new", "type": "other"}})
    assert list(changes(old, new)) == [
        "dataset first: distribution Planned distribution: byte_size: 1000000000 -> 7",
        "dataset new: added",
    ]


def test_another_order_is_no_change() -> None:
    new = copy.deepcopy(PLAN)
    new["contributor"].reverse()
    assert list(changes(PLAN, new)) == []


@given(plans)
def test_a_plan_does_not_differ_from_itself(plan: dict[str, Any]) -> None:
    assert list(changes(plan, copy.deepcopy(plan))) == []


def test_what_is_no_plan_is_refused(tmp_path: Path) -> None:
    (tmp_path / "x.json").write_text("[]", encoding="utf-8")
    with pytest.raises(PlanError, match="no `dmp` in it"):
        read_plan(tmp_path / "x.json")
