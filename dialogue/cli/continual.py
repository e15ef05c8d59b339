"""Finetune a language model on task after task, and measure what it forgets."""

from __future__ import annotations

import argparse
import json
from pathlib import Path

from dialogue.cli import options
from dialogue.cli.options import DONE, SOME_FAILED, line

EXAMPLES = """  dialogue continual train conf/continual.yaml --exp exp/replay --set replay.ratio=0.1
  dialogue continual resume exp/replay
  dialogue continual evaluate exp/replay --to 2
  dialogue continual rescore exp/replay --nbest exp/nbest --references data/sound --out exp/replay/rescoring.json
  dialogue continual compare exp/naive exp/replay --plot exp/compare.svg
  dialogue continual verify exp/replay
  dialogue continual verify exp/replay --sample 5
  dialogue continual verify models/debates
  dialogue continual publish exp/replay --out models/debates
  dialogue continual blend exp/replay --alpha 0.7 --out models/blended
  dialogue continual rollback exp/replay --to 1"""

VERIFY = "\n".join(line for line in EXAMPLES.splitlines() if line.split()[2] == "verify")


def arguments(parser: argparse.ArgumentParser) -> None:
    train, resume, evaluate, rescore, compare, verify, publish, blend, rollback = options.actions(
        parser,
        EXAMPLES,
        train=(_train, "finetune on each task in turn"),
        resume=(_resume, "continue a run from its last checkpoint"),
        evaluate=(_evaluate, "score a checkpoint of a run, or the initial model, on every test set"),
        rescore=(_rescore, "measure word errors after each task, in n-best lists of the speech recogniser"),
        compare=(_compare, "compare runs: forgetting together with plasticity"),
        verify=(_verify, "check the files and figures of a run, or each byte of a published model", VERIFY),
        publish=(_publish, "write the model of a run that was verified, unless its guard refuses"),
        blend=(_blend, "write a blend of the initial model and the finetuned one"),
        rollback=(_rollback, "take a run back to the end of an earlier task"),
    )
    train.add_argument("config", type=Path, metavar="YAML", help="model, tasks, method and schedule")
    train.add_argument("--exp", required=True, type=Path, metavar="DIR", help="folder of the run")
    options.add_overrides(train, "set one option, e.g. training.seed=1; may be repeated")
    train.add_argument(
        "--legal-basis", metavar="TEXT", help="why personal data that are not pseudonymised may be learned (GDPR)"
    )
    evaluate.add_argument("target", type=Path, metavar="PATH", help="folder of a run, or a YAML for its initial model")
    evaluate.add_argument("--to", type=options.count, metavar="N", help="number of tasks learned (default: all)")
    evaluate.add_argument(
        "--documents",
        type=options.count,
        metavar="N",
        help="recordings of each test set, 0 for all (default: those that the run scores)",
    )
    evaluate.add_argument("--exp", type=Path, metavar="DIR", help="folder to write to when PATH is a YAML")
    options.add_overrides(evaluate, "set one option of a YAML, e.g. training.seed=1; may be repeated")
    rescore.add_argument(
        "target", type=Path, metavar="PATH", help="folder of a run, or a YAML for its initial model alone"
    )
    rescore.add_argument("--nbest", required=True, type=Path, metavar="DIR", help="output of nbest")
    rescore.add_argument(
        "--references",
        required=True,
        nargs="+",
        type=Path,
        metavar="DATA",
        help="output of prepare, or one split of it, with what was said; of any domain, but never learned",
    )
    rescore.add_argument("--out", type=Path, metavar="FILE", help="JSON file to write")
    options.add_overrides(rescore, "set one option of a YAML, e.g. model=FOLDER; may be repeated")
    compare.add_argument("runs", nargs="+", type=Path, metavar="EXP", help="folders of runs, or folders that hold some")
    compare.add_argument(
        "--plot", type=Path, metavar="FILE", help="SVG or PNG to write: R, forgetting, and each task over time"
    )
    for sub in (evaluate, compare):
        sub.add_argument("--json", action="store_true", help="print JSON instead of tables")
    for sub in (resume, publish, blend, rollback):
        sub.add_argument("run_folder", type=Path, metavar="EXP", help="folder of the run")
    for sub in (publish, blend):
        sub.add_argument("--out", required=True, type=Path, metavar="DIR", help="folder of the model to write")
    verify.add_argument("target", type=Path, metavar="DIR", help="folder of a run or of a published model")
    verify.add_argument(
        "--sample",
        type=options.number,
        metavar="N",
        help="scores of a run to compute again, drawn by the digest of its matrix.json (default: all)",
    )
    publish.add_argument(
        "--without-evidence", action="store_true", help="do not ask for a verified run; the card says so"
    )
    blend.add_argument("--alpha", required=True, type=options.amount, help="share of what was learned, 0 to 1")
    rollback.add_argument("--to", required=True, type=options.count, metavar="N", help="number of tasks to keep")


