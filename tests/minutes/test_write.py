"""Minutes by a language model: a scripted one, so that the handling of its answers is tested."""

import json
import re
from dataclasses import replace

import pytest

from dialogue.llm import LLMError
from dialogue.minutes import MinutesConfig, MinutesError, write_minutes
from dialogue.minutes.config import SectionConfig
from dialogue.minutes.documents import to_markdown
from tests.minutes.meetings import meeting

MEETING = """
Anne: Premier point, le budget du colloque.
Paul: Le budget est de douze mille euros cette année.
Anne: C'est décidé, on garde la salle Curie.
Paul: Je prépare le programme pour lundi.
Anne: Qui paie les repas ?
Paul: On ne sait pas encore.
"""
TALK = """
Anne: Le toit de la bibliothèque fuit depuis le début du mois de mars.
Paul: L'entreprise demande neuf mille euros pour changer toutes les tuiles.
Anne: La mairie propose une subvention pour les travaux d'isolation.
Paul: Les lecteurs se plaignent surtout du froid dans la salle des périodiques.
Anne: Le chauffage au gaz coûte deux fois plus cher que l'année dernière.
Paul: Les bénévoles ont rangé quatre cents livres dans la réserve du sous-sol.
Anne: Le prochain salon du livre aura lieu au gymnase pendant trois jours.
Paul: Deux auteurs de la région ont accepté de venir signer leurs romans.
"""
LONG = "".join(f"{'Anne' if n % 2 else 'Paul'}: phrase numéro {n} sur le budget et la salle.\n" for n in range(200))
GOOD = {
    "points": [{"text": "Le budget est de douze mille euros.", "ids": ["u1"], "quote": "douze mille euros"}],
    "decisions": [
        {"text": "Garder la salle Curie", "status": "decided", "ids": ["u2"], "quote": "on garde la salle Curie"}
    ],
    "actions": [
        {
            "what": "Préparer le programme",
            "owner": "Paul",
            "due": "lundi",
            "ids": ["u3"],
            "quote": "Je prépare le programme",
        }
    ],
    "open_questions": [{"text": "Qui paie les repas ?", "ids": ["u4"], "quote": None}],
    "next_meeting": None,
}


class Scripted:
    """Answers the parts with ``answers`` in turn (the last one repeatedly), and the summary with its own."""

    name = "scripted"
    context_length = 4000

    def __init__(self, *answers, summary='{"summary": "Le budget est fixé."}'):
        self.answers, self.summary, self.prompts = list(answers), summary, []

    def count_tokens(self, text):
        return len(text.split())

    def chat(self, messages, **options):
        self.prompts.append(messages)
        if "<points>" in messages[1]["content"]:
            return self.summary
        answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        return answer if isinstance(answer, str) else json.dumps(answer, ensure_ascii=False)

    def stream(self, messages, **options):
        yield self.chat(messages, **options)

    def close(self):
        pass


def written(*answers, text=MEETING, config=None, **options):
    model = Scripted(*answers, **options)
    return write_minutes(meeting(text), model=model, date="2023-10-12", config=config), model


def test_a_good_answer_becomes_minutes_with_evidence():
    minutes, _ = written(GOOD)
    assert minutes.summary.text == "Le budget est fixé."
    assert [(d.text, d.status) for d in minutes.decisions] == [("Garder la salle Curie", "decided")]
    (action,) = minutes.actions
    assert (action.owner, action.owner_id, action.due_iso) == ("Paul", "spk2", "2023-10-16")
    assert minutes.provenance.engine == "scripted"
    assert minutes.provenance.coverage == 1.0
    assert minutes.to_verify == ()


@pytest.mark.parametrize("answer", ["```json\n{}\n```", "Voici :\n{}\nVoilà."])
def test_json_may_stand_in_a_fence_or_in_prose(answer):
    minutes, _ = written(answer.replace("{}", json.dumps(GOOD)))
    assert len(minutes.decisions) == 1


