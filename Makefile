# make lab    set up and open the lectures in JupyterLab
# make test   set up, lint, and run the whole test suite
# make help   everything else
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip install -q --disable-pip-version-check -c pins.txt

.DEFAULT_GOAL := help
.PHONY: help lab test quick lint format topic task table exercises demo validity answers mutation attacks benchmarks operators gpu clean

help: ## this list
	@awk -F ':.*## ' '/^[a-z]+:.*## / {printf "  make %-11s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

lab: $(VENV)/student ## JupyterLab on the lectures
	JUPYTER_CONFIG_PATH=.jupyter $(BIN)/jupyter lab --LabApp.default_url=/lab/tree/lectures $(if $(filter 0,$(shell id -u)),--allow-root)

test: $(VENV)/contributor lint ## lint, then every test (about 20 minutes on two cores)
	$(BIN)/python -m pytest

# TOPIC=pooling: besides, its own tests, lecture, exercise and answers.
quick: $(VENV)/contributor lint ## before a commit: what holds for all files; TOPIC=pooling: its own tests, too
	$(BIN)/python -m pytest -m "not slow" tests/test_house.py tests/test_environment.py
	$(if $(TOPIC),$(BIN)/python -m pytest -m "not slow" -k $(TOPIC) tests/course/$(TOPIC) tests/test_exercises.py tests/test_notebooks.py tests/answers)

lint: $(VENV)/contributor ## ruff, on Python and notebooks
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

format: $(VENV)/contributor ## let ruff mend what it can
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

# NAME, and if wished NUMBER=7, WITHOUT=exercise or WITHOUT=lecture.
topic: $(VENV)/contributor ## make topic NAME=normalisation: the files of a new topic
	$(BIN)/python -m authoring.topic $(NAME) $(addprefix --number ,$(NUMBER)) $(addprefix --without ,$(WITHOUT))
	$(if $(filter exercise,$(WITHOUT)),,$(MAKE) exercises ONLY=_$(NAME))

# TOPIC and NAME, and if wished POINTS="2 1" (visible and hidden) and MINUTES=15.
task: $(VENV)/contributor ## make task TOPIC=normalisation NAME=batch_norm: a task of its exercise
	$(BIN)/python -m authoring.task $(TOPIC) $(NAME) $(addprefix --minutes ,$(MINUTES)) $(if $(POINTS),--points $(POINTS))

table: $(VENV)/contributor ## the README's table of lectures, made of them
	$(BIN)/python -m authoring.readme

exercises: $(VENV)/contributor ## make exercises/ of solutions/, as students get it
	for name in $(notdir $(wildcard solutions/*$(ONLY))); do \
		$(BIN)/nbgrader generate_assignment --force --no-db $$name || exit 1; done

demo: $(VENV)/contributor ## an instructor's day in a temporary folder, with marks and feedback
	$(BIN)/python -m autograder.demo

validity: $(VENV)/contributor ## how many wrong answers the checks catch and name
	$(BIN)/python -m authoring.validity

answers: $(VENV)/contributor ## every answer that a test knows, in one process and in two (20 minutes)
	ANSWERS=all $(BIN)/python -m pytest --timeout 3600 tests/autograder/submission/test_answers.py

mutation: $(VENV)/contributor ## change the solutions in small ways: which changes earn full marks?
	$(BIN)/python -m authoring.mutation

# STOCK=1 tries stock nbgrader anew, which has no walls: on a machine that may be lost.
attacks: $(VENV)/contributor ## what hostile submissions get of stock nbgrader and of ours
	$(BIN)/python -m tests.autograder.attacks.table $(if $(STOCK),--stock)

benchmarks: $(VENV)/contributor ## grade 100 submissions with stock nbgrader and with ours (10 minutes)
	$(BIN)/python -m benchmarks.grading --submissions 100 --workers 1 2

operators: $(VENV)/student ## time each pair beside torch.nn.functional, in seconds
	$(BIN)/python -m benchmarks.operators --quick

# On a machine with a GPU and a CUDA build of torch; nothing is installed or downloaded. Each step
# goes on where it was stopped; SKIP="tests operators kernels experiment" leaves steps out, make -i
# goes on after a step that failed. The experiment finds CIFAR-10 by COURSE_DATA or in the cache.
PYTHON ?= python3
GPU_NEEDS := cycler hypothesis matplotlib numpy PIL psutil pytest scipy sklearn torch tqdm
gpu: ## on a GPU: its tests, the benchmarks of operators and kernels, the long training runs
	@$(PYTHON) -c "import sys; from importlib.util import find_spec; missing = [n for n in sys.argv[1:] if not find_spec(n)]; sys.exit(missing and 'make gpu imports ' + ', '.join(missing) + ' too, which $(PYTHON) has not: install it, or name another Python by PYTHON=...' or 0)" $(GPU_NEEDS)
	$(if $(filter tests,$(SKIP)),,$(PYTHON) -m pytest -p no:cacheprovider -o addopts= -m gpu $$(grep -rl --include='test_*.py' mark.gpu tests))
	$(if $(filter operators,$(SKIP)),,$(PYTHON) -m benchmarks.operators --device cuda)
	$(if $(filter kernels,$(SKIP)),,$(PYTHON) -m benchmarks.kernels)
	$(if $(filter experiment,$(SKIP)),,$(PYTHON) -m course.residual.experiment --data cifar10 --depths 20,32,44,56 --seeds 0,1,2 --together --device cuda)

clean: ## remove the set-up
	rm -rf $(VENV) build *.egg-info

# Each stamp is made anew when what it installs has changed.
$(BIN)/python:
	@.ci/system python $(VENV)

$(VENV)/student: $(BIN)/python pyproject.toml pins.txt
	@echo "Installing the course into $(VENV) (a few minutes, once) ..."
	@$(PIP) -e '.[kernels]'
	@touch $@

$(VENV)/contributor: $(VENV)/student
	@echo "Installing what grading and the tests need ..."
	@$(PIP) -e '.[kernels,instructor,dev]'
	@.ci/system browser $(VENV)
	@.ci/system sandbox
	@touch $@
