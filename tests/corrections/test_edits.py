"""Each correction changes what it says and nothing else; what cannot be corrected says what can."""

from dataclasses import replace

import pytest

from dialogue.core.transcript import Event, Omission, Speaker, Transcript, Utterance, Word
from dialogue.corrections import Correction, CorrectionError, corrected
from tests.corrections.test_replay import Session


def said(id: str, speaker: str, start: float, text: str, overlap: bool = False) -> Utterance:
    words = tuple(
        Word(word, round(start + 0.5 * n, 3), round(start + 0.5 * n + 0.4, 3), 0.8, speaker)
        for n, word in enumerate(text.split())
    )
    return Utterance(id, speaker, start, words[-1].end, text, words, overlap)


@pytest.fixture
def session() -> Session:
    return Session(
        Transcript(
            "réunion",
            30.0,
            "fr",
            tuple(Speaker(f"spk{n}") for n in (1, 2, 3)),
            (
                said("u1", "spk1", 1.0, "Bonjour à tous, on commence."),
                said("u2", "spk2", 5.0, "Oui, le bugdet est prêt pour jeudi."),
                said("u3", "spk3", 6.0, "D'accord.", overlap=True),
                said("u4", "spk1", 10.0, "Merci."),
                said("u5", "spk1", 12.0, "On continue."),
                said("u6", "spk3", 15.0, "Il reste un point."),
            ),
        )
    )


def texts(session: Session) -> list[tuple[str, str]]:
    return [(session.now.name(u.speaker), u.text) for u in session.now]


def test_a_name_is_given_in_all_lines_and_is_manual(session: Session) -> None:
    session.take(session.editor.rename("spk1", "Camille"))
    assert session.now.utterances == session.machine.utterances
    assert session.now.speakers[0] == Speaker("spk1", "Camille", {"name_source": "manual"})


def test_a_name_is_given_in_one_line(session: Session) -> None:
    session.take(session.editor.rename("spk1", "Camille"))
    session.take(session.editor.rename("Camille", "Nadia", lines=["u4"]))
    assert [name for name, text in texts(session) if text in ("Merci.", "On continue.")] == ["Nadia", "Camille"]


def test_two_speakers_become_one_with_the_name_of_either(session: Session) -> None:
    session.machine = replace(session.machine, events=(Event(16, 17, "laugh", speaker="spk3"),))
    session.refresh()
    session.take(session.editor.rename("spk3", "Julien"))
    session.take(session.editor.merge("spk3", "spk2"))
    assert [(s.id, s.name) for s in session.now.speakers] == [("spk1", None), ("spk2", "Julien")]
    assert session.now.events[0].speaker == "spk2"


def test_a_speaker_is_split(session: Session) -> None:
    session.take(session.editor.split(["u4", "u5:1"], "Zoé"))
    assert texts(session)[3:6] == [("Zoé", "Merci."), ("Zoé", "On"), ("spk1", "continue.")]
    assert session.now.utterances[3].words[0].speaker == "spk4"


def test_words_between_two_times_go_to_somebody_else(session: Session) -> None:
    session.take(session.editor.move(["10-13"], "spk2"))
    assert texts(session)[3:5] == [("spk2", "Merci."), ("spk2", "On continue.")]


def test_text_is_rewritten_and_words_that_stay_keep_time_and_probability(session: Session) -> None:
    session.take(session.editor.text("u2", "Oui, le budget est vraiment prêt pour jeudi prochain."))
    before, now = session.machine.utterances[1], session.now.utterances[1]
    assert now.text == "Oui, le budget est vraiment prêt pour jeudi prochain."
    kept = {w.text for w in before.words} & {w.text for w in now.words}
    assert {w for w in now.words if w.text in kept} == {w for w in before.words if w.text in kept}
    budget = next(w for w in now.words if w.text == "budget")
    assert (budget.start, budget.end, budget.probability) == (6.0, 6.4, None)
    assert all(before.start <= w.start <= w.end <= before.end for w in now.words)
    assert (now.start, now.end) == (before.start, before.end)


def test_an_utterance_is_split_and_joined_again(session: Session) -> None:
    session.take(session.editor.cut("u2:3"))
    assert [u.text for u in session.now if u.speaker == "spk2"] == ["Oui, le", "bugdet est prêt pour jeudi."]
    session.take(session.editor.join("u2", "u2-2"))
    assert session.now.utterances == session.machine.utterances


def test_words_not_to_be_used_are_an_omission_with_its_reason(session: Session) -> None:
    session.take(session.editor.omit(["u2:3-4", "u4"], "hors procès-verbal"))
    assert [u.text for u in session.now if u.speaker != "spk3"][1:3] == ["Oui, le", "prêt pour jeudi."]
    reason = "hors procès-verbal"
    assert session.now.omissions == (Omission(6.0, 6.9, reason), Omission(10.0, 10.4, reason))
    assert "bugdet" not in str(session.now.to_dict())


