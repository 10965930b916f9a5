# Everything a person or a CI types. What they do is in CMakePresets.json and scripts/.
SHELL := /bin/bash
PROGRAM := build/release/gainstage
JOBS ?= $(shell nproc)
# What `make play` runs; give a session or options after the command: make play ARGS="session.json --block 64"
ARGS ?=

.DEFAULT_GOAL := help
.PHONY: help play test bench lint build plots format demo-sounds clean

help:  ## show this
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## /\1\t/' | \
	  while IFS=$$'\t' read -r name does; do printf '  make %-11s %s\n' "$$name" "$$does"; done

play: build  ## be the interface, until Ctrl-C (for 10 seconds where there is no terminal)
	@if [ -t 0 ] && [ -t 1 ] && [ "$${CI:-}" != true ]; then \
	  exec $(PROGRAM) run $(ARGS); \
	else \
	  exec $(PROGRAM) run --seconds 10 $(ARGS) </dev/null; \
	fi

test:  ## build, and run every test there is
	@scripts/install_packages.sh build test
	@cmake --preset release >/dev/null
	@cmake --build --preset release -j $(JOBS)
	@ctest --preset release -j $(JOBS)

bench: build  ## how fast this build is on this machine
	@$(PROGRAM) bench $(ARGS)

lint:  ## formatting, layering and clang-tidy
	@scripts/install_packages.sh build test check
	@cmake --preset release >/dev/null
	@scripts/lint.sh

build:  ## the program alone, at build/release/gainstage
	@scripts/install_packages.sh build
	@cmake --preset release >/dev/null
	@cmake --build --preset release -j $(JOBS) --target gainstage

plots: build  ## draw docs/plots anew, from what the models do now
	@cmake --build --preset release -j $(JOBS) --target test_analog
	@scripts/plots.py

format:  ## format every C++ file in place
	@scripts/install_packages.sh check
	@scripts/format.sh

demo-sounds: build  ## recordings through every preset, to hear and to look at: build/demo-sounds/index.html
	@scripts/install_packages.sh demo
	@scripts/demo_sounds.py $(PROGRAM) build/demo-sounds $(ARGS)

clean:  ## remove everything that was built
	rm -rf build
