// SPDX-License-Identifier: GPL-3.0-or-later
// Speed of the kernel tables on one thread. Every line gives million weights a second and the share
// of a copy: the CPU time memcpy takes for the same fp32 array, measured in this process just
// before, divided by that of the kernel. CPU times of the thread, so that other load on the machine
// disturbs less.
#include <benchmark/benchmark.h>

#include <algorithm>
#include <cstring>
#include <ctime>
#include <random>
#include <string>
#include <vector>

#include "kernels/codebook.h"
#include "kernels/registry.h"

namespace {

using bitfrontier::referenceKernels;

constexpr std::size_t kWeights = std::size_t{1} << 22;  // 16 MiB of fp32

const std::vector<float>& weights() {
  static const std::vector<float> values = [] {
    std::mt19937 random(1);
    std::normal_distribution<float> draw(0.0F, 0.02F);
    std::vector<float> result(kWeights);
    for (float& value : result) value = draw(random);
    return result;
  }();
  return values;
}

double threadSeconds() {
  timespec now{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) + 1e-9 * static_cast<double>(now.tv_nsec);
}

/// Seconds of a copy of the weights into memory already in use, best of seven.
double copySeconds() {
  std::vector<float> target(kWeights, 1.0F);
  double best = 1e9;
  for (int i = 0; i < 7; ++i) {
    const double start = threadSeconds();
    std::memcpy(target.data(), weights().data(), kWeights * sizeof(float));
    benchmark::DoNotOptimize(target.data());
    benchmark::ClobberMemory();
    best = std::min(best, threadSeconds() - start);
  }
  return best;
}

/// Runs the benchmark's loop between two copies and adds the counters.
template <typename Work>
void measure(benchmark::State& state, const Work& work) {
  const double before = copySeconds();
  const double start = threadSeconds();
  for (auto run : state) work();
  const double seconds = (threadSeconds() - start) / static_cast<double>(state.iterations());
  state.counters["Mweights/s"] = kWeights / 1e6 / seconds;
  state.counters["of_copy"] = std::min(before, copySeconds()) / seconds;
}

bf_format formatOf(const std::vector<float>& table, std::int64_t block) {
  bf_format format{};
  format.struct_size = sizeof format;
  format.codebook = table.data();
  format.codebook_size = static_cast<std::int32_t>(table.size());
  format.block_size = block;
  format.constant_type = BF_FP16;
  return format;
}

template <typename Args>
Args argsFor(const bf_format& format) {
  Args args{};
  args.struct_size = sizeof args;
  args.format = &format;
  args.count = static_cast<std::int64_t>(kWeights);
  return args;
}

void check(benchmark::State& state, std::int32_t status) {
  if (status != BF_OK) state.SkipWithError(referenceKernels().last_error());
}

void roundTrip(benchmark::State& state) {
  const std::vector<float> table = bitfrontier::dynamicCodebook(static_cast<int>(state.range(0)));
  std::vector<float> output(kWeights, 1.0F);
  const bf_format format = formatOf(table, state.range(1));
  auto args = argsFor<bf_round_trip_args>(format);
  args.input = weights().data();
  args.output = output.data();
  measure(state, [&] { check(state, referenceKernels().round_trip(&args)); });
}

void quantizeBytes(benchmark::State& state) {
  const std::vector<float> table = bitfrontier::dynamicCodebook(static_cast<int>(state.range(0)));
  std::vector<std::uint8_t> codes(kWeights);
  std::vector<std::uint16_t> constants(kWeights);
  const bf_format format = formatOf(table, state.range(1));
  auto args = argsFor<bf_quantize_args>(format);
  args.input = weights().data();
  args.codes = codes.data();
  args.constants = constants.data();
  measure(state, [&] { check(state, referenceKernels().quantize(&args)); });
}

void dequantizeBytes(benchmark::State& state) {
  const std::vector<float> table = bitfrontier::dynamicCodebook(static_cast<int>(state.range(0)));
  const std::vector<std::uint8_t> codes(kWeights, 1);
  const std::vector<std::uint16_t> constants(kWeights, 0x2000);
  std::vector<float> output(kWeights, 1.0F);
  const bf_format format = formatOf(table, state.range(1));
  auto args = argsFor<bf_dequantize_args>(format);
  args.codes = codes.data();
  args.constants = constants.data();
  args.output = output.data();
  measure(state, [&] { check(state, referenceKernels().dequantize(&args)); });
}

void quantileTable(benchmark::State& state) {
  measure(state, [&] {
    benchmark::DoNotOptimize(
        bitfrontier::quantileCodebook(weights(), static_cast<int>(state.range(0))));
  });
}

BENCHMARK(roundTrip)
    ->ArgNames({"bits", "block"})
    ->ArgsProduct({{3, 4, 5, 6, 8}, {64, 1024, 0}})
    ->Unit(benchmark::kMillisecond);
BENCHMARK(quantizeBytes)
    ->ArgNames({"bits", "block"})
    ->ArgsProduct({{4, 8}, {64}})
    ->Unit(benchmark::kMillisecond);
BENCHMARK(dequantizeBytes)
    ->ArgNames({"bits", "block"})
    ->ArgsProduct({{4, 8}, {64}})
    ->Unit(benchmark::kMillisecond);
BENCHMARK(quantileTable)->ArgName("bits")->Arg(4)->Unit(benchmark::kMillisecond);

}  // namespace

BENCHMARK_MAIN();
