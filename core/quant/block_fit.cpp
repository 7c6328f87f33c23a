// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/quant/block_fit.h"

#include <ATen/ATen.h>

#include <cmath>
#include <limits>

#include "core/quant/blocks.h"
#include "core/quant/codebook_for.h"
#include "core/quant/kernel_call.h"
#include "kernels/packing.h"
#include "kernels/reference/scalar.h"
#include "kernels/registry.h"

namespace bitfrontier {
namespace {

constexpr int kRatios = 41;
constexpr float kLargestRatio = 1.1F;
constexpr float kRatioStep = 0.02F;
constexpr int kLeastSquaresSteps = 4;

/// A constant's stored form with the error it leaves.
struct Candidate {
  StoredConstant stored{0, 0.0F};
  double error = std::numeric_limits<double>::infinity();
};

/// Searches the constant of one block.
class BlockSearch {
 public:
  BlockSearch(const CodeTable& table, std::int32_t type, float tensorScale, float magnitude)
      : table_(table),
        width_(table.width()),
        type_(type),
        tensorScale_(tensorScale),
        magnitude_(magnitude) {}

  /// `x`: the block's values without their mean; `weights`: one each, or null; `largest`: what the
  /// plain constant is made from.
  std::uint32_t best(const float* x, const float* weights, std::int64_t count, float largest) {
    x_ = x;
    weights_ = weights;
    count_ = count;
    best_ = {};
    tryConstant(makeConstant(largest, type_, tensorScale_, magnitude_));
    if (type_ == BF_E8M0) {
      for (int step = -3; step <= 1; ++step) {
        const auto exponent = static_cast<std::int64_t>(plainBits(largest)) + step;
        if (exponent >= 0 && exponent <= 254)
          tryConstant(constantFromBits(static_cast<std::uint32_t>(exponent), type_, tensorScale_));
      }
      return best_.stored.bits;
    }
    for (int i = 0; i < kRatios; ++i)
      tryConstant(makeConstant(largest * (kLargestRatio - kRatioStep * static_cast<float>(i)),
                               type_, tensorScale_, magnitude_));
    improve();
    return best_.stored.bits;
  }

 private:
  std::uint32_t plainBits(float largest) const {
    return makeConstant(largest, type_, tensorScale_, magnitude_).bits;
  }

  float weight(std::int64_t i) const { return weights_ == nullptr ? 1.0F : weights_[i]; }

  void tryConstant(const StoredConstant& stored) {
    if (stored.bits == best_.stored.bits && std::isfinite(best_.error)) return;
    const float inverse = inverseConstant(stored.value);
    double error = 0;
    for (std::int64_t i = 0; i < count_; ++i) {
      const float y = table_.values[table_.search(x_[i] * inverse, width_)] * stored.value;
      const float difference = x_[i] - y;
      error += static_cast<double>(weight(i) * difference * difference);
    }
    if (error < best_.error) best_ = {stored, error};
  }

  /// Given the codes, the constant of least squared error; given that, new codes; and so on.
  void improve() {
    for (int step = 0; step < kLeastSquaresSteps; ++step) {
      const float inverse = inverseConstant(best_.stored.value);
      double cross = 0;
      double square = 0;
      for (std::int64_t i = 0; i < count_; ++i) {
        const double code = table_.values[table_.search(x_[i] * inverse, width_)];
        cross += static_cast<double>(weight(i)) * static_cast<double>(x_[i]) * code;
        square += static_cast<double>(weight(i)) * code * code;
      }
      if (!(square > 0)) return;
      const double before = best_.error;
      // makeConstant divides by the table's magnitude.
      tryConstant(makeConstant(static_cast<float>(cross / square) * magnitude_, type_, tensorScale_,
                               magnitude_));
      if (!(best_.error < before)) return;
    }
  }

