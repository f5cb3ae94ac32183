# Every target does its own set-up. The machine needs Python 3.11 or newer, make and git.
PYTHON ?= python3
VENV := .venv
PY := $(VENV)/bin/python
PROVED_OF_NOTIFICATIONS := $(addprefix tests/notifications/test_,reminders.py nights.py digest_times.py fcm_outcomes.py wrong_key.py)
YEMA := PYTHONPATH=$(CURDIR) $(PY) -m yema

.PHONY: help demo test check format lint types imports openapi migrations messages bench prove locks clean

help:  ## What there is
	@grep -E '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*## /\t/'

$(VENV)/run: requirements.lock
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "YEMA needs Python 3.11 or newer; name one with PYTHON=..."; exit 1; }
	@test -x $(PY) || $(PYTHON) -m venv $(VENV)
	@echo "Installing what YEMA needs ..."
	@$(PY) -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes -r requirements.lock
	@touch $@

$(VENV)/dev: $(VENV)/run requirements-dev.lock
	@echo "Installing what its developers need ..."
	@$(PY) -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes -r requirements-dev.lock
	@touch $@

demo: $(VENV)/run  ## Fill an empty data folder, serve it, walk the tour (ONCE=1 ends there; PORT=, LOCALE=)
	@$(YEMA) demo $(if $(ONCE),--once) $(if $(PORT),--port $(PORT)) $(if $(LOCALE),--locale $(LOCALE)) --data $(or $(DATA),yema-data)

test: $(VENV)/dev  ## The whole suite, on SQLite and on a Postgres of its own
	@$(PY) -m pytest -n 2 --dist worksteal $(ARGS)

check: format lint types imports openapi migrations  ## All that CI asks
	@rm -f .coverage .coverage.*
	@$(PY) -m coverage run -m pytest -n 2 --dist worksteal $(ARGS)
	@$(PY) -m coverage combine -q
	@$(PY) -m coverage report

format: $(VENV)/dev
	@$(VENV)/bin/ruff format --check .

lint: $(VENV)/dev
	@$(VENV)/bin/ruff check .

types: $(VENV)/dev
	@$(VENV)/bin/mypy

imports: $(VENV)/dev
	@$(VENV)/bin/lint-imports

openapi: $(VENV)/run
	@$(YEMA) openapi | diff -u openapi.json - || { echo "openapi.json is not what the code says: $(YEMA) openapi > openapi.json"; exit 1; }

migrations: $(VENV)/dev
	@$(PY) -m pytest tests/database/test_migrations.py

messages: $(VENV)/dev  ## Extract the server's words and merge them into the catalogues
	@$(PY) -m tests.i18n.messages

bench: $(VENV)/dev  ## Requests a second and CPU for each, against a bare handler of the same run
	@PYTHONPATH=$(CURDIR) $(PY) -m tests.bench

prove: $(VENV)/dev  ## The long proofs
	@$(PY) -m pytest --prove tests/faults tests/sync/test_machine.py tests/sync/test_race.py tests/backup/test_kill.py $(PROVED_OF_NOTIFICATIONS) $(ARGS)

locks:  ## Renew the lock files: names, versions and hashes, no addresses (needs uv)
	@uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --no-annotate pyproject.toml -o requirements.lock
	@uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --no-annotate --group dev pyproject.toml -o requirements-dev.lock

clean:
	rm -rf $(VENV) .coverage* .mypy_cache .pytest_cache .ruff_cache .import_linter_cache
