"""A Whisper model of two layers and random weights, and a corpus of two recordings of a few seconds."""

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from dialogue import formats
from dialogue.core import audio, compatibility, config
from dialogue.core.audio import Recording
from dialogue.core.transcript import Speaker, Transcript, Utterance
from dialogue.formats import lhotse
from dialogue.learning.acoustic import AcousticRun
from dialogue.learning.continual.options import Schedule

np = pytest.importorskip("numpy")
torch = pytest.importorskip("torch")

LANGUAGES = ("fr", "en")
SPECIAL = ["<|endoftext|>", "<|startoftranscript|>", *(f"<|{code}|>" for code in LANGUAGES)]
SPECIAL += ["<|translate|>", "<|transcribe|>", "<|startoflm|>", "<|startofprev|>", "<|nospeech|>", "<|notimestamps|>"]
SAID = ("bonjour à tous", "on commence", "oui merci", "à demain")


@pytest.fixture(scope="session")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A transformers folder: Whisper over bytes, with times."""
    compatibility.prepare()
    from tokenizers import AddedToken, Tokenizer, decoders, models, pre_tokenizers
    from transformers import GenerationConfig, WhisperConfig, WhisperFeatureExtractor, WhisperForConditionalGeneration

    folder = tmp_path_factory.mktemp("tiny-whisper")
    letters = {letter: i for i, letter in enumerate(sorted(pre_tokenizers.ByteLevel.alphabet()))}
    core = Tokenizer(models.BPE(letters, []))
    core.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    core.decoder = decoders.ByteLevel()
    core.add_special_tokens([AddedToken(token, special=True) for token in SPECIAL])
    core.save(str(folder / "tokenizer.json"))
    ids = {token: core.token_to_id(token) for token in SPECIAL}
    (folder / "vocab.json").write_text(json.dumps(letters))
    (folder / "merges.txt").write_text("#version: 0.2\n")
    kind = {"tokenizer_class": "WhisperTokenizer", "errors": "replace"}
    kind |= {f"{name}_token": "<|endoftext|>" for name in ("bos", "eos", "unk", "pad")}
    (folder / "tokenizer_config.json").write_text(json.dumps(kind))
    WhisperFeatureExtractor().save_pretrained(folder)
    end = ids["<|endoftext|>"]
    tokens = {"decoder_start_token_id": ids["<|startoftranscript|>"]}
    tokens |= {"bos_token_id": end, "eos_token_id": end, "pad_token_id": end}
    torch.manual_seed(0)
    shape = WhisperConfig(
        vocab_size=len(letters) + len(SPECIAL) + 1501,
        d_model=32,
        encoder_layers=2,
        decoder_layers=2,
        encoder_attention_heads=2,
        decoder_attention_heads=2,
        encoder_ffn_dim=64,
        decoder_ffn_dim=64,
        init_std=0.2,
        **tokens,
    )
    model = WhisperForConditionalGeneration(shape)
    model.generation_config = GenerationConfig(
        **tokens,
        max_length=448,
        is_multilingual=True,
        no_timestamps_token_id=ids["<|notimestamps|>"],
        suppress_tokens=[],
        begin_suppress_tokens=[],
        alignment_heads=[[1, 0]],
        task_to_id={task: ids[f"<|{task}|>"] for task in ("translate", "transcribe")},
        lang_to_id={f"<|{code}|>": ids[f"<|{code}|>"] for code in LANGUAGES},
    )
    model.save_pretrained(folder)
    return folder


def prepared(folder: Path, splits: dict[str, list[str]], card: dict, licence: str = "MIT") -> Path:
    """Write what ``dialogue prepare`` does of a corpus with one speaker a recording, of seven seconds each."""
    draw = np.random.default_rng(0)
    for split, names in splits.items():
        recordings, references = [], []
        for name in names:
            path = folder / f"{name}.wav"
            path.parent.mkdir(parents=True, exist_ok=True)
            audio.save_wav(path, draw.normal(0, 0.1, 7 * audio.RATE).astype(np.float32))
            facts = {"licence": licence, "speech": "synthetic"}
            recordings.append(Recording(name, path, 7.0, attributes=facts))
            said = [Utterance(f"u{n}", "spk1", 0.5 + 1.5 * n, 1.5 + 1.5 * n, text) for n, text in enumerate(SAID)]
            references.append(Transcript(name, 7.0, "fr", (Speaker("spk1", f"voix {name}"),), tuple(said)))
            formats.write([references[-1]], folder / "reference" / f"{name}.json")
        (folder / split).mkdir(exist_ok=True)
        formats.write(references, folder / split / "reference.stm")
        lhotse.write_recordings(recordings, folder / split / "recordings.jsonl")
    (folder / "card.json").write_text(json.dumps({"schema": "dialogue-card/1", "id": "a", **card}))
    return folder


@pytest.fixture(scope="session")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> Path:
    splits = {"train": ["a", "b"], "dev": ["c"], "test": ["d"]}
    return prepared(tmp_path_factory.mktemp("corpus"), splits, {"personal_data": "no"})


@pytest.fixture(scope="session")
def runs(tiny: Path, corpus: Path) -> Callable[..., AcousticRun]:
    """``runs(training={...})``: a run of a few updates, with overrides of its parts."""

    def make(**parts: dict) -> AcousticRun:
        run = AcousticRun(
            corpus,
            str(tiny),
            schedule=Schedule(peak=1e-2),
            training=replace(
                AcousticRun(corpus).training, epochs=3, windows=1, evaluate_every=2, patience=9, threads=1
            ),
        )
        values = config.to_dict(run)
        for key, part in parts.items():
            values[key] = {**values[key], **part} if isinstance(part, dict) else part
        return config.build(AcousticRun, values)

    return make
