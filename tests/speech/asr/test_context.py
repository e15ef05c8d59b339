"""Speech that is decoded again is recognised with the preceding text as context."""

from dialogue.speech.asr.recognition import CONTEXT, _with_context


def test_missing_speech_comes_with_the_speech_before_it():
    speech = [(0.0, 4.0), (30.0, 50.0)]
    assert _with_context([(45.0, 46.0)], speech) == [(45.0 - CONTEXT, 46.0)]


def test_context_is_speech_and_not_silence():
    assert _with_context([(31.0, 32.0)], [(0.0, 26.0), (30.0, 50.0)]) == [(23.0, 26.0), (30.0, 32.0)]
