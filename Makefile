# `make demo` and `make test` are all the set-up there is: each installs what is missing, builds, and runs.
.PHONY: demo test build bench conformance fuzz format setup clean

GOLDENS ?= ../shared/goldens

demo: build
	@./hone demo

test: build
	@eng/test.sh

build: setup
	@eng/build.sh

bench: build
	@dotnet artifacts/bin/Hone.Bench/release/Hone.Bench.dll

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
