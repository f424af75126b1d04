PYTHON ?= python3

.PHONY: check test types lint docs facts bench goldens wheel

check: lint types test

test:
	$(PYTHON) -m pytest

types:
	$(PYTHON) -m mypy

lint:
	$(PYTHON) -m ruff check .
	$(PYTHON) -m ruff format --check .
	$(PYTHON) -c "from importlinter.cli import lint_imports_command as lint; lint()" --no-cache

docs:
	$(PYTHON) tools/assign_ids.py
	$(PYTHON) tools/build_docs.py

facts:
	$(PYTHON) tools/build_facts.py

bench:
	$(PYTHON) benchmarks/start.py
	$(PYTHON) benchmarks/measure.py

goldens:
	$(PYTHON) -m tests.test_goldens

wheel:
	$(PYTHON) -m build
