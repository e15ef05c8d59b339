"""Smaller files of a random tiny Llama: they can be loaded, lose little, and match the table."""

import json
import shutil
import sys

import pytest

pytest.importorskip("torch")
pytest.importorskip("transformers")
pytest.importorskip("ctranslate2")
pytest.importorskip("gguf")

import gguf
import torch

from dialogue.cli import main
from dialogue.core import models
from dialogue.learning import quantization, tasks
from dialogue.learning.quantization import QuantizationError, quantize
from dialogue.llm import LLMError, load
from dialogue.llm import gguf as writer
from tests.llm import tiny

EMBEDDED = "smollm2-135m-instruct"
SAID = ("[Ana:] on met le beurre dans le plat\n[Bob:] et du sucre", "[Léo:] tournez à gauche après le pont")


def write_base(folder, path):
    """Return the metadata of a GGUF file of the model in ``folder``: what llama.cpp needs to know, without weights."""
    config = json.loads((folder / "config.json").read_text())
    vocabulary = json.loads((folder / "tokenizer.json").read_text())["model"]["vocab"]
    out = gguf.GGUFWriter(path, "llama")
    out.add_block_count(config["num_hidden_layers"])
    out.add_context_length(config["max_position_embeddings"])
    out.add_embedding_length(config["hidden_size"])
    out.add_feed_forward_length(config["intermediate_size"])
    out.add_head_count(config["num_attention_heads"])
    out.add_head_count_kv(config["num_key_value_heads"])
    out.add_layer_norm_rms_eps(config["rms_norm_eps"])
    out.add_rope_freq_base(config["rope_parameters"]["rope_theta"])
    out.add_tokenizer_model("gpt2")
    out.add_token_list(sorted(vocabulary, key=vocabulary.get))
    out.add_license("MIT")
    out.write_header_to_file()
    out.write_kv_data_to_file()
    out.write_tensors_to_file()
    out.close()


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """A finetuned model whose card names the GGUF file that it was made from."""
    root = tmp_path_factory.mktemp("quantization")
    tiny.save(root / "model")
    write_base(root / "model", root / "base.gguf")
    card = {"base": {"model": str(root / "base.gguf")}, "licence": "CC-BY-4.0"}
    (root / "model/card.json").write_text(json.dumps(card))
    return root / "model"


@pytest.fixture(scope="module")
def examples(folder):
    said = [
        tasks.Example(str(n), "continuation", ({"role": "assistant", "content": text},), f"r{n}", (), (), ())
        for n, text in enumerate(SAID)
    ]
    tasks.write(said, folder.parent / "test.jsonl")
    return folder.parent / "test.jsonl"


@pytest.fixture(scope="module")
def rows(folder, examples):
    """Return the rows by format, for formats that need only the project's engines."""
    found = quantize(
        folder,
        folder.parent / "out",
        ["ctranslate2-int8", "gguf-q8_0", "gguf-q4_0"],
        test=examples,
        report=str,
    )
    return {row.format: row for row in found}


def changed(folder, path):
    shutil.copytree(folder, path)
    return path


def largest_difference(model, other):
    """Largest error over all weights, as a share of the largest in its matrix; half a step of 8 bits is 0.004."""
    weights = dict(other.named_parameters())
    return max(
        float((p - weights.pop(name)).detach().abs().max() / p.detach().abs().max())
        for name, p in model.named_parameters()
    )


def from_gguf(path):
    from transformers import AutoModelForCausalLM, GgufConfig

    return AutoModelForCausalLM.from_pretrained(
        path, gguf_file="model.gguf", dtype=torch.float32, quantization_config=GgufConfig(dequantize=True)
    )


def from_folder(path):
    from transformers import AutoModelForCausalLM

    return AutoModelForCausalLM.from_pretrained(path, dtype=torch.float32)


def metadata(path):
    return {name: field.contents() for name, field in gguf.GGUFReader(path / "model.gguf").fields.items()}


def test_the_default_engine_runs_what_was_written(rows):
    model = load(rows["ctranslate2-int8"].folder, device="cpu")
    assert model.context_length == 512


