# AskPapers. `make app` serves the page, `make test` checks everything; both set up what they need first.

PORT ?= 8501
DUMPS ?= samples/well-known-papers.txt
# The first Python that is new enough; PYTHON=... on the command line names another.
PYTHON ?= $(shell for name in python3 python3.13 python3.12 python3.11 python3.14 python; do \
	"$$name" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && { echo "$$name"; break; }; done)

BIN = .venv/bin
PIP_INSTALL = $(BIN)/python -m pip install --quiet --disable-pip-version-check --no-input --no-compile --require-hashes
COMPILE = compile pyproject.toml --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
	--no-emit-find-links --no-header --quiet

.DEFAULT_GOAL = help
.PHONY: help app test bench ingest screenshots lock clean

help:
	@echo "make app                    serve the page on http://127.0.0.1:$(PORT) (PORT=... for another port)"
	@echo "make ingest DUMPS=pages/    read saved pages of papers into the index"
	@echo "make test                   formatting, lint, types, all tests"
	@echo "make bench                  the measurements that the README quotes (PARTS=ranking for a part)"
	@echo "make screenshots            the pictures of the README, from a real browser"
	@echo "make lock                   pin the dependencies of pyproject.toml anew"
	@echo "make clean                  remove the environment and caches; your data stays"

app: .venv/app.stamp
	@$(BIN)/python -m scripts.serve --port $(PORT) $(if $(ADDRESS),--address $(ADDRESS))

ingest: .venv/app.stamp
	@$(BIN)/python -m ingest $(DUMPS)

test: .venv/dev.stamp
	@$(BIN)/python -m scripts.chromium
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/python -m pytest -n 2 $(PYTEST_OPTIONS)

bench: .venv/dev.stamp
	@$(BIN)/python -m scripts.chromium
	@$(BIN)/python -m bench $(PARTS)

screenshots: .venv/dev.stamp
	@$(BIN)/python -m scripts.chromium
	@$(BIN)/python -m scripts.screenshots

# The virtual environment. The stamps say which locks it was installed from.
$(BIN)/python:
	@test -n "$(PYTHON)" || { echo "AskPapers needs Python 3.11 or newer; install one, or name it: make PYTHON=/path/to/python3" >&2; exit 1; }
	@test ! -e .venv || test -w .venv || { echo "The .venv here belongs to another user; make a clone of your own." >&2; exit 1; }
	@"$(PYTHON)" -m venv --clear .venv || { rm -rf .venv; echo "$(PYTHON) cannot make a virtual environment; on Debian and Ubuntu install python3-venv." >&2; exit 1; }

.venv/app.stamp: requirements.lock | $(BIN)/python
	@echo "Installing the locked packages into .venv (about a minute, once) ..."
	@$(PIP_INSTALL) -r requirements.lock
	@touch $@

# The development lock holds everything that the other one does, at the same versions.
.venv/dev.stamp: requirements-dev.lock requirements.lock | $(BIN)/python
	@echo "Installing the locked packages for development into .venv (about a minute, once) ..."
	@$(PIP_INSTALL) -r requirements-dev.lock
	@touch .venv/app.stamp $@

lock: | $(BIN)/python
	@tools=$$(mktemp -d) && trap 'rm -rf "$$tools"' EXIT && $(BIN)/python -m venv "$$tools" \
		&& "$$tools/bin/pip" install --quiet --disable-pip-version-check uv \
		&& "$$tools/bin/uv" pip $(COMPILE) -o requirements.lock \
		&& "$$tools/bin/uv" pip $(COMPILE) --group dev -c requirements.lock -o requirements-dev.lock

clean:
	rm -rf .venv .bench-venv .mypy_cache .ruff_cache .pytest_cache .hypothesis build
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
