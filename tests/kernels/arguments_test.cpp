// SPDX-License-Identifier: GPL-3.0-or-later
// Wrong arguments are refused with a sentence, by every host table.
#include <gtest/gtest.h>

#include <cmath>
#include <string>
#include <vector>

#include "kernels/codebook.h"
#include "kernels/registry.h"

namespace bitfrontier {
namespace {

class Arguments : public testing::TestWithParam<const bf_kernel_table*> {
 protected:
  Arguments() {
    format_.struct_size = sizeof format_;
    format_.codebook = table_.data();
    format_.codebook_size = static_cast<std::int32_t>(table_.size());
    format_.block_size = 16;
    format_.constant_type = BF_FP16;
    format_.code_bits = 4;
  }

  template <typename Args>
  void fill(Args& args) {
    args.struct_size = sizeof args;
    args.format = &format_;
    args.input = x_.data();
    args.count = 64;
  }
  std::int32_t check(std::int32_t status) {
    if (status != BF_OK) {
      EXPECT_GT(std::string(GetParam()->last_error()).size(), 10U);
    }
    return status;
  }
  template <typename Change>
  std::int32_t roundTrip(const Change& change) {
    bf_round_trip_args args{};
    fill(args);
    args.output = y_.data();
    change(args);
    return check(GetParam()->round_trip(&args));
  }
  template <typename Change>
  std::int32_t quantize(const Change& change) {
    bf_quantize_args args{};
    fill(args);
    args.codes = codes_.data();
    args.constants = constants_.data();
    change(args);
    return check(GetParam()->quantize(&args));
  }
  template <typename Change>
  std::int32_t withFormat(const Change& change) {
    const bf_format before = format_;
    change(format_);
    const std::int32_t status = roundTrip([](auto&) {});
    format_ = before;
    return status;
  }