def test_the_card_goes_with_each_format(folder, rows):
    cards = {(folder.parent / "out" / f / "card.json").read_text() for f in rows if f != quantization.ORIGINAL}
    assert cards == {(folder / "card.json").read_text()}


def test_the_original_scores_as_in_the_continual_matrix(folder, examples, rows):
    from dialogue.learning.continual import Stream
    from dialogue.learning.continual.evaluation import evaluate
    from dialogue.learning.continual.learner import Learner
    from dialogue.learning.continual.options import Adaptation

    learner = Learner(Stream(str(folder), (folder,), adaptation=Adaptation("full")))
    row = evaluate(learner, {"t": [learner.encoder(e) for e in tasks.read(examples)]})
    bits, size = (sum(cell[i] for cell in row["t"].values()) for i in (0, 1))
    assert rows["float32"].bits_per_byte == pytest.approx(bits / size, rel=1e-6)


@pytest.mark.parametrize("name", ["ctranslate2-int8", "gguf-q8_0"])
def test_eight_bits_lose_little(rows, name):
    assert rows[name].bits_per_byte == pytest.approx(rows["float32"].bits_per_byte, rel=5e-3)


def test_a_gguf_file_has_the_same_weights_but_for_rounding(folder, rows):
    assert largest_difference(from_folder(folder), from_gguf(rows["gguf-q8_0"].folder)) < 0.01


def test_four_bits_are_smaller_than_eight(rows):
    assert rows["gguf-q4_0"].megabytes < rows["gguf-q8_0"].megabytes


def test_vectors_stay_float32(rows):
    kinds = {
        t.tensor_type.name
        for t in gguf.GGUFReader(f"{rows['gguf-q4_0'].folder}/model.gguf").tensors
        if len(t.shape) == 1
    }
    assert kinds == {"F32"}


def test_a_gguf_file_has_the_template_of_the_model_and_the_licence_of_its_card(folder, rows):
    found = metadata(folder.parent / "out/gguf-q8_0")
    assert (found["tokenizer.chat_template"], found["general.license"]) == (tiny.TEMPLATE, "CC-BY-4.0")


def test_blocks_that_were_added_are_written(folder, tmp_path):
    from dialogue.learning.continual.growth import grow

    grown = changed(folder, tmp_path / "grown")
    model = from_folder(folder)
    grow(model, 1)
    torch.nn.init.normal_(model.model.layers[1].mlp.down_proj.weight, std=0.02)
    model.save_pretrained(grown)
    writer.transformers_to_gguf(grown, tmp_path / "out", "q8_0", writer.base_of(grown))
    assert metadata(tmp_path / "out")["llama.block_count"] == 4
    assert largest_difference(model, from_gguf(tmp_path / "out")) < 0.01


def test_a_speed_that_was_not_measured_says_why(folder, tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "llama_cpp", None)
    rows = quantize(folder, tmp_path, ["gguf-q8_0"], report=str)
    assert rows[1].written is None
    assert "gguf-q8_0: speed is unknown, llama-cpp-python is not installed" in quantization.table(rows)


def test_without_test_examples_bits_per_byte_are_unknown(folder, tmp_path):
    rows = quantize(folder, tmp_path, ["ctranslate2-int8"], report=str)
    assert [row.bits_per_byte for row in rows] == [None, None]
    assert "| unknown |" in quantization.table(rows)


def test_torchao_weights_load_again_without_pickles(folder, examples, tmp_path):
    pytest.importorskip("torchao")
    rows = quantize(folder, tmp_path, ["torchao-int8"], test=examples, report=str)
    names = {p.suffix for p in (tmp_path / "torchao-int8").iterdir()}
    assert names <= {".safetensors", ".json", ".jinja"}
    assert "Int8" in type(load(tmp_path / "torchao-int8").model.model.layers[0].mlp.up_proj.weight).__name__
    assert rows[1].bits_per_byte == pytest.approx(rows[0].bits_per_byte, rel=5e-3)


def test_torchao_that_is_absent_says_what_to_type(folder, tmp_path, monkeypatch):
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    with pytest.raises(QuantizationError, match=r"'\.\[quantization\]'"):
        quantize(folder, tmp_path, ["torchao-int8"])


