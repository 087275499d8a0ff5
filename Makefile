# `make demo` and `make test` are all the set-up there is: each installs what is missing, builds, and runs.
.PHONY: demo test build bench performance conformance fuzz format setup clean

GOLDENS ?= ../shared/goldens

demo: build
	@./hone demo

test: build
	@eng/test.sh

build: setup
	@eng/build.sh

# A quick round, ten minutes on two cores.
bench: build
	@./hone bench --quick

# Everything, quarter of an hour or more, into the tables of docs/performance.md. The machine should have nothing else to do.
performance: build
	@mkdir -p artifacts
	@./hone bench --json > artifacts/performance.jsonl
	@./hone bench table artifacts/performance.jsonl --into docs/performance.md

# make conformance GOLDENS=DIR [AREA=rl] [CASE=name] [REAL=DIR[:DIR…]] [FLOORS=FILE of the least counts of cases]
conformance: build
	@dotnet artifacts/bin/Hone.Conformance/release/Hone.Conformance.dll --goldens "$(GOLDENS)" \
		$(if $(AREA),--area "$(AREA)") $(if $(CASE),--case "$(CASE)") $(if $(REAL),--real "$(REAL)") $(if $(FLOORS),--floors "$(FLOORS)")

# make fuzz [TARGETS="parquet gguf"] [INPUTS=1000000] [SEED=1]
fuzz: build
	@dotnet artifacts/bin/Hone.Fuzz/release/Hone.Fuzz.dll $(TARGETS) $(if $(INPUTS),--inputs $(INPUTS)) $(if $(SEED),--seed $(SEED))

format: setup
	@dotnet format Hone.slnx --no-restore

setup:
	@eng/setup.sh

clean:
	rm -rf artifacts
