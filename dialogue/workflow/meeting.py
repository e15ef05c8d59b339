"""Turn recordings into transcripts, minutes and pages in one call: the stages of a recipe without a recipe.

Results of a recording are in ``<out>/<id>/``, the stages' own outputs in ``<out>/.stages/``. Repeating the call resumes
where it stopped, and redoes only what a changed option affects.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

from dialogue import formats
from dialogue.core import audio, models
from dialogue.core.audio import Recording
from dialogue.core.config import build, to_dict
from dialogue.core.files import read_json, save_json, sha256, to_json
from dialogue.core.progress import Bar
from dialogue.core.tombstones import Tombstones
from dialogue.core.transcript import Transcript
from dialogue.minutes import glossary as terms
from dialogue.minutes.agenda_file import read_agenda
from dialogue.minutes.write import checked_date
from dialogue.workflow import correcting, runner, stages
from dialogue.workflow.config import Config
from dialogue.workflow.pipeline import required_models
from dialogue.workflow.runner import Loaded, Result, Stage

NO_MEETING = "no results of a meeting. Accepted: DIR/<recording>, after `dialogue meeting RECORDING --out DIR`."


def run(
    paths: Sequence[Path],
    out: Path,
    *,
    config: Config | None = None,
    participants: Sequence[str] = (),
    agenda: Path | None = None,
    glossary: Path | None = None,
    date: str | None = None,
    title: str | None = None,
    transcript: Path | None = None,
    turns: Path | None = None,
    heard: bool = True,
    jobs: int = 1,
    report: Callable[[Bar], None] | None = None,
    loaded: Loaded | None = None,
) -> Result:
    """Process recordings; one that fails leaves ``<out>/<id>.error``, and the others continue.

    Files in ``<out>/<id>/`` that a person changed stay as they are: the new ones go beside them
    (``minutes.new.md``).

    Args:
        paths: files with an audio track.
        agenda: text or Markdown: one item per line, a list, or an invitation with times.
        glossary: names and terms, one per line: words to listen for, and the spelling of names.
        date: ``YYYY-MM-DD``.
        transcript: file of any format with the corrected transcript of a single recording: minutes, documents and
            the page are made from it, and nothing is recognised.
        turns: file of any format with the turns of a single recording: nobody is looked for, and words are found in
            these turns only.
        heard: there is sound; of a meeting without it, there is only a transcript, and the name of the path.
        report: as in :class:`~dialogue.core.progress.Bar`.
        loaded: as in :func:`~dialogue.workflow.runner.run`.

    Raises:
        AudioError: two files share a name.
        ModelError: a model is not on this machine.
        ValueError: an option is invalid, e.g. the date.
        TombstoneError: a participant was erased. A recording that was erased fails alone.
    """
    config = config or Config()
    attributes = {
        "participants": list(participants),
        "agenda": read_agenda(agenda) if agenda else [],
        "glossary": terms.read(glossary) if glossary else [],
        "date": checked_date(date) if date else None,
        "title": title,
    }
    attributes = {k: v for k, v in attributes.items() if v}
    out.mkdir(parents=True, exist_ok=True)
    stones = Tombstones(out)
    stones.refuse("person", *participants)
    recordings: list[Recording] = []
    failed: dict[str, str] = {}
    for id, path in zip(audio.unique_ids(paths), paths, strict=True):
        try:
            stones.refuse("recording", id)
            if stones and heard and path.is_file():
                stones.refuse("sound", sha256(path))
            recordings.append(
                audio.probe(path, id, attributes, config.audio.track)
                if heard or transcript is None
                else Recording(id, path, transcript_of(transcript).duration, attributes=attributes)
            )
        except Exception as problem:  # a file that no library foresaw must not stop the others
            failed[id] = runner.cause_of(problem)
    for name, given in (("a transcript belongs", transcript), ("turns belong", turns)):
        if given and len(paths) != 1:
            raise ValueError(f"{given}: {name} to one recording, and {len(paths)} were given.")
    if recordings and not transcript:  # check models before hours of work, not after
        for name in required_models(config):
            models.resolve(name)
    for recording in recordings:
        _remember(out, recording, config)
    steps = [*_recognition(config, out, transcript, turns), *_results(config, out, transcript)]
    return _run(steps, recordings, out, failed, jobs=jobs, report=report, loaded=loaded)


def refresh(folder: Path, *, model: bool = False, quiet: bool = True) -> Result:
    """Bring the results of one meeting up to date after a correction, without its sound being recognised again.

    Args:
        folder: ``<out>/<id>``, as :func:`run` made it; the options of that call count again.
        model: whether a language model that wrote the minutes writes them again; otherwise its minutes stay, with the
            corrections of their items and the names that people gave.
        quiet: no progress bar.

    Raises:
        ValueError: the folder is not that of a meeting.
    """
    recording, config = recall(folder)
    folder = folder.resolve()
    steps = _results(config, folder.parent)
    if config.minutes.model is not None and not model:
        steps = [step for step in steps if step[0].name != "minutes"]
    return _run(steps, [recording], folder.parent, {}, quiet=quiet)


def recall(folder: Path) -> tuple[Recording, Config]:
    """Return the recording and the configuration that a meeting was made with.

    Raises:
        ValueError: the folder is not that of a meeting.
    """
    folder = folder.resolve()
    try:
        call = read_json(_call(folder.parent, folder.name))
        recording = Recording(**{**call["recording"], "path": Path(call["recording"]["path"])})
        return recording, build(Config, call["config"], "config")
    except FileNotFoundError:
        raise ValueError(f"{folder}: {NO_MEETING}") from None


def amend(folder: Path, *, title: str | None, date: str | None, participants: Sequence[str]) -> None:
    """Change what a finished meeting is known to be, for the next :func:`refresh`; ``None`` is unknown.

    Raises:
        ValueError: the folder is not that of a meeting, or the date is not valid.
    """
    recording, config = recall(folder)
    known = {"title": title, "date": checked_date(date) if date else None, "participants": list(participants)}
    attributes = {k: v for k, v in {**recording.attributes, **known}.items() if v}
    _remember(folder.resolve().parent, replace(recording, attributes=attributes), config)


def _remember(out: Path, recording: Recording, config: Config) -> None:
    """Note what a meeting is made with, so that a correction can bring its results up to date."""
    known = {**to_dict(recording), "path": os.path.abspath(recording.path)}
    call, path = {"recording": known, "config": to_dict(config)}, _call(out, recording.id)
    if not path.exists() or path.read_text(encoding="utf-8") != to_json(call):
        save_json(path, call)


def _call(out: Path, id: str) -> Path:
    return out / ".stages" / "calls" / f"{id}.json"


def _run(
    steps: Sequence[tuple[Stage, Path]],
    recordings: Sequence[Recording],
    out: Path,
    failed: dict[str, str],
    *,
    jobs: int = 1,
    quiet: bool = False,
    report: Callable[[Bar], None] | None = None,
    loaded: Loaded | None = None,
) -> Result:
    left, result = list(recordings), Result("meeting")
    with Bar("meeting", _expected(steps, recordings), quiet, report=report) as bar:
        for stage, folder in steps:
            result = runner.run(stage, left, folder, jobs=jobs, bar=bar, loaded=loaded)
            failed |= result.failed
            left = [r for r in left if r.id not in result.failed]
    for recording in left:
        runner.discard(out / f"{recording.id}.error")
    for id, cause in failed.items():
        runner.write_error(out / f"{id}.error", cause)
    return replace(result, stage="meeting", failed=failed)


def _recognition(
    config: Config, out: Path, transcript: Path | None, turns: Path | None = None
) -> list[tuple[Stage, Path]]:
    """Return the stages up to the machine's transcript, with the folders of their own outputs, in order."""
    work = out / ".stages"
    said = work / "transcript"
    if transcript:
        return [(stages.take(transcript), said)]
    if config.results.only == "turns":
        return [(stages.diarize(config.diarization, config.speakers, config.audio), work / "diarization")]
    found = stages.take_turns(turns) if turns else stages.diarize(config.diarization, audio=config.audio)
    return [
        (found, work / "diarization"),
        (stages.transcribe(config.asr, work / "diarization"), work / "asr"),
        (stages.attribute_words(work / "asr", work / "diarization", config.diarization, config.speakers), said),
    ]


