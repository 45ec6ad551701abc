# What people type. Everything happens in .venv; nothing outside this folder is touched.
PYTHON ?= $(shell for name in python3 python3.14 python3.13 python3.12 python3.11; do \
	$$name -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$name && break; done)
PIP := .venv/bin/python -m pip --quiet --disable-pip-version-check install --require-virtualenv
TEST := .venv/bin/python -m pytest -n 2

.PHONY: setup run test check fuzz format migration openapi sdk released bench eval lock help
.DELETE_ON_ERROR:

setup: .venv/.installed ## Install the server into .venv; the command is .venv/bin/hardop

run: setup ## Set up and serve on http://127.0.0.1:8000
	@.venv/bin/hardop serve

test: .venv/.installed-dev ## Set up and run the whole test suite
	$(TEST)

check: .venv/.installed-dev lint ## What CI runs: linters, types, layers, contract, tests with coverage
	$(TEST) --cov --cov-report=term:skip-covered --cov-fail-under=95
	@$(DOMAIN_IS_COVERED)

fuzz: .venv/.installed-dev ## Hold 20,000 made up requests against the contract, for a nightly run
	HARDOP_TEST_FUZZ=$(or $(N),45) .venv/bin/python -m pytest -n 0 -q -s tests/openapi/test_fuzzed.py

format: .venv/.installed-dev ## Format the code and mend what can be mended
	.venv/bin/ruff format && .venv/bin/ruff check --fix

migration: .venv/.installed-dev ## Write the next migration: make migration m="Add polls"
	.venv/bin/python -m app.migrate revision "$(m)"

openapi: setup ## Write the committed contract and docs/clients.md anew
	.venv/bin/hardop openapi >.venv/openapi.json && mv .venv/openapi.json openapi/openapi.json
	.venv/bin/python -m docs.clients

sdk: .venv/.installed-dev ## Generate the SDKs of the contract into build/sdks
	.venv/bin/python -m openapi.generate build/sdks

released: ## At a release: from now on, what the contract says is kept
	.venv/bin/python -c "import json; print(json.dumps(json.load(open('openapi/openapi.json')), ensure_ascii=False))" >openapi/released.json

bench: .venv/.installed-dev ## Seed an organisation and measure against the floor
	.venv/bin/python -m benchmarks $(ARGS)

eval: .venv/.installed-dev ## Judge who is found by what they know: make eval SETS="DIR DIR"
	.venv/bin/python -m benchmarks.expertise $(SETS) $(ARGS)

lock: ## Resolve the dependencies of pyproject.toml anew
	@$(LOCK)

help: ## Show this list
	@sed -n 's/^\([a-z]*\):.*## /\1\t/p' Makefile

.PHONY: lint
lint: .venv/.installed-dev
	.venv/bin/ruff format --check
	.venv/bin/ruff check
	.venv/bin/mypy
	.venv/bin/lint-imports
	.venv/bin/python -m docs.clients --check
	.venv/bin/hardop openapi | diff -u openapi/openapi.json - || { echo "The contract has changed. Run: make openapi"; exit 1; }

# Of app/domain, all but what only races reach; said only when it is not so, to leave pytest the last word.
DOMAIN_IS_COVERED = .venv/bin/coverage report --include="app/domain/*" --fail-under=99 >.venv/domain-coverage || { cat .venv/domain-coverage; exit 1; }

# Written last: an environment whose making was interrupted has none, and is made to its end.
.venv/bin/pip:
	@test -n "$(PYTHON)" || { echo "Hardop needs Python 3.11 or newer, and found $$(python3 --version 2>&1). Install it, or name it: make PYTHON=/path/to/python3.11"; exit 1; }
	$(PYTHON) -m venv .venv || { rm -rf .venv; echo "Python cannot make a virtual environment. On Debian or Ubuntu: apt install python3-venv"; exit 1; }

.venv/.installed: requirements.lock pyproject.toml | .venv/bin/pip
	$(PIP) --require-hashes --no-deps -r requirements.lock
	$(PIP) --no-deps --no-build-isolation --editable .
	@touch $@

.venv/.installed-dev: requirements-dev.lock .venv/.installed
	$(PIP) --require-hashes --no-deps -r requirements-dev.lock
	@touch $@

# uv, in an environment that is thrown away: it is needed for nothing else.
LOCK = set -e; env=$$(mktemp -d); trap "rm -rf $$env" EXIT; \
	$(PYTHON) -m venv $$env; $$env/bin/python -m pip --quiet install uv; \
	compile() { $$env/bin/uv pip compile --quiet pyproject.toml --generate-hashes --no-emit-index-url --no-header --no-annotate --universal -p 3.11 "$$@"; }; \
	compile --group build -o requirements.lock; compile --group build --group dev -o requirements-dev.lock
