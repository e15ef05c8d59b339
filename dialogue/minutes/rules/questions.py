"""Find questions left open, and the next meeting."""

from __future__ import annotations

import datetime
import re
from collections.abc import Sequence

from dialogue.french.dates import DateMention, mentions
from dialogue.french.sentences import Sentence
from dialogue.french.text import content_words, cue, overlap, tidy
from dialogue.minutes.document import NextMeeting, Point
from dialogue.minutes.rules.citations import joined_evidence
from dialogue.minutes.rules.responses import WINDOW, answers, read
from dialogue.minutes.rules.task_phrases import REQUEST

OPEN = cue(  # said about a question, by anybody
    "(?:c'est|ca reste|reste) (?:donc |bien )?une question ouverte", "question (?:ouverte|en suspens)",
    "(?:reste|restent) a (?:trancher|decider|definir)",
    "on (?:ne )?(?:le|la|l'|les) (?:sait|a) (?:pas encore|toujours pas)", "on (?:ne )?sait pas encore",
    "(?:c'est|ca reste|reste) a (?:confirmer|trancher|definir|decider|voir)",
    "on (?:n')?a pas (?:encore )?tranche", "(?:on|nous) (?:n')?(?:a|avons) pas (?:encore )?(?:de|la) reponse",
    "(?:ce n'est|c'est|n'est) pas (?:encore )?(?:tranche|decide|defini|fixe|arrete)e?",
    "on verra (?:ca|plus tard|la prochaine fois)",
    "on (?:y|en) (?:reviendra|reparlera|reparle)", "a trancher plus tard",
    "on laisse (?:ca|la question) (?:ouverte?|en suspens)",
)  # fmt: skip
STATED = cue(  # itself says the open question
    "(?:reste|restent) a (?:trancher|decider|definir|savoir)", "(?:la|une|ma) question (?:reste|est|c'est)",
    "on ne sait pas encore (?=si|qui|quand|comment|ou|quel|combien)",
    "(?:on|nous) (?:n')?(?:a|avons) pas (?:encore )?(?:de|la) reponse (?:sur|pour|a propos d[eu])",
    "on sait pas encore (?=si|qui|quand|comment|ou|quel|combien)",
)  # fmt: skip
AFTER_ALL = cue(
    "ah si",
    "si si",
    "ah oui",
    "en fait si",
    "attends",
    "attendez",
    "je (?:viens de )?(?:retrouve|trouve|verifie|vois)",
    "ca y est",
)
PHATIC = cue(
    "ca va",
    "comment (?:ca va|allez-vous|vas-tu)",
    "vous m'entendez",
    "tu m'entends",
    "d'accord",
    "tu vois",
    "vous voyez",
    "n'est-ce pas",
    "non",
)
PERSONAL = re.compile(r"\bje (?:ne |n')?(?:le |la |les |l')?(?:en )?(?:sais|savais)\b")
ABOUT_US = re.compile(r"\b(?:on|nous|quels?|quelles?|combien|quand|qui|notre|nos)\b")
ABOUT_YOU = re.compile(r"\b(?:vous|votre|vos|tu|ton|ta|tes|il|elle|ils|elles|c'etait|ce matin|ca fait)\b")
NEXT = re.compile(
    r"(?<!\w)(?:prochaine? (?:reunion|rendez-vous|point|comite|seance|fois|rencontre|session|copil)(?!\w)|"
    r"(?:on|nous) se (?:revoit|retrouve|reunit|voit)|(?:on|nous) nous (?:revoyons|retrouvons|reunissons|voyons)|"
    r"nous nous (?:retrouvons|reunissons|revoyons)|"
    r"on (?:refait|fixe) (?:un point|une reunion|le prochain)|rendez-vous|a la prochaine)(?!\w)"
)
APPOINTMENT = re.compile(r"rendez-vous$|on se voit|on (?:refait|fixe)")


def open_questions(spoken: Sequence[Sentence]) -> tuple[Point, ...]:
    """Return questions that somebody calls open, or that another speaker could not answer.

    A rhetorical ``on ne sait pas`` by the speaker who asks, or a doubt followed by the answer, leaves nothing open.
    """
    found: dict[int, tuple[Sentence, list[Sentence]]] = {}  # index of the question -> question, sentences that say so
    for sentence in spoken:
        marked = OPEN.search(sentence.folded)
        if (
            sentence.question
            and not marked
            and not PHATIC.match(sentence.folded.strip(" ,"))
            and len(content_words(sentence.text)) >= 1
        ):
            doubt = _doubt(spoken, sentence)
            if doubt is not None:
                found.setdefault(sentence.index, (sentence, []))[1].append(doubt)
        elif marked and not (sentence.question and not STATED.search(sentence.folded)):
            asked = _question_before(spoken, sentence)
            stated = STATED.search(sentence.folded)
            own = stated is not None and len(content_words(sentence.text[stated.end() :])) >= 1
            if asked is not None and not (own and overlap(asked.text, sentence.text) == 0):
                found.setdefault(asked.index, (asked, []))[1].append(sentence)
            elif own:
                found.setdefault(sentence.index, (sentence, []))
    return tuple(_point(spoken, question, support) for question, support in found.values())