def _results(config: Config, out: Path, transcript: Path | None = None) -> list[tuple[Stage, Path]]:
    """Return the stages from the machine's transcript to the files for people."""
    work = out / ".stages"
    changes, said, written, checked = (
        work / name for name in ("corrections", "corrected", "minutes", "corrected_minutes")
    )
    if config.results.only == "turns":
        return []
    corrected = [(correcting.sort_corrections(out), changes), (correcting.correct(work / "transcript", changes), said)]
    if config.results.only == "transcript":
        export = stages.export(said, checked, out, config.minutes.language, given=transcript, page=False)
        return [*corrected, (export, work / "export")]
    return [
        *corrected,
        (stages.write_minutes(said, config.minutes), written),
        (correcting.correct_minutes(written, said, changes), checked),
        (stages.export(said, checked, out, config.minutes.language, given=transcript), work / "export"),
        (stages.document(checked, said, config.documents, beside=out), work / "documents"),
    ]


def _expected(steps: Sequence[tuple[Stage, Path]], recordings: Sequence[Recording]) -> dict[str, dict[str, float]]:
    """Return the seconds of work expected for each stage: a recording that one processes, so do the later ones."""
    found: dict[str, dict[str, float]] = {}
    waiting: set[str] = set()
    for stage, folder in steps:
        waiting |= set(runner.pending(stage, recordings, folder))
        found[stage.name] = runner.expected(stage, [r for r in recordings if r.id in waiting])
    return found


def transcript_of(path: Path) -> Transcript:
    """Return the transcript of a meeting: a file of any format, or the folder that :func:`run` made of a recording.

    Raises:
        ValueError: a folder holds no transcript or several, or a file holds several.
    """
    if path.is_dir():
        possible = (path / f"{path.resolve().name}.json", *path.glob("*/*.json"))
        found = [p for p in possible if p.stem == p.parent.resolve().name and p.exists()]
        if len(found) != 1:
            raise ValueError(
                f"{path}: {len(found) or 'no'} transcripts in it. Accepted: the folder of one recording that "
                f"`dialogue meeting` made, or a file."
            )
        path = found[0]
    transcripts = formats.read(path)
    if len(transcripts) != 1:
        raise ValueError(f"{path}: {len(transcripts)} recordings. Accepted: a file with one recording.")
    return transcripts[0]
