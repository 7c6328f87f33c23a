#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Loads and scores random checkpoints with the shapes of well-known models, and measures time and resident memory.

Each is written in fp16 as its authors publish it, scored with `bitfrontier score` (one short request for the time to
load, then 32 requests of 200 to 500 tokens) with weights left mapped and with weights widened, and both must give the
same numbers. "beyond the file" is the largest resident size less the resident pages of the mapped weights, libraries
included; with mapped weights it must stay below 0.7 GB for checkpoints of 1 GB.

    python3 tests/peers/real_shapes.py build/release/bin/bitfrontier [part of a name]
"""
import json
import pathlib
import shutil
import struct
import subprocess
import sys
import tempfile
import threading
import time

import environment

BOUND_GB = 0.7

SHAPES = {
    "pythia-70m": dict(model_type="gpt_neox", vocab_size=50304, hidden_size=512, num_hidden_layers=6,
                       num_attention_heads=8, intermediate_size=2048, max_position_embeddings=2048, rotary_pct=0.25),
    "gpt2": dict(model_type="gpt2", vocab_size=50257, n_embd=768, n_layer=12, n_head=12, n_positions=1024),
    "opt-125m": dict(model_type="opt", vocab_size=50272, hidden_size=768, num_hidden_layers=12, num_attention_heads=12,
                     ffn_dim=3072, max_position_embeddings=2048),
    "bloom-560m": dict(model_type="bloom", vocab_size=250880, hidden_size=1024, n_layer=24, n_head=16),
    "qwen3-0.6b": dict(model_type="qwen3", vocab_size=151936, hidden_size=1024, num_hidden_layers=28,
                       num_attention_heads=16, num_key_value_heads=8, head_dim=128, intermediate_size=3072,
                       max_position_embeddings=40960, rope_theta=1000000.0, tie_word_embeddings=True),
}


def names(config):
    """Names and shapes of the tensors, from transformers' own model without memory behind it."""
    import torch
    from transformers import AutoConfig, AutoModelForCausalLM

    with torch.device("meta"):
        model = AutoModelForCausalLM.from_config(AutoConfig.for_model(**config))
    shapes = {name: tuple(t.shape) for name, t in model.state_dict().items()}
    if model.config.tie_word_embeddings:
        shapes.pop("lm_head.weight")
    return {"embed_out.weight" if n == "lm_head.weight" and config["model_type"] == "gpt_neox" else n: s
            for n, s in shapes.items()}


def write(folder, config):
    """A safetensors file of random fp16 weights, written tensor by tensor. Returns its size."""
    import numpy

    random = numpy.random.default_rng(1)
    header, offset = {}, 0
    shapes = names(config)
    for name, shape in shapes.items():
        size = 2 * int(numpy.prod(shape))
        header[name] = {"dtype": "F16", "shape": list(shape), "data_offsets": [offset, offset + size]}
        offset += size
    text = json.dumps(header).encode()
    text += b" " * (-len(text) % 8)
    with open(folder / "model.safetensors", "wb") as file:
        file.write(struct.pack("<Q", len(text)) + text)
        for name, shape in shapes.items():
            values = random.standard_normal(shape, dtype=numpy.float32) * 0.03
            if len(shape) == 1 and name.endswith("weight"):
                values += 1
            file.write(values.astype(numpy.float16).tobytes())
    (folder / "config.json").write_text(json.dumps(config))
    from fresh_checkpoints import write_tokenizer
    write_tokenizer(folder)
    return offset


def watch(process, weights, peak):
    """Keeps the largest resident size and that beyond the mapped weights, in bytes."""
    while process.poll() is None:
        try:
            total = mapped = 0
            ours = False
            for line in open(f"/proc/{process.pid}/smaps"):
                first = line.split(None, 1)[0]
                if not first.endswith(":"):
                    ours = weights in line
                elif first == "Rss:":
                    size = int(line.split()[1]) * 1024
                    total += size
                    mapped += size if ours else 0
            peak["total"] = max(peak["total"], total)
            peak["beyond"] = max(peak["beyond"], total - mapped)
        except (OSError, IndexError):
            pass
        time.sleep(0.02)


def score(program, folder, memory, requests):
    lines = "".join(json.dumps(r) + "\n" for r in requests)
    started = time.monotonic()
    command = [program, "score", "--model", str(folder), "--device", "cpu", "--memory", memory]
    process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    peak = {"total": 0, "beyond": 0}
    watcher = threading.Thread(target=watch, args=(process, "model.safetensors", peak))
    watcher.start()
    out, errors = process.communicate(lines)
    watcher.join()
    if process.returncode != 0:
        raise SystemExit(f"{folder.name}: {errors.strip()}")
    return [json.loads(line)["loglikelihood"] for line in out.splitlines()], time.monotonic() - started, peak


def main():
    import numpy

    program = str(pathlib.Path(sys.argv[1]).resolve())
    part = sys.argv[2] if len(sys.argv) > 2 else ""
    print(f"{'shape':12} {'file GB':>7} {'weights':8} {'load s':>6} {'score s':>7} {'tokens/s':>8} {'peak GB':>7} "
          f"{'beyond the file GB':>18}")
    bad = 0
    for name, config in SHAPES.items():
        if part not in name:
            continue
        folder = pathlib.Path(tempfile.mkdtemp(prefix="shape_")) / name
        folder.mkdir()
        try:
            size = write(folder, config)
            random = numpy.random.default_rng(2)
            requests, tokens = [], 0
            for length in random.integers(200, 500, 32):
                ids = random.integers(0, config["vocab_size"], length).tolist()
                requests.append(dict(context_ids=ids[:-20], continuation_ids=ids[-20:]))
                tokens += int(length)
            short = [dict(context_ids=[1], continuation_ids=[2])]
            scores = {}
            for memory in ["mapped", "widened"]:
                _, load, _ = score(program, folder, memory, short)
                scores[memory], seconds, peak = score(program, folder, memory, requests)
                beyond = peak["beyond"] / 1e9
                good = memory == "widened" or beyond <= BOUND_GB
                print(f"{name:12} {size / 1e9:7.2f} {memory:8} {load:6.1f} {seconds - load:7.1f} "
                      f"{tokens / max(seconds - load, 1e-3):8.0f} {peak['total'] / 1e9:7.2f} {beyond:18.2f}"
                      f"{'' if good else '  TOO MUCH'}", flush=True)
                bad += not good
            apart = max(abs(a - b) for a, b in zip(scores["mapped"], scores["widened"]))
            if apart > 1e-4:
                print(f"{name}: mapped and widened weights give log-likelihoods {apart:.1e} apart")
                bad += 1
        finally:
            shutil.rmtree(folder.parent)
    sys.exit(bad != 0)


if __name__ == "__main__":
    environment.enter(__file__)
    main()
