#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Opens and scores random checkpoints with the shapes of well-known models; measures time and resident memory.

Each is written in fp16 as its authors publish it, once as model.safetensors and once as pytorch_model.bin (torch.save),
and scored with `bitfrontier score` (one short request for the time to load, then requests of 200 to 500 tokens) with
weights left mapped (both files) and with weights widened; all must give the same numbers. "open ms" is the median of
`bench_open` (tests/bench), when it lies beside the program. "anonymous GB" is the largest RssAnon of the process,
"beyond GB" the largest resident size less the resident pages of the mapped weights, so that it counts libraries too;
with mapped weights it must stay below 0.7 GB, and opening below 100 ms.

    python3 tests/peers/real_shapes.py build/release/bin/bitfrontier [part of a name] [requests, 12 unless given]
"""
import json
import os
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
BOUND_MS = 100
FILES = {"safetensors": "model.safetensors", "bin": "pytorch_model.bin"}

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
    write_beside(folder, config)
    return offset


def write_beside(folder, config):
    from fresh_checkpoints import write_tokenizer

    (folder / "config.json").write_text(json.dumps(config))
    write_tokenizer(folder)


def write_bin(folder, source, config):
    """The same tensors as torch.save stores a state dict; a tied head shares its storage."""
    import torch
    from safetensors.torch import load_file

    tensors = load_file(source)
    if config.get("tie_word_embeddings", config["model_type"] != "gpt_neox"):
        tensors["lm_head.weight"] = tensors[next(name for name in tensors if "emb" in name or "wte" in name)]
    torch.save(tensors, folder / FILES["bin"])
    write_beside(folder, config)


def watch(process, weights, peak):
    """Keeps the largest resident sizes: all, anonymous, all beyond the mapped weights, in bytes."""
    while process.poll() is None:
        try:
            total = mapped = anonymous = 0
            ours = False
            for line in open(f"/proc/{process.pid}/smaps"):
                first = line.split(None, 1)[0]
                if not first.endswith(":"):
                    ours = weights in line
                elif first == "Rss:":
                    size = int(line.split()[1]) * 1024
                    total += size
                    mapped += size if ours else 0
            for line in open(f"/proc/{process.pid}/status"):
                if line.startswith("RssAnon:"):
                    anonymous = int(line.split()[1]) * 1024
            peak["total"] = max(peak["total"], total)
            peak["anonymous"] = max(peak["anonymous"], anonymous)
            peak["beyond"] = max(peak["beyond"], total - mapped)
        except (OSError, IndexError):
            pass
        time.sleep(0.02)


def score(program, folder, form, memory, requests):
    lines = "".join(json.dumps(r) + "\n" for r in requests)
    started = time.monotonic()
    command = [program, "score", "--model", str(folder), "--device", "cpu", "--memory", memory]
    process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    peak = {"total": 0, "beyond": 0, "anonymous": 0}
    watcher = threading.Thread(target=watch, args=(process, FILES[form], peak))
    watcher.start()
    out, errors = process.communicate(lines)
    watcher.join()
    if process.returncode != 0:
        raise SystemExit(f"{folder}: {errors.strip()}")
    return [json.loads(line)["loglikelihood"] for line in out.splitlines()], time.monotonic() - started, peak


def open_time(program, folder):
    """Milliseconds, or None without the benchmark."""
    bench = pathlib.Path(program).parent / "bench_open"
    if not bench.exists():
        return None
    run = subprocess.run([bench, "--benchmark_format=json"], capture_output=True, text=True, check=True,
                         env={**os.environ, "BITFRONTIER_BENCH_CHECKPOINTS": str(folder)})
    return json.loads(run.stdout)["benchmarks"][0]["real_time"]


def measure(program, name, config, count, root):
    """Prints a line for each file and way of keeping weights; gives the number of broken bounds."""
    import numpy

    folders = {form: root / name / form for form in FILES}
    for folder in folders.values():
        folder.mkdir(parents=True)
    size = write(folders["safetensors"], config)
    write_bin(folders["bin"], folders["safetensors"] / FILES["safetensors"], config)
    random = numpy.random.default_rng(2)
    requests, tokens = [], 0
    for length in random.integers(200, 500, count):
        ids = random.integers(0, config["vocab_size"], length).tolist()
        requests.append(dict(context_ids=ids[:-20], continuation_ids=ids[-20:]))
        tokens += int(length)
    short = [dict(context_ids=[1], continuation_ids=[2])]
    bad, first = 0, None
    for form, memory in [("safetensors", "mapped"), ("bin", "mapped"), ("safetensors", "widened")]:
        opened = open_time(program, folders[form])
        _, load, _ = score(program, folders[form], form, memory, short)
        scores, seconds, peak = score(program, folders[form], form, memory, requests)
        first = first or scores
        apart = max(abs(a - b) for a, b in zip(first, scores))
        anonymous, beyond = peak["anonymous"] / 1e9, peak["beyond"] / 1e9
        good = (memory == "widened" or beyond <= BOUND_GB) and (opened or 0) < BOUND_MS and apart <= 1e-4
        bad += not good
        shown = "-" if opened is None else f"{opened:.2f}"
        print(f"{name:12} {size / 1e9:7.2f} {form:11} {memory:8} {shown:>7} {load:6.1f} {seconds - load:7.1f} "
              f"{tokens / max(seconds - load, 1e-3):8.0f} {peak['total'] / 1e9:7.2f} {anonymous:12.2f} {beyond:9.2f} "
              f"{apart:8.1e}{'' if good else '  BEYOND A BOUND'}", flush=True)
    return bad


def main():
    program = str(pathlib.Path(sys.argv[1]).resolve())
    part = sys.argv[2] if len(sys.argv) > 2 else ""
    count = int(sys.argv[3]) if len(sys.argv) > 3 else 12
    print(f"{'shape':12} {'file GB':>7} {'file':11} {'weights':8} {'open ms':>7} {'load s':>6} {'score s':>7} "
          f"{'tokens/s':>8} {'peak GB':>7} {'anonymous GB':>12} {'beyond GB':>9} {'nats off':>8}")
    bad = 0
    for name, config in SHAPES.items():
        if part not in name:
            continue
        root = pathlib.Path(tempfile.mkdtemp(prefix="shape_"))
        try:
            bad += measure(program, name, config, count, root)
        finally:
            shutil.rmtree(root)
    sys.exit(bad != 0)


if __name__ == "__main__":
    environment.enter(__file__)
    main()
