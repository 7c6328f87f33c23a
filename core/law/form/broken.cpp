// SPDX-License-Identifier: GPL-3.0-or-later
// Smoothly broken power law of E. Caballero et al., "Broken neural scaling laws", ICLR 2023, for
// one format, with one or more breaks:
//
//   error (or loss) = a + b x^-c0 prod_i (1 + (x/d_i)^(1/f_i))^(-c_i f_i),    x = N/N0
//
// fitted in ln(1 + value) as there. The solver sees ln b, ln d and ln f. Needs ten points for each
// break; single parameters are weakly identified, the curve is what counts.

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "core/law/form/all.h"
#include "core/law/form/start_values.h"

namespace bitfrontier {
namespace {

class Broken final : public LawForm {
 public:
  const LawFormInfo& info() const override {
    static constexpr LawFormInfo kInfo{
        .name = "broken",
        .title = "smoothly broken power law",
        .formula =
            "a + exp(lnb) * x^(-c0) * prod_i (1 + (x / d_i)^(1 / f_i))^(-c_i * f_i), x = N / "
            "N0, d_i = exp(lnd_i), f_i = exp(lnf_i)",
        .source = "Caballero et al. 2022, arXiv 2210.14891",
        .joint = false,
        .scale = ResidualScale::Log1p};
    return kInfo;
  }

  std::vector<LawParameter> parameters(const LawContext& c) const override {
    LawParameter floor = floorParameter(c);
    floor.name = "a";
    std::vector<LawParameter> all{
        floor,
        {"lnb", "ln of " + metricUnit(c), "height before the break at N0", -40, 40},
        {"c0", "", "slope before the first break", -5, 10}};
    const double span = c.maxLogSize - c.minLogSize;
    for (int i = 1; i <= c.breaks; ++i) {
      all.push_back({fmt::format("c{}", i), "", "change of slope", -20, 20});
      all.push_back({fmt::format("lnd{}", i), "ln of a factor of N0", "place of the break",
                     c.minLogSize - span, c.maxLogSize + span});
      all.push_back({fmt::format("lnf{}", i), "", "ln of the break's width", -5, 3});
    }
    return all;
  }

  double value(const LawContext& c, const double* p, const LawRow& row,
               double* gradient) const override {
    double t = p[1] - p[2] * row.logSize;
    double byC[5], byD[5], byF[5];
    for (int i = 0; i < c.breaks; ++i) {
      const double* q = p + 3 + 3 * i;
      const double f = std::exp(q[2]), v = (row.logSize - q[1]) / f;
      const double soft = v > 30 ? v : std::log1p(std::exp(v));
      const double share = 1 / (1 + std::exp(-v));
      t -= q[0] * f * soft;
      byC[i] = -f * soft;
      byD[i] = q[0] * share;
      byF[i] = -q[0] * f * (soft - share * v);
    }
    const double term = std::exp(t);
    if (gradient != nullptr) {
      gradient[0] = 1;
      gradient[1] = term;
      gradient[2] = -row.logSize * term;
      for (int i = 0; i < c.breaks; ++i) {
        gradient[3 + 3 * i] = term * byC[i];
        gradient[4 + 3 * i] = term * byD[i];
        gradient[5 + 3 * i] = term * byF[i];
      }
    }
    return p[0] + term;
  }

  /// Breaks at quantiles around `level`, slopes by a straight line in logarithms on both sides.
  std::vector<double> start(const LawContext& c, std::span<const LawTarget> targets, double level,
                            double alpha) const override {
    double smallest = HUGE_VAL;
    for (const LawTarget& t : targets) smallest = std::min(smallest, t.value);
    const double floor = smallest * (alpha < 0.2 ? 0.99 : alpha < 0.5 ? 0.9 : 0.3);
    const double span = c.maxLogSize - c.minLogSize;
    std::vector<double> places;
    for (int i = 0; i < c.breaks; ++i) {
      const double at =
          c.breaks == 1 ? 0.1 + 0.8 * level : (i + 0.5 + 0.6 * (level - 0.5)) / double(c.breaks);
      places.push_back(c.minLogSize + at * span);
    }
    const auto slope = [&](double from, double to, double& middle) {
      double n = 0, sx = 0, sy = 0, sxx = 0, sxy = 0;
      for (const LawTarget& t : targets) {
        if (t.row.logSize < from - 1e-9 || t.row.logSize > to + 1e-9 || t.value <= floor) continue;
        const double x = t.row.logSize, y = std::log(t.value - floor);
        n += 1;
        sx += x;
        sy += y;
        sxx += x * x;
        sxy += x * y;
      }
      const double spread = n * sxx - sx * sx;
      const double s = n > 1 && spread > 1e-12 ? (n * sxy - sx * sy) / spread : -alpha;
      middle = n > 0 ? (sy - s * sx) / n : 0;
      return s;
    };
    double height = 0, ignored = 0;
    double before = slope(c.minLogSize, places[0], height);
    std::vector<double> p{floor, height, -before};
    for (std::size_t i = 0; i < places.size(); ++i) {
      const double end = i + 1 < places.size() ? places[i + 1] : c.maxLogSize;
      const double after = slope(places[i], end, ignored);
      p.insert(p.end(), {before - after, places[i], std::log(0.05 + 0.3 * level)});
      before = after;
    }
    return p;
  }
};

}  // namespace

const LawForm& formBroken() {
  static const Broken kForm;
  return kForm;
}

}  // namespace bitfrontier
