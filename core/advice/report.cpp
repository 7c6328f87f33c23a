// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/advice/report.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <set>
#include <utility>

#include "core/advice/widths_text.h"
#include "core/base/error.h"
#include "core/law/decide/law_mixture.h"
#include "core/law/fit/joint_fit.h"
#include "core/law/fit/subsets.h"
#include "core/store/points.h"

namespace bitfrontier {
namespace {

void describeLossless(const LawMixture& mixture, const ReportOptions& options,
                      FamilyReport& report) {
  const std::vector<int> four{4};
  const JointFit& fit = mixture.laws.front().fit();
  // The best configuration of each bit width by mean lead.
  std::map<int, LosslessComparison> best;
  for (const LosslessComparison& c :
       compareWithLossless(mixture, four, options.draws, options.seed)) {
    const int k = static_cast<int>(std::lround(fit.context.formats[c.format].bits));
    if (k >= 16) continue;
    const auto [it, added] = best.emplace(k, c);
    if (!added && c.lead > it->second.lead) it->second = c;
  }
  for (const auto& [k, c] : best) {
    report.lossless.push_back(c);
    report.losslessNames.push_back(fit.context.formats[c.format].label);
  }
}

void compareForms(const FamilyRuns& family, LawMetric metric, FamilyReport& report,
                  const JobContext& job) {
  JointOptions options;
  options.metric = metric;
  options.covariance = metric == LawMetric::Accuracy ? family.covariance : std::nullopt;
  // AICc compares laws of the same points: those that J1, which leaves out most, is fitted to.
  const JointFit reference = fitJoint(family.points, options, job);
  std::set<double> bits;
  for (const LawFormat& format : reference.context.formats) bits.insert(format.bits);
  if (bits.size() == 1) return;  // nothing that laws of bit widths could differ in
  std::vector<std::size_t> kept;
  for (const FittedPoint& p : reference.points) kept.push_back(p.point);
  std::sort(kept.begin(), kept.end());
  std::vector<LawPoint> points = family.points;
  if (!kept.empty()) {
    points = pickPoints(family.points, kept);
    options = optionsForSubset(options, family.points.size(), kept);
  }
  double best = HUGE_VAL;
  std::map<std::string, double> aicc;
  for (const char* form : {"offset", "bivariate", "J1", "J2"}) {
    options.form = form;
    const JointFit fit =
        options.form == reference.form->info().name ? reference : fitJoint(points, options, job);
    LawScore score;
    score.form = form;
    score.title = std::string(lawForm(form).info().title);
    score.aicc = fit.aicc;
    score.tau = fit.tau;
    for (const LawRemark& remark : fit.remarks) {
      if (remark.refusal && score.problem.empty()) score.problem = remark.text;
    }
    if (!kept.empty() && fit.n != static_cast<int>(kept.size())) {
      if (score.problem.empty()) {
        score.problem = fmt::format("rests on {} of {} points", fit.n, kept.size());
      }
      score.aicc = LawPoint::kAbsent;
    }
    if (std::isfinite(score.aicc)) {
      best = std::min(best, score.aicc);
      aicc[form] = score.aicc;
    }
    report.laws.push_back(std::move(score));
  }
  for (LawScore& score : report.laws) {
    if (std::isfinite(score.aicc)) score.delta = score.aicc - best;
  }
  if (!aicc.contains("bivariate") || !aicc.contains("offset")) {
    report.lawVerdict = "too few points to compare offsets with a bivariate power law";
    return;
  }
  const auto [name, offsets] =
      aicc.contains("J1") && aicc["J1"] < aicc["offset"]
          ? std::pair("one curve with a shift per configuration (J1)", aicc["J1"])
          : std::pair("one curve with an offset per bit width", aicc["offset"]);
  const double lead = aicc["bivariate"] - offsets;
  if (std::abs(lead) < 2) {
    report.lawVerdict = fmt::format(
        "{} and the bivariate power law are not distinguished "
        "(AICc differs by {:.1f})",
        name, std::abs(lead));
  } else if (lead > 0) {
    report.lawVerdict =
        fmt::format("{} is better than the bivariate power law by {:.1f} in AICc", name, lead);
  } else {
    report.lawVerdict =
        fmt::format("the bivariate power law is better than {} by {:.1f} in AICc", name, -lead);
  }
}

/// Laws of a large store would take hours: the first families get theirs until the work is done up
/// to here, the others are interpolated. As a fit's steps it grows with points times formats; both
/// metrics of the demo grid are 65,000.
class LawWork {
 public:
  /// Whether laws are fitted to this family, too.
  bool take(const FamilyReport& report) {
    const auto work = static_cast<std::size_t>(report.points) *
                      static_cast<std::size_t>(report.configs + kBaseParameters);
    if (done_ > 0 && done_ + work > kMost) {
      ++refused_;
      return false;
    }
    done_ += work;
    return true;
  }
  int refused() const { return refused_; }

