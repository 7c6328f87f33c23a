// SPDX-License-Identifier: GPL-3.0-or-later
// GPTQ against optimal brain quantization done step by step in fp64 (Frantar & Alistarh 2022), and
// what it must do to the error of a layer's outputs. AWQ against its promise.
#include <ATen/ATen.h>
#include <gtest/gtest.h>

#include <cmath>
#include <string>
#include <vector>

#include "core/base/error.h"
#include "core/quant/quantize.h"
#include "kernels/registry.h"

namespace bitfrontier {
namespace {

at::Tensor normals(at::IntArrayRef shape, std::uint64_t seed) {
  at::Generator generator = at::globalContext().defaultGenerator(at::kCPU).clone();
  generator.set_current_seed(seed);
  return at::randn(shape, generator);
}

/// Inputs that depend on each other, some much larger than others.
InputStatistics inputsOf(std::int64_t columns, std::uint64_t seed, std::int64_t count = 400) {
  const at::Tensor mix = normals({columns, columns}, seed);
  const at::Tensor sizes = at::logspace(-1, 1, columns);
  const at::Tensor x = (at::mm(normals({count, columns}, seed + 1), mix) * sizes).to(at::kDouble);
  return {at::mm(x.t(), x) / static_cast<double>(count), x.abs().mean(0), count};
}

/// Mean square of the outputs' error.
double loss(const at::Tensor& weight, const at::Tensor& result, const InputStatistics& inputs) {
  const at::Tensor error = (result - weight).to(at::kDouble);
  return (at::mm(error, inputs.moments) * error).sum().item<double>();
}

at::Tensor roundTrip(const at::Tensor& weight, const std::string& spec,
                     const InputStatistics* inputs = nullptr) {
  QuantizeOptions options;
  options.inputs = inputs;
  return quantizeDequantize(weight, QuantConfig::parse(spec), kernelsFor("cpu"), at::kFloat,
                            options);
}

/// One row by optimal brain quantization in the given order: round a weight, spread its error over
/// the weights still free, take it out of the inverse.
std::vector<double> brainSurgeon(std::vector<double> row, const at::Tensor& moments,
                                 const std::vector<int>& order, const std::vector<float>& table,
                                 const std::vector<double>& constants, std::int64_t block) {
  const auto n = static_cast<int>(row.size());
  at::Tensor inverse = at::linalg_inv(moments).contiguous();
  std::vector<double> result(row.size());
  for (const int j : order) {
    const auto* h = inverse.const_data_ptr<double>();
    const double c = constants[static_cast<std::size_t>(j / block)];
    double best = table.front();
    for (const float value : table)
      if (std::abs(value - row[j] / c) < std::abs(best - row[j] / c)) best = value;
    result[j] = best * c;
    const double step = (row[j] - result[j]) / h[j * n + j];
    for (int k = 0; k < n; ++k) row[k] -= step * h[j * n + k];
    inverse = (inverse - at::outer(inverse.select(1, j), inverse[j]) / inverse[j][j]).contiguous();
    // The rounded weight is fixed; rounding errors must not move it.
    inverse[j].zero_();
    inverse.select(1, j).zero_();
  }
  return result;
}

TEST(Gptq, IsOptimalBrainQuantizationColumnByColumn) {
  const std::int64_t columns = 24;
  const at::Tensor weight = normals({5, columns}, 11);
  const InputStatistics inputs = inputsOf(columns, 21);
  at::Tensor damped = inputs.moments.clone();
  damped.diagonal().add_(0.01 * inputs.moments.diagonal().mean().item<double>());
  for (const bool byEnergy : {false, true}) {
    // Constants of whole rows do not change on the way, whatever the order.
    const std::string spec = std::string("int3-row-sfp32-gptq") + (byEnergy ? "-act" : "");
    const at::Tensor result = roundTrip(weight, spec, &inputs);
    std::vector<int> order(columns);
    for (int i = 0; i < columns; ++i) order[i] = i;
    if (byEnergy) {
      const at::Tensor energy = inputs.moments.diagonal().contiguous();
      std::stable_sort(order.begin(), order.end(), [&](int a, int b) {
        return energy[a].item<double>() > energy[b].item<double>();
      });
    }
    const std::vector<float> table = codebookFor(QuantConfig::parse("int3-b64"));
    for (int r = 0; r < 5; ++r) {
      std::vector<double> row;
      for (int i = 0; i < columns; ++i) row.push_back(weight[r][i].item<double>());
      const std::vector<double> expected =
          brainSurgeon(row, damped, order, table, {weight[r].abs().max().item<double>()}, columns);
      for (int i = 0; i < columns; ++i)
        EXPECT_NEAR(result[r][i].item<double>(), expected[i], 1e-5) << spec << ' ' << r << ' ' << i;
    }
  }
}

TEST(Gptq, LowersTheErrorOfTheOutputsForEveryTypeAndBlock) {
  const at::Tensor weight = normals({48, 96}, 31);
  const InputStatistics inputs = inputsOf(96, 41);
  for (const char* spec :
       {"int3-b32", "int3-b32r", "int4-row", "nf3-b16", "float4e2m1-b64", "mxfp4", "nvfp4",
        "nf4-b32-sdq", "int3-tensor", "quantile4-b32", "learned3-b32", "int3-b32-bmean",
        "int3-b64-mean", "int3-b32-mse", "int3-b32-wmse", "int3-b32-signed", "snf3-b128r"}) {
    const std::string plain = spec;
    const InputStatistics* needed = plain.ends_with("wmse") ? &inputs : nullptr;
    const double before = loss(weight, roundTrip(weight, plain, needed), inputs);
    const double after = loss(weight, roundTrip(weight, plain + "-gptq", &inputs), inputs);
    // In order, the loudest inputs come last here, with nothing behind them to make up for their
    // errors; by energy they come first.
    EXPECT_LT(after, before * 0.95) << spec;
    const double ordered = loss(weight, roundTrip(weight, plain + "-gptq-act", &inputs), inputs);
    EXPECT_LT(ordered, before * 0.75) << spec;
  }
}

TEST(Gptq, UncorrelatedInputsLeaveRoundToNearest) {
  const at::Tensor weight = normals({20, 64}, 51);
  InputStatistics inputs;
  inputs.moments = at::diag(at::linspace(0.5, 2, 64, at::kDouble));
  inputs.magnitudes = inputs.moments.diagonal().sqrt();
  for (const char* spec : {"int4-b32", "nf3-b64r", "int4-b16-bmean", "mxfp4"})
    EXPECT_TRUE(at::allclose(roundTrip(weight, std::string(spec) + "-gptq", &inputs),
                             roundTrip(weight, spec), 0, 1e-6))
        << spec;
}

TEST(Gptq, OutlierColumnsMakeUpForTheOthers) {
  at::Tensor weight = normals({32, 64}, 61);
  weight.select(1, 9).mul_(20);
  const InputStatistics inputs = inputsOf(64, 71);
  const at::Tensor result = roundTrip(weight, "int3-b32-oc2-gptq", &inputs);
  // The kept column is in 16 bit, but moved.
  EXPECT_TRUE(at::equal(result.select(1, 9), result.select(1, 9).to(at::kHalf).to(at::kFloat)));
  EXPECT_FALSE(at::allclose(result.select(1, 9), weight.select(1, 9), 1e-3));
  EXPECT_LT(loss(weight, result, inputs),
            0.95 * loss(weight, roundTrip(weight, "int3-b32-oc2"), inputs));
}

TEST(Gptq, DeadInputsAndBadMomentsAreHandled) {
  const at::Tensor weight = normals({8, 32}, 81);
  InputStatistics inputs = inputsOf(32, 91);
  inputs.moments[5].zero_();
  inputs.moments.select(1, 5).zero_();
  const at::Tensor result = roundTrip(weight, "int4-b32-gptq", &inputs);
  EXPECT_TRUE(at::isfinite(result).all().item<bool>());
  EXPECT_EQ(result.select(1, 5).abs().max().item<float>(), 0.0F);
  // Fewer inputs than columns: only the damping makes the moments positive definite.
  inputs = inputsOf(32, 91, 10);
  EXPECT_TRUE(at::isfinite(roundTrip(weight, "int4-b32-gptq", &inputs)).all().item<bool>());
  inputs.moments = -at::eye(32, at::kDouble);
  EXPECT_THROW(roundTrip(weight, "int4-b32-gptq", &inputs), Error);
  inputs = inputsOf(31, 91);
  EXPECT_THROW(roundTrip(weight, "int4-b32-gptq", &inputs), Error);
  EXPECT_THROW(roundTrip(weight, "int4-b32-gptq"), Error);
}

TEST(Awq, NeverLosesAndSavesSalientChannels) {
  const at::Tensor weight = normals({64, 128}, 101);
  // A few loud channels, none of which has large weights: what AWQ is for.
  const at::Tensor sizes = at::ones({128}, at::kDouble);
  for (const int loud : {7, 40, 99}) sizes[loud] = 40.0;
  const at::Tensor x = normals({500, 128}, 102).to(at::kDouble) * sizes;
  const InputStatistics inputs = {at::mm(x.t(), x) / 500.0, x.abs().mean(0), 500};
  for (const char* spec : {"int3-b32", "nf4-b64", "int4-row", "int3-b64-oc2", "int3-b32-wmse"}) {
    const InputStatistics* needed = std::string(spec).ends_with("wmse") ? &inputs : nullptr;
    const double before = loss(weight, roundTrip(weight, spec, needed), inputs);
    const double after =
        loss(weight, roundTrip(weight, std::string(spec) + "-awq", &inputs), inputs);
    EXPECT_LT(after, before * 0.8) << spec;
  }
  // Inputs all alike: there is nothing to gain, and nothing is lost.
  const InputStatistics flat = {at::eye(128, at::kDouble), at::ones({128}, at::kDouble), 1};
  const double plain = loss(weight, roundTrip(weight, "int4-b32"), flat);
  EXPECT_LE(loss(weight, roundTrip(weight, "int4-b32-awq", &flat), flat), plain * (1 + 1e-6));
}

TEST(Awq, ScalesAreStoredAndCounted) {
  const at::Tensor weight = normals({16, 64}, 111);
  const InputStatistics inputs = inputsOf(64, 112);
  QuantizeOptions options;
  options.inputs = &inputs;
  const QuantizedTensor tensor =
      quantize(weight, QuantConfig::parse("int4-b64-awq"), kernelsFor("cpu"), options);
  ASSERT_EQ(tensor.inputScales.numel(), 64);
  EXPECT_EQ(tensor.storedBits(), 16 * 64 * 4 + 16 * 16 + 64 * 16);
  // What is stored, divided by the scales, is the weight.
  QuantizedTensor unscaled = tensor;
  unscaled.inputScales = at::Tensor();
  EXPECT_TRUE(at::allclose(dequantize(unscaled, at::kFloat) / tensor.inputScales.to(at::kFloat),
                           dequantize(tensor, at::kFloat)));
}

}  // namespace
}  // namespace bitfrontier
