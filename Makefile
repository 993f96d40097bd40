# make        lists the commands. Each works on a fresh clone with Python 3.11 or newer, make and a network.

PYTHON ?= python3
BIN := .venv/bin
RUNTIME := .venv/.runtime
DEV := .venv/.dev

# A worker a core: each has its part of the tests, in order, and takes of what another has left when it is done.
PYTEST := $(BIN)/python -m pytest -n auto --maxprocesses 8 --dist worksteal

.DEFAULT_GOAL := help
.PHONY: help demo setup check test bench bench-long soak cluster-test screenshots docs constraints browser

help: ## these lines
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "make %-12s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

demo: $(RUNTIME) ## two synthetic hospitals, a run on them, and the dashboard on http://localhost:8501
	@$(BIN)/python train.py demo
	@echo "== the dashboard: http://localhost:8501 (Ctrl-C ends it)"
	@$(BIN)/python -m streamlit run dashboard/app.py --server.port 8501

setup: $(RUNTIME) ## what `python train.py` and the dashboard need, in .venv

check: $(DEV) browser ## format, lint, types, import contracts, tests with coverage: what CI runs
	@echo "== format";  $(BIN)/ruff format --check .
	@echo "== lint";    $(BIN)/ruff check .
	@echo "== types";   $(BIN)/mypy
	@echo "== imports"; $(BIN)/lint-imports
	@echo "== tests, with coverage"
	@$(BIN)/coverage erase
	@$(PYTEST) --cov --cov-report=
	@$(BIN)/coverage combine --quiet 2>/dev/null || true
	@$(BIN)/coverage report --fail-under=90

test: $(DEV) browser ## every test, a browser's too
	@echo "== tests"
	@$(PYTEST)

bench: $(DEV) ## the short benchmarks: a table, benchmarks/results.json, docs/performance.md; NAME=decode_j2k for one row
	@$(BIN)/python -m benchmarks $(NAME)
	@$(BIN)/python -m benchmarks.report

bench-long: $(DEV) browser ## the long rows, then demo, pages, coverage of intervals, diagnosis and scale: most of a day; NAME=write for one
	@$(BIN)/python -m benchmarks --long $(NAME)
	@$(BIN)/python -m benchmarks.report

soak: $(DEV) ## the long fault tests: ten minutes of overwritten files, repeated kills; SOAK_SECONDS=60 for less
	@$(BIN)/python -m pytest -o "python_files=soak_*.py" tests/soak

cluster-test: $(DEV) ## tasks on a Slurm and on Ray's nodes, begun on this machine: as root, with slurm-wlm and munge installed
	@$(BIN)/python -m pytest -o "python_files=cluster_*.py" tests/cluster

screenshots: $(DEV) browser ## the README's pictures, from the runs in results/
	@$(BIN)/python -m docs.screenshots

docs: $(RUNTIME) ## the pages of docs/ that are made from the code: modules.md, and the metrics of glossary.md
	@$(BIN)/python -m docs.tree
	@$(BIN)/python -m docs.metrics

constraints: ## lock what the requirements pull in, after one of them has changed: constraints.txt
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements-dev.txt
	@$(BIN)/python docs/constraints.py

$(RUNTIME): requirements.txt constraints.txt pyproject.toml
	@$(PYTHON) -c 'import sys; v = sys.version_info; sys.exit(None if v >= (3, 11) else f"Second Site needs Python 3.11 or newer; {sys.executable} is {v[0]}.{v[1]}. Name another: make PYTHON=python3.12 ...")'
	@echo "== installing into .venv; the first time this brings several gigabytes (torch) and takes some minutes"
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements.txt -c constraints.txt
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps -e .
	@touch $@

$(DEV): $(RUNTIME) requirements-dev.txt
	@echo "== installing what the checks need"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements-dev.txt -c constraints.txt
	@touch $@

browser: $(DEV)
	@command -v chromium >/dev/null || command -v google-chrome >/dev/null || command -v chromium-browser >/dev/null \
	|| ls .venv/.browser/*/*/* >/dev/null 2>&1 || { \
		echo "== installing a browser for the tests"; \
		if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; \
		then apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq chromium >/dev/null; \
		else PLAYWRIGHT_BROWSERS_PATH=.venv/.browser $(BIN)/playwright install chromium; fi; }
