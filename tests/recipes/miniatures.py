"""Corpora of a minute of sound: the sample corpus, in the folders and formats of other corpora.

Each corpus has one function, ``NAME(folder, ...)``, which writes it. Words and voices come from ``corpora/reunion``,
except for AMI, which is in English, and for texts without sound.
"""

from __future__ import annotations

import json
import re
from dataclasses import replace
from pathlib import Path
from xml.sax.saxutils import escape, quoteattr

import numpy as np

from dialogue import formats
from dialogue.core import audio
from dialogue.core.transcript import Transcript
from dialogue.formats.lines import timed_words, transcript

SAMPLE = Path(__file__).parents[2] / "corpora/reunion/data"
NAMES = ("reunion_corpus", "dev_regulation_scooter", "dev_debat_republicains")
SECONDS = 30.0


def excerpt(name: str, seconds: float = SECONDS) -> tuple[Transcript, np.ndarray]:
    """Return the beginning of a recording of the sample corpus, up to the last complete turn, and its sound."""
    [whole] = formats.read(SAMPLE / name / f"{name}.stm")
    return cut(whole, audio.load(SAMPLE / name / f"{name}.flac"), seconds)


def cut(whole: Transcript, sound: np.ndarray, seconds: float) -> tuple[Transcript, np.ndarray]:
    kept = [replace(u, speaker=whole.name(u.speaker)) for u in whole if u.end <= seconds]
    end = max(u.end for u in kept) + 0.2
    return transcript(whole.recording, kept, duration=end), sound[: round(end * audio.RATE)]


def eslo2(folder: Path) -> None:
    """Write ESLO2: ``.wav`` and Transcriber files."""
    for number, name in enumerate(NAMES, start=1):
        said, sound = excerpt(name)
        stem = folder / f"ESLO2_ENT_100{number}"
        audio.save_wav(stem.with_suffix(".wav"), sound)
        text = formats.dumps([replace(said, recording=stem.name)], "trs").replace("UTF-8", "ISO-8859-1")
        stem.with_suffix(".trs").write_bytes(text.encode("latin-1", "xmlcharrefreplace"))


def simsamu(folder: Path) -> None:
    """Write SimSAMU: one folder per call, with its sound, and monologues of terms in JSON."""
    for number, name in enumerate(NAMES):
        said, sound = excerpt(name)
        call = ("dj_2022_appel", "dj_mai_appel", "reu_appel")[number]
        (folder / call).mkdir(parents=True)
        audio.save_wav(folder / call / f"{call}.m4a", sound)
        monologues = [
            {
                "speaker": {"id": said.name(u.speaker), "name": ""},
                "start": u.start,
                "end": u.end,
                "terms": [{"start": w.start, "end": w.end, "text": w.text, "type": "WORD"} for w in timed_words(u)],
            }
            for u in said
        ]
        text = json.dumps({"schemaVersion": "2.0", "monologues": monologues}, ensure_ascii=False)
        (folder / call / f"{call}.json").write_text(text, encoding="utf-8")


def fredsum(folder: Path, dev_data: Path) -> None:
    """Write FREDSum: debates as ``Name : text``, and summaries in folders of the same names.

    These are the beginnings of the three shortest debates, their summaries, and one by a system.
    """
    rows = [json.loads(line) for line in (dev_data / "dialogues/debats_fredsum.jsonl").open(encoding="utf-8")]
    rows.sort(key=lambda row: sum(len(turn["text"]) for turn in row["turns"]))
    train, test = ([r for r in rows if r["official_test"] == tested] for tested in (False, True))
    for row in [*train[:2], test[0]]:
        said = "".join(f"{turn['speaker']} : {' '.join(turn['text'].split())}\n\n\n" for turn in row["turns"][:12])
        texts = {"transcript": said, "summary_abstractive_prediction/Système": "Un débat a eu lieu.\n"}
        texts |= {f"summary_abstractive/{number}": text for number, text in row["summary_abstractive"].items()}
        for path, text in texts.items():
            (folder / path).mkdir(parents=True, exist_ok=True)
            (folder / path / f"{row['id']}.txt").write_text(text, encoding="utf-8")


