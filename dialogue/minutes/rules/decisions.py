"""Find what was decided, proposed or rejected, from speech acts.

There are three ways to a decision: a speaker states it (``c'est décidé : ...``, ``on part sur ...``); a speaker asks
for agreement and gets it (``..., c'est validé ?`` ``Validé.``); or a speaker proposes and another agrees. A refused
proposal is kept as rejected. One without an answer is kept as proposed, if it was worded as a proposal.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

from dialogue.french.sentences import Sentence
from dialogue.french.text import content_words, cue, fold, overlap, tidy
from dialogue.minutes.document import Decision
from dialogue.minutes.rules.citations import joined_evidence
from dialogue.minutes.rules.responses import answers, read

_ADVERB = r"(?: (?:donc|bien|bon|enfin|tous|toutes|finalement|ensemble|du coup|alors|clairement|collectivement))*"
EXPLICIT = cue(
    rf"c'est{_ADVERB} (?:decidee?|actee?|validee?|adoptee?|tranchee?|convenue?)",
    rf"on{_ADVERB} (?:decide|acte|valide|adopte|tranche|retient|choisit)(?! (?:rien|pas|plus|jamais|ca|quand|qui|quoi|"
    rf"comment|si))",
    rf"on{_ADVERB} (?:opte pour|part sur|s'arrete sur|s'accorde (?:pour|sur)|convient (?:de|que))",
    rf"on (?:va|peut){_ADVERB} (?:partir sur|retenir|opter pour|acter|valider)",
    rf"on est{_ADVERB} d'accord (?:pour|que|sur le fait)", rf"on se met{_ADVERB} d'accord (?:pour|sur)",
    r"nous (?:decidons|actons|validons|adoptons|retenons|optons|convenons|partons sur)(?! (?:rien|pas))",
    r"(?:la|notre) decision est", "decision prise", "je prends la decision", "va pour", "adopte a l'unanimite",
    "il (?:a ete|est) (?:donc )?(?:decide|convenu|acte) (?:de|que|qu')",
)  # fmt: skip
PASSIVE = re.compile(
    r"(?<!\w)(?:les? |la |l')[\w' -]{3,60}? (?:est|sont) (?:donc|ainsi|alors) (?:adopte|valide|acte|approuve|vote|"
    r"retenu)e?s?(?!\w)"
)
STATES = re.compile(r"c'|c |(?:la|notre) decision|decision|je prends|va pour|il |adopte")  # the decision comes after
REPORTED = cue(  # tells about the past, unless the meeting concludes with it
    rf"(?:on a|nous avons){_ADVERB} (?:decide|acte|valide|choisi|retenu|convenu|opte|tranche)(?! (?:rien|pas))"
)
CONCLUDES = cue(
    "donc",
    "bon",
    "ok",
    "alors",
    "voila",
    "du coup",
    "finalement",
    "pour resumer",
    "en resume",
    "aujourd'hui",
    "ensemble",
)
CONCLUSION = cue(
    r"(?:donc|bon|du coup|finalement|ok|parfait|tres bien|d'accord)(?: donc| alors| du coup)* "
    r"(?:on|nous) (?:annule|reporte|decale|maintient|garde|choisit|prend|commence par|lance|supprime|repousse|avance|"
    r"conserve|remplace|fixe|limite|reste sur|fait)(?!\w)(?! (?:ca|comme|quoi|comment|une pause|la pause|un point|"
    r"le point|le tour|pas|rien))"
)
REFUSED = cue(
    r"on ne (?:retient|garde|part|valide|prend|maintient) pas", r"on (?:retient|garde|part|valide) pas",
    r"on (?:abandonne|ecarte|renonce a|renonce au|laisse tomber)", r"c'est (?:refuse|rejete|exclu|abandonne)e?",
)  # fmt: skip
PROPOSAL = cue(
    r"(?:je|on) (?:te |vous )?(?:propose|suggere|proposerais|suggererais)(?: donc| plutot| juste|"
    r" bien)*(?=[\s,]+(?:qu|de\s|d'))",
    r"et si (?:on|nous)(?=\s+(?:l'|les? |la |en |y |se |s')?\w+(?:ait|ions)\b)",
    r"pourquoi (?:est-ce qu'on |on )?ne pas", r"pourquoi pas(?=\s\w+er\s)",
    r"ma proposition (?:c'est|est|serait)", r"je serais (?:d'avis|pour)(?=[\s,]+(?:qu|de\s|d'))",
)  # fmt: skip
WEAK_PROPOSAL = cue(
    r"il (?:faut|faudrait)(?: absolument| aussi| vraiment| bien)*(?=\s+(?:qu'\s?on|que\s+nous)\s)",
    r"on(?=\s+(?:pourrait|devrait)\s)",
    r"on n'a qu'a", r"ce serait (?:bien|mieux)",
)  # fmt: skip
CONSULT = re.compile(
    r"(?:^|[\s,.:;])(?:(?:est-ce que )?(?:c'est|on) (?:valide|bon|ok|acte|decide|"
    r"adopte)(?: pour (?:vous|toi|tout le monde|tous))?|"
    r"(?:est-ce que )?ca (?:vous|te|nous) (?:va|convient)(?: a tous| a toutes| comme ca)?|"
    r"(?:est-ce que )?(?:tout le monde est|vous etes|on est|t'es|tu es|nous sommes)(?: bien| tous|"
    r" tous bien)? (?:d'accord|ok)(?: avec ca| la-dessus)?|"
    r"(?:etes-vous|es-tu) d'accord|d'accord pour tout le monde|(?:pas|il n'y a pas|y a pas|des|"
    r"aucune?) (?:d')?objections?|(?:qui est|des gens) contre|on fait comme ca|on est bon|vous validez|"
    r"tu valides)\s*[?.!]*\s*$"
)
HYPOTHESIS = re.compile(
    r"(?:\b(?:si|quand|comment|lorsque|pourquoi|qui|ou|est-ce|ce|avant|des|une fois|tant|avoir|sans)\b|qu'?e?|"
    r"s')[\s,]*$"
)
REASON = re.compile(r",?\s*\b(?:(?:parce |vu |puis)qu(?:e\b|')|(?:car|sinon|comme ca|ca evitera|mais)\b)")
PROCEDURE = re.compile(
    r"\b(?:premier|deuxieme|troisieme|prochain|dernier|autre) (?:point|sujet|intervenant)|point suivant|ordre du jour|"
    r"tour de table|compte[- ]rendu precedent|la reunion\b|\bpause\b|question suivante|\b(?:on|nous) avance\b|"
    r"\bmots? de\b"
)
SPLIT = re.compile(r"\s*,?\s*\bet\s+(?=(?:qu')?(?:on|nous|les|le|la|l'|des|il|elle)\b)")
VERB = re.compile(r"\b(?:on|nous|est|sont|sera|seront|va|vont|doit|doivent|a ete|ont ete|reste|restent)\b")
IMPERFECT = {
    "fais": "faire",
    "pren": "prendre",
    "mett": "mettre",
    "voy": "voir",
    "part": "partir",
    "av": "avoir",
}
IMPERFECT |= {
    "etend": "étendre",
    "pouv": "pouvoir",
    "rend": "rendre",
    "finiss": "finir",
    "choisiss": "choisir",
    "ten": "tenir",
}
PLAN = re.compile(  # what "we" do, at the start of a clause
    r"(?:^|[,.:;]\s*|\b(?:alors|donc|bon|et|ok|moi|parfait|super)\s+|qu'\s?)(?:on|nous|il (?:faut|faudrait)|je propose|"
    r"et si on)\b"
    r"(?! (?:ne |n')?(?:sait|est|etait|a|avait|voit|dit|peut dire|parle|parlait|vous|te|t'|en est|nous)\b)"
)
OPENING = re.compile(
    r"(?i)^\W*(?:(?:super|parfait|bon|donc|alors|ok|très bien|oui|et|mais|d['’]accord|du coup|finalement|moi|"
    r"voilà)\b[\s,]*)+(?=(?:on|nous|les?|la|l['’]|il)\b)"
)
ASKED_PLAN = re.compile(
    r"\W*(?:(?:donc|du coup|alors|bon|et|ok|super|finalement|est-ce qu'|est-ce que)[\s,]*)*(?=on\s+(?!(?:ne |"
    r"n')?(?:sait|est|etait|a|avait|voit|dit|peut|parle|parlait|vous|te|nous|en|y|met|doit|devrait|pourrait|veut|fait|"
    r"va|avance|continue|commence)\b)\w{4,})"
)
TAG = re.compile(r"(?i)[\s,]*(?:,|\bet)\s*c['’]est (?:noté|décidé|acté|bon|validé|parti)\W*$")
LONG = 45  # words; a longer sentence argues rather than decides
MERGE = 0.5  # overlap of content words from which two statements are one decision


@dataclass(frozen=True, slots=True)
class _Found:
    text: str
    status: Literal["decided", "proposed", "rejected"]
    sources: tuple[Sentence, ...]
    explicit: bool


def decisions(spoken: Sequence[Sentence]) -> tuple[Decision, ...]:
    """Return the decisions of a meeting, in the order in which they were first proposed."""
    kept: list[_Found] = []
    alone = len({s.speaker for s in spoken}) == 1 and spoken[0].speaker is not None
    for sentence in spoken:
        for found in _acts(spoken, sentence, alone):
            _merge(kept, found)
    return tuple(
        Decision(
            f"d{n}",
            tidy(TAG.sub("", OPENING.sub("", found.text)), found.sources[0].people),
            found.status,
            joined_evidence(found.sources),
        )
        for n, found in enumerate((f for f in kept if f.status != "proposed" or f.explicit), 1)
    )


def _acts(spoken: Sequence[Sentence], sentence: Sentence, alone: bool) -> list[_Found]:
    folded, text = sentence.folded, sentence.text
    if len(folded.split()) > LONG:
        return []
    consult = CONSULT.search(folded) if sentence.question or len(folded.split()) > 4 else None
    if consult and (sentence.question or not _is_bare_agreement(folded)):
        content, source = _before(spoken, sentence, consult.start())
        if content and PLAN.search(source.folded) and len(source.folded.split()) <= LONG:
            proposal = PROPOSAL.search(source.folded) or WEAK_PROPOSAL.search(source.folded)
            if proposal:
                content = _content(source, proposal.end(), imperfect="si" in proposal[0])
            judged = _judge(spoken, sentence.index, content, (source, sentence), strong=True, needs_strong=False)
            if sentence.question or any(f.status == "decided" for f in judged):
                return judged
    if sentence.question and not PROPOSAL.search(folded):
        return _asked(spoken, sentence)
    refused = REFUSED.search(folded)
    if refused and not _hypothetical(folded, refused.start()):
        return [_Found(text, "rejected", (sentence,), explicit=False)]
    explicit = EXPLICIT.search(folded) or CONCLUSION.search(folded) or PASSIVE.search(folded)
    reported = REPORTED.search(folded)
    if reported and not alone and CONCLUDES.search(folded[: reported.start()]):
        explicit = explicit or reported
    if explicit and not _hypothetical(folded, explicit.start()) and not PROCEDURE.search(folded):
        return _explicit(spoken, sentence, explicit)
    proposal = PROPOSAL.search(folded)
    weak = None if proposal else WEAK_PROPOSAL.search(folded)
    if (
        (found := proposal or weak)
        and not PROCEDURE.search(folded)
        and not re.search(r"qu[e'] *$|ce que *$", folded[: found.start()])
    ):
        content = _content(sentence, found.end(), imperfect="si" in found[0].split())
        if weak and not PLAN.match(fold(content)):
            return []
        group = re.match(
            r"[\s,]*(?:qu'\s?(?:on|nous)|que (?:l'on|nous|tout le monde)|\w+(?:ait|ions))\b",
            folded[found.end() :],
        )
        personal = proposal is not None and proposal[0].startswith("je") and group is None
        return _judge(
            spoken,
            sentence.index,
            content,
            (sentence,),
            strong=proposal is not None and not personal,
            needs_strong=proposal is None,
        )
    return []


def _asked(spoken: Sequence[Sentence], sentence: Sentence) -> list[_Found]:
    """Find a plan in a question (``Du coup on refuse le devis ?``): a clear yes decides it, a clear no refuses it."""
    plan = ASKED_PLAN.match(sentence.folded)
    if not plan or PROCEDURE.search(sentence.folded):
        return []
    content = re.sub(r"(?i),?\s*ou (?:pas|non)\W*$", "", sentence.text[plan.end() :])
    found = _judge(spoken, sentence.index, content, (sentence,), strong=False, needs_strong=True)
    if found and found[0].status == "proposed":
        first = next(iter(answers(spoken, sentence.index, patience=1)), None)
        if first and first[0] == "no":
            return [replace(found[0], status="rejected", sources=(sentence, first[1]))]
    return [f for f in found if f.status != "proposed"]


def _explicit(spoken: Sequence[Sentence], sentence: Sentence, cue_: re.Match[str]) -> list[_Found]:
    verbal = re.match(r"(?:on|nous)\b|.*\b(?:on|nous) ", cue_[0])
    begin = cue_.end() if STATES.match(cue_[0]) else cue_.start()
    content = _content(sentence, begin)
    sources: tuple[Sentence, ...] = (sentence,)
    if len(content_words(content)) < (2 if verbal else 1):
        before = sentence.text[: cue_.start()]
        if len(content_words(before)) >= 2:
            content = before
        else:
            content, source = _before(spoken, sentence, cue_.start())
            sources = (source, sentence)
            proposal = PROPOSAL.search(source.folded) or WEAK_PROPOSAL.search(source.folded)
            if content and proposal:
                content = _content(source, proposal.end(), imperfect="si" in proposal[0].split())
    parts = _coordinated(content)
    return [_Found(part, "decided", sources, explicit=True) for part in parts if len(content_words(part)) >= 1]


def _judge(
    spoken: Sequence[Sentence],
    index: int,
    content: str,
    sources: tuple[Sentence, ...],
    *,
    strong: bool,
    needs_strong: bool,
) -> list[_Found]:
    """Return a proposal with the status that the answers give it."""
    if len(content_words(content)) < 2:
        return []
    heard = answers(spoken, index, patience=1 if needs_strong else 3)
    if heard and heard[0][0] == "unknown":
        return [_Found(content, "proposed", sources, explicit=strong)]
    agreed = [s for a, s in heard if a == "strong" or (a == "weak" and not needs_strong)]
    refused = [s for a, s in heard if a == "no"]
    if agreed and not refused:
        return [_Found(content, "decided", (*sources, agreed[0]), explicit=False)]
    if refused and not agreed and not needs_strong:
        return [_Found(content, "rejected", (*sources, refused[0]), explicit=False)]
    return [_Found(content, "proposed", sources, explicit=strong)]


def _merge(kept: list[_Found], new: _Found) -> None:
    for position in range(len(kept) - 1, max(-1, len(kept) - 40), -1):
        old = kept[position]
        if overlap(old.text, new.text) < MERGE:
            continue
        final = new.status if new.status != "proposed" else old.status
        if new.status == "rejected" and not new.explicit and old.status == "rejected":
            final = "rejected"
        text = new.text if new.explicit and new.status == "decided" and len(new.text) > 12 else old.text
        kept[position] = replace(
            old,
            text=text,
            status=final,
            sources=(*old.sources, *new.sources),
            explicit=old.explicit or new.explicit,
        )
        return
    if new.status == "rejected" and REFUSED.search(new.sources[0].folded):
        concluding = CONCLUDES.search(new.sources[0].folded[:25]) and len(content_words(new.text)) >= 2
        if not concluding or len(new.text.split()) > 20:
            return  # refusing something that nobody proposed is an opinion
    kept.append(new)


def _hypothetical(folded: str, start: int) -> bool:
    return bool(HYPOTHESIS.search(folded[:start]))


def _is_bare_agreement(folded: str) -> bool:
    return read(folded) in ("strong", "weak", "no") and len(content_words(folded)) < 2


def _before(spoken: Sequence[Sentence], sentence: Sentence, start: int) -> tuple[str, Sentence]:
    """Return what ``c'est validé`` refers to: the words before it, or the last thing said about what "we" do."""
    if len(content_words(sentence.text[:start])) >= 2:
        return sentence.text[:start], sentence
    for earlier in reversed(spoken[max(0, sentence.index - 4) : sentence.index]):
        plan = PLAN.search(earlier.folded)
        if plan and not earlier.question and len(content_words(earlier.text)) >= 2:
            return earlier.text, earlier
    return "", sentence


