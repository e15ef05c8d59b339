"""Corpora of a minute of sound: the sample corpus, in the folders and formats of other corpora.

Each corpus has one function, ``NAME(folder, ...)``, which writes it. Words and voices come from ``corpora/reunion``,
except for AMI, which is in English.
"""

from __future__ import annotations

import json
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
