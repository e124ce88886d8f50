# The two commands that matter: make run, make test. Settings are environment variables (README).

PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
CODE := privexbot common workspaces inference drafts conversations channels_deploy webhooks knowledge assistants chatbots chatflows
UV := $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header
PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes
PYTEST_ARGS ?=
export PIP_ROOT_USER_ACTION = ignore

.PHONY: run test lint lock browser screenshots baselines frontend bench quality clean

run: $(VENV)/installed
	@exec $(BIN)/python manage.py up --stop-with-parent

test: $(VENV)/installed-dev browser
	@$(BIN)/python -m pytest --numprocesses 2 --dist loadfile $(PYTEST_ARGS)

lint: $(VENV)/installed-dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/djade --check $$(git ls-files 'templates/*.html')
	$(BIN)/mypy $(CODE) tests
	$(BIN)/lint-imports

# Brings the locked requirements up to date with the .in files: make lock, or make lock UPGRADE=1.
lock: $(VENV)/installed-dev
	$(UV) $(if $(UPGRADE),--upgrade) requirements.in --output-file requirements.txt
	$(UV) $(if $(UPGRADE),--upgrade) requirements-dev.in --output-file requirements-dev.txt

# Pictures of every page in light, dark and phone size, in screenshots/.
screenshots: $(VENV)/installed-dev browser
	@$(BIN)/python -m pytest tests/browser/screenshots.py $(PYTEST_ARGS)

# The pictures that the suite compares the style guide with, anew.
baselines: $(VENV)/installed-dev browser
	@UPDATE_BASELINES=1 $(BIN)/python -m pytest tests/browser/test_baselines.py $(PYTEST_ARGS)

# The committed page scripts and vendored files anew, checked and tested; the only target with Node.
frontend:
	cd frontend && npm install --no-save && npm run check && npm test && npm run build && npm run vendor

# How good retrieval and chunking are on public sets, held to their goals. The sets are not part of
# the project: make quality PRIVEXBOT_DATA_SETS=/where/they/are
quality: $(VENV)/installed-dev
	@test -d "$(PRIVEXBOT_DATA_SETS)" || { echo "Say where the sets are: make quality PRIVEXBOT_DATA_SETS=/where/they/are"; exit 1; }
	@PRIVEXBOT_DATA_SETS="$(PRIVEXBOT_DATA_SETS)" $(BIN)/python -m pytest -m quality -rs --durations=0 --durations-min=1 $(PYTEST_ARGS)

bench: $(VENV)/installed-dev
	@$(BIN)/python -m bench.run $(BENCH_ARGS)

browser: $(VENV)/installed-dev
	@PATH="$(CURDIR)/$(BIN):$$PATH" ./.ci/browser

clean:
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache

$(VENV)/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
	  echo "Python 3.11 or later is needed; $(PYTHON) is $$($(PYTHON) -V 2>&1)."; \
	  echo "If you have one under another name: make run PYTHON=python3.12"; exit 1; }
	@echo "Making a Python environment in $(VENV)"
	@$(PYTHON) -m venv $(VENV) || { \
	  echo "Python cannot make an environment. On Debian and Ubuntu: apt install python3-venv"; \
	  rm -rf $(VENV); exit 1; }

$(VENV)/installed: requirements.txt | $(VENV)/bin/python
	@echo "Installing what the product needs (once)"
	@$(BIN)/python -m pip --version >/dev/null 2>&1 || $(BIN)/python -m ensurepip >/dev/null
	@$(PIP) -r requirements.txt || { ./.ci/explain-install; exit 1; }
	@touch $@

$(VENV)/installed-dev: requirements-dev.txt $(VENV)/installed
	@echo "Installing what tests and linters need (once)"
	@$(PIP) -r requirements-dev.txt || { ./.ci/explain-install; exit 1; }
	@touch $@
