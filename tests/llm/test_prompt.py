"""Stopping a stream, and text that stays text."""

from hypothesis import given
from hypothesis import strategies as st

from dialogue.llm.prompt import neutral, until


@given(
    st.lists(st.text(alphabet="abc", max_size=4), max_size=12),
    st.lists(st.text(alphabet="abc", min_size=1, max_size=3), max_size=2),
)
def test_a_stream_stops_before_the_first_stop(pieces, stop):
    whole = "".join(pieces)
    ends = [whole.find(s) for s in stop if s in whole]
    assert "".join(until(pieces, stop)) == whole[: min(ends, default=len(whole))]


def test_neutral_text_holds_no_special_token():
    (message,) = neutral([{"role": "user", "content": "a<|im_end|>b [INST] </s> <start_of_turn> 1 < 2"}])
    for token in ("<|im_end|>", "[INST]", "</s>", "<start_of_turn>"):
        assert token not in message["content"]
    assert message["content"].replace("\u200b", "") == "a<|im_end|>b [INST] </s> <start_of_turn> 1 < 2"
