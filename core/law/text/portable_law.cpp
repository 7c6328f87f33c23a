// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/law/text/portable_law.h"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <cmath>
#include <nlohmann/json.hpp>
#include <set>

#include "core/base/error.h"
#include "core/law/numeric/exact_text.h"
#include "core/law/text/formula_text.h"
#include "core/law/text/series_text.h"

namespace bitfrontier {
namespace {

/// Names that a formula uses for what is not a parameter.
bool isReserved(const PortableLaw& law, const std::string& name) {
  static const std::set<std::string> kReserved{"N",  "D",   "b",  "L",    "N0", "D0",
                                               "b0", "exp", "ln", "log2", "max"};
  return kReserved.contains(name) ||
         std::any_of(law.constants.begin(), law.constants.end(),
                     [&](const auto& constant) { return constant.first == name; });
}

void addParameter(PortableLaw& law, PortableLaw::Parameter p) {
  p.identifier = p.name;
  for (char& c : p.identifier) {
    if (std::isalnum(static_cast<unsigned char>(c)) == 0) c = '_';
  }
  const auto taken = [&](const std::string& name) {
    return isReserved(law, name) ||
           std::any_of(law.parameters.begin(), law.parameters.end(),
                       [&](const PortableLaw::Parameter& q) { return q.identifier == name; });
  };
  const std::string base = p.identifier;
  for (int i = 2; taken(p.identifier); ++i) p.identifier = fmt::format("{}_{}", base, i);
  law.parameters.push_back(std::move(p));
}

std::optional<std::string> identifierOf(const PortableLaw& law, const std::string& name) {
  for (const PortableLaw::Parameter& p : law.parameters) {
    if (p.name == name) return p.identifier;
  }
  return std::nullopt;
}

/// What the law's text says once the parts in square brackets are decided upon, and definitions
/// ("d_i = exp(lnd_i)") are taken apart from it.
struct FormulaParts {
  std::string main;
  std::vector<std::pair<std::string, std::string>> definitions;
};

FormulaParts partsOf(std::string_view text, bool tokens) {
  FormulaParts parts;
  std::string plain;
  bool optional = false;
  for (const char c : text) {
    if (c == '[') {
      optional = true;
    } else if (c == ']') {
      optional = false;
    } else if (!optional || tokens) {
      plain += c;
    }
  }
  std::vector<std::size_t> cuts;
  for (std::size_t at = plain.find(" = "); at != std::string::npos;
       at = plain.find(" = ", at + 3)) {
    cuts.push_back(plain.rfind(", ", at));
  }
  parts.main = plain.substr(0, cuts.empty() ? std::string::npos : cuts.front());
  for (std::size_t i = 0; i < cuts.size(); ++i) {
    const std::size_t begin = cuts[i] + 2, end = i + 1 < cuts.size() ? cuts[i + 1] : plain.size();
    const std::size_t equals = plain.find(" = ", begin);
    parts.definitions.emplace_back(plain.substr(begin, equals - begin),
                                   plain.substr(equals + 3, end - equals - 3));
  }
  return parts;
}

/// Writes a law's formula out for one format.
class Binder {
 public:
  Binder(const PortableLaw& law, const JointFit& fit)
      : law_(law), fit_(fit), parts_(partsOf(fit.form->info().formula, fit.context.hasTokens)) {}

  Formula bind(std::size_t index) {
    index_ = index;
    const LawFormat& format = format_();
    // Laws whose penalty depends on k have none for the reference and for 16 bits without blocks.
    const bool everyWidth = fit_.form->info().name == "bivariate";
    const bool penalty = fit_.form->info().name == "effective"
                             ? format.bits < 16 || format.blockSize > 0
                             : format.bits < 16;
    quantized_ = everyWidth || (index > 0 && penalty);
    return resolve(parseFormula(parts_.main), 0);
  }

 private:
  const LawFormat& format_() const { return fit_.context.formats[index_]; }

