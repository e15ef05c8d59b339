"""Keep meetings in a library: add them, list and search them, follow what was promised, work on what waits.

A library is a folder. Meetings are found by what was said in them and by title, date and tags.
"""

from __future__ import annotations

import argparse
import datetime
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from dialogue.cli import options
from dialogue.cli.options import DONE, SOME_FAILED

if TYPE_CHECKING:
    from dialogue.library.job_files import Job
    from dialogue.library.meetings import Library
    from dialogue.workflow.config import Config

EXAMPLES = """  dialogue library add meeting.m4a --title "Comité" --date 2023-10-12 --tags "budget, concert"
  dialogue library work
  dialogue library list --tag concert
  dialogue library show meeting
  dialogue library set meeting --title "Comité de rentrée"
  dialogue library search 'partitions "avant vendredi" speaker:Camille date:2023-10'
  dialogue library actions --who Camille
  dialogue library decisions
  dialogue library rerun meeting --speakers 4
  dialogue library jobs
  dialogue library cancel 00000012-5f0c2a9e
  dialogue library rm --expired
  dialogue library rebuild"""


def arguments(parser: argparse.ArgumentParser) -> None:
    actions = options.actions(
        parser,
        EXAMPLES,
        add=(_add, "add recordings, which wait to be processed, or folders that `dialogue meeting` made"),
        work=(_work, "process the recordings that wait"),
        list=(_list, "list the meetings, the latest first"),
        show=(_show, "show what is known about a meeting, and where its files are"),
        set=(_set, "change what is known about a meeting"),
        search=(_search, "find what was said and what the minutes hold; words, phrases, speaker: date: tag: in:"),
        actions=(_follow, "list the open tasks of all meetings, and what later meetings say of them"),
        decisions=(_follow, "list the decisions of all meetings, and what later meetings say of them"),
        rerun=(_rerun, "process meetings again, with other options if any are given"),
        jobs=(_jobs, "list what waits and what is being processed, with the time left"),
        cancel=(_cancel, "cancel a job, even one that is being processed"),
        rm=(_rm, "delete meetings with all their files"),
        rebuild=(_rebuild, "make the index anew from the files"),
    )
    add, work, list_, show, set_, search, follow, decisions, rerun, jobs, cancel, rm, _ = actions
    for action in actions:
        options.add_library(action)
    add.add_argument("path", nargs="+", type=Path, metavar="PATH", help="recording, or folder of a meeting")
    add.add_argument("--copy", action="store_true", help="keep a copy of the recording, and not a link to it")
    add.add_argument("--agenda", type=Path, metavar="FILE", help="agenda as text or Markdown")
    add.add_argument("--glossary", type=Path, metavar="FILE", help="names and terms, one per line")
    _add_facts(add)
    for action in (add, rerun):
        options.add_recognition(action)
        options.add_speakers(action)
        options.add_minutes_model(action)
        options.add_documents(action)
        options.add_config(action)
        action.add_argument(
            "--priority", type=int, default=0, metavar="N", help="from -9 to 9; higher ones go first (default: 0)"
        )
        action.add_argument("--webhook", metavar="URL", help="address that is told how it ended, signed")
    work.add_argument("--forever", action="store_true", help="wait for other recordings")
    list_.add_argument("--tag", help="only meetings with this tag")
    list_.add_argument("--expired", action="store_true", help="only meetings that should no longer be kept")
    show.add_argument("meeting", metavar="ID", help="meeting, as it is listed")
    set_.add_argument("meeting", metavar="ID", help="meeting, as it is listed")
    _add_facts(set_)
    search.add_argument("query", nargs="+", metavar="QUERY", help='words, "phrases", beginnings*, and filters')
    search.add_argument("--count", type=options.number, default=20, metavar="N", help="most results (default: 20)")
    for action in (follow, decisions):
        action.add_argument("--who", metavar="NAME", help="only those of this person")
        action.add_argument("--all", action="store_true", help="with those that are done, or were rejected")
        action.add_argument("--count", type=options.number, default=50, metavar="N", help="most items (default: 50)")
    rerun.add_argument("meeting", nargs="+", metavar="ID", help="meetings, as they are listed")
    jobs.add_argument("--all", action="store_true", help="with those that have ended")
    cancel.add_argument("job", nargs="+", metavar="JOB", help="jobs, as they are listed")
    rm.add_argument("meeting", nargs="*", metavar="ID", help="meetings, as they are listed")
    rm.add_argument("--expired", action="store_true", help="those that should no longer be kept")


