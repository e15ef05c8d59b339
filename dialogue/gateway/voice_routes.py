"""LinTO's speaker identification: voices that Studio enrols, in the directory of people of the library.

A voice is biometric data, and is kept only with consent, which LinTO's requests do not carry: the operator of the
server says who collects it (``SPEAKER_ID_CONSENT``). Without that, there is no such service here.

What is compared are the vectors of our own model, so ``modelId`` differs from LinTO's: Studio computes its
voiceprints again with a service that has another model.
"""

from __future__ import annotations

import datetime
import hmac
import os
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import anyio
from anyio import to_thread
from fastapi import APIRouter, Depends, Request, Response

from dialogue.gateway import linto_requests
from dialogue.gateway.linto_requests import HEX24, collection_of
from dialogue.gateway.negotiation import form as form_of
from dialogue.gateway.negotiation import json_answer
from dialogue.gateway.openai_requests import json_object
from dialogue.gateway.recordings import Injected, Recordings
from dialogue.gateway.refusals import Refusal
from dialogue.library.consent import Consent
from dialogue.library.directory import People
from dialogue.library.sealed import KEY
from dialogue.library.voice_samples import ENOUGH, SampleError, of_turns
from dialogue.library.voiceprints import Voiceprint, model_id

UPLOADS = ("/speaker-identification/voiceprint",)
SERVICE = "dialogue-diarization"
PURPOSE = "naming the speakers of recordings"
SIZE = 192  # numbers of a vector
PATIENCE = 120.0  # seconds for a voiceprint, after which LinTO's clients have left
SPEAKER = re.compile(r"(label|user):[0-9a-f]{24}")


def error_body(status: int, message: str, **_: Any) -> dict[str, Any]:
    """Return an error as LinTO's speaker identification writes it."""
    return {"error": message}


def _dialect(request: Request) -> None:
    request.state.error_body = error_body


router = APIRouter(tags=["LinTO"], dependencies=[Depends(_dialect)])
routes = APIRouter(prefix="/speaker-identification")


def check(request: Request, recordings: Recordings, collections: Sequence[str] = ()) -> None:
    """Check that a client may use these collections of voices.

    Raises:
        Refusal: 400 without an organisation, 401 for a wrong token, 403 for a collection that is not of the
            organisation, 404 if no voices are kept here.
    """
    organisation = request.headers.get("x-organization-id", "")
    if not HEX24.fullmatch(organisation):
        raise Refusal(400, "X-Organization-Id: accepted: 24 hexadecimal digits.")
    _check_token(request, recordings)
    if any(collection_of(collection) != organisation for collection in collections):
        raise Refusal(403, "a collection is not of the organisation that X-Organization-Id names.")
    if not recordings.settings.voices_consent:
        raise Refusal(404, "no voices are kept here: the operator of this server has set no SPEAKER_ID_CONSENT.")


def _check_token(request: Request, recordings: Recordings) -> None:
    wanted, given = recordings.settings.voices_token, request.headers.get("x-speaker-id-token", "")
    if wanted and not hmac.compare_digest(wanted.encode(), given.encode("utf-8", "replace")):
        raise Refusal(401, "X-Speaker-Id-Token: missing or wrong.")


def people_of(recordings: Recordings, owner: str) -> People:
    """Return the directory of people, as an owner sees it."""
    return People(recordings.folder, owner, os.environ.get(KEY))


def service_info(recordings: Recordings) -> dict[str, Any]:
    """Return what LinTO is told of the identification; nothing if there is none."""
    if not recordings.settings.voices_consent:
        return {}
    return {"speaker_identification": True, "model_id": model_id(), "dim": SIZE}


@routes.get("/info", summary="LinTO: whether voices are kept, and of which model")
def info(request: Request, recordings: Injected) -> Response:
    """Imitates linto-transcription-service."""
    try:
        check(request, recordings)
    except Refusal as refusal:
        if refusal.status == 404:
            return json_answer({"enabled": False}, 404)
        raise
    return json_answer({"enabled": True, "modelId": model_id(), "dim": SIZE, "serviceName": SERVICE})