  std::vector<float> table_ = intCodebook(4);
  std::vector<float> x_ = std::vector<float>(64, 1.0F);
  std::vector<float> y_ = std::vector<float>(64, 1.0F);
  std::vector<std::uint8_t> codes_ = std::vector<std::uint8_t>(64);
  std::vector<std::uint16_t> constants_ = std::vector<std::uint16_t>(64);
  bf_format format_{};
};

TEST_P(Arguments, BuffersAndTypes) {
  EXPECT_EQ(roundTrip([](auto&) {}), BF_OK);
  EXPECT_EQ(quantize([](auto&) {}), BF_OK);
  EXPECT_EQ(roundTrip([](auto& a) { a.struct_size = 8; }), BF_BAD_ARGUMENT);
  EXPECT_EQ(roundTrip([](auto& a) { a.format = nullptr; }), BF_BAD_ARGUMENT);
  EXPECT_EQ(roundTrip([](auto& a) { a.count = -1; }), BF_BAD_ARGUMENT);
  EXPECT_EQ(roundTrip([](auto& a) { a.input = nullptr; }), BF_BAD_ARGUMENT);
  EXPECT_EQ(roundTrip([](auto& a) { a.output = nullptr; }), BF_BAD_ARGUMENT);
  EXPECT_EQ(roundTrip([](auto& a) { a.input_type = BF_E8M0; }), BF_BAD_ARGUMENT);
  EXPECT_EQ(roundTrip([](auto& a) { a.output_type = -1; }), BF_BAD_ARGUMENT);
  EXPECT_EQ(quantize([](auto& a) { a.codes = nullptr; }), BF_BAD_ARGUMENT);
  EXPECT_EQ(quantize([](auto& a) { a.constants = nullptr; }), BF_BAD_ARGUMENT);
  EXPECT_EQ(GetParam()->quantize(nullptr), BF_BAD_ARGUMENT);
  EXPECT_EQ(GetParam()->dequantize(nullptr), BF_BAD_ARGUMENT);
  EXPECT_EQ(GetParam()->round_trip(nullptr), BF_BAD_ARGUMENT);
}

TEST_P(Arguments, Formats) {
  EXPECT_EQ(withFormat([](auto&) {}), BF_OK);
  EXPECT_EQ(withFormat([](auto& f) { f.struct_size = 8; }), BF_BAD_ARGUMENT);
  EXPECT_EQ(withFormat([](auto& f) { f.block_size = -64; }), BF_BAD_ARGUMENT);
  EXPECT_EQ(withFormat([](auto& f) { f.row_length = -1; }), BF_BAD_ARGUMENT);
  EXPECT_EQ(withFormat([](auto& f) { f.row_length = 33; }), BF_BAD_ARGUMENT);
  EXPECT_EQ(withFormat([](auto& f) { f.row_length = 32; }), BF_OK);
  EXPECT_EQ(withFormat([](auto& f) { f.codebook = nullptr; }), BF_BAD_ARGUMENT);
  EXPECT_EQ(withFormat([](auto& f) { f.codebook_size = 0; }), BF_BAD_ARGUMENT);
  EXPECT_EQ(withFormat([](auto& f) { f.codebook_size = 257; }), BF_BAD_ARGUMENT);
  EXPECT_EQ(withFormat([](auto& f) { f.constant_type = 5; }), BF_BAD_ARGUMENT);
  EXPECT_EQ(withFormat([](auto& f) { f.constant_rule = 3; }), BF_BAD_ARGUMENT);
  EXPECT_EQ(withFormat([](auto& f) { f.constant_rule = BF_CONSTANT_GIVEN; }), BF_BAD_ARGUMENT);
  EXPECT_EQ(withFormat([](auto& f) { f.mean_rule = BF_MEAN_BLOCK_GIVEN; }), BF_BAD_ARGUMENT);
  EXPECT_EQ(withFormat([](auto& f) { f.mean_rule = 9; }), BF_BAD_ARGUMENT);
  EXPECT_EQ(withFormat([](auto& f) {
              f.mean_rule = BF_MEAN_TENSOR;
              f.tensor_mean = NAN;
            }),
            BF_BAD_ARGUMENT);
  EXPECT_EQ(withFormat([](auto& f) { f.code_layout = 2; }), BF_BAD_ARGUMENT);
  EXPECT_EQ(withFormat([](auto& f) {
              f.code_layout = BF_CODES_PACKED;
              f.code_bits = 3;
            }),
            BF_BAD_ARGUMENT);
  EXPECT_EQ(withFormat([](auto& f) {
              f.code_layout = BF_CODES_PACKED;
              f.code_bits = 9;
            }),
            BF_BAD_ARGUMENT);
  EXPECT_EQ(withFormat([](auto& f) { f.constant_type = BF_E4M3; }), BF_BAD_ARGUMENT);
  EXPECT_EQ(withFormat([](auto& f) {
              f.constant_type = BF_E4M3;
              f.tensor_scale = 0.5F;
            }),
            BF_OK);
  EXPECT_EQ(withFormat([](auto& f) {
              f.constant_type = BF_E8M0;
              f.constant_rule = BF_CONSTANT_SIGNED_MAX;
            }),
            BF_BAD_ARGUMENT);
  const std::vector<float> descending = {1.0F, 0.0F};
  EXPECT_EQ(withFormat([&](auto& f) {
              f.codebook = descending.data();
              f.codebook_size = 2;
            }),
            BF_BAD_ARGUMENT);
  const std::vector<float> infinite = {0.0F, INFINITY};
  EXPECT_EQ(withFormat([&](auto& f) {
              f.codebook = infinite.data();
              f.codebook_size = 2;
            }),
            BF_BAD_ARGUMENT);
}

std::vector<const bf_kernel_table*> hostTables() {
  std::vector<const bf_kernel_table*> tables = {&referenceKernels()};
  if (const bf_kernel_table* simd = simdKernels()) tables.push_back(simd);
  return tables;
}

INSTANTIATE_TEST_SUITE_P(Host, Arguments, testing::ValuesIn(hostTables()),
                         [](const auto& tested) { return std::string(tested.param->name); });

}  // namespace
}  // namespace bitfrontier
