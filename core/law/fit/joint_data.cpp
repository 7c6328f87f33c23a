// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/law/fit/joint_data.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <set>
#include <tuple>

#include "core/law/data/point_errors.h"

namespace bitfrontier {
namespace {

std::string nameOf(const LawPoint& p) {
  return p.config.empty() ? p.model : p.model + " " + p.config;
}

/// A fit takes time as the cube of their number.
constexpr std::size_t kMostFormats = 250;

bool positive(double value) { return std::isfinite(value) && value > 0; }

class Builder {
 public:
  Builder(std::span<const LawPoint> points, const LawForm& form, const JointOptions& options)
      : points_(points), info_(form.info()), options_(options) {
    axis_ = info_.overTotalBits ? LawAxis::TotalBits : options.axis;
    key_ = info_.byBitWidth ? SeriesKey::Bits : options.formatKey;
  }

  JointData build() {
    data_.context.metric = options_.metric;
    data_.context.breaks = options_.breaks;
    const bool accuracy = options_.metric == LawMetric::Accuracy;
    if (accuracy ? !info_.accuracy : !info_.crossEntropy) {
      refuse(RemarkCode::MissingVariable, fmt::format("the law {} does not describe {}", info_.name,
                                                      lawMetricName(options_.metric)));
      return std::move(data_);
    }
    selectUsable();
    checkUnity();
    findErrors();
    if (!data_.refused) dropChance();
    if (!data_.refused) makeFormats();
    if (!data_.refused) makeRows();
    if (!data_.refused) weigh();
    return std::move(data_);
  }

 private:
  void say(RemarkCode code, std::string text) {
    data_.remarks.push_back({code, false, std::move(text)});
  }
  void refuse(RemarkCode code, std::string text) {
    data_.remarks.push_back({code, true, std::move(text)});
    data_.refused = true;
  }

  double sizeOf(const LawPoint& p) const {
    return axis_ == LawAxis::Parameters ? p.parameters : p.totalBits;
  }

  /// Points with possible numbers, each configuration once.
  void selectUsable() {
    int absent = 0;
    std::vector<std::string> bad;
    std::map<std::tuple<std::string, std::string, std::string, std::int64_t>, std::size_t> seen;
    std::map<std::string, double> sizes;
    for (std::size_t i = 0; i < points_.size(); ++i) {
      const LawPoint& p = points_[i];
      const double value = metricOf(p, options_.metric), se = metricSeOf(p, options_.metric);
      if (std::isnan(value)) {
        ++absent;
        continue;
      }
      const bool inRange = options_.metric == LawMetric::Accuracy
                               ? value >= 0 && value <= 1
                               : std::isfinite(value) && value > 0;
      if (!inRange) {
        bad.push_back(
            fmt::format("{} of {} is {}", lawMetricName(options_.metric), nameOf(p), value));
        continue;
      }
      if (!positive(sizeOf(p)) ||
          (axis_ == LawAxis::Parameters && !std::isnan(p.totalBits) && !positive(p.totalBits))) {
        bad.push_back(positive(sizeOf(p))
                          ? fmt::format("{} has {} total bits", nameOf(p), p.totalBits)
                      : axis_ == LawAxis::Parameters
                          ? fmt::format("{} has {} parameters", nameOf(p), p.parameters)
                          : fmt::format("{} has {} total bits", nameOf(p), p.totalBits));
        continue;
      }
      if (!std::isnan(se) && (!std::isfinite(se) || se < 0)) {
        bad.push_back(fmt::format("the standard error of {} is {}", nameOf(p), se));
        continue;
      }
      if (positive(p.parameters)) {
        const auto [it, added] = sizes.emplace(p.model, p.parameters);
        if (!added && std::abs(it->second / p.parameters - 1) > 1e-6) {
          refuse(RemarkCode::ContradictorySizes,
                 fmt::format("model {} has {:.0f} and {:.0f} parameters", p.model, it->second,
                             p.parameters));
        }
      }
      const auto [it, added] =
          seen.emplace(std::tuple{p.model, p.config, p.method, p.itemLimit}, i);
      if (!added) {
        const LawPoint& first = points_[it->second];
        const double other = metricOf(first, options_.metric);
        if (other == value && first.totalBits == p.totalBits) {
          say(RemarkCode::Duplicates, fmt::format("{} is there twice and counts once", nameOf(p)));
          continue;
        }
        if (std::abs(first.totalBits / p.totalBits - 1) > 1e-6) {
          refuse(RemarkCode::ContradictorySizes,
                 fmt::format("{} is there with {:.0f} and {:.0f} total bits", nameOf(p),
                             first.totalBits, p.totalBits));
        }
        say(RemarkCode::Duplicates,
            fmt::format("{} is there twice, with {} {:.4g} and {:.4g}; both count", nameOf(p),
                        lawMetricName(options_.metric), other, value));
      }
      used_.push_back(i);
    }
    if (absent > 0 && absent < static_cast<int>(points_.size())) {
      say(RemarkCode::AbsentValues, fmt::format("{} of {} points have no {}", absent,
                                                points_.size(), lawMetricName(options_.metric)));
    }
    if (!bad.empty()) {
      say(RemarkCode::BadValues,
          fmt::format("left out: {}{}", bad[0],
                      bad.size() > 1 ? fmt::format(" and {} more like it", bad.size() - 1) : ""));
    }
    if (used_.empty()) {
      refuse(RemarkCode::TooFewPoints,
             fmt::format("no point has a usable {}", lawMetricName(options_.metric)));
    }
  }

