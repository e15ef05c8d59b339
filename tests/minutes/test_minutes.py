"""Minutes, their schema and their rules, and extreme transcripts."""

from dataclasses import replace

import jsonschema
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dialogue.core.transcript import Speaker, Transcript, TranscriptError, Utterance, order_speakers
from dialogue.french import text as french
from dialogue.minutes import Minutes, MinutesConfig, MinutesError, schema, write_minutes
from dialogue.minutes.check import checked
from dialogue.minutes.document import Action, Decision, Evidence, NextMeeting, Point
from dialogue.minutes.documents import to_markdown
from tests.minutes.meetings import meeting

MEETING = """
Anne: Bonjour Paul, premier point, le budget.
Paul: Bonjour. Je propose qu'on réduise le budget de douze pour cent.
Anne: D'accord. Paul, tu peux envoyer le tableau avant le trente novembre ?
Paul: Oui, je l'envoie lundi.
Anne: Quel logiciel on prend pour la paie ?
Paul: On ne sait pas encore.
Anne: Prochaine réunion le neuf novembre.
"""


@pytest.fixture
def minutes():
    return write_minutes(meeting(MEETING), date="2023-10-12", title="Budget")


def evidence_of(minutes):
    yield from minutes.summary.evidence
    for item in [
        *minutes.decisions,
        *minutes.actions,
        *minutes.open_questions,
        *(p for t in minutes.topics for p in t.points),
    ]:
        yield from item.evidence


def test_minutes_follow_their_schema(minutes):
    jsonschema.validate(minutes.to_dict(), schema())


def test_minutes_survive_their_file(minutes, tmp_path):
    minutes.save(tmp_path / "minutes.json")
    assert Minutes.load(tmp_path / "minutes.json").to_dict() == minutes.to_dict()


def test_every_statement_quotes_the_transcript(minutes):
    said = {u.id: u.text for u in meeting(MEETING)}
    quoted = list(evidence_of(minutes))
    assert len(quoted) > 5
    for item in quoted:
        assert item.quote in " ".join(said[i] for i in item.utterance_ids)


def test_an_unknown_field_is_named():
    value = write_minutes(meeting(MEETING)).to_dict()
    value["meeting"]["colour"] = "red"
    with pytest.raises(MinutesError, match=r"unknown key minutes\.meeting\.colour"):
        Minutes.from_dict(value)


def test_another_schema_is_refused():
    with pytest.raises(MinutesError, match="dialogue/minutes/1"):
        Minutes.from_dict({"schema": "other"})


def test_a_date_that_is_not_one_is_refused():
    with pytest.raises(MinutesError, match="12/10/2023"):
        write_minutes(meeting(MEETING), date="12 octobre")


def test_a_broken_transcript_is_refused():
    broken = replace(meeting("Anne: Bonjour."), utterances=(Utterance("u0", "spk9", 0, 0.5, "Bonjour."),))
    with pytest.raises(TranscriptError, match="spk9"):
        write_minutes(broken)


def rechecked(minutes, **changes):
    return checked(replace(minutes, **changes), meeting(MEETING))


def test_evidence_to_a_missing_utterance_goes_to_verify(minutes):
    invented = Decision("d1", "Tout vendre", "decided", (Evidence(("u99",), 0, 1, "tout vendre"),))
    result = rechecked(minutes, decisions=(invented,))
    assert result.decisions == ()
    assert [v.text for v in result.to_verify] == ["Tout vendre"]
    assert not result.checks.evidence_ok


def test_a_quotation_nobody_said_goes_to_verify(minutes):
    invented = Point("Qui paie ?", (Evidence(("u1",), 0, 1, "qui paie vraiment"),))
    result = rechecked(minutes, open_questions=(invented,))
    assert [v.kind for v in result.to_verify] == ["open_question"]


def test_a_quotation_may_differ_in_case_and_punctuation(minutes):
    point = Point("Budget", (Evidence(("u1",), 0, 1, "JE PROPOSE qu’on reduise le budget"),))
    assert rechecked(minutes, open_questions=(point,)).open_questions == (point,)


