"""Labels in documents of minutes, in French and English, and the title of a meeting."""

from __future__ import annotations

from dialogue.french.date_writing import written
from dialogue.french.text import spaced
from dialogue.minutes.document import Minutes

LABELS = {
    "fr": {
        "language": "fr",
        "compte_rendu": "Compte rendu",
        "untitled": "Compte rendu de réunion",
        "titled": "Réunion du {date}",
        "wordless": "Aucune parole dans cette transcription.",
        "silent": "Aucune parole n’a été trouvée dans cet enregistrement de {seconds} s : {quiet} s sont à moins de "
        "−60 dB, et le moment le plus fort est à {loudest} dB. Vérifiez le fichier et le micro.",
        "quoted": "« {raw} »",
        "no_year": "{raw} (année non précisée)",
        "date": "Date",
        "duration": "Durée",
        "participants": "Participants",
        "speaking": "temps de parole",
        "agenda": "Ordre du jour",
        "summary": "Résumé",
        "topics": "Discussion",
        "decisions": "Décisions",
        "actions": "Actions",
        "questions": "Questions en suspens",
        "next": "Prochaine réunion",
        "verify": "À vérifier",
        "verify_note": "Ces points sont incertains, ou la transcription ne les appuie pas.",
        "proposed": "proposition",
        "rejected": "rejetée",
        "decided": "décidée",
        "unknown": "non précisée",
        "nobody": "sans responsable",
        "due": "échéance",
        "unsure": "à confirmer",
        "extractive": "Rédigé automatiquement, sans modèle de langue, {source}.",
        "model": "Rédigé automatiquement par le modèle {model}, {source}.",
        "from_recogniser": "à partir d’une transcription automatique, qui peut contenir des erreurs : chaque point "
        "renvoie au passage entendu, et les mots incertains sont signalés",
        "from_people": "à partir de la transcription : chaque point renvoie au passage cité",
        "to_hear": "à vérifier à l’écoute : {words}",
        "doubtful_note": "Les mots en italique sont incertains : à vérifier à l’écoute.",
        "coverage": "Part de la transcription qui n’a pas pu être lue",
        "spoken": "Noms déduits des échanges",
        "missing": "n’a pas pris la parole",
        "unmatched": "voix non identifiée",
        "colon": " :",
        "unusable": "Le modèle {model} n’a pas donné de réponse exploitable pour {n} parties sur {of} ; elles ont été "
        "rédigées sans lui.",
        "unusable_one": "Le modèle {model} n’a pas donné de réponse exploitable pour une partie sur {of} ; elle a été "
        "rédigée sans lui.",
        "summary_rules": "Le résumé a été rédigé sans modèle de langue.",
        "section_rules": "La section « {section} » a été rédigée à part, sans modèle de langue.",
        "section_model": "La section « {section} » a été rédigée à part, par le modèle {model}.",
        "refused": "Le modèle de langue demandé n’a pas répondu, ou n’est pas en mesure de rédiger un compte rendu.",
        "releve_decisions": "Relevé de décisions",
        "synthese": "Synthèse",
        "verbatim": "Transcription",
        "action": "Action",
        "owner": "Responsable",
        "time": "Passage",
        "done": "faite",
        "percent": "\u202f%",
        "no_decisions": "Aucune décision relevée.",
        "no_actions": "Aucune action relevée.",
        "no_speech": "Aucune parole n’a été transcrite.",
        "untranscribed": "parole non transcrite",
        "point": "Point",
        "decision": "Décision",
        "open_question": "Question",
        "next_meeting": "Prochaine réunion",
    },
    "en": {
        "language": "en",
        "compte_rendu": "Minutes",
        "untitled": "Minutes of the meeting",
        "titled": "Meeting of {date}",
        "wordless": "No words in this transcript.",
        "silent": "No speech was found in this recording of {seconds} s: {quiet} s are below −60 dB, and its loudest "
        "moment is at {loudest} dB. Check the file and the microphone.",
        "quoted": "“{raw}”",
        "no_year": "{raw} (year not given)",
        "date": "Date",
        "duration": "Duration",
        "participants": "Participants",
        "speaking": "speaking time",
        "agenda": "Agenda",
        "summary": "Summary",
        "topics": "Discussion",
        "decisions": "Decisions",
        "actions": "Actions",
        "questions": "Open questions",
        "next": "Next meeting",
        "verify": "To verify",
        "verify_note": "These points are uncertain, or the transcript does not support them.",
        "proposed": "proposed",
        "rejected": "rejected",
        "decided": "decided",
        "unknown": "not given",
        "nobody": "no owner",
        "due": "due",
        "unsure": "to confirm",
        "extractive": "Written automatically, without a language model, {source}.",
        "model": "Written automatically by the model {model}, {source}.",
        "from_recogniser": "from an automatic transcript, which may contain errors: each point leads to the passage as "
        "it was heard, and doubtful words are marked",
        "from_people": "from the transcript: each point leads to the passage that it cites",
        "to_hear": "to check by listening: {words}",
        "doubtful_note": "Words in italics are doubtful: check them by listening.",
        "coverage": "Share of the transcript that could not be read",
        "spoken": "Names inferred from what was said",
        "missing": "did not speak",
        "unmatched": "voice not identified",
        "colon": ":",
        "unusable": "The model {model} gave no usable answer for {n} parts of {of}; they were written without it.",
        "unusable_one": "The model {model} gave no usable answer for one part of {of}; it was written without it.",
        "summary_rules": "The summary was written without a language model.",
        "section_rules": "The section “{section}” was written apart, without a language model.",
        "section_model": "The section “{section}” was written apart, by the model {model}.",
        "refused": "The language model that was asked for did not answer, or cannot write minutes.",
        "releve_decisions": "Decisions",
        "synthese": "Summary",
        "verbatim": "Transcript",
        "action": "Action",
        "owner": "Owner",
        "time": "Passage",
        "done": "done",
        "percent": "%",
        "no_decisions": "No decision was found.",
        "no_actions": "No action was found.",
        "no_speech": "Nothing was transcribed.",
        "untranscribed": "speech without transcription",
        "point": "Point",
        "decision": "Decision",
        "open_question": "Question",
        "next_meeting": "Next meeting",
    },
}
LABELS["fr"] = {label: spaced(text) for label, text in LABELS["fr"].items()}


