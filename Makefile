# crible: `make help` lists what there is.
SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help

node := node
sources := $(shell find src suites reports -name '*.ts' -o -name '*.tsx' -o -name '*.js' -o -name '*.proto' | grep -v '^reports/out/')
unit_tests = $(shell find src suites reports -name '*.test.ts' -o -name '*.test.tsx' | grep -v '\.lab\.test\.')
lab_tests = $(shell find src suites -name '*.lab.test.ts')
taps := coverage/unit.tap coverage/lab.tap

.PHONY: help
help: ## this list
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 18

.PHONY: evaluate
evaluate: build ## containerd with runc and with crun, evaluated on this machine: a report in a few minutes
	@code=0; $(node) dist/src/main.js evaluate lab:containerd/runc lab:containerd/crun --profile quick --or-simulator || code=$$?; \
	  test -e reports/out/latest/report.html || { echo "no report was written; crible exited with $$code" >&2; exit $$code; }; \
	  echo "report: $$(realpath reports/out/latest/report.html)"; \
	  echo "crible's own exit code: $$code"

.PHONY: test
test: test-packages node_modules ## every test, real containerd included; sets itself up on a fresh machine
	@$(MAKE) --no-print-directory check-static
	@rm -rf coverage && mkdir -p coverage; failed=0; \
	  $(MAKE) --no-print-directory unit || failed=1; \
	  $(MAKE) --no-print-directory lab || failed=1; \
	  awk '/^# pass /{p+=$$3} /^# fail /{f+=$$3} /^# cancelled /{f+=$$3} /^# skipped /{s+=$$3} \
	    END {print p+0 " passed, " f+0 " failed" (s>0 ? ", " s " skipped" : "")}' $(taps); \
	  exit $$failed

.PHONY: check
check: check-static unit ## what must hold before a commit: format, lint, types, dead code, generated files, unit and golden tests

.PHONY: check-static
check-static: node_modules
	npx prettier --check --log-level warn .
	npx tsc -p tsconfig.json
	npx eslint .
	npx knip
	@$(MAKE) --no-print-directory check-generated

.PHONY: unit
unit: node_modules ## unit and golden tests: no runtime needed
	@mkdir -p coverage
	$(node) --import tsx --test --test-reporter=dot --test-reporter-destination=stdout --test-reporter=tap --test-reporter-destination=coverage/unit.tap $(unit_tests) \
	  || { grep -A25 '^ *not ok' coverage/unit.tap; exit 1; }
	@grep -hE '# SKIP' coverage/unit.tap | sed 's/^ *ok [0-9]* - /skipped: /' || true

.PHONY: lab
lab: build ## tests on real containerd, started by crible's own lab
	@mkdir -p coverage
	$(node) --import tsx --test --test-concurrency=1 --test-reporter=spec --test-reporter-destination=stdout --test-reporter=tap --test-reporter-destination=coverage/lab.tap $(lab_tests)

.PHONY: test-vm
test-vm: dist ## the suite in a virtual machine, a node as users have it: cgroup v2, systemd, AppArmor; ARGS='--select GLOB'
	@version=$$($(node) -p "require('./package.json').version"); .ci/vm/run "dist/crible-$$version.tar.gz" reports/out/vm $(ARGS)

.PHONY: mutation
mutation: build ## every case proven able to fail: faults before real containerd and the simulator; the matrix in reports/samples
	$(node) dist/src/main.js mutation --out reports/samples

.PHONY: mutation-full
mutation-full: build ## the same, and every fault before every case, to see which are too coarse to prove anything
	$(node) dist/src/main.js mutation --collateral --out reports/samples

.PHONY: bench-harness
bench-harness: build ## what calling costs: grpc-js, http2, frames and h2load on a real containerd; ARGS='ENDPOINT --json FILE'
	$(node) dist/src/benchmark/harness/main.js $(ARGS)

.PHONY: format
format: node_modules ## lay out every file
	npx prettier --write --log-level warn .

.PHONY: golden
golden: node_modules ## rewrite the golden files; the review is `git diff`
	UPDATE_GOLDEN=1 $(node) --import tsx --test reports/golden.test.ts

.PHONY: generate
generate: node_modules ## messages from api.proto, JSON Schema from the model
	cd src/cri && npx buf generate
	$(node) --import tsx reports/schema/generate.ts > reports/schema/result.schema.json

.PHONY: check-generated
check-generated: node_modules
	@scratch=$$(mktemp -d); trap 'rm -rf "$$scratch"' EXIT; \
	  (cd src/cri && npx buf generate -o "$$scratch") && diff -r src/cri/gen "$$scratch/gen"
	$(node) --import tsx reports/schema/generate.ts | diff reports/schema/result.schema.json -

.PHONY: build
build: dist/built ## compile into dist/

dist/built: node_modules tsconfig.json tsconfig.build.json package.json $(sources) $(wildcard suites/expectations/* reports/samples/mutation.json)
	rm -rf dist/src dist/suites dist/reports
	npx tsc -p tsconfig.build.json
	mkdir -p dist/src/cri/gen && cp src/cri/gen/api_pb.js dist/src/cri/gen/
	cp -r suites/expectations dist/suites/
	mkdir -p dist/reports/samples && cp reports/samples/mutation.json dist/reports/samples/
	cp reports/schema/result.schema.json dist/reports/schema/
	cp package.json dist/
	chmod +x dist/src/main.js
	touch dist/built

.PHONY: dist
dist: build ## a tar that needs only Node.js on the node: dist/crible-VERSION.tar.gz
	@version=$$($(node) -p "require('./package.json').version"); stage=$$(mktemp -d); trap 'rm -rf "$$stage"' EXIT; \
	  root="$$stage/crible-$$version"; mkdir -p "$$root"; \
	  cp -r dist/src dist/suites dist/reports package.json package-lock.json README.md "$$root/"; \
	  (cd "$$root" && npm ci --omit=dev --ignore-scripts --no-audit --no-fund >/dev/null && rm package-lock.json); \
	  printf '#!/bin/sh\nexec node "$$(dirname "$$(readlink -f "$$0")")/src/main.js" "$$@"\n' > "$$root/crible"; chmod +x "$$root/crible"; \
	  tar -C "$$stage" -czf "dist/crible-$$version.tar.gz" "crible-$$version"; \
	  echo "dist/crible-$$version.tar.gz"

.PHONY: clean
clean: ## what was built and measured here; not what labs keep in their own folder
	rm -rf dist coverage reports/out

node_modules: package-lock.json
	npm ci --no-audit --no-fund
	touch node_modules

# The tests look at pages in chromium and let the lab's network masquerade. Nothing is installed beside a container
# runtime that somebody uses: Docker's containerd.io conflicts with Debian's packages.
.PHONY: test-packages
test-packages:
	@if [ "$$(id -u)" != 0 ] || ! command -v apt-get >/dev/null; then echo "not root on Debian: installing nothing"; \
	elif command -v kubelet >/dev/null || command -v crio >/dev/null || dpkg -s docker-ce >/dev/null 2>&1 || dpkg -s containerd.io >/dev/null 2>&1; then \
	  echo "a container runtime or kubelet lives here: installing nothing"; \
	elif ! command -v chromium >/dev/null || ! command -v iptables >/dev/null; then \
	  apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends chromium fonts-dejavu-core iptables >/dev/null; fi