def next_meeting(spoken: Sequence[Sentence], meeting: datetime.date | None) -> NextMeeting | None:
    """Return the last announced date for meeting again."""
    last = None
    for sentence in spoken:
        announced = NEXT.search(sentence.folded)
        if announced is None or re.search(r"\b(?:derniere?|si|quand|ne)\s*$", sentence.folded[: announced.start()]):
            continue
        own = [(m, sentence) for m in ahead(sentence) if m.begin >= announced.start() - 25]
        if not own and not APPOINTMENT.search(announced[0]):
            for near in spoken[sentence.index + 1 : sentence.index + 4]:
                own += [(m, near) for m in ahead(near) if len(near.folded.split()) <= 12]
                if own:
                    break
        if not own:
            continue
        if APPOINTMENT.search(announced[0]) and sentence.index < len(spoken) * 2 // 3:
            continue  # halfway through, it is some other appointment, not the next meeting
        mention, where = own[0]
        raw = re.sub(r"(?i)^(?:pour|au|à|est|sera)\s+", "", where.text[mention.begin : mention.end].strip())
        last = NextMeeting(raw, mention.iso(meeting), joined_evidence([sentence, where]))
    return last


def spoken_date(spoken: Sequence[Sentence], meeting: datetime.date | None) -> tuple[str | None, str | None]:
    """Return the spoken date of the meeting itself (``on est le jeudi douze octobre``): words and, with a year, ISO."""
    today = cue(
        "on est",
        "nous sommes",
        "aujourd'hui",
        "nous voila",
        "reunion du",
        "seance du",
        "ce(?= (?:lundi|mardi|mercredi|jeudi|vendredi))",
    )
    for sentence in spoken[:60]:
        said = today.search(sentence.folded)
        if not said or sentence.start > 600:
            continue
        for mention in mentions(sentence.text, sentence.folded):
            if (mention.match["day"] or mention.match["iso"]) and 0 <= mention.match.start() - said.end() <= 12:
                raw = sentence.text[mention.match.start() : mention.match.end()]
                iso = mention.iso(meeting) if mention.match["year"] or mention.match["iso"] else None
                return re.sub(r"(?i)^le ", "", raw), iso[:10] if iso else None
    return None, None


def ahead(sentence: Sentence) -> list[DateMention]:
    """Return the dates in a sentence that may be those of a later meeting."""
    return [m for m in mentions(sentence.text, sentence.folded) if not (m.past or m.today or m.habit)]


def _doubt(spoken: Sequence[Sentence], question: Sentence) -> Sentence | None:
    """Return the sentence in which another speaker says that they do not know, unless somebody answers later."""
    doubt = None
    for later in spoken[question.index + 1 : question.index + 1 + WINDOW]:
        if later.question and doubt is None and later.speaker != question.speaker:
            return None  # a question in return
        if doubt is None:
            if later.speaker == question.speaker and later.speaker is not None:
                continue
            if read(later.folded) != "unknown":
                return None
            doubt = later
            if PERSONAL.search(later.folded) and not _about_us(question):
                return None
            if re.search(r"\d|\bmais (?:je dirais|je pense|a mon avis)\b", later.folded):
                return None
        elif AFTER_ALL.search(later.folded) or (
            later.speaker != question.speaker
            and not later.question
            and overlap(later.text, question.text) >= 0.5
            and not OPEN.search(later.folded)
            and read(later.folded) != "unknown"
        ):
            return None
        elif (
            later.speaker not in (question.speaker, doubt.speaker)
            and len(content_words(later.text)) >= 3
            and not later.question
        ):
            answered = read(later.folded) != "unknown" and re.search(
                r"\b(?:c'est|ce sera|il y a|on a|ca fait|ca coute|moi je sais|si)\b", later.folded
            )
            return None if answered else doubt
    return doubt


def _about_us(question: Sentence) -> bool:
    """Tell whether a question concerns the group; a doubt does not leave others open (``vous avez mal ?``)."""
    return bool(ABOUT_US.search(question.folded)) and not ABOUT_YOU.search(question.folded)


def _question_before(spoken: Sequence[Sentence], sentence: Sentence) -> Sentence | None:
    """Return the question that a sentence leaves open: the last one that nobody accepted or answered.

    If the recogniser missed the question, ``c'est une question ouverte`` refers to what another speaker said just
    before.
    """
    before = spoken[max(0, sentence.index - 4) : sentence.index]
    for earlier in reversed(before):
        if earlier.question and len(content_words(earlier.text)) >= 1:
            answered = any(
                a in ("strong", "weak", "no") for a, s in answers(spoken, earlier.index) if s.index < sentence.index
            )
            if not answered and not REQUEST.search(earlier.folded):
                return earlier
    for earlier in reversed(before):
        if earlier.speaker != sentence.speaker and re.search("question (?:ouverte|en suspens)", sentence.folded):
            return earlier if len(content_words(earlier.text)) >= 2 else None
    return None


def _point(spoken: Sequence[Sentence], question: Sentence, support: Sequence[Sentence]) -> Point:
    """Return the question, with what its speaker adds (``Parce que ...``) and the answer that left it open."""
    added = []
    for following in spoken[question.index + 1 : question.index + 3]:
        if (
            following.speaker != question.speaker
            or following.question
            or any(s.index <= following.index for s in support)
        ):
            break
        added.append(following)
    text = tidy(question.text, question.people)
    if question.question:
        text += " ?" if not text.endswith("?") else ""
    if added:
        text += " " + " ".join(tidy(a.text, a.people) + "." for a in added[:1])
    todo = next((t for s in support if (t := _todo(s))), None)
    return Point(f"{text} ({todo})" if todo else text, joined_evidence([question, *added[:1], *support]))


def _todo(sentence: Sentence) -> str | None:
    """Return what would settle the question: ``il faut qu'on demande aux partenaires``."""
    found = re.search(
        r"\b(?:il (?:faut|faudra|faudrait)|(?:a|à) (?:voir|demander|vérifier|confirmer) (?:avec|aux?|à))\b.*",
        sentence.text,
        re.I,
    )
    return re.sub(r"[ .!?]+$", "", found[0]) if found else None