def test_a_transcript_without_word_times_is_corrected_too(session: Session) -> None:
    bare = tuple(replace(u, words=()) for u in session.machine)
    session.machine = replace(session.machine, utterances=bare)
    session.refresh()
    session.take(session.editor.text("u2:3", "budget"))
    session.take(session.editor.split(["u1:1"], "Nadia"))
    assert session.now.utterances[2] == replace(bare[1], text="Oui, le budget est prêt pour jeudi.")
    assert [u.text for u in session.now.utterances[:2]] == ["Bonjour", "à tous, on commence."]


@pytest.mark.parametrize(
    "name", ["Zoé\nDupont", "🙂👩‍👩‍👧", "<script>alert(1)</script>", "دليلة بن علي", '"; rm -rf /', "a" * 500]
)
def test_a_name_has_any_characters_on_one_line(session: Session, name: str) -> None:
    session.take(session.editor.rename("spk1", name))
    assert session.names() == {" ".join(name.split()): "spk1"}


@pytest.mark.parametrize(
    ("wish", "found"),
    [
        (lambda e: e.rename("spk9", "Zoé"), "no speaker spk9. Accepted: spk1, spk2, spk3."),
        (lambda e: e.rename("spk1", " \n\u200d"), "Accepted: at least one visible character"),
        (lambda e: e.merge("spk1", "spk1"), "are one speaker"),
        (lambda e: e.move(["u9"], "spk1"), "no utterance u9. Accepted: an utterance (u12)"),
        (lambda e: e.move(["29-40"], "spk1"), "29 to 40 s. Accepted: within 0 to 30.00 s."),
        (lambda e: e.move(["20-25"], "spk1"), "no words there"),
        (lambda e: e.text("u1:4-9", "x"), "u1 has 5 words. Accepted: 1 to 5."),
        (lambda e: e.text("5-8", "x"), "words of 2 utterances. Accepted: one of u2:1-6, u3:1-1"),
        (lambda e: e.text("u1", " "), "to take words out, omit them"),
        (lambda e: e.cut("u1:1"), "no word before it"),
        (lambda e: e.join("u1", "u2"), "Accepted: two successive utterances of one speaker."),
        (lambda e: e.join("u1", "u5"), "u4 between them"),
    ],
)
def test_what_cannot_be_corrected_says_what_can(session: Session, wish, found: str) -> None:
    with pytest.raises(CorrectionError) as error:
        wish(session.editor)
    assert found in str(error.value)


def test_a_name_that_another_one_has_is_refused(session: Session) -> None:
    session.take(session.editor.rename("spk1", "Camille"))
    with pytest.raises(CorrectionError, match="Camille is the name of spk1"):
        session.editor.rename("spk2", "Camille")


def test_a_correction_outside_the_recording_is_listed(session: Session) -> None:
    made = session.editor.text("u6", "Voilà.")
    outside = replace(made, words=(replace(made.words[0], start=300.0, end=301.0),))
    now, [left] = corrected(session.machine, [outside])
    assert now == session.machine
    assert "at 301.00 s, outside the recording. Accepted: 0 to 30.00 s." in left.reason


def test_what_another_recognition_does_not_hear_is_listed_and_tried_again(session: Session) -> None:
    session.take(session.editor.text("u6", "Il reste deux points."))
    machine = session.machine
    session.machine = replace(machine, utterances=machine.utterances[:-1], speakers=machine.speakers)
    session.refresh()
    assert [(x.correction.id, "no words are there now" in x.reason) for x in session.left] == [("c1", True)]
    session.machine = machine
    session.refresh()
    assert session.left == ()
    assert session.now.utterances[-1].text == "Il reste deux points."


def test_words_heard_differently_are_corrected_all_the_same(session: Session) -> None:
    session.take(session.editor.text("u2:3", "budget"))
    heard = said("u2", "spk2", 5.1, "Oui, le budjet et prêt pour jeudi.")
    session.machine = replace(session.machine, utterances=(session.machine.utterances[0], heard))
    session.refresh()
    assert session.now.utterances[1].text == "Oui, le budget et prêt pour jeudi."


def test_what_depends_on_an_undone_correction_says_so(session: Session) -> None:
    split = session.take(session.editor.split(["u4"]))
    session.take(session.editor.rename("spk4", "Zoé"))
    session.undo(split.id)
    assert [x.reason for x in session.left] == ["speaker spk4 was made by c1, which is not in effect."]
    session.redo()
    assert session.names() == {"Zoé": "spk4"}


def test_corrections_survive_their_own_file_format(session: Session) -> None:
    for wish in (
        session.editor.rename("spk1", "Ève"),
        session.editor.cut("u2:3"),
        session.editor.merge("spk1", "spk2"),
    ):
        made = replace(wish, id="c1", at="2026-11-26T10:00:00+00:00")
        assert Correction.from_dict(made.to_dict()) == made
