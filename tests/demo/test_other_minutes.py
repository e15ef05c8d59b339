"""Minutes written again and compared, in a browser: the page of a meeting over the real server, without a port."""

import os
from collections.abc import Iterator
from dataclasses import replace
from typing import get_args

import pytest

from dialogue.library.versions import Versions
from dialogue.minutes import Minutes
from dialogue.minutes.config import Style

pytest.importorskip("fastapi", reason="the demo extra is not installed: pip install '.[demo]'")

from dialogue.demo import page_routes
from tests.server.conftest import ADDRESS, ID, app, client, finished, newcomer

__all__ = ["app", "client", "finished", "newcomer"]  # fixtures
HERE, ABSENT = "qwen2.5-coder-1.5b-instruct", "lucie-7b-instruct"


@pytest.fixture
def page(browser, app, client, monkeypatch) -> Iterator:
    monkeypatch.setattr("dialogue.server.uploads.language_models", lambda: [HERE])
    app.include_router(page_routes.router)
    page_routes.serve_assets(app)

    def answer(route):
        asked = route.request
        if asked.url.split("?")[0].endswith("/progress"):
            return route.fulfill(status=204)  # nobody works on the queue here
        got = client.request(asked.method, asked.url, content=asked.post_data_buffer, headers=asked.headers)
        route.fulfill(status=got.status_code, headers=dict(got.headers), body=got.content)

    page = browser.new_page(locale="fr-FR")
    page.route("**/*", answer)
    page.goto(f"{ADDRESS}/meetings/{ID}")
    yield page
    page.close()


@pytest.fixture
def two(app):
    """The minutes of the meeting after another writer, who found no actions, wrote them anew."""
    library = app.state.service.folder
    Versions(library, ID).keep()
    path = library / f".stages/minutes/{ID}.json"
    minutes = Minutes.load(path)
    replace(minutes, provenance=replace(minutes.provenance, engine=HERE), actions=()).save(path)
    return path


def choose(page, tool):
    page.click("summary:has-text('Plus')")
    page.click(f"text={tool}")
    page.wait_for_function("() => !document.querySelector('.panel [role=status]')")
    return page.locator(".panel")


def sent(page, button):
    """Return what the server is asked to do when a button is pressed."""
    with page.expect_request("**/rerun*") as request:
        page.get_by_role("button", name=button, exact=True).click()
    return request.value.post_data_json


def problems_of(page):
    axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="axe is not installed")
    return [problem["id"] for problem in axe.Axe().run(page).response["violations"]]


def test_only_what_changed_is_asked_for(page):
    panel = choose(page, "Réécrire le compte rendu")
    panel.get_by_label("Longueur").select_option("short")
    assert sent(page, "Réécrire") == {"length": "short"}


def test_nothing_is_written_when_nothing_changed(page):
    panel = choose(page, "Réécrire le compte rendu")
    panel.get_by_role("button", name="Réécrire").click()
    assert "Rien n’a changé" in panel.inner_text()


def test_every_form_of_documents_is_offered(page):
    options = choose(page, "Réécrire le compte rendu").get_by_label("Forme").locator("option")
    assert {each.get_attribute("value") for each in options.all()} == set(get_args(Style))


def test_a_model_that_is_not_here_is_shown_with_what_to_type(page):
    panel = choose(page, "Réécrire le compte rendu")
    panel.get_by_text(f"dialogue models fetch {ABSENT}").wait_for()
    assert panel.locator(f"option[value='{ABSENT}']").is_disabled()
    assert panel.locator(f"option[value='{HERE}']").is_enabled()


def test_a_second_writer_is_offered_when_there_is_one_version(page):
    panel = choose(page, "Comparer des comptes rendus")
    assert "par règles" in panel.inner_text()
    assert sent(page, "En écrire un autre") == {"model": HERE}


def test_writers_are_named_only_after_the_choice(two, page):
    panel = choose(page, "Comparer des comptes rendus")
    assert HERE not in panel.inner_text()
    page.click("text=Pareil")
    page.wait_for_selector("text=Merci")
    assert HERE in panel.inner_text()


