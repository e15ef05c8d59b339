"""The home page: its words in both languages, what its scripts ask for, and what is mounted."""

import json
import re
from html import unescape
from pathlib import Path

import pytest

from dialogue.demo.home_labels import LABELS, language_of

pytest.importorskip("gradio", reason="the demo extra is not installed: pip install '.[demo]'")

from fastapi import FastAPI
from fastapi.testclient import TestClient

from dialogue.demo.home import home, mount

DEMO = Path(__file__).parents[2] / "dialogue/demo"
OURS = ("page.js", "home.js", "adding.js", "meeting_list.js", "finding.js", "ask.js")
SCRIPTS = "\n".join((DEMO / name).read_text(encoding="utf-8") for name in OURS)
VALUE = re.compile(r"\{(\w+)\}")


@pytest.fixture(scope="module")
def page(tmp_path_factory):
    return home(tmp_path_factory.mktemp("conversations"), lambda request: "anne")


@pytest.fixture(scope="module")
def served(page):
    app = FastAPI()
    mount(app, page)
    return TestClient(app).get("/").text


class Request:
    def __init__(self, accepted):
        self.headers = {"accept-language": accepted}


def test_both_languages_say_the_same_things():
    assert set(LABELS["fr"]) == set(LABELS["en"])


def test_both_languages_fill_in_the_same_values():
    values = [{key: sorted(VALUE.findall(text)) for key, text in LABELS[code].items()} for code in ("fr", "en")]
    assert values[0] == values[1]


def test_every_singular_has_its_plural():
    assert [key for key in LABELS["fr"] if key.startswith("one_") and key[4:] not in LABELS["fr"]] == []


def test_scripts_use_labels_that_exist():
    used = {*re.findall(r'\bsay\("(\w+)"', SCRIPTS), *re.findall(r'\bcount\("(\w+)"', SCRIPTS)}
    assert len(used) > 60
    assert used - set(LABELS["fr"]) == set()


def test_every_option_of_the_form_has_a_label_for_each_value():
    for name, values in re.findall(r'of\("(\w+)", (\[[^\]]*\])\)', SCRIPTS):
        labels = {f"{name}_{value or 'default'}" for value in json.loads(values)}
        assert labels - set(LABELS["fr"]) == set(), name


def test_texts_of_meetings_never_become_markup():
    assert re.findall(r"innerHTML|outerHTML|insertAdjacentHTML|document\.write", SCRIPTS) == []


@pytest.mark.parametrize(("accepted", "language"), [("en-GB,fr;q=0.5", "en"), ("fr-FR,en;q=0.8", "fr"), ("de", "fr")])
def test_the_language_is_that_of_the_browser_or_french(accepted, language):
    assert language_of(Request(accepted)) == language


def test_the_page_has_our_scripts_and_the_labels(served):
    assert '<script type="module" src="/assets/home.js">' in head_of(served)
    [labels] = re.findall(r'<meta name="dialogue-labels" content="([^"]*)">', head_of(served))
    assert json.loads(unescape(labels)) == LABELS


def test_nothing_that_is_said_is_kept_in_the_browser_or_reported(page):
    mount(FastAPI(), page)
    assert (page.analytics_enabled, page.run_history, page.allowed_paths) == (False, False, [])


def test_no_font_comes_from_elsewhere(page):
    mount(FastAPI(), page)
    assert page.theme._stylesheets == []


def head_of(served):
    """Return what Gradio puts in the head; it is in its configuration, as JSON."""
    return json.loads(re.search(r"window\.gradio_config = (\{.*?\});</script>", served, re.S)[1])["head"]
