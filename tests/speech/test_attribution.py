"""Words and turns -> who said what."""

from collections import Counter
from collections.abc import Iterator, Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dialogue.core.transcript import Omission, Speaker, Transcript, Utterance, Word
from dialogue.speech import attribution
from dialogue.speech.attribution import attribute

SPEAKERS = tuple(Speaker(f"spk{n}") for n in (1, 2, 3))


def turn(speaker: str, start: float, end: float, overlap: bool = False, confidence: float | None = None) -> Utterance:
    return Utterance("", speaker, start, end, overlap=overlap, confidence=confidence)


def joined(words: Sequence[Word], turns: Sequence[Utterance], duration: float = 100.0) -> Transcript:
    words = tuple(words)
    start = words[0].start or 0.0 if words else 0.0
    text = " ".join(w.text for w in words)
    asr = Transcript("r", duration, "fr", (), (Utterance("u1", None, start, duration, text, words),) if words else ())
    return attribute(asr, Transcript("r", duration, speakers=SPEAKERS, utterances=tuple(turns))).validate()


def spoken(transcript: Transcript) -> list[tuple[str | None, str]]:
    return [(u.speaker, u.text) for u in transcript]


def say(text: str, start: float, each: float = 0.3) -> list[Word]:
    """Return consecutive words, each ``each`` seconds long."""
    return [Word(w, round(start + n * each, 3), round(start + (n + 1) * each, 3)) for n, w in enumerate(text.split())]


def test_a_word_goes_to_whom_it_overlaps_most_not_to_who_speaks_at_its_start() -> None:
    found = joined([Word("donc", 0.9, 1.5)], [turn("spk1", 0, 1), turn("spk2", 1, 5)])
    assert spoken(found) == [("spk2", "donc")]


def test_a_change_of_turn_splits_the_utterance() -> None:
    found = joined(say("bonjour à tous merci Camille", 0.1), [turn("spk1", 0, 1), turn("spk2", 1, 5)])
    assert spoken(found) == [("spk1", "bonjour à tous"), ("spk2", "merci Camille")]
    assert [u.id for u in found] == ["u1", "u2"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "c'est fini. Alors on",
            [("spk1", "c'est fini."), ("spk2", "Alors on")],
        ),  # begins a sentence: goes to the later turn
        (
            "nous avons tout fini. on",
            [("spk1", "nous avons tout fini."), ("spk2", "on")],
        ),  # ends a sentence: goes to the earlier turn
    ],
)
def test_punctuation_decides_for_a_word_in_the_middle_of_a_change(text: str, expected: list) -> None:
    words = text.split()
    middle = 2 if words[2] == "Alors" else 3
    times = [0.3 * n for n in range(len(words) + 1)]
    change = (times[middle] + times[middle + 1]) / 2
    said = [Word(w, times[n], times[n + 1]) for n, w in enumerate(words)]
    assert spoken(joined(said, [turn("spk1", change - 2, change), turn("spk2", change, change + 5)])) == expected


def test_punctuation_moves_no_word_that_is_clearly_in_one_turn() -> None:
    words = [Word("fini.", 0.5, 1.0), Word("Alors", 1.0, 1.5)]
    assert spoken(joined(words, [turn("spk1", 0, 1.4), turn("spk2", 1.4, 5)])) == [("spk1", "fini. Alors")]


def test_a_short_turn_inside_another_s_survives() -> None:
    words = [*say("je pense que", 0.0), *say("oui.", 0.9), *say("nous devons partir", 1.2)]
    turns = [turn("spk1", 0, 0.9), turn("spk2", 0.9, 1.2), turn("spk1", 1.2, 3)]
    assert spoken(joined(words, turns)) == [
        ("spk1", "je pense que"),
        ("spk2", "oui."),
        ("spk1", "nous devons partir"),
    ]


def test_a_backchannel_in_overlap_is_an_utterance_of_its_own_and_cuts_nothing() -> None:
    words = [*say("on part lundi,", 0.0), *say("d'accord,", 0.9), *say("avec tout le monde.", 1.2)]
    turns = [turn("spk1", 0, 3), turn("spk2", 0.85, 1.25, overlap=True)]
    found = joined(words, turns)
    assert spoken(found) == [("spk1", "on part lundi, avec tout le monde."), ("spk2", "d'accord,")]
    assert [u.overlap for u in found] == [False, True]


@pytest.mark.parametrize("text", ["vraiment lundi,", "…", "oui oui oui oui oui,"])
def test_only_a_few_backchannel_words_move_to_the_second_speaker(text: str) -> None:
    words = [*say("on part,", 0.0), *say(text, 0.6, 0.1), *say("ensemble.", 1.2)]
    found = joined(words, [turn("spk1", 0, 3), turn("spk2", 0.5, 1.2, overlap=True)])
    assert {u.speaker for u in found} == {"spk1"}


def test_a_word_outside_all_turns_goes_to_the_nearest_with_little_confidence() -> None:
    words = [Word("a", 5.0, 5.2), Word("b", 9.5, 9.7)]
    found = joined(words, [turn("spk1", 0, 4), turn("spk2", 10, 12)])
    assert spoken(found) == [("spk1", "a"), ("spk2", "b")]
    far, near = [w.confidence for w in found.words()]
    assert far < near < 0.5


def test_words_without_times_are_placed_between_their_neighbours() -> None:
    words = [Word("un", 0.0, 0.5), Word("deux"), Word("trois", 0.6, 1.0)]
    assert spoken(joined(words, [turn("spk1", 0, 2)])) == [("spk1", "un deux trois")]


