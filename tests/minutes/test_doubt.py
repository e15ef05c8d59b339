"""What the recogniser doubts is said where it matters."""

from dataclasses import replace

import pytest

from dialogue.core.transcript import Transcript, Word
from dialogue.minutes import Minutes, write_minutes
from dialogue.minutes.documents import outline, to_markdown
from dialogue.minutes.documents.outline import Paragraph
from dialogue.pages import viewer_data
from tests.minutes.meetings import meeting

SAID = "Anne: Il nous manque le budget.\nPaul: Je vous envoie le tableau du budget mardi."
AUTOMATIC = "transcription automatique, qui peut contenir des erreurs"


def heard(text: str, doubtful: str = "") -> Transcript:
    """Return a transcript as a recogniser writes it, unsure of some words."""

    def recognised(utterance):
        texts = utterance.text.split()
        step = utterance.duration / len(texts)
        probabilities = [0.2 if t.strip(".,") in doubtful.split() else 0.9 for t in texts]
        times = [utterance.start + n * step for n in range(len(texts) + 1)]
        words = zip(texts, times, times[1:], probabilities, strict=False)
        return replace(utterance, words=tuple(Word(*word) for word in words))

    said = meeting(text)
    return replace(said, utterances=tuple(map(recognised, said.utterances)))


def actions_of(text: str) -> str:
    return text.partition("## Actions")[2].partition("##")[0].replace("\u00a0", " ")


def test_a_statement_on_a_doubtful_word_is_to_check_by_listening():
    written = to_markdown(write_minutes(heard(SAID, "tableau"), date="2023-10-12"))
    assert "(à vérifier à l’écoute : « tableau »)" in actions_of(written)


def test_the_date_of_a_task_is_doubted_too():
    minutes = write_minutes(heard(SAID, "mardi"), date="2023-10-12")
    assert "« mardi »" in actions_of(to_markdown(minutes)).partition("écoute")[2]


@pytest.mark.parametrize("doubtful", ["", "vous", "manque"])
def test_doubt_about_what_a_statement_does_not_say_is_not_mentioned(doubtful):
    assert "écoute" not in actions_of(to_markdown(write_minutes(heard(SAID, doubtful), date="2023-10-12")))


def test_the_words_in_doubt_are_in_the_evidence_and_come_back_from_the_file(tmp_path):
    minutes = write_minutes(heard(SAID, "tableau mardi"), date="2023-10-12")
    assert minutes.actions[0].evidence[-1].doubtful == ("tableau", "mardi")
    minutes.save(tmp_path / "minutes.json")
    assert Minutes.load(tmp_path / "minutes.json").actions == minutes.actions


def test_minutes_written_before_the_doubt_was_kept_can_be_read():
    old = write_minutes(heard(SAID), date="2023-10-12").to_dict()
    del old["provenance"]["recognised"]
    for item in old["actions"][0]["evidence"]:
        del item["doubtful"]
    assert Minutes.from_dict(old).actions[0].evidence[0].doubtful == ()


def test_the_note_at_the_end_says_that_a_machine_heard_the_words():
    assert AUTOMATIC in to_markdown(write_minutes(heard(SAID)))


def test_words_that_a_person_wrote_are_not_doubted():
    written = to_markdown(write_minutes(meeting(SAID)))
    assert AUTOMATIC not in written
    assert "écoute" not in written


def test_the_transcript_as_a_document_has_doubtful_words_in_italics():
    said = heard(SAID, "tableau")
    blocks = outline(write_minutes(said), "verbatim", transcript=said).blocks
    spans = [span for block in blocks if isinstance(block, Paragraph) for span in block.text]
    assert [span.text for span in spans if span.kind == "emphasis"] == ["tableau"]


def test_the_page_says_what_the_documents_say():
    said = heard(SAID, "tableau")
    shown = viewer_data(said, write_minutes(said, date="2023-10-12"))["minutes"]
    assert shown["actions"][0]["doubt"].replace("\u00a0", " ") == "à vérifier à l’écoute : « tableau »"
    assert AUTOMATIC in shown["note"]
