// SPDX-License-Identifier: GPL-3.0-or-later
// Every instruction set of the SIMD back end against the scalar reference, by name: codes,
// constants and means bit for bit, products within the bound of kernel_table.h. Buffers end where
// memory that must not be touched begins.
#include <gtest/gtest.h>
#include <sys/mman.h>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <limits>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "kernels/blocks.h"
#include "kernels/codebook.h"
#include "kernels/numerics.h"
#include "kernels/packing.h"
#include "kernels/registry.h"
#include "tests/kernels/thread_runner.h"

namespace bitfrontier {
namespace {

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
std::vector<float> mixedValues(std::int64_t count, unsigned seed) {
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

Fenced inType(const std::vector<float>& values, std::int32_t type) {
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

class Backend : public testing::TestWithParam<std::string> {
 protected:
  const bf_kernel_table& kernels() const { return *simdKernels(GetParam()); }

  std::int32_t roundTrip(const bf_kernel_table& table, const Case& test, const Fenced& input,
                         std::int32_t outputType, const Fenced& output, const Quantized& given,
                         const bf_runner* runner = nullptr) {
    const bf_format format = test.made();
    bf_round_trip_args args{};
    args.struct_size = sizeof args;
    args.format = &format;
    args.input = input.data();
    args.output = output.data();
    args.count = test.count;
    args.constants = given.constants.data();
    args.means = given.means.data();
    args.runner = runner;
    args.input_type = test.inputType;
    args.output_type = outputType;
    args.flags = test.flags;
    return table.round_trip(&args);
  }

  /// Quantize, dequantize and round trip give the reference's bits.
  void expectEqual(const Case& test, const std::vector<float>& values,
                   const bf_runner* runner = nullptr) {
    SCOPED_TRACE(test.text());
    const Fenced input = inType(values, test.inputType);
    Quantized expected(test);
    Quantized result(test);
    expected.run(referenceKernels(), test, input);
    result.run(kernels(), test, input, runner);
    ASSERT_EQ(result.status, expected.status);
    ASSERT_EQ(result.firstBad, expected.firstBad);
    ASSERT_EQ(result.badCount, expected.badCount);
    if (expected.status != BF_OK) return;
    ASSERT_TRUE(result.constants == expected.constants) << "constants differ";
    ASSERT_TRUE(result.means == expected.means) << "means differ";
    ASSERT_TRUE(result.codes == expected.codes) << "codes differ";
    for (const std::int32_t outputType : {BF_FP32, BF_FP16, BF_BF16}) {
      const Fenced wanted(test.count * typeBytes(outputType));
      const Fenced decoded(test.count * typeBytes(outputType));
      const Fenced tripped(test.count * typeBytes(outputType));
      const bf_format format = test.made();
      bf_dequantize_args args{};
      args.struct_size = sizeof args;
      args.format = &format;
      args.codes = expected.codes.data();
      args.constants = expected.constants.data();
      args.means = expected.means.data();
      args.count = test.count;
      args.output = wanted.data();
      args.output_type = outputType;
      ASSERT_EQ(referenceKernels().dequantize(&args), BF_OK);
      args.output = decoded.data();
      args.runner = runner;
      ASSERT_EQ(kernels().dequantize(&args), BF_OK);
      ASSERT_TRUE(decoded == wanted) << "dequantized values differ, type " << outputType;
      ASSERT_EQ(roundTrip(kernels(), test, input, outputType, tripped, result, runner), BF_OK);
      ASSERT_TRUE(tripped == wanted) << "round trip differs, type " << outputType;
      if (outputType == test.inputType) {
        const Fenced copy = inType(values, test.inputType);
        ASSERT_EQ(roundTrip(kernels(), test, copy, outputType, copy, result, runner), BF_OK);
        ASSERT_TRUE(copy == wanted) << "in place";
      }
    }
  }
};

std::vector<float> codebookOf(int bits, int which) {
  switch (which) {
    case 0:
      return intCodebook(std::max(bits, 2));
    case 1:
      return dynamicCodebook(std::max(bits, 2));
    case 2:
      return floatCodebook(std::max(bits, 2) - 1, 0);
    default:
      return symmetricNormalFloatCodebook(bits);
  }
}

TEST_P(Backend, AllWidthsTypesAndShapes) {
  for (int bits = 1; bits <= 8; ++bits) {
    for (const std::int64_t count : {0, 1, 15, 16, 64, 840, 5003}) {
      const std::vector<float> values = mixedValues(count, 10 + bits);
      for (const std::int64_t block : {1, 16, 24, 33, 64, 4096, 0}) {
        for (const bool packed : {false, true}) {
          Case test(codebookOf(bits, (bits + static_cast<int>(block)) % 4), count, block);
          if (packed) test.pack(std::max(bits, 2));
          test.inputType = (bits + static_cast<int>(block)) % 3;
          expectEqual(test, values);
        }
      }
    }
  }
}

TEST_P(Backend, ConstantsMeansAndRows) {
  const std::vector<float> values = mixedValues(4200, 3);
  const std::vector<float> e2m1 = {-6, -4, -3, -2, -1.5, -1, -0.5, 0, 0.5, 1, 1.5, 2, 3, 4, 6};
  for (std::int32_t type = BF_FP32; type <= BF_E4M3; ++type)
    for (std::int32_t rule = BF_CONSTANT_ABSMAX; rule <= BF_CONSTANT_GIVEN; ++rule)
      for (std::int32_t mean = BF_MEAN_NONE; mean <= BF_MEAN_BLOCK_GIVEN; ++mean)
        for (const std::int64_t row : {0, 60, 100, 2100})
          for (const std::int64_t block : {16, 64, 0}) {
            if (type == BF_E8M0 && rule == BF_CONSTANT_SIGNED_MAX) continue;
            Case test(type >= BF_E8M0 ? e2m1 : normalFloatCodebook(3 + type), 4200, block, row);
            test.format.constant_type = type;
            test.format.constant_rule = rule;
            test.format.mean_rule = mean;
            test.inputType = (type + mean) % 3;
            if (rule != BF_CONSTANT_SIGNED_MAX) test.pack(5);
            expectEqual(test, values);
          }
}

TEST_P(Backend, ValuesThatAreNotFinite) {
  constexpr float kInf = std::numeric_limits<float>::infinity();
  constexpr float kNan = std::numeric_limits<float>::quiet_NaN();
  for (const std::int64_t count : {1, 100, 9000}) {
    std::vector<float> values = mixedValues(count, 4);
    for (std::int64_t i = 70 % count; i < count; i += 531)
      values[i] = i % 3 == 0 ? kNan : i % 3 == 1 ? kInf : -kInf;
    for (const std::int64_t block : {16, 64, 100, 5000, 0})
      for (const std::int32_t mean : {BF_MEAN_NONE, BF_MEAN_BLOCK})
        for (const std::int32_t flags : {0, static_cast<int>(BF_CLAMP_NOT_FINITE)}) {
          Case test(dynamicCodebook(4), count, block);
          test.format.mean_rule = mean;
          test.flags = flags;
          test.inputType = static_cast<std::int32_t>(block % 3);
          test.pack(4);
          const std::vector<float> same = values;
          // The helper clamps fp16 inputs to finite values, which removes infinities.
          if (test.inputType == BF_FP16) test.inputType = BF_BF16;
          expectEqual(test, same);
        }
  }
}

TEST_P(Backend, ThreadsGiveTheSame) {
  const ThreadRunner runner(3);
  const std::int64_t count = 777 * 521;
  std::vector<float> values = mixedValues(count, 5);
  for (const auto& [block, row] : std::vector<std::pair<std::int64_t, std::int64_t>>{
           {64, 0}, {0, 0}, {100, 0}, {64, 777}, {0, 777}, {0, 777 * 521}, {200000, 0}}) {
    for (const int bits : {3, 8}) {
      Case test(dynamicCodebook(bits), count, block, row);
      test.pack(bits);
      expectEqual(test, values, runner.get());
      test.format.mean_rule = BF_MEAN_BLOCK;
      test.inputType = BF_BF16;
      expectEqual(test, values, runner.get());
    }
  }
  // The lowest of several bad values is named, whichever thread is first.
  for (const std::int64_t bad : {400000, 300000, 200001, 7}) {
    values[bad] = std::numeric_limits<float>::quiet_NaN();
    for (const std::int64_t block : {64, 0}) {
      const Case test(intCodebook(4), count, block);
      const bf_format format = test.made();
      const Fenced input = inType(values, BF_FP32);
      const Fenced output(count * 4);
      std::int64_t first = -5;
      bf_round_trip_args args{};
      args.struct_size = sizeof args;
      args.format = &format;
      args.input = input.data();
      args.output = output.data();
      args.count = count;
      args.first_bad_index = &first;
      args.runner = runner.get();
      EXPECT_EQ(kernels().round_trip(&args), BF_NOT_FINITE);
      EXPECT_EQ(first, bad);
    }
  }
}

TEST_P(Backend, EveryFloatNearAThresholdFindsItsCode) {
  // All neighbours of all thresholds, of tables of every depth.
  for (int bits = 1; bits <= 8; ++bits) {
    for (int which = 0; which < 4; ++which) {
      const std::vector<float> table = codebookOf(bits, which);
      std::vector<float> values;
      for (std::size_t i = 0; i + 1 < table.size(); ++i) {
        const float middle = thresholdBetween(table[i], table[i + 1]);
        for (const float value :
             {std::nextafter(middle, -9.0F), middle, std::nextafter(middle, 9.0F), table[i]})
          values.push_back(value);
      }
      values.push_back(1.0F);  // the constant: y is the value itself
      Case test(table, std::ssize(values), 0);
      test.format.constant_type = BF_FP32;
      expectEqual(test, values);
    }
  }
}

TEST_P(Backend, LargeCallsFindTheSameCodes) {
  // Large enough for the ways of searching and writing that only pay off there.
  for (const int bits : {4, 6, 7, 8}) {
    for (int which = 0; which < 4; ++which) {
      const std::vector<float> table = codebookOf(bits, which);
      std::vector<float> values = mixedValues(20000, 8);
      for (std::size_t i = 0; i + 1 < table.size(); ++i) {
        const float middle = thresholdBetween(table[i], table[i + 1]);
        for (const float value : {std::nextafter(middle, -9.0F), middle,
                                  std::nextafter(middle, 9.0F), table[i], -middle})
          values[100 + 64 * i + values.size() % 7] = values[101 + 61 * i] = value;
      }
      for (std::size_t i = 0; i < values.size(); ++i)
        values[i] = std::clamp(values[i], -1.0F, 1.0F);
      for (std::size_t i = 0; i < values.size(); i += 64) values[i] = 1.0F;
      for (const std::int64_t block : {64, 0}) {
        Case test(table, std::ssize(values), block);
        test.format.constant_type = BF_FP32;
        expectEqual(test, values);
      }
    }
  }
  const std::int64_t count = (std::int64_t{1} << 23) + 4096 + 17;
  const ThreadRunner runner(2);
  for (const std::int64_t block : {64, 24}) {
    Case test(dynamicCodebook(4), count, block);
    test.pack(4);
    expectEqual(test, mixedValues(count, 9), runner.get());
  }
}

TEST_P(Backend, DamagedCodesReadAsZero) {
  for (const int bits : {2, 3, 4, 5, 6, 7, 8}) {
    const std::vector<float> table = intCodebook(bits);  // one code is unused
    std::vector<std::uint8_t> codes(256);
    for (int i = 0; i < 256; ++i) codes[i] = static_cast<std::uint8_t>(i);
    const float constant = 2.0F;
    std::vector<float> output(256, -1.0F);
    Case test(table, 256, 0);
    test.format.constant_type = BF_FP32;
    const bf_format format = test.made();
    bf_dequantize_args args{};
    args.struct_size = sizeof args;
    args.format = &format;
    args.codes = codes.data();
    args.constants = &constant;
    args.count = 256;
    args.output = output.data();
    ASSERT_EQ(kernels().dequantize(&args), BF_OK);
    for (std::size_t i = 0; i < 256; ++i)
      ASSERT_EQ(output[i], i < table.size() ? 2.0F * table[i] : 0.0F) << bits << " " << i;
  }
}

TEST_P(Backend, ProductsAreWithinTheBound) {
  const ThreadRunner threads(2);
  std::mt19937 random(6);
  std::normal_distribution<float> draw;
  for (const int bits : {2, 3, 4, 5, 6, 7, 8}) {
    for (const auto& [in, out, block, row] :
         std::vector<std::array<std::int64_t, 4>>{{1, 1, 64, 0},
                                                  {128, 5, 64, 0},
                                                  {100, 33, 64, 0},
                                                  {100, 9, 16, 100},
                                                  {3000, 4, 128, 0},
                                                  {2080, 7, 32, 2080},
                                                  {512, 6, 0, 0},
                                                  {4096, 21, 64, 0},
                                                  {640, 18, 64, 640},
                                                  {256, 3, 100, 0}}) {
      for (const std::int64_t batch : {1, 2, 5}) {
        for (const std::int32_t mean : {BF_MEAN_NONE, BF_MEAN_BLOCK}) {
          Case test(dynamicCodebook(bits), in * out, block, row);
          test.format.mean_rule = mean;
          if (bits != 7) test.pack(bits);
          SCOPED_TRACE(test.text());
          const Fenced weight = inType(mixedValues(in * out, 7), BF_FP32);
          // Ordinary weights: a bound in fp32 needs sums that do not overflow.
          for (std::int64_t i = 0; i < in * out; ++i)
            static_cast<float*>(weight.data())[i] = draw(random) * 0.02F + 0.003F;
          Quantized quantized(test);
          quantized.run(referenceKernels(), test, weight);
          std::vector<float> x(batch * in);
          for (float& value : x) value = draw(random);
          const std::int32_t inputType = bits % 3;
          const std::int32_t outputType = (bits + 1) % 3;
          const Fenced input = inType(x, inputType);
          const bf_format format = test.made();
          Fenced values(in * out * 4);
          bf_dequantize_args decode{};
          decode.struct_size = sizeof decode;
          decode.format = &format;
          decode.codes = quantized.codes.data();
          decode.constants = quantized.constants.data();
          decode.means = quantized.means.data();
          decode.count = in * out;
          decode.output = values.data();
          ASSERT_EQ(referenceKernels().dequantize(&decode), BF_OK);
          Fenced expected(batch * out * typeBytes(outputType));
          Fenced result(batch * out * typeBytes(outputType));
          bf_matmul_args args{};
          args.struct_size = sizeof args;
          args.format = &format;
          args.codes = quantized.codes.data();
          args.constants = quantized.constants.data();
          args.means = quantized.means.data();
          args.input = input.data();
          args.output = expected.data();
          args.batch = batch;
          args.in_features = in;
          args.out_features = out;
          args.input_type = inputType;
          args.output_type = outputType;
          ASSERT_EQ(referenceKernels().matmul(&args), BF_OK);
          args.output = result.data();
          args.runner = batch == 2 ? threads.get() : nullptr;
          ASSERT_EQ(kernels().matmul(&args), BF_OK);
          const auto read = [](const Fenced& from, std::int64_t i, std::int32_t type) {
            return static_cast<double>(readConstant(from.data(), i, type, 1.0F).value);
          };
          const BlockGrid grid = blockGrid(in * out, block, row);
          for (std::int64_t b = 0; b < batch; ++b) {
            for (std::int64_t o = 0; o < out; ++o) {
              double magnitude = 0.0;
              for (std::int64_t i = 0; i < in; ++i) {
                const std::int64_t at = o * in + i;
                const double m = mean == BF_MEAN_NONE
                                     ? 0.0
                                     : halfToFloat(static_cast<const std::uint16_t*>(
                                           quantized.means.data())[grid.blockOf(at)]);
                magnitude += std::abs(read(input, b * in + i, inputType)) *
                             (std::abs(read(values, at, BF_FP32) - m) + std::abs(m));
              }
              const double wanted = read(expected, b * out + o, outputType);
              const double rounding = outputType == BF_FP32   ? 0x1p-24
                                      : outputType == BF_FP16 ? 0x1p-10
                                                              : 0x1p-7;
              ASSERT_NEAR(read(result, b * out + o, outputType), wanted,
                          static_cast<double>(in + 16) * 0x1p-23 * magnitude +
                              rounding * std::abs(wanted) + 1e-7);
            }
          }
        }
      }
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Simd, Backend, testing::ValuesIn(simdTargets()),
                         [](const auto& tested) { return tested.param; });
GTEST_ALLOW_UNINSTANTIATED_PARAMETERIZED_TEST(Backend);

}  // namespace
}  // namespace bitfrontier
