#!/usr/bin/env bash
# Runs every test project that was built and ends with "N passed, N failed, N skipped".
set -uo pipefail
cd "$(dirname "$0")/.."
passed=0 failed=0 skipped=0
mkdir -p artifacts/test-logs

for project in tests/*.Tests; do
  name=$(basename "$project")
  log=artifacts/test-logs/$name.log
  "artifacts/bin/$name/release/$name" -noColor -noLogo -showLiveOutput >"$log" 2>&1
  status=$?
  summary=$(grep -E "Total: [0-9]+" "$log" | tail -1)
  count() { grep -oE "$1: [0-9]+" <<<"$summary" | grep -oE "[0-9]+" || echo 0; }
  total=$(count Total) bad=$(($(count Failed) + $(count Errors))) left=$(count Skipped)
  # A run that broke off without a failed test is a failure too; a project without any test ends with 1 and "Total: 0".
  [ $status -eq 0 ] || [ "$bad" -gt 0 ] || { [ -n "$summary" ] && [ "$total" -eq 0 ]; } || bad=1
  [ "$bad" -eq 0 ] || cat "$log"
  good=$((total - bad - left))
  [ $good -ge 0 ] || good=0
  passed=$((passed + good)) failed=$((failed + bad)) skipped=$((skipped + left))
  printf '%-28s %5d passed %5d failed %5d skipped  %s\n' "$name" $good "$bad" "$left" "$(grep -oE 'Time: [0-9.]+s' <<<"$summary")"
  grep -A1 -F "[SKIP]" "$log" | grep -v -e '^--$' | head -20
done

echo "$passed passed, $failed failed, $skipped skipped"
[ $failed -eq 0 ]
