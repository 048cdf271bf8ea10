# Needs make and Python 3.11 or newer with venv; nothing else. `make` alone lists the targets.
# Another Python: make PYTHON=/path/to/python3.12 demo

PYTHON ?= $(shell command -v python3 || command -v python || echo python3)
ENV := .venv
BIN := $(ENV)/bin
STAMP := $(ENV)/.installed
CHROMIUM_PATH = command -v "$${CHROMIUM:-chromium}" || command -v chromium-browser || command -v google-chrome

# One step: a headed line, the command's own output, the seconds it took. Stops at the first failure.
define step
	@echo "== $(1)"; began=$$(date +%s); $(2) || { echo "!! $(1): not in order"; exit 1; }; \
	echo "   $$(( $$(date +%s) - began )) s"
endef

# Keep compiled modules whatever the shell says: without them each start compiles everything anew, for 3 s.
export PYTHONDONTWRITEBYTECODE :=

.DEFAULT_GOAL := help
.PHONY: help demo dev check test fix migrate pages crash clock fuzz lock browser-for-ci

help: ## List the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-8s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

demo: $(STAMP) ## Run a site full of sample content on http://127.0.0.1:8000
	@$(BIN)/klankbord demo

dev: $(STAMP) ## The same, starting anew whenever code, templates or texts change
	@$(BIN)/watchfiles --target-type command "$(BIN)/klankbord demo" platform templates static locale

check: format lint types walls quick ## The fast checks: format, lint, types, import walls, tests without a browser

test: browser-for-ci format lint types walls journeys tests postgresql faults fuzz ## Everything, in a real browser too; CI runs this

fix: $(STAMP) ## Mend what can be mended: format, imports, the catalogues of texts
	@$(BIN)/ruff check --quiet --fix-only platform tests
	@$(BIN)/ruff format --quiet platform tests
	@$(BIN)/python -m klankbord.messages

migrate: $(STAMP) ## Bring the database of DATABASE_URL to the newest schema
	@KLANKBORD_MODE=$${KLANKBORD_MODE:-demo} $(BIN)/klankbord migrate

pages: $(STAMP) ## A picture of every page as everybody sees it, wide and narrow, light and dark, in var/pages
	@$(BIN)/python -m pytest tests/browser/test_every_page.py -m "browser and slow"

crash: $(STAMP) ## Kill the site N times while a crowd works on it, and see that nothing is lost or doubled
	@KILLS=$(or $(N),50) $(BIN)/python -m pytest tests/faults/test_crash.py -s

clock: $(STAMP) ## Every minute of twelve years in seven time zones, and a site whose clock is thrown about
	@DAYS=all $(BIN)/python -m pytest tests/faults/test_clock.py tests/faults/test_clock_jumps.py tests/notify/test_slots.py -s

fuzz: $(STAMP) ## Send N cases of rubbish to every page, form and address in every role, from SEED on
	$(call step,Rubbish,CASES=$(or $(N),500) $(BIN)/python -m pytest tests/fuzz -n 2 -m fuzz)

lock: ## Renew requirements.lock after a change of the libraries in pyproject.toml
	@test -x var/lock/bin/uv || { $(PYTHON) -m venv var/lock && var/lock/bin/pip install --quiet uv; }
	@{ sed -n '/^#/p' requirements.lock; echo 'hatchling>=1.26,<2' | var/lock/bin/uv pip compile --quiet \
	  --universal --python-version 3.11 --all-extras --generate-hashes --no-header --no-annotate \
	  --no-emit-index-url pyproject.toml -; } > var/lock/new
	@mv var/lock/new requirements.lock

# The steps of check and test; each can be run by itself, and `make -k check` goes on after one that fails.
.PHONY: format lint types walls quick journeys tests postgresql faults
format: $(STAMP)
	$(call step,Format,$(BIN)/ruff format --check --quiet platform tests)
lint: $(STAMP)
	$(call step,Lint,$(BIN)/ruff check --quiet platform tests)
types: $(STAMP)
	$(call step,Types,$(BIN)/mypy --no-error-summary)
walls: $(STAMP)
	$(call step,Import walls,$(BIN)/lint-imports --no-logo)
quick: $(STAMP)
	$(call step,Tests,$(BIN)/python -m pytest -n 2 -m "not browser and not slow and not fault and not fuzz")
journeys: $(STAMP)
	$(call step,In a real browser,$(BIN)/python -m pytest tests/browser -n 2 --dist loadfile --no-loadscope-reorder -m "browser and not slow")
tests: $(STAMP)
	$(call step,Tests,$(BIN)/python -m pytest -n 3 -m "not browser and not fault and not fuzz")
postgresql: $(STAMP)
	$(call step,Tests on PostgreSQL,TEST_ENGINE=postgresql $(BIN)/python -m pytest -n 3 -m "not browser and not fault and not fuzz")
faults: $(STAMP)
	$(call step,Kills and moved clocks,$(BIN)/python -m pytest tests/faults -n 2 --dist loadgroup -m fault)

# The environment, made anew from the lock whenever that changes.
$(STAMP): requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Klankbord needs Python 3.11" \
	  "or newer, and '$(PYTHON)' is not. Name another one: make PYTHON=/path/to/python3.12 …"; exit 1; }
	@$(PYTHON) -c 'import venv, ensurepip' 2>/dev/null || { echo "This Python cannot make an environment:" \
	  "its venv module is missing. On Debian and Ubuntu: apt-get install python3-venv"; exit 1; }
	@echo "== Installing into $(ENV) (once; about a minute)"
	@$(BIN)/python -c '' 2>/dev/null || $(PYTHON) -m venv --clear $(ENV)
	@$(BIN)/python -m pip install --quiet --no-compile --no-input --disable-pip-version-check --require-hashes -r requirements.lock
	@$(BIN)/python -m pip install --quiet --no-compile --no-input --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

# CI must not skip the browser: a bare Debian gets Chromium first.
browser-for-ci:
	@if [ "$$CI" = true ] && ! { $(CHROMIUM_PATH); } >/dev/null && [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
	  echo "== Installing Chromium"; mkdir -p var; \
	  { apt-get update && DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends \
	    chromium fonts-dejavu-core; } >var/chromium.log 2>&1 || { tail -n 5 var/chromium.log; exit 1; }; fi
