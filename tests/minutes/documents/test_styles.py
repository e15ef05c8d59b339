"""What each style shows."""

from dataclasses import replace

import pytest

from dialogue.core.transcript import Utterance
from dialogue.minutes.document import AgendaItem, Participant, percentages
from dialogue.minutes.documents import outline
from dialogue.minutes.documents.outline import Heading, List, Paragraph, Table
from dialogue.minutes.documents.verbatim import turns
from tests.minutes.documents.examples import empty_minutes, hostile_minutes, minutes, transcript


def headings(document):
    return [flat(b.text) for b in document.blocks if isinstance(b, Heading)]


def flat(text):
    return "".join(span.text for span in text).replace("\u00a0", " ")


def after(document, heading):
    """Return the block below a heading."""
    at = next(n for n, b in enumerate(document.blocks) if isinstance(b, Heading) and flat(b.text) == heading)
    return document.blocks[at + 1]


def test_compte_rendu_shows_every_part():
    assert headings(outline(minutes())) == [
        "Participants",
        "Ordre du jour",
        "Résumé",
        "Décisions",
        "Actions",
        "Questions en suspens",
        "Prochaine réunion",
        "Discussion",
        "Les œuvres",
        "À vérifier",
    ]


def test_compte_rendu_leaves_out_what_is_empty():
    assert headings(outline(empty_minutes())) == []


def test_compte_rendu_shows_who_spoke_how_long():
    assert [flat(item) for item in after(outline(minutes()), "Participants").items] == [
        "Anaïs, temps de parole 10 min 00 s (75\u202f%)",
        "Intervenant 2, temps de parole 3 min 00 s (25\u202f%)",
        "Zoé (voix non identifiée)",
    ]


def test_somebody_without_a_voice_did_not_speak_if_every_voice_has_a_name():
    people = tuple(replace(p, name=p.name or "Luc") for p in minutes().participants)
    shown = after(outline(replace(minutes(), participants=people)), "Participants").items
    assert flat(shown[-1]) == "Zoé (n’a pas pris la parole)"


def test_only_the_people_whose_names_were_inferred_are_listed_as_such():
    heard = tuple(replace(p, name_source="spoken") if p.name == "Anaïs" else p for p in minutes().participants)
    document = outline(replace(minutes(), participants=heard))
    assert "Noms déduits des échanges : Anaïs." in [flat(b.text) for b in document.blocks if isinstance(b, Paragraph)]


@pytest.mark.parametrize("shares", [(1 / 3, 1 / 3, 1 / 3), (0.446, 0.347, 0.207), (0.995, 0.005), (0.125,) * 8, (1.0,)])
def test_shares_of_speech_sum_to_one_hundred(shares):
    assert sum(percentages([Participant("spk1", share=share) for share in shares])) == 100


def test_nobody_has_a_share_of_silence():
    assert percentages([Participant("spk1"), Participant(None, "Zoé", "list")]) == (0, 0)


@pytest.mark.parametrize(
    ("title", "date", "agenda", "shown"),
    [
        ("Budget de l’été", "2023-10-12", 1, "Budget de l’été"),
        (None, "2023-11-09", 0, "Réunion du 9 novembre 2023"),
        (None, "2023-11-09", 1, "Réunion du 9 novembre 2023 : Le budget"),
        (None, "2023-11-09", 2, "Réunion du 9 novembre 2023"),
        (None, None, 1, "Compte rendu de réunion"),
    ],
)
def test_a_meeting_is_titled_by_people_or_by_date_and_its_only_topic_never_by_its_file(title, date, agenda, shown):
    given = minutes()
    meeting = replace(given.meeting, title=title, date=date)
    found = outline(replace(given, meeting=meeting, agenda=given.agenda[:agenda]))
    assert found.title.replace("\u00a0", " ") == shown


def test_agenda_has_times():
    items = after(outline(minutes()), "Ordre du jour").items
    assert [flat(item) for item in items] == ["Le budget (0:00 – 6:40)", "Les œuvres (6:40 – 13:00)"]


