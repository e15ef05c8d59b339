"""Train the adapters of a Whisper model; the same call resumes wherever it was killed.

exp/finetuning.json      description of the run, and its result once it is done
exp/card.json            what it learned from, from the first update on
exp/best.safetensors     the adapters with the lowest loss on the development split
exp/losses.jsonl         loss of each update
exp/checkpoint/          adapters, optimizer, position, losses on the development split
"""

from __future__ import annotations

import json
import math
import random
import shutil
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from dialogue.core import config, ledger, models, tainted
from dialogue.core.files import digest_of, read_json, save_json, sha256
from dialogue.core.lock import try_lock
from dialogue.core.progress import rough_duration
from dialogue.core.tombstones import TombstoneError, Tombstones
from dialogue.learning.acoustic import pairs
from dialogue.learning.acoustic.adapted_whisper import AdaptedWhisper, EncodedWindow, learned
from dialogue.learning.acoustic.finetuning_options import AcousticError, AcousticRun
from dialogue.learning.acoustic.pairs import SplitFacts
from dialogue.learning.continual import checkpoints, model_card, tensorboard
from dialogue.learning.continual.loop import CHECKPOINT, LOSSES
from dialogue.learning.continual.model_card import CARD
from dialogue.learning.tasks.example import Rights

RUN, BEST = "finetuning.json", "best.safetensors"
SYNTHETIC = "synthetic voices: what was learned is how a synthesiser speaks, not people"


def train(run: AcousticRun, exp: Path, report: Callable[[str], None] = print) -> dict[str, Any]:
    """Train until the development split gets no better, or all updates are done.

    Args:
        exp: folder of the run.
        report: called with a line of text to report progress.

    Returns:
        The result, see :func:`result`.

    Raises:
        AcousticError: the folder belongs to another run or is in use, the data may not be learned, or a loss is not
            finite.
    """
    exp.mkdir(parents=True, exist_ok=True)
    if (lock := try_lock(exp / ".lock")) is None:
        raise AcousticError(f"{exp}: in use by another run. Wait for it, or name another folder.")
    try:
        return _train(run, exp, report)
    finally:
        lock.release()


def run_of(exp: Path) -> AcousticRun:
    """Return the run in a folder.

    Raises:
        AcousticError: the folder holds no run.
    """
    if not (exp / RUN).exists():
        raise AcousticError(f"{exp}: no run. Make one: dialogue acoustic train CONFIG --exp {exp}.")
    return config.build(AcousticRun, read_json(exp / RUN)["run"])


def result(exp: Path) -> dict[str, Any] | None:
    """Return what a finished run found; ``None`` before it is done.

    ``development`` holds the updates that were evaluated, with the loss on the development split in nats per token,
    first that of the initial model; ``best`` is the update with the lowest one, ``updates`` the number of those done.
    """
    found: dict[str, Any] | None = read_json(exp / RUN).get("result")
    return found


def _train(run: AcousticRun, exp: Path, report: Callable[[str], None]) -> dict[str, Any]:
    tainted.refuse(exp)
    facts = {split: pairs.facts_of(run.data, split) for split in ("train", "dev")}
    _refuse(run, exp, facts)
    _begun(run, exp)
    if (done := result(exp)) is not None:
        report(f"{exp}: already done, {said(done)}")
        return done
    learner = AdaptedWhisper(run)
    train, facts["train"] = _windows(learner, run, "train", report)
    dev, facts["dev"] = _windows(learner, run, "dev", report)
    _write_card(run, exp, facts)
    found = _updates(learner, run, exp, train, dev, report)
    save_json(exp / RUN, {**read_json(exp / RUN), "result": found})
    model_card.note(exp, development={"unit": "nats per token", "losses": found["development"], "best": found["best"]})
    shutil.rmtree(exp / CHECKPOINT, ignore_errors=True)
    seen = facts["train"].recordings
    ledger.record(exp, "train", ids=seen, counts={"recordings": len(seen)}, digests=[_digest(run.data, "train")])
    report(f"{exp}: done, {said(found)}")
    return found


def said(found: dict[str, Any]) -> str:
    """Return the result of a run in words."""
    losses = dict(found["development"])
    if not found["best"]:
        return f"no update was better on dev than the initial model ({losses[0]:.3f} nats a token)"
    best = found["best"]
    return f"best on dev after update {best}: {losses[best]:.3f} nats a token, the initial model {losses[0]:.3f}"


