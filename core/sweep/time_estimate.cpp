// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/sweep/time_estimate.h"

#include <ATen/ATen.h>
#include <ATen/Parallel.h>
#include <c10/core/InferenceMode.h>

#include <algorithm>
#include <chrono>
#include <cmath>

namespace bitfrontier {
namespace {

/// Bytes of text per token, about right for small and large byte-level vocabularies alike.
constexpr double kBytesPerToken = 4.0;
/// Seconds to quantize one weight on the reference machine.
constexpr double kQuantizeCost = 1.5e-8;
/// What a cell takes besides its tokens: batches, the commit to the store.
constexpr double kCellOverhead = 0.02;
/// Speed of the reference machine's matrix products, one thread.
constexpr double kReferenceFlops = 1e11;

/// How much slower than one thread of the reference machine this machine scores: the speed of a
/// matrix product on one thread, shared among the threads. Takes some milliseconds.
double measureMachine() {
  const c10::InferenceMode noGradients;
  const int threads = at::get_num_threads();
  at::set_num_threads(1);
  const at::Tensor a = at::ones({512, 128});
  const at::Tensor b = at::ones({128, 512});
  double best = 1e9;
  for (int repeat = 0; repeat < 10; ++repeat) {  // the first ones warm up
    const auto start = std::chrono::steady_clock::now();
    at::matmul(a, b);
    best = std::min(
        best, std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count());
  }
  at::set_num_threads(threads);
  const double flops = 2.0 * 512 * 128 * 512 / std::max(best, 1e-7);
  return kReferenceFlops / flops / threads;
}

}  // namespace

double tokenCost(double linearParameters, double layers, double hiddenSize) {
  return 2.0e-11 * linearParameters + 3.1e-8 * layers * hiddenSize + 1.0e-6;
}

void TimeEstimate::Typical::add(double seconds) {
  sorted.insert(std::ranges::upper_bound(sorted, seconds), seconds);
}

std::optional<double> TimeEstimate::Typical::value() const {
  if (sorted.empty()) return std::nullopt;
  const std::size_t middle = sorted.size() / 2;
  if (sorted.size() % 2 == 1) return sorted[middle];
  return (sorted[middle - 1] + sorted[middle]) / 2;
}

void PaceRange::add(double expected, double actual) {
  constexpr double kStretch = 0.5;  // seconds; single cells of small models differ by chance
  expected_ += expected;
  actual_ += actual;
  if (!(expected_ > 0) || std::max(expected_, actual_) < kStretch) return;
  paces_.push_back(actual_ / expected_);
  expected_ = actual_ = 0;
  update();
}

void PaceRange::update() {
  constexpr std::size_t kLatest = 3;
  constexpr double kMargin = 1.1;
  std::vector<double> sorted = paces_;
  std::ranges::sort(sorted);
  const auto last = static_cast<double>(sorted.size() - 1);
  low_ = sorted[static_cast<std::size_t>(std::floor(0.1 * last))];
  high_ = sorted[static_cast<std::size_t>(std::ceil(0.9 * last))];
  for (std::size_t i = paces_.size() - std::min(kLatest, paces_.size()); i < paces_.size(); ++i) {
    low_ = std::min(low_, paces_[i]);
    high_ = std::max(high_, paces_[i]);
  }
  // Few stretches have not yet seen what a machine can do.
  const double margin = kMargin * (1 + (kUnknown - 1) / static_cast<double>(paces_.size()));
  low_ /= margin;
  high_ *= margin;
}

TimeEstimate::TimeEstimate(std::vector<double> modelCosts, std::vector<double> linearParameters,
                           std::vector<double> taskBytes)
    : modelCosts_(std::move(modelCosts)),
      linearParameters_(std::move(linearParameters)),
      taskBytes_(std::move(taskBytes)),
      cells_(modelCosts_.size() * taskBytes_.size()),
      quantizations_(modelCosts_.size()) {}

void TimeEstimate::addCell(std::size_t model, std::size_t task, double seconds) {
  cells_[at(model, task)].add(seconds);
}

void TimeEstimate::addQuantization(std::size_t model, double seconds) {
  quantizations_[model].add(seconds);
}

std::optional<double> TimeEstimate::nearestRate(std::size_t model,
                                                std::optional<std::size_t> task) const {
  std::optional<double> rate;
  double nearest = 0;
  for (std::size_t other = 0; other < modelCosts_.size(); ++other) {
    double seconds = 0;
    double reference = 0;
    for (std::size_t t = 0; t < taskBytes_.size(); ++t) {
      if (task && t != *task) continue;
      if (const auto mean = cells_[at(other, t)].value()) {
        seconds += *mean;
        reference += modelCosts_[other] * taskBytes_[t] / kBytesPerToken;
      }
    }
    if (!(reference > 0)) continue;
    const double distance = std::abs(std::log(modelCosts_[other] / modelCosts_[model]));
    if (!rate || distance < nearest) {
      rate = seconds / reference;
      nearest = distance;
    }
  }
  return rate;
}

double TimeEstimate::cellSeconds(std::size_t model, std::size_t task) const {
  if (const auto mean = cells_[at(model, task)].value()) return *mean;
  const double reference = modelCosts_[model] * taskBytes_[task] / kBytesPerToken;
  if (const auto rate = nearestRate(model, task)) return *rate * reference;
  if (const auto rate = nearestRate(model, std::nullopt)) return *rate * reference;
  if (!machineRate_) machineRate_ = measureMachine();
  return *machineRate_ * reference + kCellOverhead;
}

TimeEstimate::Basis TimeEstimate::basis(std::size_t model, std::size_t task) const {
  if (cells_[at(model, task)].value()) return Basis::SameCells;
  return nearestRate(model, std::nullopt) ? Basis::OtherCells : Basis::Machine;
}

double TimeEstimate::quantizationSeconds(std::size_t model) const {
  if (const auto mean = quantizations_[model].value()) return *mean;
  std::optional<double> rate;
  double nearest = 0;
  for (std::size_t other = 0; other < quantizations_.size(); ++other) {
    const auto mean = quantizations_[other].value();
    if (!mean || !(linearParameters_[other] > 0)) continue;
    const double distance =
        std::abs(std::log(linearParameters_[other] / std::max(1.0, linearParameters_[model])));
    if (!rate || distance < nearest) {
      rate = *mean / linearParameters_[other];
      nearest = distance;
    }
  }
  return rate.value_or(kQuantizeCost) * linearParameters_[model];
}

}  // namespace bitfrontier
