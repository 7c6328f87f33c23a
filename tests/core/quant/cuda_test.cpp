// SPDX-License-Identifier: GPL-3.0-or-later
// The CUDA kernels against the reference, bit for bit. Skipped, with the reason, without a GPU.
#include <ATen/ATen.h>
#include <gtest/gtest.h>

#include <limits>
#include <string>
#include <vector>

#include "core/base/error.h"
#include "core/device/device.h"
#include "core/quant/quantize.h"
#include "kernels/registry.h"
#include "tests/core/quant/unpacked_codes.h"

namespace bitfrontier {
namespace {

class CudaKernels : public testing::Test {
 protected:
  void SetUp() override {
    if (!loadCudaBackend().loaded) GTEST_SKIP() << loadCudaBackend().reason;
    if (cudaKernels().table == nullptr) GTEST_SKIP() << cudaKernels().reason;
    kernels_ = cudaKernels().table;
  }

  const bf_kernel_table* kernels_ = nullptr;
};

const std::vector<std::string> kSpecs = {
    "int2-b16",    "int3-b64",       "int8-tensor",   "float3-b32",    "float4-b64",
    "float5-b128", "float8e6m1-b64", "dynamic4-b256", "dynamic6-b512", "dynamic8-b1024",
    "int4-b2048",  "int7-b4096",     "quantile4-b64", "float4-tensor"};

/// Not in one pass: constants in 8 bits.
const std::vector<std::string> kDoubleSpecs = {"nf4-b64-sdq", "int3-b32-sdq-bmean",
                                               "dynamic8-b128-sdq"};

std::vector<at::Tensor> weights() {
  std::vector<at::Tensor> all = {at::randn({1}),      at::randn({17}) * 1e-6,
                                 at::randn({65, 63}), at::randn({4096, 33}),
                                 at::zeros({100}),    at::randn({300, 1000})};
  all.push_back(at::randn({1000}) * 1e30);
  all.push_back(at::linspace(-1, 1, 4097));
  return all;
}

TEST_F(CudaKernels, RoundTripEqualsTheReference) {
  for (const at::Tensor& weight : weights()) {
    for (const at::ScalarType input : {at::kFloat, at::kHalf, at::kBFloat16}) {
      const at::Tensor host = weight.to(input);
      if (!at::isfinite(host).all().item<bool>()) continue;
      for (const at::ScalarType output : {at::kFloat, at::kHalf, at::kBFloat16}) {
        for (const std::string& spec : kSpecs) {
          const QuantConfig config = QuantConfig::parse(spec);
          const at::Tensor expected = quantizeDequantize(host, config, referenceKernels(), output);
          const at::Tensor result = quantizeDequantize(host.cuda(), config, *kernels_, output);
          EXPECT_TRUE(result.is_cuda());
          EXPECT_TRUE(at::equal(result.cpu(), expected)) << spec << " on " << host.sizes();
        }
      }
    }
  }
}

TEST_F(CudaKernels, DoubleQuantizedConstantsStayOnTheDevice) {
  const at::Tensor host = at::randn({300, 1000}, at::kHalf);
  for (const std::string& spec : kDoubleSpecs) {
    const QuantConfig config = QuantConfig::parse(spec);
    const at::Tensor expected =
        dequantize(quantize(host, config, referenceKernels()), at::kHalf, referenceKernels());
    const at::Tensor result = quantizeDequantize(host.cuda(), config, *kernels_, at::kHalf);
    EXPECT_TRUE(result.is_cuda());
    EXPECT_TRUE(at::equal(result.cpu(), expected)) << spec;
  }
}

TEST_F(CudaKernels, CodesAndConstantsEqualTheReference) {
  const at::Tensor host = at::randn({777, 129});
  const at::Tensor device = host.cuda();
  for (const std::string& spec : kSpecs) {
    const QuantConfig config = QuantConfig::parse(spec);
    const QuantizedTensor expected = quantize(host, config, referenceKernels());
    const at::Tensor bytes = test::unpackedCodes(expected);
    const at::Tensor codes = at::empty_like(bytes, at::device(at::kCUDA));
    const at::Tensor constants = at::empty_like(expected.constants, at::device(at::kCUDA));
    bf_format format{};
    format.struct_size = sizeof format;
    format.codebook = expected.codebook.data();
    format.codebook_size = static_cast<std::int32_t>(expected.codebook.size());
    format.block_size = config.blockSize;
    format.constant_type = BF_FP16;
    bf_quantize_args make{};
    make.format = &format;
    make.struct_size = sizeof make;
    make.input = device.const_data_ptr();
    make.count = host.numel();
    make.codes = codes.data_ptr();
    make.constants = constants.data_ptr();
    ASSERT_EQ(kernels_->quantize(&make), BF_OK) << kernels_->last_error();
    EXPECT_TRUE(at::equal(codes.cpu(), bytes)) << spec;
    EXPECT_TRUE(at::equal(constants.cpu(), expected.constants)) << spec;
    const at::Tensor values = at::empty(host.sizes(), at::device(at::kCUDA).dtype(at::kFloat));
    bf_dequantize_args read{};
    read.struct_size = sizeof read;
    read.codes = make.codes;
    read.constants = make.constants;
    read.count = make.count;
    read.format = &format;
    read.output = values.data_ptr();
    ASSERT_EQ(kernels_->dequantize(&read), BF_OK) << kernels_->last_error();
    EXPECT_TRUE(at::equal(values.cpu(), dequantize(expected, at::kFloat))) << spec;
  }
}

TEST_F(CudaKernels, NotFiniteValuesAreNamed) {
  at::Tensor weight = at::randn({300000});
  weight[200001] = std::numeric_limits<float>::infinity();
  weight[123457] = std::numeric_limits<float>::quiet_NaN();
  for (const char* spec : {"int4-b64", "float4-tensor"}) {
    try {
      quantizeDequantize(weight.cuda(), QuantConfig::parse(spec), *kernels_);
      ADD_FAILURE() << "no error";
    } catch (const Error& error) {
      EXPECT_EQ(std::string(error.what()), "value 123457 of 300000 is nan");
    }
  }
}

TEST_F(CudaKernels, HostMemoryIsRefused) {
  EXPECT_THROW(quantizeDequantize(at::ones({8}), QuantConfig::parse("int4-b64"), *kernels_), Error);
  EXPECT_THROW(
      quantizeDequantize(at::ones({8}).cuda(), QuantConfig::parse("int4-b64"), referenceKernels()),
      Error);
}

}  // namespace
}  // namespace bitfrontier
