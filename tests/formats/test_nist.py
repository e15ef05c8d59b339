"""STM, RTTM, CTM and UEM: files of other tools, round trips, broken lines."""

import pytest
from hypothesis import given

from dialogue import formats
from dialogue.core.transcript import Speaker, Transcript, Utterance, Word
from dialogue.formats import FormatError, ctm, rttm, stm, uem
from tests.formats.strategies import said, transcripts


def test_stm_reads_with_and_without_the_label_and_comments() -> None:
    text = ";; a comment\nr 1 Zoé 0.5 1.5 <o,f0,unknown> bonjour\n\nr 1 Ali 1.0 2.0 <rire> salut\n"
    [transcript] = stm.loads(text)
    assert said(transcript) == [("Zoé", 0.5, 1.5, "bonjour"), ("Ali", 1.0, 2.0, "<rire> salut")]
    assert [s.id for s in transcript.speakers] == ["spk1", "spk2"]


def test_stm_leaves_out_regions_excluded_from_scoring() -> None:
    text = "r 1 inter_segment_gap 0 1\nr 1 A 1 2 oui\nr 1 excluded_region 2 3 ignore\n"
    assert [u.text for u in stm.loads(text)[0]] == ["oui"]


def test_stm_without_words_is_an_empty_utterance() -> None:
    assert [u.text for u in stm.loads("r 1 Bob 2 3\n")[0]] == [""]


@given(transcripts())
def test_stm_round_trip(transcript: Transcript) -> None:
    [back] = stm.loads(stm.dumps([transcript]))
    assert said(back) == said(transcript)
    assert back.recording == transcript.recording


def test_stm_text_that_looks_like_a_label_survives() -> None:
    transcript = Transcript("r", 1, utterances=(Utterance("u1", None, 0, 1, "<a,b> oui"),))
    assert said(stm.loads(stm.dumps([transcript]))[0]) == [("?", 0, 1, "<a,b> oui")]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("r 1 A 0 1 oui\nr 1 A", "line 2: 3 fields"),
        ("r 1 A zero 1 oui", "line 1: start is 'zero'"),
        ("r 1 A nan 1 oui", "start is 'nan'"),
        ("r 1 A 2 1 oui", "before its start"),
        ("r 1 A -2 1 oui", "Times count from 0"),
        ("<NA> 1 A 0 1 oui", "recording is <NA>"),
    ],
)
def test_stm_errors_name_the_line(text: str, found: str) -> None:
    with pytest.raises(FormatError, match=found):
        stm.loads(text)


def test_real_stm_round_trip(dev_data) -> None:
    path = dev_data / "meetings/reunion_corpus/reunion_corpus.stm"
    [transcript] = formats.read(path)
    assert len(transcript.utterances) == 30
    assert {s.name for s in transcript.speakers} == {"Camille", "Julien", "Nadia", "Thomas"}
    assert said(stm.loads(stm.dumps([transcript]))[0]) == said(transcript)


def test_meeteval_reads_our_stm(dev_data) -> None:
    meeteval = pytest.importorskip("meeteval")
    [transcript] = formats.read(dev_data / "meetings/reunion_corpus/reunion_corpus.stm")
    lines = meeteval.io.STM.parse(stm.dumps([transcript])).lines
    assert [(x.speaker_id, x.transcript) for x in lines] == [(n, t) for n, _, _, t in said(transcript)]


def test_several_recordings_in_one_stm(dev_data) -> None:
    found = formats.read(dev_data / "formats/nist/meeteval_ref.stm")
    assert [t.recording for t in found] == ["recordingA", "recordingB"]


def test_rttm_na_file_id_takes_the_name_of_the_file(dev_data) -> None:
    [transcript] = formats.read(dev_data / "formats/simsamu/dj_2022_feu.rttm")
    assert transcript.recording == "dj_2022_feu"
    assert {s.name for s in transcript.speakers} == {"medecin", "patient"}


def test_rttm_keeps_overlap_and_joins_touching_turns_of_one_speaker() -> None:
    turns = [("spk1", 0, 2), ("spk2", 1, 3), ("spk1", 2, 4), ("spk1", 5, 6)]
    transcript = Transcript("r", 6, utterances=tuple(Utterance(f"u{i}", s, a, b) for i, (s, a, b) in enumerate(turns)))
    [back] = rttm.loads(rttm.dumps([transcript]))
    assert [(u.speaker, u.start, u.end) for u in back] == [("spk1", 0, 4), ("spk2", 1, 3), ("spk1", 5, 6)]


@given(transcripts())
def test_rttm_round_trip_is_stable(transcript: Transcript) -> None:
    once = rttm.dumps([transcript])
    assert rttm.dumps(rttm.loads(once)) == once