def test_rubbish_once_is_asked_again():
    minutes, model = written("je ne sais pas", GOOD)
    assert minutes.provenance.chunks[0].engine == "scripted"
    assert len(model.prompts) == 3


@pytest.mark.parametrize("answer", ["rien", "null", "[]", '{"points": 3}', '{"autre": []}'])
def test_rubbish_twice_gives_rules_and_says_so(answer):
    minutes, model = written(answer)
    assert minutes.provenance.engine == "extractive"
    assert "no valid JSON" in minutes.provenance.chunks[0].note
    assert "scripted n’a pas donné de réponse exploitable pour une partie sur 1" in to_markdown(minutes)
    assert len(model.prompts) == 2  # no summary of parts written by rules
    assert [a.owner for a in minutes.actions] == ["Paul"]
    assert [d.status for d in minutes.decisions] == ["decided"]


class Slow(Scripted):
    """A model that writes a few characters at a time, and counts them."""

    def stream(self, messages, *, max_tokens, **options):
        answer = self.chat(messages)
        self.longest, self.written = max_tokens, 0
        for start in range(0, len(answer), 4):
            self.written += 4
            yield answer[start : start + 4]


def test_an_answer_that_runs_in_a_circle_ends_and_is_told():
    model = Slow("La question est " + "posée, cela va-la, " * 200)
    minutes = write_minutes(meeting(MEETING), model=model)
    assert model.written < 250
    assert (
        minutes.provenance.chunks[0].note == "two answers were unusable (repeats itself): this part is written by rules"
    )


def test_an_answer_that_begins_no_object_ends_unless_it_is_thinking():
    prose = " ".join(f"La phrase {n} ne dit rien." for n in range(200))
    model = Slow(prose)
    minutes = write_minutes(meeting(MEETING), model=model)
    assert model.written < 620
    assert "(no object begun)" in minutes.provenance.chunks[0].note
    minutes = write_minutes(meeting(MEETING), model=Slow(f"<think>{prose}</think>{json.dumps(GOOD)}"))
    assert minutes.provenance.engine == "scripted"


def test_an_answer_ends_with_its_object():
    model = Slow(json.dumps(GOOD) + "\nEt voilà, c'est tout. " * 2)
    parts = []
    minutes = write_minutes(
        meeting(MEETING), model=model, progress=lambda done, whole: parts.append(getattr(model, "written", 0))
    )
    assert parts[1] <= len(json.dumps(GOOD)) + 4
    assert len(minutes.decisions) == 1


def test_an_answer_is_not_much_longer_than_its_part():
    model = Slow("rien")
    write_minutes(meeting(MEETING), model=model)
    assert 256 < model.longest < 400
    write_minutes(meeting(MEETING), model=model, config=MinutesConfig(answer_tokens=64))
    assert model.longest == 64


def test_the_file_says_who_wrote_the_summary():
    minutes, _ = written(GOOD)
    assert minutes.provenance.summary == "scripted"
    minutes, _ = written(GOOD, summary="rien")
    assert (minutes.provenance.engine, minutes.provenance.summary) == ("scripted", "extractive")
    assert "Le résumé a été rédigé sans modèle de langue." in to_markdown(minutes)


@pytest.mark.parametrize(
    ("ids", "quote"),
    [
        (["u99"], "on garde la salle Curie"),
        ([], "on garde la salle Curie"),
        (["u2"], "on vend la salle Curie"),
        (["u5"], None),
        (None, None),
    ],
)
def test_a_claim_without_valid_evidence_goes_to_verify(ids, quote):
    bad = {"decisions": [{"text": "Vendre la salle Fermi", "status": "decided", "ids": ids, "quote": quote}]}
    minutes, _ = written(bad)
    assert [d.text for d in minutes.decisions] == ["On garde la salle Curie"]  # found without the model
    assert [(v.kind, v.text) for v in minutes.to_verify] == [("decision", "Vendre la salle Fermi")]


