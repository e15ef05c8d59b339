"""Everything that was said, turn by turn, under the headings of the agenda."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence

from dialogue.core.transcript import Omission, Transcript, Utterance
from dialogue.french.names import numbered
from dialogue.minutes.document import Minutes
from dialogue.minutes.documents.outline import Block, Heading, Paragraph, Span, citation, emphasis, plain, strong
from dialogue.minutes.doubt import is_doubtful

OURS = ("boilerplate", "repetition", "no speech", "not scored")  # words that nobody said, or that are not scored
LONG = 60.0  # seconds after which a turn continues in a new paragraph, with its own time code


def spoken(transcript: Transcript, minutes: Minutes, labels: dict[str, str]) -> Iterator[Block]:
    """Yield turns with speaker and time code; speech without recognised words is shown too."""
    names = {p.id: p.name for p in minutes.participants if p.name}
    agenda = sorted(minutes.agenda, key=lambda item: item.start)
    starts = [item.start for item in agenda]
    said: list[tuple[float, int, Paragraph]] = []
    for turn in turns(transcript.utterances, starts):
        first = turn[0]
        name = strong(names.get(first.speaker) or numbered(transcript.name(first.speaker), labels["language"]))
        spoken_words = (span for u in turn for span in (plain(" "), *_said(u)))
        paragraph = Paragraph((name, plain(" "), citation(first.start), plain(labels["colon"]), *spoken_words))
        said.append((first.start, _topic(first, starts), paragraph))
    for lost in transcript.omissions:
        if lost.reason == "not transcribed":
            words = emphasis(f"({labels['untranscribed']}, {lost.end - lost.start:.0f} s)")
            paragraph = Paragraph((citation(lost.start), plain(" "), words))
            said.append((lost.start, _topic(lost, starts), paragraph))
        elif lost.reason not in OURS:  # a person took the words out
            paragraph = Paragraph((citation(lost.start), plain(" "), emphasis(f"({lost.reason})")))
            said.append((lost.start, _topic(lost, starts), paragraph))
    if not said:
        yield Paragraph((plain(labels["no_speech"]),))
    if any(map(is_doubtful, transcript.words())):
        yield Paragraph((plain(labels["doubtful_note"]),))
    shown = 0
    for _, topic, paragraph in sorted(said, key=lambda item: item[0]):
        for item in agenda[shown:topic]:
            yield Heading(1, (plain(item.title),))
        shown = max(shown, topic)
        yield paragraph
    for item in agenda[shown:]:
        yield Heading(1, (plain(item.title),))


def _said(utterance: Utterance) -> Iterator[Span]:
    """Yield the text of an utterance, with its doubtful words in italics."""
    texts = utterance.text.split()
    if len(texts) != len(utterance.words) or not any(map(is_doubtful, utterance.words)):
        yield plain(utterance.text)
        return
    for place, (text, word) in enumerate(zip(texts, utterance.words, strict=True)):
        if place:
            yield plain(" ")
        yield emphasis(text) if is_doubtful(word) else plain(text)


def turns(utterances: Sequence[Utterance], starts: Sequence[float]) -> Iterator[list[Utterance]]:
    """Group successive utterances of one speaker, splitting where an agenda topic starts and after ``LONG``."""
    turn: list[Utterance] = []
    for utterance in utterances:
        if not utterance.text.strip():
            continue
        if turn and (
            utterance.speaker != turn[0].speaker
            or utterance.start - turn[0].start > LONG
            or _topic(utterance, starts) != _topic(turn[0], starts)
        ):
            yield turn
            turn = []
        turn.append(utterance)
    if turn:
        yield turn


def _topic(span: Utterance | Omission, starts: Sequence[float]) -> int:
    """Count the topics started by the middle of an utterance, because a topic may start within one."""
    return bisect_right(starts, (span.start + span.end) / 2)
