// SPDX-License-Identifier: GPL-3.0-or-later
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <nlohmann/json.hpp>
#include <numbers>
#include <optional>
#include <tuple>

#include "app/cli/cli.h"
#include "app/cli/fit.h"
#include "app/cli/table.h"
#include "core/base/error.h"
#include "core/law/joint_json.h"
#include "core/law/law_outliers.h"
#include "core/store/csv.h"
#include "core/store/outcomes.h"

namespace bitfrontier::cli {
namespace {

constexpr auto kRight = Table::Align::Right;

/// A column of names and one of numbers.
std::map<std::string, double> readPairs(const std::filesystem::path& file, const char* name,
                                        const char* value) {
  std::map<std::string, double> pairs;
  const CsvTable table = CsvTable::read(file);
  for (const auto& row : table.rows()) pairs[table.text(row, name)] = table.number(row, value);
  return pairs;
}

JointOptions optionsOf(const FitCommand& command) {
  JointOptions options;
  options.metric = parseMetric(command.metric);
  options.formatKey = command.by.empty() ? SeriesKey::Config : parseSeriesKey(command.by);
  options.weighting = parseWeighting(command.weighting);
  options.reference = command.reference;
  options.publishedPriors = command.priors;
  options.breaks = command.breaks;
  if (command.tau >= 0) {
    options.estimateTau = false;
    options.tau = command.tau;
  }
  if (!command.robust.empty()) {
    options.loss = parseRobustLoss(command.robust);
    if (options.weighting == Weighting::Auto) options.weighting = Weighting::Errors;
  }
  for (const std::string& text : command.hold) {
    const std::size_t equals = text.rfind('=');
    char* end = nullptr;
    const std::string number = equals == std::string::npos ? "" : text.substr(equals + 1);
    const double value = std::strtod(number.c_str(), &end);
    if (number.empty() || *end != '\0') {
      throw Error(ErrorKind::InvalidArgument,
                  fmt::format("--hold is NAME=VALUE, not \"{}\"", text));
    }
    options.fixed[text.substr(0, equals)] = value;
  }
  if (!command.tokens.empty())
    options.trainingTokens = readPairs(command.tokens, "model", "tokens");
  if (!command.noise.empty()) options.formatNoise = readPairs(command.noise, "config", "noise");
  return options;
}

/// Points that one law may describe.
struct Group {
  std::string title;
  std::vector<LawPoint> points;
};

std::vector<Group> groupsOf(const std::vector<LawPoint>& points, const LawForm& form,
                            SeriesKey key) {
  std::vector<Group> groups;
  if (!form.info().joint && !form.info().needsCrossEntropy) {
    for (LawSeries& series : makeSeries(points, key)) {
      groups.push_back({series.family + " " + series.label, std::move(series.points)});
    }
    return groups;
  }
  std::map<std::tuple<std::string, std::string, std::int64_t>, Group> families;
  for (const LawPoint& p : points) {
    Group& group = families[{p.source, p.family, p.itemLimit}];
    group.title = p.family + (p.itemLimit > 0 ? fmt::format(" ({} items)", p.itemLimit) : "");
    group.points.push_back(p);
  }
  for (auto& [name, group] : families) groups.push_back(std::move(group));
  return groups;
}

struct Result {
  std::string title;
  JointFit fit;
  std::vector<ProfileInterval> profiles;
  std::optional<BootstrapResult> bootstrap;
  std::optional<OutlierRefits> refits;
};

std::string number(double value) {
  if (!std::isfinite(value)) return "";
  return fmt::format("{:.4g}", value);
}

void printParameters(const Result& result) {
  std::vector<Table::Column> columns{{"parameter"}, {"value", kRight}, {"\u00b1", kRight}};
  if (!result.profiles.empty()) columns.push_back({"profile 95 %", kRight});
  if (result.bootstrap) columns.push_back({"bootstrap 95 %", kRight});
  columns.insert(columns.end(), {{"unit"}, {"meaning"}});
  Table table(columns);
  for (const FittedParameter& p : result.fit.parameters) {
    std::vector<std::string> row{p.name, number(p.value), p.held ? "held" : number(p.se)};
    if (p.atBound) row[2] = "at bound";
    if (!result.profiles.empty()) {
      std::string text;
      for (const ProfileInterval& i : result.profiles) {
        if (i.name != p.name) continue;
        text = fmt::format("{} to {}", i.closedBelow ? number(i.lower) : "?",
                           i.closedAbove ? number(i.upper) : "?");
      }
      row.push_back(text);
    }
    if (result.bootstrap) {
      std::string text;
      for (const BootstrapParameter& b : result.bootstrap->parameters) {
        if (b.name != p.name) continue;
        text = b.printable ? fmt::format("{} to {}", number(b.lower), number(b.upper))
                           : fmt::format("at a bound in {:.0f} %", 100 * b.atBound);
      }
      row.push_back(text);
    }
    row.insert(row.end(), {p.unit, p.meaning});
    table.add(row);
  }
  for (const DerivedQuantity& d : result.fit.derived) {
    std::vector<std::string> row{d.name, number(d.value), number(d.se)};
    row.resize(columns.size() - 1);
    row.push_back(d.meaning);
    table.add(row);
  }
  table.print();
}

/// Effective size and what it is worth per bit, for laws with horizontal shifts.
void printFormats(const JointFit& fit) {
  if (fit.form->info().name != "J1" || fit.axis != LawAxis::Parameters) return;
  const double referenceBits = fit.context.formats[0].bitsPerParameter;
  Table table({{"format"},
               {"bits/parameter", kRight},
               {"rho", kRight},
               {"rho per bit", kRight},
               {"doublings won", kRight}});
  for (std::size_t f = 0; f < fit.context.formats.size(); ++f) {
    const LawFormat& format = fit.context.formats[f];
    const double shift = f == 0 ? 0 : fit.parameters[2 + f].value;
    const double doublings =
        std::log2(referenceBits / format.bitsPerParameter) + shift / std::numbers::ln2;
    table.add({format.label, number(format.bitsPerParameter),
               fmt::format("{:.3f}", std::exp(shift)),
               fmt::format("{:.4f}", std::exp(shift) / format.bitsPerParameter),
               fmt::format("{:+.2f}", doublings)});
  }
  fmt::print(
      "rho: a model in this format counts like one of rho times its size; the largest rho "
      "per bit wins at every budget\n");
  table.print();
}

void printResult(const Result& result) {
  const JointFit& fit = result.fit;
  const bool accuracy = fit.context.metric == LawMetric::Accuracy;
  const LawFormInfo& info = fit.form->info();
  fmt::print("{}: {}\n", result.title, info.title);
  if (!fit.parameters.empty()) {
    fmt::print("{} = {}; {} = {:.4g}\n",
               info.ofError && accuracy ? "1 - accuracy" : lawMetricName(fit.context.metric),
               info.formula, fit.axis == LawAxis::Parameters ? "N0" : "b0", fit.context.size0);
    fmt::print(
        "{} points, {} sizes; weights: {}; {}{:.3g} {}; {} of {} starts agree; condition "
        "{:.3g}{}\n",
        fit.n, fit.sizes, weightingName(fit.weighting),
        fit.weighting == Weighting::Equal ? "residual scatter "
        : fit.tauEstimated                ? "lack of fit "
                                          : "lack of fit held at ",
        accuracy ? 100 * fit.tau : fit.tau, accuracy ? "points" : "nats", fit.agreed, fit.starts,
        fit.condition, std::isfinite(fit.aicc) ? fmt::format("; AICc {:.1f}", fit.aicc) : "");
    printParameters(result);
    printFormats(fit);
  }
  for (const LawRemark& r : fit.remarks) {
    fmt::print("{}{}\n", r.refusal ? "refused: " : "note: ", r.text);
  }
  for (const LawRemark& r : judgeProfiles(result.profiles)) fmt::print("note: {}\n", r.text);
  if (result.bootstrap) {
    fmt::print("bootstrap over {}: {} replicates\n", resamplingName(result.bootstrap->resampling),
               result.bootstrap->replicates);
    for (const LawRemark& r : result.bootstrap->remarks) fmt::print("note: {}\n", r.text);
  }
  if (result.refits) {
    Table table({{"parameter"}, {"robust", kRight}, {"without the named", kRight}});
    const JointFit& robust = result.refits->robust;
    const JointFit& without = result.refits->without;
    for (const FittedParameter& p : fit.parameters) {
      const auto a = robust.find(p.name), b = without.find(p.name);
      table.add({p.name, a ? number(robust.parameters[*a].value) : "",
                 b ? number(without.parameters[*b].value) : ""});
    }
    table.print();
  }
}

void printComparison(const std::string& title, const LawComparison& comparison) {
  fmt::print("{}\n", title);
  const bool accuracy =
      comparison.rows.empty() || comparison.rows[0].fit.context.metric == LawMetric::Accuracy;
  Table table({{"law"},
               {"parameters", kRight},
               {accuracy ? "tau, points" : "tau, nats", kRight},
               {"AICc", kRight},
               {"difference", kRight},
               {"weight", kRight},
               {accuracy ? "left-out RMSE, points" : "left-out RMSE, nats", kRight},
               {"coverage", kRight},
               {"note"}});
  const double unit = accuracy ? 100 : 1;
  for (const LawComparison::Row& row : comparison.rows) {
    const JointFit& fit = row.fit;
    table.add(
        {std::string(fit.form->info().name), fmt::format("{}", fit.freeParameters),
         number(unit * fit.tau), std::isfinite(fit.aicc) ? fmt::format("{:.1f}", fit.aicc) : "",
         std::isfinite(row.deltaAicc) ? fmt::format("{:.1f}", row.deltaAicc) : "",
         row.weight > 0 ? fmt::format("{:.3f}", row.weight) : "", number(unit * row.sizes.rmse),
         std::isfinite(row.sizes.coverage) ? fmt::format("{:.0f} %", 100 * row.sizes.coverage) : "",
         joinRemarks(fit.remarks)});
  }
  table.print();
  for (const NestedTest& t : comparison.tests) {
    fmt::print("{} in {}: {} {:.3g} with {} degree{} of freedom, p = {:.2g}\n", t.inner, t.outer,
               t.kind, t.statistic, t.freedom, t.freedom == 1 ? "" : "s", t.p);
  }
  for (const std::string& verdict : comparison.verdicts) fmt::print("{}\n", verdict);
}

std::string csvOf(const std::vector<Result>& results) {
  std::string csv = "family,law,metric,parameter,value,se,lower,upper,unit,at_bound,usable\n";
  for (const Result& r : results) {
    for (const FittedParameter& p : r.fit.parameters) {
      double lower = NAN, upper = NAN;
      for (const ProfileInterval& i : r.profiles) {
        if (i.name != p.name) continue;
        lower = i.lower;
        upper = i.upper;
      }
      const auto cell = [](double v) { return std::isfinite(v) ? fmt::format("{}", v) : ""; };
      csv += fmt::format("{},{},{},{},{},{},{},{},{},{},{}\n", csvField(r.title),
                         r.fit.form->info().name, lawMetricName(r.fit.context.metric),
                         csvField(p.name), cell(p.value), cell(p.se), cell(lower), cell(upper),
                         csvField(p.unit), p.atBound, r.fit.usable);
    }
  }
  return csv;
}

/// Pairs the points of a group by their items when the weighting wants it.
JointOptions paired(JointOptions options, const RunStore& store,
                    const std::vector<LawPoint>& points, std::optional<ItemOutcomes>& items) {
  if (options.metric != LawMetric::Accuracy) return options;
  PointOutcomes outcomes = readOutcomes(store, points);
  items = std::move(outcomes.items);
  if (options.weighting != Weighting::Auto && options.weighting != Weighting::Paired) {
    return options;
  }
  if (items) {
    options.covariance = items->covariance();
  } else {
    options.unpairedBecause = outcomes.problem;
  }
  return options;
}

}  // namespace

int listLaws(const FitCommand& command) {
  if (command.output.json) {
    nlohmann::json all = nlohmann::json::array();
    for (const LawForm* form : lawForms()) all.push_back(toJson(*form));
    fmt::print("{}\n", all.dump(2));
    return kOk;
  }
  Table table({{"law"}, {"of"}, {"what it says"}, {"formula"}, {"source"}});
  for (const LawForm* form : lawForms()) {
    const LawFormInfo& info = form->info();
    table.add({std::string(info.name),
               info.joint               ? "family"
               : info.needsCrossEntropy ? "loss"
                                        : "series",
               std::string(info.title), std::string(info.formula), std::string(info.source)});
  }
  table.print();
  return kOk;
}

int fitJointLaws(const FitCommand& command, const JobContext& job) {
  const JointOptions options = optionsOf(command);
  std::vector<std::string> names = command.compared;
  if (command.compare && names.empty()) {
    names = {"S0", "V", "J1", "J2", "S1"};
    if (options.metric == LawMetric::Accuracy) names.emplace_back("LL");
  }
  const LawForm& form = lawForm(command.compare ? names[0] : command.law);
  for (const std::string& name : names) lawForm(name);
  const RunStore store = openForReading(command.store);
  std::vector<LawPoint> points = store.points(command.filter.filter());
  std::erase_if(points,
                [&](const LawPoint& p) { return !std::isfinite(metricOf(p, options.metric)); });
  if (points.empty()) {
    throw Error(ErrorKind::NotFound, fmt::format("store {} has no {} points that match",
                                                 command.store.string(), command.metric));
  }
  if (command.compare && !command.exports.empty()) {
    throw Error(ErrorKind::InvalidArgument, "--export writes one law: name it with --law");
  }
  nlohmann::json json = nlohmann::json::array();
  std::vector<Result> results;
  std::vector<PortableLaw> portable;
  const SeriesKey key = command.by.empty() ? SeriesKey::Bits : options.formatKey;
  for (const Group& group : groupsOf(points, form, key)) {
    std::optional<ItemOutcomes> items;
    JointOptions own = paired(options, store, group.points, items);
    if (command.compare) {
      const LawComparison comparison = compareLaws(group.points, names, own, job);
      if (command.output.json) {
        json.push_back(toJson(comparison));
        json.back()["family"] = group.title;
      } else {
        printComparison(group.title, comparison);
      }
      continue;
    }
    own.form = command.law;
    Result result;
    result.title = group.title;
    result.fit = fitJoint(group.points, own, job);
    if (!result.fit.parameters.empty()) {
      if (command.profile) {
        result.profiles = profileIntervals(group.points, own, result.fit, {}, job);
      }
      if (command.bootstrap > 0) {
        BootstrapOptions bootstrap;
        bootstrap.replicates = command.bootstrap;
        bootstrap.resampling = parseResampling(command.resample);
        bootstrap.threads = threadsOf(command);
        result.bootstrap = bootstrapJoint(group.points, own, result.fit, items ? &*items : nullptr,
                                          bootstrap, job);
      }
      if (own.loss == RobustLoss::None) {
        result.refits = refitForOutliers(group.points, own, result.fit, job);
      }
    }
    if (command.output.json || !command.exports.empty()) {
      json.push_back(toJson(result.fit));
      json.back()["title"] = result.title;
      if (command.profile) json.back()["profile"] = toJson(std::span(result.profiles));
      if (result.bootstrap) json.back()["bootstrap"] = toJson(*result.bootstrap);
      if (result.refits) {
        json.back()["robust"] = toJson(result.refits->robust);
        json.back()["without_outliers"] = toJson(result.refits->without);
      }
      if (!result.fit.parameters.empty()) {
        portable.push_back(portableLaw(result.fit, result.title));
        addExpressions(portable.back(), json.back());
      }
    }
    if (command.output.json) continue;
    if (command.output.csv) {
      results.push_back(std::move(result));
    } else {
      printResult(result);
      fmt::print("\n");
    }
  }
  writeExports(command, std::move(portable), json);
  if (command.output.json) {
    fmt::print("{}\n", json.dump(2));
  } else if (command.output.csv) {
    if (command.compare) {
      throw Error(ErrorKind::InvalidArgument, "--compare is printed as a table or with --json");
    }
    fmt::print("{}", csvOf(results));
  }
  return kOk;
}

}  // namespace bitfrontier::cli
