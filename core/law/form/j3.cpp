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
//
// Where weight errors were not measured they are modelled (LawContext::modelledNoise):
//
//   ln q_f = c_type - 2 ln 2 (k - 4) + gG ln(log2 G / 6)      k bits, blocks of G
//
// so that each bit divides the squared error by 4. c of the first data type is 0; lambda is then
// the penalty of its 4 bits in blocks of 64. The block's term is that of M. Chen et al., "Scaling
// law for quantization-aware training", 2025.

#include <algorithm>
#include <cmath>
#include <numbers>

#include "core/law/form/all.h"
#include "core/law/form/format_offset.h"
#include "core/law/form/penalty_parts.h"

namespace bitfrontier {
namespace {

/// q^eta, with eta at place `eta` of the parameters and those of a modelled weight error from place
/// `extra` on.
class NoiseTerm {
 public:
  NoiseTerm(const LawContext& c, std::size_t eta, std::size_t extra)
      : c_(c), eta_(eta), extra_(extra) {}

  static void addModelled(const LawContext& c, std::vector<LawParameter>& all) {
    if (!c.modelledNoise) return;
    for (std::size_t t = 1; t < c.dataTypes.size(); ++t) {
      all.push_back({"c_" + c.dataTypes[t], "ln of relative squared weight error",
                     "weight error against that of " + c.dataTypes[0], -5, 5});
    }
    if (c.blockSizes.size() > 1) {
      all.push_back({"gG", "", "exponent of log2 of the block in the weight error", -5, 10});
    }
  }

  /// q^eta of a format, 0 for the reference; fills d/d eta and d/d the modelled parameters, each
  /// times `factor`.
  double power(const double* p, std::size_t format, double factor, double* gradient) const {
    const bool types = c_.modelledNoise, blocks = types && c_.blockSizes.size() > 1;
    const std::size_t last =
        extra_ + (types && c_.dataTypes.size() > 1 ? c_.dataTypes.size() - 1 : 0);
    if (gradient != nullptr) {
      gradient[eta_] = 0;
      for (std::size_t i = extra_; i < last + (blocks ? 1 : 0); ++i) gradient[i] = 0;
    }
    if (format == 0) return 0;
    const LawFormat& f = c_.formats[format];
    double logNoise = 0;
    std::size_t type = 0;
    const double block = blockTerm(f);
    if (types) {
      while (type + 1 < c_.dataTypes.size() && c_.dataTypes[type] != f.dataType) ++type;
      logNoise = -2 * std::numbers::ln2 * (f.bits - 4) + (type > 0 ? p[extra_ + type - 1] : 0) +
                 (blocks ? p[last] * block : 0);
    } else if (f.noise > 0) {
      logNoise = std::log(f.noise);
    } else {
      return 0;
    }
    const double value = std::exp(p[eta_] * logNoise);
    if (gradient != nullptr) {
      gradient[eta_] = factor * value * logNoise;
      if (type > 0) gradient[extra_ + type - 1] = factor * value * p[eta_];
      if (blocks) gradient[last] = factor * value * p[eta_] * block;
    }
    return value;
  }

