"""Score transcripts, minutes or replies against those of people."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from dialogue.cli import options
from dialogue.cli.options import DONE, SOME_FAILED

EXAMPLES = """  dialogue score transcripts data --transcripts exp/transcript --out exp/scores.json
  dialogue score turns references systems/ours --collar 0.25
  dialogue score systems references systems/ours systems/theirs --out scores
  dialogue score minutes data --minutes exp/minutes --transcripts exp/transcript --out exp/minutes.json
  dialogue score replies tasks/test.jsonl --model models/debates --out exp/replies.json
  dialogue score ratings anne.csv luc.csv --key rate.key.json"""


def arguments(parser: argparse.ArgumentParser) -> None:
    transcripts, turns, systems, minutes, replies, ratings = options.actions(
        parser,
        EXAMPLES,
        transcripts=(_transcripts, "score who said what, when, against references"),
        turns=(
            _turns,
            "score who spoke when, RTTM against RTTM, without sound or words",
            "  dialogue score turns references systems/ours --collar 0.25 --skip-overlap --uem all.uem",
        ),
        systems=(_systems, "compare who spoke when according to several systems: tables with intervals, and a plot"),
        minutes=(
            _minutes,
            "score minutes against those that people wrote, by words, and by place if they say where items were said; "
            "and measure the cost of recognition errors",
            "  dialogue score minutes data --minutes exp/minutes --transcripts exp/transcript --against "
            "exp/minutes_of_reference --out exp/minutes.json\n"
            "  dialogue score minutes data/test --minutes exp/minutes --transcripts data/reference "
            "--systems lead30b=summaries --sheet rate.csv --out scores.json",
        ),
        replies=(_replies, "score the replies of a language model against the turns that people said"),
        ratings=(_ratings, "evaluate sheets that people rated"),
    )
    for sub in (turns, systems):
        sub.add_argument("references", type=Path, metavar="REFERENCES", help="RTTM file, or folder of RTTM files")
        sub.add_argument("--uem", type=Path, metavar="FILE", help="scored zones: UEM file or folder")
    turns.add_argument("turns", type=Path, metavar="SYSTEM", help="the same of a system; recordings match by id")
    systems.add_argument(
        "systems", nargs="+", type=Path, metavar="SYSTEM", help="folder of a system, which is called like it"
    )
    systems.add_argument(
        "--groups", type=Path, metavar="FILE", help="CSV, input_file and group: a table for each group of recordings"
    )
    systems.add_argument(
        "--out", required=True, type=Path, metavar="DIR", help="folder to write: systems.md, .svg, .json"
    )
    turns.add_argument(
        "--collar",
        type=options.amount,
        default=0.0,
        metavar="S",
        help="seconds around boundaries (default: 0)",
    )
    turns.add_argument("--skip-overlap", action="store_true", help="do not score overlapping speech")
    turns.add_argument("--out", type=Path, metavar="FILE", help="JSON file to write")
    for sub in (transcripts, minutes):
        sub.add_argument("data", type=Path, metavar="DATA", help="output of prepare, or one split of it")
        sub.add_argument(
            "--transcripts",
            required=True,
            type=Path,
            metavar="DIR",
            help="output of attribute, or the transcripts that minutes were made from",
        )
    for sub in (transcripts, minutes, replies):
        sub.add_argument("--out", required=True, type=Path, metavar="FILE", help="JSON file to write")
    transcripts.add_argument(
        "--gates",
        type=Path,
        metavar="FILE",
        help="worst scores that pass, if the configuration has none: the first run writes the file, later ones compare",
    )
    options.add_config(transcripts)
    minutes.add_argument("--minutes", required=True, type=Path, metavar="DIR", help="output of minutes")
    minutes.add_argument(
        "--against",
        type=Path,
        metavar="DIR",
        help="minutes written from the reference transcripts; the difference is the cost of recognition errors",
    )
    minutes.add_argument(
        "--systems", nargs="+", default=[], metavar="NAME=DIR", help="summaries by other systems, DIR/<id>.txt"
    )
    minutes.add_argument(
        "--sheet", type=Path, metavar="FILE", help="CSV file for people to rate; its key is written to the same folder"
    )
    replies.add_argument(
        "data", type=Path, metavar="TEST", help="examples of `dialogue tasks --kind reply`, JSON lines"
    )
    replies.add_argument("--model", required=True, metavar="NAME", help="language model: name or transformers folder")
    replies.add_argument(
        "--form",
        choices=("continuation", "reply"),
        default="reply",
        help="kind of task that the model was finetuned on: to continue dialogues, or to answer a request for the turn "
        "(default)",
    )
    replies.add_argument("--examples", type=options.number, metavar="N", help="score only the first N examples")
    ratings.add_argument("sheets", nargs="+", type=Path, metavar="SHEET", help="rated sheets, CSV")
    ratings.add_argument("--key", required=True, type=Path, metavar="FILE", help="key: which system wrote which text")


def _transcripts(call: argparse.Namespace) -> int:
    from dialogue.experiments import results

    config = options.config_of(call)
    scores, failures = results.score_experiment(
        call.data,
        call.transcripts,
        call.out,
        level=config.normalization,
        gates=config.gates,
        measured_gates=call.gates,
    )
    print(scores.table())
    for failure in failures:
        print(f"gate: {failure}", file=sys.stderr)
    return SOME_FAILED if failures or scores.missing else DONE


def _turns(call: argparse.Namespace) -> int:
    from dialogue.core.files import save_json
    from dialogue.scoring import turn_scores

    scores = turn_scores.score_turns(
        turn_scores.read_turns(call.references),
        turn_scores.read_turns(call.turns),
        turn_scores.read_zones(call.uem),
        call.collar,
        not call.skip_overlap,
    )
    if call.out:
        save_json(call.out, scores.to_dict())
    print(scores.table(), end="")
    return SOME_FAILED if scores.missing else DONE


def _systems(call: argparse.Namespace) -> int:
    from dialogue.experiments import system_scores
    from dialogue.scoring import turn_scores

    references, zones = turn_scores.read_turns(call.references), turn_scores.read_zones(call.uem)
    found = system_scores.score_systems(references, call.systems, call.out, zones, call.groups)
    print((call.out / "systems.md").read_text(encoding="utf-8"), end="")
    for problem in (sentence for system in found for sentence in system.problems()):
        print(problem, file=sys.stderr)
    return SOME_FAILED if any(system.missing for system in found) else DONE


def _minutes(call: argparse.Namespace) -> int:
    from dialogue.experiments import minutes_results

    systems = minutes_results.named_folders(call.systems)
    scores = minutes_results.score_minutes(
        call.data, call.minutes, call.transcripts, call.out, call.against, systems, sheet=call.sheet
    )
    print(scores.table())
    return SOME_FAILED if scores.missing or scores.stale else DONE


def _replies(call: argparse.Namespace) -> int:
    from dialogue import llm
    from dialogue.answers.respond import raw_reply
    from dialogue.core.files import save_text
    from dialogue.learning import reply_scores, tasks

    model = llm.load(call.model, engine="transformers")
    examples = tasks.read(call.data)[: call.examples]
    # bits are measured on the prompt that asks for the turn
    bits = reply_scores.likelihood(model) if call.form == "reply" else None
    scores = reply_scores.score_replies(examples, lambda e: raw_reply(model, e, form=call.form), bits)
    save_text(call.out, scores.to_json())
    print(scores.table())
    return DONE


def _ratings(call: argparse.Namespace) -> int:
    from dialogue.scoring.rating_sheet import read_ratings

    print(read_ratings(call.sheets, call.key).table())
    return DONE
