# Two commands for a fresh machine: `make demo` and `make test`. Both build .venv from uv.lock first.

UV_VERSION := 0.13.9
# the first Python that fits; PYTHON=/path/to/python overrides
PYTHON ?= $(shell for p in python3.12 python3.11 python3; do $$p -c 'import sys; sys.exit(not ((3, 11) <= sys.version_info < (3, 13)))' 2>/dev/null && echo $$p && break; done)
DEMO := demo
CORPUS ?= ../shared/corpus/dev
SCORER ?= ../shared/contract/score.py
SCORE_OUT ?= out/score
WORKERS ?= 2
SEED ?= 11
FAMILY ?= held
FAULTS ?= full

.PHONY: install demo test check unit score held calibrate bench stamps bench-group conditions matching hidden-labels truth-fed faults bulk e2e pictures load fuzz cuts attack clean help

help:
	@echo 'make demo    make a small invented batch, run it, show the triage table'
	@echo 'make test    lint, types, unit tests and the accuracy test on real pages'
	@echo 'make score   run CORPUS=$(CORPUS) and score it with SCORER=$(SCORER)'
	@echo 'make held    the same on papers of other makers, drawn for it; FAMILY=held, fresh, novel, remote, common, late, apart, desk, hall, port, mill, yard, gate, quay, kiln or dock, SEED=11'
	@echo 'make calibrate  fit confidence on the run of make score'
	@echo 'make e2e     drive the review page in a real browser; pictures of it in out/e2e'
	@echo 'make faults  inject every fault that a run must survive; counts what is lost; FAULTS=0.1 injects a tenth'
	@echo 'make pictures  take the pictures of the review page in docs/ anew, of an invented batch'
	@echo 'make load    the review page with 20,000 claims in PostgreSQL and 20 people at once; LOAD="--seconds 60 --pause 1" to vary it'
	@echo 'make fuzz    ask the API whatever its description allows and what it does not; REQUESTS=10000'
	@echo 'make cuts    cut off whoever types in a real browser, 50 times over; CUTS=50'
	@echo 'make attack  fuzz, cuts, 1,000 interleavings of two reviewers, every way through the stages, 1,000 changes of the log'
	@echo 'make bench   speed and character errors beside RapidOCR, PaddleOCR and Tesseract; BENCH="--pages FOLDER --threads 1" to vary it'
	@echo 'make bulk    how fast thousands go through, and what it costs around reading; N=1000, BULK="--compared 40 --forecasts 0" to vary it'
	@echo 'make conditions  reading in every state that a page comes in'
	@echo 'make matching    catalogue, register and page duplicates: quality and speed'
	@echo 'make hidden-labels  extraction with a share of the labels hidden from it, three times over; after make score'
	@echo 'make truth-fed   matching and rules on true fields of CORPUS, scored; after make score'
	@echo 'make stamps  print and seals where stamps stand, on the same pages with the stamp and without'

install: .venv/.installed