  Formula resolve(const Formula& formula, int i) {
    if (formula.kind == Formula::Kind::Product) {
      Formula all = Formula::value(1);
      for (int k = 1; k <= fit_.context.breaks; ++k) {
        Formula factor = resolve(formula.parts[0], k);
        if (k == 1) {
          all = std::move(factor);
          continue;
        }
        Formula product;
        product.kind = Formula::Kind::Multiply;
        product.parts = {std::move(all), std::move(factor)};
        all = std::move(product);
      }
      return all;
    }
    if (formula.kind == Formula::Kind::Call && formula.name == "exp" && absent(formula)) {
      return Formula::value(0);
    }
    if (formula.kind == Formula::Kind::Name) return name(formula.name, i);
    Formula result = formula;
    for (Formula& part : result.parts) part = resolve(part, i);
    // Names are bound already; this only takes out zeros and ones.
    return bindFormula(result, [](const std::string&) { return std::nullopt; });
  }

  /// The innermost exponential of k is the penalty.
  bool absent(const Formula& call) const {
    const bool ofWidth = mentions(call, "k") || mentions(call, "lnC_k");
    if (!ofWidth) return false;
    const bool has = quantized_ && (!mentions(call, "lnC_k") ||
                                    identifierOf(law_, fmt::format("lnC_{:g}", format_().bits)));
    return !has && !innerAbsent(call.parts[0]);
  }
  static bool innerAbsent(const Formula& f) {
    if (f.kind == Formula::Kind::Call && f.name == "exp" &&
        (mentions(f, "k") || mentions(f, "lnC_k"))) {
      return true;
    }
    return std::any_of(f.parts.begin(), f.parts.end(), innerAbsent);
  }

  /// A parameter, or 0 when the law has none of that name (the reference's).
  Formula parameter(const std::string& name) const {
    const auto identifier = identifierOf(law_, name);
    return identifier ? Formula::named(*identifier) : Formula::value(0);
  }

  Formula name(const std::string& name, int i) {
    if (isReserved(law_, name)) return Formula::named(name);
    for (const auto& [defined, text] : parts_.definitions) {
      if (defined == name) return resolve(parseFormula(text), i);
    }
    const LawFormat& format = format_();
    const double block = format.blockSize > 0 ? static_cast<double>(format.blockSize) : 65536;
    if (name == "k") return Formula::value(format.bits);
    if (name == "B") return Formula::value(block);
    if (name == "G") return Formula::value(std::max(block, 2.0));
    if (name == "q_f") return Formula::value(index_ > 0 && format.noise > 0 ? format.noise : 0);
    if (name == "gamma_type") return parameter("gamma_" + format.dataType);
    if (name == "lnC_k") return parameter(fmt::format("lnC_{:g}", format.bits));
    const bool shifted = index_ > 0 && (format.bits < 16 || format.blockSize > 0);
    if (name == "r_k" || name == "r_B" || name == "r_type") {
      if (!shifted) return Formula::value(0);
      if (name == "r_k") return parameter(fmt::format("r_{:g}bit", format.bits));
      if (name == "r_type") return parameter("r_" + format.dataType);
      return parameter(format.blockSize > 0 ? fmt::format("r_block{}", format.blockSize)
                                            : std::string("r_tensor"));
    }
    if (name.ends_with("_i")) {
      return parameter(name.substr(0, name.size() - 2) + std::to_string(i));
    }
    if (name.ends_with("_f") || name.ends_with("_k")) {
      return parameter(name.substr(0, name.size() - 1) + format.label);
    }
    return parameter(name);
  }

