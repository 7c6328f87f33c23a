// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/advice/report.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <set>
#include <utility>

#include "core/base/error.h"
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
  double best = HUGE_VAL;
  std::map<std::string, double> aicc;
  for (const char* form : {"offset", "bivariate", "J1", "J2"}) {
    options.form = form;
    const JointFit fit = fitJoint(family.points, options, job);
    LawScore score;
    score.form = form;
    score.title = std::string(lawForm(form).info().title);
    score.aicc = fit.aicc;
    score.tau = fit.tau;
    for (const LawRemark& remark : fit.remarks) {
      if (remark.refusal && score.problem.empty()) score.problem = remark.text;
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

FamilyReport reportFamily(const FamilyRuns& family, LawMetric metric, const ReportOptions& options,
                          const JobContext& job) {
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

  OptimalWidths widths = optimalWidths(family, metric, options.draws, options.seed, job);
  if (!widths.mixture.empty()) describeLossless(widths.mixture, options, report);
  report.curves = std::move(widths.curves);
  report.budgets = widths.budgets;
  report.widths = std::move(widths.widths);
  report.rangeSentences = rangeSentences(widths);
  report.ranges = std::move(widths.ranges);
  report.crossings = std::move(widths.crossings);
  report.notes = std::move(widths.notes);
  const StatementData data{
      family.points, metric,
      metric == LawMetric::Accuracy && family.covariance ? &*family.covariance : nullptr};
  report.blocks = blockGains(data, options.smallBlock, options.largeBlock);
  report.types = typeOrders(data);
  report.spreads = widthSpreads(data);
  compareForms(family, metric, report, job);
  return report;
}

void addCorrelations(const std::vector<LawPoint>& points, Report& report) {
  std::map<std::string, std::vector<const LawPoint*>> groups;
  std::map<std::string, std::set<std::string>> families;
  for (const LawPoint& p : points) {
    if (!std::isfinite(p.accuracy) || !std::isfinite(p.crossEntropy)) continue;
    const std::string source = p.source.empty() ? "measured here" : p.source;
    groups[fmt::format("{} ({})", p.family, source)].push_back(&p);
    const std::string all = fmt::format("all families ({})", source);
    groups[all].push_back(&p);
    families[all].insert(p.family);
  }
  for (const auto& [title, members] : groups) {
    const auto of = families.find(title);
    if (of != families.end() && of->second.size() < 2) continue;
    std::vector<double> accuracy, nats, perplexity;
    for (const LawPoint* p : members) {
      accuracy.push_back(p->accuracy);
      nats.push_back(p->crossEntropy);
      perplexity.push_back(std::exp(p->crossEntropy));
    }
    report.correlations.push_back({title, pearson(nats, accuracy), pearson(perplexity, accuracy)});
  }
}

void addInstabilities(const std::vector<LawPoint>& points, double limit, Report& report) {
  std::map<std::string, std::vector<LawPoint>> groups;
  for (const LawPoint& p : points) {
    if (!std::isfinite(p.crossEntropy)) continue;
    groups[p.source.empty() ? p.family : fmt::format("{} ({})", p.family, p.source)].push_back(p);
  }
  for (const auto& [title, members] : groups) {
    Report::Broken broken{title, instabilities(members, limit), {}};
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

}  // namespace

Report makeReport(const RunStore& store, const RunFilter& filter, const ReportOptions& options,
                  const JobContext& job) {
  Report report;
  report.perplexityLimit = options.perplexityLimit;
  for (const LawMetric metric : {LawMetric::Accuracy, LawMetric::CrossEntropy}) {
    for (const FamilyRuns& family : familyRuns(store, filter, metric)) {
      job.throwIfCancelled();
      report.families.push_back(reportFamily(family, metric, options, job));
      if (metric == LawMetric::Accuracy && !family.unpaired.empty()) {
        report.notes.push_back(
            fmt::format("{}: {}; errors count as independent", family.title(), family.unpaired));
      }
    }
  }
  if (report.families.empty()) {
    throw noPoints(store, filter, "");
  }
  const std::vector<LawPoint> points = store.points(filter);
  addCorrelations(points, report);
  addInstabilities(points, options.perplexityLimit, report);
  return report;
}

}  // namespace bitfrontier
