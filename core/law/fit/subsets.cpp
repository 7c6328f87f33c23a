// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/law/fit/subsets.h"

namespace bitfrontier {

std::vector<LawPoint> pickPoints(std::span<const LawPoint> points,
                                 std::span<const std::size_t> kept) {
  std::vector<LawPoint> part;
  part.reserve(kept.size());
  for (const std::size_t i : kept) part.push_back(points[i]);
  return part;
}

JointOptions optionsForSubset(const JointOptions& options, std::size_t points,
                              std::span<const std::size_t> kept) {
  JointOptions part = options;
  if (!options.covariance) return part;
  if (options.covariance->n != points) {
    part.covariance.reset();
    return part;
  }
  const std::size_t n = kept.size();
  SymmetricMatrix matrix{n, std::vector<double>(n * n)};
  for (std::size_t i = 0; i < n; ++i) {
    for (std::size_t k = 0; k < n; ++k) {
      matrix.values[i * n + k] = options.covariance->at(kept[i], kept[k]);
    }
  }
  part.covariance = std::move(matrix);
  return part;
}

std::map<std::pair<std::string, std::string>, std::vector<std::size_t>> familiesOf(
    std::span<const LawPoint> points) {
  std::map<std::pair<std::string, std::string>, std::vector<std::size_t>> families;
  for (std::size_t i = 0; i < points.size(); ++i) {
    families[{points[i].family, points[i].source}].push_back(i);
  }
  return families;
}

}  // namespace bitfrontier
