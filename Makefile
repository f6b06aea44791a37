# The commands of the project. `make help` lists them.
.DEFAULT_GOAL := help
.PHONY: help setup run test train lint types imports unit rasa conversations browser simulate grades trials understanding bench match-bench load kill-test widget-bench screenshots lock clean

PYTHON ?= python3
BIN := .venv/bin

help: ## show this list
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sort | awk -F':.*## ' '{printf "  make %-14s %s\n", $$1, $$2}'

setup: ## build both environments, if anything changed
	@command -v $(PYTHON) >/dev/null || { echo "Python 3.9 or newer is needed as python3: install it and run the command again." >&2; exit 1; }
	@$(PYTHON) scripts/setup.py

run: setup ## start the chat and print its address (PORT=8080)
	@exec $(BIN)/prescreen run

test: setup ## every check, cheapest first
	@$(MAKE) --no-print-directory lint types imports unit rasa
	@echo "== conversations and browser, against the real servers"
	@$(BIN)/python -m pytest tests/servers tests/conversations tests/browser

lint: setup ## format and style
	@echo "== format and style"
	@$(BIN)/ruff format --check --quiet . || { echo "Run $(BIN)/ruff format to fix the format." >&2; exit 1; }
	@$(BIN)/ruff check --quiet .

types: setup ## types (mypy, strict)
	@echo "== types"
	@$(BIN)/mypy --no-error-summary

imports: setup ## who may import whom (import-linter)
	@echo "== imports"
	@$(BIN)/python scripts/quietly.py $(BIN)/lint-imports

unit: setup ## unit and contract tests
	@echo "== unit and contract tests"
	@$(BIN)/python -m pytest tests --ignore=tests/servers --ignore=tests/conversations --ignore=tests/browser

train: setup ## train the language model, if anything changed
	@$(BIN)/python scripts/check_rasa.py --train-only

rasa: setup ## Rasa's own checks: data, training, test stories
	@$(BIN)/python scripts/check_rasa.py

conversations: setup ## whole conversations against the real servers
	@$(BIN)/python -m pytest tests/servers tests/conversations

browser: setup ## the pages in a real browser (needs chromium)
	@$(BIN)/python -m pytest tests/browser

simulate: setup ## made-up families: how many questions, which verdicts, and four ways to choose the next question
	@$(BIN)/prescreen simulate $(ARGS)
	@$(BIN)/prescreen simulate --trial all --families 300
	@$(BIN)/prescreen simulate --planners --families 60

grades: setup ## the reading grades of all texts: docs/reading-grades.md
	@$(BIN)/prescreen script NCT06848582 --grades --output docs/reading-grades.md

trials: setup ## every trial's criteria and how they are read: docs/trials.md
	@$(BIN)/prescreen trial table --output docs/trials.md

understanding: setup ## how well families' messages are understood, beside two baselines
	@$(BIN)/python -m scripts.understanding $(ARGS)

match-bench: setup ## a turn with 10 to 10,000 trials, beside a plain loop and SQL: docs/performance.md
	@$(BIN)/python -m scripts.match_bench $(ARGS)

bench: setup ## a turn's time, start-up, memory, throughput, beside Rasa's own starter bot
	@$(BIN)/python -m scripts.bench $(ARGS)

kill-test: setup ## processes killed thousands of times over 10,000 leads: none lost, none counted twice
	@$(BIN)/python -m scripts.kill_test $(ARGS)

load: setup ## how many families at once this machine holds, beside Rasa's own starter bot
	@$(BIN)/python -m scripts.load $(ARGS)

widget-bench: setup ## what the widget costs a page, beside two others (needs chromium and npm)
	@$(BIN)/python -m scripts.widget_bench $(ARGS)

screenshots: setup ## pictures of every state of every page, into var/screenshots (ARGS=--docs: those of the docs)
	@$(BIN)/python -m scripts.screenshots $(ARGS)

UV_COMPILE := .venv-tools/bin/uv pip compile --quiet --generate-hashes --no-emit-index-url --no-header

lock: setup ## resolve requirements/*.in anew into the hashed *.txt (add UPGRADE=--upgrade for newer releases)
	@$(UV_COMPILE) $(UPGRADE) --universal --python-version 3.12 requirements/dev.in -o requirements/dev.txt
	@$(UV_COMPILE) $(UPGRADE) --universal --python-version 3.12 requirements/app.in -c requirements/dev.txt -o requirements/app.txt
	@$(UV_COMPILE) $(UPGRADE) --universal --python-version 3.9 requirements/tools.in -o requirements/tools.txt
	@$(UV_COMPILE) $(UPGRADE) --universal --python-version 3.10 requirements/rasa.in -o requirements/rasa.txt

clean: ## remove environments and caches; what lies under var/ stays
	@rm -rf .venv .venv-rasa .venv-tools .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache .coverage
	@find . -name __pycache__ -type d -not -path './var/*' -prune -exec rm -rf {} +
