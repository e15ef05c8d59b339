"""A language model judges and words the items that were found without it, one short question each.

A small model that could not write minutes can do this, the more so if it learned it from minutes that people wrote
(tasks of the kinds ``judge`` and ``rewrite``, whose prompts are those of this file). What it judges to be nothing is
listed to verify. A wording that what was said does not support, that did not end, that shares no word with the
statement, or that another item has, is not used: the statement stays as it was said.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from dialogue.core.transcript import Transcript, Utterance
from dialogue.formats.turns import Line, names, tail, turn
from dialogue.french.text import content_words, other_language
from dialogue.llm import LLMError
from dialogue.llm.repetition import repeats
from dialogue.minutes.check import Supported
from dialogue.minutes.document import KINDS, Action, Decision, Minutes, Point, ToVerify

if TYPE_CHECKING:
    from dialogue.llm import LanguageModel

JUDGE = "Qu'y a-t-il à noter ici : décision, tâche, question ouverte ou rien ?"
REWRITE = {
    "decisions": "Écris en une phrase ce qui est décidé ici.",
    "actions": "Écris en une phrase ce qui est à faire ici.",
    "open_questions": "Écris en une phrase la question qui reste ouverte ici.",
}
ANSWERS = {"decisions": "décision", "actions": "tâche", "open_questions": "question ouverte"}
NOTHING = "rien"
REFUSED = "judged to be nothing"  # reason of what is listed to verify
LONGEST = 800  # bytes of turns in a question
BEFORE = 2  # turns before the first one cited, which say what it is about
MOST = 60  # tokens of an answer
SAID = 0.5  # smallest share of a wording's content words that the turns hold; three in four wordings of people pass

Item = Decision | Action | Point


def passage(said: Sequence[Utterance], cited: Collection[int], name: Mapping[str | None, str]) -> list[Line]:
    """Return the turns that a question is about: those cited, and a few before the first.

    Args:
        said: utterances of the transcript, in order.
        cited: their places, from 0; at least one.
        name: how each speaker is written.
    """
    first = min(cited)
    around = [n for n in range(max(0, first - BEFORE), first) if said[n].text.strip()]
    return tail([(said[n], turn(said[n], name)) for n in [*around, *sorted(cited)]], LONGEST)


def question(lines: Sequence[Line], ask: str) -> str:
    """Return a prompt: turns, a blank line, and what is asked."""
    return "\n".join([*(line for _, line in lines), "", ask])


def edited(
    minutes: Minutes, transcript: Transcript, model: LanguageModel, supported: Supported, progress: Callable[[], None]
) -> tuple[Minutes, str | None]:
    """Return minutes whose decisions, actions and open questions a model judged and worded.

    Args:
        transcript: with speakers named as in the minutes.
        supported: whether evidence supports a statement.
        progress: called after each item.

    Returns:
        the minutes, and why the model no longer answered, if it did not: the items from there on are as they were.
    """
    editor = _Editor(transcript, model, supported)
    sections: dict[str, tuple[Item, ...]] = {}
    for section in REWRITE:
        kept: list[Item] = []
        for item in getattr(minutes, section):
            if (found := editor.edit(section, item)) is not None:
                kept.append(found)
            progress()
        sections[section] = tuple(kept)
    verify = (*minutes.to_verify, *editor.refused)
    return replace(minutes, **sections, to_verify=verify), editor.lost  # type: ignore[arg-type]


class _Editor:
    def __init__(self, transcript: Transcript, model: LanguageModel, supported: Supported) -> None:
        self.said, self.model, self.supported = transcript.utterances, model, supported
        self.name = names(transcript)
        self.place = {u.id: n for n, u in enumerate(self.said)}
        self.refused: list[ToVerify] = []
        self.lost: str | None = None  # why the model no longer answers
        self.worded: set[tuple[str, str]] = set()  # sections and wordings so far

    def edit(self, section: str, item: Item) -> Item | None:
        """Return the item as the model words it, or ``None`` if it takes it for nothing."""
        cited = {self.place[id] for e in item.evidence for id in e.utterance_ids if id in self.place}
        if self.lost or not cited:
            return item
        lines = passage(self.said, cited, self.name)
        text = item.what if isinstance(item, Action) else item.text
        try:
            if self._answer(question(lines, JUDGE)).casefold().strip(" .") == NOTHING:
                self.refused.append(ToVerify(KINDS[section], text, REFUSED, item.evidence))
                return None
            wording = self._answer(question(lines, REWRITE[section]))
        except LLMError as error:
            self.lost = f"the model does not answer: {error}"
            return item
        own, said = set(content_words(wording)), set(content_words(" ".join(line for _, line in lines)))
        another = not own & set(content_words(text))  # item of the same turns
        unlike = another or len(own & said) < SAID * len(own) or other_language(wording, "fr")
        if unlike or (section, wording) in self.worded or not self.supported(wording, item.evidence):
            return item
        self.worded.add((section, wording))
        return replace(item, what=wording) if isinstance(item, Action) else replace(item, text=wording)

    def _answer(self, ask: str) -> str:
        """Return the answer, empty if it did not end or repeats itself."""
        answer = self.model.chat([{"role": "user", "content": ask}], max_tokens=MOST, stop=["\n"]).strip()
        whole = self.model.count_tokens(answer) < MOST - 1 and not repeats(answer)
        return answer if whole else ""
