"""The viewer with three hours of meeting: 2,400 turns and 31,000 words, in a browser."""

from collections.abc import Iterator

import pytest

from dialogue.core.transcript import Speaker, Transcript, Utterance, Word
from dialogue.pages import VIEWER, viewer_data
from dialogue.pages.shell import asset

TURNS, WORDS = 2400, 13


def said(n: int, first: str = "mot") -> Utterance:
    start = n * 4.5
    words = tuple(
        Word(first if k == 0 else f"mot{k}", start + k * 0.3, start + k * 0.3 + 0.25, 0.2 if (n, k) == (3, 5) else 0.95)
        for k in range(WORDS)
    )
    text = " ".join(w.text for w in words)
    return Utterance(f"u{n + 1}", f"spk{n // 2 % 4 + 1}", start, start + 4.2, text, words)


def data(turns: int = TURNS, **changed: str) -> dict:
    utterances = tuple(said(n, changed.get(f"u{n + 1}", "mot")) for n in range(turns))
    speakers = tuple(Speaker(f"spk{n + 1}") for n in range(4))
    return viewer_data(Transcript("long", TURNS * 4.5, "fr", speakers, utterances))


@pytest.fixture
def page(browser) -> Iterator:
    page = browser.new_page(viewport={"width": 1280, "height": 800})
    page.set_content("<!doctype html><main id='viewer'></main>")
    page.add_style_tag(content=asset("viewer.css"))
    page.add_script_tag(content="".join(map(asset, VIEWER.split())))
    page.evaluate("data => { window.viewer = dialogueViewer(document.getElementById('viewer'), data) }", data())
    yield page
    page.close()


FIRST_IN_SIGHT = """() => {
  const box = document.querySelector('.transcript').getBoundingClientRect();
  const item = document.elementFromPoint(box.left + 40, box.top + 60).closest('li');
  return [item.dataset.id, Math.round(item.getBoundingClientRect().top)];
}"""


def settle(page) -> None:
    """Wait until what came into sight is laid out, and the browser has put it where it was."""
    page.evaluate("async () => { for (let n = 0; n < 5; n += 1) await new Promise(requestAnimationFrame) }")


def scroll(page, top: int) -> None:
    page.evaluate("top => { document.querySelector('.transcript').scrollTop = top }", top)
    settle(page)


def test_all_turns_are_there_and_only_those_near_are_laid_out(page):
    assert page.locator(".turn").count() == TURNS
    settle(page)
    laid_out = page.eval_on_selector_all(
        ".turn .words", "all => all.filter(e => e.checkVisibility({ contentVisibilityAuto: true })).length"
    )
    assert 0 < laid_out < TURNS / 10


def test_other_data_leave_the_scroll_place_and_the_turns_that_have_not_changed(page):
    scroll(page, 40_000)
    before = page.evaluate(FIRST_IN_SIGHT)
    kept = page.evaluate_handle("() => document.querySelector('[data-id=u2000]')")
    page.evaluate("data => viewer.update(data)", data(u2="corrigé " * 60))
    settle(page)
    assert page.evaluate(FIRST_IN_SIGHT) == before
    assert page.evaluate("kept => kept === document.querySelector('[data-id=u2000]')", kept)
    assert "corrigé" in page.text_content("[data-id=u2]")


def test_other_data_leave_the_search_the_focus_and_the_time(page):
    page.evaluate("() => viewer.seek(5400)")
    page.fill(".find", "mot5")
    page.wait_for_function("() => document.querySelector('.found').textContent")
    page.focus("[data-id=u7]")
    page.evaluate("data => viewer.update(data)", data(u7="mot5"))
    assert page.inner_text(".found") == f"{TURNS} passages"
    assert page.evaluate("() => document.activeElement.dataset.id") == "u7"
    assert page.text_content(".current") == "mot"
    assert page.locator("[aria-current]").get_attribute("data-id") == "u1201"


def test_a_transcript_grows(page):
    page.evaluate("data => viewer.update(data)", {**data(10), "growing": True})
    assert page.locator(".turn").count() == 10
    page.evaluate("data => viewer.update(data)", {**data(40), "growing": True})
    assert page.locator(".turn").count() == 40


def test_keys_go_to_the_next_doubtful_word_and_to_another_voice(page):
    page.keyboard.press("d")
    assert page.text_content(".current") == "mot5"
    assert page.evaluate("() => document.activeElement.dataset.id") == "u4"
    page.keyboard.press("s")
    assert page.evaluate("() => document.activeElement.dataset.id") == "u5"
    page.keyboard.press("ArrowDown")
    assert page.evaluate("() => document.activeElement.dataset.id") == "u6"


def test_the_keys_are_shown(page):
    page.keyboard.press("?")
    assert "Mot douteux suivant" in page.inner_text("dialog.keys")
    page.keyboard.press("Escape")
    assert not page.is_visible("dialog.keys")