def test_only_what_was_not_decided_is_marked():
    items = [flat(item) for item in after(outline(minutes()), "Décisions").items]
    assert items == [
        "Baisser le budget [12:05]",
        "Vendre les œuvres (proposition) [8:30]",
        "Fermer l’été (rejetée) [8:40]",
    ]


def test_what_is_to_verify_stands_below_a_warning():
    document = outline(minutes())
    warning = after(document, "À vérifier")
    assert (warning.kind, flat(warning.text)) == (
        "warning",
        "Ces points sont incertains, ou la transcription ne les appuie pas.",
    )
    found = document.blocks[document.blocks.index(warning) + 1]
    assert [flat(item) for item in found.items] == ["Décision : Tout arrêter", "Point : Gertrude vient"]


def test_releve_decisions_has_tasks_as_a_table():
    table = after(outline(minutes(), "releve_decisions"), "Actions")
    assert isinstance(table, Table)
    assert [[flat(cell) for cell in row] for row in table.rows] == [
        ["Envoyer le tableau", "Anaïs", "lundi 16 octobre 2023 (« lundi »)", "[1:01]"],
        ["Payer 10\u202f€ (faite, à confirmer)", "sans responsable", "–", "[1:02]"],
    ]


def test_releve_decisions_says_that_there_is_nothing():
    document = outline(empty_minutes(), "releve_decisions")
    assert flat(after(document, "Décisions").text) == "Aucune décision relevée."
    assert flat(after(document, "Actions").text) == "Aucune action relevée."


def test_releve_decisions_leaves_doubtful_points_to_the_compte_rendu():
    document = outline(minutes(), "releve_decisions")
    assert [flat(i) for b in document.blocks[-2:-1] for i in b.items] == ["Décision : Tout arrêter"]


def test_synthese_is_summary_decisions_and_actions():
    document = outline(minutes(), "synthese")
    assert headings(document) == ["Résumé", "Décisions", "Actions", "À vérifier"]
    assert document.title == "Synthèse – Budget de l’été"


def test_every_style_ends_with_where_it_comes_from():
    for style in ("compte_rendu", "releve_decisions", "synthese"):
        last = outline(minutes(), style).blocks[-1]
        assert last.kind == "note"
        assert flat(last.text).startswith("Rédigé automatiquement, sans modèle de langue")


def test_verbatim_is_turns_below_the_headings_of_the_agenda():
    blocks = outline(minutes(), "verbatim", transcript=transcript()).blocks[1:]
    assert [(type(b), flat(b.text)) for b in blocks] == [
        (Heading, "Le budget"),
        (Paragraph, "Anaïs [0:00] : Bonjour à tous. Premier point, le budget."),
        (Paragraph, "Intervenant 2 [0:08] : <b>D’accord</b>."),
        (Heading, "Les œuvres"),  # starts within the next utterance
        (Paragraph, "Anaïs [6:39] : Les œuvres, maintenant."),
        (Paragraph, "[11:40] (parole non transcrite, 3 s)"),
    ]


def test_verbatim_shows_topics_without_speech():
    agenda = (*minutes().agenda, AgendaItem("a3", "Divers", 780.0, 780.0))
    document = outline(replace(minutes(), agenda=agenda), "verbatim", transcript=transcript())
    assert headings(document) == ["Le budget", "Les œuvres", "Divers"]


def test_verbatim_of_silence_says_so():
    silent = replace(transcript(), utterances=(), omissions=())
    document = outline(empty_minutes(), "verbatim", transcript=silent)
    assert flat(document.blocks[1].text) == "Aucune parole n’a été transcrite."


def test_a_long_turn_gets_a_time_code_a_minute():
    monologue = [Utterance(f"u{n}", "spk1", n * 20.0, n * 20.0 + 19, "mots") for n in range(9)]
    assert [turn[0].start for turn in turns(monologue, [])] == [0.0, 80.0, 160.0]


def test_items_of_lists_are_one_line():
    lists = [b for b in outline(hostile_minutes()).blocks if isinstance(b, List)]
    assert not any("\n" in flat(item) for b in lists for item in b.items)
