// SPDX-License-Identifier: GPL-3.0-or-later
/// The scalar back end: the definition that every other back end is tested against.
///
/// Layout: flat arrays as in kernel_table.h, host memory, one byte a code.
/// Threads: none; a caller that wants several cuts the tensor at block boundaries.
/// Numerics: rules 1-4 of kernel_table.h, word for word; no fused operations can arise.
/// Bytes per weight: quantize reads the input twice (the second time from cache when a block fits
/// there) and writes 1 + 2 / block; bound by the dependent steps of the binary search, not memory.
#include <array>
#include <cstring>
#include <string>

#include "kernels/numerics.h"
#include "kernels/registry.h"

namespace bitfrontier {
namespace {

thread_local std::string lastError;

std::int32_t fail(std::int32_t status, std::string message) {
  lastError = std::move(message);
  return status;
}

float load(const float* p) { return *p; }

struct Half {
  std::uint16_t bits;
};
struct Bfloat {
  std::uint16_t bits;
};
float load(const Half* p) { return halfToFloat(p->bits); }
float load(const Bfloat* p) { return bfloatToFloat(p->bits); }
void store(float* p, float value) { *p = value; }
void store(Half* p, float value) { p->bits = floatToHalf(value); }
void store(Bfloat* p, float value) { p->bits = floatToBfloat(value); }

/// Calls `work` with a typed null pointer for the element type.
template <typename Work>
std::int32_t withType(std::int32_t type, const Work& work) {
  switch (type) {
    case BF_FP32:
      return work(static_cast<float*>(nullptr));
    case BF_FP16:
      return work(static_cast<Half*>(nullptr));
    default:
      return work(static_cast<Bfloat*>(nullptr));
  }
}

/// Code table with its thresholds, padded so that the search needs no bounds.
struct Table {
  std::array<float, 256> values{};
  std::array<float, 256> thresholds;
  int size;