def test_what_the_model_did_not_find_is_not_lost():
    minutes, _ = written({"points": []})
    assert [d.text for d in minutes.decisions] == ["On garde la salle Curie"]
    assert [(a.what, a.owner, a.due_iso) for a in minutes.actions] == [("Préparer le programme", "Paul", "2023-10-16")]


def test_what_the_model_found_too_is_worded_by_it():
    found = {"text": "Conserver la salle Curie", "status": "decided", "ids": ["u2"], "quote": "on garde la salle Curie"}
    minutes, _ = written({"decisions": [found]})
    assert [d.text for d in minutes.decisions] == ["Conserver la salle Curie"]


def test_an_owner_that_the_evidence_does_not_show_is_taken_away():
    bad = {"actions": [{"what": "Garder la salle", "owner": "Paul", "ids": ["u2"], "quote": "on garde la salle Curie"}]}
    minutes, _ = written(bad)
    assert (minutes.actions[0].owner, minutes.checks.owner_without_evidence) == (None, 1)


@pytest.mark.parametrize(("id", "said", "fixed"), [("u3", "lundi", True), ("u5", "On ne sait pas encore", False)])
def test_a_next_meeting_of_a_model_names_a_day(id, said, fixed):
    minutes, _ = written({**GOOD, "next_meeting": {"raw": said, "ids": [id], "quote": said}})
    assert (minutes.next_meeting is not None) == fixed
    assert [v.text for v in minutes.to_verify if v.kind == "next_meeting"] == ([] if fixed else [said])


def test_wrong_types_in_an_answer_do_no_harm():
    minutes, _ = written(
        {
            "points": ["texte", 3, None, {"text": 5, "ids": "u1"}],
            "actions": [{"what": None}],
            "next_meeting": "lundi",
        }
    )
    assert ([a.what for a in minutes.actions], minutes.next_meeting) == (["Préparer le programme"], None)


def test_every_prompt_names_the_language():
    for language, word in (("fr", "français"), ("en", "English")):
        _, model = written(GOOD, config=MinutesConfig(language=language))
        assert len(model.prompts) == 2
        assert all(word in m[0]["content"] and word in m[1]["content"] for m in model.prompts)


ENGLISH = "The budget of the conference is fixed and the room is kept for the whole of the week with all of the guests."


def test_a_summary_in_another_language_is_not_taken():
    minutes, model = written(GOOD, summary=json.dumps({"summary": ENGLISH}))
    assert len(model.prompts) == 3  # it is asked once more
    assert minutes.provenance.summary == "extractive"
    assert minutes.checks.language_ok


def test_a_part_in_another_language_is_asked_again():
    wrong = {"points": [{"text": ENGLISH, "ids": ["u1"], "quote": "douze mille euros"}]}
    minutes, _ = written(wrong, GOOD)
    assert [d.text for d in minutes.decisions] == ["Garder la salle Curie"]
    minutes, _ = written(wrong)
    assert "in another language (en)" in minutes.provenance.chunks[0].note


@pytest.mark.parametrize("summary", ["Élodie Martin approuve le budget.", "Le budget est de 35 000 euros."])
def test_a_summary_with_names_or_numbers_that_nobody_said_is_not_taken(summary):
    minutes, _ = written(GOOD, summary=json.dumps({"summary": summary}))
    assert minutes.provenance.summary == "extractive"


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("Le budget est de 35 000 euros.", "not in the cited utterances: 35000"),
        ("Le budget de Strasbourg est de douze mille euros.", "not in the cited utterances: Strasbourg"),
        ("Les invités viendront demain en train.", "says what the cited utterances do not"),
    ],
)
def test_a_statement_that_its_evidence_does_not_bear_goes_to_verify(text, reason):
    minutes, _ = written({"points": [{"text": text, "ids": ["u1"], "quote": "douze mille euros"}]})
    assert [(v.text, v.reason) for v in minutes.to_verify] == [(text, reason)]


