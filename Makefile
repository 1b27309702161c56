# The front door. Needs python3 (3.11 or later), make and git; everything else is installed into .venv.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet

.PHONY: report install model test check lock docs estimates latent bench clean

report: $(VENV)/installed
	$(BIN)/milcoop report RUS CHN --out out/RUS-CHN --format html,pdf

install: $(VENV)/installed

$(VENV)/bin/python:
	$(PYTHON) -c 'import sys; sys.exit("milcoop needs Python 3.11 or later, found " + sys.version.split()[0] if sys.version_info < (3, 11) else 0)'
	$(PYTHON) -m venv $(VENV)

$(VENV)/installed: requirements.lock pyproject.toml | $(VENV)/bin/python
	@echo "Installing what requirements.lock names into $(VENV) ..."
	$(PIP) install --require-hashes --requirement requirements.lock
	$(PIP) install --no-deps --no-build-isolation --editable .
	@touch $@

$(VENV)/installed-dev: requirements-dev.lock $(VENV)/installed
	@echo "Installing what requirements-dev.lock names into $(VENV) ..."
	$(PIP) install --require-hashes --requirement requirements-dev.lock
	@touch $@

# What `milcoop measure` needs beside the core.
model: requirements-model.lock $(VENV)/installed
	$(PIP) install --require-hashes --requirement requirements-model.lock

test: $(VENV)/installed-dev
	$(BIN)/python -m pytest

check: $(VENV)/installed-dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/milcoop validate
	$(BIN)/python docs/generate.py --check
	$(BIN)/python tools/estimates.py --check
	$(BIN)/python tools/backtest.py --check
	$(BIN)/python tools/latent.py --check

docs: $(VENV)/installed-dev
	$(BIN)/python docs/generate.py

# Derived data that ships with the package; run after a change of record, codebook or measurement.
estimates: $(VENV)/installed-dev
	$(BIN)/python tools/estimates.py
	$(BIN)/python tools/backtest.py

# Fits of the latent model that ship with the package: some minutes each, the record and its vintages.
latent: $(VENV)/installed-dev
	$(BIN)/python tools/latent.py

bench: $(VENV)/installed-dev
	$(BIN)/python benchmarks/run.py

# The lock files name versions and hashes, no addresses. Needs uv.
lock:
	uv export --quiet --no-emit-project --no-header --no-annotate --no-default-groups --group build -o requirements.lock
	uv export --quiet --no-emit-project --no-header --no-annotate --no-default-groups --group build --extra model -o requirements-model.lock
	uv export --quiet --no-emit-project --no-header --no-annotate --no-default-groups --group build --group dev -o requirements-dev.lock

clean:
	rm -rf $(VENV) out build dist