  /// ln lambda and eta through the formats' mean offsets: a line in logarithms, or slope 1.
  std::pair<double, double> start(std::span<const LawTarget> targets, const BaseStart& base,
                                  double alpha) const {
    double n = 0, sx = 0, sy = 0, sxx = 0, sxy = 0;
    std::vector<double> flat(extra_ + c_.dataTypes.size() + 1, 0);
    flat[eta_] = 1;
    for (std::size_t f = 1; f < c_.formats.size(); ++f) {
      const double offset = offsetStart(targets, f, base, alpha);
      const double noise = power(flat.data(), f, 1, nullptr);
      if (!(offset > 0) || !(noise > 0)) continue;
      const double x = std::log(noise), y = std::log(offset);
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

  static void addModelledStart(const LawContext& c, std::vector<double>& p) {
    if (!c.modelledNoise) return;
    for (std::size_t t = 1; t < c.dataTypes.size(); ++t) p.push_back(0);
    if (c.blockSizes.size() > 1) p.push_back(0.35);
  }

 private:
  const LawContext& c_;
  std::size_t eta_, extra_;
};

constexpr std::size_t kEta = 4;

std::vector<LawParameter> noiseParameters(const LawContext& c, const char* strength) {
  std::vector<LawParameter> all = baseParameters(c);
  all.push_back({"lnlambda", "", strength, -15, 20});
  all.push_back({"eta", "", "exponent of the weight error", 0.05, 5});
  return all;
}

class NoiseHorizontal final : public LawForm {
 public:
  const LawFormInfo& info() const override {
    static constexpr LawFormInfo kInfo{
        .name = "J3",
        .title = "one curve, formats by their weight error (J1-like)",
        .formula = "E + exp(lnA0 - alpha * ln(N / N0)) * (1 + exp(lnlambda) * q_f^eta)",
        .source = "after Malinovskii et al. 2024 (linearity theorem)",
        .needsNoise = true};
    return kInfo;
  }

  std::vector<LawParameter> parameters(const LawContext& c) const override {
    std::vector<LawParameter> all = noiseParameters(c, "strength of the weight error");
    NoiseTerm::addModelled(c, all);
    return all;
  }

  double value(const LawContext& c, const double* p, const LawRow& row,
               double* gradient) const override {
    const double u = std::exp(p[1] - p[2] * row.logSize), lambda = std::exp(p[3]);
    const double q = NoiseTerm(c, kEta, 5).power(p, row.format, u * lambda, gradient);
    const double term = u * (1 + lambda * q);
    if (gradient != nullptr) {
      gradient[0] = 1;
      gradient[1] = term;
      gradient[2] = -row.logSize * term;
      gradient[3] = u * lambda * q;
    }
    return p[0] + term;
  }

  std::vector<double> start(const LawContext& c, std::span<const LawTarget> targets, double level,
                            double alpha) const override {
    const BaseStart base = baseStart(targets, 0, level, alpha);
    const auto [lambda, eta] = NoiseTerm(c, kEta, 5).start(targets, base, alpha);
    std::vector<double> p{base.floor, base.logAmplitude, alpha, lambda - base.logAmplitude, eta};
    NoiseTerm::addModelledStart(c, p);
    return p;
  }
};

class NoiseVertical final : public LawForm {
 public:
  const LawFormInfo& info() const override {
    static constexpr LawFormInfo kInfo{
        .name = "J3v",
        .title = "one curve, an added penalty by weight error (J2-like)",
        .formula =
            "E + exp(lnA0 - alpha * ln(N / N0)) + "
            "exp(lnlambda - gammaN * ln(N / N0)) * q_f^eta",
        .source = "after Malinovskii et al. 2024 (linearity theorem)",
        .needsNoise = true};
    return kInfo;
  }

  std::vector<LawParameter> parameters(const LawContext& c) const override {
    std::vector<LawParameter> all = noiseParameters(c, "strength of the weight error at N0");
    all.push_back({"gammaN", "", "exponent of size in the penalty", -1, 3});
    NoiseTerm::addModelled(c, all);
    return all;
  }

  double value(const LawContext& c, const double* p, const LawRow& row,
               double* gradient) const override {
    const double u = std::exp(p[1] - p[2] * row.logSize);
    const double strength = std::exp(p[3] - p[5] * row.logSize);
    const double q = NoiseTerm(c, kEta, 6).power(p, row.format, strength, gradient);
    if (gradient != nullptr) {
      gradient[0] = 1;
      gradient[1] = u;
      gradient[2] = -row.logSize * u;
      gradient[3] = strength * q;
      gradient[5] = -row.logSize * strength * q;
    }
    return p[0] + u + strength * q;
  }

  std::vector<double> start(const LawContext& c, std::span<const LawTarget> targets, double level,
                            double alpha) const override {
    const BaseStart base = baseStart(targets, 0, level, alpha);
    const auto [lambda, eta] = NoiseTerm(c, kEta, 6).start(targets, base, alpha);
    std::vector<double> p{base.floor, base.logAmplitude, alpha, lambda, eta, alpha};
    NoiseTerm::addModelledStart(c, p);
    return p;
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
