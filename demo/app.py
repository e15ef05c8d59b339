"""Drop a recording, read who said what and the minutes, and listen to the sound of each line.

    python demo/app.py            then open http://127.0.0.1:7860

Everything stays on this machine: the page is served on the loopback, without analytics, and the files of each recording
are deleted after a day.
"""

from __future__ import annotations

import argparse
import html
import os
import re
import shutil
import tempfile
import time
from pathlib import Path
from typing import Any

from dialogue.core import compatibility
from dialogue.speech.diarization import SpeakerCount
from dialogue.workflow import meeting
from dialogue.workflow.config import Config

compatibility.prepare()  # switches analytics off, before gradio is imported

import gradio as gr  # noqa: E402

LARGEST = "500mb"
DAY = 86_400  # seconds
UPLOADED = "recording"  # name of what is uploaded, on this machine
TEXTS = {
    "fr": {
        "title": "# Compte rendu de réunion",
        "about": "Déposez un enregistrement : qui a dit quoi, quand, et un compte rendu dont chaque ligne "
        "renvoie au son. Rien ne quitte cette machine.",
        "sound": "Enregistrement",
        "speakers": "Nombre d’intervenants (0 : détection automatique)",
        "participants": "Noms des participants, séparés par des virgules",
        "date": "Date de la réunion (12/10/2023)",
        "agenda": "Ordre du jour, un point par ligne",
        "run": "Transcrire et rédiger",
        "files": "Fichiers",
        "none": "Déposez d’abord un enregistrement.",
        # Gradio's own text says "télécharger", which is to download
        "upload_text.click_to_upload": "Cliquez pour choisir un fichier",
    },
    "en": {
        "title": "# Meeting minutes",
        "about": "Drop a recording: who said what, when, and minutes whose every line points back to the sound. "
        "Nothing leaves this machine.",
        "sound": "Recording",
        "speakers": "Number of speakers (0: found automatically)",
        "participants": "Participants, separated by commas",
        "date": "Date of the meeting (2023-10-12)",
        "agenda": "Agenda, one item a line",
        "run": "Transcribe and write",
        "files": "Files",
        "none": "Drop a recording first.",
        "upload_text.click_to_upload": "Click to choose a file",
    },
}


ACCEPTED = "Formats acceptés : tous les formats audio courants (wav, mp3, m4a, flac, ogg, opus, webm), et les vidéos."
IN_FRENCH = [  # what a message says, and the same in French; groups go where the French has {0}, {1}
    (r"the file is empty", f"le fichier est vide. {ACCEPTED}"),
    (r"not a media file, or its end is cut off", f"ce n’est pas un fichier audio, ou il est incomplet. {ACCEPTED}"),
    (r"no audio stream", f"le fichier ne contient pas de son. {ACCEPTED}"),
    (r"in a format that cannot be decoded|no sound could be decoded", f"le son ne peut pas être lu. {ACCEPTED}"),
    (r"every sample is NaN", "le fichier est endommagé : aucun son n’est lisible."),
    (r"a sampling rate of (\d+) Hz", "la fréquence d’échantillonnage ({0} Hz) n’est pas celle d’un enregistrement."),
    (r"([\d.]+) s of sound", "l’enregistrement est trop court ({0} s). Durée minimale : 0,1 s."),
    (r"longer than ([\d.]+) h", "l’enregistrement dure plus de {0} h. Découpez-le."),
    (r"no room for its sound|No space left", "il n’y a plus assez de place sur le disque de cette machine."),
    (r"date: found '(.*)'\.", "date « {0} » : elle n’est pas reconnue. Écrivez-la par exemple 12/10/2023."),
]


def explained(message: str, sound: str, language: str) -> str:
    """Return an error in the language of the page, about the file that the person named."""
    known = [(m, text) for pattern, text in IN_FRENCH if (m := re.search(pattern, message))]
    if language != "fr":
        return message.replace(f"{UPLOADED}{Path(sound).suffix}", Path(sound).name)
    name = Path(sound).name
    if not known:
        return f"{name} : le traitement a échoué. Détail, en anglais : {message}"
    match, text = known[0]
    text = text.format(*match.groups())
    return text[0].upper() + text[1:] if message.startswith("date") else f"{name} : {text}"


