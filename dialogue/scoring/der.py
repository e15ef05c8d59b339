"""Diarization error rate, Jaccard error rate and number of speakers, with pyannote.metrics."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from typing import Any

from dialogue.core.transcript import Transcript
from dialogue.formats.rttm import turns
from dialogue.scoring.rate import Rate

UNKNOWN = "?"


def der(
    reference: Transcript,
    hypothesis: Transcript,
    zones: Sequence[tuple[float, float]] | None = None,
    collar: float = 0.0,
    overlap: bool = True,
) -> Rate:
    """Compute the diarization error rate: missed, false alarm and confusion over reference speech, all in seconds.

    Args:
        reference, hypothesis: transcripts whose utterances are the turns; texts are ignored.
        zones: the UEM, ``(start, end)`` seconds; ``None`` is the whole recording.
        collar: seconds that are not scored on each side of a reference boundary.
        overlap: whether overlapping speech is scored.
    """
    # pyannote's collar is the width of the whole zone that is not scored.
    found = _metrics().DiarizationErrorRate(collar=2 * collar, skip_overlap=not overlap)(
        *_annotations(reference, hypothesis), uem=_timeline(reference, hypothesis, zones), detailed=True
    )
    return _rate(found)


def jer(
    reference: Transcript,
    hypothesis: Transcript,
    zones: Sequence[tuple[float, float]] | None = None,
    collar: float = 0.0,
    overlap: bool = True,
) -> Rate:
    """Compute the Jaccard error rate (DIHARD II), the mean over reference speakers; arguments as :func:`der`."""
    metric = _metrics().JaccardErrorRate(collar=2 * collar, skip_overlap=not overlap)
    found = metric.compute_components(*_annotations(reference, hypothesis), uem=_timeline(reference, hypothesis, zones))
    return Rate(found["speaker error"], found["speaker count"])


def der_of_spans(
    reference: Transcript,
    hypothesis: Transcript,
    spans: Sequence[tuple[float, float]],
    zones: Sequence[tuple[float, float]] | None = None,
) -> list[Rate]:
    """Compute the DER of each span (seconds), with speakers matched once over the whole recording and no collar."""
    from pyannote.core import Segment, Timeline

    metrics = _metrics()
    said, heard = _annotations(reference, hypothesis)
    whole = _timeline(reference, hypothesis, zones)
    match = metrics.DiarizationErrorRate().optimal_mapping(said, heard, uem=whole)
    named = heard.rename_labels({label: ("said", match.get(label, f"nobody: {label}")) for label in heard.labels()})
    said = said.rename_labels({label: ("said", label) for label in said.labels()})
    rates = []
    for start, end in spans:
        span = Timeline([Segment(start, end)], uri="recording").crop(whole)
        found = metrics.IdentificationErrorRate()(said, named, uem=span, detailed=True)
        rates.append(_rate(found))
    return rates


def speaker_count(reference: Transcript, hypothesis: Transcript) -> Rate:
    """Return the absolute error of the number of speakers; over recordings, its value is the mean."""
    said = len({u.speaker for u in reference if u.speaker is not None})
    heard = len({u.speaker for u in hypothesis if u.speaker is not None})
    return Rate(abs(said - heard), 1, {"reference_speakers": said, "hypothesis_speakers": heard})


def _metrics() -> Any:
    os.environ["PYANNOTE_METRICS_ENABLED"] = "0"  # telemetry, which is on by default; read at import
    import pyannote.metrics.diarization as metrics

    return metrics


def _rate(found: Mapping[str, float]) -> Rate:
    parts = {"missed": found["missed detection"], "false_alarm": found["false alarm"], "confusion": found["confusion"]}
    return Rate(sum(parts.values()), found["total"], parts)


def _annotations(*transcripts: Transcript) -> list[Any]:
    from pyannote.core import Annotation, Segment

    annotations = []
    for transcript in transcripts:
        annotation = Annotation(uri="recording")
        for track, (speaker, start, end) in enumerate(turns(transcript)):
            annotation[Segment(start, end), track] = speaker or UNKNOWN
        annotations.append(annotation)
    return annotations


def _timeline(reference: Transcript, hypothesis: Transcript, zones: Sequence[tuple[float, float]] | None) -> Any:
    from pyannote.core import Segment, Timeline

    if zones is None:
        end = max([reference.duration, hypothesis.duration, *(u.end for t in (reference, hypothesis) for u in t)])
        zones = [(0.0, end)]
    return Timeline([Segment(start, end) for start, end in zones], uri="recording")
