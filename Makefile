# The two commands of the README, and those of the people who build Vivencia. `make help` lists them.
PYTHON ?= python3
PIP_ARGS ?=
VENV := .venv
BIN := $(VENV)/bin
HOME_DIR ?= .vivencia
DESK_LANG ?= es

.PHONY: help demo demo-desk test test-openvino lint bench clean
help:
	@echo "make demo       set up .venv and show Vivencia at work on a bundled stream (under a minute after installation)"
	@echo "make demo-desk  try the agents' desk on a page of your own, without a Discord account (DESK_LANG=en for English)"
	@echo "make test       set up .venv with the development tools and run the tests"
	@echo "make test-openvino  run the tests of the extra openvino, which is put beside .venv's packages, not among them"
	@echo "make lint       types, style and floors"
	@echo "make bench      speed, memory and faults, as ratios"
	@echo "make clean      remove .venv and what was built"

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Python 3.11 or newer is needed; give it with PYTHON=/path/to/python3.11"; exit 2; }
	$(PYTHON) -m venv $(VENV)

$(VENV)/.service: pyproject.toml constraints.txt | $(BIN)/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check $(PIP_ARGS) -c constraints.txt -e .
	@touch $@

$(VENV)/.tools: pyproject.toml constraints.txt | $(BIN)/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check $(PIP_ARGS) -c constraints.txt -e '.[dev]'
	@touch $@ $(VENV)/.service

demo: $(VENV)/.service
	@$(BIN)/vivencia demo --home $(HOME_DIR)

demo-desk: $(VENV)/.service
	@$(BIN)/python -m tests.servers.discord_window --lang $(DESK_LANG) --home $(HOME_DIR)

test: $(VENV)/.tools
	@$(BIN)/python -m pytest

$(VENV)/openvino: constraints.txt | $(VENV)/.tools
	$(BIN)/python -m pip install --quiet --disable-pip-version-check $(PIP_ARGS) -c constraints.txt --no-deps --upgrade --target $@ openvino openvino-telemetry
	@touch $@

test-openvino: $(VENV)/openvino
	@PYTHONPATH=$(VENV)/openvino $(BIN)/python -m pytest tests/nlp/test_compiled.py

lint: $(VENV)/.tools
	@$(BIN)/ruff check --output-format concise .
	@$(BIN)/ruff format --check --quiet bot listeners nlp responders config tests benchmarks
	@$(BIN)/mypy
	@$(BIN)/lint-imports --no-logo

bench: $(VENV)/.tools
	@$(BIN)/python -m benchmarks

clean:
	rm -rf $(VENV) dist build .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
