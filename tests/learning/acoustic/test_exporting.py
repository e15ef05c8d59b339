"""A published model writes what the trained one does, with its card, and is not published for nothing."""

from collections.abc import Callable
from pathlib import Path

import pytest

from dialogue.core import compatibility
from dialogue.core.files import read_json, save_json
from dialogue.learning.acoustic import AcousticError, AcousticRun, exporting, finetuning

np = pytest.importorskip("numpy")
torch = pytest.importorskip("torch")
ctranslate2 = pytest.importorskip("ctranslate2")
compatibility.prepare()
pytest.importorskip("peft")

Runs = Callable[..., AcousticRun]


@pytest.fixture(scope="module")
def exp(runs: Runs, tmp_path_factory: pytest.TempPathFactory) -> Path:
    exp = tmp_path_factory.mktemp("exp")
    everything = ["q_proj", "k_proj", "v_proj", "out_proj"]
    finetuning.train(runs(adapters={"parts": "both", "projections": everything}), exp, lambda line: None)
    return exp


@pytest.fixture(scope="module")
def published(exp: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("published") / "model"
    exporting.publish(exp, out, "float32")
    return out


def test_the_published_model_computes_the_same(exp: Path, published: Path) -> None:
    """Greedily written tokens, and the logits of each."""
    from dialogue.learning.acoustic.adapted_whisper import AdaptedWhisper

    learner = AdaptedWhisper(finetuning.run_of(exp))
    learner.restore(exp / finetuning.BEST)
    theirs = ctranslate2.models.Whisper(str(published), compute_type="float32", intra_threads=1)
    special = ["<|startoftranscript|>", "<|fr|>", "<|transcribe|>", "<|notimestamps|>"]
    prompt = learner.processor.tokenizer.convert_tokens_to_ids(special)
    mel = np.random.default_rng(1).normal(0, 0.5, (1, 80, 3000)).astype(np.float32)
    how = {"beam_size": 1, "max_length": 40, "suppress_blank": False, "suppress_tokens": None}
    [found] = theirs.generate(ctranslate2.StorageView.from_array(mel), [prompt], return_logits_vocab=True, **how)
    written = [*found.sequences_ids[0]]
    with torch.no_grad():
        out = learner.merged().eval()(torch.from_numpy(mel), decoder_input_ids=torch.tensor([prompt + written]))
    ours = out.logits[0, len(prompt) - 1 :][: len(written)].numpy()
    logits = np.stack([np.array(step.to_device(ctranslate2.Device.cpu)) for step in found.logits[0]])[: len(written)]
    assert len(written) > 5
    assert written == [*ours.argmax(-1)]
    assert np.abs(ours - logits).max() < 1e-3


def test_the_adapters_change_what_the_model_computes(exp: Path) -> None:
    from dialogue.learning.acoustic.adapted_whisper import AdaptedWhisper, initial

    learner = AdaptedWhisper(finetuning.run_of(exp))
    learner.restore(exp / finetuning.BEST)
    before, after = initial(learner.base, torch.float32).state_dict(), learner.merged().state_dict()
    changed = {name for name, tensor in after.items() if not torch.equal(tensor, before[name])}
    assert changed
    assert all(name.endswith("_proj.weight") for name in changed)


def test_the_recogniser_loads_it_with_its_tokenizer_and_features(published: Path) -> None:
    pytest.importorskip("faster_whisper")
    from dialogue.speech.asr import ASRConfig, Decoding, load

    engine = load(ASRConfig(model=str(published), compute_type="float32", threads=1))
    sound = np.random.default_rng(0).normal(0, 0.1, 3 * 16_000).astype(np.float32)
    assert len(engine.decode([sound], Decoding("fr", beam_size=1))) == 1


def test_its_card_is_beside_it(published: Path) -> None:
    assert read_json(published / "card.json")["data"][0]["recordings"] == ["a", "b"]


def test_nothing_is_written_over(exp: Path, published: Path) -> None:
    with pytest.raises(AcousticError, match=r"model: exists\. Name a new folder"):
        exporting.publish(exp, published)


@pytest.mark.parametrize(
    ("result", "found"),
    [
        (None, r"not done\. Type: dialogue acoustic resume"),
        ({"best": 0, "development": [[0, 1.5], [2, 1.6]]}, "no update was better on dev than the initial model"),
    ],
)
def test_a_run_without_a_better_model_is_not_published(exp: Path, tmp_path: Path, result, found) -> None:
    save_json(tmp_path / finetuning.RUN, {**read_json(exp / finetuning.RUN), "result": result})
    with pytest.raises(AcousticError, match=found):
        exporting.publish(tmp_path, tmp_path / "model")