 private:
  static constexpr std::size_t kMost = 80'000;
  static constexpr int kBaseParameters = 3;
  std::size_t done_ = 0;
  int refused_ = 0;
};

FamilyReport reportFamily(const FamilyRuns& family, LawMetric metric, const ReportOptions& options,
                          LawWork& work, const JobContext& job) {
  FamilyReport report;
  report.title = family.title();
  report.metric = metric;
  report.points = static_cast<int>(family.points.size());
  report.paired = family.covariance.has_value();
  std::set<std::string> models, configs;
  for (const LawPoint& p : family.points) {
    models.insert(p.model);
    configs.insert(seriesLabel(p, SeriesKey::Config));
  }
  report.models = static_cast<int>(models.size());
  report.configs = static_cast<int>(configs.size());

  constexpr std::size_t kFewDraws = 400;
  const bool laws = work.take(report);
  OptimalWidths widths = optimalWidths(
      family, metric, laws ? options.draws : std::min(options.draws, kFewDraws), options.seed, job,
      laws ? "" : "the store has too many families for all their laws");
  if (!widths.mixture.empty()) describeLossless(widths.mixture, options, report);
  report.curves = std::move(widths.curves);
  report.budgets = widths.budgets;
  report.widths = std::move(widths.widths);
  report.rangeSentences = rangeSentences(widths);
  report.measured = std::move(widths.measured);
  report.ranges = std::move(widths.ranges);
  report.crossings = std::move(widths.crossings);
  report.notes = std::move(widths.notes);
  const StatementData data{
      family.points, metric,
      metric == LawMetric::Accuracy && family.covariance ? &*family.covariance : nullptr};
  report.blocks = blockGains(data, options.smallBlock, options.largeBlock);
  report.types = typeOrders(data);
  report.spreads = widthSpreads(data);
  if (laws) compareForms(family, metric, report, job);
  return report;
}

/// "OPT (GPTQ, ICLR 2023), 200 items each".
std::string titleOf(const std::string& what, const ComparableSet& set, bool sayMeasured) {
  std::string text = what;
  if (sayMeasured || !set.scoring.source.empty()) {
    text += fmt::format(" ({})", set.scoring.source.empty() ? "measured here" : set.scoring.source);
  }
  if (!set.name.difference.empty()) text += ", " + set.name.difference;
  return text;
}

void addCorrelation(std::string title, std::span<const LawPoint> points, Report& report) {
  std::vector<double> accuracy, nats, perplexity;
  for (const LawPoint& p : points) {
    accuracy.push_back(p.accuracy);
    nats.push_back(p.crossEntropy);
    perplexity.push_back(std::exp(p.crossEntropy));
  }
  report.correlations.push_back(
      {std::move(title), pearson(nats, accuracy), pearson(perplexity, accuracy)});
}

/// Of points that are comparable in both metrics.
void addCorrelations(const std::vector<LawPoint>& points, Report& report) {
  for (const ComparableSet& set : comparableSets(points, LawMetric::Accuracy)) {
    const std::vector<LawPoint> own = set.of(points);
    for (const ComparableSet& texts : comparableSets(own, LawMetric::CrossEntropy)) {
      ComparableSet named = set;
      if (!texts.name.difference.empty()) {
        named.name.difference +=
            (named.name.difference.empty() ? "" : ", ") + texts.name.difference;
      }
      std::map<std::string, std::vector<LawPoint>> families;
      std::vector<LawPoint> all = texts.of(own);
      for (const LawPoint& p : all) families[p.family].push_back(p);
      for (const auto& [family, members] : families) {
        addCorrelation(titleOf(family, named, true), members, report);
      }
      if (families.size() > 1) addCorrelation(titleOf("all families", named, true), all, report);
    }
  }
}

void addInstabilities(const std::vector<LawPoint>& points, double limit, Report& report) {
  for (const ComparableSet& set : comparableSets(points, LawMetric::CrossEntropy)) {
    std::map<std::string, std::vector<LawPoint>> families;
    for (const std::size_t i : set.points) families[points[i].family].push_back(points[i]);
    for (const auto& [family, members] : families) {
      Report::Broken broken{titleOf(family, set, false), instabilities(members, limit), {}};
      for (const Instability& width : broken.widths) {
        for (const std::size_t i : width.broken) {
          broken.names.push_back(fmt::format("{} {} ({:.3g})", members[i].model,
                                             seriesLabel(members[i], SeriesKey::Config),
                                             std::exp(members[i].crossEntropy)));
        }
      }
      report.instabilities.push_back(std::move(broken));
    }
  }
}

}  // namespace

Report makeReport(const RunStore& store, const RunFilter& filter, const ReportOptions& options,
                  const JobContext& job) {
  Report report;
  report.perplexityLimit = options.perplexityLimit;
  constexpr LawMetric kMetrics[] = {LawMetric::Accuracy, LawMetric::CrossEntropy};
  LawWork work;
  for (std::size_t m = 0; m < 2; ++m) {
    const LawMetric metric = kMetrics[m];
    job.progress({0.5 * static_cast<double>(m), "reading the store"});
    std::vector<FamilyRuns> families = familyRuns(store, filter, metric, job);
    std::erase_if(families, [](const FamilyRuns& family) { return family.repeats; });
    for (std::size_t f = 0; f < families.size(); ++f) {
      const FamilyRuns& family = families[f];
      job.throwIfCancelled();
      const double share = static_cast<double>(f) / static_cast<double>(families.size());
      job.progress({0.5 * (static_cast<double>(m) + share),
                    fmt::format("{}: {}", family.title(), lawMetricName(metric)),
                    static_cast<std::int64_t>(f), static_cast<std::int64_t>(families.size())});
      report.families.push_back(reportFamily(family, metric, options, work, job));
      if (metric == LawMetric::Accuracy && !family.unpaired.empty()) {
        report.notes.push_back(
            fmt::format("{}: {}; errors count as independent", family.title(), family.unpaired));
      }
    }
  }
  if (report.families.empty()) {
    throw noPoints(store, filter, "");
  }
  if (work.refused() > 0) {
    report.notes.push_back(
        fmt::format("no laws are fitted to {} of {} families and metrics, which would take long: "
                    "--family names those that matter",
                    work.refused(), report.families.size()));
  }
  if (std::string note = incompleteNote(store, filter); !note.empty()) {
    report.notes.push_back(std::move(note));
  }
  const std::vector<LawPoint> points = store.points(filter);
  addCorrelations(points, report);
  addInstabilities(points, options.perplexityLimit, report);
  const auto byTitle = [](const auto& a, const auto& b) { return a.title < b.title; };
  std::stable_sort(report.correlations.begin(), report.correlations.end(), byTitle);
  std::stable_sort(report.instabilities.begin(), report.instabilities.end(), byTitle);
  return report;
}

}  // namespace bitfrontier
