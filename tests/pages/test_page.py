"""The meeting's page: self-contained, without network requests, with texts shown as text."""

import base64
import hashlib
import io
import itertools
import json
import re
import shutil
import subprocess
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from dialogue.core.audio import RATE, AudioError, save_wav
from dialogue.core.transcript import Omission, Speaker, Transcript, Utterance, Word
from dialogue.minutes import write_minutes
from dialogue.minutes.document import Action, Evidence, NextMeeting, Point, Topic, ToVerify
from dialogue.pages import VIEWER, viewer_data, write_page
from dialogue.pages.labels import LABELS
from dialogue.pages.shell import asset

ATTACK = "</script><script>document.title='broken'</script><img src=x onerror=alert(1)> {{sound}} \u2028"


@pytest.fixture
def transcript():
    utterances = (
        Utterance(
            "u1",
            "spk1",
            0.0,
            2.0,
            "Bonjour Zoé.",
            (Word("Bonjour", 0.1, 0.8, 0.9), Word("Zoé.", 0.9, 1.5, 0.3)),
        ),
        Utterance("u2", "spk2", 1.5, 3.0, f"On part sur la salle Curie. {ATTACK}"),
    )
    return Transcript(
        "réunion",
        4.0,
        "fr",
        (Speaker("spk1", "Anne"), Speaker("spk2", "<b>Zoé</b>")),
        utterances,
        (Omission(3.2, 3.8, "not transcribed"),),
    )


@pytest.fixture
def sound(tmp_path):
    time = np.arange(4 * RATE) / RATE
    save_wav(tmp_path / "tone.wav", (0.5 * np.sin(2 * np.pi * 440 * time)).astype(np.float32))
    return tmp_path / "tone.wav"


@pytest.fixture
def page(transcript, sound, tmp_path):
    return write_page(transcript, write_minutes(transcript), sound, tmp_path / "report.html")


def block(html, id):
    return re.search(rf'<script type="[^"]+" id="{id}">(.*?)</script>', html, re.S)[1]


def test_the_page_holds_its_data(page, transcript):
    data = json.loads(block(page.read_text(encoding="utf-8"), "data"))
    assert [u["id"] for u in data["utterances"]] == ["u1", "u2"]
    assert data["minutes"]["decisions"][0]["status"] == "decided"
    assert ATTACK.split()[0] in " ".join(w[0] for w in data["utterances"][1]["words"])


def test_a_text_cannot_close_its_script(page):
    html = page.read_text(encoding="utf-8")
    assert len(re.findall(r"<script", html)) == len(re.findall(r"</script>", html)) == 3
    assert "<img" not in html


def test_the_policy_allows_this_script_and_no_request(page):
    html = page.read_text(encoding="utf-8")
    policy = re.search(r'Content-Security-Policy" content="([^"]+)"', html)[1]
    for kind, text in (
        ("script", re.findall(r"<script>(.*?)</script>", html, re.S)[0]),
        ("style", re.findall(r"<style>(.*?)</style>", html, re.S)[0]),
    ):
        digest = base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
        assert f"{kind}-src 'sha256-{digest}'" in policy
    assert policy.startswith("default-src 'none'")
    assert "http" not in policy


def test_nothing_points_outside(page):
    html = page.read_text(encoding="utf-8")
    addresses = set(re.findall(r"https?://[^\s\"'<)]+", html))
    assert addresses <= {"http://www.w3.org/2000/svg"}  # an XML namespace, never requested
    assert not re.search(r"\b(?:src|href)=", html.replace(block(html, "data"), ""))


def test_the_sound_inside_is_the_recording(page):
    import av

    encoded = base64.b64decode(block(page.read_text(encoding="utf-8"), "sound"))
    with av.open(io.BytesIO(encoded)) as container:
        samples = np.concatenate([f.to_ndarray()[0] for f in container.decode(audio=0)])
        rate = container.streams.audio[0].rate
    assert abs(len(samples) / rate - 4.0) < 0.1
    spectrum = np.abs(np.fft.rfft(samples[rate : 2 * rate].astype(float)))
    assert abs(int(spectrum.argmax()) - 440) <= 2
    assert len(encoded) < 4 * 5000  # 32 kbit/s and a header


def test_words_without_times_share_their_utterance(transcript):
    words = viewer_data(transcript)["utterances"][1]["words"]
    assert (words[0][1], words[-1][2]) == (1.5, 3.0)
    assert all(a[2] == b[1] and a[1] <= a[2] for a, b in itertools.pairwise(words))


def test_a_page_without_sound_or_minutes(transcript, tmp_path):
    page = write_page(transcript, None, None, tmp_path / "p.html", language="en")
    data = json.loads(block(page.read_text(encoding="utf-8"), "data"))
    assert (data["minutes"], data["peaks"], data["labels"]["transcript"]) == (None, [], "Transcript")


