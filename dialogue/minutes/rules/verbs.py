"""Verbs of work, with tables from their spoken forms to the infinitive.

``je prépare``, ``je vais préparer``, ``je préparerai`` and, as recognisers write it, ``je vais préparé`` all give
``préparer``. Without accents most of the conjugation is regular; irregular verbs are listed with their stems.
"""

from __future__ import annotations

from dialogue.french.text import fold

# Each of these is a task whoever says it. Verbs of saying, knowing and being are omitted on purpose.
REGULAR = """préparer rédiger réserver contacter relancer vérifier tester installer commander organiser
    planifier terminer corriger partager publier créer ajouter compléter chiffrer lancer inviter imprimer
    documenter valider signer facturer recruter former apporter ramener récupérer négocier déposer poster
    télécharger archiver sauvegarder configurer déployer mesurer calculer évaluer comparer analyser annoter
    transcrire nettoyer réparer remplacer changer modifier programmer renvoyer finaliser formaliser consulter
    solliciter formuler bloquer caler booker mailer transférer uploader livrer acheter gérer débloquer
    dessiner coder développer migrer mettre_à_jour arranger commencer avancer embaucher louer rassembler
    collecter synthétiser résumer illustrer filmer photographier enregistrer diffuser communiquer informer
    expédier assembler monter peindre ranger livrer élaborer actualiser vendre""".split()
WEAK_REGULAR = """demander regarder donner chercher trouver montrer présenter noter passer proposer discuter aider poser
    rencontrer arrêter garder amener tenter étudier examiner""".split()  # tasks only with a date or after a request
IRREGULAR = {  # infinitive: (present after "je", present after "il", stem of the future)
    "envoyer": ("envoie", "envoie", "enverr"),
    "renvoyer": ("renvoie", "renvoie", "renverr"),
    "appeler": ("appelle", "appelle", "appeller"),
    "rappeler": ("rappelle", "rappelle", "rappeller"),
    "payer": ("paie", "paie", "paier"),
    "nettoyer": ("nettoie", "nettoie", "nettoier"),
    "essayer": ("essaie", "essaie", "essaier"),
    "écrire": ("écris", "écrit", "écrir"),
    "réécrire": ("réécris", "réécrit", "réécrir"),
    "transcrire": ("transcris", "transcrit", "transcrir"),
    "inscrire": ("inscris", "inscrit", "inscrir"),
    "finir": ("finis", "finit", "finir"),
    "fournir": ("fournis", "fournit", "fournir"),
    "définir": ("définis", "définit", "définir"),
    "établir": ("établis", "établit", "établir"),
    "remplir": ("remplis", "remplit", "remplir"),
    "réunir": ("réunis", "réunit", "réunir"),
    "transmettre": ("transmets", "transmet", "transmettr"),
    "remettre": ("remets", "remet", "remettr"),
    "soumettre": ("soumets", "soumet", "soumettr"),
    "traduire": ("traduis", "traduit", "traduir"),
    "construire": ("construis", "construit", "construir"),
    "produire": ("produis", "produit", "produir"),
    "relire": ("relis", "relit", "relir"),
    "prévenir": ("préviens", "prévient", "préviendr"),
    "obtenir": ("obtiens", "obtient", "obtiendr"),
    "refaire": ("refais", "refait", "refer"),
    "reprendre": ("reprends", "reprend", "reprendr"),
    "vendre": ("vends", "vend", "vendr"),
    "répondre": ("réponds", "répond", "répondr"),
}
WEAK_IRREGULAR = {
    "faire": ("fais", "fait", "fer"),
    "voir": ("vois", "voit", "verr"),
    "revoir": ("revois", "revoit", "reverr"),
    "mettre": ("mets", "met", "mettr"),
    "prendre": ("prends", "prend", "prendr"),
    "lire": ("lis", "lit", "lir"),
    "ouvrir": ("ouvre", "ouvre", "ouvrir"),
    "choisir": ("choisis", "choisit", "choisir"),
    "rendre": ("rends", "rend", "rendr"),
    "tenir": ("tiens", "tient", "tiendr"),
}
# A request to do one of these asks for words now, not for work later.
SAYING = frozenset(
    """dire redire parler expliquer repeter raconter rappeler preciser confirmer decrire commenter repondre
    resumer presenter developper conclure intervenir ecouter entendre comprendre attendre rester laisser
    passer poser donner epeler voir savoir regarder etre avoir aller venir croire penser imaginer noter
    prendre faire avancer continuer commencer finir terminer montrer mettre reprendre arreter essayer respirer
    bouger tenir marcher lire eclairer introduire reagir enchainer ouvrir tousser lever souffler compter
    tourner parler partager""".split()
)

INFINITIVE: dict[str, str] = {}  # folded infinitive, or participle as recognisers write it -> infinitive
PRESENT: dict[str, str] = {}  # folded form after "je" -> infinitive
PRESENT_3: dict[str, str] = {}  # after "il", "on", a name
FUTURE: dict[str, str] = {}  # after "je", with the conditional, which sounds alike
FUTURE_3: dict[str, str] = {}
WEAK = {fold(v) for v in [*WEAK_REGULAR, *WEAK_IRREGULAR]}

for _verb in [*REGULAR, *WEAK_REGULAR, *IRREGULAR, *WEAK_IRREGULAR]:
    _verb = _verb.replace("_", " ")
    _infinitive, _, _rest = _verb.partition(" ")
    if _verb in IRREGULAR or _verb in WEAK_IRREGULAR:
        _je, _il, _future = (IRREGULAR | WEAK_IRREGULAR)[_verb]
    elif _infinitive == "mettre":
        _je, _il, _future = ("mets", "met", "mettr")
    elif _infinitive.endswith("er"):
        _je = _il = _infinitive[:-2] + "e"
        _future = _infinitive
    else:
        continue  # listed as irregular too
    if _rest:
        continue  # "mettre à jour" is "mettre" with its object
    INFINITIVE[fold(_infinitive)] = _verb
    if _infinitive.endswith("er"):
        INFINITIVE.setdefault(fold(_infinitive[:-2] + "é"), _verb)
    PRESENT.setdefault(fold(_je), _verb)
    PRESENT_3.setdefault(fold(_il), _verb)
    FUTURE |= {fold(_future + ending): _verb for ending in ("ai", "ais")}
    FUTURE_3 |= {fold(_future + ending): _verb for ending in ("a", "ait")}


def is_weak(infinitive: str) -> bool:
    """Tell whether a verb makes a task only with a date, or as the answer to a request."""
    return fold(infinitive) in WEAK


def guess_infinitive(form: str) -> str | None:
    """Guess the infinitive of an unlisted verb from its present after "je": ``je duplique`` gives ``dupliquer``."""
    return form.replace("è", "e") + "r" if len(form) > 3 and form.endswith("e") else None
