"""Finetune the speech recogniser on a corpus, and compare what it hears before and after."""

from __future__ import annotations

import argparse
import json
from pathlib import Path

from dialogue.cli import options
from dialogue.cli.options import DONE, line

EXAMPLES = """  dialogue acoustic train conf/acoustic.yaml --exp exp/acoustic --set training.seed=1
  dialogue acoustic resume exp/acoustic
  dialogue acoustic publish exp/acoustic --out models/meetings
  dialogue acoustic compare data/test --before exp/before --after exp/after --out exp/compare.json"""
PRECISIONS = ("float32", "float16", "int8", "int8_float16")


def arguments(parser: argparse.ArgumentParser) -> None:
    train, resume, publish, compare = options.actions(
        parser,
        EXAMPLES,
        train=(_train, "train adapters of a Whisper model on the split train, until the split dev gets no better"),
        resume=(_resume, "continue a run from its last checkpoint"),
        publish=(_publish, "write the model of a run, a folder for --set asr.model=DIR"),
        compare=(
            _compare,
            "compare the word errors of two models, utterance by utterance",
            "  dialogue acoustic compare data/test --before exp/before --after exp/after --out exp/compare.json\n"
            "  dialogue acoustic compare data/test calls --before exp/before --after exp/after --note models/meetings",
        ),
    )
    train.add_argument("config", type=Path, metavar="YAML", help="corpus, model, adapters, schedule")
    train.add_argument("--exp", required=True, type=Path, metavar="DIR", help="folder of the run")
    options.add_overrides(train, "set one option, e.g. training.seed=1; may be repeated")
    train.add_argument("--legal-basis", metavar="TEXT", help="why the voices of people may be learned (GDPR)")
    for sub in (resume, publish):
        sub.add_argument("run_folder", type=Path, metavar="EXP", help="folder of the run")
    publish.add_argument("--out", required=True, type=Path, metavar="DIR", help="folder of the model to write")
    publish.add_argument(
        "--precision", choices=PRECISIONS, default="float16", help="of the weights in the file (default: float16)"
    )
    compare.add_argument(
        "data", nargs="+", type=Path, metavar="DATA", help="output of prepare, or one split of it; of any domain"
    )
    compare.add_argument(
        "--before", required=True, type=Path, metavar="DIR", help="output of transcribe with the initial model"
    )
    compare.add_argument("--after", required=True, type=Path, metavar="DIR", help="the same with the finetuned model")
    compare.add_argument("--out", type=Path, metavar="FILE", help="JSON file to write")
    compare.add_argument("--note", type=Path, metavar="MODEL", help="published model whose card is to hold the result")


def _train(call: argparse.Namespace) -> int:
    from dialogue.learning import acoustic
    from dialogue.learning.acoustic import finetuning

    basis = [f"legal_basis={json.dumps(call.legal_basis)}"] if call.legal_basis else []
    finetuning.train(acoustic.load_run(call.config, [*call.overrides, *basis]), call.exp, line)
    return DONE


def _resume(call: argparse.Namespace) -> int:
    from dialogue.learning.acoustic import finetuning

    finetuning.train(finetuning.run_of(call.run_folder), call.run_folder, line)
    return DONE


def _publish(call: argparse.Namespace) -> int:
    from dialogue.learning.acoustic import exporting

    exporting.publish(call.run_folder, call.out, call.precision)
    return DONE


def _compare(call: argparse.Namespace) -> int:
    from dialogue.core.files import save_json
    from dialogue.learning.acoustic import word_errors
    from dialogue.learning.continual import model_card

    rows = [word_errors.compare(data, call.before, call.after) for data in call.data]
    found = [word_errors.as_dict(row) for row in rows]
    print(word_errors.table(rows), end="")
    if call.out:
        save_json(call.out, found)
    if call.note:
        model_card.note(options.existing(call.note), word_errors=found)
    return DONE
