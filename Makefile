.DEFAULT_GOAL := help
SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
PYTHON ?= $(shell command -v python3.11 || command -v python3)
VENV := .venv
BIN := $(VENV)/bin
ENVIRONMENT ?= prod
export PATH := $(CURDIR)/$(BIN):$(PATH)
export SAM_CLI_TELEMETRY := 0

help: ## show this list
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

setup: $(VENV)/.ready $(VENV)/.packed ## install the tools that hikeshi needs into .venv

$(VENV)/.ready: requirements-setup.txt requirements-dev.txt pyproject.toml
	@$(PYTHON) -c 'import ensurepip' 2>/dev/null || { echo 'Python cannot make virtual environments: apt-get install python3-venv' >&2; exit 1; }
	$(PYTHON) -m venv --clear $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-setup.txt
	$(BIN)/uv pip sync --system-certs --quiet --require-hashes --python $(BIN)/python requirements-setup.txt requirements-dev.txt
	$(BIN)/uv pip install --system-certs --quiet --no-deps --no-build-isolation --python $(BIN)/python -e .
	@touch $@

$(VENV)/.packed: layers/janome/pack.py $(VENV)/.ready
	$(BIN)/python layers/janome/pack.py
	@touch $@

browser:
	@infra/local/install_browser.sh

check: setup ## lint, types, import rules, templates, state machines, configuration
	ruff check .
	ruff format --check .
	mypy
	lint-imports
	python -m infra.cfn_rules.lint
	hikeshi config check infra/config

test: setup browser ## every test: units, contracts, the embedded stack, the browser
	$(MAKE) --no-print-directory --jobs=2 test-alone test-stack

# The stack mostly waits for its clocks, so the rest runs beside it and gives way to it.
test-alone: setup
	nice pytest -q -n 2 -m "not stack and not browser and not soak"

test-stack: setup browser
	pytest -q -m "(stack or browser) and not soak"

soak: setup ## prove in hours what make test shows in minutes: every schedule of faults, a million forged links
	pytest -q -n 2 -m "soak and not stack"
	pytest -q -m "soak and stack"

coverage-map: setup browser ## show which test proves which row of tests/coverage_rows.tsv, and run them
	python -m tests.coverage_map

demo: setup ## start the embedded stack and take one post to its first SMS
	hikeshi demo

up: setup ## start the embedded stack
	hikeshi local up

down: setup ## stop the embedded stack
	hikeshi local down

build: setup ## build the functions and layers for deployment
	python -m infra.lexicon.digests
	sam build

deploy: check build ## deploy to AWS (guided), after the configuration has passed its check
	sam deploy --guided --parameter-overrides Environment=$(ENVIRONMENT)

bench: setup ## measure: start-up and memory of each function, the janome layer, scoring, AWS calls
	python -m tests.benchmarks

bench-quality: setup ## measure scoring beside its peers, each in an environment of its own
	python -m tests.benchmarks bench_quality

bench-speed: setup ## measure the speed of scoring beside janome and the fastest peer
	python -m tests.benchmarks bench_speed

bench-escalation: setup ## measure the time from an alert to the first SMS, and what an incident costs
	python -m tests.benchmarks bench_escalation

bench-pages: setup ## measure the pages of the largest incident on the embedded stack
	python -m tests.benchmarks bench_pages

train: setup ## learn the weights of the scorer's model again from the posts that may be learned from
	python -m infra.training

train-perils: setup ## learn again what puts a life at risk, from the posts that may be learned from
	python -m infra.training.perils

ENCODING := infra/training/encoding
ENCODER := .build/encoder

train-encoder: setup $(ENCODER)/.ready ## teach the encoder the posts that may be learned from (an hour); then make train train-perils
	PYTHONPATH=layers/core/python:. $(ENCODER)/bin/python -m infra.training.encoding

$(ENCODER)/.ready: $(ENCODING)/requirements.txt
	uv venv --quiet --clear --python $(BIN)/python $(ENCODER)
	uv pip sync --system-certs --quiet --require-hashes --python $(ENCODER)/bin/python $(ENCODING)/requirements.txt
	@touch $@

lock: setup ## recompute the locked requirements after a change of dependencies
	uv pip compile --system-certs -q --python-version 3.11 --generate-hashes --no-emit-index-url --no-emit-find-links --no-strip-extras --group dev pyproject.toml -o requirements-dev.txt
	uv pip compile --system-certs -q --python-version 3.11 --generate-hashes --no-emit-index-url --no-emit-find-links $(ENCODING)/requirements.in -o $(ENCODING)/requirements.txt

.PHONY: help setup browser check test test-alone test-stack soak coverage-map demo up down build deploy bench bench-quality bench-speed bench-escalation train train-perils train-encoder lock
