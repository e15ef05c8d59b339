"""The page of an experiment: complete, self-contained, and safe whatever was said."""

import base64
import hashlib
import html
import io
import json
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from dialogue.cli import main
from dialogue.experiments import results
from dialogue.experiments.report import write_report
from dialogue.experiments.report.captions import LABELS, Language
from dialogue.experiments.report.experiment import ReportError, read
from dialogue.experiments.report.index import write
from tests.experiments.report.conftest import HEARD, SAID, Make

ATTACK = "</p><script>alert(1)</script><img src=x onerror=alert(1)>{{style}}"


def page(exp: Path, language: str = "fr") -> str:
    path = exp / "report/index.html"
    write(read(exp, exp.parents[1] / "data"), path, Language(language))
    return path.read_text(encoding="utf-8")


def section(text: str, title: str) -> str:
    """Return the content under a heading, up to the next one of the same level."""
    return re.search(rf"<(h[23])>{re.escape(title)}</\1>(.*?)(?:<\1>|</section>)", text, re.S)[2]


def test_the_head_says_how_the_figures_came_about(make: Make) -> None:
    text = html.unescape(page(make()))
    for part in (
        "Expérience small",
        "Voix de synthèse",
        "./run.sh",
        "whisper-base (aaaaaaaaaaaa)",
        "fr-std/2",
        "0,200 (transcribe 0,200)",
        "2 processors, Linux",
        "abc1234",
    ):
        assert part in text


def test_no_request_no_script_no_style_of_its_own(make: Make) -> None:
    text = page(make())
    policy = re.search(r'Content-Security-Policy" content="([^"]+)"', text)[1]
    style = re.search(r"<style>(.*?)</style>", text, re.S)[1]
    assert policy.startswith("default-src 'none'")
    assert base64.b64encode(hashlib.sha256(style.encode()).digest()).decode() in policy
    assert "<script" not in text
    assert not re.search(r'\sstyle="|https?:|@import', text)
    assert {a[0] for a in re.findall(r'(?:href|src)="([^"]*)"', text)} <= set("#dr")  # here, data:, r1/report.html


def test_ids_are_unique_and_references_lead_to_them(make: Make) -> None:
    text = page(make())
    ids = re.findall(r'\sid="([^"]+)"', text)
    assert len(ids) == len(set(ids))
    assert set(re.findall(r'(?:href="#|url\(#)([^")]+)', text)) <= set(ids)


def test_what_was_said_is_never_markup(make: Make) -> None:
    said = (("Anne", 0.0, 4.0, "bonjour"), (ATTACK.replace(" ", "_"), 4.0, 6.0, "merci beaucoup"))
    exp = make(recordings={"r&1": (said, ((ATTACK, 0.0, 4.0, f"bonsoir {ATTACK}"),))})
    text = page(exp)
    assert "<script>alert" not in text
    assert "<img" not in text
    assert 'id="r&amp;1"' in text


def test_the_worst_utterance_comes_first_with_its_differences(make: Make) -> None:
    worst = section(page(make()), LABELS["fr"]["worst"].format(n=20))
    first = worst.split("</li>")[0]
    assert "<strong>Zoé</strong>" in first
    assert "3 erreurs sur 9 mots" in first
    assert "<del>voté</del> demain <del>matin</del>" in first
    assert "<ins>volé</ins> demain par la <ins>grande</ins>" in first


def test_the_sound_is_that_of_the_utterance(make: Make) -> None:
    import av

    sound = re.search(r'src="data:audio/mpeg;base64,([^"]+)"', page(make()))[1]
    with av.open(io.BytesIO(base64.b64decode(sound))) as container:
        seconds = sum(frame.samples for frame in container.decode(audio=0)) / 16000
    assert seconds == pytest.approx(9.0 - 4.5 + 0.4, abs=0.15)  # 0.2 s on each side


def test_missing_sound_is_reported(make: Make) -> None:
    text = page(make(sound=False))
    assert "<audio" not in text
    assert "Son illisible" in text


