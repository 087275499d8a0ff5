"""Hone and what can be built beside it, in turn: Hone, peer, Hone, peer, and so on, at the same work on the same machine.

  paired.py OUT.jsonl [WORK] [--only REGEX] [--pairs 3] [--quick] [--through 'CMD']

Appends every line to OUT with the number of its pair; `compare.py OUT.jsonl` takes the ratios within pairs. Needs torch (1.13 or later) for
P1 and P11 and a build of ik_llama.cpp (`setup.sh WORK ik_llama`) for P4, and no package index: models and GGUF files are Hone's own.
"""
import argparse
import json
import os
import re
import shlex
import signal
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
HONE = os.environ.get("HONE", str(HERE.parents[1] / "hone"))
CACHE = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")

# What is measured in turn: Hone's works, and the peer's script with its cases. Those of one script go in one call.
PAIRS = [
    *((f"P1/{model}/{precision}", [f"P1/{model}/{precision}"], "sft.py", f"^P1/{model}/torch/handwritten/{precision}$")
      for model in ("L15M", "L110M") for precision in ("fp32", "bf16")),
    ("P11/L15M", ["P11/L15M/batch8"], "ddp.py", "^P11/L15M/batch8/"),
    *((f"P4/L110M/{shape}", [f"P4/L110M/{shape}/{kept}" for kept in kinds], "decode.py", f"^P4/L110M/{shape}/ik_llama.cpp/")
      for shape, kinds in (("b1", ("bf16", "int8", "int4")), ("b8", ("bf16", "int8")), ("b32", ("bf16", "int8")),
                           ("b64", ("bf16", "int8")), ("prefill512", ("bf16", "int8")))),
]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("out", type=Path)
    parser.add_argument("work", type=Path, nargs="?", default=CACHE / "hone-peers", help="models, GGUF files and builds; ~/.cache/hone-peers")
    parser.add_argument("--only", default="", help="the pairs whose name matches this regular expression; --list names them")
    parser.add_argument("--pairs", type=int, default=3)
    parser.add_argument("--quick", action="store_true", help="few repetitions in each call")
    parser.add_argument("--through", default="", help="words before each call, such as a program that waits until nothing else runs")
    parser.add_argument("--list", action="store_true")
    args = parser.parse_args()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    chosen = [pair for pair in PAIRS if re.search(args.only, pair[0])]
    if args.list:
        return print("\n".join(name for name, *_ in chosen))
    if not chosen:
        sys.exit(f"paired.py: --only must match a pair, {args.only} matches none; see --list")
    args.work = args.work.resolve()
    places = {name: prepare(args.work, name.split("/")[1], needs_gguf=name.startswith("P4")) for name, *_ in chosen}
    quick = ["--quick"] if args.quick else []
    done = max((json.loads(line).get("pair", 0) for line in args.out.open()), default=0) if args.out.exists() else 0
    for pair in range(done + 1, done + args.pairs + 1):
        for script in dict.fromkeys(script for _, _, script, _ in chosen):
            mine = [one for one in chosen if one[2] == script]
            print(f"== pair {pair} of {done + args.pairs}: {script}, load {os.getloadavg()[0]:.2f}", file=sys.stderr, flush=True)
            hone = [HONE, "bench", *(work for _, works, _, _ in mine for work in works), "--json", "--peers", args.work, *quick]
            peer = [sys.executable, HERE / script, places[mine[0][0]], "--only", "|".join(cases for *_, cases in mine)]
            peer += quick if script != "decode.py" else []  # its quick cases decode other numbers of tokens
            for call in (hone, peer):
                append(args.out, pair, [*shlex.split(args.through), *call])


def prepare(work, model, needs_gguf):
    """The folder of the peers' own models if they are there, or else one with the model that Hone makes; GGUF files of the same weights."""
    own = CACHE / "hone-bench" / "models" / model
    if not (work / "models" / model / "config.json").exists():
        if not (own / "config.json").exists():
            subprocess.run([HONE, "bench", f"P1/{model}/fp32", "--quick", "--peers", work], check=True, stdout=subprocess.DEVNULL)
        link(own, work / "paired" / "models" / model)
        if (work / "ik_llama").exists():
            link(work / "ik_llama", work / "paired" / "ik_llama")
        work = work / "paired"
    folder = work / "models" / model
    for kind in ("bf16", "q8_0") if needs_gguf else ():
        path, bare = work / "models" / f"{model}-{kind}.gguf", work / "models" / f"{model}-bare"
        if not path.exists():  # of the model without its tokenizer of one word for each id, which GGUF has no name for
            for part in ("config.json", "model.safetensors"):
                link(folder / part, bare / part)
            subprocess.run([HONE, "export", bare, "--output", path, "--format", "gguf", "--type", kind], check=True, stdout=subprocess.DEVNULL)
    return work


def link(there, here):
    here.parent.mkdir(parents=True, exist_ok=True)
    if not here.exists():
        here.symlink_to(there.resolve())


def append(out, pair, command):
    # In a group of its own, so that nothing of a call goes on when this program is stopped, and disturbs what comes next.
    done = subprocess.Popen([str(word) for word in command], stdout=subprocess.PIPE, text=True, start_new_session=True)
    try:
        written, _ = done.communicate()
    except BaseException:
        os.killpg(done.pid, signal.SIGTERM)
        raise
    lines = [json.loads(line) for line in written.splitlines() if line.startswith("{")]
    if done.returncode or not lines:
        print(f"paired.py: {shlex.join(map(str, command))}: exit {done.returncode}", file=sys.stderr)
    with out.open("a") as file:
        for line in lines:
            file.write(json.dumps(line | {"pair": pair}) + "\n")


if __name__ == "__main__":
    main()
