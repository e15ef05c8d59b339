"""Write checked minutes from a transcript: by rules, or by a language model that reads it part by part.

The model maps each part to a JSON object of points, decisions, actions and questions that cite utterance ids. The
objects are merged, and the points are reduced to a summary, group by group while they do not fit one prompt. The model
is asked once more if an answer is not the object, or is in another language. If that fails too, or the model no longer
answers, the rules write that part and the provenance says so. If no part is written by the model, no summary is asked
for. The language is forced in every prompt.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from dialogue.core.transcript import Transcript
from dialogue.core.version import VERSION
from dialogue.french.date_writing import read_day
from dialogue.french.source import Source
from dialogue.french.text import other_language
from dialogue.minutes import chunk, editing, merge, reduce
from dialogue.minutes.check import checked, support
from dialogue.minutes.config import MinutesConfig
from dialogue.minutes.document import KINDS, Checks, Chunk, Minutes, MinutesError, Provenance
from dialogue.minutes.doubt import recognised
from dialogue.minutes.glossary import respelled
from dialogue.minutes.prompts import map_messages
from dialogue.minutes.reading import Reader
from dialogue.minutes.rules.extract import Extract, extract

if TYPE_CHECKING:
    from dialogue.llm import LanguageModel

ROOM = (
    256  # tokens that an answer may have beyond those of its part: notes are no longer than speech, but JSON has marks
)
Progress = Callable[[int, int], None]


def write_minutes(
    transcript: Transcript,
    *,
    config: MinutesConfig | None = None,
    agenda: Sequence[str] = (),
    participants: Sequence[str] = (),
    date: str | None = None,
    title: str | None = None,
    glossary: Sequence[str] = (),
    model: LanguageModel | None = None,
    refused: str | None = None,
    kept: Path | None = None,
    progress: Progress | None = None,
) -> Minutes:
    """Write the minutes of one meeting.

    Args:
        transcript: transcript with speakers, from attribution or a reference.
        agenda: titles in order; without it, the agenda is the announced one, if any.
        participants: names; they fix the spelling of spoken names, and help to identify the speakers.
        date: date of the meeting, ``2023-10-12`` or ``12/10/2023`` (see :func:`checked_date`). Relative dates are
            resolved from it; without it and without a spoken date with its year, they stay unresolved.
        title: title of the meeting.
        glossary: names and terms; near misses in statements are corrected, but not in quotations.
        model: a loaded model to use instead of ``config.model``, so that it is loaded once for many meetings.
        refused: why the model of ``config`` was not loaded; it is then not tried again.
        kept: folder of a model's answers: if only the last hour of a meeting changed, only that hour is read again.
        progress: called with (parts done, parts in all).

    Raises:
        MinutesError: the date is invalid, or the model's context is too short.
        dialogue.core.transcript.TranscriptError: the transcript is invalid.
    """
    config = config or MinutesConfig()
    transcript.validate()
    if date is not None:
        date = checked_date(date)

    def written(config: MinutesConfig, model: LanguageModel | None, note: str | None) -> Minutes:
        found = extract(
            transcript,
            agenda_titles=agenda,
            participants=participants,
            date=date,
            title=title,
            language=config.language,
            summary_points=config.sentences,
            points_per_topic=config.points,
        )
        by_rules = _extractive(transcript, found, config, note)
        if model is None:
            return by_rules
        names = [*terms, *(p.name for p in found.participants if p.name)]
        if config.role == "editor":
            return _by_editor(transcript, found, by_rules, model, names, progress)
        return _by_model(transcript, found, by_rules, config, Reader(model, config.temperature, kept), names, progress)

    def by(config: MinutesConfig) -> Minutes:
        """Write with the model that a configuration names, loaded and closed here."""
        own, note = load_model(config)
        try:
            return written(config, own, note)
        finally:
            if own is not None:
                own.close()

    terms = [*agenda, *participants, *glossary, title or ""]
    minutes = written(config, model, refused) if model is not None or refused else by(config)
    if minutes.provenance.model is None and progress:
        progress(1, 1)
    for name, own_way in config.sections.items():
        other = replace(config, model=own_way.model, length=own_way.length)
        same = other.model == config.model and (model is not None or refused)
        minutes = _with_section(minutes, name, written(other, model, refused) if same else by(other))
    known = [*terms, *(p.name for p in minutes.participants if p.name)]
    if glossary:
        minutes = respelled(minutes, glossary)
    entails = None
    if config.entailment is not None and minutes.provenance.engine != "extractive":
        from dialogue.minutes.entailment import Entailment

        entails = Entailment(config.entailment)
    return checked(minutes, transcript, known, entails)


def _with_section(minutes: Minutes, name: str, other: Minutes) -> Minutes:
    """Return minutes with one section of other ones, and with what these would verify in it."""
    writer = other.provenance.summary if name == "summary" else other.provenance.engine
    kind = KINDS.get(name)
    doubtful = [v for v in minutes.to_verify if v.kind != kind] + [v for v in other.to_verify if v.kind == kind]
    parts: dict[str, Any] = {name: getattr(other, name), "to_verify": tuple(doubtful)}
    provenance = replace(minutes.provenance, sections={**minutes.provenance.sections, name: writer})
    return replace(minutes, provenance=provenance, **parts)


def checked_date(text: str) -> str:
    """Return a date that somebody typed as ``YYYY-MM-DD``; the day comes before the month, as in French.

    Raises:
        MinutesError: it is no date.
    """
    try:
        return read_day(text).isoformat()
    except ValueError:
        raise MinutesError(
            f"date: found {text!r}. Accepted: a day, as 2023-10-12, 12/10/2023, 12-10-2023, 12.10.2023 or "
            "12 octobre 2023."
        ) from None


def load_model(config: MinutesConfig) -> tuple[LanguageModel | None, str | None]:
    """Return the model that ``config`` names, or ``None`` and the reason.

    There is no model if none is named (then no reason either), if it may not write minutes, or if its server does not
    answer.

    Raises:
        dialogue.llm.LLMError: a local model cannot be loaded.
        dialogue.core.models.ModelError: the model is not on this machine.
    """
    if config.model is None:
        return None, None
    from dialogue import llm

    if not llm.may_write_minutes(config.model):
        return None, f"{config.model} may not write minutes (models.yaml): written by rules"
    try:
        return llm.load(config.model, engine=config.engine, device=config.device), None
    except llm.LLMError as error:
        if not llm.is_url(config.model):
            raise
        return None, f"{error} Written by rules."


def digest(transcript: Transcript) -> str:
    """Return the SHA-256 of a transcript without its provenance; minutes with another digest are stale."""
    content = transcript.to_dict()
    del content["provenance"]
    return hashlib.sha256(json.dumps(content, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


def _extractive(transcript: Transcript, found: Extract, config: MinutesConfig, note: str | None) -> Minutes:
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
        to_verify=found.to_verify,
        checks=Checks(date_conflict=found.date_conflict),
        provenance=Provenance(
            digest(transcript),
            "extractive",
            config.language,
            chunks=(Chunk(start, end, len(spoken), "extractive", note),),
            version=VERSION,
            recognised=recognised(transcript),
        ),
    )


def _by_editor(
    transcript: Transcript,
    found: Extract,
    rules: Minutes,
    model: LanguageModel,
    known: Sequence[str],
    progress: Progress | None,
) -> Minutes:
    count = sum(len(getattr(rules, section)) for section in editing.REWRITE)
    done = 0

    def one_more() -> None:
        nonlocal done
        done += 1
        if progress:
            progress(done, count)

    minutes, lost = editing.edited(rules, _named(transcript, found), model, support(transcript, rules, known), one_more)
    provenance = replace(rules.provenance, model=model.name)
    if lost:
        chunks = tuple(replace(c, note=f"{lost}: the rest is worded by rules") for c in provenance.chunks)
        return replace(minutes, provenance=replace(provenance, chunks=chunks))
    return replace(minutes, provenance=replace(provenance, sections=dict.fromkeys(editing.REWRITE, model.name)))


def _named(transcript: Transcript, found: Extract) -> Transcript:
    """Return the transcript with the names that the minutes show."""
    return transcript.rename({p.id: found.names.shown(p.id) or p.id for p in found.participants if p.id})


def _by_model(
    transcript: Transcript,
    found: Extract,
    rules: Minutes,
    config: MinutesConfig,
    reader: Reader,
    known: Sequence[str],
    progress: Progress | None,
) -> Minutes:
    model = reader.model
    named = _named(transcript, found)
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
        answer, wrong = reader.ask(
            map_messages(part.text, config.language),
            longest,
            lambda value: _map_fault(value, config.language),
        )
        ids = {line.utterance.id for line in part.lines}
        if answer is None:
            merged.add_rules(ids)
            why = wrong if reader.lost else f"two answers were unusable ({wrong})"
            note, engine = f"{why}: this part is written by rules", "extractive"
        else:
            merged.add(answer, ids, transcript)
            merged.add_missed(ids)
            note, engine = None, model.name
        chunks.append(Chunk(part.start, part.end, len(ids), engine, note))
    share, dropped = chunk.coverage(named, read)
    by_model = any(c.engine != "extractive" for c in chunks)
    summary, summarised = rules.summary, "extractive"
    if merged.points and by_model:
        source = Source(" ".join([transcript.text, *known]))
        if written := reduce.summary(reader, merged.points, source, config):
            summary, summarised = written, model.name
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


def _map_fault(value: Any, language: str) -> str:
    """Return what is wrong with an answer about a part, or an empty string."""
    lists = ("points", "decisions", "actions", "open_questions")
    known = isinstance(value, dict) and any(k in value for k in lists)
    if not known or not all(isinstance(value.get(k, []), list) for k in lists):
        return "no valid JSON"
    items = [i for k in lists for i in value.get(k, []) if isinstance(i, dict)]
    return other_language(" ".join(str(i.get("text") or i.get("what") or "") for i in items), language)