def test_an_unknown_format_names_the_known_ones(folder, tmp_path):
    with pytest.raises(QuantizationError, match="ctranslate2-int8, gguf-q8_0"):
        quantize(folder, tmp_path, ["gptq"])


def test_a_folder_that_exists_is_refused(folder, tmp_path):
    (tmp_path / "gguf-q8_0").mkdir()
    with pytest.raises(QuantizationError, match=r"exists\. Name a new folder"):
        quantize(folder, tmp_path, ["ctranslate2-int8", "gguf-q8_0"])
    assert [p.name for p in tmp_path.iterdir()] == ["gguf-q8_0"]


def test_a_ctranslate2_model_is_no_source(rows, tmp_path):
    with pytest.raises(QuantizationError, match=r"a CTranslate2 model\. Accepted"):
        quantize(rows["ctranslate2-int8"].folder, tmp_path, ["ctranslate2-int8"])


def test_a_model_that_is_quantised_already_is_refused(folder, tmp_path):
    other = changed(folder, tmp_path / "other")
    config = json.loads((other / "config.json").read_text())
    (other / "config.json").write_text(json.dumps({**config, "quantization_config": {}}))
    with pytest.raises(QuantizationError, match="already quantised"):
        quantize(other, tmp_path, ["ctranslate2-int8"])


def test_a_gguf_file_needs_the_base_that_the_card_names(folder, tmp_path):
    alone = changed(folder, tmp_path / "alone")
    (alone / "card.json").unlink()
    with pytest.raises(LLMError, match=r"without a card\.json that names its base"):
        quantize(alone, tmp_path / "out", ["ctranslate2-int8", "gguf-q8_0"])
    assert not (tmp_path / "out").exists()


def test_a_base_of_another_shape_is_refused(folder, tmp_path):
    other = changed(folder, tmp_path / "other")
    config = json.loads((other / "config.json").read_text())
    write_base(other, tmp_path / "base.gguf")
    (other / "config.json").write_text(json.dumps({**config, "num_key_value_heads": 4}))
    (other / "model.safetensors").unlink()
    from transformers import AutoConfig, LlamaForCausalLM

    LlamaForCausalLM(AutoConfig.from_pretrained(other)).save_pretrained(other)
    with pytest.raises(LLMError, match=r"num_key_value_heads is 4; in .* 2"):
        writer.transformers_to_gguf(other, tmp_path / "out", "q8_0", tmp_path / "base.gguf")


def test_another_tokenizer_than_the_base_s_is_refused(folder, tmp_path):
    other = changed(folder, tmp_path / "other")
    text = (other / "tokenizer.json").read_text()
    (other / "tokenizer.json").write_text(text.replace('"a":', '"ⴰ":'))
    with pytest.raises(LLMError, match="its tokenizer is not that of"):
        writer.transformers_to_gguf(other, tmp_path / "out", "q8_0", writer.base_of(folder))


def test_the_command_prints_json(folder, tmp_path, capsys):
    assert main(["quantize", str(folder), "--out", str(tmp_path), "--json"]) == 0
    rows = json.loads(capsys.readouterr().out)
    assert [row["format"] for row in rows] == ["float32", "ctranslate2-int8"]


@pytest.mark.model
def test_the_embedded_file_written_again_as_it_was_has_the_same_weights(tmp_path):
    if models.here(models.get(EMBEDDED)) is None:
        pytest.skip(f"{EMBEDDED} is not on this machine: dialogue models fetch {EMBEDDED}")
    from dialogue.llm import conversion

    base = writer.base_of(EMBEDDED)
    writer.transformers_to_gguf(conversion.prepare(EMBEDDED, "transformers", "cpu")[1], tmp_path / "out", "q4_1", base)
    again = {t.name: t for t in gguf.GGUFReader(tmp_path / "out/model.gguf").tensors}
    for tensor in gguf.GGUFReader(base).tensors:
        old, new = (gguf.quants.dequantize(t.data, t.tensor_type) for t in (tensor, again.pop(tensor.name)))
        assert abs(old - new).max() <= 0.01 * abs(old).max(), tensor.name
    assert not again
