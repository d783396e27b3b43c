# Two commands do everything on a fresh machine: `make demo` and `make test`.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
WORKERS ?= auto
READY := $(VENV)/.ready

.PHONY: demo test test-compiled compiled wheel check bench format clean

$(READY): requirements/run.txt requirements/dev.txt pyproject.toml
	@scripts/environment $(PYTHON) $(VENV)
	@touch $@

# The founding story, told in the terminal on the embedded default.
demo: $(READY)
	@$(BIN)/jackfield demo

# Every suite: unit, wire, oracle, faults, security. Needs PostgreSQL's binaries; scripts/test-tools gets them.
test: $(READY)
	@scripts/test-tools
	@$(BIN)/python -m pytest -n $(WORKERS) --dist loadfile $(PYTEST_ARGS)

# The compiled build, in build/compiled: the same sources, with what an execution goes through compiled by mypyc.
compiled: $(READY)
	@scripts/compile $(BIN)/python

# The suites that talk to real server processes, and those of the compiled parts, over the compiled build; its path is
# absolute, so that it holds in any folder. The unit tests of `api` and `services` are not among them: their stand-ins are
# no objects of the compiled classes.
test-compiled: compiled
	@scripts/test-tools
	@PYTHONPATH=$(CURDIR)/build/compiled JACKFIELD_TEST_BUILD=compiled $(BIN)/python -m pytest -n $(WORKERS) \
	  --dist loadfile tests/wire tests/faults tests/unit/test_build.py tests/unit/engine tests/unit/jsonpath \
	  tests/unit/velocity tests/unit/vault tests/unit/workbench $(PYTEST_ARGS)

# A wheel for this machine's kind, compiled; plain Python, and said so, where there is no compiler.
wheel: $(READY)
	@scripts/compile $(BIN)/python wheel
	@ls dist

# Lint, types, import direction, sizes.
check: $(READY)
	@$(BIN)/ruff check src tests bench scripts setup.py
	@$(BIN)/ruff format --check src tests bench scripts setup.py
	@$(BIN)/mypy
	@$(BIN)/lint-imports
	@$(BIN)/python scripts/sizes.py

# Side-by-side benchmarks; prints ratios, asserts nothing about time. With BENCH_ARGS=--pure nothing has to be compiled.
bench: $(if $(findstring --pure,$(BENCH_ARGS)),$(READY),compiled)
	@scripts/bench-tools
	@$(BIN)/python -m bench $(BENCH_ARGS)

# Change what `check` would complain about, where a machine can.
format: $(READY)
	@$(BIN)/ruff check --fix src tests bench scripts setup.py
	@$(BIN)/ruff format src tests bench scripts setup.py

clean:
	rm -rf $(VENV) build dist .mypy_cache .ruff_cache .pytest_cache .hypothesis
