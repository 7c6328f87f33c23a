// SPDX-License-Identifier: GPL-3.0-or-later
// Speed of the CUDA kernels; needs a GPU and says so without one. Weights are normal, block 64,
// fp16 constants. Every run goes through copies of the data that are together several times the
// second cache level; times are wall times of many calls between two waits for the device, shared
// among them. Counters: GB/s of the bytes that must move; of_4.3TB, their fraction of the copy
// bandwidth of an H200 (bytes read and written); x_copy, the time of a device copy that moves as
// many bytes, divided by ours.
#include <ATen/ATen.h>
#include <ATen/detail/CUDAHooksInterface.h>
#include <benchmark/benchmark.h>

#include <chrono>
#include <cstdio>
#include <functional>
#include <stdexcept>
#include <string>
#include <vector>

#include "core/device/device.h"
#include "kernels/blocks.h"
#include "kernels/codebook.h"
#include "kernels/registry.h"

namespace bitfrontier::bench {
namespace {

constexpr double kH200Copy = 4.3e12;
constexpr std::int64_t kBlock = 64;
/// Bytes that a measurement goes through before it meets the same again.
constexpr std::int64_t kRotated = std::int64_t{1} << 29;

at::TensorOptions onGpu(at::ScalarType type) { return at::device(at::kCUDA).dtype(type); }

void check(std::int32_t status) {
  if (status != BF_OK) throw std::runtime_error(cudaKernels().table->last_error());
}

/// Seconds of one work(i), i counting up.
double secondsOf(const std::function<void(std::int64_t)>& work) {
  const auto& device = at::detail::getCUDAHooks();
  const auto time = [&](std::int64_t calls) {
    device.deviceSynchronize(0);
    const auto start = std::chrono::steady_clock::now();
    for (std::int64_t i = 0; i < calls; ++i) work(i);
    device.deviceSynchronize(0);
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  };
  time(10);  // modules, caches
  std::int64_t calls = 10;
  while (time(calls) < 0.05) calls *= 2;
  return time(calls) / static_cast<double>(calls);
}

bf_format formatOf(const std::vector<float>& table, int bits) {
  bf_format format{};
  format.struct_size = sizeof format;
  format.codebook = table.data();
  format.codebook_size = static_cast<std::int32_t>(table.size());
  format.block_size = kBlock;
  format.constant_type = BF_FP16;
  format.code_layout = BF_CODES_PACKED;
  format.code_bits = bits;
  return format;
}

/// Measures `ours`, and a copy of as many bytes, once for each iteration of the benchmark.
double compare(benchmark::State& state, double bytes,
               const std::function<void(std::int64_t)>& ours) {
  const auto half = static_cast<std::int64_t>(bytes / 2);
  const std::int64_t sets = kRotated / half + 1;
  const at::Tensor from = at::ones({sets, half}, onGpu(at::kByte));
  const at::Tensor to = at::empty_like(from);
  double mine = 0;
  double copy = 0;
  for (auto run : state) {
    const double seconds = secondsOf(ours);
    state.SetIterationTime(seconds);
    mine += seconds;
    copy += secondsOf([&](std::int64_t i) { to[i % sets].copy_(from[i % sets]); });
  }
  const auto runs = static_cast<double>(state.iterations());
  state.counters["GB/s"] = bytes / 1e9 / (mine / runs);
  state.counters["of_4.3TB"] = bytes / kH200Copy / (mine / runs);
  state.counters["x_copy"] = copy / mine;
  return mine / runs;
}

/// Quantize and dequantize fp16 weights in one pass: 4 bytes each.
void roundTrip(benchmark::State& state) {
  const std::int64_t count = std::int64_t{1} << 28;
  const std::vector<float> table = dynamicCodebook(static_cast<int>(state.range(0)));
  const bf_format format = formatOf(table, static_cast<int>(state.range(0)));
  const at::Tensor input = at::randn({count}, onGpu(at::kHalf));
  const at::Tensor output = at::empty_like(input);
  bf_round_trip_args args{};
  args.struct_size = sizeof args;
  args.format = &format;
  args.input = input.const_data_ptr();
  args.output = output.data_ptr();
  args.count = count;
  args.input_type = args.output_type = BF_FP16;
  compare(state, 4.0 * static_cast<double>(count),
          [&](std::int64_t) { check(cudaKernels().table->round_trip(&args)); });
}

BENCHMARK(roundTrip)->ArgName("bits")->DenseRange(2, 8)->Iterations(5)->UseManualTime()->Unit(
    benchmark::kMicrosecond);
}  // namespace
}  // namespace bitfrontier::bench

int main(int argc, char** argv) {
  benchmark::Initialize(&argc, argv);
  std::string reason = bitfrontier::loadCudaBackend().reason;
  if (reason.empty()) reason = bitfrontier::cudaKernels().reason;
  if (!reason.empty()) {
    // No failure: ./dev bench runs everything everywhere.
    std::fprintf(stderr, "bench_cuda: nothing measured, no GPU can be used here: %s\n",
                 reason.c_str());
    return 0;
  }
  benchmark::RunSpecifiedBenchmarks();
  return 0;
}