  template <typename Get>
  std::set<std::string> distinct(Get get) const {
    std::set<std::string> all;
    for (const std::size_t i : used_) all.insert(get(points_[i]));
    return all;
  }

  static std::string listed(const std::set<std::string>& names) {
    std::string text;
    int n = 0;
    for (const std::string& name : names) {
      if (++n > 3) return text + ", ...";
      text += (n > 1 ? ", " : "") + (name.empty() ? std::string("measured here") : name);
    }
    return text;
  }

  void checkUnity() {
    if (used_.empty()) return;
    const auto families = distinct([](const LawPoint& p) { return p.family; });
    if (families.size() > 1) {
      refuse(RemarkCode::MixedFamilies,
             fmt::format("points of {} families ({}): one law holds for one family",
                         families.size(), listed(families)));
    }
    const auto sources = distinct([](const LawPoint& p) { return p.source; });
    if (sources.size() > 1) {
      refuse(RemarkCode::MixedSources,
             fmt::format("points of {} sources ({}) were not scored alike and are not pooled",
                         sources.size(), listed(sources)));
    }
    const auto evaluators = distinct([](const LawPoint& p) { return p.evaluator; });
    if (evaluators.size() > 1 && sources.size() == 1 && sources.begin()->empty()) {
      refuse(RemarkCode::MixedSources,
             fmt::format("points of {} evaluator versions ({}) were not scored alike and are not "
                         "pooled",
                         evaluators.size(), listed(evaluators)));
    }
    const auto tasks = distinct([this](const LawPoint& p) { return tasksOf(p, options_.metric); });
    if (tasks.size() > 1) {
      refuse(RemarkCode::MixedSources,
             fmt::format("points of {} sets of tasks ({}) were not scored alike and are not pooled",
                         tasks.size(), fmt::join(tasks, "; ")));
    }
    data_.family = *families.begin();
    data_.source = *sources.begin();
    std::set<std::int64_t> limits;
    for (const std::size_t i : used_) limits.insert(points_[i].itemLimit);
    sameItems_ = limits.size() == 1;
    double tokens = 0;
    std::set<double> tokenCounts;
    for (const std::size_t i : used_) {
      const auto it = options_.trainingTokens.find(points_[i].model);
      if (it == options_.trainingTokens.end()) continue;
      if (!positive(it->second)) {
        refuse(RemarkCode::BadValues,
               fmt::format("model {} has {} training tokens", it->first, it->second));
      }
      tokens += 1;
      tokenCounts.insert(it->second);
    }
    data_.context.hasTokens = tokens == static_cast<double>(used_.size());
    if (tokens > 0 && info_.needsTokens && tokens < static_cast<double>(used_.size())) {
      refuse(RemarkCode::MissingVariable,
             fmt::format("the law {} needs the training tokens of every model", info_.name));
    }
    if (!info_.needsTokens && !info_.usesTokens && tokenCounts.size() > 1) {
      say(RemarkCode::DifferentTokens,
          fmt::format("sizes were trained on different numbers of tokens ({:.3g} to {:.3g}), so "
                      "size and data are confounded; a law L(N, D) separates them",
                      *tokenCounts.begin(), *tokenCounts.rbegin()));
    }
    if (info_.needsTokens && tokens == 0) {
      refuse(RemarkCode::MissingVariable,
             fmt::format("the law {} needs the training tokens of every model", info_.name));
    }
  }

  std::string label(const LawPoint& p) const {
    return info_.joint ? seriesLabel(p, key_) : std::string("all");
  }

