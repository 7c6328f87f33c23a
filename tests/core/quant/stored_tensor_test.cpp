// SPDX-License-Identifier: GPL-3.0-or-later
// The stored form: what its parts are, what they weigh, and that they come back.
#include <ATen/ATen.h>
#include <gtest/gtest.h>

#include <map>
#include <string>
#include <vector>

#include "core/base/error.h"
#include "core/quant/bit_accounting.h"
#include "core/quant/outliers.h"
#include "core/quant/quantize.h"
#include "kernels/registry.h"

namespace bitfrontier {
namespace {

at::Tensor normals(at::IntArrayRef shape, std::uint64_t seed = 7) {
  at::Generator generator = at::globalContext().defaultGenerator(at::kCPU).clone();
  generator.set_current_seed(seed);
  return at::randn(shape, generator) * 0.02;
}

const std::vector<std::string> kSpecs = {"int2-b16",
                                         "int3-tensor",
                                         "int3-b64r",
                                         "nf4-row",
                                         "float5-b128",
                                         "dynamic6-b64",
                                         "quantile7-b64",
                                         "learned3-b64",
                                         "nf4-b64-sdq",
                                         "mxfp4",
                                         "mxfp6e3m2",
                                         "mxint8",
                                         "nvfp4",
                                         "af4-b64",
                                         "snf2-b32",
                                         "int4-b64-mean",
                                         "int4-b64-bmean",
                                         "int4-b64-signed",
                                         "int3-b64-oc3",
                                         "int3-b64-o2",
                                         "int4-b64-mse",
                                         "int4-b64-gptq",
                                         "nf3-b64r-o2-gptq",
                                         "nf4-b64-awq",
                                         "nf3-b32-sdq-oc5-awq",
                                         "int5-b64-sfp32",
                                         "nf4-b256-sbf16"};

class StoredTensor : public testing::Test {
 protected:
  StoredTensor() {
    const at::Tensor x = normals({300, 70}, 3).to(at::kDouble);
    inputs_ = {at::mm(x.t(), x) / 300.0, x.abs().mean(0), 300};
    options_.inputs = &inputs_;
    options_.previousDeviations = unitDeviations(normals({70, 20}, 4));
  }
  QuantizedTensor stored(const std::string& spec) const {
    return quantize(weight_, QuantConfig::parse(spec), kernelsFor("cpu"), options_);
  }

  at::Tensor weight_ = normals({37, 70});
  InputStatistics inputs_;
  QuantizeOptions options_;
};

TEST_F(StoredTensor, PartsAreThoseForetoldAndComeBack) {
  for (const std::string& spec : kSpecs) {
    const QuantizedTensor tensor = stored(spec);
    const std::vector<StoredPart> foretold = storedParts(tensor.config, tensor.shape);
    const auto parts = tensor.parts();
    ASSERT_EQ(parts.size(), foretold.size()) << spec;
    std::map<std::string, at::Tensor> byName;
    std::int64_t bytes = 0;
    for (std::size_t i = 0; i < parts.size(); ++i) {
      EXPECT_EQ(parts[i].first, foretold[i].name) << spec;
      EXPECT_EQ(parts[i].second.scalar_type(), foretold[i].type) << spec << parts[i].first;
      EXPECT_EQ(parts[i].second.sizes(), at::IntArrayRef(foretold[i].shape))
          << spec << parts[i].first;
      byName[parts[i].first] = parts[i].second;
      bytes += static_cast<std::int64_t>(parts[i].second.nbytes());
    }
    EXPECT_EQ(tensor.storedBits(), 8 * bytes);
    EXPECT_EQ(tensorBits(tensor.shape, tensor.config), 8 * bytes) << spec;
    const auto find = [&](const char* name) {
      const auto found = byName.find(name);
      return found == byName.end() ? at::Tensor() : found->second;
    };
    const QuantizedTensor again = QuantizedTensor::fromParts(tensor.config, tensor.shape, find);
    EXPECT_TRUE(at::equal(dequantize(again, at::kFloat), dequantize(tensor, at::kFloat))) << spec;
    // Without any one of them there is no tensor.
    for (const auto& [name, part] : parts) {
      byName.erase(name);
      EXPECT_THROW(QuantizedTensor::fromParts(tensor.config, tensor.shape, find), Error)
          << spec << ' ' << name;
      byName[name] = part;
    }
  }
}

TEST_F(StoredTensor, DamagedPartsAreRefused) {
  const QuantizedTensor tensor = stored("int3-b64-oc3");
  const auto parts = tensor.parts();
  const auto rebuilt = [&](const std::string& changed, const at::Tensor& value) {
    return QuantizedTensor::fromParts(tensor.config, tensor.shape, [&](const char* name) {
      if (changed == name) return value;
      for (const auto& [part, held] : parts)
        if (part == name) return held;
      return at::Tensor();
    });
  };
  EXPECT_THROW(rebuilt("codes", tensor.codes.slice(0, 1)), Error);
  EXPECT_THROW(rebuilt("constants", tensor.constants.to(at::kFloat)), Error);
  EXPECT_THROW(rebuilt("outlier_columns", at::tensor({5, 4}, at::kInt)), Error);
  EXPECT_THROW(rebuilt("outlier_columns", at::tensor({5, 70}, at::kInt)), Error);
  EXPECT_THROW(rebuilt("outlier_columns", at::tensor({-1, 5}, at::kInt)), Error);
}

TEST_F(StoredTensor, HandArithmetic) {
  // 37 x 70 = 2590 weights.
  const std::map<std::string, std::int64_t> expected = {
      {"int2-b16", 648 * 8 + 162 * 16},      // 5180 bits in 648 bytes, 162 blocks
      {"int3-tensor", 972 * 8 + 16},         // 7770 bits
      {"int3-b64r", 972 * 8 + 2 * 37 * 16},  // a block of 64 and one of 6 a row
      {"nf4-row", 1295 * 8 + 37 * 16},
      {"quantile7-b64", 2267 * 8 + 41 * 16 + 128 * 16},
      {"learned3-b64", 972 * 8 + 41 * 16 + 8 * 16},
      {"nf4-b64-sdq", 1295 * 8 + 41 * 8 + 32 + 32},
      {"mxfp4", 1295 * 8 + 81 * 8},
      {"nvfp4", 1295 * 8 + 162 * 8 + 32},
      {"int4-b64-mean", 1295 * 8 + 41 * 16 + 32},
      {"int4-b64-bmean", 1295 * 8 + 41 * 16 + 41 * 16},
      // Two of 70 columns out: 37 x 68 = 2516 weights in 40 blocks.
      {"int3-b64-oc3", 944 * 8 + 40 * 16 + 2 * 37 * 16 + 2 * 32},
      {"nf4-b64-awq", 1295 * 8 + 41 * 16 + 70 * 16},
      {"int5-b64-sfp32", 1619 * 8 + 41 * 32},
  };
  for (const auto& [spec, bits] : expected) EXPECT_EQ(stored(spec).storedBits(), bits) << spec;
}

}  // namespace
}  // namespace bitfrontier
