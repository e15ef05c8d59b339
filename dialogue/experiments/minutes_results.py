"""Score the minutes of a corpus against what people wrote about it, and the cost of recognition errors.

    exp = Path("exp/test")
    scores = score_minutes(Path("data/test"), exp / "minutes", exp / "transcript", exp / "minutes_scores.json")
    print(scores.table())

Minutes made from the reference transcripts, given as ``against``, are scored as well: the difference is the cost of
recognition and diarization errors.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import Any

from dialogue.core.audio import Recording
from dialogue.core.files import read_json, save_json
from dialogue.core.transcript import Transcript
from dialogue.corpus import read_summaries
from dialogue.experiments.results import read_transcript
from dialogue.formats import lhotse
from dialogue.minutes.document import Meeting, Minutes, MinutesError, Provenance
from dialogue.minutes.write import digest
from dialogue.scoring import ScoreError, difference, matching, places, rating_sheet, rouge
from dialogue.scoring.calibration import Outcome, calibrate
from dialogue.scoring.minutes_reference import Reference
from dialogue.scoring.minutes_scores import PLAIN, TITLES, ScoredMinutes, score
from dialogue.scoring.minutes_table import table
from dialogue.scoring.rate import Rate
from dialogue.scoring.summaries import LEAD, PEOPLE

SCHEMA = "dialogue/minutes-scores/1"
OWN = "minutes"  # row of the summaries in the minutes


@dataclass(frozen=True)
class MinutesScores:
    """Every score, for each document and over all documents.

    Attributes:
        documents: recording -> its scores.
        missing: recordings without minutes, in which nothing counts as found.
        stale: recordings whose minutes were made from another transcript than the given one.
        lacking: system -> recordings for which it has no text; its row does not include them.
        against: the scores of the minutes made from the reference transcripts.
    """

    documents: Mapping[str, ScoredMinutes]
    missing: Sequence[str] = ()
    stale: Sequence[str] = ()
    lacking: Mapping[str, Sequence[str]] = field(default_factory=dict)
    against: MinutesScores | None = None

    @cached_property
    def rates(self) -> dict[str, dict[str, Rate]]:
        """Score -> document -> rate."""
        found = {name: {k: d.rates[name] for k, d in self.documents.items() if name in d.rates} for name in TITLES}
        return {name: each for name, each in found.items() if each}

    @cached_property
    def summaries(self) -> dict[str, dict[str, dict[str, Rate]]]:
        """Author -> score -> document -> rate."""
        rows: dict[str, dict[str, dict[str, Rate]]] = {}
        for document, scores in self.documents.items():
            for who, row in scores.summaries.items():
                for name, rate in row.items():
                    rows.setdefault(who, {}).setdefault(name, {})[document] = rate
        last = [who for who in (LEAD, PEOPLE) if who in rows]
        return {who: rows[who] for who in [*(w for w in rows if w not in last), *last]}

    def to_dict(self) -> dict[str, Any]:
        """Return plain values, ready for JSON: shares that are right, their intervals, and the counts of errors."""
        value = {
            "schema": SCHEMA,
            "rouge": rouge.VERSION,
            "match": matching.VERSION,
            "places": places.VERSION,
            "missing": list(self.missing),
            "stale": list(self.stale),
            "lacking": {system: list(names) for system, names in self.lacking.items()},
            "totals": {name: _total(name, each.values()) for name, each in self.rates.items()},
            "summaries": {
                who: {name: _total(name, each.values()) for name, each in row.items()}
                for who, row in self.summaries.items()
            },
            **self._by_place(),
            "documents": {name: _document(document) for name, document in self.documents.items()},
        }
        if self.against:
            value["against"] = self.against.to_dict()
            value["differences"] = {name: _difference(name, *pair) for name, pair in self._both().items()}
        return value

    def table(self) -> str:
        """Return Markdown tables: totals, summaries, each document, and its statements with the reference's."""
        return table(self.to_dict())

    def _by_place(self) -> dict[str, Any]:
        """Return each phenomenon's recall, what was not decided and is shown, and the calibration of confidences."""
        placed = [d.placed for d in self.documents.values() if d.placed]
        if not placed:
            return {}
        found = {
            name: _gathered([p.phenomena.get(name, {}) for p in placed]) for name in _keys(p.phenomena for p in placed)
        }
        outcomes: dict[str, list[Outcome]] = {"all": []}
        for scores in placed:
            for name, each in scores.outcomes.items():
                outcomes.setdefault(name, []).extend(each)
                outcomes["all"] += each
        return {
            "phenomena": {name: {kind: _total(kind, r) for kind, r in kinds.items()} for name, kinds in found.items()},
            "not_decided": {k: _total(k, r) for k, r in _gathered([p.not_decided for p in placed]).items()},
            "calibration": {name: asdict(c) for name, each in outcomes.items() if (c := calibrate(each))},
        }

    def _both(self) -> dict[str, tuple[dict[str, Rate], dict[str, Rate]]]:
        """Return score -> (rates with reference transcripts, rates with these), including ROUGE of the summaries."""
        if self.against is None:
            return {}
        found = {
            name: (self.against.rates[name], each) for name, each in self.rates.items() if name in self.against.rates
        }
        ours, theirs = self.summaries.get(OWN, {}), self.against.summaries.get(OWN, {})
        return found | {name: (theirs[name], ours[name]) for name in rouge.METRICS if name in ours and name in theirs}


