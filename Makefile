# One word for each daily job. Every one of them prepares .venv by itself, from the lock files, and only when these changed.
#
#   make demo     the whole Plan 71 season, from the first branch conference to the city congress
#   make test     every test
#   make check    style, types, layers, catalogues, documents
#   make soak     every trial in its full size, written to docs/reliability.md  (hours; not part of a run of CI)
#   make mining   whether programs of process mining read our exports  (minutes; needs an environment of its own, .venv-mining)
#   make bench    the figures of benchmarks/README.md        (minutes; not part of a run of CI)
#   make bench-country  how the daily questions grow to 4.5 million events  (an hour, 6 GB; FOLDER=... keeps the seasons)
#   make mutants  does a test notice when the rule is wrong?  (hours; MODULES=, MINUTES=, QUICK=1 for a first look; not in CI)
#   make history  record the histories of procedures that got a new version, in tests/histories
#   make lock     renew the lock files from setup.cfg
#   make clean    remove what these words made

SHELL := /bin/bash
.DELETE_ON_ERROR:
.PHONY: demo test soak check mining bench bench-country mutants history lock clean install

PYTHON ?= $(shell command -v python3.11 || command -v python3 || echo python3)
WORKERS ?= auto
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip -qq --disable-pip-version-check --no-input
LOCKS := requirements
MINING := .venv-mining

demo: $(VENV)/.runtime
	@$(BIN)/daihoi demo

test: $(VENV)/.test
	@$(BIN)/python -m pytest -q -n $(WORKERS)

soak: $(VENV)/.test
	@SOAK=1 $(BIN)/python -m pytest -q -n $(WORKERS) -m trial --write-reliability

check: $(VENV)/.test
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python -m reports.catalogue check
	$(BIN)/python -m pytest -q -p no:cacheprovider tests/house/test_documents.py

# pm4py is never installed beside us: it is run, and its answers are read.
mining: $(VENV)/.test $(MINING)/.ready
	@$(BIN)/python -m pytest -q -n 0 -m oracle tests/mining

bench: $(VENV)/.bench
	$(BIN)/python -m benchmarks.cold_start
	$(BIN)/python -m benchmarks.guards
	$(BIN)/python -m benchmarks.advance
	$(BIN)/python -m benchmarks.peers
	$(BIN)/python -m benchmarks.postgresql
	$(BIN)/python -m benchmarks.fold

# FOLDER keeps the two seasons (6 GB) for the next time.
bench-country: $(VENV)/.bench
	$(BIN)/python -m benchmarks.growth --verify $(if $(FOLDER),--folder $(FOLDER))

# MODULES=engine/decide.py picks one module, MINUTES=20 stops in time; what is still undecided is said at the end.
mutants: $(VENV)/.mutants
	$(BIN)/python scripts/mutants.py $(if $(MINUTES),--minutes $(MINUTES)) $(if $(QUICK),--quick) $(MODULES)

history: $(VENV)/.test
	$(BIN)/python -m scripts.histories

install: $(VENV)/.test

# uv alone can write one lock for Linux, macOS and Windows; nothing but this word needs it.
UV := .venv-lock/bin/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header --upgrade
lock:
	$(PYTHON) -m venv .venv-lock
	.venv-lock/bin/python -m pip --quiet --disable-pip-version-check install uv
	$(UV) setup.cfg $(LOCKS)/build.in -o $(LOCKS)/lock-runtime.txt
	$(UV) setup.cfg $(LOCKS)/build.in --extra test -c $(LOCKS)/lock-runtime.txt -o $(LOCKS)/lock-test.txt
	$(UV) setup.cfg $(LOCKS)/build.in --extra test --extra mutants -c $(LOCKS)/lock-test.txt -o $(LOCKS)/lock-mutants.txt
	$(UV) setup.cfg $(LOCKS)/build.in --extra test --extra bench -c $(LOCKS)/lock-test.txt -o $(LOCKS)/lock-bench.txt
	$(UV) $(LOCKS)/mining.in -o $(LOCKS)/lock-mining.txt
	rm -rf .venv-lock

clean:
	rm -rf $(VENV) $(MINING) .venv-lock build dist *.egg-info .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis mutants
	find . -name __pycache__ -type d -not -path './.git/*' -prune -exec rm -rf {} +

$(VENV)/.python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "daihoi needs Python 3.11 or newer; $(PYTHON) is older or missing. Name one: make PYTHON=/path/to/python3.11 $(MAKECMDGOALS)" >&2; exit 1; }
	@$(PYTHON) -m venv --clear $(VENV)
	@touch $@

# The project itself is installed editable, without build isolation: setuptools comes from the lock like everything else.
define fill
	@echo "preparing $(VENV) from $<" >&2
	@$(PIP) install --require-hashes -r $<
	@$(PIP) install --no-index --no-deps --no-build-isolation --editable .
	@touch $@
endef

$(VENV)/.runtime: $(LOCKS)/lock-runtime.txt setup.cfg pyproject.toml | $(VENV)/.python
	$(fill)
$(VENV)/.test: $(LOCKS)/lock-test.txt $(VENV)/.runtime
	$(fill)
$(VENV)/.bench: $(LOCKS)/lock-bench.txt $(VENV)/.test
	$(fill)
$(VENV)/.mutants: $(LOCKS)/lock-mutants.txt $(VENV)/.test
	$(fill)

$(MINING)/.ready: $(LOCKS)/lock-mining.txt | $(VENV)/.python
	@echo "preparing $(MINING) from $<" >&2
	@$(PYTHON) -m venv --clear $(MINING)
	@$(MINING)/bin/python -m pip -qq --disable-pip-version-check --no-input install --require-hashes -r $<
	@touch $@
