"""N-best lists of whisper-base on a few seconds of the sample corpus, and their files."""

from pathlib import Path

import pytest

from dialogue.core import audio
from dialogue.core.config import ConfigError
from dialogue.speech.asr import ASRConfig, Decoding, nbest
from dialogue.speech.asr.nbest import NBest
from dialogue.speech.asr.recogniser import Hypothesis

SOUND = Path(__file__).parents[3] / "corpora/reunion/data/dev_regulation_scooter/dev_regulation_scooter.flac"


@pytest.fixture(scope="module")
def engine():
    return nbest.load(ASRConfig(threads=1))


@pytest.mark.model
def test_the_best_hypothesis_is_what_the_same_beam_finds(engine) -> None:
    window = audio.load(SOUND)[: 8 * audio.RATE]
    how = Decoding("fr", beam_size=5)
    [segments], [found] = engine.decode([window], how), engine.hypotheses([window], how)
    assert found[0].text == " ".join(s.text for s in segments)
    assert len(found) == 5
    means = [h.log_probability / h.tokens for h in found]
    assert means == sorted(means, reverse=True)
    assert means[0] < 0


@pytest.mark.model
def test_a_list_is_of_a_window_and_has_no_words_twice(engine) -> None:
    from dialogue.french.normalization import normalize

    sound = audio.load(SOUND)[: 14 * audio.RATE]
    [found] = nbest.find(engine, sound, [(11.0, 13.5), (9.0, 11.2)], ASRConfig(), 12)
    assert 8.5 < found.start < 9.5
    assert 13 < found.end <= 14
    words = [normalize(h.text, "fr-std") for h in found.hypotheses]
    assert len(set(words)) == len(words) > 1


def test_what_was_written_is_read(tmp_path: Path) -> None:
    lists = [NBest(0.5, 7.25, (Hypothesis("Allô ?", -3.5, 4), Hypothesis("Ah l'eau", -4.25, 5)))]
    nbest.write(lists, tmp_path / "r.jsonl")
    assert nbest.read(tmp_path / "r.jsonl") == lists


@pytest.mark.parametrize("line", ['{"start": 1}', "[]", '{"start": 0, "end": 1, "hypotheses": [{"text": "a"}]}', "x"])
def test_a_line_that_is_no_list_is_named(line: str, tmp_path: Path) -> None:
    (tmp_path / "r.jsonl").write_text(line)
    with pytest.raises(nbest.NBestError, match=r"r\.jsonl, line 1: no n-best list .*dialogue nbest"):
        nbest.read(tmp_path / "r.jsonl")


def test_an_engine_without_lists_is_refused() -> None:
    with pytest.raises(ConfigError, match="Accepted for n-best lists: faster-whisper"):
        nbest.load(ASRConfig(engine="openai-whisper"))
