"""Recognise people in meetings by their voice: a directory of those who consented, and suggestions of who speaks.

A voice is kept only with the consent of the person, or of who may give it for them, for a purpose and until a day. What
is recognised is a suggestion until somebody accepts it. MEETING is the folder of a recording that `dialogue meeting`
made, or its id in the library. WHO is a name or an id that `dialogue people list` shows.
"""

from __future__ import annotations

import argparse
import shlex
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from dialogue.cli import options
from dialogue.cli.options import DONE, SOME_FAILED

if TYPE_CHECKING:
    from dialogue.library.directory import Consent, People, Person
    from dialogue.library.suggestions import Suggestion

EXAMPLES = """  dialogue people list
  dialogue people enrol Camille --meeting out/a --speaker spk1 --consent Camille --purpose notes --until 2027-12-31
  dialogue people enrol Thomas --sound thomas.wav --consent Thomas --purpose notes --until 2027-12-31
  dialogue people enrol Camille --add --meeting out/other --speaker spk3
  dialogue people recognise out/meeting
  dialogue people recognise out/meeting --trust
  dialogue people show Camille
  dialogue people forget Camille"""

MOST = 0.99  # probability that is shown: nothing that was measured justifies more


def arguments(parser: argparse.ArgumentParser) -> None:
    list_, enrol, recognise, forget, show = options.actions(
        parser,
        EXAMPLES,
        list=(_list, "list the people, and until when they consented"),
        enrol=(_enrol, "keep a person's voice, with their consent"),
        recognise=(_recognise, "suggest who the speakers of a meeting are"),
        forget=(_forget, "remove people: records, samples and suggestions"),
        show=(_show, "show what is kept of a person"),
    )
    enrol.add_argument("name", metavar="NAME", help="the person's name, with any characters")
    enrol.add_argument("--meeting", type=Path, metavar="MEETING", help="meeting in which they speak")
    enrol.add_argument("--speaker", metavar="SPEAKER", help="which of its speakers: id (spk2) or name")
    enrol.add_argument("--sound", type=Path, metavar="FILE", help="or a recording in which only they speak")
    enrol.add_argument("--consent", metavar="WHO", help="who consented: the person, or who may for them")
    enrol.add_argument("--purpose", metavar="TEXT", help="what for")
    enrol.add_argument("--until", metavar="DATE", help="last day on which the voice may be used")
    enrol.add_argument("--on", metavar="DATE", help="when they consented (default: today)")
    same = enrol.add_mutually_exclusive_group()
    same.add_argument("--add", action="store_true", help="another sample of a person who is there")
    same.add_argument("--namesake", action="store_true", help="another person who has the same name")
    recognise.add_argument("meeting", type=Path, metavar="MEETING", help="folder, or id in the library")
    recognise.add_argument("--trust", action="store_true", help="name the speakers as suggested, in all files")
    forget.add_argument("who", nargs="*", metavar="WHO", help="names or ids")
    forget.add_argument("--expired", action="store_true", help="everyone whose consent has expired")
    forget.add_argument("--names", action="store_true", help="also undo the corrections that gave speakers the name")
    show.add_argument("who", metavar="WHO", help="name or id")
    for action in (list_, enrol, recognise, forget, show):
        options.add_library(action)
        action.add_argument(
            "--key-file",
            type=Path,
            metavar="FILE",
            help="key that encrypts the directory (default: $DIALOGUE_PEOPLE_KEY)",
        )


def _people(call: argparse.Namespace) -> People:
    from dialogue.library.directory import People

    return People(call.library, call.owner, options.people_key(call))


def _meeting(call: argparse.Namespace, people: People) -> Path:
    inside: Path = people.folder.parent / call.meeting
    return inside if not call.meeting.is_dir() and inside.is_dir() else call.meeting


def _list(call: argparse.Namespace) -> int:
    people = _people(call)
    for person in people.everyone():
        until = f"expired {person.consent.until}" if person.consent.expired else f"until {person.consent.until}"
        print(f"{person.id}  {person.name}  {until}  {_count(person)}")
    return _problems(people.problems.values())


def _count(person: Person) -> str:
    seconds = sum(s.seconds for s in person.samples)
    return f"{len(person.samples)} sample{'s' * (len(person.samples) != 1)}, {seconds:.0f} s"


def _problems(found: object) -> int:
    problems = list(found)  # type: ignore[call-overload]
    for problem in problems:
        print(problem, file=sys.stderr)
    return SOME_FAILED if problems else DONE