.venv/.installed: pyproject.toml uv.lock
	@test -n '$(PYTHON)' || { echo 'Python 3.11 or 3.12 is missing: apt-get install python3 python3-venv, or call make PYTHON=/path/to/python3.12'; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || { echo 'The venv module of $(PYTHON) is missing: apt-get install python3-venv'; exit 1; }
	@test -x .venv/bin/uv || { $(PYTHON) -m venv .venv && .venv/bin/python -m pip install --quiet --disable-pip-version-check uv==$(UV_VERSION); }
	@UV_PROJECT_ENVIRONMENT=.venv .venv/bin/uv sync --frozen --quiet --compile-bytecode --python .venv/bin/python
	@.venv/bin/python -c 'import cv2' 2>/dev/null || { echo 'OpenCV lacks a system library ('"$$(.venv/bin/python -c 'import cv2' 2>&1 | tail -n 1)"'): apt-get install libgl1 libglib2.0-0'; exit 1; }
	@touch $@

demo: install
	@.venv/bin/intake sample --submissions 6 --seed 2021 --out $(DEMO)
	@.venv/bin/intake run $(DEMO)/batch --reference $(DEMO)/reference --out $(DEMO)/out --scheme ningbo-2020 --year 2021 --workers $(WORKERS)

test: check unit

check: install
	@.venv/bin/ruff check .
	@.venv/bin/mypy
	@.venv/bin/lint-imports --config pyproject.toml
	@.venv/bin/bandit -q -c bandit.yaml -r models extractors matchers pipeline flows

unit: install
	@.venv/bin/python -m pytest -q -n 2 --dist loadfile

score: install
	@.venv/bin/intake run $(CORPUS)/batch --reference $(CORPUS)/reference --out $(SCORE_OUT) --scheme ningbo-2020 --year 2021 --workers $(WORKERS)
	@.venv/bin/python $(SCORER) --truth $(CORPUS)/truth --out $(SCORE_OUT) --per-field --json $(SCORE_OUT)/score.json
	@.venv/bin/python -m pipeline.accuracy.summary $(SCORE_OUT)/score.json $(SCORE_OUT)/batch.json

held: install
	@.venv/bin/intake sample --family $(FAMILY) --submissions 24 --seed $(SEED) --out out/$(FAMILY)
	@.venv/bin/intake run out/$(FAMILY)/batch --reference out/$(FAMILY)/reference --out out/$(FAMILY)/out --scheme ningbo-2020 --year 2021 --workers $(WORKERS)
	@.venv/bin/python $(SCORER) --truth out/$(FAMILY)/truth --out out/$(FAMILY)/out --per-field --json out/$(FAMILY)/score.json
	@.venv/bin/python -m pipeline.accuracy.summary out/$(FAMILY)/score.json out/$(FAMILY)/out/batch.json

calibrate: install
	@.venv/bin/intake calibrate $(SCORE_OUT) --truth $(CORPUS)/truth --out out/calibration.json

faults: install
	@FAULTS=$(FAULTS) .venv/bin/python -m pytest -q -m fault

# needs a Chromium: apt-get install chromium, or CHROMIUM=/path/to/chrome
e2e: install
	@.venv/bin/python -m pytest -q -m e2e tests/e2e

pictures: install
	@.venv/bin/python -m tests.e2e.pictures

load: install
	@.venv/bin/python -W ignore -m tests.load $(LOAD)

fuzz: install
	@API_REQUESTS=$(or $(REQUESTS),10000) .venv/bin/python -m pytest -q -s tests/web/test_api.py -k described

cuts: install
	@CUTS=$(or $(CUTS),50) .venv/bin/python -m pytest -q -s -m e2e tests/e2e/test_cuts.py

attack: install fuzz cuts
	@INTERLEAVINGS=$(or $(INTERLEAVINGS),1000) .venv/bin/python -m pytest -q -s tests/web/test_interleavings.py
	@REFERRALS=3 EVERY=1 .venv/bin/python -m pytest -q -s tests/web/test_case_states.py
	@.venv/bin/python -m pipeline.accuracy.audit_chain

bench: bench-group
	@.venv/bin/intake bench $(BENCH)

stamps: bench-group
	@.venv/bin/intake bench --stamps $(BENCH)

bulk: install
	@.venv/bin/python -m flows.bulk $(if $(N),--submissions $(N)) $(BULK)

conditions: install
	@.venv/bin/python -m pipeline.accuracy.conditions

matching: install
	@.venv/bin/python -m pipeline.accuracy.matching

hidden-labels: install
	@.venv/bin/python -m pipeline.accuracy.hidden_labels $(CORPUS) --readings $(SCORE_OUT)/.work/pages

truth-fed: install
	@mkdir -p out
	@.venv/bin/python -m pipeline.accuracy.truth_fed $(CORPUS) out/truth_fed --run $(SCORE_OUT) > out/truth_fed.txt
	@.venv/bin/python $(SCORER) --truth $(CORPUS)/truth --out out/truth_fed --json out/truth_fed/score.json
	@cat out/truth_fed.txt

# what the other readers need, on top of what `install` installs
bench-group: install
	@UV_PROJECT_ENVIRONMENT=.venv .venv/bin/uv sync --frozen --quiet --compile-bytecode --group bench --python .venv/bin/python

clean:
	rm -rf .venv $(DEMO) out
