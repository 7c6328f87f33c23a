// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/law/numeric/lattice_integral.h"

#include <algorithm>
#include <cmath>
#include <deque>
#include <limits>
#include <map>
#include <optional>
#include <utility>

namespace bitfrontier {
namespace {

using Density = std::function<double(const std::vector<double>&)>;
constexpr double kReach = 8;  // in the logarithm of the density

/// Compass search: steps along the axes as long as they lead upwards, then half of them, until the
/// logarithm is level within a step.
double climb(const Density& logDensity, std::vector<double>& at, std::vector<double> step) {
  constexpr int kHalvings = 60, kMoves = 1000;
  constexpr double kLevel = 0.05;
  double best = logDensity(at);
  int moves = 0;
  for (int halving = 0; halving < kHalvings && moves < kMoves;) {
    bool moved = false;
    double fall = 0;
    for (std::size_t axis = 0; axis < at.size(); ++axis) {
      for (const double direction : {1.0, -1.0}) {
        std::vector<double> next = at;
        next[axis] += direction * step[axis];
        const double value = logDensity(next);
        if (!(value > best)) {
          fall = std::max(fall, best - value);
          continue;
        }
        best = value;
        at = std::move(next);
        moved = true;
        ++moves;
        break;
      }
    }
    if (moved) continue;
    if (fall < kLevel) break;
    for (double& s : step) s /= 2;
    ++halving;
  }
  return best;
}

/// Steps over which the logarithm falls by a quarter to a half, mean of both sides.
void makeSpacing(const Density& logDensity, const std::vector<double>& top, double best,
                 std::vector<double>& step) {
  constexpr int kTries = 60;
  for (std::size_t axis = 0; axis < top.size(); ++axis) {
    for (int i = 0; i < kTries; ++i) {
      double fall = 0;
      int sides = 0;
      for (const double direction : {1.0, -1.0}) {
        std::vector<double> next = top;
        next[axis] += direction * step[axis];
        const double value = logDensity(next);
        if (!std::isfinite(value)) continue;  // the edge of the domain says nothing
        fall += best - value;
        ++sides;
      }
      fall = sides > 0 ? fall / sides : std::numeric_limits<double>::infinity();
      if (fall > 0.5) {
        step[axis] *= 0.8;
      } else if (fall < 0.25) {
        step[axis] *= 1.25;
      } else {
        break;
      }
    }
  }
}

/// Nodes reachable from the maximum over nodes that count; nothing when they are too many.
std::optional<std::vector<LatticeNode>> grow(const Density& logDensity,
                                             const std::vector<double>& top, double best,
                                             const std::vector<double>& step, std::size_t most) {
  std::map<std::vector<int>, bool> seen;
  std::deque<std::vector<int>> open{std::vector<int>(top.size(), 0)};
  seen[open.front()] = true;
  std::vector<LatticeNode> nodes;
  while (!open.empty()) {
    const std::vector<int> index = open.front();
    open.pop_front();
    LatticeNode node{top, 0};
    for (std::size_t axis = 0; axis < top.size(); ++axis) node.x[axis] += index[axis] * step[axis];
    node.logDensity = logDensity(node.x);
    if (!(node.logDensity > best - kReach)) continue;
    nodes.push_back(std::move(node));
    if (nodes.size() > most) return std::nullopt;
    for (std::size_t axis = 0; axis < top.size(); ++axis) {
      for (const int direction : {1, -1}) {
        std::vector<int> next = index;
        next[axis] += direction;
        if (seen.emplace(next, true).second) open.push_back(std::move(next));
      }
    }
  }
  return nodes;
}

}  // namespace

LatticeIntegral integrateOnLattice(const Density& logDensity, std::vector<double> start,
                                   std::vector<double> step, std::size_t most) {
  LatticeIntegral integral;
  integral.logIntegral = -std::numeric_limits<double>::infinity();
  const double best = climb(logDensity, start, step);
  if (!std::isfinite(best)) return integral;
  makeSpacing(logDensity, start, best, step);
  for (auto nodes = grow(logDensity, start, best, step, most);;
       nodes = grow(logDensity, start, best, step, most)) {
    if (nodes) {
      integral.nodes = std::move(*nodes);
      break;
    }
    for (double& s : step) s *= 1.3;
  }
  double sum = 0;
  for (const LatticeNode& node : integral.nodes) sum += std::exp(node.logDensity - best);
  integral.logIntegral = best + std::log(sum);
  for (const double s : step) integral.logIntegral += std::log(s);
  return integral;
}

}  // namespace bitfrontier
