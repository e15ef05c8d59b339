"""Names of people and places, and which of them are words too.

First names are those of :mod:`dialogue.french.first_names`; last names and places are in ``names.txt``, which says
where they come from.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from dialogue.french.first_names import FIRST_NAMES
from dialogue.french.names import NOT_NAMES, is_first_name
from dialogue.french.text import STOPWORDS, plain

PARTICLES = frozenset("de du des d' la le les l' van von der den da dos di del el al ben bin abu ait o' mac".split())
# What opens a turn, or is said alone, and which taggers take for a name.
MARKERS = frozenset(
    """ah ben bah bof bon bref ok okay oui ouais ouah non nan hein euh heu hum hm mm mmh mhm oh ohlala olala ouf allo
    allez allons voila enfin quoi donc alors du coup coucou tiens tac hop top genre merde putain puree zut mince dame
    bonjour bonsoir salut merci pardon desole super genial nickel parfait exact exactement effectivement absolument
    mamie papi mamy papy maman papa tonton tata dieu seigneur mesdames messieurs mademoiselle docteur monsieur madame
    president presidente ministre maire depute senateur maitre professeur general sire chef patron
    eh he ha hi ho ohe hello bye ciao cool yes no attention stop chut euro euros internet covid etat republique
    francais francaise francaises parce
    lundi mardi mercredi jeudi vendredi samedi dimanche janvier fevrier mars avril mai juin juillet aout septembre
    octobre novembre decembre noel paques toussaint ascension pentecote ramadan""".split()
)
# A country or a region says too little of where somebody lives to identify them.
REGIONS = frozenset(
    """france|allemagne|italie|espagne|portugal|belgique|suisse|luxembourg|angleterre|royaume uni|irlande|ecosse|europe
    |pays bas|hollande|danemark|suede|norvege|finlande|pologne|autriche|hongrie|grece|turquie|russie|ukraine|roumanie
    |bulgarie|serbie|croatie|algerie|maroc|tunisie|libye|egypte|mali|senegal|niger|nigeria|cameroun|congo|gabon|tchad
    |cote d'ivoire|guinee|burkina|burkina faso|togo|benin|madagascar|mauritanie|rwanda|afrique|asie|amerique|etats unis
    |usa|canada|quebec|mexique|bresil|argentine|chili|perou|colombie|venezuela|haiti|cuba|chine|japon|inde|vietnam
    |coree|thailande|cambodge|laos|iran|irak|syrie|liban|israel|palestine|arabie saoudite|qatar|koweit|afghanistan
    |pakistan|australie|nouvelle zelande|comores|maurice|bretagne|normandie|alsace|lorraine|champagne|ardennes
    |bourgogne|franche comte|auvergne|rhone alpes|rhone|limousin|aquitaine|nouvelle aquitaine|occitanie|provence|paca
    |cote d'azur|corse|picardie|nord|pas de calais|nord pas de calais|ile de france|centre|pays de la loire|poitou
    |charente|charentes|vendee|bearn|pays basque|perigord|dordogne|gironde|landes|gers|lot|lozere|ardeche|drome|isere
    |savoie|haute savoie|ain|jura|doubs|vosges|meuse|moselle|marne|aube|yonne|nievre|cher|indre|loir et cher|loire
    |loiret|eure|eure et loir|orne|manche|calvados|finistere|morbihan|cotes d'armor|ille et vilaine|mayenne|sarthe
    |maine|anjou|oise|somme|aisne|seine|seine maritime|seine et marne|seine saint denis|yvelines|essonne
    |hauts de seine|val de marne|val d'oise|var|vaucluse|gard|herault|aude|ariege|tarn|aveyron|cantal|correze|creuse
    |haute vienne|vienne|allier|puy de dome|guadeloupe|martinique|guyane|reunion|la reunion|mayotte|alpes|pyrenees
    |massif central|mediterranee|atlantique|occident|orient|antilles|outre mer|union europeenne|ue""".replace(
        "\n    ", ""
    ).split("|")
)
# What the whole country uses says nothing of one person.
EVERYBODY = frozenset(
    """sncf ratp caf cpam edf gdf engie ameli urssaf samu smur onu otan ue csa cnil cnrs insee ifop ps ump rpr lr
    fn rn udi ps pcf eelv lfi tf1 bfm arte radio france tele la poste pole emploi france travail securite sociale
    assemblee nationale senat elysee google facebook twitter youtube whatsapp skype zoom teams gmail internet windows
    word excel iphone android netflix amazon bluetooth wifi doliprane sms gps tgv rer smic rsa tva cdi cdd hlm ehpad
    msa cgt cfdt fo medef iban rib ipp nda rpps zed dab cb pdf usb ssr irm ecg bac bts cp ce1 ce2 cm1 cm2 avc vtc
    ocde pme tpe cpme tpe-pme zep pib fmi ong bce gafa pma gpa ivg pacs svt eps""".split()
)
# What speakers are called when nobody wants to name them: *Médecin*, *Intervenant 2*, *spk1*.
ROLES = re.compile(
    r"(?i)(?:intervenante?|locut(?:eur|rice)|speaker|spk|voix|voice|medecin|regulat(?:eur|rice)|patiente?|appelante?|"
    r"animat(?:eur|rice)|presidente?|secretaire|journaliste|enquet(?:eur|rice)|operat(?:eur|rice)|infirmiere?|"
    r"interne|urgentiste|arm|samu|client|conseillere?|participante?|moderat(?:eur|rice)|inconnue?|unknown|public|pole|[a-z]{0,2})?"
    r"(?:[\s_-]*\d*|[\s_-]\w)"
)


@dataclass(frozen=True)
class NameLists:
    """Folded names, hyphens as spaces; ``words`` are those that are also words of French."""

    first: frozenset[str]
    last: frozenset[str]
    places: frozenset[str]
    words: frozenset[str]

    def sure(self, word: str) -> bool:
        """Tell whether a folded word is a name of a person or of a place, and nothing else."""
        return (word in self.first or word in self.last or word in self.places) and not self.common(word)

    def person(self, word: str) -> bool:
        """Tell whether a folded word may be a name of a person."""
        return word in self.first or word in self.last

    def common(self, word: str) -> bool:
        """Tell whether a folded word has another meaning than that of a name."""
        return word in self.words or word in STOPWORDS or word in NOT_NAMES or word in MARKERS or len(word) < 3


@cache
def name_lists() -> NameLists:
    """Read the lists of the package."""
    text = Path(__file__).with_name("names.txt").read_text(encoding="utf-8")
    parts = {m[1]: m[2] for m in re.finditer(r"\[(\w+)\]\n(.*?)(?=\n\[|\Z)", text, re.DOTALL)}
    found = {name: frozenset(" ".join(n.split()) for n in part.split(",")) for name, part in parts.items()}
    first = FIRST_NAMES | {name.replace("-", " ") for name in FIRST_NAMES}
    return NameLists(frozenset(first), found["last"], found["places"], found["words"])


def is_role(name: str) -> bool:
    """Tell whether a display name is that of a role, with or without a number, and no person's."""
    return bool(ROLES.fullmatch(plain(name))) and not is_first_name(name)


def folded(text: str) -> str:
    """Return text as the lists hold it: no accents or capitals, spaces for hyphens; of the same length."""
    return plain(text).replace("-", " ").replace("\n", " ")
