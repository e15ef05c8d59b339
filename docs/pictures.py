"""Take the pictures of the application that the guides show, with the example meeting and a real browser.

    python -m docs.pictures            into docs/demo/; about two minutes

Playwright and Chromium are needed, as for the tests in a browser.
"""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path
from typing import Any

from benchmarks.application import served

FOLDER = Path(__file__).parent / "demo"
WIDE, PHONE = {"width": 1280, "height": 860}, {"width": 390, "height": 844}
LONG = 300_000  # milliseconds


def take(page: Any, name: str) -> None:
    page.wait_for_timeout(600)  # until what moves has come to rest
    page.screenshot(path=FOLDER / f"{name}.png")
    print(f"{name}.png", flush=True)


def main() -> None:
    from playwright.sync_api import sync_playwright

    FOLDER.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as library, served(Path(library)) as address, sync_playwright() as player:
        browser = player.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        context = browser.new_context(locale="fr-FR", viewport=WIDE)
        page = context.new_page()
        page.goto(address)
        page.get_by_role("button", name="Essayer avec un exemple").click()
        page.locator(".turn").first.wait_for(timeout=LONG)
        take(page, "working")
        page.locator(".minutes").wait_for(timeout=LONG)
        take(page, "done")
        meeting = page.url
        page.locator(".turn .words").nth(6).dblclick()
        take(page, "correcting")
        page.keyboard.press("Escape")
        page.locator(".turn .speaker").nth(4).click()
        take(page, "speaker")
        page.keyboard.press("Escape")
        page.get_by_text("Demander à cette réunion").click()
        question = page.get_by_role("textbox", name="Question")
        question.fill("Quand montre-t-on la démonstration ?")
        question.press("Enter")
        page.get_by_text("Recherche dans ce qui a été dit").wait_for(state="hidden")
        take(page, "ask")
        page.goto(address.partition("?")[0])
        page.locator("a", has_text="Les corpus").first.wait_for()
        take(page, "home")
        for name, at, options in (
            ("dark", meeting, {"viewport": WIDE, "color_scheme": "dark"}),
            ("phone", meeting, {"viewport": PHONE}),
            ("phone-home", address, {"viewport": PHONE}),
        ):
            other = browser.new_context(locale="fr-FR", storage_state=context.storage_state(), **options)
            page = other.new_page()
            page.goto(at)
            page.get_by_text("Les corpus").first.wait_for()
            take(page, name)
        browser.close()


if __name__ == "__main__":
    main()