def language_of(request: gr.Request | None) -> str:
    """Return the language of a browser: English if it asks for it first, else French."""
    asked = request.headers.get("accept-language", "") if request else ""
    return "en" if asked.lower().startswith("en") else "fr"


def process(
    sound: str | None,
    speakers: float,
    participants: str,
    date: str,
    agenda: str,
    request: gr.Request | None = None,
) -> tuple[str, list[str]]:
    """Process a recording; returns its page in a frame, and the files to download.

    Raises:
        gr.Error: the recording cannot be processed; the message tells the user why, in their language.
    """
    language = language_of(request)
    if not sound:
        raise gr.Error(TEXTS[language]["none"])
    out = Path(tempfile.mkdtemp(prefix="dialogue-", dir=_folder()))
    path = out / f"{UPLOADED}{Path(sound).suffix}"
    shutil.copyfile(sound, path)  # under a fixed name, not the client's
    items = out / "agenda.txt"
    items.write_text(agenda, encoding="utf-8")
    try:
        result = meeting.run(
            [path],
            out,
            config=Config(speakers=SpeakerCount(int(speakers) or None)),
            participants=[n.strip() for n in participants.split(",") if n.strip()],
            agenda=items if agenda.strip() else None,
            date=date.strip() or None,
        )
    except ValueError as error:
        raise gr.Error(explained(str(error), sound, language)) from error
    if result.failed:
        raise gr.Error(explained(next(iter(result.failed.values())), sound, language))
    made = out / UPLOADED
    frame = (
        f'<iframe src="/gradio_api/file={html.escape(str(made / "report.html"))}" title="Transcription" '
        'style="width:100%;height:85vh;border:0"></iframe>'
    )
    return frame, [str(p) for p in sorted(made.iterdir())]


def build() -> Any:
    """Build the page, in the browser's language or else in French."""
    text = gr.I18n(**TEXTS)
    with gr.Blocks(title="dialogue", analytics_enabled=False, delete_cache=(DAY // 24, DAY)) as page:
        gr.Markdown(text("title"))
        gr.Markdown(text("about"))
        with gr.Row():
            with gr.Column(scale=1):
                sound = gr.File(label=text("sound"), type="filepath")
                speakers = gr.Number(0, label=text("speakers"), precision=0, minimum=0, maximum=50)
                participants = gr.Textbox(label=text("participants"))
                date = gr.Textbox(label=text("date"))
                agenda = gr.Textbox(label=text("agenda"), lines=3)
                run = gr.Button(text("run"), variant="primary")
                files = gr.File(label=text("files"), file_count="multiple", interactive=False)
            with gr.Column(scale=3):
                report = gr.HTML()
        run.click(process, [sound, speakers, participants, date, agenda], [report, files], concurrency_limit=1)
    page.i18n_texts = text
    return page


def launch(page: Any, port: int = 7860, **options: Any) -> Any:
    """Serve the page on the loopback."""
    return page.queue(max_size=8).launch(
        server_name="127.0.0.1",
        server_port=port,
        i18n=page.i18n_texts,
        max_file_size=LARGEST,
        allowed_paths=[str(_folder())],
        **options,
    )


def _folder() -> Path:
    folder = Path(os.environ.get("DIALOGUE_DEMO", Path(tempfile.gettempdir()) / "dialogue-demo"))
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    _forget(folder)
    return folder


def _forget(folder: Path) -> None:
    """Delete folders older than a day."""
    for old in folder.iterdir():
        if old.is_dir() and time.time() - old.stat().st_mtime > DAY:
            shutil.rmtree(old, ignore_errors=True)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--port", type=int, default=7860)
    launch(build(), parser.parse_args().port)