def test_an_utterance_of_text_alone_keeps_its_place() -> None:
    asr = Transcript("r", 10.0, "fr", (), (Utterance("u1", None, 2.0, 4.0, "bonjour à tous"),))
    found = attribute(asr, Transcript("r", 10.0, speakers=SPEAKERS, utterances=(turn("spk1", 1, 5),))).validate()
    assert spoken(found) == [("spk1", "bonjour à tous")]


def test_without_turns_words_have_no_speaker() -> None:
    assert spoken(joined(say("il y a quelqu'un", 0.0), [])) == [(None, "il y a quelqu'un")]


def test_without_words_there_are_no_utterances_and_omissions_stay() -> None:
    omitted = (Omission(1.0, 2.0, "not transcribed"),)
    found = attribute(Transcript("r", 5.0, omissions=omitted), Transcript("r", 5.0, utterances=(turn("spk1", 0, 5),)))
    assert (found.utterances, found.omissions) == ((), omitted)


@pytest.mark.parametrize("turns", [[], [turn("spk1", 0, 9)]])
def test_a_speaker_who_is_known_already_stays(turns: list[Utterance]) -> None:
    found = joined([Word("allô", 1.0, 1.4, speaker="spk2")], turns)
    assert spoken(found) == [("spk2", "allô")]
    assert found.utterances[0].confidence == 1.0


def test_channels_that_speak_at_once_stay_whole() -> None:
    one = [Word(w.text, w.start, w.end, speaker="spk1") for w in say("je vous envoie une ambulance", 0.0)]
    two = [Word(w.text, w.start, w.end, speaker="spk2") for w in say("oui merci oui", 0.35)]
    assert spoken(joined([*one, *two], [])) == [
        ("spk1", "je vous envoie une ambulance"),
        ("spk2", "oui merci oui"),
    ]


def test_channels_that_take_turns_are_not_run_together() -> None:
    one = [
        Word(w.text, w.start, w.end, speaker="spk1") for w in (*say("votre adresse ?", 0.0), *say("très bien.", 2.0))
    ]
    two = [Word(w.text, w.start, w.end, speaker="spk2") for w in say("douze rue Pasteur", 1.0)]
    expected = [("spk1", "votre adresse ?"), ("spk2", "douze rue Pasteur"), ("spk1", "très bien.")]
    assert spoken(joined([*one, *two], [])) == expected


def test_a_pause_and_a_long_sentence_s_end_close_an_utterance() -> None:
    words = [*say("un", 0.0), *say("deux", 3.0), *say("mot " * 40 + "fin. suite", 4.0, 0.4)]
    found = joined(words, [turn("spk1", 0, 60)])
    assert [len(u.words) for u in found] == [1, 42, 1]


def test_confidence_is_the_share_of_overlap_times_the_turn_s_own() -> None:
    found = joined([Word("mot", 0.0, 1.0)], [turn("spk1", 0, 0.75, confidence=0.8), turn("spk2", 0.75, 2)])
    assert found.utterances[0].confidence == pytest.approx(0.6)


seconds = st.integers(0, 2000).map(lambda cs: cs / 100)


@st.composite
def random_words(draw: st.DrawFn) -> list[Word]:
    words = []
    for _ in range(draw(st.integers(0, 25))):
        start, length = draw(seconds), draw(st.integers(0, 150)) / 100
        text = draw(st.sampled_from(["oui", "d'accord,", "donc", "fin.", "…", "lundi ?"]))
        timed = draw(st.integers(0, 9)) > 0
        speaker = draw(st.sampled_from([None, None, None, "spk3"]))
        words.append(Word(text, start, start + length, 0.5, speaker) if timed else Word(text, speaker=speaker))
    return words


@st.composite
def random_turns(draw: st.DrawFn) -> list[Utterance]:
    turns = []
    for _ in range(draw(st.integers(0, 8))):
        start, speaker = draw(seconds), draw(st.sampled_from(["spk1", "spk2", "spk3"]))
        end = start + draw(st.integers(1, 500)) / 100
        turns.append(turn(speaker, start, end, draw(st.booleans()), draw(st.none() | st.floats(0, 1))))
    return sorted(turns, key=lambda t: t.start)


@given(random_words(), random_turns())
def test_every_word_is_kept_exactly_once_in_a_valid_transcript(words: list[Word], turns: list[Utterance]) -> None:
    found = joined(words, turns)
    assert Counter(w.text for w in found.words()) == Counter(w.text for w in words)
    timed = Counter((w.text, w.start, w.end) for w in words if w.start is not None)
    assert timed <= Counter((w.text, w.start, w.end) for w in found.words())
    for utterance in found:
        assert utterance.text == " ".join(w.text for w in utterance.words)
        assert {w.speaker for w in utterance.words} == {utterance.speaker}
        assert utterance.confidence is not None
        assert 0 <= utterance.confidence <= 1
        assert all(0 <= w.confidence <= 1 for w in utterance.words)
        assert utterance.start == min(w.start for w in utterance.words)
    if any(not t.overlap for t in turns):
        assert all(u.speaker for u in found)


class Counting(list):
    """A list that counts how often its items are accessed."""

    looks = 0

    def __getitem__(self, index):  # type: ignore[override]
        Counting.looks += 1
        return super().__getitem__(index)

    def __iter__(self) -> Iterator:
        for item in super().__iter__():
            Counting.looks += 1
            yield item


def test_work_grows_with_the_words_not_with_their_square() -> None:
    def looks(size: int) -> int:
        Counting.looks = 0
        words = say("mot " * size, 0.0)
        turns = Counting(turn(f"spk{n % 2 + 1}", n * 1.5, n * 1.5 + 1.5) for n in range(size // 5))
        assert len(list(attribution._overlapping(words, turns))) == size
        return Counting.looks

    assert looks(2000) < 11 * looks(200)
