"""From a transcript to checked minutes: by rules, or by a language model that reads it part by part.

With a model: each part is mapped to a JSON object of points, decisions, actions and questions that cite utterance ids;
the objects are merged; one more call writes the summary. An answer that is not the object asked for is asked for once
more; if that fails too, the rules write that part and the provenance says so. If no part is the model's, no summary is asked for. The
language is forced in every prompt.
"""

from __future__ import annotations

import datetime
import hashlib
import json
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from dialogue.llm.repetition import repeats
from dialogue.minutes import chunk, merge
from dialogue.minutes.check import checked
from dialogue.minutes.config import MinutesConfig
from dialogue.minutes.document import Checks, Chunk, Minutes, MinutesError, Point, Provenance
from dialogue.minutes.extract import Extract, extract
from dialogue.minutes.prompts import map_messages, parse, summary_messages
from dialogue.transcript import Transcript

if TYPE_CHECKING:
    from dialogue.llm import LanguageModel, Message

ROOM = 256  # tokens that an answer may have beyond those of its part: notes are not longer than what was said, but JSON has marks
PREAMBLE = 600  # characters that may come before the object, but for thoughts between their tags
SUMMARY_TOKENS = 400  # of five sentences
SUMMARY_EVIDENCE = 12  # points that a summary written by a model cites, at most
Progress = Callable[[int, int], None]


def write_minutes(
    transcript: Transcript,
    *,
    config: MinutesConfig | None = None,
    agenda: Sequence[str] = (),
    participants: Sequence[str] = (),
    date: str | None = None,
    title: str | None = None,
    model: LanguageModel | None = None,
    progress: Progress | None = None,
) -> Minutes:
    """Minutes of one meeting.

    Args:
        transcript: with speakers, as attribution or a reference gives it.
        agenda: titles in order; without it the agenda that is announced, or found by cohesion.
        participants: names; they fix the spelling of names heard, and help to tell who is who.
        date: of the meeting, ``YYYY-MM-DD``. Relative dates are resolved from it; without it and without one spoken
            with its year, they stay unresolved.
        title: of the meeting.
        model: a loaded model to use instead of ``config.model``: load it once for many meetings.
        progress: called with (parts done, parts in all).

    Raises:
        MinutesError: the date is not one.
        dialogue.transcript.TranscriptError: the transcript breaks its rules.
    """
    config = config or MinutesConfig()
    transcript.validate()
    if date is not None:
        try:
            datetime.date.fromisoformat(date)
        except ValueError as error:
            raise MinutesError(f"date: found {date!r}. Accepted: YYYY-MM-DD, e.g. 2023-10-12.") from error
    found = extract(
        transcript,
        agenda_titles=agenda,
        participants=participants,
        date=date,
        title=title,
        language=config.language,
        summary_points=config.summary_points,
        points_per_topic=config.points_per_topic,
    )
    own = None if model is not None else load_model(config)
    model = model or own
    refused = config.model is not None and model is None
    note = f"{config.model} may not write minutes (models.yaml): written by rules" if refused else None
    minutes = _extractive(transcript, found, config, note)
    if model is not None:
        try:
            minutes = _by_model(transcript, found, minutes, config, model, progress)
        finally:
            if own is not None:
                own.close()
    elif progress:
        progress(1, 1)
    known = [*agenda, *participants, title or "", *(p.name for p in found.participants if p.name)]
    return checked(minutes, transcript, known)


def load_model(config: MinutesConfig) -> LanguageModel | None:
    """The model that ``config`` names, or ``None``: none is named, or it may not write minutes."""
    if config.model is None:
        return None
    from dialogue import llm

    if not llm.may_write_minutes(config.model):
        return None
    return llm.load(config.model, engine=config.engine, device=config.device)


