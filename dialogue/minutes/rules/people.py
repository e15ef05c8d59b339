"""Find the names spoken in a meeting, and the speakers they belong to.

A speaker's name is inferred only from consistent speech: they introduce themselves, or are addressed at least twice by
a first name and answer next, and nothing contradicts it. A list of participants corrects names that the recogniser
spelt slightly differently; for a listed name, being addressed once is enough.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence

from dialogue.core.transcript import Transcript
from dialogue.french.names import NAME, is_first_name, is_word, numbered, spelling
from dialogue.french.sentences import Sentence
from dialogue.french.text import plain

LEAD = r"(?:(?:alors|bon|et|merci|bonjour|ok|donc|oui|non|d'accord|tres bien|parfait|super|mais|toi|dis)[\s,]+)*"
THANKED = re.compile(r"\b(?:merci|bonjour|bonsoir|bravo|salut|comme|selon|avec|pour|par)\b")
ADDRESSED = re.compile(
    r"[\s,]*(?:est-ce (?:que )?(?:tu|vous)|(?:tu|vous) (?:peux|pouvez|pourrais|pourriez|veux|voulez|vas|allez|as|avez|"
    r"en|nous|te|vous|t'|penses|pensez|es|etes|prends|prenez|peut)|peux-tu|pouvez-vous|pourrais-tu|pourriez-vous|"
    r"je (?:te|vous) laisse|(?:qu'est-ce que|comment) (?:tu|vous)|ca te|ca vous|a toi|a vous|c'est a toi|\?)"
)
CALLED = re.compile(rf"\b(?:[Jj]e m['’]appelle|[Mm]on (?:pré)?nom (?:est|c['’]est)) ({NAME})\b")
INTRODUCED = re.compile(rf"(?:\b(?:[Mm]oi,? c['’]est|[Jj]e suis)|(?:^|[,.!?] )[Ii]ci) ({NAME})(?!['’\w])")


class Names:
    """The names of a meeting: ``of`` maps speaker ids to (name, source)."""

    def __init__(
        self,
        transcript: Transcript,
        spoken: Sequence[Sentence],
        participants: Sequence[str] = (),
        language: str = "fr",
    ) -> None:
        self.language = language
        self.participants = tuple(participants)
        self.of: dict[str, tuple[str, str]] = {}
        for speaker in transcript.speakers:
            if speaker.name:
                source = speaker.attributes.get("name_source")
                name = speaker.name if source == "manual" else spelling(speaker.name, participants) or speaker.name
                self.of[speaker.id] = (name, str(source or "manual"))
        self.known = list(dict.fromkeys([*(name for name, _ in self.of.values()), *participants]))
        self._words = {plain(part) for name in self.known for part in name.split() if len(part) > 1}
        unnamed = {s.id for s in transcript.speakers} - set(self.of)
        if unnamed:
            self._infer(spoken, unnamed)

    def name(self, speaker: str | None) -> str | None:
        return self.of[speaker][0] if speaker in self.of else None

    def shown(self, speaker: str | None) -> str | None:
        """Return the name of a speaker, or what to call them without one."""
        return self.name(speaker) or (numbered(speaker, self.language) if speaker else None)

    def speaker(self, name: str | None) -> str | None:
        """Return the id of the speaker with that name, if exactly one has it."""
        found = [s for s, (known, _) in self.of.items() if name and spelling(name, [known])]
        return found[0] if len(found) == 1 else None

    def vocative(self, sentence: Sentence, begin: int = 0) -> tuple[str, int] | None:
        """Return the name of the person addressed, and its start: "Julien, tu peux...", "..., Nadia ?"."""
        text, folded = sentence.text, sentence.folded
        lead = re.match(rf"\s*{LEAD}", folded[begin:])
        start = begin + (lead.end() if lead else 0)
        for position in dict.fromkeys((start, *(m.end() for m in re.finditer(r"[,.?!]\s+", folded[begin:start])))):
            name = self._name_at(text, folded, position)
            after = position + len(name or "")
            addressed = ADDRESSED.match(folded, after) is not None
            if not name or not (addressed or re.match(r"\s*(,|\?|$)", folded[after:])):
                continue
            if spelled := self._accept(name, text, position, strict=not addressed):
                return spelled, position
        # a name between commas, or last: "tu peux le faire, Thomas ?", "merci Nadia"
        for found in re.finditer(rf"(?:,\s*|\b(?:[Mm]erci|[Bb]onjour|[Tt]oi),?\s+)({NAME})\s*(?=[,?.!]|$)", text):
            if spelled := self._accept(found[1], text, found.start(1), strict=True):
                return spelled, found.start(1)
        return None

    def mentioned(self, sentence: Sentence) -> list[tuple[str, int, int]]:
        """Return known names anywhere in a sentence: (name, begin, end)."""
        spans = []
        for found in re.finditer(r"[\w'’-]{3,}", sentence.text):
            token = found[0]
            exact = plain(token) in self._words
            likely = exact or (token[:1].isupper() and not is_word(token))
            if likely and (name := spelling(token, self.known)):
                spans.append((name, found.start(), found.end()))
        return spans

    def _name_at(self, text: str, folded: str, position: int) -> str | None:
        found = re.match(NAME, text[position:])
        if found:
            return found[0]
        lower = re.match(r"[a-z-]{3,}", folded[position:])
        return text[position : position + len(lower[0])] if lower and lower[0] in self._words else None

    def _accept(self, name: str, text: str, position: int, strict: bool) -> str | None:
        """Return the right spelling of a name, or ``None`` if the word is not one; ``strict`` refuses unknown names."""
        if len(name) < 3 or (is_word(name) and plain(name) not in self._words):
            return None
        if known := spelling(name, self.known):
            return known
        alone = text.strip(" ?.!,") == name and "?" in text  # "Nadia ?"
        return name if is_first_name(name) and (alone or not strict) else None

    def _introduced(self, text: str) -> str | None:
        """Return the name by which the speaker introduces themselves."""
        if (called := CALLED.search(text)) and not is_word(called[1]):
            return spelling(called[1], self.known) or called[1]
        for found in INTRODUCED.finditer(text):
            if name := self._accept(found[1], text, found.start(1), strict=False):
                return name
        return None

    def _infer(self, spoken: Sequence[Sentence], unnamed: set[str]) -> None:
        votes: dict[str, Counter[str]] = defaultdict(Counter)  # name -> speaker -> votes
        never: dict[str, set[str]] = defaultdict(set)
        for sentence in spoken:
            if sentence.speaker and (introduced := self._introduced(sentence.text)):
                votes[introduced][sentence.speaker] += 3
            called = self.vocative(sentence)
            if not called or sentence.speaker is None:
                continue
            name = called[0]
            never[name].add(sentence.speaker)
            answer = next(
                (s for s in spoken[sentence.index + 1 :][:6] if s.speaker not in (sentence.speaker, None)),
                None,
            )
            # "dernier point, la démonstration, Nadia." gives the floor, although nothing is asked
            handed = name in self.participants and sentence.folded.rstrip(" .,!…").endswith(plain(name))
            handed = handed and not THANKED.search(sentence.folded)
            addressed = ADDRESSED.match(sentence.folded, called[1] + len(name)) or sentence.question or handed
            if answer is not None and answer.speaker and addressed and answer.start - sentence.end < 5:
                votes[name][answer.speaker] += 1
        claims: dict[str, list[str]] = defaultdict(list)
        for name, counted in votes.items():
            ((speaker, most),) = counted.most_common(1)
            consistent = most * 3 >= sum(counted.values()) * 2 and speaker not in never[name]
            enough = most > 1 or name in self.participants
            if consistent and enough and speaker in unnamed and not self.speaker(name):
                claims[speaker].append(name)
        for speaker, names in claims.items():
            if len(names) == 1:  # with two names for one voice, diarization or inference is wrong, so no name
                self.of[speaker] = (names[0], "spoken")
        left = [p for p in self.participants if p not in {name for name, _ in self.of.values()}]
        nameless = unnamed - set(self.of)
        if len(left) == len(nameless) == 1 and len(self.of) + 1 == len(self.participants):  # as many voices as people
            self.of[nameless.pop()] = (left[0], "list")
        self.known = list(dict.fromkeys([*self.known, *(name for name, _ in self.of.values())]))
        self._words |= {plain(part) for name in self.known for part in name.split()}


def speaking_time(transcript: Transcript) -> Mapping[str, float]:
    """Return the seconds of speech of each speaker; overlapping utterances of one speaker are counted once."""
    spoken: dict[str, float] = {s.id: 0.0 for s in transcript.speakers}
    latest: dict[str, float] = {}
    for utterance in transcript.utterances:
        if utterance.speaker is None:
            continue
        begin = max(utterance.start, latest.get(utterance.speaker, 0.0))
        spoken[utterance.speaker] = spoken.get(utterance.speaker, 0.0) + max(0.0, utterance.end - begin)
        latest[utterance.speaker] = max(utterance.end, latest.get(utterance.speaker, 0.0))
    return spoken