def _show(call: argparse.Namespace) -> int:
    people = _people(call)
    person = people.get(call.who)
    consent = person.consent
    print(f"{person.id}  {person.name}")
    print(f"consent   {consent.by}, on {consent.at}, until {consent.until}{' (expired)' * consent.expired}")
    print(f"purpose   {consent.purpose}")
    print(f"owner     {person.owner}")
    for s in person.samples:
        print(f"sample    {s.id}  {s.added}  {s.source}  {s.seconds:.1f} s  {s.model}")
    return _problems(people.voiceprints(person)[1])


def _consent(call: argparse.Namespace) -> Consent | None:
    from dialogue.library.directory import Consent, PeopleError

    given = {"--consent": call.consent, "--purpose": call.purpose, "--until": call.until}
    missing = [name for name, value in given.items() if not value]
    if len(missing) == len(given) and call.add:
        return None
    if missing:
        raise PeopleError(
            f"no voice is kept without consent: {', '.join(missing)} missing. Accepted: who consented, for what "
            "purpose, and until which day."
        )
    return Consent(call.consent, call.purpose, call.until, *([call.on] if call.on else []))


def _enrol(call: argparse.Namespace) -> int:
    from dialogue.library import voice_samples
    from dialogue.library.directory import PeopleError

    people, consent = _people(call), _consent(call)
    if consent:
        consent = consent.checked()  # before anything is listened to
    if bool(call.meeting) == bool(call.sound) or bool(call.speaker) != bool(call.meeting):
        raise PeopleError("where is the voice? Accepted: --meeting MEETING --speaker SPEAKER, or --sound FILE.")
    if call.sound:
        recording, speaker = voice_samples.of_file(call.sound), "spk1"
    else:
        recording = voice_samples.of_meeting(_meeting(call, people))
        speaker = recording.speaker(call.speaker)
    sample, source = recording.sample(speaker), recording.name if call.sound else f"{recording.name} {speaker}"
    if call.add or consent is None:
        person = people.add(call.name, sample, consent, source=source)
    else:
        person = people.enrol(call.name, sample, consent, source=source, namesake=call.namesake)
    print(f"{person.id}  {person.name}: {sample.seconds:.1f} s of clean speech, {_count(person)} in all")
    return DONE


def _recognise(call: argparse.Namespace) -> int:
    from dialogue.library import voice_samples
    from dialogue.library.suggestions import suggest

    people = _people(call)
    folder = _meeting(call, people)
    recording = voice_samples.of_meeting(folder, with_sound=False)
    found, problems = suggest(people, recording)
    for each in found:
        print(_line(each, recording.said.name(each.speaker), folder))
    if call.trust:
        _accept(folder, found)
    _problems(problems)
    return DONE


def _line(found: Suggestion, named: str, folder: Path) -> str:
    """Say who a speaker may be, and how to accept that unless they have a name."""
    who = found.speaker if named == found.speaker else f"{found.speaker} ({named})"
    if found.name is None:
        return f"{who}: {found.note}"
    basis = f"{found.seconds:.0f} s heard, samples {', '.join(found.samples)}"
    basis += f"; {found.note}" if found.note else ""
    line = f"{who}: perhaps {found.name}, {min(found.probability or 0, MOST):.0%} ({basis})"
    if named != found.speaker:
        return line
    accepted = shlex.join(["dialogue", "correct", "rename", str(folder), found.speaker, found.name])
    return f"{line}\n    to accept: {accepted}"


def _accept(folder: Path, found: list[Suggestion]) -> None:
    from dialogue.library.suggestions import BY, accept
    from dialogue.workflow.revision import Revision

    revision = Revision(folder)
    for suggestion in found:
        if suggestion.name is not None:
            print(accept(revision, suggestion, BY))
    revision.refresh()


def _forget(call: argparse.Namespace) -> int:
    from dialogue.library.directory import PeopleError

    people = _people(call)
    expired = [p.id for p in people.everyone() if p.consent.expired] if call.expired else []
    if not call.who and not call.expired:
        raise PeopleError("whom? Accepted: WHO, or --expired.")
    for who in dict.fromkeys([*call.who, *expired]):
        known = {p.id: p.name for p in people.everyone()}
        id = people.forget(who)
        print(f"{id}: forgotten")
        if id in known:
            _names(people, known[id], call.names)
    return DONE


def _names(people: People, name: str, undo: bool) -> None:
    """Say in which meetings of the library corrections give speakers a name, or undo those."""
    from dialogue.library.suggestions import namings

    for revision, made in namings(people.folder.parent, name):
        for correction in made if undo else ():
            print(f"{revision.id}: {revision.undo('dialogue people', correction.id)}")
        if undo:
            revision.refresh()
        else:
            print(f"{revision.id}: the name that was given to a speaker stays; --names undoes that")
