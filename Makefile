# Everything a newcomer needs: `make demo`, `make test`. Both set up .venv first.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
WORKERS ?= auto

.PHONY: setup servers demo test long slow lint audit laws faults machine soak fuzz bench docs snapshots requirements clean

setup: $(VENV)/.ready

$(VENV)/.ready: requirements/dev.txt pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --requirement requirements/dev.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $@

demo: setup
	$(BIN)/motcua demo

# PostgreSQL 15, Chromium, an SFTP server, promtool, Redis and nginx are used where installed, or installed where root and apt are at
# hand; where neither is so, the tests say what was not tried.
servers:
	sh tests/postgres15.sh
	sh tests/chromium.sh
	sh tests/openssh.sh
	sh tests/prometheus.sh
	sh tests/redis.sh
	sh tests/nginx.sh

test: setup servers
	$(BIN)/python -m pytest -n $(WORKERS) --dist worksteal -m "not faults and not machine and not long"

# What takes more than a second (tests/slow.txt) or is marked so: the demo counted figure by figure, a spike from export to
# alert, bombs of a gibibyte, whole commands killed; and more cases of what `make test` tries on one, slow tests on PostgreSQL 15 among them.
long: setup servers
	$(BIN)/python -m pytest -n $(WORKERS) --dist worksteal -m "long and not faults and not machine"

# Measures all of them and lists those that take more than a second: tests/slow.txt.
slow: setup servers
	$(BIN)/python -m pytest -n $(WORKERS) --dist worksteal -m "not faults and not machine" --junitxml build/tests.xml
	$(BIN)/python -m tests.slow build/tests.xml

lint: setup
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/sqlfluff lint --disable-progress-bar warehouse_sql quality

# Known holes in what an office installs, and its bill of materials: build/audit.json, build/motcua.cdx.json.
audit: setup
	$(BIN)/python -m tests.audit

faults: setup
	sh tests/postgres15.sh
	$(BIN)/python -m pytest -n $(WORKERS) --dist worksteal tests/faults

# Installation and the runbooks that need root, typed on a Debian of its own with systemd: needs root, here and for the packages.
machine: setup
	sh tests/machine.sh
	$(BIN)/python -m pytest -m machine tests/machine

# What must hold in every world, on worlds drawn anew each time and on both servers: `make laws WORLDS=20`.
WORLDS ?= 50
laws: setup
	sh tests/postgres15.sh
	MOTCUA_EXAMPLES=$(WORLDS) $(BIN)/python -m pytest -n $(WORKERS) --dist worksteal tests/facts/test_fold_laws.py tests/sql/test_order_properties.py tests/sql/test_known_facts.py

# Nights in a row, with kills, late feeds and an upgrade from the version before: `make soak NIGHTS=20 SOAK_DOSSIERS=1000`.
NIGHTS ?= 60
SOAK_DOSSIERS ?= 3000
soak: setup
	$(BIN)/python -m tests.soak --nights $(NIGHTS) --dossiers $(SOAK_DOSSIERS)

# Bent and broken exports for the readers; `make fuzz SEED=7 INPUTS=1000`.
SEED ?= 1
INPUTS ?= 100000
fuzz: setup
	$(BIN)/python -m tests.fuzz --seed $(SEED) --inputs $(INPUTS)

# Times and memory; then motcua and its peers on the same files, docs/benchmarks.md: hours at a million dossiers, some minutes by
# `make bench BENCH_DOSSIERS=20000 BENCH_LISTS=50 BENCH_YEAR=200`. BENCH_BEFORE=COMMIT compares with an older commit.
BENCH_DOSSIERS ?= 1000000
BENCH_LISTS ?= 1500
BENCH_YEAR ?= 2000
BENCH_BEFORE ?=
bench: setup
	$(BIN)/python -m tests.bench
	$(BIN)/python -m tests.bench.peers --dossiers $(BENCH_DOSSIERS) --lists $(BENCH_LISTS) --year $(BENCH_YEAR) --before "$(BENCH_BEFORE)"

# Pages of the docs that are made from the warehouse and the rule catalogue.
docs: setup
	MOTCUA_RENEW_SNAPSHOTS=1 $(BIN)/python -m pytest -q tests/sql/test_docs.py

# These and the pinned asset graph.
snapshots: docs
	MOTCUA_RENEW_SNAPSHOTS=1 $(BIN)/python -m pytest -q tests/pipeline/test_definitions.py

# Pins are compiled from pyproject.toml, without any index address in the result: first what an office installs, then the same
# versions with what developers need besides. Hashes hold an office's installation to the very files that were pinned.
COMPILE = $(BIN)/pip-compile --quiet --allow-unsafe --strip-extras --no-emit-index-url --no-emit-trusted-host --no-emit-find-links --no-header --no-annotate
requirements: setup
	$(BIN)/python -m pip install --quiet pip-tools
	$(COMPILE) --generate-hashes --extra s3 --extra sftp --extra http --extra postgres --extra workers --output-file requirements/runtime.txt pyproject.toml
	$(COMPILE) --constraint requirements/runtime.txt --all-extras --output-file requirements/dev.txt pyproject.toml
	$(COMPILE) --output-file requirements/audit.txt requirements/audit.in
	$(COMPILE) --output-file tests/bench/peers/requirements.txt tests/bench/peers/requirements.in
	$(COMPILE) --output-file tests/extracts/requirements.txt tests/extracts/requirements.in

clean:
	rm -rf $(VENV) .motcua build *.egg-info
