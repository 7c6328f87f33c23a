// SPDX-License-Identifier: GPL-3.0-or-later
// Shared slope with offsets: J1 whose horizontal shift is a sum over the three properties of a
// format instead of one number for each format.
//
//   error (or loss) = E + exp(lnA0 - alpha (ln(N/N0) + r_k + r_B + r_type))
//
// k bits, block B, data type; r_B and r_type are 0 for the first block and type, all are 0 for the
// reference. Fewer parameters than J1 as soon as the grid is crossed, and it predicts combinations
// that were not run.

#include <fmt/format.h>

#include <cmath>

#include "core/law/form/all.h"
#include "core/law/form/start_values.h"

namespace bitfrontier {
namespace {

class Factors final : public LawForm {
 public:
  const LawFormInfo& info() const override {
    static constexpr LawFormInfo kInfo{
        .name = "factors",
        .title = "one curve, shifts that add up over bits, block and data type",
        .formula = "E + exp(lnA0 - alpha * (ln(N / N0) + r_k + r_B + r_type))",
        .source = "J1 with a shift additive in the factors of Dettmers and Zettlemoyer 2023",
        .nestedIn = "J1"};
    return kInfo;
  }

  std::vector<LawParameter> parameters(const LawContext& c) const override {
    std::vector<LawParameter> all{floorParameter(c), amplitudeParameter(c), exponentParameter(c)};
    for (const double k : c.bitWidths) {
      all.push_back({fmt::format("r_{:g}bit", k), "ln of a factor of size",
                     "shift of the bit width", -6, 0.5});
    }
    for (std::size_t i = 1; i < c.blockSizes.size(); ++i) {
      all.push_back({c.blockSizes[i] > 0 ? fmt::format("r_block{}", c.blockSizes[i])
                                         : std::string("r_tensor"),
                     "ln of a factor of size", "shift of the block", -3, 3});
    }
    for (std::size_t i = 1; i < c.dataTypes.size(); ++i) {
      all.push_back(
          {"r_" + c.dataTypes[i], "ln of a factor of size", "shift of the data type", -3, 3});
    }
    return all;
  }

  double value(const LawContext& c, const double* p, const LawRow& row,
               double* gradient) const override {
    const std::size_t count =
        3 + c.bitWidths.size() + rest(c.blockSizes.size()) + rest(c.dataTypes.size());
    std::size_t at[3];
    const int used = places(c, c.formats[row.format], row.format, at);
    double z = row.logSize;
    for (int i = 0; i < used; ++i) z += p[at[i]];
    const double term = std::exp(p[1] - p[2] * z);
    if (gradient != nullptr) {
      for (std::size_t i = 3; i < count; ++i) gradient[i] = 0;
      gradient[0] = 1;
      gradient[1] = term;
      gradient[2] = -z * term;
      for (int i = 0; i < used; ++i) gradient[at[i]] = -p[2] * term;
    }
    return p[0] + term;
  }

  std::vector<double> start(const LawContext& c, std::span<const LawTarget> targets, double level,
                            double alpha) const override {
    const BaseStart base = baseStart(targets, 0, level, alpha);
    std::vector<double> p{base.floor, base.logAmplitude, alpha};
    for (const double k : c.bitWidths) {
      double sum = 0;
      int n = 0;
      for (std::size_t f = 1; f < c.formats.size(); ++f) {
        if (c.formats[f].bits != k) continue;
        sum += shiftStart(targets, f, base, alpha);
        ++n;
      }
      p.push_back(n > 0 ? sum / n : 0);
    }
    p.resize(p.size() + rest(c.blockSizes.size()) + rest(c.dataTypes.size()), 0);
    return p;
  }

 private:
  static std::size_t rest(std::size_t levels) { return levels > 0 ? levels - 1 : 0; }

  /// Indices of the parameters that a format uses.
  static int places(const LawContext& c, const LawFormat& format, std::size_t index,
                    std::size_t* at) {
    if (index == 0 || (format.bits >= 16 && format.blockSize == 0)) return 0;
    int used = 0;
    for (std::size_t i = 0; i < c.bitWidths.size(); ++i) {
      if (c.bitWidths[i] == format.bits) at[used++] = 3 + i;
    }
    const std::size_t blocks = 3 + c.bitWidths.size();
    for (std::size_t i = 1; i < c.blockSizes.size(); ++i) {
      if (c.blockSizes[i] == format.blockSize) at[used++] = blocks + i - 1;
    }
    const std::size_t types = blocks + rest(c.blockSizes.size());
    for (std::size_t i = 1; i < c.dataTypes.size(); ++i) {
      if (c.dataTypes[i] == format.dataType) at[used++] = types + i - 1;
    }
    return used;
  }
};

}  // namespace

const LawForm& formFactors() {
  static const Factors kForm;
  return kForm;
}

}  // namespace bitfrontier