def summre(folder: Path) -> None:
    """Write SUMM-RE: Parquet, one row per speaker with the sound of their microphone."""
    import io

    import pyarrow as pa
    import pyarrow.parquet as pq

    for split, name in zip(("train", "dev", "test"), NAMES, strict=True):
        said, sound = excerpt(name)
        rows = []
        for speaker in said.speakers:
            own = [u for u in said if u.speaker == speaker.id]
            track = np.zeros_like(sound)
            for u in own:
                span = slice(round(u.start * audio.RATE), round(u.end * audio.RATE))
                track[span] = sound[span]
            file = folder / "track.wav"
            folder.mkdir(parents=True, exist_ok=True)
            audio.save_wav(file, track)
            segments = [
                {
                    "start": u.start,
                    "end": u.end,
                    "transcript": u.text,
                    "words": [{"word": w.text, "start": w.start, "end": w.end} for w in timed_words(u)],
                }
                for u in own
            ]
            rows.append(
                {
                    "meeting_id": f"m_{split}",
                    "speaker_id": f"{split}_{speaker.name}",
                    "audio_id": f"m_{split}_{speaker.name}",
                    "audio": {
                        "bytes": io.BytesIO(file.read_bytes()).getvalue(),
                        "path": f"{speaker.name}.wav",
                    },
                    "segments": segments,
                }
            )
            file.unlink()
        (folder / "data" / split).mkdir(parents=True)
        pq.write_table(pa.Table.from_pylist(rows), folder / f"data/{split}/{split}-00000-of-00001.parquet")


def ami(folder: Path, dev_data: Path) -> None:
    """Write AMI: NXT annotations and the headset mix. The words come from an English telephone call."""
    [call] = formats.read(dev_data / "ami/sample_callhome_en.stm")
    telephone = audio.load(dev_data / "ami/sample_callhome_en.flac")
    people = []
    for number, meeting in enumerate(("ES2004a", "ES2011a", "ES2002a")):
        said, sound = cut(call, telephone, SECONDS - 5 * number)
        home = folder / f"amicorpus/{meeting}/audio"
        home.mkdir(parents=True)
        audio.save_wav(home / f"{meeting}.Mix-Headset.wav", sound)
        agents = []
        for index, speaker in enumerate(said.speakers):
            agent = "ABCD"[index]
            agents.append(f'<speaker nxt_agent="{agent}" channel="{index}" global_name="P{number}{agent}" role="PM"/>')
            _nxt(folder, f"{meeting}.{agent}", [u for u in said if u.speaker == speaker.id])
        people.append(f'<meeting observation="{meeting}" duration="{said.duration}">{"".join(agents)}</meeting>')
    resources = folder / "corpusResources"
    resources.mkdir()
    (resources / "meetings.xml").write_text(
        f"{HEAD}<nite:root {NITE}>{''.join(people)}</nite:root>", encoding="latin-1"
    )


HEAD = '<?xml version="1.0" encoding="ISO-8859-1" standalone="yes"?>\n'
NITE = 'xmlns:nite="http://nite.sourceforge.net/"'