def _content(sentence: Sentence, begin: int, imperfect: bool = False) -> str:
    """Return the text of a statement from ``begin`` to the reason that follows it."""
    folded = sentence.folded
    skip = re.match(r"[\s:,]*(?:(?:que|de|alors|donc)\s+|qu'|d')?", folded[begin:])
    begin += skip.end() if skip else 0
    if folded[:begin].endswith(("si on", "si nous")):
        begin -= len("on" if folded[:begin].endswith("on") else "nous")
    elif re.match(r"[\s,]*(?:pourrait|devrait)", folded[begin:]) and folded[:begin].endswith("on"):
        begin -= 2
    reason = REASON.search(folded, begin + 8)
    consult = CONSULT.search(folded, begin)
    end = min(m.start() for m in (reason, consult) if m) if reason or consult else len(folded)
    text = sentence.text[begin:end]
    if imperfect and (found := re.match(r"(?:on|nous)\s+(\w+?)(?:ait|ions)\b(.*)", text, re.S)):
        stem = found[1]
        text = IMPERFECT.get(stem, stem + "er") + found[2]
    return text


def _coordinated(text: str) -> list[str]:
    """Split ``on commence par A, et B est gelé`` into two statements; a list of things stays whole."""
    for mark in SPLIT.finditer(text):
        first, second = text[: mark.start()], text[mark.end() :]
        if VERB.search(first) and VERB.search(second) and len(content_words(second)) >= 2:
            return [first, *_coordinated(re.sub(r"^qu['’]", "", second))]
    return [text]
