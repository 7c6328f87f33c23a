// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/eval/bootstrap.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

#include "core/base/parallel.h"
#include "core/eval/python_random.h"

namespace bitfrontier {
namespace {

constexpr std::size_t kChunk = 1000;

class Sum {
 public:
  explicit Sum(PythonSum kind) : compensated_(kind == PythonSum::Compensated) {}
  void add(double value) {
    const double sum = sum_ + value;
    if (compensated_) {
      lost_ += std::fabs(sum_) >= std::fabs(value) ? (sum_ - sum) + value : (value - sum) + sum_;
    }
    sum_ = sum;
  }
  double value() const { return sum_ + lost_; }

 private:
  bool compensated_;
  double sum_ = 0, lost_ = 0;
};

void resample(std::span<const double> values, std::uint32_t chunk, PythonSum kind,
              std::span<double> statistics) {
  PythonRandom random(chunk);
  const auto n = static_cast<double>(values.size());
  for (double& statistic : statistics) {
    Sum sum(kind);
    for (std::size_t k = 0; k < values.size(); ++k) sum.add(values[random.choice(n)]);
    statistic = std::exp(-(sum.value() / n));
  }
}

}  // namespace

double bootstrapPerplexityError(std::span<const double> values, std::int64_t iterations,
                                const JobContext& job, PythonSum kind) {
  const auto wanted = static_cast<std::size_t>(std::max<std::int64_t>(0, iterations));
  if (wanted < 2 || values.empty()) return std::numeric_limits<double>::quiet_NaN();
  const std::size_t size = std::min(kChunk, wanted);
  const std::size_t chunks = wanted / size;
  std::vector<double> statistics(chunks * size);
  parallelFor(chunks, 1, machineThreads(), job, [&](std::size_t, std::size_t chunk, std::size_t) {
    resample(values, static_cast<std::uint32_t>(chunk), kind,
             std::span(statistics).subspan(chunk * size, size));
  });
  Sum sum(kind);
  for (const double statistic : statistics) sum.add(statistic);
  const double mean = sum.value() / static_cast<double>(statistics.size());
  Sum squares(kind);
  for (const double statistic : statistics) squares.add((statistic - mean) * (statistic - mean));
  return std::sqrt(squares.value() / static_cast<double>(statistics.size() - 1));
}

}  // namespace bitfrontier
