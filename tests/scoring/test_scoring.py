"""Scores of copies with known errors."""

import json
import random
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings

from dialogue import formats
from dialogue.core.transcript import Speaker, Transcript, Utterance, Word
from dialogue.formats import uem
from dialogue.scoring import ScoreError, bootstrap, check_gates, cpwer, der, score, wer
from dialogue.scoring.rate import Rate
from dialogue.scoring.scored_words import spoken
from tests.formats.strategies import transcripts


def meeting(*rows: tuple[str | None, float, float, str], recording: str = "r", duration: float = 100.0) -> Transcript:
    ids = list(dict.fromkeys(speaker for speaker, *_ in rows if speaker))
    return Transcript(
        recording,
        duration,
        speakers=tuple(Speaker(i) for i in ids),
        utterances=tuple(Utterance(f"u{n}", *row) for n, row in enumerate(rows)),
    )


MEETING = meeting(
    ("spk1", 0, 10, "bonjour à tous on commence par le premier point"),
    ("spk2", 10, 20, "le budget est de mille deux cents euros cette année"),
    ("spk1", 20, 30, "merci beaucoup y a t il des questions là dessus"),
    ("spk2", 24, 25, "oui"),
)


@pytest.fixture(scope="module")
def references(dev_data: Path) -> list[Transcript]:
    return [formats.read(path)[0] for path in sorted(dev_data.glob("meetings/*/*.stm"))]


def test_a_reference_against_itself_has_no_error(references: list[Transcript], dev_data: Path) -> None:
    zones = {k: v for path in dev_data.glob("meetings/*/*.uem") for k, v in uem.read(path).items()}
    scores = score(references, references, zones)
    assert len(scores.recordings) == len(references) >= 6
    assert {name for name, rate in scores.totals.items() if rate.errors} == set()
    assert all(rate.length for rate in scores.totals.values())


def test_known_word_errors_are_counted(references: list[Transcript]) -> None:
    reference = spoken(next(t for t in references if t.recording == "reunion_corpus"))
    draw = random.Random(3)
    changed, counts = [], {"substitutions": 0, "deletions": 0, "insertions": 0}
    for utterance in reference:
        words = list(utterance.words)
        for place in range(2, len(words) - 2, 6):  # far apart, so that no cheaper alignment exists
            what = draw.choice(list(counts))
            counts[what] += 1
            if what == "substitutions":
                words[place] = replace(words[place], text="zzz")
            elif what == "deletions":
                words[place] = replace(words[place], text="")
            else:
                words[place] = replace(words[place], text=f"{words[place].text} qqq")
        changed.append(replace(utterance, words=(), text=" ".join(w.text for w in words if w.text)))
    scores = score([reference], [replace(reference, utterances=tuple(changed))])
    for metric in ("cpwer", "tcpwer", "orcwer", "dicpwer"):
        assert scores.totals[metric].errors == sum(counts.values()), metric
        assert scores.totals[metric].parts == counts, metric
    assert min(counts.values()) > 3


def test_speaker_labels_do_not_matter() -> None:
    swap = {"spk1": "spk2", "spk2": "spk1"}
    other = replace(MEETING, utterances=tuple(replace(u, speaker=swap[u.speaker]) for u in MEETING))
    scores = score([MEETING], [other])
    assert all(scores.totals[name].errors == 0 for name in ("cpwer", "tcpwer", "wder", "der", "jer"))


def test_a_wrong_speaker_costs_attribution_only() -> None:
    rows = list(MEETING.utterances)
    rows[2] = replace(rows[2], speaker="spk2")
    scores = score([MEETING], [replace(MEETING, utterances=tuple(rows))])
    words = len(rows[2].text.split())
    assert scores.totals["cpwer"].errors == 2 * words  # deleted for one speaker, inserted for the other
    assert scores.totals["orcwer"].errors == scores.totals["dicpwer"].errors == scores.totals["wer"].errors == 0
    assert (scores.totals["wder"].errors, scores.totals["wder"].length) == (words, 30)
    assert scores.totals["der"].parts == pytest.approx({"missed": 1, "false_alarm": 0, "confusion": 9})


def test_words_further_than_the_collar_do_not_match_in_tcpwer() -> None:
    late = replace(MEETING, utterances=tuple(replace(u, start=u.start + 40, end=u.end + 40) for u in MEETING))
    scores = score([MEETING], [late])
    assert scores.totals["cpwer"].errors == 0
    assert scores.totals["tcpwer"].errors == 2 * scores.totals["tcpwer"].length