def digest(transcript: Transcript) -> str:
    """SHA-256 of what a transcript says, whatever produced it: other minutes' digest means that those are stale."""
    content = transcript.to_dict()
    del content["provenance"]
    return hashlib.sha256(json.dumps(content, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


def _extractive(transcript: Transcript, found: Extract, config: MinutesConfig, note: str | None) -> Minutes:
    import dialogue

    spoken = [u for u in transcript.utterances if u.text.strip()]
    start = min((u.start for u in spoken), default=0.0)
    end = max((u.end for u in spoken), default=0.0)
    return Minutes(
        meeting=found.meeting,
        participants=found.participants,
        agenda=found.agenda,
        summary=found.summary,
        topics=found.topics,
        decisions=found.decisions,
        actions=found.actions,
        open_questions=found.open_questions,
        next_meeting=found.next_meeting,
        checks=Checks(date_conflict=found.date_conflict),
        provenance=Provenance(
            digest(transcript),
            "extractive",
            config.language,
            chunks=(Chunk(start, end, len(spoken), "extractive", note),),
            version=str(getattr(dialogue, "__version__", "")),
        ),
    )


def _by_model(
    transcript: Transcript,
    found: Extract,
    rules: Minutes,
    config: MinutesConfig,
    model: LanguageModel,
    progress: Progress | None,
) -> Minutes:
    named = transcript.rename({p.id: p.name for p in found.participants if p.id and p.name})
    prompt = sum(model.count_tokens(m["content"]) + 8 for m in map_messages("", config.language))
    budget = min(config.chunk_tokens, model.context_length - prompt - config.answer_tokens)
    if budget < 64:
        raise MinutesError(
            f"{model.name}: its context of {model.context_length} tokens leaves {budget} for the transcript after the "
            f"instructions ({prompt}) and the answer ({config.answer_tokens}). Use a model with a longer context, or "
            "lower minutes.answer_tokens."
        )
    read = chunk.parts(named, model.count_tokens, budget)
    merged = merge.Merged(found, rules)
    chunks = []
    for number, part in enumerate(read):
        if progress:
            progress(number, len(read) + 1)
        longest = min(config.answer_tokens, ROOM + model.count_tokens(part.text))
        answer, wrong = _ask(model, map_messages(part.text, config.language), longest, config, _is_map)
        ids = {line.utterance.id for line in part.lines}
        if answer is None:
            merged.add_rules(ids)
            note, engine = f"two answers were unusable ({wrong}): this part is written by rules", "extractive"
        else:
            merged.add(answer, ids, transcript)
            note, engine = None, model.name
        chunks.append(Chunk(part.start, part.end, len(ids), engine, note))
    share, dropped = chunk.coverage(named, read)
    by_model = any(c.engine != "extractive" for c in chunks)
    summary, summarised = rules.summary, "extractive"
    if merged.points and by_model:
        longest = min(config.answer_tokens, SUMMARY_TOKENS)
        answer, _ = _ask(
            model, summary_messages(merged.points, config.language), longest, config, _is_summary
        )
        if answer is not None:
            step = max(1, -(-len(merged.points) // SUMMARY_EVIDENCE))
            cited = tuple(p.evidence[0] for p in merged.points[::step])
            summary, summarised = Point(str(answer["summary"]).strip(), cited), model.name
    if progress:
        progress(len(read) + 1, len(read) + 1)
    return replace(
        merged.minutes(summary),
        provenance=replace(
            rules.provenance,
            engine=model.name if by_model else "extractive",
            model=model.name,
            summary=summarised,
            chunks=tuple(chunks),
            coverage=share,
            dropped_s=dropped,
        ),
    )


def _ask(
    model: LanguageModel,
    messages: Sequence[Message],
    longest: int,
    config: MinutesConfig,
    valid: Callable[[Any], bool],
) -> tuple[dict[str, Any] | None, str]:
    """The object of the model's answer; ``None`` after two answers without one, and what was wrong with each.

    An answer ends as soon as it holds the object, repeats itself, or talks without beginning one: it would go on so up to its longest.

    Args:
        longest: tokens of an answer.
    """
    wrong = []
    for attempt in range(2):
        temperature = max(config.temperature, 0.3 * attempt)
        text = ""
        for piece in model.stream(messages, max_tokens=longest, temperature=temperature):
            text += piece
            if "}" in piece and valid(value := parse(text)):
                return value, ""
            if repeats(text):
                wrong.append("repeats itself")
                break
            if "{" not in text and "<think>" not in text and len(text) > PREAMBLE:
                wrong.append("no object begun")
                break
        else:
            wrong.append("no valid JSON")
    return None, ", then ".join(dict.fromkeys(wrong))


def _is_map(value: Any) -> bool:
    lists = ("points", "decisions", "actions", "open_questions")
    return (
        isinstance(value, dict)
        and any(k in value for k in lists)
        and all(isinstance(value.get(k, []), list) for k in lists)
    )


def _is_summary(value: Any) -> bool:
    return (
        isinstance(value, dict) and isinstance(value.get("summary"), str) and bool(value["summary"].strip())
    )