def _add_facts(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--title", help="title of the meeting")
    parser.add_argument("--date", metavar="DATE", help="date of the meeting, 2023-10-12 or 12/10/2023")
    parser.add_argument("--tags", metavar="NAMES", help="tags separated by commas")
    parser.add_argument("--participants", metavar="NAMES", help="names separated by commas")
    parser.add_argument("--consent", metavar="WHO", help="who consented to the recording")
    parser.add_argument("--purpose", metavar="TEXT", help="what they consented to")
    parser.add_argument("--until", metavar="DATE", help="last day for which they did")
    parser.add_argument("--keep-until", metavar="DATE", help="last day on which the meeting may be kept")


def _opened(call: argparse.Namespace) -> Library:
    from dialogue.library.meetings import Library

    return Library(call.library, call.owner)


def _facts(call: argparse.Namespace) -> dict[str, Any]:
    from dialogue.library.consent import Consent

    lists = {
        name: [part.strip() for part in value.split(",")]
        for name in ("tags", "participants")
        if (value := getattr(call, name)) is not None
    }
    known = options.given(title=call.title, date=call.date, keep_until=call.keep_until)
    if call.consent:
        known["consent"] = Consent(call.consent, call.purpose or "", call.until or "")
    return {**known, **lists}


# Meetings ---------------------------------------------------------------------------------------------------------


def _add(call: argparse.Namespace) -> int:
    from dialogue.library.jobs import Queue
    from dialogue.library.webhook import secret
    from dialogue.minutes.agenda_file import read_agenda

    library, facts = _opened(call), _facts(call)
    if call.webhook:
        secret()
    if call.agenda:
        read_agenda(call.agenda)  # its errors now, not when the meeting is processed
    given = options.given(agenda=call.agenda, glossary=call.glossary)
    facts |= {name: path.read_text(encoding="utf-8-sig") for name, path in given.items()}
    changes = _changes(_config(call))
    code = DONE
    for path in call.path:
        try:
            id = library.add(path, copy=call.copy, options=changes, **facts)
            if not path.is_dir():
                job = Queue(library).submit(id, call.priority, call.webhook)
        except (OSError, ValueError) as error:
            print(f"{path}: not added. {error}", file=sys.stderr)
            code = SOME_FAILED
            continue
        print(f"{id}: added" if path.is_dir() else f"{id}: waits as job {job.id}. Type: dialogue library work")
    return code


def _config(call: argparse.Namespace) -> Config:
    return options.config_of(
        call,
        asr=options.given(language=call.language, engine=call.engine),
        minutes=options.given(model=call.model),
        documents=options.documents_of(call),
        speakers=options.speakers_of(call),
    )


def _changes(config: Config) -> dict[str, Any]:
    """Return the options that differ from the defaults."""
    from dialogue.core.config import to_dict
    from dialogue.workflow.config import Config

    default, found = to_dict(Config()), {}
    for section, values in to_dict(config).items():
        if isinstance(values, dict):
            values = {k: v for k, v in values.items() if v != default[section].get(k)}
        if values and values != default[section]:
            found[section] = values
    return found


def _list(call: argparse.Namespace) -> int:
    from dialogue.library.jobs import Queue
    from dialogue.privacy import retention

    library = _opened(call)
    terms = retention.terms_of(library.folder)
    waiting = {job.meeting: job for job in Queue(library).list(waiting=True)}
    for entry in library.list(call.tag, call.expired):
        job = waiting.get(entry.id)
        parts = [entry.id, entry.date or "-", _length(entry.duration), entry.title or "-"]
        parts += [f"[{', '.join(entry.tags)}]"] * bool(entry.tags)
        parts += [_progress(job)] if job else [entry.problem] if entry.problem else []
        parts += [f"{what} until {end}" for what, end in retention.ends(entry, terms).items()]
        print("  ".join(map(_line, parts)))
    return DONE


def _show(call: argparse.Namespace) -> int:
    from dialogue.library.jobs import Queue
    from dialogue.privacy import retention

    library = _opened(call)
    entry, facts = library.get(call.meeting), library.facts(call.meeting)
    ends = retention.ends(entry, retention.terms_of(library.folder))
    sound = library.sound(entry.id)
    lost = f"deleted (it was {entry.sound})" if entry.sound else "not in the library"
    rows = {
        "title": entry.title,
        "date": entry.date,
        "length": _length(entry.duration),
        "participants": ", ".join(entry.participants),
        "tags": ", ".join(entry.tags),
        "owner": entry.owner,
        "added": entry.added,
        "kept": "; ".join(f"{what} until {end}" for what, end in ends.items()),
        "consent": facts.consent and f"by {facts.consent.by} on {facts.consent.at}, for {facts.consent.purpose}",
        "options": facts.options and str(facts.options),
        "sound": sound or lost,
        "folder": library.folder / entry.id,
        "page": library.page(entry.id),
        "problem": entry.problem,
    }
    for name, value in rows.items():
        if value:
            print(f"{name:13}{_line(str(value))}")
    for job in Queue(library).list():
        if job.meeting == entry.id:
            print(f"{'job':13}{job.id}  {_line(_progress(job))}")
    return DONE


def _set(call: argparse.Namespace) -> int:
    _opened(call).change(call.meeting, **_facts(call))
    return DONE


def _rm(call: argparse.Namespace) -> int:
    library = _opened(call)
    expired = [entry.id for entry in library.list(expired=True)] if call.expired else []
    for id in dict.fromkeys([*call.meeting, *expired]):
        library.remove(id)
        print(f"{id}: deleted")
    return DONE


def _rebuild(call: argparse.Namespace) -> int:
    from dialogue.library.meetings import Library

    print(f"{Library(call.library, user=None).rebuild()} meetings indexed")
    return DONE


# What is in them --------------------------------------------------------------------------------------------------


def _search(call: argparse.Namespace) -> int:
    from dialogue.library.search import search

    hits = search(_opened(call), " ".join(call.query), call.count)
    for hit in hits:
        where = [
            hit.meeting,
            hit.date or "-",
            _clock(hit.start),
            hit.kind if hit.kind != "words" else hit.speaker or "?",
        ]
        text = hit.text
        for begin, end in reversed(hit.marks):
            text = f"{text[:begin]}*{text[begin:end]}*{text[end:]}"
        print(f"{'  '.join(map(_line, where))}\n    {_line(text)}")
        if hit.link:
            print(f"    {hit.link}")
    if not hits:
        print("nothing found", file=sys.stderr)
    return DONE if hits else SOME_FAILED


def _follow(call: argparse.Namespace) -> int:
    from dialogue.library.follow_up import follow

    kind: Any = {"actions": "action", "decisions": "decision"}[call.action]
    today = f"{datetime.date.today()}"
    for item in follow(_opened(call), kind, who=call.who, done=call.all, count=call.count):
        parts = [item.meeting.id, item.meeting.date or "-", _clock(item.start)]
        parts += [item.who or "?"] * (kind == "action") + [f"until {item.due}"] * bool(item.due)
        parts += ["OVERDUE"] * item.overdue(today) + [item.status] * (item.status != "open")
        print(f"{'  '.join(map(_line, parts))}\n    {_line(item.what)}")
        for later in item.later:
            said = {"done": "later, said to be done", "reversed": "later, said to be given up"}.get(later.says, "later")
            where = f"{later.meeting} {later.date or '-'} {_clock(later.start)}, {later.speaker or '?'}"
            print(f"    {said}: {_line(where)}: « {_line(later.quote)} »")
    return DONE


# The queue --------------------------------------------------------------------------------------------------------


def _work(call: argparse.Namespace) -> int:
    ended = work_on(_opened(call), forever=call.forever)
    return SOME_FAILED if "failed" in ended else DONE


def work_on(library: Library, **how: Any) -> set[str]:
    """Work on the queue of a library, and say what begins and ends; returns how jobs ended."""
    from dialogue.library.worker import work

    ended: set[str] = set()

    def say(job: Job) -> None:
        ended.add(job.state)
        print(f"{_line(job.meeting)}: {_line(_progress(job))}", file=sys.stderr, flush=True)

    work(library.folder, say=say, **how)
    return ended


def _rerun(call: argparse.Namespace) -> int:
    from dialogue.library.jobs import Queue
    from dialogue.library.webhook import secret

    library, changes = _opened(call), _changes(_config(call))
    if call.webhook:
        secret()
    for id in call.meeting:
        known = library.facts(id).options
        library.change(id, options={**known, **{k: {**known.get(k, {}), **v} for k, v in changes.items()}})
        job = Queue(library).submit(id, call.priority, call.webhook)
        print(f"{id}: waits as job {job.id}. Type: dialogue library work")
    return DONE


def _jobs(call: argparse.Namespace) -> int:
    from dialogue.library.jobs import Queue

    for job in Queue(_opened(call)).list(waiting=not call.all):
        print(f"{job.id}  {_line(job.meeting)}  {_line(_progress(job))}")
    return DONE


def _cancel(call: argparse.Namespace) -> int:
    from dialogue.library.jobs import Queue

    queue = Queue(_opened(call))
    for id in call.job:
        queue.cancel(id)
    return DONE


# Lines ------------------------------------------------------------------------------------------------------------


def _progress(job: Job) -> str:
    from dialogue.core.progress import rough_duration

    if job.state != "running":
        return f"{job.state}: {job.cause}" if job.cause else job.state
    left = f", about {rough_duration(job.seconds_left)} left" if job.seconds_left else ""
    return f"{100 * job.share:.0f} %, {job.step}{left}" if job.step else "running"


def _line(text: str) -> str:
    """Return what people wrote on one line, without characters that could steer a terminal."""
    return "".join(c if c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in " ".join(text.split()))


def _clock(seconds: float | None) -> str:
    from dialogue.minutes.documents.outline import clock

    return "-" if seconds is None else clock(seconds)


def _length(seconds: float | None) -> str:
    return "-" if seconds is None else f"{seconds / 60:.0f} min"
