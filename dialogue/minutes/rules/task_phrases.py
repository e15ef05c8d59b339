"""Read a task as it is said: its verb, object and date. Holds the patterns that several speech acts share."""

from __future__ import annotations

import re
from dataclasses import dataclass

from dialogue.french.dates import DateMention, mentions
from dialogue.french.sentences import Sentence, clauses
from dialogue.french.text import cue, fold
from dialogue.minutes.rules import verbs
from dialogue.minutes.rules.objects import object_of

PRONOUN = r"(?:[tlm](?:'|\s)|s'|(?:te|vous|lui|leur|le|la|les|en|y|nous|me|se)(?!\w))"
FILLER = (
    r"(?:donc|aussi|peut-etre|juste|quand meme|deja|alors|tout de suite|bien|encore|plutot|simplement|egalement)(?!\w)"
)
BETWEEN = rf"(?P<between>(?:(?:{PRONOUN}|{FILLER})[\s,]*)*)"
REQUEST = re.compile(
    rf"(?<![\w'])(?:(?P<ask>(?:est-ce que |est ce que )?(?:tu|vous) (?:peux|pouvez|pourrais|pourriez|veux bien|"
    rf"voulez bien)|peux-tu|pourrais-tu|pouvez-vous|pourriez-vous|peux tu|pouvez vous|(?:je|on) (?:te|vous) laisse|"
    rf"je (?:te|vous) demande de|je (?:te|vous) charge de|merci de|pensez? a|n'oublie[sz]? pas de|oublie[sz]? pas de)|"
    rf"(?P<order>(?:tu|vous) (?:vas|allez|dois|devez|devras|devrez|devrais|devriez)|"
    rf"il (?:faut|faudrait|faudra) que (?:tu|vous))|"
    rf"(?P<anyone>(?:est-ce que )?(?:qui|quelqu'un) (?:peut|pourrait|veut|veut "
    rf"bien)))\s+{BETWEEN}(?P<verb>[a-z-]{{3,}})(?!\w)"
)
TELL = re.compile(rf"(?<![\w'])(?P<who>tu|vous)\s+{BETWEEN}(?P<verb>[a-z]{{4,}}?)(?P<ending>es|s|ez)(?!\w)")
IMPERATIVE = re.compile(
    r"(?:^|[,;:.]\s*|\b(?:et|alors|donc|bon)\s+)(?P<verb>[a-z]{3,}?)(?P<ez>ez)?-(?:moi|nous|lui|leur|le|la|les|"
    r"en)(?:-(?:moi|nous|lui|leur))?(?!\w)"
)
GENERIC = cue(
    "je m'en (?:occupe|charge|occuperai|chargerai|occuperais)",
    "je (?:vais|peux|veux bien) m'en (?:occuper|charger|occupe|charge)",
    "je (?:le|la|les) (?:fais|ferai|ferais)", "je (?:vais|peux|veux bien) (?:le|la|les) faire",
    "je (?:le |la |les )?prends(?: ca| l'action| le point| la tache|(?=[\\s,.!]*$))",
    "je (?:le|la|les) prends (?:en charge|pour moi)", "je gere(?=[\\s,.!]*$)",
    "(?:comptez|compte) sur moi", "je m'y (?:mets|colle|attelle)", "je vais m'y (?:mettre|coller|atteler)",
    "c'est moi qui (?:m'en (?:occupe|charge)|m'y colle|(?:le|la|les) (?:fais|prends))",
    "laissez?-moi faire",
    "moi je peux", "je peux faire ca", "je fais ca", "je vais faire ca",
)  # fmt: skip
NOT_TAKEN = re.compile(
    r"[\s,]*(?:pas|plus|jamais|toujours|deja|d'habitude|souvent|parfois|depuis|quand|lorsque|si|comme|"
    r"[a-z]{2,}(?:er|ir|oir|re))(?!\w)"
)
VOLUNTEERS = re.compile(r"[\s,.!]*(?:(?:oui|ok|bon|bah|alors)[\s,.!]+)*moi(?: je veux bien| volontiers)?[\s,.!]*")
COMMIT = re.compile(
    rf"(?<![\w'])(?P<need>(?:il (?:faut|faudrait|faudra) )?que )?j(?:e\s+|'\s?){BETWEEN}"
    rf"(?:(?P<modal>vais|peux|pourrai|pourrais|dois|compte|veux bien|me propose de|m'engage a|vais devoir|prevois de|"
    rf"pense|aurai)[\s,]+"
    rf"(?P<inner>(?:(?:{PRONOUN}|{FILLER})\s*)*))?(?P<verb>[a-z]{{3,}})(?!\w)"
)
NEED = re.compile(
    rf"(?<![\w'])(?:il (?:faut|faudrait|faudra)|(?:on|nous) (?:doit|devrait|va devoir|devons|pourrait)|reste a|"
    rf"il reste a|il manque|qui (?:peut|pourrait|veut))"
    rf"\s+(?P<between>(?:(?:{FILLER}|{PRONOUN})\s*)*?)(?:que (?:quelqu'un|l'on)\s+|qu'(?:on|"
    rf"quelqu'un)\s+)?(?P<verb>[a-z]{{4,}})(?!\w)"
)
WHO = re.compile(rf"(?<!\w)qui (?:est-ce qui )?{BETWEEN}(?P<verb>[a-z]{{4,}})(?!\w)")
OF = re.compile(r"\s+(?:(?:de|du|des)\b|d')")  # "je m'occupe du traiteur"
UNLESS = re.compile(
    r"(?:\b(?:si|quand|lorsque|comme|pendant que|depuis que|comment|pourquoi|ce que|avant que|des que|est-ce que|"
    r"puisque|la fois ou|toujours)|qu'?e?)[\s,]*$"
)
HABIT = re.compile(r"\b(?:tous les|toutes les|chaque|d'habitude|toujours|souvent|le plus souvent)\b")
# verbs that are reflexive as tasks, and their pronoun: "tu peux t'occuper du devis", "il faut se renseigner"
REFLEXIVE = frozenset("occuper charger renseigner assurer inscrire organiser coordonner".split())
ONESELF = re.compile(r"(?<!\w)(?:[tms](?:'|\s)|(?:te|me|se|vous|nous)(?!\w))")
LIST_END = re.compile(r"[\s,]+(?:et|pour|avant|le|la|a|de|en|d'ici|des|vers|ou|au|puis|donc|alors|oui|la-bas)$")