def test_an_owner_who_was_not_heard_is_taken_away(minutes):
    cited = (Evidence(("u4",), 0, 1, "Quel logiciel on prend"),)
    result = rechecked(minutes, actions=(Action("a1", "Choisir le logiciel", "Paul", "spk2", evidence=cited),))
    assert (result.actions[0].owner, result.checks.owner_without_evidence) == (None, 1)


def test_a_date_that_was_not_said_is_taken_away(minutes):
    cited = (Evidence(("u3",), 0, 1, "je l'envoie lundi"),)
    action = Action("a1", "Envoyer", "Paul", "spk2", None, "vendredi", "2023-10-13", evidence=cited)
    result = rechecked(minutes, actions=(action,))
    assert (result.actions[0].due_raw, result.actions[0].due_iso) == (None, None)


def test_a_resolved_date_is_recomputed(minutes):
    cited = (Evidence(("u3",), 0, 1, "je l'envoie lundi"),)
    action = Action("a1", "Envoyer", "Paul", "spk2", None, "lundi", "2030-01-01", evidence=cited)
    assert rechecked(minutes, actions=(action,)).actions[0].due_iso == "2023-10-16"


def test_a_next_meeting_nobody_announced_is_taken_away(minutes):
    result = rechecked(minutes, next_meeting=NextMeeting("le 3 mai", None, (Evidence(("u0",), 0, 1, "Bonjour Paul"),)))
    assert result.next_meeting is None


def test_names_and_numbers_without_support_are_listed(minutes):
    result = rechecked(minutes, summary=Point("Anne et Gertrude ont réduit le budget de 12 ou 37 pour cent.", ()))
    assert result.checks.unsupported_names == ("Gertrude",)
    assert result.checks.unsupported_numbers == ("37",)


def test_markdown_has_every_part_in_french(minutes):
    text = to_markdown(minutes)
    for heading in (
        "Participants",
        "Résumé",
        "Décisions",
        "Actions",
        "Questions en suspens",
        "Prochaine réunion",
    ):
        assert f"## {heading}" in text
    assert "- [ ] **Paul**\u00a0: Envoyer le tableau" in text
    assert "lundi 16\u00a0octobre 2023" in text


def test_markdown_in_english_has_english_headings():
    text = to_markdown(write_minutes(meeting(MEETING), config=MinutesConfig(language="en")))
    assert "## Decisions" in text
    assert "Décisions" not in text


def test_markdown_shows_markup_as_text():
    transcript = meeting("Anne<b>: On part sur <script>alert(1)</script> et *rien* d'autre.")
    text = to_markdown(write_minutes(transcript))
    assert "<script>" not in text.replace("\\<", "")
    assert "\\*rien\\*" in text


@pytest.mark.parametrize("text", ["", "Anne: Oui.", "Anne: ...", "Anne: euh"])
def test_short_transcripts_give_minutes_without_statements(text):
    minutes = write_minutes(meeting(text))
    assert (minutes.decisions, minutes.actions, minutes.open_questions) == ((), (), ())
    assert to_markdown(minutes).startswith("# Compte rendu de réunion\n")


def test_an_empty_recording_with_an_agenda_keeps_the_agenda():
    minutes = write_minutes(Transcript("m", 10.0), agenda=["Budget"])
    assert [(a.title, a.start, a.end) for a in minutes.agenda] == [("Budget", 0.0, 10.0)]


def test_a_diarization_without_words_gives_speaking_times():
    transcript = Transcript(
        "m",
        4.0,
        None,
        (Speaker("spk1"), Speaker("spk2")),
        (Utterance("a", "spk1", 0, 3), Utterance("b", "spk2", 3, 4)),
    )
    assert [round(p.share, 2) for p in write_minutes(transcript).participants] == [0.75, 0.25]


def test_two_hundred_speakers():
    minutes = write_minutes(
        meeting("\n".join(f"P{n}: Je prépare le dossier numéro {n} pour lundi." for n in range(200)))
    )
    assert len(minutes.participants) == 200
    assert len({a.owner for a in minutes.actions}) == len(minutes.actions) > 100