def test_der_parts_in_seconds_with_and_without_collar() -> None:
    reference = meeting(("a", 0, 10, ""), ("b", 10, 20, ""))
    hypothesis = meeting(("x", 0, 10.2, ""), ("y", 10.2, 15, ""), ("y", 30, 33, ""))
    rate = der.der(reference, hypothesis)
    assert rate.parts == pytest.approx({"missed": 5, "false_alarm": 3, "confusion": 0.2})
    assert rate.length == pytest.approx(20)
    inside = der.der(reference, hypothesis, collar=0.25)  # 0.25 s on each side of 0, 10 and 20
    assert inside.parts == pytest.approx({"missed": 4.75, "false_alarm": 3, "confusion": 0})
    assert inside.length == pytest.approx(19)


def test_der_leaves_out_what_the_uem_leaves_out() -> None:
    reference, hypothesis = meeting(("a", 0, 10, "")), meeting(("x", 0, 5, ""), ("x", 50, 60, ""))
    assert der.der(reference, hypothesis, [(0, 20)]).parts == {"missed": 5, "false_alarm": 0, "confusion": 0}


def test_jer_weighs_speakers_alike() -> None:
    reference = meeting(("a", 0, 90, ""), ("b", 90, 100, ""))
    assert der.jer(reference, meeting(("x", 0, 90, ""))).value == pytest.approx(0.5)


def test_words_outside_the_uem_are_not_scored() -> None:
    scores = score([MEETING], [meeting(("spk1", 40, 50, "rien de tout cela"))], {"r": [(0, 20)]})
    assert scores.totals["wer"].parts == {"substitutions": 0, "deletions": 19, "insertions": 0}


def test_speaker_count_error_is_a_mean_over_recordings() -> None:
    one = meeting(("a", 0, 1, "oui"), ("b", 1, 2, "non"), recording="one")
    two = meeting(("a", 0, 1, "oui"), recording="two")
    found = score([one, two], [replace(two, recording="one"), two]).totals["speakers"]
    assert (found.value, found.parts) == (0.5, {"reference_speakers": 3, "hypothesis_speakers": 2})


def test_numbers_in_digits_and_in_words_are_the_same() -> None:
    digits = "le budget est de 1 200 € cette année"
    rows = list(MEETING.utterances)
    rows[1] = replace(rows[1], text=digits)
    assert score([MEETING], [replace(MEETING, utterances=tuple(rows))]).totals["cpwer"].errors == 0


def test_a_missing_hypothesis_is_all_deleted_and_said() -> None:
    other = replace(MEETING, recording="other")
    scores = score([MEETING, other], [MEETING])
    assert scores.missing == ("other",)
    assert scores.recordings["other"]["cpwer"].parts == {"substitutions": 0, "deletions": 30, "insertions": 0}
    assert scores.recordings["other"]["der"].value == 1
    assert "all deleted: other" in scores.table()
    assert scores.to_dict()["missing"] == ["other"]


def test_a_hypothesis_without_reference_is_an_error() -> None:
    with pytest.raises(ScoreError, match="no reference for x"):
        score([MEETING], [MEETING, replace(MEETING, recording="x")])
    with pytest.raises(ScoreError, match="appears twice"):
        score([MEETING, MEETING], [MEETING])


def test_an_empty_reference_gives_no_value_and_counts_insertions() -> None:
    totals = score([meeting()], [MEETING]).totals
    assert totals["cpwer"].value is None
    assert totals["cpwer"].parts["insertions"] == totals["wer"].parts["insertions"] == 30


def test_wer_by_overlap_of_the_reference_utterance() -> None:
    rows = list(MEETING.utterances)
    rows[3] = replace(rows[3], text="non")
    totals = score([MEETING], [replace(MEETING, utterances=tuple(rows))]).totals
    found = {name: (totals[name].errors, totals[name].length) for name in wer.BANDS}
    assert found == {"overlap <5%": (0, 19), "overlap 5-50%": (0, 10), "overlap >50%": (1, 1)}


def test_overlap_shares_count_a_second_once() -> None:
    rows = meeting(("a", 0, 10, ""), ("b", 2, 4, ""), ("c", 3, 5, ""), ("a", 9, 12, ""))
    assert wer.overlap_shares(rows.utterances) == pytest.approx([0.3, 1.0, 1.0, 0.0])