@dataclass(frozen=True, slots=True)
class Candidate:
    """A candidate action, before its owner's name and date are written out."""

    verb: str | None
    what: str
    owner_id: str | None
    owner: str | None
    sources: tuple[Sentence, ...]
    owner_source: Sentence | None
    confidence: float
    due: tuple[str, DateMention] | None = None
    generic: bool = False


def takes(folded: str) -> bool:
    """Tell whether the speaker takes on what was just said: ``je m'en occupe``, but not ``je m'en occupe pas``."""
    found = GENERIC.search(folded)
    return bool(found and not NOT_TAKEN.match(folded, found.end()))


def asked_who(sentence: Sentence) -> tuple[str, int, str, bool] | None:
    """Read ``Qui prévient la mairie ?``: infinitive, end of the verb, pronouns, and ``False`` (not an order)."""
    found = WHO.search(sentence.folded) if sentence.question else None
    infinitive = verbs.PRESENT_3.get(found["verb"]) or verbs.FUTURE_3.get(found["verb"]) if found else None
    return (infinitive, found.end(), found["between"], False) if found and infinitive else None


def said_infinitive(sentence: Sentence, found: re.Match[str]) -> str | None:
    """Return the infinitive of a request or need: of a listed verb, else the word itself or a guess."""
    form = found["verb"]
    known = verbs.INFINITIVE.get(form) or verbs.PRESENT_3.get(form)
    written = sentence.text[slice(*found.span("verb"))].lower()
    if known or re.search(r"(?:er|ir|re|oir)$", form):
        return known or written
    return verbs.guess_infinitive(written)


