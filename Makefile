# The same words for people and for CI. Needs Python 3.11 to 3.13, git and make; everything else goes into .venv.

# Not the default /bin/sh: only with another shell does the old make of macOS look for programs in the PATH set below.
SHELL := /bin/bash
.DEFAULT_GOAL := help

PYTHON ?= python3
# Looked up before .venv/bin comes first in PATH, so that a broken .venv never makes its own successor.
interpreter := $(shell command -v $(PYTHON))

# First in PATH, because nbgrader starts `alembic` and nbconvert starts `jupyter` by name.
export PATH := $(CURDIR)/.venv/bin:$(PATH)
# Only TensorFlow's errors; what it writes before its logging is set up (TensorFlow 2.21: six lines) comes all the same.
export TF_CPP_MIN_LOG_LEVEL ?= 3

.PHONY: help
help: ## Show this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "%-10s %s\n", $$1, $$2 }' $(firstword $(MAKEFILE_LIST))

.PHONY: setup
setup: .venv/.installed ## Create .venv with the locked packages and this project

# -qq hides pip's progress and not its errors. The stamp is written last: an interrupted setup is simply run again.
.venv/.installed: requirements.lock pyproject.toml
	@"$(interpreter)" -c 'import sys; sys.exit(not (3, 11) <= sys.version_info < (3, 14))' 2>/dev/null || \
		{ echo "This course needs Python 3.11, 3.12 or 3.13, and '$(PYTHON)' is none of them: name one with make PYTHON=..." >&2; exit 1; }
	@.venv/bin/python -m pip --version >/dev/null 2>&1 || "$(interpreter)" -m venv --clear .venv
	@echo "Installing the locked packages into .venv (a minute or more; about 2.6 GB on disk) ..."
	@.venv/bin/python -m pip install -qq --require-hashes -r requirements.lock
	@.venv/bin/python -m pip install -qq --no-deps --no-build-isolation -e .
	@touch $@

.PHONY: demo
demo: setup ## Grade a sample class into demo/
	autograder build --skip-mistakes 03_residual_blocks
	autograder sample demo/submitted
	autograder grade demo/submitted --results demo/results.json
	autograder feedback demo/submitted

.PHONY: build
build: setup ## Generate the notebooks and data/expected
	autograder build

.PHONY: lab
lab: setup ## Open the notebooks in JupyterLab
	cd notebooks && jupyter lab

.PHONY: lint
lint: setup ## Check style, types and the direction of imports
	ruff check .
	ruff format --check .
	mypy
	lint-imports

# Beside the others, on a second core: these start processes and count those that are left.
GRADING := tests/attacks tests/faults tests/grading tests/sandbox tests/test_grade.py tests/test_plain_nbgrader.py

.PHONY: test
test: lint ## Lint, compare the generated files, run the quick tests
	autograder build --check
	@mkdir -p build
	@pytest -m "not slow" $(GRADING:%=--ignore=%) >build/course-tests.log 2>&1 & course=$$!; \
	pytest -m "not slow" $(GRADING); grading=$$?; \
	wait $$course; course=$$?; cat build/course-tests.log; exit $$((grading | course))

.PHONY: test-all
test-all: lint ## Lint, compare the generated files, run every test
	autograder build --check --prove
	pytest

.PHONY: bench
bench: setup ## Measure how fast grading is
	python -m bench
	python -m bench.memory

.PHONY: variants
variants: setup ## Judge every right answer that is written differently
	python -m bench.variants

.PHONY: margins
margins: setup ## Measure how wide the tolerances are, into docs/margins.md
	python -m bench.margins --write

# uv, because pip cannot resolve for all systems and versions of Python at once; only this target needs it.
# Versions stay as they are where they may: make lock LOCK_FLAGS=--upgrade takes the newest.
.PHONY: lock
lock: setup ## Write requirements.lock again from pyproject.toml
	python -m pip install -qq "uv>=0.8"
	uv pip compile pyproject.toml --extra dev --universal --fork-strategy fewest --generate-hashes \
		--no-emit-index-url --custom-compile-command "make lock" $(LOCK_FLAGS) --quiet --output-file requirements.lock

.PHONY: clean
clean: ## Remove what was generated and is not committed
	rm -rf demo build dist .mypy_cache .pytest_cache .ruff_cache .import_linter_cache .hypothesis
	find . -name .venv -prune -o -type d \( -name __pycache__ -o -name .ipynb_checkpoints \) -prune -exec rm -rf {} +

.PHONY: distclean
distclean: clean ## Remove .venv as well
	rm -rf .venv