def _nxt(folder: Path, stem: str, own: list) -> None:
    words, segments = [], []
    for u in own:
        first = len(words)
        for w in timed_words(u):
            times = f'starttime="{w.start:.2f}" endtime="{w.end:.2f}"'
            words.append(f"<w nite:id={quoteattr(f'{stem}.words{len(words)}')} {times}>{escape(w.text)}</w>")
        href = f"{stem}.words.xml#id({stem}.words{first})..id({stem}.words{len(words) - 1})"
        segments.append(
            f'<segment nite:id="{stem}.sync.{len(segments)}" transcriber_start="{u.start}" transcriber_end="{u.end}">'
            f'<nite:child href="{href}"/></segment>'
        )
    for kind, rows in (("words", words), ("segments", segments)):
        (folder / kind).mkdir(parents=True, exist_ok=True)
        text = f'{HEAD}<nite:root nite:id="{stem}.{kind}" {NITE}>{"".join(rows)}</nite:root>'
        (folder / kind / f"{stem}.{kind}.xml").write_text(text, encoding="latin-1", errors="xmlcharrefreplace")


def linto_benchmark(folder: Path) -> None:
    """Write LINAGORA's benchmark: references, two systems (the JSON of a service, and RTTM), groups, and sound."""
    sound, references = folder / "data/benchmark/wav", folder / "data/rttm"
    systems = folder / "results/cuda/unknown_spk"
    for made in (sound, references, systems / "service", systems / "one-voice"):
        made.mkdir(parents=True)
    for name in NAMES[:2]:
        said, heard = excerpt(name)
        audio.save_wav(sound / f"{name}.wav", heard)
        (references / f"{name}.rttm").write_text(formats.dumps([said], "rttm"))
        segments = [
            {"seg_id": n, "spk_id": u.speaker, "seg_begin": u.start, "seg_end": u.end} for n, u in enumerate(said)
        ]
        (systems / "service" / f"{name}.json").write_text(json.dumps({"segments": segments, "speakers": []}))
        alone = replace(said, utterances=tuple(replace(u, speaker="spk1") for u in said))
        (systems / "one-voice" / f"{name}.rttm").write_text(formats.dumps([alone], "rttm"))
    rows = "".join(f"{name}.wav,{30 + n},group {n}\n" for n, name in enumerate(NAMES[:2]))
    (folder / "data/metadata.csv").write_text(f"input_file,duration,group\n{rows}")


COUNCIL = {  # split -> agenda item -> what is said and by which number, and the summary: invented, as all below
    "train": {
        "Item 4": (
            "1: Item four is the bus shelter on Mill Lane. 2: The old one leaks and its roof is rusty. 1: A motion? "
            "3: I move that we replace it before winter. 1: All in favour? Carried.",
            "Recommendation to replace the bus shelter on Mill Lane before winter.",
        ),
        "CB 12": (
            "1: Next is the library. 4: Residents want it open on Saturdays. 2: Two more staff would be needed. "
            "1: Any objection? None. The ordinance passes.",
            "AN ORDINANCE extending the opening hours of the public library on Saturdays.",
        ),
    },
    "validation": {
        "Item 7": (
            "1: The pond is to be cleaned in May. 3: Who pays? 1: The county does.",
            "Cleaning of the pond in May.",
        )
    },
    "test": {
        "Res 31": (
            "1: We turn to the skating rink. 5: My children skate there each week, please keep it open. "
            "2: The compressor can be repaired for less than we feared. 1: The resolution is adopted.",
            "A RESOLUTION to repair the compressor and keep the skating rink open.",
        )
    },
}
NEWS = {  # split -> article and simplified summary
    "train": [
        (
            "In Beispielstadt fährt ab dem 1. Mai ein Bus mehr in der Stunde. Die Gemeinde bezahlt ihn. Viele hatten "
            "das seit Jahren verlangt.",
            "In Beispielstadt fahren bald mehr Busse.",
        ),
        (
            "Ein Hund hat am Sonntag den Weg nach Hause allein gefunden. Er war im Wald entlaufen und wurde Tage "
            "lang gesucht. «Wir sind glücklich», sagt die Familie.",
            "Ein verlorener Hund ist wieder daheim.",
        ),
    ],
    "dev": [("Das Freibad öffnet früher als sonst. Das Wasser ist schon warm.", "Das Freibad öffnet früher.")],
    "test": [
        (
            "Die Bäckerei am Marktplatz schliesst nach achtzig Jahren. Der Inhaber findet keinen Nachfolger. Im "
            "Haus soll eine Bibliothek entstehen.",
            "Eine alte Bäckerei schliesst, weil niemand sie übernimmt.",
        )
    ],
}
DEBATES = {  # of which the last one has a name of the official test
    "Essai--Partie_1": (
        "Animateur : Le premier sujet est la cantine.\n\n\nMme Exemple : Elle doit être gratuite pour tous.\n\n\n"
        "M. Modèle : Nous préférons aider seulement les familles modestes.\n",
        "Mme Exemple veut une cantine gratuite, M. Modèle une aide aux familles modestes.",
    ),
    "Essai--Partie_2": (
        "Animateur : Parlons du vélo.\n\n\nM. Modèle : Les pistes actuelles ne mènent nulle part, achevons-les.\n\n\n"
        "Mme Exemple : Et il manque des places pour garer les vélos près de la gare.\n",
        "Tous deux veulent achever les pistes cyclables.",
    ),
    "Royale_Sarkozy--Partie_5_Ecole": (
        "Animateur : Dernier sujet, le marché couvert.\n\n\nMme Exemple : Ouvrons-le un soir par semaine.\n\n\n"
        "M. Modèle : Les commerçants n'en veulent pas, je les ai rencontrés hier.\n",
        "Mme Exemple veut ouvrir le marché le soir, M. Modèle s'y oppose.",
    ),
}


