"""Small files in the shape of those that tools write, one or more a format, and ways to damage them."""

from __future__ import annotations

import json
import random
import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from dialogue import formats
from dialogue.core import config
from dialogue.core.transcript import Event, Speaker, Transcript, Utterance, Word
from dialogue.corpus.card import load_card
from dialogue.formats import lhotse, uem
from dialogue.workflow.config import Config

MEETING = Transcript(
    "r",
    12.0,
    "fr",
    (Speaker("spk1", "Zoé", {"sex": "F"}), Speaker("spk2", "Ali")),
    (
        Utterance("u1", "spk1", 0.5, 2.0, "oui bien", (Word("oui", 0.5, 1.0, 0.9), Word("bien", 1.0, 1.4, 0.8))),
        Utterance("u2", "spk2", 1.5, 2.5, "ah (bon) : 3", (Word("ah", 1.5, 2.0, 0.7),), original="ah (bon) + : 3"),
        Utterance("u3", "spk1", 4.0, 6.0, "au revoir"),
    ),
    events=(Event(0.5, 2.0, "laugh", "rire", "spk1"),),
    attributes={"title": "Entretien"},
)
TEXTGRID = """File type = "ooTextFile"
Object class = "TextGrid"

0
4.5
<exists>
2
"IntervalTier" "Zoé" 0 4.5 2
0 2 "oui + [rire]"
2 4.5 "dit ""non"" à Ali"
"TextTier" "bruits" 0 4.5 1
1.5 "bb"
"""
CHAT = """@UTF8
@Begin
@Languages:\tfra
@Participants:\tCHI Zoé Target_Child, MOT Anne Mother
@ID:\tfra|c|CHI|3;02.||||Target_Child|||
*CHI:\t<c'est> [/] c'est &-euh (il) faut [?] xxx &=laughs [x 3] . \x15100_2000\x15
%mor:\tx
*MOT:\toui [: non] +... \x152000_3000\x15
@End
"""
CONLLU = """# sent_id = rh-1
# speaker_id = L1
# text = au c'est
1-2\tau\t_\t_\t_\t_\t_\t_\t_\tAlignBegin=10|AlignEnd=500
1\tà\tà\tADP\t_\t_\t3\tcase\t_\t_
2\tle\tle\tDET\t_\t_\t3\tdet\t_\t_
3\tc'\tce\tPRON\t_\t_\t0\troot\t_\tSpaceAfter=No|AlignBegin=500|AlignEnd=600
3.1\tnul\t_\t_\t_\t_\t_\t_\t_\t_
4\test\têtre\tAUX\t_\t_\t3\tcop\t_\tAlignBegin=600|AlignEnd=900

# sent_id = rh-2
1\toui\toui\tINTJ\t_\t_\t0\troot\t_\t_
"""
VTT = """WEBVTT - titre

NOTE rien

1
00:01.000 --> 00:02.000 align:start
<v.loud Anne Martin>bonjour &amp; <b>salut</b></v>

00:00:03.000 --> 00:00:04.000
<v Ali>oui</v>
<v Zoé>non <00:00:03.500><c>plus</c>
"""
SRT = """1
00:00:01,000 --> 00:00:03,000
<font color="#00ff00">Zoé</font>: bonjour CO<sub>2</sub>

encore

2
00:00:03,500 --> 00:00:04,000
{\\an8}[SPEAKER_00]: à\\Ndeux &amp;
"""
STM = """;; CATEGORY "0" "" ""
conf 1 inter_segment_gap 0 3.2 <o,,unknown> ignore_time_segment_in_scoring
conf 1 Zoé 3.2 6.0 <o,f0,female> on { ouvre / ouvrons / @ } (euh) en mai
<NA> A Ali 6.0 8.5 oui
"""
RTTM = """SPKR-INFO r 1 <NA> <NA> <NA> unknown Zoé <NA>
SPEAKER r 1 0.5 1.5 <NA> <NA> Zoé <NA> <NA>
SPEAKER r 1 1.00 2e0 <NA> <NA> Ali <NA> <NA>
"""
WHISPER = {
    "segments": [
        {
            "start": 0,
            "end": 2,
            "text": " oui 3",
            "speaker": "S0",
            "words": [{"word": "oui", "start": 0, "end": 0.5, "score": 0.4, "speaker": "S1"}, {"word": "3"}],
        }
    ],
    "language": "fr",
}
REV = {
    "monologues": [
        {
            "speaker": 0,
            "elements": [
                {"type": "text", "value": "Oui", "ts": 0.5, "end_ts": 1.0, "confidence": 0.9},
                {"type": "punct", "value": "."},
            ],
        }
    ]
}
STUDIO = {
    "name": "conv",
    "speakers": [{"speaker_id": "a", "speaker_name": "Zoé"}],
    "audio": {"duration": 3.5},
    "text": [
        {
            "turn_id": "t",
            "speaker_id": "a",
            "stime": 0,
            "etime": 1,
            "segment": "oui",
            "words": [{"word": "oui", "stime": 0, "etime": 1, "confidence": 1}],
        }
    ],
}
KALDI = {
    "text": "A-1 bonjour à tous\nB-2 oui <noise>\n",
    "segments": "A-1 r1 0.00 1.50\nB-2 r1 2.00 -1\n",
    "utt2spk": "A-1 A\nB-2 B\n",
    "reco2dur": "r1 4.5\n",
    "wav.scp": "r1 sox r1.flac -t wav - |\n",
}
MANIFEST = {
    "id": "conf",
    "sources": [{"type": "file", "channels": [0], "source": "conf.flac"}],
    "sampling_rate": 16000,
    "num_samples": 128000,
    "duration": 8.0,
    "channel_ids": [0],
    "custom": {"language": "fr"},
}
CONFIG = "asr:\n  effort: normal\n  language: fr\nnormalization: fr-std\n"
CARD = """id: essai
title: {fr: Essai, en: Trial}
languages: [fr]
licence: CC-BY-4.0
source: https://example.org
speech: real
read:
  audio: "*.wav"
  reference: "*.stm"
published: {hours: 1.5, speakers: 2}
tests:
  - content: "r 1 A 0 1 oui"
    turns: ["A: oui"]
"""


