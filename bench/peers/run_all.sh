#!/usr/bin/env bash
# Measures every peer and writes one JSON line for each case.
#   run_all.sh RESULTS.jsonl [WORK [REAL]]     WORK: models and builds, kept between runs; REAL: the folder of fixtures, $HONE_FIXTURES by default
# PYTHON picks an interpreter that has the packages already; QUICK=1 only shows that everything runs.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
out=$(realpath "${1:?usage: run_all.sh RESULTS.jsonl [WORK [REAL]]}")
work=${2:-${XDG_CACHE_HOME:-$HOME/.cache}/hone-peers}
real=${3:-${HONE_FIXTURES:-$here/../../../shared/real}}
mkdir -p "$work"
work=$(realpath "$work")

"$here/setup.sh" "$work"
python=${PYTHON:-$work/venv/bin/python}
export HF_HUB_OFFLINE=1
"$python" "$here/prepare.py" "$work" "$real"

: >"$out"
begin=$SECONDS
for script in gemm optimizer sft dpo grpo decode tokenize_text embedding_rm ddp; do
  echo "== $script, $((SECONDS - begin)) s after the start, load $(cut -d' ' -f1 /proc/loadavg)" >&2
  "$python" "$here/$script.py" "$work" --out "$out" ${QUICK:+--quick} >/dev/null
done
echo "== done after $((SECONDS - begin)) s: $(wc -l <"$out") lines, $(grep -c '"error"' "$out" || true) of them errors" >&2
