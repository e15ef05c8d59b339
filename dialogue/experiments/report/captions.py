"""The texts and number formats of the report, in French and in English."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from dialogue.french.text import spaced
from dialogue.scoring import SIDE, TITLES, minutes_scores

LISTS_IN_FRENCH = {"decisions": "décisions", "actions": "actions", "open_questions": "questions ouvertes"}
MINUTES_IN_FRENCH = {
    **minutes_scores.by_list(LISTS_IN_FRENCH, "précision", "rappel"),
    "owner": "responsable d’une action trouvée",
    "due": "échéance d’une action trouvée",
    "next_meeting": "prochaine réunion",
    "date": "date de la réunion",
    "evidence": "la preuve tient",
    "names": "noms présents dans la transcription",
    "numbers": "nombres présents dans la transcription",
    "names_said": "noms vraiment dits",
    "numbers_said": "nombres vraiment dits",
    "coverage": "parties de la réunion citées",
    "read": "mots lus par le rédacteur",
    "language": "langue",
    "compression": "mots du compte rendu / mots dits",
}
LABELS: dict[str, dict[str, str]] = {
    "fr": {
        "decimal": ",",
        "percent": "{n}\u202f%",
        "seconds": "{n}\u202fs",
        "interval_of": "{low} à {high}",
        "report": "Expérience {name}",
        "synthetic": "Voix de synthèse : ces scores comparent des versions de la chaîne, ce ne sont pas ceux de "
        "vraies réunions.",
        "real": "Parole de vraies personnes.",
        "unknown": "Le manifeste ne dit pas si des personnes ou un synthétiseur ont parlé.",
        "command": "Commande",
        "models": "Modèles",
        "models_unknown": "inconnus",
        "normalizer": "Normalisation",
        "machine": "Machine",
        "date": "Date, version",
        "speed": "Facteur temps réel",
        "speed_unknown": "inconnu",
        "recordings": "Enregistrements",
        "recordings_of": "{n}, {time} de son",
        "missing": "Sans transcription, donc tous leurs mots comptent comme omis : {recordings}.",
        "gates": "Seuils non tenus",
        "scores": "Scores",
        "scores_note": "Intervalle : bootstrap sur les enregistrements. En pour cent, sauf l’erreur sur le nombre de "
        "locuteurs.",
        "scores_one": "Un seul enregistrement : aucun intervalle.",
        "minutes": "Comptes rendus",
        "minutes_note": "Part qui est juste : plus c’est haut, mieux c’est. À droite, les comptes rendus faits "
        "à partir des transcriptions de référence : la différence est ce que coûte la reconnaissance.",
        "right": "justes",
        "of_reference": "depuis la référence",
        "score": "score",
        "value": "valeur",
        "interval": "intervalle à 95 %",
        "errors": "erreurs",
        "of": "sur",
        "made_of": "dont",
        "part": "{part} : {n}",
        "substitutions": "substitutions",
        "deletions": "omissions",
        "insertions": "insertions",
        "missed": "parole manquée",
        "false_alarm": "fausse alarme",
        "confusion": "confusion",
        "reference_speakers": "locuteurs en référence",
        "hypothesis_speakers": "locuteurs en hypothèse",
        "speakers": "erreur sur le nombre de locuteurs",
        "overlap <5%": "superposé < 5 %",
        "overlap 5-50%": "superposé 5–50 %",
        "overlap >50%": "superposé > 50 %",
        "der_collar": f"DER (marge {SIDE} s)".replace(".", ","),
        "jer_collar": f"JER (marge {SIDE} s)".replace(".", ","),
        "orcwer": "ORC-WER (glouton)",
        "dicpwer": "DI-cpWER (glouton)",
        "<1 s": "< 1 s",
        "1-2 s": "1–2 s",
        "2-5 s": "2–5 s",
        "5-10 s": "5–10 s",
        ">10 s": "> 10 s",
        "plots": "Où sont les erreurs",
        "table": "Les chiffres",
        "band": "tranche",
        "speaker": "locuteur",
        "recording": "enregistrement",
        "words": "mots",
        "speech": "parole",
        "words_below": "Sous chaque tranche : ses mots",
        "more_rows": "Le dessin montre {most} lignes sur {all} ; le tableau les a toutes.",
        "no_words": "La référence n’a aucun mot.",
        "overlap_title": "WER selon la parole superposée",
        "overlap_none": "Les mots de la référence sont tous dans une même tranche de parole superposée : rien à "
        "comparer.",
        "overlap_reading": "De {low} ({first}) à {high} ({last}, {share} des mots).",
        "speaker_title": "WER selon le locuteur",
        "speaker_reading": "{count:locuteur}, de {low} ({best}) à {high} ({worst}).",
        "speaker_one": "Un seul locuteur, {speaker} : {value}.",
        "duration_title": "WER selon la durée de l’énoncé",
        "duration_reading": "Le plus haut, {value}, est celui des énoncés de {band}, qui portent {share} des mots.",
        "der_title": "Erreurs de diarisation",
        "der_none": "La référence n’a pas de parole : aucun DER.",
        "der_reading": "DER {total}, surtout : {part} ({value} de la parole) ; le plus haut est {high} ({worst}).",
        "der_from_utterances": "Sans diarisation conservée (RTTM), les énoncés transcrits en tiennent lieu : "
        "{recordings}.",
        "der_axis": "% de la parole de la référence",
        "calibration_title": "Les probabilités des mots sont-elles justes ?",
        "calibration_none": "Les transcriptions n’ont pas de probabilité par mot : rien à comparer aux faits.",
        "calibration_reading": "Mots annoncés justes à {probability} en moyenne, justes à {correct} : {verdict}. "
        "Erreur de calibration (ECE) de {error} points sur {words:mot}.",
        "calibrated": "bien calibré",
        "modest": "trop modeste",
        "overconfident": "trop sûr de lui",
        "perfect": "probabilités justes",
        "words_heard": "mots (nombre au-dessus)",
        "probability_axis": "probabilité annoncée (%)",
        "correct_axis": "mots justes (%)",
        "probability": "probabilité",
        "mean_probability": "moyenne",
        "share_correct": "mots justes",
        "time_title": "Temps de parole",
        "time_none": "Ni la référence ni l’hypothèse n’ont de tour de parole.",
        "time_reading": "Le plus grand écart : {speaker}, {said} s en référence et {heard} s en hypothèse.",
        "nobody": "{speaker} (hypothèse seule)",
        "reference": "référence",
        "hypothesis": "hypothèse",
        "seconds_axis": "secondes",
        "reference_seconds": "référence (s)",
        "hypothesis_seconds": "hypothèse (s)",
        "gap_seconds": "écart (s)",
        "duration": "durée",
        "reference_count": "locuteurs (réf.)",
        "hypothesis_count": "locuteurs (hyp.)",
        "page": "page",
        "minutes_page": "écouter et lire",
        "no_page": "pas de transcription",
        "aligned": "alignement",
        "worst": "Les {n} énoncés qui ont le plus d’erreurs",
        "worst_none": "Aucun mot en erreur.",
        "n_errors": "{n:erreur} sur {of:mot}",
        "first_seconds": "les {n} premières secondes",
        "no_sound": "Son illisible : {reason}",
        "nothing_heard": "rien",
        "alignments": "Référence et hypothèse, mot à mot",
        "legend": "Mots normalisés. {deleted} : omis. {inserted} : inséré ou mis à la place. "
        "{other} : l’hypothèse l’attribue à un autre locuteur. L’ordre est celui du temps, tous locuteurs ensemble.",
        "legend_deleted": "barré",
        "legend_inserted": "souligné",
        "legend_other": "entre crochets",
        "speakers_matched": "Locuteurs associés par le cpWER :",
        "no_hypothesis": "L’hypothèse n’a aucun mot.",
        "footer": "Page autonome : tout est dans ce fichier, rien n’est demandé au réseau.",
        "footer_said": "Elle contient ce qui a été dit.",
        # two experiments
        "changed": "Ce qui diffère de A à B :",
        "only_in": "seulement dans {name}",
        "model": "modèle",
        "method_changed": "version de la méthode {a} → {b}",
        "code_changed": "code {a} → {b}",
        "nothing_changed": "Ni les options, ni les modèles, ni le code ne diffèrent.",
        "compare": "A, {a}, et B, {b}",
        "better": "{metric} : {b} fait mieux de {n} points (intervalle à 95 % : {interval}).",
        "worse": "{metric} : {b} fait moins bien de {n} points (intervalle à 95 % : {interval}).",
        "same": "{metric} : {a} et {b} ne se distinguent pas (écart de {n} points, intervalle à 95 % : {interval}).",
        "equal": "{metric} : {a} et {b} ont le même score.",
        "undecided": "{metric} : écart de {n} points ; trop peu de données pour un intervalle.",
        "no_value": "{metric} : la référence est vide, aucun score.",
        "by_recordings": "Bootstrap apparié sur {n:enregistrement} ({draws:tirage}, intervalle élargi ; Bisani et "
        "Ney 2004, Hesterberg 2015) : les deux expériences sont tirées aux mêmes endroits.",
        "by_blocks": "Moins de {least:enregistrement} : bootstrap apparié sur {n:bloc} de {seconds} s de parole "
        "voisine ({draws:tirage} ; Bisani et Ney 2004, par blocs : Liu et Peng 2020, intervalle élargi : Hesterberg "
        "2015). L’intervalle vaut pour ces enregistrements ; il ne dit rien d’autres.",
        "difference": "écart, B − A (points)",
        "improvement": "probabilité que {b} fasse mieux",
        "differences": "Écart de chaque enregistrement",
        "differences_reading": "{metric} : {b} fait mieux sur {better:enregistrement}, moins bien sur {worse}, "
        "pareil sur {equal}.",
        "totals_title": "Écarts et intervalles à 95 %",
        "totals_reading": "À gauche de zéro, {b} a moins d’erreurs ; un intervalle qui touche zéro ne permet pas de "
        "conclure.",
    },
    "en": {
        "decimal": ".",
        "percent": "{n}%",
        "seconds": "{n}\u202fs",
        "interval_of": "{low} to {high}",
        "report": "Experiment {name}",
        "synthetic": "Synthetic voices: these scores compare versions of the pipeline, they are not those of real "
        "meetings.",
        "real": "Speech of real people.",
        "unknown": "The manifest does not say whether people or a synthesiser spoke.",
        "command": "Command",
        "models": "Models",
        "models_unknown": "unknown",
        "normalizer": "Normalisation",
        "machine": "Machine",
        "date": "Date, version",
        "speed": "Real-time factor",
        "speed_unknown": "unknown",
        "recordings": "Recordings",
        "recordings_of": "{n}, {time} of sound",
        "missing": "Without a transcript, so all their words count as deleted: {recordings}.",
        "gates": "Gates that failed",
        "scores": "Scores",
        "scores_note": "Interval: bootstrap over recordings. Percent, except the speaker count error.",
        "scores_one": "A single recording: no interval.",
        "minutes": "Minutes",
        "minutes_note": "Share that is right: higher is better. On the right, minutes from the reference transcripts: "
        "the difference is the cost of recognition.",
        "right": "right",
        "of_reference": "from the reference",
        "score": "score",
        "value": "value",
        "interval": "95% interval",
        "errors": "errors",
        "of": "of",
        "made_of": "made of",
        "part": "{part}: {n}",
        "substitutions": "substitutions",
        "deletions": "deletions",
        "insertions": "insertions",
        "missed": "missed speech",
        "false_alarm": "false alarm",
        "confusion": "confusion",
        "reference_speakers": "reference speakers",
        "hypothesis_speakers": "hypothesis speakers",
        "speakers": TITLES["speakers"],
        "overlap <5%": "overlap < 5%",
        "overlap 5-50%": "overlap 5–50%",
        "overlap >50%": "overlap > 50%",
        "der_collar": TITLES["der_collar"],
        "jer_collar": TITLES["jer_collar"],
        "orcwer": TITLES["orcwer"],
        "dicpwer": TITLES["dicpwer"],
        "<1 s": "< 1 s",
        "1-2 s": "1–2 s",
        "2-5 s": "2–5 s",
        "5-10 s": "5–10 s",
        ">10 s": "> 10 s",
        "plots": "Where the errors are",
        "table": "The figures",
        "band": "band",
        "speaker": "speaker",
        "recording": "recording",
        "words": "words",
        "speech": "speech",
        "words_below": "Below each band: its words",
        "more_rows": "The drawing shows {most} rows of {all}; the table has all of them.",
        "no_words": "The reference has no words.",
        "overlap_title": "WER by overlapped speech",
        "overlap_none": "All the reference's words are in one band of overlap: nothing to compare.",
        "overlap_reading": "From {low} ({first}) to {high} ({last}, {share} of the words).",
        "speaker_title": "WER by speaker",
        "speaker_reading": "{count:speaker}, from {low} ({best}) to {high} ({worst}).",
        "speaker_one": "A single speaker, {speaker}: {value}.",
        "duration_title": "WER by duration of the utterance",
        "duration_reading": "The highest, {value}, is that of utterances of {band}, which hold {share} of the words.",
        "der_title": "Diarization errors",
        "der_none": "The reference has no speech: no DER.",
        "der_reading": "DER {total}, mostly {part} ({value} of the speech); the highest is {high} ({worst}).",
        "der_from_utterances": "No diarization (RTTM) was kept, so the transcribed utterances stand for it: "
        "{recordings}.",
        "der_axis": "% of the reference's speech",
        "calibration_title": "Can the words' probabilities be believed?",
        "calibration_none": "The transcripts have no probability for each word: nothing to hold against the facts.",
        "calibration_reading": "Words given {probability} on average, right {correct} of the time: {verdict}. "
        "Expected calibration error (ECE) of {error} points over {words:word}.",
        "calibrated": "well calibrated",
        "modest": "too modest",
        "overconfident": "too sure",
        "perfect": "true probabilities",
        "words_heard": "words (their number above)",
        "probability_axis": "given probability (%)",
        "correct_axis": "words that are right (%)",
        "probability": "probability",
        "mean_probability": "mean",
        "share_correct": "right words",
        "time_title": "Speaking time",
        "time_none": "Neither the reference nor the hypothesis has a turn.",
        "time_reading": "The largest gap: {speaker}, {said} s in the reference and {heard} s in the hypothesis.",
        "nobody": "{speaker} (hypothesis only)",
        "reference": "reference",
        "hypothesis": "hypothesis",
        "seconds_axis": "seconds",
        "reference_seconds": "reference (s)",
        "hypothesis_seconds": "hypothesis (s)",
        "gap_seconds": "gap (s)",
        "duration": "duration",
        "reference_count": "speakers (ref.)",
        "hypothesis_count": "speakers (hyp.)",
        "page": "page",
        "minutes_page": "listen and read",
        "no_page": "no transcript",
        "aligned": "alignment",
        "worst": "The {n} utterances with the most errors",
        "worst_none": "No word is wrong.",
        "n_errors": "{n:error} in {of:word}",
        "first_seconds": "the first {n} seconds",
        "no_sound": "The sound cannot be read: {reason}",
        "nothing_heard": "nothing",
        "alignments": "Reference and hypothesis, word by word",
        "legend": "Normalised words. {deleted}: deleted. {inserted}: inserted, or put in place. "
        "{other}: the hypothesis gives it to another speaker. In order of time, all speakers together.",
        "legend_deleted": "struck",
        "legend_inserted": "underlined",
        "legend_other": "in brackets",
        "speakers_matched": "Speakers as cpWER matched them:",
        "no_hypothesis": "The hypothesis has no words.",
        "footer": "A page on its own: everything is in this file, nothing is asked of a network.",
        "footer_said": "It holds what was said.",
        # two experiments
        "changed": "What differs from A to B:",
        "only_in": "only in {name}",
        "model": "model",
        "method_changed": "version of the method {a} → {b}",
        "code_changed": "code {a} → {b}",
        "nothing_changed": "No option, model or version of the code differs.",
        "compare": "A, {a}, and B, {b}",
        "better": "{metric}: {b} is better by {n} points (95% interval: {interval}).",
        "worse": "{metric}: {b} is worse by {n} points (95% interval: {interval}).",
        "same": "{metric}: {a} and {b} cannot be told apart (difference of {n} points, 95% interval: {interval}).",
        "equal": "{metric}: {a} and {b} have the same score.",
        "undecided": "{metric}: difference of {n} points; too little data for an interval.",
        "no_value": "{metric}: the reference is empty, no score.",
        "by_recordings": "Paired bootstrap over {n:recording} ({draws:draw}, expanded interval; Bisani and Ney 2004, "
        "Hesterberg 2015): both experiments are drawn at the same places.",
        "by_blocks": "Fewer than {least:recording}: paired bootstrap over {n:block} of {seconds} s of adjacent "
        "speech ({draws:draw}; Bisani and Ney 2004, blockwise: Liu and Peng 2020, expanded interval: Hesterberg "
        "2015). The interval holds for these recordings; it says nothing of others.",
        "difference": "difference, B − A (points)",
        "improvement": "probability that {b} is better",
        "differences": "Difference of each recording",
        "differences_reading": "{metric}: {b} is better on {better:recording}, worse on {worse}, the same on {equal}.",
        "totals_title": "Differences and 95% intervals",
        "totals_reading": "Left of zero, {b} has fewer errors; an interval that touches zero decides nothing.",
    },
}
LABELS["fr"] = {label: spaced(text) for label, text in LABELS["fr"].items()}


@dataclass(frozen=True)
class Count:
    """A number that a text writes with its noun: ``{n:word}`` is ``1 word``, ``2 words``; 0 is singular in French."""

    number: int
    language: str

    def __format__(self, noun: str) -> str:
        if not noun:
            return str(self.number)
        several = self.number > 1 if self.language == "fr" else self.number != 1
        return f"{self.number} {noun}{'s' * several}"


@dataclass(frozen=True)
class Language:
    """Formats the texts of one language: ``say("missing", recordings="a, b")``.

    Raises:
        ValueError: the language has no labels.
    """

    code: str

    def __post_init__(self) -> None:
        if self.code not in LABELS:
            raise ValueError(f"language: found {self.code!r}. Accepted: {', '.join(LABELS)}.")

    def __call__(self, label: str, **values: object) -> str:
        counted = {k: Count(v, self.code) if type(v) is int else v for k, v in values.items()}
        return LABELS[self.code][label].format(**counted)

    def metric(self, name: str) -> str:
        """Return the title of a metric: ``der`` -> ``DER``."""
        band = f"WER, {self(name)}" if name.startswith("overlap") else TITLES[name]
        return band if name.startswith("overlap") else LABELS[self.code].get(name, band)

    def of_minutes(self, name: str) -> str:
        """Return the title of a score of minutes."""
        return MINUTES_IN_FRENCH[name] if self.code == "fr" else minutes_scores.TITLES[name]

    def number(self, value: float, digits: int = 1, sign: bool = False) -> str:
        """Format a number: ``12.34`` -> ``12,3``."""
        return f"{value:{'+' if sign else ''}.{digits}f}".replace("-", "−").replace(".", self("decimal"))

    def percent(self, value: float | None) -> str:
        """Format a share: ``0.1234`` -> ``12,3 %``; ``None`` is a dash."""
        return "–" if value is None else self("percent", n=self.number(100 * value))

    def interval(self, bounds: Sequence[float] | None, scale: float = 100, digits: int = 1) -> str:
        """Format two shares as ``1,2 à 3,4``, in percent or in points; ``None`` is empty."""
        if bounds is None:
            return ""
        low, high = (self.number(scale * bound, digits) for bound in bounds)
        return self("interval_of", low=low, high=high)
