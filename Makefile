# Two commands for a newcomer: `make demo` and `make test`. Each does all the set-up.
PYTHON ?= $(shell command -v python3.11 || command -v python3.12 || command -v python3.13 || echo python3)
VENV := .venv
BIN := $(VENV)/bin
ATLAS := src/penholder/analysis/report/atlas/countries-110m.json
FRONTEND := src/penholder/site/static/penholder/frontend/frontend.css

# uv is fast, but reads neither pip.conf nor the certificates of the system; where it fails, pip installs the same.
install = $(BIN)/uv pip install --quiet --compile-bytecode --python $(BIN)/python $(1) \
	|| $(BIN)/python -m pip install --quiet --disable-pip-version-check $(1)

# Compiled modules are kept, whatever the environment says: without them every process compiles all that it imports.
export PYTHONDONTWRITEBYTECODE :=

.PHONY: setup demo test check soak bench lint style types quick wheel lock clean

setup: $(VENV)/.dev-installed $(ATLAS) $(FRONTEND)

$(VENV)/bin/uv:
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check uv

$(VENV)/.dev-installed: requirements/dev.txt pyproject.toml | $(VENV)/bin/uv
	$(call install,--require-hashes -r requirements/dev.txt)
	$(call install,--no-deps --no-build-isolation --editable .)
	touch $@

$(VENV)/.check-installed: requirements/check.txt | $(VENV)/.dev-installed
	$(call install,--require-hashes -r requirements/check.txt)
	touch $@

$(VENV)/.bench-installed: requirements/bench.txt | $(VENV)/.check-installed
	$(call install,--require-hashes -r requirements/bench.txt)
	touch $@

$(ATLAS): tools/fetch_atlas.sh | $(VENV)/.dev-installed
	sh tools/fetch_atlas.sh

$(FRONTEND): tools/frontend.lock.json tools/unpack_frontend.py | $(VENV)/.dev-installed
	sh tools/fetch_frontend.sh

demo: setup
	$(BIN)/penholder demo

lint: style types

style: setup
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/lint-imports --no-cache

types: setup
	$(BIN)/mypy

quick: setup
	sh tools/in_memory.sh $(BIN)/pytest -n auto -p no:schemathesis -m "not slow and not spark and not browser"

test: style
	@$(MAKE) --no-print-directory -j2 types quick  # at once: mypy works in one process

check: setup $(VENV)/.check-installed
	sh tools/install_system_packages.sh
	sh tools/in_memory.sh $(BIN)/pytest -n auto -m "(slow or spark) and not browser"
	sh tools/in_memory.sh $(BIN)/pytest -m browser  # apart: its event loop keeps Django from the database

soak: setup $(VENV)/.bench-installed
	$(BIN)/python -m bench.soak
	$(BIN)/python -m bench.soak_api
	$(BIN)/python -m bench.soak_kill
	$(BIN)/python -m bench.soak_kill --database postgresql --rounds 60
	$(BIN)/python -m bench.soak_powercut
	$(BIN)/python -m bench.soak_diskfull
	$(BIN)/python -m bench.soak_concurrency
	$(BIN)/python -m bench.soak_verify

bench: setup $(VENV)/.bench-installed
	$(BIN)/python -m bench --large

wheel: setup
	$(BIN)/python -m build --wheel --no-isolation

lock: $(VENV)/bin/uv
	sh tools/lock.sh

clean:
	rm -rf $(VENV) dist build .mypy_cache .ruff_cache .pytest_cache .hypothesis
