"""Each format holds what it declares, and reports what it cannot hold."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from dialogue import formats
from dialogue.core.transcript import Event, Omission, Speaker, Transcript, Utterance, Word
from dialogue.formats import loss

RICH = Transcript(
    "r",
    12.0,
    "fr",
    (Speaker("spk1", "Zoé", {"sex": "F", "age": "34"}), Speaker("spk2", "Ali", {})),
    (
        Utterance(
            "u1",
            "spk1",
            0.5,
            2.0,
            "oui bien sûr",
            (Word("oui", 0.5, 1.0, 0.9), Word("bien", 1.0, 1.4, 0.8), Word("sûr", 1.4, 2.0, 0.5)),
            original="oui + bien sûr",
        ),
        Utterance("u2", "spk2", 1.5, 2.5, "ah bon", (Word("ah", 1.5, 2.0, 0.7), Word("bon", 2.0, 2.5, 0.6))),
        Utterance("u3", "spk1", 4.0, 6.0, "au revoir", (Word("au", 4.0, 5.0, 0.4), Word("revoir", 5.0, 6.0, 0.3))),
    ),
    (Omission(7.0, 8.0, "not transcribed"),),
    events=(Event(0.5, 2.0, "pause", "+", "spk1"), Event(4.0, 6.0, "laugh", "rire", "spk1")),
    attributes={"title": "Entretien", "date": "2023-10-12"},
)


FLAT = replace(  # the same without overlapping speakers
    RICH,
    utterances=(
        RICH.utterances[0],
        replace(RICH.utterances[1], start=2.5, end=3.5, words=(Word("ah", 2.5, 3.0, 0.7), Word("bon", 3.0, 3.5, 0.6))),
        RICH.utterances[2],
    ),
)


KEPT: dict[str, Callable[[Transcript], object]] = {
    "text": lambda t: " ".join(u.text for u in t).split(),
    "times": lambda t: [(round(u.start, 2), round(u.end, 2)) for u in t],
    "speakers": lambda t: {t.name(u.speaker) for u in t},
    "overlap": lambda t: [t.name(u.speaker) for u in t if u.start < 2.5],
    "words": lambda t: [(w.text, round(w.start or 0, 2), round(w.end or 0, 2)) for w in t.words()],
    "probabilities": lambda t: [w.probability for w in t.words()],
    "events": lambda t: {(e.kind, t.name(e.speaker), round(e.start, 2), round(e.end, 2)) for e in t.events},
    "original": lambda t: [u.original for u in t],
    "attributes": lambda t: [dict(s.attributes) for s in t.speakers],
    "metadata": lambda t: dict(t.attributes),
    "language": lambda t: t.language,
    "omissions": lambda t: t.omissions,
}


def back(said: Transcript, name: str, folder: Path) -> Transcript:
    path = folder / ("r" + (formats.FORMATS[name] or ("",))[0])
    formats.write([said], path, name)
    [found] = formats.read(path, name)
    return found


@pytest.mark.parametrize("name", formats.FORMATS)
def test_only_known_features_are_promised(name: str) -> None:
    assert loss.holds(name) <= set(loss.FEATURES) == set(KEPT)


@pytest.mark.parametrize(("name", "feature"), [(n, f) for n in formats.writable() for f in KEPT if f in loss.holds(n)])
def test_what_a_format_promises_comes_back(name: str, feature: str, tmp_path: Path) -> None:
    said = RICH if "overlap" in loss.holds(name) else FLAT
    assert KEPT[feature](back(said, name, tmp_path)) == KEPT[feature](said)


@pytest.mark.parametrize("name", formats.writable())
def test_a_transcript_that_has_it_all_loses_what_is_not_promised(name: str) -> None:
    assert set(loss.lost([RICH], name)) == set(KEPT) - loss.holds(name)


def test_only_existing_features_are_reported_as_lost() -> None:
    plain = Transcript("r", 1.0, speakers=(Speaker("spk1", "Zoé"),), utterances=(Utterance("u1", "spk1", 0, 1, "oui"),))
    assert loss.lost([plain], "stm") == []
    assert loss.warning([plain], "stm") is None


def test_times_that_were_never_measured_are_not_lost() -> None:
    untimed = Transcript("r", 1.0, utterances=(Utterance("u1", None, 0, 1, "oui"),), timed=False)
    assert loss.lost([untimed], "claire") == []


def test_the_warning_names_what_is_lost() -> None:
    assert loss.warning([RICH], "claire").startswith(
        "claire cannot hold: times (when, to the hundredth of a second), overlap"
    )


def test_the_table_has_a_line_a_format() -> None:
    head, *rows = loss.table().splitlines()
    assert head.split()[:3] == ["format", "text", "times"]
    assert [row.split()[0] for row in rows] == list(formats.FORMATS)


@pytest.mark.parametrize("name", ["conllu", "cha", "revai"])
def test_a_format_that_is_only_read_says_so(name: str) -> None:
    with pytest.raises(formats.FormatError, match=f"{name} can be read but not written. Accepted: json"):
        formats.dumps([RICH], name)


def test_the_page_on_formats_shows_the_table_of_the_command() -> None:
    page = (Path(__file__).parents[2] / "docs/formats.md").read_text(encoding="utf-8")
    assert f"```\n{loss.table()}\n```" in page
