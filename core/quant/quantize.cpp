// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/quant/quantize.h"

#include <ATen/ATen.h>
#include <fmt/format.h>

#include <cmath>

#include "core/base/error.h"
#include "core/quant/awq.h"
#include "core/quant/blocks.h"
#include "core/quant/double_quantization.h"
#include "core/quant/encode.h"
#include "core/quant/gptq.h"
#include "core/quant/kernel_call.h"
#include "core/quant/outliers.h"
#include "kernels/packing.h"

namespace bitfrontier {
namespace {

void checkWeight(const at::Tensor& weight, const bf_kernel_table& kernels) {
  if (!weight.defined() || weight.numel() == 0)
    throw Error(ErrorKind::InvalidArgument, "a weight to quantize has no values");
  kernelType(weight.scalar_type(), "a weight to quantize");
  if (weight.layout() != at::kStrided)
    throw Error(ErrorKind::InvalidArgument, "a weight to quantize is sparse");
  if (weight.is_cpu() != hostKernels(kernels))
    throw Error(ErrorKind::InvalidArgument,
                fmt::format("a weight on {} cannot be quantized by the {} kernels",
                            weight.device().str(), kernels.name));
}

/// One matrix on its way to its stored form.
class Quantizer {
 public:
  Quantizer(at::Tensor matrix, const QuantConfig& config, const bf_kernel_table& kernels,
            const QuantizeOptions& options)
      : matrix_(std::move(matrix)), config_(config), kernels_(kernels), options_(options) {
    const std::int64_t columns = matrix_.size(1);
    if (config.needsCalibration()) {
      if (options.inputs == nullptr)
        throw Error(
            ErrorKind::InvalidArgument,
            fmt::format("{} needs the layer's inputs on a calibration text", config.spec()));
      inputs_ = *options.inputs;
      if (inputs_.moments.sizes() != at::IntArrayRef({columns, columns}))
        throw Error(ErrorKind::InvalidArgument,
                    fmt::format("statistics of {} inputs do not fit a weight with {}",
                                inputs_.moments.size(0), columns));
    }
    const std::int64_t kept = outlierCount(config, columns);
    if (kept > 0) splitOff(largestIndices(deviations(), kept));
  }

  QuantizedTensor run() {
    QuantizedTensor tensor;
    at::Tensor outliers = outliers_;
    if (config_.method == Method::Gptq) {
      const at::Tensor all = outliers.defined() ? at::cat({matrix_, outliers}, 1) : matrix_;
      GptqResult result =
          quantizeGptq(all.to(at::kFloat), inputs_.moments,
                       outliers.defined() ? outliers.size(1) : 0, config_, kernels_);
      tensor = std::move(result.tensor);
      if (outliers.defined()) outliers = result.kept;
    } else if (config_.method == Method::Awq) {
      tensor = quantizeAwq(matrix_, inputs_, config_, kernels_);
    } else {
      at::Tensor columnWeights;
      if (config_.search == ScaleSearch::Weighted)
        columnWeights = inputs_.moments.diagonal().to(at::kFloat).contiguous();
      tensor =
          encodeNearest(matrix_, fitMatrix(matrix_, config_, kernels_), kernels_, columnWeights);
    }
    if (outliers.defined()) {
      tensor.shape[1] += columns_.numel();
      tensor.outlierColumns = columns_.to(at::kInt);
      tensor.outliers = outliers.clamp(-65504.0, 65504.0).to(at::kHalf).contiguous();
    }
    return tensor;
  }

 private:
  at::Tensor deviations() const {
    if (config_.outliers == OutlierRule::CurrentColumn) return columnDeviations(matrix_);
    if (!options_.previousDeviations.defined())
      throw Error(ErrorKind::InvalidArgument,
                  fmt::format("{} needs the previous layer's weights", config_.spec()));
    if (options_.previousDeviations.numel() != matrix_.size(1))
      throw Error(ErrorKind::InvalidArgument,
                  fmt::format("a previous layer with {} units does not fit a weight with {} inputs",
                              options_.previousDeviations.numel(), matrix_.size(1)));
    return options_.previousDeviations;
  }

