// SPDX-License-Identifier: GPL-3.0-or-later
// What holds for every weight, block and type: random matrices of random spread, random formats.
#include <ATen/ATen.h>
#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <cmath>
#include <string>
#include <vector>

#include "core/quant/quantize.h"
#include "kernels/registry.h"

namespace bitfrontier {
namespace {

/// Normal, heavy-tailed or nearly constant values, any magnitude that fp16 constants hold.
at::Tensor anyMatrix() {
  at::Generator generator = at::globalContext().defaultGenerator(at::kCPU).clone();
  generator.set_current_seed(*rc::gen::inRange<std::uint64_t>(0, 1000000));
  const auto rows = *rc::gen::inRange<std::int64_t>(1, 12);
  const auto columns = *rc::gen::inRange<std::int64_t>(1, 200);
  at::Tensor x = at::randn({rows, columns}, generator);
  switch (*rc::gen::inRange(0, 4)) {
    case 1:
      x = x.pow(3);
      break;
    case 2:
      x = x * 1e-4 + 1.0;
      break;
    case 3:
      x = x * at::randn({rows, columns}, generator).gt(0);  // half of them zero
      break;
    default:
      break;
  }
  return x * std::exp2(*rc::gen::inRange(-8, 8));
}

std::string anyBlock() {
  return *rc::gen::element(std::string("-b16"), std::string("-b64"), std::string("-b32r"),
                           std::string("-row"), std::string("-tensor"), std::string("-b1024"));
}

std::string anyConstant() {
  return *rc::gen::element(std::string(""), std::string("-sfp32"), std::string("-sbf16"),
                           std::string("-se8m0"));
}

/// A float split of `bits`.
std::string anyFloat(int bits) {
  const int exponent = *rc::gen::inRange(1, bits);
  return "float" + std::to_string(bits) + "e" + std::to_string(exponent) + "m" +
         std::to_string(bits - 1 - exponent);
}

std::string anySymmetricType() {
  const int bits = *rc::gen::inRange(2, 9);
  if (*rc::gen::inRange(0, 3) == 0) return anyFloat(bits);
  return *rc::gen::element(std::string("int"), std::string("snf")) + std::to_string(bits);
}

at::Tensor roundTrip(const at::Tensor& x, const std::string& spec) {
  return quantizeDequantize(x, QuantConfig::parse(spec), kernelsFor("cpu"));
}

TEST(QuantizeProperty, TablesWithBothEndsAreIdempotent) {
  EXPECT_TRUE(rc::check("quantizing twice is quantizing once", [] {
    const at::Tensor x = anyMatrix();
    const std::string type = *rc::gen::inRange(0, 2) == 0
                                 ? anySymmetricType()
                                 : "nf" + std::to_string(*rc::gen::inRange(2, 9));
    // Scales that are powers of two keep the largest value only where the type has one near it.
    const bool ocp = type.starts_with("int") || type.starts_with("float");
    std::string constant = anyConstant();
    if (constant == "-se8m0" && !ocp) constant = "-sfp32";
    const std::string spec = type + anyBlock() + constant;
    const at::Tensor once = roundTrip(x, spec);
    RC_LOG() << spec << '\n';
    RC_ASSERT(at::equal(roundTrip(once, spec), once));
  }));
}

TEST(QuantizeProperty, ErrorIsWithinHalfAGap) {
  EXPECT_TRUE(rc::check("|x - x'| <= half the widest gap times the constant", [] {
    const at::Tensor x = anyMatrix();
    std::string type =
        *rc::gen::element(std::string("int"), std::string("dynamic"), std::string("nf"),
                          std::string("snf"), std::string("quantile"), std::string("nquantile"));
    type = *rc::gen::inRange(0, 4) == 0 ? anyFloat(*rc::gen::inRange(2, 9))
                                        : type + std::to_string(*rc::gen::inRange(2, 9));
    const std::string spec = type + "-row-sfp32";
    RC_LOG() << spec << '\n';
    const QuantizedTensor tensor = quantize(x, QuantConfig::parse(spec), kernelsFor("cpu"));
    const std::vector<float>& table = tensor.codebook;
    // A zero block has constant 0; a table of zeros (quantiles of zeros) says nothing.
    if (table.back() == 0.0F && table.front() == 0.0F) return;
    double gap = std::max(1.0 - table.back(), 1.0 + table.front());
    for (std::size_t i = 0; i + 1 < table.size(); ++i)
      gap = std::max(gap, (static_cast<double>(table[i + 1]) - table[i]) / 2);
    const at::Tensor error = (dequantize(tensor, at::kFloat) - x).abs();
    const at::Tensor bound = std::get<0>(x.abs().max(1, true)) * (gap * (1 + 1e-6) + 1e-6);
    RC_ASSERT((error <= bound).all().item<bool>());
  }));
}

TEST(QuantizeProperty, SymmetricTypesMirrorSigns) {
  EXPECT_TRUE(rc::check("Q(-x) = -Q(x)", [] {
    const at::Tensor x = anyMatrix();
    // Without a zero, snf has a code on either side of it for an exact zero.
    std::string type = anySymmetricType();
    if (type.starts_with("snf")) type = "int" + type.substr(3);
    const std::string spec = type + anyBlock() + anyConstant();
    RC_LOG() << spec << '\n';
    RC_ASSERT(at::equal(roundTrip(-x, spec), -roundTrip(x, spec)));
  }));
}

TEST(QuantizeProperty, PowersOfTwoPassThrough) {
  EXPECT_TRUE(rc::check("Q(2^n x) = 2^n Q(x) with fp32 or power-of-two constants", [] {
    const at::Tensor x = anyMatrix();
    const int n = *rc::gen::inRange(-20, 21);
    const std::string type =
        *rc::gen::element(std::string("int"), std::string("float"), std::string("dynamic"),
                          std::string("nf"), std::string("snf"), std::string("quantile")) +
        std::to_string(*rc::gen::inRange(2, 9));
    const std::string spec = type + anyBlock() +
                             *rc::gen::element(std::string("-sfp32"), std::string("-se8m0")) +
                             *rc::gen::element(std::string(), std::string("-mean"));
    RC_LOG() << spec << ' ' << n << '\n';
    RC_ASSERT(at::equal(roundTrip(x * std::exp2(n), spec), roundTrip(x, spec) * std::exp2(n)));
  }));
}

TEST(QuantizeProperty, ErrorFallsWithEveryBitOfAFamily) {
  at::Generator generator = at::globalContext().defaultGenerator(at::kCPU).clone();
  generator.set_current_seed(17);
  const at::Tensor x = at::randn({256, 256}, generator);
  for (const char* family :
       {"int", "float", "dynamic", "quantile", "nquantile", "nf", "snf", "af", "learned"}) {
    for (const char* rest : {"-b64", "-b64r-mse", "-b256-sdq", "-b64-bmean", "-b32-signed"}) {
      double previous = 1e9;
      for (int bits = 2; bits <= 8; ++bits) {
        if (std::string(family) == "af" && bits > 6) continue;  // their tables take a second each
        const double error =
            (roundTrip(x, family + std::to_string(bits) + rest) - x).square().mean().item<double>();
        EXPECT_LT(error, previous) << family << bits << rest;
        previous = error;
      }
    }
  }
}

}  // namespace
}  // namespace bitfrontier