def trace_fr(folder: Path) -> None:
    """Write MeetingBank, 20 Minuten and FREDSum in one folder, and a language model of a few thousand weights."""
    from tests.learning.continual import tiny

    meetingbank(folder / "MeetingBank")
    zwanzig_minuten(folder / "20Minuten")
    for name, (said, summary) in DEBATES.items():
        for path, text in {"transcript": said, "summary_abstractive/1": summary}.items():
            (folder / "FREDSum" / path).mkdir(parents=True, exist_ok=True)
            (folder / "FREDSum" / path / f"{name}.txt").write_text(text, encoding="utf-8")
    tiny.save(folder / "model", context=1024)


def meetingbank(folder: Path) -> None:
    """Write MeetingBank: a meeting per split in one JSON file, and the items of each split."""
    (folder / "Metadata/Splits").mkdir(parents=True)
    meetings = {}
    for number, (split, items) in enumerate(COUNCIL.items(), start=1):
        meeting, rows = f"ExampleCC_0{number}022020", []
        for item, (said, summary) in items.items():
            turns = [(turn[0], turn[3:].strip()) for turn in re.split(r"\s(?=\d: )", said)]
            spoken = [{"speaker": int(speaker), "text": text} for speaker, text in turns]
            known = {"Summary": summary, "transcripts": spoken, "type": "Item", "startTime": 0, "endTime": 60}
            meetings.setdefault(meeting, {"URLs": {}, "VideoDuration": 60, "itemInfo": {}})["itemInfo"][item] = known
            rows.append({"id": f"{meeting}_{item}", "source": " ".join(text for _, text in turns), "summary": summary})
        lines = "".join(json.dumps(row) + "\n" for row in rows)
        (folder / f"Metadata/Splits/{split}.json").write_text(lines, encoding="utf-8")
    (folder / "Metadata/MeetingBank.json").write_text(json.dumps(meetings), encoding="utf-8")


def zwanzig_minuten(folder: Path) -> None:
    """Write 20 Minuten: articles and summaries, line by line, far down in the folders of the archive."""
    home = folder / "2021_ANewDataset/data/dedup"
    home.mkdir(parents=True)
    for split, rows in NEWS.items():
        for kind, texts in zip(("src.no_tag.de", "trg.no_tag.simpde"), zip(*rows, strict=True), strict=True):
            (home / f"{split}.{kind}").write_text("".join(f"{text}\n" for text in texts), encoding="utf-8")
