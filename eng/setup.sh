#!/usr/bin/env bash
# Installs what a fresh Debian 12 with the .NET SDK lacks. Does nothing, and needs no network, once all is there.
set -euo pipefail

# HONE_LIBTORCH names a libtorch of the user's own; the distribution's is then not needed.
packages=(g++ cmake make)
[ -n "${HONE_LIBTORCH:-}" ] || packages+=(libtorch-dev libgloo-dev libopenblas0-openmp)

missing=()
for package in "${packages[@]}"; do
  [ "$(dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null || true)" = installed ] || missing+=("$package")
done

if [ ${#missing[@]} -gt 0 ]; then
  echo "setup: installing ${missing[*]}"
  as_root=()
  if [ "$(id -u)" -ne 0 ]; then
    command -v sudo >/dev/null || { echo "setup: must run as root or with sudo to install ${missing[*]}" >&2; exit 2; }
    as_root=(sudo)
  fi
  "${as_root[@]}" apt-get update -qq
  "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null
fi

command -v dotnet >/dev/null || { echo "setup: the .NET 10 SDK must be on the PATH; see https://dot.net" >&2; exit 2; }
