"""Write a data management plan from cards and from the runs themselves, and check plans in maDMP.

PLAN is a folder with project.yaml and items/*.yaml. What nobody knows is unknown, and listed.
"""

from __future__ import annotations

import argparse
import datetime
import sys
from pathlib import Path

from dialogue.cli import options
from dialogue.cli.options import DONE, SOME_FAILED

EXAMPLES = """  dialogue dmp init plan --id my-project
  dialogue dmp refresh plan --data reunion=data --runs recipes/reunion/exp
  dialogue dmp lint plan
  dialogue dmp build plan --out plan/built --format madmp,opidor,pdf,docx --lang fr,en
  dialogue dmp validate plan/built/madmp.json --schema 1.2
  dialogue dmp diff old.json new.json"""


def arguments(parser: argparse.ArgumentParser) -> None:
    init, refresh, lint, build, validate, diff = options.actions(
        parser,
        EXAMPLES,
        init=(_init, "make the folder of a plan, to fill in"),
        refresh=(_refresh, "measure the data of the items, and find what runs made"),
        lint=(_lint, "say what is wrong, what contradicts itself, and what is unknown"),
        build=(_build, "write the plan in all formats; refused if licences or personal data are not in order"),
        validate=(_validate, "check any plan in maDMP against the schemas of the RDA"),
        diff=(_diff, "say what changed between two plans in maDMP, for an update"),
    )
    for action in (init, refresh, lint, build):
        action.add_argument("plan", type=Path, metavar="PLAN", help="folder of the plan")
    init.add_argument("--id", required=True, help="id of the project: lower-case letters, digits, dashes")
    init.add_argument("--date", type=datetime.date.fromisoformat, help="date of the plan (default: today)")
    refresh.add_argument(
        "--data", action="append", default=[], metavar="ITEM=DIR", help="where the data of an item are; may be repeated"
    )
    refresh.add_argument(
        "--runs", action="append", default=[], type=Path, metavar="DIR", help="folder of experiments; may be repeated"
    )
    lint.add_argument("--strict", action="store_true", help="what is unknown fails too")
    build.add_argument("--out", type=Path, metavar="DIR", help="folder to write (default: PLAN/built)")
    build.add_argument("--format", dest="formats", metavar="NAME,NAME", help="formats to write (default: all)")
    build.add_argument("--lang", default="fr,en", metavar="CODE,CODE", help="languages (default: fr,en)")
    build.add_argument("--strict", action="store_true", help="refuse a plan in which something is unknown")
    validate.add_argument("file", type=Path, metavar="FILE", help="plan in maDMP")
    validate.add_argument(
        "--schema", choices=("1.0", "1.1", "1.2"), help="version (default: that the file names, else 1.2)"
    )
    diff.add_argument("old", type=Path, metavar="OLD", help="plan in maDMP")
    diff.add_argument("new", type=Path, metavar="NEW", help="a later version of it")


def _init(call: argparse.Namespace) -> int:
    from dialogue.core.files import save_text
    from dialogue.corpus.card import Card, Text
    from dialogue.plan.project import ITEMS, PROJECT
    from dialogue.plan.templates import project_template

    Card(call.id, Text("", ""))  # refuses an id that is not one
    path = call.plan / PROJECT
    if path.exists():
        raise ValueError(f"{path}: exists. Accepted: a new folder.")
    save_text(path, project_template(call.id, (call.date or datetime.date.today()).isoformat()))
    (call.plan / ITEMS).mkdir(exist_ok=True)
    print(
        f"{path}\nCards go into {call.plan / ITEMS}: dialogue card new ID --kind KIND --out {call.plan / ITEMS}/ID.yaml"
    )
    return DONE


def _refresh(call: argparse.Namespace) -> int:
    from dialogue.plan.refreshing import refresh

    data = {}
    for given in call.data:
        name, equals, place = given.partition("=")
        if not equals or not Path(place).exists():
            raise ValueError(f"--data: found {given!r}. Accepted: ITEM=DIR, a folder or file that exists.")
        data[name] = Path(place).resolve()
    plan, said = refresh(call.plan, data, call.runs)
    for line in said:
        print(line)
    print(f"{len(plan.facts)} of {len(plan.cards)} items measured")
    return DONE


def _lint(call: argparse.Namespace) -> int:
    from dialogue.plan import lint
    from dialogue.plan.project import load_plan

    plan, problems = lint.examine(load_plan(call.plan))
    for problem in problems:
        print(f"{problem.kind}: {problem}", file=sys.stderr)
    lacking = lint.missing(plan)
    for name, fields in lacking.items():
        print(f"unknown: {name}: {', '.join(fields)}")
    failed = any(problem.kind == "error" for problem in problems) or (call.strict and lacking)
    return SOME_FAILED if failed else DONE


def _build(call: argparse.Namespace) -> int:
    from dialogue.plan import building, lint
    from dialogue.plan.project import load_plan

    plan = load_plan(call.plan)
    lacking = lint.missing(lint.examine(plan)[0])
    if call.strict and lacking:
        raise ValueError("\n".join(f"{name}: unknown: {', '.join(fields)}" for name, fields in lacking.items()))
    formats = building.FORMATS if call.formats is None else call.formats.split(",")
    building.build(plan, call.out or call.plan / "built", formats, call.lang.split(","))
    count = sum(map(len, lacking.values()))
    print(f"{count} fields are unknown: dialogue dmp lint {call.plan}", file=sys.stderr)
    return DONE


def _validate(call: argparse.Namespace) -> int:
    from dialogue.plan.madmp_schema import validate_file

    wrong = validate_file(call.file, call.schema)
    for line in wrong:
        print(f"{call.file}: {line}", file=sys.stderr)
    if not wrong:
        print(f"{call.file}: valid")
    return SOME_FAILED if wrong else DONE


def _diff(call: argparse.Namespace) -> int:
    from dialogue.plan.plan_changes import changes, read_plan

    lines = list(changes(read_plan(call.old), read_plan(call.new)))
    print("\n".join(lines) or "no difference")
    return DONE