  /// What each point is uncertain by: its own error, that of its outcomes, or an assumed one.
  void findErrors() {
    std::vector<LawPoint> all(points_.begin(), points_.end());
    std::set<std::size_t> used(used_.begin(), used_.end());
    for (std::size_t i = 0; i < all.size(); ++i) {
      if (used.contains(i)) {
        if (paired() && !(metricSeOf(all[i], options_.metric) > 0)) {
          all[i].accuracySe = std::sqrt(options_.covariance->at(i, i));
        }
      } else {
        all[i].accuracy = all[i].crossEntropy = LawPoint::kAbsent;
      }
    }
    errors_ = pointErrors(all, options_.metric);
  }

  bool paired() const {
    return options_.covariance.has_value() && options_.covariance->n == points_.size() &&
           options_.metric == LawMetric::Accuracy;
  }

  /// Within two standard errors of guessing; nothing right is, however many items there were.
  bool atChance(std::size_t i) const {
    const LawPoint& p = points_[i];
    const double se = std::isfinite(errors_.values[i]) ? errors_.values[i] : 0;
    return p.accuracy < p.chance + 2 * se || p.accuracy <= p.chance;
  }

  /// Formats that guess, and single points that do.
  void dropChance() {
    if (options_.metric != LawMetric::Accuracy) return;
    std::map<std::string, std::pair<int, int>> byFormat;  // at chance, all
    for (const std::size_t i : used_) {
      auto& [at, all] = byFormat[seriesLabel(points_[i], key_)];
      at += atChance(i) ? 1 : 0;
      ++all;
    }
    std::set<std::string> guessing;
    for (const auto& [name, counts] : byFormat) {
      if (2 * counts.first < counts.second || counts.first == 0) continue;
      guessing.insert(name);
      say(RemarkCode::AtChance,
          fmt::format("{} is at chance ({} of {} points within 2 standard errors of guessing) and "
                      "left out of the law",
                      name, counts.first, counts.second));
    }
    std::vector<std::size_t> kept;
    std::vector<std::string> near;
    for (const std::size_t i : used_) {
      if (guessing.contains(seriesLabel(points_[i], key_))) continue;
      if (!info_.modelsChance && atChance(i)) {
        near.push_back(nameOf(points_[i]));
        continue;
      }
      kept.push_back(i);
    }
    if (!near.empty()) {
      say(RemarkCode::NearChance,
          fmt::format("{}{} within 2 standard errors of guessing says nothing about the law and is "
                      "left out",
                      near[0],
                      near.size() > 1 ? fmt::format(" (and {} more points)", near.size() - 1)
                                      : std::string()));
    }
    used_ = kept;
    if (used_.empty()) {
      refuse(RemarkCode::AtChance, "all points are at chance: there is nothing to fit");
    }
  }

  std::string sizeKey(const LawPoint& p) const {
    return positive(p.parameters) ? fmt::format("{}", p.parameters) : p.model;
  }

