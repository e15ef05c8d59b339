"""A person drops a recording, reads it while it is written, corrects it and takes the minutes away."""

import shutil
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from dialogue.core import audio
from dialogue.library.meetings import Library
from tests.demo.conftest import Demo, picture
from tests.server.conftest import ID

SAMPLE = Path(__file__).parents[2] / "corpora/reunion/data/reunion_corpus/reunion_corpus.flac"
PATIENCE = 240_000  # milliseconds, on a busy machine


@pytest.fixture(scope="session")
def clip(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the first seconds of the sample meeting."""
    path = tmp_path_factory.mktemp("clip") / "Point d’équipe.wav"
    audio.save_wav(path, np.asarray(audio.load(SAMPLE))[: 35 * audio.RATE])
    return path


@pytest.fixture
def meeting(page: Any, demo: Demo) -> Any:
    """Return the page of a finished meeting, a copy for each test."""
    api = page.request
    for entry in api.get(f"{demo.address}/api/meetings").json()["meetings"]:
        if entry["id"] == ID:
            state = api.get(f"{demo.address}/api/meetings/{ID}").json()
            while state["can_undo"]:
                answer = api.post(
                    f"{demo.address}/api/meetings/{ID}/corrections", data={"do": "undo"}, headers={"X-Dialogue": "1"}
                )
                state = answer.json()
    page.goto(f"{demo.address}/meetings/{ID}")
    page.locator(".turn").first.wait_for()
    return page


def state(page: Any, demo: Demo, id: str = ID) -> Any:
    return page.request.get(f"{demo.address}/api/meetings/{id}").json()


def exported(page: Any, demo: Demo, name: str) -> str:
    answer = page.request.get(f"{demo.address}/api/meetings/{ID}/files/{name}", timeout=PATIENCE)
    return str(answer.text())


def sent(page: Any, path: Path) -> str:
    """Choose a file on the home page; returns the id of its meeting."""
    page.locator("input[type=file]").first.set_input_files(path)
    page.wait_for_url("**/meetings/*")
    return str(page.url.split("/meetings/")[1].split("#")[0])


def test_the_home_page_tells_what_to_do(visitor: Callable[..., Any], demo: Demo) -> None:
    page = visitor()
    page.goto(demo.address)
    page.get_by_text("Aucune réunion pour l’instant").wait_for()
    assert page.get_by_text("Rien ne quitte cet ordinateur").is_visible()
    picture(page, "empty")


@pytest.mark.model
def test_a_recording_is_read_while_it_is_written(page: Any, clip: Path, demo: Demo) -> None:
    sent(page, clip)
    page.get_by_role("progressbar").first.wait_for()
    picture(page, "working")
    page.reload()  # nothing is lost when the page is closed
    page.locator(".turn").first.wait_for(timeout=PATIENCE, state="attached")
    page.locator(".minutes").wait_for(timeout=PATIENCE)
    assert "corpus" in page.locator(".transcript").text_content()


@pytest.mark.model
def test_a_server_that_dies_loses_no_work(page: Any, clip: Path, demo: Demo, tmp_path: Path) -> None:
    shutil.copyfile(clip, tmp_path / "panne.wav")
    id = sent(page, tmp_path / "panne.wav")
    while state(page, demo, id)["job"]["state"] == "submitted":
        time.sleep(0.2)
    demo.kill()
    demo.start()
    page.reload()
    page.locator(".minutes").wait_for(timeout=PATIENCE)
    assert state(page, demo, id)["job"]["state"] == "done"


@pytest.mark.model
def test_work_that_is_stopped_stops(page: Any, clip: Path, demo: Demo, tmp_path: Path) -> None:
    shutil.copyfile(clip, tmp_path / "arrêt.wav")
    id = sent(page, tmp_path / "arrêt.wav")
    page.get_by_role("button", name="Arrêter").click()
    page.get_by_text("arrêté").first.wait_for()
    assert state(page, demo, id)["job"]["state"] == "cancelled"


def test_a_click_on_a_word_plays_it(meeting: Any) -> None:
    word = meeting.locator(".words span[data-start]").nth(3)
    start = float(word.get_attribute("data-start"))
    word.click()
    meeting.locator(".turn[aria-current]").wait_for()
    assert float(meeting.get_by_role("slider").get_attribute("aria-valuenow")) >= int(start)


def test_a_name_reaches_every_file(meeting: Any, demo: Demo) -> None:
    meeting.locator(".turn .speaker").nth(1).click()
    meeting.get_by_label("Nom", exact=True).fill("Zoé <script>alert(1)</script> مرحبا 🙂")
    meeting.get_by_role("button", name="Renommer").click()
    meeting.locator(".turn .speaker", has_text="Zoé <script>").first.wait_for()
    picture(meeting, "corrected")
    assert "Zoé <script>" in exported(meeting, demo, f"{ID}.json")


def test_two_voices_become_one_and_two_again(meeting: Any, demo: Demo) -> None:
    meeting.locator(".turn .speaker").nth(1).click()
    picture(meeting, "speaker")
    meeting.get_by_role("button", name="Réunir").click()
    meeting.locator(".lane-names span").nth(1).wait_for(state="detached")
    meeting.get_by_role("button", name="Annuler").first.click()
    meeting.locator(".lane-names span").nth(1).wait_for()
    assert len(state(meeting, demo)["viewer"]["speakers"]) == 2


def test_text_is_corrected_while_it_is_heard(meeting: Any, demo: Demo) -> None:
    meeting.locator(".turn .words").first.dblclick()
    box = meeting.locator("textarea").first
    picture(meeting, "correcting")
    box.fill(box.input_value().replace("mars", "avril"))
    box.press("Control+Enter")
    meeting.locator(".turn .words", has_text="avril").first.wait_for()
    assert "avril" in exported(meeting, demo, f"{ID}.srt")


def test_an_item_is_taken_out_of_the_minutes(meeting: Any, demo: Demo) -> None:
    items = meeting.locator(".minutes [data-item^=a]")
    before = items.count()
    items.first.get_by_role("button", name="Retirer").click()
    items.nth(before - 1).wait_for(state="detached")
    assert len(state(meeting, demo)["viewer"]["minutes"]["actions"]) == before - 1


def test_a_statement_plays_where_it_was_said(meeting: Any) -> None:
    meeting.locator(".minutes button.time").first.click()
    meeting.locator(".turn[aria-current]").wait_for()


def test_an_answer_says_where_it_was_said(meeting: Any) -> None:
    meeting.get_by_text("Demander à cette réunion").click()
    box = meeting.get_by_role("textbox", name="Question")
    box.fill("Qui pourrait-on inviter ?")
    box.press("Enter")
    meeting.get_by_text("On pourrait inviter la presse").nth(1).wait_for()
    picture(meeting, "ask")


def test_the_second_window_is_told(meeting: Any, demo: Demo) -> None:
    other = meeting.context.new_page()
    other.goto(f"{demo.address}/meetings/{ID}")
    other.locator(".turn").first.wait_for()
    meeting.request.post(
        f"{demo.address}/api/meetings/{ID}/corrections",
        data={"do": "rename", "speaker": "spk1", "name": "Inès"},
        headers={"X-Dialogue": "1"},
    )
    other.locator(".turn .speaker", has_text="Inès").first.wait_for()


def test_another_browser_sees_nothing_of_it(meeting: Any, visitor: Callable[..., Any], demo: Demo) -> None:
    stranger = visitor()
    stranger.goto(f"{demo.address}/meetings/{ID}")
    stranger.get_by_text("Cette réunion n’existe pas").first.wait_for()
    assert stranger.locator(".turn").count() == 0


def test_what_is_no_recording_is_explained_on_the_page(page: Any, tmp_path: Path) -> None:
    (tmp_path / "rapport.pdf").write_bytes(b"%PDF-1.7\n")
    page.locator("input[type=file]").first.set_input_files(tmp_path / "rapport.pdf")
    page.get_by_text("Ce n’est pas un fichier audio").first.wait_for()


@pytest.mark.model
def test_silence_and_many_channels_are_meetings_too(page: Any, demo: Demo, tmp_path: Path) -> None:
    audio.save_wav(tmp_path / "silence.wav", np.zeros(3 * audio.RATE, np.float32))
    id = sent(page, tmp_path / "silence.wav")
    page.get_by_text("Aucune parole").first.wait_for(timeout=PATIENCE)
    assert state(page, demo, id)["job"]["state"] == "done"


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 390])
def test_the_pages_fit_and_nothing_is_inaccessible(
    visitor: Callable[..., Any], demo: Demo, width: int, scheme: str
) -> None:
    axe = pytest.importorskip("axe_playwright_python.sync_playwright").Axe()
    page = visitor(width, color_scheme=scheme, bypass_csp=True, reduced_motion="reduce")
    page.goto(demo.mine)
    page.get_by_text("Comité").first.wait_for()
    for name, address in (("home", demo.address), ("meeting", f"{demo.address}/meetings/{ID}")):
        page.goto(address)
        page.get_by_text("Comité").first.wait_for()
        page.wait_for_timeout(500)
        picture(page, f"{name}-{width}-{scheme}")
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        found = axe.run(page, options={"runOnly": ["wcag2a", "wcag2aa"]}).response["violations"]
        assert [(v["id"], [n["target"] for n in v["nodes"]]) for v in found] == []


def test_a_deleted_meeting_is_gone(meeting: Any, demo: Demo, tmp_path: Path) -> None:
    made = Library(demo.library).add(shutil.copytree(demo.library / ID, tmp_path / ID))
    meeting.goto(f"{demo.address}/meetings/{made}")
    meeting.get_by_text("Plus", exact=True).click()
    meeting.get_by_role("button", name="Supprimer…").click()
    meeting.get_by_role("dialog").get_by_role("button", name="Supprimer", exact=True).click()
    meeting.get_by_text("supprimée").first.wait_for()
    assert not (demo.library / made).exists()
