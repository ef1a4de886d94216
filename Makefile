# Two commands matter: make demo, make test. Everything they need is set up in .venv first.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin

.PHONY: help demo test check bench screenshots clean
help:  ## list these commands
	@grep -E '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | expand -t 10

demo: $(VENV)/ready  ## open the desk of a made-up busy shop
	@$(BIN)/frontdesk demo

test: $(VENV)/ready  ## run every test, on a PostgreSQL of its own
	@PYTHONDONTWRITEBYTECODE= $(BIN)/python -m pytest -n auto --dist worksteal -q

check: $(VENV)/ready  ## style, types, and which room imports which
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports

screenshots: $(VENV)/ready  ## take the pictures in screenshots/ anew
	@$(BIN)/python screenshots/take.py

bench: $(VENV)/ready  ## print the figures of tests/benchmarks
	@$(BIN)/python -m tests.benchmarks

clean:  ## remove what make made
	rm -rf $(VENV) dist .mypy_cache .ruff_cache .hypothesis

$(VENV)/ready: pyproject.toml constraints.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "frontdesk needs Python 3.11 or newer")'
	@echo "Setting up .venv; the first time takes a minute."
	@$(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt --editable '.[dev]'
	@touch $@
