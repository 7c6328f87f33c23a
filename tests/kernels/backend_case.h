// SPDX-License-Identifier: GPL-3.0-or-later
/// Tensors and formats that back ends are compared on, in buffers that end where memory that must
/// not be touched begins.
#pragma once

#include <sys/mman.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <cstring>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "kernels/blocks.h"
#include "kernels/codebook.h"
#include "kernels/numerics.h"
#include "kernels/packing.h"
#include "tests/kernels/call_arguments.h"

namespace bitfrontier {

/// Bytes that end at a page which may not be read or written.
class Fenced {
 public:
  explicit Fenced(std::size_t bytes) : bytes_(bytes) {
    const std::size_t page = 4096;
    mapped_ = (bytes + page - 1) / page * page + page;
    base_ = static_cast<char*>(
        mmap(nullptr, mapped_, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0));
    if (base_ == MAP_FAILED) std::abort();
    if (mprotect(base_ + mapped_ - page, page, PROT_NONE) != 0) std::abort();
    data_ = base_ + mapped_ - page - bytes;
    std::memset(data_, 0xee, bytes);
  }
  ~Fenced() {
    if (base_ != nullptr) munmap(base_, mapped_);
  }
  Fenced(Fenced&& other) noexcept
      : bytes_(other.bytes_),
        mapped_(other.mapped_),
        base_(std::exchange(other.base_, nullptr)),
        data_(other.data_) {}
  Fenced(const Fenced&) = delete;
  Fenced& operator=(const Fenced&) = delete;
  void* data() const { return data_; }
  std::size_t size() const { return bytes_; }
  bool operator==(const Fenced& other) const {
    return bytes_ == other.bytes_ && std::memcmp(data_, other.data_, bytes_) == 0;
  }

 private:
  std::size_t bytes_;
  std::size_t mapped_;
  char* base_;
  char* data_;
};

/// Values of every kind: ordinary ones, exact ties, zeros, subnormals, huge and tiny ones.
inline std::vector<float> mixedValues(std::int64_t count, unsigned seed) {
  std::mt19937 random(seed);
  std::normal_distribution<float> draw(0.0F, 1.0F);
  std::vector<float> values(count);
  for (std::int64_t i = 0; i < count; ++i) {
    const std::int64_t region = i / 97 % 8;
    const float x = draw(random);
    values[i] = region == 0   ? x * 0.02F
                : region == 1 ? static_cast<float>(static_cast<int>(random() % 33) - 16) / 16.0F
                : region == 2 ? 0.0F * x
                : region == 3 ? x * 1e-40F
                : region == 4 ? x * 1e36F
                : region == 5 ? x * 1e-6F
                : region == 6 ? x + 3.0F
                              : x * static_cast<float>(std::exp(4.0 * draw(random)));
  }
  return values;
}

inline Fenced inType(const std::vector<float>& values, std::int32_t type) {
  Fenced result(values.size() * typeBytes(type));
  for (std::size_t i = 0; i < values.size(); ++i) {
    // Sixteen-bit inputs stay finite.
    const float value = type == BF_FP16 ? std::clamp(values[i], -65504.0F, 65504.0F) : values[i];
    if (type == BF_FP32) static_cast<float*>(result.data())[i] = value;
    if (type == BF_FP16) static_cast<std::uint16_t*>(result.data())[i] = floatToHalf(value);
    if (type == BF_BF16) static_cast<std::uint16_t*>(result.data())[i] = floatToBfloat(value);
  }
  return result;
}

/// One tensor and format under test.
struct Case {
  std::vector<float> table;
  bf_format format{};
  std::int64_t count = 0;
  std::int32_t inputType = BF_FP32;
  std::int32_t flags = 0;

  Case(std::vector<float> codebook, std::int64_t values, std::int64_t block, std::int64_t row = 0)
      : table(std::move(codebook)), count(values) {
    format.struct_size = sizeof format;
    format.codebook_size = static_cast<std::int32_t>(table.size());
    format.block_size = block;
    format.row_length = row;
    format.constant_type = BF_FP16;
    format.tensor_scale = 0.01F;
    format.tensor_mean = 0.3F;
  }
  void pack(int bits) {
    format.code_layout = BF_CODES_PACKED;
    format.code_bits = bits;
  }
  bf_format made() const {
    bf_format result = format;
    result.codebook = table.data();
    return result;
  }
  std::int64_t blocks() const { return blockCount(count, format.block_size, format.row_length); }
  std::string text() const {
    return std::to_string(table.size()) + " values, count " + std::to_string(count) + ", block " +
           std::to_string(format.block_size) + ", row " + std::to_string(format.row_length) +
           ", constants " + std::to_string(format.constant_type) + "/" +
           std::to_string(format.constant_rule) + ", mean " + std::to_string(format.mean_rule) +
           ", packed " + std::to_string(format.code_bits) + ", input " + std::to_string(inputType);
  }
};

struct Quantized {
  Fenced codes, constants, means;
  std::int64_t firstBad = -5, badCount = -5;
  std::int32_t status = -1;

  explicit Quantized(const Case& test)
      : codes(codeBytes(test.count, test.format.code_layout, test.format.code_bits)),
        constants(test.blocks() * typeBytes(test.format.constant_type)),
        means(test.blocks() * 2) {
    // What is read when given: ordinary constants of either sign.
    for (std::int64_t b = 0; b < test.blocks(); ++b) {
      const float constant = (b % 3 == 0 ? -0.7F : 1.3F) * static_cast<float>(b % 5);
      const std::uint32_t bits =
          test.format.constant_type == BF_E8M0
              ? static_cast<std::uint32_t>(120 + b % 10)
              : makeConstant(constant, test.format.constant_type, test.format.tensor_scale, 1.0F)
                    .bits;
      writeConstant(constants.data(), b, test.format.constant_type, bits);
      static_cast<std::uint16_t*>(means.data())[b] = floatToHalf(0.1F * constant);
    }
  }
  Parts parts() const { return {codes.data(), constants.data(), means.data()}; }
  void run(const bf_kernel_table& kernels, const Case& test, const Fenced& input,
           const bf_runner* runner = nullptr) {
    const bf_format format = test.made();
    bf_quantize_args args{};
    args.struct_size = sizeof args;
    args.format = &format;
    args.input = input.data();
    args.count = test.count;
    args.codes = codes.data();
    args.constants = constants.data();
    args.means = means.data();
    args.first_bad_index = &firstBad;
    args.bad_count = &badCount;
    args.runner = runner;
    args.input_type = test.inputType;
    args.flags = test.flags;
    status = kernels.quantize(&args);
  }
};

}  // namespace bitfrontier
