// SPDX-License-Identifier: GPL-3.0-or-later
// Loss by parameters N and training tokens D:
//
//   chinchilla  L = E + A0 (N/N0)^-alpha + B0 (D/D0)^-beta, residuals in ln L
//               (J. Hoffmann et al., "Training compute-optimal large language models", 2022,
//               approach 3)
//   gadre       L = E + a N^-eta + b D^-eta, one exponent, residuals in L
//               (S. Gadre et al., "Language models scale reliably with over-training", 2024, where
//               D = M N)
//
// `fitChinchilla` (core/law/pooled/chinchilla.h) is the special solver for the first with the Huber
// loss of the paper.

#include <cmath>

#include "core/law/form/all.h"
#include "core/law/form/start_values.h"

namespace bitfrontier {
namespace {

/// E and both amplitudes by half of the variable loss each at the centre.
std::vector<double> halves(std::span<const LawTarget> targets, double level) {
  double smallest = HUGE_VAL, sum = 0;
  for (const LawTarget& t : targets) {
    smallest = std::min(smallest, t.value);
    sum += t.value;
  }
  const double floor = level * smallest;
  const double mean = sum / static_cast<double>(targets.size());
  return {floor, std::log(std::max((mean - floor) / 2, 1e-6 * mean))};
}

LawParameter tokenAmplitude(const LawContext& c) {
  LawParameter p = amplitudeParameter(c);
  p.name = "lnB0";
  p.meaning = "what data can still win at D0";
  return p;
}

class Chinchilla final : public LawForm {
 public:
  const LawFormInfo& info() const override {
    static constexpr LawFormInfo kInfo{
        .name = "chinchilla",
        .title = "loss by parameters and training tokens",
        .formula = "E + exp(lnA0 - alpha * ln(N / N0)) + exp(lnB0 - beta * ln(D / D0))",
        .source = "Hoffmann et al. 2022, approach 3",
        .accuracy = false,
        .scale = ResidualScale::Log,
        .needsTokens = true};
    return kInfo;
  }

  std::vector<LawParameter> parameters(const LawContext& c) const override {
    return {floorParameter(c),
            amplitudeParameter(c),
            exponentParameter(c),
            tokenAmplitude(c),
            {"beta", "", "exponent of training tokens", 0.005, 3}};
  }

  double value(const LawContext& /*c*/, const double* p, const LawRow& row,
               double* gradient) const override {
    const double size = std::exp(p[1] - p[2] * row.logSize);
    const double data = std::exp(p[3] - p[4] * row.logTokens);
    if (gradient != nullptr) {
      gradient[0] = 1;
      gradient[1] = size;
      gradient[2] = -row.logSize * size;
      gradient[3] = data;
      gradient[4] = -row.logTokens * data;
    }
    return p[0] + size + data;
  }

  std::vector<double> start(const LawContext& /*c*/, std::span<const LawTarget> targets,
                            double level, double alpha) const override {
    const std::vector<double> base = halves(targets, level);
    return {base[0], base[1], alpha, base[1], alpha};
  }

  std::vector<PublishedConstant> published() const override {
    const char* source = "Besiroglu et al. 2024, refit of Hoffmann et al.";
    return {{"alpha", 0.3473, source}, {"beta", 0.3672, source}};
  }
};

class Gadre final : public LawForm {
 public:
  const LawFormInfo& info() const override {
    static constexpr LawFormInfo kInfo{
        .name = "gadre",
        .title = "loss by parameters and tokens with one exponent (over-training)",
        .formula = "E + exp(lnA0 - eta * ln(N / N0)) + exp(lnB0 - eta * ln(D / D0))",
        .source = "Gadre et al. 2024, arXiv 2403.08540",
        .accuracy = false,
        .needsTokens = true};
    return kInfo;
  }

  std::vector<LawParameter> parameters(const LawContext& c) const override {
    return {floorParameter(c),
            amplitudeParameter(c),
            {"eta", "", "exponent of parameters and tokens", 0.005, 3},
            tokenAmplitude(c)};
  }

  double value(const LawContext& /*c*/, const double* p, const LawRow& row,
               double* gradient) const override {
    const double size = std::exp(p[1] - p[2] * row.logSize);
    const double data = std::exp(p[3] - p[2] * row.logTokens);
    if (gradient != nullptr) {
      gradient[0] = 1;
      gradient[1] = size;
      gradient[2] = -row.logSize * size - row.logTokens * data;
      gradient[3] = data;
    }
    return p[0] + size + data;
  }

  std::vector<double> start(const LawContext& /*c*/, std::span<const LawTarget> targets,
                            double level, double alpha) const override {
    const std::vector<double> base = halves(targets, level);
    return {base[0], base[1], alpha, base[1]};
  }
};

}  // namespace

const LawForm& formChinchilla() {
  static const Chinchilla kForm;
  return kForm;
}

const LawForm& formGadre() {
  static const Gadre kForm;
  return kForm;
}

}  // namespace bitfrontier