def _updates(
    learner: AdaptedWhisper,
    run: AcousticRun,
    exp: Path,
    train: Sequence[EncodedWindow],
    dev: Sequence[EncodedWindow],
    report: Callable[[str], None],
) -> dict[str, Any]:
    import torch

    how, weights = run.training, list(learner.trainable().values())
    plan = planned(len(train), how.windows, how.epochs, how.seed)
    optimizer = torch.optim.AdamW(weights, lr=1.0, weight_decay=how.weight_decay)
    state = checkpoints.restore(exp / CHECKPOINT, learner, optimizer)
    state.setdefault("development", [])
    if not state["development"]:
        state["development"].append([0, _evaluate(learner, dev, how.at_once)])
    since, before = time.monotonic(), state["seconds"]
    for step in range(state["step"], len(plan)):
        if _stale(state["development"]) >= how.patience:
            break
        torch.manual_seed(how.seed * 1_000_003 + step)  # a resumed run drops out what an undisturbed one does
        rate = run.schedule.rate(step, len(plan), 0, 1)
        loss = _update(learner, optimizer, [train[i] for i in plan[step]], rate, how.clip, how.at_once)
        if not math.isfinite(loss):
            raise AcousticError(f"update {step + 1}: the loss is {loss}. Lower schedule.peak, in another folder.")
        state |= {"step": step + 1, "seconds": before + time.monotonic() - since}
        _log(exp, {"step": step + 1, "of": len(plan), "loss": loss, "rate": rate})
        pace = (time.monotonic() - since) / (step + 1 - state["from"])
        left = rough_duration(pace * (len(plan) - step - 1))
        report(f"training, update {step + 1}/{len(plan)}: {loss:.3f} nats a token; at most {left} left")
        if (step + 1) % how.evaluate_every == 0 or step + 1 == len(plan):
            state["development"].append([step + 1, _evaluate(learner, dev, how.at_once)])
            report(f"dev after {step + 1} updates: {state['development'][-1][1]:.3f} nats a token")
            if not _stale(state["development"]):
                learner.save(exp / BEST)
            checkpoints.save(exp / CHECKPOINT, learner, optimizer, state)
    history = state["development"]
    return {
        "development": history,
        "best": min(history, key=lambda each: each[1])[0],
        "updates": state["step"],
        "seconds": round(state["seconds"], 1),
        "device": learner.device,
    }


def _update(
    learner: AdaptedWhisper, optimizer: Any, windows: Sequence[EncodedWindow], rate: float, clip: float, at_once: int
) -> float:
    """Take one optimizer step; returns the mean cross-entropy in nats per token."""
    import torch

    learner.model.train()
    optimizer.zero_grad(set_to_none=True)
    total, count = 0.0, learned(windows)
    for first in range(0, len(windows), at_once):
        loss = learner.loss(windows[first : first + at_once])
        (loss / count).backward()
        total += loss.item()
    torch.nn.utils.clip_grad_norm_(list(learner.trainable().values()), clip)
    for group in optimizer.param_groups:
        group["lr"] = rate
    if math.isfinite(total):
        optimizer.step()
    return total / count


def _evaluate(learner: AdaptedWhisper, windows: Sequence[EncodedWindow], at_once: int) -> float:
    """Return the mean cross-entropy on windows in nats per token."""
    import torch

    learner.model.eval()
    with torch.no_grad():
        parts = [windows[first : first + at_once] for first in range(0, len(windows), at_once)]
        return sum(float(learner.loss(part)) for part in parts) / learned(windows)


def _stale(development: Sequence[Sequence[float]]) -> int:
    """Return how many evaluations there were since the best one."""
    losses = [loss for _, loss in development]
    return len(losses) - 1 - losses.index(min(losses))


def planned(windows: int, each: int, epochs: int, seed: int) -> list[list[int]]:
    """Return which windows each update holds: all of them once an epoch, in another order each time."""
    plan: list[list[int]] = []
    for epoch in range(epochs):
        order = list(range(windows))
        random.Random(f"{seed}/{epoch}").shuffle(order)
        plan += [order[first : first + each] for first in range(0, windows, each)]
    return plan


# Data and files ---------------------------------------------------------------------------------------------------


def _windows(
    learner: AdaptedWhisper, run: AcousticRun, split: str, report: Callable[[str], None]
) -> tuple[list[EncodedWindow], SplitFacts]:
    encoded, facts = pairs.read_split(run.data, split, learner.encode)
    kept = [window for window in encoded if window is not None]
    if not kept:
        raise AcousticError(f"{run.data / split}: no window with fewer than {learner.longest} tokens.")
    report(
        f"{split}: {len(kept)} windows, {facts.seconds:.0f} s of speech of {len(facts.recordings)} recordings; left "
        f"out: {facts.left:.0f} s, {len(encoded) - len(kept)} windows of too many words"
    )
    return kept, facts