def test_rttm_names_with_spaces_stay_one_field() -> None:
    transcript = Transcript(
        "r", 1, speakers=(Speaker("spk1", "Anne Martin"),), utterances=(Utterance("u1", "spk1", 0, 1),)
    )
    [back] = rttm.loads(rttm.dumps([transcript]))
    assert back.speakers[0].name == "Anne_Martin"


def test_two_speakers_with_one_name_stay_two() -> None:
    people = (Speaker("spk1", "Anne"), Speaker("spk2", "Anne"))
    transcript = Transcript(
        "r", 9, speakers=people, utterances=(Utterance("u1", "spk1", 0, 1), Utterance("u2", "spk2", 2, 3))
    )
    assert len(rttm.loads(rttm.dumps([transcript]))[0].speakers) == 2


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("SPEAKER r 1 0 1 <NA> <NA> A <NA> <NA>\nSPEAKR r 1", "line 2: type 'SPEAKR'"),
        ("SPEAKER r 1 0 1", "line 1: 5 fields"),
        ("SPEAKER r 1 0 -1 <NA> <NA> A <NA> <NA>", "before its start"),
    ],
)
def test_rttm_errors_name_the_line(text: str, found: str) -> None:
    with pytest.raises(FormatError, match=found):
        rttm.loads(text)


def test_rttm_leaves_out_other_lines() -> None:
    assert rttm.loads("SPKR-INFO r 1 <NA> <NA> <NA> unknown A <NA> <NA>\n") == []


def test_ctm_of_words_with_speakers(dev_data) -> None:
    path = dev_data / "meetings/reunion_corpus/reunion_corpus.ctm"
    [transcript] = formats.read(path)
    words = list(transcript.words())
    assert len(words) == len(path.read_text().splitlines())
    assert words[0] == Word("Bonjour", 0.84, 1.19, 1.0, "spk1")
    assert transcript.validate().name("spk1") == "Camille"


def test_ctm_without_confidence_has_no_speaker(dev_data) -> None:
    transcript = formats.read(dev_data / "formats/nist/meeteval_hyp1.ctm")[0]
    assert transcript.speakers == ()
    assert transcript.text.startswith("Effort made was a lot")


def test_ctm_channels_are_the_speakers_of_a_call() -> None:
    [transcript] = ctm.loads("call A 0 1 bonjour\ncall B 0.5 1 oui\n")
    assert [(transcript.name(u.speaker), u.text) for u in transcript] == [("A", "bonjour"), ("B", "oui")]


@given(transcripts(words=True))
def test_ctm_round_trip_brings_every_word_back_inside_its_utterance(transcript: Transcript) -> None:
    [back] = ctm.loads(ctm.dumps([transcript]))

    def by_speaker(t: Transcript) -> dict[str, list[str]]:
        return {s.name or "": sorted(w.text for u in t if u.speaker == s.id for w in u.words) for s in t.speakers}

    assert by_speaker(back) == by_speaker(transcript)
    assert min(w.start for w in back.words()) >= min(u.start for u in transcript) - 0.001
    assert max(w.end for w in back.words()) <= transcript.duration + 0.001


def test_ctm_splits_a_word_that_holds_a_space() -> None:
    transcript = Transcript("r", 2, utterances=(Utterance("u1", None, 0, 2, "là !", (Word("là\u00a0!", 0, 2, 0.5),)),))
    assert ctm.dumps([transcript]) == "r 1 0.000 1.333 là 0.500\nr 1 1.333 0.667 ! 0.500\n"


def test_ctm_words_without_times_share_the_gap() -> None:
    words = (Word("a", 0, 1), Word("bb"), Word("bb"), Word("c", 3, 4))
    transcript = Transcript("r", 4, utterances=(Utterance("u1", None, 0, 4, "a bb bb c", words),))
    assert [line.split()[2] for line in ctm.dumps([transcript]).splitlines()] == [
        "0.000",
        "1.000",
        "2.000",
        "3.000",
    ]


def test_ctm_errors_name_the_line() -> None:
    with pytest.raises(FormatError, match="line 2: 4 fields"):
        ctm.loads("r 1 0 1 oui\nr 1 0 1\n")


def test_uem_round_trip(dev_data) -> None:
    zones = uem.read(dev_data / "formats/nist/meeteval_uem.uem")
    assert zones == {"recordingA": [(1.0, 4.5)], "recordingB": [(0.0, 10.0)]}
    assert uem.loads(uem.dumps(zones)) == zones


def test_uem_errors_name_the_line() -> None:
    with pytest.raises(FormatError, match="line 1: 3 fields"):
        uem.loads("r 0 10")