  const CodeTable& table_;
  int width_;
  std::int32_t type_;
  float tensorScale_, magnitude_;
  const float* x_ = nullptr;
  const float* weights_ = nullptr;
  std::int64_t count_ = 0;
  Candidate best_;
};

/// max|x'| of each block in fp32, with its sign where asked for, and the means: the kernels' rules
/// 1 and 2 with a table that reaches 1.
BlockFit largestOfBlocks(const at::Tensor& matrix, const MatrixFormat& matrixFormat,
                         const bf_kernel_table& kernels) {
  const std::int64_t columns = matrix.size(-1);
  const std::int64_t count = matrix.numel();
  const std::int64_t blocks = blockGridOf(matrixFormat.config, count, columns).blocks;
  constexpr float kEnds[] = {-1.0F, 1.0F};
  bf_format format = matrixFormat.kernelFormat(columns);
  format.codebook = kEnds;
  format.codebook_size = 2;
  format.code_bits = 1;
  format.constant_type = BF_FP32;
  const at::Tensor codes = at::empty({codeBytes(count, BF_CODES_PACKED, 1)}, at::kByte);
  BlockFit fit{at::empty({blocks}, at::kFloat), {}};
  if (matrixFormat.config.centering == Centering::Block) fit.means = at::empty({blocks}, at::kHalf);
  bf_quantize_args args{};
  args.struct_size = sizeof args;
  args.format = &format;
  args.input = matrix.const_data_ptr();
  args.count = count;
  args.codes = codes.data_ptr();
  args.constants = fit.constants.data_ptr();
  args.means = fit.means.defined() ? fit.means.data_ptr() : nullptr;
  args.runner = hostRunner();
  args.input_type = kernelType(matrix.scalar_type(), "a weight to quantize");
  requireOk(kernels.quantize(&args), kernels);
  return fit;
}

/// Searches all blocks; `largest` and the result belong together.
template <typename In>
void searchBlocks(const at::Tensor& matrix, const MatrixFormat& format, const BlockFit& largest,
                  const at::Tensor& columnWeights, const at::Tensor& constants) {
  const std::int64_t columns = matrix.size(-1);
  const BlockGrid grid = blockGridOf(format.config, matrix.numel(), columns);
  const bf_format kernel = format.kernelFormat(columns);
  const CodeTable table(kernel);
  const float magnitude = format.config.type == DataType::Learned ? 1.0F : table.magnitude;
  const auto* data = static_cast<const In*>(matrix.const_data_ptr());
  const auto* maxima = largest.constants.const_data_ptr<float>();
  const auto* means = largest.means.defined()
                          ? static_cast<const std::uint16_t*>(largest.means.const_data_ptr())
                          : nullptr;
  const float* weights = columnWeights.defined() ? columnWeights.const_data_ptr<float>() : nullptr;
  constexpr std::int64_t kBlocksPerPart = 64;
  overParts((grid.blocks - 1) / kBlocksPerPart + 1, [&](std::int64_t part) {
    BlockSearch search(table, kernel.constant_type, format.tensorScale, magnitude);
    std::vector<float> values;
    std::vector<float> valueWeights;
    const std::int64_t end = std::min((part + 1) * kBlocksPerPart, grid.blocks);
    for (std::int64_t block = part * kBlocksPerPart; block < end; ++block) {
      const std::int64_t begin = grid.begin(block);
      const std::int64_t size = grid.end(block) - begin;
      values.resize(static_cast<std::size_t>(size));
      BlockValues<In> x{data + begin};
      x.centered = format.config.centering != Centering::None;
      x.mean = means != nullptr ? halfToFloat(means[block]) : format.tensorMean;
      for (std::int64_t i = 0; i < size; ++i) values[static_cast<std::size_t>(i)] = x(i);
      if (weights != nullptr) {
        valueWeights.resize(static_cast<std::size_t>(size));
        for (std::int64_t i = 0; i < size; ++i)
          valueWeights[static_cast<std::size_t>(i)] = weights[(begin + i) % columns];
      }
      const std::uint32_t bits = search.best(
          values.data(), weights != nullptr ? valueWeights.data() : nullptr, size, maxima[block]);
      writeConstant(constants.data_ptr(), block, kernel.constant_type, bits);
    }
  });
}

at::ScalarType kernelScalarType(ConstantType type) {
  return type == ConstantType::Double ? at::kFloat : constantScalarType(type);
}

}  // namespace

bf_format MatrixFormat::kernelFormat(std::int64_t rowLength) const {
  bf_format format = formatOf(config, table, rowLength);
  format.tensor_mean = tensorMean;
  format.tensor_scale = tensorScale;
  return format;
}

bool kernelsFitBlocks(const QuantConfig& config) {
  // A learned table is made for constants that are the largest magnitude, also when it does not
  // reach 1; the kernels would divide them by its end.
  return config.search == ScaleSearch::None && config.type != DataType::Learned;
}

MatrixFormat fitMatrix(const at::Tensor& matrix, const QuantConfig& config,
                       const bf_kernel_table& kernels) {
  MatrixFormat format{config, {}, 0, 1};
  if (config.centering == Centering::Tensor && matrix.numel() > 0)
    format.tensorMean = static_cast<float>(matrix.mean(at::kDouble).item<double>());
  format.table = config.tablePerTensor()
                     ? codebookFor(config, matrix.to(at::kCPU), format.tensorMean)
                     : codebookFor(config);
  if (config.constant == ConstantType::E4M3 && matrix.numel() > 0) {
    // The largest constant becomes the largest E4M3 number.
    float largest = 0;
    if (config.centering == Centering::None) {
      const auto [low, high] = at::aminmax(matrix);
      largest = std::max(-low.to(at::kFloat).item<float>(), high.to(at::kFloat).item<float>());
    } else {
      MatrixFormat plain = format;
      plain.config.constant = ConstantType::Fp32;
      largest = largestOfBlocks(matrix.to(at::kCPU).contiguous(), plain,
                                hostKernels(kernels) ? kernels : kernelsFor("cpu"))
                    .constants.abs()
                    .max()
                    .item<float>();
    }
    const float scale = largest / 448.0F;
    if (std::isnormal(scale)) format.tensorScale = scale;
  }
  return format;
}

BlockFit fitBlocks(const at::Tensor& matrix, const MatrixFormat& format,
                   const bf_kernel_table& kernels, const at::Tensor& columnWeights) {
  const at::Tensor values = matrix.contiguous();
  BlockFit fit = largestOfBlocks(values, format, kernels);
  const std::int64_t blocks = fit.constants.numel();
  at::Tensor constants = at::empty({blocks}, kernelScalarType(format.config.constant));
  const bf_format kernel = format.kernelFormat(values.size(-1));
  if (format.config.search == ScaleSearch::None) {
    const float magnitude = format.config.type == DataType::Learned
                                ? 1.0F
                                : codebookMagnitude(kernel.codebook, kernel.codebook_size);
    const auto* maxima = fit.constants.const_data_ptr<float>();
    for (std::int64_t block = 0; block < blocks; ++block)
      writeConstant(
          constants.data_ptr(), block, kernel.constant_type,
          makeConstant(maxima[block], kernel.constant_type, format.tensorScale, magnitude).bits);
  } else {
    const at::Tensor weights =
        columnWeights.defined() ? columnWeights.to(at::kFloat).contiguous() : columnWeights;
    withType(kernelType(values.scalar_type(), "a weight to quantize"), [&](auto* tag) {
      using In = std::remove_pointer_t<decltype(tag)>;
      searchBlocks<In>(values, format, fit, weights, constants);
      return 0;
    });
  }
  fit.constants = constants;
  return fit;
}

}  // namespace bitfrontier
