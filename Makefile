.DEFAULT_GOAL := help
SHELL := /bin/bash
PYTHON ?= python3.11
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.stamp

help: ## show this list
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 16

setup: $(STAMP) ## install what hikeshi needs (virtual environment, browser, fonts)

$(STAMP): requirements-setup.txt requirements-dev.txt pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(BIN)/pip install --quiet --require-hashes -r requirements-setup.txt
	$(BIN)/uv pip sync --quiet --require-hashes --python $(BIN)/python requirements-setup.txt requirements-dev.txt
	$(BIN)/uv pip install --quiet --no-deps --no-build-isolation --python $(BIN)/python -e .
	@touch $@

lock: ## recompute the locked requirements after a change of dependencies
	$(BIN)/uv pip compile -q --python-version 3.11 --generate-hashes --no-emit-index-url --no-emit-find-links --no-strip-extras --group dev pyproject.toml -o requirements-dev.txt

.PHONY: help setup lock