def _train(call: argparse.Namespace) -> int:
    from dialogue.learning import continual
    from dialogue.learning.continual import loop

    basis = [f"legal_basis={json.dumps(call.legal_basis)}"] if call.legal_basis else []
    loop.train(continual.load(call.config, [*call.overrides, *basis]), call.exp, line)
    return DONE


def _resume(call: argparse.Namespace) -> int:
    from dialogue.learning.continual import loop, publish

    loop.train(publish.stream_of(call.run_folder), call.run_folder, line)
    return DONE


def _evaluate(call: argparse.Namespace) -> int:
    from dialogue.learning.continual import checkpoint_scores, scores, world

    first = world.join().first  # of the processes of torchrun
    report = line if first else lambda text: None
    found = checkpoint_scores.score(
        call.target, call.to, documents=call.documents, overrides=call.overrides, report=report
    )
    if not first:
        return DONE
    print(scores.as_json(found) if call.json else scores.table(found), end="")
    if exp := call.target if call.target.is_dir() else call.exp:
        line(f"{scores.save(found, exp)}: the same, and what was written for each prompt")
    return DONE


def _rescore(call: argparse.Namespace) -> int:
    from dialogue.core.files import save_json
    from dialogue.learning.continual import rescoring, rescoring_table, world

    world.refuse_several("rescore")
    found = rescoring.rescore(call.target, call.nbest, call.references, overrides=call.overrides, report=line)
    print(rescoring_table.table(found), end="")
    if call.out:
        save_json(call.out, rescoring_table.figures(found))
    return DONE


def _compare(call: argparse.Namespace) -> int:
    from dialogue.learning.continual import comparison

    runs = comparison.read(call.runs)
    print(comparison.as_json(runs) if call.json else comparison.table(runs), end="")
    if call.plot:
        comparison.draw(runs, call.plot)
    return DONE


def _verify(call: argparse.Namespace) -> int:
    from dialogue.learning.continual import verification, world

    world.refuse_several("verify")
    why = verification.verify(call.target, call.sample, line)
    for reason in why:
        line(reason)
    print(f"{call.target}: {'refused' if why else 'accepted'}")
    return SOME_FAILED if why else DONE


def _publish(call: argparse.Namespace) -> int:
    from dialogue.learning.continual import publish, world

    world.refuse_several("publish")
    publish.publish(call.run_folder, call.out, line, with_evidence=not call.without_evidence)
    return DONE


def _blend(call: argparse.Namespace) -> int:
    from dialogue.learning.continual import publish, world

    world.refuse_several("blend")
    publish.blend(call.run_folder, call.alpha, call.out)
    return DONE


def _rollback(call: argparse.Namespace) -> int:
    from dialogue.learning.continual import publish, world

    world.refuse_several("rollback")
    publish.rollback(call.run_folder, call.to)
    return DONE
