# The two commands of the README, and what developers use besides.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin

# One more than there are cores, for tests wait for browsers and other programs; at most 4.
WORKERS := $(shell cores=$$(getconf _NPROCESSORS_ONLN 2>/dev/null || echo 1); echo $$((cores < 4 ? cores + 1 : 4)))

.DEFAULT_GOAL := build
.PHONY: build page site tools test coverage test-full lint bench clean

# What tests call besides Python. Without the second, tests are skipped and say so.
define TOOLS
sh tests/debian.sh npm "The tests of the map's scripts" npm
	sh tests/debian.sh chromium "The browser tests" chromium chromium-browser google-chrome google-chrome-stable
	-sh tests/debian.sh geographiclib-tools "The comparisons with GeographicLib's programs" GeodSolve
	-sh tests/debian.sh gdal-bin "The tests of GIS files" ogrinfo
	-sh tests/debian.sh poppler-utils "The tests of slides and reports" pdftoppm
	-sh tests/debian.sh "libreoffice-impress-nogui libreoffice-calc-nogui" "The tests of slides and tables" soffice
endef

# The scripts of the map's page: their linter, their unit tests and the bundler.
PAGE := rangemap/views/assets
$(PAGE)/node_modules/.installed: $(PAGE)/package-lock.json
	sh tests/debian.sh npm "The tests of the map's scripts" npm
	cd $(PAGE) && npm ci --no-audit --no-fund --loglevel=error
	touch $@

build: $(VENV)/.installed
	$(BIN)/rangemap build

tools:
	$(TOOLS)

test: $(VENV)/.test-installed $(PAGE)/node_modules/.installed
	$(TOOLS)
	$(BIN)/python -m pytest -m "not slow" -n $(WORKERS) --dist worksteal

# Which lines the tests run; tracing makes them some three times slower, so it is a run of its own.
coverage: $(VENV)/.test-installed $(PAGE)/node_modules/.installed
	$(TOOLS)
	$(BIN)/python -m pytest -m "not slow" -n $(WORKERS) --dist worksteal --cov --cov-report=term

test-full: $(VENV)/.test-installed $(PAGE)/node_modules/.installed
	$(TOOLS)
	RANGEMAP_TEST_FULL=1 $(BIN)/python -m pytest

lint: $(VENV)/.dev-installed $(PAGE)/node_modules/.installed
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/codespell
	$(BIN)/rangemap check
	npm --prefix rangemap/views/assets run --silent lint
	npm --prefix rangemap/views/assets run --silent check

# The documentation, as pages that work without a network: open site/index.html.
site: export NO_MKDOCS_2_WARNING := 1
site: export SOURCE_DATE_EPOCH := 0
site: $(VENV)/.docs-installed
	$(BIN)/mkdocs build --quiet --strict
	$(BIN)/python docs/check_site.py site

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
	$(BIN)/python -m pip install --quiet --editable '.[test,docs]'
	touch $@ $(VENV)/.docs-installed $(VENV)/.installed

$(VENV)/.docs-installed: pyproject.toml | $(VENV)/bin/python
	$(BIN)/python -m pip install --quiet --editable '.[docs]'
	touch $@ $(VENV)/.installed

$(VENV)/.dev-installed: pyproject.toml | $(VENV)/bin/python
	$(BIN)/python -m pip install --quiet --editable '.[test,docs,dev]'
	touch $@ $(VENV)/.test-installed $(VENV)/.docs-installed $(VENV)/.installed

# After a change in $(PAGE)/src: what the map inlines.
page: $(PAGE)/node_modules/.installed
	cd $(PAGE) && npm run --silent build

clean:
	rm -rf $(VENV) $(PAGE)/node_modules benchmarks/.venv benchmarks/node_modules site .pytest_cache .mypy_cache .ruff_cache .hypothesis .coverage
	find output -mindepth 1 ! -name .gitkeep -delete