def _refuse(run: AcousticRun, exp: Path, facts: dict[str, SplitFacts]) -> None:
    """Refuse data that may not be learned, or that are in both splits."""
    if both := {*facts["train"].recordings} & {*facts["dev"].recordings}:
        raise AcousticError(f"{run.data}: {min(both)} is in train and in dev. Accepted: one split each.")
    model_card.refuse_licence(run.licence, {"train": facts["train"].licences})
    rights = _rights(run)
    if rights.personal_data == "yes" and not rights.legal_basis:
        raise AcousticError(
            f"{run.data}: voices of people (personal_data: yes in the card), whom no pseudonym hides. Accepted: "
            "gdpr.legal_basis in the card of the corpus, or --legal-basis TEXT, which goes into the card of the model."
        )
    if stones := Tombstones(exp, run.data):
        try:
            stones.refuse("recording", *facts["train"].recordings)
            stones.refuse("person", *facts["train"].speakers)
        except TombstoneError as error:
            raise AcousticError(f"{error} Prepare the corpus again, which leaves it out.") from error


def _rights(run: AcousticRun) -> Rights:
    card = read_json(run.data / CARD) if (run.data / CARD).exists() else {}
    basis = run.legal_basis or str((card.get("gdpr") or {}).get("legal_basis", "unknown"))
    return Rights(str(card.get("personal_data", "unknown")), "", "" if basis == "unknown" else basis)


def _begun(run: AcousticRun, exp: Path) -> None:
    """Write the description of the run, or check that the folder holds this one."""
    value: dict[str, Any] = {
        "schema": "dialogue/acoustic-run/1",
        "run": config.to_dict(run),
        "base": models.digest(run.model),
        "data": {split: _digest(run.data, split) for split in ("train", "dev")},
    }
    if not (exp / RUN).exists():
        save_json(exp / RUN, value)
        return
    before = read_json(exp / RUN)
    for what in ("base", "data", "run"):
        old, new = _fixed(before[what]), _fixed(value[what])
        if old != new:
            keys = [k for k in new if old.get(k) != new[k]] if isinstance(new, dict) else [what]
            raise AcousticError(
                f"{exp}: another {what} ({', '.join(keys)}) than when the run began. Name a new folder."
            )


def _fixed(value: Any) -> Any:
    """Return a part of the description without what may change when a run resumes."""
    if not isinstance(value, dict) or "training" not in value:
        return value
    return {**value, "training": {k: v for k, v in value["training"].items() if k != "threads"}}


def _digest(data: Path, split: str) -> str:
    """Return a digest of the sound and the references of a split."""
    recordings = pairs.manifest(data, split)
    return digest_of({r.id: [sha256(r.path), sha256(data / "reference" / f"{r.id}.json")] for r in recordings})


def _write_card(run: AcousticRun, exp: Path, facts: dict[str, SplitFacts]) -> None:
    """Write the ``card.json`` of the model, before anything is learned: an erasure must find a run that was killed."""
    rights, learned_from = _rights(run), facts["train"]
    held_out = {"dev": facts["dev"]}
    if (run.data / "test" / "recordings.jsonl").exists():
        held_out["test"] = pairs.facts_of(run.data, "test")
    registered = models.registry().get(run.model)
    value: dict[str, Any] = {
        "schema": "dialogue/model-card/1",
        "modality": "audio",
        "base": {"model": run.model, "licence": registered.licence if registered else "unknown"},
        "licence": run.licence,
        "personal_data": rights.personal_data,
        "speech": learned_from.speech,
        "data": [
            {
                "task": run.data.name,
                "sha256": _digest(run.data, "train"),
                "licences": learned_from.licences,
                "pseudonymised": ["none"],
                "legal_basis": [rights.legal_basis or "unknown"],
                "examples": len(learned_from.recordings),
                "seconds": learned_from.seconds,
                "recordings": learned_from.recordings,
                "speakers": learned_from.speakers,
                "utterances": learned_from.utterances,
            }
        ],
        "held_out": {
            split: {
                "recordings": found.recordings,
                "speakers": found.speakers,
                "speakers_also_learned": sorted({*found.speakers} & {*learned_from.speakers}),
            }
            for split, found in held_out.items()
        },
        "method": "lora",
        "config": config.to_dict(run),
        "retrain": "prepare the corpus again, dialogue acoustic train CONFIG --exp NEW, dialogue acoustic publish NEW",
        "versions": model_card.versions(),
    }
    if "synthetic" in learned_from.speech:
        value["warning"] = SYNTHETIC if learned_from.speech == ("synthetic",) else f"in part {SYNTHETIC}"
    save_json(exp / CARD, value)


def _log(exp: Path, line: dict[str, float]) -> None:
    with (exp / LOSSES).open("a", encoding="utf-8") as file:
        file.write(json.dumps(line) + "\n")
    tensorboard.add(exp, line)