  void makeFormats() {
    struct Group {
      LawFormat format;
      std::set<std::string> sizes;
      int points = 0;
      double sumLogBits = 0;
      bool mixedBlocks = false, mixedTypes = false;
    };
    std::map<std::string, Group> groups;
    for (const std::size_t i : used_) {
      const LawPoint& p = points_[i];
      Group& g = groups[label(p)];
      if (g.points == 0) {
        g.format.label = label(p);
        g.format.bits = p.bits;
        g.format.blockSize = p.blockSize;
        g.format.dataType = p.dataType;
        const auto noise = options_.formatNoise.find(p.config);
        if (noise != options_.formatNoise.end()) g.format.noise = noise->second;
      }
      g.format.bits = std::max<double>(g.format.bits, p.bits);
      ++g.points;
      g.sizes.insert(sizeKey(p));
      if (positive(p.totalBits) && positive(p.parameters)) {
        g.sumLogBits += std::log(p.totalBits / p.parameters);
      }
    }
    std::vector<Group> order;
    for (auto& [name, g] : groups) {
      if (info_.joint && g.sizes.size() < 2 && groups.size() > 1) {
        say(RemarkCode::TooFewSizes,
            fmt::format("{} has one size: its points are shown, no curve", name));
        continue;
      }
      g.format.bitsPerParameter = std::exp(g.sumLogBits / g.points);
      order.push_back(std::move(g));
    }
    if (order.empty()) {
      refuse(RemarkCode::TooFewSizes, "no format has two sizes: points only");
      return;
    }
    if (order.size() > kMostFormats) {
      refuse(RemarkCode::InterpolateOnly,
             fmt::format("{} formats are more than the {} that a law is fitted to: choose some",
                         order.size(), kMostFormats));
      return;
    }
    std::sort(order.begin(), order.end(), [](const Group& a, const Group& b) {
      if (a.format.bits != b.format.bits) return a.format.bits > b.format.bits;
      if (a.points != b.points) return a.points > b.points;
      return a.format.label < b.format.label;
    });
    if (!options_.reference.empty() && info_.joint) {
      const auto it = std::find_if(order.begin(), order.end(), [&](const Group& g) {
        return g.format.label == options_.reference;
      });
      if (it == order.end()) {
        refuse(RemarkCode::MissingVariable,
               fmt::format("the reference format {} has no curve", options_.reference));
        return;
      }
      std::rotate(order.begin(), it, it + 1);
    }
    for (const Group& g : order) data_.context.formats.push_back(g.format);
    LawFormat& reference = data_.context.formats[0];
    if (std::isnan(reference.noise)) reference.noise = 0;
    std::set<std::string> types;
    std::set<double> widths;
    std::set<std::int64_t> blocks;
    std::string without;
    int unknown = 0;
    for (std::size_t f = 1; f < data_.context.formats.size(); ++f) {
      const LawFormat& format = data_.context.formats[f];
      // 16 bit without quantization has neither blocks nor a data type.
      if (format.bits < 16 || format.blockSize > 0) {
        types.insert(format.dataType);
        widths.insert(format.bits);
        blocks.insert(format.blockSize);
      }
      if (!(format.noise >= 0) && unknown++ == 0) without = format.label;
    }
    data_.context.dataTypes.assign(types.begin(), types.end());
    data_.context.bitWidths.assign(widths.rbegin(), widths.rend());
    data_.context.blockSizes.assign(blocks.begin(), blocks.end());
    if (info_.needsNoise && unknown > 0) {
      data_.context.modelledNoise = true;
      say(RemarkCode::ModelledNoise,
          fmt::format("the weight error of {}{} is not known: it is modelled from bit width, data "
                      "type and block",
                      without, unknown > 1 ? fmt::format(" (and {} more)", unknown - 1) : ""));
    }
  }

  void makeRows() {
    LawContext& c = data_.context;
    std::map<std::string, std::size_t> index;
    for (std::size_t f = 0; f < c.formats.size(); ++f) index[c.formats[f].label] = f;
    std::erase_if(used_, [&](std::size_t i) { return !index.contains(label(points_[i])); });
    std::map<std::string, int> sizes;
    double sumLog = 0, chance = 0, worst = 0;
    int chances = 0;
    std::map<double, int> tokenCounts;
    for (const std::size_t i : used_) {
      const LawPoint& p = points_[i];
      if (sizes.emplace(sizeKey(p), 0).second && axis_ == LawAxis::Parameters) {
        sumLog += std::log(p.parameters);
      }
      if (axis_ == LawAxis::TotalBits) sumLog += std::log(p.totalBits);
      if (std::isfinite(p.chance)) {
        chance += p.chance;
        ++chances;
      }
      worst = std::max(worst, metricOf(p, options_.metric));
      if (const auto it = options_.trainingTokens.find(p.model);
          it != options_.trainingTokens.end()) {
        tokenCounts[it->second] = 1;
      }
    }
    const double count = axis_ == LawAxis::Parameters ? static_cast<double>(sizes.size())
                                                      : static_cast<double>(used_.size());
    c.size0 = std::exp(sumLog / count);
    c.chance = chances > 0 ? chance / chances : 0;
    if (const int unknown = static_cast<int>(used_.size()) - chances;
        unknown > 0 && options_.metric == LawMetric::Accuracy) {
      say(RemarkCode::MissingVariable,
          fmt::format("the accuracy of guessing is not known at {} of {} points; {:.3g} is taken",
                      unknown, used_.size(), c.chance));
    }
    c.worst = worst;
    double tokenLog = 0;
    for (const auto& [tokens, one] : tokenCounts) tokenLog += std::log(tokens);
    if (!tokenCounts.empty()) c.tokens0 = std::exp(tokenLog / double(tokenCounts.size()));
    int next = 0;
    for (auto& [key, number] : sizes) number = next++;
    data_.sizes = next;
    data_.smallest = HUGE_VAL;
    double lowest = HUGE_VAL, highest = -HUGE_VAL;
    for (const std::size_t i : used_) {
      const LawPoint& p = points_[i];
      FittedPoint point;
      point.point = i;
      point.model = p.model;
      point.size = sizeOf(p);
      point.totalBits = p.totalBits;
      point.value = metricOf(p, options_.metric);
      point.se = errors_.values[i];
      point.row.logSize = std::log(point.size / c.size0);
      point.row.format = index[label(p)];
      point.row.crossEntropy = p.crossEntropy;
      if (const auto it = options_.trainingTokens.find(p.model);
          it != options_.trainingTokens.end()) {
        point.row.logTokens = std::log(it->second / c.tokens0);
      }
      if (info_.needsCrossEntropy && !positive(p.crossEntropy)) {
        refuse(RemarkCode::MissingVariable,
               fmt::format("the law {} needs the cross-entropy of {}", info_.name, nameOf(p)));
        return;
      }
      LawTarget target;
      target.row = point.row;
      target.value =
          info_.ofError && options_.metric == LawMetric::Accuracy ? 1 - point.value : point.value;
      c.minLogSize = std::min(data_.targets.empty() ? HUGE_VAL : c.minLogSize, target.row.logSize);
      c.maxLogSize = std::max(data_.targets.empty() ? -HUGE_VAL : c.maxLogSize, target.row.logSize);
      data_.targets.push_back(target);
      data_.points.push_back(point);
      data_.sizeIndex.push_back(sizes[sizeKey(p)]);
      const double parameters = positive(p.parameters) ? p.parameters : point.size;
      data_.smallest = std::min(data_.smallest, parameters);
      data_.largest = std::max(data_.largest, parameters);
      lowest = std::min(lowest, point.value);
      highest = std::max(highest, point.value);
    }
    if (data_.sizes < 2) {
      refuse(RemarkCode::NoSpread, "all points have one size: points only");
    } else if (!(highest - lowest > 1e-12 * std::max(1.0, highest))) {
      refuse(RemarkCode::NoSpread,
             fmt::format("{} is the same at all points", lawMetricName(options_.metric)));
    }
  }

