// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/law/inference/law_choice.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <utility>

#include "core/law/fit/fit_forms.h"
#include "core/law/fit/subsets.h"

namespace bitfrontier {
namespace {

constexpr double kDistinguished = 2;  // difference of AICc

std::string nameOf(const JointFit& fit) { return std::string(fit.form->info().name); }

/// The format whose curve turns back between its smallest and its largest size; empty when none
/// does. Such a law follows its points and says nothing about size.
std::string turningFormat(const JointFit& fit) {
  constexpr int kSteps = 32;
  const double better = fit.context.metric == LawMetric::Accuracy ? 1 : -1;
  for (std::size_t f = 0; f < fit.context.formats.size(); ++f) {
    double smallest = HUGE_VAL, largest = 0;
    for (const FittedPoint& p : fit.points) {
      if (p.row.format != f) continue;
      smallest = std::min(smallest, p.size);
      largest = std::max(largest, p.size);
    }
    double best = -HUGE_VAL;
    for (int i = 0; largest > smallest && i <= kSteps; ++i) {
      const double size = smallest * std::pow(largest / smallest, i / double{kSteps});
      const double value = better * fit.predict(fit.row(f, size));
      if (value < best - 1e-3) return fit.context.formats[f].label;
      best = std::max(best, value);
    }
  }
  return {};
}

void refuseTurning(JointFit& fit) {
  if (!fit.usable) return;
  const std::string format = turningFormat(fit);
  if (format.empty()) return;
  fit.usable = false;
  fit.remarks.push_back({RemarkCode::NotRising, true,
                         fmt::format("its curve of {} turns back between its sizes", format)});
}

/// AICc of the fits on the points that all of them take.
std::vector<double> comparableAicc(std::span<const LawPoint> points,
                                   const std::vector<JointFit>& fits, const JointOptions& options,
                                   const JobContext& job) {
  std::vector<double> aicc;
  for (const JointFit& fit : fits) aicc.push_back(fit.aicc);
  const std::vector<std::size_t> common = commonPoints(fits);
  if (common.empty()) return aicc;
  std::vector<std::string> forms;
  for (const JointFit& fit : fits) forms.push_back(nameOf(fit));
  const std::vector<JointFit> again = fitForms(
      pickPoints(points, common), forms, optionsForSubset(options, points.size(), common), job);
  for (std::size_t i = 0; i < fits.size(); ++i) aicc[i] = again[i].aicc;
  return aicc;
}

/// The first refusal of the candidate that comes nearest: the one with most sizes, then the lowest
/// AICc.
std::string whyNone(const LawChoice& choice) {
  const auto near = std::max_element(
      choice.candidates.begin(), choice.candidates.end(), [](const auto& a, const auto& b) {
        const auto key = [](const LawChoice::Candidate& c) {
          return std::pair{c.fit.sizes, std::isfinite(c.fit.aicc) ? -c.fit.aicc : -HUGE_VAL};
        };
        return key(a) < key(b);
      });
  if (near == choice.candidates.end()) return "no law was tried";
  const auto& remarks = near->fit.remarks;
  const auto refusal = std::find_if(remarks.begin(), remarks.end(),
                                    [](const LawRemark& remark) { return remark.refusal; });
  const std::string text = refusal == remarks.end() ? "the law was not fitted" : refusal->text;
  return std::isfinite(near->fit.aicc) && choice.candidates.size() > 1
             ? fmt::format("{} comes nearest, but {}", nameOf(near->fit), text)
             : text;
}

std::string whyThis(const LawChoice& choice, std::size_t usable, LawMetric metric) {
  const auto& all = choice.candidates;
  std::string text;
  if (usable == 1) {
    text = all.size() == 1 ? fmt::format("{}: it describes the data", nameOf(all[0].fit))
                           : fmt::format("{}: the only one of {} laws that describes the data",
                                         nameOf(all[0].fit), all.size());
  } else {
    const double ahead = all[1].aicc - all[0].aicc;
    text = fmt::format("{}: the lowest AICc of {} laws that describe the data, {:.1f} below {}{}",
                       nameOf(all[0].fit), usable, ahead, nameOf(all[1].fit),
                       ahead < kDistinguished ? ", which is no clear difference" : "");
  }
  if (!choice.leftOut.empty()) text += "; without " + listLeftOut(choice.leftOut, metric);
  return text;
}

}  // namespace

const JointFit* LawChoice::law() const {
  return candidates.empty() || !candidates[0].fit.usable ? nullptr : &candidates[0].fit;
}

LawChoice chooseLaw(std::span<const LawPoint> points, std::span<const std::string> forms,
                    const JointOptions& options, const JobContext& job) {
  LawChoice choice;
  DescribedFits described = fitDescribed(points, options, forms, job);
  choice.leftOut = std::move(described.leftOut);
  for (JointFit& fit : described.fits) refuseTurning(fit);
  const auto split = std::stable_partition(described.fits.begin(), described.fits.end(),
                                           [](const JointFit& fit) { return fit.usable; });
  std::vector<JointFit> usable(std::make_move_iterator(described.fits.begin()),
                               std::make_move_iterator(split));
  const std::vector<double> aicc = comparableAicc(points, usable, options, job);
  for (std::size_t i = 0; i < usable.size(); ++i) {
    choice.candidates.push_back({std::move(usable[i]), aicc[i]});
  }
  std::stable_sort(choice.candidates.begin(), choice.candidates.end(),
                   [](const auto& a, const auto& b) {
                     const auto key = [](double v) { return std::isfinite(v) ? v : HUGE_VAL; };
                     return key(a.aicc) < key(b.aicc);
                   });
  const std::size_t count = choice.candidates.size();
  for (auto fit = split; fit != described.fits.end(); ++fit) {
    choice.candidates.push_back({std::move(*fit), LawPoint::kAbsent});
  }
  choice.reason = count > 0 ? whyThis(choice, count, options.metric) : whyNone(choice);
  return choice;
}

}  // namespace bitfrontier
