#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Where the inner loops of the SIMD kernels spend their time, and what binds them.

    tests/bench/kernel_profile.py build/dev-core/bin [MCPU] < lines "TARGET PROGRAM BENCHMARK"

For each line, for example "AVX2 bench_quantize roundTrip/bits:4/block:64/weights:65536/", the benchmark runs with
BITFRONTIER_SIMD=TARGET under `perf record -e cpu-clock` (no hardware counters are needed), the innermost loop with most
samples is cut out of the hottest function, and llvm-mca says for the processor MCPU (alderlake, which knows no AVX-512) how
full its ports are and how many cycles it needs at least: those of the fullest port, or of starting all instructions. Cycles
that were measured: time of the call, times the function's share of the samples in our code, times the clock, which is taken
from a chain of multiplications. Needs perf, objdump, cc and llvm-mca (LLVM_MCA names it).
"""
import os
import re
import subprocess
import sys
import tempfile

CLOCK = """#include <stdio.h>
#include <time.h>
int main(void) {
  struct timespec a, b;
  unsigned long n = 500000000, x = 3;
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &a);
  __asm__ volatile("1: imul %1, %1\\n dec %0\\n jnz 1b" : "+r"(n), "+r"(x));
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &b);
  printf("%.3f\\n", 1.5 / ((b.tv_sec - a.tv_sec) + 1e-9 * (b.tv_nsec - a.tv_nsec)));
  return 0;
}
"""
MCA = os.environ.get("LLVM_MCA", "llvm-mca")


def output(*command, **settings):
    return subprocess.run(command, check=True, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, **settings).stdout


def clock(folder):
    """GHz of a core, from multiplications of 3 cycles each that wait for one another."""
    program = os.path.join(folder, "clock")
    subprocess.run(["cc", "-O1", "-x", "c", "-", "-o", program], input=CLOCK, text=True, check=True)
    return float(output(program))


def record(folder, target, program, benchmark):
    """The benchmark's million weights a second, and the file of samples."""
    samples = os.path.join(folder, "perf.data")
    text = output("perf", "record", "-q", "-e", "cpu-clock", "-F", "5000", "-o", samples, program,
                  f"--benchmark_filter=^{benchmark}", "--benchmark_min_time=0.5",
                  env={**os.environ, "BITFRONTIER_SIMD": target, "OMP_NUM_THREADS": "1"})
    number, unit = re.search(r"Mitems/s=([\d.]+)([kM]?)", text).groups()
    return float(number) * {"": 1, "k": 1e3, "M": 1e6}[unit], samples


def hottest(samples):
    """The function of ours with most samples, and its share of ours."""
    found = []
    for line in output("perf", "report", "-i", samples, "--stdio", "-g", "none").splitlines():
        match = re.match(r"\s*([\d.]+)%.*\[\.\] (bitfrontier::.*)", line)
        if match and "::bench::" not in match[2]:
            found.append((float(match[1]), match[2].strip()))
    share, name = max(found)
    return name, share / sum(one for one, _ in found)


def innermost_loop(samples, function):
    """Instructions of the innermost loop with most samples."""
    code = []
    for line in output("perf", "annotate", "-i", samples, "--stdio", "-s", function).splitlines():
        match = re.match(r"\s*([\d.]+)\s*:\s*([0-9a-f]+):\s*(\S.*)", line)
        if match:
            text = re.sub(r"<.*>|#.*", "", match[3]).strip()
            code.append((float(match[1]), int(match[2], 16), re.sub(r"^(cs|data16) ", "", text)))
    loops = []
    for last, (_, address, text) in enumerate(code):
        jump = re.match(r"j[a-z]+\s+([0-9a-f]+)$", text)
        if not jump or int(jump[1], 16) > address:
            continue
        first = next((i for i, one in enumerate(code) if one[1] == int(jump[1], 16)), None)
        if first is not None:
            loops.append((sum(one[0] for one in code[first:last + 1]), first, last))
    if not loops:
        return []
    most = max(weight for weight, _, _ in loops)
    _, first, last = min((loop for loop in loops if loop[0] > 0.8 * most), key=lambda loop: loop[2] - loop[1])
    return [text for _, _, text in code[first:last + 1] if not text.startswith("nop")]


def weights_of(loop):
    """Weights of one turn: fp32 lanes that are stored, or multiplied and added up."""
    stores = [one for one in loop if re.match(r"vmov(u|a|nt)ps\s+%[yz]mm\d+,[^%]*\((?!%rsp)", one)]
    lanes = stores or [one for one in loop if one.startswith("vfmadd")]
    return sum(16 if "%zmm" in one else 8 for one in lanes)


def bound(loop, processor):
    """Fewest cycles of a turn and the ports by how full they are, from llvm-mca."""
    text = subprocess.run([MCA, f"-mcpu={processor}", "-instruction-info=0"], input="\n".join(loop) + "\n",
                          check=True, capture_output=True, text=True).stdout
    cycles = float(re.search(r"Block RThroughput:\s+([\d.]+)", text)[1])
    names = re.findall(r"^\[([\d.]+)\]\s+- (\S+)", text, re.M)
    block = text.split("Resource pressure per iteration:")[1].splitlines()
    values = dict(zip(block[1].replace("[", " ").replace("]", " ").split(), block[2].split()))
    pressure = [(float(values[number]), name) for number, name in names if values.get(number, "-") != "-"]
    ports = sorted((one for one in pressure if one[0] > 0), reverse=True)
    return max(cycles, ports[0][0]), ports


def main():
    programs = sys.argv[1]
    processor = sys.argv[2] if len(sys.argv) > 2 else "alderlake"
    with tempfile.TemporaryDirectory() as folder:
        ghz = clock(folder)
        print(f"clock {ghz:.2f} GHz, llvm-mca -mcpu={processor}; cycles for 8 weights\n")
        print("| | M weights/s | function, of the call | measured | llvm-mca | ports |\n|---|---|---|---|---|---|")
        for line in sys.stdin:
            if not line.strip():
                continue
            target, program, benchmark = line.split()
            speed, samples = record(folder, target, os.path.join(programs, program), benchmark)
            function, share = hottest(samples)
            loop = innermost_loop(samples, function)
            weights = weights_of(loop)
            cycles, ports = bound(loop, processor)
            measured = 8 * share * ghz * 1e3 / speed
            pressure = ", ".join(f"{name[-2:]} {8 * value / weights:.1f}" for value, name in ports[:4])
            name = re.sub(r".*::(N_\w+::)?", "", re.sub(r"\(.*", "", function))
            print(f"| {target} {benchmark.replace('/weights:65536/', '')} | {speed:.0f} | {name} {100 * share:.0f} % | {measured:.1f} | "
                  f"{8 * cycles / weights:.1f} | {pressure} |", flush=True)


if __name__ == "__main__":
    main()
