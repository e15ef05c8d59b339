"""The copy of a transcript holds no name, its times are those of the original, and one table serves everything."""

import datetime
import json
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dialogue.core.transcript import Event, Omission
from dialogue.french.text import plain
from dialogue.privacy.mentions import MentionError
from dialogue.privacy.pseudonyms import Pseudonyms
from dialogue.privacy.replacement import MADE, PseudonymousCopy
from tests.privacy.marked import kept, said

KEY = b"k" * 32
LINES = (
    "Bonjour, ici [NOM Camille Durand], du [HOPITAL CHU de Nantes].",
    "Bonjour madame [NOM Durand], je vous rappelle au [TEL zéro six douze trente-quatre cinquante-six dix].",
    "Merci, [PRENOM Camille] vous écoute, le [DATE jeudi 12 mars], à [VILLE Lyon].",
)
SECRET = ("camille", "durand", "nantes", "lyon", "trente-quatre", "12 mars")


def copy_of(*lines: str, mode: str = "pseudo", **changes: object):
    transcript, note = said(*lines, names={"spk1": "Camille Durand", "spk2": "Médecin"})
    transcript = replace(transcript, **changes)
    copy = PseudonymousCopy(Pseudonyms(KEY, mode=mode), note, datetime.date(2024, 3, 10), ["Camille Durand"])
    return transcript, copy.transcript(transcript)


@pytest.mark.parametrize("mode", ["pseudo", "tag", "mask"])
def test_no_original_is_left_anywhere(mode):
    _, copied = copy_of(
        *LINES,
        mode=mode,
        recording="entretien_CamilleDurand_2",
        events=(Event(0, 1, "uncertain", "Durand"),),
        omissions=(Omission(0, 1, "boilerplate", "Camille à Lyon"),),
        attributes={"participants": ["Camille Durand"], "title": "Appel de M. Durand", "Durand": 1},
        provenance=({"stage": "asr", "inputs": {"camille_durand.wav": "0"}},),
    )
    written = plain(json.dumps(copied.to_dict(), ensure_ascii=False))
    assert [name for name in SECRET if name in written] == []


def test_a_person_has_one_pseudonym_in_full_and_by_each_part():
    _, copied = copy_of(*LINES)
    first, last = copied.name("spk1").split()
    assert f"ici {first} {last}," in copied.utterances[0].text
    assert f"madame {last}," in copied.utterances[1].text
    assert f"Merci, {first} vous" in copied.utterances[2].text


def test_a_role_is_no_name():
    assert copy_of(*LINES)[1].name("spk2") == "Médecin"


def test_utterances_keep_their_ids_speakers_and_times():
    transcript, copied = copy_of(*LINES)
    assert [(u.id, u.speaker, u.start, u.end) for u in copied] == [
        (u.id, u.speaker, u.start, u.end) for u in transcript
    ]


@pytest.mark.parametrize("mode", ["pseudo", "tag", "mask"])
def test_the_words_are_those_of_the_text(mode):
    assert all(" ".join(w.text for w in u.words) == u.text for u in copy_of(*LINES, mode=mode)[1])


def test_words_outside_mentions_keep_their_times():
    transcript, copied = copy_of(*LINES)
    before = {(w.text, w.start, w.end) for w in transcript.words()}
    assert {
        ("Bonjour,", 0.0, 0.4),
        ("rappelle", *next((w.start, w.end) for w in transcript.words() if w.text == "rappelle")),
    } <= {(w.text, w.start, w.end) for w in copied.words()} & before


def test_what_a_reader_keeps_stays():
    transcript, note = said("Je vais à [VILLE Paris] chez [PRENOM Rose].")
    copied = PseudonymousCopy(Pseudonyms(KEY), kept(note, "Paris")).transcript(transcript)
    assert "à Paris chez" in copied.text
    assert "Rose" not in copied.text


def test_the_copy_says_how_it_was_made_and_not_from_what():
    _, copied = copy_of(*LINES)
    assert copied.attributes[MADE] == {
        "text": "pseudo",
        "replaced": {"DATE": 1, "HOPITAL": 1, "NOM": 2, "PRENOM": 1, "TEL": 1, "VILLE": 1},
        "kept": 0,
    }


def test_mentions_of_another_text_are_refused():
    transcript, _ = said("Bonjour.")
    _, note = said("Bonsoir.")
    with pytest.raises(MentionError, match="Detect again"):
        PseudonymousCopy(Pseudonyms(KEY), note).transcript(transcript)


def test_what_the_transcriber_wrote_is_replaced_too():
    transcript, note = said("C'est [PRENOM Nadia].")
    marked = replace(transcript.utterances[0], original="C'est [rire] Nadia.")
    copied = PseudonymousCopy(Pseudonyms(KEY), note).transcript(replace(transcript, utterances=(marked,)))
    assert "Nadia" not in copied.utterances[0].original


WORDS = st.sampled_from("bonjour oui alors demain voilà merci donc".split())
NAMES = st.sampled_from(["PRENOM Camille", "NOM Le Goff", "NOM Jean-Pierre Petit", "TEL zéro six douze", "VILLE Aix"])


@settings(max_examples=60, deadline=None)
@given(st.lists(st.lists(st.one_of(WORDS, NAMES.map("[{}]".format)), min_size=1, max_size=6), min_size=1, max_size=4))
def test_times_never_go_back(lines):
    transcript, note = said(*(" ".join(line) for line in lines))
    copied = PseudonymousCopy(Pseudonyms(KEY), note).transcript(transcript)
    for utterance in copied:
        times = [t for w in utterance.words for t in (w.start, w.end)]
        assert times == sorted(times)
        assert utterance.start <= times[0]
        assert times[-1] <= utterance.end
