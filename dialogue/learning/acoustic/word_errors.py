"""Word errors before and after a finetuning, on the same recordings, utterance by utterance.

The intervals are over utterances, all recordings together. Utterances of one recording resemble each other, so that the
intervals are too narrow for other recordings: they say how sure the difference is on these.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from dialogue import formats
from dialogue.core import tables
from dialogue.core.transcript import Transcript
from dialogue.formats import lhotse, uem
from dialogue.french.normalization import VERSIONS
from dialogue.learning.acoustic.finetuning_options import AcousticError
from dialogue.scoring import wer
from dialogue.scoring.difference import Difference, difference, interval
from dialogue.scoring.rate import Rate
from dialogue.scoring.scored_words import spoken


@dataclass(frozen=True)
class ComparedWords:
    """Word errors of two models on one set of recordings.

    Attributes:
        data: folder of the references.
        speech: ``real``, ``synthetic`` or ``unknown``, of the recordings.
        before, after: rate of each utterance.
    """

    data: Path
    recordings: int
    speech: tuple[str, ...]
    before: tuple[Rate, ...]
    after: tuple[Rate, ...]

    @property
    def change(self) -> Difference:
        """The rate after minus the one before."""
        return difference(self.before, self.after)


def compare(data: Path, before: Path, after: Path, level: str = "fr-std") -> ComparedWords:
    """Score two folders of transcripts against the references of a prepared corpus, or of one of its splits.

    Args:
        data: folder with ``recordings.jsonl``, ``reference.stm`` and, if present, ``reference.uem``.
        before, after: outputs of ``dialogue transcribe``; those of other recordings are passed over.
        level: level of normalisation.

    Raises:
        AcousticError: a recording has no transcript.
        FormatError: a file cannot be read.
    """
    recordings = lhotse.read_recordings(data / "recordings.jsonl")
    references = {t.recording: t for t in formats.read(data / "reference.stm")}
    zones = uem.read(data / "reference.uem") if (data / "reference.uem").exists() else {}
    found: tuple[list[Rate], list[Rate]] = ([], [])
    for recording in recordings:
        said = spoken(
            references.get(recording.id, Transcript(recording.id, recording.duration)), level, zones.get(recording.id)
        )
        for rates, folder in zip(found, (before, after), strict=True):
            path = folder / f"{recording.id}.json"
            if not path.exists():
                raise AcousticError(f"{path}: no such file. Accepted: the output of `dialogue transcribe` on {data}.")
            [heard] = formats.read(path, "json")
            rates += _by_utterance(said, spoken(heard, level, zones.get(recording.id)))
    speech = {str(r.attributes.get("speech", "unknown")) for r in recordings}
    return ComparedWords(data, len(recordings), tuple(sorted(speech)), tuple(found[0]), tuple(found[1]))


def _by_utterance(said: Transcript, heard: Transcript) -> list[Rate]:
    alignment = wer.align(said, heard)
    pairs = wer.by_utterance(alignment)
    parts = [pairs.get(place, []) for place in range(len(said.utterances))]
    return [wer.wer(wer.Alignment(alignment.reference, alignment.hypothesis, part)) for part in parts]


def table(rows: Sequence[ComparedWords]) -> str:
    """Return a table in Markdown, in per cent."""
    heads = ("recordings", "speech", "of", "utterances", "words", "WER before", "WER after", "difference")
    cells = []
    for row in rows:
        value = as_dict(row)
        cells.append(
            [
                str(row.data),
                ", ".join(row.speech),
                str(row.recordings),
                str(len(row.before)),
                f"{value['words']:g}",
                *(tables.measured(value[key], ".1f", 100) for key in ("before", "after")),
                tables.measured(value["difference"], "+.1f", 100),
            ]
        )
    return tables.markdown(heads, cells, text=(0, 1)) + (
        "\nPer cent, with 95 % intervals over utterances; they are too narrow for other recordings.\n"
    )


def as_dict(row: ComparedWords, level: str = "fr-std") -> dict[str, Any]:
    """Return plain values, ready for JSON; rates, not per cent."""
    change = row.change
    sides = {
        name: {"value": rate.value, "interval": interval(rates), **rate.parts}
        for name, rates, rate in (("before", row.before, change.first), ("after", row.after, change.second))
    }
    return {
        "data": str(row.data),
        "speech": list(row.speech),
        "recordings": row.recordings,
        "utterances": len(row.before),
        "words": change.first.length,
        "normalizer": VERSIONS[level],
        **sides,
        "difference": {"value": change.value, "interval": change.interval, "verdict": change.verdict},
    }
