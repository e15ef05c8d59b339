"""Corrections last: on the same transcript exactly, on another recognition or clustering by time and words."""

import contextlib
import random
from collections import Counter
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dialogue.core.transcript import Transcript
from dialogue.corrections import Correction, CorrectionError, Editor, Log, Unreplayed, corrected, replayed
from dialogue.corrections.application import apply
from dialogue.corrections.draft import NEAR, Draft
from tests.corrections.meetings import meeting, recognised_again

JITTER = 0.2  # seconds by which a word that is recognised again may be shorter
NAMES = ["Camille", "Thomas", "Nadia", "Julien", "Zoé", "Ève", "Karim", "Anh"]


class Session:
    """A person who corrects a meeting: the log grows, and each correction is made on what it then gives."""

    def __init__(self, machine: Transcript) -> None:
        self.machine = machine
        self.log = Log()
        self.left: tuple[Unreplayed, ...] = ()
        self.refresh()

    def refresh(self) -> None:
        self.draft, self.left = replayed(self.machine, self.log.active)
        self.editor = Editor(self.draft, "Anne")
        self.now = self.draft.finished()

    def take(self, correction: Correction) -> Correction:
        made = replace(correction, id=f"c{len(self.log.corrections) + 1}", at="2026-11-26T10:00:00+00:00")
        made = Correction.from_dict(made.to_dict())  # as read from the disk
        self.log = Log((*self.log.corrections, made))
        self.refresh()
        return made

    def undo(self, id: str | None = None) -> None:
        self.take(Correction("", "", "Anne", self.machine.recording, "undo", target=self.log.to_undo(id)))

    def redo(self, id: str | None = None) -> None:
        self.take(Correction("", "", "Anne", self.machine.recording, "redo", target=self.log.to_redo(id)))

    def names(self) -> dict[str, str]:
        return {s.name: s.id for s in self.now.speakers if s.name}

    def correct_at_random(self, chance: random.Random) -> None:
        """Correct something; what is refused is not corrected."""
        heard = [s.id for s in self.now.speakers]
        utterance = chance.choice(self.now.utterances)
        words = len(utterance.text.split())
        first = chance.randint(1, words)
        some = f"{utterance.id}:{first}-{chance.randint(first, words)}"
        do = chance.choice(
            ["rename"] * 4 + ["merge", "move", "move", "split", "text", "text", "cut", "join", "omit", "undo", "redo"]
        )
        try:
            if do == "rename":
                self.take(self.editor.rename(chance.choice(heard), chance.choice(NAMES)))
            elif do == "merge" and len(heard) > 2:
                self.take(self.editor.merge(*chance.sample(heard, 2)))
            elif do == "move":
                self.take(self.editor.move([some], chance.choice(heard)))
            elif do == "split":
                self.take(self.editor.split([utterance.id], chance.choice([None, chance.choice(NAMES)])))
            elif do == "text":
                self.take(self.editor.text(some, " ".join(chance.sample(["un", "mot", "tout", "neuf"], 3))))
            elif do == "cut":
                self.take(self.editor.cut(f"{utterance.id}:{first}"))
            elif do == "join":
                own = [u.id for u in self.now if u.speaker == utterance.speaker]
                place = own.index(utterance.id)
                self.take(self.editor.join(own[place], own[place - 1]))
            elif do == "omit":
                self.take(self.editor.omit([some], "hors procès-verbal"))
            elif do == "undo":
                self.undo(chance.choice([None, chance.choice([c.id for c in self.log.active] or [None])]))
            elif do == "redo":
                self.redo()
        except CorrectionError:
            pass


@pytest.fixture
def session() -> Session:
    return Session(meeting())


def words_of(transcript: Transcript, speaker: str) -> Counter[str]:
    return Counter(w for u in transcript if u.speaker == speaker for w in u.text.split())


@settings(max_examples=30)
@given(st.integers(0, 10**6))
def test_replay_is_exact_and_idempotent_on_the_same_transcript(seed: int) -> None:
    chance = random.Random(seed)
    session = Session(meeting(seed % 7, turns=15))
    for _ in range(12):
        session.correct_at_random(chance)
    undone = any(c.do == "undo" for c in session.log.corrections)
    assert undone or session.left == ()
    assert corrected(session.machine, session.log.active)[0] == session.now
    step_by_step = Draft(session.machine)
    for correction in session.log.active:
        with contextlib.suppress(CorrectionError):
            apply(step_by_step, correction)
    assert step_by_step.finished() == session.now


@settings(max_examples=30)
@given(st.integers(0, 10**6))
def test_undo_then_redo_is_the_identity(seed: int) -> None:
    chance = random.Random(seed)
    session = Session(meeting(seed % 7, turns=15))
    for _ in range(8):
        session.correct_at_random(chance)
    if session.log.active:
        before = session.now
        chosen = chance.choice([c.id for c in session.log.active])
        session.undo(chosen)
        session.redo(chosen)
        assert session.now == before


def seconds_of_names(transcript: Transcript, others: Transcript) -> dict[str, dict[str, float]]:
    """Return, for each name, the seconds that each speaker of another transcript shares with it."""
    name = {s.id: s.name for s in transcript.speakers}
    found: dict[str, dict[str, float]] = {}
    for u in transcript:
        for other in others if name.get(u.speaker) else ():
            shared = min(u.end, other.end) - max(u.start, other.start)
            if shared > 0:
                own = found.setdefault(name[u.speaker], {})
                own[other.speaker] = own.get(other.speaker, 0.0) + shared
    return found


@pytest.mark.parametrize("seed", range(100))
def test_names_are_kept_through_edits_and_runs_with_other_numbers_of_speakers(seed: int) -> None:
    chance = random.Random(seed)
    truth = meeting(seed, turns=30, speakers=chance.randint(2, 6))
    session = Session(recognised_again(truth, seed))
    for first in (True, False, False):
        for _ in range(6):
            session.correct_at_random(chance)
        before, names = session.now, session.names()
        session.machine = recognised_again(truth, chance.randrange(10**6), chance.randint(2, 6))
        session.refresh()
        now = session.names()
        assert set(names) <= set(now), [str(left) for left in session.left]
        for name, seconds in (seconds_of_names(before, session.now) if first else {}).items():
            unnamed = [spoken for speaker, spoken in seconds.items() if speaker not in now.values()]
            assert seconds[now[name]] + JITTER >= NEAR * max(unnamed, default=0.0)
