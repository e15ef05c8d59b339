"""The development meeting: all items of its reference minutes are found, and nothing is invented."""

from dataclasses import replace

import pytest

from dialogue.french.text import overlap
from dialogue.minutes import write_minutes
from tests.minutes.meetings import as_recognised, development_meeting

ACTIONS = [
    ("préparer les partitions", "Julien", "2023-10-20"),
    ("rédiger et envoyer la partie juridique du plan de gestion des données", "Thomas", "2023-11-30"),
    ("réserver une carte graphique pour les mesures", "Nadia", "2023-10-16"),
]
DECISIONS = [
    "commencer par le corpus de réunions (les débats sont gardés pour le résumé)",
    "geler les partitions avant le premier entraînement",
    "montrer la démonstration au comité le 15 décembre",
]


@pytest.fixture(params=["reference", "as recognised"])
def minutes(request):
    transcript = development_meeting()
    if request.param == "as recognised":
        transcript = as_recognised(transcript)
    return write_minutes(transcript, date="2023-10-12")


def test_the_actions_with_owner_and_date(minutes):
    assert [(a.owner, a.due_iso) for a in minutes.actions] == [(owner, due) for _, owner, due in ACTIONS]
    for action, (what, _, _) in zip(minutes.actions, ACTIONS, strict=True):
        assert overlap(action.what, what) >= 0.6, action.what


def test_the_decisions(minutes):
    assert [d.status for d in minutes.decisions] == ["decided"] * 3
    for decision, expected in zip(minutes.decisions, DECISIONS, strict=True):
        assert overlap(decision.text, expected) >= 0.5, decision.text


def test_the_open_question_and_the_next_meeting(minutes):
    (question,) = minutes.open_questions
    assert "licences" in question.text
    assert "partenaires" in question.text
    assert minutes.next_meeting is not None
    assert minutes.next_meeting.iso == "2023-11-09T10:00"


def test_the_announced_agenda_covers_the_recording(minutes):
    titles = [item.title.lower() for item in minutes.agenda]
    assert titles == ["les corpus", "le plan de gestion des données", "la démonstration"]
    assert minutes.agenda[0].start == 0
    assert all(a.end == b.start for a, b in zip(minutes.agenda, minutes.agenda[1:], strict=False))
    assert 60 < minutes.agenda[1].start < 70
    assert 105 < minutes.agenda[2].start < 112


def test_numbers_of_the_meeting_are_kept(minutes):
    said = " ".join(p.text for t in minutes.topics for p in t.points)
    assert "quinze pour cent" in said
    assert "vingt minutes" in said


def test_nobody_is_named_after_one_address():
    transcript = development_meeting()
    unnamed = replace(transcript, speakers=tuple(replace(s, name=None) for s in transcript.speakers))
    minutes = write_minutes(unnamed, date="2023-10-12")
    assert {p.name for p in minutes.participants} == {None}


def test_listed_people_are_named_from_who_answers():
    transcript = development_meeting()
    unnamed = replace(transcript, speakers=tuple(replace(s, name=None) for s in transcript.speakers))
    minutes = write_minutes(unnamed, participants=["Julien", "Nadia", "Thomas"])
    assert {p.id: (p.name, p.name_source) for p in minutes.participants} == {
        "spk1": (None, "none"),
        "spk2": ("Thomas", "spoken"),
        "spk3": ("Nadia", "spoken"),
        "spk4": ("Julien", "spoken"),
    }


def test_a_list_of_participants_fixes_a_misheard_name():
    transcript = development_meeting()
    misheard = replace(
        transcript,
        speakers=tuple(replace(s, name=None) for s in transcript.speakers),
        utterances=tuple(replace(u, text=u.text.replace("Nadia", "Nadya")) for u in transcript.utterances),
    )
    minutes = write_minutes(misheard, participants=["Camille", "Julien", "Nadia", "Thomas"])
    assert [p.name for p in minutes.participants if p.id == "spk3"] == ["Nadia"]
    assert [(p.id, p.name_source) for p in minutes.participants if p.name == "Camille"] == [("spk1", "list")]
