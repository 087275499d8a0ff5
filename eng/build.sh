#!/usr/bin/env bash
# Builds native and managed code. Restores only when a project or a version changed, so that it works offline.
set -uo pipefail
cd "$(dirname "$0")/.."
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1
mkdir -p artifacts
log=artifacts/build.log

build() { dotnet build Hone.slnx -c Release --nologo -v quiet "$@" 2>&1 | tee "$log"; }

build && exit 0

# The compiler that makes `hone` start fast is a package of the SDK's very version, which not every registry has.
if grep -qE 'NU110[0-9].*crossgen2' "$log"; then
  echo "build: the registry lacks the ahead-of-time compiler of this SDK; building without it, hone then starts slower" >&2
  build -p:CompileAhead=false && exit 0
fi
exit 1
