# make lab    set up and open the lectures in JupyterLab
# make test   set up, lint, and run the whole test suite
# make help   everything else
VENV := .venv
BIN := $(VENV)/bin
NOTEBOOKS := lectures solutions
PIP := $(BIN)/python -m pip install -q --disable-pip-version-check -c pins.txt

.DEFAULT_GOAL := help
.PHONY: help lab test quick lint format demo exercises mutation validity clean

help: ## this list
	@sed -n 's/^\([a-z]*\):.*## /  make \1#/p' $(MAKEFILE_LIST) | column -t -s '#'

lab: $(VENV)/student ## JupyterLab on the lectures
	$(BIN)/jupyter lab --LabApp.default_url=/lab/tree/lectures $(if $(filter 0,$(shell id -u)),--allow-root)

test: $(VENV)/contributor lint ## lint, then every test (about 15 minutes on two cores)
	$(BIN)/python -m pytest

quick: $(VENV)/contributor lint ## the tests that take seconds
	$(BIN)/python -m pytest -m "not slow and not browser"

lint: $(VENV)/contributor ## ruff, on Python and notebooks
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

format: $(VENV)/contributor ## let ruff mend what it can
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

clean: ## remove the set-up
	rm -rf $(VENV) build *.egg-info

# Each stamp is made anew when what it installs has changed.
$(BIN)/python:
	@.ci/system python $(VENV)

$(VENV)/student: $(BIN)/python pyproject.toml pins.txt
	@echo "Installing the course into $(VENV) (a few minutes, once) ..."
	@$(PIP) -e .
	@touch $@

$(VENV)/contributor: $(VENV)/student
	@echo "Installing what grading and the tests need ..."
	@$(PIP) -e '.[instructor,dev]'
	@.ci/system browser $(VENV)
	@.ci/system sandbox
	@touch $@
