"""What is pure: forms of answers, languages, steps, numbers."""

import pytest

from dialogue.core.config import ConfigError
from dialogue.core.transcript import Speaker, Transcript, Utterance, Word
from dialogue.formats import linto, openai_audio
from dialogue.french.in_digits import in_digits
from dialogue.gateway.languages import code_of, name_of
from dialogue.gateway.linto_routes import named, steps
from dialogue.gateway.negotiation import preferred
from dialogue.gateway.openai_routes import numbered
from dialogue.library.job_files import Job

KINDS = ("application/json", "text/plain", "text/vtt")


def said(*lines: tuple[str | None, str], names: dict[str, str] | None = None) -> Transcript:
    utterances = tuple(
        Utterance(f"u{n}", who, float(n), n + 1.0, text, tuple(Word(w, probability=0.5) for w in text.split()))
        for n, (who, text) in enumerate(lines)
    )
    ids = dict.fromkeys(who for who, _ in lines if who)
    speakers = tuple(Speaker(id, (names or {}).get(id)) for id in ids)
    return Transcript("r", float(len(lines)), "fr", speakers, utterances)


TALK = said(("spk1", "Vous venez ?"), ("spk1", "« Oui ! »"), ("spk2", "..."), ("spk2", "Non."))


@pytest.mark.parametrize(
    ("accept", "kind"),
    [
        (None, "application/json"),
        ("*/*", "application/json"),
        ("text/*", "text/plain"),
        ("application/json, text/plain, */*", "application/json"),
        ("text/vtt", "text/vtt"),
        ("text/plain;q=0.2, text/vtt;q=0.8", "text/vtt"),
        ("*/*, application/json;q=0", "text/plain"),
        ("image/png", None),
        ("text/plain;q=much", None),
    ],
)
def test_the_form_that_a_client_prefers(accept: str | None, kind: str | None) -> None:
    assert preferred(accept, KINDS) == kind


def test_turns_join_neighbours_and_leave_out_what_says_nothing() -> None:
    answer = linto.transcription_answer(TALK)
    assert [(s["spk_id"], s["segment"]) for s in answer["segments"]] == [
        ("spk1", "Vous venez ? « Oui ! »"),
        ("spk2", "... Non."),
    ]
    assert answer["transcription_result"] == "spk1: Vous venez ? « Oui ! » \nspk2: ... Non."


def test_words_have_no_punctuation_and_pair_with_the_raw_segment() -> None:
    segments = linto.transcription_answer(TALK)["segments"]
    assert [[w["word"] for w in s["words"]] for s in segments] == [["Vous", "venez", "Oui"], ["Non"]]
    assert [s["raw_segment"] for s in segments] == ["Vous venez Oui", "Non."]


def test_without_probabilities_a_word_has_a_number_all_the_same() -> None:
    bare = Transcript("r", 1.0, None, (), (Utterance("u1", None, 0.0, 1.0, "Bonjour"),))
    assert linto.transcription_answer(bare)["segments"][0]["words"][0]["conf"] == 0.0


def test_speakers_are_counted() -> None:
    assert linto.transcription_answer(TALK)["diarization_speakers"] == [
        {"spk_id": "spk1", "duration": 2.0, "nbr_seg": 1},
        {"spk_id": "spk2", "duration": 2.0, "nbr_seg": 1},
    ]


def test_what_linto_has_no_place_for_is_under_one_key() -> None:
    assert len(linto.transcription_answer(TALK)["x_dialogue"]["utterances"]) == 4


@pytest.mark.parametrize(
    ("asked", "segments", "words"),
    [(["segment"], True, False), (["word"], False, True), (["word", "segment"], True, True)],
)
def test_verbose_json_by_granularity(asked: list[str], segments: bool, words: bool) -> None:
    answer = openai_audio.verbose_answer(TALK, "french", asked)
    assert ("segments" in answer, "words" in answer) == (segments, words)


def test_a_person_keeps_their_name_among_letters_and_numbers() -> None:
    talk = said(("spk1", "Un."), ("spk2", "Deux."), names={"spk1": "Camille"})
    assert [s["speaker"] for s in openai_audio.diarized_segments(talk)] == ["Camille", "B"]
    assert [s.name for s in numbered(talk).speakers] == ["Camille", "SPEAKER_01"]
    assert [s.name for s in named(talk).speakers] == ["Camille", "spk2"]


def test_letters_go_on_after_z() -> None:
    assert [openai_audio.letters(n) for n in (0, 25, 26, 51, 52, 701, 702)] == ["A", "Z", "AA", "AZ", "BA", "ZZ", "AAA"]


@pytest.mark.parametrize(
    ("asked", "code"),
    [("*", "auto"), ("fr", "fr"), ("fr-FR", "fr"), ("French", "fr"), ("fr,en", "fr"), ("pt_BR", "pt")],
)
def test_the_languages_of_clients(asked: str, code: str) -> None:
    assert code_of(asked) == code


def test_a_language_that_there_is_not_is_refused() -> None:
    with pytest.raises(ConfigError):
        code_of("klingon")
    assert (name_of("fr"), name_of(None)) == ("french", "unknown")


def test_steps_before_that_of_the_moment_are_done() -> None:
    job = Job("1", "m", "o", 1, state="running", step="transcribe", share=0.4)
    states = {name: step.get("status") for name, step in steps(job, diarized=True).items()}
    assert states == {
        "preprocessing": "done",
        "transcription": "started",
        "diarization": "done",
        "punctuation": None,
        "postprocessing": "pending",
    }
    assert steps(job, diarized=False)["diarization"] == {"required": False}


@pytest.mark.parametrize(
    ("words", "digits"),
    [
        ("vingt-trois mille euros", "23000 euros"),
        ("quatre-vingt-dix-sept", "97"),
        ("mille neuf cent quatre-vingt-dix-neuf", "1999"),
        ("septante-deux, nonante et un", "72, 91"),
        ("Deux cents personnes", "200 personnes"),
        ("un chat et une souris", "un chat et une souris"),
        ("deux trois fois", "deux trois fois"),
        ("quelqu'un, vingtaine, centième", "quelqu'un, vingtaine, centième"),
    ],
)
def test_numbers_in_digits(words: str, digits: str) -> None:
    assert in_digits(words) == digits
