"""The model that finds items: its features, what it finds, and its training."""

import numpy as np
import pytest

from dialogue.core.transcript import Speaker, Transcript, Utterance
from dialogue.minutes import write_minutes
from dialogue.minutes.acts import Finder, training
from dialogue.minutes.acts.features import COLUMNS, TOTAL, vectors
from dialogue.minutes.acts.finder import KINDS
from dialogue.minutes.acts.training import Conversation

TALK = [  # nothing of it is in the corpus
    ("Odile", "Alors, les rideaux de la salle des fêtes, ils tombent en morceaux. On les change ou on les recoud ?"),
    ("Farid", "Les recoudre, ça tiendra pas l'hiver."),
    ("Odile", "Donc on les change. En coton, comme avant ?"),
    ("Sven", "Du coton, oui, très bien."),
    ("Odile", "Farid, tu peux demander un prix au tapissier avant vendredi ?"),
    ("Farid", "Oui, pas de problème."),
    ("Sven", "Et la clé du placard, qui c'est qui l'a ?"),
    ("Odile", "Aucune idée, je ne sais pas du tout."),
]


def transcript(talk: list[tuple[str, str]]) -> Transcript:
    names = list(dict.fromkeys(name for name, _ in talk))
    said = [
        Utterance(f"u{n}", f"spk{names.index(who)}", 4.0 * n, 4.0 * n + 3, text) for n, (who, text) in enumerate(talk)
    ]
    return Transcript(
        "m", 4.0 * len(talk), "fr", tuple(Speaker(f"spk{n}", who) for n, who in enumerate(names)), tuple(said)
    )


def test_accents_capitals_and_numbers_do_not_matter() -> None:
    one, other = (vectors([text], ["a"]) for text in ("Décidé à 15 h, Zoé !", "decide a 9 h, zoe !"))
    assert abs(one - other).max() == 0


def test_an_utterance_sees_its_neighbours() -> None:
    alone = vectors(["oui"], ["a"])
    between = vectors(["on vote ?", "oui", "donc adopté"], ["a", "b", "a"])[1]
    assert alone.shape == between.shape == (1, TOTAL)
    assert abs(alone[:, : 2 * COLUMNS] - between[:, : 2 * COLUMNS]).max() == 0
    assert between[:, 2 * COLUMNS :].sum() > alone[:, 2 * COLUMNS :].sum()


def test_no_utterances_make_no_items() -> None:
    assert Finder.load().find([], []) == []
    assert Finder.load().find(["…", ""], [None, None]) == []


def test_items_of_a_talk_that_was_never_seen() -> None:
    written = write_minutes(transcript(TALK), date="2024-03-04")
    assert any("rideaux" in d.text or "change" in d.text for d in written.decisions if d.status == "decided")
    [action] = [a for a in written.actions if "u4" in a.evidence[0].utterance_ids]
    assert (action.owner, action.due_iso) == ("Farid", "2024-03-08")
    assert any("placard" in q.text for q in written.open_questions)


def test_talk_that_decides_nothing_has_no_items() -> None:
    talk = [
        ("Odile", "Il a plu tout le week-end, le jardin est une mare."),
        ("Farid", "Chez moi aussi, la cave est humide."),
        ("Odile", "L'an dernier, c'était pareil à la même date."),
        ("Farid", "Et l'année d'avant, on avait eu de la neige."),
    ]
    written = write_minutes(transcript(talk))
    assert (written.decisions, written.actions, written.open_questions, written.next_meeting) == ((), (), (), None)


def conversation(hand: str, n: int) -> Conversation:
    """Return a talk in which somebody proposes, agrees, takes a task, asks in vain, and fixes a date."""
    texts = [
        f"je raconte la chose numéro {n}", "il fait beau dehors", f"je propose de peindre le mur {n}", "oui d'accord",
        "encore un mot sur le temps", f"tu prépares la liste {n} ?", "oui je la prépare", "rien de neuf",
        "rien du tout",
        "la clé, où est-elle ?", "personne ne sait", "on se revoit quand ?", "prochaine réunion lundi",
    ]  # fmt: skip
    acts = "inform other propose agree other request commit other other ask inform meet meet".split()
    items = [("decision", {2, 3}), ("action", {5, 6}), ("question", {9, 10}), ("meeting", {11, 12})]
    speakers = ["a" if k % 2 else "b" for k in range(len(texts))]
    return Conversation(f"{hand}-{n}", hand, texts, speakers, ("a", "b"), acts, [(k, frozenset(v)) for k, v in items])


@pytest.fixture(scope="module")
def trained() -> Finder:
    pytest.importorskip("sklearn")
    return training.train([conversation(hand, n) for hand in ("h1", "h2") for n in range(6)])


def test_training_finds_items_again(trained: Finder) -> None:
    new = conversation("h3", 99)
    found = [item for item in trained.find(new.texts, new.speakers, new.names) if item.probability >= 0.5]
    assert sorted(item.kind for item in found) == sorted(KINDS)
    wanted = dict(new.items)
    assert all(wanted[item.kind] & set(item.utterances) for item in found)


def test_a_saved_model_finds_the_same(trained: Finder, tmp_path) -> None:
    from safetensors.numpy import load_file

    new = conversation("h3", 7)
    training.save(trained, tmp_path / "head.safetensors")
    again = Finder(load_file(tmp_path / "head.safetensors"))
    assert again.find(new.texts, new.speakers) == trained.find(new.texts, new.speakers)


def test_the_model_of_the_package_is_small_and_finite() -> None:
    weights = Finder.load().weights
    assert sum(w.nbytes for w in weights.values()) < 4e6
    assert all(np.isfinite(w.astype(float)).all() for w in weights.values())


@pytest.mark.parametrize(
    ("when", "iso"),
    [
        ("d'ici fin mars", "2024-03-31"),
        ("pour la mi-avril", "2024-04-15"),
        ("d'ici la fin de la semaine", "2024-03-10"),
        ("avant vendredi", "2024-03-08"),
        ("le 20", "2024-03-20"),
    ],
)
def test_a_task_is_due_on_a_day(when: str, iso: str) -> None:
    talk = [("Odile", f"Farid, tu peux envoyer le devis des rideaux {when} ?"), ("Farid", "Oui, d'accord.")]
    [action] = write_minutes(transcript(talk), date="2024-03-04").actions
    assert (action.owner, action.due_iso) == ("Farid", iso)


def test_two_who_take_a_task_own_it_both() -> None:
    talk = [
        ("Odile", "Il faudrait que quelqu'un range la réserve avant samedi."),
        ("Farid", "Lise et moi, on s'en occupe vendredi."),
        ("Lise", "Oui, je viens avec toi."),
    ]
    [action] = write_minutes(transcript(talk), date="2024-03-04").actions
    assert action.owner == "Farid et Lise"


def test_a_person_who_is_not_there_owns_what_they_shall_do() -> None:
    talk = [
        ("Odile", "Pour le rapport annuel, il faudra que Priscilla nous envoie les chiffres avant le 15 mars."),
        ("Farid", "C'est noté, on lui dira à son retour."),
    ]
    [action] = write_minutes(transcript(talk), date="2024-03-04").actions
    assert (action.owner, action.owner_id, action.due_iso) == ("Priscilla", None, "2024-03-15")