def score_minutes(
    data: Path,
    minutes: Path,
    transcripts: Path,
    out: Path,
    against: Path | None = None,
    systems: Mapping[str, Path] = {},
    sheet: Path | None = None,
) -> MinutesScores:
    """Score a folder of minutes and write ``out`` (JSON).

    Args:
        data: output of ``prepare``, or one split of it; all its recordings are scored. It also holds the summaries and
            minutes written by people.
        minutes: folder of ``<id>.json``, made from ``transcripts``.
        transcripts: folder of ``<id>.json``; ``reference`` of a prepared corpus if they were not recognised.
        against: minutes made from the reference transcripts.
        systems: name -> folder of its summaries, ``<id>.txt``.
        sheet: CSV file on which people rate all summaries blind; ``<sheet>.key.json`` says who wrote them.

    Raises:
        ScoreError: no recordings, minutes without their transcript, or no reference transcripts for ``against``.
        MinutesError: minutes do not follow their schema; the message names the file and the field.
        FormatError: a transcript cannot be read.
    """
    corpus = _Corpus(data)
    scores = _score(corpus, minutes, transcripts, systems)
    if against:
        if not corpus.said:
            raise ScoreError(
                f"{corpus.home}/reference: no reference transcripts, so no minutes from them. Do not give `against`."
            )
        scores = replace(scores, against=_score(corpus, against, corpus.home / "reference", {}))
    save_json(out, scores.to_dict())
    if sheet:
        paths = {r.id: minutes / f"{r.id}.json" for r in corpus.recordings}
        own = {name: Minutes.load(path).summary.text for name, path in paths.items() if path.exists()}
        texts = {OWN: own, **corpus.written_by(systems)}
        rating_sheet.write_sheet(texts, sheet, sheet.with_suffix(".key.json"))
    return scores


def named_folders(said: Iterable[str]) -> dict[str, Path]:
    """Parse ``NAME=DIR`` arguments.

    Raises:
        ScoreError: an argument has another form, or there is no such folder.
    """
    found = {}
    for each in said:
        name, equals, folder = each.partition("=")
        if not (name and equals and Path(folder).is_dir()):
            raise ScoreError(f"systems: found {each!r}. Accepted: NAME=DIR, where DIR holds <id>.txt.")
        found[name] = Path(folder)
    return found


class _Corpus:
    """Some recordings, with their reference transcripts and the minutes and summaries that people wrote."""

    def __init__(self, data: Path) -> None:
        self.recordings: Sequence[Recording] = lhotse.read_recordings(data / "recordings.jsonl")
        if not self.recordings:
            raise ScoreError(f"{data}: no recordings. Accepted: the output of `dialogue prepare`, or a split of it.")
        self.home = data if (data / "card.json").exists() or not (data.parent / "card.json").exists() else data.parent
        self.said = {r.id: t for r in self.recordings if (t := read_transcript(self.home / "reference", r.id))}
        self.references = {r.id: found for r in self.recordings if (found := self._reference(r.id))}
        self.summaries = read_summaries(self.home)
        self.marked = any(reference.marked for reference in self.references.values())

    def written_by(self, systems: Mapping[str, Path]) -> dict[str, dict[str, str]]:
        """Return system -> recording -> summary, for those that exist."""
        return {
            name: {
                r.id: path.read_text(encoding="utf-8")
                for r in self.recordings
                if (path := folder / f"{r.id}.txt").exists()
            }
            for name, folder in systems.items()
        }

    def _reference(self, recording: str) -> Reference | None:
        path = self.home / "minutes" / f"{recording}.json"
        if not path.exists():
            return None
        try:
            return Reference.from_dict(read_json(path))
        except (MinutesError, json.JSONDecodeError) as error:
            raise MinutesError(f"{path}: {error}") from error


