# make run    everything from nothing: environment, models, the sample recipe       make test   the same, then all tests
# make docs   the site, into site/                                                  make bench  measurements into benchmarks/RESULTS.md
# make clean  forget environment and outputs
SHELL := /bin/bash
PYTHON ?= python3
VENV ?= .venv
BIN := $(abspath $(VENV))/bin
TORCH := 2.13.0
# An index of PyTorch's CPU wheels, for machines without a GPU whose pip knows none (see README, "Set-up").
TORCH_INDEX ?=
PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt

# Tracing costs a tenth of the time of tests that run models, and up to as much again in pure Python: make test COVERAGE= leaves it out.
COVERAGE := --cov
PROCESSES := 2

.PHONY: run test test-oldest lint docs bench clean
run: $(VENV)/.installed models
	cd recipes/reunion && PATH="$(BIN):$$PATH" ./run.sh

test: $(VENV)/.installed-tests models lint
	PATH="$(BIN):$$PATH" $(BIN)/python -m pytest --numprocesses $(PROCESSES) --dist worksteal $(COVERAGE)

# The oldest Python promised: the wings that need no torch, in an environment of their own.
OLDEST ?= python3.10
WITHOUT_TORCH := core french formats corpus minutes scoring cli
test-oldest: $(VENV)-oldest/.installed
	$(VENV)-oldest/bin/python -m pytest -m "not model" $(WITHOUT_TORCH:%=tests/%)

$(VENV)-oldest/.installed: pyproject.toml constraints.txt
	test -x $(VENV)-oldest/bin/python || $(OLDEST) -m venv $(VENV)-oldest
	$(VENV)-oldest/bin/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt --editable '.[documents,test]'
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

$(VENV)/.installed: pyproject.toml constraints.txt
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	# Without a GPU the CPU build: the other one brings gigabytes of CUDA.
	@if [ -n "$(TORCH_INDEX)" ]; then \
	  $(PIP) torch==$(TORCH) --index-url "$(TORCH_INDEX)"; \
	elif command -v nvidia-smi >/dev/null || [ "$$(uname)" != Linux ]; then \
	  $(PIP) torch==$(TORCH); \
	else \
	  $(PIP) "torch==$(TORCH)+cpu" 2>/dev/null || { \
	    echo "pip knows no CPU build of torch; taking the default one. To avoid that: make run TORCH_INDEX=URL"; \
	    $(PIP) torch==$(TORCH); }; \
	fi
	$(PIP) --editable '.[all]'
	touch $@

$(VENV)/.installed-tests: $(VENV)/.installed
	$(PIP) --editable '.[all,dev]'
	touch $@

clean:
	rm -rf $(VENV) $(VENV)-oldest site .coverage* recipes/*/data recipes/*/exp
