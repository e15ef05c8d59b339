"""SRT, VTT and plain text: quirks of other tools, readable cues, round trips."""

import pytest
from hypothesis import given

from dialogue import formats
from dialogue.core.transcript import Speaker, Transcript, Utterance, Word
from dialogue.formats import FormatError, srt, txt, vtt
from dialogue.formats.subtitles import NBSP, RATE, SECONDS, SHORTEST, WIDTH, cues, split_name
from tests.formats.strategies import transcripts

LONG = "alors je vous propose de commencer par le premier point de l'ordre du jour, puis de passer aux données"


def utterance(text: str, start: float, end: float, speaker: str | None = None) -> Transcript:
    people = (Speaker("spk1", speaker),) if speaker else ()
    return Transcript(
        "r",
        end,
        speakers=people,
        utterances=(Utterance("u1", "spk1" if speaker else None, start, end, text),),
    )


def test_srt_number_at_the_end_of_the_time_line(dev_data) -> None:
    [transcript] = formats.read(dev_data / "formats/simsamu/dj_2022_avp_scooter.srt")
    first = transcript.utterances[0]
    assert (first.start, first.end, first.text) == (1.35, 6.8, "ok ok. heu oui bonjour madame")
    assert not any("\u200b" in u.text for u in transcript)
    assert transcript.text.count("-->") == 0


def test_srt_quirks_of_other_tools() -> None:
    text = (
        "\ufeff1\r\n00:01,5 --> 00:00:02.250\r\n<i>Zoé</i>: bon\u200bjour\r\n\r\nencore\r\n\r\n"
        "2\r\n00:00:03,000 --> 00:00:04,000\r\n{\\an8}42\r\n3\r\n00:00:05,000 --> 00:00:06,000\r\nfin\r\n"
    )
    [transcript] = srt.loads(text)
    assert [(u.start, u.end, u.text) for u in transcript] == [
        (1.5, 2.25, "bonjour encore"),
        (3, 4, "42"),
        (5, 6, "fin"),
    ]
    assert transcript.name(transcript.utterances[0].speaker) == "Zoé"


def test_srt_empty_file_is_a_recording_without_utterances() -> None:
    assert srt.loads("", "r") == [Transcript("r", 0.0)]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("1\n00:00:01 --> 00:00:02,000\noui", "line 2: '00:00:01 --> "),
        ("1\n00:00:02,000 --> 00:00:01,000\noui", "line 2: ends at 1.000"),
        ("bonjour", "line 1: no cue"),
    ],
)
def test_srt_errors_name_the_line(text: str, found: str) -> None:
    with pytest.raises(FormatError, match=found):
        srt.loads(text)


def test_vtt_reads_voices_tags_entities_notes_ids_and_settings() -> None:
    text = (
        "WEBVTT - titre\n\nNOTE rien\nà lire\n\nSTYLE\n::cue { color: red }\n\n"
        "intro\n00:01.000 --> 00:02.000 align:start line:0\n<v.loud Anne Martin>bonjour &amp; <b>salut</b></v>\n\n"
        "00:00:03.000 --> 00:00:04.000\n<v Ali>oui</v>\n<v Zoé>non <00:00:03.500>plus\n"
    )
    [transcript] = vtt.loads(text)
    assert [(transcript.name(u.speaker), u.start, u.text) for u in transcript] == [
        ("Anne Martin", 1, "bonjour & salut"),
        ("Ali", 3, "oui"),
        ("Zoé", 3, "non plus"),
    ]


def test_vtt_without_its_first_line_is_refused() -> None:
    with pytest.raises(FormatError, match="no WEBVTT"):
        vtt.loads("00:01.000 --> 00:02.000\nbonjour")


def test_vtt_escapes_what_could_be_markup() -> None:
    transcript = utterance("a < b & <v Eve>", 0, 2, "Anne <b>")
    [back] = vtt.loads(vtt.dumps([transcript]))
    assert (back.text, back.speakers[0].name) == ("a < b & <v Eve>", "Anne <b>")


@pytest.mark.parametrize("module", [srt, vtt])
@given(transcript=transcripts())
def test_subtitles_bring_back_speakers_and_words(module, transcript: Transcript) -> None:
    [back] = module.loads(module.dumps([transcript]))

    def words(t: Transcript) -> dict[str, list[str]]:
        return {s.name or "": sorted(" ".join(u.text for u in t if u.speaker == s.id).split()) for s in t.speakers}

    assert words(back) == words(transcript)


