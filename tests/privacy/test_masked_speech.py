"""A name that is masked in the sound is not recognised in it any more."""

from pathlib import Path

import pytest

from dialogue import formats
from dialogue.core import audio
from dialogue.french.text import plain
from dialogue.privacy.masking import mask, spans_to_mask
from dialogue.privacy.mentions import Mention, Note, text_of
from dialogue.speech import asr
from dialogue.speech.asr import ASRConfig, Decoding

pytestmark = pytest.mark.model
FOLDER = Path(__file__).parents[2] / "corpora/reunion/data/reunion_corpus"
AROUND = 3.0  # seconds


def test_a_masked_name_is_not_transcribed(tmp_path):
    pytest.importorskip("faster_whisper", reason="faster-whisper is not installed: nothing recognises speech")
    [transcript] = formats.read(FOLDER / "reunion_corpus.ctm")
    text = text_of(transcript)
    start = text.index("Julien")
    name = next(w for w in transcript.words() if w.text.startswith("Julien"))
    note = Note(transcript.recording, text, (Mention(start, start + len("Julien"), "PRENOM"),))
    mask(FOLDER / "reunion_corpus.flac", spans_to_mask(transcript, note), tmp_path / "masked.flac")
    engine = asr.load(ASRConfig(effort="fast"))

    def heard(path: Path) -> str:
        first = int((name.start - AROUND) * audio.RATE)
        window = audio.load(path)[first : first + int(2 * AROUND * audio.RATE)]
        [segments] = engine.decode([window], Decoding("fr", beam_size=1))
        return plain(" ".join(s.text for s in segments))

    assert "julien" in heard(FOLDER / "reunion_corpus.flac")
    assert "julien" not in heard(tmp_path / "masked.flac")
