#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Compares what two builds of the program say about copies of the same stores.

  compare_outputs.py OLD/bitfrontier NEW/bitfrontier STORE [--published] [--allow RULES.json] [--only WORD]

Runs each command of COMMANDS with --json by both programs and prints, path by path, where the
answers differ: keys that came and went, texts, numbers beyond a relative tolerance. A rule
{"command": regex, "path": regex, "why": text} explains a difference; it is counted, not printed.
Ends with 1 when a difference has no explanation.
"""

import argparse
import json
import math
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

COMMANDS = [
    "fit",
    "fit --by bits",
    "fit --by type",
    "fit --law J1",
    "fit --law LL --by bits",
    "fit --law power --by config",
    "fit --law J1 --metric cross-entropy",
    "fit --compare J1 V S0 --by bits",
    "fit --families",
    "frontier --budget 2MB",
    "frontier --widths",
    "advise --memory 2MB",
    "next",
    "compare",
    "report",
    "runs --points",
]
# A published store has models of another size.
SIZES = {"2MB": "20GB"}


def answer(program, store, command):
    run = subprocess.run([program, *command, "--json"], capture_output=True, text=True, cwd=store.parent)
    try:
        value = json.loads(run.stdout) if run.stdout.strip() else None
    except json.JSONDecodeError:
        value = run.stdout
    return {"code": run.returncode, "error": run.stderr.strip().splitlines()[-1:] if run.returncode else [],
            "answer": value}


def differences(a, b, path="", tolerance=1e-6):
    if isinstance(a, dict) and isinstance(b, dict):
        for key in a.keys() | b.keys():
            where = f"{path}.{key}"
            if key not in b:
                yield where, "gone", a[key], None
            elif key not in a:
                yield where, "new", None, b[key]
            else:
                yield from differences(a[key], b[key], where, tolerance)
    elif isinstance(a, list) and isinstance(b, list):
        if len(a) != len(b):
            yield f"{path}.length", "length", len(a), len(b)
        for i, (x, y) in enumerate(zip(a, b)):
            yield from differences(x, y, f"{path}[{i}]", tolerance)
    elif isinstance(a, (int, float)) and isinstance(b, (int, float)) and not isinstance(a, bool):
        if not math.isclose(a, b, rel_tol=tolerance, abs_tol=1e-12):
            yield path, "number", a, b
    elif a != b:
        yield path, "value", a, b


def short(value):
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) < 110 else text[:107] + "..."


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("old")
    parser.add_argument("new")
    parser.add_argument("store", type=Path)
    parser.add_argument("--published", action="store_true", help="budgets for models of papers")
    parser.add_argument("--allow", type=Path, help="JSON list of rules")
    parser.add_argument("--only", default="", help="commands with this word")
    parser.add_argument("--tolerance", type=float, default=1e-6)
    parser.add_argument("--most", type=int, default=12, help="differences printed of a command")
    options = parser.parse_args()
    rules = json.loads(options.allow.read_text()) if options.allow else []
    unexplained = 0
    with tempfile.TemporaryDirectory() as folder:
        for command in COMMANDS:
            if options.only and options.only not in command:
                continue
            words = [SIZES.get(w, w) if options.published else w for w in command.split()]
            answers = []
            for name, program in (("old", options.old), ("new", options.new)):
                store = Path(folder) / name / "store.bfdb"
                store.parent.mkdir(exist_ok=True)
                shutil.copy(options.store, store)
                answers.append(answer(str(Path(program).resolve()), store,
                                      [words[0], "--store", str(store), *words[1:]]))
            found = list(differences(*answers, tolerance=options.tolerance))
            explained, left = {}, []
            for d in found:
                rule = next((r for r in rules if re.search(r["command"], command) and re.search(r["path"], d[0])), None)
                if rule:
                    explained[rule["why"]] = explained.get(rule["why"], 0) + 1
                else:
                    left.append(d)
            print(f"{command}: codes {answers[0]['code']} {answers[1]['code']}, {len(found)} differences")
            for why, count in explained.items():
                print(f"  {count} x {why}")
            for path, kind, a, b in left[: options.most]:
                print(f"  {path}: {kind}: {short(a)} -> {short(b)}")
            if len(left) > options.most:
                print(f"  ... and {len(left) - options.most} more")
            unexplained += len(left)
    print(f"{unexplained} differences without an explanation")
    return 1 if unexplained else 0


if __name__ == "__main__":
    sys.exit(main())
