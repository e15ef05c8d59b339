"""Citations are as few as the utterances that they point to."""

from dialogue.core.transcript import Speaker, Transcript, Utterance
from dialogue.french.sentences import sentences
from dialogue.minutes.document import Evidence
from dialogue.minutes.rules.citations import joined_evidence, united

SAID = Transcript(
    "r",
    20.0,
    "fr",
    (Speaker("spk1"),),
    (
        Utterance("u1", "spk1", 0.0, 8.0, "On garde la salle. C'est décidé. Voilà."),
        Utterance("u2", "spk1", 12.0, 16.0, "Je préviens la mairie. Demain."),
    ),
)


def test_sentences_of_one_utterance_are_one_citation() -> None:
    spoken = sentences(SAID)
    assert [proof.quote for proof in joined_evidence(spoken)] == [u.text for u in SAID.utterances]


def test_what_was_said_between_two_sentences_is_not_cited() -> None:
    first, _, third, *_ = sentences(SAID)
    assert [proof.quote for proof in joined_evidence([third, first])] == ["On garde la salle.", "Voilà."]


def test_a_citation_that_is_part_of_another_is_not_repeated() -> None:
    part, whole = (Evidence(("u1",), 0.0, 2.0, quote) for quote in ("On garde la salle.", SAID.utterances[0].text))
    other = Evidence(("u2",), 12.0, 14.0, "Je préviens la mairie.")
    assert united((part, other), (whole,)) == (whole, other)
