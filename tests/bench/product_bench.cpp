// SPDX-License-Identifier: GPL-3.0-or-later
// Products with packed weights, against libtorch's fp32 product with the same dequantized weight
// and against memory. Weights of 8192 x 8192 (and others) are far beyond the caches. Counters:
// million weights a second; x_torch, how many times faster than libtorch; x_read, the time in which
// a copy moves as many bytes as the packed weight has (read and written bytes counted), divided by
// ours: the fraction of that bound. `threads` threads on either side; with one, CPU times of it,
// else wall times.
#include <ATen/ATen.h>
#include <ATen/Parallel.h>

#include <cstring>
#include <random>
#include <vector>

#include "core/device/host_runner.h"
#include "kernels/blocks.h"
#include "kernels/codebook.h"
#include "kernels/packing.h"
#include "kernels/registry.h"
#include "tests/bench/measure.h"

namespace bitfrontier::bench {
namespace {

void product(benchmark::State& state) {
  const int bits = static_cast<int>(state.range(0));
  const std::int64_t batch = state.range(1);
  const std::int64_t out = state.range(2);
  const std::int64_t in = state.range(3);
  at::set_num_threads(static_cast<int>(state.range(4)));
  const std::vector<float> table = normalFloatCodebook(bits);
  bf_format format{};
  format.struct_size = sizeof format;
  format.codebook = table.data();
  format.codebook_size = static_cast<std::int32_t>(table.size());
  format.block_size = 64;
  format.constant_type = BF_FP16;
  format.code_layout = BF_CODES_PACKED;
  format.code_bits = bits;
  const std::int64_t count = in * out;
  const std::int64_t codeCount = codeBytes(count, BF_CODES_PACKED, bits);
  std::vector<std::uint8_t> codes(static_cast<std::size_t>(codeCount));
  std::mt19937_64 random(3);
  for (std::uint8_t& byte : codes) byte = static_cast<std::uint8_t>(random());
  const std::vector<std::uint16_t> constants(static_cast<std::size_t>(count / 64), 0x2000);
  const at::Tensor weight = at::empty({out, in});
  bf_dequantize_args decode{};
  decode.struct_size = sizeof decode;
  decode.format = &format;
  decode.codes = codes.data();
  decode.constants = constants.data();
  decode.count = count;
  decode.output = weight.data_ptr();
  decode.runner = hostRunner();
  kernelsFor("cpu").dequantize(&decode);
  const at::Tensor x = at::randn({batch, in});
  at::Tensor y = at::empty({batch, out});
  at::Tensor reference = at::empty({batch, out});
  bf_matmul_args args{};
  args.struct_size = sizeof args;
  args.format = &format;
  args.codes = codes.data();
  args.constants = constants.data();
  args.input = x.const_data_ptr();
  args.output = y.data_ptr();
  args.batch = batch;
  args.in_features = in;
  args.out_features = out;
  args.runner = hostRunner();
  const std::int64_t packed = codeCount + count / 32;
  std::vector<std::uint8_t> from(static_cast<std::size_t>(packed / 2), 1);
  std::vector<std::uint8_t> to(from.size(), 2);
  const auto copy = [&] {
    struct Copy {
      std::uint8_t* to;
      const std::uint8_t* from;
      std::size_t bytes;
    } part{to.data(), from.data(), from.size() / static_cast<std::size_t>(state.range(4))};
    hostRunner()->run(
        hostRunner()->context, state.range(4),
        [](void* context, std::int64_t i) {
          const auto& one = *static_cast<const Copy*>(context);
          std::memcpy(one.to + i * one.bytes, one.from + i * one.bytes, one.bytes);
        },
        &part);
    benchmark::DoNotOptimize(to.data());
  };
  // One thread: its own time, which other load on the machine disturbs less.
  const Clock clock = state.range(4) == 1 ? Clock::Thread : Clock::Wall;
  compare(state, static_cast<double>(count), clock, [&] { kernelsFor("cpu").matmul(&args); },
          {{"torch", [&] { at::matmul_out(reference, x, weight.t()); }}, {"read", copy}});
  const double error = (y - reference).abs().max().item<double>();
  if (error > 1e-3 * reference.abs().max().item<double>())
    state.SkipWithError("the products differ");
}

BENCHMARK(product)
    ->ArgNames({"bits", "batch", "out", "in", "threads"})
    ->ArgsProduct({{2, 3, 4, 5, 8}, {1}, {8192}, {8192}, {1, 2}})
    ->ArgsProduct({{4}, {2, 4, 8}, {8192}, {8192}, {1}})
    ->ArgsProduct({{4}, {1}, {2048}, {512}, {1}})
    ->UseManualTime()
    ->Unit(benchmark::kMicrosecond);

}  // namespace
}  // namespace bitfrontier::bench

BENCHMARK_MAIN();
