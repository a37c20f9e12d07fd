# make run | test | fresh are all a newcomer needs; each does its own set-up.
PYTHON = .venv/bin/python
NS = provisioning/in_namespace.sh
# each worker has a rig of its own; rows of one part of the table of failures share it
SIDE_BY_SIDE = --numprocesses auto --maxprocesses 4 --dist loadgroup

.PHONY: help setup run test lint test-long fresh benchmark gallery pictures failures flows lock

help:            ## this list
	@sed -n 's/^\([a-z-]*\): .*## */\1\t/p' Makefile

setup:           ## system packages, .venv, demo trust, faces
	@provisioning/setup.sh

run: setup       ## start the kiosk on the rig; without a display, one scripted clinic visit
	@$(PYTHON) -m kiosk rig

test: setup lint ## all tests but the long ones, in a network and mounts of their own
	@$(NS) $(PYTHON) -m pytest $(SIDE_BY_SIDE)

lint: setup      ## format, lints, types, import contracts
	@$(PYTHON) -m ruff format --check -q .
	@$(PYTHON) -m ruff check -q .
	@$(PYTHON) -m mypy
	@.venv/bin/lint-imports --no-logo >/dev/null || .venv/bin/lint-imports

test-long: setup ## the longer proofs
	@provisioning/setup_long.sh
	@$(NS) $(PYTHON) -m pytest -m long

fresh:           ## make test and make run on a new minimal Debian 12 (needs root)
	@provisioning/fresh.sh

benchmark: setup ## figures, one JSON object a line, also in out/benchmark.jsonl
	@$(PYTHON) -m kiosk benchmark

gallery: setup   ## every screen and slip as PNG in out/
	@$(PYTHON) -m screens.gallery out/screens
	@$(PYTHON) -m printer.gallery out/slips

pictures: setup  ## draw docs/reference/screens.md and its pictures
	@$(PYTHON) -m provisioning.rig.pictures
	@$(NS) $(PYTHON) -m provisioning.rig.page.picture

failures: setup  ## rehearse the table of failures, draw docs/reference/failures.md and its pictures
	@$(NS) $(PYTHON) -m provisioning.rig.failures.drawing

flows: setup     ## draw docs/reference/flows.md from the tables
	@$(PYTHON) -m kiosk flows > docs/reference/flows.md

lock:            ## resolve the hash-pinned locks anew
	@provisioning/lock.sh
