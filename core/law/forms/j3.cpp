// SPDX-License-Identifier: GPL-3.0-or-later
// J3: all bit widths, blocks and data types through one covariate, the measured weight error
// q_f = mean over layers of |W - Q(W)|^2 / |W|^2.
//
//   J3   error (or loss) = E + A0 u (1 + lambda q^eta),       u = (N/N0)^-alpha    (J1-like)
//   J3v  error (or loss) = E + A0 u + lambda q^eta (N/N0)^-gammaN                   (J2-like)
//
// Two or three parameters for any number of formats, so it predicts formats that were not run. That
// loss rises in proportion to the weight error is the linearity theorem of V. Malinovskii et al.,
// "Pushing the limits of large language model quantization via the linearity theorem", 2024.

#include <cmath>

#include "core/law/forms/all.h"
#include "core/law/forms/start_values.h"

namespace bitfrontier {
namespace {

/// q^eta and its derivative by eta; 0 for the reference.
double power(double q, double eta, double& slope) {
  slope = 0;
  if (!(q > 0)) return 0;
  const double value = std::exp(eta * std::log(q));
  slope = value * std::log(q);
  return value;
}

/// ln lambda and eta through the formats' mean offsets: a line in logarithms, or slope 1.
std::pair<double, double> noiseStart(const LawContext& c, std::span<const LawTarget> targets,
                                     const BaseStart& base, double alpha) {
  double n = 0, sx = 0, sy = 0, sxx = 0, sxy = 0;
  for (std::size_t f = 1; f < c.formats.size(); ++f) {
    const double offset = offsetStart(targets, f, base, alpha);
    if (!(offset > 0) || !(c.formats[f].noise > 0)) continue;
    const double x = std::log(c.formats[f].noise), y = std::log(offset);
    n += 1;
    sx += x;
    sy += y;
    sxx += x * x;
    sxy += x * y;
  }
  if (n == 0) return {0, 1};
  const double spread = n * sxx - sx * sx;
  const double eta =
      n > 1 && spread > 1e-9 ? std::clamp((n * sxy - sx * sy) / spread, 0.2, 3.0) : 1;
  return {(sy - eta * sx) / n, eta};
}

class NoiseHorizontal final : public LawForm {
 public:
  const LawFormInfo& info() const override {
    static constexpr LawFormInfo kInfo{
        .name = "J3",
        .title = "one curve, formats by their measured weight error (J1-like)",
        .formula = "E + exp(lnA0 - alpha * ln(N / N0)) * (1 + exp(lnlambda) * q_f^eta)",
        .source = "after Malinovskii et al. 2024 (linearity theorem)",
        .needsNoise = true};
    return kInfo;
  }

  std::vector<LawParameter> parameters(const LawContext& c) const override {
    return {floorParameter(c),
            amplitudeParameter(c),
            exponentParameter(c),
            {"lnlambda", "", "strength of the weight error", -15, 20},
            {"eta", "", "exponent of the weight error", 0.05, 5}};
  }

  double value(const LawContext& c, const double* p, const LawRow& row,
               double* gradient) const override {
    double slope = 0;
    const double q = power(row.format > 0 ? c.formats[row.format].noise : 0, p[4], slope);
    const double u = std::exp(p[1] - p[2] * row.logSize), lambda = std::exp(p[3]);
    const double term = u * (1 + lambda * q);
    if (gradient != nullptr) {
      gradient[0] = 1;
      gradient[1] = term;
      gradient[2] = -row.logSize * term;
      gradient[3] = u * lambda * q;
      gradient[4] = u * lambda * slope;
    }
    return p[0] + term;
  }

  std::vector<double> start(const LawContext& c, std::span<const LawTarget> targets, double level,
                            double alpha) const override {
    const BaseStart base = baseStart(targets, 0, level, alpha);
    const auto [lambda, eta] = noiseStart(c, targets, base, alpha);
    return {base.floor, base.logAmplitude, alpha, lambda - base.logAmplitude, eta};
  }
};

class NoiseVertical final : public LawForm {
 public:
  const LawFormInfo& info() const override {
    static constexpr LawFormInfo kInfo{
        .name = "J3v",
        .title = "one curve, an added penalty by measured weight error (J2-like)",
        .formula =
            "E + exp(lnA0 - alpha * ln(N / N0)) + "
            "exp(lnlambda - gammaN * ln(N / N0)) * q_f^eta",
        .source = "after Malinovskii et al. 2024 (linearity theorem)",
        .needsNoise = true};
    return kInfo;
  }

  std::vector<LawParameter> parameters(const LawContext& c) const override {
    return {floorParameter(c),
            amplitudeParameter(c),
            exponentParameter(c),
            {"lnlambda", "", "strength of the weight error at N0", -15, 20},
            {"eta", "", "exponent of the weight error", 0.05, 5},
            {"gammaN", "", "exponent of size in the penalty", -1, 3}};
  }

  double value(const LawContext& c, const double* p, const LawRow& row,
               double* gradient) const override {
    double slope = 0;
    const double q = power(row.format > 0 ? c.formats[row.format].noise : 0, p[4], slope);
    const double u = std::exp(p[1] - p[2] * row.logSize);
    const double strength = std::exp(p[3] - p[5] * row.logSize);
    if (gradient != nullptr) {
      gradient[0] = 1;
      gradient[1] = u;
      gradient[2] = -row.logSize * u;
      gradient[3] = strength * q;
      gradient[4] = strength * slope;
      gradient[5] = -row.logSize * strength * q;
    }
    return p[0] + u + strength * q;
  }

  std::vector<double> start(const LawContext& c, std::span<const LawTarget> targets, double level,
                            double alpha) const override {
    const BaseStart base = baseStart(targets, 0, level, alpha);
    const auto [lambda, eta] = noiseStart(c, targets, base, alpha);
    return {base.floor, base.logAmplitude, alpha, lambda, eta, alpha};
  }
};

}  // namespace

const LawForm& formNoise() {
  static const NoiseHorizontal kForm;
  return kForm;
}

const LawForm& formNoisePenalty() {
  static const NoiseVertical kForm;
  return kForm;
}

}  // namespace bitfrontier