def test_words_of_another_speaker_stand_in_brackets_after_the_name(make: Make) -> None:
    text = section(page(make()), LABELS["fr"]["alignments"])
    assert re.search(r"<b>Anne</b> <i class=\"s1\">\[Zoé: oui\]</i>", text)
    assert "Anne = Anne, Zoé = Zoé" in text


def test_the_alignment_merges_both_sides(make: Make) -> None:
    text = section(page(make()), LABELS["fr"]["alignments"])
    assert (
        "<time>0:04</time> <b>Zoé</b> le budget est <del>voté</del> <ins>volé</ins> demain <del>matin</del> "
        "par la <ins>grande</ins> salle</li>"
    ) in text


@pytest.mark.parametrize(
    "title",
    ["overlap_title", "speaker_title", "duration_title", "der_title", "calibration_title", "time_title"],
)
def test_every_plot_has_a_sentence_and_a_table(make: Make, title: str) -> None:
    heard = (*HEARD[:3], ("Zoé", 10.0, 10.1, "mercredi"))
    text = section(page(make(recordings={"r1": (SAID, heard)})), html.escape(LABELS["fr"][title]))
    assert re.search(r"<p>[^<]{20,}</p>", text)
    assert "<svg" in text
    assert "<table>" in text


def test_no_overlap_is_reported(make: Make) -> None:
    text = section(page(make(recordings={"r1": (SAID[:2], HEARD[:2])})), LABELS["fr"]["overlap_title"])
    assert LABELS["fr"]["overlap_none"] in text
    assert "<svg" not in text


def test_missing_probabilities_are_reported(make: Make) -> None:
    text = section(page(make(probability=None)), LABELS["fr"]["calibration_title"])
    assert LABELS["fr"]["calibration_none"] in text
    assert "<svg" not in text


def test_missing_diarization_is_reported(make: Make) -> None:
    sentence = LABELS["fr"]["der_from_utterances"].format(recordings="r1")
    assert sentence in page(make(kept=False))
    assert sentence not in page(make(kept=True))


def test_a_missing_transcript_is_reported_and_all_deleted(make: Make) -> None:
    text = html.unescape(page(make(recordings={"r1": (SAID, HEARD), "r2": (SAID, None)})))
    assert LABELS["fr"]["missing"].format(recordings="r2") in text
    assert "L’hypothèse n’a aucun mot." in text


def test_an_empty_hypothesis_has_a_page(make: Make) -> None:
    text = page(make(recordings={"r1": (SAID, ())}))
    assert "L’hypothèse n’a aucun mot." in text
    assert LABELS["fr"]["calibration_none"] in text


def test_speech_where_none_was_said_has_a_page(make: Make) -> None:
    said = (("Anne", 0.0, 1.0, "euh"),)  # a hesitation is not scored
    text = page(make(recordings={"r1": (said, HEARD)}))
    assert LABELS["fr"]["no_words"] in text


def test_one_recording_has_no_interval(make: Make) -> None:
    assert LABELS["fr"]["scores_one"] in page(make())
    assert LABELS["fr"]["scores_one"] not in page(make(recordings={"r1": (SAID, HEARD), "r2": (SAID, SAID)}))


def test_transcripts_that_changed_since_they_were_scored_are_refused(make: Make) -> None:
    exp = make()
    scores = (exp / "scores.json").read_text()
    make(recordings={"r1": (SAID, SAID)})
    (exp / "scores.json").write_text(scores)
    with pytest.raises(ReportError, match=r"r1 had 3 errors in 20 words .* has 0 in 20.*Run `dialogue score` again"):
        page(exp)


def test_an_hour_is_no_megabyte_of_markup(make: Make) -> None:
    """A quarter of a meeting: 2,500 words, one in five wrong, one utterance in twenty with the wrong speaker."""
    words = "le budget est voté demain matin par toute la salle".split()
    said, heard = [], []
    for n in range(250):
        text = [words[(n + k) % 10] for k in range(10)]
        said.append((f"s{n % 4}", 3.5 * n, 3.5 * n + 3, " ".join(text)))
        text[n % 10] = text[(n + 4) % 10] = "faux"
        heard.append((f"s{(n + (n % 20 == 0)) % 4}", 3.5 * n, 3.5 * n + 3, " ".join(text)))
    text = page(make(recordings={"r1": (tuple(said), tuple(heard))}, sound=False))
    assert len(section(text, LABELS["fr"]["alignments"]).encode()) < 60_000


