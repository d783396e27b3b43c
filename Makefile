# Two commands do everything on a fresh machine: `make demo` and `make test`.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
WORKERS ?= auto
READY := $(VENV)/.ready

.PHONY: demo test check bench format clean

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

# Lint, types, import direction, sizes.
check: $(READY)
	@$(BIN)/ruff check src tests bench scripts
	@$(BIN)/ruff format --check src tests bench scripts
	@$(BIN)/mypy
	@$(BIN)/lint-imports
	@$(BIN)/python scripts/sizes.py

# Side-by-side benchmarks; prints ratios, asserts nothing about time.
bench: $(READY)
	@scripts/bench-tools
	@$(BIN)/python -m bench $(BENCH_ARGS)

# Change what `check` would complain about, where a machine can.
format: $(READY)
	@$(BIN)/ruff check --fix src tests bench scripts
	@$(BIN)/ruff format src tests bench scripts

clean:
	rm -rf $(VENV) build dist .mypy_cache .ruff_cache .pytest_cache .hypothesis
