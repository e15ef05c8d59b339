"""What people read when something cannot be done, and the names of the steps, in French and in English."""

from __future__ import annotations

import re

ACCEPTED = "Formats acceptés : tous les formats audio courants (wav, mp3, m4a, flac, ogg, opus, webm), et les vidéos."
SENTENCES = {
    "fr": {
        "host": "Cette adresse ({host}) n’est pas celle de l’application. Ouvrez http://127.0.0.1, avec le même port.",
        "site": "Cette demande ne vient pas d’une page de l’application. Rechargez la page.",
        "password": "Le mot de passe est demandé. Rechargez la page.",
        "nothing": "Il n’y a rien à cette adresse.",
        "no_meeting": "Cette réunion n’existe pas, ou a été supprimée.",
        "no_file": "Ce fichier n’existe pas dans cette réunion.",
        "no_sound": "Le son de cette réunion n’est plus là.",
        "too_large": "Le fichier dépasse {limit} Go. Découpez-le, ou convertissez-le en mp3.",
        "no_room": "Il n’y a plus assez de place sur le disque de cette machine.",
        "unfinished": "L’envoi du fichier a été interrompu.",
        "crashed": "Le fichier n’a pas pu être lu : il a fait échouer le décodage.",
        "option": "L’option « {name} » n’est pas valable : {value}.",
        "not_json": "Les options ne sont pas lisibles.",
        "elsewhere": "Cette réunion vient d’être corrigée dans une autre fenêtre. Relisez-la, puis réessayez.",
        "read_only": "Cette réunion ne peut pas être corrigée ici : elle a été ajoutée sans les fichiers de travail.",
        "busy": "La réunion est déjà en cours de traitement, ou attend son tour.",
        "empty_query": "Écrivez au moins un mot à chercher.",
        "not_possible": "C’est impossible. Détail, en anglais : {detail}",
        "failed": "Le traitement a échoué. Détail, en anglais : {detail}",
        "reason": "en anglais : {detail}",
    },
    "en": {
        "host": "This address ({host}) is not that of the application. Open http://127.0.0.1 with the same port.",
        "site": "This request does not come from a page of the application. Reload the page.",
        "password": "The password is required. Reload the page.",
        "nothing": "There is nothing at this address.",
        "no_meeting": "This meeting does not exist, or was deleted.",
        "no_file": "This meeting has no such file.",
        "no_sound": "The sound of this meeting is gone.",
        "too_large": "The file is larger than {limit} GB. Cut it, or convert it to mp3.",
        "no_room": "There is not enough room on the disk of this machine.",
        "unfinished": "The upload was interrupted.",
        "crashed": "The file could not be read: decoding it failed.",
        "option": "The option “{name}” is not valid: {value}.",
        "not_json": "The options cannot be read.",
        "elsewhere": "The meeting has just been corrected in another window. Look at the new version, then try again.",
        "read_only": "This meeting cannot be corrected here: it was added without its working files.",
        "busy": "The meeting is already being processed, or waits for its turn.",
        "empty_query": "Write at least one word to look for.",
        "not_possible": "This is not possible. {detail}",
        "failed": "The processing failed. {detail}",
        "reason": "{detail}",
    },
}
STEPS = {
    "fr": {
        "diarize": "Qui parle, et quand",
        "transcribe": "Transcription",
        "attribute": "Attribution des paroles",
        "corrections": "Corrections",
        "correct": "Corrections",
        "minutes": "Compte rendu",
        "correct-minutes": "Corrections",
        "export": "Fichiers et page",
        "document": "Documents",
    },
    "en": {
        "diarize": "Who speaks when",
        "transcribe": "Transcription",
        "attribute": "Giving words to speakers",
        "corrections": "Corrections",
        "correct": "Corrections",
        "minutes": "Minutes",
        "correct-minutes": "Corrections",
        "export": "Files and page",
        "document": "Documents",
    },
}
IN_FRENCH = (  # what a message says, and the same in French; groups go where the French has {0}, {1}
    (r"the file is empty", f"Le fichier est vide. {ACCEPTED}"),
    (r"not a media file, or its end is cut off", f"Ce n’est pas un fichier audio, ou il est incomplet. {ACCEPTED}"),
    (r"no audio stream", f"Le fichier ne contient pas de son. {ACCEPTED}"),
    (r"in a format that cannot be decoded|no sound could be decoded", f"Le son ne peut pas être lu. {ACCEPTED}"),
    (r"every sample is NaN", "Le fichier est endommagé : aucun son n’est lisible."),
    (r"a sampling rate of (\d+) Hz", "La fréquence d’échantillonnage ({0} Hz) n’est pas celle d’un enregistrement."),
    (r"([\d.]+) s of sound", "L’enregistrement est trop court ({0} s). Durée minimale : 0,1 s."),
    (r"longer than ([\d.]+) h", "L’enregistrement dure plus de {0} h. Découpez-le."),
    (r"no room for its sound|No space left", "Il n’y a plus assez de place sur le disque de cette machine."),
    (r"date: found '(.*)'\.", "La date « {0} » n’est pas reconnue. Écrivez-la par exemple 12/10/2023."),
    (r"keep_until: found '(.*)'\.", "La date « {0} » n’est pas reconnue. Écrivez-la par exemple 12/10/2023."),
    (r"its sound was deleted", "Le son de cette réunion n’est plus là."),
    (r"its process died (\d+) times", "Le traitement s’est arrêté {0} fois, souvent par manque de mémoire."),
    (r"name: found .* visible character", "Écrivez un nom."),
    (r"already waiting, or being processed", "La réunion est déjà en cours de traitement, ou attend son tour."),
    (r"jobs are waiting, and no more are accepted", "Trop d’enregistrements attendent. Réessayez plus tard."),
    (
        r"unknown (\{\{.*\}\})\. Accepted: (.*); in French: (.*)\.",
        "Champs inconnus : {0}. Champs possibles : {2}, {1}.",
    ),
    (r"not a DOCX", "Ce fichier n’est pas un document Word (.docx)."),
    (
        r"\{\{output\}\} is in a header",
        "{{{{output}}}} est dans un en-tête ou un pied de page. Placez-le dans le texte.",
    ),
    (r"bytes unpacked", "Ce modèle est trop gros, une fois décompressé."),
    (r"undo: nothing to take", "Il n’y a rien à annuler."),
    (r"redo: nothing to take", "Il n’y a rien à rétablir."),
    # why a correction could not be replayed; the last two, why a line of the log is none
    (r"at ([\d.]+) s, outside the recording", "{0} s est après la fin de l’enregistrement."),
    (r"speaker (.+) was made by \w+, which is not in effect", "la correction qui a distingué {0} a été annulée."),
    (r"nobody speaks where (.+) spoke", "personne ne parle là où parlait {0}."),
    (r"“(.+)” is not at .+ s: “(.+)” is there now", "« {0} » n’y est plus : on y lit « {1} »."),
    (r"“(.+)” is not at .+ s: no words are there now", "« {0} » n’y est plus, et rien d’autre n’y est dit."),
    (r"(.+) is the name of (.+)\. Accepted:", "{0} est déjà le nom d’une autre voix."),
    (r"(.+) is (.+) now\. Accepted: rename again", "cette voix s’appelle maintenant {1}."),
    (r"they are (.+) and (.+) now, whom nobody made one", "ce sont maintenant {0} et {1}, que personne n’a réunis."),
    (r"the utterances are now of several speakers", "ces tours sont maintenant de plusieurs voix."),
    (r"not in the minutes any more, or what it stood before", "l’un des deux n’est plus dans le compte rendu."),
    (r"not in the minutes any more, and its evidence", "ce n’est plus dans le compte rendu, ni dans la transcription."),
    (r"line (\d+): not JSON, or cut", "la ligne {0} des corrections enregistrées est illisible."),
    (r"line \d+: a second correction (\w+)", "deux corrections enregistrées ont le même numéro, {0}."),
)


def say(sentence: str, language: str, /, **values: object) -> str:
    """Return a sentence of :data:`SENTENCES`."""
    return SENTENCES[language][sentence].format(**values)


def step(name: str | None, language: str) -> str | None:
    """Return the name of a step of the processing."""
    return STEPS[language].get(name, name) if name else None


def explained(message: str, language: str, otherwise: str = "not_possible") -> str:
    """Return an error of the library in the language of the reader; the English detail stays where there is no better.

    Args:
        otherwise: the sentence of :data:`SENTENCES` around what has no French.
    """
    if language != "fr":
        return message
    for pattern, text in IN_FRENCH:
        if found := re.search(pattern, message):
            return text.format(*found.groups())
    return say(otherwise, language, detail=message)
