#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Compares log-likelihoods of a pocket checkpoint with the transformers package.

Builds the requests of the four pocket
tasks independently of our C++ code, scores the right answer of each item with transformers' model class in fp32, and compares
with what `bitfrontier eval --json --samples` gives.

    python3 tests/peers/transformers_loglikelihood.py build/release/bin/bitfrontier [model] [items per task]
"""
import json
import pathlib
import subprocess
import sys

import environment

HERE = pathlib.Path(__file__).resolve().parent
SUITE = HERE.parent.parent / "resources" / "pocket"


def lines(name):
    with open(SUITE / "tasks" / name, encoding="utf-8") as file:
        return [json.loads(line) for line in file]


def requests(count):
    """(task, context, right continuation) of the first `count` items of each task."""
    for item in lines("pocket_lambada.jsonl")[:count]:
        context, last = item["text"].rsplit(" ", 1)
        yield "pocket_lambada", context, " " + last
    for item in lines("pocket_hellaswag.jsonl")[:count]:
        context = f'{item["activity_label"]}: {item["ctx_a"]} {item["ctx_b"].capitalize()}'
        yield "pocket_hellaswag", context, " " + item["endings"][item["label"]]
    labels = (SUITE / "tasks" / "pocket_piqa-labels.lst").read_text().split()
    for item, label in zip(lines("pocket_piqa.jsonl")[:count], labels):
        yield "pocket_piqa", f'Question: {item["goal"]}\nAnswer:', " " + item["sol2" if label == "1" else "sol1"]
    for item in lines("pocket_winogrande.jsonl")[:count]:
        before, after = item["sentence"].split("_", 1)
        yield "pocket_winogrande", before + item["option" + item["answer"]], " " + after.strip()


def main():
    import torch
    import transformers
    from transformers import AutoModelForCausalLM, AutoTokenizer

    program = sys.argv[1]
    name = sys.argv[2] if len(sys.argv) > 2 else "pocket-neox-6"
    count = int(sys.argv[3]) if len(sys.argv) > 3 else 50
    ours = {}
    out = subprocess.run(
        [program, "eval", "--suite", "pocket", "--model", str(SUITE / name), "--config", "fp16", "--items", str(count),
         "--json", "--samples"], check=True, capture_output=True, text=True).stdout
    for task in json.loads(out)["tasks"]:
        ours[task["task"]] = iter(task["log_likelihoods"])

    model = AutoModelForCausalLM.from_pretrained(SUITE / name, dtype=torch.float32).eval()
    tokenizer = AutoTokenizer.from_pretrained(SUITE / name)
    worst, total, n = 0.0, 0.0, 0
    for task, context, continuation in requests(count):
        whole = tokenizer(context + continuation)["input_ids"]
        start = len(tokenizer(context)["input_ids"])
        with torch.no_grad():
            logits = model(torch.tensor([whole[:-1]])).logits[0]
        chosen = logits.log_softmax(-1)[torch.arange(start - 1, len(whole) - 1), torch.tensor(whole[start:])]
        difference = abs(chosen.sum().item() - next(ours[task]))
        worst, total, n = max(worst, difference), total + difference, n + 1
    print(f"{name}: {n} requests, transformers {transformers.__version__}, torch {torch.__version__}, fp32: "
          f"largest difference {worst:.2e} nats, mean {total / n:.2e}")
    sys.exit(0 if n == 4 * count and worst < 1e-3 else 1)


if __name__ == "__main__":
    environment.enter(__file__)
    main()
