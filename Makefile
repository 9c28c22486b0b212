# Two commands do all the set-up on a fresh machine: `make audit` and `make test`.
# Another Python: make test PYTHON=python3.13

PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.of-$(subst /,_,$(PYTHON))
JOBS ?= 2

.PHONY: audit test lint format bench browser readme pictures clean

# Install, audit the made-up corpus that comes with corpusqa, write the report.
audit: $(VENV)/.installed
	$(BIN)/corpusqa audit sample_data -o corpusqa-out

# Install what tests need, the browser included, and run all of them.
test: $(VENV)/.installed-test browser lint
	$(BIN)/python -m pytest -n $(JOBS) tests

lint: $(VENV)/.installed-test
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

format: $(VENV)/.installed-test
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

# Each bench prints what it measures; with DATA=folder those that want real text read it from there.
bench: $(VENV)/.installed-test
	for bench in tests/benches/*.py; do $(BIN)/python $$bench $(DATA) || exit 1; done

browser:
	@sh .ci/browser

$(VENV)/.installed: pyproject.toml $(STAMP)
	$(BIN)/python -m pip install --quiet --editable .
	touch $@

$(VENV)/.installed-test: pyproject.toml $(STAMP)
	$(BIN)/python -m pip install --quiet --editable ".[test]"
	touch $@ $(VENV)/.installed

$(STAMP):
	@sh .ci/environment $(PYTHON) $(VENV)
	touch $@

clean:
	rm -rf $(VENV) corpusqa-out build dist *.egg-info .mypy_cache .ruff_cache .pytest_cache .hypothesis

# The pictures of the report that the README shows.
pictures: $(VENV)/.installed-test browser
	$(BIN)/python tests/report/pictures.py

# The generated blocks of the README.
readme: $(VENV)/.installed-test
	$(BIN)/cog -r -I tests README.md
