# Everything a developer or a first-time user runs. `make` alone lists it.

# The environment's own packages only, whatever shell this was started from.
unexport PYTHONPATH
unexport PYTHONHOME
unexport VIRTUAL_ENV

VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
WINDOW_TOOLS := $(VENV)/.window_test_tools
COMPILED := $(patsubst %.ts,%.qm,$(wildcard resources/languages/*.ts))
# An interpreter of your choice: make setup PYTHON=/path/to/python3.13
PYTHON ?=

.DEFAULT_GOAL := help
.PHONY: help setup run train-sample test test-bare tftrt tfjs old-runtimes bench experiments screenshots languages lint format types \
	lock bundle deb appimage wheel clean

help: ## list what can be made
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-13s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

# What the program loads of a translation.
%.qm: %.ts $(READY)
	$(BIN)/pyside6-lrelease $< -qm $@

setup: $(READY) ## make .venv with everything that is needed, once

$(READY): requirements.lock requirements-dev.lock pyproject.toml packaging/make_venv.sh packaging/qt_system_libraries.sh packaging/debian_packages.sh
	@bash packaging/make_venv.sh $(VENV) $(PYTHON)
	@touch $@

run: $(READY) $(COMPILED) ## set everything up and open the window
	$(BIN)/python main.py

train-sample: $(READY) ## train on the sample images, without a window
	$(BIN)/python main.py train resources/sample --epochs 20

# In parts, each with processes of its own: what TensorFlow holds of one test's models it holds until
# the process ends. The window's part loads no TensorFlow. Files keep the order of tests/conftest.py:
# xdist would begin with those of most tests, and the few whole trainings would be last.
PYTEST := $(BIN)/python -m pytest --numprocesses auto --maxprocesses 4 --dist loadfile --no-loadscope-reorder
test: $(READY) $(WINDOW_TOOLS) ## run the tests
	@failed=0; \
	$(PYTEST) tests --ignore tests/core --ignore tests/resources || failed=1; \
	$(PYTEST) tests/core/export tests/core/backbones tests/resources || failed=1; \
	$(PYTEST) tests/core --ignore tests/core/export --ignore tests/core/backbones || failed=1; \
	exit $$failed

# Asked for once; without the tools the tests that need them are skipped.
$(WINDOW_TOOLS): packaging/window_test_tools.sh $(READY)
	@bash packaging/window_test_tools.sh
	@touch $@

test-bare: ## run the README's commands in a clean Debian 12 and 13, as root, an hour (SUITE=trixie: one)
	@bash packaging/debian/test_bare_machine.sh $(SUITE)

tftrt: ## make the environment that converts models to TF-TRT, once: 5 GB
	@PYTHON="$(PYTHON)" bash packaging/tftrt/make_environment.sh

tfjs: ## fetch what exports to TensorFlow.js need, once: 3 MB
	@PYTHON="$(PYTHON)" bash packaging/tfjs/make_environment.sh

old-runtimes: ## make the environment with the oldest runtimes that exports run with, once: 400 MB
	@PYTHON="$(PYTHON)" bash packaging/old_runtimes/make_environment.sh

bench: $(READY) ## measure what docs/benchmarks.md reports, an hour (ONLY="head extraction": a part)
	$(BIN)/python -m tests.benchmarks $(ONLY)

experiments: $(READY) ## make the experiments of docs/experiments.md again
	$(BIN)/python -m tests.benchmarks.experiments

screenshots: $(READY) ## take the pictures of the window in docs/screenshots anew
	$(BIN)/python -m tests.window.screenshots

languages: $(READY) ## bring the translations of resources/languages up to date
	$(BIN)/python packaging/languages.py

lint: $(READY) ## check format, style and which package imports which
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/lint-imports --no-cache --no-logo

format: $(READY) ## format the code and mend what can be mended
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

types: $(READY) ## check types
	$(BIN)/mypy

# Only the public package index counts: what a developer's own configuration adds to it
# must not get into the lock. UPGRADE=1 takes the newest versions in range.
LOCK := env -u UV_INDEX -u UV_INDEX_URL -u UV_DEFAULT_INDEX -u UV_EXTRA_INDEX_URL -u UV_FIND_LINKS \
	$(BIN)/uv --no-config pip compile --quiet --universal --python-version 3.11 --generate-hashes \
	--no-emit-index-url --no-emit-find-links \
	--constraint packaging/lock_constraints.txt --custom-compile-command "make lock" $(if $(UPGRADE),--upgrade)

lock: $(READY) ## pin the dependencies again, after a change in pyproject.toml (UPGRADE=1: newest)
	$(LOCK) pyproject.toml --output-file requirements.lock
	$(LOCK) pyproject.toml --group dev --constraint requirements.lock --output-file requirements-dev.lock

bundle: $(READY) $(COMPILED) ## build the program with all it needs in one folder, dist/fieldguide
	@bash packaging/pyinstaller/build.sh $(BIN)/python

deb: bundle ## build the package for Debian and Ubuntu
	@bash packaging/debian/build.sh $(BIN)/python

appimage: bundle ## build the AppImage, where appimagetool is to be had
	@bash packaging/appimage/build.sh $(BIN)/python

wheel: $(READY) $(COMPILED) ## build wheel and source package
	$(BIN)/hatchling build -d dist

clean: ## remove .venv, caches and builds
	rm -rf $(VENV) build dist .pytest_cache .mypy_cache .ruff_cache .hypothesis
	find . -name __pycache__ -not -path './.git/*' -prune -exec rm -rf {} +
