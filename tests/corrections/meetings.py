"""A made meeting with turns, backchannels and overlap, and what another recognition or clustering makes of it."""

import random
from dataclasses import replace

from dialogue.core.transcript import Speaker, Transcript, Utterance, Word, order_speakers

VOCABULARY = """le budget est prêt pour jeudi et nous enverrons la note aux élus avant midi donc il faut relire ce texte
avec soin parce que la date a changé depuis hier je crois que tout le monde peut venir mais sans les annexes on verra
bien ce que dit la commission sur ce point""".split()


def meeting(seed: int = 0, turns: int = 40, speakers: int = 4) -> Transcript:
    """Return a transcript as a recogniser writes it: words with times and probabilities, some in overlap."""
    chance = random.Random(seed)
    utterances, clock = [], 1.0
    people = [f"spk{n}" for n in range(1, speakers + 1)]
    latest = people[0]
    for number in range(turns):
        latest = people[number] if number < speakers else chance.choice([p for p in people if p != latest])
        words, start = [], clock
        for _ in range(chance.randint(4, 25)):
            end = clock + chance.uniform(0.15, 0.5)
            words.append(_word(chance, chance.choice(VOCABULARY), clock, end, latest))
            clock = end + chance.choice([0.0, 0.0, 0.05, 0.3])
        utterances.append(_utterance(words, latest))
        if chance.random() < 0.3:
            other = chance.choice([p for p in people if p != latest])
            middle = (start + clock) / 2
            utterances.append(_utterance([_word(chance, "oui", middle, middle + 0.3, other)], other, overlap=True))
        clock += chance.uniform(0.1, 1.5)
    return _transcript(utterances, clock + 1)


def recognised_again(transcript: Transcript, seed: int, speakers: int | None = None, heard: float = 0.05) -> Transcript:
    """Return what another run finds: other ids, other cuts, shifted times, some other words, other clusters.

    Args:
        speakers: number of clusters, fewer or more than before; the same voices by default.
        heard: share of the words that are heard differently, and of those given to a neighbour.
    """
    chance = random.Random(seed)
    people = [s.id for s in transcript.speakers]
    wanted = speakers or len(people)
    group = {p: [n] for n, p in enumerate(chance.sample(people, len(people)))}
    if wanted < len(people):
        group = {p: [n % wanted] for p, [n] in group.items()}
    for extra in range(len(people), wanted):
        group[chance.choice(people)].append(extra)
    words = []
    for utterance in transcript:
        voice = f"voice{chance.choice(group[utterance.speaker])}"
        for word in utterance.words:
            shift = chance.uniform(-0.08, 0.08)
            text = chance.choice(VOCABULARY) if chance.random() < heard else word.text
            start = max(0.0, word.start + shift)
            words.append((voice, utterance.overlap, replace(word, text=text, start=start, end=word.end + shift)))
    for place in range(1, len(words)):
        if chance.random() < heard / 2:
            words[place] = (words[place - 1][0], words[place - 1][1], words[place][2])
    utterances, lanes = [], {}
    for voice, overlap, word in sorted(words, key=lambda item: item[2].start):
        lane = lanes.setdefault(overlap, [])
        if lane and (lane[-1][0] != voice or chance.random() < 0.05):
            utterances.append(_utterance([w for _, w in lane], lane[0][0], overlap))
            lane.clear()
        lane.append((voice, replace(word, speaker=voice)))
    utterances += [_utterance([w for _, w in lane], lane[0][0], overlap) for overlap, lane in lanes.items() if lane]
    return _transcript(utterances, transcript.duration)


def _word(chance: random.Random, text: str, start: float, end: float, speaker: str) -> Word:
    return Word(text, round(start, 3), round(end, 3), round(chance.random(), 3), speaker, 0.9)


def _utterance(words: list[Word], speaker: str, overlap: bool = False) -> Utterance:
    text = " ".join(w.text for w in words)
    end = max(w.end for w in words)
    return Utterance("", speaker, words[0].start, end, text, tuple(words), overlap, 0.9)


def _transcript(utterances: list[Utterance], duration: float) -> Transcript:
    speakers, ordered = order_speakers(utterances)
    bare = tuple(Speaker(s.id) for s in speakers)
    numbered = tuple(replace(u, id=f"u{n}") for n, u in enumerate(ordered, 1))
    made = Transcript("réunion", round(duration, 3), "fr", bare, numbered).validate()
    return Transcript.from_dict(made.to_dict())  # times to the millisecond, as on the disk