  Table(const float* codebook, int count) : size(count) {
    thresholds.fill(std::numeric_limits<float>::infinity());
    std::copy(codebook, codebook + count, values.begin());
    for (int i = 0; i + 1 < count; ++i) thresholds[i] = thresholdBetween(values[i], values[i + 1]);
  }
};

/// Number of thresholds below y, among the first Width - 1. A product instead of a choice keeps the
/// compiler from making branches, half of which would be mispredicted (measured: two to five times
/// slower).
template <int Width>
int search(const float* thresholds, float y) {
  int code = 0;
#pragma GCC unroll 8
  for (int half = Width / 2; half > 0; half /= 2)
    code += static_cast<int>(y > thresholds[code + half - 1]) * half;
  return code;
}

/// Largest magnitude of a block as its bit pattern, which orders magnitudes and puts Inf and NaN
/// above all numbers.
template <typename In>
std::uint32_t largestMagnitude(const In* x, std::int64_t count) {
  std::int32_t largest = 0;
  for (std::int64_t i = 0; i < count; ++i)
    largest = std::max(largest, static_cast<std::int32_t>(floatBits(load(x + i)) & 0x7fffffffU));
  return static_cast<std::uint32_t>(largest);
}

template <typename In>
std::int64_t firstNotFinite(const In* x, std::int64_t count) {
  for (std::int64_t i = 0; i < count; ++i)
    if (!std::isfinite(load(x + i))) return i;
  return -1;
}

/// Calls put(index, code, constant) for every value and putConstant(block, constant) for every
/// block.
template <int Width, typename In, typename Put, typename PutConstant>
std::int32_t encodeWith(const In* x, std::int64_t count, std::int64_t blockSize,
                        std::int32_t constantType, const Table& table, std::int64_t* firstBad,
                        const Put& put, const PutConstant& putConstant) {
  const std::int64_t block = blockSize == 0 ? count : blockSize;
  for (std::int64_t begin = 0, index = 0; begin < count; begin += block, ++index) {
    const std::int64_t n = std::min(block, count - begin);
    const std::uint32_t absmax = largestMagnitude(x + begin, n);
    if (absmax >= 0x7f800000U) {
      const std::int64_t bad = begin + firstNotFinite(x + begin, n);
      if (firstBad != nullptr) *firstBad = bad;
      return fail(BF_NOT_FINITE, "value " + std::to_string(bad) + " is not finite");
    }
    const float constant = roundConstant(floatFromBits(absmax), constantType);
    const float inverse = constant > 0.0F ? 1.0F / constant : 0.0F;
    putConstant(index, constant);
    for (std::int64_t i = begin; i < begin + n; ++i)
      put(i, search<Width>(table.thresholds.data(), load(x + i) * inverse), constant);
  }
  return BF_OK;
}

template <typename In, typename Put, typename PutConstant>
std::int32_t encode(const In* x, std::int64_t count, std::int64_t blockSize,
                    std::int32_t constantType, const Table& table, std::int64_t* firstBad,
                    const Put& put, const PutConstant& putConstant) {
  if (firstBad != nullptr) *firstBad = -1;
  if (table.size <= 8)
    return encodeWith<8>(x, count, blockSize, constantType, table, firstBad, put, putConstant);
  if (table.size <= 16)
    return encodeWith<16>(x, count, blockSize, constantType, table, firstBad, put, putConstant);
  if (table.size <= 32)
    return encodeWith<32>(x, count, blockSize, constantType, table, firstBad, put, putConstant);
  if (table.size <= 64)
    return encodeWith<64>(x, count, blockSize, constantType, table, firstBad, put, putConstant);
  if (table.size <= 128)
    return encodeWith<128>(x, count, blockSize, constantType, table, firstBad, put, putConstant);
  return encodeWith<256>(x, count, blockSize, constantType, table, firstBad, put, putConstant);
}

std::int32_t quantize(const bf_quantize_args* args) {
  if (args == nullptr) return fail(BF_BAD_ARGUMENT, "no arguments");
  if (const char* wrong = checkArguments(*args)) return fail(BF_BAD_ARGUMENT, wrong);
  const Table table(args->codebook, args->codebook_size);
  auto* codes = static_cast<std::uint8_t*>(args->codes);
  return withType(args->constant_type, [&](auto* constantTag) {
    auto* constants = static_cast<decltype(constantTag)>(args->constants);
    return withType(args->input_type, [&](auto* inputTag) {
      const auto* input =
          static_cast<const std::remove_pointer_t<decltype(inputTag)>*>(args->input);
      return encode(
          input, args->count, args->block_size, args->constant_type, table, args->first_bad_index,
          [codes](std::int64_t i, int code, float) { codes[i] = static_cast<std::uint8_t>(code); },
          [constants](std::int64_t i, float constant) { store(constants + i, constant); });
    });
  });
}

std::int32_t dequantize(const bf_dequantize_args* args) {
  if (args == nullptr) return fail(BF_BAD_ARGUMENT, "no arguments");
  if (const char* wrong = checkArguments(*args)) return fail(BF_BAD_ARGUMENT, wrong);
  const Table table(args->codebook, args->codebook_size);
  const auto* codes = static_cast<const std::uint8_t*>(args->codes);
  const std::int64_t block = args->block_size == 0 ? args->count : args->block_size;
  return withType(args->constant_type, [&](auto* constantTag) {
    const auto* constants =
        static_cast<const std::remove_pointer_t<decltype(constantTag)>*>(args->constants);
    return withType(args->output_type, [&](auto* outputTag) {
      auto* output = static_cast<decltype(outputTag)>(args->output);
      for (std::int64_t begin = 0, index = 0; begin < args->count; begin += block, ++index) {
        const float constant = load(constants + index);
        const std::int64_t end = std::min(begin + block, args->count);
        // A code beyond the table (damaged data) reads a padding zero.
        for (std::int64_t i = begin; i < end; ++i)
          store(output + i, table.values[codes[i]] * constant);
      }
      return std::int32_t{BF_OK};
    });
  });
}

std::int32_t roundTrip(const bf_round_trip_args* args) {
  if (args == nullptr) return fail(BF_BAD_ARGUMENT, "no arguments");
  if (const char* wrong = checkArguments(*args)) return fail(BF_BAD_ARGUMENT, wrong);
  const Table table(args->codebook, args->codebook_size);
  return withType(args->input_type, [&](auto* inputTag) {
    const auto* input = static_cast<const std::remove_pointer_t<decltype(inputTag)>*>(args->input);
    return withType(args->output_type, [&](auto* outputTag) {
      auto* output = static_cast<decltype(outputTag)>(args->output);
      return encode(
          input, args->count, args->block_size, args->constant_type, table, args->first_bad_index,
          [output, &table](std::int64_t i, int code, float constant) {
            store(output + i, table.values[code] * constant);
          },
          [](std::int64_t, float) {});
    });
  });
}

}  // namespace

const bf_kernel_table& referenceKernels() {
  static const bf_kernel_table table = {
      .abi_version = BF_KERNEL_ABI_VERSION,
      .reserved = 0,
      .struct_size = sizeof(bf_kernel_table),
      .name = "reference",
      .device_count = []() -> std::int32_t { return 1; },
      .last_error = []() -> const char* { return lastError.c_str(); },
      .quantize = quantize,
      .dequantize = dequantize,
      .round_trip = roundTrip,
  };
  return table;
}

}  // namespace bitfrontier
