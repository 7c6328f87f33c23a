// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/quant/gptq.h"

#include <ATen/ATen.h>
#include <fmt/format.h>

#include <numeric>

#include "core/base/error.h"
#include "core/quant/blocks.h"
#include "core/quant/encode.h"
#include "core/quant/kernel_call.h"
#include "kernels/packing.h"
#include "kernels/reference/scalar.h"

namespace bitfrontier {
namespace {

/// Columns whose updates are applied to the rest together. A divisor of every block size above it,
/// and never above the block size, so that blocks begin with up-to-date weights.
constexpr std::int64_t kLazyColumns = 128;

/// The order in which columns are taken: those to round first, by falling energy where asked for.
std::vector<std::int64_t> columnOrder(const at::Tensor& diagonal, std::int64_t rounded,
                                      bool byEnergy) {
  std::vector<std::int64_t> order(static_cast<std::size_t>(diagonal.numel()));
  std::iota(order.begin(), order.end(), 0);
  const auto* energy = diagonal.const_data_ptr<double>();
  if (byEnergy)
    std::stable_sort(order.begin(), order.begin() + static_cast<std::ptrdiff_t>(rounded),
                     [&](auto a, auto b) { return energy[a] > energy[b]; });
  return order;
}

/// Upper Cholesky factor of the inverse of the damped moments, fp32.
at::Tensor inverseFactor(const at::Tensor& moments, double dampingPercent) {
  const at::Tensor diagonal = moments.diagonal();
  const double damping = dampingPercent / 100 * diagonal.mean().item<double>();
  at::Tensor damped = moments.clone();
  damped.diagonal().add_(damping);
  const auto [factor, failed] = at::linalg_cholesky_ex(damped);
  if (failed.item<std::int32_t>() != 0)
    throw Error(ErrorKind::Numeric,
                fmt::format("the second moments of {} inputs are not positive definite with {} "
                            "percent damping; more calibration text or more damping helps",
                            moments.size(0), dampingPercent));
  const at::Tensor inverse = at::cholesky_inverse(factor);
  const auto [upper, failedAgain] = at::linalg_cholesky_ex(inverse, /*upper=*/true);
  if (failedAgain.item<std::int32_t>() != 0)
    throw Error(ErrorKind::Numeric,
                fmt::format("the inverse of the second moments of {} inputs is not positive "
                            "definite; more damping helps",
                            moments.size(0)));
  return upper.to(at::kFloat).contiguous();
}

class Solver {
 public:
  Solver(const at::Tensor& weight, at::Tensor moments, std::int64_t kept, const QuantConfig& config,
         const bf_kernel_table& kernels)
      : kernels_(kernels),
        config_(config),
        rows_(weight.size(0)),
        columns_(weight.size(1) - kept),
        original_(weight.narrow(1, 0, columns_).contiguous()),
        format_(fitMatrix(original_, config, kernels)),
        kernel_(format_.kernelFormat(columns_)),
        table_(kernel_),
        grid_(blockGridOf(config, rows_ * columns_, columns_)) {
    moments = moments.clone();
    dropDeadInputs(moments, weight);
    order_ = columnOrder(moments.diagonal().contiguous(), columns_, config.activationOrder);
    const at::Tensor index = at::tensor(order_, at::kLong);
    factor_ =
        inverseFactor(moments.index_select(0, index).index_select(1, index), config.dampingPercent);
    diagonal_ = moments.diagonal().to(at::kFloat).contiguous();
    work_ = work_.index_select(0, index).contiguous();
    codes_.resize(static_cast<std::size_t>(rows_ * columns_));
    constants_.resize(static_cast<std::size_t>(grid_.blocks));
    means_.assign(static_cast<std::size_t>(grid_.blocks), format_.tensorMean);
    inOrder_ = !config.activationOrder && grid_.rowLength % grid_.blockSize == 0 &&
               columns_ % grid_.blockSize == 0;
    inOrder_ = inOrder_ || (!config.activationOrder && blocksEndWithRows(config));
    stored_ = at::empty({grid_.blocks}, config.constant == ConstantType::Double
                                            ? at::kFloat
                                            : constantScalarType(config.constant));
    if (config.centering == Centering::Block) storedMeans_ = at::empty({grid_.blocks}, at::kHalf);
  }

  GptqResult solve() {
    if (!inOrder_) takeBlocks(fitBlocks(original_, format_, kernels_, columnWeights(0, columns_)));
    const std::int64_t step = inOrder_ ? std::min(kLazyColumns, grid_.blockSize) : kLazyColumns;
    for (std::int64_t begin = 0; begin < columns_; begin += step)
      roundColumns(begin, std::min(begin + step, columns_));
    return result();
  }

 private:
  /// An input that never was anything but zero says nothing about its weights.
  void dropDeadInputs(at::Tensor& moments, const at::Tensor& weight) {
    work_ = weight.t().contiguous();
    const at::Tensor dead = moments.diagonal().eq(0).nonzero().flatten();
    if (dead.numel() == 0) return;
    moments.diagonal().index_fill_(0, dead, 1.0);
    const at::Tensor rounded = dead.index({dead.lt(columns_)});
    work_.index_fill_(0, rounded, 0.0);
  }

  at::Tensor columnWeights(std::int64_t begin, std::int64_t end) const {
    if (config_.search != ScaleSearch::Weighted) return {};
    return diagonal_.narrow(0, begin, end - begin).contiguous();
  }

