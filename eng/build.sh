#!/usr/bin/env bash
# Builds native and managed code. Restores only when a project or a version changed, so that it works offline.
set -euo pipefail
cd "$(dirname "$0")/.."
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1
dotnet build Hone.slnx -c Release --nologo -v quiet