@routes.post(
    "/voiceprint", summary="LinTO: a voice, from recordings in which nobody else speaks", openapi_extra=form_of()
)
async def compute(request: Request, recordings: Injected) -> Response:
    """Imitates linto-transcription-service: nothing is kept."""
    check(request, recordings)
    async with recordings.form(request) as form:
        if not form.files:
            raise Refusal(400, "no file in the form. Accepted: one recording or several.")
        try:
            with anyio.fail_after(PATIENCE):
                heard = [await _heard(request, recordings, file.path) for file in form.files]
        except TimeoutError:
            raise Refusal(504, f"it was not done within {PATIENCE:.0f} s.", retry_after=60) from None
    seconds = sum(voice.seconds for voice in heard)
    vector = [sum(each) / seconds for each in zip(*(voice.seconds * voice.vector for voice in heard), strict=True)]
    answer = {"vector": list(map(float, vector)), "modelId": model_id(), "dim": SIZE, "durationUsed": round(seconds, 2)}
    return json_answer(answer)


async def _heard(request: Request, recordings: Recordings, path: Path) -> Voiceprint:
    options = {**linto_requests.options(recordings.settings, speakers=1), "results": {"only": "turns"}}
    async with recordings.heard(request, path, options) as id:
        try:
            return await to_thread.run_sync(recordings.background.run, sampled, recordings.folder, id)
        except SampleError as error:
            raise Refusal(400, str(error).partition(": ")[2], param="file") from None


def sampled(library: Path, id: str) -> Voiceprint:
    """Return a sample of the only voice of a recording, whose turns were found.

    Raises:
        SampleError: it holds too little speech, or two voices.
    """
    return of_turns(library / ".stages/diarization", id).sample("spk1")


@routes.put("/collections/{collection}/speakers/{speaker}", summary="LinTO: keep a voice")
async def put(request: Request, recordings: Injected, collection: str, speaker: str) -> Response:
    """Imitates linto-transcription-service: JSON with `name`, `vector` and `modelId`; what was there is replaced."""
    check(request, recordings, [collection])
    _check_speaker(speaker)
    asked = json_object(await request.body())
    name, vector = asked.get("name"), asked.get("vector")
    if not isinstance(name, str) or not name.strip():
        raise Refusal(400, "name: accepted: a text that is not empty.", param="name")
    if not (isinstance(vector, list) and len(vector) == SIZE and all(map(_is_number, vector)) and any(vector)):
        raise Refusal(400, f"vector: accepted: a list of {SIZE} numbers.", param="vector")
    if asked.get("modelId") != model_id():
        raise Refusal(400, f"modelId: accepted: {model_id()}, since vectors of other models mean nothing here.")
    until = datetime.date.today() + datetime.timedelta(days=recordings.settings.voices_days)
    consent = Consent(recordings.settings.voices_consent, PURPOSE, f"{until}")

    def keep() -> None:
        import numpy as np

        # a voiceprint of ours is of so much speech at least
        voice = Voiceprint(np.asarray(vector, np.float32), ENOUGH, model_id())
        people_of(recordings, request.state.owner).refer(f"{collection}/{speaker}", name, voice, consent)

    await to_thread.run_sync(keep)
    return json_answer({"status": "ok"})


def _is_number(value: object) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool) and abs(value) < 1e6


@routes.delete("/collections/{collection}/speakers/{speaker}", summary="LinTO: forget a voice")
def delete(request: Request, recordings: Injected, collection: str, speaker: str) -> Response:
    """Imitates linto-transcription-service: one that is not there is no error."""
    check(request, recordings, [collection])
    _check_speaker(speaker)
    return _forget(recordings, request.state.owner, f"{collection}/{speaker}")


@routes.delete("/collections/{collection}", summary="LinTO: forget the voices of a collection")
def drop(request: Request, recordings: Injected, collection: str) -> Response:
    """Imitates linto-transcription-service: one that is not there is no error."""
    check(request, recordings, [collection])
    return _forget(recordings, request.state.owner, f"{collection}/")


def _forget(recordings: Recordings, owner: str, reference: str) -> Response:
    people = people_of(recordings, owner)
    for person in people.referred(reference):
        people.forget(person.id)
    return json_answer({"status": "ok"})


def _check_speaker(speaker: str) -> None:
    if not SPEAKER.fullmatch(speaker):
        raise Refusal(400, "speaker: accepted: label: or user:, and 24 hexadecimal digits.")


router.include_router(routes)
router.include_router(routes, prefix="/transcription", include_in_schema=False)
