"""What recognition found is kept batch by batch."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dialogue.core.transcript import Omission, Utterance, Word
from dialogue.speech.asr.batches import Batches
from dialogue.speech.asr.recognition import Found

times = st.floats(0, 1e5, allow_nan=False)
words = st.builds(Word, st.text(max_size=5), times, times, st.floats(0, 1))
utterances = st.builds(Utterance, st.just(""), st.none(), times, times, st.text(), st.tuples(words))
omissions = st.builds(Omission, times, times, st.just("not transcribed"))
found = st.builds(Found, st.tuples(utterances), st.tuples(omissions), times, times, times, st.just("fr"))


def batch(number: int) -> Found:
    word = Word("été", 0.1 * number, 0.3, 0.5)
    return Found((Utterance("", None, 0.1, 0.3, "été", (word,)),), (), number, 1.0, 0.9, "fr")


def refuse() -> Found:
    raise AssertionError("decoded again")


def kill() -> Found:
    raise KeyboardInterrupt


@given(found)
def test_what_was_found_is_read_back_as_it_was(tmp_path_factory: pytest.TempPathFactory, value: Found) -> None:
    path = tmp_path_factory.mktemp("kept") / "r.jsonl"
    Batches(path, "x")(lambda: value)
    assert Batches(path, "x")(refuse) == value


def test_a_killed_run_goes_on_after_its_last_batch(tmp_path: Path) -> None:
    first = Batches(tmp_path / "r.jsonl", "x")
    assert [first(lambda n=n: batch(n)) for n in range(2)] == [batch(0), batch(1)]
    with pytest.raises(KeyboardInterrupt):
        first(kill)
    again = Batches(tmp_path / "r.jsonl", "x")
    assert [again(refuse), again(refuse), again(lambda: batch(7))] == [batch(0), batch(1), batch(7)]


def test_other_sound_or_options_start_again(tmp_path: Path) -> None:
    Batches(tmp_path / "r.jsonl", "x")(lambda: batch(0))
    assert Batches(tmp_path / "r.jsonl", "y")(lambda: batch(5)) == batch(5)


def test_a_file_cut_anywhere_keeps_its_whole_lines(tmp_path: Path) -> None:
    path = tmp_path / "r.jsonl"
    kept = Batches(path, "x")
    for number in range(3):
        kept(lambda n=number: batch(n))
    whole = path.read_bytes()
    for size in range(0, len(whole), 17):
        path.write_bytes(whole[:size])
        again = Batches(path, "x")
        assert [again(lambda n=n: batch(n)) for n in range(3)] == [batch(0), batch(1), batch(2)]
        assert path.read_bytes() == whole
