"""Transcripts for property tests: what every format must preserve, whatever the letters."""

from hypothesis import strategies as st

from dialogue.core.transcript import Speaker, Transcript, Utterance, Word

LETTERS = st.characters(codec="utf-8", categories=("L", "N"), include_characters="'’-.,")
WORD = st.text(LETTERS, min_size=1, max_size=12)
NAME = st.text(st.characters(codec="utf-8", categories=("L",)), min_size=1, max_size=10)
MILLISECONDS = st.integers(0, 3_600_000)


@st.composite
def transcripts(draw: st.DrawFn, words: bool = False) -> Transcript:
    """Draw a valid transcript: speakers in order of first speech, milliseconds, overlap allowed."""
    count = draw(st.integers(1, 4))
    names = draw(st.lists(NAME.filter(lambda n: not n.startswith("spk")), min_size=count, max_size=count, unique=True))
    spans = sorted((draw(MILLISECONDS), draw(st.integers(1, 30_000))) for _ in range(draw(st.integers(count, 8))))
    utterances = []
    for index, (start, length) in enumerate(spans):
        texts = draw(st.lists(WORD, min_size=1, max_size=30))
        begin, end = start / 1000, (start + length) / 1000
        utterances.append(
            Utterance(
                id=f"u{index + 1}",
                speaker=f"spk{min(index, count - 1) + 1}",
                start=begin,
                end=end,
                text=" ".join(texts),
                words=tuple(Word(text) for text in texts) if words else (),
            )
        )
    return Transcript(
        recording=draw(NAME),
        duration=max(u.end for u in utterances),
        speakers=tuple(Speaker(f"spk{i + 1}", names[i]) for i in range(count)),
        utterances=tuple(utterances),
    )


def said(transcript: Transcript) -> list[tuple[str, float, float, str]]:
    """Return what a round trip must preserve."""
    return [(transcript.name(u.speaker), round(u.start, 3), round(u.end, 3), u.text) for u in transcript]
