"""Write minutes of a three-hour meeting with the embedded model: check that all of it is read, and measure the cost.

    python benchmarks/minutes.py 30000            words; made by repeating the sample debates

The model writes minutes of each part as well as it can. What counts here is that no prompt exceeds its context, that
every utterance is in a prompt, and that memory stays close to the model's own. The speed is measured on a prompt of
2,000 tokens and an answer of 200 tokens, alternately with our stream and with CTranslate2 alone.
"""

from __future__ import annotations

import itertools
import re
import resource
import statistics
import sys
import time
from pathlib import Path

import tables

MODEL = "smollm2-135m-instruct"
DEBATES = Path(__file__).resolve().parent.parent / "corpora/sample-debates/data"
ROUNDS, ANSWER = 5, 200


def long_meeting(words: int):
    """Repeat the sample debates until there are enough words; each utterance gets its own marker word."""
    from dialogue import formats
    from dialogue.core.transcript import Transcript, Utterance, order_speakers

    said = [
        (t.name(u.speaker), u.text) for p in sorted(DEBATES.glob("*.txt")) for t in formats.read(p, "claire") for u in t
    ]
    utterances, clock, count = [], 0.0, 0
    for number, (speaker, text) in enumerate(itertools.cycle(said)):
        if count >= words:
            break
        length = len(text.split()) + 1
        utterances.append(Utterance(f"u{number}", speaker, clock, clock + length / 2.8, f"{text} repère{number}"))
        clock, count = clock + length / 2.8, count + length
    speakers, ordered = order_speakers(utterances)
    return Transcript("three-hours", clock, "fr", speakers, ordered), count


def peak() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def processor() -> float:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


class Watched:
    """The model, with a record of the longest prompt and answer, and of the markers in its prompts."""

    def __init__(self, model) -> None:
        self.model, self.name, self.context_length = model, model.name, model.context_length
        self.count_tokens, self.longest, self.shown, self.calls = model.count_tokens, 0, set(), 0

    def stream(self, messages, **options):
        from dialogue.llm.prompt import encode

        self.calls += 1
        self.longest = max(self.longest, len(encode(self.model.tokenizer, messages)) + options["max_tokens"])
        self.shown |= set(re.findall(r"repère\d+", messages[-1]["content"]))
        return self.model.stream(messages, **options)


def read_whole(words: int) -> list[str]:
    from dialogue import llm
    from dialogue.minutes import write_minutes

    model = llm.load(MODEL, engine="ctranslate2")
    "".join(model.stream([{"role": "user", "content": "Bonjour"}], max_tokens=2))
    loaded, begun, clock = peak(), processor(), time.perf_counter()
    watched = Watched(model)
    meeting, count = long_meeting(words)
    minutes = write_minutes(meeting, model=watched)
    bare = sum(c.engine == "extractive" for c in minutes.provenance.chunks)
    rows = {
        "words": f"{count}",
        "hours": f"{meeting.duration / 3600:.1f}",
        "utterances": f"{len(meeting.utterances)}",
        "utterances shown to the model": f"{len(watched.shown)}",
        "coverage that the minutes state": f"{minutes.provenance.coverage:.0%}",
        "parts": f"{len(minutes.provenance.chunks)}, {bare} written by rules",
        "calls": f"{watched.calls}",
        "longest prompt and answer, tokens of context": f"{watched.longest} of {model.context_length}",
        "peak beyond the loaded model, MiB": f"{peak() - loaded:.0f} (model and libraries: {loaded:.0f})",
        "evidence holds, language right": f"{minutes.checks.evidence_ok}, {minutes.checks.language_ok}",
        "names or numbers nobody said": (
            f"{len(minutes.checks.unsupported_names) + len(minutes.checks.unsupported_numbers)}"
        ),
        "processor seconds": f"{processor() - begun:.0f} ({time.perf_counter() - clock:.0f} s by the clock)",
    }
    return ["| of the long meeting | |", "| --- | ---: |", *(f"| {k} | {v} |" for k, v in rows.items())]


def speed() -> list[str]:
    """Measure tokens per processor second, prompt and answer together."""
    from dialogue import llm
    from dialogue.llm.prompt import encode

    model = llm.load(MODEL, engine="ctranslate2")
    meeting, _ = long_meeting(1200)
    text = "\n".join(u.text for u in meeting)
    found: dict[str, list[float]] = {"ours": [], "bare": []}
    for number in range(ROUNDS):
        messages = [{"role": "user", "content": f"{number} {text}"}]  # different beginnings, so that no state is reused
        prompt = encode(model.tokenizer, messages)
        tokens = model.tokenizer.convert_ids_to_tokens(prompt)
        for who in ("ours", "bare"):
            begun = processor()
            if who == "ours":
                list(model.stream(messages, max_tokens=ANSWER))
            else:
                list(
                    model.generator.generate_tokens(
                        tokens, max_length=ANSWER, sampling_topk=1, end_token=sorted(model.ends())
                    )
                )
            found[who].append((len(prompt) + ANSWER) / (processor() - begun))
    ours, bare = (statistics.median(found[who]) for who in ("ours", "bare"))
    return [
        "",
        "| tokens a processor second, median of 5 | |",
        "| --- | ---: |",
        f"| our stream | {ours:.1f} |",
        f"| CTranslate2 bare | {bare:.1f} |",
        f"| ratio | {ours / bare:.3f} |",
    ]


if __name__ == "__main__":
    tables.write("Minutes of three hours", "\n".join([*read_whole(int(sys.argv[1])), *speed()]))