def title(minutes: Minutes, language: str) -> str:
    """Return the given title of a meeting, or else one made from its date, and its topic if it has one alone."""
    meeting, labels = minutes.meeting, LABELS[language]
    if meeting.title or not meeting.date:
        return meeting.title or labels["untitled"]
    made = labels["titled"].format(date=written(meeting.date, language, weekday=False))
    return f"{made}{labels['colon']} {minutes.agenda[0].title}" if len(minutes.agenda) == 1 else made


def silence(minutes: Minutes, language: str) -> str | None:
    """Return a sentence that says that nothing was said, and how loud the recording is; ``None`` if there are words."""
    found, labels = minutes.meeting.silence, LABELS[language]
    if found is None:
        return None
    if found.quiet_s is None or found.loudest_db is None:
        return labels["wordless"]
    seconds, quiet = (f"{s:.0f}" for s in (minutes.meeting.duration_s, found.quiet_s))
    return labels["silent"].format(seconds=seconds, quiet=quiet, loudest=f"{found.loudest_db:.0f}".replace("-", "−"))


def day(minutes: Minutes, language: str) -> str:
    """Return the date of a meeting in words; without its year, as it was said."""
    meeting, labels = minutes.meeting, LABELS[language]
    if meeting.date:
        return written(meeting.date, language)
    return labels["no_year"].format(raw=meeting.date_raw) if meeting.date_raw else labels["unknown"]


def resolved(raw: str, iso: str | None, language: str) -> str:
    """Return a date in words if it could be resolved, and how it was said."""
    said = LABELS[language]["quoted"].format(raw=raw)
    return f"{written(iso, language)} ({said})" if iso else said
