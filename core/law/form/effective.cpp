// SPDX-License-Identifier: GPL-3.0-or-later
// Effective parameters as one function of bits, block and type:
//
//   error (or loss) = E + exp(lnA0 - alpha ln(N_eff/N0)),   N_eff = N f(k, B, type)
//   f = 1 - exp(-(k + g log2(64/B)) / gamma_type)
//
// The shape in k is that of T. Kumar et al., "Scaling laws for precision", 2024 (their gamma_w 2.67
// bits); halving the block counts like g more bits. A comparison with J1, whose free shift per
// format is always better conditioned.

#include <algorithm>
#include <cmath>

#include "core/law/form/all.h"
#include "core/law/form/start_values.h"

namespace bitfrontier {
namespace {

class Effective final : public LawForm {
 public:
  const LawFormInfo& info() const override {
    static constexpr LawFormInfo kInfo{
        .name = "effective",
        .title = "effective parameters saturating in the bit width, per data type",
        .formula =
            "E + exp(lnA0 - alpha * ln(N / N0 * (1 - exp(-max(k + g * log2(64 / B), 0.001) / "
            "gamma_type))))",
        .source = "Kumar et al. 2024, arXiv 2411.04330 (N_eff)",
        .nestedIn = "J1"};
    return kInfo;
  }

  std::vector<LawParameter> parameters(const LawContext& c) const override {
    std::vector<LawParameter> all{floorParameter(c), amplitudeParameter(c), exponentParameter(c)};
    for (const std::string& type : c.dataTypes) {
      all.push_back(
          {"gamma_" + type, "bits", "bits over which the lost share falls by e", 0.1, 50});
    }
    if (c.blockSizes.size() > 1) {
      all.push_back({"g", "bits per halving", "what a block of half the size is worth", -1, 1});
    }
    return all;
  }

  double value(const LawContext& c, const double* p, const LawRow& row,
               double* gradient) const override {
    const std::size_t types = c.dataTypes.size();
    const bool blocks = c.blockSizes.size() > 1;
    const LawFormat& format = c.formats[row.format];
    std::size_t type = types;
    double logRho = 0, byGamma = 0, byBlock = 0;
    if (row.format > 0 && (format.bits < 16 || format.blockSize > 0)) {
      type = 0;
      while (type + 1 < types && c.dataTypes[type] != format.dataType) ++type;
      const double halvings = blocks ? 6 - logBlock(format) : 0;
      const double gamma = p[3 + type];
      const double width = std::max(format.bits + (blocks ? p[3 + types] * halvings : 0), 1e-3);
      const double lost = std::exp(-width / gamma);
      logRho = std::log1p(-lost);
      const double slope = lost / (1 - lost);  // d logRho / d(width / gamma)
      byGamma = -slope * width / (gamma * gamma);
      byBlock = slope * halvings / gamma;
    }
    const double z = row.logSize + logRho;
    const double term = std::exp(p[1] - p[2] * z);
    if (gradient != nullptr) {
      gradient[0] = 1;
      gradient[1] = term;
      gradient[2] = -z * term;
      for (std::size_t t = 0; t < types; ++t) {
        gradient[3 + t] = t == type ? -p[2] * term * byGamma : 0;
      }
      if (blocks) gradient[3 + types] = -p[2] * term * byBlock;
    }
    return p[0] + term;
  }

  std::vector<double> start(const LawContext& c, std::span<const LawTarget> targets, double level,
                            double alpha) const override {
    const BaseStart base = baseStart(targets, 0, level, alpha);
    std::vector<double> p{base.floor, base.logAmplitude, alpha};
    for (const std::string& type : c.dataTypes) {
      // From the format of fewest bits of the type: rho = 1 - exp(-k / gamma).
      double fewest = 1e9, gamma = 2.67;
      for (std::size_t f = 1; f < c.formats.size(); ++f) {
        if (c.formats[f].dataType != type || c.formats[f].bits >= fewest) continue;
        fewest = c.formats[f].bits;
        const double rho = std::exp(shiftStart(targets, f, base, alpha));
        if (rho < 0.999) gamma = -fewest / std::log1p(-std::min(rho, 0.99));
      }
      p.push_back(std::clamp(gamma, 0.2, 40.0));
    }
    if (c.blockSizes.size() > 1) p.push_back(0.05);
    return p;
  }

  std::vector<PublishedConstant> published() const override {
    return {{"gamma_int", 2.6745, "Kumar et al. 2024, table 2 (gamma_w, integer weights)"},
            {"gamma_float", 2.8111, "Kumar et al. 2024, table 2 (gamma_w, float weights)"}};
  }

 private:
  static double logBlock(const LawFormat& format) {
    return format.blockSize > 0 ? std::log2(double(format.blockSize)) : 16;
  }
};

}  // namespace

const LawForm& formEffective() {
  static const Effective kForm;
  return kForm;
}

}  // namespace bitfrontier