def test_backchannels_are_interleaved_by_the_times_of_words() -> None:
    words = tuple(Word(text, i, i + 0.9) for i, text in enumerate(("un", "deux", "trois", "quatre")))
    long = Utterance("u1", "spk1", 0, 4, "un deux trois quatre", words)
    said = Transcript("r", 4, utterances=(long, Utterance("u2", "spk2", 1.95, 2.0, "oui")))
    heard = meeting((None, 0, 4, "un deux oui trois quatre"))
    assert wer.wer(wer.align(spoken(said), spoken(heard))).errors == 0


@settings(max_examples=30)
@given(transcripts(words=True))
def test_words_stay_inside_their_utterance_in_order(transcript: Transcript) -> None:
    for utterance in spoken(transcript, "fr-strict"):
        times = [t for w in utterance.words for t in (w.start, w.end)]
        assert times == sorted(times)
        assert times[0] >= utterance.start - 1e-6
        assert times[-1] <= utterance.end + 1e-6


def test_word_times_survive_normalisation() -> None:
    words = (Word("1 200", 10, 11), Word("€", 11, 12), Word("oui", 50, 51))
    [utterance] = spoken(Transcript("r", 60, utterances=(Utterance("u", None, 10, 51, "1 200 € oui", words),)))
    assert [w.text for w in utterance.words] == ["mille", "deux", "cent", "euros", "oui"]
    assert utterance.words[0].start == pytest.approx(10, abs=0.01)
    assert utterance.words[-1].end == pytest.approx(51, abs=0.01)


def test_gates_that_pass_and_fail() -> None:
    scores = score([MEETING], [replace(MEETING, utterances=MEETING.utterances[:2])])
    assert check_gates(scores, {"cpwer": 0.5, "speakers": 0}) == []
    [failure] = check_gates(scores, {"cpwer": 0.3})
    assert failure == "cpWER is 0.367, worse than its gate 0.3."
    with pytest.raises(ScoreError, match="Did you mean cpwer"):
        check_gates(scores, {"cpwr": 0.5})


def test_bootstrap_interval_is_seeded_and_holds_the_rate() -> None:
    rates = [Rate(errors, 100) for errors in (10, 20, 30, 40, 25)]
    assert bootstrap.interval(rates[:4]) is None
    low, high = bootstrap.interval(rates)
    assert low < 0.25 < high
    assert bootstrap.interval(rates) == (low, high)
    assert bootstrap.interval([Rate(1, 2)]) is None
    assert bootstrap.interval([Rate(1, 2), Rate(3, 0)]) is None


def test_json_and_tables_hold_the_version_of_the_normaliser() -> None:
    scores = score([MEETING], [MEETING], level="fr-strict")
    value = json.loads(scores.to_json())
    assert value["normalizer"] == "fr-strict/2"
    assert value["search"] == {"orcwer": "greedy", "dicpwer": "greedy"}
    assert value["recordings"]["r"]["cpwer"] == {
        "value": 0.0,
        "errors": 0,
        "length": 30,
        "substitutions": 0,
        "deletions": 0,
        "insertions": 0,
    }
    assert "| cpWER | 0.0 |  | 0 | 30 | 0 substitutions, 0 deletions, 0 insertions |" in scores.table(markdown=True)


def test_a_rate_survives_json() -> None:
    rate = Rate(1.5, 3.0, {"missed": 1.5})
    assert Rate.from_dict({**rate.to_dict(), "interval": [0, 1]}) == rate


def test_rates_add_up() -> None:
    total = Rate(1, 2, {"a": 1}) + Rate(3, 4, {"b": 3})
    assert (total.value, total.parts) == (4 / 6, {"a": 1, "b": 3})


def test_diarization_error_is_computed_offline_and_without_telemetry() -> None:
    import os

    der.der(MEETING, MEETING)
    assert os.environ["PYANNOTE_METRICS_ENABLED"] == "0"


def test_unattributed_words_are_a_speaker_of_their_own() -> None:
    nobody = replace(MEETING, utterances=tuple(replace(u, speaker=None) for u in MEETING))
    found = cpwer.cpwer(spoken(MEETING), spoken(nobody))
    assert found.parts == {
        "substitutions": 0,
        "deletions": 11,
        "insertions": 11,
    }  # the 19 words of spk1 match