def test_an_empty_recording_has_a_page(tmp_path):
    empty = Transcript("m", 0.0)
    assert write_page(empty, write_minutes(empty), None, tmp_path / "p.html").exists()


def test_both_languages_have_the_same_labels():
    assert LABELS["fr"].keys() == LABELS["en"].keys()
    assert all(
        set(re.findall(r"\{\w+\}", LABELS["fr"][k])) == set(re.findall(r"\{\w+\}", LABELS["en"][k]))
        for k in LABELS["fr"]
    )


def test_every_label_of_the_scripts_exists():
    scripts = "".join(map(asset, VIEWER.split()))
    used = set(re.findall(r"labels\.(\w+)", scripts))
    assert {"loop", "next_doubt"} < used <= LABELS["fr"].keys()


def test_items_of_the_minutes_have_the_ids_of_corrections(transcript):
    from dialogue.corrections.minutes_items import listed

    evidence = (Evidence(("u1",), 0.1, 0.8, "Bonjour"),)
    minutes = replace(
        write_minutes(transcript),
        actions=(Action("", "réserver", "Anne", "spk1", None, "jeudi", None, "open", evidence, 0.4),),
        open_questions=(Point("Qui vient ?", evidence),),
        topics=(
            Topic(None, (Point("Un.", evidence), Point("Deux.", evidence))),
            Topic(None, (Point("Trois.", evidence),)),
        ),
        next_meeting=NextMeeting("jeudi", None, evidence),
        to_verify=(ToVerify("decision", "On part.", "", evidence),),
    )
    shown = viewer_data(transcript, minutes)["minutes"]
    points = [point for topic in shown["topics"] for point in topic["points"]]
    items = [*shown["decisions"], *shown["actions"], *shown["open_questions"], *points, shown["next_meeting"]]
    items += shown["to_verify"]
    assert [(i["id"], i["edit"]["text"]) for i in items] == [(i.id, i.anchor.text) for i in listed(minutes)]
    assert [i["id"] for i in items] == ["d1", "a1", "q1", "p1", "p2", "p3", "n1", "v1"]
    assert shown["actions"][0]["edit"] == {
        "kind": "action",
        "text": "réserver",
        "owner": "Anne",
        "due": "jeudi",
        "status": "open",
        "to_verify": False,
    }


def test_another_language_is_refused(transcript, tmp_path):
    with pytest.raises(ValueError, match="fr, en"):
        write_page(transcript, None, None, tmp_path / "p.html", language="de")


def test_a_missing_sound_leaves_no_page(transcript, tmp_path):
    with pytest.raises(AudioError):
        write_page(transcript, None, tmp_path / "absent.wav", tmp_path / "p.html")
    assert not (tmp_path / "p.html").exists()


def test_what_the_script_computes_holds_in_node():
    node = shutil.which("node")
    if node is None:
        pytest.skip("no Node.js on this machine: the viewer's logic is not run")
    logic = Path(__file__).with_name("viewer_logic.mjs")
    done = subprocess.run([node, "--test", str(logic)], capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stdout


def draw(address, profile):
    """Return the page's elements after its script has run."""
    browser = next((b for b in map(shutil.which, ("chromium", "chromium-browser", "google-chrome")) if b), None)
    if browser is None:
        pytest.skip("no Chromium on this machine: the page is not drawn")
    command = [
        browser,
        "--headless",
        "--no-sandbox",
        "--disable-gpu",
        f"--user-data-dir={profile}",
        "--dump-dom",
        address,
    ]
    return subprocess.run(command, capture_output=True, text=True, timeout=120, check=True).stdout


@pytest.fixture
def drawn(page, tmp_path):
    return draw(page.as_uri(), tmp_path / "profile")


def test_a_browser_draws_the_meeting(drawn):
    body = drawn.split("</main>")[0].split("<main")[1]
    assert body.count('class="turn') == 2
    assert body.count("<rect") == 3  # two utterances and the untranscribed speech
    assert 'class="unsure"' in body
    assert "Passage non transcrit" in body


def test_a_browser_shows_markup_as_text(drawn):
    body = drawn.split("</main>")[0].split("<main")[1]
    assert "&lt;b&gt;Zoé&lt;/b&gt;" in body
    assert "<img" not in body
    assert "<title>Compte rendu de réunion</title>" in drawn


def test_a_link_to_a_moment_opens_there(page, tmp_path):
    assert 'aria-valuetext="0:02"' in draw(f"{page.as_uri()}#t=2.5", tmp_path / "profile")


def test_the_page_says_which_number_of_voices_comes_next(transcript):
    heard = replace(transcript, provenance=({"stage": "speakers", "found": 4, "runner_up": 5},))
    assert viewer_data(heard, language="en")["voices"] == "Number of voices found: 4. If this is wrong, first try 5."
    alone = replace(transcript, provenance=({"stage": "speakers", "found": 1, "runner_up": None},))
    assert viewer_data(alone)["voices"] is None
