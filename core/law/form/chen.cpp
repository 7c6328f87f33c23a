// SPDX-License-Identifier: GPL-3.0-or-later
// Loss with the penalty of M. Chen et al., "Scaling law for quantization-aware training", 2025
// (arXiv 2505.14302), the one published law with the group (block) size G:
//
//   L = E + A0 (N/N0)^-alpha [+ B0 (D/D0)^-beta]
//       + exp(lnC_k - gammaN ln(N/N0) [+ gammaD ln(D/D0)] + gammaG ln(log2 G / 6))
//
// with one lnC for each bit width: the penalty of blocks of 64 at N0. Whole tensors count as blocks
// of 65536. Constants of 4-bit weights, 16-bit activations (W4A16) are priors when asked for.

#include <fmt/format.h>

#include <cmath>

#include "core/law/form/all.h"
#include "core/law/form/penalty_parts.h"

namespace bitfrontier {
namespace {

class Chen final : public LawForm {
 public:
  const LawFormInfo& info() const override {
    static constexpr LawFormInfo kInfo{
        .name = "chen",
        .title = "loss with a penalty per bit width that grows with the block",
        .formula =
            "E + exp(lnA0 - alpha * ln(N / N0)) [+ exp(lnB0 - beta * ln(D / D0))] + "
            "exp(lnC_k - gammaN * ln(N / N0) [+ gammaD * ln(D / D0)] + "
            "gammaG * ln(log2(G) / 6))",
        .source = "Chen et al. 2025, arXiv 2505.14302",
        .accuracy = false,
        .usesTokens = true};
    return kInfo;
  }

  std::vector<LawParameter> parameters(const LawContext& c) const override {
    std::vector<LawParameter> all;
    LossBase::addParameters(c, all);
    all.push_back({"gammaN", "", "exponent of size in the penalty", -1, 3});
    all.push_back({"gammaG", "", "exponent of log2 of the block in the penalty", -2, 5});
    if (c.hasTokens) all.push_back({"gammaD", "", "exponent of tokens in the penalty", -1, 3});
    for (const double k : c.bitWidths) {
      all.push_back({fmt::format("lnC_{:g}", k), "ln of nats per token",
                     "penalty of blocks of 64 at N0", -20, 10});
    }
    return all;
  }

  double value(const LawContext& c, const double* p, const LawRow& row,
               double* gradient) const override {
    const std::size_t b = LossBase::count(c), first = b + (c.hasTokens ? 3 : 2);
    const double base = LossBase::value(c, p, row, gradient);
    const LawFormat& format = c.formats[row.format];
    std::size_t width = 0;
    while (width < c.bitWidths.size() && c.bitWidths[width] != format.bits) ++width;
    const double block = blockTerm(format);
    double penalty = 0;
    if (row.format > 0 && width < c.bitWidths.size()) {
      double t = p[first + width] - p[b] * row.logSize + p[b + 1] * block;
      if (c.hasTokens) t += p[b + 2] * row.logTokens;
      penalty = std::exp(t);
    }
    if (gradient != nullptr) {
      gradient[b] = -row.logSize * penalty;
      gradient[b + 1] = block * penalty;
      if (c.hasTokens) gradient[b + 2] = row.logTokens * penalty;
      for (std::size_t w = 0; w < c.bitWidths.size(); ++w) {
        gradient[first + w] = w == width ? penalty : 0;
      }
    }
    return base + penalty;
  }

  std::vector<double> start(const LawContext& c, std::span<const LawTarget> targets, double level,
                            double alpha) const override {
    const BaseStart base = baseStart(targets, 0, level, alpha);
    std::vector<double> p;
    LossBase::addStart(c, base, alpha, p);
    p.insert(p.end(), {alpha, 0.35});
    if (c.hasTokens) p.push_back(0.15);
    for (const double k : c.bitWidths) {
      std::size_t of = 0;
      for (std::size_t f = 1; f < c.formats.size(); ++f) {
        if (c.formats[f].bits == k) of = f;
      }
      p.push_back(logPenaltyStart(c, targets, of, base, alpha));
    }
    return p;
  }

  std::vector<PublishedConstant> published() const override {
    const char* source = "Chen et al. 2025, W4A16";
    return {{"gammaN", 0.3589, source}, {"gammaD", 0.1610, source}, {"gammaG", 0.3533, source}};
  }
};

}  // namespace

const LawForm& formChen() {
  static const Chen kForm;
  return kForm;
}

}  // namespace bitfrontier
