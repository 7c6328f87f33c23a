// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/quant/quantize.h"

#include <ATen/ATen.h>
#include <c10/core/impl/VirtualGuardImpl.h>
#include <fmt/format.h>

#include <string_view>

#include "core/base/error.h"
#include "core/device/host_runner.h"
#include "core/quant/bit_accounting.h"
#include "kernels/blocks.h"
#include "kernels/registry.h"

namespace bitfrontier {
namespace {

std::int32_t kernelType(at::ScalarType type, std::string_view what) {
  switch (type) {
    case at::ScalarType::Float:
      return BF_FP32;
    case at::ScalarType::Half:
      return BF_FP16;
    case at::ScalarType::BFloat16:
      return BF_BF16;
    default:
      throw Error(
          ErrorKind::InvalidArgument,
          fmt::format("{} is {}, it must be Float, Half or BFloat16", what, c10::toString(type)));
  }
}

void checkWeight(const at::Tensor& weight, const bf_kernel_table& kernels) {
  if (!weight.defined() || weight.numel() == 0)
    throw Error(ErrorKind::InvalidArgument, "a weight to quantize has no values");
  kernelType(weight.scalar_type(), "a weight to quantize");
  if (weight.layout() != at::kStrided)
    throw Error(ErrorKind::InvalidArgument, "a weight to quantize is sparse");
  const bool hostKernels = std::string_view(kernels.name) != "cuda";
  if (weight.is_cpu() != hostKernels)
    throw Error(ErrorKind::InvalidArgument,
                fmt::format("a weight on {} cannot be quantized by the {} kernels",
                            weight.device().str(), kernels.name));
}

[[noreturn]] void failNotFinite(const at::Tensor& flat, std::int64_t index) {
  const double value = flat[index].to(at::kDouble).item<double>();
  throw Error(ErrorKind::Numeric, fmt::format("value {} of {} is {}", index, flat.numel(), value));
}

void checkStatus(std::int32_t status, const bf_kernel_table& kernels) {
  if (status == BF_OK) return;
  throw Error(status == BF_BAD_ARGUMENT ? ErrorKind::InvalidArgument : ErrorKind::Unsupported,
              fmt::format("{} kernels: {}", kernels.name, kernels.last_error()));
}

/// Axes that the kernels do not have yet.
void requireSupported(const QuantConfig& config) {
  QuantConfig plain = QuantConfig::make(config.type, config.bits, config.blockSize);
  plain.exponentBits = config.exponentBits;
  plain.mantissaBits = config.mantissaBits;
  plain.subnormals = config.subnormals;
  plain.nanCodes = config.nanCodes;
  if (config != plain || config.blockSize < 0 || config.type == DataType::Bf16)
    throw Error(ErrorKind::Unsupported, fmt::format("{} cannot be quantized yet", config.spec()));
}

std::vector<float> tableFor(const at::Tensor& flat, const QuantConfig& config) {
  if (!config.tablePerTensor()) return codebookFor(config);
  const at::Tensor sample = flat.to(at::kCPU, at::kFloat);
  return codebookFor(config,
                     {sample.const_data_ptr<float>(), static_cast<std::size_t>(sample.numel())});
}

/// Runs `call(begin, end, firstBlock, firstBad)` on a whole host tensor; the kernels share it among
/// the threads of hostRunner(). Returns the lowest index of a value that is not finite, or -1.
template <typename Call>
std::int64_t overHostBlocks(std::int64_t count, const bf_kernel_table& kernels, const Call& call) {
  std::int64_t firstBad = -1;
  const std::int32_t status = call(0, count, 0, &firstBad);
  if (status != BF_NOT_FINITE) checkStatus(status, kernels);
  return firstBad;
}

const std::byte* readAt(const at::Tensor& tensor, std::int64_t elements) {
  return static_cast<const std::byte*>(tensor.const_data_ptr()) + elements * tensor.element_size();
}

std::byte* writeAt(const at::Tensor& tensor, std::int64_t elements) {
  return static_cast<std::byte*>(tensor.data_ptr()) + elements * tensor.element_size();
}

bf_format formatOf(const QuantConfig& config, const std::vector<float>& table) {
  bf_format format{};
  format.struct_size = sizeof format;
  format.codebook = table.data();
  format.codebook_size = static_cast<std::int32_t>(table.size());
  format.block_size = config.blockSize;
  format.constant_type = BF_FP16;
  return format;
}

bf_round_trip_args roundTripArgs(const at::Tensor& input, const at::Tensor& output,
                                 const bf_format& format) {
  bf_round_trip_args args{};
  args.struct_size = sizeof args;
  args.format = &format;
  args.input = input.const_data_ptr();
  args.output = output.data_ptr();
  args.count = input.numel();
  args.input_type = kernelType(input.scalar_type(), "a weight to quantize");
  args.output_type = kernelType(output.scalar_type(), "the result");
  return args;
}

std::int64_t roundTripOnDevice(bf_round_trip_args args, const at::Tensor& input,
                               const bf_kernel_table& kernels) {
  const at::Tensor firstBad = at::full({1}, -1, input.options().dtype(at::kLong));
  const c10::impl::VirtualGuardImpl guard(input.device().type());
  args.first_bad_index = firstBad.data_ptr<std::int64_t>();
  args.stream = guard.getStream(input.device()).native_handle();
  args.device = input.device().index();
  checkStatus(kernels.round_trip(&args), kernels);
  return firstBad.item<std::int64_t>();
}

at::Tensor roundedToHalf(const at::Tensor& weight, at::ScalarType type) {
  const at::Tensor half = weight.to(at::kHalf).contiguous();
  const at::Tensor bad = at::isfinite(half).logical_not().flatten();
  if (bad.any().item<bool>()) {
    const auto index = bad.to(at::kByte).argmax().item<std::int64_t>();
    const double value = weight.flatten()[index].to(at::kDouble).item<double>();
    throw Error(
        ErrorKind::Numeric,
        std::isfinite(value)
            ? fmt::format("value {} of {} is {}, too large for fp16", index, bad.numel(), value)
            : fmt::format("value {} of {} is {}", index, bad.numel(), value));
  }
  const at::Tensor result = half.to(type);
  return result.is_same(weight) ? result.clone() : result;
}

}  // namespace

std::int64_t QuantizedTensor::storedBits() const { return tensorBits(codes.numel(), config); }

QuantizedTensor quantize(const at::Tensor& weight, const QuantConfig& config,
                         const bf_kernel_table& kernels) {
  config.validate();
  requireSupported(config);
  if (config.isBaseline())
    throw Error(ErrorKind::InvalidArgument, "fp16 is a baseline without codes");
  checkWeight(weight, kernels);
  if (!weight.is_cpu())
    throw Error(
        ErrorKind::Unsupported,
        fmt::format("codes are made on the CPU, the weight is on {}", weight.device().str()));
  const at::Tensor flat = weight.contiguous().view({-1});
  const std::int64_t count = flat.numel();
  QuantizedTensor result{
      .config = config,
      .shape = weight.sizes().vec(),
      .codes = at::empty({count}, at::kByte),
      .constants = at::empty({blockCount(count, config.blockSize)}, at::kHalf),
      .codebook = tableFor(flat, config),
  };
  const bf_format format = formatOf(config, result.codebook);
  const std::int64_t bad = overHostBlocks(
      count, kernels,
      [&](std::int64_t begin, std::int64_t end, std::int64_t firstBlock, std::int64_t* firstBad) {
        bf_quantize_args args{};
        args.struct_size = sizeof args;
        args.input = readAt(flat, begin);
        args.format = &format;
        args.count = end - begin;
        args.codes = writeAt(result.codes, begin);
        args.constants = writeAt(result.constants, firstBlock);
        args.first_bad_index = firstBad;
        args.runner = hostRunner();
        args.input_type = kernelType(flat.scalar_type(), "a weight to quantize");
        return kernels.quantize(&args);
      });
  if (bad >= 0) failNotFinite(flat, bad);
  return result;
}

at::Tensor dequantize(const QuantizedTensor& tensor, at::ScalarType type) {
  const std::int32_t outputType = kernelType(type, "the result");
  const at::Tensor output = at::empty(tensor.shape, type);
  const std::int64_t count = tensor.codes.numel();
  if (output.numel() != count ||
      tensor.constants.numel() != blockCount(count, tensor.config.blockSize))
    throw Error(ErrorKind::InvalidArgument,
                fmt::format("a quantized tensor of {} values has {} codes and {} constants",
                            output.numel(), count, tensor.constants.numel()));
  const bf_kernel_table& kernels = kernelsFor("cpu");
  const bf_format format = formatOf(tensor.config, tensor.codebook);
  overHostBlocks(count, kernels,
                 [&](std::int64_t begin, std::int64_t end, std::int64_t firstBlock, std::int64_t*) {
                   bf_dequantize_args args{};
                   args.struct_size = sizeof args;
                   args.codes = readAt(tensor.codes, begin);
                   args.constants = readAt(tensor.constants, firstBlock);
                   args.format = &format;
                   args.count = end - begin;
                   args.output = writeAt(output, begin);
                   args.output_type = outputType;
                   args.runner = hostRunner();
                   return kernels.dequantize(&args);
                 });
  return output;
}

at::Tensor quantizeDequantize(const at::Tensor& weight, const QuantConfig& config,
                              const bf_kernel_table& kernels, at::ScalarType type) {
  config.validate();
  requireSupported(config);
  kernelType(type, "the result");
  checkWeight(weight, kernels);
  if (config.isBaseline()) return roundedToHalf(weight, type);
  const at::Tensor contiguous = weight.contiguous();
  const at::Tensor flat = contiguous.view({-1});
  const at::Tensor output = at::empty(weight.sizes(), weight.options().dtype(type));
  const std::vector<float> table = tableFor(flat, config);
  const bf_format format = formatOf(config, table);
  const bf_round_trip_args whole = roundTripArgs(flat, output, format);
  const std::int64_t bad = weight.is_cpu()
                               ? overHostBlocks(flat.numel(), kernels,
                                                [&](std::int64_t begin, std::int64_t end,
                                                    std::int64_t, std::int64_t* firstBad) {
                                                  bf_round_trip_args args = whole;
                                                  args.input = readAt(flat, begin);
                                                  args.output = writeAt(output, begin);
                                                  args.count = end - begin;
                                                  args.first_bad_index = firstBad;
                                                  args.runner = hostRunner();
                                                  return kernels.round_trip(&args);
                                                })
                               : roundTripOnDevice(whole, flat, kernels);
  if (bad >= 0) failNotFinite(flat, bad);
  return output;
}

}  // namespace bitfrontier
