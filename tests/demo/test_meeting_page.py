"""The page of a meeting: nothing inline, every label in both languages, and what its scripts compute."""

import json
import re
import shutil
import subprocess
from importlib import resources
from pathlib import Path

import pytest

from dialogue.corrections.correction import NEEDS, OF_LOG
from dialogue.demo.meeting_labels import EDITOR
from dialogue.demo.meeting_page import SCRIPTS, SHEETS, meeting_page
from dialogue.pages import VIEWER
from dialogue.pages.labels import LABELS

PACKAGES = ("dialogue.pages", "dialogue.demo")


def read(name):
    [path] = [p for package in PACKAGES if (p := resources.files(package) / name).is_file()]  # no two of one name
    return path.read_text(encoding="utf-8")


def test_scripts_and_sheets_exist_once():
    assert all(map(read, [*SCRIPTS, *SHEETS]))


def test_nothing_is_inline_so_that_the_policy_can_forbid_it():
    page = meeting_page("m", "fr")
    inside = re.findall(r"<script(?! type=.application/json)[^>]*>([^<]+)</script>", page)
    assert inside == []
    assert "<style" not in page
    assert not re.search(r"\son\w+=|\sstyle=", page)


def test_an_address_cannot_close_its_script():
    page = meeting_page("</script><script>alert(1)</script>", "en")
    data = re.search(r'<script type="application/json" id="data">(.*?)</script>', page, re.S)[1]
    assert json.loads(data)["id"] == "</script><script>alert(1)</script>"


def test_both_languages_have_the_same_labels_with_the_same_gaps():
    french, english = EDITOR["fr"], EDITOR["en"]
    assert french.keys() == english.keys()
    gaps = {k: [set(re.findall(r"(?<!\{)\{\w+\}(?!\})", labels[k])) for labels in (french, english)] for k in french}
    assert [k for k, (one, other) in gaps.items() if one != other] == []


def test_every_label_of_the_scripts_exists_and_is_used():
    folder = resources.files("dialogue.demo")
    scripts = "".join(map(read, SCRIPTS[len(VIEWER.split()) :]))
    page = (folder / "meeting.html").read_text(encoding="utf-8")
    used = set(re.findall(r"\b[lL]abels\.(\w+)", scripts + page))
    dynamic = {k for k in EDITOR["fr"] if k.startswith("did_")}
    dynamic |= {"date", "participants", "tags", "keep_until", "title"}  # fields of the form of details
    dynamic |= {"minutes_docx", "minutes_pdf"}  # by their ending
    dynamic |= {"open"}  # a status of an action; the others are labels of the viewer
    dynamic |= {
        k for k in EDITOR["fr"] if k.startswith(("length_", "style_", "minutes_language_", "section_"))
    }  # values of options
    assert used - EDITOR["fr"].keys() - LABELS["fr"].keys() == set()
    assert EDITOR["fr"].keys() - used - dynamic == set()


def test_every_kind_of_correction_is_told_in_the_history():
    assert {f"did_{do}" for do in NEEDS if do not in OF_LOG} <= EDITOR["fr"].keys()


def test_what_the_editor_computes_holds_in_node():
    node = shutil.which("node")
    if node is None:
        pytest.skip("no Node.js on this machine: the editor's logic is not run")
    logic = Path(__file__).with_name("editor_logic.mjs")
    done = subprocess.run([node, "--test", str(logic)], capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stdout
