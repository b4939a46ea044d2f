# `make run` and `make test` need Python 3.11 or newer and nothing else: uv is set up in .uv, all else in .venv.

PYTHON ?= $(shell for p in python3 python3.14 python3.13 python3.12 python3.11 python; do \
	command -v $$p >/dev/null 2>&1 && $$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$p && break; done)
UV := .uv/bin/uv
BIN := .venv/bin

.PHONY: run test soak search lint types contracts check bench bench-reading bench-judging bench-pacing bench-pages wheel clean

run: .venv/.runtime ## start the daemon; beside a demo newsroom where no source is configured
	@$(BIN)/presswatch run --demo-if-empty

test: .venv/.dev ## everything but the long tests, on SQLite and PostgreSQL
	$(BIN)/pytest -q -n 2 --dist worksteal -m "not long"

soak: .venv/.dev ## the long tests: simulated weeks, twenty kills, whole collections of attacks
	$(BIN)/pytest -q -n 2 --dist loadfile -m long

search: .venv/.dev ## the properties again, on five times as many examples that differ each time
	$(BIN)/pytest -q -n 2 --dist worksteal -m "not long" --hypothesis-profile search tests/unit tests/contract

lint: .venv/.dev
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .

types: .venv/.dev
	$(BIN)/mypy

contracts: .venv/.dev
	$(BIN)/lint-imports

check: lint types contracts test soak

bench: .venv/.dev ## measurements; prints tables and fails on no time
	$(BIN)/python -m benchmarks.polls
	$(BIN)/python -m benchmarks.diffing
	$(BIN)/python -m benchmarks.blaming
	$(BIN)/python -m benchmarks.delivering

bench-reading: .venv-bench/.made ## how pages are read beside other extractors; OPTIONS=--quick: a fifth of the pages
	@.venv-bench/bin/python -m benchmarks.reading $(OPTIONS)

bench-judging: .venv/.dev ## how changes are judged on recordings; OPTIONS=--quick: an eighth of the disturbed pages
	@$(BIN)/python -m benchmarks.judging $(OPTIONS)

bench-pacing: .venv/.dev ## when pages are looked at, beside fixed intervals and an oracle; OPTIONS=--quick: a minute
	@$(UV) run --quiet --no-sync --with 'numpy>=2,<3' python -m benchmarks.pacing $(OPTIONS)

bench-pages: .venv/.dev ## pages on a database of 1,000,000 revisions, which is made first: a quarter of an hour and 4 GB
	@test -f bench-pages.db || $(BIN)/python -m benchmarks.seeding bench-pages.db
	@$(BIN)/python -m benchmarks.pages bench-pages.db

wheel: $(UV)
	$(UV) build --wheel --out-dir dist

clean:
	rm -rf .venv .venv-bench .uv dist build

$(UV):
	@test -n "$(PYTHON)" || { echo "Python 3.11 or newer is needed and none was found; set PYTHON=/path/to/python3"; exit 1; }
	@$(PYTHON) -m venv .uv
	@.uv/bin/python -m pip install --quiet --disable-pip-version-check 'uv>=0.9,<1'

.venv/.runtime: pyproject.toml uv.lock | $(UV)
	@test -f .venv/.dev && $(MAKE) --no-print-directory .venv/.dev || $(UV) sync --quiet --locked --no-dev --python $(PYTHON)
	@touch $@

.venv/.dev: pyproject.toml uv.lock | $(UV)
	@$(UV) sync --quiet --locked --python $(PYTHON)
	@touch $@

# The extractors that presswatch is measured beside stay out of the environment that it is developed in.
.venv-bench/.made: pyproject.toml uv.lock | $(UV)
	@UV_PROJECT_ENVIRONMENT=.venv-bench $(UV) sync --quiet --locked --no-default-groups --group bench --python $(PYTHON)
	@touch $@
