// SPDX-License-Identifier: GPL-3.0-or-later
// Saturating power laws of one curve, and the two extremes of joint laws made of them.
//
//   power   error (or loss) = E + exp(lnA0 - alpha z)              one format
//   S0      the same for all formats together: no effect of the format
//   S1      the same with E_f, lnA0_f, alpha_f for each format: nothing shared
//
// z = ln(N/N0), N parameters or total bits. For losses this is the form of J. Hoffmann et al.,
// "Training compute-optimal large language models", 2022, in one variable.

#include <cmath>

#include "core/law/form/all.h"
#include "core/law/form/start_values.h"

namespace bitfrontier {
namespace {

class Power final : public LawForm {
 public:
  explicit Power(const LawFormInfo& info) : info_(info) {}
  const LawFormInfo& info() const override { return info_; }

  std::vector<LawParameter> parameters(const LawContext& c) const override {
    return {floorParameter(c), amplitudeParameter(c), exponentParameter(c)};
  }

  double value(const LawContext& /*c*/, const double* p, const LawRow& row,
               double* gradient) const override {
    const double term = std::exp(p[1] - p[2] * row.logSize);
    if (gradient != nullptr) {
      gradient[0] = 1;
      gradient[1] = term;
      gradient[2] = -row.logSize * term;
    }
    return p[0] + term;
  }

  std::vector<double> start(const LawContext& /*c*/, std::span<const LawTarget> targets,
                            double level, double alpha) const override {
    // Over all rows: here the format says nothing.
    const BaseStart base = baseStart(targets, static_cast<std::size_t>(-1), level, alpha);
    return {base.floor, base.logAmplitude, alpha};
  }

 private:
  LawFormInfo info_;
};

class Separate final : public LawForm {
 public:
  const LawFormInfo& info() const override {
    static constexpr LawFormInfo kInfo{.name = "S1",
                                       .title = "a power law of its own for each format",
                                       .formula = "E_f + exp(lnA0_f - alpha_f * ln(N / N0))",
                                       .source = "nothing shared; what joint laws must beat"};
    return kInfo;
  }

  std::vector<LawParameter> parameters(const LawContext& c) const override {
    std::vector<LawParameter> all;
    for (const LawFormat& format : c.formats) {
      const std::string suffix = "_" + format.label;
      all.push_back(floorParameter(c, suffix));
      all.push_back(amplitudeParameter(c, suffix));
      all.push_back(exponentParameter(c, suffix));
    }
    return all;
  }

  double value(const LawContext& c, const double* p, const LawRow& row,
               double* gradient) const override {
    const double* own = p + 3 * row.format;
    const double term = std::exp(own[1] - own[2] * row.logSize);
    if (gradient != nullptr) {
      for (std::size_t i = 0; i < 3 * c.formats.size(); ++i) gradient[i] = 0;
      gradient[3 * row.format] = 1;
      gradient[3 * row.format + 1] = term;
      gradient[3 * row.format + 2] = -row.logSize * term;
    }
    return own[0] + term;
  }

  std::vector<double> start(const LawContext& c, std::span<const LawTarget> targets, double level,
                            double alpha) const override {
    std::vector<double> p;
    for (std::size_t f = 0; f < c.formats.size(); ++f) {
      const BaseStart base = baseStart(targets, f, level, alpha);
      p.insert(p.end(), {base.floor, base.logAmplitude, alpha});
    }
    return p;
  }
};

}  // namespace

const LawForm& formPower() {
  static const Power kForm({.name = "power",
                            .title = "saturating power law of one format",
                            .formula = "E + exp(lnA0 - alpha * ln(N / N0))",
                            .source = "Hoffmann et al. 2022 in one variable",
                            .joint = false});
  return kForm;
}

const LawForm& formNoEffect() {
  static const Power kForm({.name = "S0",
                            .title = "one power law, no effect of the format",
                            .formula = "E + exp(lnA0 - alpha * ln(N / N0))",
                            .source = "the null hypothesis of joint laws",
                            .nestedIn = "J1"});
  return kForm;
}

const LawForm& formSeparate() {
  static const Separate kForm;
  return kForm;
}

}  // namespace bitfrontier