@given(transcripts())
def test_cues_are_readable(transcript: Transcript) -> None:
    for _, start, end, body in cues(srt.dumps([transcript]), blank_ends=False):
        lines = body.split("\n")
        words = body.replace(NBSP, " ").split()
        assert len(lines) <= 2 or len(words) <= 3  # a name and one very long word
        assert all(len(line) <= WIDTH for line in lines)
        said = body.replace("\n", " ").split(" ")  # a lone mark stays with its word
        assert end - start >= SHORTEST - 0.002
        assert end - start <= SECONDS + 0.002 or len(said) <= 2  # a name and one very slow word


def test_a_long_utterance_is_cut_at_the_times_of_its_words() -> None:
    texts = LONG.split()
    words = tuple(Word(text, 0.5 * i, 0.5 * i + 0.4) for i, text in enumerate(texts))
    transcript = Transcript("r", 20, utterances=(Utterance("u1", None, 0, 9.4, LONG, words),))
    [back] = srt.loads(srt.dumps([transcript]))
    assert back.text == LONG
    assert [(u.start * 2).is_integer() for u in back] == [True] * len(back.utterances)
    assert len(back.utterances) == 2


def test_a_mark_alone_stays_with_its_word() -> None:
    text = "est-ce que tu pourrais nous le montrer là ?"
    assert f"là{NBSP}?" in srt.dumps([utterance(text, 0, 3)])
    assert srt.loads(srt.dumps([utterance(text, 0, 3)]))[0].text == text


@pytest.mark.parametrize("module", [srt, vtt])
def test_an_arrow_in_the_text_is_not_a_time_line(module) -> None:
    [back] = module.loads(module.dumps([utterance("de A --> B", 0, 2)]))
    assert back.text in ("de A -> B", "de A --> B")


def test_a_name_that_cannot_be_read_back_is_replaced_by_a_number() -> None:
    odd = utterance("oui", 0, 2, "Équipe: son, image et lumière")
    assert "Intervenant 1\u00a0:\u00a0oui" in srt.dumps([odd])
    assert "Équipe: son, image et lumière" in vtt.dumps([odd])


def test_overlapping_cues_stay_overlapping() -> None:
    both = (Utterance("u1", "spk1", 0, 3, "un"), Utterance("u2", "spk2", 1, 2, "deux"))
    transcript = Transcript("r", 3, speakers=(Speaker("spk1"), Speaker("spk2")), utterances=both)
    [back] = vtt.loads(vtt.dumps([transcript]))
    assert [(u.start, u.end) for u in back] == [(0, 3), (1, 2)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Camille: oui", ("Camille", "oui")),
        ("M. Dupont: oui", ("M. Dupont", "oui")),
        ("trois points : un", (None, "trois points : un")),
        ("à 12:30", (None, "à 12:30")),
        ("voilà, donc: oui", (None, "voilà, donc: oui")),
        ("?: Attention: oui", (None, "Attention: oui")),
    ],
)
def test_names_before_a_colon(text: str, expected: tuple[str | None, str]) -> None:
    assert split_name(text) == expected


@pytest.mark.parametrize("module", [srt, vtt, txt])
def test_text_that_looks_like_a_name_is_not_one(module) -> None:
    [back] = module.loads(module.dumps([utterance("Attention: la marche", 0, 2)]))
    assert (back.text, back.speakers) == ("Attention: la marche", ())


@given(transcripts())
def test_txt_round_trip(transcript: Transcript) -> None:
    [back] = txt.loads(txt.dumps([transcript]))
    assert [(back.name(u.speaker), int(u.start), u.text) for u in back] == [
        (transcript.name(u.speaker), int(u.start), u.text) for u in transcript
    ]


def test_txt_is_readable() -> None:
    assert txt.dumps([utterance("bonjour", 3723.4, 3725, "Zoé")]) == "[1:02:03] Zoé: bonjour\n"


def test_txt_with_several_recordings_and_continued_lines() -> None:
    text = "== a ==\n[0:00:01] Zoé: un\ndeux\n== b ==\n[0:02] trois\n"
    first, second = txt.loads(text)
    assert (first.recording, first.text, second.recording, second.text) == ("a", "un deux", "b", "trois")


def test_txt_errors_name_the_line() -> None:
    with pytest.raises(FormatError, match="line 2: no time"):
        txt.loads("\nbonjour")


