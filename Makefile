# The two commands of the README, and what developers use besides.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin

.PHONY: build test test-full lint bench clean

# What tests call besides Python. Without the second, tests are skipped and say so.
define TOOLS
sh tests/debian.sh chromium "The browser tests" chromium chromium-browser google-chrome google-chrome-stable
	-sh tests/debian.sh geographiclib-tools "The comparisons with GeographicLib's programs" GeodSolve
endef

build: $(VENV)/.installed
	$(BIN)/rangemap build

test: $(VENV)/.test-installed
	$(TOOLS)
	$(BIN)/python -m pytest -m "not slow" --cov --cov-report=term

test-full: $(VENV)/.test-installed
	$(TOOLS)
	RANGEMAP_TEST_FULL=1 $(BIN)/python -m pytest

lint: $(VENV)/.dev-installed
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/codespell
	$(BIN)/rangemap check

# Beside the peers, which have a virtual environment of their own. BENCH="--quick discs" asks less.
bench: benchmarks/.venv/.installed
	benchmarks/.venv/bin/python -m benchmarks $(BENCH)

benchmarks/.venv/.installed: Makefile pyproject.toml benchmarks/requirements.txt benchmarks/package.json
	$(PYTHON) -m venv benchmarks/.venv
	benchmarks/.venv/bin/python -m pip install --quiet --editable '.[dask]' --requirement benchmarks/requirements.txt
	-cd benchmarks && npm install --no-audit --no-fund --loglevel=error
	touch $@

$(VENV)/bin/python:
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "rangemap needs Python 3.11 or newer")'
	$(PYTHON) -m venv $(VENV) || { echo "Could not make a virtual environment. On Debian or Ubuntu: apt-get install python3-venv" >&2; rm -rf $(VENV); exit 1; }

$(VENV)/.installed: pyproject.toml | $(VENV)/bin/python
	$(BIN)/python -m pip install --quiet --editable .
	touch $@

$(VENV)/.test-installed: pyproject.toml | $(VENV)/bin/python
	$(BIN)/python -m pip install --quiet --editable '.[test]'
	touch $@ $(VENV)/.installed

$(VENV)/.dev-installed: pyproject.toml | $(VENV)/bin/python
	$(BIN)/python -m pip install --quiet --editable '.[test,dev]'
	touch $@ $(VENV)/.test-installed $(VENV)/.installed

clean:
	rm -rf $(VENV) benchmarks/.venv benchmarks/node_modules .pytest_cache .mypy_cache .ruff_cache .hypothesis .coverage
	find output -mindepth 1 ! -name .gitkeep -delete
