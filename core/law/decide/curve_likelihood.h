// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <Eigen/Dense>
#include <vector>

#include "core/law/numeric/counter_rng.h"

namespace bitfrontier {

/// Points as J1 and J2 see them:
///
///   y = E + A0 exp(-alpha z) + C_f exp(-gammaN z) + u + e,   u ~ N(0, tau^2 D),   e ~ N(0, Sigma)
///
/// where gammaN = alpha is J1 with rho_f = (A0 / (A0 + C_f))^(1/alpha), and D tells how deviations
/// go together (SharedDeviation). Given the exponents and tau everything else is linear, so the
/// likelihood is integrated over it exactly. Internal to core/law.
class CurveLikelihood {
 public:
  struct Data {
    std::vector<double> y;            ///< error or cross-entropy
    std::vector<double> z;            ///< ln(N / N0)
    std::vector<std::size_t> format;  ///< 0 is the reference
    std::size_t formats = 1;
    /// B with B'DB = I and B'Sigma B diagonal: eigenvectors of Sigma where D = I.
    Eigen::MatrixXd basis;
    Eigen::VectorXd eigenvalues;  ///< that diagonal
    double logVolume = 0;         ///< ln |det B|
    double scale = 1;         ///< standard deviation of the priors of E, A0, C_f, whose mean is 0
    double highestFloor = 1;  ///< 0 <= E <= this
  };
  explicit CurveLikelihood(Data data);

  /// A0, C_1, C_2, ..., E given the exponents and tau: normal, with E cut to its range.
  struct Linear {
    Eigen::VectorXd mean;
    Eigen::MatrixXd upper;  ///< U with U'U = inverse covariance
  };
  /// ln of the density of y with the linear parameters integrated out; -infinity when degenerate.
  /// Leaves out what does not depend on the arguments. Fills `linear` unless it is null.
  double logDensity(double alpha, double gammaN, double tau, Linear* linear) const;
  /// A0, C_1, ..., E with A0 and all C_f positive as well: one after the other, each given those
  /// before within its range. `weight` is the product of the shares within: draws in proportion to
  /// it have the distribution cut to all ranges, and its mean is the probability of being within
  /// them (J. Geweke, V. Hajivassiliou, M. Keane; the GHK simulator).
  Eigen::VectorXd draw(const Linear& linear, CounterRng& rng, double& weight) const;

  std::size_t parameters() const { return data_.formats + 1; }
  const Data& data() const { return data_; }

 private:
  Data data_;
  Eigen::VectorXd turnedY_, turnedOne_;
};

}  // namespace bitfrontier