WORDS = [
    {"word": "oui", "start": 0.5, "end": 1.0, "confidence": 0.9},
    {"word": "non", "start": 1.0, "end": 1.5, "speaker": 1},
]
SERVICES = {
    "faster-whisper": [
        {
            "id": 1,
            "start": 0.5,
            "end": 1.5,
            "text": " oui non",
            "words": [{"word": " oui", "start": 0.5, "end": 1, "probability": 0.7}],
        }
    ],
    "faster-whisper, arrays": [[1, 0, 0.5, 1.5, " oui non", [1, 2], -0.2, 1.1, 0.1, None, 0.0]],
    "transformers": {"text": " oui non", "chunks": [{"timestamp": [0.5, 1.5], "text": " oui non"}]},
    "whisper.cpp": {
        "result": {"language": "fr"},
        "transcription": [{"timestamps": {}, "offsets": {"from": 500, "to": 1500}, "text": " oui non"}],
    },
    "openai": {
        "task": "transcribe",
        "language": "french",
        "segments": [{"id": 0, "start": 0.5, "end": 1.5, "text": " oui non"}],
        "words": WORDS[:1],
    },
    "openai, words": {
        "text": "oui non",
        "words": [{"word": "oui", "start": 0.5, "end": 1.0}, {"word": "non", "start": 1.0, "end": 1.5}],
    },
    "vosk": {
        "result": [
            {"conf": 1.0, "start": 0.5, "end": 1.0, "word": "oui"},
            {"conf": 1, "start": 1, "end": 1.5, "word": "non"},
        ],
        "text": "oui non",
    },
    "deepgram": {
        "metadata": {},
        "results": {
            "channels": [
                {
                    "alternatives": [
                        {
                            "transcript": "oui non",
                            "words": [
                                {"word": "oui", "punctuated_word": "oui", "start": 0.5, "end": 1.0},
                                {"word": "non", "start": 1.0, "end": 1.5},
                            ],
                        }
                    ]
                }
            ]
        },
    },
    "deepgram, utterances": {
        "results": {
            "channels": [],
            "utterances": [{"start": 0.5, "end": 1.5, "transcript": "oui non", "speaker": 0, "words": []}],
        }
    },
    "assemblyai": {
        "id": "x",
        "audio_duration": 9,
        "utterances": [
            {
                "speaker": "A",
                "start": 500,
                "end": 1500,
                "text": "oui non",
                "words": [{"text": "oui", "start": 500, "end": 1000, "speaker": "A"}],
            }
        ],
    },
    "azure": {
        "recognizedPhrases": [
            {"channel": 0, "offsetInTicks": 5000000, "durationInTicks": 10000000.0, "nBest": [{"display": "oui non"}]}
        ]
    },
    "azure, fast": {
        "durationMilliseconds": 9000,
        "combinedPhrases": [],
        "phrases": [
            {
                "offsetMilliseconds": 500,
                "durationMilliseconds": 1000,
                "text": "oui non",
                "speaker": 1,
                "words": [{"text": "oui", "offsetMilliseconds": 500, "durationMilliseconds": 500}],
            }
        ],
    },
    "google": {
        "results": [
            {
                "alternatives": [
                    {
                        "transcript": "oui non",
                        "words": [
                            {"startTime": "0.500s", "endTime": "1s", "word": "oui"},
                            {"startTime": "1s", "endTime": {"seconds": "1", "nanos": 500000000}, "word": "non"},
                        ],
                    }
                ]
            }
        ]
    },
    "aws": {
        "jobName": "x",
        "results": {
            "transcripts": [],
            "speaker_labels": {
                "segments": [{"items": [{"start_time": "0.5", "end_time": "1.0", "speaker_label": "spk_0"}]}]
            },
            "items": [
                {
                    "start_time": "0.5",
                    "end_time": "1.0",
                    "type": "pronunciation",
                    "alternatives": [{"content": "oui", "confidence": "0.9"}],
                },
                {"start_time": "1.0", "end_time": "1.5", "type": "pronunciation", "alternatives": [{"content": "non"}]},
            ],
        },
    },
    "speechmatics": {
        "results": [
            {"type": "word", "start_time": 0.5, "end_time": 1.0, "alternatives": [{"content": "oui", "speaker": "S1"}]},
            {"type": "word", "start_time": 1, "end_time": 1.5, "alternatives": [{"content": "non", "speaker": "S1"}]},
        ]
    },
    "gladia": {
        "result": {
            "transcription": {"utterances": [{"start": 0.5, "end": 1.5, "text": "oui non", "speaker": 0, "words": []}]}
        }
    },
    "elevenlabs": {
        "language_code": "fr",
        "text": "oui non",
        "words": [
            {"text": "oui", "start": 0.5, "end": 1.0, "type": "word", "speaker_id": "s0"},
            {"text": " ", "start": 1, "end": 1, "type": "spacing"},
            {"text": "non", "start": 1.0, "end": 1.5, "type": "word", "speaker_id": "s0"},
        ],
    },
}