def told_to(folded: str) -> tuple[str, int, str, bool] | None:
    """Read ``tu prépares le budget`` or ``envoyez-nous le devis``.

    Returns:
        Infinitive, end of the verb, pronouns, and whether it is an order in the present tense.
    """
    for found in TELL.finditer(folded):
        if UNLESS.search(folded[: found.start()]):
            continue
        stem, ending = found["verb"], found["ending"]
        later = verbs.FUTURE_3.get(stem) if ending == "s" else verbs.FUTURE.get(stem + "ai")
        if later and not verbs.is_weak(later):
            return later, found.end(), found["between"], False
        form = stem + "er" if ending == "ez" else stem + ("e" if ending == "es" else "")
        infinitive = (
            verbs.INFINITIVE.get(form) if ending == "ez" else verbs.PRESENT.get(form) or verbs.PRESENT.get(form + "s")
        )
        if infinitive and not verbs.is_weak(infinitive) and (found["who"] == "vous") == (ending == "ez"):
            return infinitive, found.end(), found["between"], True
    imperative = IMPERATIVE.search(folded)
    if imperative:
        form = imperative["verb"] + ("er" if imperative["ez"] else "")
        infinitive = verbs.INFINITIVE.get(form) if imperative["ez"] else verbs.PRESENT.get(form)
        if infinitive and not verbs.is_weak(infinitive) and imperative["verb"] not in verbs.SAYING:
            return infinitive, imperative.end(), "", True
    return None


def commits(folded: str) -> bool:
    found = COMMIT.search(folded)
    if takes(folded) or VOLUNTEERS.fullmatch(folded):
        return True
    infinitive = infinitive_of(found) if found else None
    return bool(infinitive and not re.match(r"\s*pas\b", folded[found.end() :]) if found else False)


def infinitive_of(found: re.Match[str]) -> str | None:
    verb = found["verb"]
    if found["modal"] == "aurai":
        return verbs.INFINITIVE.get(verb)
    if found["modal"]:
        return verbs.INFINITIVE.get(verb)
    return verbs.PRESENT.get(verb) or verbs.FUTURE.get(verb)


def object_pronoun(found: re.Match[str]) -> str | None:
    pronouns = re.findall(r"(?:\b(?:le|la|les|en)\b|l')", (found["inner"] or found["between"] or ""))
    return pronouns[-1] if pronouns else None


def phrase(
    sentence: Sentence,
    infinitive: str,
    end: int,
    between: str,
    due: tuple[str, DateMention] | None,
    pronoun: str | None = None,
    meant: str | None = None,
) -> str:
    """Return infinitive and object: ``préparer les partitions``; ``meant`` is what the pronoun stands for, if known."""
    rest = object_of(sentence, end, due[1] if due else None)
    rest = LIST_END.sub("", rest)
    dative = re.search(r"\b(?:lui|leur)\b", between)
    if pronoun and meant is None:
        elided = pronoun in ("le", "la", "l'") and infinitive[0] in "aeiouyéèêh"
        return f"{'l’' if elided else pronoun + ' '}{infinitive} {rest}".strip()
    rest = f"{meant or ''} {rest}".strip()
    if fold(infinitive) in REFLEXIVE and ONESELF.search(between):
        infinitive = ("s'" if infinitive[0] in "aeiou" else "se ") + infinitive
    lead = f"{dative[0]} " if dative else ""
    return f"{lead}{infinitive} {rest}".strip()


def due_of(sentence: Sentence, end: int) -> tuple[str, DateMention] | None:
    """Return the date in the clause around ``end``, as words and mention; never a past or habitual one."""
    folded = sentence.folded
    spans = clauses(folded)
    here = next((n for n, (_, stop) in enumerate(spans) if end < stop), len(spans) - 1)
    found = [
        m
        for m in mentions(sentence.text, folded)
        if not m.past and not m.habit and not HABIT.search(folded[max(0, m.begin - 12) : m.begin])
    ]
    if end == 0:
        after = found
    else:
        begin, stop = spans[here]
        after = [m for m in found if begin <= m.begin < stop and m.begin >= end - 1]
        if not after:
            before = [m for m in found if begin <= m.begin < end]
            if here and len(folded[slice(*spans[here - 1])].split()) <= 6:
                before += [m for m in found if spans[here - 1][0] <= m.begin < spans[here - 1][1]]
            if here + 1 < len(spans) and len(folded[slice(*spans[here + 1])].split()) <= 6:
                before += [m for m in found if spans[here + 1][0] <= m.begin < spans[here + 1][1]]
            after = before
    best = next((m for m in after if m.deadline), after[0] if after else None)
    return (sentence.text[best.begin : best.end].strip(), best) if best else None


def fold_verb(infinitive: str) -> str:
    return fold(infinitive)
