# Two commands are enough: `make run` and `make test`. Each sets up what it needs, once.
HOST ?= 127.0.0.1
PORT ?= 5005
PYTHON := .venv/bin/python
export RASA_TELEMETRY_ENABLED := false
export SQLALCHEMY_SILENCE_UBER_WARNING := 1
export TF_CPP_MIN_LOG_LEVEL := 3
# The pinned libraries deprecate each other; the tests set their own filters.
export PYTHONWARNINGS := ignore

.PHONY: run test proof train chat rulebook check bench bench-interviews lock set-up set-up-for-tests

run: set-up train          ## set up, train if anything changed, start everything, print the page's address
	@HOST=$(HOST) PORT=$(PORT) exec $(PYTHON) -m rasa_project.server

test: set-up-for-tests check proof   ## set up, check the code, prove the rules safe, run every test
	@$(PYTHON) -m pytest

proof: set-up-for-tests    ## prove the knowledge safe over all states of answers; writes var/proof/certificate.json
	@$(PYTHON) -m sciatriage.proof

check: set-up-for-tests    ## style, types and who may import what
	@.venv/bin/ruff check .
	@.venv/bin/ruff format --check .
	@.venv/bin/mypy
	@.venv/bin/lint-imports

train: set-up              ## train Rasa's model if anything it rests on changed
	@$(PYTHON) -m rasa_project.training

chat: set-up               ## the conversation in the terminal, without a server
	@.venv/bin/sciatriage chat

rulebook: set-up           ## every rule as one page for clinicians, with the cases that test it; prints where it is
	@.venv/bin/sciatriage rulebook --cases tests/cases --out var/rulebook.html

bench: set-up-for-tests    ## latency, training, start-up and memory beside Rasa's default pipeline
	@$(PYTHON) -m benchmarks.run

bench-interviews: set-up-for-tests    ## 10,000 simulated patients: how many questions, how soon an emergency is known
	@$(PYTHON) -m benchmarks.interviews

lock:        ## resolve the requirements again and write the locks
	@bash set-up.sh lock

set-up:
	@bash set-up.sh runtime

set-up-for-tests:
	@bash set-up.sh test
