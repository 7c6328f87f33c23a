// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/law/fit/joint_data.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <set>
#include <utility>

#include "core/law/fit/format_groups.h"
#include "core/law/fit/joint_draft.h"
#include "core/law/fit/point_selection.h"

namespace bitfrontier {
namespace {

/// Where the law is centred, and what all its rows share.
void centre(JointDraft& d) {
  LawContext& c = d.data.context;
  std::set<std::string> sizes;
  double sumLog = 0, chance = 0, worst = 0;
  int chances = 0;
  std::map<double, int> tokenCounts;
  for (const std::size_t i : d.used) {
    const LawPoint& p = d.points[i];
    if (sizes.insert(d.sizeKey(p)).second && d.axis == LawAxis::Parameters) {
      sumLog += std::log(p.parameters);
    }
    if (d.axis == LawAxis::TotalBits) sumLog += std::log(p.totalBits);
    if (std::isfinite(p.chance)) {
      chance += p.chance;
      ++chances;
    }
    worst = std::max(worst, metricOf(p, d.options.metric));
    if (const auto it = d.options.trainingTokens.find(p.model);
        it != d.options.trainingTokens.end()) {
      tokenCounts[it->second] = 1;
    }
  }
  const double count = d.axis == LawAxis::Parameters ? static_cast<double>(sizes.size())
                                                     : static_cast<double>(d.used.size());
  c.size0 = std::exp(sumLog / count);
  c.chance = chances > 0 ? chance / chances : 0;
  if (const int unknown = static_cast<int>(d.used.size()) - chances;
      unknown > 0 && d.options.metric == LawMetric::Accuracy) {
    d.say(RemarkCode::MissingVariable,
          fmt::format("the accuracy of guessing is not known at {} of {} points; {:.3g} is taken",
                      unknown, d.used.size(), c.chance));
  }
  c.worst = worst;
  double tokenLog = 0;
  for (const auto& [tokens, one] : tokenCounts) tokenLog += std::log(tokens);
  if (!tokenCounts.empty()) c.tokens0 = std::exp(tokenLog / double(tokenCounts.size()));
}

/// One point as the law sees it; false when it lacks what the law needs.
bool addRow(JointDraft& d, std::size_t i, std::size_t format) {
  LawContext& c = d.data.context;
  const LawPoint& p = d.points[i];
  FittedPoint point;
  point.point = i;
  point.model = p.model;
  point.size = d.sizeOf(p);
  point.totalBits = p.totalBits;
  point.value = metricOf(p, d.options.metric);
  point.se = d.errors.values[i];
  point.row.logSize = std::log(point.size / c.size0);
  point.row.format = format;
  point.row.crossEntropy = p.crossEntropy;
  if (const auto it = d.options.trainingTokens.find(p.model);
      it != d.options.trainingTokens.end()) {
    point.row.logTokens = std::log(it->second / c.tokens0);
  }
  if (d.info.needsCrossEntropy && !positive(p.crossEntropy)) {
    d.refuse(RemarkCode::MissingVariable,
             fmt::format("the law {} needs the cross-entropy of {}", d.info.name, pointName(p)));
    return false;
  }
  LawTarget target;
  target.row = point.row;
  target.value =
      d.info.ofError && d.options.metric == LawMetric::Accuracy ? 1 - point.value : point.value;
  c.minLogSize = std::min(d.data.targets.empty() ? HUGE_VAL : c.minLogSize, target.row.logSize);
  c.maxLogSize = std::max(d.data.targets.empty() ? -HUGE_VAL : c.maxLogSize, target.row.logSize);
  d.data.targets.push_back(target);
  d.data.points.push_back(point);
  const double parameters = positive(p.parameters) ? p.parameters : point.size;
  d.data.smallest = std::min(d.data.smallest, parameters);
  d.data.largest = std::max(d.data.largest, parameters);
  return true;
}

/// Numbers the distinct sizes.
void numberSizes(JointDraft& d) {
  std::map<std::string, int> sizes;
  for (const std::size_t i : d.used) sizes.emplace(d.sizeKey(d.points[i]), 0);
  int next = 0;
  for (auto& [key, number] : sizes) number = next++;
  d.data.sizes = next;
  for (const std::size_t i : d.used) d.data.sizeIndex.push_back(sizes[d.sizeKey(d.points[i])]);
}

void requireSpread(JointDraft& d) {
  const LawContext& c = d.data.context;
  double lowest = HUGE_VAL, highest = -HUGE_VAL;
  for (const FittedPoint& p : d.data.points) {
    lowest = std::min(lowest, p.value);
    highest = std::max(highest, p.value);
  }
  if (d.data.sizes < 2) {
    d.refuse(RemarkCode::NoSpread, "all points have one size: points only");
  } else if (d.axis == LawAxis::TotalBits && c.maxLogSize - c.minLogSize < std::log(1.01)) {
    d.refuse(RemarkCode::NoSpread, "all points have the same total bits");
  } else if (!(highest - lowest > 1e-12 * std::max(1.0, highest))) {
    d.refuse(RemarkCode::NoSpread,
             fmt::format("{} is the same at all points", lawMetricName(d.options.metric)));
  }
}

void makeRows(JointDraft& d) {
  std::map<std::string, std::size_t> index;
  const auto& formats = d.data.context.formats;
  for (std::size_t f = 0; f < formats.size(); ++f) index[formats[f].label] = f;
  std::erase_if(d.used, [&](std::size_t i) { return !index.contains(d.label(d.points[i])); });
  centre(d);
  numberSizes(d);
  d.data.smallest = HUGE_VAL;
  for (const std::size_t i : d.used) {
    if (!addRow(d, i, index[d.label(d.points[i])])) return;
  }
  requireSpread(d);
}

void weigh(JointDraft& d) {
  const bool known = d.errors.known();
  const bool paired =
      d.options.covariance.has_value() && d.options.covariance->n == d.points.size();
  Weighting weighting = d.options.weighting;
  if (weighting == Weighting::Auto) {
    weighting = paired ? Weighting::Paired : known ? Weighting::Errors : Weighting::Equal;
  }
  if (weighting == Weighting::Paired && (!paired || !d.sameItems)) {
    d.say(RemarkCode::DifferentItems,
          !d.options.unpairedBecause.empty()
              ? fmt::format("not paired: {}; errors are taken as independent",
                            d.options.unpairedBecause)
          : d.sameItems ? std::string("no outcomes of items are there, so configurations are not "
                                      "paired; errors are taken as independent")
                        : std::string("configurations were scored on different items, so they are "
                                      "not paired; errors are taken as independent"));
    weighting = known ? Weighting::Errors : Weighting::Equal;
  } else if (weighting != Weighting::Paired && !d.options.unpairedBecause.empty()) {
    d.say(RemarkCode::DifferentItems, fmt::format("not paired: {}; errors are taken as independent",
                                                  d.options.unpairedBecause));
  }
  if (weighting == Weighting::Errors && !known) {
    weighting = Weighting::Equal;
  }
  if (weighting == Weighting::Equal && d.options.weighting != Weighting::Equal) {
    d.say(RemarkCode::NoErrors,
          "points without standard errors: all count equally and the scatter gives the errors");
  }
  if (weighting == Weighting::Errors && d.errors.assumed > 0) {
    d.say(RemarkCode::NoErrors, d.errors.note());
  }
  d.data.weighting = weighting;
  if (weighting == Weighting::Paired && d.options.covariance) {
    const std::size_t n = d.data.points.size();
    d.data.covariance = {n, std::vector<double>(n * n)};
    for (std::size_t i = 0; i < n; ++i) {
      for (std::size_t k = 0; k < n; ++k) {
        d.data.covariance.values[i * n + k] =
            d.options.covariance->at(d.data.points[i].point, d.data.points[k].point);
      }
      // A variance of 0 would be certainty.
      double& variance = d.data.covariance.values[i * n + i];
      if (!(variance > 0) && known) variance = d.data.points[i].se * d.data.points[i].se;
      d.data.points[i].se = std::sqrt(variance);
    }
  }
  for (std::size_t i = 0; i < d.data.targets.size(); ++i) {
    d.data.targets[i].sigma = weighting == Weighting::Equal ? 1 : d.data.points[i].se;
  }
}

}  // namespace

JointData makeJointData(std::span<const LawPoint> points, const LawForm& form,
                        const JointOptions& options) {
  JointDraft draft(points, form, options);
  draft.data.context.metric = options.metric;
  draft.data.context.breaks = options.breaks;
  const bool accuracy = options.metric == LawMetric::Accuracy;
  if (accuracy ? !draft.info.accuracy : !draft.info.crossEntropy) {
    draft.refuse(RemarkCode::MissingVariable,
                 fmt::format("the law {} does not describe {}", draft.info.name,
                             lawMetricName(options.metric)));
    return std::move(draft.data);
  }
  selectPoints(draft);
  if (!draft.data.refused) makeFormats(draft);
  if (!draft.data.refused) makeRows(draft);
  if (!draft.data.refused) weigh(draft);
  return std::move(draft.data);
}

}  // namespace bitfrontier
