// SPDX-License-Identifier: GPL-3.0-or-later
// Every back end of the program (tests/kernels/backends.h) against the scalar reference, by name:
// codes, constants and means bit for bit.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <random>
#include <string>
#include <vector>

#include "kernels/blocks.h"
#include "kernels/codebook.h"
#include "kernels/numerics.h"
#include "kernels/packing.h"
#include "kernels/registry.h"
#include "tests/kernels/backend_case.h"
#include "tests/kernels/backends.h"
#include "tests/kernels/thread_runner.h"

namespace bitfrontier {
namespace {

class Backend : public testing::TestWithParam<std::string> {
 protected:
  const bf_kernel_table& kernels() const { return backendNamed(GetParam()); }

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
      bf_dequantize_args args =
          dequantizeArgs(format, expected.parts(), test.count, wanted.data(), outputType);
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

TEST_P(Backend, DoubleQuantizedConstants) {
  // Three calls, as core/quant makes them: codes by exact constants, the constants' own round trip
  // through the dynamic table in blocks of 256 around their mean, values by those.
  const std::int64_t count = 38400;
  std::mt19937 random(12);
  std::normal_distribution<float> draw;
  std::vector<float> values(count);
  for (float& value : values) value = draw(random) * 0.02F;
  Case test(normalFloatCodebook(4), count, 64);
  test.format.constant_type = BF_FP32;
  test.pack(4);
  const bf_format format = test.made();
  const Fenced input = inType(values, BF_FP32);
  const auto decoded = [&](const bf_kernel_table& table, const Fenced& output) {
    Quantized quantized(test);
    quantized.run(table, test, input);
    auto* constants = static_cast<float*>(quantized.constants.data());
    Case second(dynamicCodebook(8), test.blocks(), 256);
    second.format.constant_type = BF_FP32;
    second.format.mean_rule = BF_MEAN_TENSOR;
    double sum = 0.0;
    for (std::int64_t i = 0; i < test.blocks(); ++i) sum += static_cast<double>(constants[i]);
    second.format.tensor_mean = static_cast<float>(sum / static_cast<double>(test.blocks()));
    const bf_format secondFormat = second.made();
    bf_round_trip_args trip{};
    trip.struct_size = sizeof trip;
    trip.format = &secondFormat;
    trip.input = trip.output = constants;
    trip.count = test.blocks();
    EXPECT_EQ(table.round_trip(&trip), BF_OK);
    const bf_dequantize_args read = dequantizeArgs(format, quantized.parts(), count, output.data());
    EXPECT_EQ(table.dequantize(&read), BF_OK);
  };
  const Fenced expected(count * 4);
  const Fenced result(count * 4);
  decoded(referenceKernels(), expected);
  decoded(kernels(), result);
  EXPECT_TRUE(result == expected);
  const auto* weights = static_cast<const float*>(expected.data());
  // Constants of 8 bits are near the exact ones, and not the same.
  const Fenced exact(count * 4);
  Quantized once(test);
  once.run(referenceKernels(), test, input);
  const bf_dequantize_args read = dequantizeArgs(format, once.parts(), count, exact.data());
  ASSERT_EQ(referenceKernels().dequantize(&read), BF_OK);
  EXPECT_FALSE(exact == expected);
  for (std::int64_t i = 0; i < count; ++i)
    ASSERT_NEAR(weights[i], static_cast<const float*>(exact.data())[i], 0.002) << i;
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
  const std::int64_t rows = backendIsSlow(GetParam()) ? 60 : 521;
  const std::int64_t count = 777 * rows;
  std::vector<float> values = mixedValues(count, 5);
  for (const auto& [block, row] : std::vector<std::pair<std::int64_t, std::int64_t>>{
           {64, 0}, {0, 0}, {100, 0}, {64, 777}, {0, 777}, {0, count}, {count / 2, 0}}) {
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
  for (const std::int64_t bad : {count - 4817, count * 3 / 4, count / 2 + 1, std::int64_t{7}}) {
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
  const std::int64_t most = std::int64_t{1} << (backendIsSlow(GetParam()) ? 16 : 23);
  const std::int64_t count = most + 4096 + 17;
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

INSTANTIATE_TEST_SUITE_P(Named, Backend, testing::ValuesIn(backendNames()),
                         [](const auto& tested) { return tested.param; });
GTEST_ALLOW_UNINSTANTIATED_PARAMETERIZED_TEST(Backend);

}  // namespace
}  // namespace bitfrontier
