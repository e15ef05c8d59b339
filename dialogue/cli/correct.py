"""Correct a meeting's transcript and minutes; corrections are kept, and replayed when recognition runs again.

MEETING is the folder of a recording that `dialogue meeting` made: DIR/<recording>. SPEAKER is an id (spk2) or a name.
PLACE is an utterance (u12), words of it (u12:3-5, the first is 1) or two times (61.2-63 or 1:01-1:03); `dialogue
correct lines` shows the ids. After each correction every file of the meeting is brought up to date.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from dialogue.cli import options

if TYPE_CHECKING:
    from dialogue.corrections import Correction
    from dialogue.workflow.revision import Revision

EXAMPLES = """  dialogue correct rename out/meeting spk2 Camille
  dialogue correct merge out/meeting spk3 Camille
  dialogue correct split out/meeting u5 u6 --name Thomas
  dialogue correct move out/meeting u12:3-5 --to Thomas
  dialogue correct text out/meeting u12 "Le budget est de trois cents euros."
  dialogue correct cut out/meeting u12:4
  dialogue correct join out/meeting u12 u13
  dialogue correct omit out/meeting 61.2-75 --reason "hors procès-verbal"
  dialogue correct lines out/meeting
  dialogue correct items out/meeting
  dialogue correct edit out/meeting a1 --owner Camille --due 2023-11-30
  dialogue correct accept out/meeting v1
  dialogue correct reject out/meeting d2
  dialogue correct order out/meeting a2 --before a1
  dialogue correct undo out/meeting
  dialogue correct redo out/meeting
  dialogue correct log out/meeting
  dialogue correct diff out/meeting
  dialogue correct status out/meeting
  dialogue correct update out/meeting"""
REASON = "à ne pas utiliser"


def arguments(parser: argparse.ArgumentParser) -> None:
    (
        rename,
        merge,
        split,
        move,
        text,
        cut,
        join,
        omit,
        lines,
        items,
        edit,
        accept,
        reject,
        order,
        undo,
        redo,
        *reading,
    ) = options.actions(
        parser,
        EXAMPLES,
        rename=(_rename, "name a speaker, or the speaker of some lines only"),
        merge=(_merge, "make two speakers one"),
        split=(_split, "give utterances or words to a new speaker"),
        move=(_move, "give utterances or words to another speaker"),
        text=(_text, "rewrite words; those that stay keep their times"),
        cut=(_cut, "split an utterance before a word"),
        join=(_join, "make two successive utterances of a speaker one"),
        omit=(_omit, "mark words as not to be used: readers see the reason instead"),
        lines=(_lines, "list the utterances with their ids"),
        items=(_items, "list the items of the minutes with their ids"),
        edit=(_edit, "rewrite an item of the minutes"),
        accept=(_accept, "say that an item is right; one to verify goes into its list"),
        reject=(_reject, "take an item out of the minutes"),
        order=(_order, "put an item of the minutes elsewhere in its list"),
        undo=(_undo, "undo a correction (default: the latest)"),
        redo=(_redo, "redo a correction (default: the latest that was undone)"),
        log=(_log, "list all corrections"),
        diff=(_diff, "show what differs from the machine's transcript, and how much"),
        status=(_status, "say which corrections could not be replayed, and why"),
        update=(_update, "bring the files up to date, e.g. after an edit with --no-update"),
    )
    changing = (rename, merge, split, move, text, cut, join, omit, edit, accept, reject, order, undo, redo)
    for each in (*changing, lines, items, *reading):
        each.add_argument("meeting", type=Path, metavar="MEETING", help="folder DIR/<recording> of `dialogue meeting`")
    for each in (rename, merge):
        each.add_argument("speaker", metavar="SPEAKER", help="id or name")
    rename.add_argument("name", metavar="NAME", help="name, with any characters")
    rename.add_argument("--lines", nargs="+", metavar="PLACE", help="only these words of the speaker")
    merge.add_argument("into", metavar="INTO", help="id or name of the speaker who stays")
    for each in (split, move, omit):
        each.add_argument("places", nargs="+", metavar="PLACE", help="utterances, words or times")
    split.add_argument("--name", metavar="NAME", help="name of the new speaker")
    move.add_argument("--to", required=True, metavar="SPEAKER", help="id, name, or name of a new speaker")
    text.add_argument("place", metavar="PLACE", help="an utterance, or words of it")
    text.add_argument("text", metavar="TEXT", help="what was said")
    cut.add_argument("place", metavar="PLACE", help="word that begins the second utterance, e.g. u12:4")
    join.add_argument("first", metavar="UTTERANCE", help="first utterance")
    join.add_argument("second", metavar="UTTERANCE", help="the next one of the same speaker")
    omit.add_argument("--reason", default=REASON, metavar="TEXT", help=f"what readers see (default: {REASON})")
    for each in (edit, accept, reject, order):
        each.add_argument("item", metavar="ITEM", help="id that `dialogue correct items` shows")
    order.add_argument("--before", metavar="ITEM", help="item that it goes before (default: the end of the list)")
    edit.add_argument("--text", metavar="TEXT", help="the statement, or what is to be done")
    edit.add_argument("--owner", metavar="NAME", help="who does it; nobody if empty")
    edit.add_argument("--due", metavar="DATE", help="until when; no date if empty")
    edit.add_argument("--status", metavar="NAME", help="decided, proposed or rejected; of an action, open or done")
    for each in (undo, redo):
        each.add_argument("id", nargs="?", metavar="ID", help="correction, e.g. c3")
    for each in changing:
        each.add_argument("--by", metavar="NAME", help="who corrects (default: the user of this machine)")
        each.add_argument("--no-update", action="store_true", help="only write the correction down")
    reading[-1].add_argument("--model", action="store_true", help="the language model writes the minutes again")


def _change(call: argparse.Namespace, make: Callable[[Revision, str], Correction]) -> int:
    """Make a correction, write it down and bring the files up to date."""
    from dialogue.corrections.log import author
    from dialogue.workflow.revision import Revision

    revision = Revision(call.meeting)
    made = make(revision, call.by or author())
    if not made.id:  # not in the log yet
        made = revision.add(made)
    print(f"{made.id}: {made}")
    return options.DONE if call.no_update else _bring_up_to_date(revision)


def _bring_up_to_date(revision: Revision, model: bool = False) -> int:
    from dialogue.workflow import meeting

    result = revision.refresh(model)
    if result.failed:
        return options.report(result)
    _, config = meeting.recall(revision.folder)
    if config.minutes.model and not model:
        print(
            f"minutes: those of {config.minutes.model} stay; `dialogue correct update {revision.folder} --model` "
            "writes them again",
            file=sys.stderr,
        )
    for left in revision.unreplayed:
        print(f"not replayed: {left}", file=sys.stderr)
    print(revision.folder / "report.html", file=sys.stderr)
    return options.DONE


def _rename(call: argparse.Namespace) -> int:
    def make(revision: Revision, by: str) -> Correction:
        editor, speaker = revision.editor(by), revision.speaker(call.speaker)
        return editor.rename(speaker, call.name, call.lines or ())

    return _change(call, make)


def _merge(call: argparse.Namespace) -> int:
    return _change(call, lambda r, by: r.editor(by).merge(r.speaker(call.speaker), r.speaker(call.into)))


def _split(call: argparse.Namespace) -> int:
    return _change(call, lambda r, by: r.editor(by).split(call.places, call.name))


def _move(call: argparse.Namespace) -> int:
    return _change(call, lambda r, by: r.editor(by).move(call.places, r.speaker(call.to)))


def _text(call: argparse.Namespace) -> int:
    return _change(call, lambda r, by: r.editor(by).text(call.place, call.text))


def _cut(call: argparse.Namespace) -> int:
    return _change(call, lambda r, by: r.editor(by).cut(call.place))


def _join(call: argparse.Namespace) -> int:
    return _change(call, lambda r, by: r.editor(by).join(call.first, call.second))


def _omit(call: argparse.Namespace) -> int:
    return _change(call, lambda r, by: r.editor(by).omit(call.places, call.reason))


def _edit(call: argparse.Namespace) -> int:
    return _change(
        call, lambda r, by: r.minutes_editor(by).edit(call.item, call.text, call.owner, call.due, call.status)
    )


def _accept(call: argparse.Namespace) -> int:
    return _change(call, lambda r, by: r.minutes_editor(by).accept(call.item))


def _reject(call: argparse.Namespace) -> int:
    return _change(call, lambda r, by: r.minutes_editor(by).reject(call.item))


def _order(call: argparse.Namespace) -> int:
    return _change(call, lambda r, by: r.minutes_editor(by).order(call.item, call.before))


def _undo(call: argparse.Namespace) -> int:
    return _change(call, lambda r, by: r.undo(by, call.id))


def _redo(call: argparse.Namespace) -> int:
    return _change(call, lambda r, by: r.redo(by, call.id))


def _lines(call: argparse.Namespace) -> int:
    from dialogue.workflow.revision import Revision

    said = Revision(call.meeting).transcript
    for u in said:
        print(f"{u.id:6} {u.start:.1f}-{u.end:.1f} {said.name(u.speaker)}: {u.text}")
    return options.DONE


def _items(call: argparse.Namespace) -> int:
    from dialogue.corrections.minutes_items import listed
    from dialogue.workflow.revision import Revision

    for each in listed(Revision(call.meeting).minutes):
        known = each.anchor
        more = [f"{name}: {value}" for name, value in (("owner", known.owner), ("due", known.due)) if value]
        print(f"{each.id:4} {known.kind.replace('_', ' '):13} {'; '.join([known.text, *more])}".replace("\n", " / "))
    return options.DONE


def _log(call: argparse.Namespace) -> int:
    from dialogue.workflow.revision import Revision

    log = Revision(call.meeting).log
    undone = log.undone
    for each in log.corrections:
        print(f"{each.id:4} {each.at[:16]} {each.by}: {each}{' (undone)' if each.id in undone else ''}")
    for line in log.damaged:
        print(line, file=sys.stderr)
    return options.DONE


def _diff(call: argparse.Namespace) -> int:
    from dialogue.corrections.effort import changes, effort
    from dialogue.workflow.revision import Revision

    revision = Revision(call.meeting)
    if differing := changes(revision.machine, revision.transcript):
        print(f"{differing}\n")
    print(effort(revision.machine, revision.transcript))
    return options.DONE


def _status(call: argparse.Namespace) -> int:
    from dialogue.workflow.revision import Revision

    revision = Revision(call.meeting)
    left = revision.unreplayed
    print(f"{len(revision.log.active)} corrections in effect, {len(left)} could not be replayed")
    for line in (*left, *revision.log.damaged):
        print(f"  {line}")
    return options.SOME_FAILED if left else options.DONE


def _update(call: argparse.Namespace) -> int:
    from dialogue.workflow.revision import Revision

    return _bring_up_to_date(Revision(call.meeting), call.model)
