# make try    a page of one short meeting, in about two minutes                      make run    everything from nothing: environment, models, the sample recipe
# make demo   the application in a browser: drop a recording, read, correct, take the minutes away
# make test   the environment of make run with the test tools, then all tests       make docs   the site, into site/
# make bench  measurements into benchmarks/RESULTS.md                               make clean  forget environment and outputs
SHELL := /bin/bash
PYTHON ?= python3
VENV ?= .venv
BIN := $(abspath $(VENV))/bin
TORCH := 2.13.0
# An index of PyTorch's CPU wheels, for machines without a GPU whose pip knows none (see README, "Set-up").
TORCH_INDEX ?=
# Bytecode is left to the first import: most modules of torch and transformers are never imported, and theirs takes 300 MB and a minute.
unexport PYTHONDONTWRITEBYTECODE
PIP := $(BIN)/python -m pip install -qq --no-compile --disable-pip-version-check --constraint constraints.txt

# $(call install,WHAT,MB ON DISK AFTERWARDS,TIME,COMMAND): say what comes, then every 10 s how far it is.
define install
@echo "Installing $(1): $(3) if pip has them in its cache; $(VENV) then holds about $(2) MB"; \
  (while sleep 10 >/dev/null 2>&1; do echo "  $$SECONDS s, $$(du -sm $(VENV) | cut -f 1) MB"; done) & beat=$$!; trap "kill $$beat" EXIT; $(4)
endef

# Tracing costs a tenth of the time of tests that run models, and up to as much again in pure Python: make test COVERAGE= leaves it out.
COVERAGE := --cov
PROCESSES := 2

# Options of `dialogue demo`, e.g. make demo DEMO="--port 7861".
DEMO :=
COMMA := ,
SPEECH := .[asr,diarization]
SAMPLE := corpora/reunion/data/reunion_corpus/reunion_corpus.flac
TRIED := recipes/reunion/exp/try

.PHONY: try run demo test test-slurm test-oldest lint docs bench clean
try: $(VENV)/.installed-speech
	$(BIN)/dialogue models fetch whisper-base segmentation-3.0 campplus
	@echo "A meeting of 2 min 21 s, synthetic voices: who speaks, what is said, minutes, page; about 1 min"
	$(BIN)/dialogue meeting $(SAMPLE) --date 2023-10-12 --out $(TRIED)
	@echo "Open $(abspath $(TRIED))/reunion_corpus/report.html"

run: $(VENV)/.installed models
	@echo "The sample recipe: three recordings, 6 min 20 s of sound, from audio to scores and pages; about 3 min"
	cd recipes/reunion && PATH="$(BIN):$$PATH" ./run.sh
	@echo "Open $(abspath recipes/reunion/exp/reunion/report/reunion_corpus/report.html)"

demo: $(VENV)/.installed models
	$(BIN)/dialogue demo $(DEMO)

test: $(VENV)/.installed-tests models lint
	PATH="$(BIN):$$PATH" $(BIN)/python -m pytest --numprocesses $(PROCESSES) --dist worksteal $(COVERAGE)

# A Slurm of two nodes on this machine, thrown away afterwards: needs slurm-wlm and munge (Debian).
test-slurm: $(VENV)/.installed-tests models
	export SLURM_TEST_DIR="$$(mktemp -d)"; trap "tests/slurm-test-cluster stop" EXIT; \
	  tests/slurm-test-cluster start && eval "$$(tests/slurm-test-cluster env)" && \
	  PATH="$(BIN):$$PATH" $(BIN)/python -m pytest -m slurm tests/workflow tests/learning/continual

# The oldest Python promised: the wings that need no torch, in an environment of their own.
OLDEST ?= python3.10
WITHOUT_TORCH := core french formats corpus minutes scoring cli
test-oldest: $(VENV)-oldest/.installed
	$(VENV)-oldest/bin/python -m pytest -m "not model" $(WITHOUT_TORCH:%=tests/%)

$(VENV)-oldest/.installed: pyproject.toml constraints.txt
	test -x $(VENV)-oldest/bin/python || $(OLDEST) -m venv $(VENV)-oldest
	$(VENV)-oldest/bin/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt --editable '.[documents,plan,test]'
	touch $@

lint: $(VENV)/.installed-tests
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

docs: $(VENV)/.installed-tests
	NO_MKDOCS_2_WARNING=1 $(BIN)/mkdocs build --strict --quiet

bench: $(VENV)/.installed-tests models
	PATH="$(BIN):$$PATH" $(BIN)/python benchmarks/pipeline.py

.PHONY: models
models: $(VENV)/.installed
	$(BIN)/dialogue models fetch

$(BIN)/python:
	$(PYTHON) -m venv $(VENV)

# Without a GPU the CPU build: the other one brings gigabytes of CUDA, to which a GPU adds the cuBLAS of CTranslate2 (docs/gpu.md). A new pip first: it resolves in a third of the time of that of Python 3.11.
$(VENV)/.installed-speech: pyproject.toml constraints.txt | $(BIN)/python
	@echo "Installing Python packages into $(VENV), first a recent pip"
	@$(PIP) --upgrade pip
	$(call install,torch,700,about 15 s,\
	if [ -n "$(TORCH_INDEX)" ]; then \
	  $(PIP) torch==$(TORCH) --index-url "$(TORCH_INDEX)"; \
	elif [ "$$(uname)" != Linux ]; then \
	  $(PIP) torch==$(TORCH); \
	elif command -v nvidia-smi >/dev/null; then \
	  $(PIP) torch==$(TORCH) 'nvidia-cublas-cu12>=12.4$(COMMA)<13'; \
	else \
	  $(PIP) "torch==$(TORCH)+cpu" 2>/dev/null || { \
	    echo "pip knows no CPU build of torch; taking the default one. To avoid that: make run TORCH_INDEX=URL"; \
	    $(PIP) torch==$(TORCH); }; \
	fi)
	$(call install,speech recognition and diarization,1700,about 1 min,$(PIP) --editable '$(SPEECH)')
	@touch $@

$(VENV)/.installed: $(VENV)/.installed-speech
	$(call install,language models$(COMMA) documents$(COMMA) corpora and the demo page,2200,about 20 s,$(PIP) --editable '.[all]')
	@touch $@

# openai-whisper, whose engine is tested, without its triton: 1 GB that only a GPU uses, where torch brings it. `pip check` names triton as missing for that.
$(VENV)/.installed-tests: $(VENV)/.installed
	$(call install,the test tools,3200,about 1 min,$(PIP) --editable '.[all$(COMMA)dev]' && $(PIP) --no-deps openai-whisper)
	@touch $@

clean:
	rm -rf $(VENV) $(VENV)-oldest site .coverage* recipes/*/data recipes/*/exp