  /// Takes outlier columns out of the matrix, and their inputs to the end of the statistics.
  void splitOff(const at::Tensor& columns) {
    columns_ = columns;
    at::Tensor others = at::ones({matrix_.size(1)}, at::kBool);
    others.index_fill_(0, columns, false);
    others = others.nonzero().flatten();
    outliers_ = matrix_.index_select(1, columns);
    matrix_ = matrix_.index_select(1, others).contiguous();
    if (!inputs_.moments.defined()) return;
    // GPTQ makes up for errors in the outlier columns too; the others do not know them.
    const at::Tensor order = config_.method == Method::Gptq ? at::cat({others, columns}) : others;
    inputs_.moments = inputs_.moments.index_select(0, order).index_select(1, order);
    inputs_.magnitudes = inputs_.magnitudes.index_select(0, order);
  }

  at::Tensor matrix_;  ///< [rows, columns], without outlier columns
  const QuantConfig& config_;
  const bf_kernel_table& kernels_;
  const QuantizeOptions& options_;
  InputStatistics inputs_;
  at::Tensor columns_, outliers_;
};

/// The weight with what is not finite refused or replaced. Plain rounding lets the kernels look.
at::Tensor finiteWeight(const at::Tensor& weight, const QuantConfig& config,
                        const QuantizeOptions& options, bool kernelsLook) {
  if (options.clamped != nullptr) *options.clamped = 0;
  if (kernelsLook && options.nonFinite == NonFinite::Fail) return weight;
  const std::int64_t bad = firstNotFinite(weight);
  if (bad < 0) return weight;
  if (options.nonFinite == NonFinite::Fail) failNotFinite(weight, bad);
  std::int64_t count = 0;
  at::Tensor clean = clampedToFinite(weight, config, count);
  if (options.clamped != nullptr) *options.clamped = count;
  return clean;
}

/// Whether one pass of the kernels is all there is to do.
bool oneKernelPass(const QuantConfig& config) {
  return kernelsFitBlocks(config) && config.outliers == OutlierRule::None &&
         config.constant != ConstantType::Double && config.method == Method::Nearest;
}

/// Whether only the constants need more: those of Double depend on all blocks.
bool oneKernelPassButConstants(const QuantConfig& config) {
  QuantConfig exact = config;
  exact.constant = ConstantType::Fp32;
  return config.constant == ConstantType::Double && oneKernelPass(exact);
}

at::Tensor roundTrip(const at::Tensor& weight, const QuantConfig& config,
                     const bf_kernel_table& kernels, at::ScalarType type) {
  const at::Tensor input = weight.contiguous();
  at::Tensor output = at::empty(weight.sizes(), weight.options().dtype(type));
  const MatrixFormat format = fitMatrix(input, config, kernels);
  const bf_format kernel = format.kernelFormat(input.dim() > 0 ? input.size(-1) : 1);
  const at::Tensor firstBad = at::full({1}, -1, input.options().dtype(at::kLong));
  bf_round_trip_args args{};
  args.struct_size = sizeof args;
  args.format = &kernel;
  args.input = input.const_data_ptr();
  args.output = output.data_ptr();
  args.count = input.numel();
  args.first_bad_index = firstBad.data_ptr<std::int64_t>();
  args.input_type = kernelType(input.scalar_type(), "a weight to quantize");
  args.output_type = kernelType(type, "the result");
  CallPlace(input).putInto(args);
  const std::int32_t status = kernels.round_trip(&args);
  if (status != BF_NOT_FINITE) requireOk(status, kernels);
  if (const auto bad = firstBad.item<std::int64_t>(); bad >= 0) failNotFinite(input, bad);
  return output;
}

/// The same with double quantized constants, in three passes on the weight's device: codes by exact
/// constants, the constants' own round trip, values. A 16-bit weight moves 4 bytes and twice its
/// code instead of 4 bytes.
at::Tensor roundTripWithDouble(const at::Tensor& weight, const QuantConfig& config,
                               const bf_kernel_table& kernels, at::ScalarType type) {
  const at::Tensor input = weight.contiguous();
  const std::int64_t columns = input.dim() > 0 ? input.size(-1) : 1;
  const at::TensorOptions options = input.options();
  const std::int64_t count = input.numel();
  const std::int64_t blocks = blockGridOf(config, count, columns).blocks;
  const MatrixFormat format = fitMatrix(input, config, kernels);
  const bf_format kernel = format.kernelFormat(columns);
  const at::Tensor codes =
      at::empty({codeBytes(count, BF_CODES_PACKED, config.bits)}, options.dtype(at::kByte));
  const at::Tensor constants = at::empty({blocks}, options.dtype(at::kFloat));
  const at::Tensor means =
      at::empty({config.centering == Centering::Block ? blocks : 0}, options.dtype(at::kHalf));
  const at::Tensor firstBad = at::full({1}, -1, options.dtype(at::kLong));
  const CallPlace place(input);
  bf_quantize_args make{};
  make.struct_size = sizeof make;
  make.format = &kernel;
  make.input = input.const_data_ptr();
  make.count = count;
  make.codes = codes.data_ptr();
  make.constants = constants.data_ptr();
  make.means = means.data_ptr();
  make.first_bad_index = firstBad.data_ptr<std::int64_t>();
  make.input_type = kernelType(input.scalar_type(), "a weight to quantize");
  place.putInto(make);
  const std::int32_t status = kernels.quantize(&make);
  if (status != BF_NOT_FINITE) requireOk(status, kernels);
  if (const auto bad = firstBad.item<std::int64_t>(); bad >= 0) failNotFinite(input, bad);
  roundTripConstants(constants, kernels);
  at::Tensor output = at::empty(weight.sizes(), options.dtype(type));
  bf_dequantize_args read{};
  read.struct_size = sizeof read;
  read.format = &kernel;
  read.codes = codes.const_data_ptr();
  read.constants = constants.const_data_ptr();
  read.means = means.const_data_ptr();
  read.count = count;
  read.output = output.data_ptr();
  read.output_type = kernelType(type, "the result");
  place.putInto(read);
  requireOk(kernels.dequantize(&read), kernels);
  return output;
}

at::Tensor roundedTo16Bit(const at::Tensor& weight, DataType baseline, at::ScalarType type) {
  const at::Tensor rounded =
      weight.to(baseline == DataType::Bf16 ? at::kBFloat16 : at::kHalf).contiguous();
  if (const std::int64_t index = firstNotFinite(rounded); index >= 0) {
    const double value = weight.flatten()[index].to(at::kDouble).item<double>();
    if (!std::isfinite(value)) failNotFinite(weight, index);
    throw Error(ErrorKind::Numeric, fmt::format("value {} of {} is {}, too large for {}", index,
                                                weight.numel(), value, dataTypeName(baseline)));
  }
  const at::Tensor result = rounded.to(type);
  return result.is_alias_of(weight) ? result.clone() : result;
}

}  // namespace

QuantizedTensor quantize(const at::Tensor& weight, const QuantConfig& config,
                         const bf_kernel_table& kernels, const QuantizeOptions& options) {
  config.validate();
  if (config.isBaseline())
    throw Error(ErrorKind::InvalidArgument,
                fmt::format("{} is a baseline without codes", config.spec()));
  checkWeight(weight, kernels);
  if (!weight.is_cpu())
    throw Error(
        ErrorKind::Unsupported,
        fmt::format("codes are made on the CPU, the weight is on {}", weight.device().str()));
  const bool kernelsLook = oneKernelPass(config) && !config.tablePerTensor() &&
                           config.centering != Centering::Tensor &&
                           config.constant != ConstantType::E4M3;
  const at::Tensor clean = finiteWeight(weight.contiguous(), config, options, kernelsLook);
  const std::int64_t columns = weight.dim() > 0 ? weight.size(-1) : 1;
  QuantizedTensor tensor = Quantizer(clean.view({-1, columns}), config, kernels, options).run();
  tensor.shape = weight.sizes().vec();
  return tensor;
}

at::Tensor quantizeDequantize(const at::Tensor& weight, const QuantConfig& config,
                              const bf_kernel_table& kernels, at::ScalarType type,
                              const QuantizeOptions& options) {
  config.validate();
  kernelType(type, "the result");
  checkWeight(weight, kernels);
  if (config.isBaseline()) {
    QuantConfig whole = QuantConfig::make(DataType::Int, 8, 0);  // infinities by the whole tensor
    return roundedTo16Bit(finiteWeight(weight, whole, options, true), config.type, type);
  }
  const bool twice = oneKernelPassButConstants(config);
  if (!twice && !oneKernelPass(config)) {
    const bf_kernel_table& host = hostKernels(kernels) ? kernels : kernelsFor("cpu");
    return dequantize(quantize(weight.to(at::kCPU), config, host, options), type, host)
        .to(weight.device());
  }
  const bool kernelsLook = !config.tablePerTensor() && config.centering != Centering::Tensor &&
                           config.constant != ConstantType::E4M3;
  const at::Tensor finite = finiteWeight(weight, config, options, kernelsLook);
  return twice ? roundTripWithDouble(finite, config, kernels, type)
               : roundTrip(finite, config, kernels, type);
}

}  // namespace bitfrontier