def _score(corpus: _Corpus, minutes: Path, transcripts: Path, systems: Mapping[str, Path]) -> MinutesScores:
    documents, missing, stale = {}, [], []
    summaries = corpus.written_by(systems)
    for recording in corpus.recordings:
        path, said = minutes / f"{recording.id}.json", corpus.said.get(recording.id)
        transcript = read_transcript(transcripts, recording.id)
        if path.exists():
            found = Minutes.load(path)
            if transcript is None:
                raise ScoreError(
                    f"{path}: no transcript of {recording.id} in {transcripts}. Accepted: the folder from which the "
                    "minutes were made."
                )
            if found.provenance.transcript_sha256 != digest(transcript):
                stale.append(recording.id)
        else:
            found = Minutes(Meeting(recording.id), Provenance("", "none", "fr", coverage=0.0))
            missing.append(recording.id)
        attributes = recording.attributes
        documents[recording.id] = score(
            found,
            transcript or said or Transcript(recording.id, recording.duration),
            reference=corpus.references.get(recording.id),
            summaries=corpus.summaries.get(recording.id, ()),
            systems={name: texts[recording.id] for name, texts in summaries.items() if recording.id in texts},
            said=said,
            known=[
                attributes.get("title") or "",
                *attributes.get("participants", ()),
                *attributes.get("agenda", ()),
            ],
            by_place=corpus.marked,
        )
    lacking = {name: [r.id for r in corpus.recordings if r.id not in texts] for name, texts in summaries.items()}
    return MinutesScores(documents, missing, stale, {name: ids for name, ids in lacking.items() if ids})


def _keys(mappings: Iterable[Mapping[str, Any]]) -> list[str]:
    return list(dict.fromkeys(key for mapping in mappings for key in mapping))


def _gathered(rates: Sequence[Mapping[str, Rate]]) -> dict[str, list[Rate]]:
    """Return the rates of each name, a document each."""
    return {name: [each.get(name, Rate(0, 0)) for each in rates] for name in sorted(_keys(rates))}


def _total(name: str, rates: Iterable[Rate]) -> dict[str, Any]:
    """Return a summed rate as the share that is right, with its interval over documents if there are enough."""
    rates = list(rates)
    found, shown = difference.interval(rates), _share(name, sum(rates, Rate(0, 0)))
    shown["interval"] = found and ([*found] if name in PLAIN else [1 - found[1], 1 - found[0]])
    return {**shown, "documents": sum(r.length > 0 for r in rates)}


def _share(name: str, rate: Rate) -> dict[str, Any]:
    value = rate.to_dict()
    if name not in PLAIN and rate.value is not None:
        value["value"] = round(1 - rate.value, 6)
    return value


def _difference(name: str, first: Mapping[str, Rate], second: Mapping[str, Rate]) -> dict[str, Any]:
    """Return both shares and their difference, over the documents in which both have something to score."""
    both = [k for k in first if k in second and first[k].length and second[k].length]
    found = difference.difference([first[k] for k in both], [second[k] for k in both])
    sign = 1 if name in PLAIN else -1
    return {
        "reference_transcript": _share(name, found.first)["value"],
        "transcript": _share(name, found.second)["value"],
        "value": None if found.value is None else sign * found.value or 0.0,
        "interval": found.interval and sorted(sign * bound or 0.0 for bound in found.interval),
        "documents": len(both),
    }


def _document(document: ScoredMinutes) -> dict[str, Any]:
    return {
        "scores": {name: _share(name, rate) for name, rate in document.rates.items()},
        "summaries": {
            who: {name: _share(name, rate) for name, rate in row.items()} for who, row in document.summaries.items()
        },
        "statements": {
            name: [
                {
                    **asdict(pair),
                    "reference": None if pair.reference is None else document.texts[name][0][pair.reference],
                    "found": None if pair.found is None else document.texts[name][1][pair.found],
                }
                for pair in pairs
            ]
            for name, pairs in document.pairs.items()
        },
        "faults": [asdict(fault) for fault in document.faults],
    }
