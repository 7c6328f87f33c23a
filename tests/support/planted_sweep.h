// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <fmt/format.h>

#include <boost/math/special_functions/erf.hpp>
#include <cmath>
#include <cstdint>
#include <string>
#include <vector>

#include "core/law/data/item_outcomes.h"
#include "core/law/data/law_point.h"
#include "core/law/numeric/counter_rng.h"

namespace bitfrontier::test {

/// A format of a planted family: its width, bits of a parameter, and what it costs.
struct PlantedFormat {
  std::string label;
  int k = 16;
  double bits = 16;
  double rho = 1;      ///< J1: counts like a model rho times as large
  double penalty = 0;  ///< J2: error added at N0, shrinking with the exponent gammaN
};

/// A family whose law is known: error = E + A (rho N / N0)^-alpha + penalty (N / N0)^-gammaN, plus
/// a deviation of standard deviation tau for every configuration and one of tauModel that all
/// formats of a model share.
struct PlantedTruth {
  double floor = 0.25, amplitude = 0.2, alpha = 0.25, gammaN = 0.25, tau = 0.002;
  double tauModel = 0;
  double size0 = 1e9;
  std::vector<double> sizes;
  std::vector<PlantedFormat> formats;  ///< the first is the reference
  int items = 8000;

  double law(std::size_t format, double size) const {
    const double x = size / size0;
    return 1 - floor - amplitude * std::pow(formats[format].rho * x, -alpha) -
           formats[format].penalty * std::pow(x, -gammaN);
  }
};

/// What a sweep over the planted family measures. Outcomes of one item are correlated: 0.9 between
/// formats of a model, 0.6 between models (latent normals).
struct PlantedSweep {
  std::vector<LawPoint> points;        ///< sizes outer, formats inner
  std::vector<double> truth;           ///< accuracy with its deviations, for infinitely many items
  std::vector<double> modelDeviation;  ///< by size: what all formats of the model share
  ItemOutcomes items{0};
};

inline PlantedSweep plantSweep(const PlantedTruth& truth, std::uint64_t seed) {
  const std::size_t formats = truth.formats.size(), cells = truth.sizes.size() * formats;
  CounterRng rng(seed, 0), shared(seed, 5);
  PlantedSweep sweep;
  std::vector<double> thresholds;
  for (const double size : truth.sizes) {
    sweep.modelDeviation.push_back(truth.tauModel * shared.normal());
    for (std::size_t f = 0; f < formats; ++f) {
      const double p = truth.law(f, size) + sweep.modelDeviation.back() + truth.tau * rng.normal();
      sweep.truth.push_back(p);
      thresholds.push_back(std::sqrt(2.0) * boost::math::erf_inv(2 * p - 1));
    }
  }
  const auto n = static_cast<std::size_t>(truth.items);
  std::vector<std::vector<std::uint8_t>> right(cells, std::vector<std::uint8_t>(n));
  const double common = std::sqrt(0.6), model = std::sqrt(0.3), own = std::sqrt(0.1);
  for (std::size_t j = 0; j < n; ++j) {
    const double item = common * rng.normal();
    for (std::size_t s = 0, c = 0; s < truth.sizes.size(); ++s) {
      const double both = item + model * rng.normal();
      for (std::size_t f = 0; f < formats; ++f, ++c) {
        right[c][j] = both + own * rng.normal() < thresholds[c] ? 1 : 0;
      }
    }
  }
  sweep.items = ItemOutcomes(cells);
  const std::vector<std::span<const std::uint8_t>> views(right.begin(), right.end());
  sweep.items.addTask("planted", views);
  for (std::size_t s = 0, c = 0; s < truth.sizes.size(); ++s) {
    for (std::size_t f = 0; f < formats; ++f, ++c) {
      const PlantedFormat& format = truth.formats[f];
      LawPoint p;
      p.family = "planted";
      p.model = fmt::format("planted-{:.3g}", truth.sizes[s]);
      p.config = format.label;
      p.dataType = format.k >= 16 ? "fp16" : "int";
      p.bits = format.k;
      p.blockSize = format.k >= 16 ? 0 : 64;
      p.parameters = truth.sizes[s];
      p.totalBits = truth.sizes[s] * format.bits;
      p.accuracy = sweep.items.accuracy(c);
      p.accuracySe = std::sqrt(p.accuracy * (1 - p.accuracy) / (truth.items - 1.0));
      p.chance = 0;
      p.accuracyTasks = 1;
      sweep.points.push_back(std::move(p));
    }
  }
  return sweep;
}

/// A family drawn at random whose best format is not obvious. With `crossing` the low-bit penalty
/// shrinks with an exponent of its own, so that the best format may depend on the budget.
inline PlantedTruth drawTruth(std::uint64_t seed, bool crossing) {
  CounterRng rng(seed, 1);
  const auto between = [&](double a, double b) { return a + (b - a) * rng.uniform(); };
  PlantedTruth t;
  t.floor = between(0.15, 0.3);
  t.amplitude = between(0.15, 0.25);
  t.alpha = between(0.18, 0.32);
  t.tau = between(0.001, 0.004);
  t.sizes = {0.125e9, 0.35e9, 1.3e9, 2.7e9, 6.7e9, 13e9};
  t.formats = {{"fp16", 16, 16, 1, 0},
               {"int8", 8, 8.25, between(0.97, 1), 0},
               {"int5", 5, 5.25, between(0.9, 1), 0},
               {"int4", 4, 4.25, between(0.75, 0.93), 0},
               {"int3", 3, 3.25, between(0.45, 0.75), 0}};
  if (!crossing) return t;
  t.gammaN = t.alpha + between(-0.1, 0.25);
  for (PlantedFormat& f : t.formats) {
    f.penalty = t.amplitude * (std::pow(f.rho, -t.alpha) - 1);
    f.rho = 1;
  }
  return t;
}

/// The same with deviations that all formats of a model share, up to four times as large as those
/// of single configurations.
inline PlantedTruth drawDeviatingTruth(std::uint64_t seed, bool crossing) {
  PlantedTruth t = drawTruth(seed, crossing);
  CounterRng rng(seed, 6);
  t.tauModel = t.tau * std::exp(std::log(16.0) * (rng.uniform() - 0.5));
  return t;
}

/// A family of drawTruth() with four formats of every quantized width, as four data types or blocks
/// are: their losses differ by a factor with a standard deviation of 0.4 in its logarithm.
inline PlantedTruth drawWideTruth(std::uint64_t seed, bool crossing) {
  PlantedTruth t = drawTruth(seed, crossing);
  CounterRng rng(seed, 4);
  std::vector<PlantedFormat> formats{t.formats.front()};
  for (std::size_t f = 1; f < t.formats.size(); ++f) {
    for (int variant = 0; variant < 4; ++variant) {
      PlantedFormat format = t.formats[f];
      const double factor = std::exp(0.4 * rng.normal());
      format.label += fmt::format("-v{}", variant + 1);
      format.bits = format.k + 0.25 / std::pow(2.0, variant);
      format.rho = std::pow(format.rho, factor);
      format.penalty *= factor;
      formats.push_back(std::move(format));
    }
  }
  t.formats = std::move(formats);
  return t;
}

}  // namespace bitfrontier::test