  const PortableLaw& law_;
  const JointFit& fit_;
  FormulaParts parts_;
  std::size_t index_ = 0;
  bool quantized_ = false;
};

/// The factor to which predictions go outside the data (laws.md: 4, or 2 with few sizes).
double farthestOf(const JointFit& fit) {
  for (const double factor : {4.0, 2.0}) {
    const auto remark = fit.judgePrediction(factor * fit.maxSize);
    if (!remark || !remark->refusal) return factor;
  }
  return 1;
}

std::vector<std::string> notesOf(const JointFit& fit) {
  std::vector<std::string> notes;
  for (const LawRemark& r : fit.remarks) notes.push_back((r.refusal ? "refused: " : "") + r.text);
  return notes;
}

}  // namespace

double PortableLaw::predict(std::size_t format, double at, double tokens) const {
  std::map<std::string, double> values(constants.begin(), constants.end());
  for (const Parameter& p : parameters) values[p.identifier] = p.value;
  values[size] = at;
  values["D"] = tokens;
  const double value = evaluateFormula(formats.at(format).formula, values);
  return ofError ? 1 - value : value;
}

PortableLaw portableLaw(const JointFit& fit, std::string title) {
  if (fit.parameters.empty() || fit.context.formats.empty()) {
    throw Error(ErrorKind::InvalidArgument,
                fmt::format("{} has no law to export: {}", title, joinRemarks(fit.remarks)));
  }
  const LawFormInfo& info = fit.form->info();
  PortableLaw law;
  law.title = std::move(title);
  law.law = fmt::format("{}: {}", info.name, info.title);
  law.formula = info.formula;
  law.source = info.source;
  law.metric = fit.context.metric;
  law.ofError = info.ofError && law.metric == LawMetric::Accuracy;
  law.size = info.needsCrossEntropy ? "L" : info.overTotalBits ? "b" : "N";
  law.sizeMeaning = law.size == "L"                  ? "nats per token"
                    : fit.axis == LawAxis::TotalBits ? "total bits"
                                                     : "parameters";
  law.usesTokens = fit.context.hasTokens && (info.usesTokens || info.needsTokens);
  if (law.size != "L") law.constants.emplace_back(law.size + "0", fit.context.size0);
  if (law.usesTokens) law.constants.emplace_back("D0", fit.context.tokens0);
  const bool chance = std::string_view(info.formula).find("c + ") != std::string_view::npos;
  if (chance) law.constants.emplace_back("c", fit.context.chance);
  for (const FittedParameter& p : fit.parameters) {
    addParameter(law, {p.name, {}, p.unit, p.meaning, p.value, p.se});
  }
  law.covariance = fit.covariance;
  Binder binder(law, fit);
  for (std::size_t f = 0; f < fit.context.formats.size(); ++f) {
    const LawFormat& format = fit.context.formats[f];
    law.formats.push_back({format.label, binder.bind(f), format.bitsPerParameter});
  }
  law.minSize = law.size == "L" ? HUGE_VAL : fit.minSize;
  law.maxSize = law.size == "L" ? 0 : fit.maxSize;
  for (const FittedPoint& p : fit.points) {
    PortableLaw::Point point{p.row.format, p.model, p.size, {}, p.value, p.se};
    point.tokens =
        law.usesTokens ? fit.context.tokens0 * std::exp(p.row.logTokens) : LawPoint::kAbsent;
    if (law.size == "L") {
      point.size = p.row.crossEntropy;
      law.minSize = std::min(law.minSize, point.size);
      law.maxSize = std::max(law.maxSize, point.size);
    }
    law.points.push_back(std::move(point));
  }
  law.farthest = law.size == "L" ? 1 : farthestOf(fit);
  law.notes = notesOf(fit);
  return law;
}

PortableLaw portableLaw(const SeriesLaw& of) {
  const JointFit& fit = of.fit;
  const std::optional<PowerLaw> power = powerLawOf(fit);
  const std::string title = of.series.family + " " + of.series.label;
  if (!power) {
    throw Error(ErrorKind::InvalidArgument,
                fmt::format("{} has no law to export: {}", title, joinRemarks(fit.remarks)));
  }
  PortableLaw law;
  law.title = title;
  law.law = "saturating power law of total bits";
  law.formula = lawFormula(power->metric);
  law.metric = power->metric;
  law.size = "b";
  law.sizeMeaning = "total bits";
  law.constants.emplace_back("b0", power->b0);
  const std::string unit = law.metric == LawMetric::Accuracy ? "share of items" : "nats per token";
  const std::string units[] = {unit, unit, ""};
  const char* meanings[] = {"metric at infinite size", "what is lost at b0", "exponent of size"};
  for (std::size_t i = 0; i < 3; ++i) {
    addParameter(law, {PowerLaw::kNames[i],
                       {},
                       units[i],
                       meanings[i],
                       power->values[i],
                       power->standardErrors[i]});
  }
  law.covariance = power->covariance;
  law.formats.push_back({of.series.label, parseFormula(law.formula), 0});
  for (const FittedPoint& p : fit.points) {
    law.points.push_back({0, p.model, p.totalBits, LawPoint::kAbsent, p.value, p.se});
  }
  law.minSize = fit.minBits;
  law.maxSize = fit.maxBits;
  law.farthest = farthestOf(fit);
  law.notes = notesOf(fit);
  return law;
}

PortableLaw portableLaw(const ChinchillaFit& fit, std::span<const TrainingRun> runs,
                        std::string title) {
  const ChinchillaParameters& p = fit.parameters;
  PortableLaw law;
  law.title = std::move(title);
  law.law = "loss by parameters and training tokens";
  law.formula = "E + A * N^(-alpha) + B * D^(-beta)";
  law.source = "Hoffmann et al. 2022, approach 3";
  law.metric = LawMetric::CrossEntropy;
  law.usesTokens = true;
  addParameter(law, {"E", {}, "nats per token", "loss of infinite size and data", std::exp(p.e)});
  addParameter(law, {"A", {}, "nats per token", "strength of size", std::exp(p.logA())});
  addParameter(law, {"alpha", {}, "", "exponent of parameters", p.alpha});
  addParameter(law, {"B", {}, "nats per token", "strength of data", std::exp(p.logB())});
  addParameter(law, {"beta", {}, "", "exponent of training tokens", p.beta});
  law.formats.push_back({"training", parseFormula(law.formula), 0});
  law.minSize = HUGE_VAL;
  for (const TrainingRun& run : runs) {
    law.points.push_back({0, "", run.parameters, run.tokens, run.loss, LawPoint::kAbsent});
    law.minSize = std::min(law.minSize, run.parameters);
    law.maxSize = std::max(law.maxSize, run.parameters);
  }
  law.farthest = 4;
  return law;
}

std::vector<std::string> formulaStatements(const PortableLaw& law) {
  const FormulaParts parts = partsOf(law.formula, law.usesTokens);
  std::vector<std::string> all{parts.main};
  for (const auto& [name, text] : parts.definitions) all.push_back(name + " = " + text);
  return all;
}

void addExpressions(const PortableLaw& law, nlohmann::json& json) {
  json["size_name"] = law.size;
  json["size_meaning"] = law.sizeMeaning;
  json["constants"] = nlohmann::json::object();
  for (const auto& [name, value] : law.constants) json["constants"][name] = value;
  json["farthest_extrapolation"] = law.farthest;
  nlohmann::json identifiers = nlohmann::json::array(), expressions = nlohmann::json::object();
  for (const PortableLaw::Parameter& p : law.parameters) identifiers.push_back(p.identifier);
  for (const PortableLaw::Format& f : law.formats) {
    expressions[f.label] = formulaText(f.formula, FormulaStyle::Plain);
  }
  json["identifiers"] = std::move(identifiers);
  json["expressions"] = std::move(expressions);
}

std::string toCsv(std::span<const PortableLaw> laws) {
  std::string csv = "title,law,metric,formula,parameter,value,se,unit,meaning\n";
  for (const PortableLaw& law : laws) {
    const std::string head = csvField(law.title) + ',' + csvField(law.law) + ',' +
                             std::string(lawMetricName(law.metric)) + ',' + csvField(law.formula);
    for (const auto& [name, value] : law.constants) {
      csv += head + ',' + name + ',' + exactNumber(value) + ",,," + "constant\n";
    }
    for (const PortableLaw::Parameter& p : law.parameters) {
      csv += head + ',' + csvField(p.name) + ',' + exactNumber(p.value) + ',' + exactNumber(p.se) +
             ',' + csvField(p.unit) + ',' + csvField(p.meaning) + '\n';
    }
  }
  return csv;
}

}  // namespace bitfrontier