def test_a_statement_that_does_not_follow_goes_to_verify(monkeypatch):
    asked = []

    class Never:
        def __init__(self, folder):
            assert folder == "nli"

        def __call__(self, premise, hypothesis):
            asked.append((premise, hypothesis))
            return 0.1

    monkeypatch.setattr("dialogue.minutes.entailment.Entailment", Never)
    minutes, _ = written(GOOD, config=MinutesConfig(entailment="nli"))
    assert minutes.decisions == ()
    assert ("C'est décidé, on garde la salle Curie.", "Garder la salle Curie") in asked


class Gone(Scripted):
    """A server that stops answering after its first answer."""

    def chat(self, messages, **options):
        if self.prompts:
            self.prompts.append(messages)
            raise LLMError("http://localhost:1/v1: no answer after 4 tries")
        return super().chat(messages, **options)


def test_a_model_that_no_longer_answers_is_asked_no_more_and_rules_write_the_rest():
    model = Gone({"points": []})
    minutes = write_minutes(meeting(LONG), model=model, config=MinutesConfig(chunk_tokens=300))
    first, second, *rest = minutes.provenance.chunks
    assert (first.engine, second.engine, len(model.prompts)) == ("scripted", "extractive", 2)
    assert second.note.startswith("the model does not answer: http://localhost:1/v1")
    assert rest
    assert minutes.provenance.coverage == 1.0


def test_a_server_that_cannot_be_reached_gives_rules_and_says_so(monkeypatch):
    monkeypatch.setattr("dialogue.llm.openai.OpenAIServer.__init__.__kwdefaults__", {"timeout": 1.0, "wait": 0.0})
    minutes = write_minutes(meeting(MEETING), config=MinutesConfig(model="http://127.0.0.1:9/v1"))
    assert minutes.provenance.engine == "extractive"
    assert "no answer after 4 tries" in minutes.provenance.chunks[0].note
    assert "demandé n’a pas répondu" in to_markdown(minutes)


def test_a_changed_end_is_all_that_is_asked_for_again(tmp_path):
    config = MinutesConfig(chunk_tokens=300)
    first, again, changed = (Scripted({"points": []}) for _ in range(3))
    write_minutes(meeting(LONG), model=first, config=config, kept=tmp_path)
    write_minutes(meeting(LONG), model=again, config=config, kept=tmp_path)
    write_minutes(meeting(LONG + "Anne: et une phrase de plus."), model=changed, config=config, kept=tmp_path)
    assert (len(first.prompts) > 3, len(again.prompts), len(changed.prompts)) == (True, 0, 1)


class Diligent(Scripted):
    """A model that makes a point from every line it reads."""

    def chat(self, messages, **options):
        shown = messages[1]["content"]
        self.prompts.append(messages)
        if "<points>" in shown:
            return '{"summary": "Des lots."}'
        lines = re.findall(r"\[(u\d+)\] \w+ : (lot \d+)", shown)
        return json.dumps({"points": [{"text": text, "ids": [id]} for id, text in lines]})


def test_a_summary_reads_every_point_whatever_their_number():
    model = Diligent()
    text = "\n".join(f"Paul: lot {n}" for n in range(200))
    minutes = write_minutes(meeting(text), model=model, config=MinutesConfig(chunk_tokens=200))
    assert minutes.summary.text == "Des lots."
    shown = [m[1]["content"] for m in model.prompts if "<points>" in m[1]["content"]]
    assert len(shown) > 3
    assert sorted(map(int, re.findall(r"- lot (\d+)", " ".join(shown)))) == list(range(200))