def test_the_preferred_minutes_may_become_those_of_the_meeting(two, page):
    panel = choose(page, "Comparer des comptes rendus")
    by_rules = "A" if "Actions" in panel.locator(".minutes").first.inner_text() else "B"
    page.click(f"text={by_rules} est meilleur")
    assert sent(page, "Garder ce compte rendu") == {"model": None}


def test_minutes_that_changed_meanwhile_are_shown_again(two, page):
    panel = choose(page, "Comparer des comptes rendus")
    minutes = Minutes.load(two)
    replace(minutes, provenance=replace(minutes.provenance, engine="a-third")).save(two)
    page.click("text=A est meilleur")
    page.wait_for_selector("text=ont changé entre-temps")
    page.click("text=A est meilleur")
    page.wait_for_selector("text=Merci")
    assert "a-third" in panel.inner_text()


@pytest.mark.parametrize("tool", ["Réécrire le compte rendu", "Comparer des comptes rendus"])
def test_the_windows_are_accessible(two, page, tool):
    choose(page, tool)
    assert problems_of(page) == []


def test_the_focus_comes_back_to_the_menu(page):
    choose(page, "Réécrire le compte rendu")
    page.keyboard.press("Escape")
    page.wait_for_function("() => document.activeElement.textContent === 'Plus'")


def test_one_section_alone_is_written_again(page):
    panel = choose(page, "Réécrire le compte rendu")
    panel.get_by_label("À réécrire").select_option("le résumé seul")
    panel.get_by_label("Longueur").select_option("long")
    assert not panel.get_by_label("Forme des documents").is_visible()
    assert sent(page, "Réécrire") == {"section": "summary", "length": "long", "model": None}


def test_the_minutes_can_be_had_in_word(page):
    page.click("summary:has-text('Fichiers')")
    with page.expect_download() as download:
        page.click("text=Compte rendu, Word")
    assert download.value.suggested_filename == "minutes.docx"


def test_all_formats_are_in_one_window(page):
    panel = formats_of(page)
    names = panel.locator(".formats a").all_inner_texts()
    assert {"minutes.odt", f"{ID}.TextGrid", f"{ID}.eaf"} <= set(names)
    assert problems_of(page) == []


def test_a_word_template_is_filled_in(page, tmp_path):
    docx = pytest.importorskip("docx", reason="python-docx is not installed: no Word file is made")
    template = docx.Document()
    template.add_paragraph("Fait le {{date}}")
    template.save(tmp_path / "modèle.docx")
    formats_of(page).get_by_label("Modèle (.docx)").set_input_files(tmp_path / "modèle.docx")
    with page.expect_download() as download:
        page.get_by_role("button", name="Remplir").click()
    download.value.save_as(tmp_path / "filled.docx")
    assert "12\xa0octobre 2023" in docx.Document(tmp_path / "filled.docx").paragraphs[0].text


def test_what_is_no_template_is_told(page, tmp_path):
    (tmp_path / "faux.docx").write_bytes(b"nothing")
    panel = formats_of(page)
    panel.get_by_label("Modèle (.docx)").set_input_files(tmp_path / "faux.docx")
    page.get_by_role("button", name="Remplir").click()
    panel.get_by_text("n’est pas un document Word").wait_for()


def formats_of(page):
    page.click("summary:has-text('Fichiers')")
    page.click("text=Autres formats")
    page.wait_for_selector(".panel .formats")
    if folder := os.environ.get("DIALOGUE_SCREENSHOTS"):
        page.screenshot(path=f"{folder}/formats.png")
    return page.locator(".panel")


@pytest.mark.parametrize("width", [1280, 390])
def test_a_pseudonymised_copy_is_chosen_with_a_switch(page, width):
    page.set_viewport_size({"width": width, "height": 900})
    panel = formats_of(page)
    panel.get_by_label("Copie pseudonymisée").check()
    panel.locator(".formats a[href*='pseudonymised=true']").first.wait_for()
    links = panel.locator(".formats a")
    assert all("pseudonymised=true" in link.get_attribute("href") for link in links.all())
    assert "minutes.md" in links.all_inner_texts()
    if folder := os.environ.get("DIALOGUE_SCREENSHOTS"):
        page.screenshot(path=f"{folder}/pseudonymised-{width}.png")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert problems_of(page) == []
