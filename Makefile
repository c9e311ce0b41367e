# Two commands for a newcomer: `make demo` and `make test`. `make check` runs what CI runs before the tests.
.DEFAULT_GOAL := help
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
export BIHUAN_HOME ?= $(CURDIR)/var

RUN_READY := $(VENV)/.run-ready
DEV_READY := $(VENV)/.dev-ready

.PHONY: help demo up test check bench accuracy messages clean

help: ## this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## /{printf "  make %-10s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

demo: $(RUN_READY) ## a running site with a populated department, from a clean clone
	@$(BIN)/bihuan up --demo $(if $(PORT),--port $(PORT))

up: $(RUN_READY) ## the same without the demo: an empty department, ready for your own data
	@$(BIN)/bihuan up $(if $(PORT),--port $(PORT))

test: $(DEV_READY) ## every test (browser tests skip with a reason where no Chromium can be had)
	@sh tests/run

check: $(DEV_READY) ## format, lint, types, import contracts, templates, migrations, translations, committed text
	@sh tests/check

bench: $(DEV_READY) ## the measured targets, as ratios of one run
	@$(BIN)/python -m bench

accuracy: $(RUN_READY) ## precision and recall of every check on the seen and the unseen dialogues
	@$(BIN)/python -m bihuan.demo.accuracy

messages: $(DEV_READY) ## add missing interface texts to the translation files
	@$(BIN)/python -m bihuan.ui.messages update

clean: ## remove the environment and everything this installation wrote
	rm -rf $(VENV) var

$(VENV)/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Bihuan needs Python 3.11 or newer."; exit 2; }
	@$(PYTHON) -m venv $(VENV)

$(RUN_READY): requirements/run.txt pyproject.toml | $(VENV)/bin/python
	@sh requirements/install $(BIN) requirements/run.txt
	@touch $@

$(DEV_READY): requirements/dev.txt pyproject.toml | $(VENV)/bin/python
	@sh requirements/install $(BIN) requirements/dev.txt
	@touch $@ $(RUN_READY)