  void weigh() {
    const bool known = errors_.known();
    const bool paired = options_.covariance.has_value() && options_.covariance->n == points_.size();
    Weighting weighting = options_.weighting;
    if (weighting == Weighting::Auto) {
      weighting = paired ? Weighting::Paired : known ? Weighting::Errors : Weighting::Equal;
    }
    if (weighting == Weighting::Paired && (!paired || !sameItems_)) {
      say(RemarkCode::DifferentItems,
          !options_.unpairedBecause.empty()
              ? fmt::format("not paired: {}; errors are taken as independent",
                            options_.unpairedBecause)
          : sameItems_ ? std::string("no outcomes of items are there, so configurations are not "
                                     "paired; errors are taken as independent")
                       : std::string("configurations were scored on different items, so they are "
                                     "not paired; errors are taken as independent"));
      weighting = known ? Weighting::Errors : Weighting::Equal;
    } else if (weighting != Weighting::Paired && !options_.unpairedBecause.empty()) {
      say(RemarkCode::DifferentItems,
          fmt::format("not paired: {}; errors are taken as independent", options_.unpairedBecause));
    }
    if (weighting == Weighting::Errors && !known) {
      weighting = Weighting::Equal;
    }
    if (weighting == Weighting::Equal && options_.weighting != Weighting::Equal) {
      say(RemarkCode::NoErrors,
          "points without standard errors: all count equally and the scatter gives the errors");
    }
    if (weighting == Weighting::Errors && errors_.assumed > 0) {
      say(RemarkCode::NoErrors, errors_.note());
    }
    data_.weighting = weighting;
    if (weighting == Weighting::Paired && options_.covariance) {
      const std::size_t n = data_.points.size();
      data_.covariance = {n, std::vector<double>(n * n)};
      for (std::size_t i = 0; i < n; ++i) {
        for (std::size_t k = 0; k < n; ++k) {
          data_.covariance.values[i * n + k] =
              options_.covariance->at(data_.points[i].point, data_.points[k].point);
        }
        // A variance of 0 would be certainty.
        double& variance = data_.covariance.values[i * n + i];
        if (!(variance > 0) && known) variance = data_.points[i].se * data_.points[i].se;
        data_.points[i].se = std::sqrt(variance);
      }
    }
    for (std::size_t i = 0; i < data_.targets.size(); ++i) {
      data_.targets[i].sigma = weighting == Weighting::Equal ? 1 : data_.points[i].se;
    }
  }

  std::span<const LawPoint> points_;
  const LawFormInfo& info_;
  const JointOptions& options_;
  JointData data_;
  std::vector<std::size_t> used_;
  PointErrors errors_;
  bool sameItems_ = true;
  LawAxis axis_ = LawAxis::Parameters;
  SeriesKey key_ = SeriesKey::Config;
};

}  // namespace

JointData makeJointData(std::span<const LawPoint> points, const LawForm& form,
                        const JointOptions& options) {
  return Builder(points, form, options).build();
}

}  // namespace bitfrontier
