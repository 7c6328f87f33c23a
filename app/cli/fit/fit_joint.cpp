// SPDX-License-Identifier: GPL-3.0-or-later
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <nlohmann/json.hpp>
#include <optional>
#include <set>
#include <string_view>
#include <tuple>
#include <utility>

#include "app/cli/cli.h"
#include "app/cli/fit/fit.h"
#include "app/cli/fit/fit_predictions.h"
#include "app/cli/fit/fit_report.h"
#include "app/cli/table.h"
#include "core/base/error.h"
#include "core/law/fit/law_outliers.h"
#include "core/law/fit/subsets.h"
#include "core/law/text/joint_json.h"
#include "core/store/import/csv.h"
#include "core/store/outcomes.h"
#include "core/store/points.h"

namespace bitfrontier::cli {
namespace {

/// A column of names and one of numbers.
std::map<std::string, double> readPairs(const std::filesystem::path& file, const char* name,
                                        const char* value) {
  std::map<std::string, double> pairs;
  const CsvTable table = CsvTable::read(file);
  for (const auto& row : table.rows()) pairs[table.text(row, name)] = table.number(row, value);
  return pairs;
}

}  // namespace

JointOptions jointOptionsOf(const FitCommand& command) {
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

namespace {

/// Points that one law may describe.
struct Group {
  std::string title;
  std::vector<LawPoint> points;
};

std::vector<Group> groupsOf(const std::vector<LawPoint>& points, const LawForm& form, SeriesKey key,
                            LawMetric metric) {
  std::vector<Group> groups;
  if (!form.info().joint && !form.info().needsCrossEntropy) {
    for (LawSeries& series : makeSeries(points, key, metric)) {
      groups.push_back({series.family + " " + series.label, std::move(series.points)});
    }
    return groups;
  }
  std::map<std::tuple<std::string, std::string, std::int64_t>, std::set<std::string>> sets;
  for (const LawPoint& p : points) {
    sets[{p.source, p.family, p.itemLimit}].insert(tasksOf(p, metric));
  }
  std::map<std::tuple<std::string, std::string, std::int64_t, std::string>, Group> families;
  for (const LawPoint& p : points) {
    const std::string& tasks = tasksOf(p, metric);
    Group& group = families[{p.source, p.family, p.itemLimit, tasks}];
    group.title = p.family + (p.itemLimit > 0 ? fmt::format(" ({} items)", p.itemLimit) : "");
    if (sets[{p.source, p.family, p.itemLimit}].size() > 1) group.title += ": " + tasks;
    group.points.push_back(p);
  }
  for (auto& [name, group] : families) groups.push_back(std::move(group));
  return groups;
}

std::set<std::string> labelsOf(const std::vector<LawPoint>& points, SeriesKey key) {
  std::set<std::string> labels;
  for (const LawPoint& p : points) labels.insert(seriesLabel(p, key));
  return labels;
}

/// "fp16, int4"; with "; " where a name has a comma of its own.
std::string listOf(const std::set<std::string>& labels) {
  const bool commas = std::any_of(labels.begin(), labels.end(), [](const std::string& label) {
    return label.find(',') != std::string::npos;
  });
  return fmt::format("{}", fmt::join(labels, commas ? "; " : ", "));
}

/// The formats that a word of --without names. A name may have commas of its own ("4 bit, gptq"),
/// so the longest name that is there wins. Throws NotFound for one that is not there.
std::vector<std::string> namedFormats(std::string_view word, const std::set<std::string>& labels) {
  std::vector<std::string> names;
  while (!word.empty()) {
    std::size_t end = word.size();
    while (!labels.contains(std::string(word.substr(0, end)))) {
      const std::size_t comma = word.substr(0, end).rfind(',');
      if (comma == std::string_view::npos) {
        throw Error(ErrorKind::NotFound,
                    fmt::format("--without {}: there is no such format, but {}",
                                word.substr(0, end), listOf(labels)));
      }
      end = comma;
    }
    names.emplace_back(word.substr(0, end));
    word.remove_prefix(std::min(end + 1, word.size()));
    while (!word.empty() && word.front() == ' ') word.remove_prefix(1);
  }
  return names;
}

/// Takes the formats of --without away. Throws NotFound for one that is not there and when none is
/// left.
std::vector<LawPoint> withoutFormats(std::vector<LawPoint> points,
                                     const std::vector<std::string>& words, SeriesKey key) {
  const std::set<std::string> labels = labelsOf(points, key);
  for (const std::string& word : words) {
    for (const std::string& format : namedFormats(word, labels)) {
      std::erase_if(points, [&](const LawPoint& p) { return seriesLabel(p, key) == format; });
      if (points.empty()) {
        throw Error(ErrorKind::NotFound,
                    fmt::format("--without {}: it is the last format, nothing is left", format));
      }
    }
  }
  return points;
}

/// How laws carry over between the families of a source, when there are several.
void compareFamilies(const std::vector<LawPoint>& points, const std::vector<std::string>& names,
                     const JointOptions& options, const FitCommand& command, nlohmann::json& json,
                     const JobContext& job) {
  std::map<std::pair<std::string, std::int64_t>, std::vector<LawPoint>> sources;
  for (const LawPoint& p : points) sources[{p.source, p.itemLimit}].push_back(p);
  for (const auto& [key, own] : sources) {
    if (familiesOf(own).size() < 2) continue;
    std::vector<std::pair<std::string, CrossValidation>> laws;
    for (const std::string& name : names) {
      JointOptions law = options;
      law.form = name;
      const CrossValidation v = leaveOneFamilyOut(own, law, job);
      if (v.folds > 0) laws.emplace_back(name, v);
    }
    if (laws.empty()) continue;
    const std::string title =
        fmt::format("left-out families{}",
                    key.second > 0 ? fmt::format(" ({} items)", key.second) : std::string());
    if (command.output.json) {
      nlohmann::json rows = nlohmann::json::array();
      for (const auto& [name, v] : laws) rows.push_back({{"law", name}, {"result", toJson(v)}});
      json.push_back({{"left_out_families", rows}, {"source", key.first}});
    } else {
      printLeftOutFamilies(title, options.metric, laws);
    }
  }
}

}  // namespace

JointOptions pairedOptions(JointOptions options, const RunStore& store,
                           const std::vector<LawPoint>& points,
                           std::optional<ItemOutcomes>& items) {
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

std::vector<LawPoint> pointsOf(const FitCommand& command, const RunStore& store, LawMetric metric) {
  std::vector<LawPoint> points = store.points(command.filter.filter(store));
  std::erase_if(points, [&](const LawPoint& p) { return !std::isfinite(metricOf(p, metric)); });
  if (points.empty()) {
    throw noPoints(store, command.filter.filter(store), lawMetricName(metric));
  }
  if (const std::string note = trainingStepsNote(points); command.tokens.empty() && !note.empty()) {
    fmt::print(stderr, "note: {}\n", note);
  }
  noteIncomplete(store, command.filter.filter(store), metric);
  return points;
}

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
  const JointOptions options = jointOptionsOf(command);
  std::vector<std::string> names = command.compared;
  if (command.compare && command.output.csv) {
    throw Error(ErrorKind::InvalidArgument, "--compare is printed as a table or with --json");
  }
  if (command.compare && names.empty()) {
    names = {"S0", "V", "J1", "J2", "S1"};
    if (options.metric == LawMetric::Accuracy) names.emplace_back("LL");
  }
  const LawForm& form = lawForm(command.compare ? names[0] : command.law);
  for (const std::string& name : names) lawForm(name);
  const std::vector<double> sizes = predictedSizes(command);
  const RunStore store = openForReading(command.store);
  const std::vector<LawPoint> points =
      withoutFormats(pointsOf(command, store, options.metric), command.without, options.formatKey);
  if (command.compare && !command.exports.empty()) {
    throw Error(ErrorKind::InvalidArgument, "--export writes one law: name it with --law");
  }
  nlohmann::json json = nlohmann::json::array();
  bool fitted = false;
  std::string why;
  const auto note = [&](const JointFit& fit) {
    fitted = fitted || fit.usable;
    if (!fit.usable && why.empty()) why = joinRefusals(fit);
  };
  std::vector<FitResult> results;
  std::vector<PortableLaw> portable;
  const SeriesKey key = command.by.empty() ? SeriesKey::Bits : options.formatKey;
  for (const Group& group : groupsOf(points, form, key, options.metric)) {
    std::optional<ItemOutcomes> items;
    JointOptions own = pairedOptions(options, store, group.points, items);
    if (command.compare) {
      const LawComparison comparison = compareLaws(group.points, names, own, job);
      for (const auto& row : comparison.rows) {
        // A table that says of every law why it is refused is an answer too.
        fitted = fitted || !row.fit.parameters.empty();
        note(row.fit);
      }
      if (command.output.json) {
        json.push_back(toJson(comparison));
        json.back()["family"] = group.title;
      } else {
        printComparison(group.title, comparison);
      }
      continue;
    }
    own.form = command.law;
    FitResult result;
    result.title = group.title;
    result.fit = fitJoint(group.points, own, job);
    note(result.fit);
    const std::vector<LawPrediction> predictions = predictAt(result.fit, sizes);
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
    if (findRemark(result.fit.remarks, RemarkCode::DoesNotDescribe) != nullptr) {
      const std::vector<std::string> law{command.law};
      DescribedFits described = fitDescribed(group.points, own, law, job);
      if (!described.leftOut.empty()) {
        note(described.fits.front());
        result.described = std::move(described);
      }
    }
    if (command.output.json || !command.exports.empty()) {
      json.push_back(toJson(result.fit));
      json.back()["title"] = result.title;
      if (!sizes.empty()) json.back()["predictions"] = toJson(result.fit, predictions);
      if (command.profile) json.back()["profile"] = toJson(std::span(result.profiles));
      if (result.bootstrap) json.back()["bootstrap"] = toJson(*result.bootstrap);
      if (result.refits) {
        json.back()["robust"] = toJson(result.refits->robust);
        json.back()["without_outliers"] = toJson(result.refits->without);
      }
      if (result.described) {
        json.back()["without_formats"] = toJson(result.described->fits.front());
        nlohmann::json& formats = json.back()["without_formats"]["left_out"];
        for (const LeftOutFormat& l : result.described->leftOut) formats.push_back(l.format);
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
      printFit(result, command.refused);
      if (result.fit.usable || command.refused) printPredictions(result.fit, predictions);
      fmt::print("\n");
    }
  }
  writeExports(command, std::move(portable), json);
  if (command.compare) compareFamilies(points, names, options, command, json, job);
  if (command.output.json) {
    fmt::print("{}\n", json.dump(2));
  } else if (command.output.csv) {
    fmt::print("{}", csvOf(results));
  }
  requireLaw(fitted, why);
  return kOk;
}

}  // namespace bitfrontier::cli
