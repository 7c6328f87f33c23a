// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>

namespace bitfrontier {

/// Predicted probabilities and what happened, in bins. Statements about one family depend on each
/// other: errors are over families.
class Reliability {
 public:
  void nextFamily() {
    ++families_;
    for (std::size_t b = 0; b < kBins; ++b) {
      squares_[b] += gap_[b] * gap_[b];
      gap_[b] = 0;
    }
  }
  void add(double predicted, bool happened) {
    const auto bin = std::min<std::size_t>(static_cast<std::size_t>(predicted * kBins), kBins - 1);
    ++n_[bin];
    predicted_[bin] += predicted;
    happened_[bin] += happened ? 1 : 0;
    gap_[bin] += predicted - (happened ? 1 : 0);
    if (predicted >= 0.95) {
      ++sure_;
      wrong_ += happened ? 0 : 1;
    }
  }
  void print(const char* title) const {
    fmt::print("{}\n  predicted  happened  difference  (error)  statements\n", title);
    double worst = 0, judged = 0, weighted = 0, total = 0;
    int bins = 0;
    for (std::size_t b = 0; b < kBins; ++b) {
      if (n_[b] == 0) continue;
      const double p = predicted_[b] / n_[b], h = happened_[b] / n_[b];
      fmt::print("  {:9.4f} {:9.4f} {:11.4f} {:8.4f} {:11.0f}\n", p, h, p - h,
                 std::sqrt(squares_[b]) / n_[b], n_[b]);
      worst = std::max(worst, std::abs(p - h));
      if (std::sqrt(squares_[b]) / n_[b] < 0.015) {
        ++bins;
        judged = std::max(judged, std::abs(p - h));
      }
      weighted += n_[b] * std::abs(p - h);
      total += n_[b];
    }
    fmt::print(
        "  largest difference {:.3f}, in the {} bins with an error below 0.015 {:.3f}; mean over "
        "statements {:.4f}; of {:.0f} statements with "
        "P >= 0.95 {:.2f} % were wrong\n",
        worst, bins, judged, weighted / total, sure_, 100 * wrong_ / std::max(sure_, 1.0));
  }

 private:
  static constexpr std::size_t kBins = 10;
  std::array<double, kBins> n_{}, predicted_{}, happened_{}, gap_{}, squares_{};
  double sure_ = 0, wrong_ = 0, families_ = 0;
};

}  // namespace bitfrontier
