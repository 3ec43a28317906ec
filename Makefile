# Aftersail. Every target does only what is missing.
SHELL := bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help

# Byte-code is written as modules are first imported: 300 MB less than compiling every file of every package.
export PYTHONDONTWRITEBYTECODE :=
# An index of CPU builds may lie on disk; uv reads UV_FIND_LINKS, pip's users set PIP_FIND_LINKS.
export UV_FIND_LINKS := $(or $(UV_FIND_LINKS),$(PIP_FIND_LINKS))
export RASA_TELEMETRY_ENABLED := false
export TF_CPP_MIN_LOG_LEVEL := 3
export SQLALCHEMY_SILENCE_UBER_WARNING := 1

UV := $(or $(shell command -v uv 2>/dev/null),$(CURDIR)/.uv/bin/uv)
BIN := .venv/bin
TORCH := 2.13.0
step = @printf '\033[1m▸ %s\033[0m\n' "$(1)"

help: ## Show this list
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  make %-10s %s\n", $$1, $$2}'

run: install prepare ## Install what is missing, then start web and worker
	$(call step,starting)
	@$(BIN)/aftersail up

test: install browser postgres libretranslate prepare ## Run all tests
	$(call step,testing)
	@$(BIN)/pytest

install: .venv/installed ## Install the environment (Python 3.11, about 4 GB)

$(CURDIR)/.uv/bin/uv:
	$(call step,fetching uv)
	@python3 -m venv .uv && .uv/bin/pip install --quiet uv

.venv/installed: pyproject.toml uv.lock | $(UV)
	$(call step,installing packages)
	@$(UV) sync --frozen --inexact
	@$(BIN)/python -c 'import torch' 2>/dev/null || $(MAKE) --no-print-directory torch
	@touch $@

torch: | $(UV)
	$(call step,installing the CPU build of torch)
	@$(UV) pip install --no-config --python $(BIN)/python 'torch==$(TORCH)+cpu' 2>/dev/null \
	  || $(UV) pip install --no-config --python $(BIN)/python --torch-backend=cpu 'torch==$(TORCH)'

# Installs the Debian packages in the shell's $$need, where there are any.
install-needed = [ -z "$$need" ] || { \
	  [ "$$(uname)" = Linux ] && [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null \
	  && { echo "▸ installing $$need"; apt-get -qq update && DEBIAN_FRONTEND=noninteractive apt-get -qq install -y $$need >/dev/null; } \
	  || echo "Not there: $$need. Install it, or its tests are skipped."; }

browser: ## Install Chromium and pdftotext for the tests (needs root; skipped when they are there)
	@need=; command -v chromium >/dev/null || command -v google-chrome >/dev/null || need='chromium fonts-noto-core fonts-noto-cjk'; \
	  command -v pdftotext >/dev/null || need="$$need poppler-utils"; \
	  $(install-needed)

postgres: ## Install PostgreSQL and PgBouncer for the tests (needs root; skipped when they are there)
	@need=; command -v initdb >/dev/null || ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1 || need=postgresql; \
	  $(install-needed)
	@need=; command -v pgbouncer >/dev/null || [ -x /usr/sbin/pgbouncer ] || need=pgbouncer; \
	  $(install-needed)

prepare: install
	@$(BIN)/aftersail prepare

build: install ## Build the embedder, the demo orders and the database
	$(call step,building)
	@$(BIN)/aftersail build

train: build ## Train the dialogue model when its inputs have changed
	$(call step,training)
	@$(BIN)/aftersail train

publish: build ## Check all content and make it the current release
	$(call step,publishing)
	@$(BIN)/aftersail publish

check: install build ## Format, lint, types, import direction, Rasa's data
	$(call step,checking)
	@$(BIN)/ruff format --check .
	@$(BIN)/ruff check .
	@$(BIN)/mypy
	@$(BIN)/pytest tests/test_layers.py tests/test_layout.py
	@$(BIN)/rasa data validate --fail-on-warnings --data bot/data --domain domain.yml --config config.yml

format: install ## Format the code
	@$(BIN)/ruff format .
	@$(BIN)/ruff check --fix .

eval: install prepare ## Measure answers on the evaluation set
	@$(BIN)/python -m evaluation.run
	@$(BIN)/python -m evaluation.translation

faults: install prepare ## Lose nothing on WhatsApp and LINE: 10,000 messages while vendors fail and processes are killed
	@$(BIN)/python -m tests.faults.run

fuzz: install ## Feed both webhook parsers 100,000 broken inputs each (about 20 minutes)
	@AFTERSAIL_FUZZ=100000 $(BIN)/pytest -o timeout=3600 tests/connectors/whatsapp/test_parse_fuzz.py tests/connectors/line/test_fuzz.py

libretranslate: install ## Install the LibreTranslate server that tests and bench run beside ours (0.7 GB)
	$(call step,installing LibreTranslate)
	@test -x var/libretranslate/bin/libretranslate || { $(UV) venv --quiet --python $(BIN)/python var/libretranslate && \
	  $(UV) pip install --quiet --no-config --python var/libretranslate/bin/python 'libretranslate==1.9.6' 'spacy>=3.8,<3.9'; }

test-translators: install ## Train the four small translation packages again (about 15 minutes)
	@$(BIN)/python -m translators.train

bench: install prepare ## Measure speed and memory
	@$(BIN)/python -m bench.run

clean: ## Remove everything that was made, except the database
	rm -rf .venv .uv .mypy_cache .ruff_cache .pytest_cache .rasa var/models var/releases var/run

.PHONY: help prepare run test install torch browser postgres build train publish check format eval libretranslate test-translators bench clean
