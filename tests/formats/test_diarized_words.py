"""OpenAI's diarized JSON with the words of WhisperX's, which La Suite numérique reads under that name."""

from dialogue.formats import openai_audio
from tests.minutes.meetings import meeting

SAID = meeting("Nadia: Bonjour à tous.\nPaul: Merci.")


def test_words_are_in_their_segment_and_all_together() -> None:
    answer = openai_audio.diarized_answer(SAID, words=True)
    assert [[w["word"] for w in s["words"]] for s in answer["segments"]] == [["Bonjour", "à", "tous."], ["Merci."]]
    assert answer["word_segments"] == [word for s in answer["segments"] for word in s["words"]]
    assert {tuple(word) for word in answer["word_segments"]} == {("word", "start", "end", "score", "speaker")}


def test_without_being_asked_there_are_none() -> None:
    answer = openai_audio.diarized_answer(SAID)
    assert "word_segments" not in answer
    assert all("words" not in segment for segment in answer["segments"])
