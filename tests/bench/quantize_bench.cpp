// SPDX-License-Identifier: GPL-3.0-or-later
// Speed of the host kernels on one thread, at two sizes: 65,536 fp32 weights (256 KiB, with the
// output in the second cache level: what the arithmetic costs) and 33.5 million (128 MiB, far
// beyond the caches: what memory allows). All memory is in use before. The back end is what
// kernelsFor("cpu") gives: choose with BITFRONTIER_KERNELS and BITFRONTIER_SIMD. Counters: million
// weights a second; x_copy, the time of memcpy of the fp32 array divided by ours, which is the
// fraction of that bound; x_<peer>, how many times faster than the peer's function on the same
// weights (tests/bench/peers.h).
#include <benchmark/benchmark.h>

#include <cstring>
#include <new>
#include <random>
#include <string>
#include <vector>

#include "kernels/blocks.h"
#include "kernels/codebook.h"
#include "kernels/packing.h"
#include "kernels/registry.h"
#include "tests/bench/measure.h"
#include "tests/bench/peers.h"
#include "tests/kernels/quantile_codebook.h"

namespace bitfrontier::bench {
namespace {

constexpr std::int64_t kMost = std::int64_t{1} << 25;
constexpr std::int64_t kFew = std::int64_t{1} << 16;
constexpr std::int64_t kBlock = 64;

/// Buffers begin at cache lines, as those of libtorch's tensors do.
template <typename T>
struct AtCacheLines {
  using value_type = T;
  AtCacheLines() = default;
  template <typename U>
  AtCacheLines(const AtCacheLines<U>&) {}
  T* allocate(std::size_t count) {
    return static_cast<T*>(::operator new (count * sizeof(T), std::align_val_t{64}));
  }
  void deallocate(T* place, std::size_t) { ::operator delete (place, std::align_val_t{64}); }
  bool operator==(const AtCacheLines&) const = default;
};
template <typename T>
using Buffer = std::vector<T, AtCacheLines<T>>;

const Buffer<float>& weights() {
  static const Buffer<float> values = [] {
    std::mt19937 random(1);
    std::normal_distribution<float> draw(0.0F, 0.02F);
    Buffer<float> result(kMost);
    for (float& value : result) value = draw(random);
    return result;
  }();
  return values;
}

/// Where everything is written, by us and by others.
Buffer<float>& output() {
  static Buffer<float> values(kMost, 1.0F);
  return values;
}
Buffer<std::uint8_t>& bytes() {
  static Buffer<std::uint8_t> values(kMost + kMost / 8, 1);
  return values;
}
Buffer<float>& constants() {
  static Buffer<float> values(kMost / 16, 1.0F);
  return values;
}

bf_format formatOf(const std::vector<float>& table, std::int64_t block, int packedBits = 0) {
  bf_format format{};
  format.struct_size = sizeof format;
  format.codebook = table.data();
  format.codebook_size = static_cast<std::int32_t>(table.size());
  format.block_size = block;
  format.constant_type = BF_FP16;
  format.code_layout = packedBits == 0 ? BF_CODES_BYTES : BF_CODES_PACKED;
  format.code_bits = packedBits;
  return format;
}

void check(std::int32_t status) {
  if (status != BF_OK) throw std::runtime_error(kernelsFor("cpu").last_error());
}

Baseline copy(std::int64_t count) {
  return {"copy", [count] {
            std::memcpy(output().data(), weights().data(), count * sizeof(float));
            benchmark::DoNotOptimize(output().data());
          }};
}

Baseline quantizeQ4(std::int64_t count) {
  if (ggml().quantizeQ4 == nullptr) return {"", {}};
  return {"ggml_q4_0", [count] { ggml().quantizeQ4(weights().data(), bytes().data(), count); }};
}

/// Makes the bytes that a peer's dequantizer reads.
Baseline dequantizeQ4(std::int64_t count) {
  if (ggml().dequantizeQ4 == nullptr) return {"", {}};
  static const Buffer<std::uint8_t> blocks = [] {
    Buffer<std::uint8_t> made(kMost / 32 * 18);
    ggml().quantizeQ4(weights().data(), made.data(), kMost);
    return made;
  }();
  return {"ggml_q4_0", [count] { ggml().dequantizeQ4(blocks.data(), output().data(), count); }};
}

Baseline dequantizeNf4(std::int64_t count) {
  if (bitsandbytes().dequantizeNf4 == nullptr) return {"", {}};
  static Buffer<std::uint8_t> codes(kMost / 2, 0x5a);
  return {"bnb_nf4", [count] {
            bitsandbytes().dequantizeNf4(codes.data(), constants().data(), output().data(), kBlock,
                                         count / 4096, 4096);
          }};
}

Baseline dequantize8(std::int64_t count) {
  if (bitsandbytes().dequantizeBlockwise == nullptr) return {"", {}};
  static std::vector<float> table = dynamicCodebook(8);
  static Buffer<std::uint8_t> codes(kMost, 77);
  return {"bnb_8bit", [count] {
            bitsandbytes().dequantizeBlockwise(table.data(), codes.data(), constants().data(),
                                               output().data(), kBlock, count);
          }};
}

Baseline quantize8(std::int64_t count) {
  if (bitsandbytes().quantizeBlockwise == nullptr) return {"", {}};
  static std::vector<float> table = dynamicCodebook(8);
  return {"bnb_8bit", [count] {
            bitsandbytes().quantizeBlockwise(table.data(), const_cast<float*>(weights().data()),
                                             constants().data(), bytes().data(), kBlock, count);
          }};
}

/// dynamic tables: no symmetry, no even steps, values over many decades.
void roundTrip(benchmark::State& state) {
  const std::int64_t count = state.range(2);
  const std::vector<float> table = dynamicCodebook(static_cast<int>(state.range(0)));
  const bf_format format = formatOf(table, state.range(1));
  bf_round_trip_args args{};
  args.struct_size = sizeof args;
  args.format = &format;
  args.input = weights().data();
  args.output = output().data();
  args.count = count;
  compare(state, count, Clock::Thread, [&] { check(kernelsFor("cpu").round_trip(&args)); },
          {copy(count), quantizeQ4(count)});
}

void quantize(benchmark::State& state) {
  const int bits = static_cast<int>(state.range(0));
  const std::int64_t count = state.range(1);
  const std::vector<float> table = dynamicCodebook(bits);
  const bf_format format = formatOf(table, kBlock, bits);
  bf_quantize_args args{};
  args.struct_size = sizeof args;
  args.format = &format;
  args.input = weights().data();
  args.codes = bytes().data();
  args.constants = constants().data();
  args.count = count;
  compare(state, count, Clock::Thread, [&] { check(kernelsFor("cpu").quantize(&args)); },
          {copy(count), quantizeQ4(count), bits == 8 ? quantize8(count) : Baseline{}});
}

void dequantize(benchmark::State& state) {
  const int bits = static_cast<int>(state.range(0));
  const std::int64_t count = state.range(1);
  const std::vector<float> table = dynamicCodebook(bits);
  const bf_format format = formatOf(table, kBlock, bits);
  Buffer<std::uint8_t> codes(static_cast<std::size_t>(codeBytes(count, BF_CODES_PACKED, bits)));
  std::mt19937 random(2);
  for (std::uint8_t& byte : codes) byte = static_cast<std::uint8_t>(random());
  const Buffer<std::uint16_t> halves(count / kBlock, 0x2000);
  bf_dequantize_args args{};
  args.struct_size = sizeof args;
  args.format = &format;
  args.codes = codes.data();
  args.constants = halves.data();
  args.count = count;
  args.output = output().data();
  compare(state, count, Clock::Thread, [&] { check(kernelsFor("cpu").dequantize(&args)); },
          {copy(count), dequantizeQ4(count), dequantizeNf4(count), dequantize8(count)});
}

void quantileTable(benchmark::State& state) {
  const std::vector<float> part(weights().begin(), weights().begin() + (1 << 22));
  compare(
      state, 1 << 22, Clock::Thread,
      [&] {
        benchmark::DoNotOptimize(test::quantileCodebook(part, static_cast<int>(state.range(0))));
      },
      {});
}

BENCHMARK(roundTrip)
    ->ArgNames({"bits", "block", "weights"})
    ->ArgsProduct({{2, 3, 4, 5, 6, 7, 8}, {64}, {kFew, kMost}})
    ->ArgsProduct({{4}, {16, 1024, 0}, {kFew, kMost}})
    ->UseManualTime()
    ->Unit(benchmark::kMicrosecond);
BENCHMARK(quantize)
    ->ArgNames({"bits", "weights"})
    ->ArgsProduct({{2, 3, 4, 5, 6, 7, 8}, {kFew, kMost}})
    ->UseManualTime()
    ->Unit(benchmark::kMicrosecond);
BENCHMARK(dequantize)
    ->ArgNames({"bits", "weights"})
    ->ArgsProduct({{2, 3, 4, 5, 6, 7, 8}, {kFew, kMost}})
    ->UseManualTime()
    ->Unit(benchmark::kMicrosecond);
BENCHMARK(quantileTable)->ArgName("bits")->Arg(4)->UseManualTime()->Unit(benchmark::kMicrosecond);

}  // namespace
}  // namespace bitfrontier::bench

BENCHMARK_MAIN();