def test_names_of_the_glossary_are_spelt_as_it_says_outside_quotations():
    text = "Anne: C'est décidé, on garde le serveur de Linnagora.\nPaul: D'accord."
    minutes = write_minutes(meeting(text), glossary=["LINAGORA", "corpus"])
    (decision,) = minutes.decisions
    assert "LINAGORA" in decision.text
    assert "Linnagora" in decision.evidence[0].quote


def test_a_long_meeting_goes_through_parts_that_hold_all_of_it():
    minutes, model = written({"points": []}, text=LONG, config=MinutesConfig(chunk_tokens=300))
    shown = [i for m in model.prompts for i in re.findall(r"\[(u\d+)\]", m[1]["content"])]
    assert shown == [f"u{n}" for n in range(200)]
    assert len(minutes.provenance.chunks) == len(model.prompts) > 3
    assert sum(c.utterances for c in minutes.provenance.chunks) == 200
    assert (minutes.provenance.coverage, minutes.provenance.dropped_s) == (1.0, 0.0)


def test_evidence_counts_only_from_the_part_that_was_read():
    text = "\n".join(f"Anne: phrase numéro {n} sur le budget et la salle." for n in range(100))
    first = {"decisions": [{"text": "Phrase 99", "status": "decided", "ids": ["u99"], "quote": "phrase numéro 99"}]}
    minutes, _ = written(first, {"points": []}, text=text, config=MinutesConfig(chunk_tokens=300))
    assert "Phrase 99" not in [d.text for d in minutes.decisions]
    assert [v.reason for v in minutes.to_verify] == ["cites utterances that are not in this part"]


def test_what_two_parts_say_stands_once():
    minutes, _ = written({**GOOD, "decisions": GOOD["decisions"] * 2})
    assert len(minutes.decisions) == 1


def test_a_context_that_holds_no_transcript_is_an_error():
    model = Scripted(GOOD)
    model.context_length = 1300
    with pytest.raises(MinutesError, match="longer context"):
        write_minutes(meeting(MEETING), model=model)


def test_progress_is_told_and_ends():
    told = []
    write_minutes(meeting(MEETING), model=Scripted(GOOD), progress=lambda done, whole: told.append((done, whole)))
    assert told[-1][0] == told[-1][1]


def test_a_registered_model_that_may_not_write_gives_rules_and_says_so():
    minutes = write_minutes(meeting(MEETING), config=MinutesConfig(model="smollm2-135m-instruct"))
    assert minutes.provenance.engine == "extractive"
    assert "may not write" in minutes.provenance.chunks[0].note


def test_a_section_that_is_written_apart_leaves_the_others_as_they_are():
    said = meeting(TALK)
    config = MinutesConfig(length="short")
    usual = write_minutes(said, config=config)
    apart = write_minutes(said, config=replace(config, sections={"summary": SectionConfig(length="long")}))
    assert len(apart.summary.evidence) > len(usual.summary.evidence)
    assert (apart.topics, apart.decisions, apart.actions) == (usual.topics, usual.decisions, usual.actions)
    assert apart.provenance.sections == {"summary": "extractive"}


def test_a_section_by_rules_beside_those_of_a_model_says_so():
    config = MinutesConfig(model="scripted", sections={"decisions": SectionConfig(model=None)})
    minutes, _ = written(GOOD, config=config)
    assert minutes.provenance.engine == "scripted"
    assert minutes.decisions == write_minutes(meeting(MEETING), date="2023-10-12").decisions
    assert "La section «\xa0Décisions\xa0» a été rédigée à part, sans modèle de langue." in to_markdown(minutes)


def test_what_is_to_be_verified_goes_with_its_section():
    wrong = {**GOOD, "actions": [{**GOOD["actions"][0], "what": "Louer un avion", "quote": None}]}
    whole, _ = written(wrong)
    apart, _ = written(wrong, config=MinutesConfig(model="scripted", sections={"actions": SectionConfig(model=None)}))
    assert "Louer un avion" in [v.text for v in whole.to_verify]
    assert "Louer un avion" not in [v.text for v in apart.to_verify]