@dataclass(frozen=True)
class Sample:
    """A file, or a folder of files, and the function that reads it; ``main`` is the path handed to it."""

    name: str
    files: dict[str, bytes]
    read: Callable[[Path], object]
    main: str

    def write(self, folder: Path, files: dict[str, bytes] | None = None) -> Path:
        """Write the files, or others in their place, and return the path to read."""
        for name, data in (files or self.files).items():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / name).write_bytes(data)
        return folder / self.main


def reading(format: str | None) -> Callable[[Path], object]:
    """Return a reader that also looks at the values, as the converter does."""

    def read(path: Path) -> object:
        found = formats.read(path, format)
        for transcript in found:
            list(transcript.problems())
        return found

    return read


def samples() -> list[Sample]:
    """Return the samples of every reader: the formats, the manifests, the configuration and the cards."""
    texts = [(name, formats.dumps([MEETING], name)) for name in formats.writable() if name not in ("kaldi", "lhotse")]
    texts += [("textgrid", TEXTGRID), ("cha", CHAT), ("conllu", CONLLU), ("vtt", VTT), ("srt", SRT), ("stm", STM)]
    texts += [("rttm", RTTM), ("whisperx", json.dumps(WHISPER)), ("revai", json.dumps(REV, indent=1))]
    texts += [("linto", json.dumps(STUDIO, indent=1)), (None, json.dumps(WHISPER["segments"]))]
    texts += [("recognisers", json.dumps(value, indent=1)) for value in SERVICES.values() if isinstance(value, dict)]
    found = []
    for name, text in texts:
        file = "r" + (formats.FORMATS[name][0] if name else ".json")
        found.append(Sample(name or "detected", {file: text.encode()}, reading(name), file))
    kaldi = {f"k/{name}": text.encode() for name, text in KALDI.items()}
    found.append(Sample("kaldi", kaldi, reading("kaldi"), "k"))
    supervision = {
        "id": "u1",
        "recording_id": "r",
        "start": 0.5,
        "duration": 1.5,
        "channel": 0,
        "text": "oui",
        "language": "fr",
        "speaker": "A",
        "alignment": {"word": [["oui", 0.5, 1.0, 0.9]]},
        "custom": {"confidence": 0.5},
    }
    rows = [json.dumps(supervision), json.dumps({**supervision, "id": "u2"})]
    found.append(Sample("lhotse", {"s.jsonl": "\n".join(rows).encode()}, reading("lhotse"), "s.jsonl"))
    manifest = {
        "recordings.jsonl": json.dumps(MANIFEST).encode(),
        "recordings.attributes.json": b'{"conf": {"language": "fr"}}',
    }
    found.append(Sample("recordings", manifest, lhotse.read_recordings, "recordings.jsonl"))
    found.append(Sample("uem", {"r.uem": b"r 1 0 4.5\nr 1 5 6\n"}, uem.read, "r.uem"))
    found.append(Sample("config", {"c.yaml": CONFIG.encode()}, lambda p: config.load(Config, p), "c.yaml"))
    found.append(Sample("card", {"card.yaml": CARD.encode()}, load_card, "card.yaml"))
    return found