def test_names_in_brackets_are_speakers() -> None:
    [transcript] = srt.loads(
        "1\n00:00:01,000 --> 00:00:02,000\n[SPEAKER_00]: bonjour\n\n2\n00:00:03,000 --> 00:00:04,000\n[rire] oui\n"
    )
    assert [(transcript.name(u.speaker), u.text) for u in transcript] == [
        ("SPEAKER_00", "bonjour"),
        ("?", "[rire] oui"),
    ]


def talk(*turns: tuple[str | None, float, float, str], names: tuple[str | None, ...] = ("Zoé", "Ali")) -> Transcript:
    speakers = tuple(Speaker(f"spk{n}", name) for n, name in enumerate(names, 1))
    utterances = tuple(Utterance(f"u{n}", *turn) for n, turn in enumerate(turns, 1))
    return Transcript("r", 60.0, "fr", speakers, utterances)


def bodies(transcript: Transcript) -> list[str]:
    return [body.replace(NBSP, " ") for *_, body in cues(srt.dumps([transcript]), blank_ends=False)]


def test_the_name_is_shown_where_the_speaker_changes() -> None:
    said = talk(("spk1", 0, 1, "oui"), ("spk1", 2, 3, "bien"), ("spk2", 4, 5, "non"), (None, 6, 7, "si"))
    assert bodies(said) == ["Zoé : oui", "bien", "Ali : non", "? : si"]


def test_a_cue_without_a_name_belongs_to_the_last_speaker_of_our_own_files() -> None:
    said = talk(
        ("spk1", 0, 1, "oui"), ("spk1", 2, 3, "Attention: la marche"), ("spk2", 4, 5, "non"), (None, 6, 7, "si")
    )
    [back] = srt.loads(srt.dumps([said]))
    assert [(back.name(u.speaker), u.text) for u in back] == [
        ("Zoé", "oui"),
        ("Zoé", "Attention: la marche"),
        ("Ali", "non"),
        ("?", "si"),
    ]


@pytest.mark.parametrize("mark", [": ", " : ", f"{NBSP}: ", f"{NBSP}:\n"])
def test_a_cue_without_a_name_belongs_to_nobody_in_files_of_other_tools(mark: str) -> None:
    text = f"1\n00:00:01,000 --> 00:00:02,000\nZoé{mark}oui\n\n2\n00:00:03,000 --> 00:00:04,000\nbien\n"
    [back] = srt.loads(text)
    assert back.utterances[1].speaker is None
    assert (back.speakers == ()) is (mark != ": ")


@pytest.mark.parametrize("module", [srt, vtt, txt])
def test_a_voice_without_a_name_has_a_number_that_people_read(module) -> None:
    said = talk(("spk1", 0, 1, "oui"), ("spk2", 4, 5, "non"), names=(None, None))
    written = module.dumps([said])
    assert "Intervenant 1" in written.replace(NBSP, " ")
    assert "spk" not in written
    assert [s.name for s in module.loads(written)[0].speakers] == [None, None]


def test_a_speaker_called_by_another_number_keeps_that_name() -> None:
    [back] = vtt.loads("WEBVTT\n\n00:01.000 --> 00:02.000\n<v Speaker 2>oui\n")
    assert back.speakers[0].name == "Speaker 2"


def test_a_cue_stays_until_it_can_be_read_if_nobody_speaks() -> None:
    text = "on y va tous ensemble demain matin"
    [(_, start, end, _), *_] = cues(srt.dumps([talk(("spk1", 0, 1, text), ("spk2", 9, 10, "non"))]), blank_ends=False)
    assert len(text) / (end - start) <= RATE + 0.01


def test_a_cue_ends_where_the_next_one_starts() -> None:
    said = talk(("spk1", 0, 1, "on y va tous ensemble demain matin"), ("spk2", 1.2, 3, "non"))
    [(_, _, end, _), (_, start, _, _)] = cues(srt.dumps([said]), blank_ends=False)
    assert end == start


@pytest.mark.parametrize(
    "text", [LONG, "nous avons reçu la réponse de la directrice du laboratoire et nous allons la lire"]
)
def test_cues_and_lines_end_with_a_phrase(text: str) -> None:
    ends = [line.split()[-1] for body in bodies(talk((None, 0, 7.5, text))) for line in body.split("\n")]
    assert not set(ends) & {"le", "la", "de", "du", "l'ordre", "et", "nous", "je", "par"}
