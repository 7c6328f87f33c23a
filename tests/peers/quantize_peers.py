#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Speed of our quantizers beside those of other programs, on one thread.

    python3 tests/peers/quantize_peers.py build/dev-core/bin/bench_quantize [AVX3_DL,AVX2] [bench | chain]

`bench` runs that benchmark for each instruction set with ggml's and bitsandbytes' libraries (tests/bench/peers.h), which are
taken from their wheels: each line has the ratios of one process. `chain` measures what only Python has: a comparison chain
through torch.compile and bitsandbytes' NF4 quantizer, in turns with our round trip, three rounds, on normal weights of two
sizes; CPU time of the thread, medians; "of copy" is the time of a copy of the same fp32 array divided by it.
"""
import json
import os
import pathlib
import statistics
import subprocess
import sys
import time

import environment

SIZES = (1 << 16, 1 << 25)
ROUNDS = 3


def settings(target):
    import importlib.util
    site = pathlib.Path(importlib.util.find_spec("libggml").origin).parent
    bitsandbytes = pathlib.Path(importlib.util.find_spec("bitsandbytes").origin).parent
    return {**os.environ, "OMP_NUM_THREADS": "1", "BITFRONTIER_SIMD": target, "BITFRONTIER_GGML": str(site / "lib64"),
            "BITFRONTIER_BNB": str(bitsandbytes / "libbitsandbytes_cpu.so")}


def bench(program, target, pattern):
    out = subprocess.run([program, f"--benchmark_filter={pattern}", "--benchmark_format=json", "--benchmark_min_time=0.3"],
                         check=True, capture_output=True, text=True, env=settings(target)).stdout
    return json.loads(out)["benchmarks"]


def print_bench(program, target):
    for name in ("roundTrip", "quantize", "dequantize"):
        for line in bench(program, target, f"^{name}/"):
            ratios = "  ".join(f"{key[2:]} {line[key]:.3g}" for key in line if key.startswith("x_"))
            print(f"{target:7} {line['name'].replace('/manual_time', ''):45} {line['Mitems/s']:7.0f} M/s  {ratios}", flush=True)


def chain_of(thresholds, values):
    """Quantize and dequantize blocks of 64 by comparing with every threshold, for torch.compile."""
    import torch

    def work(x, out):
        blocks = x.view(-1, 64)
        absmax = blocks.abs().amax(dim=1, keepdim=True)
        y = blocks / absmax
        value = torch.full_like(y, values[0])
        for threshold, above in zip(thresholds, values[1:]):
            value = torch.where(y > threshold, above, value)
        out.copy_((value * absmax).view(-1))
    return work


def median_seconds(work, least=0.4):
    work()
    times = []
    while sum(times) < least or len(times) < 5:
        start = time.thread_time()
        work()
        times.append(time.thread_time() - start)
    return statistics.median(times)


def print_chain(program, targets):
    import bitsandbytes.functional as functional
    import torch
    torch.set_num_threads(1)
    table = functional.get_4bit_type("nf4", device="cpu").tolist()
    thresholds = [(a + b) / 2 for a, b in zip(table, table[1:])]
    compiled = torch.compile(chain_of(thresholds, table), dynamic=False)
    weights = torch.randn(SIZES[-1], generator=torch.Generator().manual_seed(1)) * 0.02
    out = torch.empty_like(weights)
    for size in SIZES:
        x, y = weights[:size].clone(), out[:size].clone()
        compiled(x, y)
        codes = torch.bucketize(x.view(-1, 64) / x.view(-1, 64).abs().amax(1, keepdim=True), torch.tensor(thresholds))
        expected = (torch.tensor(table)[codes] * x.view(-1, 64).abs().amax(1, keepdim=True)).view(-1)
        assert torch.equal(y, expected), "the chain is wrong"
        rates = {name: [] for name in ("torch.compile chain", "bitsandbytes NF4 quantizer", "copy", *targets)}
        for _ in range(ROUNDS):
            rates["copy"].append(size / median_seconds(lambda: y.copy_(x)))
            rates["torch.compile chain"].append(size / median_seconds(lambda: compiled(x, y)))
            rates["bitsandbytes NF4 quantizer"].append(
                size / median_seconds(lambda: functional.quantize_4bit(x, blocksize=64, quant_type="nf4")))
            for target in targets:
                line = bench(program, target, f"^roundTrip/bits:4/block:64/weights:{size}/")
                rates[target].append(line[0]["Mitems/s"] * 1e6)
        rates = {name: statistics.median(values) for name, values in rates.items()}
        for name, rate in rates.items():
            print(f"{size:9} weights  {name:27} {rate / 1e6:7.0f} M/s  {rate / rates['copy']:6.3f} of copy  " + "  ".join(
                f"{target} {rates[target] / rate:.3g} times" for target in targets), flush=True)


def main():
    program = sys.argv[1]
    targets = sys.argv[2].split(",") if len(sys.argv) > 2 else ["AVX3_DL", "AVX2"]
    parts = sys.argv[3:] or ["bench", "chain"]
    if "bench" in parts:
        for target in targets:
            print_bench(program, target)
    if "chain" in parts:
        print_chain(program, targets)


if __name__ == "__main__":
    environment.enter(__file__, "_quantize")
    main()