def test_both_languages_have_the_same_labels() -> None:
    assert LABELS["fr"].keys() == LABELS["en"].keys()
    for key, text in LABELS["fr"].items():
        assert set(re.findall(r"\{\w+\}", text)) == set(re.findall(r"\{\w+\}", LABELS["en"][key])), key


def test_english_is_english(make: Make) -> None:
    text = page(make(), "en")
    assert '<html lang="en">' in text
    assert "Synthetic voices" in text
    assert not re.search(r"énoncé|locuteur|enregistrement", text)


def test_another_language_is_refused(make: Make, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="fr, en"):
        write_report([make()], tmp_path / "data", language="de")


def test_an_experiment_without_minutes_is_reported(make: Make, tmp_path: Path, capsys) -> None:
    exp = make()
    assert main(["report", str(exp), "--data", str(tmp_path / "data"), "--results", str(tmp_path / "RESULTS.md")]) == 0
    assert capsys.readouterr().out.splitlines() == [
        str(exp / "report/r1/report.html"),
        str(exp / "RESULTS.md"),
        str(exp / "report/index.html"),
    ]
    assert 'href="r1/report.html"' in (exp / "report/index.html").read_text(encoding="utf-8")


def test_publishing_needs_a_file(make: Make, tmp_path: Path, capsys) -> None:
    assert main(["report", str(make()), "--data", str(tmp_path / "data"), "--publish"]) == 2
    assert "Name it: --results RESULTS.md --publish" in capsys.readouterr().err


def test_a_recording_s_own_page_is_linked_at_the_moment(make: Make) -> None:
    exp = make()
    (exp / "report/r1").mkdir(parents=True)
    (exp / "report/r1/report.html").write_text("")
    assert 'href="r1/report.html#t=4.5"' in page(exp)


def test_scores_of_other_data_are_refused(make: Make, tmp_path: Path) -> None:
    exp = make()
    make("other", recordings={"r2": (SAID, HEARD)})
    with pytest.raises(ReportError, match=r"no reference in .* for r1"):
        read(exp, tmp_path / "data")


def test_a_browser_draws_the_plots(make: Make, tmp_path: Path) -> None:
    exp = make()
    page(exp)
    browser = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    if browser is None:
        pytest.skip("no Chromium on this machine: the page is not drawn")
    options = ["--headless", "--no-sandbox", "--disable-gpu", f"--user-data-dir={tmp_path / 'profile'}"]
    options += ["--enable-logging=stderr", "--dump-dom", (exp / "report/index.html").as_uri()]
    done = subprocess.run([browser, *options], capture_output=True, text=True, timeout=120, check=True)
    assert done.stdout.count("<svg") >= 5
    assert "Content Security Policy" not in done.stderr  # nothing forbidden by the policy was attempted


@pytest.mark.parametrize(
    ("language", "number", "shown"),
    [
        ("fr", 0, "0 erreur sur 1 mot"),
        ("fr", 2, "2 erreurs sur 1 mot"),
        ("en", 0, "0 errors in 1 word"),
        ("en", 1, "1 error in 1 word"),
    ],
)
def test_a_noun_agrees_with_its_number(language: str, number: int, shown: str) -> None:
    assert Language(language)("n_errors", n=number, of=1) == shown


@pytest.mark.parametrize(("language", "title"), [("fr", "décisions, rappel"), ("en", "decisions, recall")])
def test_the_scores_of_minutes_stand_beside_those_of_the_reference(make: Make, language: str, title: str) -> None:
    exp = make()
    assert title not in page(exp, language)
    found, perfect = ({"value": v, "errors": 2 - 2 * v, "length": 2.0, "documents": 1} for v in (0.5, 1.0))
    scores = {"totals": {"decisions_recall": found}, "against": {"totals": {"decisions_recall": perfect}}}
    (exp / results.MINUTES).write_text(json.dumps(scores), encoding="utf-8")
    assert re.search(rf"{title}.*?50.*?100", page(exp, language), re.S)
