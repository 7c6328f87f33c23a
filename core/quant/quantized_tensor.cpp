// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/quant/quantized_tensor.h"

#include <ATen/ATen.h>
#include <fmt/format.h>

#include <cmath>
#include <numeric>

#include "core/base/error.h"
#include "core/quant/blocks.h"
#include "core/quant/codebook_for.h"
#include "core/quant/double_quantization.h"
#include "core/quant/kernel_call.h"
#include "kernels/packing.h"

namespace bitfrontier {
namespace {

std::int64_t product(const std::vector<std::int64_t>& shape) {
  return std::accumulate(shape.begin(), shape.end(), std::int64_t{1}, std::multiplies<>());
}

std::int64_t columnsOf(const std::vector<std::int64_t>& shape) {
  return shape.empty() ? 1 : shape.back();
}

at::Tensor scalar(float value) { return at::full({1}, value, at::kFloat); }

bf_format storedFormat(const QuantizedTensor& tensor) {
  bf_format format = formatOf(tensor.config, tensor.codebook, tensor.quantizedColumns());
  format.tensor_mean = tensor.tensorMean;
  format.tensor_scale = tensor.tensorScale;
  return format;
}

/// Constants in a type the kernels read.
at::Tensor readableConstants(const QuantizedTensor& tensor, const bf_kernel_table& kernels) {
  if (tensor.config.constant != ConstantType::Double) return tensor.constants;
  return decodeConstants(tensor.constants, tensor.constantScales, tensor.constantOffset, kernels);
}

const void* dataOrNull(const at::Tensor& tensor) {
  return tensor.defined() ? tensor.const_data_ptr() : nullptr;
}

/// Columns that are not outliers, int64.
at::Tensor keptColumns(const QuantizedTensor& tensor) {
  at::Tensor kept = at::ones({columnsOf(tensor.shape)}, at::kBool);
  kept.index_fill_(0, tensor.outlierColumns.to(at::kLong), false);
  return kept.nonzero().flatten();
}

/// Codes and constants alone, without outliers and input scales.
void decodeCodes(const QuantizedTensor& tensor, const at::Tensor& out,
                 const bf_kernel_table& kernels) {
  const at::Tensor constants = readableConstants(tensor, kernels);
  const bf_format format = storedFormat(tensor);
  bf_dequantize_args args{};
  args.struct_size = sizeof args;
  args.format = &format;
  args.codes = tensor.codes.const_data_ptr();
  args.constants = constants.const_data_ptr();
  args.means = dataOrNull(tensor.means);
  args.count = tensor.quantizedElements();
  args.output = out.data_ptr();
  args.runner = hostRunner();
  args.output_type = kernelType(out.scalar_type(), "the result");
  requireOk(kernels.dequantize(&args), kernels);
}

}  // namespace

std::int64_t StoredPart::bytes() const {
  return product(shape) * static_cast<std::int64_t>(c10::elementSize(type));
}

std::int64_t outlierCount(const QuantConfig& config, std::int64_t columns) {
  if (config.outliers == OutlierRule::None || columns < 2) return 0;
  const auto share = std::llround(config.outlierPercent / 100 * static_cast<double>(columns));
  return std::clamp<std::int64_t>(share, 1, columns - 1);
}

std::vector<StoredPart> storedParts(const QuantConfig& config,
                                    const std::vector<std::int64_t>& shape) {
  const std::int64_t columns = columnsOf(shape);
  const std::int64_t rows = columns == 0 ? 0 : product(shape) / columns;
  const std::int64_t kept = outlierCount(config, columns);
  const std::int64_t count = rows * (columns - kept);
  const std::int64_t blocks = blockGridOf(config, count, columns - kept).blocks;
  std::vector<StoredPart> parts = {
      {"codes", at::kByte, {codeBytes(count, BF_CODES_PACKED, config.bits)}},
      {"constants", constantScalarType(config.constant), {blocks}}};
  if (config.constant == ConstantType::Double) {
    parts.push_back({"constant_scales", at::kFloat, {blockCount(blocks, kConstantsPerScale)}});
    parts.push_back({"constant_offset", at::kFloat, {1}});
  }
  if (config.constant == ConstantType::E4M3) parts.push_back({"tensor_scale", at::kFloat, {1}});
  if (config.centering == Centering::Block) parts.push_back({"means", at::kHalf, {blocks}});
  if (config.centering == Centering::Tensor) parts.push_back({"tensor_mean", at::kFloat, {1}});
  if (config.tablePerTensor())
    parts.push_back({"codebook", at::kHalf, {std::int64_t{1} << config.bits}});
  if (kept > 0) {
    parts.push_back({"outlier_columns", at::kInt, {kept}});
    parts.push_back({"outliers", at::kHalf, {rows, kept}});
  }
  if (config.method == Method::Awq) parts.push_back({"input_scales", at::kHalf, {columns - kept}});
  return parts;
}

std::int64_t QuantizedTensor::elements() const { return product(shape); }

std::int64_t QuantizedTensor::quantizedColumns() const {
  return columnsOf(shape) - (outlierColumns.defined() ? outlierColumns.numel() : 0);
}

std::int64_t QuantizedTensor::quantizedElements() const {
  const std::int64_t columns = columnsOf(shape);
  return columns == 0 ? 0 : elements() / columns * quantizedColumns();
}

std::vector<std::pair<std::string, at::Tensor>> QuantizedTensor::parts() const {
  std::vector<std::pair<std::string, at::Tensor>> all = {{"codes", codes},
                                                         {"constants", constants}};
  if (config.constant == ConstantType::Double) {
    all.emplace_back("constant_scales", constantScales);
    all.emplace_back("constant_offset", scalar(constantOffset));
  }
  if (config.constant == ConstantType::E4M3) all.emplace_back("tensor_scale", scalar(tensorScale));
  if (means.defined()) all.emplace_back("means", means);
  if (config.centering == Centering::Tensor) all.emplace_back("tensor_mean", scalar(tensorMean));
  if (config.tablePerTensor())
    all.emplace_back("codebook", at::tensor(codebook, at::kFloat).to(at::kHalf));
  if (outlierColumns.defined()) {
    all.emplace_back("outlier_columns", outlierColumns);
    all.emplace_back("outliers", outliers);
  }
  if (inputScales.defined()) all.emplace_back("input_scales", inputScales);
  return all;
}

std::int64_t QuantizedTensor::storedBits() const {
  std::int64_t bytes = 0;
  for (const auto& [name, tensor] : parts()) bytes += static_cast<std::int64_t>(tensor.nbytes());
  return 8 * bytes;
}

void QuantizedTensor::read(const std::function<at::Tensor(const char*)>& find) {
  for (const StoredPart& part : storedParts(config, shape)) {
    at::Tensor found = find(part.name.c_str());
    if (!found.defined())
      throw Error(ErrorKind::Format, fmt::format("part {} is missing", part.name));
    if (found.scalar_type() != part.type || found.sizes() != at::IntArrayRef(part.shape))
      throw Error(ErrorKind::Format,
                  fmt::format("part {} is {} [{}], it must be {} [{}]", part.name,
                              c10::toString(found.scalar_type()),
                              fmt::join(found.sizes().begin(), found.sizes().end(), ", "),
                              c10::toString(part.type), fmt::join(part.shape, ", ")));
    found = found.contiguous();
    if (part.name == "codes") codes = found;
    if (part.name == "constants") constants = found;
    if (part.name == "constant_scales") constantScales = found;
    if (part.name == "constant_offset") constantOffset = found.item<float>();
    if (part.name == "tensor_scale") tensorScale = found.item<float>();
    if (part.name == "means") means = found;
    if (part.name == "tensor_mean") tensorMean = found.item<float>();
    if (part.name == "codebook") {
      const at::Tensor values = found.to(at::kFloat);
      codebook.assign(values.const_data_ptr<float>(),
                      values.const_data_ptr<float>() + values.numel());
    }
    if (part.name == "outlier_columns") outlierColumns = found;
    if (part.name == "outliers") outliers = found;
    if (part.name == "input_scales") inputScales = found;
  }
  if (outlierColumns.defined()) {
    const at::Tensor steps = at::diff(outlierColumns);
    const bool ascending = steps.numel() == 0 || steps.min().item<std::int32_t>() > 0;
    if (!ascending || outlierColumns[0].item<std::int32_t>() < 0 ||
        outlierColumns[-1].item<std::int32_t>() >= columnsOf(shape))
      throw Error(ErrorKind::Format,
                  fmt::format("part outlier_columns does not name columns of [{}] in order",
                              fmt::join(shape, ", ")));
  }
  if (!config.tablePerTensor()) codebook = codebookFor(config);
}

void dequantizeInto(const QuantizedTensor& tensor, const at::Tensor& out,
                    const bf_kernel_table& kernels) {
  kernelType(out.scalar_type(), "the result");
  const std::int64_t blocks =
      blockGridOf(tensor.config, tensor.quantizedElements(), tensor.quantizedColumns()).blocks;
  if (out.sizes() != at::IntArrayRef(tensor.shape) || !out.is_contiguous() || !out.is_cpu() ||
      tensor.codes.numel() !=
          codeBytes(tensor.quantizedElements(), BF_CODES_PACKED, tensor.config.bits) ||
      tensor.constants.numel() != blocks)
    throw Error(
        ErrorKind::InvalidArgument,
        fmt::format("a quantized tensor of {} values has {} bytes of codes and {} constants",
                    out.numel(), tensor.codes.numel(), tensor.constants.numel()));
  if (!tensor.outlierColumns.defined() && !tensor.inputScales.defined())
    return decodeCodes(tensor, out, kernels);
  const std::int64_t columns = columnsOf(tensor.shape);
  const std::int64_t rows = tensor.elements() / columns;
  at::Tensor values = at::empty({rows, tensor.quantizedColumns()}, at::kFloat);
  decodeCodes(tensor, values, kernels);
  if (tensor.inputScales.defined()) values.div_(tensor.inputScales.to(at::kFloat));
  const at::Tensor target = out.view({rows, columns});
  if (!tensor.outlierColumns.defined()) {
    target.copy_(values);
    return;
  }
  target.index_copy_(1, keptColumns(tensor), values.to(out.scalar_type()));
  target.index_copy_(1, tensor.outlierColumns.to(at::kLong), tensor.outliers.to(out.scalar_type()));
}

at::Tensor dequantize(const QuantizedTensor& tensor, at::ScalarType type,
                      const bf_kernel_table& kernels) {
  kernelType(type, "the result");
  at::Tensor out = at::empty(tensor.shape, type);
  dequantizeInto(tensor, out, kernels);
  return out;
}

}  // namespace bitfrontier