def test_the_work_grows_in_proportion_to_the_meeting(monkeypatch):
    text = "Anne: On parle du budget et des travaux de la salle.\nPaul: Je prépare le plan numéro {n} pour lundi.\n"
    folded = []
    real = french.plain
    monkeypatch.setattr(french, "plain", lambda text: folded.append(len(text)) or real(text))

    def characters(times):
        folded.clear()
        write_minutes(meeting("".join(text.replace("{n}", str(n)) for n in range(times))))
        return sum(folded)

    small, large = characters(80), characters(640)
    assert large < 1.5 * 8 * small  # eight times the words; quadratic time would be sixty-four times as long


def test_the_digest_changes_with_the_words_only():
    from dialogue.minutes.write import digest

    transcript = meeting(MEETING)
    assert digest(transcript) == digest(replace(transcript, provenance=({"stage": "asr"},)))
    assert digest(transcript) != digest(meeting(MEETING + "Anne: Merci."))


SPOKEN = """je tu on vous il faut que qu' peux peut m'en occupe prépare envoie le la les l' un une rapport budget lundi
    avant trente novembre à dix heures ? . , oui non d'accord c'est décidé validé Paul Anne est-ce prochaine réunion ne
    sait pas encore propose
    si et mais parce deuxième point qui la salle en 31 15% euh""".split()
turns = st.lists(
    st.tuples(
        st.sampled_from(["Anne", "Paul", "spk3", None]),
        st.lists(st.sampled_from(SPOKEN), max_size=12),
        st.floats(0, 2),
    ),
    max_size=15,
)


@settings(max_examples=60, deadline=None)
@given(turns, st.sampled_from([None, "2024-01-31", "2023-10-12"]))
def test_whatever_is_said_the_rules_hold(spoken, date):
    utterances, clock = [], 0.0
    for number, (speaker, words, pause) in enumerate(spoken):
        utterances.append(Utterance(f"u{number}", speaker, clock, clock + 1, " ".join(words)))
        clock += pause
    speakers, ordered = order_speakers(utterances)
    minutes = write_minutes(Transcript("m", clock + 2, "fr", speakers, ordered), date=date)
    assert minutes.checks.evidence_ok
    assert all(doubtful.reason == "may be none" for doubtful in minutes.to_verify)
    jsonschema.validate(minutes.to_dict(), schema())


def test_the_floor_handed_over_by_name_tells_who_speaks_next():
    said = meeting(
        "A: Dernier point, la démonstration, Nadia.\nB: Alors elle marche.\nA: Merci Nadia.\nC: De rien.",
        anonymous=True,
    )
    named = {p.id: p.name for p in write_minutes(said, participants=["Nadia"]).participants if p.id}
    assert named == {"spk1": None, "spk2": "Nadia", "spk3": None}


@pytest.mark.parametrize(
    "announced", ["Trois points ce soir :", "J'ai trois sujets :", "Trois points à l'ordre du jour :"]
)
def test_an_agenda_that_is_read_aloud_gives_the_topics(announced):
    said = meeting(f"A: {announced} le tournoi, la buvette, et les licences. Rose, le tournoi.\nB: Tout est prêt.")
    assert [item.title for item in write_minutes(said).agenda] == ["Le tournoi", "La buvette", "Les licences"]


def test_the_title_of_a_topic_is_not_the_answer_of_another_speaker():
    said = meeting(
        "A: Premier point, le toit.\nB: Il fuit toujours.\nA: Deuxième point.\nB: Avec un s, les points.\nA: Non."
    )
    assert not any("Avec un s" in item.title for item in write_minutes(said).agenda)


def test_without_an_agenda_there_are_points_and_no_guessed_topics():
    talk = "\n".join(
        f"{'Anne' if n % 2 else 'Paul'}: Le dossier numéro {n} du chantier {n // 40} attend la signature du préfet."
        for n in range(200)
    )
    minutes = write_minutes(meeting(talk), date="2023-10-12")
    assert minutes.agenda == ()
    [topic] = minutes.topics
    assert topic.agenda_id is None
    assert {int(p.evidence[0].start // 300) for p in topic.points} >= {0, 1, 2}  # from the whole meeting
    text = to_markdown(minutes)
    assert "## Ordre du jour" not in text
    assert "## Discussion" in text
    assert "### " not in text