SAMPLES = samples()
NUMBERS = ["1e308", "-1", "nan", "inf", "1e999", "9" * 5000, "1" * 400, "0x10", "1_000", "٣", "1e-400", "²", "-0", ""]
VALUES = ["null", "[]", "{}", "true", '""', '"x"', "0", "[[1]]", '{"a": null}', "1e308", "NaN", '"\\ud800"', "-1"]
TOKENS = [
    "[" * 20_000,
    '{"a":' * 20_000,
    "_" * 16_000,
    "(" * 9_000,
    '"',
    "\x00",
    "\t",
    "\n\n",
    " --> ",
    "<",
    "&#xD800;",
]
TOKENS += [
    "\\ud83d",
    "<NA>",
    ";;",
    "\x15",
    "<v ",
    "{ / }",
    "]]>",
    "\ud800",
    "=" * 9000,
    " " * 9000,
    "é" * 9000,
    "<c>" * 3000,
]


def damaged(data: bytes, rng: random.Random) -> bytes:
    """Return a file with one to three damages."""
    for _ in range(rng.randint(1, 3)):
        data = rng.choice(DAMAGES)(data, rng)
    return data


def _flip(data: bytes, rng: random.Random) -> bytes:
    changed = bytearray(data)
    for _ in range(rng.randint(1, 4)):
        if changed:
            changed[rng.randrange(len(changed))] ^= 1 << rng.randrange(8)
    return bytes(changed)


def _cut(data: bytes, rng: random.Random) -> bytes:
    start = rng.randint(0, len(data))
    return data[:start] if rng.random() < 0.5 else data[:start] + data[start + rng.randint(0, 40) :]


def _lines(data: bytes, rng: random.Random) -> bytes:
    rows = data.split(b"\n")
    place = rng.randrange(len(rows))
    what = rng.randrange(3)
    rows[place : place + 1] = ([], [rows[place]] * 2, [rows[place], rows[rng.randrange(len(rows))]])[what]
    return b"\n".join(rows)


def _column(data: bytes, rng: random.Random) -> bytes:
    rows = data.split(b"\n")
    place = rng.randrange(len(rows))
    fields = re.split(rb"(\s+)", rows[place])
    del fields[rng.randrange(len(fields)) :: rng.choice((1, 1000))]
    rows[place] = b"".join(fields)
    return b"\n".join(rows)


def _replaced(pattern: bytes, choices: list[str], data: bytes, rng: random.Random) -> bytes:
    found = list(re.finditer(pattern, data))
    if not found:
        return data
    match = rng.choice(found)
    return data[: match.start()] + rng.choice(choices).encode("utf-8", "surrogatepass") + data[match.end() :]


def _number(data: bytes, rng: random.Random) -> bytes:
    return _replaced(rb"-?\d+(\.\d+)?", NUMBERS, data, rng)


def _value(data: bytes, rng: random.Random) -> bytes:
    return _replaced(rb'(?<=: )("[^"]*"|[-\d.]+|null|\[[^\[\]]*\])|"[^"]*"(?!:)', VALUES, data, rng)


def _token(data: bytes, rng: random.Random) -> bytes:
    place = rng.randint(0, len(data))
    return data[:place] + rng.choice(TOKENS).encode("utf-8", "surrogatepass") + data[place:]


DAMAGES = (_flip, _cut, _lines, _column, _number, _number, _value, _value, _token)
