#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Compares what tokenizer_config.json and its neighbours do with transformers 5.23 and 4.57.

Makes small tokenizer folders that cross keys, classes and files, and lets `bitfrontier tokenize` and both versions encode the same
texts, with and without what is put around them; then log-likelihoods of some folders with a small random model, against
lm-evaluation-harness on both versions. core/tokenizer/README.md says where the two differ and which one is followed.

    python3 tests/peers/tokenizer_config.py build/release/bin/bitfrontier [--random 600] [--scores 40] [--every 1]
        [--seed 1] [--show]
"""
import argparse
import collections
import json
import pathlib
import random
import shutil
import subprocess
import sys
import tempfile

import environment

if __name__ == "__main__":
    environment.enter(__file__)

import tokenizer_config_folders as folders  # noqa: E402

PEER = environment.HERE / "tokenizer_config_peer.py"
LIKELIHOOD_BOUND = 5e-4
# Classes of 5.23 that build their own normalizer and pre-tokenizer.
BUILT = ["GPT2Tokenizer", "CodeGenTokenizer", "GPTNeoXTokenizer", "Qwen2Tokenizer", "LlamaTokenizer", "CodeLlamaTokenizer",
         "GemmaTokenizer"]
REQUESTS = [["The model", "s bits"], ["", "the store"], ["in 2024", " or 1999"], ["hello", " world"], ["a<s>ab ", "the"],
            ["e\u0301 and", " \ufb01x"], ["the <|im_start|>", "user\n"], ["<|endoftext|>the", " runs"], ["", " of"]]


def peer(name, root, *more):
    command = [environment.python(name), PEER, root, root.with_suffix(".texts"), *more]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    lines = [json.loads(line) for line in done.stdout.splitlines()]
    return lines[0]["transformers"], {line["folder"]: line for line in lines[1:]}


def ours(program, folder, texts, new):
    """Ids with what is put around a text, and without what 5.23 puts there."""
    lines = "".join(json.dumps({"text": text}) + "\n" for text in texts)
    done = subprocess.run([program, "tokenize", "--json", "--special", "--model", folder], input=lines, text=True,
                          capture_output=True)
    if done.returncode != 0:
        return {"error": done.stderr.strip()}
    special = [json.loads(line)["ids"] for line in done.stdout.splitlines()]
    before, after = around(new) if "error" not in new else ([], [])
    wrapped = all(ids[:len(before)] == before and ids[len(ids) - len(after):] == after for ids in special)
    plain = [ids[len(before):len(ids) - len(after)] for ids in special]
    return {"special": special, "plain": plain, "around": wrapped and [] in plain}


def around(answer):
    """What a version puts before and after a text, from the longest one."""
    plain, special = max(zip(answer["plain"], answer["special"]), key=lambda pair: len(pair[0]))
    for begin in range(len(special) - len(plain) + 1):
        if special[begin:begin + len(plain)] == plain:
            return special[:begin], special[begin + len(plain):]
    return [], []


def reason(case, new, old, mine):
    """Which answers ours are, in the words of the table; nothing when one is none that the table allows."""
    if "error" in mine:
        alone = case["bare"] and new.get("class") in ("LlamaTokenizer", "CodeLlamaTokenizer", "GemmaTokenizer")
        return "refused, as by 5.23" if "error" in new else "refused, 5.23 knows three tokens" if alone else None
    if "error" in new:
        if "error" in old:
            return "opened, both fail"
        return "4.57, 5.23 fails" if mine["special"] == old["special"] else "opened, 5.23 fails" if nulled(case) else None
    if not mine["around"]:
        return None
    if mine["plain"] == new["plain"]:
        return "5.23 and 4.57" if "error" not in old and all(old[key] == new[key] for key in ("plain", "special")) else "5.23"
    # Text by text, since two rules may meet in one folder.
    allowed = {"5.23": new["plain"], "the file, which 5.23 rebuilds": new.get("file"),
               "4.57, since 5.23 rebuilds the file": old.get("plain")}
    used = set()
    for i, ids in enumerate(mine["plain"]):
        found = next((which for which, answer in allowed.items() if answer and answer[i] == ids), None)
        if found is None:
            return None
        used.add(found)
    return max(used) if new["class"] in BUILT else None


def nulled(case):
    """Whether a flag is null, which 5.23 cannot read."""
    return any(case["config"].get(key, 0) is None for key in ("add_prefix_space", "split_special_tokens"))


def make_models(parts, root):
    """A random model of every type with room for all tokens."""
    import torch
    from fresh_checkpoints import BLOOM, GPT2, LLAMA, NEOX, OPT, randomise
    from transformers import AutoConfig, AutoModelForCausalLM
    from transformers.utils import logging

    logging.disable_progress_bar()
    size = max(map(len, parts.vocab.values())) + 16
    bases = {"gpt2": GPT2, "opt": OPT, "gpt_neox": NEOX, "bloom": BLOOM}
    for model_type in folders.MODEL_TYPES:
        config = {**bases.get(model_type, LLAMA), "model_type": model_type, "vocab_size": size}
        model = AutoModelForCausalLM.from_config(AutoConfig.for_model(**config), dtype=torch.float32)
        randomise(model, torch.Generator().manual_seed(1))
        model.save_pretrained(root / model_type)


def compare_scores(program, parts, chosen, scratch):
    root, models = scratch / "scored", scratch / "models"
    root.mkdir()
    make_models(parts, models)
    for i, (_, case) in enumerate(chosen):
        folder = root / f"{i:05d}"
        folders.write(parts, case, folder)
        shutil.copy(models / case["model_type"] / "model.safetensors", folder)
        config = json.loads((models / case["model_type"] / "config.json").read_text())
        (folder / "config.json").write_text(json.dumps({**config, **json.loads((folder / "config.json").read_text())}))
    (scratch / "scored.texts").write_text("[]")
    (scratch / "requests").write_text(json.dumps(REQUESTS))
    new_version, new = peer("", root, "--score", scratch / "requests")
    old_version, old = peer("_transformers4", root, "--score", scratch / "requests")
    counts, failed = collections.Counter(), 0
    for folder, (name, case) in zip(sorted(root.iterdir()), chosen):
        lines = "".join(json.dumps({"context": a, "continuation": b}) + "\n" for a, b in REQUESTS)
        done = subprocess.run([program, "score", "--model", folder], input=lines, text=True, capture_output=True)
        mine = [json.loads(line)["loglikelihood"] for line in done.stdout.splitlines()] if done.returncode == 0 else None
        def same(answers):
            scores = answers[folder.name].get("scores")
            return mine is not None and scores is not None and all(
                abs(a - b) < LIKELIHOOD_BOUND for a, b in zip(mine, scores, strict=True))
        if mine is None or not (same(new) or same(old)):
            failed += 1
            print(f"SCORES DIFFER {name}\n  ours {mine or done.stderr.strip()}\n  {new_version} {new[folder.name]}\n"
                  f"  {old_version} {old[folder.name]}")
        counts["both" if same(new) and same(old) else new_version if same(new) else old_version] += 1
    print(f"log-likelihoods of {len(REQUESTS)} requests a folder, {len(chosen)} folders, equal to lm-evaluation-harness with: "
          + ", ".join(f"{which} {n}" for which, n in sorted(counts.items())))
    return failed


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("program")
    parser.add_argument("--random", type=int, default=600)
    parser.add_argument("--scores", type=int, default=40)
    parser.add_argument("--every", type=int, default=1, help="only every so many of the folders")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--show", action="store_true", help="print a line for each folder where 5.23 is not followed")
    options = parser.parse_args()
    corpus = "\n".join(path.read_text(encoding="utf-8") for path in sorted(environment.HERE.parent.parent.glob("*.md")))
    parts = folders.Parts(corpus)
    cases = list(folders.cases(parts, options.seed, options.random))[::options.every]
    with tempfile.TemporaryDirectory() as scratch:
        scratch = pathlib.Path(scratch)
        root = scratch / "folders"
        root.mkdir()
        for i, (_, case) in enumerate(cases):
            folders.write(parts, case, root / f"{i:05d}")
        root.with_suffix(".texts").write_text(json.dumps(folders.TEXTS))
        new_version, new = peer("", root)
        old_version, old = peer("_transformers4", root)
        counts, failed, sane = collections.Counter(), 0, []
        for i, (name, case) in enumerate(cases):
            folder = f"{i:05d}"
            mine = ours(options.program, root / folder, folders.TEXTS, new[folder])
            found = reason(case, new[folder], old[folder], mine)
            counts[found] += 1
            if found in ("5.23", "5.23 and 4.57") and new[folder]["bos"] is not None:
                sane.append((name, case))
            elif options.show and found:
                print(f"{found}: {name}")
            if found is None:
                failed += 1
                print(f"DIFFERS {name}\n  {json.dumps(case, ensure_ascii=False)[:1500]}")
                if "error" in mine or "error" in new[folder]:
                    print(f"  ours {mine.get('error')}; {new_version} {new[folder].get('error')}")
                    continue
                print(f"  {new_version} puts {around(new[folder])} around a text")
                for text, a, b in zip(folders.TEXTS, mine["plain"], new[folder]["plain"]):
                    if a != b:
                        print(f"  {text!r}: ours {a}, {new_version} {b}")
                        break
        print(f"transformers {new_version} and {old_version}, seed {options.seed}: {len(cases)} folders, {len(folders.TEXTS)} texts "
              f"each, {failed} that no rule explains. Ours equals:")
        for found, n in counts.most_common():
            print(f"  {n:5d}  {found}")
        if options.scores:
            chosen = random.Random(options.seed).sample(sane, min(options.scores, len(sane)))
            failed += compare_scores(options.program, parts, chosen, scratch)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