  /// Constants and means of all blocks.
  void takeBlocks(const BlockFit& fit) {
    stored_ = fit.constants;
    storedMeans_ = fit.means;
    for (std::int64_t block = 0; block < grid_.blocks; ++block) readBlock(block);
  }

  void readBlock(std::int64_t block) {
    constants_[static_cast<std::size_t>(block)] =
        readConstant(stored_.const_data_ptr(), block, kernel_.constant_type, format_.tensorScale)
            .value;
    if (storedMeans_.defined())
      means_[static_cast<std::size_t>(block)] =
          halfToFloat(static_cast<const std::uint16_t*>(storedMeans_.const_data_ptr())[block]);
  }

  /// The blocks of all rows that begin with a column, from the weights as they are now.
  void fitColumnBlocks(std::int64_t column) {
    const std::int64_t size = std::min(grid_.blockSize, columns_ - column);
    const at::Tensor now = work_.narrow(0, column, size).t().contiguous();
    MatrixFormat rowFormat = format_;
    rowFormat.config.blockSize = QuantConfig::kPerRow;
    rowFormat.config.withinRows = false;
    const BlockFit fit = fitBlocks(now, rowFormat, kernels_, columnWeights(column, column + size));
    const auto bytes = static_cast<std::size_t>(typeBytes(kernel_.constant_type));
    for (std::int64_t row = 0; row < rows_; ++row) {
      const std::int64_t block = grid_.blockOf(row * columns_ + column);
      std::memcpy(static_cast<char*>(stored_.data_ptr()) + static_cast<std::size_t>(block) * bytes,
                  static_cast<const char*>(fit.constants.const_data_ptr()) +
                      static_cast<std::size_t>(row) * bytes,
                  bytes);
      if (storedMeans_.defined()) storedMeans_[block].copy_(fit.means[row]);
      readBlock(block);
    }
  }

  /// Rounds one column into `rounded` and keeps its codes.
  void roundColumn(std::int64_t column, const float* values, float* rounded) {
    const int width = table_.width();
    for (std::int64_t row = 0; row < rows_; ++row) {
      const std::int64_t index = row * columns_ + column;
      const auto block = static_cast<std::size_t>(grid_.blockOf(index));
      const float constant = constants_[block];
      const float x = kernel_.mean_rule == BF_MEAN_NONE ? values[row]
                                                        : subtractMean(values[row], means_[block]);
      const int code = table_.search(x * inverseConstant(constant), width);
      codes_[static_cast<std::size_t>(index)] = static_cast<std::uint8_t>(code);
      rounded[row] = table_.values[static_cast<std::size_t>(code)] * constant;
      if (kernel_.mean_rule != BF_MEAN_NONE) rounded[row] += means_[block];
    }
  }

  void roundColumns(std::int64_t begin, std::int64_t end) {
    if (inOrder_ && begin % grid_.blockSize == 0) fitColumnBlocks(begin);
    at::Tensor errors = at::empty({end - begin, rows_}, at::kFloat);
    at::Tensor rounded = at::empty({rows_}, at::kFloat);
    for (std::int64_t i = begin; i < end; ++i) {
      roundColumn(order_[static_cast<std::size_t>(i)], work_[i].const_data_ptr<float>(),
                  rounded.mutable_data_ptr<float>());
      at::Tensor error = errors[i - begin];
      at::sub_out(error, work_[i], rounded);
      error.div_(factor_[i][i].item<float>());
      if (i + 1 < end) {
        work_.narrow(0, i + 1, end - i - 1)
            .addr_(factor_[i].narrow(0, i + 1, end - i - 1), error, 1, -1);
      }
    }
    const std::int64_t rest = work_.size(0) - end;
    if (rest > 0)
      work_.narrow(0, end, rest)
          .addmm_(factor_.narrow(0, begin, end - begin).narrow(1, end, rest).t(), errors, 1, -1);
  }

  GptqResult result() {
    GptqResult result;
    result.tensor = emptyTensor(format_, rows_, columns_);
    result.tensor.codes =
        at::empty({codeBytes(rows_ * columns_, BF_CODES_PACKED, config_.bits)}, at::kByte);
    CodeWriter writer(result.tensor.codes.mutable_data_ptr<std::uint8_t>(), config_.bits);
    for (const std::uint8_t code : codes_) writer.put(code);
    writer.finish();
    result.tensor.means = storedMeans_;
    storeConstants(result.tensor, stored_, kernels_);
    result.kept = work_.narrow(0, columns_, work_.size(0) - columns_).t().contiguous();
    return result;
  }

  const bf_kernel_table& kernels_;
  const QuantConfig& config_;
  std::int64_t rows_, columns_;  ///< without the kept columns
  at::Tensor original_;          ///< [rows, columns]
  MatrixFormat format_;
  bf_format kernel_;
  CodeTable table_;
  BlockGrid grid_;
  std::vector<std::int64_t> order_;
  at::Tensor factor_;     ///< in that order
  at::Tensor diagonal_;   ///< of the moments, in the matrix's order
  at::Tensor work_;       ///< weights still to be rounded, [columns and kept, rows], in that order
  bool inOrder_ = false;  ///< blocks are fitted when their first column is reached
  std::vector<std::uint8_t> codes_;
  std::vector<float> constants_, means_;  ///< of the blocks, read back
  at::Tensor stored_, storedMeans_;
};

}  // namespace

GptqResult quantizeGptq(const at::Tensor& weight, const at::Tensor& moments, std::int64_t kept,
                        const QuantConfig& config, const bf_kernel_table& kernels) {
  return Solver(weight, moments, kept, config, kernels).solve();
}

}  // namespace bitfrontier
