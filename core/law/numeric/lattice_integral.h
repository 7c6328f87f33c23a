// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <functional>
#include <vector>

namespace bitfrontier {

/// One place of a lattice, with the density's logarithm there.
struct LatticeNode {
  std::vector<double> x;
  double logDensity = 0;
};

/// A density of few dimensions, summed on a lattice.
struct LatticeIntegral {
  std::vector<LatticeNode> nodes;  ///< all within 8 of the largest logarithm
  double logIntegral = 0;          ///< -infinity without nodes
};

/// Sums exp(logDensity) over the lattice through its maximum, which is sought from `start` with
/// first steps of `step`. Spacings are 0.7 to 1 standard deviation along each axis, at which sums
/// of smooth peaks are as good as integrals (as in H. Rue, S. Martino, N. Chopin, "Approximate
/// Bayesian inference for latent Gaussian models", 2009, section 3.1); the lattice grows from the
/// maximum as far as the density reaches, and is made wider when it has more than `most` nodes.
/// -infinity means outside the domain.
LatticeIntegral integrateOnLattice(
    const std::function<double(const std::vector<double>&)>& logDensity, std::vector<double> start,
    std::vector<double> step, std::size_t most);

}  // namespace bitfrontier
