# From a machine with only python3, pip and make: `make run` shows a working clinic,
# `make check` does everything that CI does. Nothing is installed outside this folder.

PORT ?= 5000
VENV := .venv
BIN := $(VENV)/bin
# Whatever pip there is installs into .venv; .venv itself needs none (Debian has no ensurepip).
PIP = $(shell python3 -m pip --version >/dev/null 2>&1 && echo python3 -m pip || command -v pip3 || command -v pip || echo pip)
INSTALL = $(PIP) --python $(BIN)/python install --quiet --disable-pip-version-check --require-hashes
# Without options, a lock says what is used and nothing of where it came from.
COMPILE = CUSTOM_COMPILE_COMMAND="make lock" $(BIN)/pip-compile --quiet --generate-hashes \
	--strip-extras --allow-unsafe --no-emit-options
FLASK = $(BIN)/flask --app app
FREE = @$(BIN)/python -c "import socket; socket.create_server(('127.0.0.1', $(PORT)))" 2>/dev/null \
	|| { echo "Port $(PORT) is taken. Choose another one: make $@ PORT=5001"; exit 1; }
SERVE = exec $(BIN)/gunicorn --config gunicorn.conf.py --bind 127.0.0.1:$(PORT)

.DEFAULT_GOAL := help
.PHONY: help run serve test check style security holes bench screenshots translations lock clean

help:
	@echo "make run     a demonstration clinic on http://127.0.0.1:$(PORT) (elsewhere: make run PORT=5001)"
	@echo "make serve   the real thing, with the settings of docs/settings.md"
	@echo "make test    all tests, on SQLite and on PostgreSQL"
	@echo "make check   style, types, imports, templates, and all tests: what CI runs"
	@echo "make style   style, types, imports and templates alone"
	@echo "make security   dangerous calls in what we wrote; pins, hashes and licences of what we use"
	@echo "make holes   ask the internet for known holes in what we use"
	@echo "make bench   measure, against the goals"
	@echo "make translations   collect every sentence that people read, for translators"
	@echo "make screenshots   take the pictures of docs/shots again"
	@echo "make lock    choose new versions of what we use"
	@echo "make clean   remove what these made, except the clinic's data in instance/"

run: export HOMESTRETCH_DEMO = 1
run: export PORT := $(PORT)
run: $(VENV)/runtime
	$(FREE)
	@$(FLASK) seed --demo --upgrade
	@$(SERVE) 'app:create_app()'

serve: $(VENV)/runtime
	$(FREE)
	@$(FLASK) check-settings
	@$(FLASK) db upgrade
	@$(SERVE) 'app:serve()'

# Three parts at once, which two cores share out better than any list could: SQLite, PostgreSQL, and
# what is shown or attacked. What the last two say is kept until the first has ended; what they write
# stays in this folder.
PYTEST = $(BIN)/pytest -p no:cacheprovider
SHOWN = tests/attack tests/browser tests/figures tests/paper
test: $(VENV)/development
	@mkdir -p .pytest_cache; said=.pytest_cache; \
	$(PYTEST) --basetemp=$$said/shown $(SHOWN) >$$said/shown.txt 2>&1 & shown=$$!; \
	$(PYTEST) --basetemp=$$said/postgresql --database postgresql >$$said/postgresql.txt 2>&1 & postgresql=$$!; \
	trap 'kill -INT $$shown $$postgresql' INT TERM; \
	$(PYTEST) --basetemp=$$said/sqlite $(SHOWN:%=--ignore=%); sqlite=$$?; \
	wait $$shown; shown=$$?; \
	echo; echo "Pages, paper and attacks:"; cat $$said/shown.txt; \
	wait $$postgresql; postgresql=$$?; \
	echo; echo "On PostgreSQL:"; cat $$said/postgresql.txt; \
	test $$sqlite$$shown$$postgresql = 000

style: $(VENV)/development
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/djlint templates --lint --quiet

security: export XDG_CACHE_HOME = $(CURDIR)/.ruff_cache
security: $(VENV)/development
	$(BIN)/bandit --quiet -ll --recursive app gunicorn.conf.py
	@$(BIN)/python -m tests.locks

# But for installing and `make lock`, only this leaves this machine; so no other target calls it.
holes: $(VENV)/development
	$(BIN)/python -m tests.dependencies

check: style security test

bench: $(VENV)/development
	$(BIN)/python -m benchmarks
	$(BIN)/python -m benchmarks.sqlite_writers

# Without dates, line numbers and places of this machine, so that only new sentences change it.
translations: $(VENV)/development
	$(BIN)/pybabel --quiet extract --mapping translations/babel.cfg --keyword _l \
		--omit-header --add-location file --sort-by-file --width 100 \
		--output translations/messages.pot .

screenshots: $(VENV)/development
	$(BIN)/python -m docs.screenshots

lock: $(VENV)/development
	$(COMPILE) --upgrade --output-file requirements.lock pyproject.toml
	$(COMPILE) --upgrade --extra dev --constraint requirements.lock \
		--output-file requirements-dev.lock pyproject.toml

clean:
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

# A stamp says which lock .venv holds; the development lock contains the other one.
$(VENV)/runtime: requirements.lock | $(BIN)/python
	$(INSTALL) -r requirements.lock
	@touch $@

$(VENV)/development: requirements-dev.lock | $(BIN)/python
	$(INSTALL) -r requirements-dev.lock
	@touch $@ $(VENV)/runtime

$(BIN)/python:
	python3 -m venv --without-pip $(VENV)
