"""What documents of minutes say of themselves, in French and English."""

from __future__ import annotations

LABELS = {
    "fr": {
        "compte_rendu": "Compte rendu", "date": "Date", "duration": "Durée", "participants": "Participants", "speaking": "temps de parole",
        "agenda": "Ordre du jour", "summary": "Résumé", "topics": "Discussion", "decisions": "Décisions", "actions": "Actions",
        "questions": "Questions ouvertes", "next": "Prochaine réunion", "verify": "À vérifier",
        "verify_note": "Non soutenu par ce que la transcription dit à cet endroit.", "proposed": "proposé", "rejected": "rejeté",
        "decided": "décidé", "unknown": "non dite", "nobody": "sans responsable", "due": "échéance", "unsure": "peu sûr",
        "made": "Établi à partir de la transcription", "extractive": "par règles, sans modèle de langue : chaque phrase a été dite",
        "model": "par le modèle", "coverage": "part de la transcription lue", "unnamed": "personne non nommée", "spoken": "nom entendu",
        "missing": "non entendu", "colon": " :",
        "unusable": "{model} n'a pas donné de réponse utilisable pour {n} partie(s) sur {of}, écrites par règles.",
        "summary_rules": "Le résumé est fait par règles.",
        "refused": "Un modèle de langue était demandé ; il n'a pas répondu, ou ne peut pas écrire de compte rendu.",
        "releve_decisions": "Relevé de décisions", "synthese": "Synthèse", "verbatim": "Transcription",
        "action": "Action", "owner": "Responsable", "time": "Moment", "done": "fait", "percent": "\u202f%",
        "no_decisions": "Aucune décision relevée.", "no_actions": "Aucune action relevée.", "no_speech": "Rien n'a été transcrit.",
        "untranscribed": "parole non transcrite",
        "point": "Point", "decision": "Décision", "open_question": "Question",
        "next_meeting": "Prochaine réunion",
    },
    "en": {
        "compte_rendu": "Minutes", "date": "Date", "duration": "Duration", "participants": "Participants", "speaking": "speaking time",
        "agenda": "Agenda", "summary": "Summary", "topics": "Discussion", "decisions": "Decisions", "actions": "Actions",
        "questions": "Open questions", "next": "Next meeting", "verify": "To verify",
        "verify_note": "Not borne out by what the transcript says there.", "proposed": "proposed", "rejected": "rejected",
        "decided": "decided", "unknown": "not said", "nobody": "no owner", "due": "due", "unsure": "unsure",
        "made": "Made from the transcript", "extractive": "by rules, without a language model: every sentence was said",
        "model": "by the model", "coverage": "share of the transcript read", "unnamed": "not named", "spoken": "name heard",
        "missing": "not heard", "colon": ":",
        "unusable": "{model} gave no usable answer for {n} of {of} parts, which are written by rules.",
        "summary_rules": "The summary is made by rules.",
        "refused": "A language model was asked for; it did not answer, or may not write minutes.",
        "releve_decisions": "Decisions", "synthese": "Summary", "verbatim": "Transcript",
        "action": "Action", "owner": "Owner", "time": "Time", "done": "done", "percent": "%",
        "no_decisions": "No decision was found.", "no_actions": "No action was found.", "no_speech": "Nothing was transcribed.",
        "untranscribed": "speech without transcription",
        "point": "Point", "decision": "Decision", "open_question": "Question",
        "next_meeting": "Next meeting",
    },
}  # fmt: skip
