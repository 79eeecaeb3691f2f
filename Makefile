# samwise_ros: `make` alone explains every target.
SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
.PHONY: help env demo live real demo-bag test quick lint format docs lock clean

export VIDEO SENTENCE SCENE

# bash, with the environment of scripts/env.sh
WITH_ENV := source scripts/env.sh;

help:  ## this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## /{printf "  make %-10s %s\n", $$1, $$2}' $(MAKEFILE_LIST)
	@echo
	@echo "  PYTHON=python3.11      the interpreter that .venv is made with"
	@echo "  PIP_EXTRA='...'        more options for every pip install, such as an index with CPU builds of torch"
	@echo "  ROS_DISTRO             set by a sourced ROS: that ROS is used instead of ROS wheels"

env:  ## install everything into .venv and build the ROS packages (the other targets do it by themselves)
	@scripts/setup_env.sh

demo: env  ## play the recorded scene to the node over DDS, report what it did, leave results in demo_output/
	@$(WITH_ENV) exec python -m samwise_ros.demo.run $(ARGS)

live: env  ## say what to follow, and watch it live in a browser: SCENE=demo, world, webcam or a file of yours
	@$(WITH_ENV) exec python -m samwise_ros.console.live $(ARGS)

real: env  ## the same with a video of yours: make real VIDEO=clip.mp4 SENTENCE="the dog"
	@$(WITH_ENV) exec python -m samwise_ros.demo.run --video "$$VIDEO" --sentence "$$SENTENCE" $(ARGS)

demo-bag: env  ## write demo/demo.mcap again from the synthetic world (for developers)
	@$(WITH_ENV) exec python -m samwise_ros.bags.story_to_bag demo/demo.mcap --overwrite

test:  ## ruff, mypy and every test; also installs what they need
	@scripts/setup_env.sh dev
	@$(WITH_ENV) scripts/check.sh
	@$(WITH_ENV) exec python -m pytest $(ARGS)

quick:  ## ruff, mypy and the tests that need no other processes and no full-size network
	@scripts/setup_env.sh dev
	@$(WITH_ENV) scripts/check.sh
	@$(WITH_ENV) exec python -m pytest -m "not slow and not dds" --numprocesses logical $(ARGS)

lint:  ## ruff and mypy only
	@scripts/setup_env.sh dev
	@$(WITH_ENV) exec scripts/check.sh

format:  ## let ruff format the code and fix what it can
	@scripts/setup_env.sh dev
	@$(WITH_ENV) ruff format . && ruff check --fix .

docs:  ## the documentation site, into site/index.html; a broken link fails
	@scripts/setup_env.sh dev
	@$(WITH_ENV) NO_MKDOCS_2_WARNING=1 exec python -m mkdocs build --strict --quiet

lock:  ## pin all requirements in requirements/constraints.txt; pins that still fit are kept
	@scripts/lock.sh

clean:  ## remove .venv and everything that was built or recorded
	rm -rf .venv build install log demo_output site
